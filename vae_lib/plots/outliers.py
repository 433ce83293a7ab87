"""Figures of out-of-distribution scores, for notebook 08."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from vae_lib.plots.style import FAINT, GREY, INK, LINES, RULE, describe, styled, subplots

FRAMES = ("as they are", "canonical")
WAYS = ("as made", "blurred", "thresholded")
MARKS = ("o", "s", "^")

Table = Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]]
"""As experiment ``ood-candidates`` stores it: "name, frame", then "choosing" or "testing", then
"refused" or "auroc", then the name of a set."""


@styled
def plot_two_distances(
    distances: Mapping[str, tuple[np.ndarray, np.ndarray]], threshold: float
) -> Figure:
    """Both distances of the score against each other, on logarithmic axes.

    Args:
        distances: name of a set of images: distance of the codes and of the reconstructions,
            ``(n,)`` each. The first set is that of the digits.
        threshold: of the score, the first distance squared times the second; on logarithmic
            axes, images with this score lie on a line.
    """
    figure, axes = subplots(1, len(distances) - 1, size=(11, 3.6), sharex=True, sharey=True)
    panels = np.atleast_1d(axes)
    names = list(distances)
    usual_code, usual_image = distances[names[0]]
    every = np.concatenate([code for code, _ in distances.values()])
    line = np.array([0.9 * every.min(), 1.1 * every.max()])
    for ax, name, color in zip(panels, names[1:], LINES[1:] * len(names), strict=False):
        code, image = distances[name]
        ax.scatter(usual_code, usual_image, s=5, color=LINES[0], linewidth=0, alpha=0.6)
        ax.scatter(code, image, s=7, color=color, linewidth=0, alpha=0.8)
        ax.plot(line, threshold / line**2, color=INK, linewidth=1.2)
        share = np.mean(code**2 * image > threshold)
        ax.set_title(f"{name}: {share:.0%} refused", color=color)
        ax.set(xscale="log", yscale="log", xlabel="distance of the code")
    for axis in (panels[0].xaxis, panels[0].yaxis):  # shared by all panels
        axis.set_major_locator(LogLocator(base=2))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())
    heights = np.concatenate([image for _, image in distances.values()])
    panels[0].set(
        ylim=(0.9 * heights.min(), 1.1 * heights.max()), ylabel="distance of the reconstruction"
    )
    return describe(
        figure,
        f"Scatter plots of both distances, on logarithmic axes, of {names[0]} and of "
        f"{', '.join(names[1:])}; digits lie below the line of the threshold.",
    )


@styled
def plot_candidates(table: Table, chosen: str, limit: float = 0.05) -> Figure:
    """One row a candidate: its worst false refusal and its mean AUROC, in both frames.

    Args:
        table: of experiment ``ood-candidates``.
        chosen: "name, frame" of the chosen candidate.
        limit: share of an altered set that may be refused.
    """
    names = _sorted_candidates(table)
    figure, axes = subplots(1, 2, size=(11, 0.27 * len(names) + 1.1), sharey=True)
    for place, name in enumerate(names):
        for frame in FRAMES:
            measured = table[f"{name}, {frame}"]["testing"]
            values = (_worst(measured["refused"]), _mean(measured["auroc"]))
            for ax, value in zip(axes, values, strict=True):
                _draw_candidate(ax, value, place, frame)
    refused, auroc = axes
    refused.axvspan(0, limit, color=FAINT, zorder=0)
    refused.set(xlabel="largest share of an altered set refused", xlim=(-0.02, 1.02))
    refused.set_xticks([limit, 0.25, 0.5, 0.75, 1], [f"{limit:.0%}", "25%", "50%", "75%", "100%"])
    auroc.axvline(0.5, color=RULE, linewidth=1, zorder=0)
    auroc.set(xlabel="mean AUROC over 21 sets of outliers", xlim=(0.2, 1.01))
    for ax in axes:
        ax.grid(axis="y", zorder=0)
        ax.tick_params(axis="y", length=0)
    refused.set_yticks(range(len(names)), names)
    for label, name in zip(refused.get_yticklabels(), names, strict=True):
        is_chosen = chosen.startswith(f"{name}, ")
        label.set(fontweight="bold" if is_chosen else "normal")
    refused.invert_yaxis()
    _add_key(auroc)
    best = table[chosen]["testing"]
    return describe(
        figure,
        f"Dots for {len(names)} scores in two frames. {chosen}: at most "
        f"{_worst(best['refused']):.1%} of an altered set refused, mean AUROC "
        f"{_mean(best['auroc']):.3f}.",
    )


@styled
def plot_kinds(table: Table, shown: Sequence[str], limit: float = 0.05) -> Figure:
    """What a few candidates refuse of each altered set, and their AUROC for each kind of outlier.

    Args:
        table: of experiment ``ood-candidates``.
        shown: "name, frame" of each candidate, one column of panels each.
        limit: share of an altered set that may be refused.
    """
    first = table[shown[0]]["testing"]
    altered = list(first["refused"])
    kinds = _kinds(first["auroc"])
    size = (11, 0.25 * (len(altered) + len(kinds)) + 2)
    ratios = {"height_ratios": (len(altered), len(kinds))}
    figure, axes = subplots(2, len(shown), size=size, gridspec_kw=ratios, squeeze=False)
    for (above, below), name in zip(axes.T, shown, strict=True):
        measured = table[name]["testing"]
        values = list(measured["refused"].values())
        above.barh(range(len(altered)), values, 0.6, color=LINES[0])
        above.axvline(limit, color=INK, linewidth=1)
        for place, value in enumerate(values):
            above.text(
                max(value, limit) + 0.02,
                place,
                f"{value:.1%}",
                va="center",
                fontsize=8.5,
                color=INK,
            )
        above.set_title(name.replace(", ", "\n"))
        above.set(xlabel="share refused", xlim=(0, 1.18), xticks=(limit, 0.5, 1))
        above.set_xticklabels([f"{limit:.0%}", "50%", "100%"])
        for way, mark, color in zip(WAYS, MARKS, LINES, strict=False):
            areas = [measured["auroc"][_set_name(kind, way)] for kind in kinds]
            below.plot(areas, range(len(kinds)), mark, color=color, markersize=6, label=way)
        below.axvline(0.5, color=RULE, linewidth=1, zorder=0)
        below.grid(axis="y", zorder=0)
        below.set(xlabel="AUROC", xlim=(-0.03, 1.03))
    for row, names in zip(axes, (altered, kinds), strict=True):
        for ax in row:
            ax.set_yticks(range(len(names)), names if ax is row[0] else [""] * len(names))
            ax.tick_params(axis="y", length=0)
            ax.invert_yaxis()
    axes[1, 0].legend(loc="lower left", title="the outliers")
    words = "; ".join(
        f"{name}: at most {_worst(table[name]['testing']['refused']):.1%} refused, AUROC from "
        f"{min(table[name]['testing']['auroc'].values()):.2f}"
        for name in shown
    )
    return describe(figure, f"Shares refused of altered digits, and AUROC by kind. {words}.")


def _sorted_candidates(table: Table) -> list[str]:
    """Names without their frame, the largest mean AUROC in the canonical frame first."""
    names = {key.rpartition(", ")[0] for key in table}
    return sorted(names, key=lambda name: -_mean(table[f"{name}, canonical"]["testing"]["auroc"]))


def _draw_candidate(ax: Axes, value: float, place: int, frame: str) -> None:
    is_canonical = frame == "canonical"
    color = LINES[0] if is_canonical else LINES[1]
    face = color if is_canonical else "white"
    ax.plot(value, place, "o", color=color, markerfacecolor=face, markersize=6.5, zorder=3)


def _add_key(ax: Axes) -> None:
    handles: list[Any] = []
    for frame, color, face in (
        ("images as they are", LINES[1], "white"),
        ("canonical frame", LINES[0], LINES[0]),
    ):
        handles += ax.plot([], [], "o", color=color, markerfacecolor=face, label=frame)
    ax.legend(handles=handles, loc="lower left", labelcolor=GREY)


def _kinds(areas: Mapping[str, float]) -> list[str]:
    return [name for name in areas if not name.endswith(WAYS[1:])]


def _set_name(kind: str, way: str) -> str:
    return kind if way == WAYS[0] else f"{kind}, {way}"


def _worst(shares: Mapping[str, float]) -> float:
    return max(shares.values())


def _mean(areas: Mapping[str, float]) -> float:
    return float(np.mean(list(areas.values())))
