"""A trained VAE as plain NumPy: no TensorFlow, ready in well under a second."""

import math
from collections.abc import Mapping, Sequence
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from vae_lib.arrays import Floats, as_whole, require_codes, require_images
from vae_lib.formulas import bernoulli_nll, gaussian_kl, gelu, sigmoid
from vae_lib.settings import CLASSES, IMAGE_SHAPE

PIXELS = math.prod(IMAGE_SHAPE)
BATCH = 1_000  # images a pass: bounds the memory
PROBE = np.linspace(-4, 4, 33, dtype=np.float32)  # where an activation is compared
# Keras' own layers without weights that leave values as they are when no training goes on
NEUTRAL = {"InputLayer", "Flatten", "Reshape", "Identity", "ActivityRegularization"}
NEUTRAL |= {"Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout"}

Layer = tuple[Floats, Floats]
"""Kernel ``(in, out)`` and bias ``(out,)`` of a dense layer."""


class KerasLayer(Protocol):
    """What ``NumpyVAE.from_keras`` reads of a Keras layer."""

    name: str

    def get_weights(self) -> list[np.ndarray]:
        """All weights of the layer as arrays."""


class KerasNetwork(Protocol):
    """What ``NumpyVAE.from_keras`` reads of a Keras model."""

    @property
    def layers(self) -> Sequence[KerasLayer]:
        """The layers, those that feed another before it."""


class HasNetworks(Protocol):
    """A VAE with an encoder and a decoder, as ``models.VAE`` is."""

    @property
    def encoder(self) -> KerasNetwork:
        """From an image to its approximate posterior."""

    @property
    def decoder(self) -> KerasNetwork:
        """From a code to logits."""


