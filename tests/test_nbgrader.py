"""nbgrader itself, in its own environment, takes the series as an assignment, validates it and grades it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tools.publish import copies as tool

ROOT = Path(__file__).resolve().parents[1]

BIN = ROOT / ".venv-nbgrader" / "bin"
LIGHT = (
    "01_data_preparation",
    "07_latent_explorer",
)  # graded in earnest; all thirteen are released
MASTERS = [
    json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")) for name in LIGHT
]
POINTS = [len(tool.exercises(master)) for master in MASTERS]
STUDENTS = {"solved": POINTS, "untouched": [0, 0]}  # and what each notebook must bring them
pytestmark = pytest.mark.skipif(
    not (BIN / "nbgrader").exists(),
    reason="There is no .venv-nbgrader here: make nbgrader sets it up.",
)


def run(course: Path, *command: str) -> str:
    """What a program of nbgrader's environment prints, in the course's folder."""
    places = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "VAE_LIB_SOURCE": "sklearn",
    }
    folders = {
        name: str(course / "jupyter")
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=course,
        env={**os.environ, **places, **folders},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course with its assignment released, and one submission a student."""
    build = tmp_path_factory.mktemp("course")
    tool.main(build)
    course = build / "nbgrader"
    run(course, "nbgrader", "generate_assignment", tool.ASSIGNMENT, "--create")
    for student in STUDENTS:
        for name in LIGHT:
            notebook = read(course / "release" / tool.ASSIGNMENT / f"{name}.ipynb")
            if student == "solved":
                solved = tool.exercises(
                    read(course / "source" / tool.ASSIGNMENT / f"{name}.ipynb")
                ).values()
                answers = {cell["id"]: cell["source"] for cell, _ in solved}
                for cell in notebook["cells"]:
                    cell["source"] = answers.get(cell["id"], cell["source"])
            folder = course / "submitted" / student / tool.ASSIGNMENT
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return course


def test_what_nbgrader_releases_is_the_student_copy(course):
    copies = sorted((course.parent / "student").glob("*.ipynb"))
    released = sorted((course / "release" / tool.ASSIGNMENT).glob("*.ipynb"))
    assert [path.name for path in released] == [path.name for path in copies]
    for theirs, ours in zip(map(read, released), map(read, copies)):
        assert [tool.text(cell) for cell in theirs["cells"]] == [
            tool.text(cell) for cell in ours["cells"]
        ]
        for cell, copy in zip(theirs["cells"], ours["cells"]):
            added = {"checksum", "cell_type"}
            marks = {
                key: value
                for key, value in cell["metadata"].get("nbgrader", {}).items()
                if key not in added
            }
            assert marks == copy["metadata"].get("nbgrader", {})


@pytest.mark.parametrize("name", LIGHT)
def test_validation_passes_with_the_solutions(course, name):
    words = run(course, "nbgrader", "validate", f"submitted/solved/{tool.ASSIGNMENT}/{name}.ipynb")
    assert "Success! Your notebook passes all the tests." in words


@pytest.mark.parametrize(("name", "count"), list(zip(LIGHT, POINTS)))
def test_validation_fails_on_the_untouched_student_copy_and_hands_on_the_hint(course, name, count):
    words = run(course, "nbgrader", "validate", str(course.parent / "student" / f"{name}.ipynb"))
    assert f"VALIDATION FAILED ON {count} CELL(S)" in words
    assert words.count("AssertionError: still open: replace the dots") == count


def test_grading_gives_every_point_for_the_solutions_and_none_for_the_untouched_copy(course):
    run(course, "nbgrader", "autograde", tool.ASSIGNMENT, "--create")
    ask = (
        "from nbgrader.api import Gradebook; import json\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        f"    found = [book.find_submission_notebook(n, '{tool.ASSIGNMENT}', s)"
        f" for s in {list(STUDENTS)} for n in {LIGHT}]\n"
        "    print(json.dumps([[f.score, f.max_score] for f in found]))"
    )
    found = json.loads(run(course, "python", "-c", ask).splitlines()[-1])
    assert found == [
        [score, most] for scores in STUDENTS.values() for score, most in zip(scores, POINTS)
    ]
