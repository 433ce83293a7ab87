"""Feedback on a whole VAE that a reader has written from an empty cell (exercise 05.4).

It looks at the model from outside: shapes, sampling, the loss against formulas of its own, the
gradient of every weight, the weight of the KL term, and the result. It prints a line for each and
never raises, so that "run all" goes on past an exercise that is still open.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from vae_lib.console import say
from vae_lib.formulas import bernoulli_nll, gaussian_kl
from vae_lib.settings import IMAGE_SHAPE

SAMPLES = 2_000  # of one image's z: their mean is then known to about 2% of a standard deviation
STRONG = 100  # a KL weight at which no model can hide that its loss does not use it


class Fault(Exception):
    """What is wrong with a model, in one sentence."""


def check_vae(vae: Any, images: np.ndarray, below: float) -> bool:
    """Print what is right and what is wrong with a reader's own VAE.

    Args:
        vae: a compiled and trained ``keras.Model`` with ``encoder`` (images to z_mean, z_log_var
            and z), ``decoder`` (z to logits) and ``kl_weight`` (a variable that has become 1);
            Ellipsis while the exercise is open.
        images: that it has not been trained on, float ``(n, 28, 28, 1)`` in [0, 1].
        below: the loss to reach, in nats per image.

    Returns:
        Whether everything is right.
    """
    if vae is ...:
        say("05.4 is still open: put your own model in place of the dots.")
        return False
    try:
        for good in _findings(vae, images, below):
            say(f"✓ {good}")
    except Fault as fault:
        say(f"✗ {fault}")
        return False
    say("05.4 is right: this is a working variational autoencoder.")
    return True


def _findings(vae: Any, images: np.ndarray, below: float) -> Iterator[str]:
    yield _check_shapes(vae, images[:8])
    yield _check_sampling(vae, images[:1])
    yield _check_gradients(vae, images[:64])
    yield _check_loss(vae, images, below)
    yield _check_kl_weight(vae, images)


def _check_shapes(vae: Any, images: np.ndarray) -> str:
    for part in ("encoder", "decoder"):
        if not callable(getattr(vae, part, None)):
            raise Fault(f"my_vae.{part} is missing: keep the model there.")
    parts = vae.encoder(images)
    if not isinstance(parts, (list, tuple)) or len(parts) != 3:
        raise Fault("The encoder has to return three things: z_mean, z_log_var and z.")
    shapes = [tuple(part.shape) for part in parts]
    if len(set(shapes)) != 1 or len(shapes[0]) != 2 or shapes[0][0] != len(images):
        raise Fault(
            "z_mean, z_log_var and z have to share one shape (batch, latent_dim), "
            f"received {shapes}."
        )
    decoded = tuple(vae.decoder(parts[2]).shape)
    if decoded != (len(images), *IMAGE_SHAPE):
        raise Fault(f"The decoder has to return shape (batch, 28, 28, 1), received {decoded}.")
    return f"shapes: {len(images)} images, {shapes[0][1]} latent dimensions, logits {decoded[1:]}"


def _check_sampling(vae: Any, image: np.ndarray) -> str:
    z_mean, z_log_var, z = map(np.asarray, vae.encoder(np.repeat(image, SAMPLES, axis=0)))
    if np.ptp(z, axis=0).max() == 0:
        raise Fault("z is the same for every call: sample epsilon anew, and add it to z_mean.")
    standard = (z - z_mean) / np.exp(0.5 * z_log_var)
    spread, middle = standard.std(), abs(standard.mean())
    if not 0.9 < spread < 1.1:
        raise Fault(
            f"The samples of z spread {spread:.2f} times as far as exp(z_log_var / 2): "
            "the standard deviation is exp of half the log-variance."
        )
    if middle > 0.1:
        raise Fault("The samples of z are not centred on z_mean: is epsilon sampled from N(0, 1)?")
    return f"sampling: {SAMPLES:,} samples of one z have the mean and the spread that they should"


def _check_gradients(vae: Any, images: np.ndarray) -> str:
    """One step of plain gradient descent changes each weight that has a gradient."""
    import keras

    names = [weight.path for weight in vae.trainable_weights]
    if not names:
        raise Fault("my_vae has no trainable weights: are encoder and decoder its attributes?")
    kept, optimizer = vae.get_weights(), vae.optimizer
    before = [keras.ops.convert_to_numpy(weight) for weight in vae.trainable_weights]
    vae.compile(optimizer=keras.optimizers.SGD(1.0))
    vae.train_on_batch(images, images)
    after = [keras.ops.convert_to_numpy(weight) for weight in vae.trainable_weights]
    vae.set_weights(kept)
    vae.compile(optimizer=optimizer)
    for name, old, new in zip(names, before, after, strict=True):
        if np.array_equal(old, new):
            raise Fault(f"The loss has no gradient with respect to {name}: what cuts its path?")
    return f"gradients: all {len(names)} arrays of weights receive one"


def _evaluate(vae: Any, images: np.ndarray) -> dict[str, float]:
    return vae.evaluate(images, images, batch_size=len(images), verbose=0, return_dict=True)


def _compute_terms(vae: Any, images: np.ndarray) -> tuple[float, float]:
    """Reconstruction term and KL divergence by formulas that are not the reader's."""
    z_mean, z_log_var, z = map(np.asarray, vae.encoder(images))
    reconstruction = bernoulli_nll(images, np.asarray(vae.decoder(z))).mean()
    return reconstruction, gaussian_kl(z_mean, z_log_var).mean()


