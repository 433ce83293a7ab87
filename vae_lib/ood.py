"""The out-of-distribution score: how unlike a digit an image is.

One score for the notebooks, the drawing pad and the page; ``widgets/js/ood.js`` computes the same
in the browser. ``shipped.load_ood_score`` has the one that is shipped, and experiment
``ood-candidates`` measures it beside the scores of the literature.
"""

import dataclasses
from typing import Self

import numpy as np
import numpy.typing as npt

from vae_lib.arrays import Float32s, Floats, require_images
from vae_lib.evaluation import PERCENT
from vae_lib.inference import NumpyVAE
from vae_lib.settings import IMAGE_SHAPE

NEIGHBOURS = 5  # reference codes that a code is compared with
RARE = 97  # percentile of real digits above which an image is refused
BATCH = 100  # images at a time: bounds the memory
FINER = 4  # pixels of the enlarged image for each pixel, along each axis
SIDE = IMAGE_SHAPE[0]
FINE_SIDE = FINER * SIDE
SMOOTHING = (0.125, 0.75, 0.125)  # weights of a pixel and its neighbours, along rows and columns
MIDDLE = FINER * (SIDE // 2 + 0.5)  # of pixel (14, 14), where MNIST's digits have their centre


@dataclasses.dataclass(frozen=True)
class OODScore:
    """The score: the squared distance of an image's code times that of its reconstruction.

    Both distances are measured in the ``canonical_frame``. The first is the mean Euclidean distance
    between the image's code and the five nearest reference codes. The second is the Euclidean
    distance between the image and its reconstruction from the mean of its approximate posterior,
    both smoothed a little, so that an edge may lie a fraction of a pixel aside.
    The square was chosen on validation digits.

    Attributes:
        code_model: encodes for the first distance; trained with data augmentation, so that the
            codes of one digit in several styles lie close together.
        codes: ``z_mean`` under ``code_model`` of real digits, thickened and thinned at random, in
            the canonical frame, ``(m, latent_dim)``.
        labels: their labels, ``(m,)``, for those who let the neighbours vote.
        image_model: reconstructs for the second distance; trained on digits as they are, so that
            it reconstructs other shapes badly.
        percentiles: 0 to 100, of the score over digits that no part was trained on, ``(101,)``.
    """

    code_model: NumpyVAE
    codes: np.ndarray
    labels: np.ndarray
    image_model: NumpyVAE
    percentiles: np.ndarray

    @property
    def threshold(self) -> float:
        """Images with a higher score are refused."""
        return float(self.percentiles[RARE])

    def score(self, images: npt.ArrayLike) -> Floats:
        """The score of each image, shape ``(n,)``: higher is less like a digit.

        Args:
            images: float, shape ``(n, 28, 28, 1)``, in [0, 1].

        Raises:
            TypeError, ValueError: as ``arrays.require_images`` does.
        """
        framed = canonical_frame(images)
        return self._code_distance(framed) ** 2 * self._image_distance(framed)

    def code_distance(self, images: npt.ArrayLike) -> Floats:
        """Mean distance from each code to the five nearest reference codes, shape ``(n,)``."""
        return self._code_distance(canonical_frame(images))

    def image_distance(self, images: npt.ArrayLike) -> Floats:
        """Distance of each image, in the canonical frame, from its reconstruction: ``(n,)``."""
        return self._image_distance(canonical_frame(images))

    def refuses(self, images: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether each image scores above the threshold, shape ``(n,)``."""
        return self.score(images) > self.threshold

    def percentile(self, images: npt.ArrayLike) -> npt.NDArray[np.int_]:
        """In which percent of real digits the score is smaller, 0 to 100, shape ``(n,)``."""
        smaller = np.searchsorted(self.percentiles, self.score(images), side="left")
        return np.maximum(smaller - 1, 0)

    def calibrate(self, images: npt.ArrayLike) -> Self:
        """The same score with the percentiles of other real digits, such as one's own."""
        return dataclasses.replace(self, percentiles=np.percentile(self.score(images), PERCENT))

    def _code_distance(self, framed: Float32s) -> Floats:
        z_mean, _ = self.code_model.encode(framed)
        return mean_distance_to_nearest(z_mean, self.codes, NEIGHBOURS)

    def _image_distance(self, framed: Float32s) -> Floats:
        distances = np.empty(len(framed))
        for start in range(0, len(framed), BATCH):
            part = framed[start : start + BATCH]
            z_mean, _ = self.image_model.encode(part)
            reconstructions = self.image_model.decode(z_mean)
            distances[start : start + BATCH] = smoothed_distance(part, reconstructions)
        return distances


def canonical_frame(images: npt.ArrayLike) -> Float32s:
    """Take from each image how sharp, how dark and how well centred it is.

    The image is enlarged four times, each pixel of the enlargement is set to 1 if it has more than
    half of the most ink of the image and to 0 otherwise, the centre of mass is moved into the
    middle of pixel (14, 14), and squares of 4 by 4 pixels are averaged again. An image without ink
    is returned as it is.

    Args:
        images: float, shape ``(n, 28, 28, 1)``, in [0, 1].

    Returns:
        float32, same shape.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does.
    """
    sheets = require_images(images)[..., 0]
    framed = np.zeros((len(sheets), *IMAGE_SHAPE), np.float32)
    for number, sheet in enumerate(sheets):
        darkest = sheet.max()
        if darkest > 0:
            is_ink = ENLARGE @ sheet @ ENLARGE.T > darkest / 2
            centred = _centre(is_ink)
            squares = centred.reshape(SIDE, FINER, SIDE, FINER)
            framed[number, ..., 0] = squares.mean(axis=(1, 3))
    return framed


def _centre(is_ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Move the centre of mass to the middle by whole pixels; what leaves the frame is lost."""
    padded = np.pad(is_ink, FINE_SIDE)
    window = []
    for axis in (0, 1):
        mass = is_ink.sum(axis=1 - axis)
        centre = mass @ np.arange(FINE_SIDE) / mass.sum() + 0.5
        to_move = int(np.floor(MIDDLE - centre + 0.5))
        window.append(slice(FINE_SIDE - to_move, 2 * FINE_SIDE - to_move))
    return padded[tuple(window)]


def smoothed_distance(images: np.ndarray, others: np.ndarray) -> Floats:
    """Euclidean distance between two images, both smoothed with ``SMOOTHING``: shape ``(n,)``.

    Args:
        images: ``(n, 28, 28, 1)``.
        others: same shape.
    """
    from scipy.ndimage import convolve1d

    difference = images - others  # smoothing is linear: one difference in place of two images
    for axis in (1, 2):
        difference = convolve1d(difference, SMOOTHING, axis, mode="constant")
    return np.sqrt(np.sum(difference**2, axis=(1, 2, 3)))


def mean_distance_to_nearest(points: np.ndarray, reference: np.ndarray, k: int) -> Floats:
    """Mean Euclidean distance from each point to the k nearest of the reference: ``(n,)``.

    Args:
        points: ``(n, d)``.
        reference: ``(m, d)``, with m above k.
        k: number of neighbours.
    """
    reference_squares = np.sum(reference**2, axis=1)
    means = np.empty(len(points))
    for start in range(0, len(points), BATCH):
        part = points[start : start + BATCH]
        # |a - b|² = |a|² + |b|² - 2 ab, for all pairs at once
        squares = reference_squares - 2 * part @ reference.T
        squares += np.sum(part**2, axis=1)[:, None]
        nearest = np.partition(squares, k, axis=1)[:, :k]
        # rounding can make a distance of zero negative
        means[start : start + BATCH] = np.sqrt(np.maximum(nearest, 0)).mean(axis=1)
    return means


def _make_enlargement() -> npt.NDArray[np.float64]:
    """The matrix ``(112, 28)`` that interpolates a column of pixels linearly.

    Each row holds the weights of the two pixels whose middles are nearest; beyond the edge the
    paper is empty.
    """
    matrix = np.zeros((FINE_SIDE, SIDE))
    places = (np.arange(FINE_SIDE) + 0.5) / FINER - 0.5  # in pixels of the image
    before = np.floor(places).astype(int)
    for row, (pixel, share) in enumerate(zip(before, places - before, strict=True)):
        if pixel >= 0:
            matrix[row, pixel] = 1 - share
        if pixel + 1 < SIDE:
            matrix[row, pixel + 1] = share
    return matrix


ENLARGE = _make_enlargement()
