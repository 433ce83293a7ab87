"""Each exercise's check knows its right answer and names each usual mistake."""

import numpy as np
import pytest

from vae_lib.checks import EXERCISES, check, find_fault, find_slips
from vae_lib.evaluation import knn_accuracy

RANDOM = np.random.default_rng(0)
BLOCKS = np.random.default_rng(8)
PAIR = {"z_mean": RANDOM.normal(size=(6, 2)), "z_log_var": RANDOM.normal(size=(6, 2))}
PIXELS = RANDOM.integers(0, 256, (4, 28, 28)).astype(np.uint8) * RANDOM.integers(
    0, 2, (4, 28, 28)
).astype(np.uint8)
# unequal shifts: a large logit is then no sign of a large probability
LOGITS = np.random.default_rng(1).normal(size=(400, 10)) * 3
LOGITS += 9 * np.random.default_rng(3).normal(size=(400, 1))


class LinearVAE:
    """A conditional VAE of images (n, 2, 2, 1): one fixed matrix each for encoder and decoder."""

    def __init__(self, random):
        self.into = random.normal(size=(4 + 10, 4))
        self.back = random.normal(size=(2 + 10, 4))

    def encoder(self, inputs):
        images, label = inputs
        z_mean, z_log_var = np.split(np.hstack([images.reshape(-1, 4), label]) @ self.into, 2, 1)
        return z_mean, z_log_var, z_mean

    def decoder(self, inputs):
        return (np.hstack(inputs) @ self.back).reshape(-1, 2, 2, 1)


def make_labelled_images(count):
    """Images, a model of them, and labels of which two thirds have the smallest negative ELBO."""
    random = np.random.default_rng(5)
    vae = LinearVAE(random)
    images = random.random((count, 2, 2, 1))
    nats = np.empty((count, 10))
    for number, label in enumerate(np.eye(10)):
        mean, log_var, _ = vae.encoder([images, np.tile(label, (count, 1))])
        logits = vae.decoder([mean, np.tile(label, (count, 1))])
        ink = 1 / (1 + np.exp(-logits))
        log_p_x = images * np.log(ink) + (1 - images) * np.log(1 - ink)
        kl = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var)
        nats[:, number] = kl.sum(axis=1) - log_p_x.sum(axis=(1, 2, 3))
    sure = np.arange(count) % 3 > 0
    labels = np.where(sure, nats.argmin(axis=1), (nats.argmin(axis=1) + 1) % 10)
    return {"vae": vae, "images": images, "labels": labels}


class SigmoidVAE:
    """A model of images (n, 28, 28, 1) in some latent dimensions: one matrix each way."""

    def __init__(self, latent_dim):
        random = np.random.default_rng(latent_dim)
        self.into = random.normal(size=(784, latent_dim))
        self.back = random.normal(size=(latent_dim, 784)) / 10

    def encode(self, images):
        codes = images.reshape(-1, 784) @ self.into
        return codes, np.zeros_like(codes)

    def decode_logits(self, z):
        return (z @ self.back).reshape(-1, 28, 28, 1)

    def decode(self, z):
        return 1 / (1 + np.exp(-self.decode_logits(z)))


