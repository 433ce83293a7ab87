"""What this machine has and how fast it multiplies: an estimate before a long cell."""

import ctypes
import gc
import os
import platform
import re
import time
from contextlib import suppress
from importlib import metadata

import numpy as np

from vae_lib.settings import BATCH_SIZE, EPOCHS

PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "matplotlib", "ipywidgets")

OPERATIONS_AN_IMAGE = 8_741_888
"""Floating-point operations of one training step, divided by the images in it.

``tools.benchmarks.run`` counts them; only matrix products count.
"""

EFFICIENCY = 0.4
"""Share of NumPy's matrix-product rate that training reaches (measured by ``make bench``)."""

START_SECONDS = 4
"""Time to trace the training step, once."""


def describe() -> dict[str, str]:
    """Python, the packages that matter, cores and memory, each as a short text.

    The memory is "unknown" where the system does not tell Python, as on Windows.
    """
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    found["cores"] = str(_count_cores())
    memory = _count_memory()
    found["memory"] = "unknown" if memory is None else f"{memory / 2**30:.0f} GiB"
    return found


def matmul_rate(size: int = 1536, repeats: int = 5) -> float:
    """Best rate of float32 matrix products in NumPy, in floating-point operations a second."""
    a = np.ones((size, size), np.float32)
    a @ a  # the first product also starts the threads
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - began)
    return 2 * size**3 / min(seconds)


def estimate_training_seconds(
    images: int, epochs: int = EPOCHS, rate: float | None = None
) -> float:
    """How long ``training.train`` is likely to take here, give or take a third.

    Args:
        images: number of training images.
        epochs: passes over them.
        rate: floating-point operations a second, as ``matmul_rate`` measures it; measured now
            if None.
    """
    images, epochs = int(images), int(epochs)  # NumPy's would overflow in the product
    batch = min(BATCH_SIZE, images)
    images_an_epoch = images // batch * batch  # images that fill no batch are left out
    operations = epochs * images_an_epoch * OPERATIONS_AN_IMAGE
    return START_SECONDS + operations / (EFFICIENCY * (rate or matmul_rate()))


def release_memory() -> None:
    """Return to the system what was freed, such as the workings of a training.

    Linux' C library keeps freed memory for later, a little in each thread: 60 MB after a training.
    Elsewhere this frees what Python has lost sight of, and leaves the rest to the system.
    """
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # another system, or another C library
        ctypes.CDLL(None).malloc_trim(0)


def _parse_memory(text: str) -> int | None:
    """Bytes of "2147483648", "2G", "1.5 GiB" or "2048 MB", each unit 1,024 of the one before.

    None for anything else: a limit that nobody can read must not stop a notebook.
    """
    match = re.fullmatch(r"\s*([\d.]+(?:e\d+)?)\s*([kmgt]?)i?b?\s*", text, re.IGNORECASE)
    if not match:
        return None
    try:
        number = float(match[1])
    except ValueError:  # two points, say
        return None
    exponent = " kmgt".index(match[2].lower() or " ")
    return int(number * 1024**exponent) or None


def _count_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _count_memory() -> int | None:
    """Bytes; Binder states its limit in ``MEM_LIMIT``, the machine beneath it has far more.

    None if neither that nor the system says: there is no ``sysconf`` on Windows, and some systems
    have not both of its numbers.
    """
    limit = _parse_memory(os.environ.get("MEM_LIMIT", ""))
    if limit is not None:
        return limit
    if hasattr(os, "sysconf"):
        with suppress(ValueError, OSError):
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None
