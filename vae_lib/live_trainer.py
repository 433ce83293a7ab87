"""The training behind ``live.train_live``, step by step: no thread and no widget in here.

Each step is Keras' own ``train_step``, several of them in one ``train_on_batch``. What differs
from ``training.train`` is that the settings are variables, which can be changed between two calls,
and that the training can be put back to its start without being compiled again.
"""

import inspect
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from vae_lib import keras_setup  # first: it names a Keras that cannot be used

# isort: split
import keras
import numpy as np
from keras import ops

from vae_lib import settings
from vae_lib.arrays import Float32s, Pixels, Tensor, as_whole, require_whole
from vae_lib.data import Digits, Split, normalize, to_raw
from vae_lib.evaluation import knn_accuracy
from vae_lib.losses import gaussian_kl
from vae_lib.machine import release_memory
from vae_lib.models import ACTIVATIONS, VAE, find_activation
from vae_lib.run import Run
from vae_lib.training import drop_pixels, make_optimizer

BATCH_SIZE = 100  # also the fewest training digits: one batch of them is then an epoch
HIDDEN_UNITS = 256  # measured: an epoch of 50,000 digits takes a few seconds on two cores
VALIDATION_DIGITS = 1_000
REFERENCE_DIGITS = 2_000  # training digits whose codes vote on those of the validation digits
THUMBNAILS = 8  # digits of a batch that a view shows
SAMPLES = 16  # images from the prior
RANGES = {"kl_weight": (0.0, 8.0), "learning_rate": (1e-6, 1.0), "input_dropout": (0.0, 0.95)}
MEASURED_IMAGES = 1_000  # the fewest between two measurements
MEASURED_SHARE = 300  # and at least this part of all images seen, so that points do not pile up
WIDEST = 1_024  # hidden units
MOST_STEPS = 8  # in one call
NOISE_OF_VALIDATION = 0  # counter of the noise streams; the steps count from 1

Build = Callable[..., VAE]
Terms = dict[str, float]


@dataclass(frozen=True)
class Knobs:
    """Settings that act while the model trains.

    Attributes:
        kl_weight: factor of the KL term, from 0 to 8; 1 gives the ELBO.
        learning_rate: Adam's, from 0.000001 to 1.
        noise: False takes ``z_mean`` in place of a sample z.
        input_dropout: share of the pixels that the encoder sees as 0, from 0 to 0.95.
        training_digits: the first so many training digits are used.
    """

    kl_weight: float = 1.0
    learning_rate: float = settings.LEARNING_RATE
    noise: bool = True
    input_dropout: float = 0.0
    training_digits: int = BATCH_SIZE


@dataclass(frozen=True)
class Start:
    """Settings of a new model.

    Attributes:
        seed: of the initial weights, the order of images and the noise.
        hidden_units: width of the hidden layer on either side.
        activation: of the hidden layers, "gelu", "relu" or "tanh".
    """

    seed: int = settings.SEED
    hidden_units: int = HIDDEN_UNITS
    activation: str = "gelu"


@dataclass(frozen=True)
class Measured:
    """One point of the curves, in nats per image.

    Attributes:
        images: seen so far.
        training: mean of "loss", "reconstruction" and "kl" over the batches since the last point.
        validation: the same on the validation digits, now.
        accuracy: share of validation digits that a vote of the 15 nearest training codes names.
    """

    images: int
    training: Terms
    validation: Terms
    accuracy: float


@dataclass(frozen=True)
class Look:
    """What there is to see of the model at one moment; arrays as in ``live.d.ts``."""

    codes: Float32s
    inputs: Pixels
    z_mean: Float32s
    z_log_var: Float32s
    epsilon: Float32s
    z: Float32s
    reconstructions: Pixels
    samples: Pixels


