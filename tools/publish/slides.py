"""Slides from the notebooks' tags, to be shown with no network: python -m tools.publish.slides [05]

A cell tagged `slide` starts a slide, one tagged `fragment` goes on with it at the next key, and a
cell with neither is left out. Of a code cell the results are shown, and the code only where it is
tagged `slide-code` as well. The caption below a figure appears with its figure. Nothing shrinks to
fit: where Chromium is here, every slide that overflows is named, and wants other tags.
"""

import argparse
import copy
import html
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from tools import browser
from tools.publish.address import OPEN_LINK
from tools.publish.exercises import has_tag
from tools.publish.notebooks import BAR, NOTEBOOKS, ROOT, RUN_ME, text

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
SCRIPTS = (
    MODULES / "reveal.js/dist/reveal.js",
    MODULES / "reveal.js/dist/reveal.css",
    MODULES / "reveal.js/dist/plugin/zoom.js",
    MODULES / "mathjax/es5/tex-svg.js",
    HERE / "templates/slides/slides.css",
)
CAPTION = re.compile(r"\*\*Figure \d+\.\d+\.\*\*")
DETAILS = re.compile(r"<details>.*?</details>", re.S)
NEIGHBOURS = re.compile(r"^.*(← \[|\[←|→\]).*\n?", re.M)  # the line of links to other notebooks
LINK = re.compile(r"\[([^]]*)\]\(\d\d_\w+\.ipynb[^)]*\)")
# What lies outside a slide of 1280 by 720, or is cut off inside it.
OVERFLOW = """() => [...document.querySelectorAll(".slides > section")].flatMap((section, at) => {
  Reveal.slide(at, 0, 99);
  const seen = [...section.querySelectorAll("*")].filter((e) => !e.closest("mjx-assistive-mml"));
  const boxes = seen.map((element) => element.getBoundingClientRect()).filter((box) => box.width);
  const right = Math.max(...boxes.map((box) => box.right));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const pieces = [...section.querySelectorAll("pre, p, ul, ol, table")];
  const cut = pieces.some((element) => element.scrollWidth > element.clientWidth + 1);
  if (right <= 1280.5 && bottom <= 720.5 && !cut) return [];
  const words = section.innerText.trim().slice(0, 40).replace(/\\s+/g, " ");
  return [`slide ${at + 1} (${words}) reaches ${Math.round(right)} x ${Math.round(bottom)}`];
})"""


def make_deck(notebook: dict) -> dict:
    """The cells that are on slides, marked for nbconvert's SlidesExporter.

    Raises:
        ValueError: if a fragment comes before the first slide.
    """
    shown = [
        copy.deepcopy(cell)
        for cell in notebook["cells"]
        if has_tag(cell, "slide") or has_tag(cell, "fragment")
    ]
    if shown and not has_tag(shown[0], "slide"):
        raise ValueError(
            f"A fragment goes on with a slide, and none is before {text(shown[0])[:40]!r}: "
            "tag it slide."
        )
    for cell in shown:
        if cell["cell_type"] == "markdown":
            cell["source"] = clean_text(text(cell))
        else:
            cell["outputs"] = [output for output in cell["outputs"] if not is_placeholder(output)]
        cell["metadata"]["caption"] = bool(CAPTION.match(text(cell)))
        if has_tag(cell, "slide"):
            kind = "slide"
        elif cell["metadata"]["caption"]:
            kind = "-"  # with the figure above it
        else:
            kind = "fragment"
        cell["metadata"]["slideshow"] = {"slide_type": kind}
    return {**notebook, "cells": shown}


def clean_text(words: str) -> str:
    """A text without what a slide cannot use: hints, and links to Binder or other notebooks."""
    words = OPEN_LINK.sub("", words)
    words = DETAILS.sub("", words)
    words = NEIGHBOURS.sub("", words)
    return LINK.sub(r"\1", words).strip()


def is_placeholder(output: dict) -> bool:
    """Whether an output only says that a widget or a progress bar would be here."""
    words = "".join(output.get("data", {}).get("text/plain", ""))
    return RUN_ME in words or words == BAR


def find_title(notebook: dict) -> str:
    return text(notebook["cells"][0]).partition("\n")[0].removeprefix("# ")


def export(notebook: dict) -> str:
    """The deck of one notebook as a page."""
    import nbformat
    from nbconvert import SlidesExporter

    exporter = SlidesExporter(
        template_name="slides",
        extra_template_basedirs=[str(HERE / "templates")],
        exclude_anchor_links=True,
    )
    deck = nbformat.from_dict(make_deck(notebook))
    resources = {"title": find_title(notebook)}
    page, _ = exporter.from_notebook_node(deck, resources=resources)
    return page


def open_deck(page: Any, path: Path) -> None:
    """Open a deck in a browser's page and wait until it stands."""
    page.goto(path.resolve().as_uri())
    page.wait_for_selector("body[data-ready]")


def find_overflow(page: Any) -> list[str]:
    """The slides of the open deck that do not fit, one line each."""
    page.set_viewport_size({"width": 1280, "height": 720})
    return page.evaluate(OVERFLOW)


def write_decks(folder: Path, notebooks: dict[str, dict]) -> list[Path]:
    """Write a deck for each notebook that has slides, their list, and the scripts they need."""
    if not MODULES.is_dir():
        sys.exit(
            "The slides carry reveal.js and MathJax with them, and these are not here: "
            "make slides fetches them."
        )
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "scripts").mkdir(parents=True)
    for script in SCRIPTS:
        shutil.copy(script, folder / "scripts")
    entries, written = [], []
    for name, notebook in notebooks.items():
        if not make_deck(notebook)["cells"]:
            continue
        path = folder / f"{name}.html"
        path.write_text(export(notebook), encoding="utf-8")
        written.append(path)
        title = html.escape(find_title(notebook))
        entries.append(f'<li><a href="{path.name}">{title}</a></li>')
    head = '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Slides</title>'
    page = "\n".join([head, "<h1>Slides</h1>", "<ul>", *entries, "</ul></html>\n"])
    (folder / "index.html").write_text(page, encoding="utf-8")
    return written


def report_overflow(decks: list[Path]) -> None:
    """Print which slides do not fit, if there is a browser to see it."""
    if browser.find_chromium() is None:
        print("No Chromium here: not looked at whether every slide fits.")
        return
    with browser.open_chromium() as chromium:
        page = chromium.new_page()
        for path in decks:
            open_deck(page, path)
            for line in find_overflow(page):
                print(f"{path.stem}: {line}")


def main(folder: Path, numbers: list[str]) -> None:
    import nbformat

    notebooks = {
        path.stem: nbformat.read(path, as_version=4)
        for path in NOTEBOOKS
        if not numbers or path.name[:2] in numbers
    }
    decks = write_decks(folder, notebooks)
    if not decks:
        sys.exit("No cell is tagged slide, so there is nothing to show: tag some.")
    print(f"{folder}: {len(decks)} decks")
    report_overflow(decks)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("numbers", nargs="*", help="notebooks, such as 05; all if none")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "slides")
    options = parser.parse_args()
    main(options.folder, options.numbers)
