"""The two terms of the negative ELBO and their sum: one value per image, in nats.

Nothing is averaged here: pixels and latent dimensions are summed, and the caller takes the
mean over images once. Notebook 02 derives each formula.
"""

from vae_lib import keras_setup  # noqa: F401  # first: it names a Keras that cannot be used

# isort: split
import keras
import numpy as np
from keras import ops

from vae_lib.arrays import Tensor, require_unit_range


def gaussian_kl(z_mean: Tensor, z_log_var: Tensor) -> Tensor:
    """KL divergence of the Gaussian posterior N(z_mean, exp(z_log_var)) from the prior N(0, 1).

    Formula: 0.5 * sum(z_mean**2 + exp(z_log_var) - 1 - z_log_var)
    (Kingma and Welling, "Auto-Encoding Variational Bayes", 2013, appendix B).

    Args:
        z_mean: shape ``(batch, latent_dim)``.
        z_log_var: natural logarithm of the variance, same shape.

    Returns:
        Nats per image, shape ``(batch,)``, never below zero.

    Raises:
        TypeError: not floating point.
        ValueError: shapes that differ or have no batch axis, or NaN.
    """
    _require_pair("z_mean", z_mean, "z_log_var", z_log_var)
    # expm1 keeps the digits that exp(x) - 1 loses near the prior
    return 0.5 * ops.sum(ops.square(z_mean) + ops.expm1(z_log_var) - z_log_var, axis=-1)


@keras.saving.register_keras_serializable(package="vae_lib")
def bernoulli_nll(images: Tensor, logits: Tensor) -> Tensor:
    """Reconstruction term -log p(x|z): cross-entropy of Bernoulli pixels, summed over the image.

    On grey pixels in [0, 1] this is a cross-entropy, not a likelihood: it cannot fall below
    ``formulas.entropy_floor``. On binary pixels it is exactly -log p(x|z).

    Formula: sum(log(1 + exp(logits)) - images * logits), stable for any size of logit.

    Args:
        images: targets in [0, 1], shape ``(batch, ...)``.
        logits: decoder output before the sigmoid, same shape.

    Returns:
        Nats per image, shape ``(batch,)``.

    Raises:
        TypeError: not floating point (raw uint8 pixels, for instance).
        ValueError: shapes that differ or have no batch axis, targets outside [0, 1], or NaN.
    """
    _require_pair("images", images, "logits", logits)
    values = _values(images)
    if values is not None:
        require_unit_range(values, "images")
    per_pixel = ops.softplus(logits) - images * logits
    return ops.sum(per_pixel, axis=tuple(range(1, len(per_pixel.shape))))


def negative_elbo(images: Tensor, logits: Tensor, z_mean: Tensor, z_log_var: Tensor) -> Tensor:
    """Negative evidence lower bound: ``bernoulli_nll`` plus ``gaussian_kl``, weight 1 each.

    Args:
        images: targets in [0, 1], shape ``(batch, ...)``.
        logits: decoder output at a sampled z, same shape.
        z_mean: shape ``(batch, latent_dim)``.
        z_log_var: same shape.

    Returns:
        Nats per image, shape ``(batch,)``.

    Raises:
        TypeError, ValueError: as the two terms do.
    """
    return bernoulli_nll(images, logits) + gaussian_kl(z_mean, z_log_var)


def _values(tensor: Tensor) -> np.ndarray | None:
    """The numbers in a tensor, or None while Keras traces a graph and there are none yet."""
    if isinstance(tensor, np.ndarray) or hasattr(tensor, "numpy"):
        return np.asarray(tensor)
    return None


def _require_pair(name_a: str, a: Tensor, name_b: str, b: Tensor) -> None:
    """Raise unless both are float tensors without NaN, of one shape with a batch axis."""
    _require_floats(name_a, a)
    _require_floats(name_b, b)
    shape_a, shape_b = tuple(a.shape), tuple(b.shape)
    if len(shape_a) < 2 or shape_a != shape_b:
        raise ValueError(
            f"{name_a} and {name_b} share one shape (batch, ...), received {shape_a} and {shape_b}."
        )


def _require_floats(name: str, tensor: Tensor) -> None:
    kind = getattr(tensor, "dtype", None) or type(tensor).__name__
    if "float" not in str(kind) or not hasattr(tensor, "shape"):
        raise TypeError(
            f"{name} must be an array of floats, received {kind}: "
            "data.normalize makes raw pixels so."
        )
    values = _values(tensor)
    if values is not None and np.isnan(values).any():
        raise ValueError(
            f"{name} holds {np.isnan(values).sum()} NaN: "
            "is there a division by zero in your layers?"
        )
