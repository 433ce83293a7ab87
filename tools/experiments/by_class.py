"""The class-conditional VAE that decides by its own bound.

The generative model is M2's (Kingma et al., "Semi-supervised Learning with Deep Generative
Models", 2014): p(y) p(z) p(x|y, z). But no classifier head decides. The bound itself is trained to
tell classes apart as well as to hold, because a bound that only holds leaves much of the label
to z.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tools.experiments.common import BUILD, LICENCE, Experiment, truncate_mantissa
from vae_lib import data, settings, training
from vae_lib.inference import NumpyVAE
from vae_lib.layers import Sampling, gelu
from vae_lib.losses import negative_elbo
from vae_lib.models import VAE
from vae_lib.number_reader import find_bounds

NAME = "mnist-by-class"
LATENT_DIM = 20
BATCH = 256
LEARNING_RATE = 1.5e-3
EPOCHS = 18
JUDGED = 48  # images a step whose bounds under all ten labels are compared
TEMPERATURE = 10.0  # nats that count as one in the comparison
WEIGHT = 10.0  # of the comparison in the loss
SURE = 0.95  # belief from which an image counts as known
REVISED = 2  # epochs between two revisions of the beliefs
WARPS = {"angle": 10.0, "scale": 0.1, "slant": 0.15, "shift": 1.5}  # largest changes in training


class ByClassVAE(VAE):
    """A VAE whose encoder and decoder are told the digit: ``(image, one-hot label)`` in."""

    def __init__(self, judged: int = JUDGED):
        super().__init__(build_encoder(), build_decoder())
        self.judged = judged

    def call(self, inputs: Any) -> dict[str, Any]:
        image, label = inputs
        z_mean, z_log_var, z = self.encoder([image, label])
        return {"z_mean": z_mean, "z_log_var": z_log_var, "logits": self.decoder([z, label])}

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Negative ELBO, plus the cross-entropy of softmax(ELBO / temperature) over ten labels."""
        image, label = x
        logits = self.elbo_by_class(image[: self.judged], y[: self.judged]) / TEMPERATURE
        decision = keras.losses.categorical_crossentropy(
            label[: self.judged], logits, from_logits=True
        )
        return super().compute_loss(x, y, y_pred) + WEIGHT * ops.mean(decision)

    def elbo_by_class(self, seen: Any, target: Any) -> Any:
        """ELBO of each image under each label, at a sampled code: nats, ``(n, 10)``."""
        labels = ops.tile(ops.eye(settings.CLASSES), (ops.shape(seen)[0], 1))
        seen = ops.repeat(seen, settings.CLASSES, axis=0)
        target = ops.repeat(target, settings.CLASSES, axis=0)
        parts = self([seen, labels])
        bound = -negative_elbo(target, parts["logits"], parts["z_mean"], parts["z_log_var"])
        return ops.reshape(bound, (-1, settings.CLASSES))

    def by_class(self) -> list[NumpyVAE]:
        """Ten plain models, one for each digit."""
        return [NumpyVAE(self.weights_by_name(), label) for label in range(settings.CLASSES)]

    def weights_by_name(self) -> dict[str, np.ndarray]:
        """As ``NumpyVAE`` takes them, with ten more rows in each first kernel."""
        weights = {}
        for part, model in (("encoder", self.encoder), ("decoder", self.decoder)):
            dense = [layer for layer in model.layers if isinstance(layer, layers.Dense)]
            for number, layer in enumerate(dense):
                is_head = layer.name in ("z_mean", "z_log_var")
                prefix = f"{layer.name}_0" if is_head else f"{part}_{number}"
                weights[f"{prefix}_kernel"] = np.asarray(layer.kernel)
                weights[f"{prefix}_bias"] = np.asarray(layer.bias)
        return weights


def build_encoder() -> keras.Model:
    """q(z|x, y): from image and one-hot label to mean, log-variance and a sample."""
    image = keras.Input(settings.IMAGE_SHAPE)
    label = keras.Input((settings.CLASSES,))
    hidden = _hidden([layers.Flatten()(image), label], settings.HIDDEN_UNITS)
    z_mean = layers.Dense(LATENT_DIM, name="z_mean")(hidden)
    z_log_var = layers.Dense(LATENT_DIM, name="z_log_var")(hidden)
    z = Sampling(settings.SEED)(z_mean, z_log_var)
    return keras.Model([image, label], [z_mean, z_log_var, z])


def build_decoder() -> keras.Model:
    """p(x|y, z): from code and one-hot label to logits."""
    z = keras.Input((LATENT_DIM,))
    label = keras.Input((settings.CLASSES,))
    hidden = _hidden([z, label], settings.HIDDEN_UNITS[::-1])
    flat_logits = layers.Dense(int(np.prod(settings.IMAGE_SHAPE)))(hidden)
    logits = layers.Reshape(settings.IMAGE_SHAPE)(flat_logits)
    return keras.Model([z, label], logits)


def _hidden(inputs: list[Any], widths: Sequence[int]) -> Any:
    hidden = layers.Concatenate()(inputs)
    for units in widths:
        hidden = layers.Dense(units, gelu)(hidden)
    return hidden


