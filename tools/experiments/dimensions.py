"""Experiment dimensions: what more latent dimensions, other KL weights, convolutions, or no KL at all, do to a VAE.

All dense models are the network of ``tanh_net``, each trained for two minutes on two cores (240 s of CPU time).
"""

import time
from typing import Any

import keras
import numpy as np
from keras import layers

from tools.experiments.common import BUILD, Experiment
from tools.experiments.tanh_net import (
    PIXELS,
    STEPS,
    Stage,
    TanhVAE,
    fit,
    measure_units,
    weighted_nll,
)
from vae_lib import data, evaluation
from vae_lib.layers import Sampling
from vae_lib.losses import gaussian_kl
from vae_lib.models import VAE
from vae_lib.settings import IMAGE_SHAPE, SEED

DIMENSIONS, WEIGHTS, KS = (2, 5, 10, 20, 50), (0.5, 2.0, 4.0), (1, 5, 50, 500)
BUDGET, WATCH, RATE, BATCH = (
    240.0,
    24.0,
    6e-3,
    200,
)  # CPU seconds of training, and between two looks at validation
SCORED, SAMPLES, SHOWN = (
    2_000,
    10_000,
    20,
)  # test digits, new digits to compare with real ones, new digits kept


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


def make() -> dict[str, Any]:
    digits = data.load_digits("mnist")
    pixel_mean = digits.train.images.reshape(-1, PIXELS).mean(axis=0) / 255
    plans = {f"{latent_dim}d": (latent_dim, 1.0, 1.0) for latent_dim in DIMENSIONS}
    plans |= {f"20d-weight-{weight:g}": (20, weight, 1.0) for weight in WEIGHTS} | {
        "20d-plain": (20, 0.0, 0.0)
    }
    models, curves = {}, {}
    for name, (latent_dim, kl_weight, noise) in plans.items():
        models[name] = TanhVAE(latent_dim, pixel_mean, kl_weight, noise)
        path = BUILD / f"dimensions-{name}-state.npz"
        curves[name] = fit(models[name], digits, (Stage(1, 1, BATCH),), RATE, BUDGET, WATCH, path)
    models["20d-convolutional"], curves["20d-convolutional"] = fit_convolutional(digits)
    plain = models["20d-plain"]

    test = data.normalize(digits.test.images[:SCORED])
    binary = data.binarize(test)
    scores = {name: score(model, binary) for name, model in models.items() if model is not plain}
    seen = data.binarize(data.normalize(digits.train.images[:SAMPLES]))
    z_mean, z_log_var = models["20d"].encode(seen)
    z = z_mean + np.exp(0.5 * z_log_var) * np.random.default_rng(SEED).standard_normal(
        z_mean.shape, np.float32
    )
    sources = {
        f"VAE, {latent_dim}-D, from N(0, 1)": (models[f"{latent_dim}d"], None)
        for latent_dim in DIMENSIONS
    }
    sources |= {"VAE, 20-D, fitted Gaussian": (models["20d"], z)}
    sources |= {"plain autoencoder, 20-D, from N(0, 1)": (plain, None)}
    sources |= {"plain autoencoder, 20-D, fitted Gaussian": (plain, plain.encode(seen)[0])}
    samples = {name: draw(*source) for name, source in sources.items()}
    feature = learn_features(digits)
    real = feature(data.normalize(digits.test.images))
    distances = {name: frechet(real, feature(images)) for name, images in samples.items()}
    distances["real digits"] = frechet(real, feature(data.normalize(digits.train.images[:SAMPLES])))

    shown = np.array([np.flatnonzero(digits.test.labels == digit)[0] for digit in range(10)])
    first = data.normalize(digits.test.images[shown])
    pictures = {
        f"rebuilt {name}": as_bytes(rebuild(model, first)) for name, model in models.items()
    }
    pictures |= {f"drawn {name}": as_bytes(images[:SHOWN]) for name, images in samples.items()}
    weighted = {"0.5": "20d-weight-0.5", "1": "20d", "2": "20d-weight-2", "4": "20d-weight-4"}
    pictures |= {
        f"weight {weight}": as_bytes(draw(models[name], None)[:10])
        for weight, name in weighted.items()
    }
    np.savez_compressed(BUILD / "dimensions-pictures.npz", **pictures, shown=shown)

    metrics = {
        f"{name}_{key}": scores[name][key]
        for name in scores
        for key in ("negative_elbo", "nll_k500")
    }
    metrics |= {f"{name}_active_units": scores[name]["active_units"] for name in scores}
    tolerances = {key: 3 if key.endswith("units") else 2.0 for key in metrics}
    metrics |= {f"distance, {name}": value for name, value in distances.items()}
    tolerances |= {
        f"distance, {name}": round(0.01 + 0.3 * value, 3) for name, value in distances.items()
    }
    return {
        "conventions": f"nats per image; the first {SCORED:,} MNIST test digits, each drawn black or white once, by "
        "our own seed; 50,000 digits trained on, drawn afresh each time one is seen; nll_k is the importance-weighted "
        "estimate of -log p(x) with k samples; a unit is active if z_mean varies by more than 0.01 over these digits",
        "distance": f"Frechet distance of {SAMPLES:,} new digits from the 10,000 test digits, in the 64 features of a "
        "classifier that was trained on real digits; 0 is the real digits' own cloud, 1 its middle alone",
        "settings": {
            "budget_cpu_seconds": BUDGET,
            "learning_rate": RATE,
            "batch_size": BATCH,
            "hidden_units": [200] * 2,
        },
        "weights_count": {name: int(count(model)) for name, model in models.items()},
        "models": scores,
        "distances": distances,
        "curve_columns": [
            "CPU minutes",
            "epochs",
            "training bound",
            "validation -log p(x), k = 50, 1,000 digits",
        ],
        "curves": {
            name: np.round(curves[name], 2).tolist() for name in ("20d", "20d-convolutional")
        },
        "metrics": metrics,
        "tolerances": tolerances,
    }


