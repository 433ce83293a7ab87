"""What all widgets share: the built JavaScript, arrays packed for the browser, a stable repr.

The JavaScript's modules stand in ``js``; ``npm run build`` joins them in ``STATIC``, one file a
widget. ``PICTURES`` has a picture of each, which a stored notebook shows before it is run.
"""

import base64
import inspect
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets

from vae_lib import versions
from vae_lib.arrays import Pixels, as_whole, require_pixels
from vae_lib.data import normalize
from vae_lib.inference import NumpyVAE

versions.require("anywidget", "ipywidgets", "traitlets")

STATIC = Path(__file__).parent / "static"
PICTURES = Path(__file__).parent / "pictures"
SHOWN = 2_000  # digits on a map: more would hide one another, and weigh on the page
RUN_ME = "run the cell to move it"  # in the text that stands where the widget is not

Proposal = dict[str, Any]
"""What traitlets passes to a validator: the new value under "value"."""

Bundle = tuple[dict[str, Any], dict[str, Any]]
"""What a widget is displayed as, by its kinds of content, and about each of them."""


def pack_weights(
    model: NumpyVAE, parts: tuple[str, ...], bits: int = 16
) -> tuple[bytes, list[dict[str, Any]]]:
    """Weights as bytes for ``vae.js``, with a list that says where each layer lies.

    Args:
        model: its weights are packed.
        parts: of "encoder", "z_mean", "z_log_var", "decoder".
        bits: 16 for half floats; 8 for whole numbers times one scale a kernel.

    Returns:
        Kernel and bias of each layer (biases in 32 bits), and for each layer its ``part``,
        ``rows``, ``columns`` and ``scale`` (0 for half floats).
    """
    chunks: list[bytes] = []
    layers: list[dict[str, Any]] = []
    for part in parts:
        number = 0
        while f"{part}_{number}_kernel" in model.weights:
            kernel = model.weights[f"{part}_{number}_kernel"]
            bias = model.weights[f"{part}_{number}_bias"]
            packed, scale = _pack_kernel(kernel, bits)
            chunks.append(packed)
            chunks.append(bias.astype(np.float32).tobytes())
            rows, columns = kernel.shape
            layers.append({"part": part, "rows": rows, "columns": columns, "scale": scale})
            number += 1
    return b"".join(chunks), layers


class Widget(anywidget.AnyWidget):
    """A widget with the same text in every notebook; its ``_esm`` names its file in ``STATIC``.

    Attributes:
        picture: name of the file in ``PICTURES`` that shows the widget before it is run.
    """

    _css = STATIC / "widgets.css"
    picture: str | None = None

    def __repr__(self) -> str:
        return f"[{type(self).__name__}: {RUN_ME}]"

    # ipywidgets 7 displays a widget by another method, which knows no picture
    if hasattr(anywidget.AnyWidget, "_repr_mimebundle_"):

        def _repr_mimebundle_(self, **kwargs: Any) -> Bundle | None:
            """The view, and the picture beside it: what can show the view does."""
            bundle = super()._repr_mimebundle_(**kwargs)
            if bundle is None or self.picture is None:
                return bundle
            return add_picture(*bundle, self.picture, type(self))


def add_picture(data: dict[str, Any], metadata: dict[str, Any], name: str, kind: type) -> Bundle:
    """What a cell stores of a widget, with the picture of its kind."""
    alt = {"alt": describe_picture(kind)}
    return {**data, "image/png": read_picture(name)}, {**metadata, "image/png": alt}


def read_picture(name: str) -> str:
    """The picture of a widget, as a notebook stores it."""
    return base64.b64encode((PICTURES / f"{name}.png").read_bytes()).decode()


def describe_picture(kind: type) -> str:
    """Its alternative text: the first line of the widget's docstring.

    An instance may be of a subclass without a docstring, which ``add_traits`` makes.
    """
    words = (inspect.getdoc(kind) or "").partition("\n")[0].replace("``", "")
    return f"A picture of the widget {kind.__name__}. {words}"


class LatentMapWidget(Widget):
    """A widget over the latent plane of a 2-D model, with encoded digits on it.

    Attributes:
        model: the model.
        shown_images: the digits on the map, uint8 ``(n, 28, 28)``.
        shown_labels: their labels, uint8 ``(n,)``.
        z_mean: their codes, ``(n, 2)``.
        z_log_var: the logarithm of their variances, ``(n, 2)``.
    """

    parts: tuple[str, ...] = ("decoder",)  # of the model, which the browser needs
    carries_images = True
    weights = traitlets.Bytes().tag(sync=True)
    layers = traitlets.List(traitlets.Dict()).tag(sync=True)
    codes = traitlets.Bytes().tag(sync=True)
    labels = traitlets.Bytes().tag(sync=True)
    images = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        model: NumpyVAE,
        images: npt.ArrayLike,
        labels: npt.ArrayLike,
        bits: int = 16,
        **traits: Any,
    ):
        self.shown_images, self.shown_labels = require_digits(images, labels)
        self.model = require_plane_model(model)
        self.z_mean, self.z_log_var = model.encode(normalize(self.shown_images))
        weights, layers = pack_weights(model, self.parts, bits)
        super().__init__(
            weights=weights,
            layers=layers,
            codes=self.z_mean.tobytes(),
            labels=self.shown_labels.tobytes(),
            images=self.shown_images.tobytes() if self.carries_images else b"",
            **traits,
        )


def require_plane_model(model: Any) -> NumpyVAE:
    """Return a model with 2 latent dimensions, or say why it has no map.

    Raises:
        TypeError: another model.
    """
    if isinstance(model, NumpyVAE) and model.latent_dim == 2:
        return model
    kind = type(model).__name__
    found = f"one with {model.latent_dim}" if isinstance(model, NumpyVAE) else kind
    raise TypeError(
        f"The map needs a NumpyVAE with 2 latent dimensions, received {found}: "
        "NumpyVAE.from_keras(vae) makes one."
    )


def require_digits(images: npt.ArrayLike, labels: npt.ArrayLike) -> tuple[Pixels, Pixels]:
    """The first 2,000 raw images and their labels as uint8, or why they are none.

    Raises:
        TypeError, ValueError: as ``arrays.require_pixels`` does, or images and labels that differ
            in number.
    """
    pixels, classes = require_pixels(images), np.asarray(labels)
    if len(pixels) != len(classes) or not len(pixels):
        raise ValueError(
            f"Each image needs its label, received {len(pixels)} images and {len(classes)} labels."
        )
    return pixels[:SHOWN], classes[:SHOWN].astype(np.uint8)


def require_index(index: int, count: int) -> int:
    """Return the index of a digit on the map, or say which there are.

    Raises:
        ValueError: no digit on the map has it.
    """
    whole = as_whole(index)
    if whole is None or not 0 <= whole < count:
        raise ValueError(f"The map holds digits 0 to {count - 1}, received {index}.")
    return whole


def _pack_kernel(kernel: np.ndarray, bits: int) -> tuple[bytes, float]:
    """A kernel's bytes, and the scale that they are multiples of: 0 for half floats."""
    if bits != 8:
        return kernel.astype(np.float16).tobytes(), 0.0
    scale = float(np.abs(kernel).max() / 127)
    if scale == 0:  # all weights are zero
        return kernel.astype(np.int8).tobytes(), 1.0
    return np.round(kernel / scale).astype(np.int8).tobytes(), scale
