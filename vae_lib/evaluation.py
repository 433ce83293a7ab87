"""How good is it: numbers on held-out digits, each with its convention in its name."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from vae_lib.arrays import Floats, require_codes, require_images
from vae_lib.formulas import bernoulli_nll, entropy_floor, gaussian_kl, log_mean_exp
from vae_lib.settings import SEED

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "HasElboParts",
    "HasElboTerms",
    "Score",
    "calibration_error",
    "entropy_floor",
    "estimate_negative_elbo",
    "importance_weighted_nll",
    "knn_accuracy",
    "measure_reference_percentiles",
    "reliability",
    "spread_labels",
]

PERCENT = np.arange(101)  # percentiles that a score is compared with
BATCH = 1_000  # images a pass: bounds the memory
SPREADING_ALPHA = 0.99  # share of F that comes from the neighbours, the rest from known labels
CALIBRATION_BINS = 15  # as Guo et al. have them
SPREADING_STEPS = 200  # a label that came through 200 codes counts 0.99 ** 200 = 0.13 of its weight


class HasElboParts(Protocol):
    """What is needed to estimate the ELBO: a ``models.VAE`` has it, and ``inference.NumpyVAE``."""

    def encode(self, images: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]:
        """From images ``(n, 28, 28, 1)`` to ``z_mean`` and ``z_log_var``, ``(n, latent_dim)``."""

    def decode_logits(self, z: np.ndarray, /) -> np.ndarray:
        """From codes ``(n, latent_dim)`` to logits ``(n, 28, 28, 1)``."""


class HasElboTerms(Protocol):
    """What the terms of the negative ELBO are measured with: ``inference.NumpyVAE`` has it."""

    def elbo_terms(self, images: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]:
        """From images ``(n, 28, 28, 1)`` to reconstruction term and KL term, nats, ``(n,)``."""


@dataclass(frozen=True)
class Score:
    """Nats per image: ``values`` of shape ``(n,)``, their mean, and its standard error."""

    values: Floats

    @property
    def mean(self) -> float:
        """Over all images."""
        return float(self.values.mean())

    @property
    def standard_error(self) -> float:
        """Of the mean, over images."""
        return float(self.values.std(ddof=1) / np.sqrt(len(self.values)))

    def __str__(self) -> str:
        return f"{self.mean:.2f} ± {self.standard_error:.2f} nats per image"


def estimate_negative_elbo(
    model: HasElboParts, images: npt.ArrayLike, samples: int = 1, seed: int = SEED
) -> Score:
    """Negative ELBO with sampled codes (never with z_mean in place of a sample).

    On grey images this is a cross-entropy bound, comparable only with other numbers on grey
    images; on binary images it is an upper bound on -log p(x).

    Args:
        model: with ``encode`` and ``decode_logits``: ``VAE`` or ``NumpyVAE``.
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
        samples: codes sampled per image; their mean is the image's value.
        seed: of the noise.

    Returns:
        Score with one value per image.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does, or fewer than two images.
    """
    terms = _sample_terms(model, require_images(images), samples, seed)
    return Score(terms.nll.mean(axis=0) + terms.kl)


def measure_reference_percentiles(model: HasElboTerms, images: npt.ArrayLike) -> Floats:
    """Percentiles 0 to 100 of the negative ELBO over images, which a drawing is compared with.

    Args:
        model: with ``elbo_terms``: ``NumpyVAE``.
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].

    Returns:
        Nats per image, ``(101,)``.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does.
    """
    reconstruction, kl = model.elbo_terms(require_images(images))
    return np.percentile(reconstruction + kl, PERCENT)


def importance_weighted_nll(
    model: HasElboParts, images: npt.ArrayLike, k: int = 100, seed: int = SEED
) -> Score:
    """Estimate of -log p(x) from k weighted samples: tighter than the negative ELBO.

    Formula: -log(mean over k of p(x|z) p(z) / q(z|x)) with z from q(z|x)
    (Burda, Grosse and Salakhutdinov, "Importance Weighted Autoencoders", 2015, equation 8).

    Args:
        model: with ``encode`` and ``decode_logits``.
        images: zeros and ones only, float ``(n, 28, 28, 1)``: ``data.binarize`` makes them.
        k: samples per image.
        seed: of the noise.

    Returns:
        Score with one value per image.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does, fewer than two images, or grey
            pixels, for which p(x|z) is no probability.
    """
    binary = require_images(images)
    if not np.isin(binary, (0, 1)).all():
        raise ValueError(
            "importance_weighted_nll is a likelihood, so it needs pixels that are 0 or 1, "
            "received grey ones: call data.binarize first, or take estimate_negative_elbo as a "
            "bound on grey pixels."
        )
    terms = _sample_terms(model, binary, k, seed)
    log_weights = terms.log_prior_ratio - terms.nll
    return Score(-log_mean_exp(log_weights, axis=0))


def knn_accuracy(
    train_codes: npt.ArrayLike,
    train_labels: npt.ArrayLike,
    codes: npt.ArrayLike,
    labels: npt.ArrayLike,
    k: int = 15,
) -> float:
    """Share of codes classified correctly by a majority vote of the k nearest training codes.

    Args:
        train_codes: ``z_mean`` of the reference set, shape ``(m, latent_dim)``.
        train_labels: shape ``(m,)``.
        codes: ``z_mean`` of the digits to classify, shape ``(n, latent_dim)``.
        labels: shape ``(n,)``.
        k: number of neighbours.

    Raises:
        TypeError, ValueError: as ``arrays.require_codes`` does, codes and labels that differ in
            number, or k that is not between 1 and m.
    """
    from sklearn.neighbors import KNeighborsClassifier

    reference, asked = require_codes(train_codes), require_codes(codes)
    _require_labels(reference, train_labels)
    _require_labels(asked, labels)
    if not 1 <= k <= len(reference):
        raise ValueError(
            f"k must be between 1 and the {len(reference)} training codes, received {k}."
        )
    classifier = KNeighborsClassifier(k).fit(reference, train_labels)
    return float(classifier.score(asked, labels))


def spread_labels(codes: npt.ArrayLike, labels: npt.ArrayLike, k: int = 10) -> Floats:
    """Label spreading: a few labels reach many codes, along a graph of k nearest neighbours.

    Formula: F = 0.99 S F + 0.01 Y, iterated; S is the normalised graph, Y the known labels
    (Zhou et al., "Learning with Local and Global Consistency", 2003).

    Args:
        codes: ``z_mean`` of all digits, shape ``(n, latent_dim)``.
        labels: whole numbers, shape ``(n,)``; -1 where the label is not known.
        k: neighbours of each code.

    Returns:
        Probability of each class, float64 ``(n, classes)``; a column for each class among the
        labels, in order.

    Raises:
        TypeError, ValueError: as ``arrays.require_codes`` does, labels of another number or of
            one class only, or k that is not between 1 and n - 1.
    """
    points, known = require_codes(codes), np.asarray(labels)
    classes = np.unique(known[known >= 0])
    if len(known) != len(points) or len(classes) < 2 or not 1 <= k < len(points):
        raise ValueError(
            f"Spreading needs a label or -1 for each of the {len(points)} codes, two classes or "
            f"more among them, and k below the number of codes; received {len(known)} labels of "
            f"classes {np.unique(known).tolist()} and k = {k}."
        )
    graph = neighbour_graph(points, k)
    scores = spread(graph, (known[:, None] == classes).astype(np.float64))
    total = scores.sum(axis=1, keepdims=True)
    total[total == 0] = 1  # a code that no label has reached keeps zeros
    return scores / total


def neighbour_graph(points: np.ndarray, k: int, weighs_distance: bool = True) -> "csr_array":
    """Symmetric graph S of k nearest neighbours, normalised: D^(-1/2) W D^(-1/2).

    Args:
        points: ``(n, dimensions)``.
        k: neighbours of each point.
        weighs_distance: a neighbour weighs exp(-4 (d / d_k)^2), with its distance d and that of
            the k-th, d_k; else all neighbours weigh 1.
    """
    from scipy.sparse import csr_array, diags_array
    from sklearn.neighbors import NearestNeighbors

    n = len(points)
    # asked without points of its own, it leaves each code out of its own neighbours
    distance, neighbour = NearestNeighbors(n_neighbors=k).fit(points).kneighbors()
    weight = np.ones_like(distance)
    if weighs_distance:
        widest = np.maximum(distance[:, -1:], np.finfo(np.float64).tiny)
        weight = np.exp(-4 * (distance / widest) ** 2)
    origin = np.repeat(np.arange(n), k)
    directed = csr_array((weight.ravel(), (origin, neighbour.ravel())), shape=(n, n))
    graph = directed.maximum(directed.T)
    degree = graph.sum(axis=0)
    scale = diags_array(1 / np.sqrt(degree))
    return csr_array(scale @ graph @ scale)


def spread(graph: "csr_array", start: Floats, steps: int = SPREADING_STEPS) -> Floats:
    """The iteration of ``spread_labels``: F = 0.99 S F + 0.01 Y, in the precision of Y.

    Args:
        graph: S, as ``neighbour_graph`` makes it.
        start: Y, 1 where a code is known to have a class; shape ``(n, columns)``.
        steps: of the iteration.
    """
    scores = start
    for _ in range(steps):
        scores = SPREADING_ALPHA * (graph @ scores) + (1 - SPREADING_ALPHA) * start
    return scores


def reliability(
    probabilities: npt.ArrayLike, labels: npt.ArrayLike, bins: int = CALIBRATION_BINS
) -> Floats:
    """Is a classifier right as often as it says? Images in bins of equal width by confidence.

    The confidence of an image is the largest of its probabilities (Guo et al., "On Calibration of
    Modern Neural Networks", 2017).

    Args:
        probabilities: of the classes, shape ``(n, classes)``.
        labels: the true classes, shape ``(n,)``.
        bins: between 0 and 1.

    Returns:
        A row for each bin that is not empty, in order: its share of the images, their mean
        confidence, and the share of them that is classified correctly.

    Raises:
        ValueError: shapes that do not fit together, probabilities outside 0 to 1, or no bins.
    """
    chances, truth = np.asarray(probabilities, np.float64), np.asarray(labels)
    if chances.ndim != 2 or truth.shape != (len(chances),) or not len(truth) or bins < 1:
        raise ValueError(
            "Each image needs its row of probabilities and its label, and there must be a bin, "
            f"received {chances.shape} probabilities, {truth.shape} labels and {bins} bins."
        )
    if not ((chances >= 0) & (chances <= 1 + 1e-6)).all():
        raise ValueError("Probabilities lie between 0 and 1: pass a softmax, not its logits.")
    confidence = chances.max(axis=1)
    correct = chances.argmax(axis=1) == truth
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    rows = []
    for wanted in np.unique(number):
        inside = number == wanted
        rows.append([inside.mean(), confidence[inside].mean(), correct[inside].mean()])
    return np.array(rows)


def calibration_error(
    probabilities: npt.ArrayLike, labels: npt.ArrayLike, bins: int = CALIBRATION_BINS
) -> float:
    """Expected calibration error: mean distance of confidence and accuracy, over ``reliability``.

    Args and errors are those of ``reliability``.
    """
    share, confidence, accuracy = reliability(probabilities, labels, bins).T
    return float(np.sum(share * np.abs(confidence - accuracy)))


@dataclass(frozen=True)
class _SampleTerms:
    """Nats at sampled codes.

    Attributes:
        nll: -log p(x|z), shape ``(samples, n)``.
        kl: analytic KL divergence of q(z|x) from p(z), shape ``(n,)``.
        log_prior_ratio: log p(z) - log q(z|x), shape ``(samples, n)``.
    """

    nll: Floats
    kl: Floats
    log_prior_ratio: Floats


def _sample_terms(model: HasElboParts, images: np.ndarray, samples: int, seed: int) -> _SampleTerms:
    if len(images) < 2 or samples < 1:
        raise ValueError(
            "A score needs at least two images and one sample, "
            f"received {len(images)} and {samples}."
        )
    z_mean, z_log_var = model.encode(images)
    random = np.random.default_rng(seed)
    nll = np.empty((samples, len(images)))
    log_prior_ratio = np.empty((samples, len(images)))
    for start in range(0, len(images), BATCH):
        part = slice(start, start + BATCH)
        for sample in range(samples):
            epsilon = random.standard_normal(z_mean[part].shape, np.float32)
            z = z_mean[part] + np.exp(0.5 * z_log_var[part]) * epsilon
            nll[sample, part] = bernoulli_nll(images[part], model.decode_logits(z))
            # the constants of both Gaussians cancel
            difference = epsilon**2 + z_log_var[part] - z**2
            log_prior_ratio[sample, part] = 0.5 * difference.sum(axis=1)
    kl = gaussian_kl(z_mean, z_log_var).astype(np.float64)
    return _SampleTerms(nll, kl, log_prior_ratio)


def _require_labels(codes: np.ndarray, labels: npt.ArrayLike) -> None:
    count = len(np.asarray(labels))
    if len(codes) != count:
        raise ValueError(
            f"Each code needs its label, received {len(codes)} codes and {count} labels."
        )
