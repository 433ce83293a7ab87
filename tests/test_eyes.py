"""Other eyes: the page with two sets of fonts, zoomed, right to left, printed.

The fixture ``eyes`` is in conftest.py, because the slides are seen by it, too.
"""

import pytest

from tests.opened_page import Page
from tools import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(browser.find_chromium() is None, reason=browser.MISSING),
]
ZOOMS = {100: 1280, 200: 640, 400: 320}  # per cent, and what is left of 1,280 pixels
PAPER = (794, 1123)  # A4
STICKS_OUT = "document.documentElement.scrollWidth > innerWidth"


def width_of_a_line(eyes):
    page = eyes.new_page()
    page.set_content("<span style='font: 20px sans-serif'>What is a latent variable?</span>")
    width = page.locator("span").evaluate("(span) => span.getBoundingClientRect().width")
    page.close()
    return width


def test_the_two_sets_of_fonts_differ(eyes, request):
    widths = request.session.__dict__.setdefault("widths_of_a_line", [])
    widths.append(width_of_a_line(eyes))
    assert len(widths) == len(set(map(round, widths)))


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("zoom", ZOOMS)
def test_nothing_sticks_out_of_the_page(eyes, site, zoom, direction):
    scale = zoom / 100
    page = Page(eyes, site, (ZOOMS[zoom], round(900 / scale)), device_scale_factor=scale)
    page.page.evaluate("(direction) => { document.dir = direction; }", direction)
    assert not page.page.evaluate(STICKS_OUT)
    page.context.close()
    assert page.faults == []


def test_the_page_can_be_printed(eyes, site):
    page = Page(eyes, site, PAPER)
    page.page.emulate_media(media="print")
    assert not page.page.evaluate(STICKS_OUT)
    assert page.page.pdf(format="A4").startswith(b"%PDF")
    page.context.close()