class LiveVAE(VAE):
    """The encoder and decoder of another VAE, under a loss whose weights and noise can be changed.

    Args:
        vae: its layers are shared, so training this model trains that one.

    Attributes:
        kl_weight: variable, factor of the KL term.
        reconstruction_weight: variable, factor of the reconstruction term.
        noise: variable, 1 for ``z`` as the encoder samples it and 0 for ``z_mean``.
        terms: variables, means of "reconstruction" and "kl" over the last batch.
    """

    kl_weight: Any

    def __init__(self, vae: VAE):
        # not trainable: the optimiser would lower the loss by lowering these weights
        kl_weight = keras.Variable(1.0, trainable=False)
        super().__init__(vae.encoder, vae.decoder, nll=vae.nll, kl_weight=kl_weight)
        self.reconstruction_weight = keras.Variable(1.0, trainable=False)
        self.noise = keras.Variable(1.0, trainable=False)
        self.terms = {
            name: keras.Variable(0.0, trainable=False) for name in ("reconstruction", "kl")
        }

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """None: Keras would reset their means at each call, which takes time."""
        return []

    def get_metrics_result(self) -> dict[str, Tensor]:
        """What Keras' ``train_step`` returns: the terms of this batch."""
        return {name: ops.convert_to_tensor(term) for name, term in self.terms.items()}

    def call(self, images: Tensor) -> dict[str, Tensor]:
        return encode_and_decode(self.encoder, self.decoder, self.noise, images)

    def note_terms(self, reconstruction: Tensor, kl: Tensor) -> None:
        """Keep the means of both terms over this batch."""
        self.terms["reconstruction"].assign(ops.mean(reconstruction))
        self.terms["kl"].assign(ops.mean(kl))

    def weigh(self, reconstruction: Tensor, kl: Tensor) -> Tensor:
        """The loss of each image from its two terms, both weighted, ``(batch,)``."""
        return self.reconstruction_weight * reconstruction + self.kl_weight * kl


class StepsTogether(LiveVAE):
    """A live VAE that takes several steps in one ``train_on_batch``."""

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """Several of Keras' steps: a call for each would take a third of the time for itself.

        Args:
            data: ``(inputs, states), targets``: what the encoder sees and what the decoder must
                give back, ``(steps, batch, 28, 28, 1)`` each, and the noise streams' states before
                each step, ``(steps, streams, 2)``.

        Returns:
            "reconstruction" and "kl" of each batch, ``(steps,)``, nats per image.
        """
        (inputs, states), targets = data[:2]
        take_one = super().train_step

        def take(step: Tensor, terms: Tensor) -> Tensor:
            for number, stream in enumerate(find_noise_streams(self)):
                stream.assign(states[step, number])
            found = take_one((inputs[step], targets[step]))
            row = [ops.reshape(found[name], (1, 1)) for name in ("reconstruction", "kl")]
            at = ops.reshape(step, (1, 1))
            return ops.scatter_update(terms, at, ops.concatenate(row, axis=1))

        steps = ops.shape(inputs)[0]
        terms = ops.fori_loop(0, steps, take, ops.zeros((steps, 2)))
        return {"reconstruction": terms[:, 0], "kl": terms[:, 1]}


def find_noise_streams(vae: VAE) -> list[keras.Variable]:
    """The variables of encoder and decoder that are no weights: states of random generators."""
    parts = (vae.encoder, vae.decoder)
    kept = {id(variable) for part in parts for variable in part.weights}
    variables = [variable for part in parts for variable in part.variables]
    return [variable for variable in variables if id(variable) not in kept]


def encode_and_decode(
    encoder: keras.Model, decoder: keras.Model, noise: Any, images: Tensor
) -> dict[str, Tensor]:
    """What ``VAE.call`` returns, with ``noise`` times the sampling noise."""
    z_mean, z_log_var, sampled = encoder(images)
    z = z_mean + noise * (sampled - z_mean)
    return {"z_mean": z_mean, "z_log_var": z_log_var, "z": z, "logits": decoder(z)}


class GradientNorms(keras.optimizers.SGD):
    """An optimiser that changes no weight and records how large the gradients are.

    Args:
        encoder: the norm of its weights' gradient goes into ``encoder_norm``, that of all others
            into ``decoder_norm``.
    """

    def __init__(self, encoder: keras.Model):
        super().__init__(0.0)
        self.of_encoder = {id(variable) for variable in encoder.trainable_variables}
        self.encoder_norm = keras.Variable(0.0, trainable=False)
        self.decoder_norm = keras.Variable(0.0, trainable=False)

    def apply(self, grads: Any, trainable_variables: Any = None) -> None:
        """Record the Euclidean norms."""
        encoder_sum: Tensor = 0.0
        decoder_sum: Tensor = 0.0
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            square = 0.0 if gradient is None else ops.sum(ops.square(gradient))
            if id(variable) in self.of_encoder:
                encoder_sum = encoder_sum + square
            else:
                decoder_sum = decoder_sum + square
        self.encoder_norm.assign(ops.sqrt(encoder_sum))
        self.decoder_norm.assign(ops.sqrt(decoder_sum))


