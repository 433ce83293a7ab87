"""Importance weighting where the truth is known, and ``tanh_net``, trained by hand."""

import itertools
import types
from itertools import pairwise

import keras
import numpy as np
import pytest
from keras import ops
from scipy.special import logsumexp
from scipy.stats import norm
from threadpoolctl import threadpool_limits

from tools.experiments import averaged_or_weighted, dimensions, tanh_net
from tools.publish.definitions import load_definitions
from vae_lib import data, evaluation
from vae_lib.losses import bernoulli_nll, gaussian_kl
from vae_lib.models import build_decoder, build_encoder

NOTEBOOK = load_definitions("12_beyond_two_dimensions")
NAMESPACE = types.SimpleNamespace(**NOTEBOOK)


@pytest.fixture
def images():
    return data.binarize(np.random.default_rng(0).random((6, 28, 28, 1)).astype(np.float32))


class Line:
    """A 1-D code; the posterior is off centre and too wide, the marginal is a sum over a grid."""

    kernel = np.zeros((1, 784), np.float32)
    kernel[:, 100:140] = 0.7 * np.random.default_rng(1).standard_normal((1, 40))

    def encode(self, images):
        return np.full((len(images), 1), 0.4, np.float32), np.full(
            (len(images), 1), 0.3, np.float32
        )

    def decode_logits(self, z):
        return (z @ self.kernel).reshape(-1, 28, 28, 1).astype(np.float32)

    def exact_nll(self, images):
        z = np.linspace(-8, 8, 4_001)[:, None]
        logits = z @ self.kernel.astype(np.float64)
        log_joint = (
            images.reshape(-1, 784) @ logits.T
            - np.logaddexp(0, logits).sum(axis=1)
            - 0.5 * z[:, 0] ** 2
        )
        return (
            -np.logaddexp.reduce(log_joint, axis=1)
            - np.log(z[1, 0] - z[0, 0])
            + 0.5 * np.log(2 * np.pi)
        )


