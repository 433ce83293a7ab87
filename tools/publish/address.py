"""The public address of the repository: where it stands, and every link that is made of it.

It stands in pyproject.toml alone. While it stands there, the README, the notebooks and the citation
have links to it; while it does not, they have none, since a link must never lead nowhere.
``python -m tools.publish.notebooks address`` puts them in place or removes them.
"""

import os
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

GITHUB = "https://github.com/"
OWNER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+")
# https://github.com/owner/name.git, git@github.com:owner/name, ssh://git@ssh.github.com:443/…
REMOTE = re.compile(
    r"(?:(?:https?|ssh|git|git\+ssh)://)?(?:[^/@\s]+@)?(?:www\.|ssh\.)?github\.com(?::\d+/|[:/])/?"
    r"([^/\s]+/[^/\s]+?)(?:\.git)?/?",
    re.IGNORECASE,
)
# a link, or the picture of a badge inside a link, with what joins it to the next
OPEN_LINK = re.compile(
    r"\[(?:!\[)?Open in (?:Binder|Colab)(?:\]\([^)]*\))?\]\([^)]*\)(?: · |[ \n])?"
)
PROJECT_URLS = re.compile(r'^\[project\.urls\]\nRepository = "[^"]*"\n', re.M)
PLACE_OF_URLS = "# The one place of the public address"  # a comment that stays
CITED = re.compile(r"^repository-code: .*\n", re.M)
README_LINKS = re.compile(r"(?<=\n\n)\[(?:!\[)?Open in Binder.*?\n\n", re.S)
PATH_HEADER = "| | notebook |"  # starts the table of the learning path


class NoAddressError(ValueError):
    """There is no address that the links could be made of."""


def stored(root: Path) -> str:
    """The address that pyproject.toml has, as owner/name; empty while there is none."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    url = project.get("urls", {}).get("Repository", "")
    return url.removeprefix(GITHUB).rstrip("/")


def find(root: Path, given: str | None = None) -> str:
    """The address as owner/name: the given one, or the public CI's, or the clone's own.

    Args:
        root: a folder of the clone.
        given: owner/name or any address on GitHub; empty for none; None to look for it.

    Raises:
        NoAddressError: nothing was given and none was found, or it is not on GitHub.
    """
    if given is not None:
        return parse(given) if given.strip() else ""
    from_ci = os.environ.get("GITHUB_REPOSITORY", "")
    if from_ci:
        return parse(from_ci)
    asked = ["git", "-C", str(root), "remote", "get-url", "origin"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise NoAddressError(
            "This clone has no remote named origin to take the public address from: "
            "run make address ADDRESS=owner/name."
        )
    return parse(answer.stdout)


def parse(address: str) -> str:
    """owner/name from any spelling of an address on GitHub.

    Raises:
        NoAddressError: it is not one.
    """
    address = address.strip()
    remote = REMOTE.fullmatch(address)
    name = remote[1] if remote else address.removesuffix(".git")
    if not OWNER_NAME.fullmatch(name) or name.endswith(("/.", "/..")):
        shown = re.sub(r"(?<=://)[^/@\s]+@", "", address)  # a remote may hold a password
        raise NoAddressError(
            f"Binder and Colab open a repository on GitHub, received {shown!r}: "
            "run make address ADDRESS=owner/name."
        )
    return name


def binder(address: str, notebook: str) -> str:
    """Where Binder opens a notebook, whose file name is given."""
    return f"https://mybinder.org/v2/gh/{address}/HEAD?labpath={quote(f'notebooks/{notebook}', '')}"


def colab(address: str, notebook: str) -> str:
    """Where Colab opens it."""
    return f"https://colab.research.google.com/github/{address}/blob/HEAD/notebooks/{notebook}"


def write_project(words: str, address: str) -> str:
    """pyproject.toml with the address, or without one."""
    words = PROJECT_URLS.sub("", words)
    if not address:
        return words
    urls = f'[project.urls]\nRepository = "{GITHUB}{address}"\n'
    return re.sub(rf"(^{PLACE_OF_URLS}.*\n(?:#.*\n)*)", lambda m: m[1] + urls, words, flags=re.M)


def write_citation(words: str, address: str) -> str:
    """CITATION.cff with the address, or without one."""
    words = CITED.sub("", words)
    if not address:
        return words
    cited = f"repository-code: {GITHUB}{address}.git\n"
    return re.sub(r"(^license: .*\n)", lambda match: match[1] + cited, words, flags=re.M)


def write_title(words: str, address: str, notebook: str) -> str:
    """A notebook's first cell: the links that open it stand before those to its neighbours."""
    words = OPEN_LINK.sub("", words)
    if not address:
        return words
    links = (
        f"[Open in Binder]({binder(address, notebook)}) · "
        f"[Open in Colab]({colab(address, notebook)}) · "
    )
    title, gap, rest = words.partition("\n\n")
    return f"{title}{gap}{links}{rest}"


def write_readme(words: str, address: str, first: str) -> str:
    """The README: links below the title, and the table's last column.

    Args:
        words: the README.
        address: owner/name, or empty.
        first: the file name of the first notebook.
    """
    words = README_LINKS.sub("", words, count=1)
    if address:
        links = (
            f"[Open in Binder]({binder(address, first)}) · "
            f"[Open in Colab]({colab(address, first)}) · "
            f"[Tests]({GITHUB}{address}/actions/workflows/test.yml)\n\n"
        )
        title, gap, rest = words.partition("\n\n")
        words = f"{title}{gap}{links}{rest}"
    before, header, after = words.partition(PATH_HEADER)
    table, gap, rest = after.partition("\n\n")
    rows = [_write_row(row, address) for row in f"{header}{table}".splitlines()]
    return before + "\n".join(rows) + gap + rest


def _write_row(row: str, address: str) -> str:
    """A row of the learning path with a sixth cell, or without one."""
    cells = row[1:-1].split("|")[:5]
    if address:
        cells.append(_open_cell(row, address))
    return f"|{'|'.join(cells)}|"


def _open_cell(row: str, address: str) -> str:
    if row.startswith(PATH_HEADER):
        return " open "
    notebook = re.search(r"\(notebooks/([^)]+)\)", row)
    if not notebook:  # the line below the header
        return "---"
    return f" [Binder]({binder(address, notebook[1])}) · [Colab]({colab(address, notebook[1])}) "


def write(root: Path, address: str) -> None:
    """Put the address and all links that are made of it in place, or with "" remove them.

    Args:
        root: a folder of the clone, in which the files are changed.
        address: owner/name, or empty.
    """
    notebooks = sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    first = notebooks[0].name
    _rewrite(root / "pyproject.toml", lambda words: write_project(words, address))
    _rewrite(root / "CITATION.cff", lambda words: write_citation(words, address))
    _rewrite(root / "README.md", lambda words: write_readme(words, address, first))


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
