"""Pictures of digits: in a grid, in named rows, over the latent space."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vae_lib.arrays import require_images
from vae_lib.plots.style import (
    FAINT,
    INK,
    PIXELS_PER_INCH,
    check_labels,
    describe,
    styled,
    subplots,
)
from vae_lib.settings import IMAGE_SHAPE

# pixels of the page
PAGE = 1_000
LARGEST, SMALLEST = 70, 48  # sides of a digit
GAP = 6  # between two digits
HEAD = 20  # for a label above


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
    lower = labels[columns:] if labels is not None else []
    head = HEAD if any(str(label) for label in lower) else 0  # the first row's labels have room
    if figure is None:
        figure, axes = _grid(rows, columns, head)
    else:
        axes = figure.subplots(rows, columns, squeeze=False)
    for number, ax in enumerate(axes.ravel()):
        if number >= len(images):
            ax.axis("off")
            continue
        draw_image(ax, images[number])
        if labels is not None:
            ax.set_title(labels[number], fontsize=9.5, pad=4)
    named = "" if labels is None else f" labelled {', '.join(map(str, labels))}"
    return describe(figure, f"{len(images)} images in {rows} rows of {columns}{named}.")


@styled
def plot_rows(rows: Mapping[str, np.ndarray], labels: Sequence | None = None) -> Figure:
    """Rows of images, each row with its name on the left: the same images in several versions.

    Args:
        rows: from the name of a row to its images, ``(n, 28, 28)`` or ``(n, 28, 28, 1)``, as many
            in each row.
        labels: a word or number above each column.
    """
    pictures = {name: check_pictures(images) for name, images in rows.items()}
    counts = {len(images) for images in pictures.values()}
    if len(counts) != 1:
        raise ValueError(f"All rows need as many images, received {sorted(counts)}.")
    (columns,) = counts
    check_labels(labels, columns, "column")
    figure, axes = _grid(len(pictures), columns, 0)
    for line, (name, images) in zip(axes, pictures.items(), strict=True):
        for ax, image in zip(line, images, strict=True):
            draw_image(ax, image)
        line[0].text(-3, 13.5, name, ha="right", va="center", fontsize=9.5, color=INK)
    if labels is not None:
        for ax, label in zip(axes[0], labels, strict=True):
            ax.set_title(label, fontsize=9.5, pad=4)
    return describe(figure, f"{columns} images in each row; from top to bottom: {', '.join(rows)}.")


@styled
def plot_reconstructions(
    images: np.ndarray, reconstructions: np.ndarray, labels: Sequence | None = None
) -> Figure:
    """Originals above, their reconstructions below: the paper's figure 3.

    Args:
        images: ``(n, 28, 28)`` or ``(n, 28, 28, 1)``.
        reconstructions: as many, either shape.
        labels: a word or number above each pair.
    """
    above, below = check_pictures(images), check_pictures(reconstructions)
    if len(above) != len(below):
        raise ValueError(
            f"Each image needs its reconstruction, received {len(above)} and {len(below)}."
        )
    check_labels(labels, len(above), "pair")
    figure = plot_rows({"original": above, "reconstruction": below}, labels)
    return describe(
        figure, f"{len(above)} digits in the upper row, their reconstructions below each."
    )


@styled
def plot_manifold(
    decode: Callable[[np.ndarray], np.ndarray], steps: int = 15, reach: float = 2.0
) -> Figure:
    """Decoded images on a square grid of codes, each at its place in the plane.

    Args:
        decode: from codes ``(n, 2)`` to images ``(n, 28, 28, 1)`` in [0, 1].
        steps: images a side.
        reach: the grid spans -reach to reach, in standard deviations of the prior.
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
    figure, ax = subplots(size=(6.6, 6.4))
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
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(10, integer=True))
    figure.greys = 32  # type: ignore[attr-defined]  # many small images: a tenth fewer bytes
    return describe(
        figure, f"{steps} by {steps} decoded digits, both codes from -{reach:g} to {reach:g}."
    )


def draw_image(ax: Axes, image: np.ndarray, frame: str = FAINT) -> None:
    """One image in [0, 1], ``(n, m)`` or ``(n, m, 1)``, in a thin frame, ink on white."""
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=frame, linewidth=0.8)


def check_pictures(images: np.ndarray) -> np.ndarray:
    """Images of either rank and either type as floats ``(n, 28, 28)``, n at least 1."""
    images = np.asarray(images)
    images = images / 255 if images.dtype == np.uint8 else images
    images = require_images(images[..., None] if images.ndim == 3 else images)[..., 0]
    if not len(images):
        raise ValueError("There is nothing to draw: received 0 images.")
    return images


def _grid(rows: int, columns: int, head: int) -> tuple[Figure, np.ndarray]:
    """Axes for a digit each, as large as the page allows."""
    side = int(np.clip(PAGE / columns - GAP, SMALLEST, LARGEST))
    width = columns * (side + GAP) - GAP
    height = rows * (side + GAP + head) - GAP - head
    figure = Figure(figsize=(width / PIXELS_PER_INCH, (height + HEAD) / PIXELS_PER_INCH))
    spacing = {"left": 0, "right": 1, "bottom": 0, "top": 1 - HEAD / (height + HEAD)}
    spacing |= {"wspace": GAP / side, "hspace": (GAP + head) / side}
    return figure, figure.subplots(rows, columns, squeeze=False, gridspec_kw=spacing)
