"""For notebook 05: what each knob of the live training does, beside a training without it."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tools.experiments.common import BUILD, Experiment, count_votes, flat
from vae_lib import data
from vae_lib.live_trainer import Knobs, Trainer
from vae_lib.models import build_vae

NAME = "live-knobs"
SEEDS = (0, 1, 2)
USUAL: dict[str, Any] = {"kl_weight": Knobs.kl_weight, "noise": Knobs.noise}
SAMPLES = 1_000  # codes from the prior, the same for all trainings
SHOWN = 12  # of them go into the notebook's picture
JUDGES = 10_000  # training digits, of which the nearest say which digit a sample looks like
NEIGHBOURS = 15
CLEAR = 14  # votes of the 15 that make a sample clear


class Setting(NamedTuple):
    """Epochs at the usual knobs, and then epochs at others."""

    epochs_before: int
    epochs_after: int
    changes: dict[str, Any]


SETTINGS = {
    "before": Setting(2, 0, {}),
    "nothing changed": Setting(2, 2, {}),
    "KL weight 0": Setting(2, 2, {"kl_weight": 0.0}),
    "KL weight 8": Setting(2, 2, {"kl_weight": 8.0}),
    "KL weight 0, no noise": Setting(2, 2, {"kl_weight": 0.0, "noise": False}),
    "no noise": Setting(2, 2, {"noise": False}),
    "KL weight 0 from the start": Setting(0, 4, {"kl_weight": 0.0}),
    "autoencoder from the start": Setting(0, 4, {"kl_weight": 0.0, "noise": False}),
}


class Judge:
    """Says which digits decoded samples look like: the nearest training digits, pixel by pixel."""

    def __init__(self, digits: data.Digits):
        known = digits.train.take(JUDGES)
        self.labels = known.labels
        self.points = flat(data.normalize(known.images))
        self.squares = (self.points**2).sum(axis=1)

    def vote(self, samples: np.ndarray) -> np.ndarray:
        """Votes for each digit, ``(n, 10)``."""
        # a sample's own square is the same for all distances from it
        distances = self.squares - 2 * flat(samples) @ self.points.T
        nearest = np.argpartition(distances, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        return count_votes(self.labels[nearest])


def make_knobs() -> dict[str, Any]:
    """The card: for each setting and seed, what was measured; a call that was cut short goes on."""
    digits = data.load_digits("mnist")
    judge = Judge(digits)
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in SETTINGS}
    pictures = {}
    for seed in SEEDS:
        trainer = Trainer(build_vae, digits, {"seed": seed})
        for name, setting in SETTINGS.items():
            put_trained(trainer, seed, name)
            trainer.set(**{**USUAL, **setting.changes})
            samples = trainer.vae.decode(draw_codes())
            rows[name].append(measure(trainer, digits) | measure_samples(judge.vote(samples)))
            print(f"  seed {seed}, {name}: {rows[name][-1]}", flush=True)
            if seed == SEEDS[0]:
                pictures[name] = data.to_raw(samples[:SHOWN])
    samples_by_setting = np.stack([pictures[name] for name in SETTINGS])
    np.savez_compressed(BUILD / f"{NAME}.npz", samples=samples_by_setting)
    metrics = {
        f"{name}: {quantity}": round(float(np.mean([row[quantity] for row in measured])), 3)
        for name, measured in rows.items()
        for quantity in measured[0]
    }
    real = measure_samples(judge.vote(data.normalize(digits.validation.images[:SAMPLES])))
    return {
        "metrics": metrics,
        "tolerances": {name: choose_tolerance(name, value) for name, value in metrics.items()},
        "rows": rows,
        "validation digits": real,
        "conventions": "reconstruction and KL in nats per image, grey pixels as Bernoulli targets; "
        "reconstruction: z sampled, or the mean where the noise is off; reconstruction at the "
        "mean: z is the mean in every row; std: mean over images and dimensions; "
        "accuracy: 15 nearest codes of 2,000 training digits vote; clear: share of 1,000 decoded "
        "samples from the prior for which at least 14 of the 15 nearest of 10,000 training digits "
        "(distance of pixels) have one label; uneven: share of them that would have to look like "
        "another digit for all ten to be equally frequent, by the label of most of the 15; "
        "validation digits: the same two for the first 1,000 of them in place of samples",
        "pictures": "samples (settings, 12, 28, 28) of the first seed, settings in order of rows",
        "data": "MNIST, the first 50,000 training images; measured on the first 1,000 validation "
        "images; the test images are not used",
        "settings": {
            "seeds": list(SEEDS),
            "epochs": {name: setting[:2] for name, setting in SETTINGS.items()},
            "hidden_units": 256,
        },
        "licence": "MIT",
    }


def draw_codes() -> np.ndarray:
    """Codes from the prior, ``(n, 2)``."""
    return np.random.default_rng(0).standard_normal((SAMPLES, 2), np.float32)


def put_trained(trainer: Trainer, seed: int, name: str) -> None:
    """Give the trainer's model the weights of this training, which is done if it was not yet."""
    file = weights_file(seed, name)
    encoder, decoder = trainer.vae.encoder, trainer.vae.decoder
    if not file.exists():
        train(trainer, seed, SETTINGS[name])
        np.savez(file, *encoder.get_weights(), *decoder.get_weights())
    with np.load(file) as arrays:
        weights = [arrays[key] for key in arrays.files]
    trainer.reset(seed=seed)
    count = len(encoder.weights)
    encoder.set_weights(weights[:count])
    decoder.set_weights(weights[count:])


