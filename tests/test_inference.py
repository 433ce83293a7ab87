"""The VAE in NumPy: equal to Keras, free of TensorFlow, and particular about its weights."""

import re
from importlib import resources

import keras
import numpy as np
import pytest

from vae_lib import data, evaluation, inference, losses


@pytest.fixture(scope="session")
def numpy_vae(vae):
    return inference.NumpyVAE.from_keras(vae)


@pytest.fixture
def weights(numpy_vae):
    return dict(numpy_vae.weights)


@pytest.fixture(scope="session")
def shipped():
    return inference.load_pretrained("mnist-2d")


@pytest.fixture(scope="session")
def card():
    return inference.load_card("mnist-2d")


def test_encoding_is_that_of_keras(vae, numpy_vae, images):
    for ours, theirs in zip(numpy_vae.encode(images), vae.encode(images), strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)


def test_decoding_is_that_of_keras(vae, numpy_vae):
    z = np.random.default_rng(0).normal(0, 2, (50, 2))
    np.testing.assert_allclose(numpy_vae.decode(z), vae.decode(z), rtol=0, atol=1e-4)
    np.testing.assert_allclose(
        numpy_vae.decode_logits(z), vae.decode_logits(z), rtol=1e-4, atol=1e-4
    )


def test_sampling_is_that_of_keras(vae, numpy_vae):
    np.testing.assert_allclose(
        numpy_vae.sample(5, seed=2), vae.sample(5, seed=2), rtol=0, atol=1e-4
    )
    assert not np.allclose(numpy_vae.sample(5, seed=2), numpy_vae.sample(5, seed=3))


def test_nats_are_those_of_the_losses(vae, numpy_vae, images):
    z_mean, z_log_var = vae.encode(images)
    noise = np.random.default_rng(4).standard_normal(z_mean.shape, np.float32)
    logits = vae.decode_logits(z_mean + np.exp(z_log_var / 2) * noise)
    reconstruction, kl = numpy_vae.elbo_terms(images, seed=4)
    np.testing.assert_allclose(reconstruction, losses.bernoulli_nll(images, logits), rtol=1e-4)
    np.testing.assert_allclose(kl, losses.gaussian_kl(z_mean, z_log_var), rtol=1e-4)


def test_nats_add_up_to_the_evaluated_negative_elbo(numpy_vae, images):
    score = evaluation.estimate_negative_elbo(numpy_vae, images, seed=4)
    np.testing.assert_allclose(sum(numpy_vae.elbo_terms(images, seed=4)), score.values, rtol=1e-5)


def test_far_codes_decode_without_a_warning(numpy_vae):
    with np.errstate(all="raise", under="ignore"):
        decoded = numpy_vae.decode([[1e4, -1e4]])
    assert np.isfinite(decoded).all()
    assert 0 <= decoded.min() <= decoded.max() <= 1


@pytest.mark.parametrize("n", [0, 1, 7])
def test_any_number_of_images_will_do(numpy_vae, images, n):
    z_mean, z_log_var = numpy_vae.encode(images[:n])
    assert z_mean.shape == z_log_var.shape == (n, 2)
    assert numpy_vae.decode(z_mean).shape == (n, 28, 28, 1)


def test_neither_tensorflow_nor_keras_is_loaded(start_python):
    code = """
import sys
from vae_lib import data, inference, plots

print([name for name in ("tensorflow", "keras", "torch", "sklearn") if name in sys.modules])
"""
    out, err = start_python(code).communicate(timeout=60)
    assert out == "[]\n", err


@pytest.mark.parametrize(
    ("spoil", "fault", "words"),
    [
        (lambda images: (images * 255).astype(np.uint8), TypeError, "received uint8: call data.normalize first"),
        (lambda images: images * 2, ValueError, "must lie in [0, 1], received 0 to 2"),
        (lambda images: images[..., 0], ValueError, "(n, 28, 28, 1), received (40, 28, 28)"),
        (lambda images: images * np.nan, ValueError, "must lie in [0, 1], received NaN"),
    ],
)  # fmt: skip
def test_encode_and_elbo_terms_refuse_what_is_no_image(
    refused, numpy_vae, images, spoil, fault, words
):
    for method in (numpy_vae.encode, numpy_vae.elbo_terms):
        with refused(fault, words):
            method(spoil(images))


@pytest.mark.parametrize("z", [np.zeros((4, 3)), np.zeros(2), [[np.nan, 0.0]]])
def test_decode_refuses_what_is_no_code(numpy_vae, z):
    with pytest.raises(ValueError, match=r"Codes (have shape \(n, 2\)|must be finite), received"):
        numpy_vae.decode(z)


@pytest.mark.parametrize("part", ["encoder", "decoder", "z_mean", "z_log_var"])
def test_missing_weights_are_named(weights, part):
    left = {name: array for name, array in weights.items() if not name.startswith(part)}
    with pytest.raises(ValueError, match=f"weights {part}_0_kernel are missing: load another file"):
        inference.NumpyVAE(left)


def test_a_missing_bias_is_refused(weights):
    del weights["decoder_1_bias"]
    with pytest.raises(ValueError, match="weights decoder_1_bias are missing: load another file"):
        inference.NumpyVAE(weights)


