"""For notebook 08: does the score that tells what is not a digit need a VAE?

The score of ``ood`` takes a code from one VAE and a reconstruction from another. Here other models
stand in their places: principal components, plain autoencoders with the VAEs' layers, and
classifiers with the encoder's layers, whose features are the codes. Each was fitted or trained on
plain digits and, a second time, on augmented ones. The networks had the batches, the learning rate
and the epochs of the augmented VAE; the plain VAE had three times as many epochs. The forms of the
score are chosen for each family as they were for the VAEs, by validation digits and the choosing
kinds of outlier, and measured on the same sets.

Everything works in the canonical frame. The models wait in files, so that a call that was cut short
goes on with the next.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import keras
import numpy as np
from keras import layers
from sklearn.decomposition import PCA

from tools.experiments import ood as candidates
from tools.experiments import warped
from tools.experiments.autoencoder import build_autoencoder
from tools.experiments.common import BUILD, LICENCE, Experiment, flat, in_parts
from vae_lib import data, ood, outliers, settings, training
from vae_lib.formulas import softmax
from vae_lib.inference import NumpyVAE
from vae_lib.layers import gelu

NAME = "ood-without-vae"
LATENT_DIM = 20  # as the VAEs have
LEARNING_RATE = 1.5e-3  # as theirs
COMPONENTS = (20, 50)
WARPED_COPIES = 3  # of each reference digit, for the components of augmented digits
FAMILIES = ("PCA", "autoencoder", "classifier")
CROSSED = "any of these"  # the code of one family with the reconstruction of another

Images = np.ndarray
Encoder = Callable[[Images], np.ndarray]


@dataclass(frozen=True)
class Replacement:
    """What stands in the place of a VAE.

    Attributes:
        name: begins with one of ``FAMILIES``.
        encode: from images in the canonical frame to a row of numbers for each.
        decode: from these rows to images; None for a classifier.
    """

    name: str
    encode: Encoder
    decode: Callable[[np.ndarray], Images] | None = None


@dataclass(frozen=True)
class Code:
    """One way to measure how far an image's code lies from those of digits.

    Attributes:
        name: of the replacement, and what is done to its numbers.
        encode: with that done.
        reference: what it gives for the reference digits.
    """

    name: str
    encode: Encoder
    reference: np.ndarray


# Models


@dataclass(frozen=True)
class Plan:
    """Epochs and augmentation of a network."""

    epochs: int
    augment: training.Augmentation | None


def augment_from_file(images: np.ndarray, epoch: int) -> np.ndarray:
    """``warped.warp_at_random``, made once: the autoencoder and the classifier see the same."""
    file = BUILD / f"{NAME}-epoch-{epoch}.npy"
    if not file.exists():
        np.save(file, warped.warp_at_random(images, epoch))
    return np.load(file)


PLANS = {"plain": Plan(warped.EPOCHS, None), "augmented": Plan(warped.EPOCHS, augment_from_file)}


def fit_components(digits: data.Digits) -> list[Replacement]:
    """Principal components of plain and of augmented digits, in the canonical frame."""
    some = digits.train.images[: candidates.REFERENCE_DIGITS]
    copies = [warped.warp_at_random(some, seed) for seed in range(WARPED_COPIES)]
    fitted_on = {"plain": some, "augmented": np.concatenate(copies)}
    found = []
    for kind, raw in fitted_on.items():
        pixels = flat(ood.canonical_frame(data.normalize(raw)))
        for count in COMPONENTS:
            pca = PCA(count, svd_solver="covariance_eigh").fit(pixels)
            found.append(as_replacement(pca, f"PCA, {kind}, {count} components"))
    return found


def as_replacement(pca: PCA, name: str) -> Replacement:
    def encode(images: Images) -> np.ndarray:
        components: np.ndarray = pca.transform(flat(images))
        return components

    def decode(components: np.ndarray) -> Images:
        pixels: np.ndarray = pca.inverse_transform(components)
        return pixels.reshape(-1, *settings.IMAGE_SHAPE)

    return Replacement(name, encode, decode)


def train_autoencoder(digits: data.Digits, kind: str) -> NumpyVAE:
    """The VAE's layers without noise and KL term."""
    file = BUILD / f"{NAME}-autoencoder-{kind}.npz"
    if not file.exists():
        plan = PLANS[kind]
        model = build_autoencoder(LATENT_DIM)
        training.train(
            model,
            digits,
            epochs=plan.epochs,
            learning_rate=LEARNING_RATE,
            augment=plan.augment,
            jit_compile=True,
        )
        np.savez(file, **NumpyVAE.from_keras(model).weights)
    with np.load(file) as weights:
        return NumpyVAE(dict(weights))


