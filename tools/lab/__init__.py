"""How JupyterLab starts for a reader: python -m tools.lab puts its settings into an environment."""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# JupyterLab's defaults, in a folder where each package may have a file of its own
SETTINGS = Path("share", "jupyter", "lab", "settings", "overrides.d", "vae_lib.json")
# what every kernel of the environment reads
KERNEL = Path("etc", "ipython", "ipython_kernel_config.py")


def install(prefix: Path) -> None:
    """Copy the settings into the environment in a folder; a reader's own settings come first.

    Args:
        prefix: the environment's folder, as ``sys.prefix`` names it.
    """
    for name, place in [("overrides.json", SETTINGS), (KERNEL.name, KERNEL)]:
        target = prefix / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / name, target)


def main() -> None:
    install(Path(sys.prefix))
