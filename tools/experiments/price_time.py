"""For notebook 11: how long classifiers of 50,000 digits train, and what they cost and give then.

The measure of time is the processor's seconds, on one thread and one core: the clock on the wall
of a shared machine also measures what others do. Compiling a network, some seconds once, is not
counted. A training that is planned longer has a learning rate that falls later, so each point of a
curve of accuracy against time is a training of its own; the longest is repeated with other seeds.

Test digits are scored, and nothing is chosen by them.
"""

import os
import string
import time
import tracemalloc
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from tools.experiments import classifiers
from tools.experiments.classifiers import BATCH, Classifier, Clock
from tools.experiments.common import BUILD, Experiment, auroc, encode, in_parts, kept, on_one_thread
from tools.experiments.kinds import ImageJudge
from tools.experiments.ood import compressed_nats
from tools.experiments.transformations import TEST_SEED
from tools.experiments.warped import warp_at_random
from vae_lib import data, evaluation, machine, settings, shipped
from vae_lib.inference import NumpyVAE
from vae_lib.outliers import NO_DIGIT_UPSIDE_DOWN, print_letter

NAME = "price-time"
EPOCHS = (1, 4, 16)  # passes over the training images, each a training of its own
LONGEST = 16  # passes, after which everything is measured
SEEDS = {  # of the longest trainings: initial weights, order of images, input dropout
    "conv": (0,),
    "encoder": (0, 1),
    "narrow": (0, 1),
    "vae": (0, 1),
}
COMPONENTS = (20, 50)
REFUSED = (0, 0.005, 0.01, 0.02, 0.05, 0.1)
FALSE_REFUSALS = 0.03  # share of the validation digits above the limit of an OOD score
OUTLIERS = 1_000  # of a kind, at most
CALIBRATION = 3_000  # validation digits that set the limit, and test digits that are compared
SAMPLES = 1_000
SHIPPED_VAE = "mnist-20d"  # 60 passes over the same images
FONTS = ("DejaVuSansMono", "DejaVuSans-Oblique", "STIXGeneral")
LETTERS = string.ascii_uppercase + string.ascii_lowercase
LIKE_DIGITS = "OISZBlgqosz"  # letters that look like a digit
ANSWER_SECONDS = 0.5  # over which the time of an answer is averaged

Row = dict[str, Any]
Rows = list[Row]


def make() -> dict[str, Any]:
    """All parts, and the card."""
    rows = on_one_thread(measure_all, pin_to_one_core)
    digits = data.load_digits("mnist")
    return describe(rows, describe_controls(digits))


def pin_to_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):  # Linux
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measure_all() -> Rows:
    judge = ImageJudge(data.load_digits("mnist"))
    rows = []
    for part in parts():
        rows += measure_once(judge, *part)
    return rows


def parts() -> list[tuple[str, int, int]]:
    """Method, passes over the images and seed of each part."""
    found = [("simple", 0, settings.SEED)]
    for method, seeds in SEEDS.items():
        for epochs in EPOCHS:
            repeated = seeds if epochs == LONGEST else seeds[:1]
            found += [(method, epochs, seed) for seed in repeated]
    return found


def measure_once(judge: ImageJudge, method: str, epochs: int, seed: int) -> Rows:
    """The rows of a part, from an earlier call if it got so far."""

    def measure() -> Rows:
        measured = measure_part(judge, method, epochs, seed)
        return [{"epochs": epochs, "seed": seed, **row} for row in measured]

    BUILD.mkdir(parents=True, exist_ok=True)
    rows: Rows = kept(BUILD / f"{NAME}-{method}-{epochs}-{seed}.json", measure)
    return rows


def measure_part(judge: ImageJudge, method: str, epochs: int, seed: int) -> Rows:
    if method == "simple":
        return measure_simple(judge)
    if method == "vae":
        return measure_vae(judge, epochs, seed)
    return [measure_classifier(judge, method, epochs, seed)]


def measure_simple(judge: ImageJudge) -> Rows:
    """The methods without a random start and without passes."""
    digits = judge.digits
    rows = []
    for components in COMPONENTS:
        clock = Clock()
        fitted = classifiers.fit_pca(digits.train, clock, components)
        row = {"method": f"pca_{components}", "seconds": clock.seconds}
        rows.append(row | examine(fitted, judge))
    for method, fit in (
        ("logistic", classifiers.fit_logistic),
        ("nearest", classifiers.fit_nearest),
    ):
        clock = Clock()
        fitted = fit(digits.train, clock)
        rows.append({"method": method, "seconds": clock.seconds, **examine(fitted, judge)})
    return rows


