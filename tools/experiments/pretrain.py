"""The models of notebooks 05 to 12, and what the widgets show of such trainings.

The network and the 50,000 images are those of notebook 05. Settings were chosen on the 10,000
validation digits; the test digits are scored once, at the end.
"""

import platform
from typing import Any

import numpy as np

from tools.experiments.common import BUILD, LICENCE, MNIST_SOURCE, Experiment, encode
from vae_lib import data, evaluation, machine, settings, training
from vae_lib.inference import NumpyVAE
from vae_lib.models import build_vae
from vae_lib.shipped import load_pretrained

PLAN: dict[str, Any] = {"epochs": 60, "learning_rate": 1.5e-3}  # longer than notebook 05, gentler
KL_WEIGHTS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
SHOWN_DIGITS = 1_000  # on a map
TOLERANCES = {"knn_accuracy": 0.02, "negative_elbo": 1.0}  # of other metrics 0.1
SAMPLES = 8  # new digits for each KL weight


def make_model(name: str, latent_dim: int) -> dict[str, Any]:
    """Train, store with 16 bits a weight, and judge what is stored."""
    digits = data.load_digits("mnist")
    vae = build_vae(latent_dim)
    run = training.train(vae, digits, **PLAN, jit_compile=True)
    weights = {
        part: array.astype(np.float16) for part, array in NumpyVAE.from_keras(vae).weights.items()
    }
    np.savez_compressed(BUILD / f"{name}.npz", **weights)

    model = NumpyVAE(weights)
    train_codes = encode(model, digits.train.images)
    metrics = {
        "validation": _judge(model, train_codes, digits.train.labels, digits.validation),
        "test": _judge(model, train_codes, digits.train.labels, digits.test),
    }
    history = {term: [round(value, 2) for value in run.history[term]] for term in run.history}
    cores = machine.describe()["cores"]
    return {
        "name": name,
        "data": "MNIST, the first 50,000 training images; validation: the other 10,000; "
        "test images scored once",
        "source": MNIST_SOURCE,
        "settings": {
            "latent_dim": latent_dim,
            "hidden_units": settings.HIDDEN_UNITS,
            "decoder_init_range": settings.DECODER_INIT_RANGE,
            "batch_size": settings.BATCH_SIZE,
            "input_dropout": settings.INPUT_DROPOUT,
            **PLAN,
        },
        "seed": settings.SEED,
        "seconds": round(run.seconds),
        "machine": f"{cores} cores, {platform.machine()}, {platform.system()}, no GPU",
        "weights": "float16",
        "conventions": "nats per image; negative ELBO on grey pixels as Bernoulli targets, one "
        "sampled code an image; 15-NN: the 15 nearest codes of the training images vote",
        "metrics": metrics,
        "tolerances": {
            f"{part}_{metric}": TOLERANCES.get(metric, 0.1)
            for part in metrics
            for metric in metrics[part]
        },
        "licence": LICENCE,
        "history": history,
    }


def _judge(
    model: NumpyVAE, train_codes: np.ndarray, train_labels: np.ndarray, held_out: data.Split
) -> dict[str, float]:
    score = evaluation.estimate_negative_elbo(model, data.normalize(held_out.images))
    codes = encode(model, held_out.images)
    accuracy = evaluation.knn_accuracy(train_codes, train_labels, codes, held_out.labels)
    return {
        "negative_elbo": round(score.mean, 2),
        "standard_error": round(score.standard_error, 2),
        "knn_accuracy": round(accuracy, 4),
    }


def make_loss_percentiles() -> dict[str, Any]:
    """Percentiles of the test digits' loss under ``mnist-2d``, for the drawing pad."""
    digits = data.load_digits("mnist")
    test = data.normalize(digits.test.images)
    percentiles = evaluation.measure_reference_percentiles(load_pretrained("mnist-2d"), test)
    np.savez_compressed(BUILD / "loss-percentiles.npz", percentiles=percentiles)
    return {
        "metrics": {"median_negative_elbo": round(float(percentiles[50]), 2)},
        "tolerances": {"median_negative_elbo": 1.5},
        "data": "MNIST, percentiles of the 10,000 test images",
        "conventions": "nats per image; one sampled code an image",
        "licence": LICENCE,
    }


def make_kl_weights() -> dict[str, Any]:
    """Notebook 05's training under each KL weight; what is kept shows what came of it."""
    digits = data.load_digits("mnist")
    codes = []
    samples = []
    terms = []
    stored = {"weights": np.array(KL_WEIGHTS), "labels": digits.validation.labels[:SHOWN_DIGITS]}
    for weight in KL_WEIGHTS:
        vae = build_vae(kl_weight=weight)
        run = training.train(vae, digits, jit_compile=True)
        codes.append(run.codes[-1][:SHOWN_DIGITS])
        samples.append(data.to_raw(vae.sample(SAMPLES, seed=settings.SEED)))
        terms.append((run.history["val_reconstruction"][-1], run.history["val_kl"][-1]))
        print(f"KL weight {weight:g}: reconstruction {terms[-1][0]:.1f}, KL {terms[-1][1]:.1f}")
        if weight == 1:
            stored["run_codes"] = run.codes[:, :SHOWN_DIGITS].astype(np.float16)
            stored["run_pictures"] = run.pictures
            stored["history_loss"] = np.round(run.history["loss"], 2)
            stored["history_val_loss"] = np.round(run.history["val_loss"], 2)
    stored["codes"] = np.array(codes, np.float16)
    stored["samples"] = np.array(samples)
    stored["terms"] = np.round(terms, 2)
    np.savez_compressed(BUILD / "kl-weights.npz", **stored)
    return describe_kl_weights(stored["terms"])


def describe_kl_weights(terms: np.ndarray) -> dict[str, Any]:
    """The card, from reconstruction and KL term for each weight, ``(weights, 2)``."""
    metrics = {}
    tolerances = {}
    for weight, (reconstruction, kl) in zip(KL_WEIGHTS, terms, strict=True):
        metrics[f"reconstruction, weight {weight:g}"] = float(reconstruction)
        tolerances[f"reconstruction, weight {weight:g}"] = 2.0
        metrics[f"kl, weight {weight:g}"] = float(kl)
        # without its weight in the loss, the KL term drifts freely
        tolerances[f"kl, weight {weight:g}"] = 1.0 if weight else 0.5 * float(kl)
    return {
        "metrics": metrics,
        "tolerances": tolerances,
        "data": "MNIST, the first 50,000 training images; measured on the 10,000 validation images",
        "conventions": "nats per image after the last epoch; grey pixels as Bernoulli targets, one "
        "sampled code an image; the KL term without its weight",
        "licence": LICENCE,
    }


EXPERIMENTS = {
    "mnist-2d": Experiment(
        15,
        "How well does the paper's network do with a 2-D code, trained at length?",
        lambda: make_model("mnist-2d", settings.LATENT_DIM),
    ),
    "mnist-20d": Experiment(12, "And with a 20-D code?", lambda: make_model("mnist-20d", 20)),
    "loss-percentiles": Experiment(
        1, "Which losses of real digits is a drawing compared with?", make_loss_percentiles
    ),
    "kl-weights": Experiment(
        9, "What does the weight of the KL term do to codes and samples?", make_kl_weights
    ),
}
