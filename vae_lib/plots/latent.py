"""Codes in the plane of the two latent dimensions, coloured and named by digit."""

from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from vae_lib.arrays import require_codes
from vae_lib.plots.style import (
    COLORS,
    GREY,
    INK,
    check_labels,
    describe,
    figure_of,
    styled,
    subplots,
    width_of,
)

CROWD = 3_000  # codes from which the densest half of each digit is outlined
CELLS = 80  # a side, of the grid on which densities are measured
BLUR = 1.6  # cells: the standard deviation of the blur over a histogram
MANY = 400  # codes of a digit, below which the blur that finds its densest place is wider
WIDEST = 3.6  # cells: that blur for very few codes, as wide as on the widgets' maps
INSIDE = 0.995  # share of the codes that the frame holds
SMALL_NAME = 0.7  # size of a name among few codes, as a share of the usual one
LEAST_REACH = 3.0  # standard deviations of the prior that the frame holds in any case


@styled
def plot_latent_space(
    z_mean: np.ndarray,
    labels: np.ndarray,
    z_log_var: np.ndarray | None = None,
    ax: Axes | None = None,
    reach: float | None = None,
    prior: bool = True,
    keep_clear: np.ndarray | None = None,
    named_by: tuple[np.ndarray, np.ndarray] | None = None,
    outlined_from: int = CROWD,
) -> Figure:
    """Codes as points, coloured and named by digit, over the prior's circles: the paper's figure 4.

    Args:
        z_mean: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        z_log_var: ``(n, 2)``; draws each posterior as an ellipse of one standard deviation.
        ax: drawn into if given.
        reach: both axes go from -reach to reach. By default the frame holds 99.5% of the codes;
            pass the same value to all panels that are compared.
        prior: draws the prior's circles; False for a model that has no prior.
        keep_clear: points that no name of a circle may hide, ``(m, 2)``.
        named_by: means and labels of many digits, also of those that are not drawn. Each name then
            stands where its class is densest, which a few drawn codes cannot tell, and is smaller,
            so that it hides few of them. By default a name stands where the drawn codes of its
            class are dense and those of the others are not.
        outlined_from: number of codes from which the densest half of each digit is outlined.

    Raises:
        ValueError: codes that are not two-dimensional, or labels that differ in number.
    """
    z_mean, labels = _check_plane(z_mean), np.asarray(labels)
    check_labels(labels, len(z_mean), "code")
    if z_log_var is not None and np.shape(z_log_var) != z_mean.shape:
        raise ValueError(
            f"z_log_var must have z_mean's shape {z_mean.shape}, received {np.shape(z_log_var)}."
        )
    reach = reach or _choose_reach(z_mean)
    if ax is None:
        _, ax = subplots(size=(6.4, 6.2))
    figure = figure_of(ax)
    crowded = z_log_var is None and len(labels) >= outlined_from
    if z_log_var is None:
        _draw_points(ax, z_mean, labels)
    else:
        _draw_ellipses(ax, z_mean, labels, np.exp(0.5 * _check_plane(z_log_var)))
    if crowded:
        _draw_density(ax, z_mean, labels, reach)
    _set_frame(ax, reach)
    names, peaks = _place_names(z_mean, labels, reach, named_by)
    size = _name_size(ax) * (1 if named_by is None else SMALL_NAME)
    disc = _disc_size(ax, size, reach)
    places = push_apart(peaks, 1.1 * disc, reach)
    if prior:
        in_the_way = places if keep_clear is None else np.concatenate([places, keep_clear])
        _draw_prior(ax, z_mean, in_the_way, disc, reach)
    for name, peak, place in zip(names, peaks, places, strict=True):
        if np.hypot(*(place - peak)) > 0.8 * disc:
            ax.plot(*np.stack([peak, place]).T, color=INK, linewidth=0.8, zorder=5)
        _draw_name(ax, name, place, size)
    outside = int(np.sum(np.abs(z_mean).max(axis=1) > reach))
    if outside:
        _note_outside(ax, outside)
    where = [f"{name} near ({x:.1f}, {y:.1f})" for name, (x, y) in zip(names, places, strict=True)]
    return describe(
        figure,
        f"{len(labels):,} codes in the plane of z1 and z2, by digit: {', '.join(where)}. "
        + ("Circles mark one and two standard deviations of the prior." if prior else "")
        + (" Each digit's densest half is outlined." if crowded else ""),
    )


