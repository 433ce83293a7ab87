"""The exercises of a notebook: the cell to fill in, its solution, and the cell that checks it.

In the masters an exercise is a code cell tagged ``exercise`` with a stub, then a Markdown cell
tagged ``solution`` that holds the solution, collapsed, as a fenced Python block, then the cell that
calls ``check``.
"""

import re
from dataclasses import dataclass

from tools.publish.notebooks import text

CHECK = re.compile(r'^check\(\s*"(\d\d\.\d)"', re.M)
FENCE = re.compile(r"^```python\n(.*?)^```", re.S | re.M)


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
    cells = notebook["cells"]
    places = [number for number, cell in enumerate(cells) if has_tag(cell, "exercise")]
    return [_read_exercise(cells[place:]) for place in places]


def _read_exercise(cells: list[dict]) -> Exercise:
    """The exercise in the first of these cells, with the solution and the check behind it."""
    stub = text(cells[0])
    solution = ""
    for cell in cells[1:]:
        if has_tag(cell, "exercise"):
            break
        if has_tag(cell, "solution"):
            solution += "".join(FENCE.findall(text(cell)))
            continue
        number = _check_number(cell)
        if number and not solution:
            raise ValueError(
                f"Exercise {number} has no solution: put a Markdown cell tagged 'solution', "
                "with a fenced python block, between the exercise and its check."
            )
        if number:
            return Exercise(number, cells[0], cell, stub, solution)
    raise ValueError(f"No check follows the exercise {stub[:60]!r}: add a cell that calls check.")


def _check_number(cell: dict) -> str:
    """The number of the exercise that a cell checks; empty if it checks none."""
    if cell["cell_type"] != "code":
        return ""
    found = CHECK.search(text(cell))
    return found[1] if found else ""
