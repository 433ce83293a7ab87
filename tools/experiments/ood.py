"""For notebook 08: which score tells what is not a digit from digits that are written differently.

Every candidate is measured twice, on images as they are and in the canonical frame. Validation
digits and three kinds of outlier choose; test digits and other kinds judge what was chosen.

``ood_without_vae`` gives the same to what could stand in the place of the VAEs.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from scipy import ndimage
from sklearn.decomposition import PCA

from tools.experiments.common import BUILD, LICENCE, Experiment, auroc
from tools.experiments.warped import RANGES
from vae_lib import data, ood, outliers, settings, training
from vae_lib.formulas import bernoulli_nll, entropy_floor, gaussian_kl, log_mean_exp
from vae_lib.inference import NumpyVAE
from vae_lib.layers import gelu
from vae_lib.models import build_vae
from vae_lib.shipped import load_pretrained

REFERENCE_DIGITS = 10_000  # training digits that codes and pixels are compared with
CALIBRATION_DIGITS = 2_000  # validation digits that set each candidate's threshold
ALTERED_DIGITS = 1_000  # digits that are altered, of either split
OUTLIERS = 200  # of each kind
MOST_REFUSED = 0.05  # of any altered set
IMPORTANCE_SAMPLES = 5
BACKGROUND_DIGITS, BACKGROUND_EPOCHS = 10_000, 8
MUTATED = 0.2  # share of pixels that the background model sees replaced
CLASSIFIER_EPOCHS = 3
PART = 1_000  # images whose distances to all reference digits are held at a time
CHOSEN = "augmented code² × smoothed image distance"

Images = np.ndarray
Scores = dict[str, np.ndarray]


@dataclass(frozen=True)
class Networks:
    """Everything that was trained, on training digits as they are."""

    plain: NumpyVAE
    augmented: NumpyVAE
    background: NumpyVAE
    classifier: keras.Model


@dataclass(frozen=True)
class Reference:
    """The same 10,000 training digits in one frame, as each candidate needs them."""

    pixels: np.ndarray
    plain_codes: np.ndarray
    augmented_codes: np.ndarray
    pca: PCA
    pca_codes: np.ndarray
    typical_ink: float


def make_score() -> dict[str, Any]:
    """What the chosen score needs, codes and percentiles, and what it refuses of test digits."""
    digits = data.load_digits("mnist")
    score = build_score(digits)
    test = data.normalize(digits.test.images)
    altered = {"as they are": test} | outliers.alter_digits(test)
    refused = {name: float(score.refuses(images).mean()) for name, images in altered.items()}
    return {
        "metrics": {f"refused, {name}": share for name, share in refused.items()},
        "tolerances": {f"refused, {name}": 0.003 for name in refused},
        "threshold": score.threshold,
        "conventions": "share of the 10,000 test digits above the 97th percentile of the 10,000 "
        "validation digits",
        "data": f"MNIST; reference codes: the first {REFERENCE_DIGITS:,} training images, each "
        "thickened or thinned at random",
        "settings": {"neighbours": ood.NEIGHBOURS, "seed": settings.SEED},
        "licence": LICENCE,
    }


def make_candidates() -> dict[str, Any]:
    """The table of all candidates, and which of them the choosing sets choose."""
    digits = data.load_digits("mnist")
    networks = train_networks(digits)
    validation = shuffled(digits.validation)
    test = shuffled(digits.test)
    choosing = make_sets(validation, outliers.make_choosing_outliers)
    testing = make_sets(test, outliers.make_testing_outliers)
    table = {}
    for frame_name, frame in {"as they are": as_they_are, "canonical": ood.canonical_frame}.items():
        table |= measure_frame(frame_name, frame, digits, networks, validation, choosing, testing)
        print(f"{frame_name}: measured", flush=True)
    chosen = choose(table)
    print(f"chosen: {chosen}", flush=True)
    metrics = flatten(table)
    return {
        "metrics": metrics,
        "tolerances": {name: tolerance(name) for name in metrics},
        "chosen": chosen,
        "table": table,
        "conventions": "refused: share of an altered set above the 97th percentile of "
        f"{CALIBRATION_DIGITS:,} validation digits; AUROC: share of pairs of a digit and an "
        "outlier in which the outlier scores higher; choosing sets are made from validation "
        "digits, testing sets from test digits",
        "data": "MNIST; reference set, PCA and nearest neighbours: the first "
        f"{REFERENCE_DIGITS:,} training images, each thickened or thinned at random",
        "settings": {
            "neighbours": ood.NEIGHBOURS,
            "altered_digits": ALTERED_DIGITS,
            "outliers_of_each_kind": OUTLIERS,
            "importance_samples": IMPORTANCE_SAMPLES,
            "background": {
                "digits": BACKGROUND_DIGITS,
                "epochs": BACKGROUND_EPOCHS,
                "mutated": MUTATED,
            },
            "classifier_epochs": CLASSIFIER_EPOCHS,
            "seed": settings.SEED,
        },
        "labels_for_tuning": 0,
        "licence": LICENCE,
    }


def train_networks(digits: data.Digits) -> Networks:
    return Networks(
        load_pretrained("mnist-20d"),
        load_pretrained("mnist-20d-warped"),
        train_background(digits),
        train_classifier(digits),
    )


def train_background(digits: data.Digits) -> NumpyVAE:
    """The same network on digits of which a share of the pixels is replaced at random.

    Ren et al., "Likelihood Ratios for Out-of-Distribution Detection", 2019, section 3.
    """
    vae = build_vae(20)
    some = digits.take(train=BACKGROUND_DIGITS, validation=1_000)
    training.train(vae, some, epochs=BACKGROUND_EPOCHS, augment=mutate)
    return NumpyVAE.from_keras(vae)


def mutate(images: np.ndarray, seed: int) -> np.ndarray:
    """Raw images with a share of the pixels replaced by uniform ones."""
    random = np.random.default_rng((settings.SEED, seed, 2))
    replaced = random.random(images.shape, np.float32) < MUTATED
    uniform = random.integers(0, 256, images.shape, np.uint8)
    return np.where(replaced, uniform, images)


def train_classifier(digits: data.Digits) -> keras.Model:
    """The encoder's hidden layers with a softmax: a plain classifier, as a control."""
    keras.utils.set_random_seed(settings.SEED)
    hidden = [keras.layers.Dense(units, activation=gelu) for units in settings.HIDDEN_UNITS]
    classifier = keras.Sequential(
        [
            keras.Input(settings.IMAGE_SHAPE),
            keras.layers.Flatten(),
            *hidden,
            keras.layers.Dense(settings.CLASSES, activation="softmax"),
        ]
    )
    classifier.compile("adam", "sparse_categorical_crossentropy", jit_compile=True)
    images = data.normalize(digits.train.images)
    classifier.fit(
        images,
        digits.train.labels,
        batch_size=settings.BATCH_SIZE,
        epochs=CLASSIFIER_EPOCHS,
        verbose=0,
    )
    return classifier


