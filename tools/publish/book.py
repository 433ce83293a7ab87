"""The site as one book that needs no network: python -m tools.publish.book

Sphinx builds it from copies of what the repository has, in build/book. Here the copies are made, in
the folders of the originals, so that their links to each other hold. Nothing is executed: outputs
are the stored ones.
"""

import argparse
import json
import posixpath
import re
import shutil
import sys
from pathlib import Path

from tools.publish import address, site_page
from tools.publish.notebooks import (
    BAR,
    CLOSE_AT_END,
    CLOSE_BEFORE_NEXT,
    NOTEBOOKS,
    ROOT,
    RUN_ME,
    is_folded,
    text,
)

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates" / "book"
MATHJAX = HERE / "node_modules" / "mathjax" / "es5" / "tex-svg.js"
PAGE = "page.html"  # the page with no kernel, which stands in the book as it is
DOCS = (
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
    "tools/benchmarks/results.md",
    "tools/classroom/jupyterhub/README.md",
)
README_IN_BOOK = "index.md"
LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^()\s]+)\)")
ANCHOR = re.compile(r'^<a id="([\w-]+)"></a>', re.M)
SUMMARY = re.compile(r"<details><summary>(.*?)</summary>\s*")
END_OF_DETAILS = re.compile(r"\s*</details>")
NEIGHBOURS = re.compile(r"^.*(\[← |→\]).*\n*", re.M)  # the book has its own previous and next
CAPTION = re.compile(r"\*\*Figure (\d+\.\d+)\.\*\*")
NOTE = (
    "A picture of the widget. To move it, run the notebook, or see which widgets "
    "[need no kernel](../try_it.md)."
)
# What stands for a widget of which only its name is stored: a picture, and what it shows.
PICTURES = {
    "DrawingPad": ("drawing_pad", "A drawn 5, its place on the map, its reconstruction, its loss"),
    "LatentPad": ("latent_pad", "A point on the map of digits, and the digit that it decodes to"),
    "LiveTraining": ("live_training", "A VAE in training: images, codes, losses, and its knobs"),
    "LossExplorer": ("loss_explorer", "The KL term as the area between two normal densities"),
    "Posterior": ("posterior_of_a_test_digit", "A digit, its posterior, samples decoded from it"),
    "PostalCodePad": ("postal_code_pad", "Five digits on a sheet, each in a box with its digit"),
    "Replay": ("replay_of_a_training", "The map and the loss after each epoch of a training"),
    "Sliders": ("sliders", "Two sliders for the latent variables, and the decoded digit"),
    "Walk": ("walk_between_two_digits", "The line between two codes, and a digit on the way"),
}


class MissingScriptError(RuntimeError):
    """MathJax is not here, which the book carries with it."""


def stage(folder: Path, owner_name: str) -> None:
    """Write the book's sources.

    Args:
        folder: where to.
        owner_name: the public address, which files outside the book are linked to; or empty.
    """
    for name, words in write_pages(owner_name).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
    for picture in (ROOT / "docs").glob("*.png"):
        shutil.copy(picture, folder / "docs")


