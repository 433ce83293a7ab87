"""The series as a reader meets it: structure, captions, links, and notebook 06's choice of a model.

That every cell runs and gives its stored output is nbval's to check (make test-notebooks).
"""

import json
import os
import re
import signal
import statistics
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tools.publish import notebooks as tool
from tools.publish.notebooks import text

ROOT = Path(__file__).resolve().parents[1]

SERIES = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in tool.NOTEBOOKS}
each = pytest.mark.parametrize("name", SERIES)


def code_cells(name: str) -> list[dict]:
    return [cell for cell in SERIES[name]["cells"] if cell["cell_type"] == "code"]


def prose(name: str) -> str:
    return "\n".join(
        text(cell) for cell in SERIES[name]["cells"] if cell["cell_type"] == "markdown"
    )


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def test_the_series_is_whole():
    assert [name[:2] for name in SERIES] == [f"{number:02}" for number in range(len(SERIES))]


@each
def test_the_first_cell_is_for_colab_alone(name):
    cell = code_cells(name)[0]
    assert text(cell) == tool.COLAB.format(tool.repository())
    assert (
        cell["metadata"] == {"jupyter": {"source_hidden": True}, "tags": ["colab"]}
        and cell["outputs"] == []
    )


@pytest.mark.parametrize("page", [*SERIES, "README.md"])
def test_badges_open_notebooks_that_exist_and_their_own(page):
    words = prose(page) if page in SERIES else (ROOT / page).read_text(encoding="utf-8")
    opened = re.findall(r"/HEAD(?:\?labpath=|/)notebooks(?:%2F|/)([\w.]+\.ipynb)", words)
    assert set(opened) == ({page} if page in SERIES else set(SERIES)) and len(opened) >= 2


@each
def test_stored_clean(name):
    assert tool.find_faults(ROOT / "notebooks" / name) == []


@each
def test_cells_are_short(name):
    lengths = [
        sum(bool(line.strip()) for line in text(cell).splitlines()) for cell in code_cells(name)
    ]
    assert max(lengths) <= 25
    assert statistics.median(lengths) <= 7


@each
def test_a_sentence_stands_before_each_cell_and_prose_outweighs_code(name):
    lines = sum(bool(line.strip()) for cell in code_cells(name) for line in text(cell).splitlines())
    assert (
        5 <= len(prose(name).split()) / lines <= (25 if name.startswith("00") else 18)
    )  # 00 is a map


@each
def test_it_has_every_part(name):
    words = prose(name)
    for part in ("You will\n", "## Where it breaks", "## Exercises", "## Key points"):
        assert part in words, part
    assert 2 <= len(re.findall(rf"^\*\*{name[:2]}\.\d\*\* ", words, re.M)) <= 3


