"""The figures of notebook 11, drawn from what is passed."""

import numpy as np
import pytest

from vae_lib.plots import price

NAMES = ["VAE, network", "small CNN", "an unknown method"]
SIZES = (100, 1_000, 10_000)
BY_NUMBER = {name: {size: [0.8, 0.9, 0.95] for size in SIZES} for name in NAMES}

FIGURES = {
    "watched": lambda: price.plot_watched(
        {name: np.array([[1, 0.5], [2, 0.8], [3, 0.9]]) for name in NAMES}
    ),
    "time": lambda: price.plot_time_to_accuracy(
        {
            "VAE, network": np.array([[[9, 0.9], [11, 0.92]], [[90, 0.96], [95, 0.97]]]),
            "PCA-20, k-NN": np.array([[[3, 0.97]]]),
        }
    ),
    "number": lambda: price.plot_accuracy_by_number(
        {"left": BY_NUMBER, "right": {"VAE, 100 codes": BY_NUMBER["small CNN"]}}, ["a", "b"]
    ),
    "loss": lambda: price.plot_loss_by_number(
        {100: [90.0, 95.0], 1_000: [94.0]}, {100: [200.0], 1_000: [130.0], 50_000: [99.0]}
    ),
    "prediction": lambda: price.plot_prediction(
        dict.fromkeys(NAMES, (0.5, 0.6)),
        dict.fromkeys(NAMES, (0.02,)),
        dict.fromkeys(NAMES, (3.0,)),
    ),
    "refusals": lambda: price.plot_refusals(
        (0, 0.05, 0.1),
        dict.fromkeys(NAMES, (0.03, 0.01, 0.005)),
        {name: {"as they are": 0.9, "blurred": 0.8} for name in NAMES},
    ),
    "verdict": lambda: price.plot_verdict(
        NAMES,
        [
            price.Column("seconds", {name: [1, 100] for name in NAMES}, "{:.0f}", True),
            price.Column("accuracy", {"small CNN": [0.9, 0.92]}, "{:.1%}", high_is_good=True),
        ],
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_drawn_and_described(name):
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    assert figure.axes and len(figure.alt_text) > 30


def test_the_verdict_prints_means_and_has_the_better_side_on_the_left():
    seconds, accuracy = FIGURES["verdict"]().axes
    assert [text.get_text() for text in accuracy.texts] == ["91.0%"]
    assert np.diff(seconds.get_xlim()) > 0 > np.diff(accuracy.get_xlim())


def test_no_mark_of_the_verdict_is_cut_off():
    for ax in FIGURES["verdict"]().axes:
        low, high = sorted(ax.get_xlim())
        for line in ax.lines:
            assert all(low < value < high for value in line.get_xdata())


def test_accuracy_rises_upwards_on_the_axis_of_the_errors():
    low, high = FIGURES["time"]().axes[0].get_ylim()
    assert low > high


def test_errors_after_refusal_are_percent_on_a_logarithmic_axis():
    column = price.Column("errors", {"small CNN": [0.002], "VAE, network": [0.05]}, "{:.2%}", True)
    ax = price.plot_verdict(["small CNN", "VAE, network"], [column, column]).axes[0]
    assert ax.get_xscale() == "log"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.5%", "2%"]
