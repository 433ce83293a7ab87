"""What six recognisers cost and give as the training images grow in number: row ``price`` (notebook 11).

The networks' plan counts steps, not epochs, so that the large sets do not eat all the time; of ten
looks at 2,000 validation digits the best is kept. Compiling the three Keras models, some seconds once,
is not counted.

Machines are shared, so the measure of time is the processor's seconds; the clock on the wall stands
beside it. Everything runs on one thread: two that wait for each other on a busy machine burn seconds
that no method needs (up to five times its own, for a small matrix product). About 17 of the 25 minutes
go to 22 VAEs, 5 to the other classifiers, 3 to spreading labels.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from typing import Any

import keras
import numpy as np
from keras import layers
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors

from tools.experiments.common import Experiment, stratified
from vae_lib import data, evaluation, machine, training
from vae_lib.models import VAE, build_vae
from vae_lib.settings import CLASSES, IMAGE_SHAPE, INPUT_DROPOUT, SEED

SIZES = (100, 300, 1_000, 3_000, 10_000, 50_000)
VAE_STEPS = dict(zip(SIZES, (200, 300, 400, 800, 1_600, 4_000)))
NETWORK_STEPS = dict(zip(SIZES, (200, 300, 500, 800, 1_200, 2_000)))
LABELS = 100  # that is how many are known where the others have none
REPEATED = 3_000  # up to so many images the draw is repeated
DRAWS, BATCH, CHECKS, WATCHED, LATENT_DIM, NEAREST = 5, 250, 10, 2_000, 20, 5
VAE_RATE, NETWORK_RATE = 1.5e-3, 1e-3
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
    "1",
)


@dataclass(frozen=True)
class Fitted:
    """A trained recogniser: from normalised images to labels; what it keeps, and what was chosen."""

    answer: Callable[[np.ndarray], np.ndarray]
    numbers: int
    chosen: str = ""


class Network:
    """A compiled Keras model that can start anew, so that compiling is paid once."""

    def __init__(self, model: keras.Model, rate: float, **compiling: Any):
        model.compile(
            optimizer=keras.optimizers.Adam(rate, beta_2=0.99), jit_compile=True, **compiling
        )
        model.optimizer.build(model.trainable_variables)
        self.model, self.rate, self.variables = (
            model,
            rate,
            [*model.variables, *model.optimizer.variables],
        )
        self.start = [np.array(variable) for variable in self.variables]

    def fit(self, batches: Iterator, steps: int, score: Callable[[], float]) -> int:
        """Warm-up and cosine as in ``training.train``; the best-scored look is kept, and its step returned."""
        for variable, value in zip(self.variables, self.start, strict=True):
            variable.assign(value)
        best, at, kept = -np.inf, 0, None
        for step, batch in zip(range(1, steps + 1), batches):
            cosine = 0.5 * (1 + np.cos(np.pi * step / steps))
            self.model.optimizer.learning_rate.assign(self.rate * min(cosine, 10 * step / steps))
            self.model.train_on_batch(*batch)
            if step % max(1, steps // CHECKS) == 0 and (value := score()) > best:
                best, at, kept = value, step, self.model.get_weights()
        self.model.set_weights(kept)
        return at


def make() -> dict[str, Any]:
    """In a process of its own, because the number of threads is read when a library starts."""
    before = dict(os.environ)
    os.environ.update(ONE_THREAD)
    try:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return pool.submit(_measure).result()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _measure() -> dict[str, Any]:
    keras.utils.set_random_seed(SEED)
    digits = data.load_digits("mnist")
    train, watched = digits.train, _take(digits.validation, np.arange(WATCHED))
    test = _take(digits.test, np.arange(len(digits.test.labels)))
    methods = build_methods(watched)
    for n in (LABELS, BATCH):  # compiles for both sizes of a batch
        for fit in methods.values():
            fit(_take(train, stratified(train.labels, n, 0)), 0, CHECKS)
    results = {(method, n): {"method": method, "images": n} for n in SIZES for method in methods}
    bounds, few = ({n: {"images": n} for n in SIZES} for _ in range(2))
    for n in SIZES:
        for draw in range(DRAWS if n <= REPEATED else 1):
            places = stratified(train.labels, n, draw) if n < len(train.labels) else np.arange(n)
            split = _take(train, places)
            for method, fit in methods.items():
                fitted, cpu, wall = _timed(lambda fit=fit, split=split, draw=draw: fit(split, draw))
                right = (_parts(fitted.answer, test.images) == test.labels).mean()
                found = {
                    "accuracy": right,
                    "train_cpu_s": cpu,
                    "train_wall_s": wall,
                    "chosen": fitted.chosen,
                }
                _append(results[method, n], found)
                if draw == 0:
                    results[method, n] |= _answering(fitted.answer, test.images) | {
                        "numbers": fitted.numbers
                    }
                print(n, draw, method, f"{right:.4f} {cpu:.1f} s", fitted.chosen, flush=True)
            vae = methods[
                "vae"
            ].network.model  # just trained: whatever else is asked of it is asked now
            some = split.images[:: max(1, n // WATCHED)]
            _append(bounds[n], {"train": _bound(vae, some), "test": _bound(vae, test.images)})
            pca = PCA(LATENT_DIM, random_state=SEED).fit(_flat(split.images))
            for labels_draw in (draw,) if n <= REPEATED else range(DRAWS):
                labelled = stratified(train.labels, LABELS, labels_draw)
                for name, encode in (("vae", _encoder(vae)), ("pca", _projector(pca))):
                    found = few_labels(encode, train, places, labelled, watched, test)
                    _append(few[n], {f"{name}_{kind}": right for kind, right in found.items()})
            print("few labels", few[n], flush=True)
    parts = list(results.values()), list(bounds.values()), list(few.values())
    return {
        "conventions": "accuracy on the 10,000 test digits; processor seconds on one thread, compiling left out; "
        "answers in milliseconds an image; negative ELBO in nats per image, grey pixels, one sampled code; "
        f"one value for each draw of images, {DRAWS} draws up to {REPEATED:,} images, one beyond; with {LABELS} "
        f"labels always {DRAWS} draws of labels; choices made on {WATCHED:,} validation digits",
        "settings": {
            "vae_steps": VAE_STEPS,
            "network_steps": NETWORK_STEPS,
            "batch": BATCH,
            "latent_dim": LATENT_DIM,
        },
        "machine": f"one thread of {machine.describe()['cores']} cores, no GPU, shared with other work",
        **dict(zip(("results", "bounds", "few_labels"), parts)),
        **_metrics(*parts),
    }


def build_methods(watched: data.Split) -> dict[str, Callable[..., Fitted]]:
    """Six functions from training digits (normalised), draw and, for a rehearsal, steps to a recogniser."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    dense = [layers.Flatten(), layers.Dense(256, "relu"), layers.Dense(CLASSES)]
    conv = [
        layers.Conv2D(16, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, strides=2, activation="relu"),
        *(layers.Flatten(), layers.Dense(64, "relu"), layers.Dense(CLASSES)),
    ]

    def nearest(split: data.Split, draw: int, steps: int = 0) -> Fitted:
        vote = vote_of_nearest(_flat(split.images), split.labels)
        return Fitted(lambda images: vote(_flat(images)), split.images.size)

    def logistic(split: data.Split, draw: int, steps: int = 0) -> Fitted:
        # C was chosen on validation at four sizes; a finer tolerance doubled the time and gave nothing
        model = LogisticRegression(C=0.1, tol=1e-3).fit(_flat(split.images), split.labels)
        return Fitted(
            lambda images: model.predict(_flat(images)), model.coef_.size + model.intercept_.size
        )

    def pca(split: data.Split, draw: int, steps: int = 0) -> Fitted:
        model = PCA(LATENT_DIM, random_state=SEED).fit(_flat(split.images))
        return _on_codes(
            _projector(model), model.components_.size + model.mean_.size, split, watched
        )

    def network(model: keras.Model) -> Callable[..., Fitted]:
        keras_model = Network(model, NETWORK_RATE, loss=loss)

        def answer(images: np.ndarray) -> np.ndarray:
            return model.predict_on_batch(images).argmax(axis=1)

        def fit(split: data.Split, draw: int, steps: int = 0) -> Fitted:
            def right() -> float:
                return float((_parts(answer, watched.images) == watched.labels).mean())

            at = keras_model.fit(
                _labelled(split, draw), steps or NETWORK_STEPS[len(split.labels)], right
            )
            return Fitted(answer, model.count_params(), f"step {at}")

        return fit

    def vae(split: data.Split, draw: int, steps: int = 0) -> Fitted:
        model, pairs = vae.network.model, np.array_split(watched.images, WATCHED // 1_000)

        def bound() -> float:
            return -np.mean(
                [model.test_on_batch(part, part, return_dict=True)["loss"] for part in pairs]
            )

        at = vae.network.fit(
            _unlabelled(split.images, draw), steps or VAE_STEPS[len(split.labels)], bound
        )
        fitted = _on_codes(_encoder(model), model.encoder.count_params(), split, watched)
        return Fitted(fitted.answer, fitted.numbers, f"step {at}, {fitted.chosen}")

    vae.network = Network(build_vae(LATENT_DIM), VAE_RATE)
    nets = {
        name: network(keras.Sequential([keras.Input(IMAGE_SHAPE), *net]))
        for name, net in (("dense", dense), ("conv", conv))
    }
    return {"nearest": nearest, "logistic": logistic, "pca": pca, **nets, "vae": vae}


def vote_of_nearest(points: np.ndarray, labels: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """As scikit-learn's, without the 20 ms that it takes to look for thread pools at each call."""
    squares = (points**2).sum(axis=1)

    def vote(queries: np.ndarray) -> np.ndarray:
        distances = squares - 2 * queries @ points.T  # the query's own square is the same for all
        near = np.argpartition(distances, NEAREST, axis=1)[:, :NEAREST]
        return (labels[near][..., None] == np.arange(CLASSES)).sum(axis=1).argmax(axis=1)

    return lambda queries: np.concatenate(
        [vote(part) for part in np.array_split(queries, len(queries) // 100 + 1)]
    )


def few_labels(
    encode: Callable,
    train: data.Split,
    places: np.ndarray,
    labelled: np.ndarray,
    watched: data.Split,
    test: data.Split,
) -> dict[str, float]:
    """Accuracy by the codes of the labelled digits alone, and with labels spread over the unlabelled ones."""
    few, codes_of_test = _take(train, labelled), _parts(encode, test.images)
    alone = _on_codes(encode, 0, few, watched).answer
    together = np.union1d(places, labelled)
    codes = _parts(lambda images: encode(data.normalize(images)), train.images[together])
    found = {"codes": float((_parts(alone, test.images) == test.labels).mean())}
    if len(together) > len(labelled):  # else there is nothing to spread over
        known = np.where(np.isin(together, labelled), train.labels[together].astype(int), -1)
        spread = evaluation.spread_labels(codes, known)
        near = (
            NearestNeighbors(n_neighbors=10)
            .fit(codes)
            .kneighbors(codes_of_test, return_distance=False)
        )
        found["spread"] = float((spread[near].mean(axis=1).argmax(axis=1) == test.labels).mean())
    return found


def _on_codes(encode: Callable, numbers: int, split: data.Split, watched: data.Split) -> Fitted:
    """The better of two classifiers of codes on validation: 5 nearest neighbours, logistic regression."""
    codes, seen = _parts(encode, split.images), _parts(encode, watched.images)
    linear = LogisticRegression(max_iter=500).fit(codes, split.labels)
    both = {"5-NN": vote_of_nearest(codes, split.labels), "logistic": linear.predict}
    chosen = max(both, key=lambda name: (both[name](seen) == watched.labels).mean())
    more = codes.size if chosen == "5-NN" else linear.coef_.size + linear.intercept_.size
    return Fitted(lambda images: both[chosen](encode(images)), numbers + more, chosen)


def _encoder(vae: VAE) -> Callable[[np.ndarray], np.ndarray]:
    return lambda images: vae.encoder.predict_on_batch(images)[0]


def _projector(pca: PCA) -> Callable[[np.ndarray], np.ndarray]:
    return lambda images: pca.transform(_flat(images))


def _bound(vae: VAE, images: np.ndarray) -> float:
    return evaluation.estimate_negative_elbo(vae, images).mean


def _append(row: dict[str, Any], found: dict[str, Any]) -> None:
    for name, value in found.items():
        row.setdefault(name, []).append(value if isinstance(value, str) else round(float(value), 4))


def _labelled(split: data.Split, seed: int) -> Iterator:
    random, size = np.random.default_rng(seed), min(BATCH, len(split.labels))
    while True:
        order = random.permutation(len(split.labels))
        for start in range(0, len(order) - size + 1, size):
            part = order[start : start + size]
            yield split.images[part], split.labels[part]


def _unlabelled(images: np.ndarray, seed: int) -> Iterator:
    raw = np.round(255 * images[..., 0]).astype(np.uint8)
    for epoch in count():
        yield from training.training_batches(raw, min(BATCH, len(raw)), INPUT_DROPOUT, seed, epoch)


def _take(split: data.Split, places: np.ndarray) -> data.Split:
    return data.Split(data.normalize(split.images[places]), split.labels[places])


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1)


def _parts(call: Callable, images: np.ndarray) -> np.ndarray:
    """A thousand images at a time: bounds the memory."""
    return np.concatenate(
        [call(images[start : start + 1_000]) for start in range(0, len(images), 1_000)]
    )


def _timed(call: Callable) -> tuple[Any, float, float]:
    """What it returns, processor seconds, seconds on the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = call()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def _answering(answer: Callable, images: np.ndarray) -> dict[str, float]:
    """Milliseconds an image, alone and in a batch of 1,000: mean of half a second's answers, three at least."""
    found = {}
    for name, size in (("one", 1), ("many", 1_000)):
        answer(images[:size])
        times, began = [], time.process_time()
        while len(times) < 3 or time.process_time() - began < 0.5:
            times.append(_timed(lambda size=size: answer(images[:size]))[1:])
        cpu, wall = 1e3 * np.mean(times, axis=0) / size
        found |= {f"{name}_cpu_ms": round(cpu, 5), f"{name}_wall_ms": round(wall, 5)}
    return found


def _metrics(
    results: list[dict], bounds: list[dict], few: list[dict]
) -> dict[str, dict[str, float]]:
    """Means over draws. What other machines round otherwise, a training makes larger: more so with few images."""
    metrics, tolerances = {}, {}
    for row in results:
        name = f"accuracy_{row['method']}_{row['images']}"
        metrics[name] = float(np.mean(row["accuracy"]))
        tolerances[name] = (
            0.005
            if row["method"] in ("nearest", "logistic", "pca")
            else 0.01 + 0.2 / row["images"] ** 0.5
        )
    for row in few:
        for kind in sorted(row.keys() - {"images"}):
            name = f"accuracy_{LABELS}_labels_{kind}_{row['images']}"
            metrics[name], tolerances[name] = float(np.mean(row[kind])), 0.05
    for row in bounds:
        for kind in ("train", "test"):
            name = f"negative_elbo_{kind}_{row['images']}"
            metrics[name], tolerances[name] = (
                float(np.mean(row[kind])),
                1 + 40 / row["images"] ** 0.5,
            )
    cpu = {row["method"]: row["train_cpu_s"][0] for row in results if row["images"] == max(SIZES)}
    metrics["vae_to_conv_train_cpu"], tolerances["vae_to_conv_train_cpu"] = (
        cpu["vae"] / cpu["conv"],
        4.0,
    )
    return {"metrics": metrics, "tolerances": tolerances}


EXPERIMENTS = {
    "price": Experiment(
        25,
        "What do a VAE and five other recognisers cost and give, from 100 images to 50,000?",
        make,
    )
}
