"""The series as a reader meets it: structure, captions, links, and notebook 06's choice of a model.

That every cell runs and gives its stored output is nbval's to check (make test-notebooks).
"""

import base64
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cell_names import find_changed, find_needed, find_taken_from_optional
from tools.publish import address
from tools.publish import notebooks as tool
from tools.publish.exercises import find_exercises
from tools.publish.notebooks import text

ROOT = Path(__file__).resolve().parents[1]

SERIES = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in tool.NOTEBOOKS}
PICTURES = ("image/png", "image/svg+xml")
each = pytest.mark.parametrize("name", SERIES)


def code_cells(name: str) -> list[dict]:
    return [cell for cell in SERIES[name]["cells"] if cell["cell_type"] == "code"]


def prose(name: str) -> str:
    return "\n".join(
        text(cell) for cell in SERIES[name]["cells"] if cell["cell_type"] == "markdown"
    )


def shows_a_widget(output: dict) -> bool:
    """Whether an output is the picture of a widget, which needs no caption."""
    return tool.RUN_ME in "".join(output.get("data", {}).get("text/plain", ""))


def pictures(name: str) -> list[tuple[dict, dict]]:
    """What is stored about each figure, and the cell below it."""
    cells = SERIES[name]["cells"]
    found = []
    for number, cell in enumerate(cells):
        for output in cell.get("outputs", ()):
            kinds = set(output.get("data", {})) & set(PICTURES)
            if kinds and not shows_a_widget(output):
                found.append((output["metadata"][min(kinds)], cells[number + 1]))
    return found


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def test_the_series_is_whole():
    assert [name[:2] for name in SERIES] == [f"{number:02}" for number in range(len(SERIES))]


@each
def test_the_first_cell_looks_for_the_library_and_stays_silent(name):
    cell = code_cells(name)[0]
    assert text(cell) == tool.make_first_cell(address.stored(ROOT))
    assert (
        cell["metadata"] == {"jupyter": {"source_hidden": True}, "tags": ["colab"]}
        and cell["outputs"] == []
    )


@each
def test_the_last_cell_asks_to_close_the_tab(name):
    """Above the link to the next notebook, because kernels that stay open add up."""
    is_last = name == max(SERIES)
    closing = tool.CLOSE_AT_END if is_last else tool.CLOSE_BEFORE_NEXT
    last = text(SERIES[name]["cells"][-1])
    above, links = last.rsplit("\n\n", 1)
    assert above.endswith(f"\n\n{closing}") and links.startswith("[")
    assert tool.write_closing(last, closing) == last
    assert tool.write_closing(last.replace(f"\n\n{closing}", ""), closing) == last


@each
def test_stored_clean(name):
    assert tool.find_faults(ROOT / "notebooks" / name) == []


@each
def test_it_has_every_part(name):
    words = prose(name)
    for part in ("You will", "## Where it breaks", "## Exercises", "## Key points"):
        assert part in words, part


@each
def test_every_figure_has_caption_and_alternative_text(name):
    found = pictures(name)
    for number, (about, below) in enumerate(found, 1):
        alt = about["alt"]
        assert not re.search(r"[{}]|np\.", alt), "an object, not words"
        assert len(alt) > 20
        assert below["cell_type"] == "markdown"
        assert text(below).startswith(f"**Figure {int(name[:2])}.{number}.** "), text(below)[:60]
    assert found


def test_where_a_widget_is_shown_its_picture_is_stored_with_alternative_text():
    shown = [
        output
        for name in SERIES
        for cell in code_cells(name)
        for output in cell["outputs"]
        if shows_a_widget(output)
    ]
    pictured = [output for output in shown if "image/png" in output["data"]]
    # notebook 10 shows sliders of a class of its own, of which there is no picture
    assert len(pictured) == len(shown) - 1 >= 10
    for output in pictured:
        assert output["metadata"]["image/png"]["alt"].startswith("A picture of the widget ")


@each
def test_a_cell_that_hides_from_comparison_is_followed_by_an_assertion(name):
    cells = code_cells(name)
    for number, cell in enumerate(cells):
        if "nbval-ignore-output" in tags(cell):
            following = [text(cell) for cell in cells[number + 1 : number + 3]]
            assert any("assert" in source for source in following), text(cell)


@each
def test_every_exercise_has_a_solution_and_a_check_that_stores_what_it_says(name):
    exercises = find_exercises(SERIES[name])
    assert exercises
    for exercise in exercises:
        assert exercise.number.startswith(name[:2])
        printed = "".join(exercise.check["outputs"][0]["text"])
        assert printed.startswith(f"✗ {exercise.number}: still open")


@each
def test_no_cell_takes_a_name_that_a_later_cell_sets_anew(name):
    cells = {
        number: text(cell)
        for number, cell in enumerate(SERIES[name]["cells"])
        if cell["cell_type"] == "code" and "colab" not in tags(cell)
    }
    assert find_changed(cells) == []


def test_a_name_that_is_set_anew_is_found():
    first = "def area():\n    return width * height\n\narea()"
    cells = {1: "width = height = 2", 3: first, 4: "import height\n[width for width in (1, 2)]"}
    assert find_changed(cells) == []
    assert find_changed({**cells, 7: "for width in (1, 2):\n    pass"}) == [(3, "width", 7)]


