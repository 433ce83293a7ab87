"""A trained VAE as plain NumPy: no TensorFlow, ready in well under a second."""

from typing import Any

import numpy as np

from vae_lib.arrays import check_codes, check_images
from vae_lib.formulas import bernoulli_nll, gaussian_kl, gelu, sigmoid
from vae_lib.settings import CLASSES, IMAGE_SHAPE

Layers = list[tuple[np.ndarray, np.ndarray]]


class NumpyVAE:
    """Encoder and decoder as matrix products; agrees with the Keras model to 1e-4.

    Args:
        weights: float arrays ``encoder_0_kernel`` (in, out), ``encoder_0_bias`` (out,), and so
            on; the same for ``decoder_…``, ``z_mean_…`` and ``z_log_var_…`` (number 0). Every layer
            but the heads and the decoder's last is followed by ``gelu``.

        label: the digit, for the weights of a class-conditional VAE. There the label enters encoder
            and decoder as ten more inputs of the first layer, all zero but one; so a fixed label
            only adds a row of weights to that layer's bias.

    Raises:
        ValueError: weights that are missing, do not fit together, or are not finite.
    """

    def __init__(self, weights: dict[str, np.ndarray], label: int | None = None):
        self.weights = {name: np.asarray(array, np.float32) for name, array in weights.items()}
        for part in ("encoder_0", "decoder_0") if label is not None else ():
            kernel, rows = np.split(self.weights[f"{part}_kernel"], [-CLASSES])
            self.weights |= {
                f"{part}_kernel": kernel,
                f"{part}_bias": self.weights[f"{part}_bias"] + rows[label],
            }
        parts = [self._layers(part) for part in ("encoder", "z_mean", "z_log_var", "decoder")]
        self._encoder, (self._mean,), (self._log_var,), self._decoder = parts
        self.latent_dim = len(self._decoder[0][0])
        pixels = int(np.prod(IMAGE_SHAPE))
        for chain, width, end in (
            ([*self._encoder, self._mean], pixels, self.latent_dim),
            ([*self._encoder, self._log_var], pixels, self.latent_dim),
            (self._decoder, self.latent_dim, pixels),
        ):
            for kernel, bias in [*chain, (np.empty((end, 0)), np.empty(0))]:
                if kernel.ndim != 2 or kernel.shape[0] != width or bias.shape != kernel.shape[1:]:
                    raise ValueError(
                        f"These weights do not fit together: kernel {kernel.shape} with bias {bias.shape} follows "
                        f"a layer of width {width}; take all arrays from one model for {IMAGE_SHAPE} images."
                    )
                width = kernel.shape[1]

    def encode(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Posterior of each image: ``z_mean`` and ``z_log_var``, float32 ``(n, latent_dim)``.

        Args:
            images: float, shape ``(n, 28, 28, 1)``, in [0, 1].

        Raises:
            TypeError, ValueError: as ``arrays.check_images`` does.
        """
        hidden = check_images(images).reshape(len(images), int(np.prod(IMAGE_SHAPE)))
        for kernel, bias in self._encoder:
            hidden = gelu(hidden @ kernel + bias)
        return tuple(hidden @ kernel + bias for kernel, bias in (self._mean, self._log_var))

    def decode_logits(self, z: np.ndarray) -> np.ndarray:
        """Logit of each pixel, float32 ``(n, 28, 28, 1)``, for codes ``(n, latent_dim)``.

        Raises:
            TypeError, ValueError: as ``arrays.check_codes`` does.
        """
        hidden = check_codes(z, self.latent_dim)
        for kernel, bias in self._decoder[:-1]:
            hidden = gelu(hidden @ kernel + bias)
        kernel, bias = self._decoder[-1]
        return (hidden @ kernel + bias).reshape(-1, *IMAGE_SHAPE)

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Decoded images in [0, 1], float32 ``(n, 28, 28, 1)``, for codes ``(n, latent_dim)``."""
        return sigmoid(self.decode_logits(z))

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """New images: ``n`` codes from the prior N(0, 1), decoded; float32 ``(n, 28, 28, 1)``."""
        return self.decode(np.random.default_rng(seed).standard_normal((n, self.latent_dim)))

    def elbo_terms(self, images: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Both terms of the negative ELBO, one sampled z an image: reconstruction and KL.

        Args:
            images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
            seed: start of the noise.

        Returns:
            Two arrays of nats per image, shape ``(n,)``; their sum is the negative ELBO.
        """
        z_mean, z_log_var = self.encode(images)
        epsilon = np.random.default_rng(seed).standard_normal(z_mean.shape, np.float32)
        logits = self.decode_logits(z_mean + np.exp(0.5 * z_log_var) * epsilon)
        return bernoulli_nll(images, logits), gaussian_kl(z_mean, z_log_var)

    @classmethod
    def from_keras(cls, vae: Any) -> "NumpyVAE":
        """Copy the weights out of a ``models.VAE`` (this room itself never imports Keras).

        Raises:
            ValueError: a model with layers that are not dense.
        """
        if not (hasattr(vae, "encoder") and hasattr(vae, "decoder")):
            raise ValueError(
                f"NumpyVAE needs a model with encoder and decoder, received {type(vae).__name__}."
            )
        weights = {}
        for part in ("encoder", "decoder"):
            number = 0
            for layer in filter(lambda layer: layer.weights, getattr(vae, part).layers):
                kind = type(layer).__name__
                if kind != "Dense":
                    raise ValueError(
                        f"NumpyVAE copies dense layers alone, received {layer.name}, a {kind}."
                    )
                is_head = layer.name in ("z_mean", "z_log_var")
                prefix = f"{layer.name}_0" if is_head else f"{part}_{number}"
                weights[f"{prefix}_kernel"], weights[f"{prefix}_bias"] = map(
                    np.asarray, layer.get_weights()
                )
                number += not is_head
        return cls(weights)

    def _layers(self, part: str) -> Layers:
        count = sum(
            name.startswith(f"{part}_") and name.endswith("_kernel") for name in self.weights
        )
        names = [
            (f"{part}_{number}_kernel", f"{part}_{number}_bias") for number in range(max(count, 1))
        ]
        for name in sum(names, ()):
            if name not in self.weights or not np.isfinite(self.weights[name]).all():
                fault = "not finite" if name in self.weights else "missing"
                raise ValueError(
                    f"The weights {name} are {fault}: load another file, or train again."
                )
        return [(self.weights[kernel], self.weights[bias]) for kernel, bias in names]
