"""The class-conditional VAE when most labels are missing.

M1 guesses the labels, and the bound revises the guess. M1 and M2 as in Kingma et al.,
"Semi-supervised Learning with Deep Generative Models", 2014, but M2 on pixels, and with q(y|x) in
no network of its own: first it is what label spreading gives over the codes of two unlabelled
models, then that times softmax(ELBO / temperature), the model's own bound.
"""

from functools import partial
from typing import Any

import numpy as np

from tools.experiments import by_class
from tools.experiments.by_class import ByClassVAE, compute_bounds, learn
from tools.experiments.common import BUILD, Experiment, encode, in_parts, kept, stratified
from vae_lib import data, evaluation, settings
from vae_lib.formulas import softmax
from vae_lib.shipped import load_pretrained

NAME = "by-class-few-labels"
LABELS = (100, 3_000)
DRAWS = 3
EPOCHS = 8
SHARPNESS = 4.0  # spread labels are right more often than they say: a power that makes up for it
BATCH = 500  # images a time whose bounds are asked for a revision
SMALLEST = 1e-6  # added to probabilities before their logarithm


def make_few_labels() -> dict[str, Any]:
    """Each draw of labels: how often the start is right, and how often the bound."""
    digits = data.load_digits("mnist")
    codes = encode_by_two_models(digits)
    runs = {}
    for seed in range(DRAWS):
        for n in LABELS:
            # a call that was cut short goes on behind the files that are there
            file = BUILD / f"{NAME}-{n}-{seed}.json"
            runs[n, seed] = kept(file, partial(run_draw, digits, codes, n, seed))

    curves: dict[str, dict[str, list[float]]] = {}
    metrics = {}
    for name in runs[LABELS[0], 0]:
        curves[name] = {}
        for n in LABELS:
            values = [runs[n, seed][name] for seed in range(DRAWS)]
            curves[name][str(n)] = values
            metrics[f"{name}, {n} labels"] = float(np.mean(values))
    return {
        "metrics": metrics,
        "tolerances": dict.fromkeys(metrics, 0.005),
        "curves": curves,
        "conventions": "share classified correctly of the 10,000 test digits and of the 10,000 "
        "validation digits; start: the ten nearest codes vote with the labels that have spread to "
        "them; bound: the label with the largest ELBO at the mean code; so many of the 50,000 "
        f"training images are labelled, as many of each class, {DRAWS} draws, those of experiment "
        "semi-supervised; constants were chosen on the validation digits, which have all their "
        "labels",
        "settings": {
            "epochs": EPOCHS,
            "revised_every": by_class.REVISED,
            "sure": by_class.SURE,
            "sharpness": SHARPNESS,
            "batch": by_class.BATCH,
            "judged": by_class.JUDGED,
            "learning_rate": by_class.LEARNING_RATE,
            "temperature": by_class.TEMPERATURE,
            "weight": by_class.WEIGHT,
            "warps": by_class.WARPS,
        },
    }


def encode_by_two_models(digits: data.Digits) -> dict[str, np.ndarray]:
    """Codes of each split under both unlabelled models, side by side: ``(n, 40)``."""
    models = [load_pretrained("mnist-20d"), load_pretrained("mnist-20d-warped")]
    codes = {}
    for part in ("train", "validation", "test"):
        images = getattr(digits, part).images
        codes[part] = np.concatenate([encode(model, images) for model in models], axis=1)
    return codes


def run_draw(
    digits: data.Digits, codes: dict[str, np.ndarray], n: int, seed: int
) -> dict[str, float]:
    """Accuracy of the start and of the bound with ``n`` labels drawn by ``seed``."""
    train = digits.train
    chosen = stratified(train.labels, n, seed)
    labels = np.full(len(train.images), -1)
    labels[chosen] = train.labels[chosen]
    start = start_beliefs(codes["train"], labels)
    held_out = {"validation": digits.validation, "test": digits.test}
    found = {}
    for part, split in held_out.items():
        found[f"start, {part}"] = evaluation.knn_accuracy(
            codes["train"], start.argmax(axis=1), codes[part], split.labels, 10
        )

    def revise(vae: ByClassVAE) -> np.ndarray:
        beliefs = revised(start, find_elbos(vae, train.images), labels)
        moved = (beliefs.argmax(axis=1) != start.argmax(axis=1)).mean()
        sure = (beliefs.max(axis=1) >= by_class.SURE).mean()
        print(f"  {moved:.2%} of the labels differ from the start, {sure:.1%} are sure", flush=True)
        return beliefs

    vae = learn(train.images, start, EPOCHS, revise)
    models = vae.by_class()
    for part, split in held_out.items():
        decided = compute_bounds(models, split.images).argmax(axis=1)
        found[f"bound, {part}"] = float((decided == split.labels).mean())
    print({name: f"{value:.4f}" for name, value in found.items()}, flush=True)
    return found


def find_elbos(vae: ByClassVAE, images: np.ndarray) -> np.ndarray:
    """``elbo_by_class`` of raw images."""

    def find(part: np.ndarray) -> np.ndarray:
        pixels = data.normalize(part)
        return np.asarray(vae.elbo_by_class(pixels, pixels))

    return in_parts(find, images, BATCH)


def start_beliefs(codes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """q(y|x) before there is a model: labels (-1 where unknown) spread over codes; ``(n, 10)``.

    Raises:
        ValueError: a class without a label, or as ``evaluation.spread_labels`` does.
    """
    missing = sorted(set(range(settings.CLASSES)) - set(np.asarray(labels).tolist()))
    if missing:
        raise ValueError(
            f"Each digit needs a label, received none of {missing}: draw as stratified does."
        )
    spread = evaluation.spread_labels(codes, labels)
    return combine(SHARPNESS * np.log(spread + SMALLEST), labels)


def combine(log_beliefs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Softmax of each row; one-hot where the label is known (not -1)."""
    known = np.eye(settings.CLASSES)[labels]
    return np.where(labels[:, None] < 0, softmax(log_beliefs), known)


def revised(start: np.ndarray, elbos: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """q(y|x) once there is a model: proportional to start · exp(ELBO / temperature).

    A weaker start, its fourth root, left more to the bound and cost a point on the validation
    digits.
    """
    return combine(np.log(start + SMALLEST) + elbos / by_class.TEMPERATURE, labels)


EXPERIMENTS = {
    NAME: Experiment(
        36, "And if all but a few labels are missing?", make_few_labels, about_a_claim=True
    )
}
