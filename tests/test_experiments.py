"""What the experiments share, the models they train, and the definitions of notebook 08."""

import itertools
import json
import re

import keras
import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics import accuracy_score

from tools.experiments import __main__ as claims
from tools.experiments import by_class, common, ood, ood_without_vae, price, tanh_net
from tools.experiments import by_class_few_labels as few_labels
from tools.experiments import transformations as transformed
from tools.publish.definitions import load_definitions
from tools.publish.notebooks import NOTEBOOKS
from vae_lib import data, settings
from vae_lib.inference import NumpyVAE
from vae_lib.ood import canonical_frame

RECOGNITION = load_definitions("08_recognition")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A build folder and one of results, both empty, where experiments and comparison look."""
    for name in ("BUILD", "RESULTS"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(common, name, tmp_path / name)
    monkeypatch.setattr(claims, "BUILD", tmp_path / "BUILD")
    return tmp_path


def write(folder, metrics, allowed=0.5):
    card = {"metrics": metrics, "tolerances": dict.fromkeys(metrics, allowed)}
    (folder / "row.json").write_text(json.dumps(card))


def test_an_experiment_that_gives_nearly_the_same_agrees(folders):
    write(folders / "RESULTS", {"nats": 100.0})
    write(folders / "BUILD", {"nats": 100.4})
    assert common.differences("row") == []


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        ({"nats": 100.6}, "nats is 100.6, shipped is 100, and 0.5 is allowed"),
        ({"nats": float("nan")}, "nats is nan"),
        ({}, "nats is in one of the two alone"),
        ({"nats": 100.0, "more": 1.0}, "more is in one of the two alone"),
    ],
)
def test_an_experiment_that_gives_something_else_is_named(folders, made, fault):
    write(folders / "RESULTS", {"nats": 100.0})
    write(folders / "BUILD", made)
    assert [fault in found for found in common.differences("row")] == [True]


def test_an_experiment_that_never_shipped_is_named(folders):
    write(folders / "BUILD", {"nats": 100.0})
    assert common.differences("row") == ["nothing of this experiment ships yet: store it"]


def test_metrics_in_groups_are_compared_one_by_one(folders):
    write(folders / "RESULTS", {"test": {"nats": 100.0, "accuracy": 0.9}})
    made = {
        "metrics": {"test": {"nats": 101.0, "accuracy": 0.9}},
        "tolerances": {"test_nats": 0.5, "test_accuracy": 0.01},
    }
    (folders / "BUILD" / "row.json").write_text(json.dumps(made))
    found = common.differences("row")
    assert found == ["test_nats is 101, shipped is 100, and 0.5 is allowed"]


def test_a_finished_experiment_is_not_made_again(folders, monkeypatch, capsys):
    made = []

    def make():
        made.append(1)
        (folders / "BUILD" / "row.npz").write_bytes(b"weights")
        return {"metrics": {"nats": 1.0}, "tolerances": {"nats": 0.0}}

    row = common.Experiment(3, "what?", make, about_a_claim=True)
    lesson = common.Experiment(5, "how?", lambda: pytest.fail("It was not asked for."))
    monkeypatch.setattr(claims, "EXPERIMENTS", {"row": row, "lesson": lesson})
    monkeypatch.setattr("sys.argv", ["claims"])
    assert claims.main() == 1  # nothing ships
    assert "3 minutes are planned" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["claims", "row", "--store"])
    assert claims.main() == 0
    assert made == [1]
    assert (folders / "RESULTS" / "row.npz").read_bytes() == b"weights"
    assert (
        json.loads((folders / "RESULTS" / "row.json").read_text())["made_by"]
        == "make claims ONLY=row"
    )


def test_the_papers_claims_are_planned_within_four_hours_and_cover_all_that_08_to_11_load(capsys):
    claims.print_plan(claims.choose_all(also_lessons=False))
    assert int(capsys.readouterr().out.partition(" minutes")[0]) <= 240
    of_claims = set(claims.choose_all(also_lessons=False))
    for path in NOTEBOOKS:
        if "08" <= path.name[:2] <= "11":
            loaded = set(re.findall(r'load_result\(\\"([a-z0-9-]+)', path.read_text("utf-8")))
            assert loaded <= of_claims | {"pen-strokes"}, path.name
            assert loaded


def test_all_experiments_have_shipped_with_a_tolerance_for_each_metric():
    for name in claims.EXPERIMENTS:
        path = common.shipped_folder(name) / f"{name}.json"
        card = json.loads(path.read_text(encoding="utf-8"))
        metrics = common.flat_metrics(card)
        assert metrics.keys() == card["tolerances"].keys(), name
        assert metrics and np.isfinite(list(metrics.values())).all(), name


def test_what_ships_weighs_at_most_16_megabytes():
    files = [*common.PRETRAINED.iterdir(), *common.RESULTS.iterdir()]
    assert sum(file.stat().st_size for file in files) <= 16e6


def test_a_stratified_draw_has_as_many_of_each_class():
    labels = np.repeat(np.arange(10), 20)
    first, second = (common.stratified(labels, 50, seed) for seed in (0, 1))
    assert np.bincount(labels[first]).tolist() == [5] * 10
    assert len(np.unique(first)) == 50
    assert not np.array_equal(np.sort(first), np.sort(second))
    np.testing.assert_array_equal(first, common.stratified(labels, 50, 0))


@pytest.mark.parametrize(
    ("labels", "n"),
    [
        (np.repeat(np.arange(9), 20), 50),
        (np.zeros(200, int), 10),
        (np.repeat(np.arange(10), 4), 50),
        (np.arange(10), 7),
    ],
    ids=["a class is missing", "one class only", "too few of each", "not a multiple of ten"],
)
def test_a_draw_that_cannot_be_had_is_refused(labels, n):
    with pytest.raises(ValueError, match="n must be a multiple of 10 with at most"):
        common.stratified(labels, n, 0)


def test_short_weights_lose_less_than_a_hundredth():
    weights = {"kernel": np.random.default_rng(0).normal(size=(50, 50)).astype(np.float32)}
    short = common.truncate_mantissa(weights)["kernel"]
    assert short.dtype == np.float16
    assert not (short.view(np.uint16) & 7).any()
    np.testing.assert_allclose(short, weights["kernel"], rtol=2**-7)


@pytest.fixture(scope="module")
def told():
    """A tiny model that is told the label; its posterior is too narrow for its noise to count."""
    patch = pytest.MonkeyPatch()
    patch.setattr(settings, "HIDDEN_UNITS", (6, 5))
    patch.setattr(by_class, "LATENT_DIM", 2)
    keras.utils.set_random_seed(0)
    vae = by_class.ByClassVAE(judged=3)
    head = next(layer for layer in vae.encoder.layers if layer.name == "z_log_var")
    head.set_weights([np.zeros((5, 2)), np.full(2, -30.0)])
    yield vae
    patch.undo()


def brute_force_bound(vae, image, label):
    """ELBO of one image under one label, layer by layer."""
    weights = {name: np.asarray(array, np.float64) for name, array in vae.weights_by_name().items()}

    def gelu(x):
        return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))

    one_hot = np.eye(10)[label]
    hidden = np.concatenate([image.ravel(), one_hot])
    for number in range(2):
        hidden = gelu(
            hidden @ weights[f"encoder_{number}_kernel"] + weights[f"encoder_{number}_bias"]
        )
    mean, log_var = (
        hidden @ weights[f"{head}_0_kernel"] + weights[f"{head}_0_bias"]
        for head in ("z_mean", "z_log_var")
    )
    hidden = np.concatenate([mean, one_hot])
    for number in range(2):
        hidden = gelu(
            hidden @ weights[f"decoder_{number}_kernel"] + weights[f"decoder_{number}_bias"]
        )
    chance = 1 / (1 + np.exp(-(hidden @ weights["decoder_2_kernel"] + weights["decoder_2_bias"])))
    log_p = sum(
        x * np.log(p) + (1 - x) * np.log(1 - p) for x, p in zip(image.ravel(), chance, strict=True)
    )
    return log_p - sum(0.5 * (m**2 + np.exp(v) - 1 - v) for m, v in zip(mean, log_var, strict=True))


def test_the_conditional_loss_is_what_brute_force_says(told):
    images, labels = (
        np.random.default_rng(1).random((4, 28, 28, 1)).astype(np.float32),
        np.array([3, 0, 9, 3]),
    )
    inputs = images, np.eye(10, dtype=np.float32)[labels]
    loss = float(told.compute_loss(inputs, images, told(inputs)))
    bounds = np.array(
        [[brute_force_bound(told, image, label) for label in range(10)] for image in images]
    )
    votes = bounds[:3] / by_class.TEMPERATURE
    decisions = np.log(np.exp(votes).sum(axis=1)) - votes[np.arange(3), labels[:3]]
    expected = -bounds[np.arange(4), labels].mean() + by_class.WEIGHT * decisions.mean()
    assert loss == pytest.approx(expected, rel=1e-4)


def test_drawn_labels_cost_on_average_what_brute_force_says(told):
    """The semi-supervised loss: its two terms, averaged over every label as q(y|x) weighs it."""
    images = np.random.default_rng(1).random((2, 28, 28, 1)).astype(np.float32)
    beliefs = np.random.default_rng(2).dirichlet(np.ones(10), 2)
    mean = 0.0
    for labels in itertools.product(range(10), repeat=2):
        inputs = images, np.eye(10, dtype=np.float32)[list(labels)]
        mean += beliefs[[0, 1], labels].prod() * float(
            told.compute_loss(inputs, images, told(inputs))
        )
    bounds = np.array(
        [[brute_force_bound(told, image, label) for label in range(10)] for image in images]
    )
    votes = bounds / by_class.TEMPERATURE
    decisions = np.log(np.exp(votes).sum(axis=1)) - (beliefs * votes).sum(axis=1)
    assert mean == pytest.approx(
        -(beliefs * bounds).sum(axis=1).mean() + by_class.WEIGHT * decisions.mean(), rel=1e-4
    )


def test_labels_are_drawn_as_often_as_they_are_believed():
    belief = np.random.default_rng(0).dirichlet(np.ones(10))
    drawn = by_class.sample_labels(np.tile(belief, (40_000, 1)), np.random.default_rng(1))
    np.testing.assert_allclose(np.bincount(drawn, minlength=10) / 40_000, belief, atol=0.01)
    known = np.random.default_rng(2).integers(0, 10, 500)
    np.testing.assert_array_equal(
        by_class.sample_labels(np.eye(10)[known], np.random.default_rng(3)), known
    )


def test_the_bound_revises_the_start_as_brute_force_says(told):
    images = np.random.default_rng(4).random((3, 28, 28, 1)).astype(np.float32)
    start, labels = np.random.default_rng(5).dirichlet(np.ones(10), 3), np.array([-1, 6, -1])
    found = few_labels.revised(start, np.asarray(told.elbo_by_class(images, images)), labels)
    for i in (0, 2):
        odds = [
            (p + 1e-6) * np.exp(brute_force_bound(told, images[i], label) / by_class.TEMPERATURE)
            for label, p in enumerate(start[i])
        ]
        np.testing.assert_allclose(found[i], np.array(odds) / sum(odds), rtol=2e-3)
    np.testing.assert_array_equal(found[1], np.eye(10)[6])


class Recorder:
    """Stands in for the model: keeps what it is trained on."""

    def __init__(self):
        self.batches = []

    def compile(self, *_, **__):
        pass

    def fit(self, batches, steps_per_epoch, initial_epoch, epochs, **_):
        for _ in range(steps_per_epoch * (epochs - initial_epoch)):
            (_, one_hot), target = next(batches)
            grey = np.round(255 * target[:, 14, 14, 0]).astype(int)
            self.batches.append((grey, one_hot.argmax(axis=1)))


def test_known_and_sure_labels_are_compared_and_revised_ones_are_learned(monkeypatch):
    monkeypatch.setattr(by_class, "ByClassVAE", Recorder)
    monkeypatch.setattr(by_class, "BATCH", 10)
    monkeypatch.setattr(by_class, "warp_slightly", lambda images, _: images)
    # an image is known by its grey
    images = np.tile(np.arange(20, dtype=np.uint8)[:, None, None], (1, 28, 28))
    doubt = np.array([0, 1, 2, 2, 1] * 4)
    beliefs = np.full((20, 10), 0.1)
    beliefs[doubt == 1] = 0.04 / 9
    beliefs[doubt == 1, 5] = 0.96
    beliefs[doubt == 0] = np.eye(10)[3]
    np.testing.assert_array_equal(by_class.rank_doubt(beliefs), doubt)
    asked = []

    def revise(vae):
        asked.append(len(vae.batches))
        return np.tile(np.eye(10)[7], (20, 1))

    batches = by_class.learn(images, beliefs, 3, revise).batches
    assert asked == [2 * by_class.REVISED]  # two batches an epoch
    for seen, labels in batches[:4]:
        assert (np.diff(doubt[seen]) >= 0).all()
        assert (labels[doubt[seen] == 0] == 3).all()
    assert sorted(np.concatenate([seen for seen, _ in batches[:2]])) == list(range(20))
    assert len(batches) == 6
    for _, labels in batches[4:]:
        assert (labels == 7).all()


def test_the_best_of_ten_looks_is_kept_and_a_network_starts_anew():
    """A model of one number; the learning rate is so high that the last look is not the best."""
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).standard_normal((40, 1)).astype(np.float32)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    network = price.Network(model, 0.3, (x, 2 * x), monitor="val_loss", mode="min", loss="mse")
    targets = itertools.cycle([2.0] * 10 + [-9.0] * 30)

    def batches():
        for target in targets:
            yield x, np.float32(target) * x

    step = network.fit(batches(), 40)
    assert step % 4 == 0
    assert step < 40
    kept = float(model.get_weights()[0][0, 0])
    loss = float(model.evaluate(x, 2 * x, verbose=0))
    assert loss < float(np.mean((2 * x - network.start[0][0, 0] * x) ** 2))
    targets = itertools.cycle([2.0] * 10 + [-9.0] * 30)
    assert network.fit(batches(), 40) == step
    assert float(model.get_weights()[0][0, 0]) == pytest.approx(kept)


def test_the_start_names_what_lies_around_a_known_code():
    random, truth = np.random.default_rng(0), np.repeat(np.arange(10), 30)
    codes = (20 * np.eye(10)[truth] + random.standard_normal((300, 10))).astype(np.float32)
    labels = np.where(np.arange(300) % 30 == 0, truth, -1)
    beliefs = few_labels.start_beliefs(codes, labels)
    np.testing.assert_allclose(beliefs.sum(axis=1), 1)
    np.testing.assert_array_equal(beliefs.argmax(axis=1), truth)
    np.testing.assert_array_equal(beliefs[labels >= 0], np.eye(10))


@pytest.mark.parametrize(
    ("present", "missing"),
    [
        ([*range(7), 8, 9], "received none of [7]"),
        ([4], "received none of [0, 1, 2, 3, 5, 6, 7, 8, 9]"),
    ],
    ids=["a class is missing", "one class only"],
)
def test_a_start_without_every_digit_is_refused(present, missing):
    labels = np.full(40, -1)
    labels[: len(present)] = present
    with pytest.raises(ValueError, match="Each digit needs a label") as fault:
        few_labels.start_beliefs(np.zeros((40, 2), np.float32), labels)
    assert missing in str(fault.value)


def test_a_call_that_was_cut_short_goes_on_with_the_next_draw(folders, monkeypatch, digits):
    monkeypatch.setattr(few_labels, "BUILD", folders / "BUILD")
    monkeypatch.setattr(few_labels.data, "load_digits", lambda _: digits)
    monkeypatch.setattr(few_labels, "encode", lambda _, images: np.zeros((len(images), 2)))
    made = []

    def run(_, codes, n, seed):
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append((n, seed))
        return {"bound, test": seed / 10}

    monkeypatch.setattr(few_labels, "run_draw", run)
    with pytest.raises(KeyboardInterrupt):
        few_labels.make_few_labels()
    assert made == [(100, 0), (3_000, 0)]
    made.append("cut short")
    found = few_labels.make_few_labels()
    assert made[3:] == [(n, seed) for seed in (1, 2) for n in (100, 3_000)]
    assert found["curves"]["bound, test"]["100"] == [0, 0.1, 0.2]
    assert found["metrics"]["bound, test, 3000 labels"] == pytest.approx(0.1)


def test_a_model_that_is_told_the_label_is_ten_plain_ones(told):
    images = np.random.default_rng(2).integers(0, 256, (3, 28, 28)).astype(np.uint8)
    found = by_class.compute_bounds(told.by_class(), images)
    expected = [
        [brute_force_bound(told, image, label) for label in range(10)] for image in images / 255
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_shipped_weights_take_a_label_or_say_what_they_miss(told):
    with pytest.raises(ValueError, match="do not fit together"):
        NumpyVAE(told.weights_by_name())  # without a label, ten inputs too many


def test_the_rejection_curve_agrees_with_scikit_learn():
    random = np.random.default_rng(0)
    truth, guess, confidence = (
        random.integers(0, 3, 50),
        random.integers(0, 3, 50),
        random.permutation(50) / 50,
    )
    aside, error = RECOGNITION["find_rejection_curve"](confidence, guess == truth)
    for share, found in zip(aside, error, strict=True):
        kept = np.argsort(-confidence)[: round((1 - share) * 50)]
        assert found == pytest.approx(1 - accuracy_score(truth[kept], guess[kept]))
    assert aside[0] == 0
    assert (np.diff(aside) > 0).all()


@pytest.mark.parametrize(
    ("confidence", "correct"), [([0.5], [True, False]), ([np.nan], [True]), ([], [])]
)
def test_a_rejection_curve_of_nothing_is_refused(confidence, correct):
    with pytest.raises(ValueError, match="Each image needs a finite confidence"):
        RECOGNITION["find_rejection_curve"](confidence, correct)


@pytest.mark.parametrize("k", [1, 5])
def test_the_gradient_derived_by_hand_agrees_with_finite_differences(k, monkeypatch):
    monkeypatch.setattr(tanh_net, "SMALL", 1e-30)  # every sample takes part: nothing is left out
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (8, 784), np.uint8)
    model = tanh_net.TanhVAE(3, np.full(784, 0.5))
    model.flat += 0.05 * random.standard_normal(len(model.flat))  # biases, too
    start = model.flat.copy()
    gradient, _ = model.gradient(images, k, np.random.default_rng(1))
    direction = gradient / np.linalg.norm(gradient)
    bounds = []
    for step in (-0.01, 0.01):
        model.flat[:] = start + step * direction
        _, bound = model.gradient(images, k, np.random.default_rng(1))  # the same noise
        bounds.append(bound)
    slope = (bounds[1] - bounds[0]) / 0.02
    assert np.isclose(slope, np.linalg.norm(gradient), rtol=0.01)


def test_components_measure_the_two_distances_of_the_score():
    digits = data.load_digits("sklearn").take(train=120)
    plain = ood_without_vae.fit_components(digits)[0]
    assert plain.name == "PCA, plain, 20 components"
    reference = canonical_frame(ood.thicken_at_random(digits))
    codes = ood_without_vae.make_codes(plain, reference)
    images = data.normalize(digits.validation.images[:4])
    scores = ood_without_vae.score_forms(images, [plain], codes, {})

    framed, known = canonical_frame(images).reshape(4, 784), reference.reshape(-1, 784)
    mean = canonical_frame(data.normalize(digits.train.images)).reshape(-1, 784).mean(axis=0)
    directions = plain.decode(np.eye(20)).reshape(20, 784) - mean
    coordinates, reference_coordinates = (
        (pixels - mean) @ directions.T for pixels in (framed, known)
    )
    d_x = np.linalg.norm(framed - coordinates @ directions - mean, axis=1)
    for name, scale in ((plain.name, 1), (f"{plain.name}, scaled", reference_coordinates.std(0))):
        apart = np.linalg.norm((coordinates[:, None] - reference_coordinates) / scale, axis=2)
        d_z = np.sort(apart, axis=1)[:, :5].mean(axis=1)
        form = f"code² ({name}) × image ({plain.name})"
        np.testing.assert_allclose(scores[form], d_z**2 * d_x, rtol=1e-3)


def test_a_classifier_has_features_and_doubts_but_draws_nothing():
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Flatten(), keras.layers.Dense(3), keras.layers.Dense(10)]
    network = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    images = np.random.default_rng(0).random((30, 28, 28, 1)).astype(np.float32)
    framed = canonical_frame(images)
    features = ood_without_vae.find_features(network)
    np.testing.assert_allclose(
        features(framed), framed.reshape(30, 784) @ network.layers[1].get_weights()[0], rtol=1e-3
    )
    replacement = ood_without_vae.Replacement("classifier, plain", features)
    codes = ood_without_vae.make_codes(replacement, framed)
    np.testing.assert_allclose(np.linalg.norm(codes[1].reference, axis=1), 1, rtol=1e-5)
    scores = ood_without_vae.score_forms(images, [replacement], codes, {"classifier": network})
    assert {form.split(" (")[0] for form in scores} == {"code", "1 − confidence", "−largest logit"}
    assert np.array_equal(scores["−largest logit (classifier)"], -network.predict(framed).max(1))


def test_labels_of_a_batch_belong_to_its_images():
    images = np.repeat(np.arange(600) % 256, 784).reshape(600, 28, 28).astype(np.uint8)
    split = data.Split(images, np.arange(600) % 256)
    plan = ood_without_vae.Plan(1, None)
    for seen, labels in ood_without_vae.labelled_batches(split, plan, epoch=3):
        assert np.array_equal(np.round(255 * seen.max(axis=(1, 2, 3))), labels)


def test_a_family_has_what_the_choosing_sets_choose_and_what_no_choice_can_exceed():
    rows = {
        "code (PCA, plain)": ood_row(refused=0.01, auroc=0.9, testing_auroc=0.6),
        "code (PCA, augmented)": ood_row(refused=0.01, auroc=0.8, testing_auroc=0.7),
        "image (PCA, plain)": ood_row(refused=0.2, auroc=0.99, testing_auroc=0.95),
    }
    found = ood_without_vae.summarise(rows)
    assert found["chosen"] == "code (PCA, plain)"
    assert found["highest"] == "image (PCA, plain)"
    assert found["highest augmented"] == "code (PCA, augmented)"
    assert found["forms"] == 3 and found["rows"] == rows


@pytest.mark.parametrize(
    ("form", "family"),
    [
        ("code² (PCA, plain) × image (PCA, augmented)", "PCA"),
        ("code (classifier, plain) × image (PCA, plain)", ood_without_vae.CROSSED),
        ("1 − confidence (classifier, plain)", "classifier"),
    ],
)
def test_a_form_belongs_to_the_family_of_all_its_parts(form, family):
    assert ood_without_vae.family_of(form) == family


def ood_row(refused, auroc, testing_auroc=0.5):
    """A row of the table of experiment ``ood``."""
    return {
        "choosing": {"refused": {"thicker": refused}, "auroc": {"noise": auroc}},
        "testing": {"refused": {"thicker": 1.0}, "auroc": {"letters": testing_auroc}},
    }


def test_a_score_is_chosen_by_the_choosing_sets_alone_and_must_accept_altered_digits():
    table = {
        "strict": ood_row(refused=0.2, auroc=0.99),
        "weak": ood_row(refused=0.01, auroc=0.7, testing_auroc=1.0),
        "good": ood_row(refused=0.03, auroc=0.9),
    }
    assert ood.choose(table) == "good"


def test_auroc_is_the_share_of_pairs_in_which_the_outlier_scores_higher():
    digits, others = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0])
    assert ood.auroc(digits, others) == pytest.approx((1 + 0.5 + 0 + 3) / 6)


def test_the_bound_is_exact_where_the_posterior_is_the_prior():
    widths = {
        "encoder_0": (784, 2),
        "z_mean_0": (2, 2),
        "z_log_var_0": (2, 2),
        "decoder_0": (2, 784),
    }
    weights = {}
    for name, (rows, columns) in widths.items():
        weights[f"{name}_kernel"] = np.zeros((rows, columns))
        weights[f"{name}_bias"] = np.zeros(columns)
    images = np.random.default_rng(0).random((3, 28, 28, 1)).astype(np.float32)
    for samples in (1, 5):
        bound = ood.estimate_bound(NumpyVAE(weights), images, samples)
        assert bound == pytest.approx(784 * np.log(2), rel=1e-5)


def test_noise_compresses_worse_than_an_empty_sheet():
    noise = np.random.default_rng(0).random((2, 28, 28, 1))
    lengths = ood.compressed_nats(np.concatenate([noise, np.zeros((1, 28, 28, 1))]))
    assert lengths[:2].min() > 20 * lengths[2]


def test_mutation_replaces_a_share_of_the_pixels_and_differs_from_epoch_to_epoch():
    images = np.zeros((50, 28, 28), np.uint8)
    first, second = ood.mutate(images, 0), ood.mutate(images, 1)
    assert np.mean(first > 0) == pytest.approx(ood.MUTATED * 255 / 256, abs=0.01)
    assert not np.array_equal(first, second)


def test_components_of_several_versions_are_those_of_all_images_together():
    random = np.random.default_rng(0)
    patterns = random.integers(0, 2, (24, 28, 28))
    versions = []
    for shift in (0, 3):
        amounts = random.integers(1, 8, (150, 24)) + shift
        versions.append(np.tensordot(amounts, patterns, 1).astype(np.uint8))
    mean, axes = transformed.fit_components(versions)
    together = common.flat(data.normalize(np.concatenate(versions)))
    expected = PCA(20, svd_solver="full").fit(together)
    np.testing.assert_allclose(mean, expected.mean_, atol=1e-5)
    # the same plane, whatever the signs of its axes
    both = expected.components_ @ axes
    np.testing.assert_allclose(both @ both.T, np.eye(20), atol=1e-3)
