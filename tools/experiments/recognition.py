"""Recognition from frozen codes: how far a few labels go when the codes were learned without any."""

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from tools.experiments.common import Experiment, encode, stratified
from vae_lib import data, evaluation
from vae_lib.inference import NumpyVAE
from vae_lib.models import build_vae
from vae_lib.shipped import load_pretrained
from vae_lib.training import train

LABELS, DRAWS, SPREAD_DRAWS = (10, 100, 600, 1_000, 3_000), 20, 3
REFERENCE = {
    "epochs": 60,
    "learning_rate": 1e-3,
    "input_dropout": 0.0,
}  # the same network, nothing hidden from it
QUOTED = {
    "100": 0.726,
    "600": 0.808,
    "1000": 0.817,
}  # Davidson et al., Hyperspherical Variational Auto-Encoders, 2018


def make_few_labels() -> dict[str, Any]:
    """Accuracy on the 10,000 test digits against labels, for each kind of code and each reader of it."""
    digits = data.load_digits("mnist")
    reference = build_vae()
    train(reference, digits, **REFERENCE)
    models = {
        "2-D codes": load_pretrained("mnist-2d"),
        "2-D codes, reference": NumpyVAE.from_keras(reference),
        "20-D codes": load_pretrained("mnist-20d"),
    }
    codes = {
        name: [encode(model, split.images) for split in (digits.train, digits.test)]
        for name, model in models.items()
    }
    flat = [data.normalize(split.images).reshape(-1, 784) for split in (digits.train, digits.test)]
    readers = {f"5-NN on {name}": (*pair, _neighbours) for name, pair in codes.items()}
    readers["linear on 20-D codes"] = (*codes["20-D codes"], _linear)
    readers["5-NN on pixels"] = (*flat, _neighbours)
    curves = {name: {str(n): [] for n in (*LABELS, len(flat[0]))} for name in readers}
    for name, (known, asked, build) in readers.items():
        for n in LABELS:
            for seed in range(DRAWS):
                chosen = stratified(digits.train.labels, n, seed)
                reader = build(n).fit(known[chosen], digits.train.labels[chosen])
                curves[name][str(n)].append(round(reader.score(asked, digits.test.labels), 4))
        reader = build(len(known)).fit(known, digits.train.labels)
        curves[name][str(len(known))].append(round(reader.score(asked, digits.test.labels), 4))
        print(name, {n: f"{np.mean(values):.4f}" for n, values in curves[name].items()}, flush=True)
    curves["spreading on 20-D codes"] = _spread_curve(*codes["20-D codes"], digits)
    metrics = {
        f"{name}, {n} labels": float(np.mean(values))
        for name, curve in curves.items()
        for n, values in curve.items()
    }
    return {
        "metrics": metrics,
        "tolerances": {name: 0.04 if ", 10 labels" in name else 0.015 for name in metrics},
        "curves": curves,
        "quoted": QUOTED,
        "conventions": "share of the 10,000 test digits named rightly; labels drawn from the 50,000 training images, "
        f"as many of each class; {DRAWS} draws (all labels: one; spreading: {SPREAD_DRAWS}); 5-NN takes 1 neighbour "
        "where a class has one label; the reference is a 512-512-256 dense VAE, 60 epochs, no hidden pixels",
    }


def make_two_models() -> dict[str, Any]:
    """Labels that spread over the codes of two models side by side: one learned plain digits, one warped ones."""
    digits = data.load_digits("mnist")
    models = [load_pretrained(name) for name in ("mnist-20d", "mnist-20d-warped")]
    codes = [
        np.concatenate([encode(model, split.images) for model in models], axis=1)
        for split in (digits.train, digits.test)
    ]
    curve = _spread_curve(*codes, digits)
    metrics = {f"{n} labels": float(np.mean(values)) for n, values in curve.items()}
    return {
        "metrics": metrics,
        "tolerances": dict.fromkeys(metrics, 0.01),
        "curve": curve,
        "conventions": "share of the 10,000 test digits named rightly; the 50,000 training images, of which so many "
        f"are labelled, as many of each class; {SPREAD_DRAWS} draws, the first of row few-labels",
    }


def _neighbours(n: int) -> KNeighborsClassifier:
    return KNeighborsClassifier(5 if n >= 50 else 1)


def _linear(n: int) -> LogisticRegression:
    return LogisticRegression(max_iter=2_000)


def _spread_curve(
    known: np.ndarray, asked: np.ndarray, digits: data.Digits
) -> dict[str, list[float]]:
    return {
        str(n): [round(_spread(known, asked, digits, n, seed), 4) for seed in range(SPREAD_DRAWS)]
        for n in (100, 3_000)
    }


def _spread(known: np.ndarray, asked: np.ndarray, digits: data.Digits, n: int, seed: int) -> float:
    """Labels spread over the training codes; the ten nearest then vote with what has reached them."""
    chosen = stratified(digits.train.labels, n, seed)
    labels = np.full(len(known), -1)
    labels[chosen] = digits.train.labels[chosen]
    spread = evaluation.spread_labels(known, labels).argmax(axis=1)
    return evaluation.knn_accuracy(known, spread, asked, digits.test.labels, k=10)


EXPERIMENTS = {
    "few-labels": Experiment(14, "How many labels does a reader of codes need?", make_few_labels),
    "two-models": Experiment(
        6, "And where labels spread over the codes of two models?", make_two_models
    ),
}
