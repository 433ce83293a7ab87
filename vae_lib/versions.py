"""The oldest releases that the library works with, as pyproject.toml asks for them."""

import re
from importlib import metadata

OLDEST = {
    "anywidget": "0.9.4",
    "ipywidgets": "7.7.1",
    "keras": "3.7",
    "matplotlib": "3.10",
    "numpy": "2.0",
    "scikit-learn": "1.5",
    "scipy": "1.13",
    "tensorflow": "2.18",
    "tensorflow-cpu": "2.18",
    "traitlets": "5.7",
}


def require(*packages: str) -> None:
    """Raise ImportError if a package that is installed is older than the library needs.

    One that is not installed is left to its own import, which names it.
    """
    for package in packages:
        try:
            found = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
        if _numbers(found) < _numbers(OLDEST[package]):
            raise ImportError(
                f"vae_lib needs {package} {OLDEST[package]} or newer, received {found}: run "
                f'%pip install "{package}>={OLDEST[package]}" and restart the kernel.'
            )


def _numbers(version: str) -> tuple[int, ...]:
    """The release alone: 2.1.0rc1 counts as (2, 1, 0)."""
    release = re.match(r"[\d.]+", version)
    numbers = [int(part) for part in release[0].split(".") if part] if release else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
