"""What the experiments share: how one is described, where its files go, when two results agree."""

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sklearn.metrics import roc_auc_score

from vae_lib import data, evaluation, settings

Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "claims"
PRETRAINED = ROOT / "vae_lib" / "pretrained"
RESULTS = ROOT / "vae_lib" / "results"

MNIST_SOURCE = "Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits"
LICENCE = "weights MIT; MNIST is CC BY-SA 3.0"
ONE_THREAD = {  # libraries read these when they start
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


@dataclass(frozen=True)
class Experiment:
    """Something that takes too long for a notebook.

    Attributes:
        minutes: planned, on two cores.
        question: that it answers.
        make: does it and returns its card: ``metrics`` ``{name: number}``, ``tolerances`` ``{name:
            the largest difference between two runs that is expected}``, and whatever else a
            notebook reads. Other files, weights for instance, it writes to ``BUILD`` itself,
            under its own name.
        about_a_claim: whether it measures one of the paper's claims, which notebooks 08 to 11
            judge. The others train the weights that ship, or measure what the lessons quote.
    """

    minutes: int
    question: str
    make: Callable[[], dict[str, Any]]
    about_a_claim: bool = False


def differences(name: str) -> list[str]:
    """Where a new result does not agree with the one that ships: one sentence a metric."""
    made = _read(BUILD / f"{name}.json")
    card = shipped_folder(name) / f"{name}.json"
    if not card.exists():
        return ["nothing of this experiment ships yet: store it"]
    shipped_metrics = flat_metrics(_read(card))
    made_metrics = flat_metrics(made)

    faults = []
    for metric in sorted(shipped_metrics.keys() ^ made_metrics.keys()):
        faults.append(f"{metric} is in one of the two alone")
    for metric in sorted(made_metrics.keys() & shipped_metrics.keys()):
        value, shipped = made_metrics[metric], shipped_metrics[metric]
        allowed = made["tolerances"][metric]
        agrees = abs(value - shipped) <= allowed  # false for NaN
        if not agrees:
            faults.append(
                f"{metric} is {value:.4g}, shipped is {shipped:.4g}, and {allowed:g} is allowed"
            )
    return faults


def flat_metrics(card: dict[str, Any]) -> dict[str, float]:
    """The metrics of a card by name; those of a group, as ``test``, are called ``test_…``."""
    flat = {}
    for name, value in card["metrics"].items():
        if isinstance(value, dict):
            for inner, number in value.items():
                flat[f"{name}_{inner}"] = number
        else:
            flat[name] = value
    return flat


def shipped_folder(name: str) -> Path:
    """Where an experiment ships: one that gives a model is named after it, "mnist-…"."""
    return PRETRAINED if name.startswith("mnist-") else RESULTS


def kept(file: Path, make: Callable[[], Any]) -> Any:
    """What ``make`` gives, as JSON; from its file if an earlier call got so far."""
    if not file.exists():
        print(f" {file.stem}", flush=True)
        found = json.dumps(make(), indent=1, default=float)
        file.write_text(found, encoding="utf-8")
    return json.loads(file.read_text(encoding="utf-8"))


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Processes that are spawned inside use one thread each: libraries read this as they start."""
    before = dict(os.environ)
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def on_one_thread(
    measure: Callable[[], Result], initialise: Callable[[], None] | None = None
) -> Result:
    """In a process of its own, with one thread."""
    with one_thread_each(), ProcessPoolExecutor(1, get_context("spawn"), initialise) as pool:
        return pool.submit(measure).result()


def draw_ink(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Of raw images, which pixels are black if each is drawn with its grey value: bool."""
    return random.integers(0, 255, images.shape, np.uint8) < images


def encode(model: evaluation.HasElboParts, images: np.ndarray) -> np.ndarray:
    """``z_mean`` of raw digits."""
    z_mean, _ = model.encode(data.normalize(images))
    return z_mean


def stratified(labels: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Indices of ``n`` digits, as many of each class, drawn by ``seed``.

    Raises:
        ValueError: a class with too few digits, or n that ten classes cannot share.
    """
    random = np.random.default_rng(seed)
    each = n // 10
    most = np.bincount(labels, minlength=10).min()
    if n % 10 or not 1 <= each <= most:
        raise ValueError(
            f"n must be a multiple of 10 with at most {most} digits a class, received {n}."
        )
    chosen = []
    for digit in range(10):
        chosen.append(random.choice(np.flatnonzero(labels == digit), each, replace=False))
    return np.concatenate(chosen)


def flat(images: np.ndarray) -> np.ndarray:
    """A row for each image."""
    return images.reshape(len(images), -1)


def in_parts(
    function: Callable[[np.ndarray], np.ndarray], images: np.ndarray, size: int = 1_000
) -> np.ndarray:
    """What the function gives for all images, ``size`` at a time: bounds the memory."""
    starts = range(0, len(images), size)
    return np.concatenate([function(images[start : start + size]) for start in starts])


def auroc(digits: np.ndarray, others: np.ndarray) -> float:
    """Share of pairs in which the outlier scores higher; half of the pairs that are equal."""
    truth = np.repeat([0, 1], [len(digits), len(others)])
    return float(roc_auc_score(truth, np.concatenate([digits, others])))


def count_votes(labels: np.ndarray) -> np.ndarray:
    """From labels ``(n, k)`` to the number of votes for each digit, ``(n, 10)``."""
    return (labels[..., None] == np.arange(settings.CLASSES)).sum(axis=1)


def vote_of_nearest(
    points: np.ndarray, labels: np.ndarray, k: int
) -> Callable[[np.ndarray], np.ndarray]:
    """From codes or pixels to the label that most of the k nearest reference points have.

    As scikit-learn's, without the 20 ms that it takes to look for thread pools at each call.
    """
    squares = (points**2).sum(axis=1)

    def vote(queries: np.ndarray) -> np.ndarray:
        distances = squares - 2 * queries @ points.T  # the query's own square is the same for all
        near = np.argpartition(distances, k, axis=1)[:, :k]
        return count_votes(labels[near]).argmax(axis=1)

    def vote_in_parts(queries: np.ndarray) -> np.ndarray:
        parts = np.array_split(queries, len(queries) // 100 + 1)
        return np.concatenate([vote(part) for part in parts])

    return vote_in_parts


def truncate_mantissa(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Weights as float16 whose last three bits are zero: zipped, they take a quarter less."""
    truncated = {}
    for name, array in weights.items():
        bits = np.asarray(array, np.float16).view(np.uint16)
        rounded = (bits + 4) & 0xFFF8
        truncated[name] = rounded.astype(np.uint16).view(np.float16)
    return truncated


def _read(card: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(card.read_text(encoding="utf-8"))
    return content
