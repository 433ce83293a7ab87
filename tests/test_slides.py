"""Slides: what goes on them, and that in a real Chromium, with the network cut, a back row can read them.

The layout is tried with every cell of every notebook on a slide, so that it holds for any choice of tags.
"""

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from tools import browser
from tools.publish import notebooks
from tools.publish import slides as tool

ROOT = Path(__file__).resolve().parents[1]

NAMES = [path.stem for path in notebooks.NOTEBOOKS]
in_browser = pytest.mark.skipif(
    not (browser.find_chromium() and tool.MODULES.is_dir()),
    reason="Slides are tried in a Chromium, and with the scripts that make slides fetches with npm: one is not here.",
)
MEASURE = """() => [...document.querySelectorAll(".slides > section")].map((section, number) => {
  Reveal.slide(number, 0, 99);
  const seen = [...section.querySelectorAll("*")].filter((e) => !e.closest("mjx-assistive-mml"));
  const boxes = seen.map((e) => e.getBoundingClientRect()).filter((box) => box.width);
  const words = document.createTreeWalker(section, NodeFilter.SHOW_TEXT), sizes = [];
  while (words.nextNode()) {
    const parent = words.currentNode.parentElement;
    if (words.currentNode.data.trim() && !parent.closest("mjx-container"))
      sizes.push(parseFloat(getComputedStyle(parent).fontSize));
  }
  const figures = [...section.querySelectorAll("img")].map((img) => {
    const box = img.getBoundingClientRect();
    const scale = Math.min(box.width / img.naturalWidth, box.height / img.naturalHeight);
    return { alt: img.alt, width: scale * img.naturalWidth, height: scale * img.naturalHeight };
  });
  return {
    left: Math.min(...boxes.map((b) => b.left)), right: Math.max(...boxes.map((b) => b.right)),
    top: Math.min(...boxes.map((b) => b.top)), bottom: Math.max(...boxes.map((b) => b.bottom)),
    cut: [...section.querySelectorAll("pre, p, ul")].some((e) => e.scrollWidth > e.clientWidth + 1),
    smallest: Math.min(...sizes), figures, formulas: section.querySelectorAll("mjx-container svg").length,
    raw: /\\$/.test([...section.querySelectorAll("p, li")].map((e) => e.innerText).join("")),
  };
})"""


def cell(source: str, *tags: str, kind: str = "markdown", outputs: tuple = ()) -> dict:
    extra = {"outputs": list(outputs), "execution_count": 1} if kind == "code" else {}
    return {
        "cell_type": kind,
        "id": "x",
        "metadata": {"tags": list(tags)},
        "source": source,
        **extra,
    }