def make_striped_images(seed, count=60):
    """Noisy images, each with a bright row that its label chooses, and the labels."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    images = random.random((count, 28, 28, 1))
    images[np.arange(count), labels] += 0.5
    return images / 4, labels


GIVEN = {  # what each notebook passes, in small
    "00.2": {
        "decode": lambda z: np.tanh(z @ np.array([[0.1, 0.0, 0.2], [0.0, 0.3, -0.2]])),
        "codes": np.random.default_rng(9).normal([3.0, -1.0], [4.0, 2.0], (50, 2)),
    },
    "00.1": {"decode": lambda z: z @ np.array([[0.6, 0.5, -0.4, 0.1], [1.0, 1.0, 1.0, 1.0]])},
    "01.1": {"images": PIXELS},
    "01.2": {"pixels": RANDOM.random((4, 28, 28, 1))},
    "01.3": {
        "train": PIXELS,
        "validation": PIXELS[::-1, ::-1] // 2,
        "test": PIXELS[:, :, ::-1] // 3,
    },
    "02.2": {
        "mean": 1.2,
        "stds": np.linspace(0.02, 0.8, 400),
        "reconstructions": 45 + 30 * np.linspace(0.02, 0.8, 400) ** 2,
    },
    "02.4": PAIR | {"prior_std": 2.0},
    "07.2": {"sensitivity": RANDOM.uniform(50, 5000, (8, 2)), "beta": 4},
    "07.3": {"std": np.array([0.03, 0.09])},
    "04.1": {"images": PIXELS[..., None] / 255, "logits": RANDOM.normal(size=(4, 28, 28, 1))},
    "04.4": {"images": RANDOM.random((4, 28, 28, 1)), "centers": RANDOM.random((4, 28, 28, 1))},
    "05.2": {"losses": {0.00001: 547.3, 0.001: 171.4, 0.01: 191.5}},
    "05.3": {
        "images": RANDOM.random((4, 28, 28, 1)),
        "logits": RANDOM.normal(size=(4, 28, 28, 1)),
        "std": 0.3,
    },
    "06.4": {
        "longer": SigmoidVAE(20),
        "flat": SigmoidVAE(2),
        "known": make_striped_images(0),
        "asked": make_striped_images(1, 40),
        "knn_accuracy": knn_accuracy,
        "grey_share": lambda pictures: np.mean((pictures > 0.1) & (pictures < 0.9)),
    },
    "06.3": {
        "coordinates": np.array([[3.0, 2.0, -1.0, 0.5], [-3.0, 2.0, 1.0, -0.5]]),
        "centred": np.array([[3.0, 2.0, -1.0, 0.5, 1.0], [-3.0, 2.0, 1.0, -0.5, 1.0]]),
        "target": 2.0,
    },
    "08.3": {
        # one block in two is right less often, so that the choices differ
        "scores": BLOCKS.normal(size=(2_000, 10)) * np.repeat([1.0, 30.0] * 10, 100)[:, None],
        "labels": BLOCKS.integers(0, 10, 2_000),
        "temperatures": np.geomspace(0.25, 64, 97),
    },
    "08.4": {"ink": BLOCKS.random((6, 5))},
    "08.5": {
        "measures": [lambda a: a[:, 0], lambda a: a[:, 1], lambda a: a[:, 2]],
        "images": np.random.default_rng(4).normal(size=(500, 3)),
        "shifted": np.random.default_rng(5).normal([2.0, 2.5, 0.2], size=(500, 3)),
        "validation": np.random.default_rng(6).normal(size=(500, 3)),
    },
    "09.3": {
        "known_images": RANDOM.random((12, 28, 28, 1)) ** 4,
        "known_codes": RANDOM.normal(size=(12, 3)),
        "images": RANDOM.random((9, 28, 28, 1)) ** 4,
        "codes": RANDOM.normal(size=(9, 3)),
    },
    "10.1": {"bound": -7.5},
    "10.3": {"nats": RANDOM.normal(0, 2, 10)},
    "10.4": make_labelled_images(200),
    "11.2": {"net": (60.0, 0.4), "knn": (8.0, 9.0)},
    "11.3": {
        "logits": LOGITS,
        "labels": np.where(np.ptp(LOGITS, axis=1) < 8, 0, LOGITS.argmax(axis=1)),
    },
    "12.2": {"log_weights": np.array([[-90.0, -91.5], [-88.0, -95.0], [-89.5, -90.0]])},
}


ANSWERS = {
    number: exercise.answers(**GIVEN.get(number, {})) for number, exercise in EXERCISES.items()
}


@pytest.mark.parametrize("number", EXERCISES)
def test_right_answer_passes(number, capsys):
    right, _ = ANSWERS[number]
    check(number, right, **GIVEN.get(number, {}))
    assert capsys.readouterr().out.startswith(f"✓ {number}: right, ")


@pytest.mark.parametrize(
    ("number", "message"),
    [(number, message) for number, (_, mistakes) in ANSWERS.items() for message in mistakes],
)
def test_each_usual_mistake_is_named(number, message, capsys):
    _, mistakes = ANSWERS[number]
    check(number, mistakes[message], **GIVEN.get(number, {}))
    assert capsys.readouterr().out == f"✗ {number}: {message}.\n"


@pytest.mark.parametrize("message", find_slips(np.array(1.0)))
def test_slips_are_named_in_any_exercise(message):
    right, _ = ANSWERS["07.2"]
    answer = find_slips(right)[message]
    assert find_fault(EXERCISES["07.2"], answer, GIVEN["07.2"]) == message


def turned_gap(variance, std_1, std_2):
    """KL(N(0, variance I) || N(0, R diag(std²) R^T)) with R the rotation by 45 degrees."""
    rotation = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    covariance = rotation @ np.diag([std_1**2, std_2**2]) @ rotation.T
    trace = variance * np.trace(np.linalg.inv(covariance))
    return 0.5 * (trace - 2 - np.log(variance**2 / np.linalg.det(covariance)))


def by_hand(number):
    """The right answer (None) and usual wrong ones, written out as a reader would write them."""
    mean, log_var = PAIR["z_mean"], PAIR["z_log_var"]
    from_wide = np.log(2) - log_var / 2 + (mean**2 + np.exp(log_var)) / 8 - 0.5
    sensitivity = GIVEN["07.2"]["sensitivity"]
    deviations = 1 / np.sqrt(1 + sensitivity / 4)
    images, logits = GIVEN["04.1"].values()
    errors = 1 / (1 + np.exp(-logits)) - images
    return {
        "01.3": {
            None: np.mean(GIVEN["01.3"]["train"] / 255, axis=0),
            "test data in training": np.mean(GIVEN["01.3"]["test"] / 255, axis=0),
        },
        "02.4": {
            None: np.sum(from_wide, axis=1),
            "a mean where a sum belongs": np.mean(from_wide, axis=1),
            "the wrong axis": np.sum(from_wide, axis=0),
        },
        "07.2": {
            None: deviations,
            "those are the variances": deviations**2,
            "rows and columns are exchanged": deviations.T,
            "images are summed": np.sum(deviations, axis=0),
            "percentage": deviations * 100,
        },
        "07.3": {
            # the gap found by trying all variances, not by the formula for the best one
            None: turned_gap(np.linspace(5e-4, 9e-3, 200_001), *GIVEN["07.3"]["std"]).min(),
            "not the variances": turned_gap(np.mean(GIVEN["07.3"]["std"] ** 2), 0.03, 0.09),
        },
        "04.1": {
            None: np.mean(errors, axis=0).reshape(784),
            "average, do not add up": np.sum(errors, axis=0).reshape(784),
            "each bias has its own pixel": np.mean(errors, axis=(1, 2, 3)),
        },
    }[number]


@pytest.mark.parametrize("number", ["01.3", "02.4", "07.2", "07.3", "04.1"])
def test_answers_made_by_hand_are_judged(number):
    for words, answer in by_hand(number).items():
        fault = find_fault(EXERCISES[number], answer, GIVEN[number])
        assert fault is None if words is None else words in fault


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "still open"),
        (..., "still open"),
        (np.mean, "that is a function"),
        ("five", "received str"),
        ([[1.0], [1.0, 2.0]], "received list"),
        (np.full(6, np.nan), "such as a log-variance"),
        (np.zeros((2, 3)), "its shape is (2, 3), and should be (6,)"),
        (np.linspace(7, 8, 6), "values differ by up to"),
    ],
)
def test_any_other_answer_gets_a_sentence_and_no_exception(answer, words, capsys):
    check("02.4", answer, **GIVEN["02.4"])
    assert words in capsys.readouterr().out


def test_a_wrong_number_points_to_the_hint(capsys):
    check("03.1", 12345)
    assert "read the hint" in capsys.readouterr().out


def test_an_unknown_exercise_names_the_others(capsys):
    check("99.9", 1)
    assert "00.1" in capsys.readouterr().out
