"""The one series in the forms that a class needs: python -m tools.publish.copies [folder]

student/     exercises open, no solutions, no outputs, nbgrader's marks on exercises and checks
instructor/  the solutions in the cells, outputs, and the notes of docs/teaching.md
nbgrader/    a course folder whose one assignment is made of the student copies

nbgrader takes nothing out: what it releases is the student copy, with nbgrader's own bookkeeping.
"""

import argparse
import base64
import copy
import json
import re
import shutil
import textwrap
import zlib
from pathlib import Path

from tools.publish.address import OPEN_LINK
from tools.publish.exercises import find_exercises, has_tag
from tools.publish.notebooks import NOTEBOOKS, ROOT, text, to_json

ASSIGNMENT = "vae"
CARRIED = ("requirements.txt", "LICENSE")
README = """# {title}

{about}

    python3 -m venv .venv
    .venv/bin/pip install -r requirements.txt
    .venv/bin/jupyter lab 00_start_here.ipynb

`vae_lib/` lies beside the notebooks, so they find it. Python 3.11 to 3.13.
"""
ABOUT = {
    "student": "The series with its exercises open: replace the dots, run the cell and the check "
    "below it.",
    "instructor": "The series with solutions, outputs and notes for the teacher. Not for students.",
}
VEILED = '''\
"""The checks of the exercises, compressed.

They compute the right answers, so their text would give them away. Compressed, nobody reads an
answer by accident or finds it with a search. It is no lock: this file unpacks itself.
"""

import base64
import zlib

PACKED = """
{packed}
"""

exec(zlib.decompress(base64.b85decode("".join(PACKED.split()))))
'''


def make_student(master: dict) -> dict:
    """The notebook with its exercises open, and nothing in it that answers them."""
    notebook = copy.deepcopy(master)
    for exercise in find_exercises(notebook):
        exercise.cell["source"] = exercise.stub
        exercise.cell["metadata"].pop("jupyter", None)  # which may have collapsed it
        mark_for_nbgrader(exercise.cell, "exercise", exercise.number)
        mark_for_nbgrader(exercise.check, "check", exercise.number)
    notebook["cells"] = [cell for cell in notebook["cells"] if not has_tag(cell, "solution")]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            clear_outputs(cell)
        else:  # Binder and Colab would open the master, solutions and all
            cell["source"] = OPEN_LINK.sub("", text(cell))
    return notebook


def make_instructor(master: dict, notes: str) -> dict:
    """The notebook with each solution below its stub and, after the title, the notes."""
    notebook = copy.deepcopy(master)
    for exercise in find_exercises(notebook):
        exercise.cell["source"] = f"{exercise.stub}\n\n# Solution\n{exercise.solution}".rstrip()
        exercise.cell["metadata"].pop("jupyter", None)
        clear_outputs(exercise.cell)
        clear_outputs(exercise.check)
    title = notebook["cells"][0]
    quoted = [f"> {line}".rstrip() for line in notes.splitlines()]
    note = {
        "cell_type": "markdown",
        "id": f"{title['id'][:2]}-notes",
        "metadata": {"tags": ["teaching-notes"]},
        "source": "\n".join(quoted),
    }
    notebook["cells"].insert(1, note)
    return notebook


def clear_outputs(cell: dict) -> None:
    cell.update(outputs=[], execution_count=None)


def mark_for_nbgrader(cell: dict, kind: str, number: str) -> None:
    """Write nbgrader's metadata: an exercise is to be solved, its check is worth one point."""
    marks = {
        "grade_id": f"{kind}-{number.replace('.', '-')}",
        "schema_version": 3,
        "grade": kind == "check",
        "locked": kind == "check",
        "solution": kind == "exercise",
        "task": False,
    }
    if kind == "check":
        marks["points"] = 1
    cell["metadata"]["nbgrader"] = marks


def find_notes(name: str, guide: str) -> str:
    """What the teacher's guide says about a notebook: its section, without its heading."""
    section = re.search(rf"^## {name[:2]}\b[^\n]*\n(.*?)(?=^## |\Z)", guide, re.M | re.S)
    if section is None:
        return "**Notes for the teacher**"
    words = re.sub(r"^#+ (.*)", r"**\1**", section[1].strip(), flags=re.M)
    return f"**Notes for the teacher**\n\n{words}"


def veil(source: str) -> str:
    """A module that does what the source does, and whose text gives nothing away."""
    packed = base64.b85encode(zlib.compress(source.encode(), 9)).decode()
    return VEILED.format(packed="\n".join(textwrap.wrap(packed, 96)))


def write_notebooks(folder: Path, notebooks: dict[str, dict]) -> None:
    folder.mkdir(parents=True)
    for name, notebook in notebooks.items():
        (folder / name).write_text(to_json(notebook), encoding="utf-8")


def write_copy(folder: Path, kind: str, notebooks: dict[str, dict]) -> None:
    """The notebooks, and what they need, in a folder of their own."""
    write_notebooks(folder, notebooks)
    shutil.copytree(
        ROOT / "vae_lib", folder / "vae_lib", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in CARRIED:
        shutil.copy(ROOT / name, folder)
    readme = README.format(title=f"{kind.capitalize()} copy", about=ABOUT[kind])
    (folder / "README.md").write_text(readme, encoding="utf-8")


def main(build: Path) -> None:
    """Write the three folders anew."""
    series = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in NOTEBOOKS}
    guide = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    students = {name: make_student(master) for name, master in series.items()}
    instructors = {
        name: make_instructor(master, find_notes(name, guide)) for name, master in series.items()
    }
    for kind in ("student", "instructor", "nbgrader"):
        shutil.rmtree(build / kind, ignore_errors=True)
    write_copy(build / "student", "student", students)
    write_copy(build / "instructor", "instructor", instructors)
    checks = build / "student" / "vae_lib" / "checks.py"
    checks.write_text(veil(checks.read_text(encoding="utf-8")), encoding="utf-8")
    write_notebooks(build / "nbgrader" / "source" / ASSIGNMENT, students)
    shutil.copy(
        ROOT / "tools" / "classroom" / "nbgrader" / "nbgrader_config.py", build / "nbgrader"
    )
    print(f"{build}: student, instructor, nbgrader")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build")
    main(parser.parse_args().folder)
