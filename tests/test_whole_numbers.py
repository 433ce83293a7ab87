"""The experiment with whole numbers: what it tunes, what it counts, what it goes on from."""

import numpy as np
import pytest

from tools.experiments import ood_without_vae, whole_numbers
from vae_lib import data
from vae_lib.composed_numbers import ComposedNumber, compose_numbers
from vae_lib.number_reader import NumberReading, ReadPiece


@pytest.fixture(scope="module")
def numbers(digits):
    return compose_numbers(digits.validation, 60, seed=0)


def guess(images):
    """Logits that name a digit by its ink, far too sure; the score is the ink."""
    ink = images.sum(axis=(1, 2, 3))
    logits = np.zeros((len(images), 10))
    logits[np.arange(len(images)), (ink * 7).astype(int) % 10] = 20.0
    return logits, ink


def test_tuning_makes_a_reader_careful_and_refuses_a_hundredth(numbers):
    reader = whole_numbers.tune(guess, numbers)
    images, labels = whole_numbers.framed_digits(numbers)
    logits, scores = guess(images)
    assert len(images) == len(labels) > 100
    assert reader.temperature > 5
    assert np.mean(scores > reader.threshold) == pytest.approx(0.01, abs=0.01)
    assert 0 <= reader.cut_is_right <= 1
    nll = [
        whole_numbers.find_nll(logits / value, labels)
        for value in (reader.temperature / 2, reader.temperature)
    ]
    assert nll[1] < nll[0]


def test_only_digits_that_stand_alone_are_tuned_on(numbers):
    images, labels = whole_numbers.framed_digits(numbers)
    alone = [number for number in numbers if number.touching == 0]
    assert len(labels) <= 5 * len(alone)
    assert labels[:5].tolist() == list(alone[0].digits)
    assert images.shape == (len(labels), 28, 28, 1)


def reading_of(*digits):
    pieces = tuple(ReadPiece(None, digit, 0.9, 0.0, True) for digit in digits)
    return NumberReading(pieces, 0, 0.5)


def test_a_number_is_right_only_digit_by_digit_and_never_with_a_letter():
    written = [ComposedNumber(None, digits, 0) for digits in ((1, 2), (1, 2), (1, -1), (3, 4))]
    readings = [reading_of(1, 2), reading_of(1, 2, 2), reading_of(1, 1), reading_of(3, 5)]
    assert whole_numbers.are_right(readings, written).tolist() == [True, False, False, False]


def test_accepted_refused_and_wrong_numbers_are_counted():
    found = {
        "product": np.array([[0.99, 0.97, 0.96, 0.5, 0.98]]),
        "refused": np.array([[False, False, False, False, True]]),
        "right": np.array([[True, True, False, True, False]]),
        "fits": np.array([[True, False, False, True, True]]),
    }
    metrics = whole_numbers.summarise("x", found, checked=True)
    assert metrics == {
        "x_read_right": 0.6,
        "x_refused": 0.2,
        "x_aside": 0.4,
        "x_error_of_accepted": round(1 / 3, 4),
        "x_luhn_aside": 0.8,
        "x_luhn_error_of_accepted": 0.0,
    }
    assert "x_luhn_aside" not in whole_numbers.summarise("x", found, checked=False)


def test_measured_numbers_stand_seed_by_seed(numbers):
    reader = whole_numbers.tune(guess, numbers)
    found = whole_numbers.measure(reader, [numbers[:4], numbers[4:8], numbers[8:12]])
    assert {array.shape for array in found.values()} == {(3, 4)}
    assert ((found["product"] >= 0) & (found["product"] <= 1)).all()


def test_one_number_in_some_has_a_letter_and_the_long_ones_a_check_digit(digits, monkeypatch):
    monkeypatch.setattr(whole_numbers, "NUMBERS", 8)
    monkeypatch.setattr(whole_numbers, "FOREIGN", 2)
    kinds = whole_numbers.numbers_to_read(digits.test)
    for repeats in kinds.values():
        assert [len(written) for written in repeats] == [8] * 3
    for written in kinds["letters"]:
        assert [-1 in number.digits for number in written] == [False] * 6 + [True] * 2
    for number in kinds["account"][0]:
        assert whole_numbers.can_pass(reading_of(*number.digits))
    assert not whole_numbers.can_pass(NumberReading((), 0, 0.0))


