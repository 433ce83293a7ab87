"""Encoder, decoder and VAE: shapes, weights, printed terms, files, and bad input."""

import keras
import numpy as np
import pytest
from keras import ops

from vae_lib import data, losses, models, settings


@keras.saving.register_keras_serializable(package="tests")
def squared_error(images, decoded):
    """A likelihood of our own: Gaussian pixels of standard deviation 1, without the constant."""
    return 0.5 * ops.sum(ops.square(images - decoded), axis=(1, 2, 3))


@pytest.fixture
def small():
    return models.build_vae(hidden_units=(16, 8))


def dense_widths(model):
    return [layer.units for layer in model.layers if layer.name.startswith("hidden")]


def same_weights(a, b):
    return all(np.array_equal(x, y) for x, y in zip(a.get_weights(), b.get_weights(), strict=True))


def add_up(logs):
    return logs["loss"] == pytest.approx(logs["reconstruction"] + logs["kl"], rel=1e-5)


def test_encoder_gives_two_heads_and_a_sample():
    encoder = models.build_encoder(latent_dim=3, hidden_units=(8,))
    assert [output.shape for output in encoder.outputs] == [(None, 3)] * 3
    assert [layer.name for layer in encoder.layers[-3:]] == ["z_mean", "z_log_var", "z"]


def test_decoder_gives_one_logit_a_pixel():
    assert models.build_decoder(latent_dim=3, hidden_units=(8,)).output.shape == (
        None,
        *settings.IMAGE_SHAPE,
    )


def test_decoder_mirrors_the_encoder():
    assert dense_widths(models.build_encoder(hidden_units=(16, 8))) == [16, 8]
    assert dense_widths(models.build_decoder(hidden_units=(16, 8))) == [8, 16]


def test_builders_default_to_the_settings():
    encoder, decoder = models.build_encoder(), models.build_decoder()
    assert (
        tuple(dense_widths(encoder)) == settings.HIDDEN_UNITS == tuple(dense_widths(decoder)[::-1])
    )
    assert decoder.input.shape == (None, settings.LATENT_DIM)


def test_logits_are_not_squashed(vae):
    logits = vae.decode_logits(np.zeros((1, 2), np.float32))
    assert logits.min() < 0
    np.testing.assert_allclose(vae.decode(np.zeros((1, 2))), 1 / (1 + np.exp(-logits)), atol=1e-6)


def test_same_arguments_make_the_same_weights(small):
    assert same_weights(small, models.build_vae(hidden_units=(16, 8)))


def test_another_seed_makes_other_weights(small):
    assert not same_weights(small, models.build_vae(hidden_units=(16, 8), seed=1))


def test_no_two_layers_start_from_one_draw():
    kernels = [
        w
        for w in models.build_vae(latent_dim=6, hidden_units=(6, 6)).get_weights()
        if w.shape == (6, 6)
    ]
    assert len(kernels) == 5
    assert len({kernel.tobytes() for kernel in kernels}) == 5


@pytest.mark.parametrize("widths", [(0,), (2.5,), ("8",), (-1, 8)])
def test_widths_that_are_no_counts_are_refused(widths):
    for build in (models.build_encoder, models.build_decoder, models.build_vae):
        with pytest.raises(ValueError, match="whole numbers of at least 1, received"):
            build(hidden_units=widths)


def test_a_code_without_numbers_is_refused():
    with pytest.raises(ValueError, match=r"whole numbers of at least 1, received \(0, 8\)"):
        models.build_vae(latent_dim=0, hidden_units=(8,))


def test_calling_the_model_returns_its_parts(small, images):
    parts = small(images)
    assert {name: tuple(part.shape) for name, part in parts.items()} == {
        "z_mean": (40, 2),
        "z_log_var": (40, 2),
        "z": (40, 2),
        "logits": (40, 28, 28, 1),
    }


def test_loss_is_the_mean_negative_elbo_of_the_targets(small, images):
    seen, target = images * 0.5, images
    parts = small(seen)
    expected = losses.negative_elbo(target, parts["logits"], parts["z_mean"], parts["z_log_var"])
    loss = small.compute_loss(x=seen, y=target, y_pred=parts)
    assert float(loss) == pytest.approx(float(np.mean(expected)), rel=1e-6)


def make_variant():
    encoder = models.build_encoder(hidden_units=(16,))
    decoder = models.build_decoder(hidden_units=(16,))
    return models.VAE(encoder, decoder, nll=squared_error, kl_weight=4.0)


