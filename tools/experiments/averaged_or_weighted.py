"""For notebook 12: do k samples help a training because they are weighted, or because they are k?

One network is trained with three goals, each with three seeds and as many steps. One sees a single
sample of each image in each step. The other two see k samples, and differ in one line: the mean of
the k logarithms of the importance weights, or the logarithm of the mean of the k weights. In all
three the KL term is sampled. A control, with one seed, has one sample and the exact KL in its
place: what one sample loses by the noise of the sampled KL looks like a gain of the k samples.

Each model is then scored twice: with the posteriors of its encoder, and with posteriors that were
searched for each image while the decoder stayed as it was. What differs between two models after
the search is due to their decoders; what the search takes away had been lost in the encoders.
"""

import types
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from tools.experiments.common import BUILD, Experiment, draw_ink, kept, one_thread_each
from tools.experiments.tanh_net import measure_units
from tools.publish.definitions import load_definitions
from vae_lib import data, evaluation, training
from vae_lib.models import VAE, build_decoder, build_encoder
from vae_lib.settings import LEARNING_RATE

NAME = "averaged-or-weighted"
NOTEBOOK = "12_beyond_two_dimensions"  # defines the loss and the search
LATENT_DIM = 50
HIDDEN_UNITS = (200, 200)
EPOCHS = 6
BATCH = 100
K = 5
SEEDS = (0, 1, 2)
SCORED = 300  # validation digits
ESTIMATE_K = 500
LARGE_K = 5_000  # for K samples and the first seed: how far is the smaller one from the end?
BOUND_SAMPLES = 20
SEARCH_STEPS = 400
SEARCH_SAMPLES = 10


class Goal(NamedTuple):
    """How a training uses its samples.

    Attributes:
        samples: of each image in each step.
        weighted: the importance-weighted bound; otherwise the mean of as many estimates of the
            ELBO.
        exact_kl: the KL term by its formula; otherwise as the notebook's class samples it.
    """

    samples: int
    weighted: bool = False
    exact_kl: bool = False


GOALS = {
    "ELBO, 1 sample": Goal(1),
    f"ELBO, mean of {K} samples": Goal(K),
    f"IWAE, {K} samples": Goal(K, weighted=True),
    "exact KL, 1 sample": Goal(1, exact_kl=True),
}
Scores = dict[str, Any]
"""Of one training: "active", and for q from "encoder" and from "search" the "negative ELBO" and
"-log p(x)" by the number k of samples in the estimate."""


class GivenPosteriors(NamedTuple):
    """A decoder with a posterior for each of some images, which the scores take for a model.

    Attributes:
        vae: has the decoder.
        z_mean, z_log_var: of the images, ``(n, latent_dim)``.
    """

    vae: VAE
    z_mean: np.ndarray
    z_log_var: np.ndarray

    def encode(self, images: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]:
        """The given posteriors; ``images`` must be those that they belong to."""
        return self.z_mean, self.z_log_var

    def decode_logits(self, z: np.ndarray, /) -> np.ndarray:
        """As the VAE does."""
        return self.vae.decode_logits(z)


def make() -> dict[str, Any]:
    """Train with every goal and seed, score, search the posteriors, score again; the card."""
    parts = [(goal, seed) for goal in GOALS.values() for seed in seeds_of(goal)]
    with one_thread_each(), ProcessPoolExecutor(2, get_context("spawn")) as pool:
        runs = dict(zip(parts, pool.map(run_once, *zip(*parts, strict=True)), strict=True))
    scores = {
        name: gather([runs[goal, seed] for seed in seeds_of(goal)]) for name, goal in GOALS.items()
    }
    metrics = {
        f"{name}, {key}": round(float(np.mean(values)), 3)
        for name, row in scores.items()
        for key, values in name_values(row).items()
    }
    return {
        "metrics": metrics,
        "tolerances": {name: choose_tolerance(name) for name in metrics},
        "scores": scores,
        "settings": {
            "latent_dim": LATENT_DIM,
            "hidden_units": HIDDEN_UNITS,
            "epochs": EPOCHS,
            "batch_size": BATCH,
            "learning_rate": LEARNING_RATE,
            "seeds": SEEDS,
        },
        "conventions": "nats per image; 50,000 MNIST digits trained on, drawn black or white "
        f"afresh in each epoch; scored on the first {SCORED} validation digits, drawn once; one "
        f"value a seed; negative ELBO with {BOUND_SAMPLES} samples an image and the exact KL; "
        "-log p(x) by importance weighting, by the number of samples; with "
        f"{LARGE_K:,} for the goals with {K} samples and the first seed alone; exact KL: the goal "
        "has the formula of the KL term, where the others have the sampled one, first seed alone; "
        "encoder: q from the encoder; search: q searched for each image on the ELBO in "
        f"{SEARCH_STEPS} steps with {SEARCH_SAMPLES} samples, from what the encoder returns, the "
        "decoder unchanged; a dimension is active if z_mean varies by more than 0.01 over these "
        "digits",
        "data": "MNIST; the test digits are not used",
        "licence": "MIT",
    }


def seeds_of(goal: Goal) -> tuple[int, ...]:
    """The control has one."""
    return SEEDS[:1] if goal.exact_kl else SEEDS


