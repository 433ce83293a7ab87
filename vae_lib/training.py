"""Training: Keras' own ``compile`` and ``fit``, with the batches and callbacks of the series.

``train`` is the outline. Its parts serve other models and other data, too: an optimiser with a
schedule, an endless stream of batches whose order depends on seed and epoch alone, and callbacks
for what Keras has none (snapshots of the latent space, a checkpoint that resumes to the last bit,
a progress bar that suits a notebook).
"""

import hashlib
import json
import logging
import math
import operator
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from vae_lib import keras_setup  # first: it names a Keras that cannot be used

# isort: split
import keras
import numpy as np
from tqdm.auto import tqdm

from vae_lib import settings
from vae_lib.arrays import as_whole, require_whole
from vae_lib.console import say
from vae_lib.data import Digits, home, normalize, to_raw
from vae_lib.files import atomic_write, write_npz
from vae_lib.inference import NumpyVAE
from vae_lib.machine import release_memory
from vae_lib.models import VAE
from vae_lib.run import Run

SNAPSHOT_DIGITS = 2_000
VALIDATION_BATCH = 1_000
CHECKPOINTS_KEPT = 5  # of other runs that were stopped; notebook 05's have 19 MB each
CHECKPOINT_DAYS = 30  # after which nobody goes on with a run

Batch = tuple[Any, Any]  # what the model receives, and what the loss compares with
Augmentation = Callable[[np.ndarray, int], np.ndarray]


def train(
    vae: VAE,
    digits: Digits,
    epochs: int = settings.EPOCHS,
    batch_size: int = settings.BATCH_SIZE,
    learning_rate: float = settings.LEARNING_RATE,
    input_dropout: float = settings.INPUT_DROPOUT,
    schedule: str | None = "cosine",
    augment: Augmentation | None = None,
    seed: int = settings.SEED,
    progress: bool = True,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    jit_compile: bool = False,
) -> Run:
    """Train on ``digits.train``, watch ``digits.validation``, never look at ``digits.test``.

    Each epoch ends with a checkpoint under ``data.home()``. A run that was interrupted goes on
    from its last whole epoch when the same call is made again, with the model that was stopped or
    with one that is built anew, in this process or another, and ends in the same weights as one
    that never stopped. A finished run leaves no checkpoint, and those of runs that nobody goes on
    with are removed.

    Args:
        vae: the model; its present weights are the start.
        digits: raw digits; each batch is normalised on its way in.
        epochs: passes over the training images.
        batch_size: images a step; at most the training images there are.
        learning_rate: Adam's, at its highest.
        input_dropout: share of pixels set to zero in what the encoder sees; the target stays whole.
        schedule: of the learning rate, see ``make_optimizer``.
        augment: makes the raw images of an epoch from the training images and the epoch's number.
        seed: start of the order of images and of the hidden pixels.
        progress: show a bar with the time left.
        callbacks: more of Keras' callbacks.
        jit_compile: let XLA compile the step, which suits long trainings: a quarter less time a
            step, for some seconds and 50 to 200 MB more, which TensorFlow does not give back.

    Returns:
        The run: both loss curves, with their terms, and the snapshots of the latent space.

    Raises:
        ValueError: a setting out of range, or no digits to train or validate on.
        FloatingPointError: the loss became NaN or infinite.
        KeyboardInterrupt: stopped by hand; the finished epochs are kept.
    """
    keras_setup.require_settings()
    check_settings(epochs, batch_size, learning_rate, input_dropout)
    _check_splits(digits.train.images, digits.validation.images)
    plan = _Plan(
        images=digits.train.images,
        epochs=operator.index(epochs),
        batch_size=min(operator.index(batch_size), len(digits.train.images)),
        learning_rate=float(learning_rate),
        input_dropout=float(input_dropout),
        schedule=schedule,
        augment=augment,
        seed=require_whole(seed, "seed", least=0),
    )
    optimizer = make_optimizer(plan.learning_rate, plan.steps * plan.epochs, schedule)
    vae.compile(optimizer=optimizer, jit_compile=jit_compile)
    vae.optimizer.build(vae.trainable_variables)

    followed = normalize(digits.validation.images[:SNAPSHOT_DIGITS])
    run = Run(labels=digits.validation.labels[:SNAPSHOT_DIGITS])
    start = _find_start(vae, digits, plan.settings())
    checkpoint = Checkpoint(start.path, run)
    done = _go_on(vae, checkpoint, plan.epochs)
    bar = ProgressBar(plan.epochs, plan.steps, done, progress)
    try:
        with _expecting_traces(), _keeping_what_is_done(vae, start.model, checkpoint, plan.epochs):
            vae.fit(
                endless(plan.batches_of, first_epoch=done),
                steps_per_epoch=plan.steps,
                initial_epoch=done,
                epochs=plan.epochs,
                validation_data=ValidationBatches(digits.validation.images),
                shuffle=False,  # the stream is in its own random order
                verbose=0,
                callbacks=[
                    StopAtInvalidLoss(),
                    Recorder(run, followed),
                    checkpoint,
                    bar,
                    *callbacks,
                ],
            )
    finally:
        bar.close()
        release_memory()
    checkpoint.remove()
    return run


