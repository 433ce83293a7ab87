"""Run the series and store clean outputs; check that they are clean; write the public address.

python -m tools.publish.notebooks run [05 06 …]   execute in place, on MNIST only
python -m tools.publish.notebooks check           say what is not clean, and fail
python -m tools.publish.notebooks address         write the address into badges and links
python -m tools.publish.notebooks colab           write the cell for Colab into every notebook
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from vae_lib.widgets.shared import RUN_ME

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
BAR = "[a bar shows progress and the time left while this cell runs]"
LARGEST = 1_000_000  # bytes
MACHINE_PATH = re.compile(r"(/(home|root|tmp|Users|work|usr|opt|var)/)|([A-Z]:\\\\)")
ADDRESS = re.compile(
    r"(mybinder\.org/v2/gh/|github\.com/|colab\.research\.google\.com/github/)[\w.-]+/[\w.-]+"
    r"(?=/HEAD|/blob/HEAD|/actions/workflows/test\.yml|\.git\b)"
)
# Colab has all that the library asks for, in versions that its ranges admit: pip replaces nothing.
COLAB = """\
import sys

if "google.colab" in sys.modules:    # on Colab, fetch the library; elsewhere do nothing
    %pip install --quiet git+https://github.com/{}.git"""


def text(cell: dict) -> str:
    """A cell's source, which a file keeps line by line."""
    return "".join(cell["source"])


def to_json(notebook: dict) -> str:
    """As nbformat writes it."""
    import nbformat

    return nbformat.writes(nbformat.from_dict(notebook), version=4) + "\n"


def run(numbers: list[str]) -> None:
    """Execute notebooks in the order of their numbers, each with an empty home, and store them."""
    import nbformat

    from vae_lib import data

    if data.load_digits().source != "mnist":
        sys.exit(
            "The stored outputs come from MNIST, which is out of reach: "
            "set VAE_LIB_MNIST to a copy of mnist.npz."
        )
    write_colab_cells()
    for path in NOTEBOOKS:
        if numbers and path.name[:2] not in numbers:
            continue
        notebook = nbformat.read(path, as_version=4)
        seconds = execute(notebook, path.parent)
        print(f"{path.name}: {seconds:.0f} s")
        path.write_text(to_json(clean(notebook)), encoding="utf-8")
        faults = find_faults(path)
        if faults:
            sys.exit("\n".join(faults))


def execute(notebook: dict, folder: Path, **environment: str) -> float:
    """Run all cells in a kernel of their own with an empty home; the seconds it took."""
    from nbclient import NotebookClient

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        client = NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            store_widget_state=False,
            resources={"metadata": {"path": str(folder)}},
        )
        client.execute(env={**os.environ, "VAE_LIB_HOME": home, **environment})
    return time.monotonic() - began


def clean(notebook: dict) -> dict:
    """Drop what only a running kernel can show, and what differs from machine to machine."""
    notebook["metadata"] = METADATA
    for cell in notebook["cells"]:
        kept = [key for key in ("tags", "jupyter") if key in cell["metadata"]]
        cell["metadata"] = {key: cell["metadata"][key] for key in kept}
        for output in cell.get("outputs", ()):
            if WIDGET in output.get("data", {}):
                drop_widget_view(output)
    return notebook


def drop_widget_view(output: dict) -> None:
    """Leave a widget's text, and the picture that it may carry for readers without a kernel."""
    data = output["data"]
    del data[WIDGET]
    if RUN_ME not in data["text/plain"]:  # not one of ours: tqdm's bar
        data.clear()
        data["text/plain"] = BAR
    output["metadata"] = {kind: about for kind, about in output["metadata"].items() if kind in data}


def find_faults(path: Path) -> list[str]:
    """What must not be in a stored notebook, one line each."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    faults = []
    size = path.stat().st_size
    if size > LARGEST:
        faults.append(f"{size:,} bytes, more than {LARGEST:,}")
    if notebook["metadata"] != METADATA:
        faults.append("its metadata are not the series' own (widget state, perhaps)")
    count = 0
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        count += 1
        found = cell["execution_count"]
        if found != count:
            faults.append(f"cell {number} has execution count {found} in place of {count}")
        for output in cell["outputs"]:
            faults += [f"cell {number} {fault}" for fault in find_output_faults(output)]
    return [f"{path.name}: {fault}" for fault in faults]


def find_output_faults(output: dict) -> list[str]:
    """What must not be in a stored output."""
    faults = []
    data = output.get("data", {})
    if output["output_type"] == "error":
        faults.append("shows an error")
    if output.get("name") == "stderr":
        faults.append("has stderr")
    if WIDGET in data:
        faults.append("stores a widget view")
    words = {kind: value for kind, value in data.items() if not kind.startswith("image/")}
    if MACHINE_PATH.search(json.dumps([words, output.get("text", "")])):
        faults.append("shows a path of the machine it ran on")
    return faults


def report_faults() -> None:
    faults = [fault for path in NOTEBOOKS for fault in find_faults(path)]
    if faults:
        sys.exit("\n".join([*faults, "Run make notebooks."]))


def repository() -> str:
    """The public address, as owner/name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].removeprefix("https://github.com/").rstrip("/")


def write_address() -> None:
    for path in [ROOT / "README.md", ROOT / "CITATION.cff", *NOTEBOOKS]:
        words = path.read_text(encoding="utf-8")
        path.write_text(ADDRESS.sub(rf"\g<1>{repository()}", words), encoding="utf-8")


def write_colab_cells() -> None:
    """Put the cell in, or its text anew, and count the cells after it as a run would."""
    import nbformat

    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        if "colab" not in notebook.cells[1].metadata.get("tags", []):
            metadata = {"tags": ["colab"], "jupyter": {"source_hidden": True}}
            notebook.cells.insert(1, nbformat.v4.new_code_cell(id="colab", metadata=metadata))
        notebook.cells[1].source = COLAB.format(repository())
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in enumerate(code, 1):
            cell.execution_count = count
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = count
        path.write_text(to_json(notebook), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["run", "check", "address", "colab"])
    parser.add_argument("numbers", nargs="*", help="notebooks to run, such as 05; all if none")
    options = parser.parse_args()
    if options.command == "run":
        run(options.numbers)
    elif options.command == "check":
        report_faults()
    elif options.command == "address":
        write_address()
    elif options.command == "colab":
        write_colab_cells()


if __name__ == "__main__":
    main()