def test_a_vae_takes_another_likelihood_and_another_weight_of_the_kl(images):
    vae = make_variant()
    parts = vae(images)
    logits = np.asarray(parts["logits"])
    z_mean = np.asarray(parts["z_mean"])
    z_log_var = np.asarray(parts["z_log_var"])
    reconstruction = 0.5 * ((images - logits) ** 2).sum(axis=(1, 2, 3))
    kl = 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var).sum(axis=1)
    loss = vae.compute_loss(x=images, y=images, y_pred=parts)
    assert float(loss) == pytest.approx(np.mean(reconstruction + 4 * kl), rel=1e-5)


def test_the_loss_is_what_is_optimised_and_the_terms_are_unweighted(images):
    vae = make_variant()
    vae.compile("adam", run_eagerly=True)
    logs = vae.evaluate(images, images, batch_size=33, verbose=0, return_dict=True)
    kl = losses.gaussian_kl(*vae.encode(images))
    assert logs["kl"] == pytest.approx(float(np.mean(kl)), rel=1e-5)
    assert logs["loss"] == pytest.approx(logs["reconstruction"] + 4 * logs["kl"], rel=1e-5)


def test_a_keras_file_brings_back_likelihood_and_weight_of_the_kl(images, tmp_path):
    vae = make_variant()
    vae.compile("adam", run_eagerly=True)
    vae.fit(images, images, verbose=0)
    vae.save(tmp_path / "vae.keras")
    back = keras.saving.load_model(tmp_path / "vae.keras")
    assert (back.nll, back.kl_weight) == (squared_error, 4.0)
    assert same_weights(vae, back)
    np.testing.assert_array_equal(vae.encode(images), back.encode(images))
    np.testing.assert_array_equal(vae.decode(np.ones((3, 2))), back.decode(np.ones((3, 2))))


def test_build_vae_joins_encoder_and_decoder():
    vae = models.build_vae(3, (16, 8), seed=5, kl_weight=2.0)
    assert vae.kl_weight == 2.0
    assert vae.latent_dim == 3
    assert same_weights(vae.encoder, models.build_encoder(3, (16, 8), seed=5))
    assert same_weights(vae.decoder, models.build_decoder(3, (16, 8), seed=5))


@pytest.mark.parametrize(("latent_dim", "limit"), [(2, 2.0), (8, 1.0)])
def test_the_decoders_first_layer_starts_wide(latent_dim, limit):
    layer = models.build_decoder(latent_dim, hidden_units=(512,)).get_layer("hidden_1")
    for weights in (layer.kernel, layer.bias):
        assert np.abs(weights).max() == pytest.approx(limit, rel=0.02)


def test_the_wide_start_can_be_switched_off():
    decoder = models.build_decoder(hidden_units=(8, 512), init_range=None)
    first = decoder.get_layer("hidden_1")
    glorot = (6 / (2 + 512)) ** 0.5
    assert np.abs(first.kernel).max() == pytest.approx(glorot, rel=0.02)
    assert not np.any(first.bias)
    wide = models.build_decoder(hidden_units=(8, 512))
    for name in ("hidden_2", "flat_logits"):
        assert same_weights(decoder.get_layer(name), wide.get_layer(name))


def test_printed_terms_add_up_in_fit_with_an_unequal_last_batch(small, images):
    small.compile("adam", run_eagerly=True)
    logs = small.fit(images, images, batch_size=32, epochs=2, verbose=0).history
    assert all(add_up({term: values[epoch] for term, values in logs.items()}) for epoch in (0, 1))


def test_fit_reports_the_same_three_terms_for_validation(small, images):
    small.compile("adam", run_eagerly=True)
    fitted = small.fit(
        images,
        images,
        validation_data=(images[:20], images[:20]),
        validation_batch_size=12,
        verbose=0,
    )
    logs = {term: values[0] for term, values in fitted.history.items()}
    assert sorted(logs) == [
        "kl",
        "loss",
        "reconstruction",
        "val_kl",
        "val_loss",
        "val_reconstruction",
    ]
    assert add_up(
        {term.removeprefix("val_"): value for term, value in logs.items() if "val" in term}
    )


def test_printed_terms_add_up_in_evaluate_with_an_unequal_last_batch(vae, images):
    vae.compile("adam", run_eagerly=True)
    logs = vae.evaluate(images, images, batch_size=33, verbose=0, return_dict=True)
    assert add_up(logs)
    kl = losses.gaussian_kl(*vae.encode(images))
    assert logs["kl"] == pytest.approx(float(np.mean(kl)), rel=1e-5)  # by image, not by batch


def test_fit_without_targets_says_what_is_missing(small, images):
    small.compile("adam", run_eagerly=True)
    with pytest.raises(TypeError, match="images must be an array of floats, received NoneType"):
        small.fit(images, verbose=0)


