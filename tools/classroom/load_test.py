"""A room of students on a real JupyterHub: python -m tools.classroom.load_test [00:20 …] [page]

Each part is a notebook and a number of students, who all log in at once, over HTTP, and run every
cell over the websocket. A part's result goes into tools/classroom/room.json as soon as it is there, and
docs/room.md is written anew from that file; `page` does only the latter. Root, on Linux.
"""

import json
import os
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from tools.classroom import room as rooms
from vae_lib import __version__, machine

ROOT = Path(__file__).resolve().parents[2]
RESULTS, PAGE = ROOT / "tools" / "classroom" / "room.json", ROOT / "docs" / "room.md"
PARTS = ("00:1", "00:5", "00:10", "00:20", "05:1", "05:2")
GIB = 2**30
SYSTEM_GIB = 2  # for the operating system and its cache of files: assumed, and the page says so
AT_ONCE, STAGGERED = 600, 1800  # seconds in which a room is to be through notebook 05


def main(arguments: list[str]) -> None:
    """Measure the parts asked for (all if none), and write the page after each."""
    if wrong := [part for part in arguments if part != "page" and not is_part(part)]:
        sys.exit(
            f"A part is a notebook and a number of students, like 00:20; received {wrong[0]!r}."
        )
    if arguments != ["page"] and (reason := rooms.missing()):
        sys.exit(reason)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for part in [part for part in arguments if part != "page"] or (() if arguments else PARTS):
        notebook, count = part.split(":")
        results[part] = measure(notebook, int(count))
        print(part, json.dumps(results[part]), flush=True)
        RESULTS.write_text(json.dumps(dict(sorted(results.items(), key=_order)), indent=1) + "\n")
        PAGE.write_text(page(results), encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")


def is_part(text: str) -> bool:
    notebook, _, count = text.partition(":")
    return count.isdigit() and int(count) > 0 and any(ROOT.glob(f"notebooks/{notebook}_*.ipynb"))


def measure(notebook: str, count: int) -> dict:
    """Let that many students log in at once and run the notebook to its end."""
    path = f"vae-notebooks/notebooks/{next(ROOT.glob(f'notebooks/{notebook}_*.ipynb')).name}"
    found, load, rate = machine.describe(), os.getloadavg()[0], machine.matmul_rate()
    mnist = os.environ.get("VAE_LIB_MNIST")
    with rooms.Room(count, mnist=Path(mnist) if mnist else None) as room:
        start, peaks, done = threading.Barrier(count), {}, threading.Event()
        watcher = threading.Thread(target=_watch, args=(room, peaks, done), daemon=True)
        watcher.start()
        began = time.monotonic()
        with ThreadPoolExecutor(count) as pool:
            told = list(pool.map(lambda student: _sit_down(student, path, start), room.students))
        seconds = time.monotonic() - began
        done.set()
        watcher.join()
        processor = sum(rooms.processor_seconds(student.processes()) for student in room.students)
        processor += rooms.processor_seconds(room.hub_processes())
    well = [one for one in told if not one["failure"]]
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": {"cores": found["cores"], "memory": found["memory"], "python": found["python"]},
        "load": round(load, 1),
        "gflops": round(rate / 1e9),
        "digits": "mnist" if mnist else "sklearn",
        "failures": [one["failure"] for one in told if one["failure"]],
        "ready": [round(one["ready"], 1) for one in well],
        "first_figure": [round(one["first_figure"], 1) for one in well],
        "finished": [round(one["finished"], 1) for one in well],
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "peak_of_a_student": max(peaks[student.name] for student in room.students),
        "peak_of_students": peaks["students"],
        "peak_of_hub": peaks["hub"],
    }


def _sit_down(student: rooms.Student, path: str, start: threading.Barrier) -> dict:
    """What one student does; all times count from the moment at which all log in."""
    start.wait()
    began = time.monotonic()
    try:
        if student.log_in().status_code != 302:
            raise RuntimeError("the log-in was refused")
        student.start_server()
        ready = time.monotonic() - began
        student.fetch_series()
        cells, kernel = student.open(path)
        opened = time.monotonic() - began
        run = student.run(cells, kernel)
        if run.errors or run.cells != len(cells) or run.first_figure is None:
            raise RuntimeError(
                f"{run.cells} of {len(cells)} cells ran: {run.errors or 'no figure came'}"
            )
    except Exception as fault:  # a failure is a result here, and the others go on
        return {"failure": f"{type(fault).__name__}: {fault}"}
    first, finished = opened + run.first_figure, time.monotonic() - began
    return {"failure": "", "ready": ready, "first_figure": first, "finished": finished}


