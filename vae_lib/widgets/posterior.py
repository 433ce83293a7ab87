"""A digit's approximate posterior on the map, and samples from it."""

import numpy.typing as npt
import traitlets

from vae_lib.inference import NumpyVAE
from vae_lib.widgets.shared import STATIC, LatentMapWidget, Proposal, require_index


class Posterior(LatentMapWidget):
    """One digit's ellipse on the map, eight samples from it, and what they decode to.

    Attributes:
        index: the digit's number among those on the map.
        seed: of the noise; another seed gives other samples.
    """

    _esm = STATIC / "posterior.js"
    picture = "posterior"
    log_vars = traitlets.Bytes().tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)

    def __init__(self, model: NumpyVAE, images: npt.ArrayLike, labels: npt.ArrayLike):
        super().__init__(model, images, labels)
        self.log_vars = self.z_log_var.tobytes()

    @traitlets.validate("index")
    def _validate_index(self, proposal: Proposal) -> int:
        return require_index(proposal["value"], len(self.shown_labels))


def explore_posterior(model: NumpyVAE, images: npt.ArrayLike, labels: npt.ArrayLike) -> Posterior:
    """The approximate posterior of a digit of your choice.

    Args:
        model: as ``explore_latent_space`` takes it.
        images: the same.
        labels: the same.

    Raises:
        TypeError, ValueError: as ``explore_latent_space``.
    """
    return Posterior(model, images, labels)
