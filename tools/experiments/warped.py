"""For notebook 09: the 20-D VAE again, on digits turned, scaled, slanted, shifted and thickened afresh each epoch."""

import time
from typing import Any

import keras
import numpy as np

from tools.experiments.common import BUILD, Experiment, encode, truncate_mantissa
from vae_lib import data, evaluation, settings, training
from vae_lib.inference import NumpyVAE
from vae_lib.models import build_vae

NAME, LATENT_DIM, EPOCHS, LEARNING_RATE = "mnist-20d-warped", 20, 20, 1.5e-3
# Lowest and highest value of each uniform draw. A hand tilts and slants a digit about so far, a pen and a frame move,
# thicken and resize it so; further out, five at once, digits leave the frame, are worn away or mean another.
RANGES = {
    "angle": (-25, 25), "scale": (0.75, 1.25), "slant": (-0.3, 0.3), "shift": (-3, 3), "thickness": (-0.5, 0.5)
}  # fmt: skip
VOTERS, FRESH_VALIDATION, FRESH_VOTERS = (
    20_000,
    1_000,
    1_001,
)  # labelled neighbours; seeds that no epoch has


def warp_at_random(images: np.ndarray, seed: int) -> np.ndarray:
    """Raw images, uint8 ``(n, 28, 28)``, each warped by its own five draws from ``RANGES``."""
    random, warped = (
        np.random.default_rng((settings.SEED, seed, 1)),
        [],
    )  # not training's own stream
    for part in np.array_split(images, len(images) // 2_000 + 1):  # for the memory
        draws = {
            name: random.uniform(*ends, len(part))
            for name, ends in RANGES.items()
            if name != "shift"
        }
        draws["shift"] = random.uniform(*RANGES["shift"], (2, len(part)))
        warped.append(
            np.round(255 * data.warp(data.normalize(part), **draws)[..., 0]).astype(np.uint8)
        )
    return np.concatenate(warped)


def make_warped() -> dict[str, Any]:
    """``training.train`` cannot change the images between epochs, so its loop stands here in short."""
    digits, began = data.load_digits("mnist"), time.monotonic()
    vae, history = build_vae(LATENT_DIM), []
    steps = EPOCHS * (len(digits.train.images) // settings.BATCH_SIZE)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - steps // 10, warmup_target=LEARNING_RATE, warmup_steps=steps // 10
    )
    vae.compile(optimizer=keras.optimizers.Adam(schedule, beta_2=0.99), jit_compile=True)
    held_out = warp_at_random(digits.validation.images, FRESH_VALIDATION)
    for epoch in range(EPOCHS):
        fresh = warp_at_random(digits.train.images, epoch)
        for shown, whole in training.training_batches(
            fresh, settings.BATCH_SIZE, settings.INPUT_DROPOUT, settings.SEED, epoch
        ):
            vae.train_on_batch(shown, whole)
        history.append(
            round(evaluation.estimate_negative_elbo(vae, data.normalize(held_out)).mean, 2)
        )
        print(f"epoch {epoch + 1}: {history[-1]} nats on warped validation digits", flush=True)
    seconds = time.monotonic() - began
    weights = truncate_mantissa(NumpyVAE.from_keras(vae).weights)
    np.savez_compressed(BUILD / f"{NAME}.npz", **weights)
    metrics = _measure(NumpyVAE(weights), digits, held_out)
    return {
        "data": "MNIST, the first 50,000 training images, warped afresh each epoch; test images scored once",
        "conventions": "nats per image; negative ELBO on grey pixels as Bernoulli targets, one sampled code an image; "
        f"15-NN: of the codes of the first {VOTERS:,} training images, plain or warped once, the 15 nearest vote",
        "settings": {
            "latent_dim": LATENT_DIM,
            "epochs": EPOCHS,
            "learning_rate": LEARNING_RATE,
            "ranges": RANGES,
        }
        | {
            name: getattr(settings, name.upper())
            for name in ("hidden_units", "batch_size", "input_dropout", "seed")
        },
        "seconds": round(seconds),
        "history": {"val_loss_on_warped_digits": history},
        "metrics": metrics,
        "tolerances": {name: 0.01 if "knn" in name else 1.0 for name in metrics},
    }


def _measure(model: NumpyVAE, digits: data.Digits, warped: np.ndarray) -> dict[str, float]:
    parts = {
        "validation": digits.validation.images,
        "test": digits.test.images,
        "warped_validation": warped,
    }
    labels = {"test": digits.test.labels}
    train, metrics = digits.train.images[:VOTERS], {}
    voters = {
        "": encode(model, train),
        "_warped_voters": encode(model, warp_at_random(train, FRESH_VOTERS)),
    }
    for part, images in parts.items():
        metrics[f"{part}_negative_elbo"] = round(
            evaluation.estimate_negative_elbo(model, data.normalize(images)).mean, 2
        )
        codes = encode(model, images)
        for kind, train_codes in voters.items():
            metrics[f"{part}_knn{kind}"] = evaluation.knn_accuracy(
                train_codes,
                digits.train.labels[:VOTERS],
                codes,
                labels.get(part, digits.validation.labels),
            )
    return metrics


EXPERIMENTS = {
    NAME: Experiment(
        10, "What does the 20-D code gain and lose if it learns from warped digits?", make_warped
    )
}
