"""Ten digits as pen strokes, three ways each: what the browser tests draw with the mouse."""

import numpy as np

Strokes = list[list[tuple[float, float]]]


def arc(
    cx: float, cy: float, rx: float, ry: float, start: float, end: float
) -> list[tuple[float, float]]:
    """Points of an arc, degrees from the right through the bottom (y runs down)."""
    angles = np.radians(np.linspace(start, end, 20))
    return [(cx + rx * np.cos(a), cy + ry * np.sin(a)) for a in angles]


PLAIN: dict[int, Strokes] = {
    0: [arc(0.5, 0.5, 0.3, 0.45, -90, 270)],
    1: [[(0.5, 0.05), (0.5, 0.95)]],
    2: [[*arc(0.5, 0.32, 0.28, 0.27, 190, 390), (0.2, 0.93), (0.85, 0.93)]],
    3: [[*arc(0.45, 0.28, 0.27, 0.22, 200, 450), *arc(0.45, 0.72, 0.3, 0.23, 270, 520)]],
    4: [[(0.25, 0.05), (0.2, 0.5), (0.8, 0.5)], [(0.75, 0.05), (0.72, 0.95)]],
    5: [[(0.78, 0.07), (0.32, 0.07), (0.27, 0.45), *arc(0.46, 0.68, 0.29, 0.26, 235, 500)]],
    6: [[(0.65, 0.05), (0.4, 0.25), (0.26, 0.6), *arc(0.5, 0.72, 0.25, 0.22, 190, 540)]],
    7: [[(0.2, 0.1), (0.8, 0.1), (0.42, 0.95)]],
    8: [[*arc(0.5, 0.27, 0.21, 0.22, 90, 450), *arc(0.5, 0.73, 0.26, 0.24, 270, 630)]],
    9: [[*arc(0.5, 0.3, 0.24, 0.24, 0, 360), (0.73, 0.6), (0.62, 0.95)]],
}
OTHER: dict[int, Strokes] = {  # as other hands write them
    1: [[(0.35, 0.25), (0.55, 0.05), (0.55, 0.95)]],
    2: [
        [
            *arc(0.48, 0.3, 0.25, 0.25, 180, 380),
            (0.3, 0.85),
            *arc(0.3, 0.85, 0.1, 0.08, -90, -360),
            (0.85, 0.93),
        ]
    ],
    4: [[(0.62, 0.05), (0.15, 0.62), (0.88, 0.62)], [(0.62, 0.05), (0.62, 0.95)]],
    7: [[(0.2, 0.1), (0.8, 0.1), (0.4, 0.95)], [(0.38, 0.5), (0.75, 0.5)]],
    9: [[(0.74, 0.12), *arc(0.5, 0.3, 0.25, 0.24, -30, -370), (0.72, 0.95)]],
}
LETTERS: dict[str, Strokes] = {
    "A": [[(0.1, 0.95), (0.5, 0.05), (0.9, 0.95)], [(0.28, 0.6), (0.72, 0.6)]],
    "E": [[(0.85, 0.05), (0.15, 0.05), (0.15, 0.95), (0.85, 0.95)], [(0.15, 0.5), (0.75, 0.5)]],
    "M": [[(0.1, 0.95), (0.1, 0.05), (0.5, 0.6), (0.9, 0.05), (0.9, 0.95)]],
    "W": [[(0.05, 0.05), (0.27, 0.95), (0.5, 0.3), (0.73, 0.95), (0.95, 0.05)]],
    "H": [[(0.15, 0.05), (0.15, 0.95)], [(0.85, 0.05), (0.85, 0.95)], [(0.15, 0.5), (0.85, 0.5)]],
    "K": [[(0.2, 0.05), (0.2, 0.95)], [(0.85, 0.05), (0.2, 0.55), (0.85, 0.95)]],
}
STYLES = ("plain", "slanted", "small")


def write(digit: int, style: str) -> Strokes:
    """A digit's strokes in the unit square, in one of three styles."""
    if style == "plain":
        return PLAIN[digit]
    strokes = OTHER.get(digit, PLAIN[digit])
    if style == "slanted":
        return [[(x + 0.25 * (0.5 - y), y) for x, y in stroke] for stroke in PLAIN[digit]]
    return [[(0.4 + 0.55 * x, 0.1 + 0.55 * y) for x, y in stroke] for stroke in strokes]
