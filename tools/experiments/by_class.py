"""The class-conditional VAE that decides by its own bound.

The generative model is M2's (Kingma et al., "Semi-supervised Learning with Deep Generative Models",
2014): p(y) p(z) p(x|y, z). But no classifier head decides. The bound itself is trained to tell classes
apart as well as to hold, because a bound that only holds leaves much of the label to z.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tools.experiments.common import BUILD, Experiment, truncate_mantissa
from vae_lib import data, settings
from vae_lib.inference import NumpyVAE
from vae_lib.layers import Sampling, gelu
from vae_lib.losses import negative_elbo
from vae_lib.models import VAE

LATENT_DIM, BATCH, LEARNING_RATE, EPOCHS = 20, 256, 1.5e-3, 18
JUDGED = 48  # images a step whose bounds under all ten labels are compared
TEMPERATURE, WEIGHT = 10.0, 10.0  # nats that count as one, and how much the comparison weighs
SURE, REVISED = (
    0.95,
    2,
)  # belief from which an image counts as known, and epochs between two revisions
WARPS = {
    "angle": 10.0,
    "scale": 0.1,
    "slant": 0.15,
    "shift": 1.5,
}  # largest change of a training digit


class ByClassVAE(VAE):
    """A VAE whose encoder and decoder are told the digit: ``(image, one-hot label)`` in."""

    def __init__(self, judged: int = JUDGED):
        super().__init__(_build_encoder(), _build_decoder())
        self.judged = judged

    def call(self, inputs: Any) -> dict[str, Any]:
        image, label = inputs
        z_mean, z_log_var, z = self.encoder([image, label])
        return {"z_mean": z_mean, "z_log_var": z_log_var, "logits": self.decoder([z, label])}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Negative ELBO, plus the cross-entropy of softmax(ELBO / temperature) over the ten labels."""
        image, label = x
        votes = self.elbo_by_class(image[: self.judged], y[: self.judged]) / TEMPERATURE
        decision = keras.losses.categorical_crossentropy(
            label[: self.judged], votes, from_logits=True
        )
        return super().compute_loss(x, y, y_pred) + WEIGHT * ops.mean(decision)

    def elbo_by_class(self, seen: Any, target: Any) -> Any:
        """ELBO of each image under each label, at a sampled code: nats, ``(n, 10)``."""
        labels = ops.tile(ops.eye(settings.CLASSES), (seen.shape[0], 1))
        seen, target = (ops.repeat(images, settings.CLASSES, axis=0) for images in (seen, target))
        parts = self([seen, labels])
        bound = -negative_elbo(target, parts["logits"], parts["z_mean"], parts["z_log_var"])
        return ops.reshape(bound, (-1, settings.CLASSES))

    def by_class(self) -> list[NumpyVAE]:
        """Ten plain models, one for each digit."""
        return [NumpyVAE(self.weights_by_name(), label) for label in range(settings.CLASSES)]

    def weights_by_name(self) -> dict[str, np.ndarray]:
        """As ``NumpyVAE`` takes them, with ten more rows in each first kernel."""
        kept = {}
        for part in ("encoder", "decoder"):
            dense = [
                layer for layer in getattr(self, part).layers if isinstance(layer, layers.Dense)
            ]
            for number, layer in enumerate(dense):
                prefix = (
                    f"{layer.name}_0"
                    if layer.name in ("z_mean", "z_log_var")
                    else f"{part}_{number}"
                )
                kept[f"{prefix}_kernel"], kept[f"{prefix}_bias"] = map(
                    np.asarray, layer.get_weights()
                )
        return kept


def learn(
    images: np.ndarray,
    beliefs: np.ndarray,
    epochs: int,
    revise: Callable[[ByClassVAE], np.ndarray] | None = None,
) -> ByClassVAE:
    """Train on raw images and q(y|x), ten probabilities an image: one-hot where the label is known.

    A label is drawn from q for each image, anew in each epoch, so that both terms of the loss have
    their mean under q. The comparison takes images with a sure label. ``revise`` gives new beliefs.
    """
    keras.utils.set_random_seed(settings.SEED)
    vae, steps = ByClassVAE(), epochs * (len(images) // BATCH)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps * 9 // 10, warmup_target=LEARNING_RATE, warmup_steps=steps // 10
    )
    vae.compile(optimizer=keras.optimizers.Adam(schedule, beta_2=0.99), jit_compile=True)
    one_hot = np.eye(settings.CLASSES, dtype=np.float32)
    for epoch in range(epochs):
        if revise and epoch and epoch % REVISED == 0:
            beliefs = revise(vae)
        labels = draw_labels(beliefs, np.random.default_rng((settings.SEED, epoch, 1)))
        doubt = (beliefs.max(axis=1) < 1).astype(int) + (
            beliefs.max(axis=1) < SURE
        )  # 0: known, 1: sure, 2: neither
        random = np.random.default_rng((settings.SEED, epoch))
        order = random.permutation(len(images))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            chosen = chosen[
                np.argsort(doubt[chosen], kind="stable")
            ]  # the first of a batch are compared
            batch = _warped(data.normalize(images[chosen]), random)
            shown = random.integers(0, 256, batch.shape, np.uint8) >= round(
                256 * settings.INPUT_DROPOUT
            )
            terms = vae.train_on_batch(
                (batch * shown, one_hot[labels[chosen]]), batch, return_dict=True
            )
        print(f"  epoch {epoch + 1} of {epochs}: {float(terms['loss']):.1f}", flush=True)
    return vae


