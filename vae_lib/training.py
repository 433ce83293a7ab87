"""Training that shows its progress, keeps what the reader wants to look at, and survives a kill."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import keras
import numpy as np
from tqdm.auto import tqdm

from vae_lib import settings
from vae_lib.data import Digits, home, normalize
from vae_lib.files import atomic_write, write_npz
from vae_lib.models import VAE
from vae_lib.run import Run

SNAPSHOT_DIGITS = 2_000
VALIDATION_BATCH = 1_000


def train(
    vae: VAE,
    digits: Digits,
    epochs: int = settings.EPOCHS,
    batch_size: int = settings.BATCH_SIZE,
    learning_rate: float = settings.LEARNING_RATE,
    input_dropout: float = settings.INPUT_DROPOUT,
    seed: int = settings.SEED,
    progress: bool = True,
) -> Run:
    """Train on ``digits.train``, watch ``digits.validation``, never look at ``digits.test``.

    Each epoch ends with a checkpoint under ``data.home()``. A run that was interrupted goes on
    from its last whole epoch when the same call is made again, in this process or another, and
    ends in the same weights as one that never stopped. A finished run leaves no checkpoint.

    Args:
        vae: the model; its present weights are the start.
        digits: raw digits; each batch is normalised on its way in.
        epochs: passes over the training images.
        batch_size: images a step; at most the training images there are.
        learning_rate: Adam's step size after the warm-up (the first tenth of all steps); a
            cosine takes it to zero at the last step.
        input_dropout: share of pixels hidden from the encoder; the target stays whole.
        seed: start of the order of images and of the hidden pixels.
        progress: show a bar with the time left.

    Returns:
        The run: both loss curves, with their terms, and the snapshots of the latent space.

    Raises:
        ValueError: a setting out of range, or no digits to train or validate on.
        FloatingPointError: the loss became NaN.
        KeyboardInterrupt: stopped by hand; the finished epochs are kept.
    """
    images, held_out = digits.train.images, digits.validation.images
    whole = isinstance(epochs, int) and isinstance(batch_size, int) and min(epochs, batch_size) >= 1
    if not (whole and learning_rate > 0 and 0 <= input_dropout < 1):
        raise ValueError(
            "epochs and batch_size must be whole numbers of at least 1, learning_rate above 0 and input_dropout in [0, 1), "
            f"received {epochs}, {batch_size}, {learning_rate} and {input_dropout}."
        )
    if not len(images) or not len(held_out):
        counts = f"{len(images)} and {len(held_out)}"
        raise ValueError(
            f"Training needs digits to learn from and to validate on, received {counts}."
        )
    batch_size = min(batch_size, len(images))
    steps = len(images) // batch_size
    warm_up = max(1, steps * epochs // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps * epochs - warm_up), warmup_target=learning_rate, warmup_steps=warm_up
    )
    # beta_2: a short memory of squared gradients suits a short training, measured on validation;
    # jit_compile: "auto" would leave XLA off on a machine without a GPU
    vae.compile(optimizer=keras.optimizers.Adam(schedule, beta_2=0.99), jit_compile=True)
    vae.optimizer.build(vae.trainable_variables)

    key = _key(vae, digits, epochs, batch_size, learning_rate, input_dropout, seed)
    checkpoint = _Checkpoint(home() / "checkpoints" / f"{key}.npz", vae)
    run = checkpoint.read() or Run(labels=digits.validation.labels[:SNAPSHOT_DIGITS])
    watched, began = normalize(held_out[:SNAPSHOT_DIGITS]), time.monotonic() - run.seconds
    if done := run.epochs:
        print(f"Going on after epoch {done} of {epochs}, where this run was interrupted.")
    # an epoch of our own, because the input pipeline behind fit idles for seconds after each
    # a bar that moved ten times a second could flood a front end that reads when the cell is done, as nbval does
    shown = {"desc": "Training", "unit": "step", "mininterval": 1, "disable": not progress}
    with tqdm(total=epochs * steps, initial=done * steps, **shown) as bar:
        try:
            for epoch in range(done, epochs):
                batches = training_batches(images, batch_size, input_dropout, seed, epoch)
                terms = _mean_terms(vae.train_on_batch, batches, bar.update)
                terms |= {
                    f"val_{term}": value
                    for term, value in _mean_terms(vae.test_on_batch, _in_order(held_out)).items()
                }
                for term, value in terms.items():
                    run.history.setdefault(term, []).append(value)
                if not np.isfinite(
                    total := sum(terms.values())
                ):  # training's may be finite when validation's is not
                    raise FloatingPointError(
                        f"The loss became {total} in epoch {epoch + 1}: try a smaller learning rate, "
                        "and look for NaN in your own layers."
                    )
                codes = vae.encode(watched)[0][None]
                run.codes = np.concatenate([run.codes, codes]) if epoch else codes
                rebuilt = np.round(255 * vae.decode(codes[0, :4])[None, ..., 0]).astype(np.uint8)
                run.pictures = np.concatenate([run.pictures, rebuilt]) if epoch else rebuilt
                run.seconds = time.monotonic() - began
                checkpoint.write(run)
                done += 1
                bar.set_postfix_str(
                    f"epoch {epoch + 1}, {terms['val_loss']:.1f} nats on validation"
                )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"Stopped by hand: {done} of {epochs} epochs are kept. "
                "To go on, build the model anew and call train with the same settings."
            ) from None
    with suppress(OSError):  # a checkpoint that cannot be removed must not cost the run
        checkpoint.path.unlink()
    return run


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


def load_own(source: str) -> tuple[VAE, Run] | None:
    """The reader's own model and run for these digits; None, with a line if it is damaged."""
    path = _own_path(source)
    if not path.exists():
        return None
    try:
        return keras.models.load_model(path), Run.load(path.with_suffix(".npz"))
    except Exception:  # zip, JSON, HDF5 and shape faults have no common parent
        print("Your own model cannot be read: train and save it again in notebook 05.")
        return None


