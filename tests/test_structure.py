"""The house as a whole: who imports whom, and what an import costs."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.publish import notebooks

ROOT = Path(__file__).resolve().parents[1]

LIBRARY = ROOT / "vae_lib"
MAY_IMPORT = {  # a room's own imports; what is not here may import nothing of ours
    "arrays": {"settings"},
    "data": {"arrays", "settings"},
    "evaluation": {"arrays", "formulas", "settings"},
    "formulas": {"arrays"},
    "inference": {"arrays", "formulas", "settings"},
    "losses": {"arrays", "settings"},
    "machine": {"settings"},
    "models": {"arrays", "layers", "losses", "settings"},
    "run": {"files"},
    "shipped": {"inference", "run"},
    "training": {"data", "files", "models", "run", "settings"},
}
PLOTS_MAY_IMPORT = {"arrays", "plots", "settings"}
COST_OF_IMPORT = """
import random
import sys
before = set(sys.modules)
state = random.getstate()
import vae_lib
print({name.split(".")[0] for name in set(sys.modules) - before}, state == random.getstate())
"""
WIDGETS_MAY_IMPORT = {
    *("arrays", "data", "formulas", "inference", "plots", "run", "settings", "shipped", "widgets")
}
LIGHT = sorted(WIDGETS_MAY_IMPORT | {"checks", "evaluation", "files", "machine"})


def rooms() -> list[Path]:
    return sorted(path for path in LIBRARY.glob("*.py") if path.stem != "__init__")


def widgets() -> list[Path]:
    return sorted((LIBRARY / "widgets").glob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


@pytest.mark.parametrize("path", rooms(), ids=lambda path: path.stem)
def test_imports_run_downward(path):
    names = {room.stem for room in rooms()}
    ours = {
        part[1]
        for name in imports(path)
        if (part := name.split("."))[0] == "vae_lib" and len(part) > 1
    }
    assert ours & names <= MAY_IMPORT.get(path.stem, set())


def plots() -> list[Path]:
    return sorted((LIBRARY / "plots").glob("*.py"))


@pytest.mark.parametrize("path", plots(), ids=lambda path: path.stem)
def test_plots_take_arrays(path):
    names = [name.split(".") for name in imports(path)]
    assert {name[1] for name in names if name[0] == "vae_lib"} <= PLOTS_MAY_IMPORT
    assert not {name[0] for name in names} & {"tensorflow", "keras"}


@pytest.mark.parametrize("path", widgets(), ids=lambda path: path.stem)
def test_widgets_take_arrays_and_numpy_models(path):
    ours = {
        part[1]
        for name in imports(path)
        if (part := name.split("."))[0] == "vae_lib" and len(part) > 1
    }
    assert ours <= WIDGETS_MAY_IMPORT
    assert not {name.split(".")[0] for name in imports(path)} & {"tensorflow", "keras"}


@pytest.mark.parametrize(
    "path", [p for p in rooms() if p.stem in ("losses", "layers", "models")], ids=lambda p: p.stem
)
def test_model_code_is_free_of_backends(path):
    assert not {name.split(".")[0] for name in imports(path)} & {"tensorflow", "torch", "jax"}


@pytest.mark.parametrize("room", LIGHT)
def test_light_rooms_never_load_tensorflow(room):
    loaded = run(f"import sys, vae_lib.{room}; print(*sys.modules)").split()
    assert not {"tensorflow", "keras"} & set(loaded)


def test_importing_the_library_costs_nothing():
    assert run(COST_OF_IMPORT) == "{'vae_lib'} True"


def test_public_functions_have_hints_and_docstrings():
    for path in [*rooms(), *plots(), *widgets()]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        bodies = [
            *tree.body,
            *(item for node in classes if node.name[0] != "_" for item in node.body),
        ]
        for node in bodies:
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
                where = f"{path.name}:{node.lineno} {node.name}"
                arguments = [
                    a for a in node.args.args + node.args.kwonlyargs if a.arg not in ("self", "cls")
                ]
                assert node.returns is not None and all(a.annotation for a in arguments), where
                inherited = (
                    "call",
                    "get_config",
                    "compute_output_shape",
                    "to_arrays",
                    "from_arrays",
                )
                is_inherited = node.name in inherited or node.name.startswith("on_")  # Keras' hooks
                assert is_inherited or ast.get_docstring(node), where


def test_one_version_everywhere():
    import vae_lib

    cited = re.search(
        r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M
    )[1]
    changed = re.search(
        r"^## ([\d.]+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M
    )[1]
    assert cited == changed == vae_lib.__version__
    assert 'version = { attr = "vae_lib.__version__" }' in (ROOT / "pyproject.toml").read_text(
        encoding="utf-8"
    )


def test_the_citation_names_the_public_address():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"repository-code: https://github.com/{notebooks.repository()}.git\n" in citation


def test_every_workflow_has_a_time_limit_and_calls_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert "timeout-minutes:" in text
        for words in re.findall(r"run: make (.+)", text):
            assert set(words.split()) <= targets, words


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
