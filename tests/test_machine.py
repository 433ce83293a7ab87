"""What the machine has: limits as people write them, numbers that do not overflow, memory."""

import sys

import numpy as np
import pytest

from vae_lib import machine

GIB = 2**30


@pytest.mark.parametrize(
    ("limit", "gigabytes"),
    [
        (str(2 * GIB), 2),
        ("2G", 2),
        ("2g", 2),
        ("2GB", 2),
        ("2 GiB", 2),
        ("2Gi", 2),
        ("3072M", 3),
        (" 3072 MiB ", 3),
        ("4194304K", 4),
        ("1T", 1024),
        ("5e9", 5),
        ("1.6GB", 2),
    ],
)
def test_a_limit_of_memory_may_have_a_unit(monkeypatch, limit, gigabytes):
    monkeypatch.setenv("MEM_LIMIT", limit)
    assert machine.describe()["memory"] == f"{gigabytes} GiB"


@pytest.mark.parametrize("limit", ["", "0", "max", "unlimited", "1.2.3G", "G", "-1", "2 PB"])
def test_a_limit_that_nobody_can_read_is_none(monkeypatch, limit):
    monkeypatch.delenv("MEM_LIMIT", raising=False)
    whole = machine.describe()["memory"]
    monkeypatch.setenv("MEM_LIMIT", limit)
    assert machine.describe()["memory"] == whole


def test_numbers_of_any_width_give_the_same_estimate():
    plain = machine.estimate_training_seconds(50_000, 10, rate=1e11)
    narrow = machine.estimate_training_seconds(np.int32(50_000), np.uint8(10), rate=1e11)
    assert plain == narrow


FREED = """
from vae_lib import machine

def held():
    line = next(line for line in open("/proc/self/status") if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024

pieces = [b"x" * 60_000 for _ in range(4_000)]  # 240 MB, each too small to be mapped alone
last = pieces[-1]  # above them all: without help the C library keeps what is below
del pieces
before = held()
machine.release_memory()
print(before - held())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Other systems keep their own counts.")
def test_memory_that_was_freed_goes_back_to_the_system(start_python):
    out, err = start_python(FREED).communicate(timeout=60)
    assert float(out) > 200, err


@pytest.mark.parametrize("library", [OSError, AttributeError, TypeError])
def test_a_system_without_that_call_is_left_alone(monkeypatch, library):
    def refuse(name):
        raise library

    monkeypatch.setattr(machine.ctypes, "CDLL", refuse)
    machine.release_memory()
