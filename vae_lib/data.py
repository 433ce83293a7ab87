"""Digits in: load, verify, split, normalise. Nothing here imports TensorFlow."""

import hashlib
import os
import threading
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from vae_lib.arrays import require_images, require_pixels
from vae_lib.settings import IMAGE_SHAPE, SEED, VALIDATION_SIZE

MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
MNIST_FILE_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
MNIST_ARRAYS = {  # name in Keras' mnist.npz: shape, SHA-256 of the bytes (uint8, C order)
    "x_train": (
        (60_000, 28, 28),
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    "y_train": ((60_000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": (
        (10_000, 28, 28),
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    ),
    "y_test": ((10_000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}
AUTO_SECONDS, MNIST_SECONDS = 20, 300  # longest wait for the download, by source


class Split(NamedTuple):
    """Images, uint8 ``(n, 28, 28)``, and their labels, uint8 ``(n,)``."""

    images: np.ndarray
    labels: np.ndarray


class Digits(NamedTuple):
    """Where the digits came from ("mnist" or "sklearn") and the three splits."""

    source: str
    train: Split
    validation: Split
    test: Split

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(getattr(self, name).images):,} {name}" for name in self._fields[1:]
        )
        return f"Digits from {self.source}: {counts}"


def home() -> Path:
    """Folder for downloads, checkpoints and the reader's own model: ``VAE_LIB_HOME`` or the cache."""
    if folder := os.environ.get("VAE_LIB_HOME"):
        return Path(folder).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("vae_lib"))


def load_digits(source: str | None = None) -> Digits:
    """Load handwritten digits, split once and for all into training, validation and test.

    Args:
        source: ``"mnist"`` (the file named by ``VAE_LIB_MNIST``, else the cache, else a download),
            ``"sklearn"`` (1,797 digits that come with scikit-learn), or ``"auto"``: MNIST if it can
            be had within seconds, else scikit-learn's. None takes ``VAE_LIB_SOURCE``, else "auto".

    Returns:
        MNIST as 50,000 / 10,000 / 10,000 digits, scikit-learn's as 1,297 / 250 / 250.

    Raises:
        ValueError: an unknown source, or a file that is not MNIST.
        OSError: ``"mnist"`` was asked for and cannot be had.
    """
    source = source or os.environ.get("VAE_LIB_SOURCE") or "auto"
    if source not in ("auto", "mnist", "sklearn"):
        raise ValueError(f"source must be 'auto', 'mnist' or 'sklearn', received {source!r}.")
    if source == "sklearn":
        return _load_sklearn()
    if path := os.environ.get("VAE_LIB_MNIST"):  # named by hand: never replaced in silence
        return _split_mnist(read_mnist(path))
    try:
        return _split_mnist(
            read_mnist(_fetch_mnist(AUTO_SECONDS if source == "auto" else MNIST_SECONDS))
        )
    except OSError as fault:
        if source == "mnist":
            raise
        print(
            f"MNIST is out of reach ({fault}), so these are scikit-learn's 1,797 digits. For MNIST, point "
            "VAE_LIB_MNIST at a copy of mnist.npz; to skip the wait next time, set VAE_LIB_SOURCE=sklearn."
        )
        return _load_sklearn()


def normalize(images: np.ndarray) -> np.ndarray:
    """Raw pixels 0 to 255 as float32 in [0, 1], with a channel axis: ``(n, 28, 28, 1)``.

    Args:
        images: uint8, shape ``(n, 28, 28)``.

    Raises:
        TypeError, ValueError: as ``arrays.require_pixels`` does.
    """
    return require_pixels(images)[..., None].astype(np.float32) / 255


def binarize(images: np.ndarray, seed: int = SEED) -> np.ndarray:
    """Black-and-white images: each pixel is 1 with the probability that its grey value gives.

    Args:
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
        seed: start of the random draws.

    Returns:
        float32 zeros and ones, same shape.
    """
    images = require_images(images)
    return (np.random.default_rng(seed).random(images.shape, np.float32) < images).astype(
        np.float32
    )


def warp(
    images: np.ndarray,
    angle: Any = 0,
    scale: Any = 1,
    slant: Any = 0,
    shift: Any = (0, 0),
    thickness: Any = 0,
) -> np.ndarray:
    """Turn, scale, slant, shift and thicken images about their centre; bilinear, empty paper outside.

    Each argument is one value for all images, or one an image with shape ``(n,)``.

    Args:
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
        angle: degrees, anticlockwise.
        scale: 2 doubles the size.
        slant: pixels to the right for each pixel up.
        shift: pixels to the right and down, each as above.
        thickness: 1 spreads the ink by a pixel on all sides, -1 wears one off; between them, a blend.

    Returns:
        float32, same shape.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does, or a number that is not finite, or a scale of 0.
    """
    from scipy import ndimage

    images = require_images(images)[..., 0]
    values = np.broadcast_arrays(angle, scale, slant, *shift, thickness, images[:, 0, 0])[:-1]
    angle, scale, slant, right, down, thickness = values
    if not np.isfinite(values).all() or (scale <= 0).any():
        raise ValueError(
            "warp needs finite numbers and a scale above 0: check what is passed for each image."
        )
    for change, share in ((ndimage.grey_dilation, thickness), (ndimage.grey_erosion, -thickness)):
        if (share > 0).any():
            images = images + np.clip(share, 0, 1).astype(np.float32)[:, None, None] * (
                change(images, (1, 3, 3)) - images
            )
    # where each new pixel (y, x) comes from
    cos, sin = np.cos(np.deg2rad(angle)) / scale, np.sin(np.deg2rad(angle)) / scale
    matrices = np.moveaxis(np.array([[cos, sin], [slant * cos - sin, cos + slant * sin]]), -1, 0)
    middle = (IMAGE_SHAPE[0] - 1) / 2
    starts = middle - np.einsum("nij,nj->ni", matrices, middle + np.stack([down, right], axis=1))
    parts = zip(images, matrices, starts, strict=True)
    warped = [ndimage.affine_transform(*part, order=1, mode="grid-constant") for part in parts]
    return np.array(warped, np.float32).reshape(-1, *IMAGE_SHAPE)


def read_mnist(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Read Keras' ``mnist.npz`` and check shape, type and content of its four arrays.

    Raises:
        FileNotFoundError: no such file.
        ValueError: not an npz of plain arrays, or not MNIST.
    """
    path = Path(path).expanduser()
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no file {path}: let VAE_LIB_MNIST name a copy of mnist.npz, or unset it."
        )
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in MNIST_ARRAYS}
    except Exception as fault:  # zip, zlib, header and pickle faults have no common parent
        raise ValueError(
            f"{path} is not a readable mnist.npz ({fault}): delete it and fetch it again."
        ) from None
    for name, (shape, sha256) in MNIST_ARRAYS.items():
        array = arrays[name]
        if array.dtype != np.uint8 or array.shape != shape:
            found = f"{array.dtype} {array.shape}"
            raise ValueError(
                f"{name} in {path} is {found}, but MNIST's is uint8 {shape}: fetch the original file."
            )
        if hashlib.sha256(np.ascontiguousarray(array)).hexdigest() != sha256:
            raise ValueError(
                f"{name} in {path} has MNIST's shape but not its content: fetch the original file."
            )
    return arrays


def _split_mnist(arrays: dict[str, np.ndarray]) -> Digits:
    images, labels = arrays["x_train"], arrays["y_train"]
    return Digits(
        "mnist",
        Split(images[:-VALIDATION_SIZE], labels[:-VALIDATION_SIZE]),
        Split(images[-VALIDATION_SIZE:], labels[-VALIDATION_SIZE:]),
        Split(arrays["x_test"], arrays["y_test"]),
    )


def _fetch_mnist(seconds: float) -> Path:
    """Cached or downloaded mnist.npz; OSError with one sentence if it is not there in time."""
    target, outcome = home() / "mnist.npz", []

    def fetch() -> None:
        try:
            outcome.append(_download(target, retries=2 if seconds > AUTO_SECONDS else 0))
        except Exception as fault:
            outcome.append(fault)

    # a thread, because neither a look-up of the host's name nor a slow trickle has a time-out
    worker = threading.Thread(target=fetch, daemon=True)
    worker.start()
    worker.join(seconds)
    if not outcome:
        raise TimeoutError(f"it did not arrive within {seconds:g} seconds")
    if isinstance(outcome[0], Exception):
        raise OSError(_reason(outcome[0], target.parent)) from outcome[0]
    return outcome[0]


def _download(target: Path, retries: int) -> Path:
    import pooch
    from tqdm.auto import tqdm

    pooch.get_logger().setLevel("ERROR")  # it would report the download on stderr
    registry = {target.name: f"sha256:{MNIST_FILE_SHA256}"}
    fetcher = pooch.create(target.parent, MNIST_URL, registry=registry, retry_if_failed=retries)
    # delay: no bar for a file that is in the cache; total: tqdm has no truth value without one
    with tqdm(desc="MNIST", total=1, unit="B", unit_scale=True, delay=0.5) as bar:
        # pooch checks the hash and moves the finished file into place in one step
        return Path(
            fetcher.fetch(
                target.name, downloader=pooch.HTTPDownloader(progressbar=bar, timeout=(4, 10))
            )
        )


def _reason(fault: Exception, folder: Path) -> str:
    """What went wrong, in words for a reader."""
    import requests

    if isinstance(fault, requests.exceptions.Timeout):
        return "the network did not answer in time, or was too slow"
    if isinstance(fault, requests.exceptions.HTTPError):
        return f"the server answered {fault.response.status_code}"
    if isinstance(fault, requests.exceptions.RequestException):
        return "there is no network, or the connection broke"
    if isinstance(fault, OSError):
        why = fault.strerror or getattr(fault.__cause__, "strerror", None) or fault
        return f"cannot write to {folder}: {why}; set VAE_LIB_HOME to a folder with 12 MB to spare"
    return "the bytes received are not MNIST's"


def _load_sklearn() -> Digits:
    """scikit-learn's digits, 8x8, put into MNIST's frame: 20x20, centred by mass in 28x28."""
    from scipy import ndimage
    from sklearn.datasets import load_digits as load_small_digits
    from sklearn.model_selection import train_test_split

    small, labels = load_small_digits(return_X_y=True)
    large = ndimage.zoom(
        small.reshape(-1, 8, 8), (1, 2.5, 2.5), order=1, grid_mode=True, mode="nearest"
    )
    framed = np.pad(np.round(large * (255 / 16)).astype(np.uint8), ((0, 0), (4, 4), (4, 4)))
    for index, image in enumerate(framed):
        shift = np.round(IMAGE_SHAPE[0] / 2 - np.array(ndimage.center_of_mass(image))).astype(int)
        framed[index] = np.roll(image, np.clip(shift, -4, 4), (0, 1))
    splits, rest = [], np.arange(len(labels))
    for count in (250, 250):
        rest, part = train_test_split(
            rest, test_size=count, random_state=SEED, stratify=labels[rest]
        )
        splits.append(Split(framed[part], labels[part].astype(np.uint8)))
    return Digits("sklearn", Split(framed[rest], labels[rest].astype(np.uint8)), *splits)
