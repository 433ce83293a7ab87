"""The copies for a class: what is taken out, what is put in, and what an untouched exercise says.

That every solution passes its check in the notebook itself is tests/test_student.py's to prove.
"""

import builtins
import json
import os
import re
import subprocess
import sys
from inspect import signature
from unittest.mock import MagicMock

import pytest

from tests.test_checks import ANSWERS
from tools.publish import copies, notebooks
from tools.publish.address import OPEN_LINK
from tools.publish.exercises import find_exercises
from tools.publish.notebooks import text
from vae_lib.checks import EXERCISES as KNOWN
from vae_lib.checks import check

SERIES = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in notebooks.NOTEBOOKS}
EXERCISES = {
    exercise.number: exercise for master in SERIES.values() for exercise in find_exercises(master)
}
# an exercise that is given nothing: its answer is a number
PLAIN = next(number for number, known in KNOWN.items() if not signature(known.answers).parameters)
each = pytest.mark.parametrize("name", SERIES)


class Names(dict):
    """Stands in for all that a notebook has made before an exercise."""

    def __missing__(self, name: str) -> MagicMock:
        if hasattr(builtins, name):
            raise KeyError(name)
        return MagicMock()


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    folder = tmp_path_factory.mktemp("build")
    copies.main(folder)
    return folder


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cell(kind, source, *tags):
    outputs = {"outputs": [], "execution_count": None} if kind == "code" else {}
    metadata = {"tags": list(tags)}
    return {"cell_type": kind, "id": "x", "metadata": metadata, "source": source, **outputs}


def made_up(*middle):
    """A notebook with one exercise, its solution and its check between two texts."""
    return {"cells": [cell("markdown", "# T"), *middle, cell("markdown", "after")], "metadata": {}}


OPEN = cell("code", "given = 1\nmy_kl = ...", "exercise")
SOLVED = cell(
    "markdown",
    "<details><summary>Solution</summary>\n\n```python\nmy_kl = given + 1\n```\n\n</details>",
    "solution",
)
CHECKED = cell("code", 'check("02.1", my_kl, given=given)')