def training_batches(
    images: np.ndarray, batch_size: int, input_dropout: float, seed: int, epoch: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """One epoch of batches: what the encoder sees, and what the decoder must give back.

    Order and hidden pixels depend on seed and epoch alone, so that a resumed run sees what an
    uninterrupted one would have seen. The last images that fill no batch are left out.

    Args:
        images: uint8, shape ``(n, 28, 28)``.
        batch_size: images a batch, at most n.
        input_dropout: share of pixels that the encoder sees as zero.
        seed: start of the random draws.
        epoch: number of the epoch, from 0.

    Yields:
        Two float32 arrays ``(batch_size, 28, 28, 1)`` in [0, 1].
    """
    random = np.random.default_rng((seed, epoch))
    order = random.permutation(len(images))
    for start in range(0, len(images) - batch_size + 1, batch_size):
        batch = normalize(images[order[start : start + batch_size]])
        # one random byte a pixel: random floats would cost as much as the network's arithmetic
        shown = random.integers(0, 256, batch.shape, np.uint8) >= round(256 * input_dropout)
        yield batch * shown, batch


def _own_path(source: str) -> Path:
    return home() / f"own-{source}.keras"


def _in_order(images: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for start in range(0, len(images), VALIDATION_BATCH):
        batch = normalize(images[start : start + VALIDATION_BATCH])
        yield batch, batch


def _mean_terms(
    step: Callable, batches: Iterable, tick: Callable = lambda: None
) -> dict[str, float]:
    """Mean over all images of what ``step`` reports of each batch (Keras starts anew at each call)."""
    totals, count = Counter(), 0
    for batch in batches:
        size = len(batch[0])
        totals.update(
            {term: float(value) * size for term, value in step(*batch, return_dict=True).items()}
        )
        count += size
        tick()
    return {term: total / count for term, total in totals.items()}


class _Checkpoint:
    """All state of a run in one file: weights, optimiser, noise streams, curves and snapshots."""

    def __init__(self, path: Path, vae: VAE):
        self.path = path
        self.variables = [*vae.variables, *vae.optimizer.variables]  # seed generators included

    def read(self) -> Run | None:
        """Put the model back to where the checkpoint has it; None if there is none to go by."""
        if not self.path.is_file():
            return None
        try:
            with np.load(self.path, allow_pickle=False) as arrays:
                values = [arrays[f"variable_{number}"] for number in range(len(self.variables))]
                run = Run.from_arrays(arrays)
        except Exception:  # zip, zlib and header faults have no common parent
            print("The checkpoint of an earlier run is damaged, so this run starts anew.")
            return None
        for variable, value in zip(self.variables, values, strict=True):
            variable.assign(value)
        return run

    def write(self, run: Run) -> None:
        state = {
            f"variable_{number}": np.asarray(variable)
            for number, variable in enumerate(self.variables)
        }
        try:
            write_npz(self.path, {**state, **run.to_arrays()})
        except OSError as fault:
            if run.epochs == 1:
                print(
                    f"No checkpoints: cannot write to {self.path.parent} ({fault.strerror}). Training goes on."
                )


def _key(vae: VAE, digits: Digits, *run_settings: float) -> str:
    """A name that changes with every setting, every image and every weight at the start."""
    key = hashlib.sha256(
        json.dumps([float(vae.kl_weight), vae.nll.__name__, run_settings]).encode()
    )
    for array in (digits.train.images, digits.validation.images, *vae.variables):
        key.update(np.ascontiguousarray(array))
    return key.hexdigest()[:16]
