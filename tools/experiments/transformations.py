"""For notebook 09: which classifiers cope with transformed digits, and with other hands?

Every method knows the same 2,000 labelled digits. Nothing is tuned: the neighbours' number is that
of notebook 06, the networks' steps were fixed beforehand, and no validation digit is looked at.
All 10,000 test digits are classified in 21 states and once more with all five transformations at
random; scikit-learn's 1,797 digits come from other writers, and nothing was trained on them. They
have 8 x 8 pixels, so MNIST's digits, reduced to as many, stand beside them as a control.

The augmented VAE has also seen 50,000 digits without labels, each in 20 versions. A control without
a network has seen the same versions: their first 20 principal components. Those of the digits as
they are stand beside the VAE without augmentation.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import layers
from scipy import ndimage

from tools.experiments.common import BUILD, Experiment, flat, kept, one_thread_each, vote_of_nearest
from tools.experiments.warped import EPOCHS, LATENT_DIM, RANGES, warp_at_random
from vae_lib import data, settings, shipped, training
from vae_lib.inference import NumpyVAE

NAME = "transformations"
LABELLED = 2_000  # digits with a label, the first of the training images
COPIES = 2  # transformed copies of each labelled digit, in an augmented reference set
NEIGHBOURS = 15
STEPS = 1_000
BATCH = 128
LEARNING_RATE = 1e-3
SEEDS = (0, 1, 2)
PART = 1_000  # images at a time: bounds the memory
TEST_SEED = 2_000  # that no epoch and no copy has

SOFT = ("8 by 8 pixels", "other_hands")  # blurred images, on which trainings differ most
# the edges of what augmentation covers, and twice that
STATES = {
    "angle": (-50, -25, 25, 50),
    "scale": (0.5, 0.75, 1.25, 1.5),
    "shift": (-6, -3, 3, 6),
    "thickness": (-1, -0.5, 0.5, 1),
    "slant": (-0.6, -0.3, 0.3, 0.6),
}

Answer = Callable[[np.ndarray], np.ndarray]


class Asked(NamedTuple):
    """Images in [0, 1] ``(n, 28, 28, 1)``, or what a view makes of them, and their labels."""

    inputs: np.ndarray
    labels: np.ndarray


Accuracies = dict[str, dict[str, list[float]]]
"""Of a method, in a state, for each repeat."""


def make() -> dict[str, Any]:
    """All parts at once, on one thread each, in processes of their own."""
    parts_to_do: dict[str, tuple[Any, ...]] = {
        "neighbours": (measure_neighbours,),
        "components": (measure_components, "pca", False),
        "components_augmented": (measure_components, "pca_augmented", True),
        "cnn": (measure_network, "cnn", False),
        "cnn_augmented": (measure_network, "cnn_augmented", True),
    }
    accuracy: Accuracies = {}
    with one_thread_each(), ProcessPoolExecutor(len(parts_to_do), get_context("spawn")) as pool:
        tasks = [
            pool.submit(kept, BUILD / f"{NAME}-{name}.json", partial(*part))
            for name, part in parts_to_do.items()
        ]
        for task in tasks:
            accuracy |= task.result()
    metrics, tolerances = summarise(accuracy)
    return {
        "data": "MNIST, all 10,000 test digits in every state; other_hands: scikit-learn's 1,797 "
        "digits in MNIST's frame",
        "conventions": "accuracy: a list with one value for each training, or a single one for "
        "the methods of neighbours",
        "settings": {
            "labelled": LABELLED,
            "copies": COPIES,
            "neighbours": NEIGHBOURS,
            "steps": STEPS,
            "batch": BATCH,
            "learning_rate": LEARNING_RATE,
            "seeds": SEEDS,
            "ranges": RANGES,
            "states": STATES,
            "labelled_for_tuning": 0,
        },
        "accuracy": accuracy,
        "metrics": metrics,
        "tolerances": tolerances,
    }


def measure_neighbours() -> Accuracies:
    """Accuracy of the votes of neighbours in pixels and in the codes of the models that ship."""
    views: dict[str, Answer] = {
        "pixels": flat,
        "vae": means_of(shipped.load_pretrained("mnist-20d")),
        "vae_augmented": means_of(shipped.load_pretrained("mnist-20d-warped")),
    }
    return measure_votes(views)


def measure_components(name: str, augmented: bool) -> Accuracies:
    """The control without a network: as many principal components as the VAE has dimensions."""
    images = data.load_digits("mnist").train.images
    versions: Iterable[np.ndarray] = [images]
    if augmented:  # those that the augmented VAE was trained on
        versions = (warp_at_random(images, epoch) for epoch in range(EPOCHS))
    mean, axes = fit_components(versions)

    def view(images: np.ndarray) -> np.ndarray:
        components: np.ndarray = (flat(images) - mean) @ axes
        return components

    return measure_votes({name: view})


def fit_components(versions: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean ``(784,)`` and principal axes ``(784, 20)`` of all versions of raw images together."""
    pixels = np.prod(settings.IMAGE_SHAPE)
    count, total, products = 0, np.zeros(pixels), np.zeros((pixels, pixels))
    for images in versions:
        for part in parts(images):
            points = flat(data.normalize(part))
            count += len(points)
            total += points.sum(axis=0)
            products += points.T @ points
    mean = total / count
    _, axes = np.linalg.eigh(products / count - np.outer(mean, mean))  # the largest come last
    return mean, axes[:, -LATENT_DIM:]


