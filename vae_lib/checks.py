"""Feedback for the exercises: says what is wrong, not only that it is.

``check`` compares an answer with the right one, then with a table of usual mistakes. It prints
one line and never raises, so that "run all" goes on past an exercise that is still open; under
nbgrader, which grades by exceptions, it raises as well.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from vae_lib.formulas import sigmoid as _sigmoid

PIXELS = 784


@dataclass(frozen=True)
class Exercise:
    """One exercise: all functions take the arrays that the notebook passes to ``check``.

    Attributes:
        right: computes the right answer.
        reading: what a right answer shows, printed as praise.
        mistakes: what to tell the reader, by the function that computes that wrong answer.
        tolerance: largest difference allowed, relative to the size of the right answer.
    """

    right: Callable[..., npt.ArrayLike]
    reading: str
    mistakes: dict[str, Callable[..., npt.ArrayLike]] = field(default_factory=dict)
    tolerance: float = 1e-4


def _kl(z_mean: np.ndarray, z_log_var: np.ndarray) -> np.ndarray:
    return 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var)


def _gaussian_nll(
    images: np.ndarray,
    logits: np.ndarray,
    mean: Callable = _sigmoid,
    std: float = 0.3,
    divisor: float = 2 * 0.3**2,
) -> np.ndarray:
    per_pixel = (images - mean(logits)) ** 2 / divisor + np.log(std * np.sqrt(2 * np.pi))
    return per_pixel.reshape(len(images), -1).sum(axis=1)


def _laplace_nll(
    images: np.ndarray,
    centers: np.ndarray,
    power: float = 1,
    divisor: float = 0.2,
    constant: float = 2 * 0.2,
) -> np.ndarray:
    per_pixel = np.abs(images - centers) ** power / divisor + np.log(constant)
    return per_pixel.reshape(len(images), -1).sum(axis=1)


def _half_a_step(decode: Callable) -> np.ndarray:
    """How the decoded image changes when z1 goes from 0 to 0.5."""
    before, after = decode(np.array([[0.0, 0.0], [0.5, 0.0]]))
    return after - before


def _kl_from_prior(z_mean: np.ndarray, z_log_var: np.ndarray, prior_std: float) -> np.ndarray:
    return _kl(z_mean / prior_std, z_log_var - 2 * np.log(prior_std))


def _best_std(
    weight: float, mean: float, stds: np.ndarray, reconstructions: np.ndarray
) -> np.ndarray:
    kl = _kl(np.asarray(mean), 2 * np.log(stds))
    return stds[np.argmin(reconstructions + weight * kl)]


def _logit_gradient(images: np.ndarray, logits: np.ndarray) -> np.ndarray:
    return (_sigmoid(logits) - images).reshape(len(images), -1)


def _mean_image(*splits: np.ndarray) -> np.ndarray:
    return np.concatenate(splits).mean(axis=0) / 255


def _pca_errors(
    coordinates: np.ndarray, centred: np.ndarray, target: float, add_up: Callable = np.cumsum
) -> np.ndarray:
    """Mean squared error of the images with 1, 2, ... components."""
    del target
    without = np.square(centred).sum(axis=1).mean()
    return without - add_up(np.square(coordinates).mean(axis=0))


def _count_components(errors: np.ndarray, target: float) -> int:
    """How many components it takes to reach the target."""
    return int(np.argmax(errors <= target)) + 1


def _softmax(bounds: np.ndarray) -> np.ndarray:
    weights = np.exp(bounds - bounds.max())
    return weights / weights.sum()


def _sample_size(log_weights: np.ndarray) -> np.ndarray:
    weights = np.exp(log_weights - log_weights.max(axis=0))
    return weights.sum(axis=0) ** 2 / (weights**2).sum(axis=0)


def _sample(mean: np.ndarray, scale: Any, epsilon: Any) -> np.ndarray:
    return mean + scale * epsilon


_DRAWS = Exercise(
    lambda z_mean, z_log_var, epsilon: _sample(z_mean, np.exp(0.5 * z_log_var), epsilon),
    "the noise depends on no parameter, so the gradient reaches the mean and the log-variance",
    {
        "that scales by the variance: take exp(z_log_var / 2)": (
            lambda z_mean, z_log_var, epsilon: _sample(z_mean, np.exp(z_log_var), epsilon)
        ),
        "that scales by the logarithm itself: take exp(z_log_var / 2)": (
            lambda z_mean, z_log_var, epsilon: _sample(z_mean, z_log_var, epsilon)
        ),
        "the noise is not scaled": (lambda z_mean, z_log_var, epsilon: _sample(z_mean, 1, epsilon)),
        "the mean is missing": (
            lambda z_mean, z_log_var, epsilon: _sample(0 * z_mean, np.exp(0.5 * z_log_var), epsilon)
        ),
        "the noise is missing": (
            lambda z_mean, z_log_var, epsilon: _sample(z_mean, np.exp(0.5 * z_log_var), 1)
        ),
    },
)

EXERCISES = {
    "00.1": Exercise(
        lambda decode: np.sum(np.abs(_half_a_step(decode)) > 0.1),
        "one latent variable changes pixels all over the image",
        {
            "differences have two signs: take np.abs before you compare": lambda decode: np.sum(
                _half_a_step(decode) > 0.1
            ),
            "differences have two signs: take np.abs before you compare with 0.1": lambda decode: (
                np.sum(_half_a_step(decode) < -0.1)
            ),
            "that is a share: count the pixels with np.sum": lambda decode: np.mean(
                np.abs(_half_a_step(decode)) > 0.1
            ),
            "a latent variable does not change half of the pixels: compute it": lambda decode: (
                PIXELS / 2
            ),
        },
        tolerance=0,
    ),
    "00.2": Exercise(
        lambda decode, z: decode(z),
        "two numbers in, 784 pixels out",
        {
            "z1 and z2 have changed places: z1 goes to the right, z2 up": lambda decode, z: decode(
                z[:, ::-1]
            ),
            "z2 has the wrong sign: up is positive": lambda decode, z: decode(z * [1, -1]),
        },
    ),
    "01.1": Exercise(
        lambda images: (images == 0).mean(),
        "most of a digit's image is empty paper",
        {
            "that is the share of pixels with ink": lambda images: (images > 0).mean(),
            "that is a count: divide it by the number of pixels in all images": lambda images: (
                images == 0
            ).sum(),
            "that is a count per image: divide it by the 784 pixels": lambda images: (
                (images == 0).sum() / len(images)
            ),
        },
    ),
    "01.2": Exercise(
        lambda pixels: np.round(255 * pixels[..., 0]).astype(np.uint8),
        "each value becomes the nearest byte",
        {
            "the values are truncated, so half are one too small: round first": lambda pixels: (
                255 * pixels[..., 0]
            ).astype(np.uint8),
            "the channel axis is still there: take [..., 0]": lambda pixels: np.round(255 * pixels),
            "the values still end at 1: multiply by 255": lambda pixels: np.round(pixels[..., 0]),
        },
        tolerance=0,
    ),
    "01.3": Exercise(
        lambda train, **_: _mean_image(train),
        "the test digits have not been looked at",
        {
            "test data in training: that is the mean of the test images": lambda test, **_: (
                _mean_image(test)
            ),
            "test data in training: the test images are mixed in": lambda train, test, **_: (
                _mean_image(train, test)
            ),
            "test data in training: all three splits are mixed": lambda **splits: _mean_image(
                *splits.values()
            ),
            "validation images are for choosing": lambda train, validation, **_: _mean_image(
                train, validation
            ),
            "the values reach 255: divide by it": lambda train, **_: 255 * _mean_image(train),
            "that is one number: average over the images alone, axis 0": lambda train, **_: (
                train.mean() / 255
            ),
        },
    ),
    "02.2": Exercise(
        lambda **given: _best_std(4, **given),
        "a larger weight makes the best q wider",
        {
            "that is the best at β = 1: multiply the KL term by 4": lambda **given: _best_std(
                1, **given
            ),
            "the weight stands in front of the wrong term": lambda **given: _best_std(
                0.25, **given
            ),
            "that minimises the reconstruction term alone": lambda **given: _best_std(0, **given),
            "that is a position: take the standard deviation there": lambda **given: np.flatnonzero(
                given["stds"] == _best_std(4, **given)
            )[0],
            "that is the variance: take the standard deviation": lambda **given: (
                _best_std(4, **given) ** 2
            ),
        },
        tolerance=1e-6,
    ),
    "02.3": Exercise(
        lambda: 32 * 32 * 3 / 2,
        "the mean over pixels and channels, and the half of the Gaussian, weigh the KL term",
        {
            "the Gaussian likelihood has half the sum of squares": lambda: 32 * 32 * 3,
            "the half belongs to the squares, so it divides the weight": lambda: 32 * 32 * 3 * 2,
            "the three channels are averaged as well": lambda: 32 * 32 / 2,
            "the three channels are averaged as well, and there is a half": lambda: 32 * 32,
            "the KL term was summed, so the 64 dimensions do not enter": lambda: (
                32 * 32 * 3 / 2 / 64
            ),
            "the KL term was summed, and the squares have a half": lambda: 32 * 32 * 3 / 64,
            "turn it over: what multiplies the KL term once the squares are summed": lambda: (
                2 / (32 * 32 * 3)
            ),
        },
    ),
    "02.4": Exercise(
        lambda **given: _kl_from_prior(**given).sum(axis=-1),
        "zero only where q equals the new prior",
        {
            "that is the KL from N(0, 1), not from this prior": lambda z_mean, z_log_var, **_: _kl(
                z_mean, z_log_var
            ).sum(axis=-1),
            "log τ is missing: a wider prior has another constant": lambda prior_std, **given: (
                _kl_from_prior(prior_std=prior_std, **given) - np.log(prior_std)
            ).sum(axis=-1),
            "prior_std is a standard deviation: square it": lambda z_mean, z_log_var, prior_std: (
                np.log(prior_std)
                - 0.5 * z_log_var
                + (z_mean**2 + np.exp(z_log_var)) / (2 * prior_std)
                - 0.5
            ).sum(axis=-1),
            "divide σ² by the prior's variance, too": lambda z_mean, z_log_var, prior_std: (
                np.log(prior_std) + _kl(z_mean / prior_std, z_log_var)
            ).sum(axis=-1),
            "a mean where a sum belongs: sum over the latent dimensions": lambda **given: (
                _kl_from_prior(**given).mean(axis=-1)
            ),
            "the wrong axis: sum latent dimensions, and not images": lambda **given: _kl_from_prior(
                **given
            ).sum(axis=0),
            "nothing is summed: add up the latent dimensions with axis=-1": lambda **given: (
                _kl_from_prior(**given)
            ),
            "the - 1/2 is missing: for q equal to the prior the result must be 0": lambda **given: (
                _kl_from_prior(**given) + 0.5
            ).sum(axis=-1),
        },
    ),
    "03.1": Exercise(
        lambda: (PIXELS + 1) * 512 + 512 * 512,
        "the layer behind gets 512 more inputs for each of its units",
        {
            "the next layer grows, too: each of its units gets 512 more inputs": lambda: (
                (PIXELS + 1) * 512
            ),
            "each of the new units has a bias, too": lambda: PIXELS * 512 + 512 * 512,
            "the next layer gets no more units, and so no more biases": lambda: (
                (PIXELS + 1) * 512 + 512 * 512 + 512
            ),
            "that is the layer behind alone: the layer itself grows, too": lambda: 512 * 512,
            "that is the whole wider encoder: its growth is asked for": lambda: (
                796_932 + (PIXELS + 1) * 512 + 512 * 512
            ),
        },
        tolerance=0,
    ),
    "03.3": Exercise(
        lambda: 796_932 - (256 + 1),
        "one unit less in the second head, 257 parameters less",
        {
            "that is the encoder with two variances: its second head has two units": lambda: (
                796_932
            ),
            "the second head has no unit left: keep one": lambda: 796_932 - 2 * (256 + 1),
            "a layer turns the one log-variance into two: repeat it, without weights": lambda: (
                796_932 - (256 + 1) + 4
            ),
        },
        tolerance=0,
    ),
    "04.1": Exercise(
        lambda images, logits: _logit_gradient(images, logits).mean(axis=0),
        "it is zero where the mean probability equals the mean pixel",
        {
            "the loss is a mean over the images: average, do not add up": lambda images, logits: (
                _logit_gradient(images, logits).sum(axis=0)
            ),
            "that is one value for each image: each bias has its own pixel": (
                lambda images, logits: _logit_gradient(images, logits).mean(axis=1)
            ),
            "nothing is averaged: the loss is a mean over the images": lambda images, logits: (
                _logit_gradient(images, logits)
            ),
            "take the sigmoid of the logits first": lambda images, logits: (
                (logits - images).reshape(len(images), -1).mean(axis=0)
            ),
            "the pixels are missing: what is subtracted from the probability?": (
                lambda images, logits: _sigmoid(logits).reshape(len(images), -1).mean(axis=0)
            ),
        },
    ),
    "04.3": Exercise(
        lambda: 2,
        "all logits lie in a plane, one direction for each latent dimension",
        {
            "the mean has been subtracted, and with it the bias": lambda: 3,
            "a product of matrices has no larger rank than its smallest factor": lambda: 256,
            "so many directions would need as many latent dimensions": lambda: PIXELS,
            "that is the number of samples: each is a combination of a few directions": lambda: 500,
        },
        tolerance=0,
    ),
    "04.4": Exercise(
        _laplace_nll,
        "its derivative is 1/b or -1/b, and its best constant prediction is the median",
        {
            "the constant log(2 b) is missing": lambda images, centers: _laplace_nll(
                images, centers, constant=1
            ),
            "the sign of the constant is wrong: -log of 1 / (2 b) is log(2 b)": (
                lambda images, centers: _laplace_nll(images, centers, constant=1 / (2 * 0.2))
            ),
            "the constant is log(2 b), not log(b)": lambda images, centers: _laplace_nll(
                images, centers, constant=0.2
            ),
            "the distance is divided by b, not by 2 b": lambda images, centers: _laplace_nll(
                images, centers, divisor=2 * 0.2
            ),
            "that is the squared distance: take np.abs": lambda images, centers: _laplace_nll(
                images, centers, power=2
            ),
            "the pixels are averaged: sum them": lambda images, centers: (
                _laplace_nll(images, centers) / PIXELS
            ),
        },
    ),
    "05.3": Exercise(
        _gaussian_nll,
        "a likelihood is an argument of the model, and nothing else has to change",
        {
            "the logits are no mean: take their sigmoid": lambda images, logits: _gaussian_nll(
                images, logits, mean=lambda x: x
            ),
            "the constant log(s sqrt(2 pi)) is missing": lambda images, logits: (
                _gaussian_nll(images, logits) - PIXELS * np.log(0.3 * np.sqrt(2 * np.pi))
            ),
            "the sign of the constant is wrong: -log of 1 / (s sqrt(2 pi)) is log(s sqrt(2 pi))": (
                lambda images, logits: (
                    _gaussian_nll(images, logits) - 2 * PIXELS * np.log(0.3 * np.sqrt(2 * np.pi))
                )
            ),
            "the pixels are averaged: sum them": lambda images, logits: (
                _gaussian_nll(images, logits) / PIXELS
            ),
            "the squared difference is divided by s: divide it by 2 s squared": (
                lambda images, logits: _gaussian_nll(images, logits, divisor=0.3)
            ),
            "the factor 1/2 is missing: divide by 2 s squared": lambda images, logits: (
                _gaussian_nll(images, logits, divisor=0.3**2)
            ),
        },
    ),
    "06.2": Exercise(
        lambda: np.exp(-4.5),
        "about one sample in ninety lies further out",
        {
            "that is the share inside": lambda: 1 - np.exp(-4.5),
            "that is the share of one dimension outside ±3: here it is a distance in two": lambda: (
                0.0027
            ),
            "that is the density at radius 3: integrate it from 3 outwards": lambda: (
                np.exp(-4.5) / (2 * np.pi)
            ),
            "the squared radius is halved: take exp(-9/2)": lambda: np.exp(-9.0),
        },
        tolerance=0.05,
    ),
    "06.3": Exercise(
        lambda **given: _count_components(_pca_errors(**given), given["target"]),
        "a linear decoder needs many numbers for what a curved surface does with two",
        {
            "that is the index, which starts at 0: one component has index 0": lambda **given: (
                _count_components(_pca_errors(**given), given["target"]) - 1
            ),
            "that is one component too many": lambda **given: (
                _count_components(_pca_errors(**given), given["target"]) + 1
            ),
            "each component reduces what the ones before it have left: add up with np.cumsum": (
                lambda **given: _count_components(
                    _pca_errors(**given, add_up=lambda x: x), given["target"]
                )
            ),
        },
        tolerance=0,
    ),
    "07.1": Exercise(
        lambda: np.exp(-(3.8**2)),
        "one sample in nearly two million: the prior has almost no probability there",
        {
            "the squared radius has two parts: add up 3.8² for both coordinates": lambda: np.exp(
                -(3.8**2) / 2
            ),
            "that is the share inside": lambda: 1 - np.exp(-(3.8**2)),
            "the squared radius is halved": lambda: np.exp(-2 * 3.8**2),
            "the radius is squared": lambda: np.exp(-np.sqrt(2) * 3.8 / 2),
        },
    ),
    "07.2": _DRAWS,
    "08.1": Exercise(
        lambda: 0.99 * 0.98 * 0.90 * 0.99 * 0.95,
        "the five errors add up to a code that is wrong one time in five",
        {
            "that is the mean of the five: all must be right at once, so multiply": lambda: 0.962,
            "that is the weakest digit alone: the others can be wrong as well": lambda: 0.90,
            "that is the chance of an error: take it from 1": lambda: (
                1 - 0.99 * 0.98 * 0.90 * 0.99 * 0.95
            ),
            "the chances of an error cannot be added up, though they nearly can": lambda: 1 - 0.19,
        },
    ),
    "08.2": Exercise(
        lambda bounds: _softmax(bounds / 10),
        "Bayes' rule, with all labels equally likely beforehand",
        {
            "the bounds are not divided by the temperature": _softmax,
            "the temperature multiplies: divide by it": lambda bounds: _softmax(bounds * 10),
            "the sign is turned: the largest bound is the likeliest label": lambda bounds: _softmax(
                -bounds / 10
            ),
            "bounds are logarithms: take exp before you divide by the sum": lambda bounds: (
                bounds / bounds.sum()
            ),
            "divide by the sum, so that the ten add up to 1": lambda bounds: np.exp(
                (bounds - bounds.max()) / 10
            ),
        },
    ),
    "09.1": Exercise(
        lambda: 20 * np.sin(np.deg2rad(12.5)),
        "at the rim, a turn moves ink as far as a shift of more than four pixels",
        {
            "NumPy's sine takes radians: convert with np.deg2rad": lambda: 20 * np.sin(12.5),
            "take half the angle: the triangle is cut in two": lambda: 20 * np.sin(np.deg2rad(25)),
            "that is one half of the line": lambda: 10 * np.sin(np.deg2rad(12.5)),
            "that is the way along the arc: the straight line is a little shorter": lambda: (
                10 * np.deg2rad(25)
            ),
            "that is how far the point moves to one side alone": lambda: (
                10 * np.sin(np.deg2rad(25))
            ),
        },
    ),
    "09.2": Exercise(
        lambda scores: np.ptp(np.sort(scores, axis=0)[:2], axis=0),
        "where the lead is small, the digit looks as likely one way as the other",
        {
            "that is the lead over the worst trial": lambda scores: np.ptp(scores, axis=0),
            "each row is sorted: a digit is a column": lambda scores: np.ptp(
                np.sort(scores, axis=1)[:, :2], axis=1
            ),
            "that compares the two worst: take the fewest": lambda scores: np.ptp(
                np.sort(scores, axis=0)[-2:], axis=0
            ),
            "that is the second best itself: take the best off": lambda scores: np.sort(
                scores, axis=0
            )[1],
        },
    ),
    "10.1": Exercise(
        lambda: PIXELS * np.log(256),
        "the same digits, the same model, another unit",
        {
            "that is one pixel: an image has 784 of them": lambda: np.log(256),
            "that is bits: nats take the natural logarithm": lambda: PIXELS * 8,
            "a density is divided by the factor, its logarithm loses log(256)": lambda: (
                PIXELS * 256
            ),
            "the curve gets lower, so -log p grows": lambda: -PIXELS * np.log(256),
        },
        tolerance=1e-3,
    ),
    "10.2": Exercise(
        lambda: np.log(10),
        "that is the entropy of ten equally likely labels",
        {
            "that is bits: nats take the natural logarithm": lambda: np.log2(10),
            "that is what one digit's share is, not its surprise": lambda: 0.1,
            "a saving is positive": lambda: -np.log(10),
        },
        tolerance=1e-3,
    ),
    "11.1": Exercise(
        lambda net, knn: 1000 * (net[0] - knn[0]) / (knn[1] - net[1]),
        "the cost of training is shared by all the images that are classified",
        {
            "a training is in seconds, an answer in ms": lambda net, knn: (
                (net[0] - knn[0]) / (knn[1] - net[1])
            ),
            "the net answers faster: turn it round": lambda net, knn: (
                1000 * (net[0] - knn[0]) / (net[1] - knn[1])
            ),
            "the net's answers take time, too: subtract it": lambda net, knn: (
                1000 * (net[0] - knn[0]) / knn[1]
            ),
        },
        tolerance=1e-3,
    ),
    "11.2": Exercise(
        lambda sizes, shares, target: 10 ** np.interp(target, shares, np.log10(sizes)),
        "so many labels are what unlabelled images can stand for",
        {
            "interpolate the number's logarithm": lambda sizes, shares, target: np.interp(
                target, shares, sizes
            ),
            "raise 10 to this": lambda sizes, shares, target: np.interp(
                target, shares, np.log10(sizes)
            ),
            "the x values are the accuracies": lambda sizes, shares, target: np.interp(
                target, sizes, shares
            ),
        },
        tolerance=1e-2,
    ),
    "12.1": Exercise(
        _sample_size,
        "so many samples do the work of all",
        {
            "turn the ratio over": lambda log_weights: 1 / _sample_size(log_weights),
            "sum over the samples of each image, axis 0": lambda log_weights: _sample_size(
                log_weights.T
            ),
            "that is a share: a number is asked for": lambda log_weights: (
                _sample_size(log_weights) / len(log_weights)
            ),
            "these are logarithms: take exp first": lambda log_weights: _sample_size(
                np.log(-log_weights)
            ),
        },
    ),
    "12.2": Exercise(
        lambda: 84.78 / np.log(2) / PIXELS,
        "a guess of 1/2 for every pixel costs a whole bit a pixel",
        {
            "that is nats per pixel: a nat is 1.44 bits": lambda: 84.78 / PIXELS,
            "that is bits per image: divide by the pixels": lambda: 84.78 / np.log(2),
            "a bit is log 2 nats: divide by it": lambda: 84.78 * np.log(2) / PIXELS,
        },
        tolerance=2e-3,
    ),
}

# Tried after an exercise's own mistakes: slips that any number can suffer.
SLIPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "its sign is wrong": lambda right: -right,
    "it is twice too large": lambda right: 2 * right,
    "it is half of what it should be": lambda right: right / 2,
    "it is in bits: nats use the natural logarithm": lambda right: right / np.log(2),
    "it is averaged over the 784 pixels: sum them": lambda right: right / PIXELS,
    "it is summed, where a mean is asked for": lambda right: right * PIXELS,
    "the images are summed: one value for each is asked for": lambda right: _sum_rows(right),
    "the images are averaged: one value for each is asked for": lambda right: _mean_rows(right),
    "rows and columns are exchanged": lambda right: right.T,
    "it is a percentage: leave it as a share": lambda right: 100 * right,
}


def check(exercise: str, answer: Any, **given: Any) -> None:
    """Print whether the answer is right and, if not, what is wrong with it.

    Args:
        exercise: its number, such as "02.1".
        answer: a number or an array.
        given: what the exercise started from, by name.

    Raises:
        AssertionError: under nbgrader alone, if the answer is not right.
    """
    if exercise not in EXERCISES:
        print(f"There is no exercise {exercise!r}; there are {', '.join(EXERCISES)}.")
        return
    fault = find_fault(EXERCISES[exercise], answer, given)
    if fault is None:
        print(f"✓ {exercise}: right, {EXERCISES[exercise].reading}.")
        return
    print(f"✗ {exercise}: {fault}.")
    if "NBGRADER_EXECUTION" in os.environ:  # set while nbgrader validates or grades
        raise AssertionError(fault)


def find_fault(exercise: Exercise, answer: Any, given: dict[str, Any]) -> str | None:
    """What is wrong with an answer in one sentence; None if it is right."""
    if answer is None or answer is ...:
        return "still open: replace the dots with your answer"
    if callable(answer):
        return "that is a function: call it, and check what it returns"
    try:
        numbers = np.asarray(answer, np.float64)
    except (TypeError, ValueError):
        return f"a number or an array is asked for, received {type(answer).__name__}"
    right = np.asarray(exercise.right(**given), np.float64)
    if _equal(numbers, right, exercise.tolerance):
        return None
    if np.isnan(numbers).any():
        return (
            "it holds NaN: look for the logarithm of something that is not positive, "
            "such as a log-variance"
        )
    mistake = _recognise_mistake(exercise, numbers, right, given)
    return mistake or _describe_difference(numbers, right)


def _recognise_mistake(
    exercise: Exercise, answer: np.ndarray, right: np.ndarray, given: dict[str, Any]
) -> str | None:
    """The message of the first known mistake that gives this answer."""
    for message, mistake in exercise.mistakes.items():
        wrong = np.asarray(mistake(**given), np.float64)
        if _equal(answer, wrong, exercise.tolerance):
            return message
    for message, slip in SLIPS.items():
        if _equal(answer, slip(right), exercise.tolerance):
            return message
    return None


def _describe_difference(answer: np.ndarray, right: np.ndarray) -> str:
    if answer.shape != right.shape:
        return f"its shape is {answer.shape}, and should be {right.shape}"
    if not right.shape:
        return f"{answer:.6g} is not right, and none of the usual mistakes: read the hint"
    largest = np.abs(answer - right).max()
    return (
        f"the shape is right, but values differ by up to {largest:.3g}: "
        "compare the first row by hand"
    )


def _equal(a: np.ndarray, b: np.ndarray, tolerance: float) -> bool:
    if a.shape != b.shape:
        return False
    largest = np.abs(b).max(initial=0)
    return np.allclose(a, b, rtol=tolerance, atol=tolerance * max(1e-12, largest))


def _sum_rows(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.atleast_1d(values).sum(axis=0))


def _mean_rows(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.atleast_1d(values).mean(axis=0))