def test_the_estimate_of_every_image_tightens_with_k_and_comes_to_the_integral(images):
    def mean_of_groups(k):
        stream = np.random.default_rng(
            3
        )  # one stream for all calls: 72 samples, the same ones for every k
        return np.mean(
            [
                evaluation.importance_weighted_nll(Line(), images, k, stream).values
                for _ in range(72 // k)
            ],
            axis=0,
        )

    for looser, tighter in pairwise(mean_of_groups(k) for k in (1, 6, 24, 72)):
        assert (looser > tighter).all()  # Jensen: no chance is involved
    many = evaluation.importance_weighted_nll(Line(), images, 1_500).values
    np.testing.assert_allclose(many, Line().exact_nll(images), rtol=0, atol=0.1)


@pytest.mark.parametrize(("slope", "variance"), [(0.7, 0.36), (0.5, 0.5), (0.8, 0.3)])
def test_the_notebook_s_estimate_comes_to_the_integral_of_a_linear_gaussian_model(slope, variance):
    x, log_weights = NOTEBOOK["sample_linear_model"](20, 20_000, slope, variance)
    # the closed form, from the covariance of the ten pixels: codes' 1 plus noise's 1/4
    exact = 0.5 * ((x**2).sum(axis=1) / 1.25 + 10 * np.log(2 * np.pi * 1.25))
    by_notebook = -NOTEBOOK["log_normal"](x, 0, 1.25).sum(axis=1)
    np.testing.assert_allclose(by_notebook, exact)
    np.testing.assert_allclose(
        NOTEBOOK["importance_weighted_nll"](log_weights), exact, rtol=0, atol=0.15
    )
    gap = (
        -log_weights
    ).mean() - exact.mean()  # k = 1: the KL of N(slope x, variance) from N(0.8 x, 0.2)
    kl = 0.5 * (
        ((slope - 0.8) ** 2 * (x**2).sum(axis=1)) / 0.2
        + 10 * (variance / 0.2 - 1 - np.log(variance / 0.2))
    )
    assert gap == pytest.approx(kl.mean(), abs=0.1)


def test_the_true_posterior_needs_one_sample():
    x, log_weights = NOTEBOOK["sample_linear_model"](20, 3, slope=0.8, variance=0.2)
    exact = -NOTEBOOK["log_normal"](x, 0, 1.25).sum(axis=1)
    np.testing.assert_allclose(-log_weights, np.tile(exact, (3, 1)))


def test_the_logarithm_of_a_mean_does_not_underflow():
    log_weights = np.array([[-1e5, 0.0], [-1e5 + np.log(3), 700.0]])
    np.testing.assert_allclose(
        NOTEBOOK["log_mean_exp"](log_weights), [-1e5 + np.log(2), 700 - np.log(2)]
    )


def test_more_samples_of_the_same_draws_are_never_looser_on_average():
    """The mean over groups of k is at least the estimate from all of them: Jensen, no noise."""
    log_weights = np.random.default_rng(2).normal(-90, 5, (64, 30))
    estimate = NOTEBOOK["importance_weighted_nll"]
    means = [
        np.mean([estimate(group) for group in np.split(log_weights, 64 // k)], axis=0)
        for k in (1, 4, 16, 64)
    ]
    np.testing.assert_allclose(means[0], -log_weights.mean(axis=0))
    assert all((looser > tighter).all() for looser, tighter in pairwise(means))


@pytest.mark.parametrize("weighted", [False, True])
def test_the_loss_of_several_samples_is_made_of_their_log_weights(images, weighted):
    """Three densities by SciPy, with all constants; mean and logarithm in either order."""
    encoder, decoder = build_encoder(3, (8,)), build_decoder(3, (8,))
    vae = NOTEBOOK["SampledVAE"](encoder, decoder, samples=4, weighted=weighted)
    outputs = vae(images)
    loss = float(vae.compute_loss(y=images, y_pred=outputs))
    z_mean, z_log_var, z, logits = (
        np.asarray(outputs[name], np.float64) for name in ("z_mean", "z_log_var", "z", "logits")
    )
    pixels = np.repeat(images, 4, axis=0)
    log_likelihood = -np.logaddexp(0, (1 - 2 * pixels) * logits).sum(axis=(1, 2, 3))
    log_prior = norm.logpdf(z).sum(axis=1)
    log_q = norm.logpdf(z, z_mean, np.exp(0.5 * z_log_var)).sum(axis=1)
    log_weights = (log_likelihood + log_prior - log_q).reshape(len(images), 4)
    bound = log_weights.mean(axis=1)
    if weighted:
        bound = logsumexp(log_weights, axis=1) - np.log(4)
    assert loss == pytest.approx(-bound.mean(), rel=1e-5)


@pytest.fixture
def small():
    """A tiny network, with matrix products in one thread: two would only wait for each other."""
    model = tanh_net.TanhVAE(3, np.full(784, 0.3))
    model.flat += np.random.default_rng(3).normal(0, 0.03, model.flat.shape)
    with threadpool_limits(1):
        yield model


def gradient_by_keras(model, raw, k, seed):
    """The gradient that TensorFlow finds of the same bound, with the same pixels and noise."""
    import tensorflow as tf

    random = np.random.default_rng(seed)
    x = tanh_net.binarize(raw, random)
    epsilon = model.noise * random.standard_normal((len(raw), k, model.latent_dim), np.float32)
    flat = tf.Variable(model.flat)
    with tf.GradientTape() as tape:
        start, weights = 0, []
        for inputs, outputs in model.shapes:
            middle, end = start + inputs * outputs, start + (inputs + 1) * outputs
            weights.append((ops.reshape(flat[start:middle], (inputs, outputs)), flat[middle:end]))
            start = end
        hidden = x
        for kernel, bias in weights[:2]:
            hidden = ops.tanh(hidden @ kernel + bias)
        heads = (hidden @ weights[2][0] + weights[2][1])[:, None]
        z_mean, z_log_var = heads[..., : model.latent_dim], heads[..., model.latent_dim :]
        z = hidden = z_mean + ops.exp(z_log_var / 2) * epsilon
        for kernel, bias in weights[3:5]:
            hidden = ops.tanh(hidden @ kernel + bias)
        logits = ops.reshape(hidden @ weights[5][0] + weights[5][1], (-1, 784))
        nll = ops.reshape(bernoulli_nll(np.repeat(x, k, axis=0), logits), (-1, k))
        if k == 1:
            kl = 0.5 * ops.sum(z_mean**2 + ops.exp(z_log_var) - 1 - z_log_var, axis=(1, 2))
            bound = nll[:, 0] + model.kl_weight * kl
        else:
            log_weights = 0.5 * ops.sum(epsilon**2 + z_log_var - z**2, axis=2) - nll
            bound = np.log(k) - ops.logsumexp(log_weights, axis=1)
        bound = ops.mean(bound)
    return np.asarray(tape.gradient(bound, flat)), float(bound)


@pytest.mark.parametrize(("k", "kl_weight", "noise"), [(1, 1, 1), (1, 3, 1), (1, 0, 0), (6, 1, 1)])
def test_the_gradient_by_hand_is_the_gradient_of_the_bound(small, monkeypatch, k, kl_weight, noise):
    monkeypatch.setattr(tanh_net, "SMALL", 1e-30)  # every sample takes part
    small.kl_weight, small.noise = kl_weight, noise
    raw = np.random.default_rng(4).integers(0, 256, (7, 784)).astype(np.uint8)
    gradient, bound = small.gradient(raw, k, np.random.default_rng(5))
    expected, expected_bound = gradient_by_keras(small, raw, k, 5)
    assert bound == pytest.approx(expected_bound, rel=1e-5)
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=2e-5 * np.abs(expected).max())


def test_samples_left_out_do_not_bias_the_gradient(small, monkeypatch):
    """With the same pixels and noise, the mean over many choices is the gradient of all samples."""
    raw = np.random.default_rng(4).integers(0, 256, (4, 784)).astype(np.uint8)
    monkeypatch.setattr(tanh_net, "SMALL", 1e-30)
    whole = np.mean(
        [small.gradient(raw, 8, np.random.default_rng(seed))[0] for seed in range(60)], axis=0
    )
    monkeypatch.setattr(tanh_net, "SMALL", 0.3)
    some = np.mean(
        [small.gradient(raw, 8, np.random.default_rng(seed))[0] for seed in range(60)], axis=0
    )
    once = small.gradient(raw, 8, np.random.default_rng(0))[0]
    assert np.linalg.norm(some - whole) < 0.3 * np.linalg.norm(once - whole)


def test_pixels_are_drawn_with_exactly_their_grey(monkeypatch):
    grey = np.repeat(np.array([0, 51, 204, 255], np.uint8)[:, None], 40_000, axis=1)
    share = tanh_net.binarize(grey, np.random.default_rng(0)).mean(axis=1)
    assert (share[[0, 3]] == [0, 1]).all()
    np.testing.assert_allclose(share[1:3], [0.2, 0.8], atol=4 * np.sqrt(0.16 / 40_000))


def test_the_fast_estimate_is_the_library_s(small, images):
    fast = tanh_net.weighted_nll(small, images, (1, 500))
    slow = evaluation.importance_weighted_nll(small, images, 500)
    np.testing.assert_allclose(fast[500], slow.values, rtol=0, atol=0.4)


def test_training_learns_and_goes_on_where_it_stopped(digits, tmp_path, monkeypatch):
    monkeypatch.setattr(tanh_net, "STEPS", 10)
    watched = data.binarize(data.normalize(digits.validation.images))
    path = tmp_path / "state.npz"
    stages = (tanh_net.Stage(0.5, 1, 40), tanh_net.Stage(1, 3, 20))
    plan = tanh_net.Plan(stages, rate=3e-3, budget=1.0, watch=0.5)
    start = tanh_net.TanhVAE(4, digits.train.images.mean(axis=0).ravel() / 255)
    untrained = tanh_net.weighted_nll(start, watched, (50,))[50].mean()
    first = tanh_net.fit(start, digits, plan, path)
    assert first[-1][3] < untrained - 10  # nats on validation

    again = tanh_net.TanhVAE(4, np.full(784, 0.5))
    assert tanh_net.fit(again, digits, plan, path) == [list(row) for row in first]
    np.testing.assert_array_equal(again.flat, start.flat)
    longer = tanh_net.fit(again, digits, plan._replace(budget=1.5), path)
    assert longer[: len(first)] == [list(row) for row in first]
    assert longer[-1][0] > first[-1][0]
    assert longer[-1][1] > first[-1][1]


def test_a_convolutional_training_ends_when_its_cpu_time_is_spent(digits, monkeypatch):
    monkeypatch.setattr(dimensions, "BUDGET", 4.0)
    monkeypatch.setattr(dimensions, "WATCH", 2.0)
    monkeypatch.setattr(dimensions, "BATCH", 20)
    # a clock that goes on by a second each time it is read: a busy machine's compiles for seconds
    clock = itertools.count()
    monkeypatch.setattr(dimensions.time, "process_time", lambda: float(next(clock)))
    keras.utils.set_random_seed(0)
    vae = dimensions.build_convolutional(4)
    curve = dimensions.fit_convolutional(vae, digits)
    minutes = [look[0] for look in curve]
    assert len(curve) == 2
    assert minutes[-1] >= 4 / 60
    assert minutes == sorted(minutes)
    steps = int(vae.optimizer.iterations)
    assert curve[-1][1] == pytest.approx(steps * 20 / len(digits.train.images))
    assert float(vae.optimizer.learning_rate) < dimensions.CONVOLUTIONAL_RATE


def test_units_are_measured_as_the_loss_counts_them():
    random = np.random.default_rng(8)
    z_mean = (random.standard_normal((500, 4)) * [0.05, 1, 2, 0.2]).astype(np.float32)
    z_log_var = random.uniform(-3, 0.5, (500, 4)).astype(np.float32)
    units = tanh_net.measure_units(z_mean, z_log_var)
    assert units["active_units"] == 3  # 0.05 squared is below 0.01
    assert sum(units["kl_per_unit"]) == pytest.approx(
        float(np.mean(gaussian_kl(z_mean, z_log_var))), abs=0.003
    )
    assert units["kl_per_unit"] == sorted(units["kl_per_unit"], reverse=True)


def test_the_distance_of_two_clouds():
    random = np.random.default_rng(6)
    real = random.standard_normal((40_000, 5)) * [1, 2, 3, 1, 1]
    assert dimensions.frechet(real, real) == pytest.approx(0, abs=1e-6)
    assert dimensions.frechet(real, np.zeros((10, 5))) == pytest.approx(1, abs=0.001)
    # along axes that do not turn: squares of the differences of means and of standard
    # deviations, over the real spread
    moved = random.standard_normal((40_000, 5)) * [2, 2, 3, 1, 1] + [0, 0, 0, 2, 0]
    assert dimensions.frechet(real, moved) == pytest.approx((1 + 4) / 16, abs=0.01)


def test_the_convolutional_model_is_a_vae():
    keras.utils.set_random_seed(0)
    model = dimensions.build_convolutional(4)
    raw = np.random.default_rng(7).random((5, 28, 28, 1)).astype(np.float32)
    z_mean, z_log_var = model.encode(raw)
    assert z_mean.shape == z_log_var.shape == (5, 4)
    assert model.decode(z_mean).shape == raw.shape
    model.compile(keras.optimizers.Adam(1e-2))
    losses = model.fit(raw, raw, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < 0.95 * losses[0]


class ConstantDecoder(keras.layers.Layer):
    """Logits that do not depend on the code: every true posterior is the prior."""

    def call(self, z):
        return ops.zeros((ops.shape(z)[0], 28, 28, 1)) + 0 * ops.sum(z)


def test_the_search_ends_at_the_true_posterior(images):
    code = keras.Input((2,))
    decoder = keras.Model(code, ConstantDecoder()(code))
    start = np.full((6, 2), 0.5, np.float32), np.full((6, 2), -0.5, np.float32)
    means, log_vars = NOTEBOOK["search_posteriors"](decoder, images, start, steps=200)
    np.testing.assert_allclose(means, 0, atol=0.1)
    np.testing.assert_allclose(log_vars, 0, atol=0.2)


def test_the_search_keeps_the_decoder_and_lowers_the_negative_elbo(digits, monkeypatch, tmp_path):
    monkeypatch.setattr(averaged_or_weighted, "SCORED", 20)
    monkeypatch.setattr(averaged_or_weighted, "K", 2)
    monkeypatch.setattr(averaged_or_weighted, "LARGE_K", 1_000)
    goal = averaged_or_weighted.Goal(2, weighted=True)

    def score():
        weights = tmp_path / "model.weights.h5"
        return averaged_or_weighted.train_and_score(goal, digits, 0, weights, epochs=1, steps=40)

    scores = score()
    assert scores["search"]["negative ELBO"] < scores["encoder"]["negative ELBO"] - 1
    estimates = scores["search"]["-log p(x)"]
    assert estimates["1000"] < estimates["500"] < scores["search"]["negative ELBO"]
    assert scores["encoder"]["-log p(x)"]["1000"] < scores["encoder"]["-log p(x)"]["500"]
    monkeypatch.delattr(averaged_or_weighted.training, "train")  # the weights are in their file
    assert score() == scores


def test_scores_are_gathered_by_what_was_scored():
    """The first seed has an estimate that the second has not."""
    runs = [
        {"active": 3, "search": {"-log p(x)": {"500": 90.0, "5000": 89.0}}},
        {"active": 4, "search": {"-log p(x)": {"500": 91.0}}},
    ]
    assert averaged_or_weighted.gather(runs) == {
        "active": [3, 4],
        "search": {"-log p(x)": {"500": [90.0, 91.0], "5000": [89.0]}},
    }


def test_the_exact_kl_takes_the_place_of_the_sampled_one_alone(images):
    goal = averaged_or_weighted.Goal(4, exact_kl=True)
    vae = averaged_or_weighted.build(goal, 0, NAMESPACE)
    outputs = vae(images)
    loss = float(vae.compute_loss(y=images, y_pred=outputs))
    nll = bernoulli_nll(np.repeat(images, 4, axis=0), outputs["logits"])
    kl = gaussian_kl(*vae.encode(images))
    assert loss == pytest.approx(float(np.mean(nll)) + float(np.mean(kl)), rel=1e-5)


def test_pixels_are_drawn_anew_in_each_epoch():
    grey = np.full((2, 28, 28), 128, np.uint8)
    redraw = averaged_or_weighted.make_redraw(0)
    first, again, second = redraw(grey, 0), redraw(grey, 0), redraw(grey, 1)
    assert set(np.unique(first)) == {0, 255}
    np.testing.assert_array_equal(first, again)
    assert 0.3 < (first != second).mean() < 0.7
