"""Every notebook on one core with 2 GB, as on Binder: python -m tools.classroom.limits [05 06 …]

Prints a row of the table in docs/limits.md for each: paste it there.
"""

import argparse
import os
import resource
from pathlib import Path

from nbclient.exceptions import CellExecutionError, DeadKernelError

from tools.benchmarks.run_notebook import run_notebook
from tools.publish.notebooks import NOTEBOOKS
from vae_lib import data

MEMORY = 2 * 2**30  # bytes, where Binder ends a session


def confine() -> None:
    """Keep this process, and the kernels that it starts, to one core and 2 GB each.

    RLIMIT_DATA caps private writable memory, touched or not: stricter than Binder on what is only
    reserved, and blind to files and shared libraries.
    """
    first = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {first})
    os.environ["MEM_LIMIT"] = str(MEMORY)  # as Binder states it to a session
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def measure(path: Path) -> str:
    """Run one notebook where this process is; its row of the table."""
    try:
        kernel = run_notebook(path)
    except (CellExecutionError, DeadKernelError) as fault:
        reason = str(fault).strip().splitlines()[-1]
        return f"| `{path.stem}` | **failed**: {reason} | | | |"
    return (
        f"| `{path.stem}` | {kernel.seconds:.0f} s | {kernel.processor_seconds:.0f} s "
        f"| {kernel.anonymous:.0f} MB | {kernel.resident:.0f} MB |"
    )


def main(numbers: list[str]) -> None:
    data.load_digits("mnist")  # fetched before the clock runs; kernels start with an empty home
    os.environ.setdefault("VAE_LIB_MNIST", str(data.home() / "mnist.npz"))
    confine()
    for path in NOTEBOOKS:
        if not numbers or path.name[:2] in numbers:
            print(measure(path), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("numbers", nargs="*", help="notebooks, such as 05; all if none")
    main(parser.parse_args().numbers)
