"""Figures of notebook 03: layers drawn to scale, samples, and where gradients can flow."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Ellipse, FancyBboxPatch, Polygon

from vae_lib.plots.style import (
    COLORS,
    FAINT,
    GREY,
    INK,
    LINES,
    describe,
    label_lines,
    styled,
    subplots,
)

HISTOGRAM_BINS = 60
ROW_HEIGHT = 0.62  # inches for a row of points


@styled
def plot_activations(inputs: np.ndarray, outputs: Mapping[str, np.ndarray]) -> Figure:
    """Activation functions as curves of the unit's output over its weighted sum.

    Args:
        inputs: weighted sums, shape ``(n,)``.
        outputs: for the name of each activation its values, shape ``(n,)``.
    """
    figure, ax = subplots(size=(6, 3))
    for number, values in enumerate(outputs.values()):
        ax.plot(inputs, values, color=LINES[number], linestyle=("-", "--", ":")[number % 3])
    label_lines(ax, list(outputs), in_color=True)
    ax.axhline(0, color=FAINT, zorder=0)
    ax.axvline(0, color=FAINT, zorder=0)
    ax.set(xlabel="weighted sum of the inputs plus bias", ylabel="output of the unit")
    return describe(figure, f"The activations {', '.join(outputs)} as curves.")


@styled
def plot_network_outputs(inputs: np.ndarray, linear: np.ndarray, nonlinear: np.ndarray) -> Figure:
    """Outputs of random networks of one input, without activations and with them.

    Args:
        inputs: shape ``(n,)``.
        linear: outputs of networks without activations, shape ``(n, networks)``.
        nonlinear: outputs of the same networks with activations, same shape.
    """
    figure, panels = subplots(1, 2, size=(9, 3.2))
    titles = ("three layers, no activation", "the same weights, with GELU")
    for ax, outputs, title in zip(panels, (linear, nonlinear), titles, strict=True):
        for number, output in enumerate(np.transpose(outputs)):
            ax.plot(inputs, output / np.abs(output).max(), color=LINES[number])
        ax.set(title=title, xlabel="input", ylim=(-1.1, 1.1))
    panels[0].set_ylabel("output, scaled to at most 1")
    return describe(
        figure,
        f"Outputs of {np.shape(linear)[1]} random networks over their one input: straight lines "
        "without activations, curves with GELU.",
    )


@styled
def plot_layers(model: Any, root: bool = False) -> Figure:
    """A model's layers as bars whose length grows with the number of units, joined by wedges.

    The area of a bar is no count of parameters: those are written above each dense layer.

    Args:
        model: a functional Keras model of flat and dense layers, read through ``layers``,
            ``input`` and ``output`` alone; an encoder with the heads ``z_mean`` and
            ``z_log_var``, or a decoder.
        root: the length of a bar is proportional to the square root of the number of units; if
            False, it grows with the logarithm, which shows the narrowing less.
    """
    columns = _columns(model)
    half_length = _root_length if root else _half_length
    figure, ax = subplots(size=(1.4 * len(columns) + 0.2, 3.5))
    words = []
    previous: list[tuple[float, float, float]] = []
    for x, column in enumerate(columns):
        bars = []
        for row, layer in enumerate(column):
            y = 0.0 if len(column) == 1 else (0.5 - row) * 1.5
            bar = _draw_layer(ax, x, y, layer, half_length(_units(layer)))
            words.append(_layer_words(layer))
            for source in previous:
                if layer.count_params() or len(column) == 1:
                    _draw_wedge(ax, source, bar)
            bars.append(bar)
        previous = bars
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(-1.6, 1.75))
    ax.axis("off")
    return describe(figure, f"From left to right: {'; '.join(words)}.")


def _columns(model: Any) -> list[list[Any]]:
    """Layers by their distance from the input, without those that only change the shape first."""
    level: dict[int, int] = {}
    columns: list[list[Any]] = []
    for layer in model.layers:
        sources = [level[id(tensor)] for tensor in _as_list(layer.input) if id(tensor) in level]
        own = 1 + max(sources, default=-1)
        for tensor in _as_list(layer.output):
            level[id(tensor)] = own
        while len(columns) <= own:
            columns.append([])
        columns[own].append(layer)
    return columns


def _units(layer: Any) -> int:
    return int(np.prod(_as_list(layer.output)[0].shape[1:]))


def _half_length(units: int) -> float:
    return 0.16 + 0.105 * np.log2(max(units, 1))  # 2 units are a short bar, 784 a long one


def _root_length(units: int) -> float:
    return 0.044 * units**0.5  # 784 units are as long as on the logarithmic scale


def _draw_layer(
    ax: Axes, x: float, y: float, layer: Any, half: float
) -> tuple[float, float, float]:
    shape = " × ".join(str(size) for size in _as_list(layer.output)[0].shape[1:])
    trained = layer.count_params() > 0
    ax.add_patch(
        FancyBboxPatch(
            (x - 0.05, y - half), 0.1, 2 * half, boxstyle="round,pad=0.01",
            facecolor=LINES[0] if trained else FAINT, edgecolor=LINES[0] if trained else GREY,
        )
    )  # fmt: skip
    ax.text(x, y - half - 0.1, shape, ha="center", va="top", fontsize=11, color=INK)
    name = f"{layer.name}\n{layer.count_params():,}" if trained else layer.name
    ax.text(x, y + half + 0.08, name, ha="center", va="bottom", fontsize=10.5, color=INK)
    return x, y, half


def _draw_wedge(
    ax: Axes, source: tuple[float, float, float], target: tuple[float, float, float]
) -> None:
    (x0, y0, half0), (x1, y1, half1) = source, target
    corners = [
        (x0 + 0.08, y0 - half0),
        (x0 + 0.08, y0 + half0),
        (x1 - 0.08, y1 + half1),
        (x1 - 0.08, y1 - half1),
    ]
    ax.add_patch(Polygon(corners, facecolor=FAINT, edgecolor="none", alpha=0.6, zorder=0))


def _layer_words(layer: Any) -> str:
    shape = " × ".join(str(size) for size in _as_list(layer.output)[0].shape[1:])
    count = layer.count_params()
    return f"{layer.name}, {shape}, {f'{count:,} parameters' if count else 'no parameters'}"


def _as_list(value: Any) -> list:
    return list(value) if isinstance(value, list | tuple) else [value]


@styled
def plot_samples(samples: np.ndarray, mean: float, std: float) -> Figure:
    """A histogram of samples below the density of the normal distribution they should have.

    Args:
        samples: shape ``(n,)``.
        mean: of the normal distribution.
        std: its standard deviation.
    """
    figure, ax = subplots(size=(6, 3))
    z = np.linspace(mean - 4.5 * std, mean + 4.5 * std, 300)
    density = np.exp(-0.5 * ((z - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))
    ax.hist(samples, HISTOGRAM_BINS, density=True, color=LINES[0], alpha=0.35)
    ax.plot(z, density, color=INK)
    for place in (mean - std, mean + std):
        ax.axvline(place, color=GREY, linestyle=":", linewidth=1)
    ax.set(xlabel="z", ylabel="density")
    return describe(
        figure,
        f"Histogram of {len(samples):,} samples; the density of the normal distribution with mean "
        f"{mean:g} and standard deviation {std:.2f} runs along its top.",
    )


@styled
def plot_untrained_codes(z_mean: np.ndarray, z_log_var: np.ndarray, labels: np.ndarray) -> Figure:
    """What an encoder returns, beside the prior and from near.

    Args:
        z_mean: shape ``(n, 2)``.
        z_log_var: same shape.
        labels: shape ``(n,)``; the posterior of the first image of each digit is drawn on the
            left, one standard deviation each.
    """
    figure, (left, right) = subplots(1, 2, size=(10, 5.4))
    _draw_posteriors(left, z_mean, z_log_var, labels)
    left.set(xlim=(-1.7, 1.7), ylim=(-1.7, 1.7))
    left.set_title("posteriors and prior (dashed), one standard deviation")
    digits = np.unique(labels)
    for digit in digits:
        chosen = z_mean[labels == digit]
        right.plot(*chosen.T, ".", color=COLORS[int(digit)], markersize=3, label=str(digit))
    figure.legend(
        *right.get_legend_handles_labels(), title="digit (in both panels)", ncols=len(digits),
        loc="outside lower center", markerscale=3, handlelength=0.8,
    )  # fmt: skip
    center, reach = np.mean(z_mean, axis=0), 1.02 * np.abs(z_mean - np.mean(z_mean, axis=0)).max()
    right.set(
        xlim=(center[0] - reach, center[0] + reach), ylim=(center[1] - reach, center[1] + reach),
        xlabel="$z_1$", ylabel="$z_2$",
    )  # fmt: skip
    right.set_aspect("equal")
    right.locator_params(nbins=5)
    right.set_title("the means alone, enlarged")
    return describe(
        figure,
        f"Left, {len(digits)} ellipses almost on top of each other and of the prior's circle, all "
        "means in a small spot near the centre. Right, that spot enlarged: points of all ten "
        "digits overlap.",
    )


@styled
def plot_before_and_after(
    before: Sequence[np.ndarray], after: Sequence[np.ndarray], labels: np.ndarray
) -> Figure:
    """The approximate posteriors of some images before and after a training.

    Args:
        before: what the encoder returns: ``z_mean`` and ``z_log_var``, each ``(n, 2)``; more is
            ignored.
        after: the same after the training.
        labels: shape ``(n,)``; the posterior of the first image of each digit is drawn, one
            standard deviation each.
    """
    figure, axes = subplots(1, 2, size=(10, 5.4), sharex=True, sharey=True)
    panels = {"before the training": before, "after the training": after}
    for ax, (title, (z_mean, z_log_var, *_)) in zip(axes, panels.items(), strict=True):
        _draw_posteriors(ax, z_mean, z_log_var, labels)
        ax.set_title(title)
    reach = max(1.7, 1.05 * float(np.abs(after[0]).max()))
    axes[0].set(xlim=(-reach, reach), ylim=(-reach, reach))
    marks = [Line2D([], [], color=COLORS[digit], label=str(digit)) for digit in np.unique(labels)]
    figure.legend(
        handles=marks, title="digit", ncols=len(marks), loc="outside lower center",
        handlelength=0.8,
    )  # fmt: skip
    widths = [float(np.exp(0.5 * outputs[1]).mean()) for outputs in (before, after)]
    return describe(
        figure,
        f"Ellipses of ten images and the means of {len(labels):,}: before the training all close "
        f"to the prior's circle, with a mean standard deviation of {widths[0]:.2f}, after it small "
        f"and apart, with {widths[1]:.2f}.",
    )


def _draw_posteriors(
    ax: Axes, z_mean: np.ndarray, z_log_var: np.ndarray, labels: np.ndarray
) -> None:
    """An ellipse for the first image of each digit, a dot for each mean, and the prior's circle."""
    digits, first = np.unique(labels, return_index=True)
    for digit, number in zip(digits, first, strict=True):
        width, height = 2 * np.exp(0.5 * z_log_var[number])
        ax.add_patch(
            Ellipse(
                z_mean[number], width, height, fill=False, edgecolor=COLORS[int(digit)],
                linewidth=1.4, zorder=3,
            )
        )  # fmt: skip
    ax.add_patch(Circle((0, 0), 1, fill=False, edgecolor=INK, linestyle="--", linewidth=2))
    ax.plot(*np.transpose(z_mean), ".", color=GREY, markersize=1.5)
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    ax.set_aspect("equal")


@styled
def plot_trainings(
    histories: Mapping[str, Sequence[tuple[float, float]]],
    mean_image_loss: float,
    starts: Mapping[str, int],
) -> Figure:
    """Reconstruction and KL term over the steps of several trainings.

    Args:
        histories: for the name of each training its (reconstruction, KL) before each step.
        mean_image_loss: reconstruction term of the mean image, drawn as a dashed line.
        starts: steps before the first of a training that continues another; 0 if not given.
    """
    figure, (left, right) = subplots(1, 2, size=(10, 3.6))
    last = 1
    for number, (name, history) in enumerate(histories.items()):
        reconstruction, kl = np.transpose(history)
        steps = starts.get(name, 0) + np.arange(1, len(kl) + 1)
        last = max(last, int(steps[-1]))
        left.plot(steps, reconstruction, color=LINES[number], linewidth=1.3, label=name)
        right.plot(steps, kl, color=LINES[number])
    left.plot(
        [1, last], [mean_image_loss] * 2, color=INK, linestyle="--", linewidth=1.2,
        label="mean image",
    )  # fmt: skip
    left.set(title="reconstruction term", xlabel="step", ylabel="nats per image", ylim=(140, 300))
    right.set(title="KL term", xlabel="step", ylabel="nats per image", ylim=(-0.3, None))
    left.legend(loc="upper right")
    ends = "; ".join(
        f"{name}: reconstruction {history[-1][0]:.0f}, KL {history[-1][1]:.2f}"
        for name, history in histories.items()
    )
    return describe(figure, f"Both terms over the steps of each training. At the end: {ends}.")


