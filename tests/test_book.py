"""The site: what its pages are made of, and what a reader without a network sees of it."""

import http.server
import json
import re
import threading
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.accessibility import find_serious
from tests.test_notebooks import pictures
from tools.publish import book, site_page
from tools.publish.notebooks import BAR, CLOSE_BEFORE_NEXT, NOTEBOOKS, ROOT, RUN_ME, text

of_the_book = pytest.mark.book
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
NOTEBOOK = "notebooks/12_beyond_two_dimensions.html"  # has some of everything
SAMPLES = [
    "index.html",
    NOTEBOOK,
    "notebooks/02_loss_function.html",
    "docs/glossary.html",
    "docs/teaching.html",
]
PATIENCE = 120_000  # milliseconds, on a machine that has other work
SIZES = {"desktop": (1366, 900), "phone": (390, 844)}
INSIDE = {"docs/glossary.md", "notebooks/01_data_preparation.ipynb", "index.md"}


def mend(words, name="docs/teaching.md", owner_name=""):
    return book.mend(words, name, INSIDE, owner_name)


def code_cell(*outputs, tags=(), hidden=False):
    metadata = {"tags": list(tags)} | ({"jupyter": {"source_hidden": True}} if hidden else {})
    return {
        "cell_type": "code",
        "id": "a",
        "metadata": metadata,
        "source": "x = 1",
        "outputs": list(outputs),
        "execution_count": 1,
    }


def words_output(words):
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": words}}


# what the pages are made of


def test_links_inside_the_book_stay():
    words = "[a](glossary.md#nat), [b](../notebooks/01_data_preparation.ipynb), [c](#here)"
    assert mend(words) == words
    assert mend("[d](https://arxiv.org)") == "[d](https://arxiv.org)"


def test_links_out_of_the_book_are_words_until_there_is_an_address():
    assert mend("see [the licence](../LICENSE).") == "see the licence."
    mended = mend("see [the licence](../LICENSE).", owner_name="ada/vae")
    assert mended == "see [the licence](https://github.com/ada/vae/blob/HEAD/LICENSE)."


def test_a_link_to_nothing_stays_so_that_sphinx_complains():
    assert mend("[x](../NOTHING.md)") == "[x](../NOTHING.md)"


def test_links_to_the_readme_lead_to_the_first_page():
    assert mend("[x](../README.md)") == "[x](../index.md)"


def test_what_stands_in_details_is_read_as_markdown():
    mended = mend("<details><summary>Hint</summary>Compute $x$.</details>")
    assert mended == "<details><summary>Hint</summary>\n\nCompute $x$.\n\n</details>"


def test_a_section_that_the_readme_no_longer_has_is_missed():
    assert book.take_section("# A\n\n## B\n\nb\n\n## C\n\nc\n", "B") == "b\n\n"
    with pytest.raises(ValueError, match="'D'"):
        book.take_section("# A\n\n## B\n\nb\n", "D")


def test_what_only_a_kernel_needs_and_the_links_to_neighbours_are_left_out():
    title = "# 01\n\n[← 00](00_start_here.ipynb) · [02 →](02_loss_function.ipynb)\n\n*An hour.*"
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": title},
        code_cell(tags=["colab"]),
        code_cell(),
        {"cell_type": "markdown", "metadata": {}, "source": f"End.\n\n{CLOSE_BEFORE_NEXT}\n\n"},
    ]
    left = book.mend_cells(cells, "notebooks/01_data_preparation.ipynb", INSIDE, "")
    assert [text(cell).strip() for cell in left] == ["# 01\n\n*An hour.*", "x = 1", "End."]


def test_hidden_code_is_collapsed_and_shown_code_is_not():
    hidden, shown = code_cell(hidden=True, tags=["define"]), code_cell()
    book.mend_code(hidden)
    book.mend_code(shown)
    assert hidden["metadata"]["tags"] == ["define", "hide-input"]
    assert shown["metadata"]["tags"] == []


