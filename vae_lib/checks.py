"""Feedback for the exercises: says what is wrong, not only that it is.

``check`` compares an answer with the right one, then with those that usual mistakes give. It prints
one line and never raises, so that "run all" goes on past an exercise that is still open; under
nbgrader, which grades by exceptions, it raises as well.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vae_lib.console import say as _say
from vae_lib.formulas import bernoulli_nll as _bernoulli_nll
from vae_lib.formulas import gaussian_kl as _gaussian_kl
from vae_lib.formulas import gaussian_kl_per_dimension as _kl_per_dimension
from vae_lib.formulas import sigmoid as _sigmoid
from vae_lib.segmentation import costs_from_the_top as _costs_from_the_top

PIXELS = 784

Answers = tuple[npt.ArrayLike, dict[str, npt.ArrayLike]]
"""The right answer, and wrong ones, each under what to tell the reader who gives it."""


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        reading: what a right answer shows, printed as praise.
        answers: computes the right answer and the usual wrong ones from the arrays that the
            notebook passes to ``check``.
        tolerance: largest difference allowed, relative to the size of the right answer.
    """

    reading: str
    answers: Callable[..., Answers]
    tolerance: float


EXERCISES: dict[str, Exercise] = {}


def _exercise(number: str, reading: str, tolerance: float = 1e-4) -> Callable:
    """Enter the function below it into ``EXERCISES`` as the answers to that exercise."""

    def enter(answers: Callable[..., Answers]) -> Callable[..., Answers]:
        EXERCISES[number] = Exercise(reading, answers, tolerance)
        return answers

    return enter


@_exercise("00.1", "one latent variable changes pixels all over the image", tolerance=0)
def _changed_pixels(decode: Callable) -> Answers:
    before, after = decode(np.array([[0.0, 0.0], [0.5, 0.0]]))
    change = after - before
    return np.sum(np.abs(change) > 0.1), {
        "differences have two signs: take np.abs before you compare": np.sum(change > 0.1),
        "differences have two signs: take np.abs before you compare with 0.1": (
            np.sum(change < -0.1)
        ),
        "that is a share: count the pixels with np.sum": np.mean(np.abs(change) > 0.1),
        "a latent variable does not change half of the pixels: compute it": PIXELS / 2,
    }


@_exercise(
    "00.2", "this is to be read beside the VAE's two numbers and the spread of the images", 1e-3
)
def _steps_of_the_autoencoder(decode: Callable, codes: np.ndarray) -> Answers:
    axis = np.linspace(-2.2, 2.2, 18)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    mean, std = codes.mean(axis=0), codes.std(axis=0)
    upwards, sideways = _find_steps(decode, mean + std * grid)
    steps = np.concatenate([upwards, sideways])

    def of_grid(other: np.ndarray) -> np.ndarray:
        return _middle_and_tenth(np.concatenate(_find_steps(decode, other)))

    return _middle_and_tenth(steps), {
        "that is the grid of the VAE: the codes of the autoencoder have another scale": (
            of_grid(grid)
        ),
        "the grid is not centred: add the mean of the codes": of_grid(std * grid),
        "that is the variance: scale the grid by the standard deviation": (
            of_grid(mean + std**2 * grid)
        ),
        "the two dimensions have different scales: take the standard deviation with axis=0": (
            of_grid(codes.mean() + codes.std() * grid)
        ),
        "those are the neighbours above alone: take those beside as well": (
            _middle_and_tenth(upwards)
        ),
        "those are the neighbours beside alone: take those above as well": (
            _middle_and_tenth(sideways)
        ),
        "the first number is the mean: take the median": [steps.mean(), np.percentile(steps, 90)],
        "the second number is the largest distance: take the 90th percentile": [
            np.median(steps),
            steps.max(),
        ],
        "the two numbers have changed places": _middle_and_tenth(steps)[::-1],
    }


