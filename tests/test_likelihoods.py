"""Notebook 10's likelihoods and its loss: its cells tagged "define" are executed and tested."""

import types

import keras
import numpy as np
import pytest

from tests.definitions import load_definitions
from vae_lib.losses import bernoulli_nll

LOGITS = [
    -40.0,
    -3.0,
    -0.51,
    -0.49,
    -1e-3,
    0.0,
    1e-6,
    0.3,
    0.5,
    2.0,
    15.0,
]  # at, near and far from 1/2


@pytest.fixture(scope="module")
def nb():
    return types.SimpleNamespace(**load_definitions("10_kinds_of_data"))


def every_image(pixels):
    """All 2**pixels black-and-white images, float32 ``(2**pixels, pixels)``."""
    return (np.arange(2**pixels)[:, None] >> np.arange(pixels) & 1).astype(np.float32)


def integrate(nll, grid, decoded):
    """Area under exp(-nll) of one pixel that takes every value of ``grid``."""
    return np.trapezoid(
        np.exp(-np.asarray(nll(grid[:, None], np.tile(decoded, (len(grid), 1))), np.float64)), grid
    )


@pytest.mark.parametrize("logits", [[0.0, 0.0, 0.0], [-3.0, 0.5, 8.0, -20.0]])
def test_bernoulli_sums_to_one_over_all_images(logits):
    images = every_image(len(logits))
    nll = bernoulli_nll(images, np.tile(np.float32(logits), (len(images), 1)))
    assert np.exp(-np.asarray(nll, np.float64)).sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("shape", [(4, 784), (4, 28, 28), (4, 28, 28, 1)])
def test_bernoulli_sums_whatever_stands_behind_the_batch(shape):
    random = np.random.default_rng(0)
    images, logits = random.integers(0, 2, (4, 784)).astype(float), random.normal(size=(4, 784))
    nll = np.asarray(bernoulli_nll(images.reshape(shape), logits.reshape(shape)))
    np.testing.assert_allclose(nll, np.asarray(bernoulli_nll(images, logits)), rtol=1e-6)


@pytest.mark.parametrize("logit", LOGITS)
def test_continuous_bernoulli_integrates_to_one(nb, logit):
    grid = np.linspace(0, 1, 20_001)
    assert integrate(nb.continuous_bernoulli_nll, grid, [logit]) == pytest.approx(1, abs=1e-4)


def test_the_bernoulli_formula_alone_does_not():
    assert integrate(bernoulli_nll, np.linspace(0, 1, 2_001), [0.0]) == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("logit", LOGITS)
def test_continuous_bernoulli_has_the_mean_that_is_drawn(nb, logit):
    grid = np.linspace(0, 1, 20_001)
    nll = nb.continuous_bernoulli_nll(grid[:, None], np.full((len(grid), 1), logit))
    mean = np.trapezoid(grid * np.exp(-np.asarray(nll, np.float64)), grid)
    assert float(nb.continuous_bernoulli_mean([[logit]])[0, 0]) == pytest.approx(mean, abs=1e-4)


def test_log_normalizer_is_the_published_formula(nb):
    logits = np.array([-9.0, -2.0, -0.6, -0.1, 0.1, 0.6, 2.0, 9.0])
    odds = 1 / (1 + np.exp(-logits))
    published = np.log(2 * np.arctanh(1 - 2 * odds) / (1 - 2 * odds))
    np.testing.assert_allclose(nb.log_normalizer(logits), published, atol=1e-6)
    assert float(nb.log_normalizer(np.zeros(1))[0]) == pytest.approx(np.log(2))


