"""The figures of notebooks 03 and 04: drawn from what is passed, and described in words."""

import numpy as np
import pytest

from vae_lib import models
from vae_lib.plots import decoder, encoder

RANDOM = np.random.default_rng(0)
INPUTS = np.linspace(-1, 1, 20)
HISTORY = list(zip(np.linspace(300, 150, 30), np.linspace(0, 5, 30), strict=True))


def decode(z):
    return np.repeat(1 / (1 + np.exp(-z[:, :1])), 784, axis=1).reshape(-1, 28, 28, 1)


FIGURES = {
    "activations": lambda: encoder.plot_activations(INPUTS, {"ReLU": np.maximum(INPUTS, 0)}),
    "networks": lambda: encoder.plot_network_outputs(
        INPUTS, RANDOM.normal(size=(20, 3)), RANDOM.normal(size=(20, 3))
    ),
    "samples": lambda: encoder.plot_samples(RANDOM.normal(size=500), 0.0, 1.0),
    "codes": lambda: encoder.plot_untrained_codes(
        RANDOM.normal(size=(80, 2)), RANDOM.normal(size=(80, 2)), np.arange(80) % 10
    ),
    "before and after": lambda: encoder.plot_before_and_after(
        RANDOM.normal(size=(3, 80, 2)), RANDOM.normal(size=(3, 80, 2)), np.arange(80) % 10
    ),
    "trainings": lambda: encoder.plot_trainings(
        {"one": HISTORY, "two": HISTORY}, 200.0, starts={"two": 30}
    ),
    "estimates": lambda: encoder.plot_gradient_estimates({"a": RANDOM.normal(size=50)}),
    "grids": lambda: decoder.plot_decoded_grids({"left": decode, "right": decode}, steps=3),
    "pixel": decoder.plot_pixel_loss,
    "decoder": lambda: decoder.plot_decoder_layers(models.build_decoder()),
    "training": lambda: decoder.plot_training(HISTORY, {"mean image": 200.0}, {1: 0.1, 30: 4.0}),
    "initialisations": lambda: decoder.plot_initialisations(
        {"as Keras": RANDOM.uniform(160, 290, (3, 40)), "wide": RANDOM.uniform(160, 290, (3, 40))}
    ),
    "sigmoids": decoder.plot_double_sigmoid,
    "losses": lambda: decoder.plot_two_losses({"one": [500.0, 200.0]}, {"bound": 510.0}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_drawn_and_described(name):
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    assert figure.axes and len(figure.alt_text) > 30


@pytest.mark.parametrize("root", [False, True])
@pytest.mark.parametrize("build", [models.build_encoder, models.build_decoder])
def test_layers_are_named_with_the_parameters_that_keras_counts(build, root):
    model = build()
    figure = encoder.plot_layers(model, root)
    words = "\n".join(text.get_text() for text in figure.axes[0].texts)
    for layer in model.layers:
        assert layer.name in words
        if layer.count_params():
            assert f"{layer.count_params():,}" in words


def test_a_grid_has_its_largest_second_coordinate_at_the_top():
    figure = decoder.plot_decoded_grids({"by z2": lambda z: decode(z[:, ::-1])}, steps=3)
    sheet = np.asarray(figure.axes[0].images[0].get_array())
    assert sheet[:10].max() > sheet[-10:].max()


def test_the_colour_bar_of_a_grid_ends_at_zero_and_one():
    bar = decoder.plot_decoded_grids({"left": decode}, steps=3).axes[-1]
    assert bar.get_ylim() == (0, 1)
    assert np.allclose(bar.get_yticks(), decoder.SHADES)