def _find_steps(decode: Callable, grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distances of the images of neighbours in a square grid, above and beside each other."""
    side = len(grid)
    decoded = decode(grid.reshape(-1, 2)).reshape(side, side, -1)
    upwards = np.linalg.norm(np.diff(decoded, axis=0), axis=-1)
    sideways = np.linalg.norm(np.diff(decoded, axis=1), axis=-1)
    return upwards.ravel(), sideways.ravel()


def _middle_and_tenth(steps: np.ndarray) -> np.ndarray:
    """The median, and what a tenth of the values exceed."""
    return np.array([np.median(steps), np.percentile(steps, 90)])


@_exercise("01.1", "most of a digit's image is empty paper")
def _share_of_paper(images: np.ndarray) -> Answers:
    is_paper = images == 0
    return is_paper.mean(), {
        "that is the share of pixels with ink": (images > 0).mean(),
        "that is a count: divide it by the number of pixels in all images": is_paper.sum(),
        "that is a count per image: divide it by the 784 pixels": is_paper.sum() / len(images),
    }


@_exercise("01.2", "each value becomes the nearest byte", tolerance=0)
def _bytes_again(pixels: np.ndarray) -> Answers:
    plane = pixels[..., 0]
    return np.round(255 * plane).astype(np.uint8), {
        "the values are truncated, so half are one too small: round first": (
            (255 * plane).astype(np.uint8)
        ),
        "the channel axis is still there: take [..., 0]": np.round(255 * pixels),
        "the values still end at 1: multiply by 255": np.round(plane),
    }


@_exercise("01.3", "the test digits have not been looked at")
def _training_mean(train: np.ndarray, validation: np.ndarray, test: np.ndarray) -> Answers:
    return _mean_image(train), {
        "test data in training: that is the mean of the test images": _mean_image(test),
        "test data in training: the test images are mixed in": _mean_image(train, test),
        "test data in training: all three splits are mixed": _mean_image(train, validation, test),
        "validation images are for choosing": _mean_image(train, validation),
        "the values reach 255: divide by it": 255 * _mean_image(train),
        "that is one number: average over the images alone, axis 0": train.mean() / 255,
    }


def _mean_image(*splits: np.ndarray) -> np.ndarray:
    return np.concatenate(splits).mean(axis=0) / 255


@_exercise("02.2", "a larger weight makes the best q wider", tolerance=1e-6)
def _best_std(mean: float, stds: np.ndarray, reconstructions: np.ndarray) -> Answers:
    kl = _kl_per_dimension(np.asarray(mean), 2 * np.log(stds))
    best = np.argmin(reconstructions + 4 * kl)
    return stds[best], {
        "that is the best at β = 1: multiply the KL term by 4": (
            stds[np.argmin(reconstructions + kl)]
        ),
        "the weight stands in front of the wrong term": stds[np.argmin(4 * reconstructions + kl)],
        "that minimises the reconstruction term alone": stds[np.argmin(reconstructions)],
        "that is a position: take the standard deviation there": best,
        "that is the variance: take the standard deviation": stds[best] ** 2,
    }


@_exercise(
    "02.3", "the means over pixels and over dimensions, and the half of the Gaussian, weigh the KL"
)
def _weight_of_a_mean() -> Answers:
    return 32 * 32 * 3 / 2 / 64, {
        "the Gaussian likelihood has half the sum of squares": 32 * 32 * 3 / 64,
        "the half belongs to the squares, so it divides the weight": 32 * 32 * 3 * 2 / 64,
        "the three channels are averaged as well": 32 * 32 / 2 / 64,
        "the three channels are averaged as well, and there is a half": 32 * 32 / 64,
        "the KL term is a mean over the 64 dimensions, which makes its weight smaller": (
            32 * 32 * 3 / 2
        ),
        "the KL term is a mean over the 64 dimensions, and the squares have a half": 32 * 32 * 3,
        "turn it over: what multiplies the KL term once the squares are summed": (
            2 * 64 / (32 * 32 * 3)
        ),
    }


@_exercise("02.4", "zero only where q equals the new prior")
def _kl_from_prior(z_mean: np.ndarray, z_log_var: np.ndarray, prior_std: float) -> Answers:
    log_std = np.log(prior_std)
    terms = _kl_per_dimension(z_mean / prior_std, z_log_var - 2 * log_std)
    squares = z_mean**2 + np.exp(z_log_var)
    not_squared = log_std - 0.5 * z_log_var + squares / (2 * prior_std) - 0.5
    return terms.sum(axis=-1), {
        "that is the KL from N(0, 1), not from this prior": _kl_per_dimension(
            z_mean, z_log_var
        ).sum(axis=-1),
        "log τ is missing: a wider prior has another constant": (terms - log_std).sum(axis=-1),
        "prior_std is a standard deviation: square it": not_squared.sum(axis=-1),
        "divide σ² by the prior's variance, too": (
            (log_std + _kl_per_dimension(z_mean / prior_std, z_log_var)).sum(axis=-1)
        ),
        "a mean where a sum belongs: sum over the latent dimensions": terms.mean(axis=-1),
        "the wrong axis: sum latent dimensions, and not images": terms.sum(axis=0),
        "nothing is summed: add up the latent dimensions with axis=-1": terms,
        "the - 1/2 is missing: for q equal to the prior the result must be 0": (
            (terms + 0.5).sum(axis=-1)
        ),
    }


@_exercise("03.1", "the layer behind gets 512 more inputs for each of its units", tolerance=0)
def _wider_layer() -> Answers:
    layer, behind = (PIXELS + 1) * 512, 512 * 512
    return layer + behind, {
        "the next layer grows, too: each of its units gets 512 more inputs": layer,
        "each of the new units has a bias, too": PIXELS * 512 + behind,
        "the next layer gets no more units, and so no more biases": layer + behind + 512,
        "that is the layer behind alone: the layer itself grows, too": behind,
        "that is the whole wider encoder: its growth is asked for": 796_932 + layer + behind,
    }


@_exercise(
    "03.3",
    "one unit less in the second head, 257 parameters less, and equal log-variances",
    tolerance=0,
)
def _one_variance() -> Answers:
    unit = 256 + 1
    return [796_932 - unit, 1.0], {
        "that is the encoder with two variances: its second head has two units": [796_932, 0.0],
        "the second head has no unit left: keep one": [796_932 - 2 * unit, 1.0],
        "a layer turns the one log-variance into two: repeat it, without weights": [
            796_932 - unit + 4,
            0.0,
        ],
        "the parameters are right, but the two log-variances differ": [796_932 - unit, 0.0],
    }


@_exercise(
    "03.4", "the table tests the samples of one call, so it cannot see C's mistake", tolerance=0
)
def _lines_that_show_it() -> Answers:
    return [2, 5, 0], {
        "A: the noise is symmetric, so the mean stays right: which line is next?": [1, 5, 0],
        "A: the shares are wrong, too, but an earlier line is the first": [3, 5, 0],
        "A: exp(-0.5 log σ²) is 1/σ, and not σ": [0, 5, 0],
        "B: each component alone has the right distribution: look at both together": [2, 2, 0],
        "B: the two components always have the same noise: one line compares them": [2, 0, 0],
        "C: within one call its noise is as it should be: what would one line show?": [2, 5, 5],
    }


@_exercise("04.1", "it is zero where the mean probability equals the mean pixel")
def _bias_gradient(images: np.ndarray, logits: np.ndarray) -> Answers:
    count = len(images)
    probabilities = _sigmoid(logits).reshape(count, -1)
    pixels = images.reshape(count, -1)
    gradient = probabilities - pixels
    return gradient.mean(axis=0), {
        "the loss is a mean over the images: average, do not add up": gradient.sum(axis=0),
        "that is one value for each image: each bias has its own pixel": gradient.mean(axis=1),
        "nothing is averaged: the loss is a mean over the images": gradient,
        "take the sigmoid of the logits first": ((logits.reshape(count, -1) - pixels).mean(axis=0)),
        "the pixels are missing: what is subtracted from the probability?": (
            probabilities.mean(axis=0)
        ),
    }


@_exercise(
    "04.3", "all logits lie in a plane, one direction for each latent dimension", tolerance=0
)
def _rank() -> Answers:
    return 2, {
        "the mean has been subtracted, and with it the bias": 3,
        "a product of matrices has no larger rank than its smallest factor": 256,
        "so many directions would need as many latent dimensions": PIXELS,
        "that is the number of samples: each is a combination of a few directions": 500,
    }


@_exercise("04.4", "its derivative is 1/b or -1/b, and its best constant prediction is the median")
def _laplace_nll(images: np.ndarray, centers: np.ndarray) -> Answers:
    b = 0.2
    distance = np.abs(images - centers)
    scaled = _sum_pixels(distance) / b
    constant = PIXELS * np.log(2 * b)
    right = scaled + constant
    return right, {
        "the constant log(2 b) is missing": scaled,
        "the sign of the constant is wrong: -log of 1 / (2 b) is log(2 b)": scaled - constant,
        "the constant is log(2 b), not log(b)": scaled + PIXELS * np.log(b),
        "the distance is divided by b, not by 2 b": scaled / 2 + constant,
        "that is the squared distance: take np.abs": _sum_pixels(distance**2) / b + constant,
        "the pixels are averaged: sum them": right / PIXELS,
    }


@_exercise("05.2", "72 steps of the smallest rate lead almost nowhere", tolerance=0)
def _order_of_rates(losses: dict[float, float]) -> Answers:
    rates = (0.00001, 0.001, 0.01)  # a reader may have tried others as well
    best, second, worst = sorted(rates, key=lambda rate: losses[rate])
    return [best, second, worst], {
        "the order is reversed: the lowest loss comes first, and the smallest rate is not the "
        "safest, because its steps are too small for so short a training": [worst, second, best],
        "the smallest rate is not the safest: 72 steps of it lead almost nowhere, so it comes "
        "last": [worst, best, second],
        "the rate with the lowest loss stands last: so short a training does not end too coarse": [
            second,
            worst,
            best,
        ],
        "the first two have changed places: compare how far each gets in 72 steps": [
            second,
            best,
            worst,
        ],
        "the first is right, and the other two have changed places: a hundred times smaller is "
        "farther off": [best, worst, second],
        "those are losses: write down the three rates": sorted(losses[rate] for rate in rates),
    }


@_exercise("05.3", "a likelihood is an argument of the model, and its scale weighs the KL term")
def _gaussian_nll(images: np.ndarray, logits: np.ndarray, std: float) -> Answers:
    squares = _sum_pixels((images - _sigmoid(logits)) ** 2)
    constant = PIXELS * np.log(std * np.sqrt(2 * np.pi))
    right = squares / (2 * std**2) + constant
    return right, {
        "the logits are no mean: take their sigmoid": (
            _sum_pixels((images - logits) ** 2) / (2 * std**2) + constant
        ),
        "std plays no part: that is the value for a standard deviation of 1": (
            squares / 2 + PIXELS * np.log(np.sqrt(2 * np.pi))
        ),
        "the constant log(s sqrt(2 pi)) is missing": right - constant,
        "the constant has no s in it: a smaller s has a larger density": (
            squares / (2 * std**2) + PIXELS * np.log(np.sqrt(2 * np.pi))
        ),
        "the sign of the constant is wrong: -log of 1 / (s sqrt(2 pi)) is log(s sqrt(2 pi))": (
            right - 2 * constant
        ),
        "the constant belongs to each of the 784 pixels": (
            squares / (2 * std**2) + constant / PIXELS
        ),
        "the pixels are averaged: sum them": right / PIXELS,
        "the squared difference is divided by 2 s: square the s": squares / (2 * std) + constant,
        "the factor 1/2 is missing: divide by 2 s squared": squares / std**2 + constant,
    }


def _sum_pixels(values: np.ndarray) -> np.ndarray:
    return values.reshape(len(values), -1).sum(axis=1)


@_exercise("06.2", "about one sample in ninety lies further out", tolerance=0.05)
def _share_outside() -> Answers:
    return np.exp(-4.5), {
        "that is the share inside": 1 - np.exp(-4.5),
        "that is the share of one dimension outside ±3: here it is a distance in two": 0.0027,
        "that is the density at radius 3: integrate it from 3 outwards": (
            np.exp(-4.5) / (2 * np.pi)
        ),
        "the squared radius is halved: take exp(-9/2)": np.exp(-9.0),
    }


@_exercise("06.3", "a linear decoder needs many numbers for what a curved surface does with two", 0)
def _components(coordinates: np.ndarray, centred: np.ndarray, target: float) -> Answers:
    without = np.square(centred).sum(axis=1).mean()
    reductions = np.square(coordinates).mean(axis=0)
    reached = without - np.cumsum(reductions) <= target
    position = np.argmax(reached)
    return position + 1, {
        "that is the index, which starts at 0: one component has index 0": position,
        "that is one component too many": position + 2,
        "each component reduces what the ones before it have left: add up with np.cumsum": (
            np.argmax(without - reductions <= target) + 1
        ),
    }


@_exercise("06.4", "a longer code tells the digits apart better, and fewer images share it", 2e-3)
def _longer_code(
    longer: Any,
    flat: Any,
    known: tuple[np.ndarray, np.ndarray],
    asked: tuple[np.ndarray, np.ndarray],
    knn_accuracy: Callable[..., float],
    grey_share: Callable[[np.ndarray], float],
) -> Answers:
    """``known`` and ``asked`` are images and labels each, the models have encode and decode."""
    images, labels = asked
    codes = {name: model.encode(images)[0] for name, model in (("20", longer), ("2", flat))}
    known_codes = longer.encode(known[0])[0]
    accuracy = knn_accuracy(known_codes, known[1], codes["20"], labels)
    reconstructions = longer.decode(codes["20"])
    grey = grey_share(reconstructions)
    of_flat = knn_accuracy(flat.encode(known[0])[0], known[1], codes["2"], labels)
    own = knn_accuracy(codes["20"], labels, codes["20"], labels)
    return [accuracy, grey], {
        "those are the numbers of the model with two dimensions": [
            of_flat,
            grey_share(flat.decode(codes["2"])),
        ],
        "the two numbers have changed places": [grey, accuracy],
        "the second number is that of the originals: decode their codes": [
            accuracy,
            grey_share(images),
        ],
        "the second number counts logits: take decode, and not decode_logits": [
            accuracy,
            grey_share(longer.decode_logits(codes["20"])),
        ],
        "the first number has every image among its own neighbours: ask the training codes": [
            own,
            grey,
        ],
        "the first number is the share of wrong answers: take the share of right ones": [
            1 - accuracy,
            grey,
        ],
    }


@_exercise(
    "07.1",
    "half of all samples lie within 1.18 standard deviations, and 39% within one",
    tolerance=5e-3,
)
def _radius_of_half() -> Answers:
    return np.sqrt(2 * np.log(2)), {
        "the radius is squared: take the square root": 2 * np.log(2),
        "the squared radius is halved in the exponent": np.sqrt(np.log(2)),
        "that is for one dimension; here there are two": 0.67448975,
        "within one standard deviation lie 39% of the samples": 1.0,
    }


@_exercise("07.2", "a larger KL weight makes the codes less precise")
def _best_deviations(sensitivity: np.ndarray, beta: float) -> Answers:
    variance = beta / (beta + sensitivity)
    return np.sqrt(variance), {
        "those are the variances: take the square root": variance,
        "the weight belongs to the KL term, not to the sensitivity": (
            np.sqrt(1 / (1 + beta * sensitivity))
        ),
        "that is for β = 1": np.sqrt(1 / (1 + sensitivity)),
        "the weight multiplies both parts of the KL term, also σ²": (
            np.sqrt(beta / (1 + sensitivity))
        ),
    }


@_exercise("07.3", "it is zero only if both standard deviations are equal")
def _turned_posterior(std: np.ndarray) -> Answers:
    precisions = 1 / std**2
    right = _diagonal_gap(precisions, 2 / precisions.sum())
    return right, {
        "the KL divergence has the factor one half": 2 * right,
        "average the precisions 1/σ², not the variances": (
            _diagonal_gap(precisions, np.mean(std**2))
        ),
        "average the precisions 1/σ², not the standard deviations": (
            _diagonal_gap(precisions, np.mean(std) ** 2)
        ),
    }


def _diagonal_gap(precisions: np.ndarray, variance: float) -> float:
    """KL of N(0, variance I) from a normal with these precisions, turned by 45 degrees."""
    trace = variance * precisions.sum()
    return 0.5 * (trace - 2 - 2 * np.log(variance) - np.log(precisions.prod()))


@_exercise("08.2", "what is left has two errors that cancel", tolerance=0.005)
def _wrong_among_accepted() -> Answers:
    no_error = 0.988**16
    one_error = 16 * 0.012 * 0.988**15
    more_errors = 1 - no_error - one_error
    passes = more_errors / 9
    return passes / (no_error + passes), {
        "that is the share of all numbers: divide by the share that is accepted": passes,
        "that is the share without a check digit: one wrong digit is always noticed": 1 - no_error,
        "one wrong digit is always noticed: take only two or more": (
            (1 - no_error) / 9 / (no_error + (1 - no_error) / 9)
        ),
        "of the numbers with two or more errors, one in nine passes, not all": (
            more_errors / (no_error + more_errors)
        ),
        "any of the 16 digits can be the wrong one: multiply that share by 16": (
            (1 - no_error - one_error / 16) / 9
            / (no_error + (1 - no_error - one_error / 16) / 9)
        ),
    }  # fmt: skip


@_exercise("08.3", "what counts is how many errors a block holds: some have none", tolerance=0.01)
def _temperatures(scores: np.ndarray, labels: np.ndarray, temperatures: np.ndarray) -> Answers:
    from scipy.special import log_softmax

    def choose(start: int, stop: int, sign: int = 1) -> float:
        truth = labels[start:stop]
        losses = []
        for temperature in temperatures:
            log_p = log_softmax(scores[start:stop] / temperature, axis=1)
            losses.append(-log_p[np.arange(len(truth)), truth].mean())
        return float(temperatures[np.argmin(sign * np.array(losses))])

    starts = range(0, 2_000, 100)
    return [choose(start, start + 100) for start in starts], {
        "the blocks grow: each has 100 images, from its own start": (
            [choose(0, start + 100) for start in starts]
        ),
        "those are the temperatures with the largest loss: take the smallest": (
            [choose(start, start + 100, -1) for start in starts]
        ),
    }


@_exercise("08.4", "a path through a pixel is one from the top and one from the bottom")
def _costs_through(ink: np.ndarray) -> Answers:
    from_top = _costs_from_the_top(ink)
    from_bottom = _costs_from_the_top(ink[::-1])[::-1]
    return from_top + from_bottom - ink, {
        "the ink of the pixel itself is in both costs: subtract it once": from_top + from_bottom,
        "that is the cost from the top alone": from_top,
        "the costs from the bottom stand upside down: turn them back": (
            from_top + from_bottom[::-1] - ink
        ),
        "turn the rows over, not the columns": (
            from_top + _costs_from_the_top(ink[:, ::-1])[:, ::-1] - ink
        ),
    }


@_exercise("08.5", "the frame has moved the centre of mass back", tolerance=0.005)
def _refused_when_shifted(
    measures: list[Callable], images: np.ndarray, shifted: np.ndarray, validation: np.ndarray
) -> Answers:
    def find_shares(judged: np.ndarray, percent: int, calibration: np.ndarray) -> npt.NDArray:
        shares = []
        for measure in measures:
            threshold = np.percentile(measure(calibration), percent)
            shares.append(np.mean(measure(judged) > threshold))
        return np.array(shares)

    right = find_shares(shifted, 97, validation)
    return right, {
        "those are the shares that are accepted": 1 - right,
        "those are the images as they are: judge the shifted ones": (
            find_shares(images, 97, validation)
        ),
        "the threshold is that of the validation images, not of the shifted ones": (
            find_shares(shifted, 97, shifted)
        ),
        "the threshold is the 97th percentile: 3% of the validation images lie above it": (
            find_shares(shifted, 3, validation)
        ),
        "the order is: negative ELBO, excess over the floor, score": right[::-1],
    }


@_exercise("09.2", "at the end of a stroke, the turn moves ink as far as the largest shift does")
def _chord() -> Answers:
    half_angle, angle = np.deg2rad(12.5), np.deg2rad(25)
    return 20 * np.sin(half_angle), {
        "NumPy's sine takes radians: convert with np.deg2rad": 20 * np.sin(12.5),
        "take half the angle: the triangle is cut in two": 20 * np.sin(angle),
        "that is one half of the line": 10 * np.sin(half_angle),
        "that is the way along the arc: the straight line is a little shorter": 10 * angle,
        "that is how far the point moves to one side alone": 10 * np.sin(angle),
    }


@_exercise(
    "09.3", "the code holds the height, too, and no label was used to train it", tolerance=0.005
)
def _height_explained(
    known_images: np.ndarray, known_codes: np.ndarray, images: np.ndarray, codes: np.ndarray
) -> Answers:
    known, heights = _ink_spread(known_images, axis=1), _ink_spread(images, axis=1)
    r2 = _explained_variance(known_codes, known, codes, heights)
    known_widths, widths = _ink_spread(known_images, axis=2), _ink_spread(images, axis=2)
    return r2, {
        "that is the horizontal spread: the height runs along axis 1 of the images": (
            _explained_variance(known_codes, known_widths, codes, widths)
        ),
        "that is measured on the images of the fit: use the test images": (
            _explained_variance(known_codes, known, known_codes, known)
        ),
        "that is the variance: the height is its square root": (
            _explained_variance(known_codes, known**2, codes, heights**2)
        ),
        "that is the share that is left over: subtract it from 1": 1 - r2,
    }


def _ink_spread(images: np.ndarray, axis: int) -> np.ndarray:
    """Standard deviation of the ink's position along one axis of images ``(n, 28, 28, 1)``."""
    ink = images[..., 0].sum(axis=3 - axis)  # (n, 28)
    weight = ink / ink.sum(axis=1, keepdims=True)
    place = np.arange(ink.shape[1])
    middle = (weight * place).sum(axis=1, keepdims=True)
    return np.sqrt((weight * (place - middle) ** 2).sum(axis=1))


def _explained_variance(
    known_codes: np.ndarray, known: np.ndarray, codes: np.ndarray, values: np.ndarray
) -> float:
    """R² on new codes of a linear regression."""
    inputs = np.c_[known_codes, np.ones(len(known_codes))]
    fit = np.linalg.lstsq(inputs, known, rcond=None)[0]
    left = values - np.c_[codes, np.ones(len(codes))] @ fit
    return float(1 - np.mean(left**2) / np.var(values))


@_exercise("10.1", "the same strokes, the same model, another unit", tolerance=1e-3)
def _nats_of_the_unit(bound: float) -> Answers:
    step = np.log(101)  # nats of one coordinate; a stroke has 16
    return bound + 16 * step, {
        "that is one coordinate: a stroke has 16": bound + step,
        "a point has two coordinates: a stroke has 16": bound + 8 * step,
        "that is bits: nats take the natural logarithm": bound + 16 * np.log2(101),
        "that is the difference: add it to the bound": 16 * step,
        "the curve gets lower, so -log p grows": bound - 16 * step,
    }


@_exercise("10.3", "the best q(y|x) is the softmax of the ten ELBOs")
def _smallest_loss(nats: np.ndarray) -> Answers:
    belief = np.exp(-nats) / np.exp(-nats).sum()
    return -np.log(np.exp(-nats).sum()), {
        "that is the loss of a classifier that is sure of one label: a smaller one exists": (
            nats.min()
        ),
        "the term log q is missing": (belief * nats).sum(),
        "log q has the wrong sign": (belief * (nats - np.log(belief))).sum(),
        "that is the loss of a classifier without an opinion": nats.mean() - np.log(len(nats)),
        "that is the mean of the ten, without log q": nats.mean(),
        "that is the bound on log p: the loss has the other sign": np.log(np.exp(-nats).sum()),
        "the numbers are losses: take exp of minus each": -np.log(np.exp(nats).sum()),
    }


@_exercise("10.4", "a model of images with their labels also classifies", tolerance=0.006)
def _share_by_bounds(vae: Any, images: np.ndarray, labels: np.ndarray) -> Answers:
    reconstructions, kls = [], []
    for digit in range(10):
        label = np.tile(np.eye(10, dtype=np.float32)[digit], (len(images), 1))
        z_mean, z_log_var, _ = vae.encoder([images, label])
        logits = np.asarray(vae.decoder([np.asarray(z_mean), label]))
        reconstructions.append(_bernoulli_nll(images, logits))
        kls.append(_gaussian_kl(z_mean, z_log_var))
    bounds = np.add(reconstructions, kls)

    def share(choices: np.ndarray) -> float:
        return float(np.mean(choices == labels))

    right = share(bounds.argmin(axis=0))
    return right, {
        "that is a count: divide it by the number of images": right * len(images),
        "that takes the label with the largest loss": share(bounds.argmax(axis=0)),
        "the KL term is missing": share(np.argmin(reconstructions, axis=0)),
        "the reconstruction term is missing": share(np.argmin(kls, axis=0)),
    }


@_exercise("11.2", "the time of a training is shared by all the images that are classified", 1e-3)
def _break_even(net: tuple[float, float], knn: tuple[float, float]) -> Answers:
    more_training = net[0] - knn[0]
    right = 1000 * more_training / (knn[1] - net[1])
    return right, {
        "a training is in seconds, a classification in milliseconds": right / 1000,
        "that is negative: subtract in the same order in both places": -right,
        "the network's classifications take time, too: subtract it": (
            1000 * more_training / knn[1]
        ),
        "k-NN's choice of k takes time, too: subtract it": 1000 * net[0] / (knn[1] - net[1]),
    }


@_exercise(
    "11.3", "digits that the network is least sure of are wrong more often than the others", 1e-2
)
def _selective_errors(logits: np.ndarray, labels: np.ndarray) -> Answers:
    scores = np.asarray(logits, np.float64)
    wrong = scores.argmax(axis=1) != np.asarray(labels)
    log_normaliser = np.log(np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1))
    order = np.argsort(log_normaliser)  # the largest probability is exp(-log_normaliser)
    accepted = order[: round(0.95 * len(order))]
    refused = order[len(accepted) :]
    by_logit = np.argsort(-scores.max(axis=1))[: len(accepted)]
    return wrong[accepted].mean(), {
        "that is the share among all images: refuse some first": wrong.mean(),
        "that is the share among the refused: take the others": wrong[refused].mean(),
        "divide by the number of accepted images, not of all": wrong[accepted].sum() / len(wrong),
        "rank by the probability, after a softmax, not by the logit": wrong[by_logit].mean(),
        "that is the accuracy: the errors are the rest": 1 - wrong[accepted].mean(),
    }


