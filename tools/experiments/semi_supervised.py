"""For notebook 08: few labels, with the controls that could explain the VAE's success away.

All methods get the same draws of labels and all 50,000 training images, of which so many are
labelled. Two ways to classify, nearest neighbours and label spreading, are given the same
constants on every representation: pixels, deslanted pixels, their principal components, and codes
of VAEs. A classifier of the encoder's size is the control from outside. It learns from augmented
labelled digits, and from its own confident guesses for the others.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from tools.experiments.common import BUILD, Experiment, count_votes, encode, kept, stratified
from tools.experiments.warped import warp_at_random
from vae_lib import data, evaluation, settings
from vae_lib.layers import gelu
from vae_lib.shipped import load_pretrained

NAME = "semi-supervised"
LABELS = (10, 100, 1_000)
DRAWS = 10
COMPONENTS = 50
NEIGHBOURS = 10  # of each point in the graph of label spreading
VOTES = 10  # nearest training digits that give a test digit its class
MANY_STEPS = 1_000  # of label spreading, to see whether fewer are enough
PART = 2_000  # images deslanted at a time: bounds the memory
# the classifier
NETWORK_LABELS = (100,)
NETWORK_DRAWS = 1
EPOCHS = 20
BATCH = 256
LABELLED_BATCH = 64
CONFIDENCE = 0.95  # as FixMatch has it (Sohn et al., 2020), as the weight 1 of the guesses' loss
LEARNING_RATE = 1e-3
AUGMENTED_COPIES = 5  # of each training image, made once, in turn by epoch

Pair = tuple[np.ndarray, np.ndarray]  # training and test digits, (n, features) each
Curve = dict[str, list[float]]  # accuracies of the draws, by number of labels


def make_semi_supervised() -> dict[str, Any]:
    """Accuracy on the 10,000 test digits of every method, for each draw of labels."""
    digits = data.load_digits("mnist")
    curves: dict[str, Curve] = {}
    for name, represent in REPRESENTATIONS.items():
        curves |= once(name, functools.partial(measure_representation, name, represent, digits))
    for name, represent in CROSSED.items():
        measure = functools.partial(
            measure_representation, name, represent, digits, weightings={"equal": "spreading"}
        )
        curves |= once(name, measure)
    for name, unlabelled in NETWORKS.items():
        curves[name] = {}
        for n in NETWORK_LABELS:
            curves[name][str(n)] = [
                measure_network(digits, name, n, seed, unlabelled) for seed in range(NETWORK_DRAWS)
            ]
    metrics = {
        f"{name}, {n} labels": float(np.mean(values))
        for name, curve in curves.items()
        for n, values in curve.items()
    }
    return {
        "metrics": metrics,
        "tolerances": {name: 0.04 if ", 10 labels" in name else 0.015 for name in metrics},
        "curves": curves,
        "settings": {
            "components": COMPONENTS,
            "neighbours": NEIGHBOURS,
            "alpha": evaluation.SPREADING_ALPHA,
            "steps": evaluation.SPREADING_STEPS,
            "votes": VOTES,
            "epochs": EPOCHS,
            "confidence": CONFIDENCE,
            "learning_rate": LEARNING_RATE,
        },
        "conventions": "share of the 10,000 test digits classified correctly; so many of the "
        f"50,000 training images are labelled, as many of each class; {DRAWS} draws, for the "
        f"networks {NETWORK_DRAWS}, the first of them; 5-NN takes 1 neighbour where a class has "
        "one label; spreading: labels spread over the graph of the training images, then the ten "
        "nearest vote; weighted: its neighbours weigh exp(-4 (d / d_k)^2), a formula that was "
        "chosen on the labels of the 10,000 validation digits, else all weigh the same; PCA of "
        "the training images, augmented: of each of them warped once, as mnist-20d-warped sees "
        "them; both PCAs: plain and deslanted; the networks have the encoder's hidden layers",
    }


def once(name: str, measure: Callable[[], Any]) -> Any:
    """What ``measure`` gives, from its file if an earlier call has made it."""
    return kept(BUILD / f"{NAME}-{re.sub('[^a-z0-9]+', '-', name.lower())}.json", measure)


# Representations


def represent_pixels(digits: data.Digits) -> Pair:
    """All 784 of them."""
    return _flat(digits.train.images), _flat(digits.test.images)


def represent_deslanted(digits: data.Digits) -> Pair:
    """The same of upright digits."""
    return represent_pixels(deslant_digits(digits))


def represent_components(digits: data.Digits) -> Pair:
    """Principal components of the training images."""
    return _components(*represent_pixels(digits))


def represent_deslanted_components(digits: data.Digits) -> Pair:
    """The same of upright digits."""
    return _components(*represent_deslanted(digits))


def represent_augmented_components(digits: data.Digits) -> Pair:
    """Components of warped training images, as "mnist-20d-warped" sees them; of plain images."""
    pca = PCA(COMPONENTS, svd_solver="covariance_eigh")
    pca.fit(_flat(warp_at_random(digits.train.images, seed=0)))
    known, asked = represent_pixels(digits)
    return pca.transform(known), pca.transform(asked)


def represent_both_components(digits: data.Digits) -> Pair:
    """Components of plain and of upright digits, side by side: the control of two VAEs."""
    plain_known, plain_asked = represent_components(digits)
    upright_known, upright_asked = represent_deslanted_components(digits)
    known = np.concatenate([plain_known, upright_known], axis=1)
    return known, np.concatenate([plain_asked, upright_asked], axis=1)


def represent_by_shipped(*names: str) -> Callable[[data.Digits], Pair]:
    """Codes of models that ship, side by side if there are more."""

    def represent(digits: data.Digits) -> Pair:
        models = [load_pretrained(name) for name in names]
        known = [encode(model, digits.train.images) for model in models]
        asked = [encode(model, digits.test.images) for model in models]
        return np.concatenate(known, axis=1), np.concatenate(asked, axis=1)

    return represent


REPRESENTATIONS: dict[str, Callable[[data.Digits], Pair]] = {
    "pixels": represent_pixels,
    "deslanted pixels": represent_deslanted,
    "PCA": represent_components,
    "PCA, deslanted": represent_deslanted_components,
    "VAE": represent_by_shipped("mnist-20d"),
    "VAE, augmented": represent_by_shipped("mnist-20d-warped"),
    "both VAEs": represent_by_shipped("mnist-20d", "mnist-20d-warped"),
}
# what gives PCA all that the VAEs have; nothing in it is tuned on labels
CROSSED: dict[str, Callable[[data.Digits], Pair]] = {
    "PCA, augmented": represent_augmented_components,
    "both PCAs": represent_both_components,
}


def deslant_digits(digits: data.Digits) -> data.Digits:
    """All images deslanted, made once: the arrays wait in a file."""
    file = BUILD / f"{NAME}-deslanted.npz"
    if not file.exists():
        images = {part: deslant(getattr(digits, part).images) for part in digits._fields[1:]}
        np.savez_compressed(file, **images)
    with np.load(file) as images:
        splits = {
            part: data.Split(images[part], getattr(digits, part).labels)
            for part in digits._fields[1:]
        }
    return digits._replace(**splits)


def deslant(images: np.ndarray) -> np.ndarray:
    """Raw images, each slanted back until its ink's rows and columns are uncorrelated.

    The slant of the ink is the covariance of its columns and rows, divided by the rows' variance.
    """
    rows, columns = np.mgrid[:28, :28]
    upright = []
    for start in range(0, len(images), PART):
        part = data.normalize(images[start : start + PART])
        ink = part[..., 0] / part.sum(axis=(1, 2, 3))[:, None, None]
        right = columns - (ink * columns).sum(axis=(1, 2), keepdims=True)
        up = (ink * rows).sum(axis=(1, 2), keepdims=True) - rows
        slant = (ink * right * up).sum(axis=(1, 2)) / (ink * up**2).sum(axis=(1, 2))
        upright.append(data.to_raw(data.warp(part, slant=-slant)))
    return np.concatenate(upright)


# Neighbours and label spreading


WEIGHTINGS = {"equal": "spreading", "distance": "weighted spreading"}


def measure_representation(
    name: str,
    represent: Callable[[data.Digits], Pair],
    digits: data.Digits,
    weightings: Mapping[str, str] = WEIGHTINGS,
) -> dict[str, Curve]:
    """The curves of all methods that take this representation."""
    known, asked = represent(digits)
    known, asked = known.astype(np.float32), asked.astype(np.float32)
    curves = {f"5-NN, {name}": measure_neighbours(known, asked, digits)}
    for weighting, method in weightings.items():
        curves[f"{method}, {name}"] = measure_spreading(known, asked, digits, weighting)
    for method, curve in curves.items():
        means = {n: round(float(np.mean(values)), 4) for n, values in curve.items()}
        print(f"  {method}: {means}", flush=True)
    return curves


def measure_neighbours(
    known: np.ndarray, asked: np.ndarray, digits: data.Digits
) -> dict[str, list[float]]:
    """Accuracy of the vote of the five nearest labelled digits, for each draw."""
    curve = {}
    for n in LABELS:
        draws = []
        for seed in range(DRAWS):
            chosen = stratified(digits.train.labels, n, seed)
            classifier = KNeighborsClassifier(5 if n >= 50 else 1)
            classifier.fit(known[chosen], digits.train.labels[chosen])
            draws.append(round(classifier.score(asked, digits.test.labels), 4))
        curve[str(n)] = draws
    return curve


def measure_spreading(
    known: np.ndarray, asked: np.ndarray, digits: data.Digits, weighting: str
) -> dict[str, list[float]]:
    """Accuracy of label spreading with the vote of the ten nearest, for each draw.

    All draws of a number of labels spread at once: their columns stand side by side.
    """
    graph = evaluation.neighbour_graph(known, NEIGHBOURS, weighting == "distance")
    graph = graph.astype(np.float32)
    nearest = NearestNeighbors(n_neighbors=VOTES).fit(known)
    neighbours = nearest.kneighbors(asked, return_distance=False)
    curve = {}
    for n in LABELS:
        spread = evaluation.spread(graph, known_labels(digits.train.labels, n))
        classes = find_classes(spread)
        draws = []
        for seed in range(DRAWS):
            votes = classes[neighbours, seed]
            accuracy = np.mean(count_votes(votes).argmax(axis=1) == digits.test.labels)
            draws.append(round(float(accuracy), 4))
        curve[str(n)] = draws
    return curve


def known_labels(labels: np.ndarray, n: int) -> np.ndarray:
    """Y of all draws side by side: ten columns each, 1 where a label is known."""
    start = np.zeros((len(labels), DRAWS, 10), np.float32)
    for seed in range(DRAWS):
        chosen = stratified(labels, n, seed)
        start[chosen, seed, labels[chosen]] = 1
    return start.reshape(len(labels), -1)


def find_classes(spread: np.ndarray) -> np.ndarray:
    """From the columns of all draws to a label of each image in each draw, ``(n, DRAWS)``."""
    return spread.reshape(len(spread), DRAWS, 10).argmax(axis=2)


def make_spreading_steps() -> dict[str, Any]:
    """The labels after the steps that all rows have, and after five times as many."""
    digits = data.load_digits("mnist")
    codes = encode(load_pretrained("mnist-20d"), digits.train.images).astype(np.float32)
    graph = evaluation.neighbour_graph(codes, NEIGHBOURS, False).astype(np.float32)
    start = known_labels(digits.train.labels, 100)
    after_few = find_classes(evaluation.spread(graph, start))
    after_many = find_classes(evaluation.spread(graph, start, MANY_STEPS))
    same = (after_few == after_many).mean(axis=0)
    metrics = {"same label, mean": float(same.mean()), "same label, least": float(same.min())}
    for name, classes in (("few", after_few), ("many", after_many)):
        correct = classes == digits.train.labels[:, None]
        metrics[f"accuracy on training images, {name} steps"] = float(correct.mean())
    return {
        "metrics": metrics,
        "tolerances": dict.fromkeys(metrics, 0.005),
        "few": evaluation.SPREADING_STEPS,
        "many": MANY_STEPS,
        "conventions": "codes of mnist-20d; the 50,000 training images, 100 of them labelled, "
        f"{DRAWS} draws; same label: share of the images",
    }


# Networks


NETWORKS = {"classifier, pseudo-labels": True}  # whether unlabelled digits are used


def measure_network(digits: data.Digits, name: str, n: int, seed: int, unlabelled: bool) -> float:
    """Accuracy of one network, from its file if an earlier call has made it."""
    piece = f"{name} {n} {seed}"
    return float(once(piece, lambda: train_network(digits, n, seed, unlabelled)))


def make_augmented(images: np.ndarray) -> list[np.ndarray]:
    """Copies of all images, each turned, scaled, slanted, shifted and thickened at random."""
    file = BUILD / f"{NAME}-augmented.npy"
    if not file.exists():
        np.save(file, [warp_at_random(images, seed) for seed in range(AUGMENTED_COPIES)])
    return list(np.load(file))


def train_network(digits: data.Digits, n: int, seed: int, unlabelled: bool) -> float:
    """Accuracy on the test digits of a classifier trained on ``n`` labels.

    Args:
        digits: MNIST.
        n: labels.
        seed: of the draw of labels, the weights and the batches.
        unlabelled: learn from confident guesses for the other images, too.
    """
    keras.utils.set_random_seed(seed)
    classifier = build_classifier()
    model = PseudoLabels(classifier, unlabelled)
    steps = EPOCHS * (len(digits.train.images) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    model.compile(optimizer=keras.optimizers.Adam(rate), jit_compile=True)
    model.built = True
    chosen = stratified(digits.train.labels, n, seed)
    batches = make_batches(digits, make_augmented(digits.train.images), chosen, seed)
    # any target: the loss takes all that it needs from the inputs
    model.fit(
        ((inputs, np.zeros(1)) for inputs in batches),
        steps_per_epoch=steps,
        epochs=1,
        shuffle=False,
        verbose=0,
    )
    logits = classifier.predict(_flat(digits.test.images), batch_size=1_000, verbose=0)
    return round(float(np.mean(logits.argmax(axis=1) == digits.test.labels)), 4)


def build_classifier() -> keras.Model:
    """The encoder's hidden layers, with ten logits behind them."""
    hidden = [layers.Dense(units, gelu) for units in settings.HIDDEN_UNITS]
    return keras.Sequential([keras.Input((784,)), *hidden, layers.Dense(10)])


