"""What ships with the library: trained models, and the results that notebooks plot.

Weights lie in ``vae_lib/pretrained``, each with its card; measured curves, tables and codes lie in
``vae_lib/results``. Everything is read here and nowhere else, and nothing loads TensorFlow.
"""

import json
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from vae_lib.inference import NumpyVAE
from vae_lib.ood import OODScore
from vae_lib.run import Run

Arrays = dict[str, np.ndarray]


def load_pretrained(name: str = "mnist-2d", label: int | None = None) -> NumpyVAE:
    """A trained model; ``load_card`` says how it was trained.

    Args:
        name: of the model.
        label: the digit that a class-conditional model, "mnist-by-class", is told.

    Raises:
        ValueError: a name that is not shipped.
    """
    return NumpyVAE(_read_arrays(_find_model(name, "npz")), label)


def load_card(name: str = "mnist-2d") -> dict[str, Any]:
    """Data, settings, seed, time, machine, metrics and licence of a trained model.

    Raises:
        ValueError: a name that is not shipped.
    """
    return _read_json(_find_model(name, "json"))


def load_result(name: str) -> dict[str, Any]:
    """A measured result: what its table (``NAME.json``) and its arrays (``NAME.npz``) hold.

    Args:
        name: of the result, as "semi-supervised" or "kl-weights".

    Returns:
        Numbers, texts and lists by name from the table, NumPy arrays by name from the arrays.

    Raises:
        ValueError: a name that is not shipped.
    """
    folder = _folder("results")
    table, arrays = folder / f"{name}.json", folder / f"{name}.npz"
    if not table.is_file() and not arrays.is_file():
        raise ValueError(f"No result called {name!r}; choose from {_names(folder)}.")
    result: dict[str, Any] = {}
    if table.is_file():
        result.update(_read_json(table))
    if arrays.is_file():
        result.update(_read_arrays(arrays))
    return result


def load_kl_weights() -> Arrays:
    """Trainings of notebook 05's model on MNIST that differ in the KL weight.

    Returns:
        ``weights`` (W,), and for each: ``codes`` (W, n, 2) of n validation digits with ``labels``
        (n,), ``samples`` uint8 (W, m, 28, 28), and ``terms`` (W, 2), reconstruction and KL on
        validation in nats per image. ``widgets.explore_loss`` takes it.
    """
    return _read_arrays(_folder("results") / "kl-weights.npz")


def load_run() -> Run:
    """The training with KL weight 1 among ``load_kl_weights``, epoch by epoch.

    Returns:
        A run with the loss alone in its history. ``widgets.explore_training`` takes it.
    """
    arrays = load_kl_weights()
    history = {term: arrays[f"history_{term}"].tolist() for term in ("loss", "val_loss")}
    return Run(
        history=history,
        codes=arrays["run_codes"].astype(np.float32),
        labels=arrays["labels"],
        pictures=arrays["run_pictures"],
    )


def load_ood_score() -> OODScore:
    """The out-of-distribution score of the series, with 10,000 encoded training digits of MNIST.

    Returns:
        The score of "mnist-20d-warped" and "mnist-20d"; its threshold refuses 3% of MNIST's
        validation digits.
    """
    arrays = _read_arrays(_folder("results") / "ood.npz")
    codes = arrays["codes"].astype(np.float32) * arrays["scale"]
    return OODScore(
        code_model=load_pretrained("mnist-20d-warped"),
        codes=codes,
        labels=arrays["labels"],
        image_model=load_pretrained("mnist-20d"),
        percentiles=arrays["percentiles"],
    )


def load_reference_percentiles() -> np.ndarray:
    """Percentiles 0 to 100 of the negative ELBO of MNIST's 10,000 test digits under "mnist-2d".

    They are what ``evaluation.measure_reference_percentiles`` finds there.

    Returns:
        Nats per image, shape ``(101,)``.
    """
    percentiles: np.ndarray = load_result("loss-percentiles")["percentiles"]
    return percentiles


def _folder(name: str) -> Traversable:
    return resources.files("vae_lib") / name


def _names(folder: Traversable) -> list[str]:
    files = [file.name for file in folder.iterdir()]
    names = {file.rpartition(".")[0] for file in files if file.endswith((".json", ".npz"))}
    return sorted(names)


def _find_model(name: str, kind: str) -> Traversable:
    folder = _folder("pretrained")
    file = folder / f"{name}.{kind}"
    if not file.is_file():
        raise ValueError(f"No model called {name!r}; choose from {_names(folder)}.")
    return file


def _read_json(file: Traversable) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return table


def _read_arrays(file: Traversable) -> Arrays:
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        return dict(arrays)
