"""For notebook 08: may a machine accept a handwritten number that nobody has looked at?

Numbers are composed from single test digits, found on their sheets, read, and accepted or put
aside. All readers go through the same steps. The VAE is the shipped "mnist-by-class": its ten
bounds read, its best bound above the entropy floor is the out-of-distribution score that chooses
cuts and refuses. The CNN was trained on the same images with the same augmentation in the same
order, for as many epochs as the VAE; its largest softmax probability does both. "both" takes the
CNN's probabilities and the VAE's score, and so says which of the two parts makes a difference.

Four more take the CNN's probabilities and another judge's score: principal components, the
autoencoder and the classifier of ``ood_without_vae``, and the shipped out-of-distribution score.
They say whether the judge has to be this VAE.

Temperatures, thresholds and the probability that a cut is right are chosen on numbers composed
from validation digits.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
from scipy.special import log_softmax
from sklearn.decomposition import PCA

from tools.experiments import ood_without_vae
from tools.experiments.by_class import BATCH, EPOCHS, LEARNING_RATE, LabelledBatches
from tools.experiments.common import BUILD, Experiment, flat, in_parts
from tools.experiments.transformations import convolutional
from vae_lib import data, settings, shipped, training
from vae_lib.composed_numbers import ComposedNumber, compose_numbers
from vae_lib.formulas import bernoulli_nll, entropy_floor, softmax
from vae_lib.luhn import passes_luhn
from vae_lib.number_reader import (
    Answer,
    BoundAnswer,
    DigitReader,
    NumberReading,
    find_product,
    read_numbers,
)
from vae_lib.ood import smoothed_distance
from vae_lib.outliers import print_letter
from vae_lib.segmentation import find_pieces

NAME = "whole-numbers"
SEEDS = (0, 1, 2)
NUMBERS = 200  # of each kind, for each seed
FOREIGN = 40  # of them have a letter in place of a digit, where some do
POSTAL = 5  # digits
ACCOUNT = 8  # digits, the last of them a check digit
TUNING_SEED = 100
TUNING_NUMBERS = 400  # composed from validation digits
REFUSED = 0.01  # share of validation digits that each threshold refuses: of five, any may be one
TEMPERATURES = np.geomspace(0.5, 20, 60)
ACCEPTED_FROM = 0.95  # stated probability
FONTS = ("DejaVuSans", "DejaVuSerif-Bold", "DejaVuSansMono", "DejaVuSans-Oblique")
COMPONENTS = 20  # of the judge without a network; the VAE has as many latent dimensions
Judge = Callable[[np.ndarray], np.ndarray]  # from images to scores: higher is less like a digit
LETTERS = "ACEFGHJKMNPRTUVWXYadefhkmnprtuwy"  # not those that look like a digit: B, I, O, S, Z, …


def make() -> dict[str, Any]:
    """Tune the readers on validation digits, then let them read the same test numbers."""
    digits = data.load_digits("mnist")
    cnn, seconds = train_cnn_once(digits.train)
    models = [shipped.load_pretrained("mnist-by-class", label) for label in range(10)]
    vae = Remembered(BoundAnswer(models))
    network = NetworkAnswer(cnn)
    answers: dict[str, Answer] = {"VAE": vae, "CNN": network, "both": BothAnswer(network, vae)}
    for name, judge_of in JUDGES.items():
        answers[name] = JudgedAnswer(network, judge_of(digits))
    tuning = compose_numbers(digits.validation, TUNING_NUMBERS, TUNING_SEED, POSTAL)
    readers = {}
    for name, answer in answers.items():
        readers[name] = tune(answer, tuning)
        print(name, describe(readers[name]), flush=True)
    metrics: dict[str, float] = {}
    arrays: dict[str, np.ndarray] = {}
    for kind, written in numbers_to_read(digits.test).items():
        for name, reader in readers.items():
            found = measure(reader, written)
            metrics |= summarise(f"{kind}_{name}", found, checked=kind == "account")
            arrays |= {f"{kind}_{name}_{what}": array for what, array in found.items()}
        print(kind, "done", flush=True)
    for name, reader in readers.items():
        metrics |= measure_single(f"mnist_{name}", reader, digits.test)
        metrics |= measure_single(f"other_hands_{name}", reader, other_hands())
    np.savez_compressed(BUILD / f"{NAME}.npz", **arrays)
    return {
        "data": "numbers composed from MNIST's test digits; tuned on numbers composed from its "
        "validation digits",
        "conventions": "error: share of accepted numbers with a wrong or missing digit, or with a "
        "letter; aside: share of numbers that are put aside; accepted: stated probability of at "
        f"least {ACCEPTED_FROM}, and with _luhn a check digit that fits; all seeds together. "
        "Arrays: a row a seed, a column a number; product is the probability of the whole before "
        "a piece is refused. mnist and other_hands: single digits, MNIST's test digits and "
        "scikit-learn's 1,797, which nothing was trained or tuned on",
        "settings": {
            "numbers": NUMBERS,
            "with_a_letter": FOREIGN,
            "postal_digits": POSTAL,
            "account_digits": ACCOUNT,
            "seeds": SEEDS,
            "tuning_numbers": TUNING_NUMBERS,
            "refused_validation_digits": REFUSED,
            "cnn_epochs": EPOCHS,
            "vae_epochs": EPOCHS,
        },
        "readers": {name: describe(reader) for name, reader in readers.items()},
        "cnn_processor_seconds": round(seconds),
        "vae_minutes_on_two_cores": shipped.load_card("mnist-by-class")["minutes"],
        "cnn_weights": int(cnn.count_params()),
        "metrics": metrics,
        "tolerances": {name: 0.02 if "error" in name else 0.05 for name in metrics},
    }


def numbers_to_read(split: data.Split) -> dict[str, list[list[ComposedNumber]]]:
    """For each kind of number, those of each seed."""
    letters = draw_letters()
    kinds: dict[str, list[list[ComposedNumber]]] = {"postal": [], "letters": [], "account": []}
    for seed in SEEDS:
        postal = compose_numbers(split, NUMBERS, seed, POSTAL)
        spoiled = compose_numbers(split, FOREIGN, 10 + seed, POSTAL, foreign=letters)
        kinds["postal"].append(postal)
        kinds["letters"].append([*postal[: NUMBERS - FOREIGN], *spoiled])
        kinds["account"].append(compose_numbers(split, NUMBERS, seed, ACCOUNT, check_digit=True))
    return kinds


def draw_letters() -> np.ndarray:
    """Printed letters that look like no digit, in MNIST's frame: uint8 ``(n, 28, 28)``."""
    framed = []
    for font in FONTS:
        for letter in LETTERS:
            sheet = np.asarray(print_letter(letter, font), np.float32)
            framed.append(data.frame(sheet / 255))
    return data.to_raw(np.stack(framed))