@each
def test_no_cell_takes_a_name_that_only_a_section_marked_optional_sets(name):
    cells = [(cell["cell_type"], text(cell)) for cell in SERIES[name]["cells"]]
    assert find_taken_from_optional(cells) == []


def test_a_name_from_a_section_that_may_wait_is_found():
    optional = [("markdown", "## Further †\nwords"), ("code", "import math\nspare = both = 1")]
    within = [("markdown", "### A part of it"), ("code", "spare + 1")]
    after = [("markdown", "words\n\n## Next"), ("code", "math.pi + spare + both")]
    assert find_taken_from_optional([*optional, *within]) == []
    cells = [("code", "both = 2"), *optional, *within, *after]
    assert find_taken_from_optional(cells) == [(6, "math"), (6, "spare")]


def test_the_cells_that_a_cell_needs_are_found():
    cells = {
        0: "import math",
        2: "width = 1",
        3: "width = 2",
        5: "def area(height):\n    return width * height",
        6: "print(width)",
        8: "shown = area(math.pi)",
    }
    assert find_needed(cells, [8]) == [0, 3, 5, 8]
    assert find_needed(cells, [2, 3]) == [2, 3]


def test_a_picture_of_the_idea_stands_above_the_first_code_that_is_not_folded_away():
    above = itertools.takewhile(
        lambda cell: cell["cell_type"] == "markdown" or tool.is_folded(cell),
        SERIES["00_start_here.ipynb"]["cells"],
    )
    shown = [name for cell in above for name in cell.get("attachments", {})]
    assert shown == ["schematic.png"]


def test_an_attached_picture_is_the_one_in_docs_which_the_book_shows_in_its_place():
    for name, notebook in SERIES.items():
        for cell in notebook["cells"]:
            for picture, data in cell.get("attachments", {}).items():
                stored = base64.b64decode(data["image/png"])
                assert stored == (ROOT / "docs" / picture).read_bytes(), name


@each
def test_links_resolve(name):
    for link in re.findall(r"\]\(([^)]+)\)", prose(name)):
        if not link.startswith(("http", "attachment:")):
            assert (ROOT / "notebooks" / link.partition("#")[0]).is_file(), link


@each
def test_neighbours_are_linked(name):
    names = list(SERIES)
    position = names.index(name)
    for neighbour in names[max(position - 1, 0) : position] + names[position + 1 : position + 2]:
        assert f"]({neighbour})" in prose(name)


def test_a_picture_that_differs_in_its_bytes_fails_no_comparison_and_a_text_does(tmp_path):
    import nbformat

    def validate(kind):
        source = f"display({{{kind!r}: '<svg/>'}}, raw=True)"
        stored = nbformat.v4.new_output("display_data", {kind: "<svg>another</svg>"})
        cell = nbformat.v4.new_code_cell(source, outputs=[stored], execution_count=1)
        path = tmp_path / "picture.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
        command = [sys.executable, "-m", "pytest", "-p", "conftest", "--nbval", path]
        command += ["--nbval-current-env", "--rootdir", tmp_path]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, env=environment, capture_output=True).returncode

    assert validate("image/svg+xml") == 0
    assert validate("text/html") == 1


@pytest.mark.parametrize(
    ("epochs", "kl_weight"),
    [
        pytest.param(40, 1.0, marks=pytest.mark.again, id="as good as ours"),
        pytest.param(1, 1.0, marks=pytest.mark.again, id="after one epoch"),
        pytest.param(2, 10.0, id="collapsed"),
    ],
)
def test_notebook_06_takes_the_readers_own_model(tmp_path, digits, monkeypatch, epochs, kl_weight):
    """Whatever it is like: what the notebook asserts holds for the shipped model alone."""
    import nbformat
    from nbclient import NotebookClient

    from vae_lib import training
    from vae_lib.models import build_vae

    monkeypatch.setenv("VAE_LIB_HOME", str(tmp_path))
    vae = build_vae(kl_weight=kl_weight)
    run = training.train(vae, digits, epochs=epochs, batch_size=64, progress=False)
    training.save_own(vae, run, "sklearn")
    path = next(path for path in tool.NOTEBOOKS if path.name.startswith("06"))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env={**os.environ, "VAE_LIB_SOURCE": "sklearn"})
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    printed = [output for output in outputs if output.output_type == "stream"]
    assert any("your own, from notebook 05" in output.text for output in printed)
    assert [output.text for output in printed if output.name == "stderr"] == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL.")
def test_run_all_resumes_notebook_05_after_its_kernel_was_killed_in_training(tmp_path):
    """The cells that the check of the trained model needs, on the stand-in digits."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    path = next(path for path in tool.NOTEBOOKS if path.name.startswith("05"))
    environment = {**os.environ, "VAE_LIB_SOURCE": "sklearn", "VAE_LIB_HOME": str(tmp_path)}
    notebook = nbformat.read(path, as_version=4)
    code = {i: cell.source for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
    checks = [i for i, source in code.items() if 'assert ends["val_loss"]' in source]
    notebook.cells = [notebook.cells[i] for i in find_needed(code, checks)]
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
    # the last cell asserts that the model is as good as an undisturbed one
    client.execute(env=environment)
    printed = "".join(output.get("text", "") for output in training.outputs)
    done = re.search(r"Going on after epoch (\d+) of 60, where this run was interrupted", printed)
    assert 3 <= int(done[1]) < 60
    assert checkpoints() == []
