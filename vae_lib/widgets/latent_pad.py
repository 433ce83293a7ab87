"""A point on the map that decodes in the browser as it moves."""

import numpy as np
import numpy.typing as npt
import traitlets

from vae_lib.inference import NumpyVAE
from vae_lib.widgets.shared import STATIC, LatentMapWidget, Proposal


class LatentPad(LatentMapWidget):
    """The map of digits with a point to drag, click or step; ``z`` is the point.

    Attributes:
        z: its two coordinates, in standard deviations of the prior; set it to move the point.
    """

    _esm = STATIC / "latent_pad.js"
    picture = "latent_pad"
    z = traitlets.List(traitlets.Float(), [0.0, 0.0], 2, 2).tag(sync=True)

    @traitlets.validate("z")
    def _validate_z(self, proposal: Proposal) -> list[float]:
        z: list[float] = proposal["value"]
        if not np.isfinite(z).all():
            raise traitlets.TraitError(f"z must be two finite numbers, received {z}.")
        return z

    @property
    def digit(self) -> np.ndarray:
        """What the browser shows at ``z``, decoded by NumPy: ``(28, 28)`` in [0, 1]."""
        return self.model.decode([self.z])[0, ..., 0]

    @property
    def neighbour(self) -> int:
        """Number of the digit on the map whose code lies nearest to ``z``."""
        return int(((self.z_mean - self.z) ** 2).sum(axis=1).argmin())


def explore_latent_space(
    model: NumpyVAE, images: npt.ArrayLike, labels: npt.ArrayLike
) -> LatentPad:
    """The latent pad over a model's map.

    Args:
        model: with 2 latent dimensions; ``NumpyVAE.from_keras`` makes one of your own.
        images: raw digits for the map, uint8 ``(n, 28, 28)``; the first 2,000 are shown.
        labels: ``(n,)``.

    Raises:
        TypeError, ValueError: a model without a plane, or images that are not raw pixels.
    """
    return LatentPad(model, images, labels)
