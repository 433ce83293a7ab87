"""Figures of notebook 06: results."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from vae_lib.plots.latent import plot_latent_space
from vae_lib.plots.style import FAINT, GREY, INK, LINES, describe, styled, subplots


@styled
def plot_losses_by_digit(
    reconstruction: np.ndarray, kl: np.ndarray, floor: np.ndarray, labels: np.ndarray
) -> Figure:
    """Mean losses of each digit as stacked bars: entropy floor, reconstruction above it, KL.

    Args:
        reconstruction: nats per image, ``(n,)``.
        kl: nats per image, ``(n,)``.
        floor: entropy floor of each image, ``(n,)``.
        labels: ``(n,)``, 0 to 9.
    """
    parts = {
        "entropy floor": (floor, "#d5d9de"),
        "reconstruction above the floor": (reconstruction - floor, LINES[0]),
        "KL": (kl, LINES[1]),
    }
    classes = np.unique(labels)
    means = np.array(
        [[values[labels == digit].mean() for digit in classes] for values, _ in parts.values()]
    )
    order = np.argsort(means[1:].sum(axis=0))[::-1]  # the highest loss at the bottom
    figure, ax = subplots(size=(8, 4))
    left = np.zeros(len(classes))
    for (name, (_, color)), row in zip(parts.items(), means, strict=True):
        ax.barh(range(len(classes)), row[order], left=left, height=0.72, color=color, label=name)
        for place, (start, width) in enumerate(zip(left, row[order], strict=True)):
            ink = "white" if color == LINES[0] else INK
            ax.text(
                start + width / 2, place, f"{width:.0f}",
                ha="center", va="center", fontsize=8.5, color=ink,
            )  # fmt: skip
        left += row[order]
    ax.set_yticks(range(len(classes)), [str(digit) for digit in classes[order]])
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel="nats per image", ylabel="digit")
    ax.spines["left"].set_visible(False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=3)
    words = ", ".join(f"{classes[number]}: {means[1:, number].sum():.0f}" for number in order[::-1])
    return describe(
        figure, f"Mean losses above the entropy floor, nats per image, by digit: {words}."
    )


@styled
def plot_gaps(
    ratios: Mapping[str, np.ndarray], edges: np.ndarray, few: np.ndarray | None = None
) -> Figure:
    """How many points lie in each cell of the plane, compared with what the prior expects.

    Args:
        ratios: name of a panel: number of points divided by the prior's expectation, ``(m, m)``
            with z1 along the first axis.
        edges: of the cells, ``(m + 1,)``.
        few: True where the prior expects too few points to say anything, ``(m, m)``.
    """
    used = np.ones((len(edges) - 1,) * 2, bool) if few is None else ~few
    width = edges[1] - edges[0]
    outermost = np.abs(edges[:-1] + width / 2)[used.any(axis=1)].max()
    reach = outermost + 1.5 * width
    figure, axes = subplots(1, len(ratios), size=(5.1 * len(ratios), 4.9), sharey=True)
    for ax, (name, ratio) in zip(np.ravel(axes), ratios.items(), strict=True):
        shown = np.log2(np.clip(ratio, 0.25, 4))
        shown = np.ma.masked_array(shown, mask=~used)
        drawn = ax.pcolormesh(
            edges, edges, shown.T, cmap="PuOr_r", vmin=-2, vmax=2, rasterized=True
        )
        for radius in (1, 2):
            ax.add_patch(Circle((0, 0), radius, fill=False, edgecolor=INK, linewidth=0.9))
        ax.set(title=name, xlabel="$z_1$", xlim=(-reach, reach), ylim=(-reach, reach))
        ax.set_aspect("equal")
        ax.set_facecolor(FAINT)  # where nothing is compared
    np.ravel(axes)[0].set_ylabel("$z_2$")
    bar = figure.colorbar(drawn, ax=axes, ticks=[-2, -1, 0, 1, 2], shrink=0.8, pad=0.02)
    bar.ax.set_yticklabels(["¼ or less", "½", "as many", "twice", "4× or more"])
    bar.outline.set_visible(False)
    words = ", ".join(
        f"{np.mean(ratio[used] < 0.5):.0%} for {name}" for name, ratio in ratios.items()
    )
    return describe(
        figure,
        "Number of points in each square of the latent space, compared with the number that the "
        f"prior expects; squares with less than half of it: {words}.",
    )


@styled
def plot_spaces(spaces: Mapping[str, np.ndarray], labels: np.ndarray, prior: str) -> Figure:
    """The same digits in the latent spaces of several methods, each on its own scale.

    Args:
        spaces: name of the method: codes ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        prior: the method whose panel gets the prior's circles.
    """
    figure, axes = subplots(1, len(spaces), size=(4.3 * len(spaces), 4.5))
    for ax, (name, codes) in zip(axes, spaces.items(), strict=True):
        plot_latent_space(codes, labels, ax=ax, prior=name == prior)
        ax.set_title(name)
    spreads = "; ".join(
        f"{name} {codes[:, 0].std():.1f} by {codes[:, 1].std():.1f}"
        for name, codes in spaces.items()
    )
    return describe(
        figure, f"{len(labels):,} digits in several planes; standard deviations: {spreads}."
    )


@styled
def plot_loss_above_floor(shifts: Sequence[int], losses: np.ndarray) -> Figure:
    """A mean loss for each shift of the images, with bars of one standard error.

    Args:
        shifts: pixels.
        losses: nats per image, ``(len(shifts), n)``.
    """
    means = losses.mean(axis=1)
    errors = losses.std(axis=1, ddof=1) / np.sqrt(losses.shape[1])
    figure, ax = subplots(size=(6.4, 3))
    ax.errorbar(shifts, means, errors, color=LINES[0], marker="o", capsize=3)
    for shift, mean in zip(shifts, means, strict=True):
        ax.annotate(
            f"{mean:.0f}", (shift, mean), (0, 8), textcoords="offset points",
            ha="center", fontsize=9, color=GREY,
        )  # fmt: skip
    ax.set(xlabel="shift to the right, pixels", ylabel="nats per image", xticks=list(shifts))
    ax.set_ylim(0, 1.15 * means.max())
    ax.grid(axis="y")
    words = ", ".join(f"{mean:.0f} at {shift}" for shift, mean in zip(shifts, means, strict=True))
    return describe(figure, f"Reconstruction loss above the entropy floor by shift: {words}.")