def measure_votes(views: dict[str, Answer]) -> Accuracies:
    """Accuracy of the vote of neighbours, for each view of the images, without and with copies."""
    digits = data.load_digits("mnist")
    few = digits.train.take(LABELLED)
    references = {"": data.normalize(few.images), "_copies": with_copies(few)}
    votes: dict[str, dict[str, Answer]] = {}
    for name, view in views.items():
        votes[name] = {
            name + suffix: vote_of_nearest(
                view(images), np.resize(few.labels, len(images)), NEIGHBOURS
            )
            for suffix, images in references.items()
        }
    accuracy: Accuracies = {name: {} for kinds in votes.values() for name in kinds}
    for state, asked in test_sets(digits):
        for view_name, kinds in votes.items():
            points = views[view_name](asked.inputs)
            for name, vote in kinds.items():
                accuracy[name][state] = [score(vote, Asked(points, asked.labels))]
        print(state, "by neighbours", flush=True)
    return accuracy


def measure_network(name: str, augmented: bool) -> Accuracies:
    """Accuracy of the convolutional network."""
    digits = data.load_digits("mnist")
    few = digits.train.take(LABELLED)
    networks = [train(few, augmented, seed) for seed in SEEDS]
    answers = [answer_of(network) for network in networks]
    print(name, "trained", flush=True)
    accuracy: Accuracies = {name: {}}
    for state, asked in test_sets(digits):
        accuracy[name][state] = [score(answer, asked) for answer in answers]
    return accuracy


def test_sets(digits: data.Digits) -> Iterator[tuple[str, Asked]]:
    """Name, and normalised images with their labels."""
    images, labels = data.normalize(digits.test.images), digits.test.labels
    yield "plain", Asked(images, labels)
    for name, values in STATES.items():
        for value in values:
            setting: Any = (value, 0) if name == "shift" else value
            changed = [data.warp(part, **{name: setting}) for part in parts(images)]
            yield f"{name} {value:g}", Asked(np.concatenate(changed), labels)
    yield (
        "all at random",
        Asked(data.normalize(warp_at_random(digits.test.images, TEST_SEED)), labels),
    )
    yield "8 by 8 pixels", Asked(coarsen(digits.test.images), labels)
    others = data.load_digits("sklearn")
    splits = (others.train, others.validation, others.test)
    yield (
        "other_hands",
        Asked(
            data.normalize(np.concatenate([split.images for split in splits])),
            np.concatenate([split.labels for split in splits]),
        ),
    )