def _choose_reach(z_mean: np.ndarray) -> float:
    far = np.quantile(np.abs(z_mean).max(axis=1), INSIDE) if len(z_mean) else 0
    return float(max(LEAST_REACH, np.ceil(2 * far) / 2))


def _draw_points(ax: Axes, z_mean: np.ndarray, labels: np.ndarray) -> None:
    order = np.random.default_rng(0).permutation(len(labels))  # so that no digit covers the others
    colors = [COLORS[int(label) % len(COLORS)] for label in labels[order]]
    size = np.clip(6 * width_of(ax) ** 2 / (45 * max(len(labels), 1)), 1.2, 22)
    alpha = np.interp(len(labels), [300, 10_000], [0.9, 0.6])
    x, y = z_mean[order].T
    ax.scatter(x, y, s=size, color=colors, alpha=alpha, linewidths=0, rasterized=True)


def _draw_density(ax: Axes, z_mean: np.ndarray, labels: np.ndarray, reach: float) -> None:
    """For each digit, the region that holds the densest half of its codes."""
    middles = _middles(reach)
    for digit in np.unique(labels):
        density, level = _densest_half(z_mean[labels == digit], reach)
        color = COLORS[int(digit) % len(COLORS)]
        ax.contourf(middles, middles, density.T, [level, np.inf], colors=[color], alpha=0.16)
        ax.contour(middles, middles, density.T, [level], colors=[color], linewidths=1.1)


def draw_outlines(ax: Axes, z_mean: np.ndarray, labels: np.ndarray) -> None:
    """The outlines that ``plot_latent_space`` draws, in ink over another picture of the plane.

    As there, none is drawn for few codes. A numeral stands where its class is densest.

    Args:
        ax: has the coordinates of the plane.
        z_mean: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
    """
    if len(labels) < CROWD:
        return
    reach = _choose_reach(z_mean)
    middles = _middles(reach)
    for digit in np.unique(labels):
        density, level = _densest_half(z_mean[labels == digit], reach)
        ax.contour(middles, middles, density.T, [level], colors=[INK], linewidths=1.1)
    for digit in np.unique(labels):
        x, y = _find_densest(z_mean[labels == digit], reach)
        ax.text(
            x, y, str(int(digit)), ha="center", va="center", fontsize=_name_size(ax),
            fontweight="bold", color=INK, path_effects=_halo(), zorder=6,
        )  # fmt: skip


def _densest_half(codes: np.ndarray, reach: float) -> tuple[np.ndarray, float]:
    """The density of codes, and the level above which half of them lie."""
    density = _density(codes, reach)
    return density, float(np.median(_density_at(codes, density, reach)))


def _density_at(points: np.ndarray, density: np.ndarray, reach: float) -> np.ndarray:
    cells = np.floor((points + reach) / (2 * reach) * CELLS).astype(int)
    rows, columns = np.clip(cells, 0, CELLS - 1).T
    return density[rows, columns]


def _middles(reach: float) -> np.ndarray:
    return (np.arange(CELLS) + 0.5) / CELLS * 2 * reach - reach