def as_autoencoder(network: NumpyVAE, kind: str) -> Replacement:
    return Replacement(
        f"autoencoder, {kind}", lambda images: network.encode(images)[0], network.decode
    )


def train_classifier(digits: data.Digits, kind: str) -> keras.Model:
    """The encoder's hidden layers with ten logits, on the autoencoder's batches."""
    keras.utils.set_random_seed(settings.SEED)
    hidden = [layers.Dense(units, gelu) for units in settings.HIDDEN_UNITS]
    logits = layers.Dense(settings.CLASSES)
    model = keras.Sequential([keras.Input(settings.IMAGE_SHAPE), layers.Flatten(), *hidden, logits])
    file = BUILD / f"{NAME}-classifier-{kind}.npz"
    if not file.exists():
        plan = PLANS[kind]
        steps = len(digits.train.images) // settings.BATCH_SIZE
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        optimizer = training.make_optimizer(LEARNING_RATE, plan.epochs * steps)
        model.compile(optimizer, loss, jit_compile=True)
        model.fit(
            training.endless(lambda epoch: labelled_batches(digits.train, plan, epoch)),
            steps_per_epoch=steps,
            epochs=plan.epochs,
            shuffle=False,
            verbose=2,
        )
        np.savez(file, *model.get_weights())
    with np.load(file) as kept:
        model.set_weights([kept[f"arr_{number}"] for number in range(len(kept.files))])
    return model


def labelled_batches(split: data.Split, plan: Plan, epoch: int) -> Iterator[training.Batch]:
    """The batches of ``training.train``, with their labels in place of the whole images."""
    images = split.images if plan.augment is None else plan.augment(split.images, epoch)
    size, seed = settings.BATCH_SIZE, settings.SEED
    batches = training.training_batches(images, size, settings.INPUT_DROPOUT, seed, epoch)
    order = np.random.default_rng((seed, epoch)).permutation(len(images))
    for number, (seen, _) in enumerate(batches):
        yield seen, split.labels[order[number * size : (number + 1) * size]]


def find_features(classifier: keras.Model) -> Encoder:
    """What the last hidden layer gives."""
    body = keras.Sequential(classifier.layers[:-1])
    return lambda images: in_parts(body.predict_on_batch, images)


# Scores


def make_codes(replacement: Replacement, reference: Images) -> list[Code]:
    """Its numbers as they are, and with differences of scale removed.

    Of components and codes, each number is divided by its standard deviation; features of a
    classifier are divided by their length instead (Sun et al., "Out-of-Distribution Detection with
    Deep Nearest Neighbors", 2022).
    """
    name, encode = replacement.name, replacement.encode
    numbers = encode(reference)
    codes = [Code(name, encode, numbers)]
    if replacement.decode is None:
        unit = to_length_one(numbers)
        codes.append(Code(f"{name}, of length one", lambda x: to_length_one(encode(x)), unit))
    else:
        scale = numbers.std(axis=0)
        codes.append(Code(f"{name}, scaled", lambda x: encode(x) / scale, numbers / scale))
    return codes


def to_length_one(features: np.ndarray) -> np.ndarray:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.divide(features, lengths, out=np.zeros_like(features), where=lengths > 0)


