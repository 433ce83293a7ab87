"""Losses by epoch."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vae_lib.plots.style import GREY, LINES, describe, label_lines, styled, subplots

TITLES = {"loss": "negative ELBO", "reconstruction": "reconstruction term", "kl": "KL term"}
FEW = 5  # epochs, below which the axis shows all of them
SETTLED = 0.2  # of the epochs are left out when the axis is chosen
STEEP = 2.0  # times the later range: what an early value must exceed to be left out


@styled
def plot_loss_curves(history: Mapping[str, Sequence[float]]) -> Figure:
    """Total, reconstruction and KL by epoch, training and validation: the paper's figure 5.

    The axes show the later epochs; where the first ones lie outside, their values are written.

    Args:
        history: as ``training.Run.history``; nats per image.
    """
    terms = [term for term in TITLES if term in history]
    if not terms or not len(history[terms[0]]):
        raise ValueError(
            f"history needs 'loss', 'reconstruction' or 'kl' by epoch, received {list(history)}."
        )
    figure, grid = subplots(1, len(terms), size=(3.4 * len(terms), 3.2), squeeze=False)
    layout: Any = figure.get_layout_engine()
    layout.set(wspace=0.1)  # so that no label at a line's end touches the next panel's numbers
    axes = np.ravel(grid)
    for ax, term in zip(axes, terms, strict=True):
        _draw_term(ax, term, history)
    axes[0].set_ylabel("nats per image")
    for ax, term in zip(axes, terms, strict=True):
        ends = [_last_value(key, history) for key in _keys(term, history)]
        label_lines(ax, ends, in_color=True)
    courses = [
        f"{key} {values[0]:.1f} to {values[-1]:.1f}"
        for key, values in history.items()
        if len(values)
    ]
    return describe(
        figure,
        f"Curves over {len(history[terms[0]])} epochs, in nats per image: {', '.join(courses)}.",
    )


def _keys(term: str, history: Mapping[str, Sequence[float]]) -> list[str]:
    return [key for key in (term, f"val_{term}") if key in history and len(history[key])]


def _last_value(key: str, history: Mapping[str, Sequence[float]]) -> str:
    return f"{_name(key)}\n{history[key][-1]:.1f}"


def _name(key: str) -> str:
    return "validation" if key.startswith("val_") else "training"


def _draw_term(ax: Axes, term: str, history: Mapping[str, Sequence[float]]) -> None:
    keys = _keys(term, history)
    for key in keys:
        values = history[key]
        color = LINES[0] if key == term else LINES[1]
        marker = "o" if len(values) <= 30 else ""
        ax.plot(np.arange(1, len(values) + 1), values, color=color, marker=marker, ms=3)
    ax.set(xlabel="epoch", title=TITLES[term])
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=1))
    ax.grid(axis="y")
    ax.margins(y=0.14)  # a label of two lines at the lowest point stays above the axis
    _show_later_epochs(ax, {key: np.asarray(history[key], float) for key in keys})


def _show_later_epochs(ax: Axes, curves: dict[str, np.ndarray]) -> None:
    """Let the axis follow the later epochs, and say what lies outside it."""
    epochs = len(next(iter(curves.values())))
    if epochs < FEW:
        return
    skipped = max(1, int(SETTLED * epochs))
    later = np.concatenate([curve[skipped:] for curve in curves.values()])
    low, high = later.min(), later.max()
    room = max(high - low, 1e-9)
    everything = np.concatenate(list(curves.values()))
    above = everything.max() > high + STEEP * room
    below = everything.min() < low - STEEP * room
    if not (above or below):
        return
    ax.set_ylim(low - 0.18 * room, high + 0.25 * room)
    values = [f"{_name(key)} {curve[0]:.0f}" for key, curve in curves.items()]
    ax.text(
        1, 0.99 if above else 0.01, f"{'↑' if above else '↓'} epoch 1: " + ",\n".join(values),
        transform=ax.transAxes, ha="right", va="top" if above else "bottom", fontsize=8.5,
        color=GREY,
    )  # fmt: skip
