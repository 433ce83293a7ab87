"""The notebooks as HTML, legible for weak eyes and screen readers: python -m tools.publish.pages"""

import argparse
import re
from pathlib import Path

from nbconvert import HTMLExporter

from tools.publish.notebooks import NOTEBOOKS, ROOT

TEMPLATES = Path(__file__).resolve().parent / "templates"


def export(path: Path) -> str:
    """One notebook as a page, in which links to its neighbours lead to pages."""
    exporter = HTMLExporter(template_name="page", extra_template_basedirs=[str(TEMPLATES)])
    page, _ = exporter.from_filename(str(path))
    return re.sub(r'href="(\d\d_\w+)\.ipynb"', r'href="\1.html"', page)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in NOTEBOOKS:
        (folder / f"{path.stem}.html").write_text(export(path), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "site" / "notebooks")
    main(parser.parse_args().folder)
