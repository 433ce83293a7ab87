"""What an array must be before the library works with it; each fault is one sentence."""

from typing import Any

import numpy as np

from vae_lib.settings import IMAGE_SHAPE


def check_pixels(images: Any) -> np.ndarray:
    """Return raw images, or say why they are none.

    Args:
        images: uint8, shape ``(n, 28, 28)``, values 0 to 255.

    Raises:
        TypeError: not uint8.
        ValueError: another shape.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8:
        raise TypeError(
            f"Raw images are uint8, received {images.dtype}: pass the images that load_digits returns."
        )
    if images.ndim != 3 or images.shape[1:] != IMAGE_SHAPE[:2]:
        raise ValueError(
            f"Raw images have shape (n, 28, 28), received {images.shape}: take one as images[:1]."
        )
    return images


def check_images(images: Any) -> np.ndarray:
    """Return normalised images as float32, or say why they are none.

    Args:
        images: float, shape ``(n, 28, 28, 1)``, values in [0, 1].

    Raises:
        TypeError: not floating point.
        ValueError: another shape, a value that is not a number, or one outside [0, 1].
    """
    images = np.asarray(images)
    if not np.issubdtype(images.dtype, np.floating):
        raise TypeError(
            f"Images must be floats in [0, 1], received {images.dtype}: call data.normalize first."
        )
    if images.ndim != 4 or images.shape[1:] != IMAGE_SHAPE:
        raise ValueError(
            f"Images have shape (n, 28, 28, 1), received {images.shape}: data.normalize makes it."
        )
    check_unit_range(images, "Images")
    return images.astype(np.float32, copy=False)


def check_codes(z: Any, latent_dim: int | None = None) -> np.ndarray:
    """Return codes as float32, or say why they are none.

    Args:
        z: numbers, shape ``(n, latent_dim)``.
        latent_dim: the width that the caller needs; any if None.

    Raises:
        TypeError: not numbers.
        ValueError: another shape, or a value that is not finite.
    """
    z = np.asarray(z)
    if not (np.issubdtype(z.dtype, np.floating) or np.issubdtype(z.dtype, np.integer)):
        raise TypeError(
            f"Codes must be numbers, received {z.dtype}: pass the z_mean that encode returns."
        )
    if z.ndim != 2 or (latent_dim and z.shape[1] != latent_dim):
        wanted = f"(n, {latent_dim or 'latent_dim'})"
        raise ValueError(
            f"Codes have shape {wanted}, received {z.shape}: one row per image, one column per dimension."
        )
    if not np.isfinite(z).all():
        raise ValueError(
            f"Codes must be finite, received {np.sum(~np.isfinite(z))} that are not: check the images."
        )
    return z.astype(np.float32, copy=False)


def check_unit_range(values: np.ndarray, name: str) -> None:
    """Raise ValueError unless every value lies in [0, 1]."""
    if values.size and not (values.min() >= 0 and values.max() <= 1):  # NaN fails both comparisons
        found = "NaN" if np.isnan(values).any() else f"{values.min():.4g} to {values.max():.4g}"
        raise ValueError(
            f"{name} must lie in [0, 1], received {found}: divide raw pixels by 255 with data.normalize."
        )
