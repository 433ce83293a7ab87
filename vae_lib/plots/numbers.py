"""Figures of notebook 08: a whole number, read and accepted or put aside."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from vae_lib.plots.images import draw_image
from vae_lib.plots.recognition import MIXED_COLOR, OTHER_COLOR, VAE_COLOR
from vae_lib.plots.style import GREY, INK, LINES, describe, empty_figure, styled, subplots

READERS = {
    "VAE": ("VAE reads and judges", VAE_COLOR),
    "CNN": ("CNN reads and judges", OTHER_COLOR),
    "both": ("CNN reads, VAE judges", MIXED_COLOR),
}
KINDS = {
    "postal": "five digits",
    "letters": "five digits; one number\nin five has a letter",
    "account": "eight digits,\nthe last a check digit",
}
FLOOR = 1e-3  # lowest error on the axis
LEAST = 50  # accepted numbers at each point of a curve
WRONG = LINES[6]


class HasPiece(Protocol):
    """What ``plot_number_reading`` needs of a piece: a ``number_reader.ReadPiece`` has it."""

    @property
    def piece(self) -> Any:
        """Its place: left, top, width and height; and ``framed()``."""

    @property
    def digit(self) -> int:
        """That was read."""

    @property
    def probability(self) -> float:
        """Of that digit."""

    @property
    def is_digit(self) -> bool:
        """False if it was refused."""


class HasReading(Protocol):
    """What ``plot_number_reading`` needs: a ``number_reader.NumberReading`` has it."""

    @property
    def pieces(self) -> Sequence[HasPiece]:
        """From left to right."""

    @property
    def probability(self) -> float:
        """Of the whole."""


@styled
def plot_number_reading(ink: np.ndarray, reading: HasReading, accept_from: float = 0.95) -> Figure:
    """A number with a box round each piece, and below it each piece as the reader sees it.

    Args:
        ink: float ``(height, width)``, in [0, 1].
        reading: of that ink.
        accept_from: the probability from which a number is accepted.
    """
    figure = empty_figure((7, 3.6))
    parts: Any = figure.subfigures(2, 1, height_ratios=(1.7, 1))
    above, below = parts
    sheet = above.subplots()
    sheet.imshow(ink, vmin=0, vmax=1, interpolation="nearest")
    rows = np.flatnonzero(np.asarray(ink).any(axis=1))
    if len(rows):
        sheet.set_ylim(rows[-1] + 3, rows[0] - 3)
    sheet.set_axis_off()
    answers = [describe_piece(one) for one in reading.pieces]
    cells: Any = below.subplots(1, max(1, len(answers)), squeeze=False)
    for cell in cells[0]:
        cell.set_axis_off()
    for one, answer, cell in zip(reading.pieces, answers, cells[0], strict=False):
        place = one.piece
        color = LINES[0] if one.is_digit else WRONG
        corner = (place.left - 0.5, place.top - 0.5)
        box = Rectangle(
            corner, place.width, place.height, fill=False, edgecolor=color, linewidth=1.4
        )
        sheet.add_patch(box)
        draw_image(cell, one.piece.framed())
        cell.set_title(answer, color=INK if one.is_digit else WRONG)
    verdict = "put aside"
    if reading.probability > 0:
        number = "".join(str(one.digit) for one in reading.pieces)
        decision = "accepted" if reading.probability >= accept_from else "put aside"
        probability = as_percent(reading.probability)
        verdict = f"{number} with a probability of {probability}: {decision}"
    above.suptitle(verdict, fontsize=10.5, color=INK)
    return describe(
        figure,
        f"A handwritten number with a box round each of {len(answers)} pieces: "
        f"{', '.join(answers)}; as a whole {verdict}.",
    )


def describe_piece(one: HasPiece) -> str:
    """Digit and probability of a piece, or that it is none."""
    return f"{one.digit}: {as_percent(one.probability)}" if one.is_digit else "not a digit"


def as_percent(probability: float) -> str:
    """A probability with one decimal, but never 100%, which no reader can know."""
    return "over 99.9%" if probability >= 0.9995 else f"{probability:.1%}"


@styled
def plot_numbers_put_aside(result: Mapping[str, Any]) -> Figure:
    """Error of accepted numbers against the share put aside, for three readers and three tasks.

    Args:
        result: as ``shipped.load_result("whole-numbers")`` returns it.
    """
    figure, axes = subplots(1, len(KINDS), size=(11, 4.2), sharex=True, sharey=True)
    for ax, (kind, title) in zip(axes, KINDS.items(), strict=True):
        for reader, (name, color) in READERS.items():
            _draw_reader(ax, result, f"{kind}_{reader}", color, name)
        ax.set(title=title, yscale="log", ylim=(FLOOR, 1), xlim=(0, 1))
        ax.set_yticks([0.001, 0.01, 0.1, 1], ["0.1%", "1%", "10%", "100%"])
        ax.set_xticks([0, 0.25, 0.5, 0.75], ["0", "25%", "50%", "75%"])
        ax.grid(True, axis="y")
        ax.minorticks_off()
    axes[0].set_ylabel("errors among the accepted (log scale)")
    axes[1].set_xlabel("share of numbers put aside")
    axes[2].plot([], [], color=GREY, linestyle="--", label="with the check digit")
    handles, words = axes[2].get_legend_handles_labels()
    figure.legend(handles, words, loc="outside lower center", ncols=4)
    metrics = result["metrics"]
    words_of = [
        f"{KINDS[kind]}, {READERS[reader][0]}: {metrics[f'{kind}_{reader}_aside']:.0%} aside, "
        f"{metrics[f'{kind}_{reader}_error_of_accepted']:.1%} wrong"
        for kind in KINDS
        for reader in READERS
    ]
    text = (
        "Errors of accepted numbers by the share put aside. Accepted from a stated probability of "
    )
    return describe(figure, f"{text}95%: {'; '.join(words_of)}.".replace("\n", " "))


def _draw_reader(ax: Axes, result: Mapping[str, Any], name: str, color: str, label: str) -> None:
    """A line for all seeds together, dashed with the check digit."""
    stated = np.where(result[f"{name}_refused"], 0, result[f"{name}_product"])
    right = result[f"{name}_right"]
    ax.plot(*find_curve(stated.ravel(), right.ravel()), color=color, label=label)
    if name.startswith("account"):
        fits = np.where(result[f"{name}_fits"], stated, 0)
        ax.plot(*find_curve(fits.ravel(), right.ravel()), color=color, linestyle="--")


def find_curve(
    stated: np.ndarray, right: np.ndarray, least: int = LEAST
) -> tuple[np.ndarray, np.ndarray]:
    """Share put aside and error of the accepted, for each threshold on the stated probability.

    Args:
        stated: ``(n,)``; a number with 0 is never accepted.
        right: whether each was read correctly.
        least: as many numbers are accepted at each point that is returned.

    Returns:
        Two arrays, the smallest share put aside first; an error of zero is NaN, which a
        logarithmic axis leaves out.
    """
    order = np.argsort(-stated, kind="stable")
    wrong = ~np.asarray(right, bool)[order]
    accepted = np.arange(1, len(stated) + 1)
    error = np.cumsum(wrong) / accepted
    error[error == 0] = np.nan
    is_last_of_equals = np.r_[stated[order][1:] != stated[order][:-1], True]
    is_shown = is_last_of_equals & (stated[order] > 0) & (accepted >= least)
    return (1 - accepted / len(stated))[is_shown][::-1], error[is_shown][::-1]
