"""What the rows share: where their files go, how a row is described, when two results agree."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vae_lib import data

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "claims"
PRETRAINED, RESULTS = ROOT / "vae_lib" / "pretrained", ROOT / "vae_lib" / "results"


@dataclass(frozen=True)
class Experiment:
    """One row: planned minutes on two cores, the question it answers, and what answers it.

    ``make`` returns ``{"metrics": {name: number}, "tolerances": {name: largest honest difference}}``
    and whatever else its notebook reads. It writes other files, weights for instance, to ``BUILD``.
    """

    minutes: int
    question: str
    make: Callable[[], dict[str, Any]]


def differences(name: str) -> list[str]:
    """What a row gave that does not agree with what ships: one sentence a metric."""
    made = json.loads((BUILD / f"{name}.json").read_text(encoding="utf-8"))
    card = shipped_folder(name) / f"{name}.json"
    if not card.exists():
        return ["nothing of this row ships yet: store it"]
    shipped = json.loads(card.read_text(encoding="utf-8"))["metrics"]
    faults = [
        f"{metric} is in one of the two alone" for metric in shipped.keys() ^ made["metrics"].keys()
    ]
    for metric, value in made["metrics"].items():
        allowed = made["tolerances"][metric]
        if metric in shipped and not abs(value - shipped[metric]) <= allowed:  # NaN is a difference
            faults.append(
                f"{metric} is {value:.4g}, shipped is {shipped[metric]:.4g}, and {allowed:g} is allowed"
            )
    return faults


def shipped_folder(name: str) -> Path:
    """Where a row ships: a row that gives a model is named after it, "mnist-…"."""
    return PRETRAINED if name.startswith("mnist-") else RESULTS


def encode(model: Any, images: np.ndarray) -> np.ndarray:
    """``z_mean`` of raw digits, a thousand at a time for the memory."""
    parts = np.array_split(images, len(images) // 1_000 + 1)
    return np.concatenate([model.encode(data.normalize(part))[0] for part in parts])


def stratified(labels: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Places of ``n`` digits, as many of each class, drawn by ``seed``.

    Raises:
        ValueError: a class with too few digits, or n that ten classes cannot share.
    """
    random, each = np.random.default_rng(seed), n // 10
    counts = np.bincount(labels, minlength=10)
    if n % 10 or not 1 <= each <= counts.min():
        raise ValueError(
            f"n must be a multiple of 10 with at most {counts.min()} digits a class, received {n}."
        )
    return np.concatenate(
        [random.choice(np.flatnonzero(labels == digit), each, replace=False) for digit in range(10)]
    )


def truncate_mantissa(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Weights as float16 whose last three bits are zero, which a zip file stores in a quarter less."""
    halves = {
        name: np.asarray(array, np.float16).view(np.uint16) for name, array in weights.items()
    }
    return {
        name: ((bits + 4) & 0xFFF8).astype(np.uint16).view(np.float16)
        for name, bits in halves.items()
    }
