"""One notebook from nothing to its last cell, in a kernel of its own: time and peak memory."""

import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9][0-9]_*.ipynb"))
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Kernel:
    """What a kernel took: seconds by the clock and of processor time, its peaks in MB, what the last cell printed."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    anonymous: float = 0.0
    resident: float = 0.0
    said: dict = field(default_factory=dict)


def run_notebook(path: Path, last: str = "") -> Kernel:
    """Run all cells with an empty home, and then ``last``, a cell that prints JSON.

    Raises:
        CellExecutionError, DeadKernelError: as nbclient does.
    """
    notebook, folder = nbformat.read(path, as_version=4), {"metadata": {"path": str(path.parent)}}
    notebook.cells += [nbformat.v4.new_code_cell(last)] if last else []
    client = NotebookClient(notebook, kernel_name="python3", resources=folder)
    began = time.perf_counter()
    with empty_home(), _watch(client) as kernel:
        client.execute()
    kernel.seconds = time.perf_counter() - began
    if last:
        kernel.said = json.loads(notebook.cells[-1].outputs[0].text)
    return kernel


@contextmanager
def empty_home() -> Iterator[None]:
    """An empty VAE_LIB_HOME, as a new reader has it."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, VAE_LIB_HOME=folder):
        yield


@contextmanager
def _watch(client: NotebookClient) -> Iterator[Kernel]:
    """Look at the kernel twenty times a second."""
    found, done = Kernel(), threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            with suppress(Exception):  # no kernel yet, or no longer
                process = Path(f"/proc/{client.km.provisioner.pid}")
                status, times = (
                    (process / "status").read_text(),
                    (process / "stat").read_text().rpartition(")")[2],
                )
                sizes = [
                    int(status.partition(f"{name}:")[2].split()[0]) / 1024
                    for name in ("RssAnon", "VmHWM")
                ]
                found.anonymous, found.resident = (
                    max(found.anonymous, sizes[0]),
                    max(found.resident, sizes[1]),
                )
                found.processor_seconds = sum(map(int, times.split()[11:13])) / TICK

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()
