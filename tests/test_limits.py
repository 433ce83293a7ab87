"""One core and 2 GB: what confines a run, and that a notebook's numbers are its own."""

import sys

import nbformat
import pytest

from tools.benchmarks.run_notebook import run_notebook
from tools.classroom import limits

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="Cores and memory are confined on Linux alone."
)
TOO_MUCH = """
import os, subprocess, sys
from tools.classroom.limits import confine
confine()
code = "import numpy, os, sys; numpy.ones({} // 8); print(len(os.sched_getaffinity(0)))"
for size in (10**8, 2**31):
    command = [sys.executable, "-c", code.format(size)]
    child = subprocess.run(command, capture_output=True, text=True)
    print(child.returncode == 0, child.stdout.strip())
"""


def write_notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_child_of_a_confined_process_has_one_core_and_two_gigabytes(start_python):
    out, err = start_python(TOO_MUCH).communicate(timeout=60)
    assert out.splitlines() == ["True 1", "False "], err


def test_a_notebook_that_fails_is_a_row_that_says_so(tmp_path):
    row = limits.measure(write_notebook(tmp_path / "99_broken.ipynb", "1 / 0"))
    assert "**failed**" in row and "ZeroDivisionError" in row


def test_memory_and_time_of_a_kernel_are_its_own(tmp_path):
    sources = ("import time, numpy; a = numpy.ones(30_000_000)", "time.sleep(1)")
    kernel = run_notebook(write_notebook(tmp_path / "99_large.ipynb", *sources))
    assert 229 < kernel.anonymous < 400  # 240,000,000 bytes are 229 MB
    assert kernel.anonymous < kernel.resident
    assert kernel.seconds > 1 and kernel.processor_seconds > 0
