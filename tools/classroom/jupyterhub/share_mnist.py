"""Put one verified MNIST where all students can read it and none can write; run once, as root.

.venv/bin/python tools/classroom/jupyterhub/share_mnist.py TARGET [COPY]

TARGET is the file to write, COPY a mnist.npz that is there already; without one it is downloaded.
"""

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
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        share(*map(Path, sys.argv[1:]))
    except (OSError, ValueError) as fault:
        sys.exit(str(fault))
    print(f"{sys.argv[1]}: MNIST, verified, readable by all.")
