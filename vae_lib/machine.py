"""What this machine has and how fast it multiplies: an estimate before a long cell."""

import os
import platform
import time
from importlib import metadata
from itertools import pairwise

import numpy as np

from vae_lib.settings import BATCH_SIZE, EPOCHS, HIDDEN_UNITS, IMAGE_SHAPE, LATENT_DIM

PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "matplotlib", "ipywidgets")
REACHED = 0.5  # share of the matrix-product rate that training gets, see benchmarks/
START_SECONDS = 12  # compiling, once


def describe() -> dict[str, str]:
    """Python, the packages that matter, cores and memory, each as a short text."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    found["cores"] = str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
    # Binder states its limit here; the machine beneath it has far more
    memory = int(os.environ.get("MEM_LIMIT") or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
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


def training_operations() -> int:
    """Floating-point operations to train on one image: two a weight forward, four backward.

    Only matrix products count. The first layer needs no gradient of its input, which saves two.
    """
    widths = [int(np.prod(IMAGE_SHAPE)), *HIDDEN_UNITS]
    hidden = sum(a * b for a, b in pairwise(widths))
    weights = 2 * hidden + 3 * LATENT_DIM * HIDDEN_UNITS[-1]  # two heads, and the decoder's first layer
    return 6 * weights - 2 * widths[0] * widths[1]


def estimate_training_seconds(images: int, epochs: int = EPOCHS, rate: float | None = None) -> float:
    """How long ``training.train`` is likely to take here, give or take a third.

    Args:
        images: training images.
        epochs: passes over them.
        rate: as ``matmul_rate`` measures it; measured now if None.
    """
    seen = images // min(BATCH_SIZE, images) * min(BATCH_SIZE, images)
    return START_SECONDS + epochs * seen * training_operations() / (REACHED * (rate or matmul_rate()))