def test_a_keras_file_brings_back_weights_optimiser_and_arguments(small, images, tmp_path):
    small.compile("adam", run_eagerly=True)
    small.fit(images, images, batch_size=8, verbose=0)
    small.save(tmp_path / "vae.keras")
    back = keras.saving.load_model(tmp_path / "vae.keras")  # safe mode is on unless told otherwise
    assert isinstance(back, models.VAE)
    assert back.latent_dim == 2
    assert same_weights(small, back)
    assert int(back.optimizer.iterations) == 5
    for before, after in zip(small.optimizer.variables, back.optimizer.variables, strict=True):
        np.testing.assert_array_equal(before.numpy(), after.numpy())
    np.testing.assert_array_equal(small.decode(np.ones((3, 2))), back.decode(np.ones((3, 2))))


def test_a_loaded_model_learns_on(small, images, tmp_path):
    small.compile("adam", run_eagerly=True)
    small.fit(images, images, verbose=0)
    small.save(tmp_path / "vae.keras")
    back = keras.saving.load_model(tmp_path / "vae.keras")
    back.fit(images, images, verbose=0)
    assert not same_weights(small, back)


@pytest.mark.parametrize("n", [0, 1, 40])
def test_encode_and_decode_keep_the_number_of_images(small, images, n):
    z_mean, z_log_var = small.encode(images[:n])
    assert z_mean.shape == z_log_var.shape == (n, 2)
    assert small.decode(z_mean).shape == (n, 28, 28, 1)
    assert {z_mean.dtype, z_log_var.dtype, small.decode(z_mean).dtype} == {np.dtype("float32")}


def test_encoding_is_deterministic(vae, images):
    np.testing.assert_array_equal(vae.encode(images), vae.encode(images))


def test_encoding_in_passes_changes_nothing(vae, images, monkeypatch):
    whole = vae.encode(images)
    monkeypatch.setattr(models, "BATCH", 7)
    np.testing.assert_allclose(vae.encode(images), whole, atol=1e-5)


def test_decoded_pixels_are_probabilities(vae):
    decoded = vae.decode(np.random.default_rng(0).normal(0, 5, (50, 2)))
    assert decoded.min() >= 0
    assert decoded.max() <= 1


def test_samples_come_from_the_prior_and_repeat_with_their_seed(vae):
    z = np.random.default_rng(3).standard_normal((4, 2))
    np.testing.assert_array_equal(vae.sample(4, seed=3), vae.decode(z))
    assert not np.allclose(vae.sample(4, seed=3), vae.sample(4, seed=4))


@pytest.mark.parametrize(
    ("spoil", "fault", "words"),
    [
        (
            lambda images: (images * 255).astype(np.uint8),
            TypeError,
            "received uint8: call data.normalize first",
        ),
        (lambda images: images * 255, ValueError, "must lie in [0, 1], received 0 to 255"),
        (lambda images: images[0], ValueError, "received (28, 28, 1): data.normalize makes it"),
        (lambda images: images * np.nan, ValueError, "must lie in [0, 1], received NaN"),
    ],
)
def test_encode_refuses_what_is_no_image(refused, small, digits, spoil, fault, words):
    images = data.normalize(digits.validation.images[:3])
    with refused(fault, words):
        small.encode(spoil(images))


@pytest.mark.parametrize(
    ("z", "words"),
    [
        (np.zeros((4, 3)), "(n, 2), received (4, 3)"),
        ([0.0, 0.0], "received (2,)"),
        ([[np.nan, 0]], "must be finite"),
    ],
)
def test_decode_refuses_what_is_no_code(refused, small, z, words):
    with refused(ValueError, words):
        small.decode(z)


def test_numpys_whole_numbers_build_the_same_model(tmp_path):
    vae = models.build_vae(np.int64(2), (np.uint8(8), np.array(4)), seed=np.uint8(250))
    same = models.build_vae(2, (8, 4), seed=250)
    assert all(map(np.array_equal, vae.get_weights(), same.get_weights()))
    vae.save(tmp_path / "vae.keras")
    assert keras.models.load_model(tmp_path / "vae.keras").latent_dim == 2


@pytest.mark.parametrize("seed", [1.5, "one", -1, np.float32(2)])
def test_a_seed_that_is_no_whole_number_is_refused(refused, seed):
    with refused(ValueError, "seed must be a whole number of at least 0, received "):
        models.build_vae(hidden_units=(4,), seed=seed)


@pytest.mark.parametrize("name", ["gelu", "relu", "tanh"])
def test_hidden_layers_take_another_activation(name):
    vae = models.build_vae(hidden_units=(8, 4), activation=name)
    for part in (vae.encoder, vae.decoder):
        hidden = [layer for layer in part.layers if layer.name.startswith("hidden")]
        assert [layer.activation.__name__ for layer in hidden] == [name, name]


def test_another_activation_is_refused(refused):
    with refused(ValueError, "'gelu', 'relu' or 'tanh'", "'swish'"):
        models.build_vae(hidden_units=(8,), activation="swish")
