"""Sampling by its mean, its spread, its gradient and its random stream."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from vae_lib.layers import Sampling

DRAWS = 40_000


def draw(layer, mean=0.0, log_var=0.0, rows=DRAWS):
    shape = (rows, 2)
    return np.asarray(layer(np.full(shape, mean, np.float32), np.full(shape, log_var, np.float32)))


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 1.0), (1.5, 4.0), (-3.0, 0.01)])
def test_draws_have_the_mean_and_spread_asked_for_within_four_standard_errors(mean, variance):
    spread = np.sqrt(variance)
    z = draw(Sampling(seed=1), mean, np.log(variance))
    np.testing.assert_allclose(z.mean(axis=0), mean, rtol=0, atol=4 * spread / np.sqrt(DRAWS))
    np.testing.assert_allclose(z.std(axis=0), spread, rtol=0, atol=4 * spread / np.sqrt(2 * DRAWS))


def test_the_numbers_of_a_code_are_drawn_independently():
    correlation = np.corrcoef(draw(Sampling(seed=2)).T)[0, 1]
    assert abs(correlation) < 4 / np.sqrt(DRAWS)


def test_gradients_reach_both_heads_with_their_exact_values():
    z_mean, z_log_var = tf.constant([[0.3, -1.0]]), tf.constant([[-0.5, 0.8]])
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
        z = Sampling(seed=3)(z_mean, z_log_var)
    to_mean, to_log_var = tape.gradient(z, [z_mean, z_log_var])
    np.testing.assert_array_equal(to_mean, [[1, 1]])
    np.testing.assert_allclose(to_log_var, 0.5 * (z - z_mean), rtol=1e-5)


def test_same_seed_draws_the_same():
    assert np.array_equal(draw(Sampling(seed=4), rows=5), draw(Sampling(seed=4), rows=5))


def test_other_seeds_draw_otherwise():
    assert not np.isclose(draw(Sampling(seed=4), rows=5), draw(Sampling(seed=5), rows=5)).any()


def test_each_call_draws_anew():
    layer = Sampling(seed=4)
    assert not np.isclose(draw(layer, rows=5), draw(layer, rows=5)).any()


def test_layers_without_a_seed_differ():
    assert not np.isclose(draw(Sampling(), rows=5), draw(Sampling(), rows=5)).any()


def test_config_round_trip_keeps_seed_and_name():
    layer = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(Sampling(seed=6, name="noise"))
    )
    assert (type(layer), layer.seed, layer.name) == (Sampling, 6, "noise")


def test_output_shape_is_known_before_the_numbers_are():
    head = keras.Input((7,))
    assert Sampling()(head, head).shape == (None, 7)
