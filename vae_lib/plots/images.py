"""Pictures of digits: in a grid, beside their reconstructions, over the latent space."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vae_lib.arrays import check_images
from vae_lib.plots.style import INK, axes_of, check_labels, describe, styled
from vae_lib.settings import IMAGE_SHAPE


@styled
def plot_digits(
    images: np.ndarray,
    labels: Sequence | None = None,
    columns: int = 10,
    figure: Figure | None = None,
) -> Figure:
    """A grid of images.

    Args:
        images: raw or normalised, ``(n, 28, 28)`` or ``(n, 28, 28, 1)``.
        labels: a word or number above each image.
        columns: images in a row.
        figure: drawn into if given.
    """
    images = check_pictures(images)
    check_labels(labels, len(images), "image")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    figure = figure or Figure(figsize=(0.8 * columns, (0.8 if labels is None else 1.0) * rows))
    for number, axes in enumerate(np.ravel(figure.subplots(rows, columns, squeeze=False))):
        axes.axis("off")
        if number < len(images):
            _draw(axes, images[number])
            if labels is not None:
                axes.set_title(labels[number], fontsize=9, pad=2, color=INK)
    named = "" if labels is None else f" labelled {', '.join(map(str, labels))}"
    return describe(figure, f"{len(images)} images in {rows} rows of {columns}{named}.")


@styled
def plot_reconstructions(
    images: np.ndarray,
    reconstructions: np.ndarray,
    labels: Sequence | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Originals above, their reconstructions below: the paper's figure 3.

    Args:
        images: ``(n, 28, 28)`` or ``(n, 28, 28, 1)``.
        reconstructions: as many, either shape.
        labels: a word or number above each pair.
        figure: drawn into if given.
    """
    above, below = check_pictures(images), check_pictures(reconstructions)
    if len(above) != len(below):
        raise ValueError(
            f"Each image needs its reconstruction, received {len(above)} and {len(below)}."
        )
    check_labels(labels, len(above), "pair")
    blank = [""] * len(above)
    figure = figure or Figure(figsize=(0.8 * len(above), 2.0))
    plot_digits(
        np.concatenate([above, below]),
        [*(blank if labels is None else labels), *blank],
        len(above),
        figure,
    )
    for axes, word in zip(figure.axes[:: len(above)], ("original", "rebuilt"), strict=True):
        axes.text(-4, 14, word, ha="right", va="center", fontsize=9, color=INK)
    return describe(
        figure, f"{len(above)} digits in the upper row, their reconstructions below each."
    )


@styled
def plot_manifold(
    decode: Callable[[np.ndarray], np.ndarray],
    steps: int = 15,
    reach: float = 2.0,
    ax: Axes | None = None,
) -> Figure:
    """Decoded images on a square grid of codes, each at its place in the plane.

    Args:
        decode: from codes ``(n, 2)`` to images ``(n, 28, 28, 1)`` in [0, 1].
        steps: images a side.
        reach: the grid spans -reach to reach, in standard deviations of the prior.
        ax: drawn into if given.
    """
    ticks = np.linspace(-reach, reach, steps)
    codes = np.stack(np.meshgrid(ticks, ticks[::-1]), axis=-1).reshape(-1, 2)
    images = check_pictures(decode(codes.astype(np.float32)))
    if len(images) != steps**2:
        raise ValueError(
            f"decode must give one image a code, received {len(images)} images "
            f"for {steps**2} codes."
        )
    height, width = IMAGE_SHAPE[:2]
    sheet = (
        images.reshape(steps, steps, height, width)
        .swapaxes(1, 2)
        .reshape(steps * height, steps * width)
    )
    figure, ax = axes_of(ax, (6.5, 6.5))
    edge = reach + reach / max(steps - 1, 1)
    ax.imshow(
        sheet,
        cmap="gray_r",
        vmin=0,
        vmax=1,
        extent=(-edge, edge, -edge, edge),
        interpolation="bilinear",
    )
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    return describe(
        figure, f"{steps} by {steps} decoded digits, both codes from -{reach:g} to {reach:g}."
    )


def _draw(ax: Axes, image: np.ndarray) -> None:
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")


def check_pictures(images: np.ndarray) -> np.ndarray:
    """Images of either rank and either type as floats ``(n, 28, 28)``, n at least 1."""
    images = np.asarray(images)
    images = images / 255 if images.dtype == np.uint8 else images
    images = check_images(images[..., None] if images.ndim == 3 else images)[..., 0]
    if not len(images):
        raise ValueError("There is nothing to draw: received 0 images.")
    return images
