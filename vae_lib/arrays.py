"""What an array must be before the library works with it; each fault is one sentence."""

import operator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from vae_lib import versions
from vae_lib.settings import IMAGE_SHAPE

versions.require("numpy", "scipy", "scikit-learn")

Floats = npt.NDArray[np.floating[Any]]
"""An array of floating-point numbers of any precision."""

Float32s = npt.NDArray[np.float32]
"""An array in single precision, the precision that the networks compute in."""

Pixels = npt.NDArray[np.uint8]
"""Raw grey levels from 0 to 255."""

Tensor: TypeAlias = Any
"""A tensor of Keras' backend, or an array: the backends' tensors share no type."""


def require_pixels(images: npt.ArrayLike) -> Pixels:
    """Return raw images as an array, or say why they are none.

    Args:
        images: uint8, shape ``(n, 28, 28)``, values 0 to 255.

    Raises:
        TypeError: not uint8.
        ValueError: another shape.
    """
    pixels = np.asarray(images)
    if pixels.dtype != np.uint8:
        raise TypeError(
            f"Raw images are uint8, received {pixels.dtype}: "
            "pass the images that load_digits returns."
        )
    if pixels.ndim != 3 or pixels.shape[1:] != IMAGE_SHAPE[:2]:
        raise ValueError(
            f"Raw images have shape (n, 28, 28), received {pixels.shape}: take one as images[:1]."
        )
    return pixels


def require_images(images: npt.ArrayLike) -> Float32s:
    """Return normalised images as float32, or say why they are none.

    Args:
        images: float, shape ``(n, 28, 28, 1)``, values in [0, 1].

    Raises:
        TypeError: not floating point.
        ValueError: another shape, a value that is not a number, or one outside [0, 1].
    """
    array = np.asarray(images)
    if not np.issubdtype(array.dtype, np.floating):
        raise TypeError(
            f"Images must be floats in [0, 1], received {array.dtype}: call data.normalize first."
        )
    if array.ndim != 4 or array.shape[1:] != IMAGE_SHAPE:
        raise ValueError(
            f"Images have shape (n, 28, 28, 1), received {array.shape}: data.normalize makes it."
        )
    require_unit_range(array, "Images")
    return array.astype(np.float32, copy=False)


def require_codes(z: npt.ArrayLike, latent_dim: int | None = None) -> Float32s:
    """Return codes as float32, or say why they are none.

    Args:
        z: numbers, shape ``(n, latent_dim)``.
        latent_dim: the number of latent dimensions that the caller needs; any if None.

    Raises:
        TypeError: not numbers.
        ValueError: another shape, or a value that is not finite.
    """
    codes = np.asarray(z)
    is_number = np.issubdtype(codes.dtype, np.floating) or np.issubdtype(codes.dtype, np.integer)
    if not is_number:
        raise TypeError(
            f"Codes must be numbers, received {codes.dtype}: pass the z_mean that encode returns."
        )
    if codes.ndim != 2 or latent_dim not in (None, codes.shape[1]):
        wanted = f"(n, {latent_dim or 'latent_dim'})"
        raise ValueError(
            f"Codes have shape {wanted}, received {codes.shape}: "
            "one row per image, one column per dimension."
        )
    if not np.isfinite(codes).all():
        faults = np.sum(~np.isfinite(codes))
        raise ValueError(f"Codes must be finite, received {faults} that are not: check the images.")
    return codes.astype(np.float32, copy=False)


def as_whole(value: object) -> int | None:
    """A whole number of Python or NumPy as Python's own; None if it is none.

    NumPy's integers have a fixed width, so that products of them overflow, and Keras refuses them.
    """
    try:
        return operator.index(value)  # type: ignore[arg-type]  # what it refuses is the question
    except TypeError:
        return None


def require_whole(value: object, name: str, least: int = 1) -> int:
    """Return a whole number as Python's own, or say why it is none.

    Raises:
        ValueError: not a whole number, or one below ``least``.
    """
    whole = as_whole(value)
    if whole is None or whole < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, received {value!r}.")
    return whole


def require_sheet(ink: npt.ArrayLike) -> Float32s:
    """Ink on a sheet as float32 ``(height, width)``.

    Raises:
        ValueError: another shape, or a value outside [0, 1].
    """
    sheet = np.asarray(ink, np.float32)
    if sheet.ndim != 2:
        raise ValueError(f"A sheet has shape (height, width), received {sheet.shape}.")
    require_unit_range(sheet, "Ink")
    return sheet


def require_unit_range(values: np.ndarray, name: str) -> None:
    """Raise ValueError unless every value lies in [0, 1]."""
    if not values.size:
        return
    lowest, highest = values.min(), values.max()
    if lowest >= 0 and highest <= 1:  # NaN fails both comparisons
        return
    found = "NaN" if np.isnan(values).any() else f"{lowest:.4g} to {highest:.4g}"
    raise ValueError(
        f"{name} must lie in [0, 1], received {found}: "
        "divide raw pixels by 255 with data.normalize."
    )
