"""The class-conditional VAE when most labels are missing: M1 guesses them, and the bound revises the guess.

M1 and M2 as in Kingma et al., "Semi-supervised Learning with Deep Generative Models", 2014, but M2 on
pixels, and with q(y|x) in no network of its own: first it is what labels become when they spread over
the codes of two unlabelled models, then that times softmax(ELBO / temperature), the model's own bound.
"""

import json
from typing import Any

import numpy as np

from tools.experiments import by_class
from tools.experiments.by_class import ByClassVAE, bounds, learn
from tools.experiments.common import BUILD, Experiment, encode, stratified
from vae_lib import data, evaluation, settings
from vae_lib.shipped import load_pretrained

LABELS, DRAWS, EPOCHS = (100, 3_000), 3, 8
SHARPNESS = 4.0  # spread labels are right more often than they say: power that makes up for it
BATCH = 500  # images a time whose bounds are asked for a revision


def make_few_labels() -> dict[str, Any]:
    """Each draw of labels: how often the start is right, and how often the bound."""
    digits = data.load_digits("mnist")
    models = [load_pretrained(name) for name in ("mnist-20d", "mnist-20d-warped")]
    codes = {
        part: np.concatenate(
            [encode(model, getattr(digits, part).images) for model in models], axis=1
        )
        for part in ("train", "validation", "test")
    }
    runs = {}
    for seed in range(DRAWS):
        for n in LABELS:
            file = (
                BUILD / f"by-class-few-labels-{n}-{seed}.json"
            )  # a call that was cut truncate_mantissa goes on behind it
            if not file.exists():
                print(f" {n} labels, draw {seed}", flush=True)
                file.write_text(json.dumps(_run(digits, codes, n, seed)), encoding="utf-8")
            runs[n, seed] = json.loads(file.read_text(encoding="utf-8"))
    curves = {
        name: {str(n): [runs[n, seed][name] for seed in range(DRAWS)] for n in LABELS}
        for name in runs[100, 0]
    }
    metrics = {
        f"{name}, {n} labels": float(np.mean(values))
        for name, curve in curves.items()
        for n, values in curve.items()
    }
    return {
        "metrics": metrics,
        "tolerances": dict.fromkeys(metrics, 0.005),
        "curves": curves,
        "conventions": "share named rightly of the 10,000 test digits and of the 10,000 validation digits; start: the "
        "ten nearest codes vote with the labels that have spread to them; bound: the label with the largest ELBO at "
        f"the mean code; so many of the 50,000 training images are labelled, as many of each class, {DRAWS} draws, "
        "those of row two-models; constants were chosen on the validation digits, which have all their labels",
        "settings": {
            "epochs": EPOCHS,
            "revised_every": by_class.REVISED,
            "sure": by_class.SURE,
            "sharpness": SHARPNESS,
        }
        | {
            "batch": by_class.BATCH,
            "judged": by_class.JUDGED,
            "learning_rate": by_class.LEARNING_RATE,
        }
        | {"temperature": by_class.TEMPERATURE, "weight": by_class.WEIGHT, "warps": by_class.WARPS},
    }


def start_beliefs(codes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """q(y|x) before there is a model: labels (-1 where unknown) spread over codes; ``(n, 10)``.

    Raises:
        ValueError: a class without a label, or as ``evaluation.spread_labels`` does.
    """
    missing = set(range(settings.CLASSES)) - set(np.asarray(labels).tolist())
    if missing:
        raise ValueError(
            f"Each digit needs a label, received none of {sorted(missing)}: draw as stratified does."
        )
    return combine(SHARPNESS * np.log(evaluation.spread_labels(codes, labels) + 1e-6), labels)


def combine(log_beliefs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Softmax of each row; one-hot where the label is known (not -1)."""
    odds = np.exp(log_beliefs - log_beliefs.max(axis=1, keepdims=True))
    return np.where(
        labels[:, None] < 0,
        odds / odds.sum(axis=1, keepdims=True),
        np.eye(settings.CLASSES)[labels],
    )


def revised(start: np.ndarray, elbos: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """q(y|x) once there is a model: proportional to start · exp(ELBO / temperature).

    A weaker start, its fourth root, left more to the bound and cost a point on the validation digits.
    """
    return combine(np.log(start + 1e-6) + elbos / by_class.TEMPERATURE, labels)


def _run(digits: data.Digits, codes: dict[str, np.ndarray], n: int, seed: int) -> dict[str, float]:
    train, chosen = digits.train, stratified(digits.train.labels, n, seed)
    labels = np.full(len(train.images), -1)
    labels[chosen] = train.labels[chosen]
    start, found = start_beliefs(codes["train"], labels), {}
    for part in ("validation", "test"):
        truth = getattr(digits, part).labels
        found[f"start, {part}"] = evaluation.knn_accuracy(
            codes["train"], start.argmax(axis=1), codes[part], truth, 10
        )

    def revise(vae: ByClassVAE) -> np.ndarray:
        elbos = [
            vae.elbo_by_class(part, part)
            for first in range(0, len(labels), BATCH)
            for part in [data.normalize(train.images[first : first + BATCH])]
        ]
        beliefs = revised(start, np.concatenate(elbos), labels)
        moved = (beliefs.argmax(axis=1) != start.argmax(axis=1)).mean()
        print(
            f"  {moved:.2%} of the labels differ from the start, {(beliefs.max(axis=1) >= by_class.SURE).mean():.1%} "
            "are sure",
            flush=True,
        )
        return beliefs

    vae = learn(train.images, start, EPOCHS, revise)
    for part in ("validation", "test"):
        images, truth = getattr(digits, part)
        found[f"bound, {part}"] = float(
            (bounds(vae.by_class(), images).argmax(axis=1) == truth).mean()
        )
    print({name: f"{value:.4f}" for name, value in found.items()}, flush=True)
    return found


EXPERIMENTS = {
    "by-class-few-labels": Experiment(
        36, "And if all but a few labels are missing?", make_few_labels
    )
}
