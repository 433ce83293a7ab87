"""Figures of notebook 09: size, style, angle."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from vae_lib import settings
from vae_lib.plots.images import draw_image
from vae_lib.plots.latent import plot_latent_space
from vae_lib.plots.style import (
    FAINT,
    FLOOR,
    GREY,
    INK,
    LINES,
    RULE,
    describe,
    empty_figure,
    styled,
    subplots,
)

# the same method has the same colour in all figures of the notebook
PIXELS, VAE, CNN, PCA = LINES[0], LINES[1], LINES[2], LINES[6]
SMALL_VAE = "#f0bb8c"  # two latent dimensions, or a single variable of the twenty
LABEL = "#b9bec5"
# without augmentation: hollow and dotted; with it: filled and solid
PLAIN: dict[str, Any] = {"linestyle": ":", "markerfacecolor": "white"}
AUGMENTED: dict[str, Any] = {"linestyle": "-"}
FREQUENT, RARE = INK, LINES[3]  # of two forms of a digit
SIX, NINE = LINES[4], LINES[5]
TILE = 32  # pixels, of an image in a mosaic
GREYS = 16  # of a mosaic: half of the bytes that 256 take

States = Mapping[str, Sequence[float]]
"""From the name of a transformation to its settings, in order; the middle one changes nothing."""


@styled
def plot_turning_digits(
    codes: np.ndarray,
    labels: np.ndarray,
    paths: Mapping[str, np.ndarray],
    angles: np.ndarray,
    pictures: Mapping[str, tuple[np.ndarray, np.ndarray]],
) -> Figure:
    """Paths of turning digits over a map of codes, and below each what was seen and decoded.

    Args:
        codes: of all digits, ``(n, 2)``.
        labels: ``(n,)``.
        paths: name of a digit: its codes, ``(m, 2)``.
        angles: degrees, ``(m,)``.
        pictures: for each name, seven images and seven reconstructions at equal steps.
    """
    figure = empty_figure((9.6, 5))
    farthest = max(np.abs(path).max() for path in paths.values())
    reach = max(3.4, np.ceil(2 * farthest + 0.5) / 2)  # every path within its frame
    columns: Any = figure.subfigures(1, len(paths), squeeze=False)
    for part, (name, path) in zip(columns[0], paths.items(), strict=True):
        above, below = part.subfigures(2, 1, height_ratios=(3.1, 1))
        ax = above.subplots()
        plot_latent_space(codes, labels, ax=ax, reach=reach, prior=False)
        ax.plot(*path.T, color="white", linewidth=4)
        ax.plot(*path.T, color="black", linewidth=1.6)
        step = (len(angles) - 1) // 6
        ax.scatter(*path[::step].T, s=22, color="black", zorder=4)
        _name_angles(ax, path, angles, step)
        ends = ((path[0], "o", f"{angles[0]}°"), (path[-1], "s", f"{angles[-1]}°"))
        for (x, y), mark, word in ends:
            ax.scatter(
                x, y, s=34, marker=mark, color="white", edgecolor="black", linewidth=1.8,
                zorder=12, label=word,
            )  # fmt: skip
        ax.legend(loc="upper left", handletextpad=0.2, borderpad=0.1)
        ax.set_title(name)
        grid = below.subplots(2, 7)
        for row, images in zip(grid, pictures[name], strict=True):
            for cell, image in zip(row, images, strict=True):
                draw_image(cell, image)
        for cell, angle in zip(grid[0], angles[::step], strict=True):
            cell.set_title(f"{angle}°", fontsize=8, pad=2)
    return describe(
        figure,
        "Maps of the two-dimensional codes with the black path of one turning digit each: "
        f"{', '.join(paths)}; below each, the turned digit and its reconstruction in steps of "
        f"{angles[step] - angles[0]} degrees.",
    )


@styled
def plot_losses(
    states: States,
    floor: Mapping[str, Sequence[float]],
    losses: Mapping[str, Mapping[str, np.ndarray]],
) -> Figure:
    """Negative ELBO over the entropy floor, and the reconstruction term above it, by setting.

    Points alone are measured. They are not joined across the middle: the unchanged image is the
    only one without interpolation, so there is no gradual way to it.

    Args:
        states: settings of each transformation.
        floor: for each transformation, the floor at each setting.
        losses: the plain and the augmented model by name: for each transformation,
            reconstruction and KL ``(m, 2)``.
    """
    figure, grid = subplots(2, len(states), size=(11.5, 5), sharey="row", sharex="col")
    for (top, bottom), (name, values) in zip(grid.T, states.items(), strict=True):
        steps, middle = np.arange(len(values)), len(values) // 2
        top.scatter(steps, floor[name], s=260, marker="_", color=GREY, label="entropy floor")
        for (model, found), look in zip(losses.items(), (PLAIN, AUGMENTED), strict=True):
            terms = np.asarray(found[name])
            above = terms[:, 0] - floor[name]
            for ax, heights in ((top, terms.sum(axis=1)), (bottom, above)):
                _draw_points(ax, heights, {"color": VAE, "marker": "s", "label": model} | look)
        top.set_title(name)
        for ax in (top, bottom):
            ax.set(yscale="log", xlim=(-0.5, len(values) - 0.5))
            ax.minorticks_off()
            ax.axvspan(middle - 1, middle + 1, color=FAINT, zorder=0)
        top.set_ylim(15, 2500)
        bottom.set_ylim(15, 2500)
        ticks = [20, 50, 100, 200, 500, 1000, 2000]
        top.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
        bottom.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
        bottom.set_xticks(steps, [f"{value:g}" for value in values])
    grid[0, 0].set_ylabel("negative ELBO, nats\nper image (log scale)")
    grid[1, 0].set_ylabel("reconstruction above\nthe floor (log scale)")
    handles, words = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, words, loc="outside lower center", ncols=3)
    worst = "; ".join(
        f"{model} {max(np.sum(found[name], axis=1).max() for name in states):.0f}"
        for model, found in losses.items()
    )
    return describe(
        figure, f"Nats per image by the setting of {len(states)} transformations; largest: {worst}."
    )


@styled
def plot_accuracies(states: States, accuracies: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """Accuracy by setting, and below the difference from the same method on plain digits.

    Args:
        states: settings of each transformation.
        accuracies: name of a method: for each transformation, one accuracy for each setting and
            repeat, ``(m, repeats)``.
    """
    figure, grid = subplots(2, len(states), size=(10, 4.7), sharey="row", sharex="col")
    for (top, bottom), (name, values) in zip(grid.T, states.items(), strict=True):
        for (method, found), (color, mark, look) in zip(accuracies.items(), _LOOKS, strict=False):
            mean = np.mean(found[name], axis=1)
            options = {"color": color, "marker": mark, "linewidth": 1.4} | look
            top.plot(values, mean, label=method, **options)
            bottom.plot(values, mean - mean[len(values) // 2], **options)
        top.set(title=name, ylim=(0, 1.02))
        bottom.set_ylim(-0.9, 0.05)
        for ax in (top, bottom):
            _shade(ax, values)
    grid[0, 0].set_ylabel("accuracy")
    grid[1, 0].set_ylabel("change from the method's\naccuracy on plain digits")
    handles, words = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, words, loc="outside lower center", ncols=3)
    return describe(
        figure,
        f"Accuracy of {len(accuracies)} methods ({', '.join(accuracies)}) by the setting of "
        f"{', '.join(states)}, and the difference from their accuracy on plain digits.",
    )


@styled
def plot_explained(explained: Mapping[str, np.ndarray], measures: Sequence[str]) -> Figure:
    """R² of each measure, a bar for each predictor.

    Args:
        explained: name of a predictor: R² of each measure.
        measures: their names.
    """
    figure, ax = subplots(size=(8.4, 3))
    width = 0.8 / len(explained)
    colors = (VAE, PCA, SMALL_VAE, LABEL)
    for number, ((name, values), color) in enumerate(zip(explained.items(), colors, strict=False)):
        places = np.arange(len(measures)) + width * (number + 0.5) - 0.4
        bars = ax.bar(places, values, 0.92 * width, color=color, label=name)
        ax.bar_label(bars, [f"{value:.2f}" for value in values], fontsize=8.5, color=INK)
    ax.set(ylabel="R² on test images", ylim=(0, 1.1))
    ax.set_xticks(range(len(measures)), measures)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    words = "; ".join(
        f"{name}: {', '.join(f'{value:.2f}' for value in values)}"
        for name, values in explained.items()
    )
    return describe(figure, f"R² of {', '.join(measures)}. {words}.")


@styled
def plot_forms(
    examples: Mapping[str, Sequence[np.ndarray]],
    keeps: Mapping[str, np.ndarray],
    names: Sequence[str],
) -> Figure:
    """A row for each form of a digit: a few originals and, beside them, their reconstructions.

    Args:
        examples: form: the originals ``(n, 28, 28, 1)``, then as many images for each way to
            reconstruct; two forms of one digit follow each other.
        keeps: form: whether each reconstruction still has it, ``(ways, n)``; the others get a
            frame.
        names: of the columns, the originals first.
    """
    figure, axes = subplots(
        1, len(names), size=(3.5 * len(names), 0.5 * len(examples) + 0.6), sharey=True
    )
    for number, (ax, name) in enumerate(zip(axes, names, strict=True)):
        mosaic = _mosaic([blocks[number] for blocks in examples.values()])
        ax.imshow(mosaic, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
        ax.set(title=name, xticks=[])
        ax.spines[:].set_visible(False)
        ax.tick_params(axis="y", length=0)
        for row in range(2, len(examples), 2):
            ax.axhline(TILE * row - 0.5, color=RULE, linewidth=0.8)
    for number, ax in enumerate(axes[1:]):
        _frame_tiles(ax, [~found[number] for found in keeps.values()])
    axes[0].set_yticks(TILE * (np.arange(len(examples)) + 0.5), list(examples))
    words = "; ".join(
        f"{form}: {', '.join(f'{np.sum(row)} of {len(row)}' for row in rows)}"
        for form, rows in keeps.items()
    )
    return describe(
        figure,
        f"Examples of {len(examples)} forms of digits and their reconstructions by "
        f"{' and '.join(names[1:])}; how many of them keep the form: {words}.",
    )


@styled
def plot_kept(
    counts: Mapping[str, Sequence[int]], kept: Mapping[str, np.ndarray], names: Sequence[str]
) -> Figure:
    """Which of two forms of a digit survives a reconstruction: a panel for each way to reconstruct.

    Args:
        counts: pair of forms: number of images with the detail, and without it.
        kept: pair of forms: share that still has its form, ``(2, ways)``, with the detail first.
        names: of the ways to reconstruct.
    """
    figure, axes = subplots(1, len(names), size=(11, 0.42 * len(kept) + 1.5), sharey=True)
    looks = ({"marker": "o", "s": 34}, {"marker": "o", "s": 34, "facecolor": "white"})
    for number, (ax, name) in enumerate(zip(axes, names, strict=True)):
        for row, (pair, shares) in enumerate(kept.items()):
            ends = np.asarray(shares)[:, number]
            ax.plot(ends, [row, row], color=RULE, linewidth=1.2, zorder=1)
            frequent = int(np.argmax(counts[pair]))
            for form, look in enumerate(looks):
                color = FREQUENT if form == frequent else RARE
                ax.scatter(ends[form], row, edgecolor=color, **{"facecolor": color} | look)
                side = 7 if ends[form] == ends.max() else -7
                ax.annotate(
                    f"{ends[form]:.0%}", (ends[form], row), (side, 0), fontsize=8.5, color=color,
                    textcoords="offset points", va="center", ha="left" if side > 0 else "right",
                )  # fmt: skip
        ax.set(
            title=name, xlim=(-0.16, 1.2), xticks=(0, 0.5, 1), xlabel="share that keeps its form"
        )
        ax.set_xticklabels(["0", "50%", "100%"])
        ax.tick_params(axis="y", length=0)
    axes[0].set_yticks(
        range(len(kept)),
        [f"{pair} ({with_it} : {without})" for pair, (with_it, without) in counts.items()],
    )
    axes[0].invert_yaxis()
    handles = [
        axes[0].scatter([], [], color=color, edgecolor=color, s=34, label=word)
        for color, word in ((FREQUENT, "the more frequent form"), (RARE, "the less frequent form"))
    ]
    handles += [
        axes[0].scatter([], [], facecolor=face, edgecolor=GREY, s=34, label=word)
        for face, word in ((GREY, "with the detail"), ("white", "without it"))
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    words = "; ".join(
        f"{pair}: {' and '.join('/'.join(f'{share:.0%}' for share in row) for row in shares)}"
        for pair, shares in kept.items()
    )
    return describe(
        figure,
        f"Share that keeps its form, with the detail and without, by {', '.join(names)}. {words}.",
    )


@styled
def plot_called(angles: np.ndarray, shares: Mapping[int, np.ndarray]) -> Figure:
    """What turning digits are classified as: 6, 9 or anything else, stacked.

    Args:
        angles: degrees, ``(m,)``.
        shares: digit: shares ``(3, m)`` of 6, 9 and others.
    """
    figure, axes = subplots(1, len(shares), size=(10, 3), sharey=True)
    for ax, (digit, rows) in zip(axes, shares.items(), strict=True):
        ax.stackplot(
            angles, rows, colors=(SIX, NINE, FLOOR),
            labels=("classified as 6", "classified as 9", "as another digit"),
        )  # fmt: skip
        ax.set(xlim=(0, 360), ylim=(0, 1), xlabel="turned by, degrees", xticks=range(0, 361, 60))
        ax.set_title(f"test images of {digit}")
    axes[0].set_ylabel("share")
    axes[-1].legend(loc="center left", bbox_to_anchor=(1, 0.5))
    half = len(angles) // 2
    words = "; ".join(
        f"{digit}: {rows[0, half]:.0%} as 6, {rows[1, half]:.0%} as 9"
        for digit, rows in shares.items()
    )
    return describe(figure, f"What turning 6s and 9s are classified as; at 180 degrees {words}.")


@styled
def plot_verdict(accuracies: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """One row a method, one panel a test set: a point for each repeat, and the mean in words.

    Args:
        accuracies: name of a method: for each test set by name, an accuracy for each repeat.
    """
    columns = list(next(iter(accuracies.values())))
    figure, axes = subplots(1, len(columns), size=(10, 0.36 * len(accuracies) + 1), sharey=True)
    for ax, title in zip(axes, columns, strict=True):
        for place, (method, found) in enumerate(accuracies.items()):
            values = np.asarray(found[title])
            color = _color_of(method)
            ax.barh(place, values.mean(), 0.72, color=color, alpha=0.25)
            ax.scatter(values, np.full(len(values), place), s=14, color=color, zorder=3)
            ax.text(0.03, place, f"{values.mean():.1%}", va="center", fontsize=9, color=INK)
        ax.set(title=title, xlim=(0, 1), xticks=(0, 0.5, 1))
        ax.set_xticklabels(["0", "50%", "100%"])
        ax.tick_params(axis="y", length=0)
    axes[0].set_yticks(range(len(accuracies)), list(accuracies))
    axes[0].invert_yaxis()
    words = "; ".join(
        f"{method}: {', '.join(f'{np.mean(found[title]):.1%}' for title in columns)}"
        for method, found in accuracies.items()
    )
    return describe(figure, f"Accuracy on {', '.join(columns)}. {words}.")


_LOOKS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (PIXELS, "o", PLAIN),
    (PIXELS, "o", AUGMENTED),
    (VAE, "s", PLAIN),
    (VAE, "s", AUGMENTED),
    (CNN, "^", PLAIN),
    (CNN, "^", AUGMENTED),
)


def _color_of(method: str) -> str:
    kind = method.split()[0].strip(",")
    colors = {"pixels": PIXELS, "PCA": PCA, "VAE": VAE, "CNN": CNN}
    return colors.get(kind, GREY)


def _name_angles(ax: Axes, path: np.ndarray, angles: np.ndarray, step: int) -> None:
    """The middle three angles beside their dots, where neither the path nor a name is near."""
    reach = ax.get_xlim()[1]
    legs = [np.linspace(start, end, 20) for start, end in pairwise(path)]
    disc = 0.05 * reach * np.array([(0, 1), (0, -1), (1, 0), (-1, 0)])
    names = [np.add(text.get_position(), disc) for text in ax.texts]
    taken = np.concatenate(legs + names)
    turns = np.arange(0, 2 * np.pi, np.pi / 12)
    ring = np.stack([1.4 * np.cos(turns), np.sin(turns)], axis=1)  # words are wider than high
    around = reach * np.concatenate([0.1 * ring, 0.15 * ring])
    for number in (2 * step, 3 * step, 4 * step):
        spots = path[number] + around
        away = np.abs(spots[:, None] - taken) / (1.4, 1)
        room = np.hypot(away[..., 0], away[..., 1]).min(axis=1)
        spot = spots[room.argmax()]
        taken = np.concatenate([taken, spot + disc])
        x, y = spot
        ax.text(
            x, y, f"{angles[number]}°", fontsize=8.5, color=INK, ha="center", va="center",
            zorder=5.5, path_effects=[withStroke(linewidth=2, foreground="white")],
        )  # fmt: skip


def _mosaic(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Rows of images as one image, of tiles that have a margin; shorter rows end in empty tiles."""
    widest = max(len(images) for images in rows)
    margin = (TILE - settings.IMAGE_SHAPE[0]) // 2
    lines = []
    for images in rows:
        missing = widest - len(images)
        tiles = np.pad(images[..., 0], ((0, missing), (margin, margin), (margin, margin)))
        lines.append(np.concatenate(list(tiles), axis=1))
    steps = GREYS - 1
    return np.round(np.concatenate(lines) * steps) / steps


