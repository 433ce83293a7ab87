"""What this machine has and how fast it multiplies: an estimate before a long cell."""

import os
import platform
import time
from contextlib import suppress
from importlib import metadata

import numpy as np

from vae_lib.settings import BATCH_SIZE, EPOCHS

PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "matplotlib", "ipywidgets")
OPERATIONS = 8_741_888  # floating-point operations to train on one image, as tools/benchmarks/run.py counts them
REACHED = 0.5  # share of the matrix-product rate that training gets, see benchmarks/
START_SECONDS = 12  # compiling, once


def describe() -> dict[str, str]:
    """Python, the packages that matter, cores and memory, each as a short text."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    found["cores"] = str(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    )
    # Binder states its limit here; the machine beneath it has far more
    memory = int(
        os.environ.get("MEM_LIMIT") or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    )
    found["memory"] = f"{memory / 2**30:.0f} GiB"
    return found


def matmul_rate(size: int = 1536, repeats: int = 5) -> float:
    """Best rate of float32 matrix products in NumPy, in floating-point operations a second."""
    a = np.ones((size, size), np.float32)
    a @ a
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - began)
    return 2 * size**3 / min(times)


def estimate_training_seconds(
    images: int, epochs: int = EPOCHS, rate: float | None = None
) -> float:
    """How long ``training.train`` is likely to take here, give or take a third.

    Args:
        images: training images.
        epochs: passes over them.
        rate: as ``matmul_rate`` measures it; measured now if None.
    """
    seen = images // min(BATCH_SIZE, images) * min(BATCH_SIZE, images)
    return START_SECONDS + epochs * seen * OPERATIONS / (REACHED * (rate or matmul_rate()))
