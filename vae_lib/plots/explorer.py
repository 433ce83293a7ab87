"""Figures of notebook 07: the latent explorer."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.patches import Ellipse
from matplotlib.patheffects import withStroke

from vae_lib.plots.images import draw_image
from vae_lib.plots.latent import plot_latent_space
from vae_lib.plots.style import (
    COLORS,
    GREY,
    INK,
    LINES,
    RULE,
    describe,
    empty_figure,
    styled,
    subplots,
)

FACTORS = (0.5, 1, 2)  # between measured and predicted, marked by lines
NEAREST = 0.002  # share of the digits with the smallest distances, which would widen the frame


class RecordedRun(Protocol):
    """What a figure needs of a ``Run``."""

    codes: np.ndarray
    labels: np.ndarray
    history: dict[str, list[float]]


@styled
def plot_pad(
    z_mean: np.ndarray,
    labels: np.ndarray,
    z: Sequence[float],
    decoded: np.ndarray,
    nearest: np.ndarray,
    line: np.ndarray | None = None,
) -> Figure:
    """A latent space with a marked point, the image decoded there and the nearest digit.

    Args:
        z_mean: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        z: the point.
        decoded: ``(28, 28)`` in [0, 1].
        nearest: raw, uint8 ``(28, 28)``.
        line: its two ends, ``(2, 2)``; drawn dashed if given.
    """
    figure = empty_figure((7.6, 5.4))
    grid = figure.add_gridspec(2, 2, width_ratios=[2.9, 1])
    left = figure.add_subplot(grid[:, 0])
    drawn = np.array([z])
    if line is not None:
        drawn = np.concatenate([drawn, np.linspace(line[0], line[1], 40)])
    plot_latent_space(z_mean, labels, ax=left, keep_clear=drawn)
    if line is not None:
        left.plot(*np.transpose(line), "--", color=INK, linewidth=1.6, zorder=4)
    left.plot(*z, "o", markersize=14, markerfacecolor="none", markeredgecolor=INK, mew=3, zorder=20)
    images = ((0, decoded, "decoded"), (1, nearest / 255, "nearest test digit"))
    for row, image, title in images:
        ax = figure.add_subplot(grid[row, 1])
        draw_image(ax, image)
        ax.set_title(title)
    x, y = z
    return describe(figure, f"A point at ({x:g}, {y:g}), its decoded image and the nearest digit.")


@styled
def plot_marked_points(
    z_mean: np.ndarray,
    labels: np.ndarray,
    points: np.ndarray,
    names: Sequence[str],
    reach: float = 4.2,
) -> Figure:
    """A latent space with some points marked by name.

    Args:
        z_mean: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        points: ``(m, 2)``.
        names: one for each point.
        reach: both axes go from -reach to reach.
    """
    figure, ax = subplots(size=(4.6, 4.5))
    words = _find_room(z_mean, points, reach)
    keep_clear = np.concatenate([points, words])
    plot_latent_space(z_mean, labels, ax=ax, reach=reach, keep_clear=keep_clear)
    for name, point, word in zip(names, points, words, strict=True):
        ax.plot(*np.stack([point, word]).T, color=INK, linewidth=0.9, zorder=19)
        ax.text(*word, name, ha="center", va="center", fontsize=10, fontweight="bold", zorder=21)
        ax.texts[-1].set(color=INK)
        ax.texts[-1].set_path_effects([withStroke(linewidth=3, foreground="white")])
    ax.plot(*points.T, "s", markersize=9, markerfacecolor="white", markeredgecolor=INK, mew=2.2)
    ax.lines[-1].set_zorder(20)
    figure.colors = 96  # type: ignore[attr-defined]  # a sixth fewer bytes
    pairs = zip(names, points, strict=True)
    where = ", ".join(f"{name} ({x:.2f}, {y:.2f})" for name, (x, y) in pairs)
    return describe(figure, f"The codes of {len(labels):,} digits with marked points: {where}.")


def _find_room(codes: np.ndarray, points: np.ndarray, reach: float) -> np.ndarray:
    """For each point a place near it for its name, where the name hides the fewest codes."""
    half_size = np.array([0.15, 0.045]) * reach  # of a name
    angles = np.linspace(-np.pi / 2, 1.5 * np.pi, 16, endpoint=False)  # first below
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    steps = reach * np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    offsets = (steps[:, None, None] * directions).reshape(-1, 2)  # the nearest first
    words = np.empty((0, 2))
    for point in points:
        places = point + offsets
        places = places[np.all(np.abs(places) < reach - half_size, axis=1)]
        taken = np.concatenate([points, words])
        hidden = [np.all(np.abs(codes - place) < half_size, axis=1).sum() for place in places]
        touched = [np.all(np.abs(taken - place) < 2 * half_size, axis=1).any() for place in places]
        best = np.argmin(np.array(hidden) + len(codes) * np.array(touched))
        words = np.concatenate([words, places[[best]]])
    return words


@styled
def plot_changes(
    t: np.ndarray, decoded: np.ndarray, change: np.ndarray, names: np.ndarray, shown: int = 13
) -> Figure:
    """How fast the decoded image changes along a line, above the images themselves.

    Vertical lines mark the steps in which the majority label changes.

    Args:
        t: positions along the line, ``(n,)`` from 0 to 1.
        decoded: the image at each, ``(n, 28, 28)``.
        change: from each position to the next, ``(n - 1,)``.
        names: for each position the majority label of the codes around it, ``(n,)``.
        shown: how many of the images are drawn.
    """
    figure = empty_figure((10, 3.4))
    grid = figure.add_gridspec(2, shown, height_ratios=[2.4, 1])
    above = figure.add_subplot(grid[0, :])
    middle = (t[1:] + t[:-1]) / 2  # of each step
    for step in np.flatnonzero(np.diff(names)):
        above.axvline(middle[step], color=GREY, linewidth=0.9, linestyle=":", zorder=1)
        words = f"{names[step]} → {names[step + 1]}"
        above.text(middle[step], 1.01, words, transform=above.get_xaxis_transform(), ha="center")
        above.texts[-1].set(color=GREY, fontsize=8.5)
    above.plot(middle, change, "o-", color=LINES[0])
    edge = 0.5 / (shown - 1)
    above.set(xlim=(-edge, 1 + edge), ylim=(0, None), xlabel="$t$, position along the line")
    above.set_ylabel("largest change of a pixel\nin a step of length 0.1")
    picks = np.round(np.linspace(0, len(t) - 1, shown)).astype(int)
    for column, pick in enumerate(picks):
        ax = figure.add_subplot(grid[1, column])
        draw_image(ax, decoded[pick])
        ax.set_xlabel(str(names[pick]), color=INK)
    figure.colors = 64  # type: ignore[attr-defined]  # one colour beside greys
    return describe(
        figure,
        f"A curve with its peak of {change.max():.2f} at t = {middle[change.argmax()]:.2f}, above "
        f"{shown} images from a {names[0]} to a {names[-1]}.",
    )


@styled
def plot_three_posteriors(
    images: np.ndarray,
    decoded: np.ndarray,
    std: np.ndarray,
    epsilon: np.ndarray,
    sampled: np.ndarray,
) -> Figure:
    """Some digits, their decoded means, and their posteriors at one scale, with samples.

    Args:
        images: ``(n, 28, 28)`` in [0, 1].
        decoded: the images decoded from their means, same shape.
        std: standard deviations, ``(n, 2)``.
        epsilon: noise, ``(m, 2)``.
        sampled: images decoded from k samples of each posterior, ``(n, k, 28, 28)``.
    """
    figure = empty_figure((9.4, 5.5))
    grid = figure.add_gridspec(3, len(std), height_ratios=[1, 0.65, 2.3])
    reach = 2.8 * std.max()
    for number, deviations in enumerate(std):
        _draw_pair(figure, grid[0, number], images[number], decoded[number])
        _draw_row(figure, grid[1, number], sampled[number], "decoded samples")
        ax = figure.add_subplot(grid[2, number])
        ax.plot(*(deviations * epsilon).T, "o", color=LINES[0], markersize=2, alpha=0.55)
        for size, dash in ((1, "-"), (2, "--")):
            outline = Ellipse(
                (0, 0), *(2 * size * deviations), fill=False, color=INK, linestyle=dash
            )
            outline.set(linewidth=1.4, zorder=5)
            ax.add_patch(outline)
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        ax.set(xlabel=r"$z_1 - \mu_1$", ylabel=r"$z_2 - \mu_2$")
    words = "; ".join(f"{a:.3f} and {b:.3f}" for a, b in std)
    return describe(figure, f"Digits, and ellipses with standard deviations {words}.")


@styled
def plot_deviations(
    predicted: np.ndarray,
    std: np.ndarray,
    distance: np.ndarray,
    labels: np.ndarray,
    named: Sequence[int],
) -> Figure:
    """Standard deviations against a prediction, and against the distance to another label.

    Args:
        predicted: by the decoder's sensitivity, ``(n, 2)``.
        std: of the encoder, ``(n, 2)``.
        distance: from codes with another label, ``(n,)``.
        labels: ``(n,)``, 0 to 9.
        named: the digits drawn in their colours; the others are grey.
    """
    figure, (left, right) = subplots(1, 2, size=(8.2, 3.9))
    both = np.stack([predicted, std])
    low, high = both.min() / 1.2, both.max() * 1.2
    for factor in FACTORS:
        dash = "-" if factor == 1 else ":"
        left.plot([low, high], [factor * low, factor * high], color=GREY, linestyle=dash, lw=1)
    size = np.sqrt(std.prod(axis=1))
    _draw_classes(left, predicted, std, labels, named)
    _draw_classes(right, distance, size, labels, named)
    left.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high))
    left.set(xlabel=r"predicted $\sigma_i$", ylabel=r"$\sigma_i$ of the encoder")
    right.set(xscale="log", yscale="log", ylim=(low, high))
    nearest = float(np.quantile(distance, NEAREST))
    right.set(xlim=(nearest / 1.2, distance.max() * 1.2))
    outside = int(np.sum(distance < nearest / 1.2))
    if outside:
        right.text(0.01, 0.01, f"{outside} outside this frame", transform=right.transAxes)
        right.texts[-1].set(color=GREY, fontsize=8)
    right.set(xlabel="distance to five training codes with another label")
    right.set_ylabel(r"$\sqrt{\sigma_1 \sigma_2}$ of the encoder")
    for axis in (left.xaxis, left.yaxis, right.xaxis, right.yaxis):
        axis.set_major_formatter("{x:g}")
    left.legend(loc="upper left", title="digit", markerscale=2.5)
    figure.colors = 64  # type: ignore[attr-defined]  # few colours: a sixth fewer bytes
    return describe(
        figure,
        f"{std.size:,} standard deviations close to the diagonal over their prediction, and "
        f"{len(distance):,} widely scattered over the distance to another label.",
    )


@styled
def plot_epochs(
    run: RecordedRun, epochs: Sequence[int], accuracy: Sequence[float] | None = None
) -> Figure:
    """The latent space of the same digits after some epochs of a training, on the same axes.

    Args:
        run: with ``codes`` ``(epochs, n, 2)``, ``labels`` and ``history``.
        epochs: numbers from 1.
        accuracy: of the classification by neighbours, one for each recorded epoch.
    """
    figure, axes = subplots(1, len(epochs), size=(8.5, 3.5), sharey=True)
    for ax, epoch in zip(axes, epochs, strict=True):
        plot_latent_space(run.codes[epoch - 1], run.labels, ax=ax, reach=4.0)
        title = f"epoch {epoch}: {run.history['val_loss'][epoch - 1]:.0f} nats"
        if accuracy is not None:
            title += f", accuracy {accuracy[epoch - 1]:.0%}"
        ax.set_title(title)
        ax.label_outer()
    for ax in axes[:-1]:  # the first was drawn before the layout gave it its size
        ax.collections[0].set_sizes(axes[-1].collections[0].get_sizes())
    figure.colors = 96  # type: ignore[attr-defined]  # fewer bytes
    losses = ", ".join(f"{run.history['val_loss'][epoch - 1]:.0f}" for epoch in epochs)
    return describe(figure, f"{len(run.labels):,} digits at three moments; losses {losses} nats.")


def _draw_pair(figure: Figure, place: SubplotSpec, image: np.ndarray, decoded: np.ndarray) -> None:
    """An image and its decoded mean side by side."""
    inner = place.subgridspec(1, 2)
    for column, picture, title in ((0, image, "image"), (1, decoded, "decoded mean")):
        ax = figure.add_subplot(inner[0, column])
        draw_image(ax, picture)
        ax.set_title(title, fontsize=9, pad=4)


def _draw_row(figure: Figure, place: SubplotSpec, images: np.ndarray, title: str) -> None:
    """Images side by side under one title."""
    inner = place.subgridspec(1, len(images))
    axes = [figure.add_subplot(inner[0, column]) for column in range(len(images))]
    for ax, image in zip(axes, images, strict=True):
        draw_image(ax, image)
    axes[0].set_title(title, fontsize=9, pad=4, loc="left")


def _draw_classes(
    ax: Axes, x: np.ndarray, y: np.ndarray, labels: np.ndarray, named: Sequence[int]
) -> None:
    """Points of the named digits in their colours over all the others in grey."""
    others = ~np.isin(labels, named)
    ax.plot(x[others].ravel(), y[others].ravel(), "o", color=RULE, markersize=1.6, label="others")
    for digit in named:
        ax.plot([], [], "o", color=COLORS[digit], markersize=2, label=str(digit))
    chosen = np.random.default_rng(0).permutation(np.flatnonzero(~others))  # none covers the rest
    colors = [COLORS[int(label)] for label in labels[chosen]]
    columns = zip(_as_columns(x[chosen]), _as_columns(y[chosen]), strict=True)
    for across, up in columns:
        ax.scatter(across, up, s=7, c=colors, linewidths=0, zorder=3)


def _as_columns(values: np.ndarray) -> np.ndarray:
    """One row for each column of ``(n,)`` or ``(n, m)``."""
    return values.reshape(len(values), -1).T