def _draw_ellipses(
    ax: Axes, z_mean: np.ndarray, labels: np.ndarray, deviations: np.ndarray
) -> None:
    colors = [COLORS[int(label) % len(COLORS)] for label in labels]
    widths, heights = 2 * deviations.T
    angles = np.zeros(len(labels))
    looks: list[dict[str, Any]] = [
        {"facecolors": colors, "alpha": 0.3},
        {"facecolors": "none", "edgecolors": colors, "linewidths": 0.8},
    ]
    for look in looks:
        ellipses = EllipseCollection(
            widths, heights, angles, units="xy", offsets=z_mean, offset_transform=ax.transData,
            **look,
        )  # fmt: skip
        ax.add_collection(ellipses)


def _set_frame(ax: Axes, reach: float) -> None:
    step = 5
    if reach <= 10:
        step = 2
    if reach <= 5:
        step = 1
    last = int(reach // step) * step
    ticks = np.arange(-last, last + step, step)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=ticks, yticks=ticks)
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    ax.set_aspect("equal", adjustable="box")


def _draw_prior(ax: Axes, z_mean: np.ndarray, names: np.ndarray, disc: float, reach: float) -> None:
    """Circles of one and two standard deviations, named where the fewest codes lie."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for radius in (1, 2):
        if radius > np.sqrt(2) * reach:  # the frame lies inside of this circle
            continue
        ax.add_patch(
            Circle(
                (0, 0), radius, facecolor="none", edgecolor=INK, linewidth=0.9, alpha=0.75, zorder=4
            )
        )
        places = radius * directions
        places = places[np.abs(places).max(axis=1) < reach]
        codes = _count_near(places, z_mean, 0.7 * disc)
        hidden = _count_near(places, names, 1.4 * disc)
        if hidden.all():  # names all around: the word may touch one
            hidden = _count_near(places, names, disc)
        if hidden.all():
            continue
        x, y = places[np.argmin(codes + 1e6 * hidden)]
        ax.text(
            x, y, f"{radius}σ", ha="center", va="center", fontsize=0.88 * _name_size(ax),
            color=INK, zorder=5, path_effects=_halo(),
        )  # fmt: skip


def _count_near(places: np.ndarray, points: np.ndarray, distance: float) -> np.ndarray:
    near = np.zeros(len(places))
    for number, place in enumerate(places):
        near[number] = np.sum(np.hypot(*(points - place).T) < distance)
    return near


def _draw_name(ax: Axes, name: str, place: np.ndarray, size: float) -> None:
    """A digit in ink on a white disc, ringed in the colour of its class."""
    disc = {
        "boxstyle": "circle,pad=0.22",
        "facecolor": "white",
        "edgecolor": COLORS[int(name) % len(COLORS)],
        "linewidth": 0.19 * size,
        "alpha": 0.92,
    }
    x, y = place
    ax.text(
        x, y, name, ha="center", va="center", fontsize=size, fontweight="bold",
        color=INK, bbox=disc, zorder=6, clip_on=False,
    )  # fmt: skip


def _name_size(ax: Axes) -> float:
    """Points: smaller in small panels."""
    return float(np.clip(width_of(ax) / 25, 6, 10.5))


def _disc_size(ax: Axes, size: float, reach: float) -> float:
    """The diameter of a name's disc, in units of the plane."""
    figure_of(ax).draw_without_rendering()  # the layout decides how large a unit is
    return 2 * size * 2 * reach / width_of(ax)


def _place_names(
    z_mean: np.ndarray,
    labels: np.ndarray,
    reach: float,
    named_by: tuple[np.ndarray, np.ndarray] | None,
) -> tuple[list[str], np.ndarray]:
    """The digits that are drawn, and a place for the name of each."""
    if named_by is None:
        return _find_peaks(z_mean, labels, reach)
    many, their_labels = _check_plane(named_by[0]), np.asarray(named_by[1])
    check_labels(their_labels, len(many), "code")
    digits = np.unique(labels)
    places = [_find_densest(many[their_labels == digit], reach) for digit in digits]
    return [str(int(digit)) for digit in digits], np.reshape(places, (len(digits), 2))


