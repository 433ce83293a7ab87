"""Notebook 10's likelihoods and its loss: its cells tagged "define" are executed and tested."""

import json
import re
import types

import keras
import numpy as np
import pytest

from tools.experiments import kinds
from tools.experiments.common import stratified
from tools.publish.definitions import NOTEBOOKS, load_definitions
from vae_lib import data, shipped
from vae_lib.layers import Sampling
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


WIDE = ["binary", "levels", "continuous_bernoulli", "gaussian"]  # trained with more dimensions


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


@pytest.mark.parametrize("shape", [(5, 3), (5, 8, 2), (5, 4, 4, 1)])
def test_gaussian_is_the_one_of_scipy(nb, shape):
    from scipy.stats import norm

    random = np.random.default_rng(0)
    x, mean, raw = random.random(shape), random.random(shape), random.normal(-3, 2, shape)
    each = norm.logpdf(x, mean, np.sqrt(0.1**2 + np.exp(raw)))
    decoded = np.concatenate([mean, raw], axis=-1)
    exact = -each.reshape(5, -1).sum(axis=1)
    np.testing.assert_allclose(nb.gaussian_nll(x, decoded), exact, rtol=1e-5)


def test_gaussian_gradients_are_finite(nb):
    import tensorflow as tf

    decoded = tf.constant([[0.5, 0.0, -200.0, 20.0]])
    with tf.GradientTape() as tape:
        tape.watch(decoded)
        nll = nb.gaussian_nll(tf.constant([[0.5, 1.0]]), decoded)
    assert np.isfinite(tape.gradient(nll, decoded)).all()


def test_categorical_sums_to_one_and_is_the_cross_entropy_of_keras(nb):
    random = np.random.default_rng(0)
    every = np.indices((4, 4, 4)).reshape(3, 64).T.reshape(64, 1, 3, 1).astype(np.float32)
    logits = np.repeat(random.normal(0, 3, (1, 1, 3, 4)), 64, axis=0).astype(np.float32)
    nll = np.asarray(nb.categorical_nll(every, logits), np.float64)
    assert np.exp(-nll).sum() == pytest.approx(1, abs=1e-5)
    theirs = keras.losses.sparse_categorical_crossentropy(every[..., 0], logits, from_logits=True)
    np.testing.assert_allclose(nll, np.asarray(theirs).sum(axis=(1, 2)), rtol=1e-5)


def test_levels_are_whole_and_cover_the_grey_values(nb):
    levels = nb.to_levels(np.arange(256, dtype=np.uint8).reshape(1, 16, 16))
    assert np.array_equal(np.unique(levels), [0, 1, 2, 3])
    assert (np.bincount(levels.astype(int).ravel()) == 64).all()


def test_dequantised_pixels_fill_their_interval(nb):
    images = np.repeat(np.array([0, 128, 255], np.uint8), 784 * 20).reshape(60, 28, 28)
    pixels = nb.dequantise(images)
    assert pixels.shape == (60, 28, 28, 1) and pixels.dtype == np.float32
    for value, part in zip((0, 128, 255), np.split(pixels, 3), strict=True):
        assert (value / 256 <= part).all() and (part <= (value + 1) / 256).all()
        assert part.mean() * 256 == pytest.approx(value + 0.5, abs=0.02)


class Linear(keras.layers.Layer):
    """All inputs side by side, times one fixed matrix: a network that NumPy repeats in a line."""

    def __init__(self, matrix):
        super().__init__()
        self.matrix = matrix

    def call(self, inputs):
        return keras.ops.matmul(keras.ops.concatenate(inputs, axis=-1), self.matrix)


class LinearEncoder(Linear):
    """The same as an encoder: mean, log-variance and a sample."""

    def call(self, inputs):
        z_mean, z_log_var = keras.ops.split(super().call(inputs), 2, axis=-1)
        return z_mean, z_log_var, Sampling(0)(z_mean, z_log_var)


def test_conditional_loss_is_the_brute_force_one(nb):
    """Four pixels, three labels, two latent dimensions; a fine grid stands for the expectation."""
    random = np.random.default_rng(1)
    into = random.normal(0, 0.5, (4 + 3, 4)).astype("float32")
    back = random.normal(0, 1, (2 + 3, 4)).astype("float32")
    vae = nb.ConditionalVAE(LinearEncoder(into), Linear(back), nll=bernoulli_nll)
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


def test_semi_supervised_loss_is_the_weighted_sum_over_labels(nb):
    vae = nb.build_semi_supervised_vae(classifier_weight=3.0)
    random = np.random.default_rng(0)
    bounds = random.normal(50, 5, (2, 10)).astype(np.float32)
    belief = random.dirichlet(np.ones(10), 2).astype(np.float32)
    output = {"log_q": np.log(belief), "negative_elbos": bounds}
    targets = np.stack([nb.one_hot([4])[0], np.zeros(10, np.float32)])
    with_label = bounds[0, 4] - 3 * np.log(belief[0, 4])
    without = (belief[1] * (bounds[1] + np.log(belief[1]))).sum()
    loss = float(vae.compute_loss(y=targets, y_pred=output))
    assert loss == pytest.approx((with_label + without) / 2, rel=1e-5)


