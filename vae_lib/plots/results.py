"""Figures of notebook 06: results."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from vae_lib.plots.latent import draw_outlines, plot_latent_space
from vae_lib.plots.style import FLOOR, GREY, INK, LINES, RULE, describe, styled, subplots

SMALL_POINT = 7  # square points


@styled
def plot_losses_by_digit(
    reconstruction: np.ndarray, kl: np.ndarray, floor: np.ndarray, labels: np.ndarray
) -> Figure:
    """Mean losses of each digit as bars: reconstruction above the floor with KL, and the floor.

    Args:
        reconstruction: nats per image, ``(n,)``.
        kl: nats per image, ``(n,)``.
        floor: entropy floor of each image, ``(n,)``.
        labels: ``(n,)``, 0 to 9.
    """
    parts = {
        "reconstruction above the floor": (reconstruction - floor, LINES[0], "white"),
        "KL": (kl, LINES[1], INK),
        "entropy floor": (floor, FLOOR, INK),
    }
    classes = np.unique(labels)
    means = {
        name: np.array([values[labels == digit].mean() for digit in classes])
        for name, (values, _, _) in parts.items()
    }
    above = means["reconstruction above the floor"] + means["KL"]
    order = np.argsort(above)[::-1]  # the highest loss at the bottom
    widths = (1.12 * above.max(), 1.12 * means["entropy floor"].max())  # one scale for both
    figure, axes = subplots(1, 2, size=(8.4, 4), sharey=True, width_ratios=widths)
    for ax, names in zip(axes, (list(parts)[:2], list(parts)[2:]), strict=True):
        left = np.zeros(len(classes))
        for name in names:
            _, color, ink = parts[name]
            row = means[name][order]
            ax.barh(range(len(classes)), row, left=left, height=0.72, color=color, label=name)
            for place, (start, width) in enumerate(zip(left, row, strict=True)):
                ax.text(
                    start + width / 2, place, f"{width:.0f}",
                    ha="center", va="center", fontsize=8.5, color=ink,
                )  # fmt: skip
            left += row
        ax.set_xlabel("nats per image")
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    for ax, width in zip(axes, widths, strict=True):
        ax.set(xlim=(0, width), xticks=np.arange(0, width, 20))
    axes[0].set_yticks(range(len(classes)), [str(digit) for digit in classes[order]])
    axes[0].set_ylabel("digit")
    words = ", ".join(f"{classes[number]}: {above[number]:.0f}" for number in order[::-1])
    return describe(
        figure, f"Mean losses above the entropy floor, nats per image, by digit: {words}."
    )


@styled
def plot_posteriors(
    z_mean: np.ndarray,
    z_log_var: np.ndarray,
    labels: np.ndarray,
    named_by: tuple[np.ndarray, np.ndarray] | None = None,
) -> Figure:
    """Approximate posteriors as ellipses of one standard deviation: the plane, and its middle.

    The left panel holds 98% of the ellipses.

    Args:
        z_mean: ``(n, 2)``.
        z_log_var: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        named_by: means and labels of many more digits, by which the numerals are placed.
    """
    deviations = np.exp(0.5 * z_log_var)
    ends = (np.abs(z_mean) + deviations).max(axis=1)
    reach = float(np.quantile(ends, 0.98))
    figure, axes = subplots(1, 2, size=(8.2, 4.2))
    for ax, limit in zip(axes, (reach, 1.2), strict=True):
        whole = ends <= limit  # no ellipse is cut by the frame
        plot_latent_space(
            z_mean[whole], labels[whole], z_log_var[whole], ax=ax, reach=limit, named_by=named_by
        )
    axes[0].set_title("the plane")
    axes[1].set_title("the middle, enlarged")
    low, high = np.percentile(deviations, [5, 95])
    return describe(
        figure,
        f"{len(labels):,} approximate posteriors as ellipses, whole and the middle enlarged; 90% "
        f"of their standard deviations are between {low:.3f} and {high:.3f}.",
    )


@styled
def plot_gaps(
    ratios: Mapping[str, np.ndarray],
    edges: np.ndarray,
    few: np.ndarray | None = None,
    codes: tuple[np.ndarray, np.ndarray] | None = None,
) -> Figure:
    """How many points lie in each cell of the plane, compared with what the prior expects.

    Args:
        ratios: name of a panel: number of points divided by the prior's expectation, ``(m, m)``
            with z1 along the first axis.
        edges: of the cells, ``(m + 1,)``.
        few: True where the prior expects too few points to say anything, ``(m, m)``.
        codes: means ``(n, 2)`` and labels ``(n,)``, whose outlines the first panel gets.
    """
    used = np.ones((len(edges) - 1,) * 2, bool) if few is None else ~few
    width = edges[1] - edges[0]
    outermost = np.abs(edges[:-1] + width / 2)[used.any(axis=1)].max()
    reach = outermost + 1.5 * width
    figure, axes = subplots(1, len(ratios), size=(4.8 * len(ratios), 4.6), sharey=True)
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
        ax.patch.set(facecolor="white", edgecolor=RULE, hatch="---")  # nothing is compared
    first = np.ravel(axes)[0]
    first.set_ylabel("$z_2$")
    if codes is not None:
        draw_outlines(first, *codes)
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
def plot_spaces(
    spaces: Mapping[str, np.ndarray],
    labels: np.ndarray,
    drawn: np.ndarray,
    prior: str,
    enlarged: str,
) -> Figure:
    """The same digits in the latent spaces of several methods, each on its own scale.

    Each panel shows the 92% of its drawn codes that lie nearest to its centre: a few far out would
    press the others together. One space is shown a second time, the nearest 60% of its codes. All
    codes, also those that are not drawn, say where a digit is dense, and so where its name stands.

    Args:
        spaces: name of the method: codes ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        drawn: indices of the codes that are drawn.
        prior: the method whose panel gets the prior's circles.
        enlarged: the method whose middle is shown again, enlarged.
    """
    panels = []
    for name in spaces:
        panels.append((name, name, 0.92))
        if name == enlarged:
            panels.append((f"{name}: the middle, enlarged", name, 0.6))
    rows = int(np.ceil(len(panels) / 2))
    figure, axes = subplots(rows, 2, size=(6.8, 3.3 * rows))
    for ax, (title, name, share) in zip(np.ravel(axes), panels, strict=True):
        codes = spaces[name]
        far = np.abs(codes[drawn]).max(axis=1)
        reach = float(np.quantile(far, share))
        near = drawn[far <= reach]
        plot_latent_space(
            codes[near], labels[near], ax=ax, reach=1.05 * reach, prior=name == prior,
            named_by=(codes, labels),
        )  # fmt: skip
        ax.collections[0].set_sizes([SMALL_POINT])  # where codes crowd, larger ones make a heap
        ax.set_title(title)
    spreads = "; ".join(
        f"{name} {codes[drawn, 0].std():.1f} by {codes[drawn, 1].std():.1f}"
        for name, codes in spaces.items()
    )
    return describe(
        figure, f"{len(drawn):,} digits in several planes; standard deviations: {spreads}."
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
