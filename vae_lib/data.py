"""Digits in: load, verify, split, normalise. Nothing here imports TensorFlow."""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from vae_lib import files, network
from vae_lib.arrays import (
    Float32s,
    Floats,
    Pixels,
    as_whole,
    require_images,
    require_pixels,
    require_sheet,
)
from vae_lib.console import say
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
STAND_IN_HELD_OUT = 250  # of scikit-learn's digits, for validation and for test each
DIGIT_SIDE = 20  # longest side of a digit in its image, as MNIST has it
FAINT = 0.02  # below this a pixel is paper
AUTO_SECONDS = 20  # longest wait for the download, where the stand-in can take its place
MNIST_SECONDS = 300  # the same, where MNIST was asked for


class Split(NamedTuple):
    """Images, uint8 ``(n, 28, 28)``, and their labels, uint8 ``(n,)``."""

    images: Pixels
    labels: Pixels

    def take(self, n: int | None) -> "Split":
        """The first n digits, all if there are fewer or n is None.

        Raises:
            ValueError: n below 1, or not whole.
        """
        whole = None if n is None else as_whole(n)
        if n is not None and (whole is None or whole < 1):
            raise ValueError(
                "A split keeps a whole number of digits, and at least 1 digit, "
                f"received {n}: pass None for all."
            )
        if whole is None or whole >= len(self.images):
            return self
        # copies, so that the rest can be freed
        return Split(self.images[:whole].copy(), self.labels[:whole].copy())


class Digits(NamedTuple):
    """Where the digits came from ("mnist" or "sklearn") and the three splits."""

    source: str
    train: Split
    validation: Split
    test: Split

    def __repr__(self) -> str:
        return (
            f"Digits from {self.source}: {len(self.train.images):,} train, "
            f"{len(self.validation.images):,} validation, {len(self.test.images):,} test"
        )

    def take(
        self, train: int | None = None, validation: int | None = None, test: int | None = None
    ) -> "Digits":
        """Smaller digits, for a quick experiment: the first ones of each split.

        Args:
            train: number of training digits to keep; all if None, or if there are fewer.
            validation: the same of the validation digits.
            test: the same of the test digits.

        Raises:
            ValueError: a number below 1.
        """
        return Digits(
            self.source,
            self.train.take(train),
            self.validation.take(validation),
            self.test.take(test),
        )


def home() -> Path:
    """Folder for downloads, checkpoints and the reader's own model.

    It is ``VAE_LIB_HOME`` if that is set, as ``files.find`` reads it, else a folder in the user's
    cache.
    """
    folder = os.environ.get("VAE_LIB_HOME")
    if folder:
        return files.find(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("vae_lib"))


def load_digits(source: str | None = None) -> Digits:
    """Load handwritten digits, always split in the same way: training, validation and test.

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
    path = os.environ.get("VAE_LIB_MNIST")
    if path:  # named by hand: never replaced in silence
        return _split_mnist(read_mnist(path))
    seconds = AUTO_SECONDS if source == "auto" else MNIST_SECONDS
    try:
        return _split_mnist(read_mnist(_fetch_mnist(seconds)))
    except OSError as fault:
        if source == "mnist":
            raise
        say(
            f"MNIST is out of reach ({fault}), so these are scikit-learn's 1,797 digits. "
            "For MNIST, point VAE_LIB_MNIST at a copy of mnist.npz; to skip the wait next time, "
            "set VAE_LIB_SOURCE=sklearn."
        )
        return _load_sklearn()


def normalize(images: npt.ArrayLike) -> Float32s:
    """Raw pixels 0 to 255 as float32 in [0, 1], with a channel axis: ``(n, 28, 28, 1)``.

    Args:
        images: uint8, shape ``(n, 28, 28)``.

    Raises:
        TypeError, ValueError: as ``arrays.require_pixels`` does.
    """
    scaled = require_pixels(images)[..., None].astype(np.float32)
    scaled /= 255
    return scaled


def to_raw(images: np.ndarray) -> Pixels:
    """Raw pixels of images in [0, 1], rounded and without a channel axis: uint8 ``(n, 28, 28)``.

    Args:
        images: float, shape ``(n, 28, 28, 1)``.
    """
    return np.round(255 * images[..., 0]).astype(np.uint8)


def frame(ink: npt.ArrayLike) -> Float32s:
    """Put ink into MNIST's frame: longest side 20 pixels, centre of mass in the middle of 28x28.

    Each pixel of the smaller picture is the mean of those that it covers, so that ink is neither
    won nor lost (LeCun, Cortes and Burges, "The MNIST database of handwritten digits").
    ``widgets/js/frame.js`` does the same in the browser.

    Args:
        ink: float, shape ``(height, width)``, in [0, 1], of any size; 1 is ink.

    Returns:
        float32, shape ``(28, 28, 1)``.

    Raises:
        ValueError: another shape, a value outside [0, 1], or a sheet without ink.
    """
    sheet = require_sheet(ink)
    is_ink = sheet > FAINT
    rows = np.flatnonzero(is_ink.any(axis=1))
    columns = np.flatnonzero(is_ink.any(axis=0))
    if not len(rows):
        raise ValueError("There is no ink on this sheet: pass one that something is written on.")
    box = sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = max(box.shape)
    row_shares = _cover(box.shape[0], side)
    column_shares = _cover(box.shape[1], side)
    small = row_shares @ box @ column_shares.T
    image = _centre_by_mass(np.clip(small, 0, 1))
    return image[..., None].astype(np.float32)


def _cover(length: int, side: int) -> Floats:
    """For each pixel of the smaller picture the share of it that each larger pixel covers.

    Args:
        length: in pixels, of a box whose longest side is ``side``.
        side: that becomes 20 pixels.

    Returns:
        Shape ``(smaller length, length)``; each row sums to 1.
    """
    count = max(1, int(np.floor(DIGIT_SIDE * length / side + 0.5)))
    step = length / count
    starts = step * np.arange(count)[:, None]
    pixels = np.arange(length)
    overlap = np.minimum(pixels + 1, starts + step) - np.maximum(pixels, starts)
    return np.clip(overlap, 0, None) / step


def _centre_by_mass(small: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A picture of at most 20x20 in 28x28, its centre of mass as near to the middle as it fits."""
    framed = np.zeros(IMAGE_SHAPE[:2], small.dtype)
    places = []
    for axis, length in enumerate(small.shape):
        mass = small.sum(axis=1 - axis, dtype=np.float64)
        centre = mass @ np.arange(length) / mass.sum()
        start = int(np.floor(IMAGE_SHAPE[axis] / 2 - centre + 0.5))
        places.append(int(np.clip(start, 0, IMAGE_SHAPE[axis] - length)))
    top, left = places
    framed[top : top + small.shape[0], left : left + small.shape[1]] = small
    return framed


def binarize(images: npt.ArrayLike, seed: int = SEED) -> Float32s:
    """Black-and-white images: each pixel is 1 with the probability that its grey value gives.

    Args:
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
        seed: of the random numbers.

    Returns:
        float32 zeros and ones, same shape.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does.
    """
    grey = require_images(images)
    uniform = np.random.default_rng(seed).random(grey.shape, np.float32)
    return (uniform < grey).astype(np.float32)


def warp(
    images: npt.ArrayLike,
    angle: npt.ArrayLike = 0,
    scale: npt.ArrayLike = 1,
    slant: npt.ArrayLike = 0,
    shift: Sequence[npt.ArrayLike] | np.ndarray = (0, 0),
    thickness: npt.ArrayLike = 0,
) -> Float32s:
    """Rotate, scale, slant, shift and thicken images about their centre.

    Pixels are interpolated bilinearly; outside the image the paper is empty. Each argument is
    one value for all images, or one an image with shape ``(n,)``.

    Args:
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
        angle: degrees, anticlockwise.
        scale: 2 doubles the size.
        slant: pixels to the right for each pixel up.
        shift: pixels to the right and down, each as above.
        thickness: 1 spreads the ink by a pixel on all sides, -1 takes one off; between them, a
            blend.

    Returns:
        float32, same shape.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does, or a number that is not finite,
            or a scale that is not above 0.
    """
    sheets = require_images(images)[..., 0]

    def one_an_image(value: npt.ArrayLike) -> Floats:
        array = np.asarray(value, np.float64)
        if array.shape not in ((), (len(sheets),)):
            raise ValueError(
                f"warp takes one value or one an image, received {array.shape} values for "
                f"{len(sheets)} images."
            )
        return np.broadcast_to(array, len(sheets))

    angles = one_an_image(angle)
    scales = one_an_image(scale)
    slants = one_an_image(slant)
    right = one_an_image(shift[0])
    down = one_an_image(shift[1])
    thicknesses = one_an_image(thickness)
    numbers = np.stack([angles, scales, slants, right, down, thicknesses])
    if not np.isfinite(numbers).all() or (scales <= 0).any():
        raise ValueError(
            "warp needs finite numbers and a scale above 0: check what is passed for each image."
        )
    thickened = _thicken(sheets, thicknesses)
    return _transform(thickened, angles, scales, slants, right, down)


def _thicken(sheets: Float32s, thickness: Floats) -> Float32s:
    """Blend each image ``(n, 28, 28)`` with its dilation, or with its erosion below 0."""
    from scipy import ndimage

    neighbours = (1, 3, 3)  # a pixel and the eight around it, within one image
    if (thickness > 0).any():
        share = np.clip(thickness, 0, 1).astype(np.float32)[:, None, None]
        sheets = sheets + share * (ndimage.grey_dilation(sheets, neighbours) - sheets)
    if (thickness < 0).any():
        share = np.clip(-thickness, 0, 1).astype(np.float32)[:, None, None]
        sheets = sheets + share * (ndimage.grey_erosion(sheets, neighbours) - sheets)
    return sheets


