"""For notebook 12: what more latent dimensions, other KL weights, convolutions or no KL at all do.

All dense models are the network of ``tanh_net``, each trained for two minutes on two cores (240 s
of CPU time).
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
from keras import layers

from tools.experiments.common import BUILD, Experiment, draw_ink
from tools.experiments.tanh_net import (
    CURVE_COLUMNS,
    PIXELS,
    WATCHED,
    WATCHED_K,
    Curve,
    Plan,
    Stage,
    TanhVAE,
    describe_look,
    fit,
    measure_units,
    weighted_nll,
)
from vae_lib import data, evaluation, formulas, training
from vae_lib.layers import Sampling
from vae_lib.models import VAE
from vae_lib.settings import IMAGE_SHAPE, SEED

NAME = "dimensions"
DIMENSIONS = (2, 5, 10, 20, 50)
WEIGHTS = (0.5, 2.0, 4.0)  # of the KL term, beside 1
KS = (1, 5, 50, 500)
BUDGET = 240.0  # CPU seconds of training
WATCH = 24.0  # CPU seconds between two looks at validation
RATE = 6e-3
CONVOLUTIONAL_RATE = 2e-3
BATCH = 200
STEPS = 10  # of the convolutional model between two looks at the clock
SCORED = 2_000  # test digits
SAMPLES = 10_000  # new digits to compare with real ones
SHOWN = 20  # new digits kept

Model = TanhVAE | VAE


def make() -> dict[str, Any]:
    """Train all models, score them, compare their samples with real digits; the card."""
    digits = data.load_digits("mnist")
    models, curves = train_models(digits)
    binary = data.binarize(data.normalize(digits.test.images[:SCORED]))
    scores = {name: score(model, binary) for name, model in models.items() if name != "20d-plain"}
    samples = draw_samples(models, digits)
    distances = measure_distances(samples, digits)
    store_pictures(models, samples, digits)
    metrics, tolerances = summarise(scores, distances)
    return {
        "conventions": f"nats per image; the first {SCORED:,} MNIST test digits, each drawn black "
        "or white once, by our own seed; 50,000 digits trained on, drawn afresh each time one is "
        "seen; nll_k is the importance-weighted estimate of -log p(x) with k samples; a unit is "
        "active if z_mean varies by more than 0.01 over these digits",
        "distance": f"Frechet distance of {SAMPLES:,} new digits from the 10,000 test digits, in "
        "the 64 features of a classifier that was trained on real digits; 0 is the real digits' "
        "own cloud, 1 its middle alone",
        "settings": {
            "budget_cpu_seconds": BUDGET,
            "learning_rate": RATE,
            "batch_size": BATCH,
            "hidden_units": [200] * 2,
        },
        "weights_count": {name: count_weights(model) for name, model in models.items()},
        "models": scores,
        "distances": distances,
        "curve_columns": CURVE_COLUMNS,
        "curves": {
            name: np.round(curves[name], 2).tolist() for name in ("20d", "20d-convolutional")
        },
        "metrics": metrics,
        "tolerances": tolerances,
    }


def train_models(digits: data.Digits) -> tuple[dict[str, Model], dict[str, Curve]]:
    """The models and their curves, by name."""
    pixel_mean = digits.train.images.reshape(-1, PIXELS).mean(axis=0) / 255
    dense = {}
    for latent_dim in DIMENSIONS:
        dense[f"{latent_dim}d"] = TanhVAE(latent_dim, pixel_mean)
    for weight in WEIGHTS:
        dense[f"20d-weight-{weight:g}"] = TanhVAE(20, pixel_mean, kl_weight=weight)
    dense["20d-plain"] = TanhVAE(20, pixel_mean, kl_weight=0.0, noise=0.0)

    plan = Plan((Stage(1, 1, BATCH),), RATE, BUDGET, WATCH)
    curves = {}
    for name, model in dense.items():
        curves[name] = fit(model, digits, plan, BUILD / f"{NAME}-{name}-state.npz")
    keras.utils.set_random_seed(SEED)
    convolutional = build_convolutional()
    curves["20d-convolutional"] = fit_convolutional(convolutional, digits)
    return {**dense, "20d-convolutional": convolutional}, curves


def build_convolutional(latent_dim: int = 20) -> VAE:
    """Two convolutions in, two out: about as many weights as the dense 20-D network."""
    image = keras.Input(IMAGE_SHAPE)
    hidden = layers.Conv2D(16, 3, 2, "same", activation="relu")(image)
    hidden = layers.Conv2D(32, 3, 2, "same", activation="relu")(hidden)
    hidden = layers.Dense(128, "relu")(layers.Flatten()(hidden))
    z_mean = layers.Dense(latent_dim)(hidden)
    z_log_var = layers.Dense(latent_dim)(hidden)
    z = Sampling(SEED)(z_mean, z_log_var)
    encoder = keras.Model(image, [z_mean, z_log_var, z])

    code = keras.Input((latent_dim,))
    hidden = layers.Dense(128, "relu")(code)
    hidden = layers.Dense(7 * 7 * 32, "relu")(hidden)
    hidden = layers.Reshape((7, 7, 32))(hidden)
    hidden = layers.Conv2DTranspose(16, 3, 2, "same", activation="relu")(hidden)
    logits = layers.Conv2DTranspose(1, 3, 2, "same")(hidden)
    return VAE(encoder, keras.Model(code, logits))


def fit_convolutional(vae: VAE, digits: data.Digits) -> Curve:
    """The same budget, batches and schedule as ``tanh_net.fit``, by way of Keras."""
    vae.compile(keras.optimizers.Adam())  # XLA gained nothing here
    watched = data.binarize(data.normalize(digits.validation.images[:WATCHED]))
    budget = CpuBudget(watched, len(digits.train.images))
    vae.fit(
        binary_batches(digits.train.images),
        steps_per_epoch=STEPS,
        epochs=1_000_000,  # the budget ends it
        shuffle=False,
        verbose=0,
        callbacks=[budget],
    )
    return budget.curve


def binary_batches(images: np.ndarray) -> Iterator[training.Batch]:
    """Raw images drawn at random, their pixels drawn black or white."""
    random = np.random.default_rng(SEED)
    while True:
        raw = images[random.integers(0, len(images), BATCH)]
        batch = draw_ink(raw, random)[..., None].astype(np.float32)
        yield batch, batch


class CpuBudget(keras.callbacks.Callback):
    """Ends a training when its CPU time is spent; a cosine takes the learning rate to zero by then.

    Args:
        watched: validation digits, zeros and ones ``(n, 28, 28, 1)``.
        size: of the training set.

    Attributes:
        curve: as ``tanh_net.fit`` returns.
    """

    def __init__(self, watched: np.ndarray, size: int):
        super().__init__()
        self.watched = watched
        self.size = size
        self.spent = 0.0
        self.began = 0.0
        self.bounds: list[float] = []
        self.curve: Curve = []

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.began = time.process_time()
        cosine = 0.5 * (1 + np.cos(np.pi * self.spent / BUDGET))
        self.model.optimizer.learning_rate = CONVOLUTIONAL_RATE * cosine

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.bounds.append((logs or {})["loss"])
        before = self.spent
        self.spent += time.process_time() - self.began
        is_over = self.spent >= BUDGET
        if before // WATCH != self.spent // WATCH or is_over:
            seen = (epoch + 1) * STEPS * BATCH
            nll = weighted_nll(self.model, self.watched, (WATCHED_K,))[WATCHED_K].mean()
            self.curve.append(
                (self.spent / 60, seen / self.size, float(np.mean(self.bounds)), float(nll))
            )
            self.bounds = []
            print("convolutional", describe_look(self.curve[-1]), flush=True)
        self.model.stop_training = is_over


def score(model: Model, binary: np.ndarray) -> dict[str, Any]:
    """Both terms, their sum, four estimates of -log p(x), and what each dimension carries."""
    z_mean, z_log_var = model.encode(binary)
    kl = float(np.mean(formulas.gaussian_kl(z_mean, z_log_var)))
    bound = evaluation.estimate_negative_elbo(model, binary, samples=5)
    estimates = weighted_nll(model, binary, KS)
    return {
        "reconstruction": round(bound.mean - kl, 2),
        "kl": round(kl, 2),
        "negative_elbo": round(bound.mean, 2),
        **{f"nll_k{k}": round(float(values.mean()), 2) for k, values in estimates.items()},
        "standard_error": round(evaluation.Score(estimates[KS[-1]]).standard_error, 2),
        **measure_units(z_mean, z_log_var),
    }


def draw_samples(models: dict[str, Model], digits: data.Digits) -> dict[str, np.ndarray]:
    """New digits of each model: from the prior, and from a Gaussian fitted to codes."""
    seen = data.binarize(data.normalize(digits.train.images[:SAMPLES]))
    z_mean, z_log_var = models["20d"].encode(seen)
    epsilon = np.random.default_rng(SEED).standard_normal(z_mean.shape, np.float32)
    z = z_mean + np.exp(0.5 * z_log_var) * epsilon
    plain = models["20d-plain"]
    samples = {}
    for latent_dim in DIMENSIONS:
        samples[f"VAE, {latent_dim}-D, from N(0, 1)"] = sample(models[f"{latent_dim}d"])
    samples["VAE, 20-D, fitted Gaussian"] = sample(models["20d"], z)
    samples["plain autoencoder, 20-D, from N(0, 1)"] = sample(plain)
    samples["plain autoencoder, 20-D, fitted Gaussian"] = sample(plain, plain.encode(seen)[0])
    return samples


def sample(model: Model, codes: np.ndarray | None = None) -> np.ndarray:
    """New digits, decoded from N(0, 1), or from the Gaussian with mean and covariance of codes."""
    random = np.random.default_rng(SEED)
    z = random.standard_normal((SAMPLES, model.latent_dim))
    if codes is not None:
        z = random.multivariate_normal(codes.mean(axis=0), np.cov(codes.T), SAMPLES)
    return decode(model, z.astype(np.float32))


def decode(model: Model, z: np.ndarray) -> np.ndarray:
    """Images in [0, 1], float32 ``(n, 28, 28, 1)``."""
    return formulas.sigmoid(model.decode_logits(z))


def reconstruct(model: Model, images: np.ndarray) -> np.ndarray:
    z_mean, _ = model.encode(images)
    return decode(model, z_mean)


def measure_distances(samples: dict[str, np.ndarray], digits: data.Digits) -> dict[str, float]:
    """Frechet distances of new digits, and of as many real ones, from the test digits."""
    extract = learn_features(digits)
    real = extract(data.normalize(digits.test.images))
    distances = {name: frechet(real, extract(images)) for name, images in samples.items()}
    train = data.normalize(digits.train.images[:SAMPLES])
    distances["real digits"] = frechet(real, extract(train))
    return distances


def learn_features(digits: data.Digits) -> Callable[[np.ndarray], np.ndarray]:
    """A classifier of real digits; returns the function from images to its 64 last features."""
    keras.utils.set_random_seed(SEED)
    image = keras.Input(IMAGE_SHAPE)
    features = layers.Dense(64, "relu")(layers.Dense(256, "relu")(layers.Flatten()(image)))
    classifier = keras.Model(image, layers.Dense(10)(features))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile("adam", loss, metrics=["accuracy"])
    train, validation = digits.train, digits.validation
    classifier.fit(data.normalize(train.images), train.labels, batch_size=128, epochs=5, verbose=0)
    _, accuracy = classifier.evaluate(
        data.normalize(validation.images), validation.labels, verbose=0
    )
    print(f"classifier: {accuracy:.1%} of the validation digits", flush=True)
    last = keras.Model(image, features)
    return lambda images: last.predict(images, batch_size=1_000, verbose=0).astype(np.float64)


def frechet(real: np.ndarray, new: np.ndarray) -> float:
    """Distance of two clouds by mean and covariance, in units of the spread of the real one.

    Formula: (|difference of means|^2 + tr(A + B - 2 (A B)^(1/2))) / tr(A)
    (Heusel and others, "GANs Trained by a Two Time-Scale Update Rule", 2017, equation 6, but for
    the unit). So 0 is the real cloud, and 1 is one and the same point, its middle, again and again.
    """
    covariance, new_covariance = np.cov(real.T), np.cov(new.T)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    shared_values = np.linalg.eigvalsh(root @ new_covariance @ root)
    shared = np.sqrt(np.maximum(shared_values, 0)).sum()
    gap = ((real.mean(axis=0) - new.mean(axis=0)) ** 2).sum()
    spread, new_spread = np.trace(covariance), np.trace(new_covariance)
    return round(float((gap + spread + new_spread - 2 * shared) / spread), 4)


def store_pictures(
    models: dict[str, Model], samples: dict[str, np.ndarray], digits: data.Digits
) -> None:
    """Reconstructions of one test digit of each class, and new digits, as bytes."""
    shown = np.array([np.flatnonzero(digits.test.labels == digit)[0] for digit in range(10)])
    first = data.normalize(digits.test.images[shown])
    pictures = {"shown": shown}
    for name, model in models.items():
        pictures[f"rebuilt {name}"] = data.to_raw(reconstruct(model, first))
    for name, images in samples.items():
        pictures[f"drawn {name}"] = data.to_raw(images[:SHOWN])
    for weight in sorted((*WEIGHTS, 1.0)):
        name = "20d" if weight == 1 else f"20d-weight-{weight:g}"
        pictures[f"weight {weight:g}"] = data.to_raw(sample(models[name])[:10])
    np.savez_compressed(BUILD / f"{NAME}-pictures.npz", **pictures)


def summarise(
    scores: dict[str, dict[str, Any]], distances: dict[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """The metrics of the card, and their tolerances."""
    metrics = {}
    tolerances = {}
    for name, found in scores.items():
        for key, tolerance in (("negative_elbo", 2.0), ("nll_k500", 2.0), ("active_units", 3)):
            metrics[f"{name}_{key}"] = found[key]
            tolerances[f"{name}_{key}"] = tolerance
    for name, value in distances.items():
        metrics[f"distance, {name}"] = value
        tolerances[f"distance, {name}"] = round(0.01 + 0.3 * value, 3)
    return metrics, tolerances


def count_weights(model: Model) -> int:
    if isinstance(model, TanhVAE):
        return len(model.flat)
    return model.encoder.count_params() + model.decoder.count_params()


EXPERIMENTS = {
    NAME: Experiment(
        28, "What do more dimensions, other KL weights, convolutions, or no KL at all, do?", make
    )
}
