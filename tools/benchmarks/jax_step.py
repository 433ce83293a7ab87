"""A training step beside the same step in JAX: python -m tools.benchmarks.jax_step

Ours runs as the shipped weights were trained: inside ``vae_lib.training.train`` under XLA, its
batches and callbacks included. (Notebook 05 goes without XLA, which takes seconds and memory of its
own.) JAX's runs in a process and an environment of its own (``jax_worker.py``). The two take turns,
so that both see the same load of the machine; what counts is the median of the ratios of
neighbouring rounds.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import keras
import numpy as np

from tools.benchmarks.measurement import Measurement
from tools.benchmarks.run_notebook import empty_home
from vae_lib import data, models, settings, training

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("jax_worker.py")
PYTHON = ROOT / ".venv-jax" / "bin" / "python"
WARM_UP = 10  # steps before the first round: compiling, first pages of memory
ROUNDS = 12
STEPS = 25  # a round
MISSING = "JAX is not installed, so its step was not timed: make bench-jax installs and times it."


class TakeTurns(keras.callbacks.Callback):
    """Times rounds of a running training, and lets JAX take as many steps after each.

    Attributes:
        ours: seconds of each of our rounds.
        theirs: seconds of each of JAX's.
    """

    def __init__(self, worker: "Worker"):
        super().__init__()
        self.worker = worker
        self.ours: list[float] = []
        self.theirs: list[float] = []
        self.steps = -WARM_UP
        self.began = 0.0

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if self.steps == 0:
            self.began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.steps += 1
        if self.steps < STEPS:
            return
        self.ours.append(time.perf_counter() - self.began)
        self.theirs.append(self.worker.take_steps(STEPS))
        self.steps = 0
        if len(self.ours) == ROUNDS:
            self.model.stop_training = True


class Worker:
    """The process in which JAX trains.

    Raises:
        RuntimeError: it ended; its own message went to standard error.
    """

    def __init__(self, given: dict[str, object]):
        self.process = subprocess.Popen(
            [PYTHON, WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.version = self._ask(json.dumps(given))
        self.take_steps(WARM_UP)

    def take_steps(self, count: int) -> float:
        """The seconds that so many steps took."""
        seconds, loss = self._ask(str(count)).split()
        if not np.isfinite(float(loss)):
            raise RuntimeError("The loss of JAX's training is no finite number.")
        return float(seconds)

    def close(self) -> None:
        """End the process: it stops when nothing more can come."""
        self._pipe(self.process.stdin).close()
        self.process.wait()

    def _ask(self, line: str) -> str:
        requests = self._pipe(self.process.stdin)
        requests.write(f"{line}\n")
        requests.flush()
        answer = self._pipe(self.process.stdout).readline()
        if not answer:
            raise RuntimeError("JAX's process ended before it had answered.")
        return answer.strip()

    @staticmethod
    def _pipe(stream: TextIO | None) -> TextIO:
        if stream is None:
            raise RuntimeError("JAX's process has no pipe.")
        return stream


def measure_jax(digits: data.Digits) -> Iterator[Measurement]:
    """Our step, JAX's, and their ratio; nothing but one plain sentence where JAX is missing."""
    if not PYTHON.is_file():
        print(MISSING, flush=True)
        return
    with empty_home():
        worker = Worker(make_settings(digits))
        turns = TakeTurns(worker)
        try:
            training.train(
                models.build_vae(), digits, progress=False, callbacks=[turns], jit_compile=True
            )
        finally:
            worker.close()
    ours, theirs = np.array(turns.ours), np.array(turns.theirs)
    for name, seconds in (("our training step", ours), (f"JAX {worker.version}'s", theirs)):
        milliseconds = 1000 * seconds / STEPS
        note = f"least {milliseconds.min():.1f}, {len(seconds)} rounds of {STEPS} in turn"
        yield Measurement(name, float(np.median(milliseconds)), "ms", note=note)
    ratio = float(np.median(ours / theirs))
    note = f"of the least times {ours.min() / theirs.min():.2f}"
    yield Measurement("our step, in JAX's", ratio, "times", at_most=1.15, note=note)


def make_settings(digits: data.Digits) -> dict[str, object]:
    """What JAX's process needs to know; the images lie in a file under ``data.home()``."""
    images = data.home() / "images.npy"
    images.parent.mkdir(parents=True, exist_ok=True)
    np.save(images, digits.train.images)
    return {
        "images": str(images),
        "batch_size": settings.BATCH_SIZE,
        "input_dropout": settings.INPUT_DROPOUT,
        "hidden_units": settings.HIDDEN_UNITS,
        "latent_dim": settings.LATENT_DIM,
        "learning_rate": settings.LEARNING_RATE,
        "steps": settings.EPOCHS * (len(digits.train.images) // settings.BATCH_SIZE),
    }


if __name__ == "__main__":
    for measurement in measure_jax(data.load_digits("mnist")):
        print(measurement.to_row(), flush=True)
    sys.exit(0 if PYTHON.is_file() else 1)