@dataclass(frozen=True, eq=False)  # arrays have no one truth
class _Plan:
    """What ``train`` was asked for, checked."""

    images: np.ndarray
    epochs: int
    batch_size: int
    learning_rate: float
    input_dropout: float
    schedule: str | None
    augment: Augmentation | None
    seed: int

    @property
    def steps(self) -> int:
        """In an epoch."""
        return len(self.images) // self.batch_size

    def batches_of(self, epoch: int) -> Iterator[Batch]:
        """The batches of an epoch, augmented."""
        shown = self.images if self.augment is None else self.augment(self.images, epoch)
        return training_batches(shown, self.batch_size, self.input_dropout, self.seed, epoch)

    def settings(self) -> list[Any]:
        """All that two calls must have in common so that the second goes on with the first."""
        return [
            self.epochs,
            self.batch_size,
            self.learning_rate,
            self.input_dropout,
            self.schedule,
            self.seed,
            self.augment.__qualname__ if self.augment else None,
        ]


def _go_on(vae: VAE, checkpoint: "Checkpoint", epochs: int) -> int:
    """Put model and run back to where a checkpoint has them; how many epochs that is."""
    done = checkpoint.restore(vae)
    _remove_orphans(checkpoint.path)
    if done:
        say(f"Going on after epoch {done} of {epochs}, where this run was interrupted.")
    return done


@contextmanager
def _keeping_what_is_done(
    vae: VAE, first: bytes, checkpoint: "Checkpoint", epochs: int
) -> Iterator[None]:
    """Stopped by hand, the model is remembered, and the message says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        _stopped[vae] = Stopped(_digest(vae.trainable_weights), first)
        raise KeyboardInterrupt(
            f"Stopped by hand: {checkpoint.epochs} of {epochs} epochs are kept. "
            "To go on, call train again with the same settings."
        ) from None


@contextmanager
def _expecting_traces() -> Iterator[None]:
    """Without TensorFlow's warning of many traces: each training has a step of its own to trace."""

    def is_other(record: logging.LogRecord) -> bool:
        return "retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(is_other)
    try:
        yield
    finally:
        logger.removeFilter(is_other)


def check_settings(
    epochs: int, batch_size: int, learning_rate: float, input_dropout: float
) -> None:
    """Raise ValueError unless each setting of ``train`` is in its range."""
    whole = all((as_whole(number) or 0) >= 1 for number in (epochs, batch_size))
    if not (whole and learning_rate > 0 and 0 <= input_dropout < 1):
        raise ValueError(
            "epochs and batch_size must be whole numbers of at least 1, learning_rate above 0 and "
            "input_dropout in [0, 1), received "
            f"{epochs}, {batch_size}, {learning_rate} and {input_dropout}."
        )


