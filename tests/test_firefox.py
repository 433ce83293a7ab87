"""The page that needs no kernel in Firefox: it opens, fits at every zoom, and is worked by keys."""

import pytest

from tests.firefox import find_firefox, open_firefox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not find_firefox(), reason="No Firefox here: VAE_LIB_FIREFOX names one."),
]
RIGHT = "\ue014"  # the key, in WebDriver's alphabet
ZOOMS = {100: 1280, 200: 640, 400: 320}  # per cent, and what is left of 1,280 pixels


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    with open_firefox(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(params=ZOOMS)
def page(firefox, site, request):
    firefox.faults.clear()
    firefox.show(site, ZOOMS[request.param])
    firefox.wait("document.body.dataset.ready !== undefined")
    yield firefox
    assert firefox.faults == []


def test_nothing_sticks_out_at_any_zoom(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_keys_move_the_point(page):
    x = "vaePage.stores.LatentPad.get('z')[0]"
    page.evaluate("document.querySelector('[data-widget=LatentPad] [tabindex=\"0\"]').focus()")
    before = page.evaluate(x)
    page.press(RIGHT)
    assert page.evaluate(x) > before


def test_the_live_training_takes_a_step(page):
    page.wait("document.querySelector('#live-training [data-action=play]:enabled') !== null")
    images = "document.querySelector('#live-training').innerText"
    before = page.evaluate(images)
    page.evaluate("document.querySelector('#live-training [data-action=step]').click()")
    page.wait(f"{images} !== {before!r}")
