"""Figures of notebook 10: kinds of data."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vae_lib.plots.style import FAINT, GREY, INK, LINES, describe, styled, subplots


@styled
def plot_densities(
    x: np.ndarray, formula: np.ndarray, corrected: np.ndarray, centres: Sequence[float]
) -> Figure:
    """Curves for one continuous pixel: the Bernoulli formula, and the same divided by its area.

    Args:
        x: values of the pixel, ``(n,)``.
        formula: curves ``(m, n)``.
        corrected: curves ``(m, n)``.
        centres: the decoder's number for each curve, ``(m,)``.
    """
    figure, axes = subplots(1, 2, size=(8.4, 3), sharey=True)
    titles = ("Bernoulli formula", "continuous Bernoulli")
    for ax, curves, title in zip(axes, (formula, corrected), titles, strict=True):
        for number, (curve, centre) in enumerate(zip(curves, centres, strict=True)):
            area = np.trapezoid(curve, x)
            word = f"λ = {centre:g}: area {area:.2f}"
            ax.plot(x, curve, ("-", "--", "-.", ":")[number % 4], label=word)
        ax.set(title=title, xlabel="value of the pixel", ylim=(0, 3.4))
        ax.legend(loc="upper center", handlelength=4)
    axes[0].set_ylabel("exp(−loss)")
    return describe(figure, "Curves over the values of one pixel, without and with a normaliser.")


@styled
def plot_pen_strokes(
    rows: Mapping[str, np.ndarray],
    labels: Sequence[object] | None = None,
    samples: Mapping[str, np.ndarray] | None = None,
) -> Figure:
    """Rows of pen strokes, each row with its name on the left; a dot is the first point.

    Args:
        rows: from the name of a row to its strokes, ``(m, n, 2)`` in [0, 1], as many in each row.
        labels: a word or number above each stroke of the first row.
        samples: more rows, to which the labels do not apply: drawn below a gap.
    """
    below = samples or {}
    every = {**rows, **below}
    counts = {len(strokes) for strokes in every.values()}
    if len(counts) != 1:
        raise ValueError(f"All rows need as many strokes, received {sorted(counts)}.")
    (columns,) = counts
    heights = [1.0] * len(rows)
    if below:
        heights += [0.35] + [1.0] * len(below)
    size = (0.8 * columns + 1.8, 0.85 * sum(heights))
    figure, axes = subplots(len(heights), columns, size=size, squeeze=False, height_ratios=heights)
    if below:
        for ax in axes[len(rows)]:
            ax.remove()
        axes = np.delete(axes, len(rows), axis=0)
    for line, (name, strokes) in zip(axes, every.items(), strict=True):
        for ax, stroke in zip(line, strokes, strict=True):
            draw_stroke(ax, stroke)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    if labels is not None:
        for ax, label in zip(axes[0], labels, strict=True):
            ax.set_title(str(label), fontsize=9.5, pad=4)
    return describe(figure, f"{columns} strokes in each row: {', '.join(every)}.")


def draw_stroke(ax: Axes, points: np.ndarray) -> None:
    """The points of a pen joined by lines, in a square frame."""
    across, up = np.asarray(points).T
    ax.plot(across, up, color=INK, linewidth=1.4)
    ax.plot(across[:1], up[:1], "o", color=LINES[1], markersize=4)
    ax.set(xlim=(-0.25, 1.25), ylim=(-0.25, 1.25), xticks=[], yticks=[], aspect="equal")
    for spine in ax.spines.values():
        spine.set_visible(False)


@styled
def plot_empty_pixel(
    sigma: np.ndarray, curves: Mapping[str, np.ndarray], sigma_min: float
) -> Figure:
    """Expected nats of a pixel that is always empty, by the model's standard deviation.

    Args:
        sigma: ``(n,)``.
        curves: from the name of a pixel to its nats, ``(n,)``.
        sigma_min: marked by a vertical line.
    """
    figure, ax = subplots(size=(6.4, 3.2))
    for style, (name, nats) in zip(("-", "--"), curves.items(), strict=True):
        ax.plot(sigma, nats, style, label=name)
    ax.axvline(sigma_min, color=GREY, linestyle=":", label=rf"$\sigma_{{\min}}$ = {sigma_min:g}")
    ax.set(xscale="log", ylim=(-12, 3), xlabel="standard deviation", ylabel="nats of one pixel")
    ax.legend(loc="lower right")
    return describe(figure, "Nats of an empty pixel: no lower limit as sigma goes to zero.")


@styled
def plot_swapped(rows: Mapping[str, tuple[float, float]]) -> Figure:
    """Reconstruction terms at a stroke's own code and at another's, as points.

    Args:
        rows: from the name of a model to both numbers, nats per stroke.
    """
    figure, ax = subplots(size=(7, 0.5 * len(rows) + 0.9))
    names = list(rows)
    places = np.arange(len(rows))[::-1]
    own, other = np.array(list(rows.values())).T
    ax.hlines(places, own, other, color=GREY, linewidth=1)
    ax.plot(own, places, "o", color=LINES[0], markersize=7, label="its own code")
    ax.plot(other, places, "s", color=LINES[1], markersize=7, label="another stroke's code")
    ax.set_yticks(places, names)
    ax.set(xlabel="reconstruction term, nats per stroke", ylim=(-0.6, len(rows) - 0.4))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = "; ".join(f"{name}: {a:.1f} and {b:.1f}" for name, (a, b) in rows.items())
    return describe(figure, f"Nats at the own code and at another code. {words}.")


@styled
def plot_accuracies(rows: Mapping[str, Sequence[float]]) -> Figure:
    """Accuracies of several methods on the same draws: a line joins what belongs to one draw.

    Args:
        rows: from the name of a method to its accuracy in each draw, in [0, 1], as many for each.
    """
    figure, ax = subplots(size=(7, 0.5 * len(rows) + 0.9))
    places = np.arange(len(rows))[::-1]
    table = 100 * np.array(list(rows.values()))
    for number, draw in enumerate(table.T):
        mark = ("o", "s", "D")[number % 3]
        color = LINES[number % len(LINES)]
        ax.plot(draw, places, f"{mark}-", color=color, linewidth=1, label=f"draw {number + 1}")
    means = table.mean(axis=1)
    ax.plot(means, places, "|", color=INK, markersize=16, markeredgewidth=2, label="mean")
    ax.set_yticks(places, list(rows))
    ax.set(xlabel="classified correctly, %", ylim=(-0.6, len(rows) - 0.4))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = "; ".join(f"{name}: {mean:.1f}%" for name, mean in zip(rows, means, strict=True))
    return describe(figure, f"Accuracies in {table.shape[1]} draws. Means: {words}.")


@styled
def plot_verdict(
    accuracies: Mapping[str, Sequence[float]],
    errors: Mapping[str, Sequence[float]],
    representations: Sequence[str],
    empty: str = "not measured",
) -> Figure:
    """How well 15-NN classifies each kind of data, in up to five representations of it.

    Args:
        accuracies: from the words for a kind of data to one accuracy for each representation, in
            [0, 1]; NaN where there is none.
        errors: from the same words to the standard errors.
        representations: their names for the legend.
        empty: what to write where there is no accuracy at all.
    """
    figure, ax = subplots(size=(8.6, 0.72 * len(accuracies) + 0.7))
    places = np.arange(len(accuracies))[::-1]
    table = 100 * np.array(list(accuracies.values()))
    widths = 100 * np.array([errors[name] for name in accuracies])
    looks = (("D", 2, True), ("s", 0, True), ("o", 1, True), ("s", 0, False), ("o", 1, False))
    for column, name in enumerate(representations):
        mark, number, filled = looks[column]
        color = LINES[number]
        ax.errorbar(
            table[:, column],
            places + 0.16 * (2 - column),  # one below the other: the errors overlap
            xerr=widths[:, column],
            fmt=mark,
            color=color,
            markerfacecolor=color if filled else "white",
            markersize=6,
            elinewidth=1.3,
            label=name,
        )
    for place, row in zip(places, table, strict=True):
        if np.isnan(row).all():
            ax.text(np.nanmean(table), place, empty, ha="center", va="center", color=INK)
        ax.axhline(place - 0.5, color=FAINT, linewidth=0.8)
    ax.set_yticks(places, list(accuracies))
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="15-NN accuracy, %", ylim=(-0.5, len(places) - 0.5))
    ax.grid(axis="x")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = []
    for name, row in accuracies.items():
        parts = [
            f"{what} {share:.1%}"
            for what, share in zip(representations, row, strict=True)
            if np.isfinite(share)
        ]
        words.append(f"{name}: {', '.join(parts) or empty}".replace("\n", ", "))
    return describe(figure, f"Accuracy of 15-NN. {'; '.join(words)}.")