def learn(
    images: np.ndarray,
    beliefs: np.ndarray,
    epochs: int,
    revise: Callable[[ByClassVAE], np.ndarray] | None = None,
    seed: int = settings.SEED,
) -> ByClassVAE:
    """Train on raw images and q(y|x), ten probabilities an image: one-hot where the label is known.

    A label is sampled from q for each image, anew in each epoch, so that both terms of the loss
    have their mean under q. The comparison takes images with a sure label. ``revise`` gives new
    beliefs after every second epoch. ``seed`` is that of the networks' first weights.
    """
    keras.utils.set_random_seed(seed)
    vae = ByClassVAE()
    steps = len(images) // BATCH
    vae.compile(training.make_optimizer(LEARNING_RATE, epochs * steps), jit_compile=True)
    # Two epochs a call, not a callback: Keras reads a batch ahead, and the first batch of an epoch
    # would still have the beliefs from before they were revised.
    for first in range(0, epochs, REVISED):
        if revise and first:
            beliefs = revise(vae)
        vae.fit(
            training.endless(LabelledBatches(images, beliefs), first_epoch=first),
            steps_per_epoch=steps,
            initial_epoch=first,
            epochs=min(first + REVISED, epochs),
            shuffle=False,
            verbose=2,
        )
    return vae


class LabelledBatches:
    """The batches of an epoch: ``((image, one-hot label), image)``, warped and with input dropout.

    The first of a batch are those whose label is known, then those whose label is sure: their
    bounds are compared.

    Args:
        images: uint8, shape ``(n, 28, 28)``.
        beliefs: q(y|x), shape ``(n, 10)``.
    """

    def __init__(self, images: np.ndarray, beliefs: np.ndarray):
        self.images = images
        self.beliefs = beliefs

    def __call__(self, epoch: int) -> Iterator[training.Batch]:
        labels = sample_labels(self.beliefs, np.random.default_rng((settings.SEED, epoch, 1)))
        one_hot = np.eye(settings.CLASSES, dtype=np.float32)[labels]
        doubt = rank_doubt(self.beliefs)
        random = np.random.default_rng((settings.SEED, epoch))
        order = random.permutation(len(self.images))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            chosen = chosen[np.argsort(doubt[chosen], kind="stable")]
            target = warp_slightly(data.normalize(self.images[chosen]), random)
            seen = training.drop_pixels(target, settings.INPUT_DROPOUT, random)
            yield (seen, one_hot[chosen]), target


def rank_doubt(beliefs: np.ndarray) -> np.ndarray:
    """For each image 0 if its label is known, 1 if it is sure, 2 otherwise."""
    most = beliefs.max(axis=1)
    return np.select([most == 1, most >= SURE], [0, 1], default=2)


def sample_labels(beliefs: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One label an image, sampled from its row of probabilities."""
    boundaries = beliefs.cumsum(axis=1)[:, :-1]
    return (random.random((len(beliefs), 1)) >= boundaries).sum(axis=1)


def warp_slightly(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Images in [0, 1], each turned, scaled, slanted and shifted by at most ``WARPS``."""
    n = len(images)
    angle = random.uniform(-WARPS["angle"], WARPS["angle"], n)
    log_scale = random.uniform(-WARPS["scale"], WARPS["scale"], n)
    slant = random.uniform(-WARPS["slant"], WARPS["slant"], n)
    shift = random.uniform(-WARPS["shift"], WARPS["shift"], (2, n))
    return data.warp(images, angle=angle, scale=np.exp(log_scale), slant=slant, shift=shift)


def compute_bounds(models: list[NumpyVAE], images: np.ndarray) -> np.ndarray:
    """ELBO of each raw image under each label, at the mean code: nats, ``(n, 10)``."""
    return find_bounds(models, data.normalize(images))


def make_by_class() -> dict[str, Any]:
    """All labels: the shipped model, and how it decides."""
    digits = data.load_digits("mnist")
    vae = learn(digits.train.images, np.eye(settings.CLASSES)[digits.train.labels], EPOCHS)
    weights = truncate_mantissa(vae.weights_by_name())
    np.savez_compressed(BUILD / f"{NAME}.npz", **weights)
    models = [NumpyVAE(weights, label) for label in range(settings.CLASSES)]
    metrics = {}
    for part, split in (("validation", digits.validation), ("test", digits.test)):
        decided = compute_bounds(models, split.images).argmax(axis=1)
        metrics[f"{part}_accuracy"] = float((decided == split.labels).mean())
        metrics[f"{part}_negative_elbo"] = _mean_negative_elbo(models, split)
    return {
        "metrics": metrics,
        "tolerances": {name: 0.003 if name.endswith("accuracy") else 1.5 for name in metrics},
        "conventions": "accuracy: the label with the largest ELBO at the mean code; negative ELBO: "
        "grey pixels, one sampled code, under the true label, nats per image",
        "data": "MNIST, the first 50,000 training images, turned by up to 10 degrees, scaled by up "
        "to 10% and so on",
        "settings": {
            "latent_dim": LATENT_DIM,
            "epochs": EPOCHS,
            "batch": BATCH,
            "learning_rate": LEARNING_RATE,
            "judged": JUDGED,
            "temperature": TEMPERATURE,
            "weight": WEIGHT,
            "warps": WARPS,
        },
        "weights": "float16, rounded to 7 bits after the point",
        "licence": LICENCE,
    }


def _mean_negative_elbo(models: list[NumpyVAE], split: data.Split) -> float:
    """Under the true label."""
    values = []
    for digit, model in enumerate(models):
        images = data.normalize(split.images[split.labels == digit])
        reconstruction, kl = model.elbo_terms(images)
        values.append(reconstruction + kl)
    return float(np.concatenate(values).mean())


EXPERIMENTS = {
    NAME: Experiment(9, "Can a VAE decide by itself which digit it sees?", make_by_class)
}