def test_label_and_code_reach_the_decoder(nb):
    vae = nb.build_labelled_vae(bernoulli_nll)
    image = np.full((1, 28, 28, 1), 0.5, np.float32)
    first, second = nb.one_hot([3]), nb.one_hot([4])
    assert not np.allclose(vae.encoder([image, first])[0], vae.encoder([image, second])[0])
    code = np.ones((1, 2), np.float32)
    assert not np.allclose(vae.decoder([code, first]), vae.decoder([code, second]))


def test_no_point_of_a_stroke_sees_itself_or_a_later_one(nb):
    vae = nb.build_autoregressive_stroke_vae()
    z = np.zeros((1, nb.STROKE_LATENT_DIM), np.float32)
    x = np.full((1, nb.POINTS, 2), 0.5, np.float32)
    changed = x.copy()
    changed[:, 4] = 0.9
    before = np.asarray(vae.decoder([z, nb.previous_points(x)]))
    after = np.asarray(vae.decoder([z, nb.previous_points(changed)]))
    difference = np.abs(after - before).sum(axis=(0, 2))
    assert before.shape == (1, nb.POINTS, 4)
    assert (difference[:5] == 0).all() and (difference[5:] > 0).all()


@pytest.mark.parametrize("model", ["recurrent", "autoregressive"])
def test_a_recurrent_model_has_the_same_weights_at_every_point(nb, monkeypatch, model):
    """So a model of five points can take the weights of eight, and decodes the first five alike."""
    build = getattr(nb, f"build_{model}_stroke_vae")
    eight = build(0)
    monkeypatch.setitem(build.__globals__, "POINTS", 5)
    five = build(1)
    five.encoder.set_weights(eight.encoder.get_weights())
    five.decoder.set_weights(eight.decoder.get_weights())
    random = np.random.default_rng(0)
    z = random.standard_normal((3, nb.STROKE_LATENT_DIM)).astype(np.float32)
    previous = random.random((3, 8, 2)).astype(np.float32)
    given = model == "autoregressive"
    long = np.asarray(eight.decoder([z, previous] if given else z))
    short = np.asarray(five.decoder([z, previous[:, :5]] if given else z))
    assert short.shape == (3, 5, 4)
    np.testing.assert_allclose(short, long[:, :5], atol=1e-6)


def calls_in_the_text(nb):
    """What the notebook's Markdown passes to ``fit_vae``, as (model, inputs, targets, options).

    Each block of code there that trains is executed, with a ``fit_vae`` that only notes its
    arguments. Names that earlier cells of the notebook set are given.
    """
    calls = []

    def note(vae, inputs, targets, **options):
        calls.append((vae, inputs, targets, options))

    digits = data.load_digits("sklearn").take(30, 10, 10)
    strokes = shipped.load_result("pen-strokes")
    labels = strokes["labels"][: kinds.STROKE_TRAIN]
    few = stratified(labels, kinds.LABELS, 1)
    names = dict(vars(nb))
    names |= {"fit_vae": note, "digits": digits, "strokes": strokes, "seed": 1}
    names["train_binary"] = data.binarize(data.normalize(digits.train.images))
    names["train_labels"] = nb.one_hot(digits.train.labels)
    names |= {"few": few, "others": np.setdiff1d(np.arange(len(labels)), few)}
    names["stroke_labels"] = labels
    for cell in json.loads((NOTEBOOKS / f"{kinds.NOTEBOOK}.ipynb").read_text())["cells"]:
        if cell["cell_type"] == "markdown":
            for block in re.findall(r"```python\n(.*?)```", "".join(cell["source"]), re.S):
                if "fit_vae(" in block:
                    exec(block, names)
    return digits, calls


def same(one, other):
    one, other = (part if isinstance(part, list) else [part] for part in (one, other))
    return len(one) == len(other) and all(map(np.array_equal, one, other))


def test_the_calls_that_the_text_shows_are_those_of_the_shipped_results(nb, monkeypatch):
    """Models, inputs, targets and passes, in the order of the text, which is another in the row."""
    digits, calls = calls_in_the_text(nb)
    makers = kinds.pixel_kinds(nb)
    order = ["binary", "levels", "continuous_bernoulli", "gaussian", "labelled", "unlabelled"]
    wide = {f"{kind}_{width}" for kind in WIDE for width in kinds.WIDTHS}
    assert {*order, "small_sigma", *wide} == set(makers)
    shown = dict(zip(order, calls[:6], strict=True))
    shown |= {"binary_30": calls[-2], "small_sigma": calls[-1]}
    for kind, (vae, inputs, targets, options) in shown.items():
        made, made_inputs, made_targets, _ = makers[kind](digits)
        assert vae.nll is made.nll and type(vae) is type(made), kind
        assert vae.decoder.output.shape == made.decoder.output.shape
        assert vae.latent_dim == made.latent_dim, kind
        assert same(inputs, made_inputs[0]) and same(targets, made_targets[0]), kind
        assert options == {"epochs": kinds.EPOCHS}