@each
def test_every_figure_has_caption_and_alternative_text(name):
    cells = SERIES[name]["cells"]
    pictures = [
        (output, cells[number + 1])
        for number, cell in enumerate(cells)
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    for number, (output, below) in enumerate(pictures, 1):
        alt = output["metadata"]["image/png"]["alt"]
        assert not re.search(r"[{}]|np\.", alt), "an object, not words"
        assert len(alt) > 20
        assert below["cell_type"] == "markdown"
        assert text(below).startswith(f"**Figure {int(name[:2])}.{number}.** "), text(below)[:60]
    assert len(pictures) >= 2


@each
def test_figures_come_before_formulas(name):
    for cell in SERIES[name]["cells"]:
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", ())):
            return
        assert "$" not in text(cell) or cell["cell_type"] == "code", text(cell)[:80]


@each
def test_few_cells_hide_from_comparison_and_each_is_followed_by_an_assertion(name):
    cells = code_cells(name)
    ignored = [number for number, cell in enumerate(cells) if "nbval-ignore-output" in tags(cell)]
    assert len(ignored) <= 0.25 * sum(bool(cell["outputs"]) for cell in cells)
    for number in ignored:
        following = [text(cell) for cell in cells[number + 1 : number + 3]]
        assert any("assert" in source for source in following), text(cells[number])


@each
def test_exercises_are_solved_collapsed_and_checked(name):
    cells = code_cells(name)
    solved = [number for number, cell in enumerate(cells) if "### BEGIN SOLUTION" in text(cell)]
    assert 2 <= len(solved) <= 3
    for exercise, number in enumerate(solved, 1):
        assert text(cells[number]).strip().endswith("### END SOLUTION")
        assert cells[number]["metadata"]["jupyter"] == {"source_hidden": True}
        assert f'check("{name[:2]}.{exercise}"' in text(cells[number + 1])
        assert "".join(cells[number + 1]["outputs"][0]["text"]).startswith("✓")


@each
def test_links_resolve(name):
    for link in re.findall(r"\]\(([^)]+)\)", prose(name)):
        if not link.startswith("http"):
            assert (ROOT / "notebooks" / link.partition("#")[0]).is_file(), link


@each
def test_neighbours_are_linked(name):
    names = list(SERIES)
    position = names.index(name)
    for neighbour in names[max(position - 1, 0) : position] + names[position + 1 : position + 2]:
        assert f"]({neighbour})" in prose(name)


@pytest.mark.parametrize("name", [*SERIES, "README.md"])
def test_badges_carry_the_one_public_address(name):
    words = prose(name) if name in SERIES else (ROOT / name).read_text(encoding="utf-8")
    found = tool.ADDRESS.findall(words)
    assert found
    assert words == tool.ADDRESS.sub(rf"\g<1>{tool.repository()}", words)


def test_notebook_06_takes_the_readers_own_model(tmp_path, digits, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    from vae_lib import training
    from vae_lib.models import build_vae

    monkeypatch.setenv("VAE_LIB_HOME", str(tmp_path))
    vae = build_vae()
    training.save_own(
        vae, training.train(vae, digits, epochs=40, batch_size=64, progress=False), "sklearn"
    )
    path = next(path for path in tool.NOTEBOOKS if path.name.startswith("06"))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env={**os.environ, "VAE_LIB_SOURCE": "sklearn"})
    printed = [
        o["text"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for o in cell.outputs
        if "text" in o
    ]
    assert any("your own model, from notebook 05" in words for words in printed)


def test_run_all_resumes_notebook_05_after_its_kernel_was_killed_in_training(tmp_path):
    """Up to the check of the trained model, on the stand-in digits."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    path = next(path for path in tool.NOTEBOOKS if path.name.startswith("05"))
    environment = {**os.environ, "VAE_LIB_SOURCE": "sklearn", "VAE_LIB_HOME": str(tmp_path)}
    notebook = nbformat.read(path, as_version=4)
    end = next(
        number
        for number, cell in enumerate(notebook.cells)
        if 'assert last["val_loss"]' in cell.source
    )
    notebook.cells = notebook.cells[: end + 1]
    training = next(cell for cell in notebook.cells if "training.train(" in cell.source)
    client = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    killed = threading.Event()

    def checkpoints():  # a file still being written has a process's number and a dash in its name
        return [file for file in (tmp_path / "checkpoints").glob("*.npz") if "-" not in file.name]

    def kill_after_three_epochs():
        seen = set()
        while len(seen) < 3 and not killed.wait(0.01):
            with suppress(OSError):  # none yet, or about to be replaced
                seen |= {file.stat().st_mtime_ns for file in checkpoints()}
        os.kill(client.km.provisioner.pid, signal.SIGKILL)

    threading.Thread(target=kill_after_three_epochs, daemon=True).start()
    with pytest.raises(DeadKernelError):
        client.execute(env=environment)
    killed.set()
    assert len(checkpoints()) == 1

    client = NotebookClient(notebook, kernel_name="python3", resources=client.resources)
    client.execute(
        env=environment
    )  # the last cell asserts that the model is as good as an undisturbed one
    printed = "".join(output.get("text", "") for output in training.outputs)
    done = re.search(r"Going on after epoch (\d+) of 60, where this run was interrupted", printed)
    assert 3 <= int(done[1]) < 60
    assert checkpoints() == []


@each
def test_published_html_keeps_the_alternative_texts(name):
    from tools.publish import pages

    html = pages.export(ROOT / "notebooks" / name)
    pictures = re.findall(r"<img[^>]*?alt=\"([^\"]*)", html.replace("\n", " "))
    assert len(pictures) == html.count("<img") and "No description" not in html
    assert sum(alt.startswith(f"Figure {int(name[:2])}.") for alt in pictures) >= 2
