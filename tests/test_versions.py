"""A package that is too old is named when the library is imported, with the line that helps."""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from vae_lib import versions

ROOT = Path(__file__).resolve().parents[1]
OLD = """
from importlib import metadata
installed = metadata.version
metadata.version = lambda name: "0.1.0" if name == {package!r} else installed(name)
import vae_lib.{module}
"""


def test_the_oldest_releases_are_those_of_the_ranges():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["tensorflow"]]
    ranges = {requirement.name: requirement for requirement in map(Requirement, asked)}
    for package, oldest in versions.OLDEST.items():
        assert str(ranges[package].specifier) == f">={oldest}"


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("data", "numpy"),
        ("inference", "scipy"),
        ("evaluation", "scikit-learn"),
        ("plots", "matplotlib"),
        ("widgets", "ipywidgets"),
        ("widgets", "anywidget"),
        ("widgets", "traitlets"),
        ("losses", "keras"),
        ("losses", "tensorflow"),
        ("training", "tensorflow-cpu"),
    ],
)
def test_what_is_too_old_is_named_at_import(start_python, module, package):
    _, err = start_python(OLD.format(**locals())).communicate(timeout=120)
    oldest = versions.OLDEST[package]
    assert err.strip().splitlines()[-1] == (
        f"ImportError: vae_lib needs {package} {oldest} or newer, received 0.1.0: run "
        f'%pip install "{package}>={oldest}" and restart the kernel.'
    )


@pytest.mark.parametrize(
    ("found", "new_enough"),
    [
        ("3.7", True),
        ("3.7.0", True),
        ("3.7.0rc1", True),
        ("3.10.1", True),
        ("4", True),
        ("3.6.9", False),
        ("3", False),
        ("2.19.1+cpu", False),
        ("unknown", False),
    ],
)
def test_releases_are_compared_number_by_number(monkeypatch, found, new_enough):
    monkeypatch.setattr(metadata, "version", lambda package: found)
    if new_enough:
        versions.require("keras")
    else:
        with pytest.raises(ImportError, match=r"needs keras 3.7 or newer, received"):
            versions.require("keras")


def test_what_is_not_installed_is_left_to_its_own_import(monkeypatch):
    def missing(package):
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(metadata, "version", missing)
    versions.require("tensorflow", "tensorflow-cpu")


@pytest.fixture
def without(monkeypatch):
    """As in a Python that lacks these modules."""

    def lack(*modules):
        found = versions.find_spec
        monkeypatch.setattr(
            versions, "find_spec", lambda name: None if name in modules else found(name)
        )

    return lack


def test_all_that_is_installed_is_passed_over_in_silence(capfd):
    versions.require_installed()
    assert capfd.readouterr() == ("", "")


def test_what_notebooks_need_are_packages_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(versions.MODULES.values()) <= {
        Requirement(asked).name for asked in project["dependencies"]
    }


@pytest.mark.parametrize(
    ("beside", "line"),
    [
        ("pyproject.toml", '%pip install -e "{folder}[tensorflow]" in'),
        ("requirements.txt", '%pip install -r "{folder}/requirements.txt" in'),
        (None, "%pip install pooch scikit-learn in"),
    ],
)
def test_what_is_missing_is_named_with_the_line_that_mends_it(
    tmp_path, monkeypatch, without, refused, beside, line
):
    monkeypatch.setattr(versions, "__file__", str(tmp_path / "vae_lib" / "versions.py"))
    if beside:
        (tmp_path / beside).touch()
    without("pooch", "sklearn")
    with refused(ImportError, "needs pooch, scikit-learn, which", line.format(folder=tmp_path)):
        versions.require_installed()
