"""The classifiers that notebook 11 compares, and how their answers and refusals are measured."""

import time

import keras
import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from tools.experiments import classifiers, price_time
from vae_lib import data
from vae_lib.models import build_encoder

RANDOM = np.random.default_rng(0)
RAW = RANDOM.integers(0, 256, (60, 28, 28)).astype(np.uint8)
SPLIT = data.Split(RAW, np.arange(60, dtype=np.uint8) % 10)


def test_neighbours_vote_as_those_of_scikit_learn():
    points = RANDOM.normal(size=(200, 5)).astype(np.float32)
    labels = RANDOM.integers(0, 10, 200)
    queries = RANDOM.normal(size=(130, 5)).astype(np.float32)
    neighbours = classifiers.Neighbours(points, labels)
    other = KNeighborsClassifier(neighbours.k).fit(points, labels)
    np.testing.assert_allclose(neighbours.predict(queries), other.predict_proba(queries))
    distance = other.kneighbors(queries)[0][:, -1]
    np.testing.assert_allclose(neighbours.measure_distance(queries), distance, atol=1e-3)


def test_the_number_of_neighbours_is_chosen_without_a_point_itself():
    """Each point has a twin of another digit, so one neighbour is always wrong."""
    labels = np.repeat(np.arange(10), 20)
    points = np.eye(10)[labels] * 10 + RANDOM.normal(size=(200, 10))
    twins = points + 1e-3
    neighbours = classifiers.Neighbours(
        np.concatenate([points, twins]), np.concatenate([labels, (labels + 1) % 10])
    )
    near, distances = neighbours.find(neighbours.points[:50], without_self=True)
    assert (near != np.arange(50)[:, None]).all()
    assert (near[:, 0] == np.arange(50) + 200).all()
    assert (np.diff(distances, axis=1) >= 0).all()
    assert neighbours.k > 1


def test_a_convolution_in_numpy_is_that_of_keras():
    layer = keras.layers.Conv2D(4, 3, strides=2)
    images = RANDOM.random((2, 11, 11, 3)).astype(np.float32)
    expected = np.asarray(layer(images))
    kernel, bias = layer.get_weights()
    np.testing.assert_allclose(
        classifiers.convolve(images, kernel, bias + 1), expected + 1, atol=1e-5
    )


def test_compiling_leaves_no_trace_of_its_step():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    before = model.get_weights()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    batch = (np.ones((4, 3), np.float32), np.zeros(4, np.uint8))
    classifiers.compile_for(model, batch, 10, loss)
    assert int(model.optimizer.iterations) == 0
    for weight, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)
    classifiers.take_steps(model, iter([batch, batch]), 2)
    assert any(
        (weight != kept).any() for weight, kept in zip(model.get_weights(), before, strict=True)
    )


def test_all_networks_see_the_same_images_in_the_same_order():
    labelled = classifiers.labelled_batches(SPLIT, 3)
    unlabelled = classifiers.unlabelled_batches(SPLIT.images, 3)
    for _ in range(3):  # more than an epoch
        inputs, labels = next(labelled)
        same, whole = next(unlabelled)
        np.testing.assert_array_equal(inputs, same)
        for image, label in zip(whole, labels, strict=True):
            number = np.flatnonzero((data.normalize(RAW) == image).all(axis=(1, 2, 3)))[0]
            assert SPLIT.labels[number] == label


def test_the_control_has_the_layers_of_the_vae_and_of_its_reader():
    encoder = build_encoder(classifiers.LATENT_DIM)
    reader = classifiers.build_reader()
    control = classifiers.build_narrow_classifier(0)
    noise_only = encoder.get_layer("z_log_var").count_params()
    assert control.count_params() == encoder.count_params() - noise_only + reader.count_params()
    images = data.normalize(RAW)
    z_mean, _, _ = encoder(images)
    control.get_layer("reader").set_weights(reader.get_weights())
    for layer in encoder.layers:
        if layer.name != "z_log_var" and layer.get_weights():
            control.get_layer(layer.name).set_weights(layer.get_weights())
    np.testing.assert_allclose(control(images), reader(z_mean), atol=1e-4)


def test_only_the_longest_trainings_are_repeated():
    seeds = {}
    for method, epochs, seed in price_time.parts():
        seeds.setdefault((method, epochs), []).append(seed)
    assert len(seeds["simple", 0]) == 1
    for method, repeated in price_time.SEEDS.items():
        for epochs in price_time.EPOCHS:
            repeats = len(repeated) if epochs == price_time.LONGEST else 1
            assert len(seeds[method, epochs]) == repeats


def test_the_clock_counts_work_inside_its_blocks_only():
    clock = classifiers.Clock()
    with clock:
        time.sleep(0.2)  # the processor is free
    began = time.process_time()
    while time.process_time() < began + 0.1:
        pass
    assert clock.seconds < 0.1
    with clock:
        began = time.process_time()
        while time.process_time() < began + 0.1:
            pass
    assert 0.1 <= clock.seconds < 0.3


def test_the_least_certain_digits_are_refused_first_and_among_equals_the_strangest():
    probabilities = np.full((10, 10), 0.05)
    probabilities[:, 0] = [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.5]
    labels = np.zeros(10, int)
    labels[[7, 8]] = 1  # two errors: an uncertain one, and a strange one among the certain
    unlike = np.zeros(10)
    unlike[7] = 1
    fitted = classifiers.Classifier(lambda part: probabilities, [], lambda part: unlike)
    images = np.zeros((10, 28, 28, 1))
    assert price_time.REFUSED[0] == 0
    errors = price_time.measure_refusals(fitted, images, labels)
    assert errors[0] == pytest.approx(0.2)
    assert errors[price_time.REFUSED.index(0.1)] == pytest.approx(2 / 9, abs=1e-4)
    unlike[9] = 2
    unlike[8] = 3
    errors = price_time.measure_refusals(fitted, images, labels)
    assert errors[price_time.REFUSED.index(0.1)] == pytest.approx(1 / 9, abs=1e-4)


def test_two_halves_come_from_two_digits():
    images = np.stack([np.full((28, 28, 1), value, np.float32) for value in (0, 1, 2)])
    joined = price_time.join_halves(images, np.array([4, 4, 7]))
    assert len(joined) == 1
    assert (joined[0, :14] == 1).all() and (joined[0, 14:] == 2).all()


def test_letters_are_framed_as_digits():
    letter = price_time.draw_letter("A", price_time.FONTS[0])
    assert letter.shape == (28, 28) and letter.dtype == np.uint8
    rows, columns = np.nonzero(letter > 30)
    assert max(np.ptp(rows), np.ptp(columns)) in (18, 19)


def test_each_digit_is_sampled_from_its_own_codes():
    """The code of each image is its digit, so no Gaussian has a spread."""
    labels = np.repeat(np.arange(10), 3)
    codes = np.stack([labels, 2 * labels], axis=1).astype(float)
    drawn = classifiers.sample_gaussians(codes, labels, 40, 0)
    np.testing.assert_allclose(drawn[:, 0], np.repeat(np.arange(10), 4), atol=1e-6)


def test_only_digits_that_are_none_upside_down_are_turned():
    turned = price_time.make_outliers(SPLIT)["upside down"]
    chosen = np.isin(SPLIT.labels, (3, 4, 7))
    expected = data.normalize(np.rot90(RAW[chosen], 2, axes=(1, 2)))
    np.testing.assert_array_equal(turned, expected)
