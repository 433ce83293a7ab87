"""Cross-references in the book: "figure 2.4" and "notebook 05" in any text lead there.

A caption is the paragraph that starts with "Figure 2.4." in bold, below the cell that draws it.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

CAPTION = re.compile(r"Figure (\d+\.\d+)\.")
NUMBER = re.compile(r"\d+\.\d+|\d\d")
# as in "figure 2.4", "figures 2.1 to 2.5", "notebooks 02, 05 and 06"
MENTION = re.compile(
    rf"\b(?:[Ff]igures?|[Nn]otebooks?) (?:{NUMBER.pattern})"
    rf"(?:(?:, | and | to | or )(?:{NUMBER.pattern})\b)*"
)
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
    found = CAPTION.fullmatch(start.astext())
    return found[1] if found else None


def make_id(number: str) -> str:
    """The name of a caption; of a notebook's number, which has no point, there is none."""
    return f"figure-{number.replace('.', '-')}" if "." in number else ""


def link_mentions(app: Sphinx, document: nodes.document, page: str) -> None:
    """Turn mentions into links, except in code, formulas, titles, other links and captions' own."""
    for words in list(document.findall(nodes.Text)):
        if MENTION.search(words) and not is_apart(words):
            words.parent.replace(words, list(split(app, page, words)))


def is_apart(node: nodes.Node) -> bool:
    """Whether a text stands where no link belongs."""
    parent = node.parent
    if isinstance(parent, nodes.strong) and CAPTION.fullmatch(parent.astext()):
        return True
    while parent is not None:
        if isinstance(parent, APART):
            return True
        parent = parent.parent
    return False


def split(app: Sphinx, page: str, words: str) -> Iterator[nodes.Node]:
    """The text in pieces, of which the mentions of what is in the book are links."""
    end = 0
    for mention in MENTION.finditer(words):
        numbers = list(NUMBER.finditer(words, mention.start(), mention.end()))
        for number in numbers:
            address = find_address(app, page, number[0])
            if not address:
                continue
            # "figure 2.4" is a link as a whole; of "figures 2.1 to 2.5" each number is one
            start = mention.start() if len(numbers) == 1 else number.start()
            yield nodes.Text(words[end:start])
            yield make_link(words[start : number.end()], address)
            end = number.end()
    yield nodes.Text(words[end:])


def find_address(app: Sphinx, page: str, number: str) -> str:
    """Where a number leads, seen from a page; empty if nowhere, or to the page itself."""
    home = app.config.numbered.get(number)
    if home is None:
        return ""
    path = "" if home == page else app.builder.get_relative_uri(page, home)
    anchor = make_id(number)
    return f"{path}#{anchor}" if anchor else path


def make_link(label: str, address: str) -> nodes.reference:
    return nodes.reference("", label, refuri=address, internal=True, classes=["numbered-link"])


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("numbered", {}, "env")  # the page of each figure and notebook
    app.connect("doctree-read", name_captions)
    app.connect("doctree-resolved", link_mentions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
