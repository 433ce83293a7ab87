"""For notebook 08: how far a few labels go when the codes were learned without any."""

from collections.abc import Callable
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

LABELS = (10, 100, 600, 1_000, 3_000)
SPREAD_LABELS = (100, 3_000)
DRAWS = 20
SPREAD_DRAWS = 3
# the same network, without input dropout
REFERENCE: dict[str, Any] = {"epochs": 60, "learning_rate": 1e-3, "input_dropout": 0.0}
# Davidson et al., "Hyperspherical Variational Auto-Encoders", 2018
QUOTED = {"100": 0.726, "600": 0.808, "1000": 0.817}

Classifier = KNeighborsClassifier | LogisticRegression
Curve = dict[str, list[float]]  # accuracies of the draws, by number of labels


def make_few_labels() -> dict[str, Any]:
    """Accuracy on the 10,000 test digits against labels, for each kind of code and classifier."""
    digits = data.load_digits("mnist")
    plane = _encode_splits(load_pretrained("mnist-2d"), digits)
    reference = _encode_splits(_train_reference(digits), digits)
    wide = _encode_splits(load_pretrained("mnist-20d"), digits)
    pixels = (_flat(digits.train), _flat(digits.test))
    measured = {
        "5-NN on 2-D codes": (plane, _nearest),
        "5-NN on 2-D codes, reference": (reference, _nearest),
        "5-NN on 20-D codes": (wide, _nearest),
        "linear on 20-D codes": (wide, _linear),
        "5-NN on pixels": (pixels, _nearest),
    }
    curves = {}
    for name, ((known, asked), build) in measured.items():
        curves[name] = measure_curve(known, asked, build, digits)
        means = {n: f"{np.mean(values):.4f}" for n, values in curves[name].items()}
        print(name, means, flush=True)
    curves["spreading on 20-D codes"] = spread_curve(*wide, digits)

    metrics = {
        f"{name}, {n} labels": float(np.mean(curves[name][n]))
        for name in curves
        for n in curves[name]
    }
    return {
        "metrics": metrics,
        "tolerances": {name: 0.04 if ", 10 labels" in name else 0.015 for name in metrics},
        "curves": curves,
        "quoted": QUOTED,
        "conventions": "share of the 10,000 test digits classified correctly; labels drawn from "
        f"the 50,000 training images, as many of each class; {DRAWS} draws (all labels: one; "
        f"spreading: {SPREAD_DRAWS}); 5-NN takes 1 neighbour where a class has one label; the "
        "reference is a 512-512-256 dense VAE, 60 epochs, without input dropout",
    }


def make_two_models() -> dict[str, Any]:
    """Label spreading over the codes of two models side by side: of plain and of warped digits."""
    digits = data.load_digits("mnist")
    plain = _encode_splits(load_pretrained("mnist-20d"), digits)
    warped = _encode_splits(load_pretrained("mnist-20d-warped"), digits)
    train_codes = np.concatenate([plain[0], warped[0]], axis=1)
    test_codes = np.concatenate([plain[1], warped[1]], axis=1)
    curve = spread_curve(train_codes, test_codes, digits)
    metrics = {f"{n} labels": float(np.mean(values)) for n, values in curve.items()}
    return {
        "metrics": metrics,
        "tolerances": dict.fromkeys(metrics, 0.01),
        "curve": curve,
        "conventions": "share of the 10,000 test digits classified correctly; the 50,000 training "
        "images, of which so many are labelled, as many of each class; "
        f"{SPREAD_DRAWS} draws, the first of experiment few-labels",
    }


def measure_curve(
    known: np.ndarray, asked: np.ndarray, build: Callable[[int], Classifier], digits: data.Digits
) -> Curve:
    """Accuracy of a classifier of codes: for each draw of few labels, and with all of them once."""
    labels, test_labels = digits.train.labels, digits.test.labels
    curve: Curve = {}
    for n in LABELS:
        curve[str(n)] = []
        for seed in range(DRAWS):
            chosen = stratified(labels, n, seed)
            classifier = build(n).fit(known[chosen], labels[chosen])
            curve[str(n)].append(round(classifier.score(asked, test_labels), 4))
    classifier = build(len(known)).fit(known, labels)
    curve[str(len(known))] = [round(classifier.score(asked, test_labels), 4)]
    return curve


def spread_curve(known: np.ndarray, asked: np.ndarray, digits: data.Digits) -> Curve:
    """Accuracy of label spreading, for each draw."""
    curve = {}
    for n in SPREAD_LABELS:
        draws = [spread_accuracy(known, asked, digits, n, seed) for seed in range(SPREAD_DRAWS)]
        curve[str(n)] = [round(accuracy, 4) for accuracy in draws]
    return curve


def spread_accuracy(
    known: np.ndarray, asked: np.ndarray, digits: data.Digits, n: int, seed: int
) -> float:
    """Labels spread over the training codes; the ten nearest then vote with what reached them."""
    chosen = stratified(digits.train.labels, n, seed)
    labels = np.full(len(known), -1)
    labels[chosen] = digits.train.labels[chosen]
    spread = evaluation.spread_labels(known, labels).argmax(axis=1)
    return evaluation.knn_accuracy(known, spread, asked, digits.test.labels, k=10)


def _train_reference(digits: data.Digits) -> NumpyVAE:
    vae = build_vae()
    train(vae, digits, **REFERENCE)
    return NumpyVAE.from_keras(vae)


def _encode_splits(model: NumpyVAE, digits: data.Digits) -> tuple[np.ndarray, np.ndarray]:
    return encode(model, digits.train.images), encode(model, digits.test.images)


def _flat(split: data.Split) -> np.ndarray:
    return data.normalize(split.images).reshape(len(split.images), -1)


def _nearest(n: int) -> KNeighborsClassifier:
    return KNeighborsClassifier(5 if n >= 50 else 1)


def _linear(n: int) -> LogisticRegression:
    return LogisticRegression(max_iter=2_000)


EXPERIMENTS = {
    "few-labels": Experiment(
        14, "How many labels does a classifier of codes need?", make_few_labels
    ),
    "two-models": Experiment(
        6, "And where labels spread over the codes of two models?", make_two_models
    ),
}
