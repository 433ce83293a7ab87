"""A VAE with two tanh layers of 200 units on either side, trained in NumPy, its gradient by hand.

The network is the one with one stochastic layer of Burda, Grosse and Salakhutdinov ("Importance
Weighted Autoencoders", 2015); pixels are drawn black or white afresh each time a digit is seen.
For so small a network NumPy is the fastest tool: it took a third of the CPU time of a loop that
XLA had compiled. Two threads each take half of a batch. Budgets count CPU time: on a shared
machine the clock says little.
"""

import ctypes
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from vae_lib import data
from vae_lib.arrays import require_codes, require_images
from vae_lib.evaluation import HasElboParts
from vae_lib.files import write_npz
from vae_lib.formulas import gaussian_kl, gaussian_kl_per_dimension, log_mean_exp, softmax
from vae_lib.settings import IMAGE_SHAPE

PIXELS = 784
HIDDEN = 200
THREADS = 2
SEED = 0
STEPS = 100  # between two looks at the clock
SMALL = 0.005  # share of the samples' weight that always counts
WATCHED = 1_000  # validation digits
WATCHED_K = 50  # samples for their -log p(x)
ENCODER = ("hidden_1", "hidden_2", "heads")
DECODER = ("hidden_3", "hidden_4", "logits")
DECAYS = {"first": 0.9, "second": 0.999}  # of Adam's two moments
PIECE = 16_384  # weights that Adam updates at a time: they stay in the cache
LARGEST_LOGIT = 80  # nats a pixel: beyond, float32 overflows
CURVE_COLUMNS = [
    "CPU minutes",
    "epochs",
    "training bound",
    "validation -log p(x), k = 50, 1,000 digits",
]

Curve = list[tuple[float, ...]]
Layers = dict[str, tuple[np.ndarray, np.ndarray]]


class Stage(NamedTuple):
    """Until which share of the budget, samples an image, images a step."""

    end: float
    k: int
    batch: int


class Plan(NamedTuple):
    """Stages, the highest learning rate, and CPU seconds: in all, and between two looks."""

    stages: tuple[Stage, ...]
    rate: float
    budget: float
    watch: float


