"""The trainer in JavaScript against Keras: same weights, batch and noise, same numbers out."""

import json

import numpy as np
import pytest

from tests.conftest import REPOSITORY
from tests.test_javascript import needs_node, run
from vae_lib import data, evaluation, losses, models

PARITY = REPOSITORY / "tests" / "javascript" / "trainer_parity.test.js"
HIDDEN_UNITS = 10
BATCH = 6
PAGE = {"hidden_units": 128, "batch": 64}  # as the page trains
KL_WEIGHT = 1.7
LEARNING_RATE = 3e-3
BETA_2 = 0.99
NAMES = ("hidden", "z_mean", "z_log_var", "unfold", "logits")


@needs_node
def test_gradients_and_steps_of_adam_are_those_of_keras(tmp_path, digits):
    import keras

    path = tmp_path / "parity.json"
    activations = [("tanh", keras.ops.tanh), ("relu", keras.ops.relu), ("gelu", None)]
    numbers = {
        "models": [
            *(numbers_of_model(digits, *activation) for activation in activations),
            numbers_of_model(digits, *activations[0], **PAGE),
        ],
        "adam": numbers_of_adam(),
        "knn": numbers_of_neighbours(),
    }
    path.write_text(json.dumps(numbers))
    run("node", "--no-warnings", "--test", PARITY, VAE_LIB_TRAINER_PARITY=str(path))


def numbers_of_model(digits, name, activation, hidden_units=HIDDEN_UNITS, batch=BATCH):
    """Terms, gradients and one step of a VAE on a batch with dropped pixels and its noise."""
    import tensorflow as tf
    from keras import ops

    random = np.random.default_rng(3)
    vae = models.build_vae(hidden_units=(hidden_units,), seed=5)
    if activation is not None:  # the library's own is GELU
        vae.encoder.get_layer("hidden_1").activation = activation
        vae.decoder.get_layer("hidden_1").activation = activation
    raw = digits.train.images[:batch]
    seen = np.where(random.random(raw.shape) < 0.1, 0, raw).astype(np.uint8)
    epsilon = random.normal(size=(batch, 2)).astype(np.float32)
    variables = vae.encoder.trainable_variables + vae.decoder.trainable_variables
    before = [variable.numpy() for variable in variables]
    with tf.GradientTape() as tape:
        z_mean, z_log_var, _ = vae.encoder(data.normalize(seen))
        z = z_mean + ops.exp(0.5 * z_log_var) * epsilon
        nll = losses.bernoulli_nll(data.normalize(raw), vae.decoder(z))
        kl = losses.gaussian_kl(z_mean, z_log_var)
        loss = ops.mean(nll + KL_WEIGHT * kl)
    gradients = tape.gradient(loss, variables)
    make_adam().apply(gradients, variables)
    return {
        "activation": name,
        "hidden_units": hidden_units,
        "kl_weight": KL_WEIGHT,
        "learning_rate": LEARNING_RATE,
        "seen": seen.reshape(-1).tolist(),
        "images": raw.reshape(-1).tolist(),
        "epsilon": epsilon.reshape(-1).tolist(),
        "loss": float(loss),
        "reconstruction": float(ops.mean(nll)),
        "kl": float(ops.mean(kl)),
        "weights": by_layer(before),
        "gradients": by_layer(gradients),
        "steps": by_layer([after.numpy() - start for after, start in zip(variables, before)]),
    }


def make_adam():
    import keras

    return keras.optimizers.Adam(LEARNING_RATE, beta_2=BETA_2)


def by_layer(arrays):
    """Kernels (rows one after the other) and biases by the layer's name."""
    flat = [np.asarray(array).reshape(-1).tolist() for array in arrays]
    pairs = zip(flat[::2], flat[1::2])
    return {
        name: {"kernel": kernel, "bias": bias}
        for name, (kernel, bias) in zip(NAMES, pairs, strict=True)
    }


def numbers_of_adam():
    """Five steps of Keras' Adam on gradients of very different sizes."""
    import keras

    random = np.random.default_rng(4)
    sizes = 10.0 ** np.arange(-9, 3)
    gradients = (random.normal(size=(5, len(sizes))) * sizes).astype(np.float32)
    variable = keras.Variable(np.zeros(len(sizes), np.float32))
    adam = make_adam()
    after = []
    for gradient in gradients:
        adam.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        after.append(variable.numpy().tolist())
    return {"learning_rate": LEARNING_RATE, "gradients": gradients.tolist(), "after": after}


def numbers_of_neighbours():
    """Codes in a few heaps, and how many of them evaluation.knn_accuracy classifies correctly."""
    random = np.random.default_rng(6)
    labels = random.integers(0, 10, 400)
    centres = random.normal(size=(10, 2))
    codes = (centres[labels] + 0.5 * random.normal(size=(400, 2))).astype(np.float32)
    accuracy = evaluation.knn_accuracy(codes[:300], labels[:300], codes[300:], labels[300:])
    assert 0.3 < accuracy < 0.95  # neither by chance nor without a doubt
    return {
        "reference": codes[:300].reshape(-1).tolist(),
        "reference_labels": labels[:300].tolist(),
        "codes": codes[300:].reshape(-1).tolist(),
        "labels": labels[300:].tolist(),
        "correct": round(100 * accuracy),
    }


@needs_node
def test_a_difference_from_keras_is_seen(tmp_path, digits):
    numbers = {
        "models": [numbers_of_model(digits, "gelu", None)],
        "adam": numbers_of_adam(),
        "knn": numbers_of_neighbours(),
    }
    numbers["models"][0]["gradients"]["z_log_var"]["kernel"][0] += 1
    path = tmp_path / "parity.json"
    path.write_text(json.dumps(numbers))
    with pytest.raises(AssertionError, match="z_log_var kernel"):
        run("node", "--no-warnings", "--test", PARITY, VAE_LIB_TRAINER_PARITY=str(path))
