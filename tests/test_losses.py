"""The two terms of the negative ELBO against closed forms, Monte Carlo and their own laws."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vae_lib.evaluation import entropy_floor
from vae_lib.losses import bernoulli_nll, gaussian_kl, negative_elbo

checked = settings(deadline=None, derandomize=True, max_examples=40)
codes = arrays(np.float32, (3, 2), elements=st.floats(-8, 8, width=32))
seeds = st.integers(0, 2**32 - 1)


def sigmoid(logits):
    return 1 / (1 + np.exp(-np.asarray(logits, np.float64)))


def draw(seed, shape=(4, 28, 28, 1), scale=3.0):
    """Grey images with some pixels exactly black or white, and logits of a given spread."""
    numbers = np.random.default_rng(seed)
    images = np.clip(numbers.uniform(-0.3, 1.3, shape), 0, 1).astype(np.float32)
    return images, (scale * numbers.standard_normal(shape)).astype(np.float32)


def test_kl_is_its_closed_form():
    z_mean = np.array([[0, 0], [1, -2]], np.float32)
    z_log_var = np.log(np.array([[1, 1], [4, 0.25]], np.float32))
    by_hand = [0, 0.5 * (1 + 4 - 1 - np.log(4)) + 0.5 * (4 + 0.25 - 1 - np.log(0.25))]  # 3.625
    np.testing.assert_allclose(gaussian_kl(z_mean, z_log_var), by_hand, atol=1e-6)


def test_kl_is_the_mean_log_ratio_of_the_densities_within_four_standard_errors():
    mean, log_var = np.array([0.7, -1.2]), np.array([-0.8, 0.4])
    z = mean + np.exp(log_var / 2) * np.random.default_rng(0).standard_normal((200_000, 2))
    log_q = -0.5 * (log_var + (z - mean) ** 2 / np.exp(log_var)).sum(axis=1)
    log_p = -0.5 * (z**2).sum(axis=1)
    error = (log_q - log_p).std() / np.sqrt(len(z))
    exact = float(gaussian_kl(mean[None], log_var[None])[0])
    assert error < 0.005
    assert abs((log_q - log_p).mean() - exact) < 4 * error


def test_kl_at_the_prior_is_zero():
    assert np.array_equal(
        gaussian_kl(np.zeros((3, 2), np.float32), np.zeros((3, 2), np.float32)), np.zeros(3)
    )


@checked
@given(codes, codes)
def test_kl_is_never_below_zero(z_mean, z_log_var):
    assert np.min(gaussian_kl(z_mean, z_log_var)) >= -1e-6


@checked
@given(st.sampled_from(["z_mean", "z_log_var"]), st.booleans(), st.floats(0.01, 8))
def test_kl_away_from_the_prior_is_above_zero(name, negative, distance):
    given_codes = {
        "z_mean": np.zeros((1, 2), np.float32),
        "z_log_var": np.zeros((1, 2), np.float32),
    }
    given_codes[name][0, 1] = -distance if negative else distance
    assert float(gaussian_kl(**given_codes)[0]) > 0.15 * min(distance, 1) ** 2


def test_kl_keeps_its_digits_near_the_prior():
    z_log_var = np.full((1, 1), 1e-3, np.float32)
    exact = 0.5 * (np.expm1(1e-3) - 1e-3)
    np.testing.assert_allclose(
        gaussian_kl(np.zeros((1, 1), np.float32), z_log_var), exact, rtol=1e-3
    )


def test_cross_entropy_is_the_naive_formula_in_double_precision():
    images, logits = draw(1)
    p = sigmoid(logits)
    naive = -(images * np.log(p) + (1 - images) * np.log(1 - p)).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(bernoulli_nll(images, logits), naive, rtol=1e-5)


def test_cross_entropy_is_the_one_of_keras():
    images, logits = draw(2)
    per_pixel = keras.ops.binary_crossentropy(images, logits, from_logits=True)
    np.testing.assert_allclose(
        bernoulli_nll(images, logits), np.sum(per_pixel, axis=(1, 2, 3)), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("pixel", "logit", "nats"),
    [(1, -100, 100), (0, 100, 100), (1, 100, 0), (0, -100, 0), (0.5, 100, 50)],
)
def test_cross_entropy_is_exact_at_logits_of_a_hundred(pixel, logit, nats):
    loss = bernoulli_nll(np.full((1, 1), pixel, np.float32), np.full((1, 1), logit, np.float32))
    assert float(loss[0]) == pytest.approx(nats, abs=1e-30)


@checked
@given(seeds, st.floats(0, 30))
def test_cross_entropy_is_not_below_the_entropy_floor(seed, scale):
    images, logits = draw(seed, scale=scale)
    floor = entropy_floor(images)
    assert (np.asarray(bernoulli_nll(images, logits)) >= floor * (1 - 1e-5)).all()


def test_cross_entropy_of_the_perfect_logits_is_the_entropy_floor():
    images = np.clip(draw(3)[0], 0.01, 0.99)
    logits = np.log(images / (1 - images))
    np.testing.assert_allclose(bernoulli_nll(images, logits), entropy_floor(images), rtol=1e-5)


def test_negative_elbo_is_the_sum_of_its_two_terms():
    images, logits = draw(4)
    z_mean, z_log_var = np.random.default_rng(4).standard_normal((2, 4, 2)).astype(np.float32)
    parts = bernoulli_nll(images, logits) + gaussian_kl(z_mean, z_log_var)
    np.testing.assert_array_equal(negative_elbo(images, logits, z_mean, z_log_var), parts)


@pytest.mark.parametrize("shape", [(5, 28, 28, 1), (5, 784), (5, 1)])
def test_losses_return_one_value_an_image(shape):
    images, logits = draw(5, shape)
    z = np.zeros((5, 3), np.float32)
    shapes = [np.shape(loss) for loss in (bernoulli_nll(images, logits), gaussian_kl(z, z))]
    assert shapes == [(5,), (5,)]
    assert np.shape(negative_elbo(images, logits, z, z)) == (5,)


def test_losses_take_tensors_as_they_take_arrays():
    images, logits = draw(6)
    tensors = keras.ops.convert_to_tensor(images), keras.ops.convert_to_tensor(logits)
    np.testing.assert_array_equal(bernoulli_nll(*tensors), bernoulli_nll(images, logits))


FLOATS = np.full((3, 2), 0.5, np.float32)
HOLED = np.array([[0.5, np.nan], [0.5, 0.5], [np.nan, 0.5]], np.float32)


@pytest.mark.parametrize(
    ("loss", "first", "second", "fault", "words"),
    [
        (
            gaussian_kl,
            FLOATS,
            FLOATS[:2],
            ValueError,
            "share one shape (batch, ...), received (3, 2) and (2, 2)",
        ),
        (
            gaussian_kl,
            FLOATS[0],
            FLOATS[0],
            ValueError,
            "shape (batch, ...), received (2,) and (2,)",
        ),
        (
            gaussian_kl,
            FLOATS.astype(int),
            FLOATS,
            TypeError,
            "z_mean must be an array of floats, received int64",
        ),
        (
            gaussian_kl,
            FLOATS,
            FLOATS.tolist(),
            TypeError,
            "z_log_var must be an array of floats, received list",
        ),
        (gaussian_kl, HOLED, FLOATS, ValueError, "z_mean holds 2 NaN: is there a division by zero"),
        (
            gaussian_kl,
            FLOATS,
            HOLED,
            ValueError,
            "z_log_var holds 2 NaN: is there a division by zero",
        ),
        (bernoulli_nll, FLOATS, FLOATS[:, :1], ValueError, "images and logits share one shape"),
        (
            bernoulli_nll,
            FLOATS.astype(np.uint8),
            FLOATS,
            TypeError,
            "received uint8: data.normalize makes raw",
        ),
        (
            bernoulli_nll,
            FLOATS * 510,
            FLOATS,
            ValueError,
            "images must lie in [0, 1], received 255 to 255: divide",
        ),
        (
            bernoulli_nll,
            FLOATS - 1,
            FLOATS,
            ValueError,
            "images must lie in [0, 1], received -0.5 to -0.5",
        ),
        (bernoulli_nll, HOLED, FLOATS, ValueError, "images holds 2 NaN"),
        (
            bernoulli_nll,
            FLOATS,
            HOLED,
            ValueError,
            "logits holds 2 NaN: is there a division by zero",
        ),
        (
            bernoulli_nll,
            None,
            FLOATS,
            TypeError,
            "images must be an array of floats, received NoneType",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(refused, loss, first, second, fault, words):
    with refused(fault, words):
        loss(first, second)


def test_a_plain_number_is_refused_in_one_sentence():
    with pytest.raises((TypeError, ValueError), match="z_mean"):
        gaussian_kl(0.0, 0.0)


def test_negative_elbo_refuses_what_its_terms_refuse():
    with pytest.raises(ValueError, match="z_log_var holds 2 NaN"):
        negative_elbo(FLOATS, FLOATS, FLOATS, HOLED)