class Viewer(keras.Model):
    """All that is looked at, in one graph: layer by layer, Keras' calls would cost more time.

    Args:
        live: the model to look at.
    """

    def __init__(self, live: LiveVAE):
        super().__init__()
        # not live itself: Keras 3.7 takes the metrics from a compiled model inside of another
        self.encoder = live.encoder
        self.decoder = live.decoder
        self.noise = live.noise

    def call(self, inputs: tuple[Tensor, Tensor, Tensor]) -> dict[str, Tensor]:
        images, others, codes = inputs
        seen = encode_and_decode(self.encoder, self.decoder, self.noise, images)
        other_codes = self.encoder(others)[0]
        decoded = ops.sigmoid(self.decoder(codes))
        return {**seen, "other_codes": other_codes, "decoded": decoded}


class Architecture:
    """A reader's VAE with all that Keras compiles for it, to be used again after a reset.

    Args:
        vae: the model.
    """

    def __init__(self, vae: VAE):
        self.vae = vae
        self.live = StepsTogether(vae)
        # without XLA: for an eighth less time a step it would take 70 MB of memory
        self.live.compile(make_optimizer(Knobs.learning_rate, 1, schedule=None), jit_compile=False)
        self.live.optimizer.build(self.live.trainable_variables)
        self.norms = GradientNorms(vae.encoder)
        self.probe = LiveVAE(vae)
        self.probe.compile(self.norms, jit_compile=False)
        self.viewer = Viewer(self.live)
        self.viewer.compile(jit_compile=False)
        self.noise_streams = find_noise_streams(vae)

    def get_weights(self) -> list[np.ndarray]:
        """Weights of encoder and decoder."""
        return [*self.vae.encoder.get_weights(), *self.vae.decoder.get_weights()]

    def restart(self, weights: list[np.ndarray]) -> None:
        """Take these weights, and forget the optimiser's running averages."""
        count = len(self.vae.encoder.weights)
        self.vae.encoder.set_weights(weights[:count])
        self.vae.decoder.set_weights(weights[count:])
        for variable in self.live.optimizer.variables:
            variable.assign(ops.zeros_like(variable))

    def find_states(self, seed: int, counter: int) -> np.ndarray:
        """States of the noise streams that do not depend on who has sampled before."""
        count = len(self.noise_streams)
        states = np.empty((count, 2), np.int64)
        states[:, 0] = 1_000 * seed + np.arange(count)
        states[:, 1] = 16 * counter
        return states

    def set_noise(self, seed: int, counter: int) -> None:
        """Put the noise streams into the states that ``find_states`` finds."""
        for stream, state in zip(self.noise_streams, self.find_states(seed, counter), strict=True):
            stream.assign(state)


