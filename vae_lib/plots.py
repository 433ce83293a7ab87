"""Arrays in, figure out. No style is changed, no figure is shown by itself, nothing is computed twice.

Every function takes an optional ``ax`` (or ``figure``, where it needs several axes), returns the
figure, and leaves a description of what is drawn in ``figure.alt_text``. ``show`` puts a figure
into a notebook with its caption and alternative text.
"""

import io
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyBboxPatch

from vae_lib.arrays import check_codes, check_images
from vae_lib.settings import IMAGE_SHAPE

# words in each are legible on white (4.5 to 1), and a search has put them as far apart as that allows, with any colour
# vision; tests/test_plots.py measures both
COLORS = [
    "#286aab",
    "#a65f03",
    "#ac001e",
    "#527563",
    "#42399d",
    "#721e27",
    "#ad6047",
    "#474100",
    "#890159",
    "#00556b",
]
INK = "#333333"


def show(figure: Figure, caption: str) -> None:
    """Display a figure with its caption below; caption and description are its alternative text.

    Args:
        figure: any Matplotlib figure.
        caption: what varies and what to notice.
    """
    from IPython.display import Markdown, display
    from PIL import Image

    drawn, picture = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=90, bbox_inches="tight")
    Image.open(drawn).convert("RGB").quantize(128).save(
        picture, "png", optimize=True
    )  # a third of the bytes
    if "matplotlib.pyplot" in sys.modules:  # else the notebook would draw it a second time
        sys.modules["matplotlib.pyplot"].close(figure)
    alt = f"{caption} {getattr(figure, 'alt_text', '')}".strip()
    bundle = {"image/png": picture.getvalue(), "text/plain": f"[figure] {caption}"}
    display(bundle, raw=True, metadata={"image/png": {"alt": alt}})
    display(Markdown(f"*{caption}*"))


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
    images = _check_pictures(images)
    _check_labels(labels, len(images), "image")
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
    return _describe(figure, f"{len(images)} images in {rows} rows of {columns}{named}.")


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
    above, below = _check_pictures(images), _check_pictures(reconstructions)
    if len(above) != len(below):
        raise ValueError(
            f"Each image needs its reconstruction, received {len(above)} and {len(below)}."
        )
    _check_labels(labels, len(above), "pair")
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
    return _describe(
        figure, f"{len(above)} digits in the upper row, their reconstructions below each."
    )


