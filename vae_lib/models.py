"""The encoder (the paper's figure 1), the decoder (figure 2) and the two joined: the VAE."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from vae_lib.arrays import check_codes, check_images
from vae_lib.layers import Sampling, gelu
from vae_lib.losses import bernoulli_nll, gaussian_kl
from vae_lib.settings import DECODER_INIT_RANGE, HIDDEN_UNITS, IMAGE_SHAPE, LATENT_DIM, SEED

BATCH = 1_000  # images per forward pass outside training: bounds the memory


def build_encoder(
    latent_dim: int = LATENT_DIM, hidden_units: Sequence[int] = HIDDEN_UNITS, seed: int = SEED
) -> keras.Model:
    """Dense encoder q(z|x): image in, two heads out, and a sample drawn from them (figure 1).

    Args:
        latent_dim: numbers in a code.
        hidden_units: widths of the hidden layers, from the image to the code.
        seed: start of the initial weights and of the sampling noise.

    Returns:
        A Keras model from images ``(batch, 28, 28, 1)`` in [0, 1] to
        ``[z_mean, z_log_var, z]``, each ``(batch, latent_dim)``.

    Raises:
        ValueError: a width that is not a positive whole number.
    """
    _check_widths(latent_dim, *hidden_units)
    image = keras.Input(IMAGE_SHAPE, name="image")
    hidden = layers.Flatten(name="flatten")(image)
    for number, units in enumerate(hidden_units, 1):
        hidden = _dense(units, f"hidden_{number}", seed + number, gelu)(hidden)
    z_mean = _dense(latent_dim, "z_mean", seed + 11)(hidden)
    z_log_var = _dense(latent_dim, "z_log_var", seed + 12)(hidden)
    z = Sampling(seed, name="z")(z_mean, z_log_var)
    return keras.Model(image, [z_mean, z_log_var, z], name="encoder")


def build_decoder(
    latent_dim: int = LATENT_DIM, hidden_units: Sequence[int] = HIDDEN_UNITS, seed: int = SEED
) -> keras.Model:
    """Dense decoder p(x|z): code in, one logit a pixel out (figure 2).

    Args:
        latent_dim: numbers in a code.
        hidden_units: widths as the encoder has them; the decoder takes them in reverse.
        seed: start of the initial weights.

    Returns:
        A Keras model from z ``(batch, latent_dim)`` to logits ``(batch, 28, 28, 1)``.

    Raises:
        ValueError: a width that is not a positive whole number.
    """
    _check_widths(latent_dim, *hidden_units)
    z = keras.Input((latent_dim,), name="z")
    hidden = z
    for number, units in enumerate(reversed(hidden_units), 1):
        layer = _dense(units, f"hidden_{number}", seed + 20 + number, gelu)
        if (
            number == 1
        ):  # with Keras' small weights and zero biases all hinges would cross the origin
            spread = (
                DECODER_INIT_RANGE * (LATENT_DIM / latent_dim) ** 0.5
            )  # a wide code adds up as far as a short one
            layer.kernel_initializer = keras.initializers.RandomUniform(-spread, spread, seed + 41)
            layer.bias_initializer = keras.initializers.RandomUniform(-spread, spread, seed + 42)
        hidden = layer(hidden)
    flat_logits = _dense(int(np.prod(IMAGE_SHAPE)), "flat_logits", seed + 31)(hidden)
    logits = layers.Reshape(IMAGE_SHAPE, name="logits")(flat_logits)
    return keras.Model(z, logits, name="decoder")


@keras.saving.register_keras_serializable(package="vae_lib")
class VAE(keras.Model):
    """A variational autoencoder trained on the negative ELBO, in nats per image.

    Two models made with the same arguments start from the same weights. ``fit`` takes
    ``(images, images)``: what the encoder sees, and what the decoder must give back.
    ``.keras`` files bring back weights and optimiser exactly; the noise stream starts anew.

    Args:
        latent_dim: numbers in a code.
        hidden_units: widths of the encoder's hidden layers, mirrored in the decoder.
        seed: start of the initial weights and of the noise.
    """

    def __init__(
        self,
        latent_dim: int = LATENT_DIM,
        hidden_units: Sequence[int] = HIDDEN_UNITS,
        seed: int = SEED,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.latent_dim, self.hidden_units, self.seed = latent_dim, tuple(hidden_units), seed
        self.encoder = build_encoder(latent_dim, hidden_units, seed)
        self.decoder = build_decoder(latent_dim, hidden_units, seed)
        # Keras keeps the mean of the total itself, under the name "loss"
        self.reconstruction_tracker = keras.metrics.Mean("reconstruction")
        self.kl_tracker = keras.metrics.Mean("kl")
        self.built = True

    def call(self, images: Any) -> dict[str, Any]:
        z_mean, z_log_var, z = self.encoder(images)
        return {"z_mean": z_mean, "z_log_var": z_log_var, "z": z, "logits": self.decoder(z)}

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Mean over the batch of the negative ELBO of the images ``y``: a scalar, nats per image."""
        reconstruction = bernoulli_nll(y, y_pred["logits"])
        kl = gaussian_kl(y_pred["z_mean"], y_pred["z_log_var"])
        # per image, so that the mean over unequal batches is right, as Keras' own of the loss is
        self.reconstruction_tracker.update_state(reconstruction)
        self.kl_tracker.update_state(kl)
        return ops.mean(reconstruction + kl)

    def encode(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Posterior of each image: ``z_mean`` and ``z_log_var``, float32 ``(n, latent_dim)``.

        Args:
            images: float, shape ``(n, 28, 28, 1)``, in [0, 1].

        Raises:
            TypeError, ValueError: as ``arrays.check_images`` does.
        """
        z_mean, z_log_var, _ = _in_batches(self.encoder, check_images(images))
        return z_mean, z_log_var

    def decode_logits(self, z: np.ndarray) -> np.ndarray:
        """Logit of each pixel, float32 ``(n, 28, 28, 1)``, for codes ``(n, latent_dim)``."""
        return _in_batches(self.decoder, check_codes(z, self.latent_dim))

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Decoded images in [0, 1], float32 ``(n, 28, 28, 1)``, for codes ``(n, latent_dim)``.

        Raises:
            TypeError, ValueError: as ``arrays.check_codes`` does.
        """
        return np.asarray(ops.sigmoid(self.decode_logits(z)))

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """New images: ``n`` codes from the prior N(0, 1), decoded; float32 ``(n, 28, 28, 1)``."""
        return self.decode(np.random.default_rng(seed).standard_normal((n, self.latent_dim)))

    def get_config(self) -> dict:
        return super().get_config() | {
            name: getattr(self, name) for name in ("latent_dim", "hidden_units", "seed")
        }


def _dense(units: int, name: str, seed: int, activation: Any = None) -> layers.Dense:
    return layers.Dense(
        units, activation, kernel_initializer=keras.initializers.GlorotUniform(seed), name=name
    )


def _in_batches(model: keras.Model, inputs: np.ndarray) -> Any:
    """``model.predict`` without its 50 ms a call and without its graph; arrays out."""
    parts = [model(inputs[start : start + BATCH]) for start in range(0, max(len(inputs), 1), BATCH)]
    return keras.tree.map_structure(
        lambda *part: np.concatenate([np.asarray(p) for p in part]), *parts
    )


def _check_widths(*widths: int) -> None:
    if not all(isinstance(width, (int, np.integer)) and width > 0 for width in widths):
        raise ValueError(f"Layer widths must be whole numbers of at least 1, received {widths}.")
