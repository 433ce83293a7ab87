"""For notebooks 00 and 06: an autoencoder, trained as ``mnist-2d`` was, input dropout included."""

from typing import Any

import keras
import numpy as np

from tools.experiments.common import BUILD, Experiment
from vae_lib import data, settings, training
from vae_lib.evaluation import knn_accuracy
from vae_lib.formulas import bernoulli_nll
from vae_lib.inference import NumpyVAE
from vae_lib.models import VAE, build_decoder, build_encoder

NAME = "mnist-2d-autoencoder"
PLAN = {"epochs": 60, "learning_rate": 1.5e-3}  # as mnist-2d's


def build_autoencoder(latent_dim: int = settings.LATENT_DIM) -> VAE:
    """The paper's network without its noise and without the KL term: the code is ``z_mean``."""
    encoder = build_encoder(latent_dim)
    z_mean, z_log_var, _ = encoder.output
    without_noise = keras.Model(encoder.input, [z_mean, z_log_var, z_mean])
    return VAE(without_noise, build_decoder(latent_dim), kl_weight=0.0)


def make_autoencoder() -> dict[str, Any]:
    """Train, store with 16 bits a weight, and judge what is stored."""
    digits = data.load_digits("mnist")
    vae = build_autoencoder()
    run = training.train(vae, digits, **PLAN, jit_compile=True)
    weights = NumpyVAE.from_keras(vae).weights
    halves = {name: array.astype(np.float16) for name, array in weights.items()}
    np.savez_compressed(BUILD / f"{NAME}.npz", **halves)
    return describe(NumpyVAE(halves), digits, run.history, run.seconds)


def describe(
    model: NumpyVAE, digits: data.Digits, history: dict[str, list[float]], seconds: float
) -> dict[str, Any]:
    """The card: losses and 15-NN accuracy on validation and test digits."""
    train_codes = model.encode(data.normalize(digits.train.images))[0]
    metrics = {}
    for part in ("validation", "test"):
        split = getattr(digits, part)
        images = data.normalize(split.images)
        codes = model.encode(images)[0]
        nll = bernoulli_nll(images, model.decode_logits(codes))
        accuracy = knn_accuracy(train_codes, digits.train.labels, codes, split.labels)
        metrics[f"{part}_reconstruction"] = round(float(nll.mean()), 2)
        metrics[f"{part}_knn_accuracy"] = round(accuracy, 4)
    return {
        "metrics": metrics,
        "tolerances": {name: 0.02 if "knn" in name else 1.5 for name in metrics},
        "conventions": "nats per image; reconstruction: cross-entropy of grey pixels at the code; "
        "15-NN: the 15 nearest codes of the training images vote",
        "data": "MNIST, the first 50,000 training images; validation: the other 10,000; "
        "test images scored once",
        "settings": {"latent_dim": settings.LATENT_DIM, "hidden_units": settings.HIDDEN_UNITS}
        | {"batch_size": settings.BATCH_SIZE, "input_dropout": settings.INPUT_DROPOUT}
        | PLAN,
        "seed": settings.SEED,
        "seconds": round(seconds),
        "weights": "float16",
        "history": {
            term: [round(value, 2) for value in values] for term, values in history.items()
        },
        "licence": "weights MIT; MNIST is CC BY-SA 3.0",
    }


EXPERIMENTS = {
    NAME: Experiment(12, "What does an autoencoder make of the same digits?", make_autoencoder)
}
