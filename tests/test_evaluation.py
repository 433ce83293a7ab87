"""Scores against exact answers, and against each other."""

import re

import numpy as np
import pytest

from vae_lib import data, evaluation, losses
from vae_lib.inference import NumpyVAE


@pytest.fixture(scope="session")
def numpy_vae(vae):
    return NumpyVAE.from_keras(vae)


@pytest.fixture(scope="session")
def binary(images):
    return data.binarize(images)


class Constant:
    """Its decoder ignores the code and q is the prior: every score has an exact answer."""

    logits = np.linspace(-4, 3, 784, dtype=np.float32).reshape(28, 28, 1)

    def encode(self, images):
        return np.zeros((2, len(images), 2), np.float32)

    def decode_logits(self, z):
        return np.broadcast_to(self.logits, (len(z), 28, 28, 1))

    def nll(self, images):
        return np.asarray(losses.bernoulli_nll(images, self.decode_logits(images)))


def test_score_has_the_mean_and_its_standard_error():
    score = evaluation.Score(np.array([1.0, 2.0, 3.0, 4.0]))
    assert score.mean == 2.5
    assert score.standard_error == pytest.approx(np.sqrt(5 / 3) / 2)
    assert str(score) == "2.50 ± 0.65 nats per image"


def test_negative_elbo_of_a_decoder_that_ignores_the_code_is_its_cross_entropy(images):
    score = evaluation.estimate_negative_elbo(Constant(), images, samples=3)
    np.testing.assert_allclose(score.values, Constant().nll(images), rtol=1e-6)