class NumpyVAE:
    """Encoder and decoder as matrix products; agrees with the Keras model to 1e-4.

    Images and codes are passed through the networks a thousand at a time, so that the memory
    for the hidden layers does not grow with their number.

    Args:
        weights: float arrays ``encoder_0_kernel`` (in, out), ``encoder_0_bias`` (out,), and so
            on; the same for ``decoder_…``, ``z_mean_…`` and ``z_log_var_…`` (number 0). Every
            layer but the heads and the decoder's last is followed by ``gelu``.
        label: the digit, for the weights of a class-conditional VAE. There the label enters
            encoder and decoder as ten more inputs of the first layer, all zero but one; so a
            fixed label only adds a row of weights to that layer's bias.

    Attributes:
        weights: the arrays above, float32; with a label, those of the digit's own networks.
        latent_dim: the number of latent dimensions.

    Raises:
        ValueError: weights that are missing, do not fit together, or are not finite, or a label
            that is no digit.
    """

    def __init__(self, weights: Mapping[str, npt.ArrayLike], label: int | None = None):
        self.weights = {name: np.asarray(array, np.float32) for name, array in weights.items()}
        if label is not None:
            self._fix_label(label)
        self._encoder = self._layers("encoder")
        self._mean = self._layers("z_mean")[0]
        self._log_var = self._layers("z_log_var")[0]
        self._decoder = self._layers("decoder")
        self.latent_dim = len(self._decoder[0][0])
        _require_fit([*self._encoder, self._mean], PIXELS, self.latent_dim)
        _require_fit([*self._encoder, self._log_var], PIXELS, self.latent_dim)
        _require_fit(self._decoder, self.latent_dim, PIXELS)

    def encode(self, images: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Approximate posterior of each image: ``z_mean`` and ``z_log_var``.

        Args:
            images: float, shape ``(n, 28, 28, 1)``, in [0, 1].

        Returns:
            Two float32 arrays of shape ``(n, latent_dim)``.

        Raises:
            TypeError, ValueError: as ``arrays.require_images`` does.
        """
        pixels = require_images(images).reshape(-1, PIXELS)
        z_mean = np.empty((len(pixels), self.latent_dim), np.float32)
        z_log_var = np.empty_like(z_mean)
        for start in range(0, len(pixels), BATCH):
            part = slice(start, start + BATCH)
            hidden: Floats = pixels[part]
            for layer in self._encoder:
                hidden = gelu(_dense(hidden, layer))
            z_mean[part] = _dense(hidden, self._mean)
            z_log_var[part] = _dense(hidden, self._log_var)
        return z_mean, z_log_var

    def decode_logits(self, z: npt.ArrayLike) -> Floats:
        """Logit of each pixel, float32 ``(n, 28, 28, 1)``, for codes ``(n, latent_dim)``.

        Raises:
            TypeError, ValueError: as ``arrays.require_codes`` does.
        """
        codes = require_codes(z, self.latent_dim)
        logits = np.empty((len(codes), PIXELS), np.float32)
        for start in range(0, len(codes), BATCH):
            part = slice(start, start + BATCH)
            hidden: Floats = codes[part]
            for layer in self._decoder[:-1]:
                hidden = gelu(_dense(hidden, layer))
            logits[part] = _dense(hidden, self._decoder[-1])
        return logits.reshape(-1, *IMAGE_SHAPE)

    def decode(self, z: npt.ArrayLike) -> Floats:
        """Decoded images in [0, 1], float32 ``(n, 28, 28, 1)``, for codes ``(n, latent_dim)``.

        Raises:
            TypeError, ValueError: as ``arrays.require_codes`` does.
        """
        return sigmoid(self.decode_logits(z))

    def sample(self, n: int, seed: int | None = None) -> Floats:
        """New images: ``n`` codes from the prior N(0, 1), decoded; float32 ``(n, 28, 28, 1)``."""
        z = np.random.default_rng(seed).standard_normal((n, self.latent_dim))
        return self.decode(z)

    def elbo_terms(self, images: npt.ArrayLike, seed: int | None = 0) -> tuple[Floats, Floats]:
        """Both terms of the negative ELBO, with one sampled z an image: reconstruction and KL.

        Args:
            images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
            seed: of the noise; None takes no sample but the mean code, which suits a comparison
                of models and overstates the ELBO.

        Returns:
            Two arrays of nats per image, shape ``(n,)``; their sum is the negative ELBO.

        Raises:
            TypeError, ValueError: as ``arrays.require_images`` does.
        """
        targets = require_images(images)
        z_mean, z_log_var = self.encode(targets)
        z = z_mean
        if seed is not None:
            epsilon = np.random.default_rng(seed).standard_normal(z_mean.shape, np.float32)
            z = z_mean + np.exp(0.5 * z_log_var) * epsilon
        reconstruction = np.empty(len(targets), np.float32)
        for start in range(0, len(targets), BATCH):
            part = slice(start, start + BATCH)
            reconstruction[part] = bernoulli_nll(targets[part], self.decode_logits(z[part]))
        return reconstruction, gaussian_kl(z_mean, z_log_var)

    @classmethod
    def from_keras(cls, vae: HasNetworks) -> Self:
        """Copy the weights out of a ``models.VAE`` (this module itself never imports Keras).

        Raises:
            ValueError: a model without encoder and decoder, or with layers or activations that
                this class does not compute.
        """
        if not (hasattr(vae, "encoder") and hasattr(vae, "decoder")):
            raise ValueError(
                f"NumpyVAE needs a model with encoder and decoder, received {type(vae).__name__}."
            )
        encoder = _dense_weights("encoder", vae.encoder)
        decoder = _dense_weights("decoder", vae.decoder)
        return cls({**encoder, **decoder})

    def _fix_label(self, label: int) -> None:
        """Turn the last ten rows of both first kernels into what they add for one label."""
        whole = as_whole(label)
        if whole is None or not 0 <= whole < CLASSES:
            raise ValueError(f"label must be a digit from 0 to {CLASSES - 1}, received {label}.")
        for first in ("encoder_0", "decoder_0"):
            kernel = self._finite(f"{first}_kernel")
            bias = self._finite(f"{first}_bias")
            self.weights[f"{first}_kernel"] = kernel[:-CLASSES]
            self.weights[f"{first}_bias"] = bias + kernel[-CLASSES:][whole]

    def _layers(self, part: str) -> list[Layer]:
        """All layers of a part of the model, in order; at least one."""
        layers: list[Layer] = []
        while not layers or f"{part}_{len(layers)}_kernel" in self.weights:
            name = f"{part}_{len(layers)}"
            layers.append((self._finite(f"{name}_kernel"), self._finite(f"{name}_bias")))
        return layers

    def _finite(self, name: str) -> Floats:
        if name not in self.weights:
            raise ValueError(f"The weights {name} are missing: load another file, or train again.")
        if not np.isfinite(self.weights[name]).all():
            raise ValueError(
                f"The weights {name} are not finite: load another file, or train again."
            )
        return self.weights[name]


def _dense(x: Floats, layer: Layer) -> Floats:
    kernel, bias = layer
    return x @ kernel + bias


def _require_fit(layers: list[Layer], width_in: int, width_out: int) -> None:
    """Raise ValueError unless the layers lead from one width to the other."""
    width = width_in
    for kernel, bias in layers:
        if kernel.ndim != 2 or kernel.shape[0] != width or bias.shape != kernel.shape[1:]:
            raise ValueError(
                f"These weights do not fit together: kernel {kernel.shape} with bias {bias.shape} "
                f"follows a layer of width {width}; take all arrays from one model for "
                f"{IMAGE_SHAPE} images, and name the label if it is a class-conditional one."
            )
        width = kernel.shape[1]
    if width != width_out:
        raise ValueError(
            f"These weights do not fit together: the last layer gives {width} numbers in place of "
            f"{width_out}; take all arrays from one model for {IMAGE_SHAPE} images."
        )


def _dense_weights(part: str, network: KerasNetwork) -> dict[str, np.ndarray]:
    """The weights of a network's dense layers, by the names that ``NumpyVAE`` takes."""
    dense = [layer for layer in network.layers if _is_dense(layer)]
    heads = [layer for layer in dense if layer.name in ("z_mean", "z_log_var")]
    linear = heads if part == "encoder" else dense[-1:]
    weights: dict[str, np.ndarray] = {}
    number = 0
    for layer in dense:
        _require_activation(layer, linear=layer in linear)
        if layer in heads:
            name = f"{layer.name}_0"
        else:
            name = f"{part}_{number}"
            number += 1
        weights[f"{name}_kernel"], weights[f"{name}_bias"] = _kernel_and_bias(layer)
    return weights


def _is_dense(layer: KerasLayer) -> bool:
    """Whether the layer has weights to copy; False for one that changes nothing, or samples.

    Raises:
        ValueError: it computes what ``NumpyVAE`` does not.
    """
    if getattr(layer, "data_format", None) == "channels_first":
        raise ValueError(
            "NumpyVAE reads pixels with the channels last, received the layer "
            f"{layer.name} with the channels first: call "
            "keras.config.set_image_data_format('channels_last') and build the model anew."
        )
    kind = type(layer).__name__
    if kind == "Dense":
        return True
    of_keras = type(layer).__module__.partition(".")[0] == "keras"
    if layer.get_weights() or (of_keras and kind not in NEUTRAL):
        raise ValueError(
            f"NumpyVAE copies dense layers alone, received {layer.name} of the kind {kind}: build "
            "the networks with models.build_encoder and models.build_decoder."
        )
    return False


def _kernel_and_bias(layer: KerasLayer) -> list[np.ndarray]:
    arrays = layer.get_weights()
    if len(arrays) != 2:
        raise ValueError(
            f"NumpyVAE copies a kernel and a bias of each layer, received {len(arrays)} arrays of "
            f"{layer.name}: build that layer with use_bias=True."
        )
    return arrays


def _require_activation(layer: KerasLayer, linear: bool) -> None:
    """Raise ValueError unless the layer's activation is the one that ``NumpyVAE`` computes.

    It is compared by its values, since several functions share the name gelu.
    """
    activation = getattr(layer, "activation", None)
    computed = PROBE if activation is None else np.asarray(activation(PROBE))
    wanted = PROBE if linear else gelu(PROBE)
    if not np.allclose(computed, wanted, rtol=0, atol=1e-5):
        name = getattr(activation, "__name__", type(activation).__name__)
        expected = "no activation" if linear else "layers.gelu, with the tanh"
        raise ValueError(
            f"NumpyVAE computes {expected}, received the activation {name} in the layer "
            f"{layer.name}: build it with the activation that NumpyVAE computes, or use the Keras "
            "model itself."
        )
