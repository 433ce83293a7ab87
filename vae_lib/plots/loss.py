"""Figures of notebook 02: the generative model, the gap of the bound, the terms of the loss."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, FancyArrowPatch, FancyBboxPatch

from vae_lib.formulas import bernoulli_nll_per_pixel, sigmoid
from vae_lib.plots.images import draw_image
from vae_lib.plots.latent import plot_latent_space
from vae_lib.plots.style import (
    FAINT,
    GREY,
    INK,
    LINES,
    RULE,
    describe,
    empty_figure,
    styled,
    subplots,
)

BLUE, ORANGE, GREEN, MAGENTA, VIOLET = LINES[:5]
DEPTH = 150  # nats below the best code at which a landscape fades into white
WINDOW_LINES = 81  # of the fine grid on which a posterior is drawn, either way


@styled
def plot_explaining_codes(
    image: np.ndarray,
    side: np.ndarray,
    landscape: np.ndarray,
    codes: np.ndarray,
    decode: Callable[[np.ndarray], np.ndarray],
) -> Figure:
    """An image, log p(x|z) over the latent plane, and what some codes decode to.

    Args:
        image: ``(28, 28, 1)``.
        side: coordinates of the grid along either axis, ``(n,)``.
        landscape: log p(x|z) in nats, ``(n, n)``, rows along z2.
        codes: the codes to decode, ``(k, 2)``.
        decode: from codes to images ``(k, 28, 28, 1)``.
    """
    figure = empty_figure((9, 4.6))
    parts: Any = figure.subfigures(1, 3, width_ratios=[1.25, 3, 0.9])
    left, middle, right = parts
    ax = left.subplots()
    draw_image(ax, image, frame=RULE)
    ax.set_title("the image x")
    ax = middle.subplots()
    drop = landscape - landscape.max()
    shown = ax.imshow(
        drop,
        origin="lower",
        extent=(side[0], side[-1], side[0], side[-1]),
        cmap="Blues",
        vmin=-DEPTH,
        vmax=0,
        interpolation="bilinear",
    )
    bar = figure.colorbar(shown, ax=ax, shrink=0.8, pad=0.02)
    bar.set_label("log p(x∣z) relative to the best z (nats)")
    bar.outline.set_visible(False)
    _draw_prior_circles(ax)
    for number, code in enumerate(codes, 1):
        _mark(ax, code, str(number))
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    pictures = decode(np.asarray(codes, np.float32))
    rows = np.ravel(right.subplots(len(codes), 1))
    words = []
    for number, (ax, code, picture) in enumerate(zip(rows, codes, pictures, strict=True), 1):
        row = np.abs(side - code[1]).argmin()
        column = np.abs(side - code[0]).argmin()
        value = landscape[row, column]
        draw_image(ax, picture, frame=RULE)
        ax.set_title(f"{number}:  log p(x∣z) = {value:.0f}".replace("-", "−"), fontsize=9)
        words.append(f"{number} at ({code[0]:.1f}, {code[1]:.1f}) gives {value:.0f} nats")
    return describe(
        figure,
        "A black-and-white handwritten digit; the latent plane coloured by log p(x|z), high only "
        f"in a small region; and the images decoded at marked codes: {'; '.join(words)}.",
    )


@styled
def plot_graphical_model() -> Figure:
    """The generative model z → x with its parameters, and the approximate posterior beside it."""
    figure, ax = subplots(size=(7.2, 2.6))
    ax.set(xlim=(0, 7.2), ylim=(0, 2.6), aspect="equal")
    ax.axis("off")
    ax.add_patch(
        FancyBboxPatch((1.9, 0.3), 3.3, 1.9, boxstyle="round,pad=0.05", fc="none", ec=RULE, lw=1.2)
    )
    ax.text(5.15, 0.33, "for each of M images", ha="right", va="bottom", fontsize=8.5, color=GREY)
    _node(ax, (2.5, 1.35), "$z$", "white")
    _node(ax, (4.6, 1.35), "$x$", FAINT)
    for place, name in (((0.7, 1.35), r"$\phi$"), ((6.4, 1.35), r"$\theta$")):
        ax.text(*place, name, ha="center", va="center", fontsize=15)
    _arrow(ax, (2.8, 1.45), (4.3, 1.45), INK, "-", 0)
    _arrow(ax, (6.2, 1.35), (4.92, 1.35), INK, "-", 0)
    _arrow(ax, (4.38, 1.12), (2.72, 1.12), VIOLET, "--", -0.35)
    _arrow(ax, (0.9, 1.35), (2.18, 1.35), VIOLET, "--", 0)
    ax.text(3.55, 1.53, r"decoder $p_\theta(x\,|\,z)$", ha="center", va="bottom", fontsize=9)
    ax.text(
        3.55, 0.78, r"$q_\phi(z\,|\,x)$ encoder", ha="center", va="top", fontsize=9, color=VIOLET
    )
    ax.text(2.5, 1.75, r"prior $p(z)$", ha="center", va="bottom", fontsize=9)
    return describe(
        figure,
        "Two circles inside a frame that stands for M images: the latent variable z, unshaded "
        "because it is not observed, and the image x, shaded because it is. A solid arrow leads "
        "from z to x, the decoder with parameters theta. A dashed arrow leads back from x to z, "
        "the encoder with parameters phi.",
    )


@styled
def plot_strokes(slants: Sequence[float], probabilities: np.ndarray, samples: np.ndarray) -> Figure:
    """The toy model: pixel probabilities for some slants, and images sampled from them.

    Args:
        slants: the values of z.
        probabilities: ``(n, pixels)``.
        samples: zeros and ones, ``(n, pixels)``.
    """
    figure, axes = subplots(2, len(slants), size=(1.5 * len(slants), 3.3))
    side = int(np.sqrt(probabilities.shape[1]))
    for column, slant in enumerate(slants):
        draw_image(axes[0, column], probabilities[column].reshape(side, side), frame=RULE)
        draw_image(axes[1, column], samples[column].reshape(side, side), frame=RULE)
        axes[0, column].set_title(f"z = {slant:g}".replace("-", "−"))
    axes[0, 0].set_ylabel("p(ink∣z)")
    axes[1, 0].set_ylabel("sample x")
    return describe(
        figure,
        f"Upper row: probability of ink for slants {', '.join(f'{s:g}' for s in slants)}; a "
        "blurred stroke turns from leaning left to leaning right. Lower row: one noisy "
        "black-and-white image sampled from each.",
    )


@styled
def plot_prior_and_posterior(
    image: np.ndarray, grid: np.ndarray, prior: np.ndarray, posterior: np.ndarray
) -> Figure:
    """The toy image, and the densities p(z) and p(z|x)."""
    figure, (left, ax) = subplots(1, 2, size=(7.6, 2.8), width_ratios=[1, 3.2])
    side = int(np.sqrt(image.size))
    draw_image(left, image.reshape(side, side), frame=RULE)
    left.set_title("the image x")
    ax.plot(grid, prior, color=GREY)
    ax.plot(grid, posterior, color=BLUE)
    ax.fill_between(grid, posterior, color=BLUE, alpha=0.15, linewidth=0)
    peak = posterior.argmax()
    _say(ax, (grid[peak], posterior[peak]), "true posterior p(z∣x)", (10, -6), BLUE)
    _say(ax, (-1.2, prior[np.abs(grid + 1.2).argmin()]), "prior p(z)", (-6, 6), INK, "right")
    ax.set(xlim=(-3.5, 3.5), ylim=(0, None), xlabel="z (slant)", ylabel="density")
    return describe(
        figure,
        f"The prior is broad, centred on 0. The true posterior is a narrow peak at "
        f"{grid[peak]:.2f}, {posterior[peak]:.1f} high.",
    )


@styled
def plot_approximations(
    grid: np.ndarray,
    posterior: np.ndarray,
    candidates: dict[str, np.ndarray],
    stds: np.ndarray,
    gaps: np.ndarray,
    posterior_std: float,
) -> Figure:
    """Several q beside the true posterior, and the gap of the bound against the standard deviation.

    Args:
        grid: values of z.
        posterior: its density on the grid.
        candidates: the density on the grid of each q, by its name.
        stds: standard deviations of q, centred on the posterior.
        gaps: KL(q‖p(z|x)) for each, in nats.
        posterior_std: of the true posterior.
    """
    figure, (left, right) = subplots(1, 2, size=(9, 3.4))
    left.fill_between(grid, posterior, color=BLUE, alpha=0.2, linewidth=0, label="p(z∣x)")
    for (name, density), color, dash in zip(
        candidates.items(), (ORANGE, GREEN, MAGENTA, VIOLET), ("-", "--", "-.", ":"), strict=True
    ):
        left.plot(grid, density, dash, color=color, label=name)
    left.set(xlim=(-2.2, 2.4), ylim=(0, None), xlabel="z (slant)", ylabel="density")
    left.legend(loc="upper left", handlelength=2.6)
    right.axhline(0, color=RULE, linewidth=0.8)
    right.plot(stds, gaps, color=INK)
    right.axvline(posterior_std, color=BLUE, linewidth=1, linestyle=":")
    dots = (  # factor, colour, and where its number stands
        (0.5, MAGENTA, (7, 4), "left"),
        (1, VIOLET, (5, -11), "left"),
        (2, GREEN, (7, 0), "left"),
    )
    for factor, color, offset, align in dots:
        gap = np.interp(factor * posterior_std, stds, gaps)
        right.plot(factor * posterior_std, gap, "o", color=color, clip_on=False)
        _say(right, (factor * posterior_std, gap), f"{gap:.3f}", offset, color, align)
    right.set(
        xscale="log", ylim=(-0.25, 3), yticks=[0, 1, 2, 3],
        xlabel="standard deviation of q (log scale)", ylabel="gap (nats)",
    )  # fmt: skip
    right.set_xticks([0.03, 0.1, 0.3, 1], ["0.03", "0.1", "0.3", "1"])
    right.minorticks_off()
    _say(right, (posterior_std, 2.75), "that of p(z∣x)", (5, 0), BLUE)
    return describe(
        figure,
        "Left: the true posterior and the candidates for q. Right: the gap falls to almost zero "
        f"where q has the posterior's standard deviation, {posterior_std:.2f}, and rises on both "
        "sides, faster towards larger values.",
    )


@styled
def plot_encoder_posteriors(
    images: np.ndarray,
    peaks: np.ndarray,
    z_mean: np.ndarray,
    z_std: np.ndarray,
    gaps: Sequence[float],
    gaps_of_moments: Sequence[float],
    log_joint: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Figure:
    """The true posterior of some images, with the encoder's q as ellipses.

    Args:
        images: ``(k, 28, 28, 1)``.
        peaks: highest point of each true posterior, ``(k, 2)``.
        z_mean: of q, ``(k, 2)``.
        z_std: of q, ``(k, 2)``.
        gaps: of the bound with the encoder's q, in nats.
        gaps_of_moments: of the bound with a q that has the moments of the true posterior.
        log_joint: log p(x, z) for codes and images, ``(codes, images)``. Each panel calls it on
            a fine grid of its own.
    """
    figure, axes = subplots(2, len(images), size=(9.4, 4.1), height_ratios=[1, 1.75])
    for column, (mean, std, peak) in enumerate(zip(z_mean, z_std, peaks, strict=True)):
        above, ax = axes[:, column]
        draw_image(above, images[column], frame=RULE)
        above.set_title(f"gap {gaps[column]:.2f} nats\ntrue moments {gaps_of_moments[column]:.2f}")
        middle = (mean + peak) / 2
        reach = np.abs(mean - peak).max() / 2 + max(0.07, 3 * std.max())
        offsets = np.linspace(-reach, reach, WINDOW_LINES)
        window = middle + np.stack(np.meshgrid(offsets, offsets), axis=-1).reshape(-1, 2)
        values = log_joint(window.astype(np.float32), images[[column]])
        edges = offsets[[0, -1]] * WINDOW_LINES / (WINDOW_LINES - 1)  # of the outermost cells
        x_ends, y_ends = (coordinate + edges for coordinate in middle)
        ax.imshow(
            np.exp(values - values.max()).reshape(WINDOW_LINES, WINDOW_LINES),
            origin="lower", cmap="Blues", interpolation="bilinear",
            extent=(*x_ends, *y_ends),
        )  # fmt: skip
        for number, dash in ((1, "-"), (2, "--")):
            size = 2 * number * std
            ax.add_patch(Ellipse(mean, *size, fill=False, ec=ORANGE, lw=1.6, ls=dash))
        ax.set(xlim=x_ends, ylim=y_ends, xlabel="$z_1$")
        ax.locator_params(nbins=3)
    axes[1, 0].set_ylabel("$z_2$")
    return describe(
        figure,
        "For each of four digits, a small window of the latent plane with the true posterior as a "
        "dark spot and the encoder's normal distribution as ellipses. The gaps of the bound are "
        f"{', '.join(f'{gap:.2f}' for gap in gaps)} nats: the further the ellipse lies from the "
        "spot, the larger.",
    )


@styled
def plot_pixel_losses(values: Sequence[float]) -> Figure:
    """Losses of one prediction for several pixel values, and cross-entropy of single pixels.

    Args:
        values: of one pixel in several images, in [0, 1].
    """
    figure, (left, right) = subplots(1, 2, size=(9, 3.3))
    logits = np.linspace(-17, 17, 1001)  # p so close to 0 and 1 that the curves leave the frame
    p = sigmoid(logits)
    pixels = np.asarray(values)[:, None]
    cross_entropy = bernoulli_nll_per_pixel(pixels, logits).mean(axis=0)
    squared_error = ((pixels - p) ** 2 / 2 / 0.5**2).mean(axis=0)
    left.plot(p, cross_entropy, color=BLUE)
    left.plot(p, squared_error, "--", color=ORANGE)
    left.axvline(pixels.mean(), color=GREY, linewidth=1, linestyle=":")
    _say(left, (pixels.mean(), 1.85), f"mean {pixels.mean():.1f}", (5, 0), INK)
    _say(left, (0.62, np.interp(0.62, p, cross_entropy)), "Bernoulli", (-8, 6), BLUE, "right")
    _say(left, (0.8, np.interp(0.8, p, squared_error)), "Gaussian", (4, -12), ORANGE)
    left.set(
        ylim=(0, 2), xlabel="prediction for the pixel", ylabel="mean loss (nats, up to a constant)"
    )
    left.set_title("three images with ink here, seven without", fontsize=9.5)
    right.axhline(0, color=RULE, linewidth=0.8)
    for value, color in ((0, BLUE), (0.2, GREEN), (0.7, ORANGE), (1, MAGENTA)):
        curve = bernoulli_nll_per_pixel(value, logits)
        right.plot(p, curve, color=color)
        if 0 < value < 1:
            right.plot(value, np.interp(value, p, curve), "o", color=color)
    _say(right, (0.87, 2.1), "x = 0", (0, 0), BLUE, "right")
    _say(right, (0.2, 0.5), "x = 0.2", (-2, -14), GREEN, "right")
    _say(right, (0.7, 0.61), "x = 0.7", (0, -14), ORANGE)
    _say(right, (0.12, 2.15), "x = 1", (4, 0), MAGENTA)
    right.set(ylim=(0, 3), xlabel="predicted probability of ink", ylabel="cross-entropy (nats)")
    right.set_title("one pixel with value x", fontsize=9.5)
    return describe(
        figure,
        "Left: mean loss of one prediction for ten images; the Bernoulli and the Gaussian curve "
        f"both have their lowest point at the mean, {pixels.mean():.1f}. Right: cross-entropy of "
        "one pixel; for values 0 and 1 the curve reaches zero, for 0.2 and 0.7 its lowest point "
        "lies at 0.50 and 0.61 nats.",
    )


@styled
def plot_kl_weights(results: Mapping[str, np.ndarray], weights: Sequence[float]) -> Figure:
    """Latent spaces and samples of models that differ in the weight β of the KL term.

    Args:
        results: as `shipped.load_kl_weights` returns them.
        weights: which of the recorded β to draw.

    Raises:
        ValueError: a weight that was not recorded.
    """
    recorded = [float(weight) for weight in results["weights"]]
    unknown = [weight for weight in weights if weight not in recorded]
    if unknown:
        raise ValueError(f"weights must be among the recorded {recorded}, received {unknown}.")
    chosen = [recorded.index(weight) for weight in weights]
    figure = empty_figure((3.3 * len(chosen), 5.1))
    parts: Any = figure.subfigures(2, 1, height_ratios=[3.3, 1.8])
    above, below = parts
    maps = np.ravel(above.subplots(1, len(chosen)))
    groups = np.ravel(below.subfigures(1, len(chosen), wspace=0.04))
    words = []
    for number, ax, group in zip(chosen, maps, groups, strict=True):
        codes = results["codes"][number]
        plot_latent_space(codes, results["labels"], ax=ax)
        ax.set_title(f"β = {recorded[number]:g}", loc="left")
        for note in ax.texts:
            if "outside" in note.get_text():  # out of the way of the codes
                note.set(position=(1, 1.02), verticalalignment="bottom")
        samples = results["samples"][number] / 255
        for place, sample in zip(np.ravel(group.subplots(2, 4)), samples, strict=True):
            draw_image(place, sample, frame=RULE)
        words.append(f"{codes.std():.1f} for β = {recorded[number]:g}")
    return describe(
        figure,
        f"Latent spaces of {len(chosen)} models, and eight samples from the prior of each. "
        f"Standard deviation of the codes: {', '.join(words)}.",
    )


@styled
def plot_q_paths(
    paths: dict[str, np.ndarray], posterior_mean: float, posterior_std: float
) -> Figure:
    """Mean and standard deviation of q during training, with and without the path through z.

    Args:
        paths: by name, ``(steps + 1, 2)``: mean and standard deviation before and after each step.
        posterior_mean: of the true posterior.
        posterior_std: of the true posterior.
    """
    figure, axes = subplots(1, 2, size=(9, 3.2), sharex=True)
    layout: Any = figure.get_layout_engine()
    layout.set(wspace=0.06)  # room for the words beside the left panel
    targets = ((posterior_mean, 0.0), (posterior_std, 1.0))
    for number, (ax, name) in enumerate(zip(axes, ("mean", "standard deviation"), strict=True)):
        for (label, path), color in zip(paths.items(), (BLUE, ORANGE), strict=True):
            ax.plot(path[:, number], color=color, linewidth=1.2, label=label)
        for target, words in zip(targets[number], ("true\nposterior", "prior"), strict=True):
            ax.axhline(target, color=GREY, linewidth=0.9, linestyle=":")
            ax.annotate(
                words, (1, target), (4, 0), xycoords=("axes fraction", "data"),
                textcoords="offset points", va="center", fontsize=8.5, annotation_clip=False,
            )  # fmt: skip
        ax.set(xlabel="step", ylabel=f"{name} of q")
        ax.margins(y=0.15)
        ax.legend(loc="center right", frameon=False)
    ends = "; ".join(
        f"{name}: mean {path[-1, 0]:.2f}, standard deviation {path[-1, 1]:.2f}"
        for name, path in paths.items()
    )
    return describe(figure, f"Curves over {len(path) - 1:,} steps. They end at {ends}.")


@styled
def plot_kl_per_dimension(rows: dict[str, Sequence[float]]) -> Figure:
    """KL of each latent dimension, sorted, one panel for each model."""
    figure, axes = subplots(1, len(rows), size=(9.4, 2.6), sharey=True)
    words = []
    for ax, (name, kl) in zip(axes, rows.items(), strict=True):
        used = int(np.sum(np.asarray(kl) > 0.01))
        ax.bar(np.arange(1, len(kl) + 1), np.maximum(kl, 0.012), color=BLUE, width=0.75)
        ax.set(xlabel="dimension, sorted by KL", title=name, xticks=[1, len(kl) // 2, len(kl)])
        ax.text(0.97, 0.92, f"{used} used", ha="right", transform=ax.transAxes, fontsize=9)
        words.append(f"{name}: {used} of {len(kl)}")
    axes[0].set_ylabel("KL (nats)")
    return describe(
        figure,
        f"Bars of the KL of each latent dimension, largest first. In use: {', '.join(words)}.",
    )


@styled
def plot_two_modes(
    grid: np.ndarray, posterior: np.ndarray, candidates: dict[str, np.ndarray]
) -> Figure:
    """A posterior with two modes and several normal approximations of it."""
    figure, ax = subplots(size=(7, 3))
    ax.fill_between(grid, posterior, color=BLUE, alpha=0.25, linewidth=0, label="p(z∣x)")
    for (name, density), color, dash in zip(
        candidates.items(), (ORANGE, GREEN), ("-", "--"), strict=True
    ):
        ax.plot(grid, density, dash, color=color, label=name)
    ax.set(xlim=(-3.5, 3.5), ylim=(0, None), xlabel="z", ylabel="density")
    ax.legend(loc="upper center", handlelength=2.6)
    return describe(
        figure,
        "The true posterior has two equal narrow peaks, at plus and minus the slant. One normal "
        "distribution covers the right peak alone; another, broad and low, covers both and the "
        "empty region between them.",
    )


def _draw_prior_circles(ax: Axes) -> None:
    for radius in (1, 2):
        ax.add_patch(Circle((0, 0), radius, fill=False, ec=GREY, ls="--", lw=1))
        ax.text(0, -radius - 0.08, f"{radius} σ", ha="center", va="top", fontsize=8, color=GREY)


def _mark(ax: Axes, place: tuple[float, float], word: str) -> None:
    ax.plot(*place, "o", ms=5, mfc=ORANGE, mec="white", mew=0.8)
    ax.annotate(
        word, place, (7, 5), textcoords="offset points", fontsize=10, fontweight="bold",
        bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": ORANGE},
    )  # fmt: skip


def _say(
    ax: Axes,
    place: tuple[float, float],
    words: str,
    offset: tuple[float, float],
    color: str,
    align: str = "left",
) -> None:
    ax.annotate(words, place, offset, textcoords="offset points", ha=align, fontsize=9, color=color)


def _node(ax: Axes, place: tuple[float, float], name: str, fill: str) -> None:
    ax.add_patch(Circle(place, 0.3, fc=fill, ec=INK, lw=1.4))
    ax.text(*place, name, ha="center", va="center", fontsize=15)


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str,
    dash: str,
    bend: float,
) -> None:
    arrow = FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>",
        mutation_scale=12,
        color=color,
        lw=1.4,
        ls=dash,
        connectionstyle=f"arc3,rad={bend}",
        shrinkA=0,
        shrinkB=0,
    )
    ax.add_patch(arrow)
