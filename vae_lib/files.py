"""Files that are written whole or not at all, and where a path of the reader's leads."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np


def find(path: str | os.PathLike[str]) -> Path:
    """An absolute path for one that a reader has set, perhaps relative to another folder.

    Kernels start in ``notebooks/``, while a variable is mostly set in the folder above. So a
    relative path is looked for in the current folder, then in each one above. One that is nowhere
    counts from the project's folder, the nearest with a ``pyproject.toml``, or else from the
    current one: the answer is then the same in every notebook.
    """
    path = Path(path).expanduser()
    if path.is_absolute():
        return path
    here = Path.cwd()
    folders = [here, *here.parents]
    found = [folder for folder in folders if (folder / path).exists()]
    projects = [folder for folder in folders if (folder / "pyproject.toml").is_file()]
    folder = next(iter([*found, *projects, here]))
    return Path(os.path.abspath(folder / path))


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
