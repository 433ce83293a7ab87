"""Digits by other hands: the drawings in European styles, and what is counted of them."""

import numpy as np
import pytest

from tools.experiments import european, other_hands
from vae_lib import data


def test_thirty_drawings_in_the_frame_of_mnist():
    drawn = european.draw_styles()
    assert drawn.images.shape == (30, 28, 28) and drawn.images.dtype == np.uint8
    assert np.bincount(drawn.labels).tolist() == [3] * 10
    assert len(np.unique(drawn.images.reshape(30, -1), axis=0)) == 30
    assert (drawn.images.max(axis=(1, 2)) > 200).all()


def test_a_line_has_the_width_of_the_pen_and_a_curve_goes_through_its_points():
    sheet = european.draw_on_sheet(["line 20,50 80,50"])
    assert sheet.shape == (european.SHEET, european.SHEET)
    assert sheet[:, 140].sum() == pytest.approx(european.PEN, abs=1)
    curve = european.trace("curve 10,10 50,30 10,50")
    for point in ((0.1, 0.1), (0.5, 0.3), (0.1, 0.5)):
        assert np.linalg.norm(curve - point, axis=1).min() < 0.01


def test_accuracy_and_refusals_of_a_reader(digits):
    few = data.normalize(digits.validation.images[:60])
    labels = digits.validation.labels[:60]
    read = other_hands.read_by_neighbours(
        lambda images: images.reshape(len(images), -1),
        data.normalize(digits.train.images),
        digits.train.labels,
    )
    answers, refused = read(few)
    assert np.mean(answers == labels) > 0.8 and refused is None
    pad = other_hands.read_as_the_pad(other_hands.shipped.load_ood_score())
    noise = np.random.default_rng(0).random((20, 28, 28, 1), np.float32)
    assert pad(noise)[1].mean() > 0.9
    assert pad(few)[1].mean() < 0.3
