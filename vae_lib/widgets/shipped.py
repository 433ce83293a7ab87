"""What ships for the widgets beside ``mnist-2d``: results of real trainings, made by ``make pretrained``."""

from types import SimpleNamespace

import numpy as np

from vae_lib.inference import NumpyVAE, load_pretrained, shipped_file


def load_kl_weights() -> dict[str, np.ndarray]:
    """Trainings of notebook 05's model on MNIST that differ in the KL's weight, as ``explore_loss`` takes them."""
    with (
        shipped_file("kl-weights", "npz").open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return dict(arrays)


def load_run() -> SimpleNamespace:
    """The run of weight 1 among them, epoch by epoch, as ``explore_training`` takes it: no TensorFlow needed."""
    arrays = load_kl_weights()
    history = {name: arrays[f"history_{name}"].tolist() for name in ("loss", "val_loss")}
    return SimpleNamespace(
        codes=arrays["run_codes"].astype(np.float32),
        labels=arrays["labels"],
        pictures=arrays["run_pictures"],
        history=history,
    )


def load_reference_percentiles() -> tuple[np.ndarray, np.ndarray]:
    """What ``measure_reference_percentiles`` finds for ``mnist-2d`` and ``mnist-20d`` on MNIST's 10,000 test digits."""
    with (
        shipped_file("mnist-20d-codes", "npz").open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return arrays["losses"], arrays["excesses"]


def load_reference_set() -> tuple[NumpyVAE, np.ndarray, np.ndarray]:
    """``mnist-20d`` with the codes ``(10000, 20)`` and labels ``(10000,)`` of training digits that vote."""
    with (
        shipped_file("mnist-20d-codes", "npz").open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return (
            load_pretrained("mnist-20d"),
            arrays["codes"].astype(np.float32) * arrays["scale"],
            arrays["labels"],
        )
