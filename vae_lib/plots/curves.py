"""Losses by epoch."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from vae_lib.plots.style import LINES, describe, styled


@styled
def plot_loss_curves(history: dict[str, Sequence[float]], figure: Figure | None = None) -> Figure:
    """Total, reconstruction and KL by epoch, training and validation: the paper's figure 5.

    Args:
        history: as ``training.Run.history``; nats per image.
        figure: drawn into if given.
    """
    terms = [term for term in ("loss", "reconstruction", "kl") if term in history]
    if not terms or not len(history[terms[0]]):
        raise ValueError(
            f"history needs 'loss', 'reconstruction' or 'kl' by epoch, received {list(history)}."
        )
    figure = figure or Figure(figsize=(4 * len(terms), 3.2), layout="constrained")
    for ax, term in zip(
        np.ravel(figure.subplots(1, len(terms), squeeze=False)), terms, strict=True
    ):
        for key, style, name in ((term, "o-", "training"), (f"val_{term}", "s--", "validation")):
            if key in history:
                color = LINES[0] if name == "training" else LINES[1]
                ax.plot(
                    np.arange(1, len(history[key]) + 1),
                    history[key],
                    style,
                    color=color,
                    ms=3,
                    label=name,
                )
        ax.set(xlabel="epoch", title={"loss": "negative ELBO", "kl": "KL"}.get(term, term))
        ax.grid(alpha=0.3)
    figure.axes[0].set_ylabel("nats per image")
    figure.axes[0].legend()
    ends = ", ".join(
        f"{key} {values[0]:.1f} to {values[-1]:.1f}"
        for key, values in history.items()
        if len(values)
    )
    return describe(
        figure, f"Curves over {len(history[terms[0]])} epochs, in nats per image: {ends}."
    )