def test_the_wide_models_differ_from_the_others_in_their_codes_alone(nb):
    digits = data.load_digits("sklearn").take(30, 10, 10)
    makers = kinds.pixel_kinds(nb)
    for kind in WIDE:
        narrow, *parts = makers[kind](digits)
        for width in kinds.WIDTHS:
            wide, *wide_parts = makers[f"{kind}_{width}"](digits)
            assert (narrow.latent_dim, wide.latent_dim) == (8, width)
            assert narrow.nll is wide.nll
            assert narrow.decoder.output.shape == wide.decoder.output.shape
            assert same(parts[0][0], wide_parts[0][0]) and same(parts[1][0], wide_parts[1][0])


def test_the_number_of_dimensions_is_chosen_on_images_that_are_not_reported(nb):
    digits = data.load_digits("sklearn").take(30, 10, 20)
    train, test, validation = kinds.splits(digits)
    assert train is digits.train and test is digits.test and validation is digits.validation
    _, inputs, _, _ = kinds.pixel_kinds(nb)["levels"](digits)
    assert [len(part) for part in inputs] == [30, 20, 10]
    metrics = shipped.load_result("kinds-of-pixels")["metrics"]
    for kind in WIDE:
        for name in (kind, *(f"{kind}_{width}" for width in kinds.WIDTHS)):
            for method in ("codes", "pca"):
                assert 0.5 < metrics[f"{name}_accuracy_{method}_validation"] <= 1


def test_pixel_shares_of_each_label_are_a_distribution_and_exact(nb):
    """Over all images of three pixels, the probabilities given a label sum to one."""
    random = np.random.default_rng(0)
    images = random.integers(0, 2, (40, 3)).astype(np.float32)
    labels = np.arange(40) % 10
    shares = nb.pixel_shares(images, labels)
    assert shares.shape == (10, 3)
    assert shares[4] == pytest.approx((images[labels == 4].sum(axis=0) + 1) / 6)
    nats = nb.nats_given_label(every_image(3), shares)
    assert np.exp(-nats).sum(axis=0) == pytest.approx(np.ones(10), abs=1e-6)
    logits = np.log(shares[4] / (1 - shares[4]))
    expected = bernoulli_nll(every_image(3), np.tile(np.float32(logits), (8, 1)))
    assert nats[:, 4] == pytest.approx(np.asarray(expected), abs=1e-5)


def test_each_method_sees_a_labelled_stroke_as_often_as_the_card_says(nb):
    counts = kinds.count_presentations(nb)
    chosen = np.arange(kinds.LABELS)
    order, _ = kinds.mix_labelled(nb, np.zeros(kinds.STROKE_TRAIN, int), chosen)
    of_first, of_last = np.sum(order == 0), np.sum(order == kinds.STROKE_TRAIN - 1)
    steps = kinds.EPOCHS * int(np.ceil(len(order) / nb.BATCH_SIZE))
    assert counts["semi_supervised"] == {
        "labelled": kinds.EPOCHS * of_first,
        "unlabelled": kinds.EPOCHS * of_last,
        "steps": steps,
    }
    often = counts["classifier_as_often"]
    assert often["labelled"] == counts["semi_supervised"]["labelled"]
    assert often["steps"] == counts["classifier_alone"]["steps"]
    assert shipped.load_result("semi-supervised-strokes")["presentations"] == counts


def test_the_calls_for_strokes_are_those_of_the_shipped_results_too(nb):
    _, calls = calls_in_the_text(nb)
    x, labels = kinds.load_strokes(nb)
    dense, recurrent, autoregressive, semi_supervised = calls[6:10]
    for _, inputs, targets, options in (dense, recurrent):
        assert same(inputs, x[0]) and same(targets, x[0])
        assert options == {"epochs": kinds.STROKE_EPOCHS, "seed": 1}
    has_state = [any("rnn" in layer.name for layer in c[0].decoder.layers) for c in calls[6:9]]
    assert has_state == [False, True, True]
    _, inputs, targets, options = autoregressive
    assert same(inputs, [x[0], nb.previous_points(x[0])]) and same(targets, x[0])
    assert options == {"epochs": kinds.STROKE_EPOCHS, "seed": 1}

    vae, inputs, targets, options = semi_supervised
    chosen = stratified(labels[0], kinds.LABELS, 1)
    order, made_targets = kinds.mix_labelled(nb, labels[0], chosen)
    assert type(vae) is nb.SemiSupervisedVAE and options == {"epochs": kinds.EPOCHS, "seed": 1}
    assert same(inputs, x[0][order]) and same(targets, made_targets)
