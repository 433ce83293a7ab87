"""For notebook 11: what six classifiers cost and give as the training images grow in number.

The networks' plan counts steps, not epochs, so that the large sets do not take all the time; of
ten looks at 2,000 validation digits the best is kept. Compiling the three Keras models, some
seconds once, is not counted.

Machines are shared, so the measure of time is the processor's seconds; the clock on the wall
stands beside it. Everything runs on one thread: two that wait for each other on a busy machine
take seconds that no method needs (up to five times its own, for a small matrix product). About 17
of the 25 minutes go to 22 VAEs, 5 to the other classifiers, 3 to label spreading.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors

from tools.experiments.classifiers import READER_UNITS, Clock, fit_reader
from tools.experiments.common import (
    Experiment,
    flat,
    in_parts,
    on_one_thread,
    stratified,
    vote_of_nearest,
)
from vae_lib import data, evaluation, machine, training
from vae_lib.models import VAE, build_vae
from vae_lib.settings import CLASSES, IMAGE_SHAPE, INPUT_DROPOUT, SEED
from vae_lib.shipped import load_pretrained

SIZES = (100, 300, 1_000, 3_000, 10_000, 50_000)
VAE_STEPS = {100: 200, 300: 300, 1_000: 400, 3_000: 800, 10_000: 1_600, 50_000: 4_000}
NETWORK_STEPS = {100: 200, 300: 300, 1_000: 500, 3_000: 800, 10_000: 1_200, 50_000: 2_000}
LABELS = 100  # that is how many are known where the others have none
REPEATED = 3_000  # up to so many images the draw is repeated
DRAWS = 5
BATCH = 250
LOOKS = 10  # at the validation digits in a training
WATCHED = 2_000  # validation digits
LATENT_DIM = 20
NEIGHBOURS = 5
SPREAD_NEIGHBOURS = 10  # that vote with labels that have spread to them
VAE_RATE = 1.5e-3
NETWORK_RATE = 1e-3
READER_STEPS = 3_120  # as the longest in the experiment price-time
PART = 1_000  # images answered at a time: bounds the memory

ImageFunction = Callable[[np.ndarray], np.ndarray]
Row = dict[str, Any]


@dataclass(frozen=True)
class Fitted:
    """A trained classifier.

    Attributes:
        answer: from normalised images to labels.
        numbers: that it keeps.
        chosen: what was chosen on validation.
    """

    answer: ImageFunction
    numbers: int
    chosen: str = ""


Fit = Callable[[data.Split, int, int], Fitted]  # training digits, draw, steps (0: as planned)


class Network:
    """A compiled Keras model that can start anew, so that compiling is done once.

    Args:
        model: to train.
        rate: the highest learning rate.
        watched: inputs and targets for validation.
        monitor: the metric of ``fit`` by which the best look is kept.
        mode: "min" or "max", which of its values is best.
        compiling: more for ``compile``.
    """

    def __init__(
        self,
        model: keras.Model,
        rate: float,
        watched: tuple[np.ndarray, np.ndarray],
        monitor: str,
        mode: str,
        **compiling: Any,
    ):
        model.compile(keras.optimizers.Adam(rate, beta_2=0.99), jit_compile=True, **compiling)
        model.optimizer.build(model.trainable_variables)
        self.model = model
        self.rate = rate
        self.watched = watched
        self.monitor = monitor
        self.mode = mode
        self.variables = [*model.variables, *model.optimizer.variables]
        self.start = [np.array(variable) for variable in self.variables]

    def fit(self, batches: Iterator[training.Batch], steps: int) -> int:
        """Train from the start; the best look's weights are kept, and its step is returned."""
        for variable, value in zip(self.variables, self.start, strict=True):
            variable.assign(value)
        best = keras.callbacks.EarlyStopping(
            self.monitor, mode=self.mode, patience=LOOKS, restore_best_weights=True
        )
        steps_per_look = steps // LOOKS
        self.model.fit(
            batches,
            steps_per_epoch=steps_per_look,
            epochs=LOOKS,
            validation_data=self.watched,
            validation_batch_size=PART,
            shuffle=False,
            verbose=0,
            callbacks=[WarmUpAndCosine(self.rate, steps), best],
        )
        return steps_per_look * (best.best_epoch + 1)


