"""For notebook 11: accuracy and loss against the number of training images.

All methods learn from the same images, all of them labelled: three draws of 100, 1,000 and 10,000.
The networks take the same number of steps whatever the number of images. The VAE would learn a
small set by heart, so it stops where its loss on 2,000 validation images, without their labels, is
lowest. (With all 50,000 images the trainings of ``price`` serve.)
"""

import json
from typing import Any

import keras
import numpy as np

from tools.experiments import classifiers
from tools.experiments.classifiers import Clock
from tools.experiments.common import BUILD, Experiment, choose, stratified
from tools.experiments.price import Row, Rows, negative_elbo, on_one_thread, read, score
from vae_lib import data
from vae_lib.inference import NumpyVAE
from vae_lib.models import build_vae

NAME = "price-images"
SIZES = (100, 1_000, 10_000)
DRAWS = (0, 1, 2)
STEPS = 1_000  # of the classifiers
VAE_STEPS = 2_000  # at most
LOOK = 100  # steps between two looks at the validation images
PATIENCE = 5  # looks without a lower loss
WATCHED = 2_000  # validation images


def make() -> dict[str, Any]:
    """All parts, and the card."""
    rows = on_one_thread(measure_all)
    metrics, tolerances = summarise(rows)
    return {
        "conventions": "accuracy on the 10,000 test digits; negative ELBO in nats per image, grey "
        "pixels, one sampled code; one row for each method and draw of images",
        "settings": {
            "steps": STEPS,
            "vae_steps": VAE_STEPS,
            "watched": WATCHED,
            "batch": classifiers.BATCH,
            "learning_rate": classifiers.LEARNING_RATE,
        },
        "results": rows,
        "metrics": metrics,
        "tolerances": tolerances,
    }


def measure_all() -> Rows:
    rows = []
    for n in SIZES:
        for draw in DRAWS:
            rows += kept(n, draw)
    return rows


def kept(n: int, draw: int) -> Rows:
    """The rows of a part, from an earlier call if it got so far."""
    BUILD.mkdir(parents=True, exist_ok=True)
    file = BUILD / f"{NAME}-{n}-{draw}.json"
    if not file.exists():
        found = [{"images": n, "draw": draw, **row} for row in measure(n, draw)]
        file.write_text(json.dumps(found, indent=1, default=float), encoding="utf-8")
    rows: Rows = json.loads(file.read_text(encoding="utf-8"))
    return rows


def measure(n: int, draw: int) -> Rows:
    """All methods on one draw of n images."""
    digits = data.load_digits("mnist")
    split = choose(digits.train, stratified(digits.train.labels, n, draw))
    clock = Clock()
    fitted = {
        "nearest": classifiers.fit_nearest(split, clock),
        "logistic": classifiers.fit_logistic(split, clock),
        "pca_20": classifiers.fit_pca(split, clock, 20),
        "pca_50": classifiers.fit_pca(split, clock, 50),
        "encoder": classifiers.fit_encoder(split, clock, STEPS, draw),
        "conv": classifiers.fit_convolutional(split, clock, STEPS, draw),
    }
    rows: Rows = [
        {"method": method, "accuracy": score(classifier, digits.test)}
        for method, classifier in fitted.items()
    ]
    vae, step = train_vae(split.images, digits.validation.images[:WATCHED], draw)
    view = classifiers.View(NumpyVAE.from_keras(vae))
    shared: Row = {
        "step": step,
        "train_negative_elbo": negative_elbo(view.vae, split),
        "test_negative_elbo": negative_elbo(view.vae, digits.test),
    }
    for method in ("vae_nearest", "vae_network"):
        reader = read(view, split, clock, method, draw)
        rows.append({"method": method, "accuracy": score(reader, digits.test), **shared})
    print(n, draw, rows, flush=True)
    return rows


def train_vae(images: np.ndarray, watched: np.ndarray, seed: int) -> tuple[Any, int]:
    """The VAE at the look with the lowest validation loss, and the step of that look."""
    keras.utils.set_random_seed(seed)
    vae = build_vae(classifiers.LATENT_DIM, seed=seed)
    batches = classifiers.unlabelled_batches(images, seed)
    classifiers.compile_for(vae, next(batches), VAE_STEPS)
    best, best_step, kept_weights = np.inf, 0, vae.get_weights()
    for step in range(LOOK, VAE_STEPS + 1, LOOK):
        classifiers.take_steps(vae, batches, LOOK)
        loss = negative_elbo(NumpyVAE.from_keras(vae), data.Split(watched, watched[:, 0, 0]))
        if loss < best:
            best, best_step, kept_weights = loss, step, vae.get_weights()
        if step - best_step >= PATIENCE * LOOK:
            break
    vae.set_weights(kept_weights)
    return vae, best_step


def summarise(rows: Rows) -> tuple[dict[str, float], dict[str, float]]:
    """Means over draws, and tolerances: what other machines round otherwise, training enlarges."""
    metrics, tolerances = {}, {}
    for method, n in sorted({(row["method"], row["images"]) for row in rows}):
        same = [row for row in rows if (row["method"], row["images"]) == (method, n)]
        name = f"accuracy_{method}_{n}"
        metrics[name] = float(np.mean([row["accuracy"] for row in same]))
        tolerances[name] = 0.01 + 0.2 / n**0.5
    for n in SIZES:
        for part in ("train", "test"):
            key = f"{part}_negative_elbo"
            values = [row[key] for row in rows if row["images"] == n and key in row]
            metrics[f"{key}_{n}"] = float(np.mean(values))
            tolerances[f"{key}_{n}"] = 1 + 40 / n**0.5
    return metrics, tolerances


EXPERIMENTS = {
    NAME: Experiment(25, "How do accuracy and loss depend on the number of training images?", make)
}
