"""Cross-references in the book: "figure 2.4" in any text leads to the caption of that figure.

A caption is the paragraph that starts with "Figure 2.4." in bold, below the cell that draws it.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

FIGURE = re.compile(r"Figure (\d+\.\d+)\.")
# as in "figure 2.4" and in "figures 2.4, 2.5 and 2.7"
MENTIONS = re.compile(r"[Ff]igures? \d+\.\d+(?:(?:, | and | to | or )\d+\.\d+)*")
NUMBER = re.compile(r"\d+\.\d+")
APART = (nodes.literal, nodes.literal_block, nodes.reference, nodes.math, nodes.title)


def name_captions(app: Sphinx, document: nodes.document) -> None:
    """Give each caption the name that links use, and the class that the style sheet uses."""
    for paragraph in document.findall(nodes.paragraph):
        number = find_caption(paragraph)
        if number:
            paragraph["classes"].append("caption-below")
            paragraph["ids"].append(make_id(number))


def find_caption(paragraph: nodes.paragraph) -> str | None:
    """The number of the figure that a paragraph describes, if it is a caption."""
    start = next((node for node in paragraph.children if node.astext()), None)
    if not isinstance(start, nodes.strong):
        return None
    found = FIGURE.fullmatch(start.astext())
    return found[1] if found else None


def make_id(number: str) -> str:
    return f"figure-{number.replace('.', '-')}"


def link_mentions(app: Sphinx, document: nodes.document, page: str) -> None:
    """Turn mentions of figures into links, except in code, formulas, titles and other links."""
    for words in list(document.findall(nodes.Text)):
        if MENTIONS.search(words) and not is_apart(words):
            words.parent.replace(words, list(split(app, page, words)))


def is_apart(node: nodes.Node) -> bool:
    """Whether a text stands where no link belongs."""
    parent = node.parent
    if isinstance(parent, nodes.strong) and FIGURE.fullmatch(parent.astext()):
        return True
    while parent is not None:
        if isinstance(parent, APART):
            return True
        parent = parent.parent
    return False


def split(app: Sphinx, page: str, words: str) -> Iterator[nodes.Node]:
    """The text in pieces, the numbers of known figures among them as links."""
    end = 0
    for mention in MENTIONS.finditer(words):
        numbers = list(NUMBER.finditer(words, mention.start(), mention.end()))
        for number in numbers:
            home = app.config.figures.get(number[0])
            if home is None:
                continue
            # "figure 2.4" is a link as a whole; of "figures 2.1 to 2.5" each number is one
            start = mention.start() if len(numbers) == 1 else number.start()
            address = f"{find_page(app, page, home)}#{make_id(number[0])}"
            yield nodes.Text(words[end:start])
            yield make_link(words[start : number.end()], address)
            end = number.end()
    yield nodes.Text(words[end:])


def find_page(app: Sphinx, page: str, home: str) -> str:
    """A page's address as another page sees it; empty for the page itself."""
    return "" if home == page else app.builder.get_relative_uri(page, home)


def make_link(label: str, address: str) -> nodes.reference:
    return nodes.reference("", label, refuri=address, internal=True, classes=["figure-link"])


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("figures", {}, "env")
    app.connect("doctree-read", name_captions)
    app.connect("doctree-resolved", link_mentions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
