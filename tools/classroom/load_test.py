"""A room of students on a real JupyterHub: python -m tools.classroom.load_test 00:20 [05:2 …]

A part is a notebook and a number of students, who all log in at once, over HTTP, and run every cell
over the websocket. Prints a row of the table in docs/room.md for each: paste it there. Needs root.
"""

import argparse
import os
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.classroom import room as rooms
from tools.publish.notebooks import NOTEBOOKS
from vae_lib import files

PARTS = ("00:1", "00:5", "00:10", "00:20", "05:1", "05:2")
MIB, GIB = 2**20, 2**30


def read_part(part: str) -> tuple[Path, int]:
    """The notebook and the number of students that a part names."""
    number, _, count = part.partition(":")
    paths = [path for path in NOTEBOOKS if path.name[:2] == number]
    if not paths or not count.isdigit() or int(count) < 1:
        raise argparse.ArgumentTypeError(
            f"a part is a notebook and a number of students, like 00:20; received {part!r}"
        )
    return paths[0], int(count)


def measure(notebook: Path, count: int) -> str:
    """Let that many students log in at once and run the notebook to its end; a row of the table."""
    path = f"vae-notebooks/notebooks/{notebook.name}"
    mnist = os.environ.get("VAE_LIB_MNIST")
    with rooms.Room(count, mnist=files.find(mnist) if mnist else None) as room:
        peaks = {}
        done = threading.Event()
        watcher = threading.Thread(target=watch, args=(room, peaks, done), daemon=True)
        watcher.start()
        start = threading.Barrier(count)
        with ThreadPoolExecutor(count) as pool:
            told = pool.map(lambda student: sit_down(student, path, start), room.students)
            times = [pair for pair in told if pair is not None]
        done.set()
        watcher.join()
        processes = room.hub_processes()
        for student in room.students:
            processes += student.processes()
        processor = rooms.processor_seconds(processes)
    if not times:
        return f"| {notebook.stem[:2]} | {count} | **all failed** | | | | | |"
    ready = [pair[0] for pair in times]
    finished = [pair[1] for pair in times]
    return (
        f"| {notebook.stem[:2]} | {count} | {count - len(times) or 'none'} | {max(ready):.0f} s "
        f"| {statistics.median(finished):.0f}, {max(finished):.0f} s | {processor:.0f} s "
        f"| {peaks['students'] / GIB:.1f} GB | {peaks['hub'] / MIB:.0f} MB |"
    )


def sit_down(
    student: rooms.Student, path: str, start: threading.Barrier
) -> tuple[float, float] | None:
    """What one student does: seconds from the log-in until the server was ready, and to the end.

    None if it failed: a failure is a result here, and the others go on.
    """
    start.wait()
    began = time.monotonic()
    try:
        if student.log_in().status_code != 302:
            raise RuntimeError("the log-in was refused")
        student.start_server()
        ready = time.monotonic() - began
        student.fetch_series()
        cells, kernel = student.open(path)
        error = student.run(cells, kernel)
        if error:
            raise RuntimeError(error)
    except Exception as fault:
        print(f"{student.name}: {type(fault).__name__}: {fault}", file=sys.stderr)
        return None
    return ready, time.monotonic() - began


def watch(room: rooms.Room, peaks: dict[str, int], done: threading.Event) -> None:
    """Peaks of proportional set size: of all students together, and of hub and proxy."""
    while not done.wait(1):
        processes = []
        for student in room.students:
            processes += student.processes()
        peaks["students"] = max(peaks.get("students", 0), rooms.memory_of(processes))
        peaks["hub"] = max(peaks.get("hub", 0), rooms.memory_of(room.hub_processes()))


def main(parts: list[tuple[Path, int]]) -> None:
    obstacle = rooms.find_obstacle()
    if obstacle:
        sys.exit(obstacle)
    for notebook, count in parts:
        print(measure(notebook, count), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", type=read_part, help="such as 00:20")
    main(parser.parse_args().parts or [read_part(part) for part in PARTS])
