"""What is published: headings in order, links that lead to pages, and what axe says of them."""

import html
import re
from itertools import pairwise

import pytest

from tests.accessibility import find_serious
from tests.test_notebooks import pictures
from tools.publish import pages
from tools.publish.notebooks import NOTEBOOKS

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
PHONE = {"width": 390, "height": 844}  # where more has to scroll than on a screen


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    pages.main(folder)
    return folder


def read(published, path):
    return (published / f"{path.stem}.html").read_text(encoding="utf-8")


@each
def test_headings_start_with_the_title_and_skip_no_level(path, published):
    page = read(published, path)
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


@each
def test_neighbours_in_the_pages_are_pages(path, published):
    page = read(published, path)
    linked = {html.unescape(link) for link in re.findall(r'href="([^":#]+)"', page)}
    assert linked and all((published / link).is_file() for link in linked), linked


@each
def test_the_page_keeps_the_alternative_texts(path, published):
    page = read(published, path)
    found = re.findall(r'<img[^>]*?alt="([^"]*)', page)
    alts = {" ".join(html.unescape(alt).split()) for alt in found}
    stored = {" ".join(about["alt"].split()) for about, _ in pictures(path.name)}
    assert stored <= alts | {""}
    assert "No description" not in page


@each
def test_axe_finds_nothing_serious_in_the_page(path, published, chromium):
    context = chromium.new_context(offline=True, viewport=PHONE)
    opened = context.new_page()
    opened.goto((published / f"{path.stem}.html").as_uri(), wait_until="domcontentloaded")
    assert find_serious(opened) == []
    context.close()
