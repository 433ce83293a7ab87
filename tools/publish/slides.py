"""Slides from the notebooks' tags, to be shown without a network: python -m tools.publish.slides [folder, default build/slides]

`slide` starts a slide, `fragment` goes on with it at the next key, a cell without either is left out.
A heading starts a slide, too; what its cell says before it still belongs to the cell before. Of a code
cell the results are shown, and the code only with the tag `slide-code`. What is too much for one slide
goes on on the next.
"""

import base64
import html
import json
import math
import re
import shutil
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.publish import notebooks as tool
from tools.publish.copies import BADGE
from tools.publish.notebooks import text

MODULES = tool.ROOT / "tools" / "publish" / "node_modules"
SCRIPTS = (
    "reveal.js/dist/reveal.js",
    "reveal.js/dist/reveal.css",
    "reveal.js/dist/plugin/zoom.js",
    "mathjax/es5/tex-svg.js",
)
TEMPLATE = Path(__file__).with_name("slides.html")
WIDTH, HEIGHT, GAP = (
    1184,
    668,
    14,
)  # what a slide of 1280 by 720 leaves between its margins, and between its blocks
LEAST = 380  # pixels: a figure that would be lower goes to a slide of its own, unless it is a strip
# Width of a letter and height of a line in pixels, on the safe side; other text has 17 and 42
LETTER = {"h1": 35, "h2": 26, "h3": 21, "td": 13, "figcaption": 12.5}
LINE = {"h1": 69, "h2": 51}
OPENING = re.compile(r'^<(\w+)(?: class="([^"]*)")?')


@dataclass
class Block:
    """A piece of a slide that is not divided: its HTML, its height in pixels, and when it appears."""

    body: str
    height: float
    fragment: bool = False
    heading: bool = False


def lines(words: str, kind: str = "p", width: float = WIDTH) -> int:
    """How many lines a text fills at most."""
    return max(1, math.ceil(len(words) * LETTER.get(kind, 17) / width))


def high(element) -> float:
    """The height of an element of the text."""
    if element.name in ("ul", "ol"):
        items = element.find_all("li")
        return sum(lines(item.get_text(), width=WIDTH - 40) * 42 + 6 for item in items)
    if element.name == "table":
        rows = [row.find_all(["td", "th"]) for row in element.find_all("tr")]
        longest = [max(len(cell.get_text()) for cell in column) + 2 for column in zip(*rows)]
        shares = [WIDTH * letters / max(sum(longest), WIDTH / 13) for letters in longest]
        return sum(
            max(lines(c.get_text(), "td", w - 14) for c, w in zip(row, shares)) * 30 + 11
            for row in rows
        )
    if element.name == "pre":
        return sum(lines(line, width=WIDTH) for line in element.get_text().splitlines()) * 34
    formulas = element.get_text().count("$$") // 2
    return lines(element.get_text(), element.name) * LINE.get(element.name, 42) + 90 * formulas


def read_markdown(words: str) -> list[Block]:
    """The blocks of a text: no badges, hints or ways to other notebooks, which a slide cannot use."""
    from bs4 import BeautifulSoup
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    soup = BeautifulSoup(markdown2html_mistune(BADGE.sub("", words)), "html.parser")
    for element in soup.select("details, a.anchor-link"):
        element.decompose()
    for paragraph in soup.select("p:has(a[href$='.ipynb'])"):
        if re.search("[←→]", paragraph.get_text()):
            paragraph.decompose()
    for link in soup.select("a[href$='.ipynb']"):
        link.unwrap()
    found = []
    for element in soup.find_all(recursive=False):
        if element.get_text().strip():
            found.append(Block(str(element), high(element), heading=element.name[0] == "h"))
    return found


def read_code(source: str, kind: str = "") -> list[Block]:
    """Code or printed text: smaller where it is long, divided where that is not enough."""
    rows = source.splitlines()
    long = len(rows) > 14 or max(map(len, rows), default=0) > 72
    letter, line = (12.1, 26) if long else (15.8, 34)
    pieces, full = [[]], 0
    for row in rows:
        height = max(1, math.ceil(len(row) * letter / (WIDTH - 28))) * line
        if full + height > HEIGHT - 16:
            pieces.append([])
            full = 0
        pieces[-1].append(row)
        full += height
    name = f"{kind}{' long' * long}".strip()
    last = len(pieces) - 1
    heights = [HEIGHT if number < last else full + 16 for number in range(len(pieces))]
    bodies = ["\n".join(piece) for piece in pieces]
    return [
        Block(f'<pre class="{name}">{html.escape(b)}</pre>', high)
        for b, high in zip(bodies, heights)
    ]