def weights_file(seed: int, name: str) -> Path:
    return BUILD / f"{NAME}-{list(SETTINGS).index(name)}-{seed}.npz"


def train(trainer: Trainer, seed: int, setting: Setting) -> None:
    """From the initial weights of this seed."""
    trainer.set(**USUAL)
    trainer.reset(seed=seed)
    train_epochs(trainer, setting.epochs_before)
    trainer.set(**setting.changes)
    train_epochs(trainer, setting.epochs_after)


def train_epochs(trainer: Trainer, epochs: int) -> None:
    """Train for whole epochs."""
    for _ in range(epochs):
        trainer.step()
        for _ in range(trainer.steps_left):
            trainer.step()


def measure(trainer: Trainer, digits: data.Digits) -> dict[str, float]:
    """Losses, codes and posteriors of the validation digits, for the model as it is now.

    A sampled code differs from the mean, which alone raises the reconstruction term. So the term
    is also computed at the mean, where models with noise and without it can be compared.
    """
    trainer.measure()
    point = trainer.points[-1]
    trainer.set(noise=False)
    trainer.measure()
    at_mean = trainer.points[-1]
    images = data.normalize(digits.validation.images[:1000])
    z_mean, z_log_var = trainer.vae.encode(images)
    distance = np.linalg.norm(z_mean, axis=1)
    values = {
        "reconstruction": point.validation["reconstruction"],
        "reconstruction at the mean": at_mean.validation["reconstruction"],
        "kl": point.validation["kl"],
        "std": np.exp(0.5 * z_log_var).mean(),
        "farthest code": distance.max(),
        "outside two sigma": (distance > 2).mean(),
        "accuracy": point.accuracy,
    }
    return {name: round(float(value), 4) for name, value in values.items()}


def measure_samples(votes: np.ndarray) -> dict[str, float]:
    """How many samples are clear, and how unevenly they are spread over the ten digits."""
    shares = np.bincount(votes.argmax(axis=1), minlength=10) / len(votes)
    surplus = np.maximum(shares - 0.1, 0)
    clear = votes.max(axis=1) >= CLEAR
    return {"clear": round(float(clear.mean()), 4), "uneven": round(float(surplus.sum()), 4)}


def choose_tolerance(name: str, value: float) -> float:
    """Between two machines; without a KL term codes and their spread drift freely."""
    if "reconstruction" in name:
        return 2.0
    shares = ("accuracy", "outside", "clear", "uneven")
    return 0.1 if any(share in name for share in shares) else 0.5 * abs(value) + 0.05


EXPERIMENTS = {NAME: Experiment(15, "What does each knob of the live training do?", make_knobs)}