class WarmUpAndCosine(keras.callbacks.Callback):
    """The learning rate rises over a tenth of all steps, and falls along a cosine to zero.

    As a callback and not as a schedule, because a schedule's number of steps is compiled.
    """

    def __init__(self, rate: float, steps: int):
        super().__init__()
        self.rate = rate
        self.steps = steps
        self.step = 0

    def on_train_batch_begin(self, batch: int, logs: Row | None = None) -> None:
        self.step += 1
        share = self.step / self.steps
        cosine = 0.5 * (1 + np.cos(np.pi * share))
        self.model.optimizer.learning_rate.assign(self.rate * min(cosine, 10 * share))


def make() -> dict[str, Any]:
    return on_one_thread(measure)


def make_steps() -> dict[str, Any]:
    return on_one_thread(measure_steps)


def make_classifier() -> dict[str, Any]:
    return on_one_thread(measure_classifier)


def measure() -> dict[str, Any]:
    """Train and measure all methods at all sizes; the card."""
    keras.utils.set_random_seed(SEED)
    digits = data.load_digits("mnist")
    watched = take(digits.validation, np.arange(WATCHED))
    test = take(digits.test, np.arange(len(digits.test.labels)))
    methods, vae = build_methods(watched)
    rehearse(methods, digits.train)

    results = {(method, n): {"method": method, "images": n} for n in SIZES for method in methods}
    bounds: dict[int, Row] = {n: {"images": n} for n in SIZES}
    few: dict[int, Row] = {n: {"images": n} for n in SIZES}
    for n in SIZES:
        for draw in range(DRAWS if n <= REPEATED else 1):
            indices = draw_indices(digits.train, n, draw)
            split = take(digits.train, indices)
            for method, fit in methods.items():
                measure_method(results[method, n], fit, split, draw, test)
            # the VAE was just trained: whatever else is asked of it is asked now
            append(bounds[n], measure_bounds(vae, split.images, test.images))
            pca = PCA(LATENT_DIM, random_state=SEED).fit(flat(split.images))
            encoders = {"vae": encoder_of(vae), "pca": projector_of(pca)}
            labels_draws = [draw] if n <= REPEATED else range(DRAWS)
            for labels_draw in labels_draws:
                labelled = stratified(digits.train.labels, LABELS, labels_draw)
                for name, encode in encoders.items():
                    found = few_labels(encode, digits.train, indices, labelled, watched, test)
                    append(few[n], {f"{name}_{kind}": value for kind, value in found.items()})
            print("few labels", few[n], flush=True)
    return describe(list(results.values()), list(bounds.values()), list(few.values()))


def draw_indices(train: data.Split, n: int, draw: int) -> np.ndarray:
    """Of ``n`` training digits, as many of each class; of all, in their order, if n is all."""
    if n == len(train.labels):
        return np.arange(n)
    return stratified(train.labels, n, draw)


def rehearse(methods: dict[str, Fit], train: data.Split) -> None:
    """Compile for both sizes of a batch."""
    for n in (LABELS, BATCH):
        split = take(train, stratified(train.labels, n, 0))
        for fit in methods.values():
            fit(split, 0, LOOKS)


def measure_method(row: Row, fit: Fit, split: data.Split, draw: int, test: data.Split) -> None:
    """Train once, and add accuracy and seconds to the row; times of an answer at the first draw."""
    fitted, cpu, wall = timed(lambda: fit(split, draw, 0))
    accuracy = (in_parts(fitted.answer, test.images) == test.labels).mean()
    append(
        row,
        {"accuracy": accuracy, "train_cpu_s": cpu, "train_wall_s": wall, "chosen": fitted.chosen},
    )
    if draw == 0:
        row.update(time_answers(fitted.answer, test.images))
        row["numbers"] = fitted.numbers
    print(
        row["images"], draw, row["method"], f"{accuracy:.4f} {cpu:.1f} s", fitted.chosen, flush=True
    )


