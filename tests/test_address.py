"""The public address in both states: every link to it is in place, or none is anywhere."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools.publish import address, notebooks

ROOT = Path(__file__).resolve().parents[1]
CHANGED = ["pyproject.toml", "CITATION.cff", "README.md"]
SERIES = [path.name for path in notebooks.NOTEBOOKS]
LAUNCH = ("mybinder.org/v2/", "colab.research.google.com/github/", "git+https://")


def files(root):
    """All that carries the address, as bytes by name."""
    paths = [root / name for name in CHANGED] + sorted((root / "notebooks").glob("*.ipynb"))
    return {path.name: path.read_bytes() for path in paths}


def title(root, name):
    """A notebook's first cell, and its first code."""
    cells = json.loads((root / "notebooks" / name).read_text(encoding="utf-8"))["cells"]
    return "".join(cells[0]["source"]), "".join(cells[1]["source"])


@pytest.fixture
def clone(tmp_path):
    """What carries the address, in a folder of its own, in its shipped state."""
    root = tmp_path / "clone"
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for name in CHANGED:
        shutil.copy(ROOT / name, root)
    return root


@pytest.fixture
def unset(clone):
    notebooks.write_address(clone, "")
    return clone


def test_what_is_committed_agrees_with_the_address_that_pyproject_has(clone):
    committed = files(clone)
    notebooks.write_address(clone, address.stored(clone))
    assert files(clone) == committed


