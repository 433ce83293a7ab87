"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A temporary file name that becomes ``path`` in one step, or leaves nothing behind.

    Args:
        path: the file to write; its folder is made if need be. A file that is there already
            stays until the new one is complete.

    Yields:
        The path to write to, in the same folder and with the same suffix.

    Raises:
        OSError: the folder or the file cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{os.getpid()}-{path.name}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write named arrays to an npz file, whole or not at all.

    Raises:
        OSError: the folder or the file cannot be written to.
    """
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
