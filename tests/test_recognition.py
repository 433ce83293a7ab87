"""What notebook 08 rests on: its experiments, its definitions and its figures."""

import json

import keras
import numpy as np
import pytest
from scipy.special import log_softmax, softmax
from scipy.stats import binomtest

from tools.experiments import all_labels, semi_supervised
from tools.publish.definitions import load_definitions
from vae_lib import data, evaluation
from vae_lib.luhn import passes_luhn
from vae_lib.plots import recognition

RANDOM = np.random.default_rng(0)
NOTEBOOK = load_definitions("08_recognition")


@pytest.fixture
def build(tmp_path, monkeypatch):
    """An empty build folder."""
    monkeypatch.setattr(semi_supervised, "BUILD", tmp_path)
    monkeypatch.setattr(all_labels, "BUILD", tmp_path)
    return tmp_path


def make_bars(slants):
    """Raw images of an upright bar, each slanted by so many pixels for each pixel up."""
    bar = np.zeros((1, 28, 28, 1), np.float32)
    bar[:, 6:22, 12:16] = 1
    bars = data.warp(np.repeat(bar, len(slants), axis=0), slant=np.array(slants))
    return data.to_raw(bars)


def measure_slant(images):
    ink = data.normalize(images)[..., 0]
    ink = ink / ink.sum(axis=(1, 2), keepdims=True)
    rows, columns = np.mgrid[:28, :28]
    x = columns - (ink * columns).sum(axis=(1, 2), keepdims=True)
    up = (ink * rows).sum(axis=(1, 2), keepdims=True) - rows
    return (ink * x * up).sum(axis=(1, 2)) / (ink * up**2).sum(axis=(1, 2))


@pytest.mark.parametrize("where", ["experiment", "notebook"])
def test_a_deslanted_bar_is_upright(where):
    slanted = make_bars([-0.4, 0.0, 0.5])
    np.testing.assert_allclose(measure_slant(slanted), [-0.4, 0, 0.5], atol=0.05)
    if where == "experiment":
        upright = semi_supervised.deslant(slanted)
    else:
        upright = data.to_raw(NOTEBOOK["deslant"](data.normalize(slanted)))
    np.testing.assert_allclose(measure_slant(upright), 0, atol=0.03)


def make_crowds():
    truth = np.repeat(np.arange(10), 12)
    points = 9 * np.eye(10)[truth] + RANDOM.standard_normal((120, 10))
    return truth, points.astype(np.float32)


def test_spreading_many_columns_in_single_precision_is_spreading_labels():
    truth, points = make_crowds()
    known = np.where(np.arange(120) % 12 == 0, truth, -1)
    start = (known[:, None] == np.arange(10)).astype(np.float32)
    graph = evaluation.neighbour_graph(points, semi_supervised.NEIGHBOURS).astype(np.float32)
    scores = evaluation.spread(graph, start)
    shares = scores / scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, evaluation.spread_labels(points, known), atol=1e-4)


def test_notebook_and_experiment_spread_the_same():
    truth, points = make_crowds()
    start = np.where(np.arange(120)[:, None] % 12 == 0, np.eye(10)[truth], 0)
    ours = evaluation.neighbour_graph(points, semi_supervised.NEIGHBOURS, weighs_distance=False)
    theirs = NOTEBOOK["neighbour_graph"](points)
    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), atol=1e-6)
    np.testing.assert_allclose(
        evaluation.spread(ours, start.astype(np.float32)),
        NOTEBOOK["spread_labels"](theirs, start),
        atol=1e-5,
    )


def test_each_draw_has_ten_columns_of_its_own(monkeypatch):
    monkeypatch.setattr(semi_supervised, "DRAWS", 3)
    labels = np.repeat(np.arange(10), 8)
    start = semi_supervised.known_labels(labels, 20)
    assert start.shape == (80, 30) and start.sum() == 3 * 20
    classes = semi_supervised.find_classes(start)
    for draw in range(3):
        chosen = semi_supervised.stratified(labels, 20, draw)
        assert np.array_equal(classes[chosen, draw], labels[chosen])
        assert set(np.flatnonzero(start[:, 10 * draw : 10 * draw + 10].sum(axis=1))) == set(chosen)


def test_a_method_that_was_measured_is_not_measured_again(build):
    made = []

    def measure():
        made.append(1)
        return {"5-NN, PCA": {"10": [0.5]}}

    first = semi_supervised.once("PCA, deslanted", measure)
    assert first == semi_supervised.once("PCA, deslanted", measure)
    assert len(made) == 1
    assert [file.name for file in build.iterdir()] == ["semi-supervised-pca-deslanted.json"]


class Logits:
    """Stands in for the classifier: the images are the logits."""

    def __call__(self, images):
        return images


@pytest.mark.parametrize("unlabelled", [False, True])
def test_pseudo_labels_cost_what_brute_force_says(unlabelled):
    labelled = RANDOM.normal(size=(3, 10)).astype(np.float32)
    plain = (6 * RANDOM.normal(size=(8, 10))).astype(np.float32)
    augmented = RANDOM.normal(size=(8, 10)).astype(np.float32)
    labels = np.array([4, 0, 9])
    model = semi_supervised.PseudoLabels.__new__(semi_supervised.PseudoLabels)
    keras.Model.__init__(model)
    model.classifier = Logits()
    model.unlabelled = unlabelled
    inputs = labelled, labels, plain, augmented
    found = float(model.compute_loss(inputs, y_pred=labelled))

    expected = -log_softmax(labelled, axis=1)[np.arange(3), labels].mean()
    sure = 0
    for before, after in zip(plain, augmented, strict=True):
        if unlabelled and softmax(before).max() >= 0.95:
            expected -= log_softmax(after)[before.argmax()] / 8
            sure += 1
    assert 0 < sure < 8 or not unlabelled
    assert found == pytest.approx(expected, rel=1e-4)


def test_the_temperature_has_the_smallest_loss():
    labels = RANDOM.integers(0, 10, 500)
    logits = RANDOM.normal(size=(500, 10))
    drawn = np.array([RANDOM.choice(10, p=softmax(row)) for row in logits])
    found = all_labels.choose_temperature(7 * logits, drawn)
    assert 4.5 < found < 11  # the labels were drawn at 7
    assert all_labels.choose_temperature(logits, labels) > 10  # they have nothing to do with them


def test_errors_after_refusing_are_the_notebooks_curve(monkeypatch):
    confidence = RANDOM.permutation(1_000) / 1_000
    correct = RANDOM.random(1_000) < confidence
    aside, error = NOTEBOOK["find_rejection_curve"](confidence, correct)
    found = all_labels.errors_after_refusing(confidence, correct)
    expected = np.interp(all_labels.REFUSED, aside, error)
    np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("where", ["library", "notebook"])
def test_reliability_of_a_case_done_by_hand(where):
    probabilities = np.array([[0.9, 0.1], [0.88, 0.12], [0.3, 0.7], [1.0, 0.0]])
    labels = np.array([0, 1, 1, 0])
    reliability = evaluation.reliability if where == "library" else NOTEBOOK["reliability"]
    rows = reliability(probabilities, labels, bins=5)  # 0.6 to 0.8, and 0.8 to 1
    np.testing.assert_allclose(rows, [[0.25, 0.7, 1], [0.75, 2.78 / 3, 2 / 3]])
    if where == "library":
        error = evaluation.calibration_error(probabilities, labels, 5)
        assert error == pytest.approx(0.25 * 0.3 + 0.75 * (2.78 / 3 - 2 / 3))


@pytest.mark.parametrize(
    ("probabilities", "labels", "message"),
    [
        ([[0.5, 0.5]], [0, 1], "its row of probabilities and its label"),
        ([0.5, 0.5], [0, 1], "its row of probabilities and its label"),
        ([[3.0, -1.0]], [0], "pass a softmax"),
        ([[np.nan, 1.0]], [0], "pass a softmax"),
    ],
)
def test_reliability_refuses_what_is_no_probability(probabilities, labels, message):
    with pytest.raises(ValueError, match=message):
        evaluation.reliability(probabilities, labels)


def test_composed_cards_pass_luhns_test_and_one_wrong_digit_fails_it():
    labels = RANDOM.integers(0, 10, 300).astype(np.uint8)
    cards = labels[all_labels.compose_cards(labels)[:50]].astype(int)
    assert cards.shape == (50, 16)
    for passes in (map(passes_luhn, cards.tolist()), NOTEBOOK["passes_luhn"](cards)):
        assert all(passes)
    place = RANDOM.integers(0, 16, 50)
    cards[np.arange(50), place] = (cards[np.arange(50), place] + RANDOM.integers(1, 10, 50)) % 10
    assert not any(map(passes_luhn, cards.tolist()))
    assert not NOTEBOOK["passes_luhn"](cards).any()


