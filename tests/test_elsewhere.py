"""Colab, as far as it can be tried here: what its first cell asks for, and what the wheel holds."""

import os
import re
import shutil
import subprocess
import sys
import types
import zipfile
from pathlib import Path

import pytest

from tools.publish import notebooks as tool

ROOT = Path(__file__).resolve().parents[1]

USES = """
import sys
from pathlib import Path
import vae_lib
from vae_lib import data, shipped
from vae_lib.shipped import load_pretrained
from vae_lib.widgets import explore_latent_space, explore_sliders
assert Path(vae_lib.__file__).is_relative_to(sys.argv[1]), vae_lib.__file__
digits = data.load_digits("sklearn")
for name in ("mnist-2d", "mnist-20d"):
    load_pretrained(name).decode([[0.0] * load_pretrained(name).latent_dim])
pad = explore_latent_space(load_pretrained(), *digits.test)
assert "export" in pad._esm and ".vae-widget" in pad._css
explore_sliders(load_pretrained().decode)
shipped.load_run(), shipped.load_reference_percentiles()
shipped.load_reference_set(), shipped.load_result("price")
print("all there")
"""


@pytest.mark.parametrize("on_colab", [True, False])
def test_the_first_cell_installs_on_colab_alone(monkeypatch, on_colab):
    from IPython.core.interactiveshell import InteractiveShell

    shell, asked = InteractiveShell(), []
    shell.register_magic_function(asked.append, magic_name="pip")
    if on_colab:
        monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    assert shell.run_cell(tool.COLAB.format(tool.repository())).success
    address = f"git+https://github.com/{tool.repository()}.git"
    assert asked == ([f"install --quiet {address}"] if on_colab else [])


def test_the_wheel_holds_all_that_notebooks_need(tmp_path):
    source = tmp_path / "source"  # building leaves files behind
    shutil.copytree(
        ROOT / "vae_lib", source / "vae_lib", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path),
        str(source),
    ]
    built = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if "No matching distribution found for setuptools" in built.stderr:
        pytest.skip("No network: pip cannot fetch setuptools, which builds the wheel.")
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    here = {str(path.relative_to(ROOT)) for path in (ROOT / "vae_lib").rglob("*") if path.is_file()}
    left_behind = ("__pycache__", "widgets/js/")  # the wheel has the built JavaScript alone
    here = {name for name in here if not any(part in name for part in left_behind)}
    there = {
        str(path.relative_to(tmp_path / "installed"))
        for path in (tmp_path / "installed" / "vae_lib").rglob("*")
    }
    assert here <= there
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    command = [sys.executable, "-c", USES, str(tmp_path / "installed")]
    used = subprocess.run(
        command, cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=120
    )
    assert used.stdout.strip().endswith("all there"), used.stderr


def test_the_page_about_elsewhere_marks_what_was_tried_and_links_what_exists():
    page = (ROOT / "docs" / "elsewhere.md").read_text(encoding="utf-8")
    rows = [
        line
        for line in page.splitlines()
        if line.startswith("| ") and not line.startswith("| where")
    ]
    assert rows and all(re.search(r"\| (tried|read)\b", row) for row in rows)
    assert all(
        (ROOT / "docs" / link).is_file() for link in re.findall(r"\]\((?!http)([^)]+)\)", page)
    )