def plot_latent_space(
    z_mean: np.ndarray,
    labels: np.ndarray,
    z_log_var: np.ndarray | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Codes as points, coloured and named by digit: the paper's figure 4.

    Args:
        z_mean: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        z_log_var: draws each posterior's ellipse (one standard deviation) around its point.
        ax: drawn into if given.

    Raises:
        ValueError: codes that are not two-dimensional, or labels that differ in number.
    """
    z_mean, labels = _check_plane(z_mean), np.asarray(labels)
    _check_labels(labels, len(z_mean), "code")
    if z_log_var is not None and np.shape(z_log_var) != z_mean.shape:
        raise ValueError(
            f"z_log_var must have z_mean's shape {z_mean.shape}, received {np.shape(z_log_var)}."
        )
    figure, ax = _figure(ax, (6.5, 6))
    places = []
    for digit in np.unique(labels):
        chosen = labels == digit
        color = COLORS[int(digit) % len(COLORS)]
        if z_log_var is None:
            size = np.clip(20_000 / len(labels), 4, 20)
            ax.scatter(
                *z_mean[chosen].T, s=size, color=color, alpha=0.6, linewidths=0, rasterized=True
            )
        else:
            widths = 2 * np.exp(0.5 * _check_plane(z_log_var)[chosen])
            for center, width in zip(z_mean[chosen], widths, strict=True):
                ax.add_patch(
                    Ellipse(
                        center, *width, facecolor=color, edgecolor=color, alpha=0.5, linewidth=0.8
                    )
                )
        middle = np.median(z_mean[chosen], axis=0)
        ax.annotate(
            str(digit), middle, ha="center", va="center", fontsize=12, fontweight="bold", color=INK,
            bbox={"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": color, "linewidth": 2},
        )  # fmt: skip
        places.append(f"{digit} near ({middle[0]:.1f}, {middle[1]:.1f})")
    ax.autoscale_view()
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    ax.set_aspect("equal", adjustable="datalim")
    return _describe(
        figure, f"{len(labels):,} codes in the plane of z1 and z2, by digit: {', '.join(places)}."
    )


def plot_loss_curves(history: dict[str, Sequence[float]], figure: Figure | None = None) -> Figure:
    """Total, reconstruction and KL by epoch, training and validation: the paper's figure 5.

    Args:
        history: as ``training.Run.history``; nats per image.
        figure: drawn into if given.
    """
    terms = [term for term in ("loss", "reconstruction", "kl") if term in history]
    if not terms or not len(history[terms[0]]):
        raise ValueError(
            f"history needs 'loss', 'reconstruction' or 'kl' by epoch, received {list(history)}."
        )
    figure = figure or Figure(figsize=(4 * len(terms), 3.2), layout="constrained")
    for ax, term in zip(
        np.ravel(figure.subplots(1, len(terms), squeeze=False)), terms, strict=True
    ):
        for key, style, name in ((term, "o-", "training"), (f"val_{term}", "s--", "validation")):
            if key in history:
                color = COLORS[0] if name == "training" else COLORS[1]
                ax.plot(
                    np.arange(1, len(history[key]) + 1),
                    history[key],
                    style,
                    color=color,
                    ms=3,
                    label=name,
                )
        ax.set(xlabel="epoch", title={"loss": "negative ELBO", "kl": "KL"}.get(term, term))
        ax.grid(alpha=0.3)
    figure.axes[0].set_ylabel("nats per image")
    figure.axes[0].legend()
    ends = ", ".join(
        f"{key} {values[0]:.1f} to {values[-1]:.1f}"
        for key, values in history.items()
        if len(values)
    )
    return _describe(
        figure, f"Curves over {len(history[terms[0]])} epochs, in nats per image: {ends}."
    )


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
    images = _check_pictures(decode(codes.astype(np.float32)))
    if len(images) != steps**2:
        raise ValueError(
            f"decode must give one image a code, received {len(images)} images for {steps**2} codes."
        )
    height, width = IMAGE_SHAPE[:2]
    sheet = (
        images.reshape(steps, steps, height, width)
        .swapaxes(1, 2)
        .reshape(steps * height, steps * width)
    )
    figure, ax = _figure(ax, (6.5, 6.5))
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
    return _describe(
        figure, f"{steps} by {steps} decoded digits, both codes from -{reach:g} to {reach:g}."
    )


def plot_architecture(model: Any, ax: Axes | None = None) -> Figure:
    """A model's layers as boxes, each with output shape and parameters: the paper's figures 1 and 2.

    Args:
        model: a Keras functional model, read through ``layers``, ``input`` and ``output`` alone.
        ax: drawn into if given.
    """
    levels, maker = {}, {}
    for layer in model.layers:  # Keras lists a layer after those that feed it
        sources = [maker[id(tensor)] for tensor in _as_list(layer.input) if id(tensor) in maker]
        levels[layer.name] = 1 + max((levels[source.name] for source in sources), default=-1)
        maker.update((id(tensor), layer) for tensor in _as_list(layer.output))
    depth = max(levels.values())
    figure, ax = _figure(ax, (6.5, 0.75 * (depth + 1)))
    boxes, words = {}, []
    for layer in model.layers:
        row = [other for other in model.layers if levels[other.name] == levels[layer.name]]
        x, y = row.index(layer) - (len(row) - 1) / 2, -levels[layer.name]
        shape = " × ".join(str(size) for size in _as_list(layer.output)[0].shape[1:])
        count = f"{layer.count_params():,} parameters" if layer.count_params() else "no parameters"
        boxes[layer.name] = (x, y)
        color = COLORS[0] if layer.count_params() else "#888888"
        frame = {"boxstyle": "round,pad=0.02", "fc": "white", "ec": color, "lw": 1.5}
        ax.add_patch(FancyBboxPatch((x - 0.42, y - 0.24), 0.84, 0.48, **frame))
        title = f"{layer.name}  ({type(layer).__name__})"
        ax.text(x, y + 0.1, title, ha="center", va="center", fontsize=8.5, color=INK)
        ax.text(
            x, y - 0.1, f"{shape}   |   {count}", ha="center", va="center", fontsize=8, color=INK
        )
        words.append(f"{layer.name} ({type(layer).__name__}) gives {shape} with {count}")
        for tensor in _as_list(layer.input):
            if id(tensor) in maker and maker[id(tensor)] is not layer:
                x0, y0 = boxes[maker[id(tensor)].name]
                ax.annotate(
                    "",
                    (x, y + 0.27),
                    (x0, y0 - 0.27),
                    arrowprops={"arrowstyle": "->", "color": INK},
                )
    ax.set(xlim=(-1.05, 1.05), ylim=(-depth - 0.4, 0.4))
    ax.set_title(f"{model.name}: {model.count_params():,} parameters", fontsize=10, color=INK)
    ax.axis("off")
    return _describe(figure, f"From top to bottom: {'; '.join(words)}.")


def _figure(ax: Axes | None, size: tuple[float, float]) -> tuple[Figure, Axes]:
    ax = ax if ax is not None else Figure(figsize=size, layout="constrained").add_subplot()
    return ax.figure, ax


def _draw(ax: Axes, image: np.ndarray) -> None:
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")


def _describe(figure: Figure, text: str) -> Figure:
    figure.alt_text = text
    return figure


def _as_list(value: Any) -> list:
    return list(value) if isinstance(value, list | tuple) else [value]


def _check_labels(labels: Sequence | None, count: int, of: str) -> None:
    if labels is not None and len(labels) != count:
        raise ValueError(
            f"Each {of} needs its label, received {count} {of}s and {len(labels)} labels."
        )


def _check_plane(codes: np.ndarray) -> np.ndarray:
    codes = check_codes(codes)
    if codes.shape[1] != 2:
        raise ValueError(
            f"A plane shows codes with 2 numbers, received {codes.shape[1]}: project them, with PCA say."
        )
    return codes


def _check_pictures(images: np.ndarray) -> np.ndarray:
    """Images of either rank and either type as floats ``(n, 28, 28)``, n at least 1."""
    images = np.asarray(images)
    images = images / 255 if images.dtype == np.uint8 else images
    images = check_images(images[..., None] if images.ndim == 3 else images)[..., 0]
    if not len(images):
        raise ValueError("There is nothing to draw: received 0 images.")
    return images