class TanhVAE:
    """784-200-200-latent_dim and its mirror.

    All weights lie in one vector, so that Adam is a few lines.

    Args:
        latent_dim: numbers in a code.
        pixel_mean: mean grey of each pixel ``(784,)`` in [0, 1]: the output starts from it.
        kl_weight: factor of the KL term in the loss; 1 gives the ELBO.
        noise: factor of the sampling noise in training; 0, with a KL weight of 0, is a plain
            autoencoder.
    """

    def __init__(
        self, latent_dim: int, pixel_mean: np.ndarray, kl_weight: float = 1.0, noise: float = 1.0
    ):
        self.latent_dim = latent_dim
        self.kl_weight = kl_weight
        self.noise = noise
        encoder_widths = (PIXELS, HIDDEN, HIDDEN, 2 * latent_dim)
        decoder_widths = (latent_dim, HIDDEN, HIDDEN, PIXELS)
        self.shapes = [*pairwise(encoder_widths), *pairwise(decoder_widths)]
        count = sum((inputs + 1) * outputs for inputs, outputs in self.shapes)
        self.flat = np.zeros(count, np.float32)
        self.layers = self.views(self.flat)
        random = np.random.default_rng(SEED)
        for kernel, _ in self.layers.values():
            limit = np.sqrt(6 / sum(kernel.shape))
            kernel[:] = random.uniform(-1, 1, kernel.shape) * limit
        ink = np.clip(pixel_mean, 0.001, 0.999)
        _, logits_bias = self.layers["logits"]
        logits_bias[:] = np.log(ink / (1 - ink))

    def views(self, flat: np.ndarray) -> Layers:
        """Kernel and bias of each layer, as windows on one long vector."""
        layers = {}
        start = 0
        for name, (inputs, outputs) in zip((*ENCODER, *DECODER), self.shapes, strict=True):
            middle = start + inputs * outputs
            end = middle + outputs
            layers[name] = flat[start:middle].reshape(inputs, outputs), flat[middle:end]
            start = end
        return layers

    def encode(self, images: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]:
        """``z_mean`` and ``z_log_var`` of images ``(n, 28, 28, 1)``, as a ``models.VAE`` does."""
        x = require_images(images).reshape(-1, PIXELS)
        return self._heads(self._hidden(x, ENCODER)[-1])

    def decode_logits(self, z: np.ndarray, /) -> np.ndarray:
        """Logits ``(n, 28, 28, 1)`` of codes ``(n, latent_dim)``."""
        hidden = self._hidden(require_codes(z, self.latent_dim), DECODER)[-1]
        return self._output("logits", hidden).reshape(-1, *IMAGE_SHAPE)

    def gradient(
        self, images: np.ndarray, k: int, random: np.random.Generator
    ) -> tuple[np.ndarray, float]:
        """Gradient of the mean bound over raw images ``(n, 784)``, and the bound: nats per image.

        k = 1 is the negative ELBO with its exact KL; k > 1 is -log of the mean of k weights
        p(x|z) p(z) / q(z|x).
        """
        n = len(images)
        flat = np.empty_like(self.flat)
        gradients = self.views(flat)

        x = binarize(images, random)
        encoder_inputs = [x, *self._hidden(x, ENCODER)]
        z_mean, z_log_var = self._heads(encoder_inputs[-1])
        deviation = np.exp(0.5 * z_log_var)[:, None]
        epsilon = self.noise * random.standard_normal((n, k, self.latent_dim), np.float32)
        z = z_mean[:, None] + deviation * epsilon
        codes = z.reshape(-1, self.latent_dim)
        decoder_inputs = [codes, *self._hidden(codes, DECODER)]
        logits = self._output("logits", decoder_inputs[-1])
        nll, sign, odds = bernoulli_nll_and_odds(x, logits, k)
        if k == 1:
            kl = gaussian_kl(z_mean, z_log_var)
            bound = nll[:, 0] + self.kl_weight * kl
            weight = np.full((n, 1), 1 / n, np.float32)
        else:
            log_weight = 0.5 * (epsilon**2 + z_log_var[:, None] - z**2).sum(axis=2) - nll
            bound, weight = importance_bound(log_weight)

        rows, scale = sample_rows(weight, random)
        at_logits = self._at_logits(rows, scale, sign, odds, k)
        inputs_of_rows = [values[rows] for values in decoder_inputs]
        at_z = np.zeros_like(z)
        at_z.reshape(-1, self.latent_dim)[rows] = self._descend(
            at_logits, gradients, inputs_of_rows, DECODER
        )
        if k == 1:
            at_mean = self.kl_weight * z_mean / n
            at_log_var = self.kl_weight * np.expm1(z_log_var) / (2 * n)
        else:
            at_z += weight[..., None] * z
            at_mean = 0
            at_log_var = -1 / (2 * n)
        mean_head = at_z.sum(axis=1) + at_mean
        log_var_head = (at_z * epsilon * deviation).sum(axis=1) / 2 + at_log_var
        heads = np.concatenate([mean_head, log_var_head], axis=1).astype(np.float32)
        self._descend(heads, gradients, encoder_inputs, ENCODER)
        return flat, float(bound.mean())

    def _at_logits(
        self, rows: np.ndarray, scale: np.ndarray, sign: np.ndarray, odds: np.ndarray, k: int
    ) -> np.ndarray:
        """Gradient with respect to the logits of some samples."""
        gradient = odds.reshape(-1, PIXELS)[rows]
        gradient /= 1 + gradient
        gradient *= sign[rows // k, 0]
        gradient *= scale
        return gradient

    def _descend(
        self,
        gradient: np.ndarray,
        gradients: Layers,
        inputs: Sequence[np.ndarray],
        names: Sequence[str],
    ) -> np.ndarray:
        """Carry a gradient from the output of a chain of layers back to its input.

        Args:
            gradient: with respect to the output.
            gradients: with respect to all weights; those of the chain are filled in.
            inputs: of each layer.
            names: of the layers.
        """
        for name, values in zip(reversed(names), reversed(inputs), strict=True):
            at_kernel, at_bias = gradients[name]
            np.matmul(values.T, gradient, out=at_kernel)
            gradient.sum(axis=0, out=at_bias)
            if name != "hidden_1":  # the image itself needs none
                kernel, _ = self.layers[name]
                gradient = gradient @ kernel.T
            if name not in ("hidden_1", "hidden_3"):  # their inputs come from no tanh
                gradient *= 1 - values**2
        return gradient

    def _hidden(self, values: np.ndarray, names: Sequence[str]) -> list[np.ndarray]:
        """What the two hidden layers of encoder or decoder give."""
        hidden = []
        for name in names[:2]:
            values = np.tanh(self._output(name, values))
            hidden.append(values)
        return hidden

    def _heads(self, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        both = self._output("heads", hidden)
        return both[:, : self.latent_dim], both[:, self.latent_dim :]

    def _output(self, name: str, values: np.ndarray) -> np.ndarray:
        kernel, bias = self.layers[name]
        return values @ kernel + bias


def binarize(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A byte below 255 is smaller than a pixel with exactly the probability that its grey gives."""
    return (random.integers(0, 255, images.shape, np.uint8) < images).astype(np.float32)


def bernoulli_nll_and_odds(
    x: np.ndarray, logits: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """-log p(x|z), and what its gradient needs.

    ``formulas.bernoulli_nll`` computes the same; here pixels are 0 or 1, the k samples of an image
    stand beside each other, and ``logits`` are overwritten, which saves a third of the time.

    Returns:
        -log p(x|z) ``(n, k)``, the sign of each pixel's gradient ``(n, 1, 784)``, and the odds
        ``(n, k, 784)`` that it is wrong.
    """
    sign = (1 - 2 * x)[:, None]
    odds = logits.reshape(-1, k, PIXELS)
    odds *= sign
    np.minimum(odds, LARGEST_LOGIT, out=odds)
    np.exp(odds, out=odds)
    return np.log1p(odds).sum(axis=2), sign, odds


def importance_bound(log_weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """-log of the mean of k weights ``(n,)``, and each sample's share in the mean's gradient."""
    bound = -log_mean_exp(log_weight, axis=1)
    weight = softmax(log_weight) / len(log_weight)
    return bound, weight


def sample_rows(weight: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Which samples take part in the gradient, and the factor of each.

    A sample of little weight rarely takes part and then counts for more: the mean is right, at half
    the cost.

    Args:
        weight: share of each sample in the gradient, ``(n, k)``.
        random: to sample with.

    Returns:
        Indices among the n * k samples, and factors ``(rows, 1)``.
    """
    chance = np.minimum(len(weight) * weight / SMALL, 1)
    rows = np.flatnonzero(random.random(chance.shape, np.float32) < chance)
    factor = (weight / np.maximum(chance, 1e-30)).reshape(-1, 1)[rows]
    return rows, factor


def measure_units(z_mean: np.ndarray, z_log_var: np.ndarray) -> dict[str, Any]:
    """How many units are active, and the mean KL of each, largest first.

    A unit is active if its mean varies by more than 0.01 over the images.
    """
    kl = gaussian_kl_per_dimension(z_mean, z_log_var).mean(axis=0, dtype=np.float64)
    return {
        "active_units": int((z_mean.var(axis=0) > 0.01).sum()),
        "kl_per_unit": np.sort(kl)[::-1].round(3).tolist(),
    }


def weighted_nll(
    model: HasElboParts, images: np.ndarray, ks: tuple[int, ...]
) -> dict[int, np.ndarray]:
    """As ``evaluation.importance_weighted_nll``, for several k at once, with two threads.

    Args:
        model: anything with ``encode`` and ``decode_logits``.
        images: zeros and ones, float ``(n, 28, 28, 1)``.
        ks: numbers of samples: each takes the first k of the same.

    Returns:
        Estimates of -log p(x) by k, nats per image, ``(n,)`` each.
    """

    def estimate_ten(start: int) -> np.ndarray:
        random = np.random.default_rng((SEED, start))
        log_weights = sample_log_weights(model, images[start : start + 10], max(ks), random)
        return np.stack([-log_mean_exp(log_weights[:, :k], axis=1) for k in ks])

    with threadpool_limits(1), ThreadPoolExecutor(THREADS) as threads:
        parts = list(threads.map(estimate_ten, range(0, len(images), 10)))
    return dict(zip(ks, np.concatenate(parts, axis=1), strict=True))


def sample_log_weights(
    model: HasElboParts, images: np.ndarray, k: int, random: np.random.Generator
) -> np.ndarray:
    """log of p(x|z) p(z) / q(z|x) for k samples an image, at most 250 at a time; ``(n, k)``."""
    each = min(k, 250)
    z_mean, z_log_var = (np.asarray(head)[:, None] for head in model.encode(images))
    latent_dim = z_mean.shape[-1]
    parts = []
    for _ in range(k // each):
        epsilon = random.standard_normal((len(images), each, latent_dim), np.float32)
        z = z_mean + np.exp(0.5 * z_log_var) * epsilon
        logits = np.array(model.decode_logits(z.reshape(-1, latent_dim)))
        nll, _, _ = bernoulli_nll_and_odds(images.reshape(-1, PIXELS), logits, each)
        parts.append(0.5 * (epsilon**2 + z_log_var - z**2).sum(axis=2) - nll)
    return np.concatenate(parts, axis=1).astype(np.float64)


@dataclass
class State:
    """All state of a training.

    Attributes:
        flat: the weights, the model's own vector.
        first, second: Adam's moments.
        step: number of the last one.
        spent: CPU seconds.
        curve: of the looks so far.
    """

    flat: np.ndarray
    first: np.ndarray
    second: np.ndarray
    step: int = 0
    spent: float = 0.0
    curve: Curve = field(default_factory=list)

    def save(self, path: Path) -> None:
        """Write all to a file."""
        write_npz(path, {name: np.asarray(value) for name, value in vars(self).items()})

    def restore(self, path: Path) -> None:
        """Take all from the file."""
        with np.load(path, allow_pickle=False) as arrays:
            self.flat[:] = arrays["flat"]
            self.first[:] = arrays["first"]
            self.second[:] = arrays["second"]
            self.step = int(arrays["step"])
            self.spent = float(arrays["spent"])
            self.curve = arrays["curve"].tolist()


def fit(model: TanhVAE, digits: data.Digits, plan: Plan, path: Path) -> Curve:
    """Train until the budget is spent; a cosine takes Adam's learning rate to zero by then.

    All state is kept in the file ``path`` at every look, and a call that was cut short goes on from
    it.

    Returns:
        At each look: CPU minutes, epochs, mean training bound since the last look, and -log p(x)
        of 1,000 validation digits with k = 50.
    """
    train = digits.train.images.reshape(-1, PIXELS)
    watched = data.binarize(data.normalize(digits.validation.images[:WATCHED]))
    state = State(model.flat, np.zeros_like(model.flat), np.zeros_like(model.flat))
    if path.exists():
        state.restore(path)
    random = [np.random.default_rng((SEED, state.step, thread)) for thread in range(THREADS)]
    bounds: list[float] = []
    seen = 0
    _keep_memory()
    with ThreadPoolExecutor(THREADS) as threads, threadpool_limits(1):
        while state.spent < plan.budget:
            began = time.process_time()
            before = state.spent
            share = before / plan.budget
            stage = next(stage for stage in plan.stages if share < stage.end)
            rate = plan.rate * 0.5 * (1 + np.cos(np.pi * share))
            bounds.append(_steps(model, state, train, stage, rate, random, threads))
            seen += STEPS * stage.batch
            state.spent += time.process_time() - began
            is_over = state.spent >= plan.budget
            if before // plan.watch != state.spent // plan.watch or is_over:
                nll = weighted_nll(model, watched, (WATCHED_K,))[WATCHED_K].mean()
                earlier = state.curve[-1][1] if state.curve else 0
                epochs = seen / len(train) + earlier
                state.curve.append((state.spent / 60, epochs, float(np.mean(bounds)), float(nll)))
                print(path.stem, describe_look(state.curve[-1]), flush=True)
                state.save(path)
                bounds = []
                seen = 0
    return state.curve


def describe_look(look: tuple[float, ...]) -> str:
    """A line for one look of a curve."""
    minutes, epochs, bound, nll = look
    return f"{minutes:.1f} CPU min, {epochs:.1f} epochs: {bound:.2f}, {nll:.2f}"


def _steps(
    model: TanhVAE,
    state: State,
    train: np.ndarray,
    stage: Stage,
    rate: float,
    random: list[np.random.Generator],
    threads: ThreadPoolExecutor,
) -> float:
    """``STEPS`` steps on digits drawn at random; returns their mean bound."""
    cuts = np.linspace(0, len(model.flat), THREADS + 1, dtype=int)
    parts = [slice(start, end) for start, end in pairwise(cuts)]
    bounds = []
    for _ in range(STEPS):
        chosen = random[0].integers(0, len(train), (THREADS, stage.batch // THREADS))
        jobs = [
            threads.submit(model.gradient, train[indices], stage.k, each)
            for indices, each in zip(chosen, random, strict=True)
        ]
        results = [job.result() for job in jobs]
        gradients = [gradient for gradient, _ in results]
        bounds += [bound for _, bound in results]
        state.step += 1
        updates = [threads.submit(_adam, state, gradients, rate, part) for part in parts]
        for update in updates:
            update.result()
    return float(np.mean(bounds))


def _adam(state: State, gradients: list[np.ndarray], rate: float, part: slice) -> None:
    """One step of Adam on a part of the weights."""
    correction = np.sqrt(1 - DECAYS["second"] ** state.step) / (1 - DECAYS["first"] ** state.step)
    rate = float(rate * correction)  # a NumPy scalar would make the arrays float64
    moments = {"first": state.first, "second": state.second}
    for start in range(part.start, part.stop, PIECE):
        here = slice(start, min(start + PIECE, part.stop))
        gradient = sum(each[here] for each in gradients)
        work = np.empty(here.stop - here.start, np.float32)
        gradient *= 1 / THREADS
        for name, moment in moments.items():
            np.subtract(gradient, moment[here], out=work)
            work *= 1 - DECAYS[name]
            moment[here] += work
            gradient *= gradient  # the second moment is that of the square
        np.sqrt(state.second[here], out=work)
        work += 1e-6
        np.divide(state.first[here], work, out=work)
        work *= rate
        state.flat[here] -= work


def _keep_memory() -> None:
    """Have the C library keep what NumPy frees: asking for it again took a fifth of the time."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(-3, 2**25)  # M_MMAP_THRESHOLD
        library.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD
