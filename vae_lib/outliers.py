"""Digits that are written a little differently, and images that are no digits: tests of a score.

A score of how unlike a digit an image is must accept the first and refuse the second. No kind of
outlier that chooses a score may also judge it, so there are two sets of kinds.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vae_lib.arrays import Float32s, require_images
from vae_lib.data import DIGIT_SIDE, normalize, warp
from vae_lib.settings import IMAGE_SHAPE, SEED

if TYPE_CHECKING:
    from PIL import Image

BLUR = 0.6  # standard deviation in pixels
THICKNESS = 0.35  # as data.warp takes it
# Upside down or mirrored, these are no digits. A 2 and a 5 are left out: both look much the same
# upside down, and each like the other in a mirror.
NO_DIGIT_UPSIDE_DOWN = (3, 4, 7)
SIDE = IMAGE_SHAPE[0]
MIDDLE = SIDE // 2  # of pixel (14, 14), where MNIST's digits have their centre of mass
FONTS = (
    "DejaVuSans",
    "DejaVuSerif-Bold",
    "cmr10",
    "DejaVuSansMono",
    "DejaVuSans-Oblique",
    "STIXGeneral",
)
LETTERS = "ACDEFGHJKLMNPQRTUVWXYabcdefhijkmnprtuvwxy"  # those that are not drawn like a digit
FINER = 4  # pixels of a scribble's sheet for each pixel of its image

Kinds = dict[str, Float32s]
"""Images ``(n, 28, 28, 1)`` by what they are."""


def alter_digits(images: npt.ArrayLike, seed: int = SEED) -> Kinds:
    """Digits that a score must accept: five harmless alterations of the same images.

    Args:
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
        seed: of the directions of the shifts.

    Returns:
        The images thresholded at one half, blurred with a standard deviation of 0.6 pixels,
        shifted by one pixel up, down, left or right, slightly thicker, and slightly thinner.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does.
    """
    digits = require_images(images)
    directions = np.array([(0, 1), (0, -1), (1, 0), (-1, 0)])
    random = np.random.default_rng(seed)
    right, down = directions[random.integers(0, 4, len(digits))].T
    return {
        "thresholded": threshold(digits),
        "blurred": blur(digits),
        "shifted": warp(digits, shift=(right, down)),
        "thicker": warp(digits, thickness=THICKNESS),
        "thinner": warp(digits, thickness=-THICKNESS),
    }


def make_choosing_outliers(
    images: npt.ArrayLike, labels: npt.ArrayLike, n: int = 500, seed: int = 1
) -> Kinds:
    """Images that are no digits, of the kinds that choose a score.

    Args:
        images: digits of the validation set, float ``(m, 28, 28, 1)`` in [0, 1].
        labels: ``(m,)``.
        n: images of each kind, at most.
        seed: of the random numbers.

    Returns:
        Noise, digits upside down and scribbles, each as made, blurred and thresholded: nine sets.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does.
    """
    random = np.random.default_rng(seed)
    upright = require_images(images)[np.isin(labels, NO_DIGIT_UPSIDE_DOWN)]
    kinds = {
        "noise": make_noise(n, random),
        "upside down": upright[:n, ::-1, ::-1],
        "scribbles": make_scribbles(n, random),
    }
    return _in_three_ways(kinds)


def make_testing_outliers(
    images: npt.ArrayLike, labels: npt.ArrayLike, n: int = 500, seed: int = 2
) -> Kinds:
    """Images that are no digits, of kinds that judge a score; two of them also chose it.

    Args:
        images: digits of the test set, float ``(m, 28, 28, 1)`` in [0, 1].
        labels: ``(m,)``.
        n: images of each kind, at most; there are 246 letters.
        seed: of the random numbers.

    Returns:
        Letters, upper halves of digits (left in place, and centred again), blobs and mirrored
        digits; and noise and digits upside down, as in ``make_choosing_outliers`` but of other
        images. Each is there as made, blurred and thresholded: 21 sets.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does.
    """
    random = np.random.default_rng(seed)
    digits = require_images(images)
    upright = digits[np.isin(labels, NO_DIGIT_UPSIDE_DOWN)]
    halves = digits[:n].copy()
    halves[:, MIDDLE:] = 0
    kinds = {
        "letters": make_letters(),
        "half digits": halves,
        "half digits, centred": np.stack([_centre(half) for half in halves]),
        "blobs": make_blobs(n, random),
        "mirrored": upright[-n:, :, ::-1],
        "noise": make_noise(n, random),
        "upside down": upright[:n, ::-1, ::-1],
    }
    return _in_three_ways(kinds)


def threshold(images: Float32s) -> Float32s:
    """Black where a pixel has more than half of the ink, white elsewhere."""
    return (images > 0.5).astype(np.float32)


def blur(images: Float32s, sigma: float = BLUR) -> Float32s:
    """Blurred by a Gaussian with a standard deviation of sigma pixels."""
    from scipy import ndimage

    blurred = ndimage.gaussian_filter(images, (0, sigma, sigma, 0), mode="constant")
    return np.clip(blurred, 0, 1)


def make_noise(n: int, random: np.random.Generator) -> Float32s:
    """Pixels that are independent and uniform."""
    return random.random((n, *IMAGE_SHAPE), np.float32)


def make_blobs(n: int, random: np.random.Generator) -> Float32s:
    """Blurred noise with its contrast raised: smooth dark and bright patches."""
    smooth = blur(make_noise(n, random), 2.0)
    return np.clip(8 * (smooth - 0.5) + 0.3, 0, 1)


def make_scribbles(n: int, random: np.random.Generator) -> Float32s:
    """Smooth pen strokes through four to six random points, put into MNIST's frame."""
    return np.stack([_scribble(random) for _ in range(n)])