def measure_bounds(vae: VAE, train: np.ndarray, test: np.ndarray) -> dict[str, float]:
    """Negative ELBO on at most ``WATCHED`` training images, and on the test images."""
    some = train[:: max(1, len(train) // WATCHED)]
    return {
        "train": evaluation.estimate_negative_elbo(vae, some).mean,
        "test": evaluation.estimate_negative_elbo(vae, test).mean,
    }


def measure_steps() -> dict[str, Any]:
    """The VAE of 10,000 images with the steps of the VAE of 50,000; the card.

    In ``measure`` more images also have more steps. This control separates the two.
    """
    keras.utils.set_random_seed(SEED)
    digits = data.load_digits("mnist")
    watched = take(digits.validation, np.arange(WATCHED))
    test = take(digits.test, np.arange(len(digits.test.labels)))
    images, steps = 10_000, VAE_STEPS[50_000]
    split = take(digits.train, stratified(digits.train.labels, images, 0))
    vae = build_vae(LATENT_DIM)
    fitted = vae_method(vae, watched)(split, 0, steps)
    accuracy = float(np.mean(in_parts(fitted.answer, test.images) == test.labels))
    row = {"images": images, "steps": steps, "chosen": fitted.chosen, "accuracy": accuracy}
    row |= measure_bounds(vae, split.images, test.images)
    return {
        "conventions": f"the 10,000 images of the first draw of the experiment price; negative "
        f"ELBO in nats per image; the best of {LOOKS} looks at {WATCHED:,} validation digits",
        "results": [row],
        "metrics": {"negative_elbo_test": row["test"], "negative_elbo_train": row["train"]},
        "tolerances": {"negative_elbo_test": 1.0, "negative_elbo_train": 1.0},
    }


def measure_classifier() -> dict[str, Any]:
    """The VAE's layers, trained as a classifier, on the images of ``measure``; the card.

    Trained for as many steps as the networks there, and where the VAE has more, for those, too.
    """
    keras.utils.set_random_seed(SEED)
    digits = data.load_digits("mnist")
    watched = take(digits.validation, np.arange(WATCHED))
    test = take(digits.test, np.arange(len(digits.test.labels)))
    nets = {"encoder": [], "narrow": [layers.Dense(LATENT_DIM), layers.Dense(READER_UNITS, "relu")]}
    methods = {}
    for name, more in nets.items():
        encoder = build_vae(LATENT_DIM).encoder
        hidden = [layer for layer in encoder.layers if "hidden" in layer.name]
        net = [layers.Flatten(), *hidden, *more, layers.Dense(CLASSES)]
        methods[name] = network_method(net, watched)
    results = [
        measure_steps_of(name, fit, digits.train, test, n, steps)
        for n in SIZES
        for steps in sorted({NETWORK_STEPS[n], max(NETWORK_STEPS[n], VAE_STEPS[n])})
        for name, fit in methods.items()
    ]
    metrics = {"shipped_codes_read_by_a_network": read_shipped_codes(digits)}
    tolerances = {"shipped_codes_read_by_a_network": 0.005}
    for row in results:
        name = f"accuracy_{row['method']}_{row['images']}_images_{row['steps']}_steps"
        metrics[name] = float(np.mean(row["accuracy"]))
        tolerances[name] = 0.01 + 0.2 / row["images"] ** 0.5
    return {
        "conventions": "accuracy on the 10,000 test digits; draws of images, batches and the "
        f"choice of the best of {LOOKS} looks as for the networks in the experiment price. "
        "encoder: its hidden layers and ten logits; narrow: with the layer of z_mean and the "
        "reader between them. The codes of the shipped VAE are read as in the experiment "
        "price-time, after as many steps of the reader",
        "results": results,
        "metrics": metrics,
        "tolerances": tolerances,
    }


def measure_steps_of(
    name: str, fit: Fit, train: data.Split, test: data.Split, n: int, steps: int
) -> Row:
    """Accuracy of a method that is trained for so many steps, for each draw of n images."""
    accuracies = []
    for draw in range(DRAWS if n <= REPEATED else 1):
        fitted = fit(take(train, draw_indices(train, n, draw)), draw, steps)
        correct = in_parts(fitted.answer, test.images) == test.labels
        accuracies.append(round(float(correct.mean()), 4))
    row = {"method": name, "images": n, "steps": steps, "accuracy": accuracies}
    print(row, flush=True)
    return row


def read_shipped_codes(digits: data.Digits) -> float:
    """Accuracy on the test digits of a network that reads the codes of the shipped VAE."""
    vae = load_pretrained("mnist-20d")
    codes, test_codes = (
        in_parts(lambda raw: vae.encode(data.normalize(raw))[0], split.images)
        for split in (digits.train, digits.test)
    )
    reader = fit_reader(codes, digits.train.labels, Clock(), READER_STEPS, SEED)
    answers = reader.predict_on_batch(test_codes).argmax(axis=1)
    return float((answers == digits.test.labels).mean())


def describe(results: list[Row], bounds: list[Row], few: list[Row]) -> dict[str, Any]:
    """The card."""
    metrics, tolerances = summarise(results, bounds, few)
    return {
        "conventions": "accuracy on the 10,000 test digits; processor seconds on one thread, "
        "compiling left out; answers in milliseconds an image; negative ELBO in nats per image, "
        "grey pixels, one sampled code; one value for each draw of images, "
        f"{DRAWS} draws up to {REPEATED:,} images, one beyond; with {LABELS} labels always {DRAWS} "
        f"draws of labels; choices made on {WATCHED:,} validation digits",
        "settings": {
            "vae_steps": VAE_STEPS,
            "network_steps": NETWORK_STEPS,
            "batch": BATCH,
            "latent_dim": LATENT_DIM,
        },
        "machine": f"one thread of {machine.describe()['cores']} cores, no GPU, shared with other "
        "work",
        "results": results,
        "bounds": bounds,
        "few_labels": few,
        "metrics": metrics,
        "tolerances": tolerances,
    }


def build_methods(watched: data.Split) -> tuple[dict[str, Fit], VAE]:
    """What trains each of the six classifiers; and the VAE that its method trains."""
    vae = build_vae(LATENT_DIM)
    dense = [layers.Flatten(), layers.Dense(256, "relu"), layers.Dense(CLASSES)]
    convolutional = [
        layers.Conv2D(16, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, strides=2, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, "relu"),
        layers.Dense(CLASSES),
    ]
    methods = {
        "nearest": fit_nearest,
        "logistic": fit_logistic,
        "pca": pca_method(watched),
        "dense": network_method(dense, watched),
        "conv": network_method(convolutional, watched),
        "vae": vae_method(vae, watched),
    }
    return methods, vae


def fit_nearest(split: data.Split, draw: int, steps: int) -> Fitted:
    vote = vote_of_nearest(flat(split.images), split.labels, NEIGHBOURS)
    return Fitted(lambda images: vote(flat(images)), split.images.size)


def fit_logistic(split: data.Split, draw: int, steps: int) -> Fitted:
    # C was chosen on validation at four sizes; a finer tolerance doubled the time for no gain
    model = LogisticRegression(C=0.1, tol=1e-3).fit(flat(split.images), split.labels)
    numbers = model.coef_.size + model.intercept_.size
    return Fitted(lambda images: model.predict(flat(images)), numbers)


def pca_method(watched: data.Split) -> Fit:
    """A classifier of the first principal components."""

    def fit(split: data.Split, draw: int, steps: int) -> Fitted:
        model = PCA(LATENT_DIM, random_state=SEED).fit(flat(split.images))
        numbers = model.components_.size + model.mean_.size
        return classify_codes(projector_of(model), numbers, split, watched)

    return fit


def network_method(net: list[layers.Layer], watched: data.Split) -> Fit:
    """A network that is trained to classify."""
    model = keras.Sequential([keras.Input(IMAGE_SHAPE), *net])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network = Network(
        model,
        NETWORK_RATE,
        (watched.images, watched.labels),
        monitor="val_accuracy",
        mode="max",
        loss=loss,
        metrics=["accuracy"],
    )

    def answer(images: np.ndarray) -> np.ndarray:
        return model.predict_on_batch(images).argmax(axis=1)

    def fit(split: data.Split, draw: int, steps: int) -> Fitted:
        planned = steps or NETWORK_STEPS[len(split.labels)]
        step = network.fit(labelled_batches(split, draw), planned)
        return Fitted(answer, model.count_params(), f"step {step}")

    return fit


def vae_method(vae: VAE, watched: data.Split) -> Fit:
    """A VAE, and a classifier of its codes."""
    network = Network(
        vae, VAE_RATE, (watched.images, watched.images), monitor="val_loss", mode="min"
    )

    def fit(split: data.Split, draw: int, steps: int) -> Fitted:
        planned = steps or VAE_STEPS[len(split.labels)]
        step = network.fit(unlabelled_batches(split.images, draw), planned)
        fitted = classify_codes(encoder_of(vae), vae.encoder.count_params(), split, watched)
        return Fitted(fitted.answer, fitted.numbers, f"step {step}, {fitted.chosen}")

    return fit


def few_labels(
    encode: ImageFunction,
    train: data.Split,
    indices: np.ndarray,
    labelled: np.ndarray,
    watched: data.Split,
    test: data.Split,
) -> dict[str, float]:
    """Accuracy by the codes of the labelled digits alone, and with label spreading.

    Args:
        encode: from normalised images to codes.
        train: raw digits.
        indices: of those that the encoder was trained on.
        labelled: indices of those whose label is known.
        watched, test: normalised digits, to choose by and to score.
    """
    alone = classify_codes(encode, 0, take(train, labelled), watched).answer
    found = {"codes": float((in_parts(alone, test.images) == test.labels).mean())}
    together = np.union1d(indices, labelled)
    if len(together) > len(labelled):  # else there is nothing to spread over
        raw = train.images[together]
        codes = in_parts(lambda images: encode(data.normalize(images)), raw)
        is_known = np.isin(together, labelled)
        known = np.where(is_known, train.labels[together].astype(int), -1)
        spread = evaluation.spread_labels(codes, known)
        neighbours = NearestNeighbors(n_neighbors=SPREAD_NEIGHBOURS).fit(codes)
        test_codes = in_parts(encode, test.images)
        near = neighbours.kneighbors(test_codes, return_distance=False)
        decided = spread[near].mean(axis=1).argmax(axis=1)
        found["spread"] = float((decided == test.labels).mean())
    return found


def classify_codes(
    encode: ImageFunction, numbers: int, split: data.Split, watched: data.Split
) -> Fitted:
    """The better of two classifiers of codes on validation: 5-NN and logistic regression.

    Args:
        encode: from normalised images to codes.
        numbers: that the encoder keeps.
        split: digits to train on.
        watched: digits to choose by.
    """
    codes = in_parts(encode, split.images)
    watched_codes = in_parts(encode, watched.images)
    linear = LogisticRegression(max_iter=500).fit(codes, split.labels)
    nearest = vote_of_nearest(codes, split.labels, NEIGHBOURS)
    nearest_accuracy = (nearest(watched_codes) == watched.labels).mean()
    linear_accuracy = (linear.predict(watched_codes) == watched.labels).mean()
    if nearest_accuracy >= linear_accuracy:
        return Fitted(lambda images: nearest(encode(images)), numbers + codes.size, "5-NN")
    numbers += linear.coef_.size + linear.intercept_.size
    return Fitted(lambda images: linear.predict(encode(images)), numbers, "logistic")


def encoder_of(vae: VAE) -> ImageFunction:
    return lambda images: vae.encoder.predict_on_batch(images)[0]


def projector_of(pca: PCA) -> ImageFunction:
    return lambda images: pca.transform(flat(images))


def labelled_batches(split: data.Split, seed: int) -> Iterator[training.Batch]:
    """Images and labels, epoch after epoch."""
    random = np.random.default_rng(seed)
    size = min(BATCH, len(split.labels))
    while True:
        order = random.permutation(len(split.labels))
        for start in range(0, len(order) - size + 1, size):
            part = order[start : start + size]
            yield split.images[part], split.labels[part]


def unlabelled_batches(images: np.ndarray, seed: int) -> Iterator[training.Batch]:
    """The batches of ``training.train``, epoch after epoch."""
    raw = data.to_raw(images)
    size = min(BATCH, len(raw))
    return training.endless(
        lambda epoch: training.training_batches(raw, size, INPUT_DROPOUT, seed, epoch)
    )


def take(split: data.Split, indices: np.ndarray) -> data.Split:
    """Some digits, normalised."""
    return data.Split(data.normalize(split.images[indices]), split.labels[indices])


def append(row: Row, found: Row) -> None:
    """Add a value to the list under each name."""
    for name, value in found.items():
        if not isinstance(value, str):
            value = round(float(value), 4)
        row.setdefault(name, []).append(value)


def timed(call: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it returns, processor seconds, seconds on the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = call()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def time_answers(answer: ImageFunction, images: np.ndarray) -> dict[str, float]:
    """Milliseconds an image, alone and in a batch of 1,000.

    Each is the mean of half a second's answers, three at least.
    """
    found = {}
    for name, size in (("one", 1), ("many", PART)):
        asked = images[:size]
        answer(asked)
        times: list[tuple[float, float]] = []
        began = time.process_time()
        while len(times) < 3 or time.process_time() - began < 0.5:
            _, cpu, wall = timed(lambda asked=asked: answer(asked))
            times.append((cpu, wall))
        cpu_ms, wall_ms = 1e3 * np.mean(times, axis=0) / size
        found[f"{name}_cpu_ms"] = round(float(cpu_ms), 5)
        found[f"{name}_wall_ms"] = round(float(wall_ms), 5)
    return found


def summarise(
    results: list[Row], bounds: list[Row], few: list[Row]
) -> tuple[dict[str, float], dict[str, float]]:
    """Means over draws, and tolerances.

    What other machines round otherwise, a training makes larger: more so with few images.
    """
    metrics = {}
    tolerances = {}
    for row in results:
        name = f"accuracy_{row['method']}_{row['images']}"
        metrics[name] = float(np.mean(row["accuracy"]))
        is_trained_by_steps = row["method"] not in ("nearest", "logistic", "pca")
        tolerances[name] = 0.01 + 0.2 / row["images"] ** 0.5 if is_trained_by_steps else 0.005
    for row in few:
        for kind in sorted(row.keys() - {"images"}):
            name = f"accuracy_{LABELS}_labels_{kind}_{row['images']}"
            metrics[name] = float(np.mean(row[kind]))
            tolerances[name] = 0.05
    for row in bounds:
        for kind in ("train", "test"):
            name = f"negative_elbo_{kind}_{row['images']}"
            metrics[name] = float(np.mean(row[kind]))
            tolerances[name] = 1 + 40 / row["images"] ** 0.5
    largest = [row for row in results if row["images"] == max(SIZES)]
    seconds = {row["method"]: row["train_cpu_s"][0] for row in largest}
    metrics["vae_to_conv_train_cpu"] = seconds["vae"] / seconds["conv"]
    tolerances["vae_to_conv_train_cpu"] = 4.0
    return metrics, tolerances


EXPERIMENTS = {
    "price": Experiment(
        25,
        "What do a VAE and five other classifiers cost and give, from 100 images to 50,000?",
        make,
        about_a_claim=True,
    ),
    "price-steps": Experiment(
        4,
        "How good is the VAE of 10,000 images if it takes the steps of the VAE of 50,000?",
        make_steps,
        about_a_claim=True,
    ),
    "price-classifier": Experiment(
        17,
        "How accurate are the VAE's layers as a classifier, from 100 images to 50,000?",
        make_classifier,
        about_a_claim=True,
    ),
}