def score(model: Any, binary: np.ndarray) -> dict[str, Any]:
    """Both terms, their sum, four estimates of -log p(x), and what each latent dimension carries."""
    z_mean, z_log_var = model.encode(binary)
    kl = float(np.mean(gaussian_kl(z_mean, z_log_var)))
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


def fit_convolutional(digits: data.Digits) -> tuple[VAE, list[tuple[float, ...]]]:
    """The same budget, batches and schedule as ``tanh_net.fit``, by way of Keras."""
    keras.utils.set_random_seed(SEED)
    model, random, watched = (
        build_convolutional(),
        np.random.default_rng(SEED),
        data.normalize(digits.validation.images),
    )
    model.compile(keras.optimizers.Adam())  # XLA gained nothing here
    watched, spent, seen, bounds, curve = data.binarize(watched[:1_000]), 0.0, 0, [], []
    while spent < BUDGET:
        began = time.process_time()
        model.optimizer.learning_rate = 2e-3 * 0.5 * (1 + np.cos(np.pi * spent / BUDGET))
        for _ in range(STEPS // 10):
            raw = digits.train.images[random.integers(0, len(digits.train.images), BATCH)]
            images = (random.integers(0, 255, raw.shape, np.uint8) < raw)[..., None].astype(
                np.float32
            )
            bounds.append(model.train_on_batch(images, images, return_dict=True)["loss"])
            seen += BATCH
        before, spent = spent, spent + time.process_time() - began
        if before // WATCH != spent // WATCH or spent >= BUDGET:
            nll = weighted_nll(model, watched, (50,))[50].mean()
            curve.append((spent / 60, seen / len(digits.train.images), np.mean(bounds), nll))
            bounds = []
            print(
                "convolutional {:.1f} CPU min, {:.1f} epochs: {:.2f}, {:.2f}".format(*curve[-1]),
                flush=True,
            )
    return model, curve


def draw(model: Any, codes: np.ndarray | None) -> np.ndarray:
    """New digits, decoded from N(0, 1), or from the Gaussian with the mean and covariance of ``codes``."""
    random = np.random.default_rng(SEED)
    z = random.standard_normal((SAMPLES, model.latent_dim))
    if codes is not None:
        z = random.multivariate_normal(codes.mean(axis=0), np.cov(codes.T), SAMPLES)
    return decode(model, z.astype(np.float32))


def rebuild(model: Any, images: np.ndarray) -> np.ndarray:
    return decode(model, model.encode(images)[0])


def decode(model: Any, z: np.ndarray) -> np.ndarray:
    return np.concatenate(
        [
            1 / (1 + np.exp(-np.asarray(model.decode_logits(part), np.float64)))
            for part in np.array_split(z, 10)
        ]
    ).astype(np.float32)


def learn_features(digits: data.Digits) -> Any:
    """A classifier of real digits; returns the function from images to its 64 last features."""
    keras.utils.set_random_seed(SEED)
    image = keras.Input(IMAGE_SHAPE)
    features = layers.Dense(64, "relu")(layers.Dense(256, "relu")(layers.Flatten()(image)))
    classifier = keras.Model(image, layers.Dense(10)(features))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile("adam", loss, metrics=["accuracy"])
    classifier.fit(data.normalize(digits.train.images), digits.train.labels, 128, 5, verbose=0)
    found = classifier.evaluate(
        data.normalize(digits.validation.images), digits.validation.labels, verbose=0
    )
    print(f"classifier: {found[1]:.1%} of the validation digits", flush=True)
    last = keras.Model(image, features)
    return lambda images: last.predict(images, batch_size=1_000, verbose=0).astype(np.float64)


def frechet(real: np.ndarray, new: np.ndarray) -> float:
    """Distance of two clouds by mean and covariance, in units of the spread of the real one.

    Formula: (|difference of means|^2 + tr(A + B - 2 (A B)^(1/2))) / tr(A)
    (Heusel and others, "GANs Trained by a Two Time-Scale Update Rule", 2017, equation 6, but for the unit).
    So 0 is the real cloud, and 1 is one and the same point, its middle, again and again.
    """
    covariances = np.cov(real.T), np.cov(new.T)
    values, vectors = np.linalg.eigh(covariances[0])
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ covariances[1] @ root), 0)).sum()
    gap, (spread, new_spread) = (
        ((real.mean(axis=0) - new.mean(axis=0)) ** 2).sum(),
        map(np.trace, covariances),
    )
    return round(float((gap + spread + new_spread - 2 * shared) / spread), 4)


def as_bytes(images: np.ndarray) -> np.ndarray:
    return np.round(255 * images[..., 0]).astype(np.uint8)


def count(model: Any) -> int:
    return (
        len(model.flat)
        if isinstance(model, TanhVAE)
        else model.encoder.count_params() + model.decoder.count_params()
    )


EXPERIMENTS = {
    "dimensions": Experiment(
        28, "What do more dimensions, other KL weights, convolutions, or no KL at all, do?", make
    )
}