def test_a_picture_stands_for_a_widget_and_nothing_for_a_bar():
    cell = code_cell(words_output(f"[Walk: {RUN_ME}]"), words_output(BAR), words_output("88.2%"))
    (picture,) = book.mend_code(cell)
    assert "walk_between_two_digits.png" in text(picture) and ":alt: " in text(picture)
    assert [output["data"]["text/plain"] for output in cell["outputs"]] == ["88.2%"]


def test_a_picture_that_is_stored_with_a_widget_is_kept():
    stored = words_output(f"[Walk: {RUN_ME}]")
    stored["data"]["image/png"] = "iVBORw0K"
    stored["metadata"] = {"image/png": {"alt": "A line."}}
    cell = code_cell(stored)
    (note,) = book.mend_code(cell)
    assert cell["outputs"] == [stored] and cell["metadata"]["mystnb"]["image"]["alt"] == "A line."
    assert "A picture of the widget" in text(note) and ".png" not in text(note)


def test_every_widget_of_the_series_has_a_picture():
    stored = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS)
    names = set(re.findall(rf"\[(\w+): {RUN_ME}\]", stored))
    assert names and names <= set(book.PICTURES)
    assert all((ROOT / "docs" / f"{name}.png").is_file() for name, _ in book.PICTURES.values())


# the pages as files


@pytest.fixture(scope="module")
def pages(built_book):
    """Every page of the book, parsed, by its path in the site; not the stand-in of the one page."""
    found = {}
    for path in sorted(built_book.rglob("*.html")):
        name = path.relative_to(built_book).as_posix()
        if name != book.PAGE and not name.startswith("_static"):
            found[name] = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    return found


def article(page):
    return page.select_one("article.bd-article")


def find_target(site: Path, name: str, link: str) -> tuple[Path, str]:
    """The file and the anchor in it that a link of a page leads to."""
    path, anchor = urlsplit(link).path, urlsplit(link).fragment
    target = (site / name).parent / unquote(path) if path else site / name
    return target.resolve(), unquote(anchor)


@of_the_book
def test_every_link_leads_to_a_page_and_to_a_place_on_it(built_book, pages):
    lost, count = [], 0
    places = {
        (built_book / name).resolve(): {mark["id"] for mark in page.select("[id]")}
        for name, page in pages.items()
    }
    for name, page in pages.items():
        for link in {anchor["href"] for anchor in page.select("a[href]")}:
            if urlsplit(link).scheme or link == "#":
                continue
            count += 1
            target, anchor = find_target(built_book, name, link)
            if not target.is_file() or (anchor and anchor not in places.get(target, ())):
                lost.append(f"{name}: {link}")
    assert count > 1000 and lost == []


@of_the_book
def test_the_page_without_a_kernel_leads_back_into_the_book(built_book, digits):
    widgets = site_page.make_widgets(digits)
    alone, inside = (site_page.fill(widgets, digits, is_in_book) for is_in_book in (False, True))
    assert 'href="' not in re.sub(r'<link rel="icon" href="data:[^>]*>', "", alone)
    links = re.findall(r'<a href="([^"]*)"', inside)
    assert len(links) == 3 and links[0] == "index.html"
    assert all((built_book / link).is_file() for link in links)
    assert all("notebook 05 trains" in re.sub("<[^>]*>", "", page) for page in (alone, inside))


@of_the_book
def test_no_page_asks_for_anything_outside_the_book(built_book, pages):
    asked = []
    for name, page in pages.items():
        for tag in page.select("[src], link[href]"):
            address = tag.get("src") or tag["href"]
            if urlsplit(address).netloc:
                asked.append(f"{name}: {address}")
    for sheet in (built_book / "_static").rglob("*.css"):
        found = re.findall(
            r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)'\"]*", sheet.read_text("utf-8")
        )
        asked += [f"{sheet.name}: {address}" for address in found]
    assert asked == []


@of_the_book
def test_without_an_address_nothing_leads_to_binder_colab_or_the_repository(pages):
    links = {anchor["href"] for page in pages.values() for anchor in page.select("header a[href]")}
    assert not [link for link in links if re.search(r"mybinder|colab|github", link)]


