"""Run the series and store clean outputs; check that they are clean; write the public address.

python -m tools.publish.notebooks run [05 06 …]        execute in place, on MNIST only
python -m tools.publish.notebooks check                say what is not clean, and fail
python -m tools.publish.notebooks address [--to A/B]   find the address, and put all links in place
python -m tools.publish.notebooks address --to ""      remove the address and all links
python -m tools.publish.notebooks colab                write the first cells anew
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from tools.publish import address
from vae_lib.widgets.shared import RUN_ME

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"
# What JupyterLab writes into a notebook that it opens, in an environment with the settings of
# tools/lab: a notebook stored like this has no unsaved changes before anything is touched.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
BAR = "[a bar shows progress and the time left while this cell runs]"
LARGEST = 1_000_000  # bytes
MACHINE_PATH = re.compile(r"(/(home|root|tmp|Users|work|usr|opt|var)/)|([A-Z]:\\\\)")
# The first cell. Colab has all that the library asks for, in versions that its ranges admit: pip
# replaces nothing. So has Kaggle, if its notebook may use the Internet.
INSTALL = """\
# On Colab and Kaggle this cell installs the library; elsewhere it only looks for it.
import os
import sys
from importlib.util import find_spec

HOSTED = "google.colab" in sys.modules or "KAGGLE_KERNEL_RUN_TYPE" in os.environ
if HOSTED and find_spec("vae_lib") is None:
    %pip install --quiet git+{url}.git


"""
LOOK = "# Is the library here? If it is not, this cell says what to do.\n"
REQUIRE = """\
class MissingLibraryError(ImportError):
    def _render_traceback_(self):  # the sentence alone, without a traceback
        return [str(self)]


try:
    from vae_lib.versions import require_installed
except ImportError:
    raise MissingLibraryError(
        "This notebook needs vae_lib, which this kernel's Python does not have: "
        {advice}
    ) from None
require_installed()"""
FROM_FOLDER = """\
"open it inside the folder of the series (upload that on Colab and Kaggle), "
        'run %pip install -e "..[tensorflow]" in a new cell, and restart the kernel.'"""
FROM_ADDRESS = """\
"let it use the Internet (on Kaggle in its settings), run %pip install "
        '"vae_lib[tensorflow] @ '
        'git+{url}.git" '
        "in a new cell, and restart the kernel.\""""
# The last paragraph above the last links: kernels that stay open add up until the memory is full.
CLOSING = (
    "If you have run this notebook, close its tab {when}: with `make lab`, on Binder and on the "
    "hub, that ends its kernel and gives its memory back. Elsewhere, choose *Shut Down Kernel*{end}"
)
CLOSE_BEFORE_NEXT = CLOSING.format(when="before you open the next one", end=" first.")
CLOSE_AT_END = CLOSING.format(when="when you have read it", end=".")


def text(cell: dict) -> str:
    """A cell's source, which a file keeps line by line."""
    return "".join(cell["source"])


def is_folded(cell: dict) -> bool:
    """Whether a cell's source is folded away until a reader asks for it."""
    return cell["metadata"].get("jupyter", {}).get("source_hidden", False)


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
    write_first_cells(ROOT)
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
            coalesce_streams=True,  # what a cell prints in several moments is one output
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


def make_first_cell(owner_name: str) -> str:
    """The code that looks for the library, and installs it where it can: with a public address."""
    if not owner_name:
        return LOOK + REQUIRE.format(advice=FROM_FOLDER)
    url = f"{address.GITHUB}{owner_name}"
    return INSTALL.format(url=url) + REQUIRE.format(advice=FROM_ADDRESS.format(url=url))


def write_closing(words: str, closing: str) -> str:
    """A last cell's text with the closing paragraph above its links, once."""
    above, blank, links = words.rpartition("\n\n")
    for earlier in (CLOSE_BEFORE_NEXT, CLOSE_AT_END):
        above = above.removesuffix(f"\n\n{earlier}")
    return f"{above}\n\n{closing}{blank}{links}"


def write_address(root: Path, owner_name: str) -> None:
    """Put the address and all that is made of it in place in a clone, or with "" remove it."""
    address.write(root, owner_name)
    write_first_cells(root)


def write_first_cells(root: Path) -> None:
    """Write each notebook's metadata, its title with links, its first cell with code, its closing.

    Where that cell is missing it is put in, and the cells after it are counted as a run would.
    """
    import nbformat

    owner_name = address.stored(root)
    paths = sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata = nbformat.from_dict(METADATA)
        title = notebook.cells[0]
        title.source = address.write_title(title.source, owner_name, path.name)
        last = notebook.cells[-1]
        closing = CLOSE_AT_END if path == paths[-1] else CLOSE_BEFORE_NEXT
        last.source = write_closing(last.source, closing)
        if "colab" not in notebook.cells[1].metadata.get("tags", []):
            metadata = {"tags": ["colab"], "jupyter": {"source_hidden": True}}
            notebook.cells.insert(1, nbformat.v4.new_code_cell(id="colab", metadata=metadata))
        notebook.cells[1].source = make_first_cell(owner_name)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in enumerate(code, 1):
            cell.execution_count = count
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = count
        path.write_text(to_json(notebook), encoding="utf-8")


def write_found_address(given: str | None) -> None:
    """Find the public address, write it everywhere, and say which it is."""
    try:
        owner_name = address.find(ROOT, given)
    except address.NoAddressError as fault:
        sys.exit(str(fault))
    write_address(ROOT, owner_name)
    print(
        f"The public address is {address.GITHUB}{owner_name}."
        if owner_name
        else "There is no public address now, and no link to one."
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["run", "check", "address", "colab"])
    parser.add_argument("numbers", nargs="*", help="notebooks to run, such as 05; all if none")
    parser.add_argument("--to", help="owner/name, or empty for none; found if not given")
    options = parser.parse_args()
    if options.command == "run":
        run(options.numbers)
    elif options.command == "check":
        report_faults()
    elif options.command == "address":
        write_found_address(options.to)
    elif options.command == "colab":
        write_first_cells(ROOT)


if __name__ == "__main__":
    main()
