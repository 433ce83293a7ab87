"""From one digit to another along a line in the latent space."""

import numpy as np
import traitlets

from vae_lib.inference import NumpyVAE
from vae_lib.widgets.shared import STATIC, LatentMapWidget, check_index


class Walk(LatentMapWidget):
    """Two digits, the line between their codes, and a slider along it.

    Attributes:
        start, end: the digits' numbers among those on the map.
        t: how far along the way, 0 to 1.
    """

    _esm = STATIC / "walk.js"
    start = traitlets.Int(0).tag(sync=True)
    end = traitlets.Int(0).tag(sync=True)
    t = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)

    @traitlets.validate("start", "end")
    def _check(self, proposal: dict) -> int:
        return check_index(proposal["value"], len(self.shown_labels))

    @property
    def z(self) -> np.ndarray:
        """The place reached, ``(2,)``."""
        return (1 - self.t) * self.z_mean[self.start] + self.t * self.z_mean[self.end]

    @property
    def digit(self) -> np.ndarray:
        """What is decoded there: ``(28, 28)`` in [0, 1]."""
        return self.model.decode(self.z[None])[0, ..., 0]


def explore_walk(
    model: NumpyVAE, images: np.ndarray, labels: np.ndarray, start: int = 0, end: int = 1
) -> Walk:
    """A walk between the digits number ``start`` and ``end``; the rest as ``explore_latent_space``."""
    return Walk(model, images, labels, start=start, end=end)