class NetworkAnswer:
    """A network's logits; the score is how far its largest probability lies below 1."""

    def __init__(self, network: keras.Model):
        self.network = network

    def __call__(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits = in_parts(self.network.predict_on_batch, images)
        return logits, 1 - softmax(logits.astype(np.float64)).max(axis=1)


class Remembered:
    """An answer that is not computed again for images that were asked about before."""

    def __init__(self, answer: Answer):
        self.answer = answer
        self.known: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

    def __call__(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        key = hashlib.sha256(images.tobytes()).digest()
        if key not in self.known:
            self.known[key] = self.answer(images)
        return self.known[key]


class JudgedAnswer:
    """The logits of a reader with a judge's scores."""

    def __init__(self, reads: Answer, judge: Judge):
        self.reads = reads
        self.judge = judge

    def __call__(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.reads(images)[0], in_parts(self.judge, images)


def judge_by_components(digits: data.Digits) -> Judge:
    """Distance from what the components of augmented digits can draw."""
    augmented = ood_without_vae.augment_from_file(digits.train.images, 0)
    pca = PCA(COMPONENTS, svd_solver="covariance_eigh").fit(flat(data.normalize(augmented)))

    def judge_images(images: np.ndarray) -> np.ndarray:
        drawn = pca.inverse_transform(pca.transform(flat(images)))
        return smoothed_distance(images, drawn.reshape(images.shape))

    return judge_images


def judge_by_autoencoder(digits: data.Digits) -> Judge:
    """Cross-entropy of the reconstruction, less the entropy floor: the VAE's score without KL."""
    network = ood_without_vae.train_autoencoder(digits, "augmented")

    def judge_images(images: np.ndarray) -> np.ndarray:
        logits = network.decode_logits(network.encode(images)[0])
        return bernoulli_nll(images, logits) - entropy_floor(images)

    return judge_images


def judge_by_classifier(digits: data.Digits) -> Judge:
    """The doubt of a second classifier, with the layers of the VAE's encoder."""
    answer = NetworkAnswer(ood_without_vae.train_classifier(digits, "augmented"))
    return lambda images: answer(images)[1]


def judge_by_score(digits: data.Digits) -> Judge:
    """The shipped out-of-distribution score, of two other VAEs."""
    return shipped.load_ood_score().score


JUDGES: dict[str, Callable[[data.Digits], Judge]] = {
    "PCA": judge_by_components,
    "autoencoder": judge_by_autoencoder,
    "classifier": judge_by_classifier,
    "score": judge_by_score,
}


class BothAnswer:
    """The logits of one reader with the scores of another."""

    def __init__(self, reads: Answer, scores: Answer):
        self.reads = reads
        self.scores = scores

    def __call__(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.reads(images)[0], self.scores(images)[1]


def tune(answer: Answer, numbers: Sequence[ComposedNumber]) -> DigitReader:
    """A reader whose temperature, threshold and trust in cuts suit these numbers."""
    images, labels = framed_digits(numbers)
    logits, scores = answer(images)
    temperature = min(TEMPERATURES, key=lambda value: find_nll(logits / value, labels))
    threshold = float(np.quantile(scores, 1 - REFUSED))
    reader = DigitReader(answer, float(temperature), threshold, cut_is_right=1.0)
    touching = [number for number in numbers if number.touching]
    readings = read(reader, touching)
    stated = np.array([reading.probability for reading in readings])
    is_cut = np.array([reading.cuts > 0 for reading in readings]) & (stated > 0)
    right = are_right(readings, touching)
    # of numbers that were cut, how many are right for each that the product of the digits promises
    cut_is_right = min(1.0, right[is_cut].mean() / stated[is_cut].mean())
    return DigitReader(answer, float(temperature), threshold, float(cut_is_right))


def framed_digits(numbers: Sequence[ComposedNumber]) -> tuple[np.ndarray, np.ndarray]:
    """The single digits of numbers in which none touch, framed, and their labels."""
    images, labels = [], []
    for number in numbers:
        pieces = find_pieces(number.ink)
        if number.touching == 0 and len(pieces) == len(number.digits):
            images += [piece.framed() for piece in pieces]
            labels += number.digits
    return np.stack(images), np.array(labels)


def find_nll(logits: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log-likelihood of the labels: nats a digit."""
    log_p = log_softmax(logits.astype(np.float64), axis=1)
    return float(-log_p[np.arange(len(labels)), labels].mean())


def read(reader: DigitReader, numbers: Sequence[ComposedNumber]) -> list[NumberReading]:
    """The numbers, each as long as it is known to be."""
    sheets = [number.ink for number in numbers]
    return read_numbers(sheets, reader, len(numbers[0].digits))


def are_right(readings: Sequence[NumberReading], numbers: Sequence[ComposedNumber]) -> np.ndarray:
    """Whether each number was read digit by digit as it was written."""
    return np.array(
        [reading.digits == number.digits for reading, number in zip(readings, numbers, strict=True)]
    )


def measure(
    reader: DigitReader, repeats: Sequence[Sequence[ComposedNumber]]
) -> dict[str, np.ndarray]:
    """What a reader makes of each number of each seed: arrays ``(seeds, numbers)``."""
    kinds = {
        "product": np.float32,
        "refused": np.bool_,
        "right": np.bool_,
        "fits": np.bool_,
        "cuts": np.int8,
    }
    found: dict[str, list[Any]] = {what: [] for what in kinds}
    for numbers in repeats:
        readings = read(reader, numbers)
        length = len(numbers[0].digits)
        products = [find_product(one.pieces, one.cuts, reader, length) for one in readings]
        found["product"].append(products)
        found["refused"].append([not all(p.is_digit for p in one.pieces) for one in readings])
        found["right"].append(are_right(readings, numbers))
        found["fits"].append([can_pass(one) for one in readings])
        found["cuts"].append([one.cuts for one in readings])
    return {what: np.array(rows, kinds[what]) for what, rows in found.items()}


def can_pass(reading: NumberReading) -> bool:
    """Whether the number that was read has a right check digit."""
    return bool(reading.pieces) and passes_luhn(reading.digits)


def describe(reader: DigitReader) -> dict[str, float]:
    """What validation digits chose, as ``DigitReader`` takes it."""
    return {
        "temperature": round(reader.temperature, 4),
        "threshold": round(reader.threshold, 6),
        "cut_is_right": round(reader.cut_is_right, 4),
    }


def summarise(name: str, found: dict[str, np.ndarray], checked: bool) -> dict[str, float]:
    """Of one reader on one kind of number, all seeds together; with and without the check digit."""
    stated = np.where(found["refused"], 0, found["product"])
    metrics = {
        f"{name}_read_right": share(found["right"]),
        f"{name}_refused": share(stated == 0),
        **judge(name, stated, found["right"]),
    }
    if checked:
        metrics |= judge(f"{name}_luhn", np.where(found["fits"], stated, 0), found["right"])
    return metrics


def judge(name: str, stated: np.ndarray, right: np.ndarray) -> dict[str, float]:
    """Share put aside, and errors among the accepted."""
    is_accepted = stated >= ACCEPTED_FROM
    return {
        f"{name}_aside": share(~is_accepted),
        f"{name}_error_of_accepted": share(~right[is_accepted]),
    }


def other_hands() -> data.Split:
    """scikit-learn's 1,797 digits, of other writers, in MNIST's frame."""
    _, train, validation, test = data.load_digits("sklearn")
    splits = (train, validation, test)
    images = np.concatenate([split.images for split in splits])
    return data.Split(images, np.concatenate([split.labels for split in splits]))


def measure_single(name: str, reader: DigitReader, split: data.Split) -> dict[str, float]:
    """Of single digits: the share that is read correctly, and the share that is refused."""
    probabilities, scores = reader.read(data.normalize(split.images))
    return {
        f"{name}_read_right": share(probabilities.argmax(axis=1) == split.labels),
        f"{name}_refused": share(scores > reader.threshold),
    }


def share(flags: np.ndarray) -> float:
    return round(float(flags.mean()), 4)


def train_cnn_once(split: data.Split) -> tuple[keras.Model, float]:
    """As ``train_cnn``, or what an earlier call that was cut short has kept."""
    file = BUILD / f"{NAME}-cnn.npz"
    keras.utils.set_random_seed(settings.SEED)
    model = convolutional()
    if file.exists():
        with np.load(file) as kept:
            model.set_weights([kept[f"weights_{k}"] for k in range(len(model.weights))])
            return model, float(kept["seconds"])
    seconds = train_cnn(model, split)
    weights = {f"weights_{k}": array for k, array in enumerate(model.get_weights())}
    np.savez(file, seconds=seconds, **weights)
    return model, seconds


def train_cnn(model: keras.Model, split: data.Split) -> float:
    """Train on the images, augmentation and order of "mnist-by-class", for fewer epochs.

    Returns:
        The processor's seconds that it took.
    """
    steps = len(split.images) // BATCH
    batches = LabelledBatches(split.images, np.eye(settings.CLASSES)[split.labels])

    def labelled(epoch: int) -> Iterator[training.Batch]:
        for (seen, one_hot), _ in batches(epoch):
            yield seen, one_hot

    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    optimizer = training.make_optimizer(LEARNING_RATE, EPOCHS * steps)
    model.compile(optimizer, loss, jit_compile=True)
    began = time.process_time()
    model.fit(
        training.endless(labelled), steps_per_epoch=steps, epochs=EPOCHS, shuffle=False, verbose=2
    )
    return time.process_time() - began


EXPERIMENTS = {
    NAME: Experiment(
        3,
        "May a machine accept a handwritten number that nobody has looked at?",
        make,
        about_a_claim=True,
    )
}
