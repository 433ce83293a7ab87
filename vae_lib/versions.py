"""What the library needs to be there, and in which releases, as pyproject.toml asks for them."""

import re
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from vae_lib.console import accept_all_characters

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

# what a notebook imports without TensorFlow; each brings what it needs itself
MODULES = {
    "anywidget": "anywidget",
    "keras": "keras",
    "matplotlib": "matplotlib",
    "pooch": "pooch",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "tqdm": "tqdm",
}


class NotInstalledError(ImportError):
    """A package that the library needs is not installed; a notebook shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


def require_installed() -> None:
    """Raise NotInstalledError if a package is missing in this Python, as it is in another kernel's.

    The library itself may well be found there, because it lies beside the notebooks. It is the
    first call of every notebook, which may have been made a script whose output goes to a file.
    """
    accept_all_characters()
    missing = [package for module, package in MODULES.items() if find_spec(module) is None]
    if missing:
        raise NotInstalledError(
            f"vae_lib needs {', '.join(missing)}, which this kernel's Python does not have: choose "
            f"the kernel that has it, or run %pip install {_what_to_install(missing)} in a new "
            "cell, and restart the kernel."
        )


def _what_to_install(missing: list[str]) -> str:
    """The arguments of pip: all that the folder with the library asks for, else what is missing."""
    folder = Path(__file__).resolve().parents[1]
    if (folder / "pyproject.toml").is_file():  # a clone
        return f'-e "{folder}[tensorflow]"'
    if (folder / "requirements.txt").is_file():  # a copy for a class
        return f'-r "{folder / "requirements.txt"}"'
    return " ".join(missing)


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