@of_the_book
def test_with_an_address_a_notebook_opens_on_binder_and_colab(tmp_path, monkeypatch, built_book):
    name = NOTEBOOKS[0].name
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Title"}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    index = f"# Index\n\n```{{toctree}}\nnotebooks/{NOTEBOOKS[0].stem}\n```\n"
    pages = {"index.md": index, f"notebooks/{name}": json.dumps(notebook), "docs/a.md": "# A"}
    pages["index.md"] += "\n```{toctree}\ndocs/a\n```\n"
    monkeypatch.setattr(book, "write_pages", lambda owner_name: pages)
    book.build(tmp_path / "site", tmp_path / "work", "ada/vae")
    written = (tmp_path / "site" / "notebooks" / f"{NOTEBOOKS[0].stem}.html").read_text("utf-8")
    links = BeautifulSoup(written, "html.parser").select("header a[href], .header-article-item a")
    found = {link["href"] for link in links}
    assert f"https://mybinder.org/v2/gh/ada/vae/HEAD?urlpath=lab/tree/notebooks/{name}" in found
    assert f"https://colab.research.google.com/github/ada/vae/blob/HEAD/notebooks/{name}" in found
    assert "https://github.com/ada/vae" in found


@of_the_book
@each
def test_a_notebook_leads_to_its_neighbours(path, pages):
    page = pages[f"notebooks/{path.stem}.html"]
    place = NOTEBOOKS.index(path)
    if place > 0:
        assert page.select_one("a.left-prev")["href"] == f"{NOTEBOOKS[place - 1].stem}.html"
    if place + 1 < len(NOTEBOOKS):
        assert page.select_one("a.right-next")["href"] == f"{NOTEBOOKS[place + 1].stem}.html"


@of_the_book
@each
def test_headings_start_with_the_title_and_skip_no_level(path, pages):
    headings = article(pages[f"notebooks/{path.stem}.html"]).find_all(re.compile(r"^h[1-6]$"))
    levels = [int(heading.name[1]) for heading in headings]
    assert levels.count(1) == 1 and levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


@of_the_book
@each
def test_the_book_keeps_the_alternative_texts(path, pages):
    shown = article(pages[f"notebooks/{path.stem}.html"]).select("img")
    alts = {" ".join(image.get("alt", "").split()) for image in shown}
    stored = {" ".join(about["alt"].split()) for about, _ in pictures(path.name)}
    assert stored <= alts and "" not in alts


@of_the_book
def test_each_caption_stands_below_its_figure(pages):
    captions = 0
    for page in pages.values():
        for caption in page.select("p.caption-below"):
            captions += 1
            before = caption.find_previous_sibling()
            assert before.select_one("img"), caption.get_text()[:60]
    assert captions == len(book.find_numbered()) - len(NOTEBOOKS) > 100


@of_the_book
def test_numbers_of_figures_and_notebooks_lead_there(pages):
    guide = pages["docs/teaching.html"]
    link = guide.find("a", string="2.1")
    assert link["href"] == "../notebooks/02_loss_function.html#figure-2-1"
    target = pages["notebooks/02_loss_function.html"].select_one("#figure-2-1")
    assert target.get_text().startswith("Figure 2.1.")
    link = pages["docs/glossary.html"].find("a", string="Notebook 05")
    assert link["href"] == "../notebooks/05_training.html"
    for page in pages.values():  # code is as it was written, and a caption does not lead to itself
        assert not page.select("pre a.numbered-link, code a.numbered-link")
        assert not page.select("p.caption-below > strong:first-child a")


@of_the_book
def test_no_formula_and_no_markdown_is_left_unread(pages):
    left = []
    for name, page in pages.items():
        if name == "search.html":  # has no article
            continue
        for words in article(page).find_all(string=re.compile(r"\$|\]\(|\*\*|<summary>")):
            if not words.find_parent(["pre", "code", "script"]) and "math" not in (
                words.parent.get("class") or ()
            ):
                left.append(f"{name}: {words.strip()[:80]}")
    assert left == []


# the pages in a browser


@pytest.fixture(scope="module")
def address(built_book):
    """Where the book is served, on loopback."""
    handler = partial(QuietHandler, directory=str(built_book))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


