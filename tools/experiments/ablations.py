"""For notebook 05: what each of the series' training settings is worth, one changed at a time."""

import json
from collections.abc import Callable
from typing import Any

import keras

from tools.experiments.common import BUILD, Experiment
from vae_lib import data, training
from vae_lib.models import build_vae
from vae_lib.run import Run

NAME = "training-ablations"
EPOCHS = 10
SEEDS = (0, 1, 2)  # about 15 minutes each
ANNEALED_EPOCHS = 3
CONSTANT_RATES = (1e-3, 2e-3)  # Adam's default in Keras, and the highest rate of our schedule

Recipe = Callable[[data.Digits, int], Run]


def train_recipe(
    digits: data.Digits,
    seed: int,
    init_range: float | None = 2.0,
    annealed_epochs: int = 0,
    **changes: Any,
) -> Run:
    """Notebook 05's training with some of its settings changed."""
    kl_weight: Any = 1.0
    callbacks = []
    if annealed_epochs:
        kl_weight = keras.Variable(0.0, trainable=False)
        callbacks = [training.KLAnnealing(annealed_epochs)]
    vae = build_vae(seed=100 * seed, kl_weight=kl_weight, init_range=init_range)
    return training.train(
        vae,
        digits,
        epochs=EPOCHS,
        seed=seed,
        progress=False,
        callbacks=callbacks,
        jit_compile=True,
        **changes,
    )


def recipes() -> dict[str, Recipe]:
    """Each setting under the name that the notebook shows."""

    def changed(**changes: Any) -> Recipe:
        return lambda digits, seed: train_recipe(digits, seed, **changes)

    low, high = ({"schedule": None, "learning_rate": rate} for rate in CONSTANT_RATES)
    plain = {**low, "input_dropout": 0.0, "init_range": None, "batch_size": 128}
    return {
        "all of our settings": changed(),
        "no input dropout": changed(input_dropout=0.0),
        f"constant learning rate {CONSTANT_RATES[0]}": changed(**low),
        f"constant learning rate {CONSTANT_RATES[1]}": changed(**high),
        "Keras' initialisation of the decoder": changed(init_range=None),
        "with KL annealing": changed(annealed_epochs=ANNEALED_EPOCHS),
        "batches of 64": changed(batch_size=64),
        "batches of 1024": changed(batch_size=1024),
        "none of them: the plain settings": changed(**plain),
    }


def make_ablations() -> dict[str, Any]:
    """Final losses on validation, by setting and seed; a call that was cut short goes on."""
    digits = data.load_digits("mnist")
    for seed in SEEDS:
        for number, (name, recipe) in enumerate(recipes().items()):
            file = BUILD / f"{NAME}-{number}-{seed}.json"
            if not file.exists():
                run = recipe(digits, seed)
                last = {term: values[-1] for term, values in run.history.items()}
                file.write_text(json.dumps({**last, "seconds": run.seconds}), encoding="utf-8")
                print(f"  seed {seed}, {name}: {last['val_loss']:.2f}", flush=True)
    return collect(SEEDS)


def collect(seeds: tuple[int, ...]) -> dict[str, Any]:
    """The card, from the files of the single trainings."""
    rows = {}
    for number, name in enumerate(recipes()):
        files = [BUILD / f"{NAME}-{number}-{seed}.json" for seed in seeds]
        runs = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        terms = ("val_loss", "val_reconstruction", "val_kl")
        rows[name] = {term: [round(run[term], 3) for run in runs] for term in terms}
    metrics = {name: sum(row["val_loss"]) / len(seeds) for name, row in rows.items()}
    return {
        "metrics": metrics,
        "tolerances": dict.fromkeys(metrics, 1.0),
        "rows": rows,
        "conventions": "negative ELBO on the 10,000 validation images after the last epoch, grey "
        "pixels as Bernoulli targets, one sampled code an image, nats per image",
        "data": "MNIST, the first 50,000 training images; the test images are not used",
        "settings": {"epochs": EPOCHS, "seeds": list(seeds), "constant_rates": list(CONSTANT_RATES)}
        | {"annealed_epochs": ANNEALED_EPOCHS},
        "licence": "MIT",
    }


EXPERIMENTS = {NAME: Experiment(45, "What is each setting of the training worth?", make_ablations)}
