"""What a training leaves behind besides the weights; plain arrays, no Keras."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from vae_lib.files import write_npz

_HISTORY = "history_"  # prefix of a loss curve's name in the file


@dataclass
class Run:
    """The record of one training.

    Attributes:
        history: one value an epoch, nats per image, for "loss" (what was optimised), its terms
            "reconstruction" and "kl" without weights, and the same three with "val_".
        codes: ``z_mean`` of the first validation digits after each epoch, float32
            ``(epochs, digits, latent_dim)``.
        labels: of those digits, uint8 ``(digits,)``.
        pictures: the first four of them, reconstructed from ``z_mean``, uint8
            ``(epochs, 4, 28, 28)``.
        seconds: time spent in training, resumed parts included.
    """

    history: dict[str, list[float]] = field(default_factory=dict)
    codes: np.ndarray = field(default_factory=lambda: np.empty((0, 0, 0), np.float32))
    labels: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint8))
    pictures: np.ndarray = field(default_factory=lambda: np.empty((0, 4, 28, 28), np.uint8))
    seconds: float = 0.0

    @property
    def epochs(self) -> int:
        """Epochs that are complete."""
        return len(self.history.get("loss", []))

    def __repr__(self) -> str:
        digits = f"{len(self.labels):,} digits"
        epochs = "1 epoch" if self.epochs == 1 else f"{self.epochs} epochs"
        return f"Run of {epochs}, with the codes of {digits} after each"

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The run as named arrays, one for each loss curve."""
        arrays = {
            "codes": self.codes,
            "labels": self.labels,
            "pictures": self.pictures,
            "seconds": np.asarray(self.seconds),
        }
        for term, values in self.history.items():
            arrays[_HISTORY + term] = np.asarray(values, np.float64)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Run":
        """The run that ``to_arrays`` took apart.

        Raises:
            KeyError: an array is missing.
        """
        history = {
            name.removeprefix(_HISTORY): arrays[name].tolist()
            for name in arrays
            if name.startswith(_HISTORY)
        }
        return cls(
            history=history,
            codes=arrays["codes"],
            labels=arrays["labels"],
            pictures=arrays["pictures"],
            seconds=float(arrays["seconds"]),
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the run to an npz file, whole or not at all.

        Raises:
            OSError: the file cannot be written to.
        """
        write_npz(Path(path), self.to_arrays())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Run":
        """Read a run back.

        Raises:
            ValueError: the file is not a saved run.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls.from_arrays(arrays)
        except Exception as fault:  # zip, zlib, header and key faults have no common parent
            raise ValueError(
                f"{path} is not a saved run ({fault}): train again and save it with run.save."
            ) from None
