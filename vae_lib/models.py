"""The encoder (the paper's figure 1), the decoder (figure 2) and the two joined: the VAE."""

from collections.abc import Callable, Sequence
from typing import Any

from vae_lib import keras_setup  # first: it names a Keras that cannot be used

# isort: split
import keras
import numpy as np
from keras import layers, ops

from vae_lib.arrays import Tensor, as_whole, require_codes, require_images, require_whole
from vae_lib.layers import Sampling, gelu
from vae_lib.losses import bernoulli_nll, gaussian_kl
from vae_lib.settings import DECODER_INIT_RANGE, HIDDEN_UNITS, IMAGE_SHAPE, LATENT_DIM, SEED

BATCH = 1_000  # images per forward pass outside training: bounds the memory
ACTIVATIONS = {"gelu": gelu, "relu": "relu", "tanh": "tanh"}  # gelu in its tanh form, see layers


def build_encoder(
    latent_dim: int = LATENT_DIM,
    hidden_units: Sequence[int] = HIDDEN_UNITS,
    seed: int = SEED,
    activation: str = "gelu",
) -> keras.Model:
    """Dense encoder q(z|x): image in, two heads out, and a sample drawn from them (figure 1).

    Args:
        latent_dim: numbers in a code.
        hidden_units: widths of the hidden layers, from the image to the code.
        seed: start of the initial weights and of the sampling noise.
        activation: of the hidden layers, "gelu", "relu" or "tanh".

    Returns:
        A Keras model from images ``(batch, 28, 28, 1)`` in [0, 1] to
        ``[z_mean, z_log_var, z]``, each ``(batch, latent_dim)``.

    Raises:
        ValueError: a width that is not a positive whole number, or another activation.
    """
    keras_setup.require_settings()
    latent_dim, *hidden_units = _check_widths(latent_dim, *hidden_units)
    seed = require_whole(seed, "seed", least=0)
    curve = find_activation(activation)
    image = keras.Input(IMAGE_SHAPE, name="image")
    hidden = layers.Flatten(name="flatten")(image)
    for number, units in enumerate(hidden_units, 1):
        hidden = _dense(units, f"hidden_{number}", seed + number, curve)(hidden)
    z_mean = _dense(latent_dim, "z_mean", seed + 11)(hidden)
    z_log_var = _dense(latent_dim, "z_log_var", seed + 12)(hidden)
    z = Sampling(seed, name="z")(z_mean, z_log_var)
    return keras.Model(image, [z_mean, z_log_var, z], name="encoder")


def build_decoder(
    latent_dim: int = LATENT_DIM,
    hidden_units: Sequence[int] = HIDDEN_UNITS,
    seed: int = SEED,
    init_range: float | None = DECODER_INIT_RANGE,
    activation: str = "gelu",
) -> keras.Model:
    """Dense decoder p(x|z): code in, one logit a pixel out (figure 2).

    Args:
        latent_dim: numbers in a code.
        hidden_units: widths as the encoder has them; the decoder takes them in reverse.
        seed: start of the initial weights.
        init_range: range of the initial weights and biases of the layer behind the code, see
            ``decoder_initializers``; None starts this layer as Keras starts every other.
        activation: of the hidden layers, as the encoder has it.

    Returns:
        A Keras model from z ``(batch, latent_dim)`` to logits ``(batch, 28, 28, 1)``.

    Raises:
        ValueError: a width that is not a positive whole number, or another activation.
    """
    keras_setup.require_settings()
    latent_dim, *hidden_units = _check_widths(latent_dim, *hidden_units)
    seed = require_whole(seed, "seed", least=0)
    curve = find_activation(activation)
    z = keras.Input((latent_dim,), name="z")
    hidden = z
    for number, units in enumerate(reversed(hidden_units), 1):
        name = f"hidden_{number}"
        if number == 1 and init_range is not None:
            kernel, bias = decoder_initializers(latent_dim, seed, init_range)
            layer = layers.Dense(
                units, curve, kernel_initializer=kernel, bias_initializer=bias, name=name
            )
        else:
            layer = _dense(units, name, seed + 20 + number, curve)
        hidden = layer(hidden)
    flat_logits = _dense(int(np.prod(IMAGE_SHAPE)), "flat_logits", seed + 31)(hidden)
    logits = layers.Reshape(IMAGE_SHAPE, name="logits")(flat_logits)
    return keras.Model(z, logits, name="decoder")


