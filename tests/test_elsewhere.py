"""Colab, as far as it can be tried here: what its first cell asks for, and what the wheel holds."""

import os
import re
import shutil
import subprocess
import sys
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
shipped.load_ood_score(), shipped.load_result("price")
print("all there")
"""


PLACES = {
    "Colab": "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')",
    "Kaggle": "import os; os.environ['KAGGLE_KERNEL_RUN_TYPE'] = 'Interactive'",
    "VS Code": "import os; os.environ['VSCODE_PID'] = '1'",
    "anywhere": "",
}


def run_first_cell(folder, place, owner_name, installs=True):
    """Run the first cell in a kernel's shell without the library, and what pip would be asked for.

    Args:
        folder: an empty folder, in which the cell runs.
        place: a key of PLACES.
        owner_name: the public address, or "".
        installs: whether pip brings the library.

    Returns:
        What pip was asked for, and what a reader sees below the cell.
    """
    (folder / "brought").mkdir()
    brought = folder / "brought" / "vae_lib"
    code = f"""
import sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
sys.path[:] = [path for path in sys.path if not (Path(path) / "vae_lib").is_dir()]
sys.meta_path[:] = [one for one in sys.meta_path if "editable" not in repr(one).lower()]
sys.path.append({str(folder / "brought")!r})
{PLACES[place]}
def pip(line):
    print("pip", line)
    if {installs}:
        Path({str(brought)!r}).mkdir()
        Path({str(brought / "__init__.py")!r}).touch()
        Path({str(brought / "versions.py")!r}).write_text("def require_installed(): pass")
shell = InteractiveShell()
shell.register_magic_function(pip, magic_name="pip")
done = shell.run_cell({tool.make_first_cell(owner_name)!r})
print("went on" if done.success else "stopped")
"""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("place", ["Colab", "Kaggle"])
def test_on_colab_and_kaggle_the_first_cell_installs_the_library(tmp_path, place):
    assert run_first_cell(tmp_path, place, "ada/vae") == [
        "pip install --quiet git+https://github.com/ada/vae.git",
        "went on",
    ]


def test_where_that_fails_it_says_what_to_do_in_one_sentence(tmp_path):
    asked, sentence, end = run_first_cell(tmp_path, "Kaggle", "ada/vae", installs=False)
    assert asked.startswith("pip") and end == "stopped"
    assert "needs vae_lib" in sentence and "use the Internet (on Kaggle" in sentence


@pytest.mark.parametrize("place", PLACES)
def test_without_an_address_it_says_what_to_do_everywhere(tmp_path, place):
    sentence, end = run_first_cell(tmp_path, place, "")
    assert end == "stopped" and sentence == (
        "This notebook needs vae_lib, which this kernel's Python does not have: open it inside "
        "the folder of the series (upload that on Colab and Kaggle), run "
        '%pip install -e "..[tensorflow]" in a new cell, and restart the kernel.'
    )


@pytest.mark.parametrize("place", ["VS Code", "anywhere"])
def test_elsewhere_it_offers_the_line_that_mends_it_and_installs_nothing(tmp_path, place):
    sentence, end = run_first_cell(tmp_path, place, "ada/vae")
    assert end == "stopped" and sentence.endswith(
        'run %pip install "vae_lib[tensorflow] @ git+https://github.com/ada/vae.git" '
        "in a new cell, and restart the kernel."
    )


def test_a_folder_that_merely_has_the_name_is_not_the_library(tmp_path):
    (tmp_path / "vae_lib").mkdir()  # a clone under this name, seen from the folder above
    sentence, _ = run_first_cell(tmp_path, "anywhere", "")
    assert sentence.startswith("This notebook needs vae_lib")


@pytest.mark.parametrize("owner_name", ["", "ada/variational-autoencoders"])
def test_the_first_cell_fits_on_the_page(owner_name):
    assert max(map(len, tool.make_first_cell(owner_name).splitlines())) <= 88


@pytest.mark.parametrize("owner_name", ["", "ada/vae"])
def test_where_the_library_is_the_first_cell_is_silent(owner_name, capfd):
    from IPython.core.interactiveshell import InteractiveShell

    assert InteractiveShell().run_cell(tool.make_first_cell(owner_name)).success
    assert capfd.readouterr() == ("", "")


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
    here = {path.relative_to(ROOT) for path in (ROOT / "vae_lib").rglob("*") if path.is_file()}
    left_behind = ("__pycache__", "widgets/js/")  # the wheel has the built JavaScript alone
    here = {path.as_posix() for path in here}
    here = {name for name in here if not any(part in name for part in left_behind)}
    there = {
        path.relative_to(tmp_path / "installed").as_posix()
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
