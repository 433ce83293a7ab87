"""The formulas of the series in NumPy: one home for what inference, evaluation and widgets compute.

``losses`` has the two terms of the negative ELBO under the same names for Keras tensors, and
``widgets/js/vae.js`` has them for the browser; tests compare the three. Nothing here imports
TensorFlow.
"""

import numpy as np
import numpy.typing as npt

from vae_lib.arrays import Floats, require_unit_range

BATCH = 200  # images a pass in double precision: bounds the memory
_underflow_is_zero = np.errstate(under="ignore")  # whatever the reader's ``np.seterr`` says

GELU_CUBIC = 0.044715
GELU_SCALE = float(np.sqrt(2 / np.pi))


@_underflow_is_zero
def gaussian_kl(z_mean: npt.ArrayLike, z_log_var: npt.ArrayLike) -> Floats:
    """KL divergence of the posterior N(z_mean, exp(z_log_var)) from the prior N(0, 1).

    Formula: 0.5 * sum(z_mean**2 + exp(z_log_var) - 1 - z_log_var)
    (Kingma and Welling, "Auto-Encoding Variational Bayes", 2013, appendix B).

    Args:
        z_mean: shape ``(..., latent_dim)``.
        z_log_var: natural logarithm of the variance, same shape.

    Returns:
        Nats per image, summed over the last axis: shape ``(...)``.
    """
    return gaussian_kl_per_dimension(z_mean, z_log_var).sum(axis=-1)


@_underflow_is_zero
def gaussian_kl_per_dimension(z_mean: npt.ArrayLike, z_log_var: npt.ArrayLike) -> Floats:
    """The terms that ``gaussian_kl`` sums, one a latent dimension: nats, same shape."""
    mean, log_var = np.asarray(z_mean), np.asarray(z_log_var)
    # expm1 keeps the digits that exp(x) - 1 loses near the prior
    return 0.5 * (mean**2 + np.expm1(log_var) - log_var)


@_underflow_is_zero
def bernoulli_nll(images: npt.ArrayLike, logits: npt.ArrayLike) -> Floats:
    """Reconstruction term -log p(x|z): cross-entropy of Bernoulli pixels, summed over the image.

    On grey pixels in [0, 1] this is a cross-entropy, not a likelihood: it cannot fall below
    ``entropy_floor``. On binary pixels it is exactly -log p(x|z).

    Formula: sum(log(1 + exp(logits)) - images * logits), stable for any size of logit
    (Kingma and Welling, 2013, appendix C.1, written with logits).

    Args:
        images: targets in [0, 1], shape ``(n, ...)``.
        logits: decoder output before the sigmoid, same shape.

    Returns:
        Nats per image, shape ``(n,)``.
    """
    per_pixel = bernoulli_nll_per_pixel(images, logits)
    return per_pixel.sum(axis=tuple(range(1, per_pixel.ndim)))


@_underflow_is_zero
def bernoulli_nll_per_pixel(pixels: npt.ArrayLike, logits: npt.ArrayLike) -> Floats:
    """The terms that ``bernoulli_nll`` sums, one a pixel: nats, in the shape of both together."""
    targets, x = np.asarray(pixels), np.asarray(logits)
    # log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), where no exponential overflows
    softplus = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return softplus - targets * x


def entropy_floor(images: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Entropy of the grey pixels themselves: no decoder's cross-entropy can fall below it.

    Formula: -sum(x log x + (1 - x) log(1 - x)), the Bernoulli cross-entropy at its best, when
    every pixel is predicted exactly.

    Args:
        images: float, shape ``(n, ...)``, in [0, 1].

    Returns:
        Nats per image, shape ``(n,)``; zero for binary images.

    Raises:
        TypeError: not floating point.
        ValueError: a value outside [0, 1], or NaN.
    """
    from scipy.special import entr  # -x log x, and 0 at 0

    targets = np.asarray(images)
    if not np.issubdtype(targets.dtype, np.floating):
        raise TypeError(
            f"Images must be floats in [0, 1], received {targets.dtype}: call data.normalize first."
        )
    require_unit_range(targets, "Images")
    floor = np.empty(len(targets))
    for start in range(0, len(targets), BATCH):
        part = slice(start, start + BATCH)
        pixels = targets[part].astype(np.float64)
        per_pixel = entr(pixels) + entr(1 - pixels)
        floor[part] = per_pixel.sum(axis=tuple(range(1, per_pixel.ndim)))
    return floor


@_underflow_is_zero
def gelu(x: npt.ArrayLike) -> Floats:
    """GELU in its tanh form, as ``layers.gelu`` has it: a ReLU with a rounded corner.

    Formula: x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x**3)))
    (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, section 2).

    Args:
        x: float, any shape.

    Returns:
        Same shape.
    """
    array = np.asarray(x)
    result = np.empty_like(array)  # one array, changed in place from here: a third of the time
    np.multiply(array, array, out=result)
    result *= GELU_CUBIC
    result += 1
    result *= array
    result *= GELU_SCALE
    np.tanh(result, out=result)
    result += 1
    result *= array
    result *= 0.5
    return result


@_underflow_is_zero
def softmax(logits: Floats) -> Floats:
    """Probabilities ``(n, classes)`` of logits, each row shifted so that nothing overflows."""
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Floats = weights / weights.sum(axis=1, keepdims=True)
    return probabilities


@_underflow_is_zero
def sigmoid(logits: npt.ArrayLike) -> Floats:
    """Probability of a logit, 1 / (1 + exp(-logit)): from any real number to [0, 1].

    Formula: 0.5 + 0.5 * tanh(logit / 2), which is the same and does not overflow.

    Args:
        logits: float, any shape.

    Returns:
        Same shape.
    """
    return 0.5 + 0.5 * np.tanh(0.5 * np.asarray(logits))


@_underflow_is_zero
def log_mean_exp(values: npt.ArrayLike, axis: int = 0) -> Floats:
    """Logarithm of the mean of exponentials: a mean of probabilities given as logarithms.

    Formula: m + log(mean(exp(values - m))) with the largest value m, so that nothing overflows
    (used by Burda, Grosse and Salakhutdinov, "Importance Weighted Autoencoders", 2015, equation 8).

    Args:
        values: natural logarithms, any shape.
        axis: the axis that the mean is taken over.

    Returns:
        The shape of ``values`` without that axis.
    """
    logarithms = np.asarray(values)
    peak = logarithms.max(axis=axis, keepdims=True)
    mean = np.exp(logarithms - peak).mean(axis=axis, keepdims=True)
    return np.squeeze(peak + np.log(mean), axis=axis)
