"""What a notebook defines: its cells tagged ``define`` are complete and draw nothing."""

import json
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def load_definitions(name: str) -> dict[str, Any]:
    """Execute the cells tagged ``define`` of one notebook, in order; what they define, by name."""
    defined: dict[str, Any] = {"__name__": name}
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if "define" in cell["metadata"].get("tags", []):
            exec("".join(cell["source"]), defined)
    return defined
