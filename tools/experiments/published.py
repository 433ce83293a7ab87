"""Rows vae-50d and iwae-50d: what 30 minutes on two cores buy of a published likelihood, and the curve towards it."""

from typing import Any

import numpy as np

from tools.experiments.common import BUILD, Experiment
from tools.experiments.tanh_net import (
    HIDDEN,
    PIXELS,
    Stage,
    TanhVAE,
    fit,
    measure_units,
    weighted_nll,
)
from vae_lib import data

LATENT_DIM, KS = 50, (1, 5, 50, 500, 5_000)
BUDGET, WATCH = 3_600.0, 120.0  # CPU seconds: all, and between two looks at validation


def make(name: str, stages: tuple[Stage, ...], rate: float, published: float) -> dict[str, Any]:
    """Train within the budget, then score all test digits once."""
    digits = data.load_digits("mnist")
    model = TanhVAE(LATENT_DIM, digits.train.images.reshape(-1, PIXELS).mean(axis=0) / 255)
    curve = fit(model, digits, stages, rate, BUDGET, WATCH, BUILD / f"{name}-state.npz")
    test = data.binarize(data.normalize(digits.test.images))
    scores = weighted_nll(model, test, KS)
    units = measure_units(*model.encode(test))
    metrics = {f"nll_k{k}": round(float(values.mean()), 3) for k, values in scores.items()}
    metrics["active_units"] = units["active_units"]
    return {
        "published": published,
        "published_in": "Y. Burda, R. Grosse, R. Salakhutdinov: Importance Weighted Autoencoders, 2015, table 1, "
        "one stochastic layer of 50 units: k = 5000, dynamic binarisation, trained on 60,000 digits",
        "conventions": "nats per image; -log p(x) from k importance-weighted samples; all 10,000 MNIST test digits, "
        "each drawn black or white once, by our own seed; 50,000 digits trained on, drawn afresh each time one is seen",
        "settings": {
            "latent_dim": LATENT_DIM,
            "hidden_units": [HIDDEN] * 2,
            "learning_rate": rate,
            "stages": stages,
        },
        "budget": f"{BUDGET / 60:.0f} minutes of CPU time, as two cores give in half as many minutes",
        "metrics": metrics,
        "standard_error": round(float(scores[KS[-1]].std() / np.sqrt(len(test))), 3),
        "tolerances": dict.fromkeys(metrics, 1.0) | {"active_units": 4},
        "kl_per_unit": units["kl_per_unit"],
        "curve_columns": [
            "CPU minutes",
            "epochs",
            "training bound",
            "validation -log p(x), k = 50, 1,000 digits",
        ],
        "curve": np.round(curve, 2).tolist(),
    }


EXPERIMENTS = {
    "vae-50d": Experiment(
        36,
        "How near to the published 86.76 does a 50-D VAE come in 30 minutes on two cores?",
        lambda: make("vae-50d", (Stage(1, 1, 200),), 4e-3, 86.76),
    ),
    "iwae-50d": Experiment(
        36,
        "And the importance-weighted objective to its 84.78?",
        # a start on k = 5 with small batches at 4e-3 stayed at 108 nats for a quarter of an hour
        lambda: make(
            "iwae-50d", (Stage(0.3, 1, 200), Stage(0.65, 5, 100), Stage(1, 50, 20)), 2e-3, 84.78
        ),
    ),
}
