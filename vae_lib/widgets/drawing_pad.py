"""A sheet to draw a digit on, and what a VAE makes of the drawing."""

import numpy as np
import numpy.typing as npt
import traitlets

from vae_lib.arrays import Floats, require_pixels
from vae_lib.data import normalize
from vae_lib.formulas import entropy_floor
from vae_lib.inference import NumpyVAE
from vae_lib.shipped import load_reference_set
from vae_lib.widgets.shared import STATIC, LatentMapWidget, pack_weights

PERCENT = np.arange(101)
NETWORKS = ("encoder", "z_mean", "z_log_var", "decoder")


class DrawingPad(LatentMapWidget):
    """A drawing, framed as MNIST frames its digits, then encoded, reconstructed and classified.

    Attributes:
        image: the framed drawing, 784 bytes.
        reading: what the browser made of it; empty for a sheet without a digit. ``z_mean`` and
            ``z_log_var``; ``reconstruction`` and ``kl`` in nats; ``percentile`` of its negative
            ELBO among test digits; ``ood_percentile``, the same of the reference model's negative
            ELBO above the entropy floor, an out-of-distribution score; ``votes`` of the nearest
            codes of the reference set, one number a class; and ``digit``, their majority (None if
            the drawing is not classified).
    """

    _esm = STATIC / "drawing_pad.js"
    picture = "drawing_pad"
    parts = NETWORKS
    carries_images = False  # its map shows numerals alone
    reference_weights = traitlets.Bytes().tag(sync=True)
    reference_layers = traitlets.List(traitlets.Dict()).tag(sync=True)
    reference_codes = traitlets.Bytes().tag(sync=True)
    reference_scale = traitlets.Float().tag(sync=True)
    reference_labels = traitlets.Bytes().tag(sync=True)
    loss_percentiles = traitlets.Bytes().tag(sync=True)
    above_floor_percentiles = traitlets.Bytes().tag(sync=True)
    # the browser sends it as a memoryview
    image = traitlets.Bytes().tag(sync=True, from_json=lambda value, _: bytes(value))
    shown = traitlets.Int(0).tag(sync=True)
    reading = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: NumpyVAE,
        images: npt.ArrayLike,
        labels: npt.ArrayLike,
        reference: tuple[NumpyVAE, np.ndarray, np.ndarray],
        reference_percentiles: tuple[np.ndarray, np.ndarray] | None = None,
        bits: int = 16,
    ):
        super().__init__(model, images, labels, bits)
        reference_model, codes, reference_labels = reference
        if reference_percentiles is None:
            shown_images = normalize(self.shown_images)
            reference_percentiles = measure_reference_percentiles(
                model, reference_model, shown_images
            )
        negative_elbo, above_floor = reference_percentiles
        weights, layers = pack_weights(reference_model, NETWORKS, bits)
        scale = float(np.abs(codes).max() / 127)  # codes travel with 8 bits a number
        self.reference_weights = weights
        self.reference_layers = layers
        self.reference_scale = scale
        self.reference_codes = np.round(codes / scale).astype(np.int8).tobytes()
        self.reference_labels = np.asarray(reference_labels, np.uint8).tobytes()
        self.loss_percentiles = np.asarray(negative_elbo, np.float32).tobytes()
        self.above_floor_percentiles = np.asarray(above_floor, np.float32).tobytes()

    def show(self, image: npt.ArrayLike) -> None:
        """Put a digit on the sheet, as if drawn: raw pixels, uint8 ``(28, 28)``.

        Raises:
            TypeError, ValueError: as ``arrays.require_pixels`` does.
        """
        self.image = require_pixels(np.asarray(image)[None]).tobytes()
        self.shown += 1


def measure_reference_percentiles(
    model: NumpyVAE, reference: NumpyVAE, images: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """Percentiles 0 to 100 of two scores over images, which a drawing is compared with.

    The second score tells digits from other shapes more sharply than the first.

    Args:
        model: the 2-D model.
        reference: the model of the reference set.
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].

    Returns:
        Percentiles of the negative ELBO under ``model``, and of the negative ELBO under
        ``reference`` above the entropy floor of the grey pixels; nats per image, ``(101,)`` each.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does.
    """
    negative_elbo = np.sum(model.elbo_terms(images), axis=0)
    above_floor = np.sum(reference.elbo_terms(images), axis=0) - entropy_floor(images)
    return np.percentile(negative_elbo, PERCENT), np.percentile(above_floor, PERCENT)


def explore_drawing(
    model: NumpyVAE,
    images: npt.ArrayLike,
    labels: npt.ArrayLike,
    reference: tuple[NumpyVAE, np.ndarray, np.ndarray] | None = None,
    reference_percentiles: tuple[np.ndarray, np.ndarray] | None = None,
    bits: int = 16,
) -> DrawingPad:
    """The drawing pad.

    Args:
        model: with 2 latent dimensions: it places and reconstructs the drawing.
        images: raw test digits for the map, uint8 ``(n, 28, 28)``.
        labels: ``(n,)``.
        reference: the reference set for k-nearest neighbours: a model, codes of labelled digits
            ``(m, its latent_dim)`` and their labels. None takes ``shipped.load_reference_set``.
        reference_percentiles: as ``measure_reference_percentiles`` returns; None measures them
            on ``images``. ``shipped.load_reference_percentiles`` has those of "mnist-2d" on
            MNIST's test digits, for a reader without MNIST.
        bits: 16 or 8 for each weight that goes to the browser.

    Raises:
        TypeError, ValueError: as ``explore_latent_space``.
    """
    if reference is None:
        reference = load_reference_set()
    return DrawingPad(model, images, labels, reference, reference_percentiles, bits)
