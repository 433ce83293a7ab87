"""For notebook 08: what do readers that know MNIST make of digits by other hands?

scikit-learn's 1,797 digits, and thirty drawings in European styles, both in MNIST's frame. Nothing
was trained or tuned on either of them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.decomposition import PCA

from tools.experiments import whole_numbers
from tools.experiments.common import BUILD, Experiment, flat, vote_of_nearest
from tools.experiments.european import draw_styles
from vae_lib import data, ood, shipped
from vae_lib.number_reader import DigitReader, load_number_reader

NAME = "other-hands"
NEIGHBOURS = 15  # that vote, as in the drawing pad
COMPONENTS = 50

Answers = tuple[np.ndarray, np.ndarray | None]  # labels, and which images are refused if any can be
Reader = Callable[[np.ndarray], Answers]


def make() -> dict[str, Any]:
    """Accuracy, and the share that is refused, of every reader on each set of digits."""
    digits = data.load_digits("mnist")
    sets = {
        "MNIST": digits.test,
        "scikit-learn": whole_numbers.other_hands(),
        "European": draw_styles(),
    }
    metrics: dict[str, float] = {}
    answers: dict[str, list[int]] = {}
    for name, reader in make_readers(digits).items():
        for where, split in sets.items():
            labels, refused = reader(data.normalize(split.images))
            metrics[f"{name}, {where}"] = float(np.mean(labels == split.labels))
            if refused is not None:
                metrics[f"{name}, {where}, refused"] = float(np.mean(refused))
            if where == "European":
                answers[name] = labels.tolist()
        print(name, flush=True)
        print({key: value for key, value in metrics.items() if key.startswith(name)})
    np.savez_compressed(BUILD / f"{NAME}.npz", drawings=sets["European"].images)
    return {
        "metrics": metrics,
        "tolerances": {name: 0.1 if "European" in name else 0.03 for name in metrics},
        "answers": answers,
        "labels_of_drawings": sets["European"].labels.tolist(),
        "conventions": "share classified correctly, whether refused or not; refused: by the "
        "reader's own threshold, which was chosen on MNIST's validation digits; drawing pad: the "
        f"{NEIGHBOURS} nearest reference codes vote, in the canonical frame; 15-NN: among all "
        f"50,000 training images, PCA with {COMPONENTS} components",
        "data": "MNIST's 10,000 test digits; scikit-learn's 1,797; thirty drawings in European "
        "styles, three of each digit, of lines that we wrote down",
        "labels_for_tuning": 0,
        "licence": "drawings: MIT",
    }


def make_readers(digits: data.Digits) -> dict[str, Reader]:
    """Each with its own way to refuse, or none."""
    images = data.normalize(digits.train.images)
    pca = PCA(COMPONENTS, svd_solver="covariance_eigh").fit(flat(images))
    ways = {
        "15-NN, pixels": flat,
        "15-NN, PCA": lambda asked: pca.transform(flat(asked)).astype(np.float32),
        "15-NN, VAE": shipped_codes("mnist-20d"),
        "15-NN, VAE, augmented": shipped_codes("mnist-20d-warped"),
    }
    readers: dict[str, Reader] = {
        "drawing pad": read_as_the_pad(shipped.load_ood_score()),
        "class-conditional VAE": read_with(load_number_reader()),
    }
    for name, represent in ways.items():
        readers[name] = read_by_neighbours(represent, images, digits.train.labels)
    return readers


def read_as_the_pad(score: ood.OODScore) -> Reader:
    """The vote of the drawing pad, which refuses by the out-of-distribution score."""
    vote = vote_of_nearest(score.codes.astype(np.float32), score.labels, NEIGHBOURS)

    def read(images: np.ndarray) -> Answers:
        codes, _ = score.code_model.encode(ood.canonical_frame(images))
        return vote(codes), score.refuses(images)

    return read


def read_with(reader: DigitReader) -> Reader:
    """The most probable digit; refused are scores above the reader's threshold."""

    def read(images: np.ndarray) -> Answers:
        probabilities, scores = reader.read(images)
        return probabilities.argmax(axis=1), scores > reader.threshold

    return read


def shipped_codes(name: str) -> Callable[[np.ndarray], np.ndarray]:
    model = shipped.load_pretrained(name)
    return lambda images: model.encode(images)[0]


def read_by_neighbours(
    represent: Callable[[np.ndarray], np.ndarray], images: np.ndarray, labels: np.ndarray
) -> Reader:
    """The vote of the nearest training images; none is refused."""
    vote = vote_of_nearest(represent(images), labels, NEIGHBOURS)
    return lambda asked: (vote(represent(asked)), None)


EXPERIMENTS = {
    NAME: Experiment(
        8, "Do readers that know MNIST read digits by other hands?", make, about_a_claim=True
    )
}