@_exercise("12.2", "so many samples do the work of all")
def _sample_sizes(log_weights: np.ndarray) -> Answers:
    right = _sample_size(log_weights)
    return right, {
        "turn the ratio over": 1 / right,
        "sum over the samples of each image, axis 0": _sample_size(log_weights.T),
        "that is a share: a number is asked for": right / len(log_weights),
        "these are logarithms: take exp first": _sample_size(np.log(-log_weights)),
    }


def _sample_size(log_weights: np.ndarray) -> np.ndarray:
    weights = np.exp(log_weights - log_weights.max(axis=0))
    return weights.sum(axis=0) ** 2 / (weights**2).sum(axis=0)


@_exercise("12.3", "a guess of 1/2 for every pixel costs a whole bit a pixel", tolerance=2e-3)
def _bits_per_pixel() -> Answers:
    return 84.78 / np.log(2) / PIXELS, {
        "that is nats per pixel: a nat is 1.44 bits": 84.78 / PIXELS,
        "that is bits per image: divide by the pixels": 84.78 / np.log(2),
        "a bit is log 2 nats: divide by it": 84.78 * np.log(2) / PIXELS,
    }


def find_slips(right: np.ndarray) -> dict[str, np.ndarray]:
    """What slips that any number can suffer would make of the right answer."""
    rows = np.atleast_1d(right)
    return {
        "its sign is wrong": -right,
        "it is twice too large": 2 * right,
        "it is half of what it should be": right / 2,
        "it is in bits: nats use the natural logarithm": right / np.log(2),
        "it is averaged over the 784 pixels: sum them": right / PIXELS,
        "it is summed, where a mean is asked for": right * PIXELS,
        "the images are summed: one value for each is asked for": rows.sum(axis=0),
        "the images are averaged: one value for each is asked for": rows.mean(axis=0),
        "rows and columns are exchanged": right.T,
        "it is a percentage: leave it as a share": 100 * right,
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
        _say(f"There is no exercise {exercise!r}; there are {', '.join(EXERCISES)}.")
        return
    fault = find_fault(EXERCISES[exercise], answer, given)
    if fault is None:
        _say(f"✓ {exercise}: right, {EXERCISES[exercise].reading}.")
        return
    _say(f"✗ {exercise}: {fault}.")
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
    with np.errstate(all="ignore"):  # a mistake may divide by zero
        right_answer, mistakes = exercise.answers(**given)
        right = np.asarray(right_answer, np.float64)
        known = {**mistakes, **find_slips(right)}  # an exercise's own mistakes first
    if _equal(numbers, right, exercise.tolerance):
        return None
    if np.isnan(numbers).any():
        return (
            "it holds NaN: look for the logarithm of something that is not positive, "
            "such as a log-variance"
        )
    for message, wrong in known.items():
        if _equal(numbers, np.asarray(wrong, np.float64), exercise.tolerance):
            return message
    return _describe_difference(numbers, right)


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