def draw_labels(beliefs: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One label an image, drawn from its row of probabilities."""
    return (random.random((len(beliefs), 1)) >= beliefs.cumsum(axis=1)[:, :-1]).sum(axis=1)


def bounds(models: list[NumpyVAE], images: np.ndarray) -> np.ndarray:
    """ELBO of each raw image under each label, at the mean code: nats, ``(n, 10)``."""
    parts = []
    for part in np.array_split(images, len(images) // 1_000 + 1):
        target, columns = data.normalize(part), []
        for model in models:
            z_mean, z_log_var = model.encode(target)
            columns.append(-negative_elbo(target, model.decode_logits(z_mean), z_mean, z_log_var))
        parts.append(np.stack(columns, axis=1))
    return np.concatenate(parts)


def make_by_class() -> dict[str, Any]:
    """All labels: the shipped model, and how it decides."""
    digits = data.load_digits("mnist")
    vae = learn(digits.train.images, np.eye(settings.CLASSES)[digits.train.labels], EPOCHS)
    weights = truncate_mantissa(vae.weights_by_name())
    np.savez_compressed(BUILD / "mnist-by-class.npz", **weights)
    models, metrics = [NumpyVAE(weights, label) for label in range(settings.CLASSES)], {}
    for part in ("validation", "test"):
        images, labels = getattr(digits, part)
        found = bounds(models, images)
        metrics[f"{part}_accuracy"] = float((found.argmax(axis=1) == labels).mean())
        nats = np.concatenate([
            np.sum(models[digit].elbo_terms(data.normalize(images[labels == digit])), axis=0) for digit in range(10)
        ])  # fmt: skip
        metrics[f"{part}_negative_elbo"] = float(nats.mean())
    return {
        "metrics": metrics,
        "tolerances": {name: 0.003 if name.endswith("accuracy") else 1.5 for name in metrics},
        "conventions": "accuracy: the label with the largest ELBO at the mean code; negative ELBO: grey pixels, "
        "one sampled code, under the true label, nats per image",
        "data": "MNIST, the first 50,000 training images, turned by up to 10 degrees, scaled by up to 10% and so on",
        "settings": {
            "latent_dim": LATENT_DIM,
            "epochs": EPOCHS,
            "batch": BATCH,
            "learning_rate": LEARNING_RATE,
        }
        | {"judged": JUDGED, "temperature": TEMPERATURE, "weight": WEIGHT, "warps": WARPS},
        "weights": "float16, rounded to 7 bits after the point",
        "licence": "weights MIT; MNIST is CC BY-SA 3.0",
    }


def _build_encoder() -> keras.Model:
    image = keras.Input(settings.IMAGE_SHAPE)
    label = keras.Input((settings.CLASSES,))
    hidden = _hidden([layers.Flatten()(image), label], settings.HIDDEN_UNITS)
    z_mean = layers.Dense(LATENT_DIM, name="z_mean")(hidden)
    z_log_var = layers.Dense(LATENT_DIM, name="z_log_var")(hidden)
    z = Sampling(settings.SEED)(z_mean, z_log_var)
    return keras.Model([image, label], [z_mean, z_log_var, z])


def _build_decoder() -> keras.Model:
    z = keras.Input((LATENT_DIM,))
    label = keras.Input((settings.CLASSES,))
    hidden = _hidden([z, label], settings.HIDDEN_UNITS[::-1])
    flat_logits = layers.Dense(int(np.prod(settings.IMAGE_SHAPE)))(hidden)
    logits = layers.Reshape(settings.IMAGE_SHAPE)(flat_logits)
    return keras.Model([z, label], logits)


def _hidden(inputs: list, widths: tuple) -> Any:
    hidden = layers.Concatenate()(inputs)
    for units in widths:
        hidden = layers.Dense(units, gelu)(hidden)
    return hidden


def _warped(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    change = {
        name: random.uniform(-most, most, len(images))
        for name, most in WARPS.items()
        if name != "shift"
    }
    shift = random.uniform(-WARPS["shift"], WARPS["shift"], (2, len(images)))
    return data.warp(images, **change | {"scale": np.exp(change["scale"]), "shift": shift})


EXPERIMENTS = {
    "mnist-by-class": Experiment(
        9, "Can a VAE decide by itself which digit it sees?", make_by_class
    )
}
