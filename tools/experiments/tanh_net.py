"""A VAE with two tanh layers of 200 units on either side, trained in NumPy, its gradient written out by hand.

The network is the one with one stochastic layer of Burda, Grosse and Salakhutdinov ("Importance Weighted
Autoencoders", 2015); pixels are drawn black or white afresh each time a digit is seen. For so small a
network NumPy is the fastest tool: it took a third of the CPU time of a loop that XLA had compiled. Two
threads each take half of a batch. Budgets count CPU time: on a shared machine the clock says little.
"""

import ctypes
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from vae_lib import data
from vae_lib.arrays import require_codes, require_images
from vae_lib.settings import IMAGE_SHAPE

PIXELS, HIDDEN, THREADS, SEED = 784, 200, 2, 0
STEPS = 100  # between two looks at the clock
SMALL = 0.005  # share of the samples' weight that always counts
LAYERS = ("hidden_1", "hidden_2", "heads", "hidden_3", "hidden_4", "logits")


class Stage(NamedTuple):
    """Until which share of the budget, samples an image, images a step."""

    end: float
    k: int
    batch: int


class TanhVAE:
    """784-200-200-latent_dim and its mirror. All weights lie in one vector, so that Adam is a few lines.

    Args:
        latent_dim: numbers in a code.
        pixel_mean: mean grey of each pixel ``(784,)`` in [0, 1]: the output starts from it.
        kl_weight: factor of the KL in the loss; 1 is honest.
        noise: factor of the sampling noise in training; 0, with a KL weight of 0, is a plain autoencoder.
    """

    def __init__(
        self, latent_dim: int, pixel_mean: np.ndarray, kl_weight: float = 1.0, noise: float = 1.0
    ):
        self.latent_dim, self.kl_weight, self.noise = latent_dim, kl_weight, noise
        widths = (PIXELS, HIDDEN, HIDDEN, 2 * latent_dim), (latent_dim, HIDDEN, HIDDEN, PIXELS)
        self.shapes = [pair for part in widths for pair in pairwise(part)]
        self.flat = np.zeros(
            sum((inputs + 1) * outputs for inputs, outputs in self.shapes), np.float32
        )
        self.layers, random = self.views(self.flat), np.random.default_rng(SEED)
        for kernel, _ in self.layers.values():
            kernel[:] = random.uniform(-1, 1, kernel.shape) * np.sqrt(6 / sum(kernel.shape))
        ink = np.clip(pixel_mean, 0.001, 0.999)
        self.layers["logits"][1][:] = np.log(ink / (1 - ink))

    def views(self, flat: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Kernel and bias of each layer, as windows on one long vector."""
        layers, start = {}, 0
        for name, (inputs, outputs) in zip(LAYERS, self.shapes):
            middle, end = start + inputs * outputs, start + (inputs + 1) * outputs
            layers[name] = flat[start:middle].reshape(inputs, outputs), flat[middle:end]
            start = end
        return layers

    def encode(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """``z_mean`` and ``z_log_var`` of images ``(n, 28, 28, 1)``, as ``models.VAE`` gives them."""
        return self._heads(
            self._hidden(require_images(images).reshape(-1, PIXELS), "hidden_1", "hidden_2")[-1]
        )

    def decode_logits(self, z: np.ndarray) -> np.ndarray:
        """Logits ``(n, 28, 28, 1)`` of codes ``(n, latent_dim)``."""
        return self._logits(
            self._hidden(require_codes(z, self.latent_dim), "hidden_3", "hidden_4")[-1]
        ).reshape(-1, *IMAGE_SHAPE)

    def gradient(
        self, images: np.ndarray, k: int, random: np.random.Generator
    ) -> tuple[np.ndarray, float]:
        """Slope of the mean bound over raw images ``(n, 784)``, and the bound: nats per image.

        k = 1 is the negative ELBO with its exact KL; k > 1 is -log(mean of k weights p(x|z) p(z) / q(z|x)).
        """
        flat, n = np.empty_like(self.flat), len(images)
        slopes = self.views(flat)
        x = binarize(images, random)
        below = [x, *self._hidden(x, "hidden_1", "hidden_2")]
        z_mean, z_log_var = self._heads(below[-1])
        deviation = np.exp(0.5 * z_log_var)[:, None]
        epsilon = self.noise * random.standard_normal((n, k, self.latent_dim), np.float32)
        z = z_mean[:, None] + deviation * epsilon
        above = [
            codes := z.reshape(-1, self.latent_dim),
            *self._hidden(codes, "hidden_3", "hidden_4"),
        ]
        nll, sign, odds = surprise(x, self._logits(above[-1]), k)
        if k == 1:
            kl = kl_by_unit(z_mean, z_log_var).sum(axis=1)
            bound, weight = nll[:, 0] + self.kl_weight * kl, np.full((n, 1), 1 / n, np.float32)
        else:
            log_weight = 0.5 * (epsilon**2 + z_log_var[:, None] - z**2).sum(axis=2) - nll
            peak = log_weight.max(axis=1, keepdims=True)
            weight = np.exp(log_weight - peak)
            bound = -(peak[:, 0] + np.log(weight.mean(axis=1)))
            weight /= n * weight.sum(axis=1, keepdims=True)

        # a sample of little weight rarely gets its way back, then counts for more: right on average, at half the cost
        chance = np.minimum(n * weight / SMALL, 1)
        rows = np.flatnonzero(random.random(chance.shape, np.float32) < chance)
        slope = odds.reshape(-1, PIXELS)[rows]
        slope /= 1 + slope
        slope *= sign[rows // k, 0]
        slope *= (weight / np.maximum(chance, 1e-30)).reshape(-1, 1)[rows]
        slope = self._descend(slope, slopes, [each[rows] for each in above], LAYERS[:2:-1])
        at_z = np.zeros_like(z)
        at_z.reshape(-1, self.latent_dim)[rows] = slope
        if k == 1:
            at_mean, at_log_var = (
                self.kl_weight * z_mean / n,
                self.kl_weight * np.expm1(z_log_var) / (2 * n),
            )
        else:
            at_z += weight[..., None] * z
            at_mean, at_log_var = 0, -1 / (2 * n)
        heads = (
            at_z.sum(axis=1) + at_mean,
            (at_z * epsilon * deviation).sum(axis=1) / 2 + at_log_var,
        )
        self._descend(
            np.concatenate(heads, axis=1).astype(np.float32), slopes, below, LAYERS[2::-1]
        )
        return flat, float(bound.mean())

    def _descend(
        self, slope: np.ndarray, slopes: dict, inputs: list[np.ndarray], names: tuple
    ) -> np.ndarray:
        """Carry a slope from a chain's output back to its input; fills in the slopes of its weights."""
        for name, values in zip(names, reversed(inputs)):
            np.matmul(values.T, slope, out=slopes[name][0])
            slope.sum(axis=0, out=slopes[name][1])
            if name != "hidden_1":  # the image itself needs none
                slope = slope @ self.layers[name][0].T
            if name not in ("hidden_1", "hidden_3"):
                slope *= 1 - values**2
        return slope

    def _hidden(self, values: np.ndarray, *names: str) -> list[np.ndarray]:
        hidden = []
        for kernel, bias in (self.layers[name] for name in names):
            hidden.append(values := np.tanh(values @ kernel + bias))
        return hidden

    def _heads(self, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        kernel, bias = self.layers["heads"]
        both = hidden @ kernel + bias
        return both[:, : self.latent_dim], both[:, self.latent_dim :]

    def _logits(self, hidden: np.ndarray) -> np.ndarray:
        kernel, bias = self.layers["logits"]
        return hidden @ kernel + bias


def binarize(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A byte below 255 is smaller than a pixel with exactly the probability that its grey gives."""
    return (random.integers(0, 255, images.shape, np.uint8) < images).astype(np.float32)


def surprise(
    x: np.ndarray, logits: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """-log p(x|z) ``(n, k)``; and what its slope needs: which way, and the odds that a pixel is wrong."""
    sign, odds = (1 - 2 * x)[:, None], logits.reshape(-1, k, PIXELS)
    odds *= sign
    np.exp(np.minimum(odds, 80, out=odds), out=odds)  # 80 nats a pixel: beyond, float32 overflows
    return np.log1p(odds).sum(axis=2), sign, odds


def kl_by_unit(z_mean: np.ndarray, z_log_var: np.ndarray) -> np.ndarray:
    """The terms that ``losses.gaussian_kl`` sums, one a latent dimension, without Keras: nats, same shape."""
    return 0.5 * (z_mean**2 + np.expm1(z_log_var) - z_log_var)


def measure_units(z_mean: np.ndarray, z_log_var: np.ndarray) -> dict[str, Any]:
    """How many units are active, their mean varying by more than 0.01, and the mean KL of each, largest first."""
    kl = kl_by_unit(z_mean, z_log_var).mean(axis=0, dtype=np.float64)
    return {
        "active_units": int((z_mean.var(axis=0) > 0.01).sum()),
        "kl_per_unit": np.sort(kl)[::-1].round(3).tolist(),
    }


def weighted_nll(
    model: Any, images: np.ndarray, ks: tuple[int, ...], seed: int = SEED
) -> dict[int, np.ndarray]:
    """What ``evaluation.importance_weighted_nll`` computes, for several k at once, with two threads.

    Args:
        model: anything with ``latent_dim``, ``encode`` and ``decode_logits``.
        images: zeros and ones, float ``(n, 28, 28, 1)``.
        ks: numbers of samples: each takes the first k of the same.
        seed: start of the noise.

    Returns:
        Estimates of -log p(x) by k, nats per image, ``(n,)`` each.
    """

    def some(start: int) -> np.ndarray:
        random, each, log_weights = np.random.default_rng((seed, start)), min(max(ks), 250), []
        part = images[start : start + 10]
        z_mean, z_log_var = (np.asarray(head)[:, None] for head in model.encode(part))
        for _ in range(max(ks) // each):
            epsilon = random.standard_normal((len(part), each, model.latent_dim), np.float32)
            z = z_mean + np.exp(0.5 * z_log_var) * epsilon
            logits = np.array(model.decode_logits(z.reshape(-1, model.latent_dim)))
            nll, _, _ = surprise(part.reshape(-1, PIXELS), logits, each)
            log_weights.append(0.5 * (epsilon**2 + z_log_var - z**2).sum(axis=2) - nll)
        log_weights = np.concatenate(log_weights, axis=1).astype(np.float64)
        return np.stack([np.log(k) - np.logaddexp.reduce(log_weights[:, :k], axis=1) for k in ks])

    with threadpool_limits(1), ThreadPoolExecutor(THREADS) as threads:
        return dict(
            zip(ks, np.concatenate(list(threads.map(some, range(0, len(images), 10))), axis=1))
        )


def fit(
    model: TanhVAE,
    digits: data.Digits,
    stages: tuple[Stage, ...],
    rate: float,
    budget: float,
    watch: float,
    path: Path,
) -> list[tuple[float, ...]]:
    """Train until ``budget`` CPU seconds are spent; a cosine takes Adam's rate from ``rate`` to zero by then.

    All state is kept in the file ``path`` every ``watch`` CPU seconds, and a call that was cut truncate_mantissa goes on from it.

    Returns:
        At each of these moments: CPU minutes, epochs, mean training bound since the last one, and -log p(x)
        of 1,000 validation digits with k = 50.
    """
    train, watched = (
        digits.train.images.reshape(-1, PIXELS),
        data.normalize(digits.validation.images[:1_000]),
    )
    watched = data.binarize(watched)
    state, spent, curve = (
        {"flat": model.flat, "first": model.flat * 0, "second": model.flat * 0, "step": 0},
        0.0,
        [],
    )
    if path.exists():
        with np.load(path, allow_pickle=False) as kept:
            for name in ("flat", "first", "second"):
                state[name][:] = kept[name]
            state["step"], spent, curve = (
                int(kept["step"]),
                float(kept["spent"]),
                kept["curve"].tolist(),
            )
    random = [np.random.default_rng((SEED, state["step"], thread)) for thread in range(THREADS)]
    bounds, seen = [], 0
    _keep_memory()
    with ThreadPoolExecutor(THREADS) as threads, threadpool_limits(1):
        while spent < budget:
            began, share = time.process_time(), spent / budget
            stage = next(stage for stage in stages if share < stage.end)
            bounds.append(
                _steps(
                    model,
                    state,
                    train,
                    stage,
                    rate * 0.5 * (1 + np.cos(np.pi * share)),
                    random,
                    threads,
                )
            )
            seen += STEPS * stage.batch
            before, spent = spent, spent + time.process_time() - began
            if before // watch != spent // watch or spent >= budget:
                nll = weighted_nll(model, watched, (50,))[50].mean()
                epochs = seen / len(train) + (curve[-1][1] if curve else 0)
                curve.append((spent / 60, epochs, np.mean(bounds), nll))
                bounds, seen = [], 0
                print(
                    path.stem,
                    "{:.1f} CPU min, {:.1f} epochs: {:.2f}, {:.2f}".format(*curve[-1]),
                    flush=True,
                )
                temporary = path.with_name(f"{os.getpid()}-{path.name}")
                np.savez(temporary, **state, spent=spent, curve=curve)
                temporary.replace(path)
    return curve


def _steps(
    model: TanhVAE,
    state: dict[str, Any],
    train: np.ndarray,
    stage: Stage,
    rate: float,
    random: list,
    threads: Any,
) -> float:
    """``STEPS`` steps on digits drawn at random; returns their mean bound."""
    bounds, cuts = [], np.linspace(0, len(model.flat), THREADS + 1, dtype=int)
    for _ in range(STEPS):
        places = random[0].integers(0, len(train), (THREADS, stage.batch // THREADS))
        jobs = [
            threads.submit(model.gradient, train[here], stage.k, each)
            for here, each in zip(places, random)
        ]
        slopes, found = zip(*(job.result() for job in jobs))
        state["step"] += 1
        list(
            threads.map(
                partial(_adam, state, slopes, rate), (slice(*cut) for cut in pairwise(cuts))
            )
        )
        bounds += found
    return float(np.mean(bounds))


def _adam(state: dict[str, Any], slopes: tuple[np.ndarray, ...], rate: float, part: slice) -> None:
    """One step of Adam on a part of the weights, in pieces that stay in the cache."""
    step, decays = state["step"], (0.9, 0.999)
    rate = float(
        rate * np.sqrt(1 - decays[1] ** step) / (1 - decays[0] ** step)
    )  # a NumPy scalar means float64
    for start in range(part.start, part.stop, 16_384):
        here = slice(start, min(start + 16_384, part.stop))
        slope, work = (
            sum(each[here] for each in slopes),
            np.empty(here.stop - here.start, np.float32),
        )
        slope *= 1 / THREADS
        for moment, decay in zip(("first", "second"), decays):
            state[moment][here] += np.multiply(
                np.subtract(slope, state[moment][here], out=work), 1 - decay, out=work
            )
            slope *= slope
        np.sqrt(state["second"][here], out=work)
        work += 1e-6
        np.divide(state["first"][here], work, out=work)
        work *= rate
        state["flat"][here] -= work


def _keep_memory() -> None:
    """Have the C library keep what NumPy frees: a fifth of the time went into asking for it again."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(-3, 2**25)  # M_MMAP_THRESHOLD
        library.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD
