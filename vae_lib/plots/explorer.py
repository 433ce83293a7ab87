"""Figures of notebook 07: the latent explorer."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from vae_lib.plots.images import draw_image
from vae_lib.plots.latent import plot_latent_space
from vae_lib.plots.style import INK, LINES, describe, styled, subplots


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
) -> Figure:
    """A latent space with a marked point, the image decoded there and the nearest digit.

    Args:
        z_mean: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        z: the point.
        decoded: ``(28, 28)`` in [0, 1].
        nearest: raw, uint8 ``(28, 28)``.
    """
    figure, (left, middle, right) = subplots(1, 3, size=(10, 5), width_ratios=[2.4, 1, 1])
    plot_latent_space(z_mean, labels, ax=left)
    left.plot(*z, "o", markersize=14, markerfacecolor="none", markeredgecolor=INK, mew=3, zorder=20)
    images = ((middle, decoded, "decoded"), (right, nearest / 255, "nearest test digit"))
    for ax, image, title in images:
        draw_image(ax, image)
        ax.set_title(title)
    x, y = z
    return describe(figure, f"A point at ({x:g}, {y:g}), its decoded image and the nearest digit.")


@styled
def plot_three_posteriors(std: Mapping[int, np.ndarray], epsilon: np.ndarray) -> Figure:
    """Posteriors of some digits around their means, at one scale, with samples.

    Args:
        std: for each digit its two standard deviations.
        epsilon: noise, ``(n, 2)``.
    """
    figure, axes = subplots(1, len(std), size=(9.4, 3.3), sharex=True, sharey=True)
    reach = 3.2 * max(deviations.max() for deviations in std.values())
    for ax, (digit, deviations) in zip(axes, std.items(), strict=True):
        ax.add_patch(Ellipse((0, 0), *(2 * deviations), color=LINES[0], alpha=0.25, linewidth=0))
        ax.plot(*(deviations * epsilon).T, "o", color=LINES[0], markersize=3)
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", title=f"a {digit}")
        ax.set_xlabel("distance from the mean, $z_1$")
    axes[0].set_ylabel("$z_2$")
    words = "; ".join(f"{digit}: {a:.3f} and {b:.3f}" for digit, (a, b) in std.items())
    return describe(figure, f"Ellipses with standard deviations {words}.")


@styled
def plot_epochs(run: RecordedRun, epochs: Sequence[int]) -> Figure:
    """The latent space of the same digits after some epochs of a training, on the same axes.

    Args:
        run: with ``codes`` ``(epochs, n, 2)``, ``labels`` and ``history``.
        epochs: numbers from 1.
    """
    figure, axes = subplots(1, len(epochs), size=(10.4, 3.9), sharey=True)
    for ax, epoch in zip(axes, epochs, strict=True):
        plot_latent_space(run.codes[epoch - 1], run.labels, ax=ax, reach=4.0)
        ax.set_title(f"epoch {epoch}: {run.history['val_loss'][epoch - 1]:.0f} nats")
        ax.label_outer()
    losses = ", ".join(f"{run.history['val_loss'][epoch - 1]:.0f}" for epoch in epochs)
    return describe(figure, f"{len(run.labels):,} digits at three moments; losses {losses} nats.")