def shuffled(split: data.Split) -> data.Split:
    """A split in a random order, so that its first digits are not the tidier half of MNIST's."""
    order = np.random.default_rng(settings.SEED).permutation(len(split.images))
    return data.Split(split.images[order], split.labels[order])


def make_sets(
    split: data.Split, make_outliers: Callable[[np.ndarray, np.ndarray, int], outliers.Kinds]
) -> dict[str, outliers.Kinds]:
    """Digits as they are and altered, and outliers of other digits of the split."""
    first = CALIBRATION_DIGITS + ALTERED_DIGITS
    images = data.normalize(split.images[CALIBRATION_DIGITS:first])
    others = data.normalize(split.images[first:])
    digits = {"as they are": images} | outliers.alter_digits(images)
    return {"digits": digits, "outliers": make_outliers(others, split.labels[first:], OUTLIERS)}


def thicken_at_random(digits: data.Digits) -> Images:
    """The reference digits, each thicker or thinner, as far as the augmented model's training."""
    images = data.normalize(digits.train.images[:REFERENCE_DIGITS])
    random = np.random.default_rng(settings.SEED)
    return data.warp(images, thickness=random.uniform(*RANGES["thickness"], len(images)))


def as_they_are(images: Images) -> Images:
    return images


def measure_frame(
    frame_name: str,
    frame: Callable[[Images], Images],
    digits: data.Digits,
    networks: Networks,
    validation: data.Split,
    choosing: dict[str, outliers.Kinds],
    testing: dict[str, outliers.Kinds],
) -> dict[str, Any]:
    """The rows of the table for all candidates, on images that were put into a frame."""
    reference = describe_reference(frame(thicken_at_random(digits)), networks)

    def score(images: Images) -> Scores:
        return score_images(frame(images), networks, reference)

    rows = measure_candidates(score, validation, choosing, testing)
    return {f"{candidate}, {frame_name}": row for candidate, row in rows.items()}