def make_batches(
    digits: data.Digits, augmented: list[np.ndarray], chosen: np.ndarray, seed: int
) -> Iterator[tuple[np.ndarray, ...]]:
    """Augmented labelled images with their labels; other images plain and augmented; no end."""
    random = np.random.default_rng(seed)
    images = digits.train.images
    while True:
        for copy in augmented:
            order = random.permutation(len(images))
            for start in range(0, len(images) - BATCH + 1, BATCH):
                rows = order[start : start + BATCH]
                labelled = random.choice(chosen, LABELLED_BATCH)
                source = augmented[random.integers(len(augmented))]
                yield (
                    _flat(source[labelled]),
                    digits.train.labels[labelled].astype(np.int32),
                    _flat(images[rows]),
                    _flat(copy[rows]),
                )


class PseudoLabels(keras.Model):
    """Cross-entropy on labelled images, and on confident guesses for the others.

    A guess is made on the plain image; where its probability reaches ``CONFIDENCE``, the augmented
    image has to be classified so, too (FixMatch, Sohn et al., 2020).

    Args:
        classifier: from flat images to logits.
        unlabelled: learn from the guesses, too.
    """

    def __init__(self, classifier: keras.Model, unlabelled: bool):
        super().__init__()
        self.classifier = classifier
        self.unlabelled = unlabelled

    def call(self, inputs: Any) -> Any:
        return self.classifier(inputs[0])

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        _, labels, plain, augmented = x
        cross_entropy = keras.losses.sparse_categorical_crossentropy
        supervised = ops.mean(cross_entropy(labels, y_pred, from_logits=True))
        if not self.unlabelled:
            return supervised
        probabilities = ops.stop_gradient(ops.softmax(self.classifier(plain)))
        guesses = ops.argmax(probabilities, axis=-1)
        sure = ops.cast(ops.max(probabilities, axis=-1) >= CONFIDENCE, "float32")
        consistency = cross_entropy(guesses, self.classifier(augmented), from_logits=True)
        return supervised + ops.mean(sure * consistency)


def _components(known: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, ...]:
    pca = PCA(COMPONENTS, svd_solver="covariance_eigh").fit(known)
    return pca.transform(known), pca.transform(asked)


def _flat(images: np.ndarray) -> np.ndarray:
    return data.normalize(images).reshape(len(images), -1)


EXPERIMENTS = {
    NAME: Experiment(
        45,
        "Few labels: what do VAE codes give that their controls do not?",
        make_semi_supervised,
        about_a_claim=True,
    ),
    "spreading-steps": Experiment(
        2,
        "Are 200 steps of label spreading enough for 50,000 images?",
        make_spreading_steps,
        about_a_claim=True,
    ),
}
