"""A sheet to draw a digit on, and what a VAE makes of the drawing."""

import numpy as np
import numpy.typing as npt
import traitlets

from vae_lib.arrays import require_pixels
from vae_lib.data import normalize
from vae_lib.evaluation import measure_reference_percentiles
from vae_lib.inference import NumpyVAE
from vae_lib.ood import OODScore
from vae_lib.shipped import load_ood_score
from vae_lib.widgets.shared import STATIC, LatentMapWidget, pack_weights

NETWORKS = ("encoder", "z_mean", "z_log_var", "decoder")


class DrawingPad(LatentMapWidget):
    """A drawing, framed as MNIST frames its digits, then encoded, reconstructed and classified.

    Attributes:
        image: the framed drawing, 784 bytes.
        reading: what the browser made of it; empty for a sheet without a digit. ``z_mean`` and
            ``z_log_var``; ``z``, the point that is decoded, which is the mean or the last sample
            that was asked for; ``reconstruction`` and ``kl`` in nats; ``percentile`` of its
            negative ELBO among test digits; ``ood_percentile``, that of its out-of-distribution
            score among validation digits; ``votes`` of the nearest codes of the reference set,
            one number a class; and ``digit``, their majority (None if the drawing is not
            classified).
    """

    _esm = STATIC / "drawing_pad.js"
    picture = "drawing_pad"
    parts = NETWORKS
    carries_images = False  # its map shows numerals alone
    code_weights = traitlets.Bytes().tag(sync=True)
    code_layers = traitlets.List(traitlets.Dict()).tag(sync=True)
    image_weights = traitlets.Bytes().tag(sync=True)
    image_layers = traitlets.List(traitlets.Dict()).tag(sync=True)
    reference_codes = traitlets.Bytes().tag(sync=True)
    reference_scale = traitlets.Float().tag(sync=True)
    reference_labels = traitlets.Bytes().tag(sync=True)
    ood_percentiles = traitlets.Bytes().tag(sync=True)
    loss_percentiles = traitlets.Bytes().tag(sync=True)
    # the browser sends it as a memoryview
    image = traitlets.Bytes().tag(sync=True, from_json=lambda value, _: bytes(value))
    shown = traitlets.Int(0).tag(sync=True)
    reading = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: NumpyVAE,
        images: npt.ArrayLike,
        labels: npt.ArrayLike,
        reference: OODScore,
        reference_percentiles: npt.ArrayLike | None = None,
        bits: int = 16,
    ):
        super().__init__(model, images, labels, bits)
        if reference_percentiles is None:
            reference_percentiles = measure_reference_percentiles(
                model, normalize(self.shown_images)
            )
        self.loss_percentiles = np.asarray(reference_percentiles, np.float32).tobytes()
        self._pack_reference(reference, bits)

    def _pack_reference(self, reference: OODScore, bits: int) -> None:
        encoder = [part for part in NETWORKS if part != "decoder"]
        weights, layers = pack_weights(reference.code_model, tuple(encoder), bits)
        self.code_weights = weights
        self.code_layers = layers
        weights, layers = pack_weights(reference.image_model, NETWORKS, bits)
        self.image_weights = weights
        self.image_layers = layers
        scale = float(np.abs(reference.codes).max() / 127)  # codes travel with 8 bits a number
        self.reference_scale = scale
        self.reference_codes = np.round(reference.codes / scale).astype(np.int8).tobytes()
        self.reference_labels = np.asarray(reference.labels, np.uint8).tobytes()
        self.ood_percentiles = np.asarray(reference.percentiles, np.float32).tobytes()

    def show(self, image: npt.ArrayLike) -> None:
        """Put a digit on the sheet, as if drawn: raw pixels, uint8 ``(28, 28)``.

        Raises:
            TypeError, ValueError: as ``arrays.require_pixels`` does.
        """
        self.image = require_pixels(np.asarray(image)[None]).tobytes()
        self.shown += 1


def explore_drawing(
    model: NumpyVAE,
    images: npt.ArrayLike,
    labels: npt.ArrayLike,
    reference: OODScore | None = None,
    reference_percentiles: npt.ArrayLike | None = None,
    bits: int = 16,
) -> DrawingPad:
    """The drawing pad.

    Args:
        model: with 2 latent dimensions: it places and reconstructs the drawing.
        images: raw test digits for the map, uint8 ``(n, 28, 28)``.
        labels: ``(n,)``.
        reference: the out-of-distribution score; its reference codes vote, too. None takes
            ``shipped.load_ood_score``.
        reference_percentiles: as ``evaluation.measure_reference_percentiles`` returns; None
            measures them on ``images``. ``shipped.load_reference_percentiles`` has those of
            "mnist-2d" on MNIST's test digits, for a reader without MNIST.
        bits: 16 or 8 for each weight that goes to the browser.

    Raises:
        TypeError, ValueError: as ``explore_latent_space``.
    """
    if reference is None:
        reference = load_ood_score()
    return DrawingPad(model, images, labels, reference, reference_percentiles, bits)
