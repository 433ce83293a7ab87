"""The notebooks as HTML, legible for weak eyes and screen readers: python -m tools.publish.pages"""

import argparse
import re
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

from tools.publish.notebooks import NOTEBOOKS, ROOT

TEMPLATES = Path(__file__).resolve().parent / "templates"


def export(path: Path) -> str:
    """One notebook as a page, in which links to its neighbours and the glossary lead to pages."""
    return _export(nbformat.read(path, as_version=4), path.stem)


def export_glossary() -> str:
    """The glossary as a page beside the notebooks'."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    text = text.replace("../notebooks/", "")
    cell = nbformat.v4.new_markdown_cell(text)
    return _export(nbformat.v4.new_notebook(cells=[cell]), "glossary")


def _export(notebook: nbformat.NotebookNode, title: str) -> str:
    exporter = HTMLExporter(template_name="page", extra_template_basedirs=[str(TEMPLATES)])
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    page = re.sub(r'href="\.\./docs/glossary\.md', 'href="glossary.html', page)
    return re.sub(r'href="(\d\d_\w+)\.ipynb"', r'href="\1.html"', page)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "glossary.html").write_text(export_glossary(), encoding="utf-8")
    for path in NOTEBOOKS:
        (folder / f"{path.stem}.html").write_text(export(path), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "site" / "notebooks")
    main(parser.parse_args().folder)
