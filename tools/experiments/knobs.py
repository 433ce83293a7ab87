"""For notebook 05: what each knob of the live training does, beside a training without it."""

from typing import Any

import numpy as np

from tools.experiments.common import Experiment
from vae_lib import data
from vae_lib.live_trainer import Trainer
from vae_lib.models import build_vae

SEEDS = (0, 1, 2)
EPOCHS_BEFORE = 2  # at the ordinary settings, the same for all rows of a seed
EPOCHS_AFTER = 2
SETTINGS: dict[str, dict[str, Any]] = {
    "nothing changed": {},
    "KL weight 0": {"kl_weight": 0.0},
    "KL weight 8": {"kl_weight": 8.0},
    "KL weight 0, no noise": {"kl_weight": 0.0, "noise": False},
    "no noise": {"noise": False},
}


def make_knobs() -> dict[str, Any]:
    """The card: for each setting and seed, what was measured on the 1,000 validation digits."""
    digits = data.load_digits("mnist")
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in ["before", *SETTINGS]}
    for seed in SEEDS:
        trainer = Trainer(build_vae, digits, {"seed": seed})
        for name, changes in SETTINGS.items():
            trainer.reset(seed=seed)
            trainer.set(kl_weight=1.0, noise=True)
            train(trainer, EPOCHS_BEFORE)
            if not changes:
                rows["before"].append(measure(trainer, digits))
            trainer.set(**changes)
            train(trainer, EPOCHS_AFTER)
            rows[name].append(measure(trainer, digits))
            print(f"  seed {seed}, {name}: {rows[name][-1]}", flush=True)
    metrics = {
        f"{name}: {quantity}": round(float(np.mean([row[quantity] for row in measured])), 3)
        for name, measured in rows.items()
        for quantity in measured[0]
    }
    return {
        "metrics": metrics,
        "tolerances": {name: choose_tolerance(name, value) for name, value in metrics.items()},
        "rows": rows,
        "conventions": "reconstruction and KL in nats per image, grey pixels as Bernoulli targets; "
        "z sampled, or the mean where the noise is off; std: mean over images and dimensions; "
        "accuracy: 15 nearest codes of 2,000 training digits vote",
        "data": "MNIST, the first 50,000 training images; measured on the first 1,000 validation "
        "images; the test images are not used",
        "settings": {
            "seeds": list(SEEDS),
            "epochs_before": EPOCHS_BEFORE,
            "epochs_after": EPOCHS_AFTER,
            "hidden_units": 256,
        },
        "licence": "MIT",
    }


def train(trainer: Trainer, epochs: int) -> None:
    """Train for whole epochs."""
    for _ in range(epochs):
        trainer.step()
        for _ in range(trainer.steps_left):
            trainer.step()


def measure(trainer: Trainer, digits: data.Digits) -> dict[str, float]:
    """What the text speaks of, for the model as it is now."""
    trainer.measure()
    point = trainer.points[-1]
    images = data.normalize(digits.validation.images[:1000])
    z_mean, z_log_var = trainer.vae.encode(images)
    distance = np.linalg.norm(z_mean, axis=1)
    values = {
        "reconstruction": point.validation["reconstruction"],
        "kl": point.validation["kl"],
        "std": np.exp(0.5 * z_log_var).mean(),
        "farthest code": distance.max(),
        "outside two sigma": (distance > 2).mean(),
        "accuracy": point.accuracy,
    }
    return {name: round(float(value), 4) for name, value in values.items()}


def choose_tolerance(name: str, value: float) -> float:
    """Between two machines; without a KL term codes and their spread drift freely."""
    if "reconstruction" in name:
        return 2.0
    return 0.1 if "accuracy" in name or "outside" in name else 0.5 * abs(value) + 0.05


EXPERIMENTS = {
    "live-knobs": Experiment(6, "What does each knob of the live training do?", make_knobs)
}
