"""A training, epoch by epoch."""

import numpy as np
import numpy.typing as npt
import traitlets

from vae_lib.arrays import require_pixels
from vae_lib.run import Run
from vae_lib.widgets.shared import SHOWN, STATIC, Proposal, Widget


class Replay(Widget):
    """A slider over the epochs: the map of validation digits, the loss, four reconstructions.

    Attributes:
        run: the training.
        epoch: the one shown, from 1.
    """

    _esm = STATIC / "replay.js"
    picture = "replay"
    codes = traitlets.Bytes().tag(sync=True)
    labels = traitlets.Bytes().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)
    images = traitlets.Bytes().tag(sync=True)
    losses = traitlets.List(traitlets.Float()).tag(sync=True)
    val_losses = traitlets.List(traitlets.Float()).tag(sync=True)
    epoch = traitlets.Int(1).tag(sync=True)

    def __init__(self, run: Run, images: npt.ArrayLike | None):
        if not len(run.codes) or run.codes.shape[2] != 2:
            raise ValueError(
                "A replay needs a run of at least one epoch with 2-D codes, "
                f"received {run.codes.shape}."
            )
        self.run = run
        originals = b""
        if images is not None:
            count = run.pictures.shape[1]
            originals = require_pixels(images)[:count].tobytes()
        super().__init__(
            codes=run.codes[:, :SHOWN].astype(np.float32).tobytes(),
            labels=run.labels[:SHOWN].astype(np.uint8).tobytes(),
            pictures=run.pictures.tobytes(),
            images=originals,
            losses=run.history["loss"],
            val_losses=run.history["val_loss"],
        )

    @traitlets.validate("epoch")
    def _validate_epoch(self, proposal: Proposal) -> int:
        epoch: int = proposal["value"]
        if not 1 <= epoch <= len(self.run.codes):
            raise ValueError(f"This run has epochs 1 to {len(self.run.codes)}, received {epoch}.")
        return epoch


def explore_training(run: Run, images: npt.ArrayLike | None = None) -> Replay:
    """Replay a training.

    Args:
        run: what ``training.train`` returned, or ``shipped.load_run``.
        images: the raw validation digits it was watched on, for the originals beside the
            reconstructions, uint8 ``(n, 28, 28)``.

    Raises:
        ValueError: a run without epochs, or with codes that are not two-dimensional.
    """
    return Replay(run, images)