def decoder_initializers(
    latent_dim: int = LATENT_DIM, seed: int = SEED, init_range: float = DECODER_INIT_RANGE
) -> tuple[keras.initializers.Initializer, keras.initializers.Initializer]:
    """Initial weights and biases of the decoder's first layer: uniform, and wide.

    A unit of this layer bends along the line w·z + b = 0. With Keras' biases of zero all these
    lines would pass through the origin, and with its small weights they would bend little where
    the codes lie. Wide weights and biases spread the lines over the plane of codes. A longer code
    adds up more terms, so its weights are narrower by the square root of its length.

    Args:
        latent_dim: numbers in a code.
        seed: start of the random values.
        init_range: largest absolute value for a 2-D code.

    Returns:
        The kernel's initialiser and the bias's.
    """
    seed = require_whole(seed, "seed", least=0)
    limit = init_range * (LATENT_DIM / latent_dim) ** 0.5
    kernel = keras.initializers.RandomUniform(-limit, limit, seed + 41)
    bias = keras.initializers.RandomUniform(-limit, limit, seed + 42)
    return kernel, bias


def build_vae(
    latent_dim: int = LATENT_DIM,
    hidden_units: Sequence[int] = HIDDEN_UNITS,
    seed: int = SEED,
    kl_weight: float = 1.0,
    init_range: float | None = DECODER_INIT_RANGE,
    activation: str = "gelu",
) -> "VAE":
    """The paper's network: ``build_encoder`` and ``build_decoder``, joined.

    Two models made with the same arguments start from the same weights and sample the same noise.

    Args:
        latent_dim: numbers in a code.
        hidden_units: widths of the encoder's hidden layers, mirrored in the decoder.
        seed: start of the initial weights and of the sampling noise.
        kl_weight: factor of the KL term in the loss; 1 gives the ELBO.
        init_range: of the decoder's first layer, see ``build_decoder``.
        activation: of the hidden layers, "gelu", "relu" or "tanh".

    Raises:
        ValueError: a width that is not a positive whole number, or another activation.
    """
    encoder = build_encoder(latent_dim, hidden_units, seed, activation)
    decoder = build_decoder(latent_dim, hidden_units, seed, init_range, activation)
    return VAE(encoder, decoder, kl_weight=kl_weight)