@pytest.mark.parametrize("logit", [*LOGITS, -1e4, 1e4])
def test_its_gradient_is_finite_and_right_on_both_branches(nb, logit):
    import tensorflow as tf

    logits = tf.constant([logit], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = nb.log_normalizer(logits)
    slope = float(tape.gradient(value, logits)[0])
    h = abs(logit) / 2
    exact = (
        np.sign(logit) * (1 / abs(logit) - (1 / np.sinh(2 * h) if h < 300 else 0))
        if abs(logit) > 1e-2
        else logit / 6
    )
    assert slope == pytest.approx(exact, abs=1e-5)


@pytest.mark.parametrize(
    ("mean", "raw", "floor"),
    [(0.0, -20.0, 0.1), (0.5, -3.0, 0.1), (0.9, 1.0, 0.1), (0.2, -9.0, 0.01)],
)
def test_gaussian_integrates_to_one(nb, mean, raw, floor):
    spread = np.sqrt(floor**2 + np.exp(raw))
    grid = mean + spread * np.linspace(-9, 9, 20_001)
    area = integrate(lambda x, decoded: nb.gaussian_nll(x, decoded, floor), grid, [mean, raw])
    assert area == pytest.approx(1, abs=1e-4)


def test_gaussian_is_the_one_of_scipy_and_never_narrower_than_its_floor(nb):
    from scipy.stats import norm

    random = np.random.default_rng(0)
    x, mean, raw = random.random((5, 3)), random.random((5, 3)), random.normal(-3, 2, (5, 3))
    exact = -norm.logpdf(x, mean, np.sqrt(0.1**2 + np.exp(raw))).sum(axis=1)
    np.testing.assert_allclose(nb.gaussian_nll(x, np.hstack([mean, raw])), exact, rtol=1e-5)
    surest = nb.gaussian_nll(
        np.zeros((1, 784)), np.hstack([np.zeros((1, 784)), np.full((1, 784), -1e4)])
    )
    assert float(surest[0]) == pytest.approx(-784 * norm.logpdf(0, scale=0.1), rel=1e-5)


def test_gaussian_gradients_are_finite(nb):
    import tensorflow as tf

    decoded = tf.constant([[0.5, 0.0, -200.0, 20.0]])
    with tf.GradientTape() as tape:
        tape.watch(decoded)
        nll = nb.gaussian_nll(tf.constant([[0.5, 1.0]]), decoded)
    assert np.isfinite(tape.gradient(nll, decoded)).all()


def test_dequantised_pixels_fill_their_interval(nb):
    images = np.repeat(np.array([0, 128, 255], np.uint8), 784 * 20).reshape(60, 28, 28)
    pixels = nb.dequantise(images)
    assert pixels.shape == (60, 784) and pixels.dtype == np.float32
    for value, part in zip((0, 128, 255), np.split(pixels, 3)):
        assert (value / 256 <= part).all() and (part <= (value + 1) / 256).all()
        assert part.mean() * 256 == pytest.approx(value + 0.5, abs=0.02)


class Linear(keras.layers.Layer):
    """All inputs side by side, times one fixed matrix: a network that NumPy repeats in a line."""

    def __init__(self, matrix):
        super().__init__()
        self.matrix = matrix

    def call(self, inputs):
        return keras.ops.matmul(keras.ops.concatenate(inputs, axis=-1), self.matrix)


def test_conditional_loss_is_the_brute_force_one(nb):
    """Four pixels, three labels, two latent dimensions; a fine grid stands for the expectation."""
    random = np.random.default_rng(1)
    into, back = (
        random.normal(0, 0.5, (4 + 3, 4)).astype("float32"),
        random.normal(0, 1, (2 + 3, 4)).astype("float32"),
    )
    vae = nb.KindVAE(Linear(into), Linear(back), bernoulli_nll)
    image, label = np.float32([[1, 0, 1, 1]]), np.float32([[0, 1, 0]])

    mean, log_var = np.split(np.hstack([image, label])[0].astype(float) @ into, 2)
    ticks = np.linspace(-7, 7, 281)
    noise = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    q = np.exp(-0.5 * (noise**2).sum(axis=1)) / (2 * np.pi) * (ticks[1] - ticks[0]) ** 2
    z = mean + np.exp(log_var / 2) * noise
    ink = 1 / (1 + np.exp(-(np.hstack([z, np.tile(label, (len(z), 1))]) @ back)))
    log_p_x = np.log(np.where(image > 0, ink, 1 - ink)).sum(axis=1)
    log_p_z = -0.5 * (z**2).sum(axis=1)
    log_q_z = -0.5 * (noise**2).sum(axis=1) - 0.5 * log_var.sum()
    exact = (q * (log_q_z - log_p_z - log_p_x)).sum()

    copies = 40_000
    images, labels = np.tile(image, (copies, 1)), np.tile(label, (copies, 1))
    loss = float(vae.compute_loss(y=images, y_pred=vae([images, labels])))
    assert exact > 1 and loss == pytest.approx(exact, abs=6 * log_p_x.std() / np.sqrt(copies))


def test_the_label_reaches_encoder_and_decoder(nb):
    encoder, decoder = nb.build_dense([5, 10], (6,), 4), nb.build_dense([2, 10], (6,), 5)
    first, second = nb.one_hot([3]), nb.one_hot([4])
    assert not np.allclose(encoder([np.ones((1, 5)), first]), encoder([np.ones((1, 5)), second]))
    assert not np.allclose(decoder([np.ones((1, 2)), first]), decoder([np.ones((1, 2)), second]))


def test_a_fixed_label_is_a_row_in_the_bias(nb):
    decoder = nb.build_dense([2, 10], (6, 7), 5)
    for layer in decoder.layers:
        layer.set_weights(
            [np.random.default_rng(2).normal(size=weight.shape) for weight in layer.get_weights()]
        )
    z = np.random.default_rng(3).normal(size=(8, 2)).astype(np.float32)
    for label in range(10):
        in_keras = decoder([z, nb.one_hot(np.full(8, label))])
        np.testing.assert_allclose(nb.fix_label(decoder, label)(z), in_keras, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("told", [0, 1])
def test_no_row_sees_a_later_one(nb, told):
    _, decoder = nb.build_recurrent(told=told, units=16)
    z, rows = np.zeros((1, nb.LATENT_DIM), np.float32), np.zeros((1, 28, 28), np.float32)
    given = [rows] * told
    before = np.asarray(decoder([z, *given]))
    assert before.shape == (1, 28, 28)
    if told:
        changed = rows.copy()
        changed[:, 9] = 0.1
        difference = np.abs(np.asarray(decoder([z, changed])) - before).sum(axis=(0, 2))
        assert (difference[:9] == 0).all() and (difference[9:] > 0).all()


PIXELS = np.full((3, 4), 0.5, np.float32)
HOLED = np.where(np.eye(3, 4) > 0, np.nan, PIXELS).astype(np.float32)


@pytest.mark.parametrize(
    ("call", "fault", "words"),
    [
        (
            lambda nb: nb.gaussian_nll(PIXELS, PIXELS),
            ValueError,
            "two numbers a pixel: (3, 4) pixels, (3, 4) decoded",
        ),
        (
            lambda nb: nb.gaussian_nll(PIXELS[0], np.hstack([PIXELS[0]] * 2)),
            ValueError,
            "(4,) pixels, (8,) decoded",
        ),
        (
            lambda nb: nb.gaussian_nll(HOLED, np.hstack([PIXELS] * 2)),
            ValueError,
            "x holds NaN: is there a division",
        ),
        (
            lambda nb: nb.gaussian_nll(PIXELS, np.hstack([PIXELS, HOLED])),
            ValueError,
            "decoded holds NaN",
        ),
        (
            lambda nb: nb.gaussian_nll(PIXELS, np.hstack([PIXELS] * 2), 0.0),
            ValueError,
            "floor must be above 0",
        ),
        (
            lambda nb: nb.continuous_bernoulli_nll(PIXELS, PIXELS[:2]),
            ValueError,
            "received (3, 4) and (2, 4)",
        ),
        (
            lambda nb: nb.continuous_bernoulli_nll(PIXELS + 1, PIXELS),
            ValueError,
            "images must lie in [0, 1]",
        ),
        (lambda nb: nb.continuous_bernoulli_nll(PIXELS, HOLED), ValueError, "logits holds 3 NaN"),
        (lambda nb: nb.continuous_bernoulli_nll(HOLED, PIXELS), ValueError, "images holds 3 NaN"),
        (lambda nb: bernoulli_nll(PIXELS, PIXELS[:, :3]), ValueError, "received (3, 4) and (3, 3)"),
        (lambda nb: bernoulli_nll(PIXELS, HOLED), ValueError, "logits holds 3 NaN"),
        (lambda nb: nb.dequantise(PIXELS), TypeError, "Raw images are uint8, received float32"),
        (
            lambda nb: nb.one_hot([0, 10]),
            ValueError,
            "Labels are whole numbers 0 to 9, shape (n,), received",
        ),
        (lambda nb: nb.one_hot([-1]), ValueError, "Labels are whole numbers 0 to 9"),
        (lambda nb: nb.one_hot([[1, 2]]), ValueError, "received int64 (1, 2)"),
        (lambda nb: nb.one_hot([1.5]), ValueError, "received float64 (1,)"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(nb, refused, call, fault, words):
    with refused(fault, words):
        call(nb)


def test_images_outside_a_list_are_refused(nb):
    with pytest.raises(
        TypeError, match=r"inputs is a list, \[images\] or \[images, labels\], received"
    ):
        nb.KindVAE(None, None, None)(PIXELS)
