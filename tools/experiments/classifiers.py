"""The classifiers that notebook 11 compares: how each is trained, and how it answers.

All are trained on raw digits and answer in NumPy, so that none pays for the calls of a framework
and the prices of their answers can be compared. The networks (the VAE, its encoder as a classifier
without and with a code of 20 numbers, a small convolutional network) receive the same batches in
the same order from the same optimiser. None looks at a validation label: the number of neighbours
is chosen by leaving one out among the training images, and the networks' steps are fixed
beforehand.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import layers
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from tools.experiments.common import count_votes, flat, in_parts
from vae_lib import data, evaluation, settings, training
from vae_lib.formulas import gelu, softmax
from vae_lib.inference import NumpyVAE
from vae_lib.models import VAE, build_encoder, build_vae

BATCH = 256
LEARNING_RATE = 1.5e-3
LATENT_DIM = 20
NEIGHBOURS = (1, 3, 5, 9, 15)  # from which each method of neighbours chooses
LEFT_OUT = 2_000  # training images by which it chooses
QUERIES = 100  # images whose distances or windows are held at a time: bounds the memory
INVERSE_REGULARISATION = 0.1  # of logistic regression; chosen once, on 10,000 validation digits
READER_UNITS = 256  # of the network that classifies codes

ArrayFunction = Callable[[np.ndarray], np.ndarray]
DenseLayer = tuple[np.ndarray, np.ndarray, ArrayFunction]


@dataclass(frozen=True)
class Classifier:
    """A trained classifier.

    Attributes:
        predict: from normalised images ``(n, 28, 28, 1)`` to probabilities ``(n, 10)``.
        kept: the arrays that it needs for an answer.
        score: the method's own OOD score ``(n,)``; None: one minus the largest probability.
        samplers: ways to make new images, ``(number, seed)`` to ``(number, 28, 28, 1)``.
        facts: what was chosen or measured on the way.
    """

    predict: ArrayFunction
    kept: list[np.ndarray]
    score: ArrayFunction | None = None
    samplers: dict[str, Callable[[int, int], np.ndarray]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


class Neighbours:
    """Votes of the k nearest points; k is chosen by leaving one out.

    Args:
        points: ``(m, d)``.
        labels: ``(m,)``.
    """

    def __init__(self, points: np.ndarray, labels: np.ndarray):
        self.points = np.ascontiguousarray(points, np.float32)
        self.labels = labels
        self.squares = np.square(self.points).sum(axis=1)
        self.k = max(NEIGHBOURS)
        asked = self.points[:LEFT_OUT]
        near, _ = self.find(asked, without_self=True)
        right = {}
        for k in NEIGHBOURS:
            answers = count_votes(self.labels[near[:, :k]]).argmax(axis=1)
            right[k] = np.mean(answers == labels[: len(asked)])
        self.k = max(right, key=lambda k: right[k])

    def find(
        self, queries: np.ndarray, without_self: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Indices of the k nearest points, nearest first, and their distances, ``(n, k)`` each.

        Args:
            queries: ``(n, d)``.
            without_self: the queries are the first n points, and none is its own neighbour.
        """
        found = []
        for start in range(0, len(queries), QUERIES):
            part = queries[start : start + QUERIES]
            # the query's own square is the same for all points: it is added to the nearest only
            distances = self.squares - 2 * part @ self.points.T
            if without_self:
                rows = np.arange(len(part))
                distances[rows, start + rows] = np.inf
            near = np.argpartition(distances, self.k, axis=1)[:, : self.k]
            nearest = np.take_along_axis(distances, near, axis=1)
            order = np.argsort(nearest, axis=1)
            near = np.take_along_axis(near, order, axis=1)
            nearest = np.take_along_axis(nearest, order, axis=1)
            nearest = nearest + np.square(part).sum(axis=1, keepdims=True)
            found.append((near, np.sqrt(np.maximum(nearest, 0))))
        indices, lengths = zip(*found, strict=True)
        return np.concatenate(indices), np.concatenate(lengths)

    def predict(self, queries: np.ndarray) -> np.ndarray:
        """Shares of the votes, ``(n, 10)``."""
        near, _ = self.find(queries)
        return count_votes(self.labels[near]) / self.k

    def measure_distance(self, queries: np.ndarray) -> np.ndarray:
        """Distance to the k-th nearest point, ``(n,)``."""
        return self.find(queries)[1][:, -1]

    @property
    def kept(self) -> list[np.ndarray]:
        """What is needed for an answer."""
        return [self.points, self.squares, self.labels]


