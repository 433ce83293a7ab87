"""Each fault of an array is refused in one sentence: what was received, and what to do."""

import numpy as np
import pytest

from vae_lib import arrays


def test_pixels_come_back_unchanged():
    pixels = np.arange(2 * 784).astype(np.uint8).reshape(2, 28, 28)
    assert np.array_equal(arrays.require_pixels(pixels), pixels)


@pytest.mark.parametrize("wrong", [np.zeros((2, 28, 28)), np.zeros((2, 28, 28), np.int64)])
def test_pixels_that_are_not_uint8_are_refused(wrong):
    with pytest.raises(
        TypeError, match=f"uint8, received {wrong.dtype}: pass the .* that load_digits returns"
    ):
        arrays.require_pixels(wrong)


@pytest.mark.parametrize("shape", [(28, 28), (2, 28, 28, 1), (2, 784), (2, 32, 32), ()])
def test_pixels_of_another_shape_are_refused(refused, shape):
    with refused(ValueError, f"have shape (n, 28, 28), received {shape}: take one as images[:1]"):
        arrays.require_pixels(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_images_come_back_as_float32(dtype):
    checked = arrays.require_images(np.full((2, 28, 28, 1), 0.5, dtype))
    assert checked.dtype == np.float32
    assert (checked == 0.5).all()


def test_raw_pixels_are_no_images():
    with pytest.raises(
        TypeError, match=r"floats in \[0, 1\], received uint8: call data.normalize first"
    ):
        arrays.require_images(np.zeros((2, 28, 28, 1), np.uint8))


@pytest.mark.parametrize("shape", [(2, 28, 28), (28, 28, 1), (2, 28, 28, 3), (2, 784)])
def test_images_of_another_shape_are_refused(refused, shape):
    with refused(
        ValueError, f"have shape (n, 28, 28, 1), received {shape}: data.normalize makes it"
    ):
        arrays.require_images(np.zeros(shape, np.float32))


@pytest.mark.parametrize(
    ("value", "found"),
    [(255.0, "0 to 255"), (-0.5, "-0.5 to 0"), (np.nan, "NaN"), (np.inf, "0 to inf")],
)
def test_one_value_outside_the_unit_range_is_refused(refused, value, found):
    images = np.zeros((2, 28, 28, 1), np.float32)
    images[1, 3, 5, 0] = value
    with refused(ValueError, f"must lie in [0, 1], received {found}: divide raw pixels by 255"):
        arrays.require_images(images)


def test_no_images_at_all_are_images():
    assert arrays.require_images(np.empty((0, 28, 28, 1), np.float32)).shape == (0, 28, 28, 1)


@pytest.mark.parametrize("codes", [[[1, 2]], [[1.0, 2.0]], np.ones((1, 2), np.float64)])
def test_codes_come_back_as_float32(codes):
    assert arrays.require_codes(codes, 2).dtype == np.float32


@pytest.mark.parametrize("codes", [[["a", "b"]], [[True, False]], [[None, None]]])
def test_codes_that_are_no_numbers_are_refused(codes):
    with pytest.raises(TypeError, match=r"Codes must be numbers, received .*: pass the z_mean"):
        arrays.require_codes(codes)


@pytest.mark.parametrize("shape", [(2,), (5, 3), (1, 5, 2)])
def test_codes_of_another_width_are_refused(refused, shape):
    with refused(ValueError, f"have shape (n, 2), received {shape}: one row per image"):
        arrays.require_codes(np.zeros(shape), latent_dim=2)


def test_any_width_will_do_where_none_is_asked_for():
    assert arrays.require_codes(np.zeros((5, 3))).shape == (5, 3)


def test_codes_that_are_not_finite_are_counted():
    with pytest.raises(
        ValueError, match="must be finite, received 2 that are not: check the images"
    ):
        arrays.require_codes([[np.nan, 0.0], [0.0, np.inf]])
