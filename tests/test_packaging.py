"""What installing asks for: all that is imported, nothing newer than Colab's, locks that agree."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = [
    ROOT / "requirements.txt",
    ROOT / "requirements-dev.txt",
    ROOT / "requirements-binder.txt",
    ROOT / "tools" / "classroom" / "jupyterhub" / "requirements.txt",
    ROOT / "tools" / "classroom" / "nbgrader" / "requirements.txt",
]
NAMES = {"PIL": "pillow", "sklearn": "scikit-learn"}  # packages whose module has another name
# What Colab's list of its packages (github.com/googlecolab/backend-info) named on 14 August 2026.
COLAB = {
    "anywidget": "0.9.21",
    "cycler": "0.12.1",
    "ipython": "7.34.0",
    "ipywidgets": "7.7.1",
    "keras": "3.13.2",
    "matplotlib": "3.10.0",
    "numpy": "2.1.3",
    "pillow": "11.3.0",
    "platformdirs": "4.11.3",
    "pooch": "1.9.0",
    "requests": "2.32.4",
    "scikit-learn": "1.6.1",
    "scipy": "1.16.3",
    "tqdm": "4.67.3",
    "traitlets": "5.7.1",
}


def runtime():
    """The ranges that installing the library asks for, by name."""
    requirements = map(Requirement, PROJECT["project"]["dependencies"])
    return {requirement.name: requirement.specifier for requirement in requirements}


def pins(path):
    """The versions that a lock names, by package; a package may have one for some Pythons only."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line.partition("#")[0])
            (pin,) = requirement.specifier
            assert pin.operator == "==", line
            found.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return found


def test_every_import_of_the_library_is_declared():
    modules = set()
    for path in (ROOT / "vae_lib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules.add(node.module.split(".")[0])
    foreign = modules - sys.stdlib_module_names - {"vae_lib"}
    foreign -= {"tensorflow"}  # an extra: whoever has a Keras model has its backend
    assert {NAMES.get(name, name).lower() for name in foreign} <= set(runtime())


def test_installing_the_library_on_colab_replaces_nothing():
    ranges = runtime()
    assert set(ranges) <= set(COLAB)
    assert [name for name in ranges if not ranges[name].contains(COLAB[name])] == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_pins_everything_and_names_no_index(path):
    assert pins(path)
    assert not re.search(r"://|^-", path.read_text(encoding="utf-8"), re.M)


def test_the_locks_keep_to_the_ranges_and_to_each_other():
    run, dev = pins(ROOT / "requirements.txt"), pins(ROOT / "requirements-dev.txt")
    assert {name: dev[name] for name in run} == run
    groups = PROJECT["dependency-groups"]
    asked = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["tensorflow"],
        *(line for name in ("lab", "test", "lint", "book") for line in groups[name]),
    ]
    for requirement in map(Requirement, asked):
        for version in dev[canonicalize_name(requirement.name)]:
            assert requirement.specifier.contains(version), requirement


def test_a_class_sees_the_widgets_and_the_jupyterlab_that_the_tests_see():
    run, hub = pins(ROOT / "requirements.txt"), pins(LOCKS[3])
    assert {name: hub[name] for name in hub if name in run} == {
        name: run[name] for name in hub if name in run
    }


def test_conda_and_binder_install_what_is_locked():
    environment = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert "- -r requirements.txt" in environment and "==" not in environment


def test_the_hooks_use_the_ruff_that_the_tests_use():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    (revision,) = re.findall(r"ruff-pre-commit\n +rev: v([\d.]+)", hooks)
    assert pins(ROOT / "requirements-dev.txt")["ruff"] == {revision}