def write_pages(owner_name: str) -> dict[str, str]:
    """The sources of all pages, by their names in the book."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    readme = address.write_readme(readme, "", NOTEBOOKS[0].name)
    pages = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.md")}
    path_of_learning = take_section(readme, "The learning path")
    pages["index.md"] = pages["index.md"].replace("{LEARNING PATH}", path_of_learning)
    for name in DOCS:
        pages[name] = (ROOT / name).read_text(encoding="utf-8")
    notebooks = {f"notebooks/{path.name}": path for path in NOTEBOOKS}
    inside = {*pages, *notebooks}
    written = {name: mend(words, name, inside, owner_name) for name, words in pages.items()}
    for name, path in notebooks.items():
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"] = mend_cells(notebook["cells"], name, inside, owner_name)
        written[name] = json.dumps(notebook)
    return written


def take_section(words: str, title: str) -> str:
    """What stands below a heading of the second level.

    Raises:
        ValueError: no heading has this title.
    """
    found = re.search(rf"^## {re.escape(title)}\n+(.*?)(?=^## |\Z)", words, re.M | re.S)
    if not found:
        raise ValueError(f"The book shows the README's section {title!r}, which is not in it.")
    return found[1]


def mend(words: str, name: str, inside: set[str], owner_name: str) -> str:
    """Markdown as the book's parser reads it.

    Links out of the book lead to the public repository, or are plain words while there is none.

    Args:
        words: the Markdown.
        name: its page.
        inside: all pages.
        owner_name: the public address, or empty.
    """

    def mend_link(match: re.Match[str]) -> str:
        label, target = match.groups()
        path = target.partition("#")[0]
        if not path or "://" in path:
            return match[0]
        folder = posixpath.dirname(name)
        place = posixpath.normpath(posixpath.join(folder, path))
        if place == "README.md":
            return f"[{label}]({posixpath.relpath(README_IN_BOOK, folder or '.')})"
        if place in inside or not (ROOT / place).exists():
            return match[0]
        if owner_name:
            anchor = target.removeprefix(path)
            return f"[{label}]({address.GITHUB}{owner_name}/blob/HEAD/{place}{anchor})"
        return label

    words = LINK.sub(mend_link, words)
    words = ANCHOR.sub(r"(\1)=\n", words)  # a name that other pages can refer to
    words = SUMMARY.sub(r"<details><summary>\1</summary>\n\n", words)  # what follows is Markdown
    return END_OF_DETAILS.sub("\n\n</details>", words)


def mend_cells(cells: list[dict], name: str, inside: set[str], owner_name: str) -> list[dict]:
    """A notebook's cells for the book: without what only a kernel needs, with pictures of widgets.

    Args:
        cells: as they are stored.
        name, inside, owner_name: as of `mend`.
    """
    mended = []
    for cell in cells:
        if "colab" in cell["metadata"].get("tags", []):
            continue
        if cell["cell_type"] == "markdown":
            words = NEIGHBOURS.sub("", text(cell))
            for closing in (CLOSE_BEFORE_NEXT, CLOSE_AT_END):
                words = words.replace(closing, "")
            if cell.pop("attachments", None):  # MyST reads files: the same pictures are in docs
                words = words.replace("(attachment:", "(../docs/")
            cell["source"] = mend(words, name, inside, owner_name)
            mended.append(cell)
        else:
            mended.append(cell)
            mended += mend_code(cell)
    return mended


def mend_code(cell: dict) -> list[dict]:
    """Prepare a code cell, and return the cells that stand below it in place of its widgets."""
    metadata = cell["metadata"]
    if is_folded(cell):
        metadata["tags"] = [*metadata.get("tags", []), "hide-input"]
    kept, below = [], []
    for output in cell["outputs"]:
        words = "".join(output.get("data", {}).get("text/plain", ""))
        alt = output.get("metadata", {}).get("image/png", {}).get("alt")
        if alt:
            metadata["mystnb"] = {"image": {"alt": alt}}
        if RUN_ME in words:
            source = f"*{NOTE}*" if alt else show_widget(words)
            name = f"{cell['id']}-below"
            below.append({"cell_type": "markdown", "id": name, "metadata": {}, "source": source})
        if alt or not (words == BAR or RUN_ME in words):
            kept.append(output)
    cell["outputs"] = kept
    return below


def show_widget(words: str) -> str:
    """Markdown that shows a picture of a widget.

    Args:
        words: what is stored of it, such as "[LatentPad: run the cell to move it]".
    """
    name = words.lstrip("[").partition(":")[0]
    picture, alt = PICTURES[name]
    source = f"../docs/{picture}.png"
    return f":::{{figure}} {source}\n:alt: {alt}\n:figclass: widget\n\n{NOTE}\n:::"


def find_numbered() -> dict[str, str]:
    """The page of each notebook and of each figure, by its number: "05" or "5.2"."""
    numbered = {}
    for path in NOTEBOOKS:
        numbered[path.name[:2]] = f"notebooks/{path.stem}"
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            caption = CAPTION.match(text(cell))
            if caption:
                numbered[caption[1]] = f"notebooks/{path.stem}"
    return numbered


def build(folder: Path, work: Path, owner_name: str) -> None:
    """Write the book, without the page, into a folder.

    Args:
        folder: what is in it is removed.
        work: another, for copies of the sources and for what Sphinx makes on the way.
        owner_name: the public address, or empty.

    Raises:
        MissingScriptError: MathJax is not here.
        RuntimeError: Sphinx found a fault, such as a link to nowhere.
    """
    from sphinx.cmd.build import build_main

    if not MATHJAX.is_file():
        raise MissingScriptError(
            "The book carries MathJax with it, which is not here: make site fetches it with npm."
        )
    shutil.rmtree(work, ignore_errors=True)
    source = work / "source"
    made = work / "html"  # myst-nb writes files of its own beside it
    stage(source, owner_name)
    options = ["-b", "html", "--fail-on-warning", "--quiet", "--jobs", "auto"]
    settings = ["-c", str(TEMPLATES), "-D", f"owner_name={owner_name}"]
    settings += ["-d", str(work / "doctrees")]
    if build_main([*options, *settings, str(source), str(made)]):
        raise RuntimeError("Sphinx found faults, which it has named above.")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made, folder)
    static = folder / "_static"
    (static / "mathjax").mkdir()
    shutil.copy(MATHJAX, static / "mathjax")
    (static / "palette.css").write_text(write_palette(), encoding="utf-8")


def write_palette() -> str:
    """The project's colours that the book's style sheet uses, as its variables."""
    palette = json.loads((ROOT / "vae_lib" / "palette.json").read_text(encoding="utf-8"))
    accent = palette["accent"]
    lighter = palette["digits"]["dark"][palette["digits"]["light"].index(accent)]
    return (
        f":root {{ --vae-accent: {accent}; --vae-button: {accent}; }}\n"
        f'html[data-theme="dark"] {{ --vae-accent: {lighter}; }}\n'
    )


def main(folder: Path) -> None:
    try:
        build(folder, ROOT / "build" / "book", address.stored(ROOT))
    except (MissingScriptError, RuntimeError) as fault:
        sys.exit(str(fault))
    site_page.main(folder / PAGE, is_in_book=True)
    print(f"{folder / 'index.html'}: open it in a browser; it needs neither network nor kernel.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "site")
    main(parser.parse_args().folder)
