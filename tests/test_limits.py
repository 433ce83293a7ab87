"""Binder's limits: what confines a run, how rows are merged, and that each notebook's row keeps its bars."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.benchmarks import kernels
from tools.classroom import limits

ROOT = Path(__file__).resolve().parents[1]

LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="Cores and memory are confined on Linux alone."
)
TOO_MUCH = """
import os, subprocess, sys
with confined(0) as how:
    assert os.sched_getaffinity(0) == {0} and os.environ["MEM_LIMIT"] == str(2 * 2**30)
    child = [sys.executable, "-c", "import numpy, sys; numpy.ones(int(sys.argv[1]) // 8)"]
    print(how, *(subprocess.run([*child, str(size)], stderr=subprocess.DEVNULL).returncode for size in (10**8, 2**31)))
"""
STORE = """
import sys
from pathlib import Path
from tools.classroom.limits import store
name, *paths = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
for number in range(60):
    store(f"{name}{number:02}", {"fault": "none", "bar": 1, "when": "", "how": ""}, *map(Path, paths))
"""

MULTIPLY = """
import os, sys
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:int(sys.argv[1])])
from vae_lib import models  # which keeps TensorFlow quiet
import tensorflow as tf
tf.function(lambda x: x @ x, jit_compile=True)(tf.ones((300, 300)))
"""


@LINUX
@pytest.mark.parametrize("cores", [1, 2])
def test_a_pool_is_as_large_as_the_cores_that_it_sees(start_python, cores):
    if len(os.sched_getaffinity(0)) < cores:
        pytest.skip("This machine has a single core.")
    out, err = start_python(MULTIPLY + limits.POOLS, cores).communicate(timeout=120)
    pools = json.loads(out)["pools"]
    assert {pools[name] for name in ("openblas", "tf_Compute", "tf_XLAEigen")} == {cores}, (
        out,
        err,
    )


@LINUX
def test_a_confined_process_and_its_children_have_one_core_and_two_gigabytes(start_python):
    out, err = start_python(TOO_MUCH).communicate(timeout=60)
    how, *codes = out.rsplit(maxsplit=2)
    assert "2 GiB" in how and codes[0] == "0" and codes[1] != "0", (out, err)


def test_a_cgroup_is_used_only_where_memory_is_delegated(tmp_path):
    process = tmp_path / "process"
    slice_ = tmp_path / "user.slice"
    (slice_ / "own.scope").mkdir(parents=True)
    (slice_ / "cgroup.procs").touch()
    process.write_text("0::/user.slice/own.scope\n")
    for delegated, found in (("cpu pids", None), ("cpu memory pids", slice_ / "own.scope")):
        (slice_ / "cgroup.subtree_control").write_text(delegated)
        assert limits.own_group(tmp_path, process) == found
    process.write_text("4:memory:/elsewhere\n0::/\n")  # version 1, or the root group
    assert limits.own_group(tmp_path, process) is None


def test_two_runs_merge_their_rows(tmp_path):
    rows, page = tmp_path / "limits.json", tmp_path / "limits.md"
    command = [sys.executable, "-c", STORE]
    both = [
        subprocess.Popen(
            [*command, name, rows, page],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "ab"
    ]
    assert [process.stdout.readline() for process in both] == ["ready\n"] * 2
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        process.communicate(timeout=60)
    assert list(json.loads(rows.read_text())) == [
        f"{name}{number:02}" for name in "ab" for number in range(60)
    ]
    assert page.read_text().count("**failed**") == 120


def test_a_notebook_that_fails_is_a_row_that_says_so(tmp_path):
    import nbformat

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    path = tmp_path / "99_broken.ipynb"
    nbformat.write(notebook, path)
    row = limits.measure(path)
    assert not row["met"] and "ZeroDivisionError" in row["fault"]


@LINUX
def test_memory_and_time_of_a_kernel_are_its_own(tmp_path):
    import nbformat

    cells = [
        nbformat.v4.new_code_cell("import time, numpy; a = numpy.ones(30_000_000)"),
        nbformat.v4.new_code_cell("time.sleep(1)"),
    ]
    path = tmp_path / "99_large.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    kernel = kernels.run_notebook(path, 'print("{\\"said\\": 1}")')
    assert (
        229 < kernel.anonymous < 400 and kernel.anonymous < kernel.resident
    )  # 240,000,000 bytes are 229 MB
    assert kernel.seconds > 1 and kernel.processor_seconds > 0
    assert kernel.said == {"said": 1}


def test_every_notebook_keeps_inside_the_limits():
    rows = json.loads(limits.ROWS.read_text(encoding="utf-8"))
    assert list(rows) == [path.name for path in kernels.NOTEBOOKS]
    assert [name for name, row in rows.items() if not row["met"]] == []
    assert all(row["bar"] == (360 if name.startswith("05") else 180) for name, row in rows.items())
    assert {(row["sees"]["cores"], row["sees"]["memory"]) for row in rows.values()} == {
        ("1", "2 GiB")
    }


def test_the_page_of_limits_is_what_was_measured():
    page = limits.PAGE.read_text(encoding="utf-8")
    assert page == limits.write_page(json.loads(limits.ROWS.read_text(encoding="utf-8")))
    assert len(re.findall(r"^\| `\d\d_", page, re.M)) == len(kernels.NOTEBOOKS)
