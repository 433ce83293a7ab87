"""nbgrader, in its own environment, takes the series as an assignment, validates and grades it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tools.publish import copies
from tools.publish.exercises import find_exercises
from tools.publish.notebooks import ROOT, text

BIN = ROOT / ".venv-nbgrader" / "bin"
# graded in earnest, because they are light; all of the series is released
LIGHT = ("01_data_preparation", "07_latent_explorer")
EXERCISES = {
    name: find_exercises(json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8")))
    for name in LIGHT
}
POINTS = [len(exercises) for exercises in EXERCISES.values()]
STUDENTS = {"solved": POINTS, "untouched": [0, 0]}  # and what each notebook must bring them
QUERY = """
from nbgrader.api import Gradebook
import json
with Gradebook("sqlite:///gradebook.db") as book:
    graded = [book.find_submission_notebook(name, {assignment!r}, student)
              for student in {students} for name in {names}]
    print(json.dumps([[notebook.score, notebook.max_score] for notebook in graded]))
"""
pytestmark = [
    pytest.mark.nbgrader,
    pytest.mark.skipif(
        not (BIN / "nbgrader").exists(),
        reason="There is no .venv-nbgrader here: make nbgrader sets it up.",
    ),
]


def run(course: Path, *command: str) -> str:
    """What a program of nbgrader's environment prints, in the course's folder."""
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "VAE_LIB_SOURCE": "sklearn",
    }
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        environment[name] = str(course / "jupyter")
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=course,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def solve(notebook: dict, name: str) -> None:
    """Write the solutions into the cells that stand open."""
    solutions = {
        exercise.cell["id"]: f"{exercise.stub}\n{exercise.solution}" for exercise in EXERCISES[name]
    }
    for cell in notebook["cells"]:
        cell["source"] = solutions.get(cell["id"], cell["source"])


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course with its assignment released, and one submission a student."""
    build = tmp_path_factory.mktemp("course")
    copies.main(build)
    course = build / "nbgrader"
    run(course, "nbgrader", "generate_assignment", copies.ASSIGNMENT, "--create")
    for student in STUDENTS:
        folder = course / "submitted" / student / copies.ASSIGNMENT
        folder.mkdir(parents=True)
        for name in LIGHT:
            notebook = read(course / "release" / copies.ASSIGNMENT / f"{name}.ipynb")
            if student == "solved":
                solve(notebook, name)
            (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return course


def test_a_released_notebook_still_says_what_to_fill_in(course):
    for name, exercises in EXERCISES.items():
        released = read(course / "release" / copies.ASSIGNMENT / f"{name}.ipynb")
        sources = {cell["id"]: text(cell) for cell in released["cells"]}
        for exercise in exercises:
            assert sources[exercise.cell["id"]] == exercise.stub


@pytest.mark.parametrize("name", LIGHT)
def test_validation_passes_with_the_solutions(course, name):
    path = f"submitted/solved/{copies.ASSIGNMENT}/{name}.ipynb"
    words = run(course, "nbgrader", "validate", path)
    assert "Success! Your notebook passes all the tests." in words


@pytest.mark.parametrize("name", LIGHT)
def test_validation_fails_on_the_untouched_copy_and_hands_on_the_hint(course, name):
    count = len(EXERCISES[name])
    words = run(course, "nbgrader", "validate", str(course.parent / "student" / f"{name}.ipynb"))
    assert f"VALIDATION FAILED ON {count} CELL(S)" in words
    assert words.count("AssertionError: still open: replace the dots") == count


def test_grading_gives_every_point_for_the_solutions_and_none_for_the_untouched_copy(course):
    run(course, "nbgrader", "autograde", copies.ASSIGNMENT, "--create")
    query = QUERY.format(assignment=copies.ASSIGNMENT, students=list(STUDENTS), names=LIGHT)
    graded = json.loads(run(course, "python", "-c", query).splitlines()[-1])
    expected = []
    for scores in STUDENTS.values():
        expected += [[score, most] for score, most in zip(scores, POINTS)]
    assert graded == expected
