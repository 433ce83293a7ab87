"""A sheet to draw a digit on, and what a VAE makes of the drawing."""

import numpy as np
import traitlets

from vae_lib.arrays import require_pixels
from vae_lib.data import normalize
from vae_lib.formulas import entropy_floor
from vae_lib.inference import NumpyVAE
from vae_lib.shipped import load_reference_set
from vae_lib.widgets.shared import STATIC, LatentMapWidget, pack_weights

PERCENT = np.arange(101)


class DrawingPad(LatentMapWidget):
    """Draw; the drawing is framed as MNIST is, encoded, rebuilt, judged and voted on.

    Attributes:
        image: the framed drawing, 784 bytes.
        reading: what the browser made of it: ``z_mean``, ``z_log_var``, ``reconstruction`` and ``kl``
            in nats, ``percentile`` of its negative ELBO among test digits, ``strange`` (the percentile
            of the reference's negative ELBO less the entropy floor), ``votes`` and ``digit`` (None if none
            is named); empty for a sheet without a digit.
    """

    _esm = STATIC / "drawing_pad.js"
    parts = ("encoder", "z_mean", "z_log_var", "decoder")
    carries_images = False  # its map shows numerals alone
    reference_weights = traitlets.Bytes().tag(sync=True)
    reference_layers = traitlets.List().tag(sync=True)
    reference_codes = traitlets.Bytes().tag(sync=True)
    reference_scale = traitlets.Float().tag(sync=True)
    reference_labels = traitlets.Bytes().tag(sync=True)
    loss_percentiles = traitlets.Bytes().tag(sync=True)
    above_floor_percentiles = traitlets.Bytes().tag(sync=True)
    image = traitlets.Bytes().tag(
        sync=True, from_json=lambda value, _: bytes(value)
    )  # it arrives as a memoryview
    shown = traitlets.Int(0).tag(sync=True)
    reading = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: NumpyVAE,
        images: np.ndarray,
        labels: np.ndarray,
        reference: NumpyVAE,
        reference_codes: np.ndarray,
        reference_labels: np.ndarray,
        reference_percentiles: tuple[np.ndarray, np.ndarray] | None = None,
        bits: int = 16,
    ):
        super().__init__(model, images, labels, bits)
        losses, excesses = reference_percentiles or measure_reference_percentiles(
            model, reference, normalize(self.shown_images)
        )
        self.reference_weights, self.reference_layers = pack_weights(reference, self.parts, bits)
        self.reference_scale = float(np.abs(reference_codes).max() / 127)
        self.reference_codes = (
            np.round(reference_codes / self.reference_scale).astype(np.int8).tobytes()
        )
        self.reference_labels = np.asarray(reference_labels, np.uint8).tobytes()
        self.loss_percentiles = np.asarray(losses, np.float32).tobytes()
        self.above_floor_percentiles = np.asarray(excesses, np.float32).tobytes()

    def show(self, image: np.ndarray) -> None:
        """Put a digit on the sheet, as if drawn: raw pixels, uint8 ``(28, 28)``."""
        self.image = require_pixels(np.asarray(image)[None]).tobytes()
        self.shown += 1


def measure_reference_percentiles(
    model: NumpyVAE, reference: NumpyVAE, images: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is usual among images ``(n, 28, 28, 1)``: percentiles 0 to 100 of two numbers, ``(101,)`` each.

    The first is the negative ELBO under ``model``, the second that under ``reference`` less the entropy
    floor of the grey pixels, which tells digits from other shapes more sharply; nats per image.
    """
    negative_elbo = np.sum(model.elbo_terms(images), axis=0)
    above_floor = np.sum(reference.elbo_terms(images), axis=0) - entropy_floor(images)
    return np.percentile(negative_elbo, PERCENT), np.percentile(above_floor, PERCENT)


def explore_drawing(
    model: NumpyVAE,
    images: np.ndarray,
    labels: np.ndarray,
    reference: tuple[NumpyVAE, np.ndarray, np.ndarray] | None = None,
    reference_percentiles: tuple[np.ndarray, np.ndarray] | None = None,
    bits: int = 16,
) -> DrawingPad:
    """The drawing pad.

    Args:
        model: with 2 latent dimensions: it places and rebuilds the drawing.
        images: raw test digits for the map, uint8 ``(n, 28, 28)``.
        labels: ``(n,)``.
        reference: a model, codes of labelled digits ``(m, its latent_dim)`` and their labels, for the
            vote; None takes ``load_reference_set``, which ships.
        reference_percentiles: as ``measure_reference_percentiles`` returns; None measures it on ``images``. ``load_reference_percentiles`` has that of
            ``mnist-2d`` on MNIST's test digits, for a reader without MNIST.
        bits: 16 or 8 for each weight that goes to the browser.

    Raises:
        TypeError, ValueError: as ``explore_latent_space``.
    """
    return DrawingPad(
        model, images, labels, *(reference or load_reference_set()), reference_percentiles, bits
    )
