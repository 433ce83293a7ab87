"""The whole proof, in minutes: every student copy runs to its end, and each check finds its exercise open.

On the stand-in digits, which cost least: what an untouched exercise does is the same on any.
That each check passes with the solution is what the masters' stored outputs say, which nbval compares.
"""

import json
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tools.publish import copies as tool
from tools.publish import notebooks

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("path", notebooks.NOTEBOOKS, ids=lambda path: path.stem)
def test_a_student_copy_runs_and_every_check_finds_its_exercise_open(path):
    master = json.loads(path.read_text(encoding="utf-8"))
    student = nbformat.reads(notebooks.to_json(tool.make_student(master)), as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        student, timeout=600, kernel_name="python3", store_widget_state=False, resources=resources
    )
    client.execute(env={**os.environ, "VAE_LIB_SOURCE": "sklearn"})  # raises where a cell does
    numbers = {cell["id"]: number for number, (_, cell) in tool.exercises(master).items()}
    checks = [cell for cell in student.cells if cell.id in numbers]
    assert len(checks) == len(numbers) >= 2
    for cell in checks:
        (output,) = cell.outputs
        assert output["text"].startswith(f"✗ {numbers[cell.id]}: still open"), output["text"]
