"""The one series in the three forms that a class needs: python -m tools.publish.copies [folder, default build]

student/     solutions removed, places to fill in, no outputs, nbgrader's marks on exercises and checks
instructor/  solutions shown, outputs, notes from docs/teaching.md with measured times
nbgrader/    a course folder with one assignment, from which `nbgrader generate_assignment` makes student/
"""

import ast
import copy
import json
import re
import shutil
import sys
from itertools import pairwise
from pathlib import Path

from tools.publish import notebooks as tool
from tools.publish.notebooks import text

ROOT = tool.ROOT
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
REGION = re.compile(rf"^{BEGIN}\n(.*?)^{END}", re.S | re.M)
STUB = "# Put your answer in place of the dots; the next cell checks it."  # tools/classroom/nbgrader's configuration has it, too
CHECK = re.compile(r'^check\("(\d\d)\.(\d)"', re.M)
BADGE = re.compile(r"\[!\[[^]]*\]\([^)]*\)\]\([^)]*\)( · | )?")
ASSIGNMENT = "vae"
MEASURED = ("benchmarks/results.json", "classroom/limits.json")
README = """# {title}

{about}

    python3 -m venv .venv
    .venv/bin/pip install -r requirements.txt
    .venv/bin/jupyter lab 00_start_here.ipynb

`vae_lib/` lies beside the notebooks, so they find it. Python 3.11 to 3.13.
"""
ABOUT = {
    "student": "The series with its exercises open: replace the dots, run the cell and the check below it.",
    "instructor": "The series with solutions, outputs and notes for the teacher. Not for students.",
}


def exercises(notebook: dict) -> dict[str, tuple[dict, dict]]:
    """The cell to solve and the cell that checks it, by the exercise's number, such as "02.1"."""
    found, cells = {}, notebook["cells"]
    for cell, following in pairwise(cells):
        if cell["cell_type"] == "code" and BEGIN in text(cell):
            found[".".join(CHECK.search(text(following)).groups())] = cell, following
    return found


def reads(source: str) -> set[str]:
    """Names that a piece of code looks up."""
    return {
        n.id
        for n in ast.walk(ast.parse(source))
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }


def dots(solution: str, asked: set[str]) -> list[str]:
    """Lines that stand where the solution stood: what the check asks for, still open."""
    lines = []
    for node in ast.parse(solution).body:
        if isinstance(node, ast.FunctionDef):
            names = [node.name]
            lines += [f"def {node.name}({ast.unparse(node.args)}):", "    return ..."] * (
                node.name in asked
            )
        else:
            stored = [
                n
                for n in ast.walk(node)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            ]
            names = list(dict.fromkeys(name.id for name in stored))
            lines += [f"{name} = ..." for name in names if name in asked]
        asked = asked - set(names)
    return lines


def open_exercise(solved: str, check: str) -> str:
    """The exercise with dots above its solution, which still follows, as nbgrader wants its source.

    Raises:
        ValueError: if the check reads nothing that the solution makes.
    """
    lines = dots(REGION.search(solved)[1], reads(check))
    if not lines:
        raise ValueError(
            f"Nothing would be left open, for {check!r} reads no name that {solved!r} makes: name one."
        )
    return solved.replace(BEGIN, "\n".join([*lines, BEGIN]), 1)


def mark(cell: dict, kind: str, number: str) -> None:
    """Write nbgrader's own metadata: what is to be solved, and what is a test worth one point."""
    test = {"locked": True, "points": 1} if kind == "check" else {"locked": False}
    cell["metadata"]["nbgrader"] = {
        "grade": kind == "check",
        "grade_id": f"{kind}-{number.replace('.', '-')}",
        "schema_version": 3,
        "solution": kind == "exercise",
        "task": False,
        **test,
    }


