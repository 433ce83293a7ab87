"""The check of a whole VAE (exercise 05.4): it accepts a right one and names each usual mistake."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from vae_lib import data
from vae_lib.check_model import check_vae


class Sampling(layers.Layer):
    def __init__(self, power=0.5, noisy=True):
        super().__init__()
        self.power = power
        self.noisy = noisy
        self.seed_generator = keras.random.SeedGenerator(0)

    def call(self, z_mean, z_log_var):
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.seed_generator)
        if not self.noisy:
            epsilon = ops.ones_like(z_mean)
        return z_mean + ops.exp(self.power * z_log_var) * epsilon


class TheirVAE(keras.Model):
    """As a reader may write it, with a mistake to choose."""

    def __init__(
        self,
        reduce=ops.sum,
        kl_factor=0.5,
        power=0.5,
        noisy=True,
        cut=False,
        kl_weight=1.0,
        trains_weight=False,
        uses_weight=True,
        shows_weight=True,
    ):
        super().__init__()
        self.reduce = reduce
        self.kl_factor = kl_factor
        if kl_weight is not None:
            self.kl_weight = keras.Variable(kl_weight, trainable=trains_weight)
        self.uses_weight = uses_weight
        self.kl_weight_tracker = keras.metrics.Mean("kl_weight") if shows_weight else None
        image = keras.Input((28, 28, 1))
        hidden = layers.Dense(8, "tanh")(layers.Flatten()(image))
        z_mean = layers.Dense(2)(hidden)
        z_log_var = layers.Dense(2, bias_initializer="ones")(hidden)
        z = Sampling(power, noisy)(z_mean, z_log_var)
        self.encoder = keras.Model(image, [z_mean, z_log_var, z])
        code = keras.Input((2,))
        hidden = layers.Dense(8, "tanh")(code)
        if cut:
            hidden = layers.Lambda(ops.stop_gradient)(hidden)
        self.decoder = keras.Model(code, layers.Reshape((28, 28, 1))(layers.Dense(784)(hidden)))
        self.compile(optimizer=keras.optimizers.Adam(0.01))

    def call(self, images):
        z_mean, z_log_var, z = self.encoder(images)
        return {"z_mean": z_mean, "z_log_var": z_log_var, "logits": self.decoder(z)}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        per_pixel = ops.softplus(y_pred["logits"]) - y * y_pred["logits"]
        reconstruction = self.reduce(per_pixel, axis=(1, 2, 3))
        z_mean, z_log_var = y_pred["z_mean"], y_pred["z_log_var"]
        per_dimension = z_mean**2 + ops.exp(z_log_var) - 1 - z_log_var
        kl = self.kl_factor * ops.sum(per_dimension, axis=1)
        if self.uses_weight:
            kl = getattr(self, "kl_weight", 1.0) * kl
        if self.kl_weight_tracker is not None:
            self.kl_weight_tracker.update_state(getattr(self, "kl_weight", 1.0))
        return ops.mean(reconstruction + kl)


@pytest.fixture
def images(digits):
    return data.normalize(digits.validation.images[:64])


def test_a_right_model_is_accepted_and_left_as_it_was(images, capsys):
    vae = TheirVAE()
    weights, optimizer = vae.get_weights(), vae.optimizer
    assert check_vae(vae, images, below=600)
    assert "05.4 is right" in capsys.readouterr().out
    assert all(np.array_equal(a, b) for a, b in zip(weights, vae.get_weights(), strict=True))
    assert float(vae.kl_weight) == 1
    assert vae.optimizer is optimizer


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ({"reduce": ops.mean}, "the pixels are averaged"),
        ({"kl_factor": 0.0}, "the KL divergence is missing"),
        ({"kl_factor": -0.5}, "the KL divergence is subtracted"),
        ({"kl_factor": 1.0}, "the factor 1/2 of the KL divergence is missing"),
        ({"power": 1.0}, "the standard deviation is exp of half the log-variance"),
        ({"noisy": False}, "z is the same for every call"),
        ({"cut": True}, "The loss has no gradient with respect to"),
        ({"kl_weight": None}, "my_vae.kl_weight is missing"),
        ({"trains_weight": True}, "make the variable with trainable=False"),
        ({"uses_weight": False}, "multiply the KL term by self.kl_weight"),
        ({"shows_weight": False}, "The log does not show kl_weight"),
    ],
    ids=lambda case: case if isinstance(case, str) else next(iter(case)),
)
def test_a_usual_mistake_is_named(images, capsys, mistake, words):
    vae = TheirVAE(**mistake)
    if "kl_factor" in mistake:  # far from the prior, so that the KL divergence counts
        heads = vae.encoder.layers[3:5]
        heads[0].set_weights([heads[0].get_weights()[0], np.full(2, 12.0)])
    assert not check_vae(vae, images, below=1e6)
    assert words in capsys.readouterr().out


def test_a_loss_above_the_bar_is_not_enough(images, capsys):
    assert not check_vae(TheirVAE(), images, below=100)
    assert "has to be below 100" in capsys.readouterr().out


def test_an_open_exercise_is_said_to_be_open(images, capsys):
    assert not check_vae(..., images, below=100)
    assert "still open" in capsys.readouterr().out


def test_a_model_without_decoder_is_told_so(images, capsys):
    vae = TheirVAE()
    vae.decoder = None
    assert not check_vae(vae, images, below=100)
    assert "my_vae.decoder is missing" in capsys.readouterr().out


def test_a_weight_that_was_not_raised_to_one_is_named(images, capsys):
    vae = TheirVAE()
    vae.kl_weight.assign(0.99)  # too little to be seen in the loss
    assert not check_vae(vae, images, below=1e6)
    assert "my_vae.kl_weight is 0.99 and has to be 1" in capsys.readouterr().out