def _transform(
    sheets: Float32s, angle: Floats, scale: Floats, slant: Floats, right: Floats, down: Floats
) -> Float32s:
    """Rotate, scale, slant and shift each image about its centre."""
    from scipy import ndimage

    # a matrix and an offset give, for each new pixel (y, x), the place that it is read from
    cos = np.cos(np.deg2rad(angle)) / scale
    sin = np.sin(np.deg2rad(angle)) / scale
    rows = np.array([[cos, sin], [slant * cos - sin, cos + slant * sin]])
    matrices = np.moveaxis(rows, -1, 0)
    centre = (IMAGE_SHAPE[0] - 1) / 2
    shifted_centre = centre + np.stack([down, right], axis=1)
    offsets = centre - np.einsum("nij,nj->ni", matrices, shifted_centre)
    warped = np.empty((len(sheets), *IMAGE_SHAPE), np.float32)
    for number, sheet in enumerate(sheets):
        warped[number, ..., 0] = ndimage.affine_transform(
            sheet, matrices[number], offsets[number], order=1, mode="grid-constant"
        )
    return warped


def read_mnist(path: str | os.PathLike[str]) -> dict[str, Pixels]:
    """Read Keras' ``mnist.npz`` and check shape, type and content of its four arrays.

    Raises:
        FileNotFoundError: no such file.
        ValueError: not an npz of plain arrays, or not MNIST.
    """
    path = files.find(path)
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
            raise ValueError(
                f"{name} in {path} is {array.dtype} {array.shape}, but MNIST's is uint8 {shape}: "
                "fetch the original file."
            )
        if hashlib.sha256(np.ascontiguousarray(array).data).hexdigest() != sha256:
            raise ValueError(
                f"{name} in {path} has MNIST's shape but not its content: fetch the original file."
            )
    return arrays


def _split_mnist(arrays: dict[str, Pixels]) -> Digits:
    images, labels = arrays["x_train"], arrays["y_train"]
    return Digits(
        "mnist",
        Split(images[:-VALIDATION_SIZE], labels[:-VALIDATION_SIZE]),
        Split(images[-VALIDATION_SIZE:], labels[-VALIDATION_SIZE:]),
        Split(arrays["x_test"], arrays["y_test"]),
    )


def _fetch_mnist(seconds: float) -> Path:
    """Cached or downloaded mnist.npz; OSError with one sentence if it is not there in time."""
    target = home() / "mnist.npz"
    retries = 2 if seconds > AUTO_SECONDS else 0
    outcome: list[Path | Exception] = []

    def fetch() -> None:
        try:
            outcome.append(_download(target, retries))
        except Exception as fault:
            outcome.append(fault)

    # a thread, because neither a look-up of the host's name nor a slow trickle has a time-out
    worker = threading.Thread(target=fetch, daemon=True)
    worker.start()
    worker.join(seconds)
    if not outcome:
        raise TimeoutError(
            f"it did not arrive within {seconds:g} seconds: try again, or another network"
        )
    found = outcome[0]
    if isinstance(found, Exception):
        raise OSError(network.explain(found, target.parent)) from found
    return found


def _download(target: Path, retries: int) -> Path:
    import pooch
    from tqdm.auto import tqdm

    pooch.get_logger().setLevel("ERROR")  # it would report the download on stderr
    registry = {target.name: f"sha256:{MNIST_FILE_SHA256}"}
    fetcher = pooch.create(target.parent, MNIST_URL, registry=registry, retry_if_failed=retries)
    # delay: no bar for a file that is in the cache; total: tqdm has no truth value without one
    with tqdm(desc="MNIST", total=1, unit="B", unit_scale=True, delay=0.5) as bar:
        over_http = pooch.HTTPDownloader(progressbar=bar, timeout=(4, 10))

        def download(url: str, file: str, pooch: Any) -> None:
            over_http(url, file, pooch)
            network.require_no_page(Path(file))

        # pooch checks the hash and moves the finished file into place in one step
        return Path(fetcher.fetch(target.name, downloader=download))


def _load_sklearn() -> Digits:
    """scikit-learn's digits, 8x8, put into MNIST's frame: 20x20, centred by mass in 28x28."""
    from scipy import ndimage
    from sklearn.datasets import load_digits as load_small_digits
    from sklearn.model_selection import train_test_split

    small, classes = load_small_digits(return_X_y=True)
    labels = classes.astype(np.uint8)
    large = ndimage.zoom(
        small.reshape(-1, 8, 8), (1, 2.5, 2.5), order=1, grid_mode=True, mode="nearest"
    )
    grey = np.round(large * (255 / 16)).astype(np.uint8)
    framed = np.stack([_centre_by_mass(image) for image in grey])

    def hold_out(indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rest, held_out = train_test_split(
            indices, test_size=STAND_IN_HELD_OUT, random_state=SEED, stratify=labels[indices]
        )
        return rest, held_out

    rest, validation = hold_out(np.arange(len(labels)))
    train, test = hold_out(rest)
    return Digits(
        "sklearn",
        train=Split(framed[train], labels[train]),
        validation=Split(framed[validation], labels[validation]),
        test=Split(framed[test], labels[test]),
    )