class Trainer:
    """Trains a VAE with two latent dimensions, one step at a time.

    Args:
        model: a ``VAE``, or a function that builds one and may take ``hidden_units``,
            ``activation`` and ``seed`` as ``models.build_vae`` does.
        digits: raw digits; the test digits are not looked at.
        start: settings of the first model, by the names of ``Start``.

    Attributes:
        knobs: the present ones; replaced as a whole, so that another thread may read them.
        start: the present one.
        offers: which settings of ``start`` a reset can change.
        steps: since the reset; with ``images`` and ``epoch``, which has a fraction.
        points: measured since the reset.
        last_terms: of the last batch; None before the first step.
        seconds: spent in steps since the reset, measurements not counted.

    Raises:
        TypeError: a model that is no ``VAE``, or has a loss of its own.
        ValueError: another number of latent dimensions, no digits, or a setting out of range.
    """

    points: list[Measured]
    last_terms: Terms | None
    steps: int
    images: int
    seconds: float
    _snapshots: list[tuple[np.ndarray, Pixels]]
    _sums: Terms  # over the batches since the last point
    _summed: int
    _position: int  # batches of the present epoch that were taken
    _applied: Knobs | None

    def __init__(self, model: VAE | Build, digits: Digits, start: dict[str, Any]):
        keras_setup.require_settings()
        self._train = require_split(digits.train, "train")
        self._validation = require_split(digits.validation, "validation").take(VALIDATION_DIGITS)
        self._validation_images = normalize(self._validation.images)
        self._reference = self._train.take(REFERENCE_DIGITS)
        self._reference_images = normalize(self._reference.images)
        self._build = None if isinstance(model, keras.Model) else model
        self.offers = find_offers(model)
        self.batch_size = min(BATCH_SIZE, len(self._train.images))
        self.start = self._check_start(start)
        self._architectures: dict[tuple[int, str], Architecture] = {}
        vae = self._build_vae() if self._build else require_plane_vae(model)
        self._use(Architecture(vae))
        self._first_weights = self._architecture.get_weights()
        if self._build is None:
            self.start = describe_start(self.vae, self.start.seed)
        self.knobs = Knobs()
        self.set(kl_weight=float(self.vae.kl_weight), training_digits=len(self._train.images))
        self._clear()

    @property
    def vae(self) -> VAE:
        """The model that is being trained."""
        return self._architecture.vae

    @property
    def labels(self) -> Pixels:
        """Of the validation digits on the map."""
        return self._validation.labels

    @property
    def digits(self) -> int:
        """Training digits there are."""
        return len(self._train.images)

    @property
    def epoch(self) -> float:
        """Passes over the training digits, with a fraction."""
        return self._epoch + self._position / self._epoch_steps

    def count_steps_left(self) -> int:
        """Steps up to the end of this epoch, or of the next if it has just ended."""
        self._apply_knobs()  # another number of training digits makes another epoch
        return self._epoch_steps - self._position or self._epoch_steps

    def set(self, **changes: Any) -> None:
        """Change knobs; the next step uses them.

        Raises:
            TypeError: no such knob.
            ValueError: a value out of range.
        """
        checked = {name: self._check_knob(name, value) for name, value in changes.items()}
        self.knobs = replace(self.knobs, **checked)

    def reset(self, **changes: Any) -> None:
        """Start again with an untrained model; the knobs stay.

        Args:
            changes: of ``start``.

        Raises:
            TypeError, ValueError: a setting that cannot be changed, or is out of range.
        """
        start = self._check_start(changes, self.start)
        is_new = (start.hidden_units, start.activation) not in self._architectures
        self.start = start
        if self._build is None:
            weights = self._first_weights
        else:
            vae = self._build_vae()
            if is_new:
                self._use(Architecture(vae))
            else:
                self._use(self._architectures[start.hidden_units, start.activation])
            weights = [*vae.encoder.get_weights(), *vae.decoder.get_weights()]
        self._architecture.restart(weights)
        self._clear()
        release_memory()  # half a megabyte of the model that was built for these weights

    def resample(self) -> None:
        """Take other codes from the prior, until a reset."""
        self._prior_codes = self._prior.standard_normal((SAMPLES, 2), np.float32)

    def step(self, most: int = 1) -> Terms:
        """Train on the next batches, not beyond the end of an epoch.

        Args:
            most: batches; no more than ``MOST_STEPS`` are taken.

        Returns:
            "loss", "reconstruction" and "kl", means over the last batch in nats per image.

        Raises:
            FloatingPointError: the loss is not a finite number.
        """
        began = time.perf_counter()
        knobs = self._apply_knobs()
        if self._position >= self._epoch_steps:
            self._begin_epoch(self._epoch + 1)
        count = min(most, MOST_STEPS, self._epoch_steps - self._position)
        terms = self._train_on([self._take_batch(knobs.input_dropout) for _ in range(count)])
        self.steps += count
        self.seconds += time.perf_counter() - began
        for reconstruction, kl in terms:
            self._note_terms(reconstruction, kl, knobs.kl_weight)
        assert self.last_terms is not None
        return self.last_terms

    def _train_on(self, batches: list[tuple[Float32s, Float32s]]) -> list[tuple[float, float]]:
        """Reconstruction and KL term of each batch, in nats per image."""
        inputs, targets = map(np.stack, zip(*batches, strict=True))
        self._batch = targets[-1]
        counters = range(self.steps + 1, self.steps + 1 + len(batches))
        architecture = self._architecture
        states = [architecture.find_states(self.start.seed, counter) for counter in counters]
        x = inputs, np.stack(states)
        terms = architecture.live.train_on_batch(x, targets, return_dict=True)
        return list(zip(terms["reconstruction"].tolist(), terms["kl"].tolist(), strict=True))

    def _note_terms(self, reconstruction: float, kl: float, kl_weight: float) -> None:
        """Add the terms of a batch to what is known of this training."""
        loss = reconstruction + kl_weight * kl
        self.last_terms = {"loss": loss, "reconstruction": reconstruction, "kl": kl}
        self.images += self.batch_size
        self._require_finite(*self.last_terms.values())
        for name, value in self.last_terms.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        self._summed += 1

    def is_due(self) -> bool:
        """Whether an epoch has ended that is to be measured.

        Every epoch is, unless it has fewer than 1,000 images or three hundred went before it.
        """
        since = self.images - (self.points[-1].images if self.points else 0)
        enough = max(MEASURED_IMAGES, self.images / MEASURED_SHARE)
        return self._position >= self._epoch_steps and since >= enough

    def measure(self) -> None:
        """Append a point to the curves, and a snapshot to the run.

        Raises:
            FloatingPointError: a loss or a code is not a finite number.
        """
        architecture = self._architecture
        self._apply_knobs()
        architecture.set_noise(self.start.seed, NOISE_OF_VALIDATION)
        seen = self._view(self._validation_images, self._reference_images)
        codes, reference = seen["z_mean"], seen["other_codes"]
        values = (codes, seen["z_log_var"], seen["logits"], reference)
        self._require_finite(*(float(value.sum()) for value in values))
        nll = float(ops.mean(self.vae.nll(self._validation_images, seen["logits"])))
        kl = float(ops.mean(gaussian_kl(codes, seen["z_log_var"])))
        pictures = self._decode(codes[:4])
        loss = nll + self.knobs.kl_weight * kl
        self._require_finite(loss)
        k = min(15, len(reference))
        labels = self._reference.labels, self._validation.labels
        accuracy = knn_accuracy(reference, labels[0], codes, labels[1], k)
        training = {name: value / self._summed for name, value in self._sums.items()}
        validation = {"loss": loss, "reconstruction": nll, "kl": kl}
        self._sums = {}
        self._summed = 0
        self._snapshots.append((codes, pictures))
        self.points.append(Measured(self.images, training, validation, accuracy))

    def make_run(self) -> Run:
        """The points and snapshots up to now, as ``training.train`` returns them."""
        points, snapshots = list(self.points), list(self._snapshots)
        count = min(len(points), len(snapshots))  # one may be ahead in another thread
        if not count:
            return Run(labels=self.labels)
        history = {}
        for name in ("loss", "reconstruction", "kl"):
            history[name] = [point.training[name] for point in points[:count]]
            history[f"val_{name}"] = [point.validation[name] for point in points[:count]]
        codes = np.stack([codes for codes, _ in snapshots[:count]])
        pictures = np.stack([pictures for _, pictures in snapshots[:count]])
        return Run(history, codes, self.labels, pictures, self.seconds)

    def look(self) -> Look:
        """What a view shows of the model as it is now."""
        architecture = self._architecture
        self._apply_knobs()
        targets = self._batch[:THUMBNAILS]
        # the random numbers of the whole batch begin with those of its first images
        inputs = drop_pixels(targets, self.knobs.input_dropout, self._random_of_batch())
        architecture.set_noise(self.start.seed, self.steps)
        seen = self._view(inputs, self._validation_images)
        with np.errstate(all="ignore"):  # weights that are no numbers give a picture, too
            epsilon = (seen["z"] - seen["z_mean"]) / np.exp(seen["z_log_var"] / 2)
        return Look(
            codes=finite(seen["other_codes"]),
            inputs=draw(inputs),
            z_mean=finite(seen["z_mean"]),
            z_log_var=finite(seen["z_log_var"]),
            epsilon=finite(epsilon),
            z=finite(seen["z"]),
            reconstructions=draw(ops.convert_to_numpy(ops.sigmoid(seen["logits"]))),
            samples=draw(seen["decoded"]),
        )

    def find_gradient_norms(self) -> dict[str, float] | None:
        """Norms of the gradients on the last batch, by the term they come from.

        Returns:
            "decoder" and "encoder", of the reconstruction term, and "kl", of the weighted KL term
            with respect to the encoder; None before the first step, or if one is not finite.
        """
        if not self.steps:
            return None
        self._apply_knobs()
        if not all(map(math.isfinite, (self.last_terms or {}).values())):
            return None
        inputs = drop_pixels(self._batch, self.knobs.input_dropout, self._random_of_batch())
        decoder, encoder = self._measure_gradients(inputs, 1.0, 0.0)
        _, kl = self._measure_gradients(inputs, 0.0, self.knobs.kl_weight)
        norms = {"decoder": decoder, "encoder": encoder, "kl": kl}
        return norms if all(map(math.isfinite, norms.values())) else None

    def _measure_gradients(
        self, inputs: np.ndarray, reconstruction_weight: float, kl_weight: float
    ) -> tuple[float, float]:
        architecture = self._architecture
        probe, norms = architecture.probe, architecture.norms
        probe.reconstruction_weight.assign(reconstruction_weight)
        probe.kl_weight.assign(kl_weight)
        architecture.set_noise(self.start.seed, self.steps)
        probe.train_on_batch(inputs, self._batch)
        return float(norms.decoder_norm), float(norms.encoder_norm)

    def _view(self, images: np.ndarray, others: np.ndarray) -> dict[str, np.ndarray]:
        inputs = (images, others, self._prior_codes)
        return self._architecture.viewer.predict_on_batch(inputs)

    def _decode(self, codes: np.ndarray) -> Pixels:
        logits = self._architecture.vae.decoder(codes.astype(np.float32))
        return draw(ops.convert_to_numpy(ops.sigmoid(logits)))

    def _use(self, architecture: Architecture) -> None:
        # all are kept: TensorFlow does not give back the memory of what it has compiled for them
        self._architecture = architecture
        self._architectures[self.start.hidden_units, self.start.activation] = architecture

    def _clear(self) -> None:
        """Forget what the model before the reset has left behind."""
        self.points = []
        self._snapshots = []
        self._sums = {}
        self._summed = 0
        self.last_terms = None
        self.steps = 0
        self.images = 0
        self.seconds = 0.0
        self._applied = None
        self._begin_epoch(0)
        self._apply_knobs()
        self._prior = np.random.default_rng(self.start.seed)
        self.resample()
        self._batch = self._take_batch(0.0)[1]  # to look at; the first step takes it again
        self._position = 0

    def _begin_epoch(self, epoch: int) -> None:
        self._epoch, self._position = epoch, 0
        self._order_digits()

    def _order_digits(self) -> None:
        count = self.knobs.training_digits
        random = np.random.default_rng((self.start.seed, self._epoch))
        self._order = random.permutation(count)
        self._epoch_steps = count // self.batch_size

    def _apply_knobs(self) -> Knobs:
        """Let them act, and return them: another thread may replace them at any time."""
        knobs, before = self.knobs, self._applied
        if knobs is before:
            return knobs
        live, probe = self._architecture.live, self._architecture.probe
        live.kl_weight.assign(knobs.kl_weight)
        live.optimizer.learning_rate.assign(knobs.learning_rate)
        for model in (live, probe):
            model.noise.assign(float(knobs.noise))
        if before is not None and knobs.training_digits != before.training_digits:
            share = self._position / self._epoch_steps
            self._order_digits()
            self._position = int(share * self._epoch_steps)
        self._applied = knobs
        return knobs

    def _take_batch(self, input_dropout: float) -> tuple[Float32s, Float32s]:
        """What the encoder sees, and what the decoder must give back."""
        start = self._position * self.batch_size
        self._batch_key = (self.start.seed, self._epoch, self._position)
        targets = normalize(self._train.images[self._order[start : start + self.batch_size]])
        self._position += 1
        if not input_dropout:
            return targets, targets
        return drop_pixels(targets, input_dropout, self._random_of_batch()), targets

    def _random_of_batch(self) -> np.random.Generator:
        return np.random.default_rng(self._batch_key)

    def _require_finite(self, *values: float) -> None:
        for value in values:
            if not math.isfinite(value):
                raise FloatingPointError(
                    f"The loss became {value} after {self.images:,} images: reset the model, and "
                    "take a smaller learning rate."
                )

    def _build_vae(self) -> VAE:
        assert self._build is not None
        start = self.start
        arguments = {
            "seed": start.seed,
            "hidden_units": (start.hidden_units,),
            "activation": start.activation,
        }
        accepted = parameters_of(self._build)
        return require_plane_vae(
            self._build(**{name: value for name, value in arguments.items() if name in accepted})
        )

    def _check_start(self, changes: dict[str, Any], before: Start | None = None) -> Start:
        for name in changes:
            if name not in self.offers:
                raise ValueError(
                    f"A reset of this model can change {' and '.join(self.offers)} only, received "
                    f"{name}: pass a function such as models.build_vae, which builds the model "
                    "with it."
                )
        start = replace(before or Start(), **changes)
        seed = require_whole(start.seed, "seed", least=0)
        units = start.hidden_units
        if "hidden_units" in self.offers:
            units = require_whole(units, "hidden_units")
            if units > WIDEST:
                raise ValueError(f"hidden_units must be at most {WIDEST:,}, received {units:,}.")
        find_activation(start.activation)
        return Start(seed, units, start.activation)

    def _check_knob(self, name: str, value: Any) -> Any:
        if name == "training_digits":
            whole = as_whole(value)
            if whole is None or not self.batch_size <= whole <= self.digits:
                raise ValueError(
                    f"training_digits must be a whole number from {self.batch_size:,} to "
                    f"{self.digits:,}, received {value!r}."
                )
            return whole
        if name == "noise":
            if not isinstance(value, bool | np.bool_):
                raise ValueError(f"noise must be True or False, received {value!r}.")
            return bool(value)
        if name not in RANGES:
            names = ", ".join(field.name for field in fields(Knobs))
            raise TypeError(f"The knobs are {names}, received {name}.")
        return require_in_range(name, value)


