"""What others make of the notebooks: scripts, copies by jupytext and papermill, PDF, HTML."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbconvert import HTMLExporter, PythonExporter, ScriptExporter, WebPDFExporter
from PIL import Image

from tests.test_notebooks import pictures
from tools import browser
from tools.publish.notebooks import NOTEBOOKS
from vae_lib import plots

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def run_script(path, folder):
    """Run a notebook as a script of its own in an empty folder, on the stand-in digits.

    Its output goes to a pipe that takes ASCII alone: that of Windows takes little more.
    """
    code, _ = PythonExporter().from_filename(str(path))
    script = folder / f"{path.stem}.py"
    script.write_text(code, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(path.parents[1]), "VAE_LIB_SOURCE": "sklearn"}
    environment |= {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, script.name]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=600)


def require_figures(done, path, folder):
    """The script has ended well, and each figure of the notebook is a file with its words."""
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert b"PNG" not in done.stdout
    said = done.stdout.decode()
    saved = sorted((folder / "figures").glob("*.png"))
    alts = [about["alt"] for about, _ in pictures(path.name)]
    assert len(saved) >= len([alt for alt in alts if alt]) > 0
    for picture in saved:
        Image.open(picture).verify()
        line = next(line for line in said.splitlines() if picture.name in line)
        assert len(line) > len(f"[{Path('figures', picture.name)}] ") + 20  # and what it shows


@each
def test_a_notebook_exported_as_a_script_is_python(path):
    code, resources = ScriptExporter().from_filename(str(path))
    assert resources["output_extension"] == ".py"
    compile(code, path.name, "exec")


def test_a_script_saves_its_figures_and_says_what_they_show(tmp_path):
    start_here = NOTEBOOKS[0]
    require_figures(run_script(start_here, tmp_path), start_here, tmp_path)


@pytest.mark.again
@each
def test_every_notebook_runs_as_a_script(path, tmp_path):
    require_figures(run_script(path, tmp_path), path, tmp_path)


def test_a_figure_that_cannot_be_saved_is_told_in_words(tmp_path, monkeypatch, capsys):
    (tmp_path / "figures").write_text("in the way")
    monkeypatch.chdir(tmp_path)
    plots.show(plots.subplots()[0], alt="Axes.")
    said = capsys.readouterr().out
    assert said.startswith("[no figure: cannot write to ") and said.endswith("] Axes.\n")


def test_a_terminal_is_no_notebook(tmp_path, monkeypatch, capsys):
    class Terminal:  # IPython's, which would print the picture's words alone
        pass

    monkeypatch.setattr("IPython.core.getipython.get_ipython", Terminal)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.modules["vae_lib.plots.style"], "_saved", iter([7]))
    plots.show(plots.subplots()[0], alt="Axes.")
    assert capsys.readouterr().out == f"[{Path('figures', 'figure_07.png')}] Axes.\n"
    assert (tmp_path / "figures" / "figure_07.png").is_file()


@each
def test_the_classic_export_keeps_the_alternative_texts(path):
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(
        nbformat.read(path, as_version=4)
    )
    found = re.findall(r'<img[^>]*?alt="([^"]*)', page)
    alts = {" ".join(html.unescape(alt).split()) for alt in found}
    stored = {" ".join(about["alt"].split()) for about, _ in pictures(path.name)}
    assert stored <= alts | {""}


@each
@pytest.mark.parametrize("form", ["py:percent", "md"])
def test_jupytext_brings_back_every_cell(path, form):
    book = nbformat.read(path, as_version=4)
    again = jupytext.reads(jupytext.writes(book, fmt=form), fmt=form)
    assert [(cell.cell_type, cell.source) for cell in again.cells] == [
        (cell.cell_type, cell.source) for cell in book.cells
    ]


def test_papermill_runs_a_notebook(tmp_path):
    """From another folder, as people who schedule notebooks do."""
    start_here, result = NOTEBOOKS[0], tmp_path / "result.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", start_here, result]
    environment = {**os.environ, "VAE_LIB_SOURCE": "sklearn"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    cells = nbformat.read(result, as_version=4).cells
    assert all(cell.execution_count for cell in cells if cell.cell_type == "code")


@pytest.mark.browser
def test_a_notebook_becomes_a_pdf_with_all_its_pictures(monkeypatch):
    from playwright.async_api import BrowserType

    launch = BrowserType.launch

    def launch_ours(self, **options):
        return launch(self, executable_path=browser.find_chromium(), **options)

    monkeypatch.setattr(BrowserType, "launch", launch_ours)
    path = NOTEBOOKS[1]
    printed, _ = WebPDFExporter(disable_sandbox=True).from_filename(str(path))
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Subtype /Image") >= len(pictures(path.name))