def _frame_tiles(ax: Axes, chosen: Sequence[np.ndarray]) -> None:
    """A frame around the tiles of a mosaic that are chosen, a mask for each row."""
    for row, mask in enumerate(chosen):
        for place in np.flatnonzero(mask).tolist():
            corner = (TILE * place + 1, TILE * row + 1)
            ax.add_patch(Rectangle(corner, TILE - 3, TILE - 3, fill=False, edgecolor=INK))


def _draw_points(ax: Axes, heights: np.ndarray, options: dict[str, Any]) -> None:
    """Points at 0, 1, 2, …, joined by thin lines on either side of the middle."""
    steps = np.arange(len(heights))
    options = options | {"linewidth": 1, "markersize": 5}
    middle = len(heights) // 2
    for side in (slice(0, middle), slice(middle, middle + 1), slice(middle + 1, None)):
        ax.plot(steps[side], heights[side], **options)
        options["label"] = None  # one entry in the legend


def _shade(ax: Axes, values: Sequence[float]) -> None:
    """Grey over the middle half of the settings, which augmentation covers."""
    middle = len(values) // 2
    ax.axvspan(values[middle - 1], values[middle + 1], color=FAINT, zorder=0)
    ax.axvline(values[middle], color=RULE, linewidth=0.8, zorder=0.5)
    ax.set_xticks(values, [f"{value:g}" for value in values])
    ax.tick_params(axis="x", labelcolor=GREY)
