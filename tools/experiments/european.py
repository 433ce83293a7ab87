"""Thirty drawn digits in European styles, three of each: lines that we wrote down ourselves.

A 1 has an upstroke, a 7 a bar, a 4 an open top, and most digits have a wide style. They were
written down before any model read them, and nothing is trained or tuned on them. The pen, the sheet
and the frame are those of the drawing pad.
"""

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw
from scipy.interpolate import CubicSpline

from vae_lib import data

SHEET = 280  # pixels, as the drawing pad has
PEN = 24  # width of its line
FINER = 4  # pixels that are drawn for each of the sheet, along each axis
CURVE_POINTS = 60

# three drawings of each digit: lines from point to point, or curves through them; each point is
# the percentage of the sheet to the right and downwards
STYLES = {
    0: [
        ["curve 52,16 34,30 30,55 42,83 60,78 68,50 63,25 50,16"],
        ["curve 50,25 25,35 16,55 35,76 65,76 84,53 70,30 46,25"],
        ["curve 62,20 45,25 36,50 38,78 52,82 64,60 66,32 54,17"],
    ],
    1: [
        ["line 30,48 58,16 56,84"],
        ["line 35,34 54,16 53,84", "line 36,84 70,84"],
        ["line 26,62 62,16 52,86"],
    ],
    2: [
        ["curve 30,32 42,18 62,20 66,36 52,58 30,80", "line 30,80 72,80"],
        ["curve 32,30 50,17 66,30 52,60 33,82 28,74 40,72 56,82 74,78"],
        ["curve 18,40 36,26 66,28 74,42 50,58 20,74", "line 20,74 84,74"],
    ],
    3: [
        ["curve 34,24 50,16 64,28 46,46", "curve 46,46 68,56 62,78 44,84 30,74"],
        ["line 34,18 66,18 48,44", "curve 48,44 66,52 68,70 50,84 32,76"],
        ["curve 22,34 50,24 74,36 44,50", "curve 44,50 76,56 74,72 48,78 20,70"],
    ],
    4: [
        ["line 36,16 30,56 72,56", "line 60,38 58,86"],
        ["line 48,14 24,60 74,60", "line 58,42 54,86"],
        ["line 28,26 18,54 84,54", "line 66,30 62,80"],
    ],
    5: [
        ["line 40,18 38,44", "line 40,18 68,18", "curve 38,44 58,42 66,60 54,82 32,78"],
        [
            "curve 66,16 52,18 40,18",
            "line 40,18 34,46",
            "curve 34,46 50,42 64,54 60,76 42,84 28,74",
        ],
        ["line 82,24 30,24 26,48", "curve 26,48 52,44 76,54 72,72 44,78 20,72"],
    ],
    6: [
        ["curve 60,16 42,34 34,62 46,84 64,76 60,56 44,54 36,66"],
        ["curve 66,20 46,24 34,48 36,76 54,84 66,70 56,54 38,60"],
        ["curve 62,24 34,36 22,58 40,76 70,74 76,60 54,52 28,60"],
    ],
    7: [
        ["line 30,18 68,18 42,84", "line 38,52 66,52"],
        [
            "line 30,28 33,18",
            "curve 33,18 50,20 70,16",
            "curve 70,16 54,42 46,84",
            "line 36,50 66,46",
        ],
        ["line 20,26 80,26 44,78", "line 36,54 74,52"],
    ],
    8: [
        ["curve 64,24 48,16 36,28 50,46 66,66 50,84 34,70 48,48 62,32 62,22"],
        ["curve 50,48 36,36 42,18 60,20 62,36 50,48", "curve 50,48 32,62 38,82 62,82 68,62 50,48"],
        ["curve 50,50 26,42 34,26 66,26 74,40 50,50", "curve 50,50 20,62 30,78 70,78 80,62 50,50"],
    ],
    9: [
        ["curve 64,30 50,16 34,30 44,48 62,40 64,28", "line 64,28 60,84"],
        ["curve 66,28 50,16 36,30 46,46 64,38 66,26", "curve 66,26 66,56 58,80 40,84 30,76"],
        ["curve 76,36 50,24 24,38 42,54 70,46 78,34", "curve 78,34 74,60 54,78 30,76"],
    ],
}


def draw_styles() -> data.Split:
    """All drawings in MNIST's frame, uint8 ``(30, 28, 28)``, and the digits that were meant."""
    images, labels = [], []
    for digit, styles in STYLES.items():
        for strokes in styles:
            images.append(data.frame(draw_on_sheet(strokes)))
            labels.append(digit)
    return data.Split(data.to_raw(np.stack(images)), np.array(labels, np.uint8))


def draw_on_sheet(strokes: list[str]) -> np.ndarray:
    """Ink of a drawing, float ``(280, 280)`` in [0, 1]: round lines in the width of the pad's."""
    side = FINER * SHEET
    sheet = Image.new("L", (side, side))
    pen = ImageDraw.Draw(sheet)
    radius = FINER * PEN / 2
    for stroke in strokes:
        path = side * trace(stroke)
        for start, end in pairwise(path):
            pen.line([*start, *end], 255, round(2 * radius))
        for x, y in path:
            pen.ellipse([x - radius, y - radius, x + radius, y + radius], 255)
    fine = np.asarray(sheet, np.float32) / 255
    return fine.reshape(SHEET, FINER, SHEET, FINER).mean(axis=(1, 3))


def trace(stroke: str) -> np.ndarray:
    """The points of a line, or many points of a curve, in shares of the sheet: ``(n, 2)``."""
    way, *words = stroke.split()
    points = np.array([word.split(",") for word in words], float) / 100
    if way == "line":
        return points
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    place = np.concatenate([[0], np.cumsum(np.sqrt(lengths))])
    curve: np.ndarray = CubicSpline(place, points)(np.linspace(0, place[-1], CURVE_POINTS))
    return curve
