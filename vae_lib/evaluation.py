"""How good is it: numbers on held-out digits, each with its convention in its name."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae_lib.arrays import check_codes, check_images
from vae_lib.formulas import bernoulli_nll, entropy_floor, gaussian_kl, log_mean_exp
from vae_lib.settings import SEED

__all__ = [
    "Score",
    "entropy_floor",
    "estimate_negative_elbo",
    "importance_weighted_nll",
    "knn_accuracy",
    "spread_labels",
]

SPREADING_STEPS = 200  # by 0.99 each: what is further away counts for less than a seventh
BATCH = 1_000  # images times samples per pass: bounds the memory


@dataclass(frozen=True)
class Score:
    """Nats per image: ``values`` of shape ``(n,)``, their mean, and its standard error."""

    values: np.ndarray

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
    model: Any, images: np.ndarray, samples: int = 1, seed: int = SEED
) -> Score:
    """Negative ELBO with sampled codes (never with z_mean in place of a sample).

    On grey images this is a cross-entropy bound, comparable only with other numbers on grey
    images; on binary images it is an upper bound on -log p(x).

    Args:
        model: anything with ``encode`` and ``decode_logits``: ``VAE`` or ``NumpyVAE``.
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].
        samples: codes drawn per image; their mean is the image's value.
        seed: start of the noise.

    Returns:
        Score with one value per image.

    Raises:
        TypeError, ValueError: as ``arrays.check_images`` does, or fewer than two images.
    """
    nll, kl, _ = _log_weights_parts(model, images, samples, seed)
    return Score(nll.mean(axis=0) + kl)


def importance_weighted_nll(
    model: Any, images: np.ndarray, k: int = 100, seed: int = SEED
) -> Score:
    """Estimate of -log p(x) from k weighted samples: tighter than the negative ELBO.

    Formula: -log(mean over k of p(x|z) p(z) / q(z|x)) with z from q(z|x)
    (Burda, Grosse and Salakhutdinov, "Importance Weighted Autoencoders", 2015, equation 8).

    Args:
        model: anything with ``encode`` and ``decode_logits``.
        images: zeros and ones only, float ``(n, 28, 28, 1)``: ``data.binarize`` makes them.
        k: samples per image.
        seed: start of the noise.

    Returns:
        Score with one value per image.

    Raises:
        ValueError: grey pixels, for which p(x|z) is no probability, or as ``check_images`` does.
    """
    images = check_images(images)
    if not np.isin(images, (0, 1)).all():
        raise ValueError(
            "importance_weighted_nll is a likelihood, so it needs pixels that are 0 or 1, received grey ones: "
            "call data.binarize first, or take estimate_negative_elbo as a bound on grey pixels."
        )
    nll, _, log_ratio = _log_weights_parts(model, images, k, seed)
    return Score(-log_mean_exp(log_ratio - nll, axis=0))


def knn_accuracy(
    train_codes: np.ndarray,
    train_labels: np.ndarray,
    codes: np.ndarray,
    labels: np.ndarray,
    k: int = 15,
) -> float:
    """Share of codes whose label the k nearest training codes vote for.

    Args:
        train_codes: ``z_mean`` of labelled digits, shape ``(m, latent_dim)``.
        train_labels: shape ``(m,)``.
        codes: ``z_mean`` of the digits to judge, shape ``(n, latent_dim)``.
        labels: shape ``(n,)``.
        k: voters.

    Raises:
        TypeError, ValueError: as ``arrays.check_codes`` does, or codes and labels that differ in number.
    """
    from sklearn.neighbors import KNeighborsClassifier

    train_codes, codes = check_codes(train_codes), check_codes(codes)
    for count, given in ((len(train_codes), len(train_labels)), (len(codes), len(labels))):
        if count != given:
            raise ValueError(
                f"Each code needs its label, received {count} codes and {given} labels."
            )
    if not 1 <= k <= len(train_codes):
        raise ValueError(
            f"k must be between 1 and the {len(train_codes)} training codes, received {k}."
        )
    return float(KNeighborsClassifier(k).fit(train_codes, train_labels).score(codes, labels))


def spread_labels(codes: np.ndarray, labels: np.ndarray, k: int = 10) -> np.ndarray:
    """Let a few labels spread over many codes, along a graph that joins each to its k nearest.

    Formula: F = 0.99 S F + 0.01 Y, iterated; S is the normalised graph, Y the known labels
    (Zhou et al., "Learning with Local and Global Consistency", 2003).

    Args:
        codes: ``z_mean`` of all digits, shape ``(n, latent_dim)``.
        labels: whole numbers, shape ``(n,)``; -1 where the label is not known.
        k: neighbours of each code.

    Returns:
        Probability of each class, float64 ``(n, classes)``; a column for each class among the labels, in order.

    Raises:
        TypeError, ValueError: as ``arrays.check_codes`` does, or labels of another number or of one class only.
    """
    from scipy.sparse import coo_matrix
    from sklearn.neighbors import NearestNeighbors
    from sklearn.semi_supervised import LabelSpreading

    codes, labels = check_codes(codes), np.asarray(labels)
    if (
        len(labels) != len(codes)
        or len(np.unique(labels[labels >= 0])) < 2
        or not 1 <= k < len(codes)
    ):
        raise ValueError(
            f"Spreading needs a label or -1 for each of the {len(codes)} codes, two classes or more among them, and k "
            f"below the number of codes; received {len(labels)} labels of classes {np.unique(labels)} and k = {k}."
        )
    distance, near = (
        NearestNeighbors(n_neighbors=k).fit(codes).kneighbors()
    )  # no code is its own neighbour
    weight = np.exp(
        -4 * (distance / distance[:, -1:]) ** 2
    )  # scikit-learn's own graph weighs all neighbours alike
    graph = coo_matrix(
        (weight.ravel(), (np.repeat(np.arange(len(codes)), k), near.ravel())),
        shape=(len(codes),) * 2,
    )
    graph = graph.maximum(graph.T).tocoo()
    with warnings.catch_warnings(
        action="ignore"
    ):  # that it has not converged: far labels fade, near ones have come
        spread = LabelSpreading(lambda *_: graph, alpha=0.99, max_iter=SPREADING_STEPS, tol=0).fit(
            codes, labels
        )
    return spread.label_distributions_


def _log_weights_parts(
    model: Any, images: np.ndarray, samples: int, seed: int
) -> tuple[np.ndarray, ...]:
    """-log p(x|z) ``(samples, n)``, analytic KL ``(n,)`` and log p(z) - log q(z|x) ``(samples, n)``."""
    images = check_images(images)
    if len(images) < 2 or samples < 1:
        raise ValueError(
            f"A score needs at least two images and one sample, received {len(images)} and {samples}."
        )
    z_mean, z_log_var = model.encode(images)
    noise = np.random.default_rng(seed)
    nll, log_ratio = np.empty((2, samples, len(images)))
    for start in range(0, len(images), BATCH):
        part = slice(start, start + BATCH)
        for sample in range(samples):
            epsilon = noise.standard_normal(z_mean[part].shape, np.float32)
            z = z_mean[part] + np.exp(0.5 * z_log_var[part]) * epsilon
            nll[sample, part] = bernoulli_nll(images[part], model.decode_logits(z))
            # the constants of both Gaussians cancel
            log_ratio[sample, part] = 0.5 * (epsilon**2 + z_log_var[part] - z**2).sum(axis=1)
    return nll, np.asarray(gaussian_kl(z_mean, z_log_var), np.float64), log_ratio