def test_numbers_that_fail_the_check_are_put_aside():
    labels = np.array([0, 1, 2, 3])
    probabilities = np.full((4, 10), 0.02)
    probabilities[np.arange(4), [0, 1, 2, 4]] = 0.82  # the last is wrong
    numbers = np.array([[0, 0], [1, 2], [0, 3]])  # 00 passes, 12 and 04 do not
    plain = all_labels.judge_numbers(numbers, labels, probabilities)
    assert (plain["failed"], plain["right"]) == (0, pytest.approx(2 / 3))
    assert plain["stated"] == pytest.approx(0.82**2)
    assert plain["errors"][0] == pytest.approx(1 / 3, abs=1e-5)
    checked = all_labels.judge_numbers(numbers, labels, probabilities, check=True)
    assert checked["failed"] == pytest.approx(2 / 3)
    assert checked["errors"][0] == 0


def test_a_piece_of_all_labels_is_made_once(build):
    made = []

    def score(digits):
        made.append(digits)
        return {"test": np.ones((2, 10))}

    for _ in range(2):
        found = all_labels.once("vae-0", "digits", score)
    assert made == ["digits"]
    np.testing.assert_array_equal(found["test"], 1)


def test_the_card_of_all_labels_is_plain_json(build):
    few = data.load_digits("sklearn").take(20, 20, 20)
    others = all_labels.load_others()
    scores = {
        "validation": RANDOM.normal(size=(len(few.validation.labels), 10)),
        "test": RANDOM.normal(size=(len(few.test.labels), 10)),
        "others": 5 * np.eye(10)[others.labels],
    }
    found = json.loads(json.dumps(all_labels.judge(scores, few)))
    assert found["others_accuracy"] == 1
    assert len(found["wrong"]) == round(20 * (1 - found["accuracy"]))


CURVE = {10: [0.4, 0.5], 100: [0.6, 0.7], 1_000: [0.9, 0.95]}
ROWS = np.array([[0.2, 0.5, 0.4], [0.8, 0.9, 0.95]])
FIGURES = {
    "spreading": lambda: recognition.plot_spreading(
        RANDOM.normal(size=(60, 2)),
        np.where(np.arange(60) < 20, np.arange(60) % 10, -1),
        np.arange(60) % 10,
        np.where(np.arange(60) > 50, np.arange(60) + 1, np.arange(60)) % 10,
    ),
    "few labels": lambda: recognition.plot_few_labels(
        {
            "PCA": {"nearest neighbours": CURVE, "label spreading": CURVE},
            "VAE": {"nearest neighbours": CURVE, "label spreading": CURVE},
            "classifier": {"network": {100: [0.5]}},
        },
        (10, 100, 1_000),
    ),
    "labels tried": lambda: recognition.plot_labels_tried(
        RANDOM.random((28, 28, 1)), RANDOM.random((10, 28, 28, 1)), np.arange(-110.0, -100)
    ),
    "reliability": lambda: recognition.plot_reliability(
        {"VAE": {"T = 1": ROWS, "T = 7": ROWS}, "classifier": {"T = 1": ROWS, "T = 2": ROWS}}
    ),
    "refusing": lambda: recognition.plot_refusing(
        {"VAE": [[0.02, 0.01, 0.0]], "classifier": [[0.02, 0.01, 0], [0.03, 0.01, 0]]},
        np.array([0, 0.02, 0.04]),
    ),
    "whole numbers": lambda: recognition.plot_whole_numbers(
        {"VAE": {"5 digits": [0.1, 0.0], "16 digits": [0.2, 0.1]}}, np.array([0, 0.2])
    ),
    "verdict": lambda: recognition.plot_verdict(
        {"few labels": {"VAE": [0.9, 0.8], "PCA": [0.95]}, "all labels": {"VAE": [0.99]}},
        counts={"all labels": 100},
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_drawn_and_described(name):
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    assert figure.axes and len(figure.alt_text) > 30


def test_few_labels_has_fewer_errors_to_the_right_and_says_accuracies():
    figure = FIGURES["few labels"]()
    for ax in figure.axes:
        most, fewest = ax.get_xlim()
        assert ax.get_xscale() == "log" and most > fewest
        for tick, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
            assert label.get_text() == f"{1 - tick:.0%}" and fewest < tick < most


def test_the_interval_of_a_share_is_that_of_scipy():
    for wrong, count in ((121, 10_000), (0, 50), (50, 50)):
        expected = binomtest(wrong, count).proportion_ci(method="wilson")
        found = recognition.find_interval(wrong / count, count)
        assert found == pytest.approx((expected.low, expected.high), abs=1e-4)


def test_a_cnn_with_a_vae_as_its_judge_has_a_colour_of_its_own():
    names = ("class-conditional VAE", "CNN reads and cuts", "CNN reads, VAE's score cuts")
    figure = recognition.plot_verdict({"sheets": {name: [0.2] for name in names}}, {"sheets": 600})
    bars = figure.axes[0].patches
    assert len({bar.get_facecolor() for bar in bars}) == 3
    assert len(figure.axes[0].lines) == 3  # an interval each