class Reader:
    """A browser's page on the book: nothing but the book can be reached, and faults are noted."""

    def __init__(self, chromium, address, scheme="light", size="desktop"):
        width, height = SIZES[size]
        self.context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.address, self.faults = address, []
        self.context.route("**/*", self._only_the_book)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on(
            "console", lambda line: self.faults.append(line.text) if line.type == "error" else None
        )

    def _only_the_book(self, route):
        if route.request.url.startswith((self.address, "data:")):
            route.continue_()
        else:
            self.faults.append(f"asked for {route.request.url}")
            route.abort()

    def open(self, name):
        self.page.goto(f"{self.address}/{name}")
        self.page.wait_for_function("!window.MathJax || window.MathJax.startup?.promise")
        self.page.evaluate("window.MathJax?.startup.promise")
        return self.page


@pytest.fixture
def reader(chromium, address):
    opened = Reader(chromium, address)
    yield opened
    opened.context.close()
    assert opened.faults == []


@of_the_book
@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("size", SIZES)
def test_pages_ask_for_nothing_outside_and_nothing_sticks_out(chromium, address, name, size):
    opened = Reader(chromium, address, size=size)
    page = opened.open(name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".bd-article img")]
          .filter((image) => image.clientWidth > image.closest(".bd-article").clientWidth)
          .map((image) => image.alt)"""
    )
    assert wide == []
    opened.context.close()
    assert opened.faults == []


@of_the_book
def test_formulas_stand_in_text_tables_and_solutions(reader):
    for name, place in (("docs/glossary.html", "table"), (NOTEBOOK, "details:not(.hide)")):
        page = reader.open(name)
        set_here = page.locator(f".bd-article {place} .math mjx-container").count()
        assert set_here == page.locator(f".bd-article {place} .math").count() > 0
        every = page.locator(".bd-article .math").count()
        assert page.locator(".bd-article .math > mjx-container").count() == every > 0


@of_the_book
def test_mathjax_understands_every_formula(pages, reader):
    written = {tag.get_text()[2:-2] for page in pages.values() for tag in page.select(".math")}
    page = reader.open("docs/glossary.html")
    wrong = page.evaluate(
        """(written) => written.filter(
          // what it does not know, such as a mistyped command, it sets in red
          (formula) => MathJax.tex2svg(formula).querySelector("[data-mml-node=merror], [fill=red]")
        )""",
        sorted(written),
    )
    assert len(written) > 500 and wrong == []


@of_the_book
def test_hidden_code_and_solutions_open_on_a_click(reader):
    page = reader.open(NOTEBOOK)
    for place in ("details.hide", "details:not(.hide)"):
        details = page.locator(f".bd-article {place}").first
        inside = details.locator("> :not(summary)").first
        assert not inside.is_visible()
        details.locator("summary").first.click()
        assert inside.is_visible()


@of_the_book
def test_the_search_finds_a_term_and_shows_where(reader):
    page = reader.open("index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("reparameterisation")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=reparameterisation*")
    results = page.locator("#search-results ul.search > li")
    results.first.wait_for()
    page.wait_for_function("document.querySelectorAll('#search-results .context').length > 2")
    found = " ".join(results.all_inner_texts())
    assert "The loss function" in found and "The encoder" in found and "Glossary" in found


@of_the_book
def test_the_theme_follows_the_system_and_the_switch_and_is_remembered(chromium, address):
    ground = "getComputedStyle(document.body).backgroundColor"
    opened = Reader(chromium, address, scheme="dark")
    page = opened.open("index.html")
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Light", exact=True).click()
    light = page.evaluate(ground)
    opened.open("docs/glossary.html")
    assert page.evaluate(ground) == light != dark
    opened.context.close()
    assert opened.faults == []


@of_the_book
@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(("scheme", "size"), [("light", "phone"), ("dark", "desktop")])
def test_axe_finds_nothing_serious_in_the_book(chromium, address, name, scheme, size):
    opened = Reader(chromium, address, scheme, size)
    assert find_serious(opened.open(name)) == []
    opened.context.close()


@of_the_book
def test_the_book_opens_from_disk(chromium, built_book):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto((built_book / NOTEBOOK).as_uri())
    page.wait_for_selector(".math mjx-container")
    context.close()
