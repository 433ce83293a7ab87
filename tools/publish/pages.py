"""The notebooks as HTML, with what weak eyes and screen readers need: python -m tools.publish.pages [folder]

nbconvert's classic template, which alone keeps alternative texts, and a style sheet on top: three of its colours
are fainter on their ground than 4.5 to 1.
"""

import re
import sys
from pathlib import Path

from nbconvert import HTMLExporter

from tools.publish.notebooks import NOTEBOOKS, ROOT

STYLE = """<style>
.highlight .ow { color: #8a00e0 }  /* and, in, not */
div.output_prompt { color: #b5370f }
a { color: #23527c }
a:not(.anchor-link) { text-decoration: underline }
</style>
</head>"""


def export(path: Path) -> str:
    """One notebook as a page."""
    html, _ = HTMLExporter(template_name="classic").from_filename(str(path))
    html = re.sub(r'href="(\d\d_\w+)\.ipynb"', r'href="\1.html"', html)  # neighbours are pages, too
    return html.replace("</head>", STYLE, 1)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in NOTEBOOKS:
        (folder / f"{path.stem}.html").write_text(export(path), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "site" / "notebooks")
