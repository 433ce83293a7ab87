"""A digit's posterior on the map, and draws from it."""

import numpy as np
import traitlets

from vae_lib.inference import NumpyVAE
from vae_lib.widgets.shared import STATIC, LatentMapWidget, check_index


class Posterior(LatentMapWidget):
    """One digit's ellipse on the map, eight draws from it, and what they decode to.

    Attributes:
        index: the digit's number among those on the map.
        seed: of the noise; another number draws anew.
    """

    _esm = STATIC / "posterior.js"
    log_vars = traitlets.Bytes().tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)

    def __init__(self, model: NumpyVAE, images: np.ndarray, labels: np.ndarray):
        super().__init__(model, images, labels)
        self.log_vars = self.z_log_var.tobytes()

    @traitlets.validate("index")
    def _check(self, proposal: dict) -> int:
        return check_index(proposal["value"], len(self.shown_labels))


def explore_posterior(model: NumpyVAE, images: np.ndarray, labels: np.ndarray) -> Posterior:
    """The posterior of a digit of your choice; arguments and errors as ``explore_latent_space``."""
    return Posterior(model, images, labels)
