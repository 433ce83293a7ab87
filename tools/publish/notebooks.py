"""Run the series and store clean outputs; check that they are clean; carry the public address around.

python -m tools.publish.notebooks run [05 06 …]   execute in place, on MNIST only
python -m tools.publish.notebooks check           say what is not clean, and fail
python -m tools.publish.notebooks address         write pyproject.toml's address into badges and links
python -m tools.publish.notebooks colab           put the first cell, for Colab alone, into notebooks that lack it
"""

import json
import os
import re
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
RUN_ME = "run the cell to move it"  # in the text of our widgets, which stands where they are not
LARGEST = 500_000  # bytes
MACHINE_PATH = re.compile(r"(/(home|root|tmp|Users|work|usr|opt|var)/)|([A-Z]:\\\\)")


def text(cell: dict) -> str:
    """A cell's source, which a file keeps line by line."""
    return "".join(cell["source"])


def run(numbers: list[str]) -> None:
    """Execute notebooks in the order of their numbers, each with an empty home, and store them."""
    import nbformat
    from nbclient import NotebookClient

    from vae_lib import data

    if data.load_digits().source != "mnist":
        sys.exit(
            "The stored outputs come from MNIST, which is out of reach: set VAE_LIB_MNIST to a copy of mnist.npz."
        )
    for path in NOTEBOOKS:
        if numbers and path.name[:2] not in numbers:
            continue
        notebook = nbformat.read(path, as_version=4)
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as home:
            client = NotebookClient(
                notebook,
                timeout=600,
                kernel_name="python3",
                store_widget_state=False,
                resources={"metadata": {"path": str(path.parent)}},
            )
            client.execute(env={**os.environ, "VAE_LIB_HOME": home})
        print(f"{path.name}: {time.monotonic() - began:.0f} s")
        path.write_text(to_json(clean(notebook)), encoding="utf-8")
        if faults := find_faults(path):
            sys.exit("\n".join(faults))


def clean(notebook: dict) -> dict:
    """Drop what only a running kernel can show, and what differs from machine to machine."""
    notebook["metadata"] = METADATA
    for cell in notebook["cells"]:
        cell["metadata"] = {
            key: cell["metadata"][key] for key in ("tags", "jupyter") if key in cell["metadata"]
        }
        for output in cell.get("outputs", ()):
            if output.get("data", {}).pop(WIDGET, None):
                if RUN_ME not in output["data"]["text/plain"]:  # not one of ours: tqdm's bar
                    output["data"] = {
                        "text/plain": "[a bar shows progress and the time left while this cell runs]"
                    }
                output["metadata"] = {}
    return notebook


def to_json(notebook: dict) -> str:
    """As nbformat writes it."""
    import nbformat

    return nbformat.writes(nbformat.from_dict(notebook), version=4) + "\n"


def find_faults(path: Path) -> list[str]:
    """What must not be in a stored notebook, one line each."""
    notebook, faults, count = json.loads(path.read_text(encoding="utf-8")), [], 0
    if path.stat().st_size > LARGEST:
        faults.append(f"{path.stat().st_size:,} bytes, more than {LARGEST:,}")
    if notebook["metadata"] != METADATA:
        faults.append("its metadata are not the series' own (widget state, perhaps)")
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        count += 1
        if cell["execution_count"] != count:
            faults.append(
                f"cell {number} has execution count {cell['execution_count']} in place of {count}"
            )
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                faults.append(f"cell {number} shows an error")
            if output.get("name") == "stderr":
                faults.append(f"cell {number} has stderr")
            if WIDGET in output.get("data", {}):
                faults.append(f"cell {number} stores a widget view")
            text = {
                kind: data
                for kind, data in output.get("data", {}).items()
                if not kind.startswith("image/")
            }
            if MACHINE_PATH.search(json.dumps([text, output.get("text", "")])):
                faults.append(f"cell {number} shows a path of the machine it ran on")
    return [f"{path.name}: {fault}" for fault in faults]


def check() -> None:
    faults = [fault for path in NOTEBOOKS for fault in find_faults(path)]
    sys.exit("\n".join([*faults, "Run make notebooks."]) if faults else 0)


def repository() -> str:
    """The public address, as owner/name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].removeprefix("https://github.com/").rstrip("/")


ADDRESS = re.compile(
    r"(mybinder\.org/v2/gh/|github\.com/|colab\.research\.google\.com/github/)[\w.-]+/[\w.-]+"
    r"(?=/HEAD|/blob/HEAD|/actions/workflows/test\.yml|\.git\b)"
)
# Colab has TensorFlow and most of requirements.txt; replacing its versions would cost a restart of the kernel.
COLAB = """\
import sys

if "google.colab" in sys.modules:    # on Colab, fetch the library; elsewhere do nothing
    %pip install --quiet --no-deps git+https://github.com/{}.git anywidget psygnal"""


def address() -> None:
    for path in [ROOT / "README.md", ROOT / "CITATION.cff", *NOTEBOOKS]:
        text = path.read_text(encoding="utf-8")
        path.write_text(ADDRESS.sub(rf"\g<1>{repository()}", text), encoding="utf-8")


def colab() -> None:
    """Put the cell in, and count the cells after it as a run would."""
    import nbformat

    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        if "colab" in notebook.cells[1].metadata.get("tags", []):
            continue
        metadata = {"tags": ["colab"], "jupyter": {"source_hidden": True}}
        cell = nbformat.v4.new_code_cell(COLAB.format(repository()), id="colab", metadata=metadata)
        notebook.cells.insert(1, cell)
        for count, cell in enumerate(
            (cell for cell in notebook.cells if cell.cell_type == "code"), 1
        ):
            for holder in (
                cell,
                *(output for output in cell.outputs if "execution_count" in output),
            ):
                holder.execution_count = count
        path.write_text(to_json(notebook), encoding="utf-8")


if __name__ == "__main__":
    command, *rest = sys.argv[1:] or [""]
    if command not in ("run", "check", "address", "colab"):
        sys.exit(__doc__)
    run(rest) if command == "run" else {"check": check, "address": address, "colab": colab}[
        command
    ]()