def make_letters(fonts: tuple[str, ...] = FONTS) -> Float32s:
    """Every letter of ``LETTERS`` in each font, put into MNIST's frame."""
    return np.stack([_letter(letter, font) for font in fonts for letter in LETTERS])


def print_letter(letter: str, font: str) -> "Image.Image":
    """A letter on a sheet of 160 x 160 pixels, in a font that Matplotlib brings: 255 is ink."""
    import matplotlib
    from PIL import Image, ImageDraw, ImageFont

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{font}.ttf"
    sheet = Image.new("L", (160, 160))
    ImageDraw.Draw(sheet).text((40, 20), letter, 255, ImageFont.truetype(str(path), 80))
    return sheet


def _in_three_ways(kinds: Kinds) -> Kinds:
    ways: Kinds = {}
    for name, images in kinds.items():
        ways[name] = images
        ways[f"{name}, blurred"] = blur(images)
        ways[f"{name}, thresholded"] = threshold(images)
    return ways


def _scribble(random: np.random.Generator) -> Float32s:
    from scipy import ndimage
    from scipy.interpolate import make_interp_spline

    count = random.integers(4, 7)
    points = random.random((count, 2))
    curve = make_interp_spline(np.linspace(0, 1, count), points)(np.linspace(0, 1, 400))
    radius = random.uniform(4, 6.5)  # of the pen, in pixels of the sheet
    curve -= curve.min(axis=0)
    curve *= (FINER * DIGIT_SIDE - 2 * radius) / curve.max()
    rows, columns = np.round(curve + radius).astype(int).T
    paper = np.ones((FINER * SIDE, FINER * SIDE))
    paper[rows, columns] = 0
    ink = ndimage.distance_transform_edt(paper) < radius
    image = ink.reshape(SIDE, FINER, SIDE, FINER).mean(axis=(1, 3))
    return _centre(image[..., None].astype(np.float32))


def _letter(letter: str, font: str) -> Float32s:
    from PIL import Image

    sheet = print_letter(letter, font)
    ink = sheet.crop(sheet.getbbox())
    scale = DIGIT_SIDE / max(ink.size)
    width, height = (max(1, round(scale * side)) for side in ink.size)
    pixels = np.zeros((SIDE, SIDE), np.uint8)
    pixels[:height, :width] = np.asarray(ink.resize((width, height), Image.Resampling.BOX))
    return _centre(normalize(pixels[None])[0])


def _centre(image: Float32s) -> Float32s:
    """Move the centre of mass of an image ``(28, 28, 1)`` to the middle as far as there is room."""
    from scipy import ndimage

    if not image.any():
        return image
    centre = ndimage.center_of_mass(image[..., 0])
    moves = []
    for axis, ink in enumerate(np.nonzero(image[..., 0])):
        wanted = round(MIDDLE - centre[axis])
        moves.append(int(np.clip(wanted, -ink.min(), SIDE - 1 - ink.max())))
    return np.roll(image, moves, axis=(0, 1))