def measure_candidates(
    score: Callable[[Images], Scores],
    validation: data.Split,
    choosing: dict[str, outliers.Kinds],
    testing: dict[str, outliers.Kinds],
) -> dict[str, Any]:
    """For each candidate what it refuses of digits, and its AUROCs, on both kinds of sets."""
    calibration = score(data.normalize(validation.images[:CALIBRATION_DIGITS]))
    rows: dict[str, Any] = {}
    for part, sets in {"choosing": choosing, "testing": testing}.items():
        digit_scores = {name: score(images) for name, images in sets["digits"].items()}
        outlier_scores = {name: score(images) for name, images in sets["outliers"].items()}
        for candidate, usual in calibration.items():
            row = rows.setdefault(candidate, {})
            threshold = np.percentile(usual, ood.RARE)
            usual = digit_scores["as they are"][candidate]
            row[part] = {
                "refused": {
                    name: float(np.mean(scores[candidate] > threshold))
                    for name, scores in digit_scores.items()
                },
                "auroc": {
                    name: auroc(usual, scores[candidate]) for name, scores in outlier_scores.items()
                },
            }
    return rows


def describe_reference(images: Images, networks: Networks) -> Reference:
    pixels = images.reshape(len(images), -1)
    pca = PCA(20, random_state=settings.SEED).fit(pixels)
    return Reference(
        pixels,
        networks.plain.encode(images)[0],
        networks.augmented.encode(images)[0],
        pca,
        pca.transform(pixels),
        float(np.median(pixels.sum(axis=1))),
    )


def score_images(images: Images, networks: Networks, reference: Reference) -> Scores:
    """Every candidate's score of each image; higher is less like a digit."""
    likelihoods = score_likelihoods(images, networks)
    distances = score_distances(images, networks, reference)
    controls = score_without_model(images, reference)
    sure = networks.classifier.predict(images, batch_size=PART, verbose=0).max(axis=1)
    return likelihoods | distances | {"classifier: 1 − largest softmax": 1 - sure} | controls


def score_likelihoods(images: Images, networks: Networks) -> Scores:
    """What is made of the bound on the log-likelihood."""
    floor = entropy_floor(images)
    negative_elbo = estimate_bound(networks.plain, images, 1)
    background = estimate_bound(networks.background, images, 1)
    return {
        "negative ELBO": negative_elbo,
        "excess over the floor": negative_elbo - floor,
        "excess ÷ (floor + 1)": (negative_elbo - floor) / (floor + 1),
        "IWAE bound": estimate_bound(networks.plain, images, IMPORTANCE_SAMPLES),
        "likelihood ratio": negative_elbo - background,
        "complexity-corrected": negative_elbo - compressed_nats(images),
    }


def estimate_bound(model: NumpyVAE, images: Images, samples: int) -> np.ndarray:
    """Negative bound in nats: the ELBO's with one sample, the IWAE's with more.

    With one sample, the KL divergence is computed and not sampled.
    """
    z_mean, z_log_var = model.encode(images)
    random = np.random.default_rng(settings.SEED)
    log_weights = np.empty((samples, len(images)))
    nll = np.empty(len(images))
    for sample in range(samples):
        epsilon = random.standard_normal(z_mean.shape, np.float32)
        with np.errstate(over="ignore"):  # of images that are far from all digits
            z = z_mean + np.exp(0.5 * z_log_var) * epsilon
        z = np.clip(z, -1e6, 1e6)
        nll = bernoulli_nll(images, model.decode_logits(z)).astype(np.float64)
        ratio = 0.5 * np.sum(epsilon.astype(np.float64) ** 2 + z_log_var - z**2, axis=1)
        log_weights[sample] = ratio - nll
    if samples > 1:
        return -log_mean_exp(log_weights)
    with np.errstate(over="ignore"):
        kl = gaussian_kl(z_mean.astype(np.float64), z_log_var.astype(np.float64))
    return np.minimum(nll + kl, 1e30)


def compressed_nats(images: Images) -> np.ndarray:
    """Length of each raw image after compression, in nats.

    Serrà et al., "Input Complexity and Out-of-distribution Detection with Likelihood-based
    Generative Models", 2020, equation 2, with zlib as the compressor.
    """
    raw = data.to_raw(images)
    lengths = [len(zlib.compress(image.tobytes(), 9)) for image in raw]
    return 8 * np.log(2) * np.array(lengths)


