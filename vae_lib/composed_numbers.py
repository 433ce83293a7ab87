"""Handwritten numbers to test a reader with, composed from single digits of MNIST.

One hand slants all digits of a number about alike, the line that they stand on wavers, gaps differ,
and some neighbours touch.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vae_lib.arrays import Float32s, Pixels, require_whole
from vae_lib.data import FAINT, Split, normalize, warp
from vae_lib.luhn import luhn_digit

HEIGHT = 48  # pixels of a sheet
BASELINE = 38  # the row that digits stand on
MARGIN = 6  # empty columns at both ends
SLANT = 0.2  # the largest of a hand, pixels to the right for each pixel up
SLANT_OF_A_DIGIT = 0.05  # by how much one digit differs from its neighbours
SCALES = (0.85, 1.05)  # of a hand
SCALE_OF_A_DIGIT = 0.06
WAVE = 3.0  # pixels by which the line rises and falls
UNSTEADY = 0.7  # pixels, standard deviation of a digit's own height
GAPS = (2, 7)  # empty pixels between the nearest strokes of two neighbours
TOUCHING = 0.1  # share of neighbours whose strokes run into each other
STROKE = 0.3  # ink from which a pixel belongs to a stroke
OVERLAP = 2  # pixels that touching strokes have in common


@dataclass(frozen=True)
class ComposedNumber:
    """A sheet with a number on it, and what was written.

    Attributes:
        ink: float32 ``(48, width)`` in [0, 1]; 1 is ink.
        digits: that were written; -1 for a sign that is none.
        touching: how many neighbours touch.
    """

    ink: Float32s
    digits: tuple[int, ...]
    touching: int


def compose_numbers(
    split: Split, count: int, seed: int, length: int = 5, check_digit: bool = False,
    foreign: Pixels | None = None,
) -> list[ComposedNumber]:  # fmt: skip
    """Numbers of random digits, each image of the split used once before any is used again.

    Args:
        split: the digits to take, for example the validation digits.
        count: how many numbers.
        seed: of everything that is random.
        length: digits of each number.
        check_digit: whether the last is the check digit of the others, as ``luhn_digit`` computes.
        foreign: signs that are no digits, uint8 ``(m, 28, 28)``: one stands in each number in place
            of a digit.

    Raises:
        ValueError: a count or a length below 1, or a class without an image.
    """
    count = require_whole(count, "count")
    length = require_whole(length, "length")
    random = np.random.default_rng(seed)
    supply = _Supply(split, random)
    numbers = []
    for _ in range(count):
        digits = random.integers(0, 10, length).tolist()
        if check_digit:
            digits[-1] = luhn_digit(digits[:-1])
        images = [supply.take(digit) for digit in digits]
        if foreign is not None:
            place = int(random.integers(length))
            images[place] = foreign[random.integers(len(foreign))]
            digits[place] = -1
        ink, touching = write_number(np.stack(images), random)
        numbers.append(ComposedNumber(ink, tuple(digits), touching))
    return numbers


class _Supply:
    """Images of each class in random order; when all were taken, from the start again."""

    def __init__(self, split: Split, random: np.random.Generator):
        self.images = split.images
        self.order = [random.permutation(np.flatnonzero(split.labels == c)) for c in range(10)]
        self.taken = [0] * 10

    def take(self, digit: int) -> Pixels:
        order = self.order[digit]
        if not len(order):
            raise ValueError(f"Numbers need images of all ten digits: there is none of {digit}.")
        image: Pixels = self.images[order[self.taken[digit] % len(order)]]
        self.taken[digit] += 1
        return image


def write_number(images: Pixels, random: np.random.Generator) -> tuple[Float32s, int]:
    """Raw images side by side as one hand would write them, and how many neighbours touch.

    Args:
        images: uint8, shape ``(n, 28, 28)``.
        random: that slant, size, line and gaps are drawn from.

    Returns:
        float32 ``(48, width)`` in [0, 1], and a number from 0 to n - 1.
    """
    n = len(images)
    slant = random.uniform(-SLANT, SLANT) + SLANT_OF_A_DIGIT * random.standard_normal(n)
    scale = random.uniform(*SCALES) * np.exp(SCALE_OF_A_DIGIT * random.standard_normal(n))
    phase, period = random.uniform(0, 2 * np.pi), random.uniform(4, 12)
    wave = WAVE * np.sin(phase + 2 * np.pi * np.arange(n) / period)
    bottom = BASELINE + np.round(wave + UNSTEADY * random.standard_normal(n)).astype(int)
    touches = random.random(n) < TOUCHING
    gaps = np.where(touches, -OVERLAP, random.integers(GAPS[0], GAPS[1] + 1, n))

    sheet = np.zeros((HEIGHT, 2 * MARGIN + n * (28 + GAPS[1])), np.float32)
    free = np.full(HEIGHT, MARGIN)  # the first column of each row that a digit may use
    gaps[0] = 0
    for k, image in enumerate(warp(normalize(images), slant=slant, scale=scale)):
        ink = _crop(image[..., 0])
        top = min(max(int(bottom[k]) - len(ink), 0), HEIGHT - len(ink))
        rows = slice(top, top + len(ink))
        left = _leftmost(ink, free[rows]) + gaps[k]
        place = sheet[rows, left : left + ink.shape[1]]
        np.maximum(place, ink, out=place)
        free = _first_free(sheet)
    width = int(free.max()) + MARGIN
    return sheet[:, :width], int(touches[1:].sum())


def _crop(image: Float32s) -> Float32s:
    """What lies in the smallest box around the ink."""
    rows = np.flatnonzero((image > FAINT).any(axis=1))
    columns = np.flatnonzero((image > FAINT).any(axis=0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _leftmost(ink: Float32s, free: npt.NDArray[np.intp]) -> int:
    """The column that a digit can begin at without a stroke left of what is free in its rows."""
    is_stroke = ink > STROKE
    first = is_stroke.argmax(axis=1)
    written = is_stroke.any(axis=1)
    return max(0, int((free - first)[written].max()))


def _first_free(sheet: Float32s) -> npt.NDArray[np.intp]:
    """In each row the column behind the last stroke there, or one row above or below."""
    is_stroke = sheet > STROKE
    behind = np.where(is_stroke.any(axis=1), sheet.shape[1] - is_stroke[:, ::-1].argmax(axis=1), 0)
    padded = np.pad(behind, 1)
    return np.maximum(np.maximum(padded[:-2], padded[2:]), behind)
