"""A wide sheet to write a postal code on, and what a class-conditional VAE reads there."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import traitlets

from vae_lib.arrays import Floats, require_sheet, require_whole
from vae_lib.inference import NumpyVAE
from vae_lib.number_reader import BoundAnswer, DigitReader, load_number_reader
from vae_lib.widgets.shared import STATIC, Widget, pack_weights

NETWORKS = ("encoder", "z_mean", "z_log_var", "decoder")
FIRST = ("encoder_0", "decoder_0")  # the layers that a label enters
ACCEPTED_FROM = 0.95  # probability


class PostalCodePad(Widget):
    """A number written by hand, found piece by piece, read, accepted or put aside.

    Attributes:
        reading: what the browser made of it; empty for a sheet without a digit. ``digits`` and,
            for each of them, ``probabilities``, out-of-distribution ``scores``, ``is_digit`` and
            ``boxes`` (left, top, width, height in pixels of the sheet); ``cuts`` between digits
            that touch; the ``probability`` of the whole, and whether it is ``accepted``.
        accept_from: the probability from which a number is accepted.
        length: how many digits it has.
    """

    _esm = STATIC / "postal_code.js"
    picture = "postal_code"
    weights = traitlets.Bytes().tag(sync=True)
    layers = traitlets.List(traitlets.Dict()).tag(sync=True)
    encoder_biases = traitlets.Bytes().tag(sync=True)
    decoder_biases = traitlets.Bytes().tag(sync=True)
    temperature = traitlets.Float().tag(sync=True)
    threshold = traitlets.Float().tag(sync=True)
    cut_is_right = traitlets.Float().tag(sync=True)
    length = traitlets.Int(5).tag(sync=True)
    accept_from = traitlets.Float(ACCEPTED_FROM, min=0, max=1).tag(sync=True)
    # the browser sends it as a memoryview
    sheet = traitlets.Bytes().tag(sync=True, from_json=lambda value, _: bytes(value))
    sheet_size = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)  # width and height
    shown = traitlets.Int(0).tag(sync=True)
    reading = traitlets.Dict().tag(sync=True)

    def __init__(self, reader: DigitReader, length: int = 5, bits: int = 16):
        models = require_told_models(reader)
        weights, layers = pack_weights(models[0], NETWORKS, bits)
        encoder_biases, decoder_biases = pack_first_biases(models)
        super().__init__(
            weights=weights,
            layers=layers,
            encoder_biases=encoder_biases,
            decoder_biases=decoder_biases,
            temperature=reader.temperature,
            threshold=reader.threshold,
            cut_is_right=reader.cut_is_right,
            length=require_whole(length, "length"),
        )

    @property
    def ink(self) -> Floats:
        """What is on the sheet: float32 ``(height, width)`` in [0, 1]."""
        width, height = self.sheet_size
        raw = np.frombuffer(self.sheet, np.uint8).reshape(height, width)
        return raw.astype(np.float32) / np.float32(255)

    def show(self, ink: npt.ArrayLike) -> None:
        """Put a number on the sheet, as if written: float ``(height, width)``, in [0, 1].

        Raises:
            ValueError: another shape, or a value outside [0, 1].
        """
        sheet = require_sheet(ink)
        if not sheet.size:
            raise ValueError(f"A sheet has at least one pixel, received shape {sheet.shape}.")
        with self.hold_sync():
            self.sheet_size = [sheet.shape[1], sheet.shape[0]]
            self.sheet = np.round(255 * sheet).astype(np.uint8).tobytes()
            self.shown += 1


def require_told_models(reader: DigitReader) -> Sequence[NumpyVAE]:
    """The ten models of a reader that decides by bounds, or why the browser cannot read with it.

    Raises:
        TypeError: another reader, or ten models that differ in more than their label.
    """
    answer = getattr(reader, "answer", None)
    if not isinstance(answer, BoundAnswer):
        raise TypeError(
            "The pad reads with the bounds of a class-conditional VAE, received "
            f"{type(answer or reader).__name__}: number_reader.load_number_reader() makes a reader."
        )
    first, *others = answer.models
    told_apart = [f"{layer}_bias" for layer in FIRST]
    shared = [name for name in first.weights if name not in told_apart]
    for other in others:
        if not all(np.array_equal(first.weights[name], other.weights[name]) for name in shared):
            raise TypeError("The ten models must be one, told ten labels: they differ in more.")
    return answer.models


def pack_first_biases(models: Sequence[NumpyVAE]) -> tuple[bytes, bytes]:
    """The biases of the encoder's and of the decoder's first layer, ten of each, as float32."""
    encoder, decoder = (
        np.stack([model.weights[f"{layer}_bias"] for model in models]).tobytes() for layer in FIRST
    )
    return encoder, decoder


def explore_postal_code(
    reader: DigitReader | None = None, length: int = 5, bits: int = 16
) -> PostalCodePad:
    """The wide drawing pad that reads a postal code.

    Args:
        reader: with the bounds of a class-conditional VAE. None takes
            ``number_reader.load_number_reader``.
        length: digits of the number.
        bits: 16 or 8 for each weight that goes to the browser.

    Raises:
        TypeError: a reader of another kind.
        ValueError: a length below 1.
    """
    return PostalCodePad(load_number_reader() if reader is None else reader, length, bits)
