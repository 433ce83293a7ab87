"""One notebook from nothing to its last cell, in a kernel of its own: time and peak memory."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import nbformat
from nbclient import NotebookClient


@dataclass
class Kernel:
    """What a kernel took: seconds by the clock and of processor time, and its peaks in MB."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    anonymous: float = 0.0
    resident: float = 0.0


def run_notebook(path: Path) -> Kernel:
    """Run all cells with an empty home.

    Raises:
        CellExecutionError, DeadKernelError: as nbclient does.
    """
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, kernel_name="python3", resources=resources)
    kernel = Kernel()
    began = time.perf_counter()
    with empty_home(), watch(client, kernel):
        client.execute()
    kernel.seconds = time.perf_counter() - began
    return kernel


@contextmanager
def empty_home() -> Iterator[None]:
    """An empty VAE_LIB_HOME, as a new reader has it."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, VAE_LIB_HOME=folder):
        yield


@contextmanager
def watch(client: NotebookClient, kernel: Kernel) -> Iterator[None]:
    """Look at the client's kernel twenty times a second."""

    def look() -> None:
        with suppress(Exception):  # no kernel yet, or no longer
            update(kernel, Path(f"/proc/{client.km.provisioner.pid}"))

    with repeat(look, 0.05):
        yield


@contextmanager
def repeat(look: Callable[[], None], pause: float) -> Iterator[None]:
    """Call look again and again in a thread of its own, with so many seconds between two calls."""
    done = threading.Event()

    def look_until_done() -> None:
        while not done.wait(pause):
            look()

    thread = threading.Thread(target=look_until_done, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def update(kernel: Kernel, process: Path) -> None:
    """Read a process's sizes and its processor time."""
    sizes = {}
    for line in (process / "status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("RssAnon", "VmHWM"):
            sizes[name] = int(value.split()[0]) / 1024
    after_the_name = (process / "stat").read_text().rpartition(")")[2].split()
    user, system = after_the_name[11:13]
    kernel.anonymous = max(kernel.anonymous, sizes["RssAnon"])
    kernel.resident = max(kernel.resident, sizes["VmHWM"])
    ticks_a_second = os.sysconf("SC_CLK_TCK")
    kernel.processor_seconds = (int(user) + int(system)) / ticks_a_second
