"""A training, epoch by epoch."""

import numpy as np
import traitlets

from vae_lib.arrays import require_pixels
from vae_lib.run import Run
from vae_lib.widgets.shared import SHOWN, STATIC, Widget


class Replay(Widget):
    """A slider over the epochs: the map of validation digits, the loss curve, four reconstructions.

    Attributes:
        epoch: the one shown, from 1.
    """

    _esm = STATIC / "replay.js"
    codes = traitlets.Bytes().tag(sync=True)
    labels = traitlets.Bytes().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)
    images = traitlets.Bytes().tag(sync=True)
    losses = traitlets.List().tag(sync=True)
    val_losses = traitlets.List().tag(sync=True)
    epoch = traitlets.Int(1).tag(sync=True)

    def __init__(self, run: Run, images: np.ndarray | None):
        if not len(run.codes) or run.codes.shape[2] != 2:
            raise ValueError(
                f"A replay needs a run of at least one epoch with 2-D codes, received {run.codes.shape}."
            )
        self.run = run
        shown = (
            require_pixels(images)[: run.pictures.shape[1]].tobytes() if images is not None else b""
        )
        super().__init__(
            codes=run.codes[:, :SHOWN].astype(np.float32).tobytes(),
            labels=run.labels[:SHOWN].astype(np.uint8).tobytes(),
            pictures=run.pictures.tobytes(),
            images=shown,
            losses=run.history["loss"],
            val_losses=run.history["val_loss"],
        )

    @traitlets.validate("epoch")
    def _check(self, proposal: dict) -> int:
        if not 1 <= proposal["value"] <= len(self.run.codes):
            raise ValueError(
                f"This run has epochs 1 to {len(self.run.codes)}, received {proposal['value']}."
            )
        return proposal["value"]


def explore_training(run: Run, images: np.ndarray | None = None) -> Replay:
    """Replay a training.

    Args:
        run: what ``training.train`` returned, or ``shipped.load_run``.
        images: the raw validation digits it was watched on, for the originals beside the
            reconstructions, uint8 ``(n, 28, 28)``.

    Raises:
        ValueError: a run without epochs, or with codes that are not two-dimensional.
    """
    return Replay(run, images)
