"""The NumPy formulas: equal to Keras' versions, to values by hand, and finite for any input.

That the browser computes the same is tests/test_javascript.py's to show.
"""

import numpy as np
import pytest
from keras import ops

from vae_lib import evaluation, formulas, layers, losses

RANDOM = np.random.default_rng(0)
Z_MEAN = RANDOM.normal(0, 2, (6, 3)).astype(np.float32)
Z_LOG_VAR = RANDOM.normal(0, 3, (6, 3)).astype(np.float32)
IMAGES = RANDOM.random((6, 28, 28, 1)).astype(np.float32)
LOGITS = RANDOM.normal(0, 20, (6, 28, 28, 1)).astype(np.float32)
X = np.linspace(-12, 12, 97, dtype=np.float32)


@pytest.mark.parametrize(
    ("ours", "keras"),
    [
        (formulas.gaussian_kl(Z_MEAN, Z_LOG_VAR), losses.gaussian_kl(Z_MEAN, Z_LOG_VAR)),
        (formulas.bernoulli_nll(IMAGES, LOGITS), losses.bernoulli_nll(IMAGES, LOGITS)),
        (formulas.gelu(X), layers.gelu(X)),
        (formulas.sigmoid(X), ops.sigmoid(X)),
        (formulas.log_mean_exp(LOGITS, axis=0), ops.logsumexp(LOGITS, axis=0) - np.log(6)),
    ],
    ids=["KL", "NLL", "GELU", "sigmoid", "log-mean-exp"],
)
def test_each_formula_gives_what_keras_gives(ours, keras):
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, keras, rtol=2e-6, atol=1e-6)


def test_terms_are_one_value_an_image():
    assert formulas.gaussian_kl(Z_MEAN, Z_LOG_VAR).shape == (6,)
    assert formulas.bernoulli_nll(IMAGES, LOGITS).shape == (6,)
    assert formulas.entropy_floor(IMAGES).shape == (6,)


def test_kl_keeps_its_digits_near_the_prior():
    z_log_var = np.array([[1e-3]], np.float32)
    exact = 0.5 * (np.expm1(1e-3) - 1e-3)  # in double precision
    assert formulas.gaussian_kl(z_log_var * 0, z_log_var)[0] == pytest.approx(exact, rel=0.01)


def test_the_nll_is_minus_the_logarithm_of_the_probability():
    probability = formulas.sigmoid(LOGITS.astype(np.float64) / 10)
    expected = -IMAGES * np.log(probability) - (1 - IMAGES) * np.log(1 - probability)
    found = formulas.bernoulli_nll(IMAGES, LOGITS / 10)
    np.testing.assert_allclose(found, expected.sum(axis=(1, 2, 3)), rtol=1e-5)


@pytest.mark.parametrize("size", [1e3, 1e30])
def test_no_size_of_input_overflows(size):
    extremes = np.array([[-size, size]], np.float32)
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(formulas.sigmoid(extremes), [[0, 1]])
        assert formulas.bernoulli_nll(np.ones((1, 2), np.float32), extremes)[0] == size
        np.testing.assert_allclose(
            formulas.log_mean_exp(extremes, axis=1), size - np.log(2), rtol=1e-6
        )


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_log_mean_exp_is_what_it_says(axis):
    values = RANDOM.normal(size=(3, 4, 5))
    expected = np.log(np.exp(values).mean(axis=axis))
    np.testing.assert_allclose(formulas.log_mean_exp(values, axis=axis), expected)


def test_gelu_leaves_its_input_as_it_was():
    before = X.copy()
    formulas.gelu(X)
    np.testing.assert_array_equal(X, before)
    assert formulas.gelu(0.0) == 0


def test_the_floor_is_the_nll_of_a_perfect_decoder():
    logits = np.log(IMAGES.astype(np.float64) / (1 - IMAGES.astype(np.float64)))
    expected = formulas.bernoulli_nll(IMAGES.astype(np.float64), logits)
    np.testing.assert_allclose(formulas.entropy_floor(IMAGES), expected, rtol=1e-6)
    assert evaluation.entropy_floor is formulas.entropy_floor


def test_the_floor_does_not_depend_on_the_size_of_a_pass(monkeypatch):
    whole = formulas.entropy_floor(IMAGES)
    monkeypatch.setattr(formulas, "BATCH", 4)
    np.testing.assert_array_equal(formulas.entropy_floor(IMAGES), whole)


@pytest.mark.parametrize(
    ("images", "fault", "words"),
    [
        (np.zeros((2, 28, 28), np.uint8), TypeError, "received uint8: call data.normalize first"),
        (np.full((2, 28, 28, 1), 1.5), ValueError, "must lie in [0, 1], received 1.5 to 1.5"),
        (np.full((2, 28, 28, 1), np.nan), ValueError, "received NaN"),
    ],
    ids=["raw pixels", "too bright", "NaN"],
)
def test_the_floor_refuses_what_is_no_image(refused, images, fault, words):
    with refused(fault, words):
        formulas.entropy_floor(images)


@pytest.mark.parametrize(
    "compute",
    [
        lambda: formulas.gaussian_kl(np.float32([[1e-30]]), np.float32([[-200]])),
        lambda: formulas.bernoulli_nll(np.float32([[0]]), np.float32([[200]])),
        lambda: formulas.gelu(np.float32([1e-30])),
        lambda: formulas.sigmoid(np.float32([1e-44])),
        lambda: formulas.log_mean_exp(np.array([0.0, -1000.0])),
        lambda: formulas.entropy_floor(np.float64([[1e-320, 1.0]])),
    ],
    ids=["gaussian_kl", "bernoulli_nll", "gelu", "sigmoid", "log_mean_exp", "entropy_floor"],
)
def test_a_reader_who_lets_numpy_raise_sees_no_fault_where_none_is(compute):
    expected = compute()
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(compute(), expected)
