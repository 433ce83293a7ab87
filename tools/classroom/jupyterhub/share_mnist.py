"""Put one verified MNIST where all students can read it and none can write; run once, as root.

.venv/bin/python -m tools.classroom.jupyterhub.share_mnist TARGET [COPY]
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from vae_lib import data


def share(target: Path, copy: Path | None = None) -> None:
    """Verify, then move into place: at no moment does an unverified file stand there.

    Raises:
        FileNotFoundError, ValueError: as ``data.read_mnist`` does.
        OSError: the download failed, or the folder cannot be written to.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        if copy is None:
            os.environ.pop("VAE_LIB_MNIST", None)
            os.environ["VAE_LIB_HOME"] = folder
            data.load_digits("mnist")
            fresh = Path(folder, "mnist.npz")
        else:
            fresh = Path(shutil.copyfile(copy, Path(folder, "copy.npz")))
        data.read_mnist(fresh)
        fresh.chmod(0o444)
        target.parent.chmod(0o755)
        fresh.replace(target)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("target", type=Path, help="the file to write")
    parser.add_argument(
        "copy", nargs="?", type=Path, help="a mnist.npz that is there; else download"
    )
    options = parser.parse_args()
    try:
        share(options.target, options.copy)
    except (OSError, ValueError) as fault:
        sys.exit(str(fault))
    print(f"{options.target}: MNIST, verified, readable by all.")
