"""Figures of notebook 00: start here."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from vae_lib.arrays import require_images
from vae_lib.plots.latent import plot_latent_space
from vae_lib.plots.style import INK, RULE, describe, styled, subplots


@styled
def plot_places(
    codes: np.ndarray, labels: np.ndarray, places: Mapping[str, Sequence[float]]
) -> Figure:
    """A latent space with some marked places.

    Args:
        codes: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        places: a letter and two coordinates for each.
    """
    figure, ax = subplots(size=(7.6, 6.4))
    plot_latent_space(codes, labels, ax=ax, prior=False)
    for name, (x, y) in places.items():
        ax.annotate(
            name, (x, y), ha="center", va="center", fontsize=11, fontweight="bold", color="white",
            bbox={"boxstyle": "square,pad=0.25", "facecolor": INK, "edgecolor": "white"},
            zorder=20,
        )  # fmt: skip
    words = ", ".join(f"{name} at ({x:g}, {y:g})" for name, (x, y) in places.items())
    return describe(figure, f"{len(codes):,} codes in the plane, and the places {words}.")


@styled
def plot_two_spaces(autoencoder: np.ndarray, vae: np.ndarray, labels: np.ndarray) -> Figure:
    """The same digits in the latent spaces of an autoencoder and of a VAE, each on its own scale.

    Args:
        autoencoder: codes ``(n, 2)``.
        vae: ``z_mean`` of the same digits, ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
    """
    figure, (left, right) = subplots(1, 2, size=(10, 5.2))
    plot_latent_space(autoencoder, labels, ax=left, prior=False)
    plot_latent_space(vae, labels, ax=right)
    left.set_title("autoencoder")
    right.set_title("VAE")
    spreads = autoencoder.std(axis=0), vae.std(axis=0)
    words = " and ".join(f"{x:.1f} by {y:.1f}" for x, y in spreads)
    return describe(
        figure,
        f"{len(labels):,} digits in two latent spaces; the standard deviations of the codes are "
        f"{words} for the autoencoder and the VAE.",
    )


@styled
def plot_two_sets(autoencoder: np.ndarray, vae: np.ndarray, columns: int = 10) -> Figure:
    """New digits from an autoencoder above, from a VAE below.

    Args:
        autoencoder: images ``(n, 28, 28, 1)`` in [0, 1].
        vae: as many.
        columns: images in a row.
    """
    images = np.concatenate([require_images(autoencoder), require_images(vae)])
    rows = len(images) // columns
    figure, axes = subplots(rows, columns, size=(9.6, 0.98 * rows), squeeze=False)
    for ax, image in zip(axes.ravel(), images, strict=True):
        ax.imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
        ax.axis("off")
    for row, name in ((0, "autoencoder"), (rows // 2, "VAE")):
        axes[row, 0].text(-3, 28, name, ha="right", va="center", fontsize=9.5, color=INK)
    figure.add_artist(Line2D([0.02, 0.98], [0.5, 0.5], color=RULE, linewidth=0.8))
    return describe(figure, f"{len(autoencoder)} digits from each of the two models.")