@keras.saving.register_keras_serializable(package="vae_lib")
class VAE(keras.Model):
    """A variational autoencoder trained on the negative ELBO, in nats per image.

    ``fit`` takes ``(images, targets)``: what the encoder sees, and what the decoder must give
    back. ``.keras`` files bring back weights and optimiser exactly; the noise stream starts anew.

    Args:
        encoder: a model from images to ``[z_mean, z_log_var, z]``, each ``(batch, latent_dim)``.
        decoder: a model from z to the parameters of p(x|z), for Bernoulli pixels one logit each.
        nll: the reconstruction term, ``nll(targets, decoder_output)``: nats per image, shape
            ``(batch,)``. To load a saved model, a function of your own must be registered with
            ``keras.saving.register_keras_serializable``.
        kl_weight: factor of the KL term in the loss. 1 gives the ELBO, another value the β-VAE; a
            ``keras.Variable(1.0, trainable=False)`` can be changed by a callback during training.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        nll: Callable[[Tensor, Tensor], Tensor] = bernoulli_nll,
        kl_weight: float = 1.0,
        **kwargs: Any,
    ):
        keras_setup.require_settings()
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.nll = nll
        self.kl_weight = kl_weight
        # Keras keeps the mean of the total itself, under the name "loss"
        self.reconstruction_tracker = keras.metrics.Mean("reconstruction")
        self.kl_tracker = keras.metrics.Mean("kl")
        self.built = True

    @property
    def latent_dim(self) -> int:
        """Numbers in a code."""
        return self.decoder.inputs[0].shape[-1]

    def call(self, images: Tensor) -> dict[str, Tensor]:
        z_mean, z_log_var, z = self.encoder(images)
        return {"z_mean": z_mean, "z_log_var": z_log_var, "z": z, "logits": self.decoder(z)}

    def compute_loss(
        self,
        x: Tensor = None,
        y: Tensor = None,
        y_pred: Any = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        """Mean of the loss over the batch, a scalar in nats per image; ``y`` are the targets."""
        reconstruction = self.nll(y, y_pred["logits"])
        kl = gaussian_kl(y_pred["z_mean"], y_pred["z_log_var"])
        self.note_terms(reconstruction, kl)
        return ops.mean(self.weigh(reconstruction, kl))

    def note_terms(self, reconstruction: Tensor, kl: Tensor) -> None:
        """Keep both terms, ``(batch,)`` each, for what training reports."""
        # per image, so that the mean over unequal batches is right, as Keras' own of the loss is
        self.reconstruction_tracker.update_state(reconstruction)
        self.kl_tracker.update_state(kl)

    def weigh(self, reconstruction: Tensor, kl: Tensor) -> Tensor:
        """The loss of each image from its two terms, all in nats, ``(batch,)``."""
        return reconstruction + self.kl_weight * kl

    def encode(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Posterior of each image: ``z_mean`` and ``z_log_var``, float32 ``(n, latent_dim)``.

        Args:
            images: float, shape ``(n, 28, 28, 1)``, in [0, 1].

        Raises:
            TypeError, ValueError: as ``arrays.require_images`` does.
        """
        z_mean, z_log_var, _ = _in_batches(self.encoder, require_images(images))
        return z_mean, z_log_var

    def decode_logits(self, z: np.ndarray) -> np.ndarray:
        """Logit of each pixel, float32 ``(n, 28, 28, 1)``, for codes ``(n, latent_dim)``."""
        return _in_batches(self.decoder, require_codes(z, self.latent_dim))

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Decoded images in [0, 1], float32 ``(n, 28, 28, 1)``, for codes ``(n, latent_dim)``.

        Raises:
            TypeError, ValueError: as ``arrays.require_codes`` does.
        """
        return np.asarray(ops.sigmoid(self.decode_logits(z)))

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """New images: ``n`` codes from the prior N(0, 1), decoded; float32 ``(n, 28, 28, 1)``."""
        return self.decode(np.random.default_rng(seed).standard_normal((n, self.latent_dim)))

    def get_config(self) -> dict[str, Any]:
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "encoder": serialize(self.encoder),
            "decoder": serialize(self.decoder),
            "nll": serialize(self.nll),
            "kl_weight": float(self.kl_weight),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "VAE":
        """The model that ``get_config`` described, its weights untrained."""
        parts = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("encoder", "decoder", "nll")
        }
        return cls(**{**config, **parts})


def _dense(units: int, name: str, seed: int, activation: Any = None) -> layers.Dense:
    return layers.Dense(
        units, activation, kernel_initializer=keras.initializers.GlorotUniform(seed), name=name
    )


def find_activation(name: str) -> Any:
    """What Keras' layers take for the name of an activation.

    Raises:
        ValueError: another name than "gelu", "relu" and "tanh".
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be 'gelu', 'relu' or 'tanh', received {name!r}.")
    return ACTIVATIONS[name]


def _in_batches(model: keras.Model, inputs: np.ndarray) -> Any:
    """``model.predict`` without its 50 ms a call and without its graph; arrays out."""
    parts = [model(inputs[start : start + BATCH]) for start in range(0, max(len(inputs), 1), BATCH)]
    return keras.tree.map_structure(
        lambda *part: np.concatenate([np.asarray(p) for p in part]), *parts
    )


def _check_widths(*widths: int) -> list[int]:
    """The widths as Python's own integers, which Keras insists on."""
    whole = [as_whole(width) for width in widths]
    checked = [width for width in whole if width is not None and width > 0]
    if len(checked) != len(widths):
        raise ValueError(f"Layer widths must be whole numbers of at least 1, received {widths}.")
    return checked
