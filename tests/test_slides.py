"""Slides: what the tags choose, and that in a real Chromium, with no network, every slide fits."""

import base64
import io
import itertools
import json

import nbformat
import pytest
from PIL import Image

from tests.accessibility import find_serious
from tools import browser
from tools.publish import notebooks, slides
from tools.publish.exercises import find_exercises, has_tag

SERIES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in notebooks.NOTEBOOKS}
IDS = itertools.count()
each = pytest.mark.parametrize("name", SERIES)
SEEN_BY_OTHER_EYES = ["02_loss_function", "06_results"]  # most slides, widest tables
pytestmark = pytest.mark.slides
in_browser = pytest.mark.skipif(
    not (browser.find_chromium() and slides.MODULES.is_dir()),
    reason="Slides need a Chromium, and the scripts that make slides fetches with npm.",
)


def cell(source, *tags, kind="markdown", outputs=()):
    made = {
        "cell_type": kind,
        "id": f"x{next(IDS)}",
        "metadata": {"tags": list(tags)},
        "source": source,
    }
    if kind == "code":
        made |= {"outputs": list(outputs), "execution_count": 1}
    return made


def shown(kind, data, alt):
    return {"output_type": "display_data", "data": {kind: data}, "metadata": {kind: {"alt": alt}}}


def figure():
    buffer = io.BytesIO()
    Image.new("L", (550, 262)).save(buffer, "PNG")
    return shown("image/png", base64.b64encode(buffer.getvalue()).decode(), "A line, rising.")


def notebook(*cells):
    made = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict(made)


def sections(*cells):
    """The HTML of each slide."""
    page = slides.export(notebook(*cells))
    return [part.partition("</section>")[0] for part in page.split("<section>")[1:]]


def test_tags_choose_what_is_shown():
    found = sections(
        cell("# Title", "slide"),
        cell("left out"),
        cell("more", "fragment"),
        cell("left out"),
        cell("two", "slide"),
    )
    first, second = found
    assert "Title" in first and "more" in first and "two" in second
    assert 'class="fragment"' in first and 'class="fragment"' not in second
    assert "left out" not in first + second


def test_code_is_shown_only_where_it_is_tagged_and_results_always():
    printed = ({"output_type": "stream", "name": "stdout", "text": "136.2 nats\n"},)
    (hidden,) = sections(cell("print(x)", "slide", kind="code", outputs=printed))
    (both,) = sections(cell("print(x)", "slide", "slide-code", kind="code", outputs=printed))
    assert "136.2 nats" in hidden and "print(x)" not in hidden
    assert both.index("print(x)") < both.index("136.2 nats")


@pytest.mark.parametrize(
    "output", [figure(), shown("image/svg+xml", "<svg></svg>", "A line, rising.")]
)
def test_a_figure_has_its_alternative_text_and_its_caption_appears_with_it(output):
    caption = cell("**Figure 1.1.** A line.", "fragment")
    (section,) = sections(cell("plot()", "slide", kind="code", outputs=[output]), caption)
    assert 'alt="A line, rising."' in section and 'class="caption"' in section
    assert 'class="fragment"' not in section


def test_hints_links_to_binder_and_ways_to_other_notebooks_are_left_out():
    words = "# T\n\n[Open in Binder](https://a)\n\n[← 00](00_a.ipynb) · [02 →](02_b.ipynb)"
    words += "\n\n<details>secret</details>\n\nText on [08](08_b.ipynb)"
    (section,) = sections(cell(words, "slide"))
    assert "Text on 08" in section
    for word in ("secret", "Binder", "00", "·", "href"):
        assert word not in section


def test_what_stands_for_a_widget_is_left_out():
    text = {"text/plain": f"[a pad: {notebooks.RUN_ME}]"}
    output = {"output_type": "display_data", "data": text, "metadata": {}}
    (section,) = sections(cell("pad", "slide", kind="code", outputs=[output]))
    assert notebooks.RUN_ME not in section


def test_a_fragment_with_no_slide_before_it_is_refused():
    with pytest.raises(ValueError, match="none is before 'lost': tag it slide"):
        sections(cell("lost", "fragment"))


@each
def test_no_slide_shows_a_solution_or_nothing(name):
    checks = [exercise.check["id"] for exercise in find_exercises(SERIES[name])]
    for part in slides.make_deck(SERIES[name])["cells"]:
        assert not has_tag(part, "solution")
        assert part["id"] not in checks
        assert part["cell_type"] == "markdown" or has_tag(part, "slide-code") or part["outputs"]


@each
def test_code_is_tagged_only_where_a_slide_shows_it(name):
    for part in SERIES[name]["cells"]:
        on_slide = has_tag(part, "slide") or has_tag(part, "fragment")
        if has_tag(part, "slide-code"):
            assert on_slide and part["cell_type"] == "code"
        assert not (has_tag(part, "slide") and has_tag(part, "fragment"))


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    series = {path.stem: nbformat.read(path, as_version=4) for path in notebooks.NOTEBOOKS}
    slides.write_decks(folder, series)
    return folder


def is_remote(address):
    return not address.startswith(("file:", "data:", "blob:"))


@pytest.fixture
def page(chromium):
    """A page with the network cut; nothing may go wrong in it, or be asked for."""
    context = chromium.new_context(offline=True)
    page, faults = context.new_page(), []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("request", lambda asked: faults.append(asked.url) if is_remote(asked.url) else None)
    yield page
    context.close()
    assert faults == []


@in_browser
@each
def test_every_slide_fits(page, decks, name):
    slides.open_deck(page, decks / f"{name}.html")
    assert slides.find_overflow(page) == []


@in_browser
@pytest.mark.parametrize("name", SEEN_BY_OTHER_EYES)
def test_every_slide_fits_with_other_fonts(eyes, decks, name):
    page = eyes.new_page()
    slides.open_deck(page, decks / f"{name}.html")
    assert slides.find_overflow(page) == []
    page.close()


@in_browser
def test_a_slide_that_holds_too_much_is_named(page, tmp_path):
    words = "\n\n".join(["word " * 60] * 6)
    lines = cell("\n".join(["x = 1"] * 40), "slide", "slide-code", kind="code")
    deck = notebook(cell(f"# Title\n\n{words}", "slide"), cell("fits", "slide"), lines)
    (path,) = slides.write_decks(tmp_path / "slides", {"too_much": deck})
    slides.open_deck(page, path)
    found = slides.find_overflow(page)
    assert [line.partition(" (")[0] for line in found] == ["slide 1", "slide 3"]


@in_browser
def test_formulas_are_set_and_keys_uncover_fragments_and_turn_pages(page, tmp_path):
    deck = notebook(
        cell("# Title", "slide"), cell(r"$\sigma^2$", "fragment"), cell("## Next", "slide")
    )
    (path,) = slides.write_decks(tmp_path / "slides", {"deck": deck})
    slides.open_deck(page, path)
    assert page.locator("mjx-container svg").count() == 1
    assert not page.get_by_text("$").count()
    seen = []
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        visible = page.locator(".fragment.visible").count()
        seen.append((page.evaluate("Reveal.getIndices().h"), visible))
    assert seen == [(0, 1), (1, 1)]


@in_browser
@pytest.mark.parametrize("name", list(SERIES)[:3])
def test_axe_finds_nothing_serious(page, decks, name):
    slides.open_deck(page, decks / f"{name}.html")
    assert find_serious(page) == []