def test_negative_elbo_repeats_with_its_seed(numpy_vae, images):
    first, again, other = (
        evaluation.estimate_negative_elbo(numpy_vae, images, seed=seed).values for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.isclose(first, other, rtol=1e-6).any()  # every code is sampled


def test_negative_elbo_is_the_same_for_keras_and_numpy(vae, numpy_vae, images):
    keras_score, numpy_score = (
        evaluation.estimate_negative_elbo(model, images, samples=2) for model in (vae, numpy_vae)
    )
    np.testing.assert_allclose(keras_score.values, numpy_score.values, rtol=1e-4)


def test_negative_elbo_is_the_loss_at_the_same_noise(vae, images):
    z_mean, z_log_var = vae.encode(images)
    noise = np.random.default_rng(7).standard_normal(z_mean.shape, np.float32)
    logits = vae.decode_logits(z_mean + np.exp(z_log_var / 2) * noise)
    expected = losses.negative_elbo(images, logits, z_mean, z_log_var)
    np.testing.assert_allclose(
        evaluation.estimate_negative_elbo(vae, images, seed=7).values, expected, rtol=1e-5
    )


def test_more_samples_mean_less_noise(numpy_vae, images):
    def spread(samples):
        return np.std(
            [
                evaluation.estimate_negative_elbo(numpy_vae, images, samples, seed).mean
                for seed in range(6)
            ]
        )

    assert spread(12) < 0.6 * spread(1)


def test_scores_do_not_depend_on_the_size_of_a_pass(images, monkeypatch):
    whole = evaluation.estimate_negative_elbo(Constant(), images).values
    monkeypatch.setattr(evaluation, "BATCH", 7)
    np.testing.assert_allclose(
        evaluation.estimate_negative_elbo(Constant(), images).values, whole, rtol=1e-6
    )


def test_negative_elbo_is_not_below_the_entropy_floor_of_any_image(numpy_vae, images):
    score = evaluation.estimate_negative_elbo(numpy_vae, images)
    assert (score.values > evaluation.entropy_floor(images)).all()


@pytest.mark.parametrize("k", [1, 5])
def test_importance_weighting_of_a_decoder_that_ignores_the_code_is_its_cross_entropy(binary, k):
    score = evaluation.importance_weighted_nll(Constant(), binary, k)
    np.testing.assert_allclose(score.values, Constant().nll(binary), rtol=1e-6)


class Linear:
    """Logits are linear in the code; q is too wide and off centre, so the weights differ."""

    kernel = np.zeros((2, 784), np.float32)
    kernel[:, 300:320] = 0.4 * np.random.default_rng(1).standard_normal((2, 20))

    def encode(self, images):
        return np.full((len(images), 2), 0.3, np.float32), np.full(
            (len(images), 2), -0.2, np.float32
        )

    def decode_logits(self, z):
        return (z @ self.kernel).reshape(-1, 28, 28, 1).astype(np.float32)


def test_importance_weighting_finds_the_integral_over_the_plane(binary):
    """A code is two numbers, so -log p(x) can be summed on a grid: within 0.15 nats an image."""
    few, ticks = binary[:5].reshape(5, 784), np.linspace(-5, 5, 101)
    z = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    logits = z @ Linear.kernel.astype(np.float64)
    log_prior = -0.5 * (z**2).sum(axis=1) - np.log(2 * np.pi)
    log_joint = few @ logits.T - np.logaddexp(0, logits).sum(axis=1) + log_prior
    exact = -np.logaddexp.reduce(log_joint, axis=1) - 2 * np.log(ticks[1] - ticks[0])
    score = evaluation.importance_weighted_nll(Linear(), binary[:5], k=300)
    np.testing.assert_allclose(score.values, exact, rtol=0, atol=0.15)
    assert (
        evaluation.estimate_negative_elbo(Linear(), binary[:5], samples=50).mean
        > exact.mean() + 0.2
    )


def test_importance_weighting_is_tighter_than_the_negative_elbo(numpy_vae, binary):
    bound = evaluation.estimate_negative_elbo(numpy_vae, binary, samples=20)
    assert evaluation.importance_weighted_nll(numpy_vae, binary, k=20).mean < bound.mean


def test_importance_weighting_falls_with_the_number_of_samples(numpy_vae, binary):
    means = [evaluation.importance_weighted_nll(numpy_vae, binary, k).mean for k in (1, 6, 36)]
    assert means[0] > means[1] > means[2]


def test_importance_weighting_refuses_grey_pixels(numpy_vae, images):
    with pytest.raises(
        ValueError,
        match=r"received grey ones: call data.binarize first, or take estimate_negative_elbo",
    ):
        evaluation.importance_weighted_nll(numpy_vae, images)


@pytest.mark.parametrize(
    ("pixel", "nats"), [(0, 0), (1, 0), (0.5, 784 * np.log(2)), (0.25, 784 * 0.5623351446)]
)
def test_entropy_floor_by_hand(pixel, nats):
    floor = evaluation.entropy_floor(np.full((3, 28, 28, 1), pixel, np.float32))
    np.testing.assert_allclose(floor, [nats] * 3, rtol=1e-9)


def test_entropy_floor_is_counted_image_by_image(images):
    floor = evaluation.entropy_floor(images)
    assert floor.shape == (40,)
    np.testing.assert_allclose(floor[7:9], evaluation.entropy_floor(images[7:9]))


def rings(n, spread):
    labels = np.arange(n) % 10
    centres = np.stack([np.cos(labels * 0.2 * np.pi), np.sin(labels * 0.2 * np.pi)], axis=1)
    return centres + spread * np.random.default_rng(n).standard_normal((n, 2)), labels


def test_knn_accuracy_of_separate_classes_is_one():
    assert evaluation.knn_accuracy(*rings(500, 0.01), *rings(200, 0.01)) == 1


def test_knn_accuracy_of_shuffled_labels_is_near_chance():
    codes, labels = rings(2_000, 0.3)
    shuffled = np.random.default_rng(0).permutation(labels)
    four_errors = 4 * np.sqrt(0.1 * 0.9 / 1_000)
    accuracy = evaluation.knn_accuracy(codes, shuffled, *rings(1_000, 0.3))
    assert accuracy == pytest.approx(0.1, abs=four_errors)


def test_knn_accuracy_asks_k_neighbours():
    reference, labels = np.array([[0.0], [0.1], [0.2]]), np.array([1, 2, 2])
    accuracies = [evaluation.knn_accuracy(reference, labels, [[0.0]], [2], k) for k in (1, 3)]
    assert accuracies == [0, 1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            (np.zeros((5, 2)), range(4), np.zeros((2, 2)), range(2), 1),
            "received 5 codes and 4 labels",
        ),
        (
            (np.zeros((5, 2)), range(5), np.zeros((2, 2)), range(3), 1),
            "received 2 codes and 3 labels",
        ),
        (
            (np.zeros((5, 2)), range(5), np.zeros((2, 2)), range(2)),
            "between 1 and the 5 training codes, received 15",
        ),
        (
            (np.zeros((5, 2)), range(5), np.zeros((2, 2)), range(2), 0),
            "between 1 and the 5 training codes, received 0",
        ),
        (
            (np.full((5, 2), np.nan), range(5), np.zeros((2, 2)), range(2), 1),
            "must be finite, received 10",
        ),
        (
            (np.zeros(5), range(5), np.zeros((2, 2)), range(2), 1),
            "have shape (n, latent_dim), received (5,)",
        ),
    ],
)
def test_knn_accuracy_refuses_bad_input(refused, arguments, words):
    with refused(ValueError, words):
        evaluation.knn_accuracy(*arguments)