def fit_nearest(split: data.Split, clock: "Clock") -> Classifier:
    """k-NN on pixels."""
    with clock:
        neighbours = Neighbours(flat(data.normalize(split.images)), split.labels)
    return Classifier(
        lambda images: neighbours.predict(flat(images)),
        neighbours.kept,
        lambda images: neighbours.measure_distance(flat(images)),
        facts={"k": neighbours.k},
    )


def fit_logistic(split: data.Split, clock: "Clock") -> Classifier:
    """Logistic regression on pixels."""
    with clock:
        model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=1_000)
        model.fit(flat(data.normalize(split.images)), split.labels)
    network: list[DenseLayer] = [
        (model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32), identity)
    ]
    return Classifier(
        lambda images: softmax(forward(flat(images), network)),
        arrays_of(network),
        facts={"iterations": int(model.n_iter_.max())},
    )


def fit_pca(split: data.Split, clock: "Clock", components: int) -> Classifier:
    """k-NN on the first principal components."""
    with clock:
        pixels = flat(data.normalize(split.images))
        pca = PCA(min(components, len(pixels)), random_state=settings.SEED).fit(pixels)
        mean = pca.mean_.astype(np.float32)
        directions = pca.components_.astype(np.float32)
        points = (pixels - mean) @ directions.T
        neighbours = Neighbours(points, split.labels)

    def project(images: np.ndarray) -> np.ndarray:
        return (flat(images) - mean) @ directions.T

    def measure_error(images: np.ndarray) -> np.ndarray:
        """Squared error of the reconstruction."""
        reconstruction = project(images) @ directions + mean
        return np.square(flat(images) - reconstruction).sum(axis=1)

    def draw(codes: np.ndarray) -> np.ndarray:
        images = np.clip(codes @ directions + mean, 0, 1)
        return images.reshape(-1, *settings.IMAGE_SHAPE).astype(np.float32)

    def sample_from_one(number: int, seed: int) -> np.ndarray:
        return draw(sample_gaussian(points, number, seed))

    def sample_from_ten(number: int, seed: int) -> np.ndarray:
        return draw(sample_gaussians(points, split.labels, number, seed))

    return Classifier(
        lambda images: neighbours.predict(project(images)),
        [mean, directions, *neighbours.kept],
        measure_error,
        {"one Gaussian": sample_from_one, "a Gaussian for each digit": sample_from_ten},
        {"k": neighbours.k},
    )


def sample_gaussian(points: np.ndarray, number: int, seed: int) -> np.ndarray:
    """From the Gaussian with the mean and the covariance of the points."""
    random = np.random.default_rng(seed)
    return random.multivariate_normal(points.mean(axis=0), np.cov(points.T), number)


def sample_gaussians(points: np.ndarray, labels: np.ndarray, number: int, seed: int) -> np.ndarray:
    """As many from each digit's own Gaussian."""
    each = number // settings.CLASSES
    drawn = [
        sample_gaussian(points[labels == digit], each, seed + digit)
        for digit in range(settings.CLASSES)
    ]
    return np.concatenate(drawn)