def figure(caption: str = "Figure 1. A line.", size: tuple[int, int] = (550, 262)) -> list[dict]:
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, "PNG")
    picture = {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": "<Figure>"}
    shown = {
        "output_type": "display_data",
        "data": picture,
        "metadata": {"image/png": {"alt": "A line, rising."}},
    }
    return [
        shown,
        {"output_type": "display_data", "data": {"text/markdown": f"*{caption}*"}, "metadata": {}},
    ]


def bodies(*cells: dict) -> list[str]:
    return [
        "\n".join(block.body for block in slide)
        for slide in tool.make_slides({"cells": list(cells)})
    ]


def test_tags_choose_what_is_shown():
    slides = bodies(
        cell("# Title", "slide"),
        cell("left out"),
        cell("more", "fragment"),
        cell("left out"),
        cell("two", "slide"),
    )
    assert [("Title" in s, "more" in s, "two" in s) for s in slides] == [
        (True, True, False),
        (False, False, True),
    ]
    assert "left out" not in "".join(slides)


def test_fragments_appear_at_the_next_key_but_for_the_first_block_of_a_slide():
    made = tool.make_slides(
        {"cells": [cell("# Title", "slide"), cell("more", "fragment"), cell("last", "fragment")]}
    )
    assert [block.fragment for block in made[0]] == [False, True, True]
    assert tool.to_html("A deck", made).count('<p class="fragment ') == 2


def test_code_is_shown_only_where_it_is_tagged_and_results_always():
    printed = ({"output_type": "stream", "name": "stdout", "text": "136.2 nats\n"},)
    hidden, shown = (
        bodies(cell("print(x)", "slide", *more, kind="code", outputs=printed))
        for more in ((), ("slide-code",))
    )
    assert "136.2 nats" in hidden[0] and "print(x)" not in hidden[0]
    assert shown[0].index("print(x)") < shown[0].index("136.2 nats")


def test_a_figure_has_its_caption_and_alternative_text():
    (slide,) = bodies(
        cell("plot()", "slide", kind="code", outputs=figure("Figure 1. Less < more."))
    )
    assert (
        'alt="A line, rising."' in slide
        and "<figcaption>Figure 1. Less &lt; more.</figcaption></figure>" in slide
    )


def test_what_is_too_much_goes_on_on_the_next_slide():
    words = "\n\n".join(["word " * 60] * 6)
    assert len(bodies(cell(f"# Title\n\n{words}", "slide"))) > 1
    assert len(bodies(cell("plot()", "slide", kind="code", outputs=figure() + figure()))) == 2
    assert len(bodies(cell("\n".join(["x = 1"] * 40), "slide", "slide-code", kind="code"))) == 2


def test_a_heading_starts_a_slide_and_what_stands_before_it_goes_with_the_cell_before():
    both = cell("The reading.\n\n## Next\n\nNew.", "slide")
    slides = bodies(cell("# Title", "slide"), both)
    assert (
        "Title" in slides[0]
        and "reading" in slides[0]
        and "Next" in slides[1]
        and "New." in slides[1]
    )
    slides = bodies(cell("# Title", "slide"), cell("not shown"), both)
    assert ["reading" in slide for slide in slides] == [False, True, False]


def test_hints_badges_and_ways_to_other_notebooks_are_left_out():
    words = "# T\n\n[![Open](https://a/b.svg)](https://a) · [← 00](00_a.ipynb) · [02 →](02_b.ipynb)"
    words += "\n\n<details>secret</details>\n\nText on [08](08_b.ipynb)"
    (slide,) = bodies(cell(words, "slide"))
    assert "Text on 08" in slide and not any(
        word in slide for word in ("secret", "img", "00", "·", "href")
    )


def test_a_fragment_with_no_slide_before_it_is_refused():
    with pytest.raises(ValueError, match="none is before 'lost': tag it slide"):
        bodies(cell("lost", "fragment"))


def test_a_series_without_tags_is_refused(tmp_path):
    if not tool.MODULES.is_dir():
        pytest.skip("The slides' scripts are not here: make slides fetches them with npm.")
    with pytest.raises(SystemExit, match="No cell is tagged slide"):
        tool.main(tmp_path / "slides", {"00": {"cells": [cell("# Title")]}})


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """A deck a notebook, with every cell and all code."""
    series = {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in notebooks.NOTEBOOKS
    }
    for notebook in series.values():
        for number, each in enumerate(notebook["cells"]):
            start = number == 0 or any(
                line.startswith("#") for line in tool.text(each).splitlines()
            )
            each["metadata"]["tags"] = ["slide" if start else "fragment", "slide-code"]
    folder = tmp_path_factory.mktemp("slides")
    tool.main(folder, series)
    return folder


@pytest.fixture
def show(chromium, decks):
    """Open a deck on a stage of 1280 by 720 with the network cut; nothing may go wrong or be asked for."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page, faults = context.new_page(), []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on(
        "request",
        lambda request: faults.append(request.url) if request.url.startswith("http") else None,
    )

    def open_deck(name):
        page.goto((decks / f"{name}.html").as_uri())
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_deck
    context.close()
    assert faults == []


@in_browser
@pytest.mark.parametrize("name", NAMES)
def test_a_back_row_can_read_every_slide_and_nothing_overflows(show, name):
    measured = show(name).evaluate(MEASURE)
    assert len(measured) > 10
    for number, slide in enumerate(measured, 1):
        inside = (
            slide["left"] >= 0
            and slide["top"] >= 0
            and slide["right"] <= 1280.5
            and slide["bottom"] <= 720.5
        )
        assert inside and not slide["cut"], (number, slide)
        assert slide["smallest"] is None or slide["smallest"] >= 20, (number, slide)
        assert not slide["raw"], f"slide {number} shows a formula's source"
        for picture in slide["figures"]:
            assert picture["alt"].startswith("Figure "), number
            assert picture["width"] >= 1100 or picture["height"] >= 340, (number, picture)
    assert sum(slide["formulas"] for slide in measured) > 10 or not name.startswith("02")


@in_browser
def test_keys_turn_the_pages_and_uncover_fragments(show):
    page = show(NAMES[1])
    hidden = "() => document.querySelectorAll('section.present .fragment:not(.visible)').length"
    for _ in range(40):
        before, at = page.evaluate(hidden), page.evaluate("Reveal.getIndices().h")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("Reveal.getIndices().h") == at + (before == 0)
        if before:
            assert page.evaluate(hidden) == before - 1


@in_browser
@pytest.mark.parametrize("name", NAMES[:3])
def test_axe_finds_nothing_serious(show, name):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(show(name), options={"preload": False}).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
