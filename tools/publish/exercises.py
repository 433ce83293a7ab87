"""The exercises of a notebook: the cell to fill in, its solution, and the cell that checks it.

In the masters an exercise is a code cell tagged ``exercise`` with a stub, then a Markdown cell
tagged ``solution`` that holds the solution, collapsed, as a fenced Python block, then the cell that
calls ``check``. Older notebooks keep the solution in the code cell itself, between two marks; for
them the stub is made from the names that the check reads.
"""

import ast
import re
from dataclasses import dataclass

from tools.publish.notebooks import text

CHECK = re.compile(r'^check\(\s*"(\d\d\.\d)"', re.M)
FENCE = re.compile(r"^```python\n(.*?)^```", re.S | re.M)
MARKED = re.compile(r"^### BEGIN SOLUTION\n(.*?)^### END SOLUTION", re.S | re.M)


@dataclass(frozen=True)
class Exercise:
    """One exercise of a notebook.

    Attributes:
        number: as the check names it, such as "02.1".
        cell: the code cell to fill in.
        check: the code cell that calls ``check``.
        stub: what a student finds in the cell.
        solution: the code that answers it, to be run after the stub.
    """

    number: str
    cell: dict
    check: dict
    stub: str
    solution: str


def has_tag(cell: dict, tag: str) -> bool:
    return tag in cell["metadata"].get("tags", [])


def find_exercises(notebook: dict) -> list[Exercise]:
    """All exercises of a notebook, in order.

    Raises:
        ValueError: if an exercise lacks its check or its solution.
    """
    found = []
    cells = notebook["cells"]
    for position, cell in enumerate(cells):
        if has_tag(cell, "exercise"):
            found.append(_read_exercise(cells, position))
        elif cell["cell_type"] == "code" and MARKED.search(text(cell)):
            found.append(_read_marked_exercise(cells, position))
    return found


def _read_exercise(cells: list[dict], position: int) -> Exercise:
    """An exercise with its solution in a cell of its own."""
    stub = text(cells[position])
    solution = ""
    for cell in cells[position + 1 :]:
        if has_tag(cell, "exercise"):
            break
        if has_tag(cell, "solution"):
            solution += "".join(FENCE.findall(text(cell)))
        elif found := _check_number(cell):
            if not solution:
                raise ValueError(
                    f"Exercise {found} has no solution: put a Markdown cell tagged 'solution', "
                    "with a fenced python block, between the exercise and its check."
                )
            return Exercise(found, cells[position], cell, stub, solution)
    raise ValueError(f"No check follows the exercise {stub[:60]!r}: add a cell that calls check.")


def _read_marked_exercise(cells: list[dict], position: int) -> Exercise:
    """An exercise with its solution between two marks."""
    cell = cells[position]
    check = cells[position + 1]
    number = _check_number(check)
    if not number:
        raise ValueError(f"No check follows the exercise {text(cell)[:60]!r}: add a cell for it.")
    solution = MARKED.search(text(cell))[1]
    opened = _open_names(solution, _names_read(text(check)))
    if not opened:
        raise ValueError(f"The check of {number} reads no name that the solution makes: name one.")
    stub = MARKED.sub("\n".join(opened), text(cell)).strip("\n")
    return Exercise(number, cell, check, stub, solution)


def _check_number(cell: dict) -> str:
    """The number of the exercise that a cell checks; empty if it checks none."""
    if cell["cell_type"] != "code":
        return ""
    found = CHECK.search(text(cell))
    return found[1] if found else ""


def _names_read(source: str) -> set[str]:
    names = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def _open_names(solution: str, asked: set[str]) -> list[str]:
    """A line with dots for each thing that the solution makes and the check asks for."""
    lines = []
    for node in ast.parse(solution).body:
        if isinstance(node, ast.FunctionDef):
            made = {node.name: f"def {node.name}({ast.unparse(node.args)}):\n    return ..."}
        else:
            names = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name)]
            stored = [name.id for name in names if isinstance(name.ctx, ast.Store)]
            made = {name: f"{name} = ..." for name in stored}
        for name, line in made.items():
            if name in asked and line not in lines:
                lines.append(line)
    return lines
