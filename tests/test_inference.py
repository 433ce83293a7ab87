"""The VAE in NumPy: equal to Keras, free of TensorFlow, and particular about its weights."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from vae_lib import evaluation, formulas, inference, layers, losses, shipped


@pytest.fixture(scope="session")
def numpy_vae(vae):
    return inference.NumpyVAE.from_keras(vae)


@pytest.fixture
def weights(numpy_vae):
    return dict(numpy_vae.weights)


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


def test_without_a_seed_the_mean_code_is_decoded(vae, numpy_vae, images):
    z_mean, _ = vae.encode(images)
    reconstruction, kl = numpy_vae.elbo_terms(images, seed=None)
    expected = losses.bernoulli_nll(images, vae.decode_logits(z_mean))
    np.testing.assert_allclose(reconstruction, expected, rtol=1e-4)
    np.testing.assert_array_equal(kl, numpy_vae.elbo_terms(images, seed=4)[1])


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


def test_the_networks_see_a_bounded_number_of_images_at_a_time(numpy_vae, images, monkeypatch):
    z_mean, z_log_var = numpy_vae.encode(images)
    terms = numpy_vae.elbo_terms(images, seed=1)
    decoded = numpy_vae.decode(z_mean)
    sizes = []

    def recording_gelu(x):
        sizes.append(len(x))
        return formulas.gelu(x)

    monkeypatch.setattr(inference, "gelu", recording_gelu)
    monkeypatch.setattr(inference, "BATCH", 7)
    np.testing.assert_allclose(numpy_vae.encode(images), [z_mean, z_log_var], atol=1e-5)
    np.testing.assert_allclose(numpy_vae.elbo_terms(images, seed=1), terms, rtol=1e-5)
    np.testing.assert_allclose(numpy_vae.decode(z_mean), decoded, atol=1e-6)
    assert max(sizes) == 7


def test_neither_tensorflow_nor_keras_is_loaded(start_python):
    code = """
import sys
from vae_lib import data, evaluation, inference, plots

print([name for name in ("tensorflow", "keras", "sklearn") if name in sys.modules])
"""
    out, err = start_python(code).communicate(timeout=60)
    assert out == "[]\n", err


@pytest.mark.parametrize(
    ("spoil", "fault", "words"),
    [
        (
            lambda images: (images * 255).astype(np.uint8),
            TypeError,
            "received uint8: call data.normalize first",
        ),
        (lambda images: images * 2, ValueError, "must lie in [0, 1], received 0 to 2"),
        (lambda images: images[..., 0], ValueError, "(n, 28, 28, 1), received (40, 28, 28)"),
        (lambda images: images * np.nan, ValueError, "must lie in [0, 1], received NaN"),
    ],
)
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
        ("encoder_0_kernel", np.s_[:-1]),
        ("encoder_1_kernel", np.s_[:, 1:]),
        ("decoder_2_kernel", np.s_[:, 1:]),
        ("decoder_0_bias", np.s_[1:]),
        ("z_mean_0_kernel", np.s_[:, :1]),
        ("z_mean_0_kernel", np.s_[:, 0]),
    ],
    ids=str,
)
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


def encoder_of(*middle, **head):
    """An encoder with these layers between image and heads."""
    image = keras.Input((28, 28, 1))
    hidden = keras.layers.Flatten()(image)
    for layer in middle:
        hidden = layer(hidden)
    heads = [keras.layers.Dense(2, name=name, **head)(hidden) for name in ("z_mean", "z_log_var")]
    return keras.Model(image, heads)


def decoder_of(**last):
    code = keras.Input((2,))
    hidden = keras.layers.Dense(8, layers.gelu)(code)
    return keras.Model(
        code, keras.layers.Reshape((28, 28, 1))(keras.layers.Dense(784, **last)(hidden))
    )


def from_networks(encoder, decoder):
    return inference.NumpyVAE.from_keras(SimpleNamespace(encoder=encoder, decoder=decoder))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: keras.layers.BatchNormalization(), "of the kind BatchNormalization"),
        (lambda: keras.layers.Rescaling(0.5), "of the kind Rescaling"),
        (lambda: keras.layers.ReLU(), "of the kind ReLU"),
        (lambda: keras.layers.Activation("tanh"), "of the kind Activation"),
        (lambda: keras.layers.Dense(8, "relu"), "received the activation relu"),
        (lambda: keras.layers.Dense(8, "gelu"), "received the activation gelu"),  # the exact one
        (lambda: keras.layers.Dense(8), "received the activation linear"),
        (lambda: keras.layers.Dense(8, keras.layers.LeakyReLU()), "the activation LeakyReLU"),
        (lambda: keras.layers.Dense(8, layers.gelu, use_bias=False), "use_bias=True"),
    ],
)
def test_from_keras_refuses_what_it_does_not_compute(make, words, refused):
    with refused(ValueError, words, "NumpyVAE"):
        from_networks(encoder_of(make()), decoder_of())


def test_from_keras_refuses_activations_where_none_belong(refused):
    with refused(ValueError, "NumpyVAE computes no activation, received the activation sigmoid"):
        from_networks(encoder_of(), decoder_of(activation="sigmoid"))
    with refused(ValueError, "received the activation tanh in the layer z_mean"):
        from_networks(encoder_of(activation="tanh"), decoder_of())


def test_from_keras_takes_any_spelling_of_the_activation_and_what_changes_nothing(images):
    def tanh_gelu(x):
        return keras.ops.gelu(x, approximate=True)

    encoder = encoder_of(keras.layers.Dropout(0.5), keras.layers.Dense(8, tanh_gelu))
    decoder = decoder_of(activation="linear")
    model = from_networks(encoder, decoder)
    for ours, theirs in zip(model.encode(images), encoder(images), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)


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


@pytest.mark.parametrize("label", [-1, 10])
def test_a_label_that_is_no_digit_is_refused(label):
    with pytest.raises(ValueError, match=f"a digit from 0 to 9, received {label}"):
        shipped.load_pretrained("mnist-by-class", label)


def test_class_conditional_weights_ask_for_their_label():
    with pytest.raises(ValueError, match="name the label if it is a class-conditional one"):
        shipped.load_pretrained("mnist-by-class")


@pytest.mark.parametrize("label", [np.uint8(3), np.int64(3), np.array(3)])
def test_a_label_may_be_numpys(label):
    model = shipped.load_pretrained("mnist-by-class", label)
    z = np.zeros((1, model.latent_dim))
    same = shipped.load_pretrained("mnist-by-class", 3).decode(z)
    np.testing.assert_array_equal(model.decode(z), same)


@pytest.mark.parametrize("label", [3.0, "3", -1, 10])
def test_what_is_no_digit_is_no_label(refused, label):
    with refused(ValueError, f"label must be a digit from 0 to 9, received {label}."):
        shipped.load_pretrained("mnist-by-class", label)
