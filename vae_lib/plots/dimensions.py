"""Figures of notebook 12: more latent dimensions, and estimates of log p(x)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from vae_lib.plots.style import FAINT, GREY, INK, LINES, describe, label_lines, styled, subplots


@styled
def plot_estimates(
    ks: Sequence[int], estimates: Mapping[str, np.ndarray], exact: float | None = None
) -> Figure:
    """Estimates of -log p(x) against the number of samples, on a logarithmic axis.

    Args:
        ks: numbers of samples.
        estimates: from a curve's name to one value for each k, nats.
        exact: the true value, drawn as a dashed line.
    """
    figure, ax = subplots(size=(7.5, 3.6))
    for color, values in zip(LINES, estimates.values(), strict=False):
        ax.plot(ks, values, color=color, marker="o", ms=3.5)
    words = [f"{name}: {describe_ends(values)}" for name, values in estimates.items()]
    if exact is not None:
        ax.plot([ks[0], ks[-1]], [exact, exact], color=INK, linestyle="--", linewidth=1)
        words.append(f"exact value: {exact:.1f}")
    ax.set(xscale="log", xlabel="samples k", ylabel="estimate of −log p(x), nats")
    ticks = [k for k in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if ks[0] <= k <= ks[-1]]
    ax.set_xticks(ticks, [str(k) for k in ticks])
    ax.grid(axis="y")
    ax.legend(ax.lines, words, loc="upper right")
    ends = "; ".join(
        f"{name}: {values[0]:.1f} at k = {ks[0]}, {values[-1]:.1f} at k = {ks[-1]}"
        for name, values in estimates.items()
    )
    return describe(figure, f"Estimates of -log p(x) against the number of samples. {ends}.")


def describe_ends(values: np.ndarray) -> str:
    """First and last value of a curve, or the one value of a curve that does not change."""
    first, last = f"{values[0]:.1f}", f"{values[-1]:.1f}"
    return f"{first} for every k" if np.ptp(values) < 1e-6 else f"{first} to {last}"


@styled
def plot_dimensions(rows: Mapping[int, Mapping[str, float]]) -> Figure:
    """What a longer code gains, in nats, and how many of its dimensions are active.

    Args:
        rows: from the number of latent dimensions to "negative_elbo", "nll_k500" and
            "active_units".
    """
    dimensions = list(rows)
    places = np.arange(len(rows))
    bound = [row["negative_elbo"] for row in rows.values()]
    estimate = [row["nll_k500"] for row in rows.values()]
    active = [row["active_units"] for row in rows.values()]
    figure, (left, right) = subplots(1, 2, size=(9.6, 3.6))
    left.plot(places, bound, color=LINES[1], marker="s")
    left.plot(places, estimate, color=LINES[0], marker="o")
    for place, value in zip(places, estimate, strict=True):
        left.annotate(
            f"{value:.1f}", (place, value), (-6, -8), textcoords="offset points",
            ha="right", va="center", fontsize=8.5, color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},  # over a grid line
        )  # fmt: skip
    left.set(xlim=(-0.6, len(rows) - 0.8), ylim=(min(estimate) - 9, None))
    left.set(ylabel="nats per image")
    left.grid(axis="y")
    right.bar(places, dimensions, color=FAINT, width=0.62)
    right.bar(places, active, color=LINES[0], width=0.62)
    for place, whole, used in zip(places, dimensions, active, strict=True):
        right.annotate(
            f"{used} of {whole}", (place, whole), (0, 3), textcoords="offset points",
            ha="center", fontsize=8.5, color=INK,
        )  # fmt: skip
    right.set(ylabel="active dimensions")
    for ax in (left, right):
        ax.set_xticks(places, [str(number) for number in dimensions])
        ax.set_xlabel("latent dimensions")
    label_lines(left, ["negative\nELBO", "−log p(x),\nk = 500"])
    words = ", ".join(
        f"{number} dimensions {value:.1f} nats, {used} active"
        for number, value, used in zip(dimensions, estimate, active, strict=True)
    )
    return describe(figure, f"-log p(x) and active dimensions: {words}.")


@styled
def plot_two_networks(curves: Mapping[str, np.ndarray]) -> Figure:
    """The same two trainings by processor time and by epochs.

    Args:
        curves: from a network's name to its looks ``(n, 4)``: minutes of processor time, epochs,
            training bound, -log p(x) of validation digits.
    """
    figure, axes = subplots(1, 2, size=(9.6, 3.4), sharey=True)
    for ax, column, label in zip(axes, (0, 1), ("processor minutes", "epochs"), strict=True):
        for color, curve in zip(LINES, curves.values(), strict=False):
            ax.plot(curve[:, column], curve[:, 3], color=color, marker="o", ms=3)
        ax.set(xlabel=label, ylim=(85, 145))
        ax.grid(axis="y")
    axes[1].set(xscale="log")
    axes[1].set_xticks([1, 3, 10, 30], ["1", "3", "10", "30"])
    axes[0].set_ylabel("−log p(x), nats per image")
    axes[0].legend(axes[0].lines, list(curves), loc="upper right")
    ends = ", ".join(f"{name} {curve[-1, 3]:.1f}" for name, curve in curves.items())
    return describe(figure, f"-log p(x) of validation digits; at the end {ends} nats per image.")


@styled
def plot_published(runs: Mapping[str, Mapping[str, Any]]) -> Figure:
    """-log p(x) against the number of samples for our models, with the published values.

    Args:
        runs: from a model's name to its card: "metrics" with "nll_k1" to "nll_k5000", and
            "published".
    """
    ks = (1, 5, 50, 500, 5000)
    figure, ax = subplots(size=(7.8, 4.2))
    words = []
    for color, (name, run) in zip(LINES, runs.items(), strict=False):
        values = [run["metrics"][f"nll_k{k}"] for k in ks]
        ax.plot(ks, values, color=color, marker="o", ms=3.5)
        words.append(f"{name}: {values[-1]:.2f}")
    for color, (name, run) in zip(LINES, runs.items(), strict=False):
        ax.plot(
            ks[-1], run["published"], color=color, marker="D", ms=3.5, mfc="white", linestyle="none"
        )
        words.append(f"{name}, published: {run['published']:.2f}")
    ax.set(xscale="log", xlabel="samples k of the estimate", ylabel="−log p(x), nats per image")
    ax.set_xticks(ks, [f"{k:,}" for k in ks])
    ax.grid(axis="y")
    label_lines(ax, words)
    return describe(figure, f"Estimates at k = 5,000, in nats per image: {'; '.join(words)}.")


@styled
def plot_largest_weights(largest: np.ndarray, k: int) -> Figure:
    """How much of all weight the largest of k importance weights carries, for many images.

    Args:
        largest: its share, ``(n,)``.
        k: weights of each image.
    """
    figure, ax = subplots(size=(7, 3))
    ax.hist(largest, np.linspace(0, 1, 21), color=LINES[0], rwidth=0.92)
    ax.axvline(0.5, color=GREY, linestyle="--", linewidth=1)
    ax.set(
        xlabel=f"share of the largest of {k} weights", ylabel="images", xlim=(0, 1)
    )  # fmt: skip
    over = np.mean(largest > 0.5)
    return describe(
        figure,
        f"Histogram of the share of the largest weight: median {np.median(largest):.2f}, above one "
        f"half for {over:.0%} of the images.",
    )
