"""What Keras does not have: the reparameterisation, and GELU as any language can compute it."""

from typing import Any

from vae_lib import keras_setup  # first: it names a Keras that cannot be used

# isort: split
import keras
from keras import ops

from vae_lib.arrays import Tensor, require_whole


@keras.saving.register_keras_serializable(package="vae_lib")
class Sampling(keras.layers.Layer):
    """Draw z = z_mean + exp(z_log_var / 2) * epsilon with epsilon ~ N(0, 1).

    The noise comes from outside, so gradients reach z_mean and z_log_var
    (Kingma and Welling, 2013, section 2.4; built in notebook 02, used in 03).

    Args:
        seed: start of this layer's own random stream; a fresh one if None.

    Call arguments:
        z_mean: shape ``(batch, latent_dim)``.
        z_log_var: same shape.

    Returns:
        z, same shape.
    """

    def __init__(self, seed: int | None = None, **kwargs: Any):
        keras_setup.require_settings()
        super().__init__(**kwargs)
        self.seed = None if seed is None else require_whole(seed, "seed", least=0)
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def call(self, z_mean: Tensor, z_log_var: Tensor) -> Tensor:
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.seed_generator)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon

    def compute_output_shape(self, z_mean_shape: tuple, z_log_var_shape: tuple) -> tuple:
        return z_mean_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed}


@keras.saving.register_keras_serializable(package="vae_lib")
def gelu(x: Tensor) -> Tensor:
    """GELU in its tanh form: a ReLU with a rounded corner.

    Formula: x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x**3)))
    (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, section 2). Keras' default is the
    exact form, whose error function NumPy and browsers lack.

    Args:
        x: any shape.

    Returns:
        Same shape.
    """
    return ops.gelu(x, approximate=True)
