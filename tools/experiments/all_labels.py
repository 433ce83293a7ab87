"""For notebook 08: all labels. The class-conditional bound beside the same encoder as a classifier.

The classifier has the encoder's hidden layers with ten logits behind them, and is trained on the
very batches that the class-conditional VAE is trained on: the same augmentation and input dropout,
the same order, as many steps, the same optimiser. Both are judged by their accuracy, by their
calibration before and after one temperature is chosen on the validation digits, by the errors that
are left when the least sure digits are refused, by whole numbers that are composed of test digits,
and by digits of other hands.
"""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
from keras import layers
from scipy.special import log_softmax

from tools.experiments import by_class
from tools.experiments.common import BUILD, Experiment
from vae_lib import data, evaluation, settings, training
from vae_lib.formulas import softmax
from vae_lib.layers import gelu
from vae_lib.luhn import luhn_digit, passes_luhn
from vae_lib.shipped import load_pretrained

NAME = "all-labels"
SEEDS = 1  # of the first weights
TEMPERATURES = np.geomspace(0.25, 64, 97)
BINS = 15  # of the calibration error, as Guo et al. have them ("On Calibration …", 2017)
NUMBERS = 4_000  # postal codes, and card numbers
REFUSED = np.arange(0, 201) / 1_000  # shares at which the error of the others is stored

METRICS = (
    "accuracy",
    "temperature",
    "error_before",
    "error_after",
    "others_accuracy",
    "others_error",
)

Scores = dict[
    str, np.ndarray
]  # part of the digits: an unnormalised log-probability of each label, (n, 10)