def _find_densest(points: np.ndarray, reach: float) -> np.ndarray:
    density = _density_in_frame(points, reach)
    row, column = np.unravel_index(density.argmax(), density.shape)
    middles = _middles(reach)
    return np.array([middles[row], middles[column]])


def _find_peaks(
    z_mean: np.ndarray, labels: np.ndarray, reach: float
) -> tuple[list[str], np.ndarray]:
    """The digits that there are, and where each is dense and the others are not."""
    digits = np.unique(labels)
    if not len(digits):
        return [], np.empty((0, 2))
    densities = np.stack([_density_in_frame(z_mean[labels == digit], reach) for digit in digits])
    share = densities / np.maximum(densities.sum(axis=0), 1e-12)
    peaks = (densities * share).reshape(len(digits), -1).argmax(axis=1)
    rows, columns = np.unravel_index(peaks, (CELLS, CELLS))
    middles = _middles(reach)
    places = np.stack([middles[rows], middles[columns]], axis=1)
    return [str(int(digit)) for digit in digits], places


def _density_in_frame(points: np.ndarray, reach: float) -> np.ndarray:
    """The density of the points inside the frame; of all, at its edge, if none lies inside.

    The fewer points, the wider the blur, so that three that chance to be neighbours are no peak.
    """
    inside = points[np.abs(points).max(axis=1) <= reach]
    shown = inside if len(inside) else points
    wider = max(1.0, float(np.sqrt(MANY / len(shown))))
    return _density(shown, reach, min(BLUR * wider, WIDEST))


def _density(points: np.ndarray, reach: float, blur: float = BLUR) -> np.ndarray:
    """A blurred histogram of points ``(n, 2)``; the first axis is z1."""
    edges = np.linspace(-reach, reach, CELLS + 1)
    x, y = np.clip(points, -reach, reach).T
    counts, _, _ = np.histogram2d(x, y, bins=(edges, edges))
    offsets = np.arange(-12, 13)
    kernel = np.exp(-0.5 * (offsets / blur) ** 2)
    for axis in (0, 1):
        counts = np.apply_along_axis(np.convolve, axis, counts, kernel / kernel.sum(), "same")
    return counts


def push_apart(places: np.ndarray, distance: float, reach: float) -> np.ndarray:
    """Points moved as little as needed, so that none is nearer to another than ``distance``.

    Args:
        places: ``(n, 2)``.
        distance: between any two points.
        reach: the points stay between -reach and reach, as far as there is room.
    """
    places = np.array(places, float)
    if len(places) < 2:
        return places
    turns = np.linspace(0, 2 * np.pi, len(places), endpoint=False)
    places += 1e-3 * distance * np.stack([np.cos(turns), np.sin(turns)], axis=1)  # no two alike
    limit = max(reach - 0.6 * distance, 0.1 * reach)
    for _ in range(500):
        away = places[:, None] - places[None]
        gaps = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(gaps, np.inf)
        if gaps.min() >= distance:
            break
        lack = np.maximum(1.02 * distance - gaps, 0) / np.where(np.isfinite(gaps), gaps, 1)
        places = np.clip(places + 0.3 * (lack[..., None] * away).sum(axis=1), -limit, limit)
    return places


def _note_outside(ax: Axes, count: int) -> None:
    noun = "code" if count == 1 else "codes"
    words = f"{count:,} {noun} outside this frame"
    ax.text(
        0.995, 0.005, words, transform=ax.transAxes, ha="right", va="bottom", fontsize=8,
        color=GREY, path_effects=_halo(), zorder=5,
    )  # fmt: skip


def _halo() -> list:
    return [patheffects.withStroke(linewidth=3, foreground="white")]


def _check_plane(codes: np.ndarray) -> np.ndarray:
    codes = require_codes(codes)
    if codes.shape[1] != 2:
        raise ValueError(
            f"A plane shows codes with 2 numbers, received {codes.shape[1]}: "
            "project them, with PCA for example."
        )
    return codes
