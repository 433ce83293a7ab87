"""The out-of-distribution score: what its frame takes away, and what its two distances are."""

import numpy as np
import pytest
from scipy import ndimage
from sklearn.neighbors import NearestNeighbors

from vae_lib import data, outliers
from vae_lib.inference import NumpyVAE
from vae_lib.ood import OODScore, canonical_frame, mean_distance_to_nearest, smoothed_distance

KERNEL = np.outer((1, 6, 1), (1, 6, 1)) / 64


@pytest.fixture(scope="module")
def images(digits):
    return data.normalize(digits.test.images[:40])


def linear_model(scale=1.0):
    """Codes that are the ink of each half, times a scale; the decoder returns grey for any code."""
    halves = np.zeros((784, 2), np.float32)
    halves[:392, 0] = scale
    halves[392:, 1] = scale
    identity = np.eye(2, dtype=np.float32)
    return NumpyVAE(
        {
            "encoder_0_kernel": halves,
            "encoder_0_bias": np.full(2, 100, np.float32),  # where GELU is the identity
            "z_mean_0_kernel": identity,
            "z_mean_0_bias": np.full(2, -100, np.float32),
            "z_log_var_0_kernel": identity,
            "z_log_var_0_bias": np.zeros(2, np.float32),
            "decoder_0_kernel": np.zeros((2, 784), np.float32),
            "decoder_0_bias": np.zeros(784, np.float32),
        }
    )


def make_score(codes, percentiles=None):
    codes = np.asarray(codes, np.float32)
    ramp = np.arange(101.0) if percentiles is None else percentiles
    return OODScore(linear_model(), codes, np.zeros(len(codes), int), linear_model(), ramp)


def difference(one, other):
    """Mean share of the pixels by which images differ, in units of their ink."""
    return np.abs(one - other).sum() / one.sum()


def test_the_frame_takes_away_darkness_and_place(images):
    framed = canonical_frame(images)
    assert np.allclose(canonical_frame(0.4 * images), framed, atol=1 / 8)
    moved = np.roll(images, (2, -1), axis=(1, 2))
    assert difference(framed, canonical_frame(moved)) < 0.01


def test_the_frame_takes_away_sharpness(images):
    def greyness(some):
        return np.sum(some * (1 - some))

    altered = outliers.alter_digits(images)
    usual = greyness(canonical_frame(images))
    assert greyness(altered["blurred"]) > 1.1 * greyness(images)
    assert greyness(canonical_frame(altered["blurred"])) == pytest.approx(usual, rel=0.05)
    assert greyness(altered["thresholded"]) == 0
    assert greyness(canonical_frame(altered["thresholded"])) == pytest.approx(usual, rel=0.1)


def test_the_frame_has_its_centre_of_mass_in_the_middle_and_keeps_the_shape(images):
    framed = canonical_frame(images)
    for image, original in zip(framed[..., 0], images[..., 0], strict=True):
        assert np.allclose(ndimage.center_of_mass(image), 14, atol=0.15)
        moved = ndimage.shift(original, 14 - np.array(ndimage.center_of_mass(original)), order=1)
        assert np.corrcoef(moved.ravel(), image.ravel())[0, 1] > 0.8


def test_the_frame_leaves_an_empty_sheet_empty_and_a_block_whole():
    blank = np.zeros((1, 28, 28, 1), np.float32)
    assert not canonical_frame(blank).any()
    block = blank.copy()
    block[0, 3:8, 10:15] = 0.3
    framed = canonical_frame(block)[0, ..., 0]
    assert framed.sum() == pytest.approx(25, rel=0.1)
    assert framed[14, 14] == 1 and ndimage.center_of_mass(framed) == pytest.approx((14, 14))


def test_ink_that_is_moved_out_of_the_frame_does_not_come_back_on_the_other_side():
    image = np.zeros((1, 28, 28, 1), np.float32)
    image[0, 10:18, 0:6] = 1
    image[0, 13, 6:28] = 1  # a long arm: the centre of mass lies at the left
    framed = canonical_frame(image)[0, ..., 0]
    assert not framed[:, 0].any()
    assert framed.sum() < image.sum()


def test_the_frame_asks_for_images(images):
    with pytest.raises(TypeError, match="floats"):
        canonical_frame((255 * images).astype(np.uint8))


def test_distance_to_the_nearest_is_scikit_learns():
    random = np.random.default_rng(0)
    points, reference = random.normal(size=(1200, 7)), random.normal(size=(300, 7))
    expected, _ = NearestNeighbors(n_neighbors=4).fit(reference).kneighbors(points)
    found = mean_distance_to_nearest(points, reference, 4)
    assert np.allclose(found, expected.mean(axis=1), atol=1e-6)


def test_the_score_is_the_product_of_two_distances_the_first_squared(images):
    framed = canonical_frame(images)
    ink = framed.reshape(len(images), 2, 392).sum(axis=2)
    score = make_score(np.repeat([[0.0, 0.0], [1000.0, 0.0]], 5, axis=0))
    code_distance = np.linalg.norm(ink, axis=1)  # to the five codes at the origin
    smooth = ndimage.convolve(framed - 0.5, KERNEL[None, ..., None], mode="constant")
    image_distance = np.linalg.norm(smooth.reshape(len(images), -1), axis=1)
    assert np.allclose(score.code_distance(images), code_distance, rtol=1e-4)
    assert np.allclose(score.image_distance(images), image_distance, rtol=1e-4)
    assert np.allclose(score.score(images), code_distance**2 * image_distance, rtol=1e-4)


def test_images_above_the_97th_percentile_are_refused(images):
    values = make_score(np.zeros((10, 2))).score(images)
    score = make_score(np.zeros((10, 2))).calibrate(images)
    assert score.threshold == pytest.approx(np.percentile(values, 97))
    assert np.array_equal(score.refuses(images), values > score.threshold)
    assert score.refuses(images).sum() == 2  # of 40
    percentile = score.percentile(images)
    assert percentile.min() == 0 and percentile.max() == 99
    assert np.array_equal(percentile >= 97, score.refuses(images))


def test_the_smoothed_distance_forgives_an_edge_half_a_pixel_aside():
    sharp, grey, dot = np.zeros((3, 1, 28, 28, 1))
    sharp[0, :, 14:] = 1
    grey[0, :, 14:] = 1
    grey[0, :, 13] = 0.5  # the edge half a pixel further left
    dot[0, :, 13] = 0.5
    assert smoothed_distance(sharp, sharp) == 0
    smoothed = smoothed_distance(sharp, grey)
    assert smoothed == pytest.approx(smoothed_distance(dot, np.zeros_like(dot)))
    assert smoothed < 0.8 * np.linalg.norm(sharp - grey)
