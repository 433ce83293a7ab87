"""The library as a whole: which module imports which, and what an import costs."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]

LIBRARY = ROOT / "vae_lib"
FLOORS = [  # from the ground up: a module imports from the floors below its own, and no other
    {"console"},
    {"settings", "files", "luhn", "network", "versions"},
    {"arrays", "keras_setup", "machine", "run"},
    {"data", "formulas", "layers", "losses"},
    {"segmentation"},
    {"checks", "composed_numbers", "evaluation", "inference", "models", "outliers", "plots"},
    {"ood"},
    {"check_model", "shipped", "training"},
    {"live_trainer", "number_reader"},
    {"widgets"},
    {"live"},
]
WITH_KERAS = {
    "check_model",
    "keras_setup",
    "layers",
    "live",
    "live_trainer",
    "losses",
    "models",
    "training",
}
WITHOUT_KERAS = set().union(*FLOORS) - WITH_KERAS
BACKENDS = {"tensorflow", "torch", "jax"}
INHERITED = {"call", "get_config", "compute_output_shape", "compute_loss"}  # documented by Keras
COST_OF_IMPORT = """
import random
import sys
before = set(sys.modules)
state = random.getstate()
import vae_lib
print({name.split(".")[0] for name in set(sys.modules) - before}, state == random.getstate())
"""


def files() -> list[Path]:
    """The library's Python files, but for its own ``__init__``."""
    return [path for path in sorted(LIBRARY.rglob("*.py")) if path != LIBRARY / "__init__.py"]


def module_of(path: Path) -> str:
    """The module or package of the library that a file belongs to."""
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    return str(path.relative_to(LIBRARY))


def imports(path: Path) -> list[list[str]]:
    """All that a file imports, inside its functions too, each name split at its dots."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name.split(".") for name in names]


def packages_of(path: Path) -> set[str]:
    return {name[0] for name in imports(path)}


def modules_imported_by(path: Path) -> set[str]:
    """The modules of the library that a file imports, its own package left out."""
    modules = {name[1] for name in imports(path) if name[0] == "vae_lib" and len(name) > 1}
    return modules - {module_of(path)}


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_imports_run_downward(path):
    below: set[str] = set()
    for floor in FLOORS:
        if module_of(path) in floor:
            assert modules_imported_by(path) <= below
            return
        below |= floor
    pytest.fail(f"{module_of(path)} stands on no floor: put it on one in FLOORS.")


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_modules_without_keras_import_none_with_it(path):
    if module_of(path) in WITHOUT_KERAS:
        assert not packages_of(path) & {"keras", *BACKENDS}
        assert modules_imported_by(path) <= WITHOUT_KERAS


def test_modules_without_keras_load_no_tensorflow():
    modules = ", ".join(f"vae_lib.{module}" for module in WITHOUT_KERAS)
    loaded = run(f"import sys, {modules}; print(*sys.modules)").split()
    assert not {"tensorflow", "keras"} & set(loaded)


@pytest.mark.parametrize(
    "module", ["layers", "live", "live_trainer", "losses", "models", "training"]
)
def test_model_code_is_free_of_backends(module):
    assert not packages_of(LIBRARY / f"{module}.py") & BACKENDS


def test_importing_the_library_costs_nothing():
    assert run(COST_OF_IMPORT) == "{'vae_lib'} True"


@pytest.mark.parametrize("filters", ["error", "always", "default"])
def test_no_filter_of_warnings_stops_an_import_or_adds_a_line(start_python, filters):
    alone = start_python("import matplotlib.pyplot", PYTHONWARNINGS=filters)
    if alone.communicate(timeout=120) != ("", ""):
        pytest.skip("Matplotlib itself warns at import, as 3.10.0 does with pyparsing 3.3")
    modules = ", ".join(f"vae_lib.{module}" for module in sorted(WITHOUT_KERAS))
    process = start_python(f"import {modules}", PYTHONWARNINGS=filters)
    assert process.communicate(timeout=120) == ("", "")
    assert process.returncode == 0


def test_an_error_for_each_warning_stops_no_module_with_keras(start_python):
    modules = ", ".join(f"vae_lib.{module}" for module in sorted(WITH_KERAS))
    process = start_python(f"import {modules}", PYTHONWARNINGS="error")
    out, err = process.communicate(timeout=120)
    if process.returncode:
        alone = start_python("import anywidget, keras, matplotlib.pyplot", PYTHONWARNINGS="error")
        _, theirs = alone.communicate(timeout=120)
        if alone.returncode:
            pytest.skip(f"A package itself warns at import: {theirs.strip().splitlines()[-1]}")
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_what_is_public_has_a_docstring(path):
    for node in public_definitions(path):
        is_inherited = node.name in INHERITED or node.name.startswith("on_")  # Keras' hooks
        assert is_inherited or ast.get_docstring(node), f"{name_of(path)}:{node.lineno} {node.name}"


def public_definitions(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes of a file, and the methods of these classes."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
            yield node
            methods = node.body if isinstance(node, ast.ClassDef) else []
            for method in methods:
                if isinstance(method, ast.FunctionDef) and method.name[0] != "_":
                    yield method


def test_one_version_everywhere():
    import vae_lib

    cited = re.search(
        r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M
    )[1]
    changed = re.search(
        r"^## ([\d.]+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M
    )[1]
    assert cited == changed == vae_lib.__version__


def test_a_wheel_has_the_librarys_version():
    import vae_lib

    setuptools = pytest.importorskip("setuptools.config.pyprojecttoml")
    assert setuptools.read_configuration(ROOT / "pyproject.toml")["project"]["version"] == (
        vae_lib.__version__
    )


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_has_a_time_limit_and_calls_targets_that_exist(dry_make, path):
    for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
        assert job["timeout-minutes"] > 0
        for step in job["steps"]:
            for targets in re.findall(r"\bmake (.+)", step.get("run", "")):
                done = dry_make(*targets.split())
                assert done.returncode == 0, done.stderr


def test_no_digits_are_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("This is not a git checkout, so there is no list of committed files.")
    data = [
        name
        for name in tracked.stdout.split()
        if name.endswith((".npz", ".npy", ".gz", ".h5", ".keras", ".csv"))
    ]
    shipped = ("vae_lib/pretrained/", "vae_lib/results/")
    assert [name for name in data if not name.startswith(shipped)] == []


def run(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
