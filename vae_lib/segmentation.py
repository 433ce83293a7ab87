"""From a sheet with a handwritten number to its pieces, one a digit, from left to right.

Strokes that hang together are one piece. Parts that lie one above the other are joined, as the bar
of a 5 and its bow. Digits that touch are cut apart along the path from top to bottom that crosses
the least ink. ``widgets/js/segmentation.js`` does the same in the browser.
"""

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from vae_lib.arrays import Float32s, Floats, require_sheet
from vae_lib.data import FAINT, frame

STROKE = 0.25  # ink from which a pixel belongs to a stroke
SHARED = 0.5  # of the narrower part's columns: from so many on, two parts lie above each other
SHORT = 0.6  # of the number's height: of two parts that are joined, one is lower than this
SPECK = 0.15  # of the number's height: what is smaller in both directions is dirt
EDGES = (15, 25, 35, 45, 55, 65, 75, 85)  # percent of the width, of the bands of the middle row
STEPS = (0, -1, 1)  # to the column above that a path comes from: straight, left, right
SIDESTEP = 0.2  # ink that a step to the side counts as: of two equal paths, the straighter


@dataclass(frozen=True, eq=False)  # arrays have no one truth
class Piece:
    """Ink that may be a digit.

    Attributes:
        ink: float32, shape ``(height, width)``, in [0, 1].
        left, top: of its first column and row on the sheet.
    """

    ink: Float32s
    left: int
    top: int

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.left + self.ink.shape[1]

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.ink.shape[0]

    @property
    def height(self) -> int:
        """In rows."""
        return self.ink.shape[0]

    @property
    def width(self) -> int:
        """In columns."""
        return self.ink.shape[1]

    def framed(self) -> Float32s:
        """As MNIST frames a digit: float32 ``(28, 28, 1)``."""
        return frame(self.ink)


def find_pieces(ink: npt.ArrayLike) -> list[Piece]:
    """The pieces of a number whose strokes do not touch those of the next, from left to right.

    Args:
        ink: float, shape ``(height, width)``, in [0, 1]; 1 is ink.

    Returns:
        None for an empty sheet.

    Raises:
        ValueError: another shape, or a value outside [0, 1].
    """
    sheet = require_sheet(ink)
    parts = _connected_parts(sheet)
    if not parts:
        return []
    height = max(part.height for part in parts)
    joined = _join(parts, height)
    return [part for part in joined if max(part.height, part.width) >= SPECK * height]


def cut_piece(piece: Piece) -> list[tuple[Piece, Piece]]:
    """Ways to cut a piece in two, the cheapest first.

    A cut is a path from the top row to the bottom row, one column a row and at most one column to
    the side from row to row. It costs the ink that it crosses. The middle row is divided into
    seven bands, and the cheapest path through each band is a way to cut.
    """
    middle = piece.height // 2
    above = costs_from_the_top(piece.ink[: middle + 1])
    below = costs_from_the_top(piece.ink[middle:][::-1])
    totals = above[-1] + below[-1] - piece.ink[middle]
    crossings = set()
    for start, stop in pairwise([edge * piece.width // 100 for edge in EDGES]):
        crossings.add(start + int(totals[start : stop + 1].argmin()))
    halves = []
    for column in sorted(crossings, key=lambda column: (totals[column], column)):
        up = _way_to_the_top(above, column)
        down = _way_to_the_top(below, column)
        left, right = _cut_along(piece, [*reversed(up), *down[1:]])
        if left and right:
            halves.append((left, right))
    return halves


def _cut_along(piece: Piece, path: list[int]) -> tuple[Piece | None, Piece | None]:
    """What lies left of a path, and the path with what lies right of it; None without ink."""
    is_left = np.arange(piece.width) < np.array(path)[:, None]
    left = _trim(np.where(is_left, piece.ink, 0), piece.left, piece.top)
    right = _trim(np.where(is_left, 0, piece.ink), piece.left, piece.top)
    return left, right


def _connected_parts(sheet: Float32s) -> list[Piece]:
    """Strokes that hang together, corners included, each with the faint ink at its edge."""
    from scipy import ndimage

    around = np.ones((3, 3), bool)
    labels, count = ndimage.label(sheet > STROKE, around)
    edge = ndimage.grey_dilation(labels, footprint=around)
    owner = np.where(labels > 0, labels, edge)
    parts = []
    for number in range(1, count + 1):
        part = _trim(np.where(owner == number, sheet, 0), 0, 0)
        if part:
            parts.append(part)
    return parts


def _join(parts: list[Piece], height: int) -> list[Piece]:
    """Parts that lie one above the other joined, until no two do; from left to right."""
    parts = sorted(parts, key=_place)
    pair = _find_pair(parts, height)
    while pair:
        rest = [part for part in parts if part not in pair]
        parts = sorted([*rest, _overlay(*pair)], key=_place)
        pair = _find_pair(parts, height)
    return parts


def _place(piece: Piece) -> tuple[int, int]:
    return piece.left, piece.top


def _find_pair(parts: list[Piece], height: int) -> tuple[Piece, Piece] | None:
    for one, other in combinations(parts, 2):
        if _are_above_each_other(one, other, height):
            return one, other
    return None


def _are_above_each_other(one: Piece, other: Piece, height: int) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    is_narrow_enough = shared >= SHARED * min(one.width, other.width)
    return is_narrow_enough and min(one.height, other.height) < SHORT * height


def _overlay(one: Piece, other: Piece) -> Piece:
    left = min(one.left, other.left)
    top = min(one.top, other.top)
    width = max(one.right, other.right) - left
    height = max(one.bottom, other.bottom) - top
    ink = np.zeros((height, width), np.float32)
    for part in (one, other):
        rows = slice(part.top - top, part.bottom - top)
        columns = slice(part.left - left, part.right - left)
        np.maximum(ink[rows, columns], part.ink, out=ink[rows, columns])
    return Piece(ink, left, top)


def _trim(ink: Float32s, left: int, top: int) -> Piece | None:
    """The smallest piece that holds the ink; None if there is none."""
    rows = np.flatnonzero((ink > FAINT).any(axis=1))
    columns = np.flatnonzero((ink > FAINT).any(axis=0))
    if not len(rows):
        return None
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Piece(box, left + int(columns[0]), top + int(rows[0]))


def costs_from_the_top(ink: Floats) -> npt.NDArray[np.float64]:
    """For each pixel the ink on the cheapest path from the top row to it, its own included.

    Dynamic programming: the cost of a pixel is its ink plus the least cost of the three above it,
    to which a step to the side adds ``SIDESTEP``. From ``(height, width)`` to the same.
    """
    costs = ink.astype(np.float64)
    for row in range(1, len(ink)):
        costs[row] += _three_above(costs[row - 1]).min(axis=0)
    return costs


def _way_to_the_top(costs: npt.NDArray[np.float64], column: int) -> list[int]:
    """Columns of the cheapest path, from the last row of ``costs`` up to the first."""
    path = [column]
    for row in range(len(costs) - 1, 0, -1):
        choice = int(_three_above(costs[row - 1])[:, path[-1]].argmin())  # the first of equals
        path.append(path[-1] + STEPS[choice])
    return path


def _three_above(costs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Costs to come from straight above, from the left and from the right: ``(3, width)``."""
    padded = np.pad(costs, 1, constant_values=np.inf)
    return np.stack([costs, padded[:-2] + SIDESTEP, padded[2:] + SIDESTEP])