def measure_classifier(judge: ImageJudge, method: str, epochs: int, seed: int) -> Row:
    """A network that is trained on labels."""
    digits = judge.digits
    clock = Clock()
    fits = {
        "conv": classifiers.fit_convolutional,
        "encoder": classifiers.fit_encoder,
        "narrow": classifiers.fit_narrow,
    }
    fit = fits[method]
    fitted = fit(digits.train, clock, steps_of(digits, epochs), seed)
    return {"method": method, "seconds": clock.seconds, **measure_fitted(fitted, judge, epochs)}


def measure_vae(judge: ImageJudge, epochs: int, seed: int) -> Rows:
    """One VAE and the readers of its codes; each is charged for the whole VAE.

    The network that reads the codes takes as many steps as the VAE.
    """
    digits = judge.digits
    clock = Clock()
    steps = steps_of(digits, epochs)
    vae = classifiers.train_vae(digits.train.images, clock, steps, seed)
    view = classifiers.View(vae)
    shared = {"vae_seconds": clock.seconds, "negative_elbo": negative_elbo(view.vae, digits.test)}
    rows = []
    for method in ("vae_nearest", "vae_network"):
        reading = Clock()
        if method == "vae_nearest":
            fitted = classifiers.read_by_neighbours(view, digits.train, reading)
        else:
            fitted = classifiers.read_by_network(view, digits.train, reading, steps, seed)
        row = {"method": method, "seconds": clock.seconds + reading.seconds, **shared}
        rows.append(row | measure_fitted(fitted, judge, epochs))
    return rows