def score_forms(
    images: Images,
    replacements: list[Replacement],
    codes: list[Code],
    classifiers: dict[str, keras.Model],
) -> candidates.Scores:
    """Every form of the score that needs no VAE; higher is less like a digit."""
    framed = ood.canonical_frame(images)
    code_distances = {
        code.name: candidates.nearest(code.encode(framed), code.reference) for code in codes
    }
    image_distances = {}
    for one in replacements:
        if one.decode is not None:
            drawn = one.decode(one.encode(framed))
            image_distances[one.name] = candidates.distance(framed, drawn)
            image_distances[f"{one.name}, smoothed"] = ood.smoothed_distance(framed, drawn)
    scores = {f"code ({name})": found for name, found in code_distances.items()}
    scores |= {f"image ({name})": found for name, found in image_distances.items()}
    for (code, d_z), (image, d_x) in product(code_distances.items(), image_distances.items()):
        scores[f"code ({code}) × image ({image})"] = d_z * d_x
        scores[f"code² ({code}) × image ({image})"] = d_z**2 * d_x
    for name, classifier in classifiers.items():
        logits = in_parts(classifier.predict_on_batch, framed).astype(np.float64)
        scores[f"1 − confidence ({name})"] = 1 - softmax(logits).max(axis=1)
        scores[f"−largest logit ({name})"] = -logits.max(axis=1)
    return scores


def family_of(form: str) -> str:
    """Of a form whose parts are of one family; ``CROSSED`` otherwise."""
    found = [family for family in FAMILIES if family in form]
    return found[0] if len(found) == 1 else CROSSED


def summarise(rows: dict[str, Any]) -> dict[str, Any]:
    """Of a family: the form that the choosing sets choose, and the highest AUROCs on the tests.

    The highest are chosen by the test sets themselves: no choice can do better.
    """
    areas = {}
    for form, row in rows.items():
        areas[form] = float(np.mean(list(row["testing"]["auroc"].values())))
    augmented = [form for form in rows if "augmented" in form]
    picked = {
        "chosen": candidates.choose(rows),
        "highest": max(areas, key=areas.__getitem__),
        "highest augmented": max(augmented, key=areas.__getitem__),
    }
    return {
        "forms": len(rows),
        **picked,
        "rows": {form: rows[form] for form in set(picked.values())},
    }


def make() -> dict[str, Any]:
    """For each family of forms what ``summarise`` says."""
    digits = data.load_digits("mnist")
    replacements = fit_components(digits)
    for kind in PLANS:
        replacements.append(as_autoencoder(train_autoencoder(digits, kind), kind))
    classifiers = {f"classifier, {kind}": train_classifier(digits, kind) for kind in PLANS}
    replacements += [Replacement(name, find_features(one)) for name, one in classifiers.items()]
    reference = ood.canonical_frame(candidates.thicken_at_random(digits))
    codes = [code for one in replacements for code in make_codes(one, reference)]
    validation = candidates.shuffled(digits.validation)
    rows = candidates.measure_candidates(
        lambda images: score_forms(images, replacements, codes, classifiers),
        validation,
        candidates.make_sets(validation, outliers.make_choosing_outliers),
        candidates.make_sets(candidates.shuffled(digits.test), outliers.make_testing_outliers),
    )
    families = {}
    for family in FAMILIES:
        families[family] = summarise(
            {form: row for form, row in rows.items() if family_of(form) == family}
        )
    families[CROSSED] = summarise(rows)
    metrics = {}
    for family, found in families.items():
        chosen = found["rows"][found["chosen"]]
        measured = candidates.flatten({family: chosen})
        metrics |= {name: value for name, value in measured.items() if "testing" in name}
    return {
        "metrics": metrics,
        "tolerances": dict.fromkeys(metrics, 0.05),
        "families": families,
        "conventions": "as ood-candidates; in the canonical frame; chosen: by the choosing sets "
        "among the forms of the family; highest: by the test sets themselves, which bounds what a "
        "choice can give; one training of each network",
        "data": "MNIST; networks: the first 50,000 training images, classifiers with their labels; "
        f"PCA and reference set: the first {candidates.REFERENCE_DIGITS:,}",
        "settings": {
            "latent_dim": LATENT_DIM,
            "learning_rate": LEARNING_RATE,
            "epochs": {kind: plan.epochs for kind, plan in PLANS.items()},
            "components": COMPONENTS,
            "warped_copies": WARPED_COPIES,
            "neighbours": ood.NEIGHBOURS,
            "seed": settings.SEED,
        },
        "labels": len(digits.train.labels),
        "licence": LICENCE,
    }


EXPERIMENTS = {
    NAME: Experiment(
        15, "Does the score that tells what is not a digit need a VAE?", make, about_a_claim=True
    )
}