def coarsen(images: np.ndarray) -> np.ndarray:
    """MNIST's digits through 8 x 8 pixels and back, framed as ``data`` frames scikit-learn's.

    A control: what the other hands lose by their resolution alone.
    """
    coarse = np.zeros((len(images), 28, 28), np.float32)
    for number, image in enumerate(images / np.float32(255)):
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1][:20, :20]
        box = np.zeros((20, 20), np.float32)
        top, left = (20 - ink.shape[0]) // 2, (20 - ink.shape[1]) // 2
        box[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
        blocks = box.repeat(2, axis=0).repeat(2, axis=1).reshape(8, 5, 8, 5)
        small = np.round(16 * blocks.mean(axis=(1, 3))) / 16
        large = ndimage.zoom(small, 2.5, order=1, grid_mode=True, mode="nearest")
        framed = np.pad(large, 4)
        shift = np.round(14 - np.array(ndimage.center_of_mass(framed))).astype(int)
        coarse[number] = np.roll(framed, np.clip(shift, -4, 4), (0, 1))
    return np.clip(coarse, 0, 1)[..., None]


def with_copies(few: data.Split) -> np.ndarray:
    """The labelled digits and their transformed copies, normalised, one set after the other."""
    copies = [few.images, *(warp_at_random(few.images, seed) for seed in range(1, COPIES + 1))]
    return data.normalize(np.concatenate(copies))


def means_of(model: NumpyVAE) -> Answer:
    def view(images: np.ndarray) -> np.ndarray:
        z_mean, _ = model.encode(images)
        return z_mean

    return view


def convolutional() -> keras.Model:
    """The convolutional network of notebook 11, about 57,000 weights."""
    return keras.Sequential(
        [
            keras.Input(settings.IMAGE_SHAPE),
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(settings.CLASSES),
        ]
    )


def train(few: data.Split, augmented: bool, seed: int) -> keras.Model:
    """The network after ``STEPS`` steps; augmented: all images are transformed in each epoch."""
    keras.utils.set_random_seed(seed)
    model = convolutional()
    schedule = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, STEPS)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(schedule), loss)
    random = np.random.default_rng(seed)

    def batches_of(epoch: int) -> Iterator[training.Batch]:
        images = few.images
        if augmented:
            images = warp_at_random(images, 10_000 * (seed + 1) + epoch)
        inputs = data.normalize(images)
        order = random.permutation(LABELLED)
        for start in range(0, LABELLED - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            yield inputs[batch], few.labels[batch]

    model.fit(training.endless(batches_of), steps_per_epoch=STEPS, shuffle=False, verbose=0)
    return model


def answer_of(network: keras.Model) -> Answer:
    def answer(images: np.ndarray) -> np.ndarray:
        return np.asarray(network.predict_on_batch(images)).argmax(axis=1)

    return answer


def parts(images: np.ndarray) -> list[np.ndarray]:
    return np.array_split(images, len(images) // PART + 1)


def score(answer: Answer, asked: Asked) -> float:
    answers = np.concatenate([answer(part) for part in parts(asked.inputs)])
    return round(float(np.mean(answers == asked.labels)), 4)


def summarise(accuracy: Accuracies) -> tuple[dict[str, float], dict[str, float]]:
    """Means over seeds, and tolerances."""
    metrics, tolerances = {}, {}
    for name, states in accuracy.items():
        is_trained = name.startswith("cnn")
        for state in ("plain", "all at random", *SOFT):
            metric = f"{name}_{state}".replace(" ", "_")
            metrics[metric] = float(np.mean(states[state]))
            tolerances[metric] = 0.05 if is_trained and state in SOFT else 0.015
    return metrics, tolerances


EXPERIMENTS = {
    NAME: Experiment(
        10,
        "Which classifiers cope with transformed digits and with other hands?",
        make,
        about_a_claim=True,
    )
}
