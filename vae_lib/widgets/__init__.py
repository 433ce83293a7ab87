"""Widgets to move through the latent space by hand.

They take arrays and a ``NumpyVAE``; nothing loads TensorFlow.
"""

from vae_lib.widgets.drawing_pad import explore_drawing
from vae_lib.widgets.latent_pad import explore_latent_space
from vae_lib.widgets.loss_explorer import explore_loss
from vae_lib.widgets.postal_code import explore_postal_code
from vae_lib.widgets.posterior import explore_posterior
from vae_lib.widgets.replay import explore_training
from vae_lib.widgets.sliders import explore_sliders
from vae_lib.widgets.walk import explore_walk

__all__ = [
    "explore_drawing",
    "explore_latent_space",
    "explore_loss",
    "explore_postal_code",
    "explore_posterior",
    "explore_sliders",
    "explore_training",
    "explore_walk",
]