def make_source(master: dict) -> dict:
    """The notebook as nbgrader's source: dots, then the solution between its marks; no outputs, no badge."""
    notebook = copy.deepcopy(master)
    for number, (cell, check) in exercises(notebook).items():
        cell["source"] = open_exercise(text(cell), text(check))
        cell["metadata"].pop("jupyter")  # which hid it
        mark(cell, "exercise", number)
        mark(check, "check", number)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
        else:  # a badge would open the master, solutions and all
            cell["source"] = BADGE.sub("", text(cell))
    return notebook


def make_student(master: dict) -> dict:
    """The notebook with its exercises open."""
    notebook = make_source(master)
    for cell, _ in exercises(notebook).values():
        cell["source"] = REGION.sub(STUB, cell["source"])
    return notebook


def make_instructor(master: dict, notes: str) -> dict:
    """The notebook with its solutions in sight and, after the title, the notes."""
    notebook = copy.deepcopy(master)
    for cell, _ in exercises(notebook).values():
        cell["metadata"].pop("jupyter")
    title = notebook["cells"][0]
    note = {
        "cell_type": "markdown",
        "id": f"{title['id'][:2]}-notes",
        "metadata": {"tags": ["teaching-notes"]},
    }
    quoted = "".join(f"> {line}".rstrip() + "\n" for line in notes.splitlines())
    notebook["cells"].insert(1, {**note, "source": quoted.rstrip()})
    return notebook


def notes_on(name: str, guide: str, measured: Path = ROOT / "tools") -> str:
    """What the teacher's guide says about a notebook, and what was measured of it."""
    section = re.search(rf"^## {name[:2]}\b[^\n]*\n(.*?)(?=^## |\Z)", guide, re.M | re.S)
    parts = ["**Notes for the teacher**"]
    parts += [re.sub(r"^#+ (.*)", r"**\1**", section[1].strip(), flags=re.M)] if section else []
    read = {
        file: json.loads(path.read_text(encoding="utf-8"))
        for file in MEASURED
        if (path := measured / file).exists()
    }
    for table in read.get(MEASURED[0], {}).values():
        rows = [
            f"- {row[0].replace(f'`{name}`, ', '')}: {row[2]}"
            for row in table["rows"]
            if name in row[0]
        ]
        parts += [f"Measured ({table['how']}):\n\n" + "\n".join(rows)] if rows else []
    if "seconds" in (one := read.get(MEASURED[1], {}).get(name, {})):
        parts.append(
            f"On one core with 2 GB, as on Binder ({one['when']}, {one['how']}): "
            f"{one['seconds']} s, {one['anonymous']} MB of memory at most."
        )
    return "\n\n".join(parts)


def write(folder: Path, notebooks: dict[str, dict]) -> None:
    folder.mkdir(parents=True)
    for name, notebook in notebooks.items():
        (folder / name).write_text(tool.to_json(notebook), encoding="utf-8")


def main(build: Path) -> None:
    """Write the three folders anew."""
    series = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in tool.NOTEBOOKS}
    guide = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    copies = {
        "student": {name: make_student(master) for name, master in series.items()},
        "instructor": {
            name: make_instructor(master, notes_on(name, guide)) for name, master in series.items()
        },
    }
    for kind, notebooks in copies.items():
        shutil.rmtree(build / kind, ignore_errors=True)
        write(build / kind, notebooks)
        shutil.copytree(
            ROOT / "vae_lib", build / kind / "vae_lib", ignore=shutil.ignore_patterns("__pycache__")
        )
        for carried in ("requirements.txt", "LICENSE"):
            shutil.copy(ROOT / carried, build / kind)
        words = README.format(title=f"{kind.capitalize()} copy", about=ABOUT[kind])
        (build / kind / "README.md").write_text(words, encoding="utf-8")
    course = build / "nbgrader"
    shutil.rmtree(course, ignore_errors=True)
    write(
        course / "source" / ASSIGNMENT,
        {name: make_source(master) for name, master in series.items()},
    )
    shutil.copy(ROOT / "tools" / "classroom" / "nbgrader" / "nbgrader_config.py", course)
    print(f"{build}: {', '.join([*copies, 'nbgrader'])}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "build")
