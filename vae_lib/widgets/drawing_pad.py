"""A sheet to draw a digit on, and what a VAE makes of the drawing."""

import numpy as np
import traitlets

from vae_lib.arrays import check_pixels
from vae_lib.data import normalize
from vae_lib.inference import NumpyVAE
from vae_lib.widgets.shared import Mapped, pack_weights
from vae_lib.widgets.shipped import load_voter

PERCENT = np.arange(101)


class DrawingPad(Mapped):
    """Draw; the drawing is framed as MNIST is, encoded, rebuilt, judged and voted on.

    Attributes:
        image: the framed drawing, 784 bytes.
        reading: what the browser made of it: ``z_mean``, ``z_log_var``, ``reconstruction`` and ``kl``
            in nats, ``percentile`` of its negative ELBO among test digits, ``strange`` (the percentile
            of the voter's negative ELBO less the entropy floor), ``votes`` and ``digit`` (None if none
            is named); empty for a sheet without a digit.
    """

    parts = ("encoder", "z_mean", "z_log_var", "decoder")
    carries_images = False  # its map shows numerals alone
    voter_weights = traitlets.Bytes().tag(sync=True)
    voter_layers = traitlets.List().tag(sync=True)
    voter_codes = traitlets.Bytes().tag(sync=True)
    voter_scale = traitlets.Float().tag(sync=True)
    voter_labels = traitlets.Bytes().tag(sync=True)
    loss_percentiles = traitlets.Bytes().tag(sync=True)
    excess_percentiles = traitlets.Bytes().tag(sync=True)
    image = traitlets.Bytes().tag(sync=True, from_json=lambda value, _: bytes(value))  # it arrives as a memoryview
    shown = traitlets.Int(0).tag(sync=True)
    reading = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: NumpyVAE,
        images: np.ndarray,
        labels: np.ndarray,
        voter: NumpyVAE,
        voter_codes: np.ndarray,
        voter_labels: np.ndarray,
        usual: tuple[np.ndarray, np.ndarray] | None = None,
        bits: int = 16,
    ):
        super().__init__(model, images, labels, bits)
        losses, excesses = usual or measure_usual(model, voter, normalize(self.shown_images))
        self.voter_weights, self.voter_layers = pack_weights(voter, self.parts, bits)
        self.voter_scale = float(np.abs(voter_codes).max() / 127)
        self.voter_codes = np.round(voter_codes / self.voter_scale).astype(np.int8).tobytes()
        self.voter_labels = np.asarray(voter_labels, np.uint8).tobytes()
        self.loss_percentiles = np.asarray(losses, np.float32).tobytes()
        self.excess_percentiles = np.asarray(excesses, np.float32).tobytes()

    def show(self, image: np.ndarray) -> None:
        """Put a digit on the sheet, as if drawn: raw pixels, uint8 ``(28, 28)``."""
        self.image = check_pixels(np.asarray(image)[None]).tobytes()
        self.shown += 1


def measure_usual(model: NumpyVAE, voter: NumpyVAE, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is usual among images ``(n, 28, 28, 1)``: percentiles 0 to 100 of two numbers, ``(101,)`` each.

    The first is the negative ELBO under ``model``, the second that under ``voter`` less the entropy
    floor of the grey pixels, which tells digits from other shapes more sharply; nats per image.
    """
    from scipy.special import entr

    floor = (entr(images) + entr(1 - images)).sum(axis=(1, 2, 3))
    values = sum(model.nats(images)), sum(voter.nats(images)) - floor
    return tuple(np.percentile(value, PERCENT) for value in values)


def explore_drawing(
    model: NumpyVAE,
    images: np.ndarray,
    labels: np.ndarray,
    voter: tuple[NumpyVAE, np.ndarray, np.ndarray] | None = None,
    usual: tuple[np.ndarray, np.ndarray] | None = None,
    bits: int = 16,
) -> DrawingPad:
    """The drawing pad.

    Args:
        model: with 2 latent dimensions: it places and rebuilds the drawing.
        images: raw test digits for the map, uint8 ``(n, 28, 28)``.
        labels: ``(n,)``.
        voter: a model, codes of labelled digits ``(m, its latent_dim)`` and their labels, for the
            vote; None takes ``load_voter``, which ships.
        usual: as ``measure_usual`` returns; None measures it on ``images``. ``load_usual`` has that of
            ``mnist-2d`` on MNIST's test digits, for a reader without MNIST.
        bits: 16 or 8 for each weight that goes to the browser.

    Raises:
        TypeError, ValueError: as ``explore_latent_space``.
    """
    return DrawingPad(model, images, labels, *(voter or load_voter()), usual, bits)
