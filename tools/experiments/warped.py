"""For notebook 09: the 20-D VAE again, with data augmentation.

In each epoch the digits are turned, scaled, slanted, shifted and thickened anew.
"""

from typing import Any

import numpy as np

from tools.experiments.common import BUILD, Experiment, encode, truncate_mantissa
from vae_lib import data, evaluation, settings, training
from vae_lib.inference import NumpyVAE
from vae_lib.models import build_vae

NAME = "mnist-20d-warped"
LATENT_DIM = 20
EPOCHS = 20
LEARNING_RATE = 1.5e-3
# Lowest and highest value of each uniform draw. A hand tilts and slants a digit about so far, a
# pen and a frame move, thicken and resize it so; further out, five at once, digits leave the
# frame, are worn away or mean another.
RANGES = {
    "angle": (-25, 25),
    "scale": (0.75, 1.25),
    "slant": (-0.3, 0.3),
    "shift": (-3, 3),
    "thickness": (-0.5, 0.5),
}
REFERENCE_DIGITS = 20_000  # labelled digits among which neighbours are looked for
VALIDATION_SEED, REFERENCE_SEED = 1_000, 1_001  # that no epoch has
PART = 2_000  # images warped at a time: bounds the memory


def warp_at_random(images: np.ndarray, seed: int) -> np.ndarray:
    """Raw images, uint8 ``(n, 28, 28)``, each warped by its own five draws from ``RANGES``."""
    random = np.random.default_rng((settings.SEED, seed, 1))  # not training's own stream
    warped = []
    for part in np.array_split(images, len(images) // PART + 1):
        changes = {}
        for name, (lowest, highest) in RANGES.items():
            if name != "shift":
                changes[name] = random.uniform(lowest, highest, len(part))
        changes["shift"] = random.uniform(*RANGES["shift"], (2, len(part)))
        warped.append(data.to_raw(data.warp(data.normalize(part), **changes)))
    return np.concatenate(warped)


def make_warped() -> dict[str, Any]:
    """Train with ``warp_at_random`` as the augmentation of each epoch, and judge what is stored."""
    digits = data.load_digits("mnist")
    validation = digits.validation
    warped = warp_at_random(validation.images, VALIDATION_SEED)
    vae = build_vae(LATENT_DIM)
    run = training.train(
        vae,
        digits._replace(validation=data.Split(warped, validation.labels)),
        epochs=EPOCHS,
        learning_rate=LEARNING_RATE,
        augment=warp_at_random,
        jit_compile=True,
    )
    weights = truncate_mantissa(NumpyVAE.from_keras(vae).weights)
    np.savez_compressed(BUILD / f"{NAME}.npz", **weights)
    metrics = measure(NumpyVAE(weights), digits, warped)
    return {
        "data": "MNIST, the first 50,000 training images, warped afresh each epoch; test images "
        "scored once",
        "conventions": "nats per image; negative ELBO on grey pixels as Bernoulli targets, one "
        f"sampled code an image; 15-NN: of the codes of the first {REFERENCE_DIGITS:,} training "
        "images, plain or warped once, the 15 nearest vote",
        "settings": {
            "latent_dim": LATENT_DIM,
            "epochs": EPOCHS,
            "learning_rate": LEARNING_RATE,
            "ranges": RANGES,
            "hidden_units": settings.HIDDEN_UNITS,
            "batch_size": settings.BATCH_SIZE,
            "input_dropout": settings.INPUT_DROPOUT,
            "seed": settings.SEED,
        },
        "seconds": round(run.seconds),
        "history": {"val_loss_on_warped_digits": np.round(run.history["val_loss"], 2).tolist()},
        "metrics": metrics,
        "tolerances": {name: 0.01 if "knn" in name else 1.0 for name in metrics},
    }


def measure(model: NumpyVAE, digits: data.Digits, warped: np.ndarray) -> dict[str, float]:
    """Negative ELBO and 15-NN accuracy on plain and on warped digits.

    Args:
        model: to judge.
        digits: plain ones.
        warped: the validation digits, warped.
    """
    train_labels = digits.train.labels[:REFERENCE_DIGITS]
    train_images = digits.train.images[:REFERENCE_DIGITS]
    train_codes = {
        "knn": encode(model, train_images),
        "knn_warped_voters": encode(model, warp_at_random(train_images, REFERENCE_SEED)),
    }
    held_out = {
        "validation": digits.validation,
        "test": digits.test,
        "warped_validation": data.Split(warped, digits.validation.labels),
    }
    metrics = {}
    for part, (images, labels) in held_out.items():
        score = evaluation.estimate_negative_elbo(model, data.normalize(images))
        metrics[f"{part}_negative_elbo"] = round(score.mean, 2)
        codes = encode(model, images)
        for kind, known in train_codes.items():
            accuracy = evaluation.knn_accuracy(known, train_labels, codes, labels)
            metrics[f"{part}_{kind}"] = accuracy
    return metrics


EXPERIMENTS = {
    NAME: Experiment(
        10, "What does the 20-D code gain and lose if it learns from warped digits?", make_warped
    )
}
