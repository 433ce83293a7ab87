"""What all widgets share: the built JavaScript, arrays packed for the browser, a stable repr.

The JavaScript's modules stand in ``js``; ``npm run build`` joins them, a file a widget in ``STATIC``.
"""

from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from vae_lib.arrays import require_pixels
from vae_lib.data import normalize
from vae_lib.inference import NumpyVAE

STATIC = Path(__file__).parent / "static"
SHOWN = 2_000  # digits on a map: more would hide one another, and weigh on the page
RUN_ME = "run the cell to move it"


def pack_weights(
    model: NumpyVAE, parts: tuple[str, ...], bits: int = 16
) -> tuple[bytes, list[dict]]:
    """Weights as bytes for ``vae.js``, with a list that says where each layer lies.

    Args:
        model: its weights are packed.
        parts: of "encoder", "z_mean", "z_log_var", "decoder".
        bits: 16 for half floats; 8 for whole numbers times one scale a kernel.

    Returns:
        Kernel and bias of each layer (biases in 32 bits), and for each layer its ``part``,
        ``rows``, ``columns`` and ``scale`` (0 for half floats).
    """
    chunks, layers = [], []
    for part in parts:
        number = 0
        while (kernel := model.weights.get(f"{part}_{number}_kernel")) is not None:
            scale = float(np.abs(kernel).max() / 127) if bits == 8 else 0.0
            stored = (
                np.round(kernel / scale).astype(np.int8) if scale else kernel.astype(np.float16)
            )
            chunks += [
                stored.tobytes(),
                model.weights[f"{part}_{number}_bias"].astype(np.float32).tobytes(),
            ]
            layers.append(
                {"part": part, "rows": kernel.shape[0], "columns": kernel.shape[1], "scale": scale}
            )
            number += 1
    return b"".join(chunks), layers


class Widget(anywidget.AnyWidget):
    """A widget with the same text in every notebook; its ``_esm`` names its file in ``STATIC``."""

    _css = STATIC / "widgets.css"

    def __repr__(self) -> str:
        return f"[{type(self).__name__}: {RUN_ME}]"


class LatentMapWidget(Widget):
    """A widget over the plane of a 2-D model, with the digits that lie in it."""

    parts: tuple[str, ...] = ("decoder",)
    carries_images = True
    weights = traitlets.Bytes().tag(sync=True)
    layers = traitlets.List().tag(sync=True)
    codes = traitlets.Bytes().tag(sync=True)
    labels = traitlets.Bytes().tag(sync=True)
    images = traitlets.Bytes().tag(sync=True)

    def __init__(
        self, model: NumpyVAE, images: np.ndarray, labels: np.ndarray, bits: int = 16, **traits: Any
    ):
        images, labels = check_digits(images, labels)
        self.model, self.shown_images, self.shown_labels = check_plane_model(model), images, labels
        self.z_mean, self.z_log_var = model.encode(normalize(images))
        weights, layers = pack_weights(model, self.parts, bits)
        super().__init__(
            weights=weights,
            layers=layers,
            codes=self.z_mean.tobytes(),
            labels=labels.tobytes(),
            images=images.tobytes() if self.carries_images else b"",
            **traits,
        )


def check_plane_model(model: Any) -> NumpyVAE:
    """Return the model, or say why it has no map."""
    if not isinstance(model, NumpyVAE) or model.latent_dim != 2:
        found = (
            f"one with {model.latent_dim}" if isinstance(model, NumpyVAE) else type(model).__name__
        )
        raise TypeError(
            f"The map needs a NumpyVAE with 2 latent dimensions, received {found}: NumpyVAE.from_keras(vae) makes one."
        )
    return model


def check_digits(images: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
    """The first 2,000 raw images and their labels as uint8, or why they are none."""
    images, labels = require_pixels(images), np.asarray(labels)
    if len(images) != len(labels) or not len(images):
        raise ValueError(
            f"Each image needs its label, received {len(images)} images and {len(labels)} labels."
        )
    return images[:SHOWN], labels[:SHOWN].astype(np.uint8)


def check_index(index: int, count: int) -> int:
    """Return the index of a digit on the map, or say which there are."""
    if not 0 <= index < count:
        raise ValueError(f"The map holds digits 0 to {count - 1}, received {index}.")
    return index
