"""Figures of notebook 04: decoded grids, the loss of one pixel, and short trainings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from vae_lib.formulas import bernoulli_nll_per_pixel, sigmoid
from vae_lib.plots.encoder import plot_layers
from vae_lib.plots.images import check_pictures
from vae_lib.plots.style import (
    FAINT,
    GREY,
    INK,
    LINES,
    RULE,
    describe,
    label_lines,
    styled,
    subplots,
)

SHADES = (0, 0.25, 0.5, 0.75, 1)  # named on a colour bar
GAP = 1  # pixels of white around each image of a grid
SMOOTHED = 10  # steps over which the curves of a training are averaged


@styled
def plot_decoded_grids(
    decoders: Mapping[str, Callable[[np.ndarray], np.ndarray]], steps: int = 7
) -> Figure:
    """The same square grid of codes, decoded by several decoders, one panel each.

    Args:
        decoders: for the title of each panel a function from codes ``(n, 2)`` to images
            ``(n, 28, 28, 1)`` in [0, 1].
        steps: images a side.
    """
    ticks = np.linspace(-2, 2, steps)
    codes = np.stack(np.meshgrid(ticks, ticks[::-1]), axis=-1).reshape(-1, 2).astype(np.float32)
    edge = 2 + 2 / (steps - 1)
    figure, panels = subplots(1, len(decoders), size=(5 * len(decoders), 5), squeeze=False)
    for ax, (title, decode) in zip(panels[0], decoders.items(), strict=True):
        sheet = ax.imshow(
            _sheet(check_pictures(decode(codes)), steps), vmin=0, vmax=1, interpolation="nearest",
            extent=(-edge, edge, -edge, edge),
        )  # fmt: skip
        ax.set(title=title, xlabel="$z_1$", ylabel="$z_2$")
        ax.set_xticks([-2, -1, 0, 1, 2])
        ax.set_yticks([-2, -1, 0, 1, 2])
    bar = figure.colorbar(sheet, ax=list(panels[0]), shrink=0.5, aspect=12, pad=0.01, ticks=SHADES)
    bar.set_label("probability of ink, $p_i$")
    bar.outline.set(edgecolor=RULE, linewidth=0.8)
    figure.greys = 256  # type: ignore[attr-defined]  # fewer would show as bands of the bar
    return describe(
        figure,
        f"{steps} by {steps} codes from -2 to 2 in both dimensions, decoded: "
        f"{', '.join(decoders)}.",
    )


def _sheet(images: np.ndarray, steps: int) -> np.ndarray:
    """All images in one, with a white line between neighbours."""
    framed = np.pad(images, ((0, 0), (GAP, GAP), (GAP, GAP)))
    height, width = framed.shape[1:]
    grid = framed.reshape(steps, steps, height, width).swapaxes(1, 2)
    return grid.reshape(steps * height, steps * width)


@styled
def plot_decoder_layers(decoder: Any) -> Figure:
    """``encoder.plot_layers`` of a decoder, with the activation of each dense layer below it.

    Args:
        decoder: a functional Keras model whose dense layers have GELU, except the last one.
    """
    figure = plot_layers(decoder, root=True)
    (ax,) = figure.axes
    columns = [layer for layer in decoder.layers if layer.count_params()]
    for column, layer in enumerate(columns, start=1):
        word = "no activation" if layer is columns[-1] else "GELU"
        ax.text(column, -1.62, word, ha="center", va="bottom", fontsize=8.5, color=GREY)
    ax.set_ylim(-1.65, 1.6)
    figure.set_size_inches(9.9, 3.2)
    words = figure.alt_text.rstrip(".")  # type: ignore[attr-defined]
    return describe(figure, f"{words}. Below: GELU, except in the last dense layer.")


@styled
def plot_pixel_loss() -> Figure:
    """The sigmoid, and the loss of one pixel over its logit."""
    logits = np.linspace(-6, 6, 241)
    figure, (left, right) = subplots(1, 2, size=(9, 3.2))
    left.plot(logits, sigmoid(logits), color=LINES[0])
    left.axhline(0.5, color=FAINT, zorder=0)
    left.axvline(0, color=FAINT, zorder=0)
    left.set(title="sigmoid", xlabel="logit", ylabel="probability of ink")
    for pixel, color in ((1, LINES[1]), (0, LINES[2])):
        right.plot(logits, bernoulli_nll_per_pixel(pixel, logits), color=color)
        place = -4.2 if pixel else 4.2
        right.text(place, 5.1, f"$x = {pixel}$", ha="center", color=color, fontsize=10)
    right.axvline(0, color=FAINT, zorder=0)
    right.set(title="loss of the pixel", xlabel="logit", ylabel="nats")
    return describe(
        figure,
        "Left, the sigmoid rises from 0 to 1 and is one half at logit 0. Right, for a pixel with "
        "ink the loss falls from 6 nats at logit -6 to almost 0 at logit 6; for a background "
        "pixel it is the mirror image.",
    )


@styled
def plot_training(
    history: Sequence[tuple[float, float]],
    levels: Mapping[str, float] | None = None,
    information: Mapping[int, float] | None = None,
) -> Figure:
    """The two terms of the loss over the steps of a training, on a logarithmic axis.

    Args:
        history: (reconstruction, KL) of each step, nats per image.
        levels: for the name of each horizontal line its height in the left panel.
        information: for some steps the information of the code about the image, nats; dots in
            the right panel.
    """
    reconstruction, kl = np.transpose(history)
    steps = np.arange(1, len(kl) + 1)
    figure, (left, right) = subplots(1, 2, size=(10, 3.4))
    left.plot(steps, reconstruction, color=LINES[0])
    for name, height in (levels or {}).items():
        left.axhline(height, color=GREY, linestyle="--", linewidth=1)
        left.annotate(
            name, (len(kl), height), (0, 4), textcoords="offset points", ha="right", va="bottom",
            fontsize=9, color=INK,
        )  # fmt: skip
    left.set(title="reconstruction term", ylabel="nats per image", ylim=(0, None))
    right.plot(steps, kl, color=LINES[1], label="KL term, batch of the step")
    if information:
        right.plot(
            list(information), list(information.values()), "o", color=LINES[2], markersize=5,
            label="information, validation images",
        )  # fmt: skip
        right.legend(loc="upper right")
    right.set(title="KL term", ylabel="nats per image", ylim=(0, None))
    ticks = [tick for tick in (1, 2, 4, 10, 20, 50, 100, 200, 400, 1000) if tick <= len(kl)]
    for ax in (left, right):
        ax.set(xlabel="step (logarithmic axis)", xscale="log")
        ax.set_xticks(ticks, [str(tick) for tick in ticks])
        ax.minorticks_off()
    return describe(
        figure,
        f"Over {len(kl)} steps the reconstruction term goes from {reconstruction[0]:.0f} to "
        f"{reconstruction[-1]:.0f} nats, the KL term from {kl[0]:.1f} over a peak of "
        f"{kl[:20].max():.1f} to {kl[-1]:.1f}.",
    )


@styled
def plot_initialisations(curves: Mapping[str, np.ndarray]) -> Figure:
    """Loss over the steps for several kinds of initial weights, each with several seeds.

    Args:
        curves: for the name of each kind its losses, shape ``(seeds, steps)``, nats per image.
    """
    figure, ax = subplots(size=(8, 3.6))
    kernel = np.ones(SMOOTHED) / SMOOTHED
    names = list(curves)
    for number, losses in enumerate(curves.values()):
        smooth = np.array([np.convolve(loss, kernel, mode="valid") for loss in losses])
        steps = np.arange(SMOOTHED, losses.shape[1] + 1)
        ax.plot(steps, smooth.mean(axis=0), color=LINES[number])
        ax.fill_between(
            steps, smooth.min(axis=0), smooth.max(axis=0), color=LINES[number], alpha=0.2,
            linewidth=0,
        )  # fmt: skip
    ax.set(xlabel="step", ylabel="negative ELBO, nats per image", ylim=(150, 300))
    highest_first = np.argsort([-losses[:, -SMOOTHED:].mean() for losses in curves.values()])
    ax.legend([ax.lines[number] for number in highest_first],
              [names[number] for number in highest_first], loc="upper right")  # fmt: skip
    ends = ", ".join(f"{name} {losses[:, -20:].mean():.0f}" for name, losses in curves.items())
    return describe(figure, f"Losses over the steps; mean of the last twenty steps: {ends} nats.")


@styled
def plot_double_sigmoid() -> Figure:
    """The loss of one pixel over the last layer's output, with one sigmoid and with two."""
    logits = np.linspace(-8, 8, 321)
    inner = sigmoid(logits)
    figure, panels = subplots(1, 2, size=(9, 3.2), sharey=True)
    for ax, pixel, title in zip(panels, (0, 1), ("background, x = 0", "ink, x = 1"), strict=True):
        for outer, color, style in ((logits, LINES[0], "-"), (inner, LINES[1], "--")):
            loss = bernoulli_nll_per_pixel(pixel, outer)
            ax.plot(logits, loss, color=color, linestyle=style)
        ax.set(title=title, xlabel="output of the last dense layer", ylim=(0, 3))
    panels[0].set_ylabel("loss of the pixel, nats")
    panels[1].legend(panels[1].lines, ["one sigmoid", "two sigmoids"], loc="upper right")
    return describe(
        figure,
        "With one sigmoid the loss of a background pixel approaches 0 for very negative outputs; "
        "with two it lies between 0.69 and 1.31 nats and is flat at both ends. For ink it lies "
        "between 0.31 and 0.69 nats.",
    )


@styled
def plot_two_losses(losses: Mapping[str, Sequence[float]], levels: Mapping[str, float]) -> Figure:
    """Losses of several trainings over their steps, with named horizontal lines.

    Args:
        losses: for the name of each training its loss at each step, nats per image.
        levels: for the name of each horizontal line its height.
    """
    figure, ax = subplots(size=(8, 3.6))
    length = max(len(values) for values in losses.values())
    for number, values in enumerate(losses.values()):
        ax.plot(np.arange(1, len(values) + 1), values, color=LINES[number])
    for height in levels.values():
        ax.plot([1, length], [height, height], color=GREY, linestyle="--", linewidth=1)
    label_lines(ax, [*losses, *levels])
    ax.set(xlabel="step", ylabel="negative ELBO, nats per image", ylim=(0, None))
    ends = ", ".join(f"{name} {values[-1]:.0f}" for name, values in losses.items())
    return describe(figure, f"Losses over the steps; at the end: {ends} nats.")