def steps_of(digits: data.Digits, epochs: int) -> int:
    return epochs * (len(digits.train.labels) // BATCH)


def negative_elbo(vae: NumpyVAE, split: data.Split) -> float:
    return round(evaluation.estimate_negative_elbo(vae, data.normalize(split.images)).mean, 2)


def measure_fitted(fitted: Classifier, judge: ImageJudge, epochs: int) -> Row:
    """Everything for the longest training, and the accuracy for the others."""
    if epochs == LONGEST:
        return examine(fitted, judge)
    return {"accuracy": score(fitted, judge.digits.test)}


def score(fitted: Classifier, split: data.Split) -> float:
    """Accuracy on raw digits."""
    probabilities = in_parts(lambda raw: fitted.predict(data.normalize(raw)), split.images)
    return round(float(np.mean(probabilities.argmax(axis=1) == split.labels)), 4)


def examine(fitted: Classifier, judge: ImageJudge) -> Row:
    """Accuracy, robustness, refusals, samples, and what an answer costs."""
    test = judge.digits.test
    images = data.normalize(test.images)
    transformed = data.Split(warp_at_random(test.images, TEST_SEED), test.labels)
    row: Row = {
        "accuracy": score(fitted, test),
        "transformed": score(fitted, transformed),
        "errors_after_refusal": measure_refusals(fitted, images, test.labels),
        "auroc": measure_auroc(fitted, judge.digits),
        "clear": {
            name: judge.clear(sample(SAMPLES, settings.SEED))
            for name, sample in fitted.samplers.items()
        },
        "facts": fitted.facts,
        "kept_bytes": sum(array.nbytes for array in fitted.kept),
        "kept_numbers": sum(array.size for array in fitted.kept),
    }
    row |= measure_answers(fitted, images)
    print(row, flush=True)
    return row


def measure_refusals(fitted: Classifier, images: np.ndarray, labels: np.ndarray) -> list[float]:
    """Share of errors among the accepted digits, for each share in ``REFUSED``.

    The digits with the smallest largest probability are refused first; among equals (votes of
    neighbours have few values) those with the highest OOD score.
    """
    probabilities = in_parts(fitted.predict, images)
    wrong = probabilities.argmax(axis=1) != labels
    unlike = find_scores(fitted, images)
    order = np.lexsort((unlike, 1 - probabilities.max(axis=1)))  # most certain first
    errors = []
    for share in REFUSED:
        accepted = order[: round(len(order) * (1 - share))]
        errors.append(round(float(np.mean(wrong[accepted])), 5))
    return errors


def find_scores(fitted: Classifier, images: np.ndarray) -> np.ndarray:
    """The method's OOD score, high for what is unlike the training digits."""
    if fitted.score is not None:
        return in_parts(fitted.score, images)
    return 1 - in_parts(fitted.predict, images).max(axis=1)


def measure_auroc(fitted: Classifier, digits: data.Digits) -> dict[str, float]:
    """AUROC of the OOD score for each kind of outlier, and false refusals of altered digits.

    The outliers are altered, too, and then compared with digits that are altered alike: otherwise
    a score that measures sharpness would seem to find outliers. The digits that are turned upside
    down are scored upright, too: what is found of them there is found of their classes alone.
    """
    images = data.normalize(digits.test.images)
    validation = find_scores(fitted, data.normalize(digits.validation.images[:CALIBRATION]))
    limit = np.quantile(validation, 1 - FALSE_REFUSALS)
    compared = make_outliers(digits.test) | {"upright": take_turnable(digits.test)[:OUTLIERS]}
    found = {}
    for alteration, alter in ALTERATIONS.items():
        usual = find_scores(fitted, alter(images[:CALIBRATION]))
        found[f"refused, {alteration}"] = float(np.mean(usual > limit))
        for kind, strange in compared.items():
            unlike = find_scores(fitted, alter(strange))
            found[f"{kind}, {alteration}"] = auroc(usual, unlike)
    return {name: round(value, 4) for name, value in found.items()}


def make_outliers(split: data.Split) -> dict[str, np.ndarray]:
    """Images that show no digit, normalised."""
    images = data.normalize(split.images)
    unlike_digits = [letter for letter in LETTERS if letter not in LIKE_DIGITS]
    letters = [draw_letter(letter, font) for font in FONTS for letter in unlike_digits]
    return {
        "letters": data.normalize(np.array(letters)),
        "upside down": take_turnable(split)[:OUTLIERS, ::-1, ::-1],
        "two halves": join_halves(images, split.labels)[:OUTLIERS],
    }


def take_turnable(split: data.Split) -> np.ndarray:
    """The digits that are none when they stand on their heads, normalised."""
    return data.normalize(split.images[np.isin(split.labels, NO_DIGIT_UPSIDE_DOWN)])


def draw_letter(letter: str, font: str) -> np.ndarray:
    """A letter framed as MNIST frames a digit, uint8 ``(28, 28)``."""
    sheet = print_letter(letter, font)
    ink = sheet.crop(sheet.getbbox())
    width, height = (max(1, round(side * 20 / max(ink.size))) for side in ink.size)
    framed = np.zeros((28, 28), np.uint8)
    framed[:height, :width] = ink.resize((width, height), Image.Resampling.BOX)
    shift = np.round(14 - np.array(ndimage.center_of_mass(framed))).astype(int)
    return np.roll(framed, shift, (0, 1))


def join_halves(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The upper half of each image with the lower half of the next, where the labels differ."""
    joined = np.concatenate([images[:-1, :14], images[1:, 14:]], axis=1)
    return joined[labels[:-1] != labels[1:]]


def leave(images: np.ndarray) -> np.ndarray:
    return images


def binarise(images: np.ndarray) -> np.ndarray:
    return (images > 0.5).astype(np.float32)


def blur(images: np.ndarray) -> np.ndarray:
    """A Gaussian blur with a standard deviation of 0.6 pixels."""
    blurred = ndimage.gaussian_filter(images, (0, 0.6, 0.6, 0))
    return np.clip(blurred, 0, 1).astype(np.float32)


ALTERATIONS = {"as they are": leave, "blurred": blur, "black and white": binarise}


def measure_answers(fitted: Classifier, images: np.ndarray) -> Row:
    """Processor's milliseconds a call, and the largest memory during a call, in bytes."""
    row = {}
    for name, size in (("one", 1), ("thousand", 1_000)):
        asked = images[:size]
        fitted.predict(asked)
        times = []
        while len(times) < 3 or sum(times) < ANSWER_SECONDS:
            began = time.process_time()
            fitted.predict(asked)
            times.append(time.process_time() - began)
        row[f"{name}_ms"] = round(1e3 * float(np.median(times)), 5)
        tracemalloc.start()
        fitted.predict(asked)
        row[f"{name}_bytes"] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return row


def describe_controls(digits: data.Digits) -> Row:
    """What needs no training: OOD scores without a model, real digits, the shipped VAE."""
    judge = ImageJudge(digits)
    scores_without_model = {
        "floor": evaluation.entropy_floor,
        "ink": measure_ink,
        "compressed": compressed_nats,
    }
    aurocs = {
        f"auroc_{name}": measure_auroc(Classifier(name_no_digit, [], score), digits)
        for name, score in scores_without_model.items()
    }
    return {
        "clear_test_digits": judge.clear(data.normalize(digits.test.images)),
        **aurocs,
        SHIPPED_VAE: measure_shipped_vae(judge),
    }


def name_no_digit(images: np.ndarray) -> np.ndarray:
    """The probabilities of a classifier that knows nothing, ``(n, 10)``."""
    return np.full((len(images), settings.CLASSES), 1 / settings.CLASSES)


def measure_ink(images: np.ndarray) -> np.ndarray:
    """The sum of each image's pixels, ``(n,)``."""
    return images.sum(axis=(1, 2, 3))


def measure_shipped_vae(judge: ImageJudge) -> Row:
    """Its OOD score with and without the entropy floor, and images from two kinds of sampling."""
    digits = judge.digits
    vae = shipped.load_pretrained(SHIPPED_VAE)
    codes = in_parts(lambda raw: encode(vae, raw), digits.train.images)

    def measure_negative_elbo(images: np.ndarray) -> np.ndarray:
        reconstruction, kl = vae.elbo_terms(images)
        return reconstruction + kl

    def measure_above_floor(images: np.ndarray) -> np.ndarray:
        return measure_negative_elbo(images) - evaluation.entropy_floor(images)

    def measure(score: classifiers.ArrayFunction) -> dict[str, float]:
        return measure_auroc(Classifier(vae.encode, [], score), digits)

    drawn = classifiers.sample_gaussians(codes, digits.train.labels, SAMPLES, settings.SEED)
    return {
        "auroc_excess": measure(measure_above_floor),
        "auroc_negative_elbo": measure(measure_negative_elbo),
        "clear": {
            "the prior": judge.clear(vae.sample(SAMPLES, settings.SEED)),
            "a Gaussian for each digit": judge.clear(vae.decode(drawn)),
        },
    }


def describe(rows: Rows, controls: Row) -> dict[str, Any]:
    """The card."""
    metrics, tolerances = summarise(rows)
    return {
        "conventions": "accuracy and all else on the 10,000 test digits; seconds of the processor "
        "on one thread and one core, compiling left out; ms: median of a call for one image and "
        "for 1,000; bytes: largest memory during such a call; AUROC against all test digits; one "
        "row a training",
        "settings": {
            "batch": BATCH,
            "learning_rate": classifiers.LEARNING_RATE,
            "latent_dim": classifiers.LATENT_DIM,
            "neighbours": classifiers.NEIGHBOURS,
            "inverse_regularisation": classifiers.INVERSE_REGULARISATION,
            "seeds": SEEDS,
            "refused": REFUSED,
            "false_refusals": FALSE_REFUSALS,
        },
        "machine": f"one thread on one of {machine.describe()['cores']} cores, no GPU, shared with "
        "other work",
        "results": rows,
        "controls": controls,
        "metrics": metrics,
        "tolerances": tolerances,
    }


def summarise(rows: Rows) -> tuple[dict[str, float], dict[str, float]]:
    """Mean accuracies, the ratio of the times of the longest trainings, and tolerances."""
    metrics, tolerances = {}, {}
    for method, epochs in sorted({(row["method"], row["epochs"]) for row in rows}):
        name = f"accuracy_{method}_{epochs}"
        metrics[name] = mean_of(rows, method, epochs, "accuracy")
        tolerances[name] = 0.01
    for rival in ("conv", "encoder"):
        name = f"vae_to_{rival}_seconds"
        vae_seconds = mean_of(rows, "vae_nearest", LONGEST, "seconds")
        metrics[name] = vae_seconds / mean_of(rows, rival, LONGEST, "seconds")
        tolerances[name] = 0.5 * metrics[name]  # processors differ
    return metrics, tolerances


def mean_of(rows: Rows, method: str, epochs: int, key: str) -> float:
    """Over the seeds."""
    found = [row[key] for row in rows if (row["method"], row["epochs"]) == (method, epochs)]
    return float(np.mean(found))


EXPERIMENTS = {
    NAME: Experiment(
        35,
        "How long do classifiers of 50,000 digits train, and what do they cost and give then?",
        make,
        about_a_claim=True,
    )
}