def read_outputs(outputs: list[dict]) -> list[Block]:
    """What a cell printed and drew; a caption belongs to the figure before it."""
    found: list[Block] = []
    for output in outputs:
        data = {kind: "".join(body) for kind, body in output.get("data", {}).items()}
        if "image/png" in data:
            wide, high = struct.unpack(">II", base64.b64decode(data["image/png"][:64])[16:24])
            alt = html.escape(output["metadata"]["image/png"]["alt"])
            picture = f'<img alt="{alt}" src="data:image/png;base64,{data["image/png"].strip()}">'
            found.append(Block(f"<figure>{picture}</figure>", min(WIDTH * high / wide, LEAST)))
        elif "text/markdown" in data and found and found[-1].body.endswith("</figure>"):
            caption = html.escape(data["text/markdown"].strip("*\n"))
            body = found[-1].body.replace(
                "</figure>", f"<figcaption>{caption}</figcaption></figure>"
            )
            found[-1] = Block(body, found[-1].height + lines(caption, "figcaption") * 30 + 8)
        elif "text/markdown" in data:
            found += read_markdown(data["text/markdown"])
        else:
            words = "".join(output.get("text", "")) or data.get("text/plain", "")
            found += (
                [] if tool.RUN_ME in words else read_code(words.rstrip())
            )  # that stands where a widget is not
    return found


def make_slides(notebook: dict) -> list[list[Block]]:
    """The blocks of each slide.

    Raises:
        ValueError: if a fragment comes before the first slide.
    """
    slides: list[list[Block]] = []
    shown = False  # whether the cell before is on a slide
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        before, shown = shown, "slide" in tags or "fragment" in tags
        if not shown:
            continue
        if "slide" not in tags and not slides:
            raise ValueError(
                f"A fragment goes on with a slide, and none is before {text(cell)[:40]!r}: tag it slide."
            )
        if cell["cell_type"] == "markdown":
            blocks = read_markdown(text(cell))
        else:
            blocks = read_code(text(cell), "code") if "slide-code" in tags else []
            blocks += read_outputs(cell["outputs"])
        # what a text says before its heading is the reading of the cell before
        reading = before and any(block.heading for block in blocks)
        if "slide" in tags and not (reading and slides):
            slides.append([])
        for block in blocks:
            block.fragment = reading or "slide" not in tags
            here = slides[-1]
            if block.heading and here:
                reading = block.fragment = False
                slides.append([])
            elif here and sum(b.height + GAP for b in here) + block.height > HEIGHT:
                slides.append([])
            slides[-1].append(block)
    for slide in slides:
        if slide:
            slide[0].fragment = False  # or the slide would begin empty
    return [slide for slide in slides if slide]


def to_html(title: str, slides: list[list[Block]]) -> str:
    parts = []
    for slide in slides:
        bodies = [
            OPENING.sub(r'<\1 class="fragment \2"', b.body, 1) if b.fragment else b.body
            for b in slide
        ]
        parts.append("\n".join(["<section>", *bodies, "</section>"]))
    page = TEMPLATE.read_text(encoding="utf-8").replace("{TITLE}", html.escape(title))
    return page.replace("{SLIDES}", "\n".join(parts))


def main(folder: Path, notebooks: dict[str, dict] | None = None) -> None:
    """Write a deck for each notebook that has slides, their list, and the scripts that they need."""
    if not MODULES.is_dir():
        sys.exit(
            "The slides carry reveal.js and MathJax with them, and these are not here: make slides fetches them."
        )
    notebooks = notebooks or {
        p.stem: json.loads(p.read_text(encoding="utf-8")) for p in tool.NOTEBOOKS
    }
    decks = {
        name: slides for name, notebook in notebooks.items() if (slides := make_slides(notebook))
    }
    if not decks:
        sys.exit(
            "No cell is tagged slide, so there is nothing to show: tag some, as CONTRIBUTING.md says."
        )
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "scripts").mkdir(parents=True)
    for script in SCRIPTS:
        shutil.copy(MODULES / script, folder / "scripts")
    entries = []
    for name, slides in decks.items():
        title = re.sub(r"^# ", "", text(notebooks[name]["cells"][0]).partition("\n")[0])
        (folder / f"{name}.html").write_text(to_html(title, slides), encoding="utf-8")
        entries.append(
            f'<li><a href="{name}.html">{html.escape(title)}</a>, {len(slides)} slides</li>'
        )
    page = '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Slides</title>\n<h1>Slides</h1>\n<ul>\n'
    (folder / "index.html").write_text(
        page + "\n".join(entries) + "\n</ul></html>\n", encoding="utf-8"
    )
    print(f"{folder}: {len(decks)} decks, {sum(map(len, decks.values()))} slides")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else tool.ROOT / "build" / "slides")
