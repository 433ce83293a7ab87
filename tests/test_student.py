"""Every solution passes its check, in its notebook: the instructors' copies run to their end.

On the stand-in digits, a few minutes in all: make test-student runs these. That an untouched
exercise stops nothing is what nbval compares, for the masters' exercises stand open.
"""

import json

import pytest

from tools.publish import copies, notebooks
from tools.publish.exercises import find_exercises

pytestmark = pytest.mark.student


@pytest.mark.parametrize("path", notebooks.NOTEBOOKS, ids=lambda path: path.stem)
def test_every_solution_passes_its_check(path):
    import nbformat

    master = json.loads(path.read_text(encoding="utf-8"))
    instructor = copies.make_instructor(master, "notes")
    notebook = nbformat.reads(notebooks.to_json(instructor), as_version=4)
    notebooks.execute(notebook, path.parent, VAE_LIB_SOURCE="sklearn")
    printed = {}
    for exercise in find_exercises(master):
        check = next(cell for cell in notebook.cells if cell["id"] == exercise.check["id"])
        printed[exercise.number] = check.outputs[0].text
    assert printed
    for number, words in printed.items():
        assert words.startswith(f"✓ {number}"), words