def _check_loss(vae: Any, images: np.ndarray, below: float) -> str:
    loss = float(_evaluate(vae, images)["loss"])
    reconstruction, kl = _compute_terms(vae, images)
    total = reconstruction + kl
    if abs(loss - total) > 0.02 * total:
        raise Fault(
            f"Your loss is {loss:.2f}, but reconstruction {reconstruction:.1f} plus KL {kl:.1f} is "
            f"{total:.1f} nats per image: {_why(loss, reconstruction, kl)}."
        )
    if total >= below:
        raise Fault(
            f"The loss is {total:.1f} nats on new images and has to be below {below:g}: "
            "train for more epochs."
        )
    return f"loss: {reconstruction:.1f} + {kl:.1f} = {total:.1f} nats per image, below {below:g}"


def _check_kl_weight(vae: Any, images: np.ndarray) -> str:
    """Another value of the variable changes the loss as it should; it is put back."""
    weight: Any = getattr(vae, "kl_weight", None)
    if not hasattr(weight, "assign"):
        raise Fault("my_vae.kl_weight is missing: keep a keras.Variable there.")
    if any(weight is trained for trained in vae.trainable_weights):
        raise Fault(
            "The optimiser would lower the loss by lowering my_vae.kl_weight: make the variable "
            "with trainable=False."
        )
    kept = float(weight)
    if abs(kept - 1) > 1e-6:
        raise Fault(f"my_vae.kl_weight is {kept:.2g} and has to be 1 after the training.")
    weight.assign(STRONG)
    reported = _evaluate(vae, images)
    weight.assign(kept)
    reconstruction, kl = _compute_terms(vae, images)
    loss, total = float(reported["loss"]), reconstruction + STRONG * kl
    if abs(loss - total) > 0.02 * total:
        raise Fault(
            f"With a KL weight of {STRONG} your loss is {loss:.1f}, and reconstruction "
            f"{reconstruction:.1f} plus {STRONG} times KL {kl:.1f} is {total:.1f}: multiply the KL "
            "term by self.kl_weight in compute_loss."
        )
    if abs(reported.get("kl_weight", 0) - STRONG) > 1e-3:
        raise Fault(
            "The log does not show kl_weight: update a keras.metrics.Mean of this name in "
            "compute_loss."
        )
    return "KL weight: a variable that the loss uses, the log shows, and no optimiser changes"


def _why(loss: float, reconstruction: float, kl: float) -> str:
    """The usual mistake that gives this loss."""
    pixels = int(np.prod(IMAGE_SHAPE))
    usual = {
        "the KL divergence is missing": reconstruction,
        "the pixels are averaged, which gives the KL divergence 784 times its weight; "
        "sum them": reconstruction / pixels + kl,
        "both terms are averaged; sum over pixels and over latent dimensions": reconstruction
        / pixels
        + kl / 2,
        "the factor 1/2 of the KL divergence is missing": reconstruction + 2 * kl,
        "the KL divergence is subtracted": reconstruction - kl,
    }
    for words, value in usual.items():
        if abs(loss - value) < 0.02 * abs(value):
            return words
    return "sum over pixels and over latent dimensions, then take the mean over the batch"