def test_letters_are_framed_and_differ():
    letters = whole_numbers.draw_letters()
    assert letters.shape[1:] == (28, 28) and letters.dtype == np.uint8
    assert len(np.unique(letters.reshape(len(letters), -1), axis=0)) == len(letters)
    assert (letters.max(axis=(1, 2)) > 200).all()


def test_the_networks_score_is_its_doubt_and_two_answers_can_be_joined():
    network = whole_numbers.convolutional()
    images = np.random.default_rng(0).random((5, 28, 28, 1), np.float32)
    logits, scores = whole_numbers.NetworkAnswer(network)(images)
    weights = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert scores == pytest.approx(1 - weights.max(axis=1), abs=1e-6)
    both = whole_numbers.BothAnswer(whole_numbers.NetworkAnswer(network), guess)
    joined_logits, joined_scores = both(images)
    assert np.array_equal(joined_logits, logits)
    assert np.array_equal(joined_scores, guess(images)[1])


def test_the_same_images_are_answered_once():
    calls = []

    def answer(images):
        calls.append(len(images))
        return guess(images)

    remembered = whole_numbers.Remembered(answer)
    images = np.random.default_rng(0).random((5, 28, 28, 1), np.float32)
    for asked in (images, images.copy(), images[:4]):
        for found, expected in zip(remembered(asked), guess(asked), strict=True):
            assert np.array_equal(found, expected)
    assert calls == [5, 4]


def test_a_trained_network_is_kept_for_the_next_call(tmp_path, monkeypatch, digits):
    monkeypatch.setattr(whole_numbers, "BUILD", tmp_path)
    calls = []

    def train(model, split):
        calls.append(split)
        model.set_weights([weights + 1 for weights in model.get_weights()])
        return 7.0

    monkeypatch.setattr(whole_numbers, "train_cnn", train)
    first, seconds = whole_numbers.train_cnn_once(digits.train)
    again, same_seconds = whole_numbers.train_cnn_once(digits.train)
    assert len(calls) == 1 and seconds == same_seconds == 7.0
    for one, other in zip(first.get_weights(), again.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_each_judge_sees_that_noise_is_not_a_digit(tmp_path, monkeypatch, digits):
    """On few images and for few epochs; the shipped score needs no training."""
    few = {"augmented": ood_without_vae.Plan(4, ood_without_vae.augment_from_file)}
    monkeypatch.setattr(ood_without_vae, "BUILD", tmp_path)
    monkeypatch.setattr(ood_without_vae, "PLANS", few)
    usual = data.normalize(digits.validation.images)
    noise = np.random.default_rng(0).random((100, 28, 28, 1), np.float32)
    for name, judge_of in whole_numbers.JUDGES.items():
        judge = judge_of(digits)
        scores = judge(usual)
        assert scores.shape == (len(usual),), name
        if name != "classifier":  # which may be sure of anything
            assert np.median(judge(noise)) > np.percentile(scores, 95), name


def test_single_digits_of_other_hands_are_counted():
    others = whole_numbers.other_hands()
    assert len(others.images) == len(others.labels) == 1797
    few = others.take(200)

    def answer(images):
        logits = np.zeros((len(images), 10))
        logits[np.arange(len(images)), few.labels] = 1.0
        logits[:50] = np.roll(logits[:50], 1, axis=1)
        return logits, np.arange(len(images), dtype=float)

    reader = whole_numbers.DigitReader(answer, 1.0, threshold=179.5, cut_is_right=1.0)
    assert whole_numbers.measure_single("x", reader, few) == {
        "x_read_right": 0.75,
        "x_refused": 0.1,
    }