@styled
def plot_gradient_estimates(estimates: Mapping[str, np.ndarray]) -> Figure:
    """One row of points for each estimator: each point is the estimate from one sample.

    Args:
        estimates: for the name of each estimator its values, shape ``(n,)``.
    """
    size = (10, ROW_HEIGHT * len(estimates) + 1.2)
    figure, panels = subplots(1, 2, size=size, sharey=True)
    random = np.random.default_rng(0)  # scatters vertically, which carries no meaning
    for row, values in enumerate(estimates.values()):
        height = row + random.uniform(-0.3, 0.3, len(values))
        mean = float(np.mean(values))
        for ax in panels:
            ax.plot(values, height, ".", color=LINES[row], markersize=2, alpha=0.5, rasterized=True)
            ax.plot([mean, mean], [row - 0.42, row + 0.42], color=INK, linewidth=1.8)
    narrow = 6 * min(float(np.std(values)) for values in estimates.values())
    names = [name.replace(" with ", "\nwith ") for name in estimates]
    panels[0].set_yticks(range(len(estimates)), names)
    panels[0].set(title="all estimates", ylim=(len(estimates) - 0.4, -0.6))
    panels[1].set(title="the middle, enlarged", xlim=(-narrow, narrow))
    for ax in panels:
        ax.set_xlabel("estimate of the gradient, nats per unit of $\\mu_1$")
    spreads = "; ".join(f"{name}: {np.std(values):.0f}" for name, values in estimates.items())
    return describe(figure, f"Estimates by row, with their standard deviations: {spreads}.")
