"""The KL of one latent variable by hand, and what its weight did to trained models."""

import numpy as np
import traitlets

from vae_lib.formulas import gaussian_kl
from vae_lib.widgets.shared import STATIC, Proposal, Widget

NEEDED = ("weights", "codes", "labels", "samples", "terms")


class LossExplorer(Widget):
    """Mean and log-variance as sliders; below, a slider over trainings with other KL weights.

    Attributes:
        mean, log_var: of one latent variable's posterior.
        choice: number of the KL weight shown, from 0.
    """

    _esm = STATIC / "loss_explorer.js"
    picture = "loss_explorer"
    mean = traitlets.Float(1.2, min=-3, max=3).tag(sync=True)
    log_var = traitlets.Float(-0.5, min=-5, max=2).tag(sync=True)
    choice = traitlets.Int(0).tag(sync=True)
    kl_weights = traitlets.List(traitlets.Float()).tag(sync=True)
    terms = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    codes = traitlets.Bytes().tag(sync=True)
    labels = traitlets.Bytes().tag(sync=True)
    samples = traitlets.Bytes().tag(sync=True)

    def __init__(self, results: dict[str, np.ndarray]):
        missing = [name for name in NEEDED if name not in results]
        if missing:
            raise ValueError(
                f"The results lack {missing}: take those of shipped.load_kl_weights()."
            )
        self.results = results
        weights = results["weights"].tolist()
        super().__init__(
            kl_weights=weights,
            choice=weights.index(1.0) if 1.0 in weights else 0,
            terms=results["terms"].tolist(),
            codes=results["codes"].astype(np.float32).tobytes(),
            labels=results["labels"].astype(np.uint8).tobytes(),
            samples=results["samples"].tobytes(),
        )

    @property
    def kl(self) -> float:
        """KL of the latent variable that the sliders describe, in nats."""
        return float(gaussian_kl([self.mean], [self.log_var]))

    @traitlets.validate("choice")
    def _validate_choice(self, proposal: Proposal) -> int:
        choice: int = proposal["value"]
        count = len(self.results["weights"])
        if not 0 <= choice < count:
            raise ValueError(f"There are weights 0 to {count - 1}, received {choice}.")
        return choice


def explore_loss(results: dict[str, np.ndarray]) -> LossExplorer:
    """The loss, by hand.

    Args:
        results: of trainings with W KL weights, as ``shipped.load_kl_weights`` has them:
            ``weights`` (W,), ``codes`` (W, n, 2), ``labels`` (n,), ``samples`` uint8
            (W, m, 28, 28), ``terms`` (W, 2): reconstruction and KL on validation, nats per image.

    Raises:
        ValueError: one of these is missing.
    """
    return LossExplorer(results)