def test_weights_that_are_not_finite_are_refused(weights):
    weights["encoder_1_kernel"] = weights["encoder_1_kernel"] * np.nan
    with pytest.raises(
        ValueError, match="weights encoder_1_kernel are not finite: load another file"
    ):
        inference.NumpyVAE(weights)


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("encoder_0_kernel", np.s_[:-1]), ("encoder_1_kernel", np.s_[:, 1:]), ("decoder_2_kernel", np.s_[:, 1:]),
        ("decoder_0_bias", np.s_[1:]), ("z_mean_0_kernel", np.s_[:, :1]), ("z_mean_0_kernel", np.s_[:, 0]),
    ],
    ids=str,
)  # fmt: skip
def test_weights_that_do_not_fit_are_refused(weights, name, cut):
    weights[name] = weights[name][cut]
    with pytest.raises(ValueError, match="These weights do not fit together"):
        inference.NumpyVAE(weights)


def test_heads_of_unequal_width_are_refused(weights):
    weights["z_log_var_0_kernel"], weights["z_log_var_0_bias"] = np.zeros((32, 3)), np.zeros(3)
    with pytest.raises(ValueError, match="These weights do not fit together"):
        inference.NumpyVAE(weights)


def test_a_decoder_that_ends_in_other_pixels_is_refused(weights):
    weights["decoder_2_kernel"], weights["decoder_2_bias"] = np.zeros((64, 100)), np.zeros(100)
    with pytest.raises(
        ValueError, match=r"take all arrays from one model for \(28, 28, 1\) images"
    ):
        inference.NumpyVAE(weights)


def test_from_keras_refuses_layers_that_are_not_dense(vae):
    image = keras.Input((28, 28, 1))
    hidden = keras.layers.Flatten()(keras.layers.Normalization(mean=0.0, variance=1.0)(image))
    hidden = keras.layers.BatchNormalization()(hidden)
    heads = [keras.layers.Dense(2, name=name)(hidden) for name in ("z_mean", "z_log_var")]

    class Other:
        encoder, decoder = keras.Model(image, heads), vae.decoder

    with pytest.raises(
        ValueError, match=r"copies dense layers alone, received .* a BatchNormalization"
    ):
        inference.NumpyVAE.from_keras(Other())


MODELS, RESULTS = (
    {"mnist-20d", "mnist-20d-warped", "mnist-2d", "mnist-by-class"},
    {"few-labels", "dimensions", "price", "by-class-few-labels"},
)


@pytest.mark.parametrize(
    ("load", "there", "not_there"),
    [("pretrained", MODELS, RESULTS), ("card", MODELS | RESULTS, ())],
)
def test_an_unknown_name_is_answered_with_the_names_there_are(load, there, not_there):
    with pytest.raises(
        ValueError, match="No model called 'mnist-3d' is shipped; choose from"
    ) as refusal:
        getattr(inference, f"load_{load}")("mnist-3d")
    named = set(re.findall(r"'([^']+)'", str(refusal.value)))
    assert named >= there and not named & set(not_there)


def test_the_shipped_model_decodes(shipped):
    decoded = shipped.decode(np.zeros((3, 2)))
    assert decoded.shape == (3, 28, 28, 1)
    assert 0 <= decoded.min() < 0.5 < decoded.max() <= 1


def test_the_shipped_file_is_small():
    with resources.as_file(resources.files("vae_lib") / "pretrained" / "mnist-2d.npz") as path:
        assert path.stat().st_size < 4_000_000


def test_the_card_says_how_the_shipped_model_was_made(card):
    assert {"data", "settings", "seed", "seconds", "machine", "metrics", "licence"} <= set(card)
    assert all(card[name] not in (None, "", {}) for name in card)


def test_the_shipped_model_keeps_its_promise(card):
    assert card["metrics"]["test"]["negative_elbo"] <= 133
    assert card["metrics"]["test"]["knn_accuracy"] >= 0.86


def test_the_card_tells_the_negative_elbo_of_the_test_set(shipped, card, mnist):
    score = evaluation.estimate_negative_elbo(shipped, data.normalize(mnist.test.images))
    assert score.mean == pytest.approx(card["metrics"]["test"]["negative_elbo"], abs=0.05)


def test_the_card_tells_the_knn_accuracy_of_the_test_codes(shipped, card, mnist):
    voters, _ = shipped.encode(data.normalize(mnist.train.images))
    codes, _ = shipped.encode(data.normalize(mnist.test.images))
    accuracy = evaluation.knn_accuracy(voters, mnist.train.labels, codes, mnist.test.labels)
    assert accuracy == pytest.approx(card["metrics"]["test"]["knn_accuracy"], abs=0.005)


def test_a_label_adds_its_row_of_weights_to_the_first_biases(vae, images):
    plain = inference.NumpyVAE.from_keras(vae).weights
    random = np.random.default_rng(0)
    rows = {
        part: random.normal(size=(10, plain[f"{part}_kernel"].shape[1]))
        for part in ("encoder_0", "decoder_0")
    }
    told = plain | {
        f"{part}_kernel": np.concatenate([plain[f"{part}_kernel"], more])
        for part, more in rows.items()
    }
    model = inference.NumpyVAE(told, label=3)
    np.testing.assert_array_equal(model.weights["encoder_0_kernel"], plain["encoder_0_kernel"])
    np.testing.assert_allclose(
        model.weights["decoder_0_bias"], plain["decoder_0_bias"] + rows["decoder_0"][3], rtol=1e-6
    )
    untold = inference.NumpyVAE(
        told | {f"{part}_kernel": told[f"{part}_kernel"] * 1 for part in rows}, label=4
    )
    assert not np.allclose(model.encode(images)[0], untold.encode(images)[0])
