"""The figures of a whole number, drawn from what is passed."""

from types import SimpleNamespace

import numpy as np
import pytest

from vae_lib.plots import numbers

RANDOM = np.random.default_rng(0)


def result():
    """Arrays and metrics as the experiment leaves them, for three seeds of 40 numbers."""
    found = {"metrics": {}}
    for kind in numbers.KINDS:
        for reader in numbers.READERS:
            name = f"{kind}_{reader}"
            found[f"{name}_product"] = RANDOM.random((3, 80))
            found[f"{name}_refused"] = RANDOM.random((3, 80)) < 0.2
            found[f"{name}_right"] = RANDOM.random((3, 80)) < 0.8
            found[f"{name}_fits"] = RANDOM.random((3, 80)) < 0.8
            found["metrics"] |= {f"{name}_aside": 0.4, f"{name}_error_of_accepted": 0.01}
    return found


def test_the_error_curves_are_drawn_and_described():
    figure = numbers.plot_numbers_put_aside(result())
    figure.draw_without_rendering()
    assert len(figure.axes) == 3
    assert "VAE reads and judges: 40% aside, 1.0% wrong" in figure.alt_text
    dashed = [line for line in figure.axes[2].lines if line.get_linestyle() == "--"]
    assert len(dashed) == 4  # one a reader, and one for the legend
    assert not [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]


def test_a_curve_puts_the_least_sure_aside_first_and_never_accepts_zero():
    stated = np.array([0.9, 0.0, 0.5, 0.8, 0.5])
    right = np.array([True, True, False, True, True])
    aside, error = numbers.find_curve(stated, right, least=1)
    assert aside == pytest.approx([0.2, 0.6, 0.8])  # both with 0.5 go together
    assert error[0] == pytest.approx(0.25)
    assert np.isnan(error[1:]).all()
    few_left_out, _ = numbers.find_curve(stated, right, least=2)
    assert few_left_out == pytest.approx([0.2, 0.6])


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (0.96, "38 with a probability of 96.0%: accepted"),
        (0.93, "38 with a probability of 93.0%: put aside"),
        (0, "as a whole put aside"),
    ],
)
def test_a_number_is_drawn_with_its_boxes(probability, verdict):
    place = SimpleNamespace(
        left=3, top=4, width=10, height=20, framed=lambda: np.zeros((28, 28, 1))
    )
    pieces = [
        SimpleNamespace(piece=place, digit=3, probability=0.98, is_digit=True),
        SimpleNamespace(piece=place, digit=8, probability=0.95, is_digit=probability > 0),
    ]
    reading = SimpleNamespace(pieces=pieces, probability=probability)
    figure = numbers.plot_number_reading(np.zeros((48, 60)), reading)
    figure.draw_without_rendering()
    assert verdict in figure.alt_text and "3: 98.0%" in figure.alt_text
    assert ("not a digit" in figure.alt_text) == (probability == 0)
    assert len(figure.axes[0].patches) == 2


def test_a_sheet_without_pieces_is_drawn():
    figure = numbers.plot_number_reading(
        np.zeros((48, 60)), SimpleNamespace(pieces=[], probability=0)
    )
    figure.draw_without_rendering()
    assert "put aside" in figure.alt_text