def _watch(room: rooms.Room, peaks: dict, done: threading.Event) -> None:
    """Peaks of proportional set size: of each student, of all of them together, of hub and proxy."""
    while True:
        last = done.is_set()  # one look after the end, too: idle kernels hold what they took
        now = {student.name: rooms.memory_of(student.processes()) for student in room.students}
        now["students"], now["hub"] = sum(now.values()), rooms.memory_of(room.hub_processes())
        peaks.update({name: max(size, peaks.get(name, 0)) for name, size in now.items()})
        if last:
            return
        done.wait(1)


def page(results: dict) -> str:
    """docs/room.md, from what was measured and nothing else."""
    lines = [
        "# A room of students",
        "",
        "Written by `make bench-classroom` from [tools/classroom/room.json](../tools/classroom/room.json); edit neither by hand. "
        "A real JupyterHub with its proxy, on loopback, with a temporary system user for each student; "
        "all log in at the same moment, are given a server and the series by nbgitpuller, open the notebook and run "
        "every cell over the websocket. The students' side runs on the same machine and takes its share of it. "
        "The configuration is [tools/classroom/jupyterhub](../tools/classroom/jupyterhub/README.md) but for the spawner: "
        "LocalProcessSpawner in place of SystemdSpawner.",
        "",
        "## Measured",
        "",
        "Seconds count from the log-in. Memory is the peak of the proportional set size (what processes share is "
        "counted once) of a student's server and kernel; for all students together, the peak of their sum. "
        "The last column is the time until the last student is through, divided by N times the same for one: "
        "the cost grows no faster than N if it is 1 or less.",
        "",
        "| notebook | N | server ready (last) | first figure (median, last) | all cells (median, last) | failures "
        "| memory of a student (largest) | of all students | of hub and proxy | time / (N × time at 1) |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for part, result in sorted(results.items(), key=_order):
        notebook, count = part.split(":")
        lines.append(
            f"| {notebook} | {count} | {_last(result['ready'])} | {_both(result['first_figure'])} "
            f"| {_both(result['finished'])} | {len(result['failures']) or 'none'} "
            f"| {result['peak_of_a_student'] / 2**20:.0f} MB | {result['peak_of_students'] / GIB:.1f} GB "
            f"| {result['peak_of_hub'] / 2**20:.0f} MB | {_growth(results, part)} |"
        )
    lines += ["", "How each row came about:", ""]
    for part, result in sorted(results.items(), key=_order):
        m = result["machine"]
        lines.append(
            f'- {part}: `make bench-classroom ONLY="{part}"`, {result["date"]}, {m["cores"]} cores, {m["memory"]}, '
            f"Python {m['python']}, {'MNIST' if result['digits'] == 'mnist' else 'the stand-in digits'}; before it, "
            f"load {result['load']:.1f} and float32 matrix products at {result['gflops']} GFLOP/s; "
            f"{result['processor_seconds']:.0f} s of processor time."
        )
    lines += ["", "## Sizing", "", *_sizing(results), "", *KUBERNETES]
    return "\n".join(lines) + "\n"


def _sizing(results: dict) -> list[str]:
    """How many cores and how much memory a school needs; nothing where the rows it rests on are missing."""
    largest = max((int(part[3:]) for part in results if part.startswith("00:")), default=0)
    needed = ["00:1", "05:1", "05:2"]
    lacking = [part for part in needed if part not in results or results[part]["failures"]]
    if lacking or largest < 2:
        return [
            f"Not computed yet: it needs {', '.join(lacking or ['00 with two students or more'])} without failure."
        ]
    more = {  # memory that one more student takes
        "00": (results[f"00:{largest}"]["peak_of_students"] - results["00:1"]["peak_of_students"])
        / (largest - 1),
        "05": results["05:2"]["peak_of_students"] - results["05:1"]["peak_of_students"],
    }
    hub = (results[f"00:{largest}"]["peak_of_hub"] - results["00:1"]["peak_of_hub"]) / (largest - 1)
    busy = {notebook: results[f"{notebook}:1"]["processor_seconds"] for notebook in more}
    lines = [
        f"Measured: one more student adds {more['00'] / 2**20:.0f} MB with notebook 00 (from N = 1 to {largest}) and "
        f"{more['05'] / 2**20:.0f} MB with notebook 05 (from 1 to 2), the heaviest; hub and proxy grow by "
        f"{hub / 2**20:.1f} MB a student. With log-in and the start of a server, notebook 00 takes "
        f"{busy['00']:.0f} s of processor time, notebook 05 {busy['05']:.0f} s.",
        "",
        "Everything below is extrapolated: memory is that of one student, and for each more what one more added, for "
        f"students and for the hub, plus {SYSTEM_GIB} GB for the system (assumed). Cores are students × processor "
        "seconds / seconds allowed: the room is bound by its processors, and its cost grows no faster than N "
        "(the ratio above). Cores like those of the rows above; count hyperthreads as half.",
        "",
        "| students | memory, all in 00 | memory, all in 05 "
        f"| cores: all start 05 at once, last through after {AT_ONCE // 60} min "
        f"| cores: starts of 05 spread over {STAGGERED // 60} min | all start 00 at once on 8 cores |",
        "|---|---|---|---|---|---|",
    ]
    for students in (30, 100, 1000):
        memory = {}
        for notebook, size in more.items():
            first = results[f"{notebook}:1"]
            total = (
                first["peak_of_students"]
                + first["peak_of_hub"]
                + (students - 1) * (size + max(hub, 0))
            )
            memory[notebook] = ceil(total / GIB + SYSTEM_GIB)
        at_once, spread = (
            ceil(students * busy["05"] / seconds) for seconds in (AT_ONCE, STAGGERED)
        )
        through = students * busy["00"] / 8
        lines.append(
            f"| {students} | {memory['00']} GB | {memory['05']} GB | {at_once} | {spread} "
            f"| last through after {_duration(through)} |"
        )
    lines += [
        "",
        "A teacher who lets the rows start one after another, or who has notebook 05 run while the class talks, needs "
        "the cores of the fifth column; a teacher who says \"now all of you\" those of the fourth. With fewer cores "
        "nothing fails: it takes longer in proportion, and a server has five minutes to answer. Memory admits no such "
        "trade: at its limit kernels are killed. A limit of 2 GB a student (mem_limit) is a ceiling for the one who "
        "errs, not what thirty take. A thousand students are not for one machine: see below.",
    ]  # fmt: skip
    return lines


KUBERNETES = f"""\
## From one server to Kubernetes

Not run here: neither a cluster nor its tools are within reach of our tests. `tools/classroom/jupyterhub/values.yaml` is
checked by `tests/test_deploy.py` against the keys and types that the chart's schema has, as far as this file uses
them; helm checks it against the chart's complete schema before it changes anything.

1. Build the image that Binder builds, and push it:
   `jupyter-repo2docker --no-run --user-id 1000 --user-name jovyan --image-name REGISTRY/vae-notebooks:{__version__} .`,
   then `docker push REGISTRY/vae-notebooks:{__version__}`. It holds the series, the library and, from `postBuild`,
   MNIST.
2. In `tools/classroom/jupyterhub/values.yaml`, set the image's name, the host's name and who may log in; each stands in
   capitals there.
3. Add the chart's repository to helm, as [Zero to JupyterHub](https://z2jh.jupyter.org) says.
4. `helm upgrade --install vae jupyterhub/jupyterhub --version 4.4.0 --namespace vae --create-namespace --values
   tools/classroom/jupyterhub/values.yaml`.
5. Size the nodes by the memory of a student above, not by its limit: the guarantee in values.yaml is what the
   scheduler packs by. Turn on user placeholders (`scheduling.userPlaceholder.replicas`) some minutes before a lesson,
   so that nodes are there when the room logs in.

What changes: the image brings library, kernels and MNIST, so nothing is shared but the image; a student's own files
live in a volume at `~/work`; the limit of memory is the container's; names and passwords come from the school's own
sign-on instead of system accounts.""".splitlines()


def _order(item: tuple[str, dict]) -> tuple[str, int]:
    notebook, _, count = item[0].partition(":")
    return notebook, int(count)


def _growth(results: dict, part: str) -> str:
    notebook, count = part.split(":")
    alone = results.get(f"{notebook}:1")
    if count == "1" or not alone or alone["failures"] or results[part]["failures"]:
        return "–"
    ratio = results[part]["seconds"] / (int(count) * alone["seconds"])
    return f"{ratio:.2f}{'' if ratio <= 1 else ' (**more than N**)'}"


def _last(values: list[float]) -> str:
    return f"{max(values):.0f} s" if values else "–"


def _both(values: list[float]) -> str:
    return f"{statistics.median(values):.0f}, {max(values):.0f} s" if values else "–"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


if __name__ == "__main__":
    main(sys.argv[1:])
