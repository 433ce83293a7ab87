"""From one digit to another along a line in the latent space."""

import numpy as np
import numpy.typing as npt
import traitlets

from vae_lib.inference import NumpyVAE
from vae_lib.widgets.shared import STATIC, LatentMapWidget, Proposal, require_index


class Walk(LatentMapWidget):
    """Two digits, the line between their codes, and a slider along it.

    Attributes:
        start, end: the digits' numbers among those on the map.
        t: how far along the way, 0 to 1.
    """

    _esm = STATIC / "walk.js"
    picture = "walk"
    start = traitlets.Int(0).tag(sync=True)
    end = traitlets.Int(0).tag(sync=True)
    t = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)

    @traitlets.validate("start", "end")
    def _validate_index(self, proposal: Proposal) -> int:
        return require_index(proposal["value"], len(self.shown_labels))

    @property
    def z(self) -> np.ndarray:
        """The code reached, ``(2,)``."""
        return (1 - self.t) * self.z_mean[self.start] + self.t * self.z_mean[self.end]

    @property
    def digit(self) -> np.ndarray:
        """What is decoded there: ``(28, 28)`` in [0, 1]."""
        return self.model.decode(self.z[None])[0, ..., 0]


def explore_walk(
    model: NumpyVAE, images: npt.ArrayLike, labels: npt.ArrayLike, start: int = 0, end: int = 1
) -> Walk:
    """A walk along the line between two digits' codes.

    Args:
        model: as ``explore_latent_space`` takes it.
        images: the same.
        labels: the same.
        start: number of the first digit among ``images``.
        end: number of the last digit.

    Raises:
        TypeError, ValueError: as ``explore_latent_space``, or no digit on the map has the number.
    """
    return Walk(model, images, labels, start=start, end=end)
