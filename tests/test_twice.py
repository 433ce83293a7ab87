"""Cells that are run twice in a row, and alone after "run all": the same result, or what to do.

On the stand-in digits, a quarter of an hour in all: make test-again runs these.
"""

import copy
import re
from collections import defaultdict

import pytest

from tools.publish import notebooks

pytestmark = pytest.mark.again

# the one line that a training adds when it is run again after a stop, as its docstring promises
GOING_ON = re.compile(r"^Going on after epoch .*\n", re.M)
NUMBER = re.compile(r"[-+−]?\d[\d,.]*(e[-+]\d+)?%?|nan|inf")


def run_again_and_again(path, **environment):
    """Every code cell twice in a row, and then, in the opposite order, once more.

    Backwards, because each cell then meets what "run all" has left behind, and nothing that the
    cells before it have just put right.

    Returns:
        For each cell, by its place: what it printed or raised, three times.
    """
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    places = [place for place in range(len(code)) for _ in range(2)]
    places += reversed(range(len(code)))
    notebook.cells = [copy.deepcopy(code[place]) for place in places]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata.tags = [*cell.metadata.get("tags", []), "raises-exception"]
    notebooks.execute(notebook, path.parent, VAE_LIB_SOURCE="sklearn", **environment)
    results = defaultdict(list)
    for place, cell in zip(places, notebook.cells, strict=True):
        results[place].append(cell)
    return list(results.values())


def words(cell):
    """What a cell shows, in words; without numbers where they are those of a new sample."""
    shown = []
    for output in cell.outputs:
        if output.output_type == "error":
            shown.append(f"{output.ename}: {output.evalue}")
        elif output.output_type != "stream":
            shown.append(output.data.get("text/plain", ""))
        else:
            shown.append(output.text)
    text = GOING_ON.sub("", "\n".join(shown))
    if "nbval-ignore-output" in cell.metadata.tags:
        return NUMBER.sub("#", re.sub(r"\s+", " ", text))
    return text


def find_faults(results):
    """A line for each cell that does not keep what the kind promises."""
    faults = []
    for runs in results:
        first = words(runs[0])
        for when, cell in zip(("run once", "run again", "run after all"), runs, strict=True):
            said = words(cell)
            errors = [output for output in cell.outputs if output.output_type == "error"]
            for error in errors:
                if not says_what_to_do(error):
                    faults.append(f"{when}: {said[:200]!r} in\n{cell.source}")
            if not errors and said != first:
                faults.append(f"{when}: {said!r} in place of {first!r} in\n{cell.source}")
            if any(output.get("name") == "stderr" for output in cell.outputs):
                faults.append(f"{when}: stderr in\n{cell.source}")
    return faults


def says_what_to_do(error):
    """Whether an error is one sentence of ours, such as "…: run its cell again."."""
    return error.evalue.endswith(".") and "\n" not in error.evalue and "run" in error.evalue


@pytest.mark.parametrize("path", notebooks.NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_can_be_run_again(path):
    faults = find_faults(run_again_and_again(path))
    assert not faults, "\n\n".join(faults)