def fit_network(
    split: data.Split, clock: "Clock", build: Callable[[int], keras.Model], steps: int, seed: int
) -> keras.Model:
    """A network that is trained to classify; compiling is not timed."""
    keras.utils.set_random_seed(seed)
    model = build(seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    compile_for(model, next(labelled_batches(split, seed)), steps, loss)
    with clock:
        take_steps(model, labelled_batches(split, seed), steps)
    return model


def fit_encoder(split: data.Split, clock: "Clock", steps: int, seed: int) -> Classifier:
    """The VAE's encoder, trained to classify."""
    model = fit_network(split, clock, build_encoder_classifier, steps, seed)
    network = [read_layer(model, f"hidden_{number}", gelu) for number in (1, 2, 3)]
    network.append(read_layer(model, "logits", identity))
    require_agreement(model, lambda images: forward(flat(images), network), split)
    return Classifier(lambda images: softmax(forward(flat(images), network)), arrays_of(network))


def fit_narrow(split: data.Split, clock: "Clock", steps: int, seed: int) -> Classifier:
    """The layers of the VAE's encoder and of its reader, trained together to classify."""
    model = fit_network(split, clock, build_narrow_classifier, steps, seed)
    reader = model.get_layer("reader")
    network = [read_layer(model, f"hidden_{number}", gelu) for number in (1, 2, 3)]
    network.append(read_layer(model, "z_mean", identity))
    network.append(read_layer(reader, "hidden", relu))
    network.append(read_layer(reader, "logits", identity))
    require_agreement(model, lambda images: forward(flat(images), network), split)
    return Classifier(lambda images: softmax(forward(flat(images), network)), arrays_of(network))


def fit_convolutional(split: data.Split, clock: "Clock", steps: int, seed: int) -> Classifier:
    """A small convolutional network."""
    model = fit_network(split, clock, build_convolutional, steps, seed)
    first, second = model.get_layer("conv_1").get_weights(), model.get_layer("conv_2").get_weights()
    network = [read_layer(model, "hidden", relu), read_layer(model, "logits", identity)]

    def find_logits(images: np.ndarray) -> np.ndarray:
        hidden = relu(convolve(images, *first))
        hidden = relu(convolve(hidden, *second))
        return forward(flat(hidden), network)

    require_agreement(model, find_logits, split)
    return Classifier(
        lambda images: softmax(in_parts(find_logits, images, QUERIES)),
        [*first, *second, *arrays_of(network)],
    )


def build_encoder_classifier(seed: int) -> keras.Model:
    """``build_encoder`` up to its last hidden layer, and ten logits."""
    encoder = build_encoder(LATENT_DIM, seed=seed)
    start = keras.initializers.GlorotUniform(seed + 51)
    hidden = encoder.get_layer("hidden_3").output
    logits = layers.Dense(settings.CLASSES, kernel_initializer=start, name="logits")(hidden)
    return keras.Model(encoder.input, logits)


def build_narrow_classifier(seed: int) -> keras.Model:
    """``build_encoder`` up to ``z_mean``, and the network that reads the codes of a VAE."""
    encoder = build_encoder(LATENT_DIM, seed=seed)
    logits = build_reader()(encoder.get_layer("z_mean").output)
    return keras.Model(encoder.input, logits)


def build_reader() -> keras.Sequential:
    """From codes to ten logits; Keras' seed, set before, starts the weights."""
    return keras.Sequential(
        [
            keras.Input((LATENT_DIM,)),
            layers.Dense(READER_UNITS, activation="relu", name="hidden"),
            layers.Dense(settings.CLASSES, name="logits"),
        ],
        name="reader",
    )


def build_convolutional(seed: int) -> keras.Model:
    """About 57,000 weights; Keras' seed, set before, starts them."""
    return keras.Sequential(
        [
            keras.Input(settings.IMAGE_SHAPE),
            layers.Conv2D(16, 5, strides=2, activation="relu", name="conv_1"),
            layers.Conv2D(32, 3, strides=2, activation="relu", name="conv_2"),
            layers.Flatten(),
            layers.Dense(64, activation="relu", name="hidden"),
            layers.Dense(settings.CLASSES, name="logits"),
        ]
    )


def train_vae(images: np.ndarray, clock: "Clock", steps: int, seed: int) -> VAE:
    """The VAE of the series with 20 latent dimensions; no label, and compiling is not timed."""
    keras.utils.set_random_seed(seed)
    vae = build_vae(LATENT_DIM, seed=seed)
    compile_for(vae, next(unlabelled_batches(images, seed)), steps)
    with clock:
        take_steps(vae, unlabelled_batches(images, seed), steps)
    return vae


class View:
    """A trained VAE as something that turns images into codes, for the readers of its codes."""

    def __init__(self, vae: VAE):
        self.vae = NumpyVAE.from_keras(vae)
        encoder = vae.encoder
        self.network = [read_layer(encoder, f"hidden_{number}", gelu) for number in (1, 2, 3)]
        self.network.append(read_layer(encoder, "z_mean", identity))

    def encode(self, images: np.ndarray) -> np.ndarray:
        """``z_mean`` of normalised images."""
        return forward(flat(images), self.network)

    def measure_above_floor(self, images: np.ndarray) -> np.ndarray:
        """Negative ELBO above the entropy floor, nats."""
        return sum(self.vae.elbo_terms(images)) - evaluation.entropy_floor(images)


def read_by_neighbours(view: View, split: data.Split, clock: "Clock") -> Classifier:
    """k-NN on the codes of labelled digits."""
    with clock:
        codes = in_parts(lambda raw: view.encode(data.normalize(raw)), split.images)
        neighbours = Neighbours(codes, split.labels)
    return Classifier(
        lambda images: neighbours.predict(view.encode(images)),
        [*arrays_of(view.network), *neighbours.kept],
        view.measure_above_floor,
        {"the prior": view.vae.sample},
        {"k": neighbours.k},
    )


def read_by_network(
    view: View, split: data.Split, clock: "Clock", steps: int, seed: int
) -> Classifier:
    """A small dense network that is trained on the codes of labelled digits."""
    with clock:
        codes = in_parts(lambda raw: view.encode(data.normalize(raw)), split.images)
    reader = fit_reader(codes, split.labels, clock, steps, seed)
    network = [read_layer(reader, "hidden", relu), read_layer(reader, "logits", identity)]
    return Classifier(
        lambda images: softmax(forward(view.encode(images), network)),
        [*arrays_of(view.network), *arrays_of(network)],
        view.measure_above_floor,
    )


def fit_reader(
    codes: np.ndarray, labels: np.ndarray, clock: "Clock", steps: int, seed: int
) -> keras.Sequential:
    """``build_reader`` trained on labelled codes; compiling is not timed."""
    keras.utils.set_random_seed(seed)
    reader = build_reader()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    compile_for(reader, next(code_batches(codes, labels, seed)), steps, loss)
    with clock:
        take_steps(reader, code_batches(codes, labels, seed), steps)
    return reader


def compile_for(model: keras.Model, batch: training.Batch, steps: int, loss: Any = None) -> None:
    """Compile with the optimiser of the series; one step, which is undone, compiles the rest."""
    optimizer = training.make_optimizer(LEARNING_RATE, steps)
    model.compile(optimizer, loss, jit_compile=True)
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    start = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
    model.train_on_batch(*batch)
    for variable, value in zip(variables, start, strict=True):
        variable.assign(value)


def take_steps(model: keras.Model, batches: Iterator[training.Batch], steps: int) -> None:
    # not ``fit``: what it sets up before its first step would count as time of the training
    for _ in range(steps):
        inputs, targets = next(batches)
        model.train_on_batch(inputs, targets)


def unlabelled_batches(images: np.ndarray, seed: int) -> Iterator[training.Batch]:
    """Images with input dropout, and the images, epoch after epoch."""
    size = min(BATCH, len(images))
    return training.endless(
        lambda epoch: training.training_batches(images, size, settings.INPUT_DROPOUT, seed, epoch)
    )


def labelled_batches(split: data.Split, seed: int) -> Iterator[training.Batch]:
    """The inputs of ``unlabelled_batches`` in the same order, and their labels."""
    size = min(BATCH, len(split.labels))

    def batches_of(epoch: int) -> Iterator[training.Batch]:
        random = np.random.default_rng((seed, epoch))
        order = random.permutation(len(split.labels))
        for start in range(0, len(order) - size + 1, size):
            part = order[start : start + size]
            images = data.normalize(split.images[part])
            yield training.drop_pixels(images, settings.INPUT_DROPOUT, random), split.labels[part]

    return training.endless(batches_of)


def code_batches(codes: np.ndarray, labels: np.ndarray, seed: int) -> Iterator[training.Batch]:
    """Codes and labels, drawn at random."""
    random = np.random.default_rng(seed)
    size = min(BATCH, len(codes))
    while True:
        part = random.integers(len(codes), size=size)
        yield codes[part], labels[part]


def read_layer(model: keras.Model, name: str, activation: ArrayFunction) -> DenseLayer:
    kernel, bias = model.get_layer(name).get_weights()
    return kernel, bias, activation


def arrays_of(network: list[DenseLayer]) -> list[np.ndarray]:
    return [array for kernel, bias, _ in network for array in (kernel, bias)]


def forward(inputs: np.ndarray, network: list[DenseLayer]) -> np.ndarray:
    """Through dense layers, one after the other."""
    hidden = inputs
    for kernel, bias, activation in network:
        hidden = activation(hidden @ kernel + bias)
    return hidden


def convolve(images: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """A convolution with stride 2 and no padding, as one matrix product.

    Args:
        images: ``(n, rows, columns, channels)``.
        kernel: ``(height, width, channels, filters)``.
        bias: ``(filters,)``.
    """
    height, width, _, filters = kernel.shape
    windows = np.lib.stride_tricks.sliding_window_view(images, (height, width), axis=(1, 2))
    windows = windows[:, ::2, ::2].transpose(0, 1, 2, 4, 5, 3)
    columns = windows.reshape(-1, kernel[..., 0].size)
    result = columns @ kernel.reshape(-1, filters) + bias
    return result.reshape(*windows.shape[:3], filters)


def identity(x: np.ndarray) -> np.ndarray:
    return x


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def require_agreement(model: keras.Model, find_logits: ArrayFunction, split: data.Split) -> None:
    """Raise AssertionError unless NumPy and Keras give the same logits."""
    images = data.normalize(split.images[:50])
    expected = np.asarray(model(images, training=False))
    np.testing.assert_allclose(find_logits(images), expected, rtol=1e-3, atol=1e-3)


class Clock:
    """Adds up the processor's seconds, of all threads, that are spent inside its blocks."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._began = 0.0

    def __enter__(self) -> "Clock":
        self._began = time.process_time()
        return self

    def __exit__(self, *fault: object) -> None:
        self.seconds += time.process_time() - self._began
