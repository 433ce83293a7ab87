"""Train what ships again: python -m tools.experiments.pretrain [mnist-2d] [mnist-20d] [kl-weights] (needs MNIST).

On two cores about 15, 12 and 9 minutes. The model and the 50,000 images are those of notebook 05.
Settings were chosen on the 10,000 validation digits; the test digits are scored once, at the end.
"""

import json
import platform
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tools.experiments.common import PRETRAINED, RESULTS
from vae_lib import data, evaluation, machine, plots, settings, training
from vae_lib.inference import NumpyVAE
from vae_lib.models import build_vae
from vae_lib.shipped import load_pretrained
from vae_lib.widgets.drawing_pad import measure_reference_percentiles

LONGER = {"epochs": 60, "learning_rate": 1.5e-3}  # than notebook 05, and so more gently
WIDER = {"epochs": 60, "learning_rate": 1.5e-3}
KL_WEIGHTS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
SHOWN, SAMPLES, VOTERS = (
    1_000,
    8,
    10_000,
)  # digits on a map, samples a weight, training digits that vote
ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs"


def main(only: list[str]) -> None:
    digits = data.load_digits("mnist")
    if "mnist-2d" in only or not only:
        model = _pretrain("mnist-2d", digits, settings.LATENT_DIM, LONGER)
        _draw(model, digits.test)
    if "mnist-20d" in only or not only:
        model = _pretrain("mnist-20d", digits, 20, WIDER)
        codes = model.encode(data.normalize(digits.train.images[:VOTERS]))[0]
        scale = np.abs(codes).max() / 127  # 8 bits a number: a fraction of a posterior's width
        stored = {"codes": np.round(codes / scale).astype(np.int8), "scale": np.float32(scale)}
        test = data.normalize(digits.test.images)
        losses, above_floor = measure_reference_percentiles(
            load_pretrained("mnist-2d"), model, test
        )
        stored |= {
            "labels": digits.train.labels[:VOTERS],
            "negative_elbo_percentiles": losses,
            "above_floor_percentiles": above_floor,
        }
        np.savez_compressed(RESULTS / "reference-set.npz", **stored)
    if "kl-weights" in only or not only:
        _weigh(digits)


def _pretrain(name: str, digits: data.Digits, latent_dim: int, plan: dict[str, Any]) -> NumpyVAE:
    """Train, store with 16 bits a weight, and judge what is stored."""
    vae = build_vae(latent_dim)
    run = training.train(vae, digits, **plan)
    weights = {
        name: array.astype(np.float16) for name, array in NumpyVAE.from_keras(vae).weights.items()
    }
    model = NumpyVAE(weights)
    np.savez_compressed(PRETRAINED / f"{name}.npz", **weights)
    used = ("HIDDEN_UNITS", "DECODER_INIT_RANGE", "BATCH_SIZE", "INPUT_DROPOUT")
    card = {
        "name": name,
        "data": "MNIST, the first 50,000 training images; validation: the other 10,000; test images scored once",
        "source": "Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits",
        "made_by": "make pretrained",
        "settings": {"latent_dim": latent_dim}
        | {name.lower(): getattr(settings, name) for name in used}
        | plan,
        "seed": settings.SEED,
        "seconds": round(run.seconds),
        "machine": f"{machine.describe()['cores']} cores, {platform.machine()}, {platform.system()}, no GPU",
        "weights": "float16",
        "conventions": "nats per image; negative ELBO on grey pixels as Bernoulli targets, one sampled code an image; "
        "15-NN: the 15 nearest codes of the training images vote",
        "metrics": {
            part: _metrics(model, digits.train, getattr(digits, part))
            for part in ("validation", "test")
        },
        "licence": "weights MIT; MNIST is CC BY-SA 3.0",
        "history": {
            term: [round(value, 2) for value in values] for term, values in run.history.items()
        },
    }
    (PRETRAINED / f"{name}.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(
        json.dumps(card["metrics"], indent=1),
        f"{(PRETRAINED / f'{name}.npz').stat().st_size / 1e6:.2f} MB",
        sep="\n",
    )
    return model


def _weigh(digits: data.Digits) -> None:
    """Notebook 05's training under each weight; what is kept shows what came of it."""
    kept = {"weights": np.array(KL_WEIGHTS), "labels": digits.validation.labels[:SHOWN]}
    codes, samples, terms = [], [], []
    for weight in KL_WEIGHTS:
        vae = build_vae(kl_weight=weight)
        run = training.train(vae, digits)
        codes.append(run.codes[-1][:SHOWN])
        samples.append(
            np.round(255 * vae.sample(SAMPLES, seed=settings.SEED)[..., 0]).astype(np.uint8)
        )
        terms.append([run.history[f"val_{term}"][-1] for term in ("reconstruction", "kl")])
        print(f"weight {weight:g}: reconstruction {terms[-1][0]:.1f}, KL {terms[-1][1]:.1f}")
        if weight == 1:
            kept |= {
                "run_codes": run.codes[:, :SHOWN].astype(np.float16),
                "run_pictures": run.pictures,
            }
            kept |= {
                f"history_{term}": np.round(run.history[term], 2) for term in ("loss", "val_loss")
            }
    kept |= {
        "codes": np.array(codes, np.float16),
        "samples": np.array(samples),
        "terms": np.round(terms, 2),
    }
    np.savez_compressed(RESULTS / "kl-weights.npz", **kept)


def _draw(model: NumpyVAE, test: data.Split) -> None:
    """The two pictures at the top of the README."""
    codes = model.encode(data.normalize(test.images))[0]
    PICTURES.mkdir(exist_ok=True)
    plots.plot_manifold(model.decode, steps=20, reach=2.2).savefig(
        PICTURES / "manifold.png", dpi=80
    )
    plots.plot_latent_space(codes, test.labels).savefig(PICTURES / "latent_space.png", dpi=80)


def _metrics(model: NumpyVAE, train: data.Split, held_out: data.Split) -> dict[str, float]:
    images = data.normalize(held_out.images)
    score = evaluation.estimate_negative_elbo(model, images)
    train_codes = np.concatenate(
        [model.encode(data.normalize(part))[0] for part in np.array_split(train.images, 20)]
    )
    return {
        "negative_elbo": round(score.mean, 2),
        "standard_error": round(score.standard_error, 2),
        "knn_accuracy": round(
            evaluation.knn_accuracy(
                train_codes, train.labels, model.encode(images)[0], held_out.labels
            ),
            4,
        ),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
