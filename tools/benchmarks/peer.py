"""The peer: Keras' documented convolutional VAE (keras.io, "Variational AutoEncoder", 2024).

Its architecture and settings, written down in our own words: 3x3 convolutions of 32 and 64
filters with stride 2, a dense layer of 16, a code of two numbers; back through a dense layer of
7x7x64 and transposed convolutions of 64, 32 and 1 filters, ending in a sigmoid; summed
cross-entropy plus summed KL, Adam at its defaults, batches of 128, 30 epochs, no compiling by XLA.
Two things differ, so that both are judged alike: it trains on our 50,000 images (the original adds
the test images), and it is scored on sampled codes.
"""

import time

import keras
import numpy as np
from keras import layers, ops

from vae_lib.data import Digits, normalize
from vae_lib.layers import Sampling
from vae_lib.losses import gaussian_kl

CONVOLUTIONAL_EPOCHS = 30
EDGE = 1e-7  # Keras clips probabilities here


class ConvolutionalVAE(keras.Model):
    def __init__(self):
        super().__init__()
        image = keras.Input((28, 28, 1))
        hidden = layers.Conv2D(32, 3, activation="relu", strides=2, padding="same")(image)
        hidden = layers.Conv2D(64, 3, activation="relu", strides=2, padding="same")(hidden)
        hidden = layers.Flatten()(hidden)
        hidden = layers.Dense(16, activation="relu")(hidden)
        z_mean = layers.Dense(2)(hidden)
        z_log_var = layers.Dense(2)(hidden)
        sample = Sampling(seed=0)(z_mean, z_log_var)
        self.encoder = keras.Model(image, [z_mean, z_log_var, sample])
        z = keras.Input((2,))
        hidden = layers.Dense(7 * 7 * 64, activation="relu")(z)
        hidden = layers.Reshape((7, 7, 64))(hidden)
        hidden = layers.Conv2DTranspose(64, 3, activation="relu", strides=2, padding="same")(hidden)
        hidden = layers.Conv2DTranspose(32, 3, activation="relu", strides=2, padding="same")(hidden)
        image = layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(hidden)
        self.decoder = keras.Model(z, image)

    def call(self, images):
        z_mean, z_log_var, z = self.encoder(images)
        return z_mean, z_log_var, self.decoder(z)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        z_mean, z_log_var, reconstruction = y_pred
        cross_entropy = ops.sum(keras.losses.binary_crossentropy(y, reconstruction), axis=(1, 2))
        return ops.mean(cross_entropy + gaussian_kl(z_mean, z_log_var))

    def encode(self, images):
        means, log_vars = [], []
        for start in range(0, len(images), 1000):
            z_mean, z_log_var, _ = self.encoder(images[start : start + 1000])
            means.append(np.asarray(z_mean))
            log_vars.append(np.asarray(z_log_var))
        return np.concatenate(means), np.concatenate(log_vars)

    def decode_logits(self, z):
        p = np.clip(np.asarray(self.decoder(z), np.float64), EDGE, 1 - EDGE)
        return (np.log(p) - np.log1p(-p)).astype(np.float32)


def train_peer(digits: Digits) -> tuple[ConvolutionalVAE, float]:
    """The trained peer and the seconds that its training took."""
    keras.utils.set_random_seed(0)
    vae = ConvolutionalVAE()
    images = normalize(digits.train.images)
    vae.compile(optimizer=keras.optimizers.Adam())
    began = time.perf_counter()
    vae.fit(images, images, epochs=CONVOLUTIONAL_EPOCHS, batch_size=128, verbose=0)
    return vae, time.perf_counter() - began