@pytest.mark.parametrize(("n", "samples"), [(1, 1), (0, 1), (5, 0)])
def test_a_score_needs_two_images_and_a_sample(images, n, samples):
    with pytest.raises(ValueError, match=f"two images and one sample, received {n} and {samples}"):
        evaluation.estimate_negative_elbo(Constant(), images[:n], samples)


@pytest.mark.parametrize(
    "score", [evaluation.estimate_negative_elbo, evaluation.importance_weighted_nll]
)
def test_scores_refuse_raw_pixels(digits, score):
    with pytest.raises(TypeError, match="received uint8: call"):
        score(Constant(), digits.test.images[..., None])


def clusters(n=30):
    """Two clusters of codes, far apart, and their labels."""
    random = np.random.default_rng(0)
    return np.concatenate([random.normal(size=(n, 3)), random.normal(size=(n, 3)) + 30]), np.repeat(
        [0, 1], n
    )


def test_one_label_reaches_its_whole_cluster():
    codes, truth = clusters()
    known = np.full(60, -1)
    known[[0, -1]] = 0, 1
    spread = evaluation.spread_labels(codes, known, k=5)
    np.testing.assert_array_equal(spread.argmax(axis=1), truth)
    np.testing.assert_allclose(spread.sum(axis=1), 1)


def test_spreading_is_the_published_iteration():
    codes, truth = clusters(8)
    known = np.where(np.arange(16) % 4 == 0, truth, -1)
    distances = np.linalg.norm(codes[:, None] - codes, axis=-1)
    np.fill_diagonal(distances, np.inf)
    graph = np.zeros((16, 16))
    for i, row in enumerate(distances):
        for j in np.argsort(row)[:3]:
            graph[i, j] = np.exp(-4 * (row[j] / np.sort(row)[2]) ** 2)
    graph = np.maximum(graph, graph.T)
    step = graph / np.sqrt(np.outer(graph.sum(axis=1), graph.sum(axis=1)))
    start = (known[:, None] == [0, 1]).astype(float)
    spread = start
    for _ in range(evaluation.SPREADING_STEPS):
        spread = 0.99 * step @ spread + 0.01 * start
    found = evaluation.spread_labels(codes, known, k=3)
    np.testing.assert_allclose(found, spread / spread.sum(axis=1, keepdims=True), atol=1e-6)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda codes, known: (codes, known[:-1], 5), "received 59 labels"),
        (lambda codes, known: (codes, np.zeros(60, int), 5), "of classes [0]"),
        (lambda codes, known: (codes, np.full(60, -1), 5), "of classes [-1]"),
        (lambda codes, known: (codes, known, 60), "k = 60"),
        (lambda codes, known: (codes * np.nan, known, 5), "Codes must be finite"),
    ],
    ids=["a label too few", "one class only", "no label", "k too large", "NaN"],
)
def test_spreading_refuses_what_it_cannot_spread(change, fault):
    codes, known = clusters()
    with pytest.raises(ValueError, match=re.escape(fault)):
        evaluation.spread_labels(*change(codes, known))


def test_a_refusal_is_one_line_however_numpy_prints(refused):
    codes = np.random.default_rng(0).normal(size=(100, 2))
    with np.printoptions(linewidth=10, threshold=5, edgeitems=1), refused(ValueError, "k = 200"):
        evaluation.spread_labels(codes, np.arange(100), k=200)