def test_an_exercise_is_a_stub_a_solution_and_a_check():
    (exercise,) = find_exercises(made_up(OPEN, SOLVED, CHECKED))
    assert exercise.number == "02.1" and exercise.check is CHECKED
    assert exercise.stub == "given = 1\nmy_kl = ..." and exercise.solution == "my_kl = given + 1\n"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ((OPEN, SOLVED), "No check follows the exercise 'given = 1"),
        ((OPEN, CHECKED), "Exercise 02.1 has no solution"),
    ],
)
def test_half_an_exercise_is_refused(cells, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        find_exercises(made_up(*cells))


def test_a_student_copy_of_an_exercise_has_the_stub_and_the_check_alone():
    student = copies.make_student(made_up(OPEN, SOLVED, CHECKED))
    assert [text(cell) for cell in student["cells"]] == ["# T", text(OPEN), text(CHECKED), "after"]


def test_an_instructors_copy_has_the_solution_where_the_student_writes():
    copy = copies.make_instructor(made_up(OPEN, SOLVED, CHECKED), "Ask.")
    assert text(copy["cells"][1]) == "> Ask."
    names = {"check": lambda number, answer, given: None}
    exec(text(copy["cells"][2]), names)
    assert names["my_kl"] == 2


@each
def test_a_student_copy_has_no_solution_no_output_and_no_way_to_the_master(name, build):
    written = (build / "student" / name).read_text(encoding="utf-8")
    assert "mybinder.org" not in written
    student = read(build / "student" / name)
    for cell in student["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
        assert "solution" not in cell["metadata"].get("tags", [])
    code = "\n".join(text(cell) for cell in student["cells"] if cell["cell_type"] == "code")
    for exercise in find_exercises(SERIES[name]):
        for line in exercise.solution.splitlines():
            assert line in exercise.stub or line not in code, line


@each
def test_no_cell_of_a_student_copy_answers_an_exercise(name, build):
    for cell in read(build / "student" / name)["cells"]:
        for words in ("<summary>Solution", "odel answer"):
            assert words not in text(cell), cell["id"]


@each
def test_a_student_copy_differs_from_the_master_in_nothing_else(name, build):
    exercises = {exercise.cell["id"] for exercise in find_exercises(SERIES[name])}
    student = {cell["id"]: cell for cell in read(build / "student" / name)["cells"]}
    for master in SERIES[name]["cells"]:
        if "solution" in master["metadata"].get("tags", []):
            assert master["id"] not in student
        elif master["id"] not in exercises:
            assert text(student[master["id"]]) == OPEN_LINK.sub("", text(master))


@pytest.mark.parametrize("number", EXERCISES)
def test_an_untouched_exercise_runs_and_its_check_says_that_it_is_open(number, capsys):
    names = Names()
    exec("from vae_lib.checks import check", names)
    exec(EXERCISES[number].stub, names)
    exec(text(EXERCISES[number].check), names)
    assert capsys.readouterr().out.startswith(f"✗ {number}: still open")


def test_every_exercise_of_the_checks_is_in_the_series():
    assert sorted(EXERCISES) == sorted(KNOWN)


@each
def test_an_instructors_copy_shows_outputs_and_notes(name, build):
    copy = read(build / "instructor" / name)
    title, note, *_ = copy["cells"]
    assert text(title).startswith("# ") and note["metadata"]["tags"] == ["teaching-notes"]
    assert all(line.startswith(">") for line in text(note).splitlines())
    touched = {
        part["id"]
        for exercise in find_exercises(SERIES[name])
        for part in (exercise.cell, exercise.check)
    }
    rest = [cell for cell in copy["cells"] if cell is not note]
    for cell, master in zip(rest, SERIES[name]["cells"], strict=True):
        if cell["id"] not in touched:
            assert text(cell) == text(master)
            assert cell.get("outputs") == master.get("outputs")


def test_notes_are_the_guides_section():
    guide = "# Guide\n\n## 01 · Data\n\nOne.\n\n## 02 · The loss\n\nTwo.\n\n### Ask\n\n- Why?"
    notes = copies.find_notes("02_loss.ipynb", guide)
    assert notes.split("\n\n") == ["**Notes for the teacher**", "Two.", "**Ask**", "- Why?"]
    assert copies.find_notes("02_loss.ipynb", "") == "**Notes for the teacher**"


@each
@pytest.mark.parametrize("kind", ["student", "instructor", "nbgrader/source/vae"])
def test_links_between_the_notebooks_hold_in_every_copy(kind, name, build):
    cells = read(build / kind / name)["cells"]
    words = "\n".join(text(cell) for cell in cells if cell["cell_type"] == "markdown")
    links = re.findall(r"\]\(([^)#]+\.ipynb)[^)]*\)", words)
    for link in links:
        if not link.startswith("http"):
            assert (build / kind / link).is_file(), link


@pytest.mark.parametrize("kind", ["student", "instructor"])
def test_a_copy_carries_what_it_needs(kind, build):
    needed = ("README.md", "requirements.txt", "LICENSE", "vae_lib/pretrained/mnist-2d.npz")
    for path in needed:
        assert (build / kind / path).is_file(), path
    assert not list((build / kind).rglob("__pycache__"))


def test_the_students_checks_judge_as_ours_do_and_can_not_be_read(build):
    written = (build / "student/vae_lib/checks.py").read_text(encoding="utf-8")
    assert not any(exercise.reading in written for exercise in KNOWN.values())
    for _, mistakes in ANSWERS.values():
        assert not any(message in written for message in mistakes)
    right, mistakes = ANSWERS[PLAIN]
    wrong = next(iter(mistakes.values()))
    code = (
        "from vae_lib.checks import check\n"
        f"for answer in ({float(right)!r}, {float(wrong)!r}, ...): check({PLAIN!r}, answer)"
    )
    environment = {**os.environ, "PYTHONPATH": str(build / "student")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=build, capture_output=True, text=True
    )
    assert [line[0] for line in done.stdout.splitlines()] == ["✓", "✗", "✗"], done.stderr


def test_nbgraders_source_opens_each_exercise_once_and_gives_a_point_for_its_check(build):
    for name in SERIES:
        cells = read(build / "nbgrader/source/vae" / name)["cells"]
        marks = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
        count = len(find_exercises(SERIES[name]))
        assert [mark["solution"] for mark in marks] == [True, False] * count
        assert [mark.get("points") for mark in marks] == [None, 1] * count
        assert len({mark["grade_id"] for mark in marks}) == len(marks)


def test_a_check_raises_for_nbgrader_and_for_nobody_else(monkeypatch, capsys):
    right, mistakes = ANSWERS[PLAIN]
    message, mistake = next(iter(mistakes.items()))
    check(PLAIN, ...)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    check(PLAIN, right)
    with pytest.raises(AssertionError, match=re.escape(message)):
        check(PLAIN, mistake)
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == ["✗", "✓", "✗"]
