"""Altered digits and images that are no digits: each is what its name says."""

import numpy as np
import pytest
from scipy import ndimage

from vae_lib import data, outliers


@pytest.fixture(scope="module")
def images(digits):
    return data.normalize(digits.test.images[:150])


@pytest.fixture(scope="module")
def labels(digits):
    return digits.test.labels[:150]


def test_five_alterations_of_every_digit(images):
    altered = outliers.alter_digits(images)
    assert list(altered) == ["thresholded", "blurred", "shifted", "thicker", "thinner"]
    for changed in altered.values():
        assert changed.shape == images.shape and changed.dtype == np.float32
        assert changed.min() >= 0 and changed.max() <= 1
    assert set(np.unique(altered["thresholded"])) == {0, 1}
    assert altered["thinner"].sum() < images.sum() < altered["thicker"].sum()
    assert altered["blurred"].sum() == pytest.approx(images.sum(), rel=0.01)


def test_a_shift_is_by_one_pixel_in_one_of_four_directions(images):
    shifted = outliers.alter_digits(images)["shifted"]
    directions = {(0, 1): 0, (0, -1): 0, (1, 0): 0, (-1, 0): 0}
    for before, after in zip(images[..., 0], shifted[..., 0], strict=True):
        moved = [way for way in directions if np.array_equal(np.roll(before, way, (0, 1)), after)]
        assert len(moved) == 1
        directions[moved[0]] += 1
    assert min(directions.values()) > 15


def test_the_same_seed_makes_the_same_images(images, labels):
    for make in (outliers.make_choosing_outliers, outliers.make_testing_outliers):
        first, second = make(images, labels, 5, seed=3), make(images, labels, 5, seed=3)
        assert all(np.array_equal(first[name], second[name]) for name in first)


def test_the_kinds_that_choose_are_not_those_that_judge_but_for_two(images, labels):
    choosing = set(outliers.make_choosing_outliers(images, labels, 5))
    testing = set(outliers.make_testing_outliers(images, labels, 5))
    assert len(choosing) == 9 and len(testing) == 21
    both = {name.split(",")[0] for name in choosing & testing}
    assert both == {"noise", "upside down"}


def test_each_kind_is_there_as_made_blurred_and_thresholded(images, labels):
    for make in (outliers.make_choosing_outliers, outliers.make_testing_outliers):
        kinds = make(images, labels, 5)
        for name, made in kinds.items():
            assert made.shape[1:] == (28, 28, 1) and made.min() >= 0 and made.max() <= 1
            if name.endswith("blurred"):
                original = kinds[name.removesuffix(", blurred")]
                assert np.allclose(made, outliers.blur(original))
            if name.endswith("thresholded"):
                original = kinds[name.removesuffix(", thresholded")]
                assert np.array_equal(made, original > 0.5)


def test_turned_and_mirrored_digits_are_of_classes_that_are_then_no_digits(images, labels):
    kinds = outliers.make_testing_outliers(images, labels, 150)
    upright = images[np.isin(labels, (3, 4, 7))]
    assert np.array_equal(kinds["upside down"][:, ::-1, ::-1], upright)
    assert np.array_equal(kinds["mirrored"][:, :, ::-1], upright)


def test_half_digits_have_their_upper_half_alone(images, labels):
    kinds = outliers.make_testing_outliers(images, labels, 20)
    halves, centred = kinds["half digits"], kinds["half digits, centred"]
    assert np.array_equal(halves[:, :14], images[:20, :14]) and not halves[:, 14:].any()
    for image in centred[..., 0]:
        assert np.allclose(ndimage.center_of_mass(image), 14, atol=0.51)
    assert np.allclose(centred.sum(axis=(1, 2, 3)), halves.sum(axis=(1, 2, 3)))


def test_letters_are_whole_and_lie_in_mnists_frame():
    letters = outliers.make_letters()
    assert len(letters) == 6 * 41
    for letter in letters[..., 0]:
        rows, columns = np.nonzero(letter)
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        assert 18 <= max(height, width) <= 20


def test_scribbles_are_strokes_of_some_width_in_the_middle():
    scribbles = outliers.make_scribbles(20, np.random.default_rng(0))
    ink = scribbles.sum(axis=(1, 2, 3))
    assert (ink > 30).all() and (ink < 350).all()
    for image in scribbles[..., 0]:
        rows, columns = np.nonzero(image > 0.2)
        assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
        assert ndimage.label(image > 0.2, np.ones((3, 3)))[1] == 1