def test_without_an_address_nothing_leads_to_one(unset):
    assert address.stored(unset) == ""
    assert (
        "urls"
        not in tomllib.loads((unset / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    )
    for name, content in files(unset).items():
        words = content.decode()
        assert [link for link in LAUNCH if link in words] == [], name
        assert "Open in" not in words and "repository-code" not in words, name
    assert "| read | run |\n|---|---|---|---|---|\n" in (unset / "README.md").read_text(
        encoding="utf-8"
    )
    for name in SERIES:
        code = title(unset, name)[1]
        assert "://" not in code and "require_installed()" in code


def test_with_an_address_every_link_is_in_place_and_opens_its_own_notebook(unset):
    notebooks.write_address(unset, "ada/vae.notes")
    assert address.stored(unset) == "ada/vae.notes"
    readme = (unset / "README.md").read_text(encoding="utf-8")
    opened = re.findall(r"/HEAD(?:\?labpath=|/)notebooks(?:%2F|/)([\w.]+\.ipynb)", readme)
    assert set(opened) == set(SERIES) and len(opened) == 2 * len(SERIES) + 2
    assert "repository-code: https://github.com/ada/vae.notes.git\n" in (
        unset / "CITATION.cff"
    ).read_text(encoding="utf-8")
    for name in SERIES:
        words, code = title(unset, name)
        line = words.splitlines()[2]
        assert line.startswith(
            "[Open in Binder](https://mybinder.org/v2/gh/ada/vae.notes/HEAD?labpath=notebooks%2F"
            f"{name}) · [Open in Colab](https://colab.research.google.com/github/ada/vae.notes/"
            f"blob/HEAD/notebooks/{name}) · ["
        )
        assert "%pip install --quiet git+https://github.com/ada/vae.notes.git\n" in code


def test_docs_send_nobody_to_a_link_that_may_not_be_there():
    """Docs are the same in both states, so what needs the address says that it does."""
    needs = re.compile(r"link at the top|(?:use|open the notebooks on) Binder", re.I)
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not needs.search(line) or "once the series has a public address" in (
                line.lower()
            ), f"{path.name}: {line}"


def test_it_can_be_put_in_place_twice_changed_and_removed_again(unset):
    without = files(unset)
    notebooks.write_address(unset, "ada/vae")
    once = files(unset)
    notebooks.write_address(unset, "ada/vae")
    assert files(unset) == once != without
    notebooks.write_address(unset, "grace/autoencoders")
    changed = files(unset)
    assert not any(b"ada/vae" in content for content in changed.values())
    notebooks.write_address(unset, "ada/vae")
    assert files(unset) == once
    notebooks.write_address(unset, "")
    assert files(unset) == without


def test_links_are_words_since_a_picture_of_a_badge_needs_a_network(unset):
    notebooks.write_address(unset, "ada/vae")
    pictures = re.compile(r"!\[[^]]*\]\(https?:|<img[^>]+src=.?https?:")
    for name, content in files(unset).items():
        assert not pictures.search(content.decode()), name


def test_badges_of_an_earlier_version_are_taken_out():
    badge = "[![Open in Binder](https://b/b.svg)](https://b) [![Open in Colab](https://c.svg)](c)"
    words = f"# T\n\n{badge} · [01 →](01.ipynb)\n"
    assert address.write_title(words, "", "00.ipynb") == "# T\n\n[01 →](01.ipynb)\n"


def test_no_other_file_names_an_address_while_there_is_none():
    """Neither docs nor site nor workflows: only what the tool can also remove."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("This is not a git checkout, so there is no list of committed files.")
    known = ("tests/", "tools/publish/address.py", "tools/publish/notebooks.py", "notebooks/")
    known += ("README.md",)
    wrong = []
    for name in listed.stdout.splitlines():
        if name.startswith(known) or not (ROOT / name).is_file():
            continue
        words = (ROOT / name).read_bytes().decode("utf-8", "replace")
        wrong += [(name, link) for link in LAUNCH if link in words and "{ADDRESS}" not in words]
        if "github.com/vae-notebooks" in words:
            wrong.append((name, "vae-notebooks"))
    if not address.stored(ROOT):
        assert wrong == []


@pytest.mark.parametrize(
    "spelling",
    [
        "ada/vae.notes",
        "https://github.com/ada/vae.notes",
        "https://github.com/ada/vae.notes.git",
        "https://github.com/ada/vae.notes/",
        "http://www.github.com/ada/vae.notes",
        "https://GitHub.com/ada/vae.notes.git",
        "https://ada:secret@github.com/ada/vae.notes.git",
        "git@github.com:ada/vae.notes.git",
        "git@github.com:/ada/vae.notes.git",
        "org-12@github.com:ada/vae.notes",
        "ssh://git@github.com/ada/vae.notes.git",
        "ssh://git@github.com:22/ada/vae.notes.git",
        "ssh://git@ssh.github.com:443/ada/vae.notes.git",
        "git+ssh://git@github.com/ada/vae.notes.git",
        "git://github.com/ada/vae.notes.git",
        "github.com/ada/vae.notes\n",
    ],
)
def test_every_spelling_of_an_address_on_github_is_understood(spelling):
    assert address.parse(spelling) == "ada/vae.notes"


@pytest.mark.parametrize(
    "other",
    [
        "https://gitlab.com/ada/vae",
        "git@example.org:ada/vae.git",
        "https://github.com.example.org/ada/vae",
        "https://github.com/ada",
        "https://github.com/ada/vae/tree/main",
        "/srv/git/vae.git",
        "../vae",
        "file:///srv/vae.git",
        "ada",
        "ada/..",
        "a b/c",
    ],
)
def test_an_address_elsewhere_is_refused_with_what_to_do(other, refused):
    with refused(address.NoAddressError, other, "make address ADDRESS=owner/name"):
        address.parse(other)


def test_a_password_in_a_remote_is_not_shown():
    with pytest.raises(address.NoAddressError) as refusal:
        address.parse("https://ada:secret@gitlab.com/ada/vae.git")
    assert "secret" not in str(refusal.value) and "gitlab.com/ada" in str(refusal.value)


def test_it_is_found_in_what_is_given_then_in_the_ci_then_in_the_clone(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    with pytest.raises(address.NoAddressError, match="no remote named origin"):
        address.find(tmp_path)
    remote = ["git", "-C", tmp_path, "remote", "add", "origin", "git@github.com:ada/vae.git"]
    subprocess.run(remote, check=True)
    assert address.find(tmp_path) == "ada/vae"
    monkeypatch.setenv("GITHUB_REPOSITORY", "school/fork")
    assert address.find(tmp_path) == "school/fork"
    assert address.find(tmp_path, "https://github.com/grace/vae") == "grace/vae"
    assert address.find(tmp_path, "") == address.find(tmp_path, " ") == ""


@pytest.mark.parametrize(
    ("given", "passed"),
    [([], ""), (["ADDRESS=ada/vae"], '--to "ada/vae"'), (["ADDRESS="], '--to ""')],
)
@pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("make"),
    reason="There is no make on this machine, or one that the Makefile is not written for.",
)
def test_make_hands_on_what_it_is_given(given, passed, monkeypatch):
    monkeypatch.setenv("ADDRESS", "not/meant")  # somebody's environment
    shown = subprocess.run(
        ["make", "--dry-run", "address", *given], cwd=ROOT, capture_output=True, text=True
    )
    (line,) = [line for line in shown.stdout.splitlines() if "notebooks address" in line]
    assert line.endswith(f"notebooks address {passed}".rstrip() + ("" if passed else " "))
