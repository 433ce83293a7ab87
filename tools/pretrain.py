"""Train the shipped weights again: python tools/pretrain.py (needs MNIST; about 10 minutes on two cores).

The same model and the same 50,000 images as in notebook 05, for longer. Settings were chosen on the
10,000 validation digits; the test digits are scored once, at the end.
"""

import json
import platform
from pathlib import Path

import numpy as np

from vae_lib import data, evaluation, machine, plots, settings, training
from vae_lib.inference import NumpyVAE
from vae_lib.models import VAE

EPOCHS, LEARNING_RATE = 60, 1.5e-3  # longer than notebook 05, and so more gently
ROOT = Path(__file__).resolve().parents[1]
TARGET, PICTURES = ROOT / "vae_lib" / "pretrained" / "mnist-2d.npz", ROOT / "docs"


def main() -> None:
    digits = data.load_digits("mnist")
    vae = VAE()
    run = training.train(vae, digits, epochs=EPOCHS, learning_rate=LEARNING_RATE)
    weights = {name: array.astype(np.float16) for name, array in NumpyVAE.from_keras(vae).weights.items()}
    model = NumpyVAE(weights)  # judged as it ships, with 16 bits a weight
    np.savez_compressed(TARGET, **weights)
    used = ("LATENT_DIM", "HIDDEN_UNITS", "HINGE_SPREAD", "BATCH_SIZE", "MASK_RATE")
    card = {
        "name": "mnist-2d",
        "data": "MNIST, the first 50,000 training images; validation: the other 10,000; test images scored once",
        "source": "Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits",
        "made_by": "make pretrained",
        "settings": {name.lower(): getattr(settings, name) for name in used}
        | {"epochs": EPOCHS, "learning_rate": LEARNING_RATE},
        "seed": settings.SEED,
        "seconds": round(run.seconds),
        "machine": f"{machine.describe()['cores']} cores, {platform.machine()}, {platform.system()}, no GPU",
        "weights": "float16",
        "conventions": "nats per image; negative ELBO on grey pixels as Bernoulli targets, one sampled code an image; "
        "15-NN: the 15 nearest codes of the training images vote",
        "metrics": {name: _metrics(model, digits.train, getattr(digits, name)) for name in ("validation", "test")},
        "licence": "weights MIT; MNIST is CC BY-SA 3.0",
        "history": {term: [round(value, 2) for value in values] for term, values in run.history.items()},
    }
    TARGET.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    _draw(model, digits.test)
    print(json.dumps(card["metrics"], indent=1), f"{TARGET.stat().st_size / 1e6:.2f} MB", sep="\n")


def _draw(model: NumpyVAE, test: data.Split) -> None:
    """The two pictures at the top of the README."""
    codes = model.encode(data.normalize(test.images))[0]
    PICTURES.mkdir(exist_ok=True)
    plots.plot_manifold(model.decode, steps=20, reach=2.2).savefig(PICTURES / "manifold.png", dpi=80)
    plots.plot_latent_space(codes, test.labels).savefig(PICTURES / "latent_space.png", dpi=80)


def _metrics(model: NumpyVAE, train: data.Split, held_out: data.Split) -> dict[str, float]:
    images = data.normalize(held_out.images)
    score = evaluation.negative_elbo(model, images)
    train_codes = np.concatenate([model.encode(data.normalize(part))[0] for part in np.array_split(train.images, 20)])
    return {
        "negative_elbo": round(score.mean, 2),
        "standard_error": round(score.standard_error, 2),
        "knn_accuracy": round(
            evaluation.knn_accuracy(train_codes, train.labels, model.encode(images)[0], held_out.labels), 4
        ),
    }


if __name__ == "__main__":
    main()