def score_distances(images: Images, networks: Networks, reference: Reference) -> Scores:
    """Distances between codes, between images and reconstructions, and their products."""
    pixels = images.reshape(len(images), -1)
    plain_codes, _ = networks.plain.encode(images)
    augmented_codes, _ = networks.augmented.encode(images)
    components = reference.pca.transform(pixels)
    plain_code = nearest(plain_codes, reference.plain_codes)
    augmented_code = nearest(augmented_codes, reference.augmented_codes)
    pca_code = nearest(components, reference.pca_codes)
    image = distance(images, networks.plain.decode(plain_codes))
    augmented_image = distance(images, networks.augmented.decode(augmented_codes))
    smoothed_image = ood.smoothed_distance(images, networks.plain.decode(plain_codes))
    pca_image = distance(pixels, reference.pca.inverse_transform(components))
    return {
        "code distance": plain_code,
        "augmented code distance": augmented_code,
        "image distance": image,
        "code × image distance": plain_code * image,
        "both of the augmented model": augmented_code * augmented_image,
        "augmented code × image distance": augmented_code * image,
        "augmented code² × image distance": augmented_code**2 * image,
        CHOSEN: augmented_code**2 * smoothed_image,
        "control: PCA code × image distance": pca_code * pca_image,
    }


def score_without_model(images: Images, reference: Reference) -> Scores:
    """Controls that use no trained model."""
    pixels = images.reshape(len(images), -1)
    is_ink = images[..., 0] > 0.5
    return {
        "control: ink": np.abs(pixels.sum(axis=1) - reference.typical_ink),
        "control: number of pieces": np.array([ndimage.label(image)[1] for image in is_ink], float),
        "control: nearest pixels": nearest(pixels, reference.pixels),
    }


def nearest(points: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return ood.mean_distance_to_nearest(points, reference, ood.NEIGHBOURS)


def distance(images: np.ndarray, reconstructions: np.ndarray) -> np.ndarray:
    difference = (images - reconstructions).reshape(len(images), -1)
    return np.sqrt(np.sum(difference**2, axis=1))


def choose(table: dict[str, Any]) -> str:
    """The candidate with the largest mean AUROC among those that refuse no altered set too often.

    Only what was measured with the choosing sets is looked at.
    """
    allowed = {
        name: np.mean(list(row["choosing"]["auroc"].values()))
        for name, row in table.items()
        if max(row["choosing"]["refused"].values()) <= MOST_REFUSED
    }
    return max(allowed, key=allowed.__getitem__)


def build_score(digits: data.Digits) -> ood.OODScore:
    """Encode the reference digits, calibrate on validation digits, and write what ships."""
    code_model = load_pretrained("mnist-20d-warped")
    codes, _ = code_model.encode(ood.canonical_frame(thicken_at_random(digits)))
    scale = np.float32(np.abs(codes).max() / 127)
    rounded = np.round(codes / scale).astype(np.int8)
    labels = digits.train.labels[:REFERENCE_DIGITS]
    uncalibrated = ood.OODScore(
        code_model, rounded * scale, labels, load_pretrained("mnist-20d"), np.zeros(101)
    )
    score = uncalibrated.calibrate(data.normalize(digits.validation.images))
    np.savez_compressed(
        BUILD / "ood.npz", codes=rounded, scale=scale, labels=labels, percentiles=score.percentiles
    )
    return score


def flatten(table: dict[str, Any]) -> dict[str, float]:
    """Two numbers for each candidate and part: the largest share refused, the mean AUROC."""
    metrics = {}
    for name, row in table.items():
        for part, measured in row.items():
            refused = list(measured["refused"].values())
            areas = list(measured["auroc"].values())
            metrics[f"{name}, {part}, most refused"] = max(refused)
            metrics[f"{name}, {part}, mean AUROC"] = float(np.mean(areas))
    return metrics


def tolerance(name: str) -> float:
    """Looser for what is trained here."""
    trained = "classifier" in name or "likelihood ratio" in name
    return 0.1 if trained else 0.02


EXPERIMENTS = {
    "ood": Experiment(
        2,
        "Which digits does the out-of-distribution score refuse by mistake?",
        make_score,
        about_a_claim=True,
    ),
    "ood-candidates": Experiment(
        5,
        "Which score accepts digits in other styles and refuses what is none?",
        make_candidates,
        about_a_claim=True,
    ),
}