def require_split(split: Split | None, name: str) -> Split:
    """Return a split that holds digits.

    Raises:
        ValueError: there are none.
    """
    if split is None or not len(split.images):
        raise ValueError(
            f"train_live needs digits to train and to validate on, received none in {name}: "
            "pass what data.load_digits returns."
        )
    return split


def require_in_range(name: str, value: Any) -> float:
    """Return a knob's value as a float.

    Raises:
        ValueError: no number, or one out of the knob's range.
    """
    lowest, highest = RANGES[name]
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not lowest <= number <= highest:  # NaN fails, too
        raise ValueError(
            f"{name} must be a number from {lowest:g} to {highest:g}, received {value!r}."
        )
    return number


def require_plane_vae(vae: Any) -> VAE:
    """Return a VAE with two latent dimensions and the series' loss, or say why it is none.

    Raises:
        TypeError: another model, or one with a loss of its own.
        ValueError: another number of latent dimensions.
    """
    kind = type(vae).__name__
    if not isinstance(vae, VAE):
        raise TypeError(
            f"train_live needs a models.VAE or a function that builds one, received {kind}: "
            "VAE(encoder, decoder) makes one of your own networks."
        )
    for name in ("call", "compute_loss"):
        if getattr(type(vae), name) is not getattr(VAE, name):
            raise TypeError(
                f"train_live computes the loss itself, received {kind} with a {name} of its own: "
                "pass VAE(encoder, decoder, nll=…)."
            )
    if vae.latent_dim != 2:
        raise ValueError(
            "train_live draws the latent space as a plane, so it needs a VAE with 2 latent "
            f"dimensions, received one with {vae.latent_dim}."
        )
    return vae


def find_offers(model: Any) -> tuple[str, ...]:
    """Which settings of ``Start`` a reset of this model, or of what builds it, can change."""
    if isinstance(model, keras.Model):
        return ("seed",)
    if not callable(model):
        require_plane_vae(model)
    accepted = parameters_of(model)
    return ("seed", *(name for name in ("hidden_units", "activation") if name in accepted))


def parameters_of(build: Build) -> set[str]:
    """Names of the arguments that a function takes."""
    return set(inspect.signature(build).parameters)


def describe_start(vae: VAE, seed: int) -> Start:
    """The start of a model that is there already, as far as its first dense layer tells it."""
    for layer in vae.encoder.layers:
        if isinstance(layer, keras.layers.Dense):
            activation = layer.activation.__name__
            return Start(seed, layer.units, activation if activation in ACTIVATIONS else "gelu")
    return Start(seed)


def finite(values: np.ndarray) -> Float32s:
    """The values, with zero in place of what is no number: a view can still be drawn."""
    return np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)


def draw(images: np.ndarray) -> Pixels:
    """Raw images of decoded ones, whatever their values are."""
    return to_raw(finite(images))