def gather(runs: list[Scores]) -> Scores:
    """The scores of all seeds, with a list in the place of each value.

    With ``LARGE_K`` samples only the first seed is scored, and its list has one value.
    """
    rows: Scores = {}
    for key, value in runs[0].items():
        values = [run[key] for run in runs if key in run]
        rows[key] = gather(values) if isinstance(value, dict) else values
    return rows


def name_values(row: Scores) -> dict[str, list[float]]:
    """The lists of a row that ``gather`` gives, each under one name."""
    named = {"active": row["active"]}
    for q in ("encoder", "search"):
        named[f"{q}, negative ELBO"] = row[q]["negative ELBO"]
        for k, values in row[q]["-log p(x)"].items():
            named[f"{q}, -log p(x), k = {k}"] = values
    return named


def choose_tolerance(metric: str) -> float:
    """Between two runs: dimensions, or nats."""
    return 6.0 if "active" in metric else 1.0


def run_once(goal: Goal, seed: int) -> Scores:
    """The scores of one training; kept in a file, so that a call that was cut short goes on."""
    piece = "-".join(str(part) for part in (NAME, *goal, seed))
    weights = BUILD / f"{piece}.weights.h5"

    def measure() -> Scores:
        return train_and_score(goal, data.load_digits("mnist"), seed, weights)

    scores: Scores = kept(BUILD / f"{piece}.json", measure)
    return scores


def train_and_score(
    goal: Goal,
    digits: data.Digits,
    seed: int,
    weights: Path,
    epochs: int = EPOCHS,
    steps: int = SEARCH_STEPS,
) -> Scores:
    """The scores of a model after its training, with its encoder and with searched posteriors.

    Args:
        goal: of the training.
        digits: to train on and, the first of the validation digits, to score.
        seed: of initial weights, noise, pixels and order of images.
        weights: file of the trained model; from there, if it has been trained before.
        epochs: of the training.
        steps: of the search.
    """
    notebook = types.SimpleNamespace(**load_definitions(NOTEBOOK))
    watched = digits.take(validation=SCORED)
    vae = build(goal, seed, notebook)
    if weights.exists():
        vae.load_weights(weights)
    else:
        train(vae, watched, seed, epochs)
        vae.save_weights(weights)
    images = data.binarize(data.normalize(watched.validation.images), 1)
    z_mean, z_log_var = vae.encode(images)
    searched = notebook.search_posteriors(
        vae.decoder, images, (z_mean, z_log_var), steps, SEARCH_SAMPLES
    )
    models = {
        "encoder": GivenPosteriors(vae, z_mean, z_log_var),
        "search": GivenPosteriors(vae, *searched),
    }
    ks = [ESTIMATE_K]
    if goal.samples == K and seed == SEEDS[0]:
        ks.append(LARGE_K)
    scores: Scores = {"active": measure_units(z_mean, z_log_var)["active_units"]}
    for name, model in models.items():
        bound = evaluation.estimate_negative_elbo(model, images, samples=BOUND_SAMPLES)
        estimates = {}
        for k in ks:
            estimate = evaluation.importance_weighted_nll(model, images, k)
            estimates[str(k)] = round(estimate.mean, 3)
        scores[name] = {"negative ELBO": round(bound.mean, 3), "-log p(x)": estimates}
    return scores


def build(goal: Goal, seed: int, notebook: types.SimpleNamespace) -> VAE:
    """The untrained model; two goals start with the same weights."""
    keras.utils.set_random_seed(seed)
    encoder = build_encoder(LATENT_DIM, HIDDEN_UNITS, seed)
    decoder = build_decoder(LATENT_DIM, HIDDEN_UNITS, seed)
    kind = take_exact_kl(notebook.SampledVAE) if goal.exact_kl else notebook.SampledVAE
    vae: VAE = kind(encoder, decoder, goal.samples, goal.weighted)
    return vae


def take_exact_kl(sampled_vae: type[VAE]) -> type[VAE]:
    """The notebook's class with the loss of the library's, whose KL term is exact."""

    class ExactKLVAE(sampled_vae):  # type: ignore[misc, valid-type]
        def compute_loss(
            self,
            x: Any = None,
            y: Any = None,
            y_pred: Any = None,
            sample_weight: Any = None,
            training: bool = True,
        ) -> Any:
            targets = ops.repeat(y, self.samples, axis=0)  # one for each sample, as the codes
            return VAE.compute_loss(self, y=targets, y_pred=y_pred)

    return ExactKLVAE


def train(vae: VAE, digits: data.Digits, seed: int, epochs: int) -> None:
    """As many steps, with the same batches and pixels, whatever the goal."""
    training.train(
        vae,
        digits,
        epochs=epochs,
        batch_size=BATCH,
        input_dropout=0,
        augment=make_redraw(seed),
        seed=seed,
        progress=False,
        jit_compile=True,
    )


def make_redraw(seed: int) -> training.Augmentation:
    """Draws the pixels of raw images black or white, afresh in each epoch."""

    def redraw(images: np.ndarray, epoch: int) -> np.ndarray:
        is_ink = draw_ink(images, np.random.default_rng((seed, epoch)))
        return 255 * is_ink.astype(np.uint8)

    return redraw


EXPERIMENTS = {
    NAME: Experiment(
        30, "Do k samples help because they are weighted, or because they are k?", make
    )
}
