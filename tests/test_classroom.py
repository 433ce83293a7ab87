"""The copies for a class: what is taken out, what is put in, and that an untouched exercise is answered.

That every notebook's student copy runs as a whole is tests/test_student.py's to prove (make test-student).
"""

import builtins
import json
import re
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from tools.publish import copies as tool
from tools.publish import notebooks

ROOT = Path(__file__).resolve().parents[1]

SERIES = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in notebooks.NOTEBOOKS}
EXERCISES = {
    number: (name, *cells)
    for name in SERIES
    for number, cells in tool.exercises(SERIES[name]).items()
}
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
    tool.main(folder)
    return folder


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@each
def test_a_student_copy_has_no_solution_no_output_and_no_way_to_the_master(name, build):
    written = (build / "student" / name).read_text(encoding="utf-8")
    assert "SOLUTION" not in written and "mybinder.org" not in written
    student = read(build / "student" / name)
    solved = [cell["id"] for cell, _ in tool.exercises(SERIES[name]).values()]
    assert not any(
        "jupyter" in cell["metadata"] for cell in student["cells"] if cell["id"] in solved
    )
    for cell in student["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
    code = "\n".join(tool.text(c) for c in student["cells"] if c["cell_type"] == "code")
    for cell, _ in tool.exercises(SERIES[name]).values():
        for line in tool.REGION.search(tool.text(cell))[1].splitlines():
            assert line not in code, line


@each
def test_a_student_copy_differs_from_the_master_in_nothing_else(name, build):
    solved = [cell["id"] for cell, _ in tool.exercises(SERIES[name]).values()]
    student = read(build / "student" / name)["cells"]
    assert [cell["id"] for cell in student] == [cell["id"] for cell in SERIES[name]["cells"]]
    for copy, master in zip(student, SERIES[name]["cells"]):
        assert copy["id"] in solved or tool.text(copy) == tool.BADGE.sub("", tool.text(master))


@pytest.mark.parametrize("number", EXERCISES)
def test_an_untouched_exercise_runs_and_its_check_says_that_it_is_open(number, capsys):
    name, *_ = EXERCISES[number]
    cell, check = tool.exercises(tool.make_source(SERIES[name]))[number]
    student = tool.REGION.sub(tool.STUB, tool.text(cell))
    assert "..." in student and "BEGIN" not in student
    names = Names()
    exec("from vae_lib.checks import check", names)
    exec(student, names)
    exec(tool.text(check), names)
    assert capsys.readouterr().out.startswith(f"✗ {number}: still open")


@pytest.mark.parametrize("number", EXERCISES)
def test_what_a_check_is_given_is_not_for_the_student_to_make(number):
    _, cell, check = EXERCISES[number]
    student = tool.open_exercise(tool.text(cell), tool.text(check))
    opened = re.findall(r"^(?:def )?(\w+)(?: = \.\.\.$|\()", student.partition(tool.BEGIN)[0], re.M)
    assert len(opened) == 1, f"{number} opens {opened}: put what is given above {tool.BEGIN}."


def test_every_exercise_of_the_checks_is_in_the_series():
    from vae_lib.checks import EXERCISES as known

    assert sorted(EXERCISES) == sorted(known)


def test_a_function_is_opened_with_its_arguments():
    solved = f"{tool.BEGIN}\ndef my_kl(z_mean, z_log_var):\n    return z_mean + 1\n\nrest = 2\n{tool.END}"
    student = tool.open_exercise(solved, 'check("02.1", my_kl(1, 2))').partition(tool.BEGIN)[0]
    assert student == "def my_kl(z_mean, z_log_var):\n    return ...\n"


def test_a_name_is_opened_once_and_other_names_not_at_all():
    solved = f"few = 1\n{tool.BEGIN}\nhidden = few\nmine = hidden\nmine = mine + 1\n{tool.END}"
    assert (
        tool.open_exercise(solved, "check(mine)").partition(tool.BEGIN)[0]
        == "few = 1\nmine = ...\n"
    )


def test_an_exercise_that_would_leave_nothing_open_is_refused():
    with pytest.raises(ValueError, match="reads no name that"):
        tool.open_exercise(f"{tool.BEGIN}\nmine = 1\n{tool.END}", 'check("02.1", yours)')


@each
def test_an_instructors_copy_shows_solutions_outputs_and_notes(name, build):
    copy = read(build / "instructor" / name)
    title, note, *_ = copy["cells"]
    assert tool.text(title).startswith("# ") and note["metadata"]["tags"] == ["teaching-notes"]
    assert all(line.startswith(">") for line in tool.text(note).splitlines())
    assert all("jupyter" not in cell["metadata"] for cell, _ in tool.exercises(copy).values())
    rest = [cell for cell in copy["cells"] if cell is not note]
    for cell, master in zip(rest, SERIES[name]["cells"], strict=True):
        assert tool.text(cell) == tool.text(master) and cell.get("outputs") == master.get("outputs")


def test_notes_are_the_guides_section_with_measured_times(tmp_path):
    (tmp_path / "results.json").write_text(
        json.dumps(
            {
                "any": {
                    "how": "on two cores",
                    "rows": [["`02_loss.ipynb`, time", "90 s", "61 s", True]],
                }
            }
        )
    )
    one = {
        "02_loss.ipynb": {
            "seconds": 80,
            "anonymous": 600,
            "how": "one core of 2",
            "when": "2026-11-24",
            "met": True,
        }
    }
    (tmp_path / "limits.json").write_text(json.dumps(one))
    guide = "# Guide\n\n## 01 · Data\n\nOne.\n\n## 02 · The loss\n\nTwo.\n\n### Ask\n\n- Why?\n\n## 03 · Next\n\nThree."
    assert tool.notes_on("02_loss.ipynb", guide, tmp_path).split("\n\n") == [
        "**Notes for the teacher**",
        "Two.",
        "**Ask**",
        "- Why?",
        "Measured (on two cores):",
        "- time: 61 s",
        "On one core with 2 GB, as on Binder (2026-11-24, one core of 2): 80 s, 600 MB of memory at most.",
    ]


def test_notes_without_a_section_or_a_measurement_invent_none(tmp_path):
    assert tool.notes_on("02_loss.ipynb", "", tmp_path) == "**Notes for the teacher**"


@each
@pytest.mark.parametrize("kind", ["student", "instructor", "nbgrader/source/vae"])
def test_links_between_the_notebooks_hold_in_every_copy(kind, name, build):
    words = "\n".join(
        tool.text(c) for c in read(build / kind / name)["cells"] if c["cell_type"] == "markdown"
    )
    links = [link for link in re.findall(r"\]\(([^)]+)\)", words) if not link.startswith("http")]
    assert links or name not in SERIES
    for link in links:
        assert (build / kind / link.partition("#")[0]).is_file(), link


@pytest.mark.parametrize("kind", ["student", "instructor"])
def test_a_copy_carries_what_it_needs(kind, build):
    for path in (
        "README.md",
        "requirements.txt",
        "LICENSE",
        "vae_lib/checks.py",
        "vae_lib/pretrained/mnist-2d.npz",
    ):
        assert (build / kind / path).is_file(), path
    assert not list((build / kind).rglob("__pycache__"))


def test_nbgraders_source_opens_each_exercise_once_and_gives_a_point_for_its_check(build):
    for name in SERIES:
        cells = read(build / "nbgrader/source/vae" / name)["cells"]
        marks = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
        assert [m["solution"] for m in marks] == [True, False] * len(tool.exercises(SERIES[name]))
        assert [m.get("points") for m in marks] == [None, 1] * len(tool.exercises(SERIES[name]))
        assert len({m["grade_id"] for m in marks}) == len(marks)
    config = (build / "nbgrader" / "nbgrader_config.py").read_text(encoding="utf-8")
    assert tool.STUB in config


def test_a_check_raises_for_nbgrader_and_for_nobody_else(monkeypatch, capsys):
    from vae_lib.checks import EXERCISES as known
    from vae_lib.checks import check

    message, mistake = next(iter(known["00.1"].mistakes.items()))
    check("00.1", ...)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    check("00.1", known["00.1"].right())
    with pytest.raises(AssertionError, match=re.escape(message)):
        check("00.1", mistake())
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == ["✗", "✓", "✗"]
