"""Figures of notebook 11: the price."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vae_lib.plots.style import (
    FAINT,
    GREY,
    INK,
    LABEL_SIZE,
    LINES,
    RULE,
    describe,
    figure_of,
    label_lines,
    spread,
    styled,
    subplots,
)

Values = Mapping[str, Sequence[float]]
"""From the name of a method to a number for each training."""


class Column(NamedTuple):
    """A panel of the last figure.

    Attributes:
        title: what is measured, and its unit.
        values: of each method.
        form: how a mean is written, as "{:.1%}".
        logarithmic: whether the axis is.
        high_is_good: the axis is then turned round, so that left is better in each panel.
    """

    title: str
    values: Values
    form: str
    logarithmic: bool = False
    high_is_good: bool = False


class _Look(NamedTuple):
    color: str
    mark: str


_LOOKS = {  # a colour for each model, a mark for each way to classify with it
    "VAE, network": _Look(LINES[1], "o"),
    "VAE, k-NN": _Look(LINES[1], "s"),
    "encoder as classifier": _Look(LINES[0], "D"),
    "encoder with 20 units": _Look(LINES[6], "d"),
    "small CNN": _Look(LINES[2], "^"),
    "k-NN on pixels": _Look(LINES[3], "v"),
    "PCA-50, k-NN": _Look(LINES[4], "P"),
    "PCA-20, k-NN": _Look(LINES[7], "X"),
    "logistic regression": _Look(LINES[5], "*"),
}
_LOOKS |= {
    "VAE": _LOOKS["VAE, network"],
    "VAE, labels spread": _LOOKS["VAE, network"],
    "VAE, 100 codes": _LOOKS["VAE, network"],
    "PCA-20": _LOOKS["PCA-20, k-NN"],
    "PCA-20, labels spread": _LOOKS["PCA-20, k-NN"],
    "PCA-20, 100 codes": _LOOKS["PCA-20, k-NN"],
}
_DASHED = ("100 codes", "VAE, network")  # ends of the names of dashed lines
_LABEL_PLACES = {  # points from a single mark to the name, where its right is taken
    "k-NN on pixels": (-82, -4),
    "logistic regression": (-62, -16),
}
_OTHER = _Look(GREY, "o")
_GREYS = (INK, GREY, "white")  # of the marks of three alterations
_SLOW = 15  # seconds of a training, beyond which the marks are close together
_LEAST_ERROR = 0.0095  # so that the tick of 99% is seen
_ERROR_TICKS = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01)


@styled
def plot_watched(curves: Mapping[str, np.ndarray]) -> Figure:
    """Accuracy over the processor time of a training.

    Args:
        curves: from the name of a method to seconds and accuracies, ``(looks, 2)``.
    """
    figure, ax = subplots(size=(7.2, 3.6))
    for name, curve in curves.items():
        look = _LOOKS.get(name, _OTHER)
        ax.plot(*np.asarray(curve).T, color=look.color, marker=look.mark)
    ax.set(xlabel="processor time of the training, seconds", ylabel="accuracy on test images")
    ax.yaxis.set_major_formatter(_percent)
    ax.grid(axis="y")
    label_lines(ax, list(curves))
    words = "; ".join(
        f"{name}: {curve[-1][1]:.1%} after {curve[-1][0]:.1f} s" for name, curve in curves.items()
    )
    return describe(figure, f"Accuracy by processor time. {words}.")


@styled
def plot_time_to_accuracy(points: Mapping[str, Sequence[np.ndarray]]) -> Figure:
    """Accuracy by processor time, both on logarithmic scales, each point a training of its own.

    Args:
        points: from the name of a method to seconds and accuracies ``(seeds, 2)`` for each length
            of its training; with one length the method is a single mark. Large marks are means,
            small ones single trainings.
    """
    figure, ax = subplots(size=(9, 4.6))
    words = []
    ends = {}
    for name, lengths in points.items():
        look = _LOOKS.get(name, _OTHER)
        means = np.array([np.mean(found, axis=0) for found in lengths])
        single = np.concatenate(lengths)
        ax.plot(means[:, 0], 1 - means[:, 1], color=look.color, marker=look.mark, markersize=7)
        ax.plot(single[:, 0], 1 - single[:, 1], ".", color=look.color, markersize=5, alpha=0.5)
        ends[name] = (means[-1, 0], 1 - means[-1, 1])
        words.append(f"{name}: {means[-1, 1]:.1%} after {means[-1, 0]:.0f} s")
    ax.set(xscale="log", xlabel="processor time of the training, seconds (log scale)")
    ax.set_xticks([1, 3, 10, 30, 100, 300], ["1", "3", "10", "30", "100", "300"])
    ax.minorticks_off()
    ax.set_ylim(_LEAST_ERROR, None)
    _set_error_axis(ax)
    slow = {name: end for name, end in ends.items() if end[0] > _SLOW}
    _label_with_leaders(ax, list(slow), list(slow.values()), gap=44)  # beyond the single runs
    for name, end in ends.items():
        if name not in slow:
            ax.annotate(
                name, end, _LABEL_PLACES.get(name, (9, -3)), textcoords="offset points",
                fontsize=LABEL_SIZE, color=INK, annotation_clip=False,
            )  # fmt: skip
    return describe(figure, f"Accuracy by processor time of the training. {'; '.join(words)}.")


@styled
def plot_accuracy_by_number(panels: Mapping[str, Mapping[str, Mapping[int, Sequence[float]]]],
                            xlabels: Sequence[str]) -> Figure:  # fmt: skip
    """Accuracy by a number of images, a panel for each question; points for the draws.

    Args:
        panels: title of a panel: name of a line: number of images: accuracies. A line whose name
            ends in "100 codes" is dashed.
        xlabels: of the panels.
    """
    figure, axes = subplots(1, len(panels), size=(5.6 * len(panels), 4.4), sharey=True)
    for ax, (title, lines), xlabel in zip(
        np.atleast_1d(axes), panels.items(), xlabels, strict=True
    ):
        for name, found in lines.items():
            look = _LOOKS.get(name, _OTHER)
            style = "--" if name.endswith(_DASHED) else "-"
            errors = [1 - np.mean(values) for values in found.values()]
            ax.plot(list(found), errors, style, color=look.color, marker=look.mark)
        for name, found in lines.items():
            look = _LOOKS.get(name, _OTHER)
            for number, values in found.items():
                every = 1 - np.asarray(values)
                ax.vlines(number, every.min(), every.max(), color=look.color, linewidth=1)
        ax.set(xscale="log", xlabel=xlabel, title=title)
        sizes = sorted({number for found in lines.values() for number in found})
        ax.set_xticks(sizes, [f"{number:,}" for number in sizes])
        ax.minorticks_off()
        _set_error_axis(ax)
        _label_ends(ax, list(lines))
    np.atleast_1d(axes)[-1].set_ylabel("")
    words = []
    for title, lines in panels.items():
        for name, found in lines.items():
            first, *_, last = found
            words.append(
                f"{title}, {name}: {np.mean(found[first]):.1%} with {first}, "
                f"{np.mean(found[last]):.1%} with {last}"
            )
    return describe(figure, f"Accuracy by the number of images. {'; '.join(words)}.")


@styled
def plot_loss_by_number(seen: Mapping[int, Sequence[float]],
                        unseen: Mapping[int, Sequence[float]]) -> Figure:  # fmt: skip
    """Negative ELBO by the number of training images, on training and on test images.

    Args:
        seen: number of images: negative ELBO of training images, for each draw.
        unseen: the same of test images.
    """
    figure, ax = subplots(size=(7.2, 3.6))
    color = _LOOKS["VAE"].color
    for found, style, mark in ((unseen, "-", "s"), (seen, "--", "o")):
        means = [np.mean(values) for values in found.values()]
        ax.plot(list(found), means, style, color=color, marker=mark)
    for number in set(seen) & set(unseen):
        low, high = np.mean(seen[number]), np.mean(unseen[number])
        ax.vlines(number, low, high, color=GREY, linewidth=0.8)
        has_room = high - low > 5  # nats, between the lines
        ax.annotate(
            f"{high - low:.0f}", (number, (low + high) / 2 if has_room else low),
            (-5, 0) if has_room else (0, -12), textcoords="offset points", va="center",
            ha="right" if has_room else "center", fontsize=9, color=GREY,
        )  # fmt: skip
    ax.set(xscale="log", xlabel="training images, without labels", ylabel="negative ELBO, nats")
    ax.set_xticks(list(unseen), [f"{number:,}" for number in unseen])
    ax.minorticks_off()
    ax.set_ylim(ax.get_ylim()[0] - 3, None)
    label_lines(ax, ["test images", "training images"])
    words = ", ".join(f"{np.mean(values):.0f} with {number}" for number, values in unseen.items())
    return describe(figure, f"Negative ELBO of test images: {words}.")


@styled
def plot_prediction(one: Values, thousand: Values, memory: Values) -> Figure:
    """Price of a prediction: time for each image, alone and among 1,000, and memory.

    Args:
        one: milliseconds for one image.
        thousand: milliseconds for each of 1,000 images.
        memory: megabytes that have to be kept.
    """
    figure, (left, right) = subplots(1, 2, size=(10, 3.7), sharey=True)
    places = np.arange(len(one))[::-1]
    alone = [np.mean(values) for values in one.values()]
    together = [np.mean(thousand[name]) for name in one]
    left.hlines(places, together, alone, color=GREY, linewidth=1)
    left.plot(alone, places, "o", color=INK, markersize=7, label="one image at a time")
    left.plot(together, places, "s", color=GREY, markersize=7, label="1,000 at a time")
    left.set(xscale="log", xlabel="processor time for each image, milliseconds (log scale)")
    left.set_xticks([0.001, 0.01, 0.1, 1, 10], ["0.001", "0.01", "0.1", "1", "10"])
    left.set_yticks(places, list(one))
    left.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    kept = [np.mean(memory[name]) for name in one]
    right.hlines(places, 0.01, kept, color=RULE, linewidth=1)  # no bars: their ends have no zero
    right.plot(kept, places, "o", color=INK, markersize=7)
    for place, value in zip(places, kept, strict=True):
        right.text(value * 1.5, place, f"{value:.3g} MB", va="center", fontsize=9, color=INK)
    right.set(xscale="log", xlim=(0.01, 2_000), xlabel="memory for what is kept, MB (log scale)")
    right.set_xticks([0.01, 0.1, 1, 10, 100, 1_000], ["0.01", "0.1", "1", "10", "100", "1,000"])
    for ax in (left, right):
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x")
    words = "; ".join(
        f"{name}: {np.mean(one[name]):.2g} and {np.mean(thousand[name]):.2g} ms, "
        f"{np.mean(memory[name]):.2g} MB"
        for name in one
    )
    return describe(figure, f"Time of an image alone and among 1,000, and memory. {words}.")


@styled
def plot_refusals(shares: Sequence[float], errors: Values,
                  aurocs: Mapping[str, Mapping[str, float]]) -> Figure:  # fmt: skip
    """Left: errors among the accepted digits. Right: AUROC of each method's OOD score.

    Args:
        shares: of the digits that are refused.
        errors: name of a method: share of errors for each of ``shares``.
        aurocs: name of a method: name of an alteration: AUROC.
    """
    figure, (left, right) = subplots(1, 2, size=(11, 4.8), width_ratios=(1.15, 1))
    for name, values in errors.items():
        look = _LOOKS.get(name, _OTHER)
        style = "--" if name.endswith(_DASHED) else "-"
        left.plot(100 * np.asarray(shares), 100 * np.asarray(values), style, color=look.color,
                  marker=look.mark)  # fmt: skip
    left.set(
        yscale="log", xlabel="digits refused, %",
        ylabel="errors among the accepted digits, %\n(log scale)",
    )  # fmt: skip
    left.set_yticks([0.05, 0.1, 0.2, 0.5, 1, 2, 5], ["0.05", "0.1", "0.2", "0.5", "1", "2", "5"])
    left.minorticks_off()
    left.grid(axis="y")
    _label_ends(left, list(errors))
    places = np.arange(len(aurocs))[::-1]
    alterations = list(next(iter(aurocs.values())))
    for number, (name, mark) in enumerate(zip(alterations, "os^", strict=False)):
        found = [row[name] for row in aurocs.values()]
        shifted = places + 0.22 * (1 - number)  # one below the other, so that none is hidden
        grey = _GREYS[number]
        right.plot(found, shifted, mark, color=INK, markerfacecolor=grey, markersize=6, label=name)
    right.axvline(0.5, color=GREY, linewidth=0.8)
    right.set_yticks(places, list(aurocs))
    right.set(xlabel="AUROC, mean of three kinds of outlier", xlim=(None, 1.01))
    right.tick_params(axis="y", length=0)
    right.grid(axis="x")
    right.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(alterations))
    words = "; ".join(f"{name} {values[0]:.1%} to {values[-1]:.1%}" for name, values in
                      errors.items())  # fmt: skip
    return describe(figure, f"Errors while more digits are refused: {words}. Right: AUROC.")


@styled
def plot_verdict(methods: Sequence[str], columns: Sequence[Column]) -> Figure:
    """One row a method, one panel a question: a mark for each training, and the mean as a number.

    Left is better in each panel.

    Args:
        methods: names, from the top.
        columns: the panels.
    """
    figure, axes = subplots(1, len(columns), size=(12, 0.44 * len(methods) + 1.5), sharey=True)
    for ax, column in zip(axes, columns, strict=True):
        _draw_column(ax, methods, column)
    axes[0].set_yticks(range(len(methods)), methods)
    axes[0].set_ylim(len(methods) - 0.4, -0.6)
    words = []
    for column in columns:
        means = ", ".join(
            f"{name} {column.form.format(np.mean(column.values[name]))}"
            for name in methods
            if name in column.values
        )
        words.append(f"{column.title}: {means}".replace("\n", " "))
    return describe(figure, f"Methods by what they cost and give. {'; '.join(words)}.")


def _draw_column(ax: Axes, methods: Sequence[str], column: Column) -> None:
    for place, name in enumerate(methods):
        if place % 2 == 0:
            ax.axhspan(place - 0.5, place + 0.5, color=FAINT, zorder=0, linewidth=0)
        values = column.values.get(name, ())
        look = _LOOKS.get(name, _OTHER)
        ax.plot(values, [place] * len(values), look.mark, color=look.color, markersize=3.5)
        if len(values):
            ax.text(
                0.97, place, column.form.format(np.mean(values)),
                transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=8.5,
                color=INK,
            )  # fmt: skip
    ax.set_title(column.title, fontsize=9)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labelsize=8)
    _set_column_axis(ax, column)


def _set_column_axis(ax: Axes, column: Column) -> None:
    """Few ticks, room on the right for the means, and the better side on the left."""
    found = np.concatenate([np.atleast_1d(values) for values in column.values.values()])
    places = np.log10(found) if column.logarithmic else found
    least, most = places.min(), places.max()
    span = most - least
    if span == 0:
        span = 1.0
    best, worst = (most, least) if column.high_is_good else (least, most)
    step = -span if column.high_is_good else span
    limits = np.array([best - 0.15 * step, worst + 1.0 * step])
    if column.logarithmic:
        ax.set_xscale("log")
        limits = 10**limits
        first_and_last = _round_ends(10**least, 10**most)
        form = "{:g}%" if "%" in column.form else "{:g}"
        unit = 0.01 if "%" in column.form else 1
        ax.set_xticks(first_and_last, [form.format(tick / unit) for tick in first_and_last])
        ax.minorticks_off()
    else:
        ticks = MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(least, most)
        inside = [tick for tick in ticks if least - 0.1 * span <= tick <= most + 0.1 * span]
        first_and_last = inside[:: max(1, len(inside) - 1)]
        form = "{:.0%}" if "%" in column.form else "{:.1f}"
        ax.set_xticks(first_and_last, [form.format(tick) for tick in first_and_last])
    ax.grid(axis="x", color=RULE)
    ax.set_xlim(*limits)


def _round_ends(least: float, most: float) -> list[float]:
    """The first and the last power of ten in a range; if it has no two, of 1, 2, 5 times one."""
    powers = 10.0 ** np.arange(np.floor(np.log10(least)), np.ceil(np.log10(most)) + 1)
    for leading in ([1], [1, 2, 5]):
        ticks = np.outer(powers, leading).ravel()
        inside = ticks[(ticks >= least) & (ticks <= most)]
        if len(inside) >= 2:
            return [float(inside[0]), float(inside[-1])]
    return [float(tick) for tick in inside]


def _label_ends(ax: Axes, words: Sequence[str]) -> None:
    """Names to the right of the lines' ends, each with a thin line to its end.

    Args:
        ax: with as many lines as words, in that order.
        words: one for each line.
    """
    ends = [np.asarray(line.get_xydata())[-1] for line in ax.lines]
    _label_with_leaders(ax, words, ends)


def _label_with_leaders(
    ax: Axes, words: Sequence[str], ends: Sequence[Any], gap: float = 28
) -> None:
    """Names to the right of points, none over another, each with a thin line to its point.

    Args:
        ax: with its final limits.
        words: one for each point.
        ends: the points, in the units of the data.
        gap: points of the page from a point to its name.
    """
    figure = figure_of(ax)
    figure.draw_without_rendering()
    heights = [ax.transData.transform(end)[1] for end in ends]
    points = 72 / figure.dpi
    places = spread(heights, 1.6 * LABEL_SIZE / points)
    for word, end, height, place in zip(words, ends, heights, places, strict=True):
        ax.annotate(
            word, end, (gap, (place - height) * points), textcoords="offset points", va="center",
            fontsize=LABEL_SIZE, color=INK, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkB": 4},
        )  # fmt: skip


def _set_error_axis(ax: Axes) -> None:
    """The axis of the errors, logarithmic and upside down, in words of accuracy."""
    ax.set_yscale("log")
    low, high = min(ax.get_ylim()), max(ax.get_ylim())
    ticks = [error for error in _ERROR_TICKS if low <= error <= high]
    ax.set_yticks(ticks, [f"{1 - error:.0%}" for error in ticks])
    ax.set_ylim(high, low)
    ax.minorticks_off()
    ax.grid(axis="y")
    ax.set_ylabel("accuracy on 10,000 test images\n(log scale of the errors)")


def _percent(value: float, _: int) -> str:
    return f"{value:.0%}"