def make_all_labels() -> dict[str, Any]:
    """Each model's accuracy, calibration and errors after refusing, on the 10,000 test digits."""
    digits = data.load_digits("mnist")
    found = {
        "class-conditional VAE": [
            once(f"vae-{seed}", digits, functools.partial(score_vae, seed=seed))
            for seed in range(SEEDS)
        ],
        "classifier": [
            once(f"classifier-{seed}", digits, functools.partial(score_classifier, seed=seed))
            for seed in range(SEEDS)
        ],
    }
    models = {name: [judge(scores, digits) for scores in runs] for name, runs in found.items()}
    metrics = {}
    for name, runs in models.items():
        for metric in METRICS:
            metrics[f"{name}, {metric}"] = float(np.mean([run[metric] for run in runs]))
    return {
        "metrics": metrics,
        "tolerances": {name: _tolerance(name) for name in metrics},
        "models": models,
        "steps": by_class.EPOCHS * (len(digits.train.images) // by_class.BATCH),
        "conventions": "10,000 test digits; a temperature for each model, of the lowest negative "
        "log-likelihood on the 10,000 validation digits; error_before, error_after: expected "
        f"calibration error with {BINS} bins of equal width, without and with it; refused: errors "
        "among the rest when so many thousandths are refused, those with the lowest probability; "
        f"codes, cards: {NUMBERS:,} numbers of 5 and 16 test images, refused by the product of the "
        "digits' probabilities; checked: those of the cards that pass Luhn's test; "
        "others: scikit-learn's 1,797 digits in MNIST's frame, with the same temperature; "
        f"{SEEDS} training of each model",
    }


def once(
    piece: str, digits: data.Digits, score: Callable[[data.Digits], Scores]
) -> dict[str, np.ndarray]:
    """The scores of both held-out parts, from their file if an earlier call has made them."""
    file = BUILD / f"{NAME}-{piece}.npz"
    if not file.exists():
        print(f" {piece}", flush=True)
        np.savez(file, **score(digits))
    with np.load(file) as arrays:
        return dict(arrays)


def score_vae(digits: data.Digits, seed: int) -> Scores:
    """ELBO under each label, of the class-conditional VAE; seed 0 is the one that ships."""
    if seed == settings.SEED:
        models = [load_pretrained(by_class.NAME, label) for label in range(settings.CLASSES)]
    else:
        beliefs = np.eye(settings.CLASSES)[digits.train.labels]
        vae = by_class.learn(digits.train.images, beliefs, by_class.EPOCHS, seed=seed)
        models = vae.by_class()
    return score_parts(lambda images: by_class.compute_bounds(models, images), digits)


def score_classifier(digits: data.Digits, seed: int) -> Scores:
    """Logits of the classifier."""
    classifier = train_classifier(digits, seed)

    def answer(images: np.ndarray) -> np.ndarray:
        return classifier.predict(data.normalize(images), batch_size=1_000, verbose=0)

    return score_parts(answer, digits)


def score_parts(score: Callable[[np.ndarray], np.ndarray], digits: data.Digits) -> Scores:
    """The scores of MNIST's held-out digits, and of scikit-learn's."""
    return {
        "validation": score(digits.validation.images),
        "test": score(digits.test.images),
        "others": score(load_others().images),
    }


def load_others() -> data.Split:
    """All of scikit-learn's digits, in MNIST's frame: no model has seen them."""
    digits = data.load_digits("sklearn")
    parts = [digits.train, digits.validation, digits.test]
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    return data.Split(images, labels)


def train_classifier(digits: data.Digits, seed: int) -> keras.Model:
    """Cross-entropy on the batches of ``by_class``; the seed is that of the weights."""
    keras.utils.set_random_seed(seed)
    classifier = build_classifier()
    steps = len(digits.train.images) // by_class.BATCH
    classifier.compile(
        training.make_optimizer(by_class.LEARNING_RATE, by_class.EPOCHS * steps),
        keras.losses.CategoricalCrossentropy(from_logits=True),
        jit_compile=True,
    )
    beliefs = np.eye(settings.CLASSES)[digits.train.labels]
    batches = training.endless(by_class.LabelledBatches(digits.train.images, beliefs))
    classifier.fit(
        without_targets(batches),
        steps_per_epoch=steps,
        epochs=by_class.EPOCHS,
        shuffle=False,
        verbose=2,
    )
    return classifier


def build_classifier() -> keras.Model:
    """The encoder's hidden layers, with ten logits behind them."""
    hidden = [layers.Dense(units, gelu) for units in settings.HIDDEN_UNITS]
    image = keras.Input(settings.IMAGE_SHAPE)
    return keras.Sequential([image, layers.Flatten(), *hidden, layers.Dense(settings.CLASSES)])


def without_targets(batches: Iterator[Any]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Images with input dropout and their one-hot labels; the whole images are left out."""
    for (seen, label), _ in batches:
        yield seen, label


def judge(scores: Scores, digits: data.Digits) -> dict[str, Any]:
    """What the card says of one training."""
    temperature = choose_temperature(scores["validation"], digits.validation.labels)
    before = probabilities(scores["test"], 1)
    after = probabilities(scores["test"], temperature)
    labels = digits.test.labels
    correct = after.argmax(axis=1) == labels
    confidence = after.max(axis=1)
    others = probabilities(scores["others"], temperature)
    other_labels = load_others().labels
    return {
        "accuracy": float(correct.mean()),
        "wrong": np.flatnonzero(~correct).tolist(),
        "true_score": float(scores["test"][np.arange(len(labels)), labels].mean()),
        "temperature": temperature,
        "error_before": evaluation.calibration_error(before, labels, BINS),
        "error_after": evaluation.calibration_error(after, labels, BINS),
        "bins_before": evaluation.reliability(before, labels, BINS).tolist(),
        "bins_after": evaluation.reliability(after, labels, BINS).tolist(),
        "refused": errors_after_refusing(confidence, correct),
        "codes": judge_numbers(compose_codes(labels), labels, after),
        "cards": judge_numbers(compose_cards(labels), labels, after),
        "checked": judge_numbers(compose_cards(labels), labels, after, check=True),
        "others_accuracy": float((others.argmax(axis=1) == other_labels).mean()),
        "others_confidence": float(others.max(axis=1).mean()),
        "others_error": evaluation.calibration_error(others, other_labels, BINS),
        "others_bins": evaluation.reliability(others, other_labels, BINS).tolist(),
    }


def compose_codes(labels: np.ndarray) -> np.ndarray:
    """Indices of the test images of each postal code: ``(NUMBERS, 5)``."""
    random = np.random.default_rng(settings.SEED)
    return random.integers(len(labels), size=(NUMBERS, 5))


def compose_cards(labels: np.ndarray) -> np.ndarray:
    """The same of card numbers, ``(NUMBERS, 16)``: the last image shows the check digit."""
    random = np.random.default_rng(settings.SEED + 1)
    cards = random.integers(len(labels), size=(NUMBERS, 16))
    for card in cards:
        wanted = luhn_digit(labels[card[:-1]].tolist())
        card[-1] = random.choice(np.flatnonzero(labels == wanted))
    return cards


def judge_numbers(
    numbers: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, check: bool = False
) -> dict[str, Any]:
    """The share that fails the check digit, and the errors of the others after refusing."""
    answers = probabilities.argmax(axis=1)[numbers]
    right = (answers == labels[numbers]).all(axis=1)
    stated = probabilities.max(axis=1)[numbers].prod(axis=1)
    accepted = np.ones(len(numbers), bool)
    if check:
        accepted = np.array([passes_luhn(number) for number in answers.tolist()])
    return {
        "failed": float(1 - accepted.mean()),
        "stated": float(stated.mean()),
        "right": float(right.mean()),
        "errors": errors_after_refusing(stated[accepted], right[accepted]),
    }


def choose_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The temperature with the lowest mean negative log-probability of the true labels."""
    rows = np.arange(len(labels))
    losses = [-log_softmax(scores / t, axis=1)[rows, labels].mean() for t in TEMPERATURES]
    return float(TEMPERATURES[np.argmin(losses)])


def probabilities(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of the scores, divided by the temperature."""
    return softmax(scores / temperature)


def errors_after_refusing(confidence: np.ndarray, correct: np.ndarray) -> list[float]:
    """Share of errors among the digits that are not refused, for each share in ``REFUSED``."""
    wrong = ~correct[np.argsort(-confidence, kind="stable")]
    kept = np.round((1 - REFUSED) * len(wrong)).astype(int)
    return [round(float(wrong[:n].mean()), 5) for n in kept]


def _tolerance(name: str) -> float:
    if name.endswith("temperature"):
        return 2.0
    if "others" in name:
        return 0.08
    return 0.004


EXPERIMENTS = {
    NAME: Experiment(
        8,
        "With all labels, is the largest bound better than a classifier?",
        make_all_labels,
        about_a_claim=True,
    )
}
