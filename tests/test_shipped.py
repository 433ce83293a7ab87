"""What ships is found and keeps what its cards promise; a mistyped name gets the right ones."""

import re
import subprocess
import sys
from importlib import resources

import numpy as np
import pytest

from vae_lib import data, evaluation, outliers, shipped, widgets
from vae_lib.ood import canonical_frame

CONDITIONAL = "mnist-by-class"


@pytest.fixture(scope="session")
def pretrained():
    return shipped.load_pretrained("mnist-2d")


@pytest.fixture(scope="session")
def card():
    return shipped.load_card("mnist-2d")


@pytest.mark.parametrize(
    ("load", "message"),
    [
        (shipped.load_pretrained, "No model called 'mnist-3d'; choose from"),
        (shipped.load_card, "No model called 'mnist-3d'; choose from"),
        (shipped.load_result, "No result called 'mnist-3d'; choose from"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_names_that_would_do(load, message):
    with pytest.raises(ValueError, match=message) as refusal:
        load("mnist-3d")
    offered = re.findall(r"'([^']+)'", str(refusal.value))[1:]
    assert len(offered) > 1
    for name in offered:
        arguments = {"label": 3} if (load, name) == (shipped.load_pretrained, CONDITIONAL) else {}
        assert load(name, **arguments)


def test_a_result_holds_its_table_and_its_arrays():
    assert shipped.load_result("few-labels")["curves"]
    pictures = shipped.load_result("dimensions-pictures")
    assert all(isinstance(array, np.ndarray) for array in pictures.values())


def test_loading_needs_no_tensorflow():
    code = """
import sys
from vae_lib import shipped

shipped.load_run(), shipped.load_ood_score(), shipped.load_reference_percentiles()
print([name for name in ("tensorflow", "keras") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


def test_the_shipped_model_decodes(pretrained):
    decoded = pretrained.decode(np.zeros((3, 2)))
    assert decoded.shape == (3, 28, 28, 1)
    assert 0 <= decoded.min() < 0.5 < decoded.max() <= 1


def test_the_shipped_file_is_small():
    with resources.as_file(resources.files("vae_lib") / "pretrained" / "mnist-2d.npz") as path:
        assert path.stat().st_size < 4_000_000


def test_the_card_says_how_the_shipped_model_was_made(card):
    assert {"data", "settings", "seed", "seconds", "machine", "metrics", "licence"} <= set(card)
    assert all(card[name] not in (None, "", {}) for name in card)


def test_the_shipped_model_keeps_its_promise(card):
    assert card["metrics"]["test"]["negative_elbo"] <= 133
    assert card["metrics"]["test"]["knn_accuracy"] >= 0.86


def test_the_card_tells_the_negative_elbo_of_the_test_set(pretrained, card, mnist):
    score = evaluation.estimate_negative_elbo(pretrained, data.normalize(mnist.test.images))
    assert score.mean == pytest.approx(card["metrics"]["test"]["negative_elbo"], abs=0.05)


def test_the_card_tells_the_knn_accuracy_of_the_test_codes(pretrained, card, mnist):
    codes_train, _ = pretrained.encode(data.normalize(mnist.train.images))
    codes, _ = pretrained.encode(data.normalize(mnist.test.images))
    accuracy = evaluation.knn_accuracy(codes_train, mnist.train.labels, codes, mnist.test.labels)
    assert accuracy == pytest.approx(card["metrics"]["test"]["knn_accuracy"], abs=0.005)


def test_shipped_trainings_tell_what_the_weight_does():
    results = shipped.load_kl_weights()
    weights, terms = results["weights"], results["terms"]
    assert len(weights) >= 5 and weights[0] == 0 and weights[-1] == 8
    assert (np.diff(terms[:, 1]) < 0).all()  # the KL falls as it is weighed more
    assert (np.diff(terms[1:, 0]) > 0).all()  # and the reconstruction pays
    assert results["codes"].shape[:2] == (len(weights), len(results["labels"]))
    assert results["samples"].dtype == np.uint8 and len(results["samples"]) == len(weights)


def test_the_shipped_run_is_the_training_of_weight_one():
    results, run = shipped.load_kl_weights(), shipped.load_run()
    one = results["weights"].tolist().index(1)
    assert np.array_equal(run.codes[-1], results["codes"][one])
    assert run.history["val_loss"][-1] == pytest.approx(results["terms"][one].sum(), abs=0.02)
    assert len(run.codes) == len(run.pictures) == len(run.history["loss"]) == 10


def test_the_reference_codes_classify_digits(mnist):
    score = shipped.load_ood_score()
    framed = canonical_frame(data.normalize(mnist.validation.images[:2000]))
    asked, _ = score.code_model.encode(framed)
    truth = mnist.validation.labels[:2000]
    assert evaluation.knn_accuracy(score.codes, score.labels, asked, truth, k=15) > 0.94
    assert shipped.load_card("mnist-20d")["metrics"]["test"]["knn_accuracy"] > 0.95


def test_the_shipped_score_refuses_3_percent_of_validation_digits(mnist):
    score = shipped.load_ood_score()
    refused = score.refuses(data.normalize(mnist.validation.images[::5]))
    assert refused.mean() == pytest.approx(0.03, abs=0.012)  # three standard errors


def test_the_shipped_score_accepts_altered_digits_and_refuses_others(mnist):
    score = shipped.load_ood_score()
    images, labels = data.normalize(mnist.test.images[::10]), mnist.test.labels[::10]
    for name, altered in outliers.alter_digits(images).items():
        assert score.refuses(altered).mean() < 0.065, name  # 5% and two standard errors
    usual = score.score(images)
    sets = outliers.make_testing_outliers(images, labels, 100)
    for name in ("noise, blurred", "letters", "letters, thresholded", "blobs"):
        assert auroc(usual, score.score(sets[name])) > 0.93, name


def auroc(digits, others):
    """Share of pairs in which the outlier scores higher."""
    return np.mean(others[:, None] > digits[None])


def test_the_reference_percentiles_are_those_of_mnist(mnist, pretrained, digits):
    losses = shipped.load_reference_percentiles()
    assert losses[50] == pytest.approx(
        np.median(sum(pretrained.elbo_terms(data.normalize(mnist.test.images)))), rel=1e-3
    )
    drawing = widgets.explore_drawing(pretrained, *digits.test, reference_percentiles=losses)
    assert drawing.loss_percentiles == losses.astype(np.float32).tobytes()
    percentiles = shipped.load_ood_score().percentiles
    assert drawing.ood_percentiles == percentiles.astype(np.float32).tobytes()
