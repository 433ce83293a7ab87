"""Figures of notebook 01: data preparation."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from vae_lib.formulas import bernoulli_nll_per_pixel, sigmoid
from vae_lib.plots.style import GREY, INK, LINES, describe, styled, subplots


@styled
def plot_pixel_values(image: np.ndarray, top: int, left: int) -> Figure:
    """An image, and the values of the pixels in a part of it, 10 rows by 12 columns.

    Args:
        image: raw, uint8 ``(28, 28)``.
        top: first row of the part.
        left: first column of the part.
    """
    height, width = 10, 12
    part = image[top : top + height, left : left + width]
    figure, (whole, close) = subplots(1, 2, size=(9.6, 4.4), width_ratios=[1, 1.35])
    for ax, pixels in ((whole, image), (close, part)):
        ax.imshow(pixels, cmap="gray_r", vmin=0, vmax=255, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    corner = (left - 0.5, top - 0.5)
    frame = Rectangle(corner, width, height, fill=False, edgecolor=LINES[1], linewidth=2)
    whole.add_patch(frame)
    close.spines[:].set(visible=True, color=LINES[1], linewidth=2)
    for (row, column), value in np.ndenumerate(part):
        color = "white" if value > 127 else INK
        close.text(column, row, value, ha="center", va="center", fontsize=9, color=color)
    return describe(
        figure,
        f"A digit, and a part of it of {height} by {width} pixels with its values, "
        f"{part.min()} to {part.max()}.",
    )


@styled
def plot_class_counts(counts: np.ndarray) -> Figure:
    """How many images there are of each digit.

    Args:
        counts: ``(10,)``.
    """
    figure, ax = subplots(size=(7, 3))
    bars = ax.bar(range(len(counts)), counts, color=LINES[0], width=0.72)
    words = [f"{count:,}" for count in counts]
    ax.bar_label(bars, words, fontsize=8.5, padding=-16, color="white")
    ax.axhline(np.mean(counts), color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    ax.set(xlabel="digit", ylabel="training images", xticks=range(len(counts)))
    shares = ", ".join(f"{count:,} of {digit}" for digit, count in enumerate(counts))
    return describe(figure, f"Images of each digit: {shares}.")


@styled
def plot_selection(measured: np.ndarray, truth: float) -> Figure:
    """Accuracies that differ by chance, the true one and the best.

    Args:
        measured: accuracies of equally good models, ``(n,)``.
        truth: the accuracy of all of them on new images.
    """
    figure, ax = subplots(size=(7, 3))
    low, high = np.floor(100 * measured.min()) / 100, np.ceil(100 * measured.max()) / 100
    edges = np.arange(low - 0.0025, high + 0.0125, 0.01)  # off the values, multiples of 0.5%
    ax.hist(measured, edges, color=LINES[0], alpha=0.8, rwidth=0.9)
    ax.axvline(truth, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
    top = ax.get_ylim()[1]
    ax.set_ylim(0, 1.25 * top)
    ax.text(truth, 1.22 * top, " true accuracy of all", va="top", fontsize=9, color=INK)
    ax.annotate(
        "the one that is chosen", (measured.max(), 1.2), (measured.max(), 0.55 * top),
        ha="right", fontsize=9, color=INK, arrowprops={"arrowstyle": "->", "color": GREY},
    )  # fmt: skip
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set(xlabel="accuracy on the validation images", ylabel="models")
    return describe(
        figure,
        f"{len(measured)} accuracies between {measured.min():.1%} and {measured.max():.1%} "
        f"around the true {truth:.0%}.",
    )


@styled
def plot_pixel_loss(values: Sequence[float]) -> Figure:
    """The Bernoulli loss of one pixel against the predicted probability, a panel for each value.

    Args:
        values: of the pixel; one above 1 has not been normalised.
    """
    figure, axes = subplots(1, len(values), size=(9, 3.2))
    for ax, x in zip(np.ravel(axes), values, strict=True):
        largest = 18 if 0 <= x <= 1 else 7  # of the logits: at p = 0 and 1 the loss is infinite
        logits = np.linspace(-largest, largest, 1001)
        p = sigmoid(logits)
        loss = bernoulli_nll_per_pixel(x, logits)
        ax.plot(p, loss, color=LINES[0])
        ax.axhline(0, color=GREY, linewidth=0.8)
        if 0 < x < 1:
            least = np.interp(x, p, loss)
            ax.plot(x, least, "o", color=LINES[1], markersize=6)
            ax.annotate(
                f"minimum at p = {x:.2f}", (x, least), (0, -10),
                textcoords="offset points", ha="center", va="top", fontsize=9, color=INK,
            )  # fmt: skip
            ax.set_ylim(-0.2, 4)
        ax.set(title=f"pixel x = {x:.3g}", xlabel="predicted probability of ink p")
        ax.set_ylabel("loss, nats")
    words = " and ".join(f"{x:.3g}" for x in values)
    return describe(figure, f"The loss of a pixel whose value is {words}.")
