"""Every notebook inside Binder's limits, one core and 2 GB: python -m tools.classroom.limits [--core 0] [05 06 ...]

Writes tools/classroom/limits.json, a row a notebook, and docs/limits.md from it. Two of these may run at once, each
with a core and notebooks of its own: rows are merged under a lock.
"""

import argparse
import fcntl
import json
import os
import platform
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nbclient.exceptions import CellExecutionError, DeadKernelError

from tools.benchmarks.kernels import NOTEBOOKS, run_notebook
from vae_lib import data, machine

ROOT = Path(__file__).resolve().parents[2]
ROWS, PAGE = ROOT / "tools" / "classroom" / "limits.json", ROOT / "docs" / "limits.md"
MEMORY = 2 * 2**30  # bytes, where Binder ends a session
LARGEST = 1024  # MB, our own bar
GROUPS = Path("/sys/fs/cgroup")
# How large the thread pools are. TensorFlow's have no getter, but their threads have names and are born together:
# a pool's size is the largest brood of a name, within a second. (A thread that one of them starts bears its name, too.)
POOLS = """
import json
from pathlib import Path
from threadpoolctl import threadpool_info
from vae_lib import machine
pools, born = {}, {}
for info in threadpool_info():
    pools[info["internal_api"]] = max(info["num_threads"], pools.get(info["internal_api"], 0))
for stat in Path("/proc/self/task").glob("*/stat"):
    name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
    if name.startswith("tf_"):
        born.setdefault(name, []).append(int(rest.split()[19]))  # hundredths of a second after the machine's start
for name, times in born.items():
    pools[name] = max(sum(0 <= later - first < 100 for later in times) for first in times)
seen = machine.describe()
print(json.dumps({"cores": seen["cores"], "memory": seen["memory"], "pools": dict(sorted(pools.items()))}))
"""
HEAD = """\
# Inside Binder's limits

Binder gives a session about 2 GB and at most one core. Here each notebook ran on MNIST from nothing to its last cell, \
with an empty home, in a process confined to one core and 2 GB, with `MEM_LIMIT` set as Binder sets it: `make limits`.

Bars on one core: 3 minutes, 6 for notebook 05; 1 GB of anonymous memory; every thread pool sees one core. \
Resident memory counts shared libraries and files too, some 350 MB with TensorFlow: pages that the system may drop and \
read again. Processor time is the kernel's own; what the clock shows beyond it is waiting for other processes.

| notebook | time | bar | processor time | peak anonymous | peak resident | thread pools | |
|---|---|---|---|---|---|---|---|
"""


def main(core: int, only: list[str]) -> None:
    """Measure the notebooks asked for (all if none), and write each row as it comes."""
    data.load_digits("mnist")  # fetched before the clock runs; kernels start with an empty home
    os.environ.setdefault("VAE_LIB_MNIST", str(data.home() / "mnist.npz"))
    with confined(core) as how:
        for path in NOTEBOOKS:
            if only and path.name[:2] not in only:
                continue
            row = measure(path) | {
                "how": f"{how}; one core of {os.cpu_count()}, {platform.machine()}, Python {platform.python_version()}",
                "GFLOP/s": round(machine.matmul_rate() / 1e9),
                "when": f"{datetime.now(UTC):%Y-%m-%d}",
            }
            print(json.dumps({path.name: row}), flush=True)
            store(path.name, row)


@contextmanager
def confined(core: int) -> Iterator[str]:
    """Keep this process and the kernels it starts to one core and 2 GB; gives the means in words.

    A cgroup (version 2) counts all memory of the kernel and of this program that feeds it. Where none can be
    made, RLIMIT_DATA caps the private writable memory of each process, touched or not: stricter than a cgroup
    on what is only reserved, blind to files and shared libraries.
    """
    os.sched_setaffinity(0, {core})
    os.environ["MEM_LIMIT"] = str(MEMORY)  # as JupyterHub, and so Binder, states it to a session
    own = own_group()
    if not own:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        yield "`RLIMIT_DATA` at 2 GiB (no cgroup of version 2 with a memory controller can be made here)"
        return
    group = own.parent / f"vae-limits-{os.getpid()}"
    group.mkdir()
    try:
        (group / "memory.max").write_text(str(MEMORY))
        (group / "cgroup.procs").write_text(str(os.getpid()))
        yield "a cgroup with `memory.max` at 2 GiB"
    finally:
        (own / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()


def own_group(groups: Path = GROUPS, process: Path = Path("/proc/self/cgroup")) -> Path | None:
    """Our own cgroup, if a sibling with a memory limit may be made beside it; else None."""
    path = process.read_text().rpartition("0::/")[2].strip() if process.exists() else ""
    own = groups / path
    control = own.parent / "cgroup.subtree_control"
    writable = path and control.is_file() and os.access(own.parent / "cgroup.procs", os.W_OK)
    return own if writable and "memory" in control.read_text().split() else None


def measure(path: Path) -> dict:
    """Run one notebook where this process is, and hold it against its bars."""
    bar = 360 if path.name.startswith("05") else 180
    row = {"bar": bar}
    try:
        kernel = run_notebook(path, POOLS)
    except (CellExecutionError, DeadKernelError) as fault:
        return row | {"fault": str(fault).strip().splitlines()[-1], "met": False}
    alone = kernel.said["cores"] == "1" and set(kernel.said["pools"].values()) <= {1}
    met = alone and kernel.seconds <= bar and kernel.anonymous <= LARGEST
    numbers = ("seconds", "processor_seconds", "anonymous", "resident")
    return (
        row
        | {name: round(getattr(kernel, name)) for name in numbers}
        | {"sees": kernel.said, "met": met}
    )


def store(name: str, row: dict, rows: Path = ROWS, page: Path = PAGE) -> None:
    """Merge a row into what is there and write the page anew, whoever else does the same."""
    with rows.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # closing lets go
        file.seek(0)
        found = dict(sorted((json.loads(file.read() or "{}") | {name: row}).items()))
        file.truncate(0)
        file.write(json.dumps(found, indent=1) + "\n")
        file.flush()
        page.write_text(write_page(found), encoding="utf-8")


def write_page(rows: dict) -> str:
    """The table as Markdown."""
    lines = HEAD.splitlines()
    for name, row in rows.items():
        if "fault" in row:
            lines.append(f"| `{name}` | | {row['bar']} s | | | | {row['fault']} | **failed** |")
            continue
        pools = ", ".join(f"{pool} {count}" for pool, count in row["sees"]["pools"].items())
        lines.append(
            f"| `{name}` | {row['seconds']} s | {row['bar']} s | {row['processor_seconds']} s | {row['anonymous']} MB "
            f"| {row['resident']} MB | {pools} | {'met' if row['met'] else '**missed**'} |"
        )
    lines += ["", "How each was confined, and when:", ""]
    ways = {}
    for name, row in rows.items():
        ways.setdefault(f"{row['when']}, {row['how']}", []).append(name[:2])
    lines += [f"- {', '.join(numbers)}: {way}." for way, numbers in ways.items()]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("only", nargs="*")
    options = parser.parse_args()
    main(options.core, options.only)