def make_optimizer(
    learning_rate: float, steps: int, schedule: str | None = "cosine"
) -> keras.optimizers.Adam:
    """Adam (Kingma and Ba, 2015), with the series' schedule of the learning rate.

    Args:
        learning_rate: the highest one.
        steps: of the whole training.
        schedule: "cosine" raises the rate from zero during the first tenth of all steps, the
            warm-up, and takes it back to zero along half a cosine; None keeps it constant.

    Raises:
        ValueError: another schedule.
    """
    if schedule not in ("cosine", None):
        raise ValueError(f"schedule must be 'cosine' or None, received {schedule!r}.")
    rate: Any = learning_rate
    if schedule == "cosine":
        warm_up = max(1, steps // 10)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, max(1, steps - warm_up), warmup_target=learning_rate, warmup_steps=warm_up
        )
    # beta_2: a short memory of squared gradients suits a short training, measured on validation
    return keras.optimizers.Adam(rate, beta_2=0.99)


def training_batches(
    images: np.ndarray, batch_size: int, input_dropout: float, seed: int, epoch: int
) -> Iterator[Batch]:
    """One epoch of batches: what the encoder sees, and what the decoder must give back.

    Order and hidden pixels depend on seed and epoch alone, so that a resumed run sees what an
    uninterrupted one would have seen. The last images that fill no batch are left out.

    Args:
        images: uint8, shape ``(n, 28, 28)``.
        batch_size: images a batch, at most n.
        input_dropout: share of pixels that the encoder sees as zero.
        seed: start of the random numbers.
        epoch: number of the epoch, from 0.

    Yields:
        Two float32 arrays ``(batch_size, 28, 28, 1)`` in [0, 1].
    """
    random = np.random.default_rng((seed, epoch))
    order = random.permutation(len(images))
    for start in range(0, len(images) - batch_size + 1, batch_size):
        target = normalize(images[order[start : start + batch_size]])
        yield drop_pixels(target, input_dropout, random), target


class ValidationBatches(keras.utils.PyDataset):
    """All raw images in their order, in batches: as arrays at once they would fill the memory.

    Numbered batches, not a stream: of a stream Keras reads one batch ahead, so that later epochs
    would see one batch twice and another not at all.

    Args:
        images: uint8, shape ``(n, 28, 28)``.
    """

    def __init__(self, images: np.ndarray):
        super().__init__()
        self.images = images

    def __len__(self) -> int:
        return math.ceil(len(self.images) / VALIDATION_BATCH)

    def __getitem__(self, number: int) -> Batch:
        start = number * VALIDATION_BATCH
        batch = normalize(self.images[start : start + VALIDATION_BATCH])
        return batch, batch


def drop_pixels(images: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Input dropout: the images with a random share of their pixels set to zero; same shape."""
    # one random byte a pixel: random floats would cost as much as the network's arithmetic
    kept = random.integers(0, 256, images.shape, np.uint8) >= round(256 * share)
    return images * kept


def endless(batches_of: Callable[[int], Iterator[Batch]], first_epoch: int = 0) -> Iterator[Batch]:
    """The batches of all epochs, one after the other, for ``fit`` with ``steps_per_epoch``.

    One stream for the whole training, because Keras would stop between epochs to set up another.

    Args:
        batches_of: makes the batches of an epoch from its number.
        first_epoch: where to begin.
    """
    for epoch in count(first_epoch):
        yield from batches_of(epoch)


class StopAtInvalidLoss(keras.callbacks.Callback):
    """Ends a training whose loss is no longer a finite number."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        for value in (logs or {}).values():  # training's may be finite when validation's is not
            if not math.isfinite(value):
                raise FloatingPointError(
                    f"The loss became {value} in epoch {epoch + 1}: try a smaller learning rate, "
                    "and look for NaN in your own layers."
                )


class Recorder(keras.callbacks.Callback):
    """Writes losses and snapshots of the latent space into a run after each epoch.

    Args:
        run: written into.
        images: the digits to follow, float ``(n, 28, 28, 1)``.
    """

    def __init__(self, run: Run, images: np.ndarray):
        super().__init__()
        self.run = run
        self.images = images
        self.began = time.monotonic()

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self.began = time.monotonic() - self.run.seconds

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        for term, value in (logs or {}).items():
            self.run.history.setdefault(term, []).append(float(value))
        codes = self.model.encode(self.images)[0]
        pictures = to_raw(self.model.decode(codes[:4]))
        earlier = slice(epoch)  # none before the first epoch, where shapes may differ
        self.run.codes = np.stack([*self.run.codes[earlier], codes])
        self.run.pictures = np.stack([*self.run.pictures[earlier], pictures])
        self.run.seconds = time.monotonic() - self.began


class Checkpoint(keras.callbacks.Callback):
    """All state of a run in one file: weights, optimiser, noise streams, curves and snapshots.

    Keras' own ``BackupAndRestore`` leaves out the state of the noise, so that a resumed training
    would differ from an uninterrupted one.

    Args:
        path: of the file.
        run: what is recorded; a callback that writes into it must come first.

    Attributes:
        epochs: how many the file holds.
    """

    def __init__(self, path: Path, run: Run):
        super().__init__()
        self.path = path
        self.run = run
        self.epochs = 0

    def restore(self, vae: VAE) -> int:
        """Put model and run back to where the file has them; the number of epochs done."""
        if not self.path.is_file():
            return 0
        variables = _state(vae)
        try:
            with np.load(self.path, allow_pickle=False) as arrays:
                values = [arrays[f"variable_{number}"] for number in range(len(variables))]
                earlier = Run.from_arrays(arrays)
        except Exception:  # zip, zlib and header faults have no common parent
            say("The checkpoint of an earlier run is damaged, so this run starts anew.")
            return 0
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        vars(self.run).update(vars(earlier))
        self.epochs = self.run.epochs
        return self.epochs

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        variables = _state(self.model)
        state = {f"variable_{number}": np.asarray(value) for number, value in enumerate(variables)}
        try:
            write_npz(self.path, {**state, **self.run.to_arrays()})
            self.epochs = self.run.epochs
        except OSError as fault:
            if epoch == 0:
                say(
                    f"No checkpoints: cannot write to {self.path.parent} ({fault.strerror}). "
                    "Training goes on, but cannot be resumed: to keep its epochs, stop it and set "
                    "VAE_LIB_HOME to a folder you may write to."
                )

    def remove(self) -> None:
        """Delete the file; one that cannot be deleted must not cost the run."""
        with suppress(OSError):
            self.path.unlink()


class ProgressBar(keras.callbacks.Callback):
    """A bar over all steps, with the time left and the last validation loss.

    Args:
        epochs: of the whole training.
        steps: in an epoch.
        done: epochs that are done already.
        shown: False draws nothing.
    """

    def __init__(self, epochs: int, steps: int, done: int = 0, shown: bool = True):
        super().__init__()
        self.bar = tqdm(
            total=epochs * steps,
            initial=done * steps,
            desc="Training",
            unit="step",
            # ten moves a second could flood a front end that reads when the cell is done, as
            # nbval does
            mininterval=1,
            disable=not shown,
        )

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.bar.update()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        loss = (logs or {}).get("val_loss", math.nan)
        self.bar.set_postfix_str(f"epoch {epoch + 1}, {loss:.1f} nats on validation")

    def close(self) -> None:
        """Leave the bar as it stands."""
        self.bar.close()


class KLAnnealing(keras.callbacks.Callback):
    """Raises the weight of the KL term from 0 to 1 during the first epochs (Bowman et al., 2016).

    The model's ``kl_weight`` must be a variable that the optimiser leaves alone:
    ``build_vae(kl_weight=keras.Variable(0.0, trainable=False))``. It changes once an epoch; with
    ``epochs=3`` it is 0, 1/3, 2/3, 1, 1 and so on.

    Args:
        epochs: until the weight is 1.
    """

    def __init__(self, epochs: int):
        super().__init__()
        self.epochs = require_whole(epochs, "epochs")

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.model.kl_weight.assign(min(1.0, epoch / self.epochs))


def save_own(vae: VAE, run: Run, source: str) -> None:
    """Keep the reader's own model and run under ``data.home()`` for later notebooks.

    Args:
        vae: the trained model.
        run: what ``train`` returned.
        source: of the digits it was trained on.

    Raises:
        OSError: the folder cannot be written to.
    """
    path = _own_path(source)
    try:
        with atomic_write(path) as temporary:
            vae.save(temporary)
        run.save(path.with_suffix(".npz"))
    except OSError as fault:
        reason = f"Cannot write to {path.parent} ({fault.strerror})"
        raise OSError(
            f"{reason}: set VAE_LIB_HOME to a folder you may write to, and save again."
        ) from None


def load_own(source: str, latent_dim: int | None = None) -> tuple[VAE, Run] | None:
    """The reader's own model and run for these digits; None if there is none that serves.

    Whatever a reader has tried in notebook 05 must not break a later notebook, so a model that
    does not serve is passed over with a line that says what was found.

    Args:
        source: of the digits.
        latent_dim: of the model that is wanted, as a copy in NumPy; None takes any model.
    """
    path = _own_path(source)
    if not path.exists():
        return None
    try:
        vae, run = keras.models.load_model(path), Run.load(path.with_suffix(".npz"))
    except Exception:  # zip, JSON, HDF5 and shape faults have no common parent
        say("Your own model cannot be read: train and save it again in notebook 05.")
        return None
    misfit = None if latent_dim is None else _find_misfit(vae, run, latent_dim)
    if misfit:
        say(f"Your own model from notebook 05 is passed over: {misfit}.")
        return None
    return vae, run


def _find_misfit(vae: VAE, run: Run, latent_dim: int) -> str | None:
    """Why a model and its run cannot stand in for the series' own; None if they can."""
    try:
        found = NumpyVAE.from_keras(vae).latent_dim
    except Exception as fault:  # a layer of the reader's own may raise anything
        return str(fault).partition("\n")[0].rstrip(".")
    if found != latent_dim:
        return f"it has {found} latent dimensions, and {latent_dim} are needed here"
    if not run.epochs:
        return "the record of its training is empty"
    return None


def _own_path(source: str) -> Path:
    return home() / f"own-{source}.keras"


def _check_splits(images: np.ndarray, held_out: np.ndarray) -> None:
    if not len(images) or not len(held_out):
        raise ValueError(
            "Training needs digits to learn from and to validate on, "
            f"received {len(images)} and {len(held_out)}."
        )


def _state(vae: keras.Model) -> list[Any]:
    """All variables of a training: weights, noise streams, optimiser."""
    return [*vae.variables, *vae.optimizer.variables]


class Start(NamedTuple):
    """Where a run begins: a digest of the model then, and the file of its checkpoint."""

    model: bytes
    path: Path


class Stopped(NamedTuple):
    """A model that was stopped by hand: its weights then, and a digest of it as its run began."""

    weights: bytes
    first: bytes


_stopped: "weakref.WeakKeyDictionary[VAE, Stopped]" = weakref.WeakKeyDictionary()


def _find_start(vae: VAE, digits: Digits, how: list[Any]) -> Start:
    """The start of the run that this model was stopped in, if it is the same run; else from here.

    The same run has the same settings and digits, and the weights are those that it stopped with.
    """
    stopped = _stopped.pop(vae, None)
    if stopped and stopped.weights == _digest(vae.trainable_weights):
        path = _checkpoint_path(stopped.first, vae, digits, how)
        if path.is_file():
            return Start(stopped.first, path)
    first = _digest([vae.kl_weight, *vae.variables])
    return Start(first, _checkpoint_path(first, vae, digits, how))


def _digest(variables: list[Any]) -> bytes:
    key = hashlib.sha256()
    for variable in variables:
        key.update(np.ascontiguousarray(variable).data)
    return key.digest()


def _checkpoint_path(first: bytes, vae: VAE, digits: Digits, how: list[Any]) -> Path:
    """A name that changes with every setting, every image and every weight at the start."""
    words = json.dumps([vae.nll.__name__, how], default=float)
    key = hashlib.sha256(words.encode())
    for array in (digits.train.images, digits.validation.images):
        key.update(np.ascontiguousarray(array).data)
    key.update(first)
    return home() / "checkpoints" / f"{key.hexdigest()[:16]}.npz"


def _remove_orphans(kept: Path) -> None:
    """Delete old checkpoints of other runs, and of the newer ones all but a few."""
    with suppress(OSError):  # a file that cannot be deleted must not cost the run
        others = [path for path in kept.parent.glob("*.npz") if path != kept]
        ages = {path: time.time() - path.stat().st_mtime for path in others}
        newest_first = sorted(others, key=ages.__getitem__)
        for rank, path in enumerate(newest_first):
            is_old = ages[path] > CHECKPOINT_DAYS * 24 * 3600
            if is_old or rank >= CHECKPOINTS_KEPT:
                path.unlink()
