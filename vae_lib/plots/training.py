"""Figures and tables of notebook 05: training."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from vae_lib.plots.latent import plot_latent_space
from vae_lib.plots.style import GREY, INK, LINES, RULE, describe, label_lines, styled, subplots

SEED_MARKERS = "os^"  # of the seeds 0, 1 and 2
SEED_HEIGHTS = (-0.2, 0.0, 0.2)  # of their marks in a row, so that none covers another
OUTLINED_FROM = 1_000  # codes of a panel: with fewer, the outline of a digit is mostly chance

Measured = Mapping[str, float]  # by quantity, of one training
Knobs = Mapping[str, Sequence[Measured]]  # by setting, one for each seed

CONTROL = "nothing changed"
MEANINGLESS = {  # quantities that say nothing about a setting: no term of its loss used them
    "KL weight 0, no noise": ("reconstruction", "kl", "std"),
    "no noise": ("reconstruction",),
    "autoencoder from the start": ("reconstruction", "kl", "std"),
}


@styled
def plot_stages(
    codes: Sequence[np.ndarray], labels: np.ndarray, epochs: Sequence[int], columns: int = 2
) -> Figure:
    """The latent space of the same digits at several epochs, on the same axes.

    Args:
        codes: ``z_mean`` ``(n, 2)`` before training (number 0) and after each epoch.
        labels: ``(n,)``, 0 to 9.
        epochs: the ones to draw.
        columns: of panels.
    """
    reach = 1.05 * float(max(np.abs(codes[epoch]).max() for epoch in epochs))
    rows = -(-len(epochs) // columns)
    figure, axes = subplots(rows, columns, size=(9.6, 4.8 * rows), sharex=True, sharey=True)
    for ax, epoch in zip(np.ravel(axes), epochs, strict=True):
        trained = epoch > 0  # before, all codes lie in one heap, and so would all outlines
        plot_latent_space(
            codes[epoch], labels, ax=ax, reach=reach,
            outlined_from=OUTLINED_FROM if trained else len(labels) + 1,
        )  # fmt: skip
        ax.set_title("before training" if epoch == 0 else f"after epoch {epoch}")
        ax.set_aspect("equal", adjustable="box")
        ax.label_outer()
    spread = ", ".join(f"{codes[epoch].std():.2f} at epoch {epoch}" for epoch in epochs)
    return describe(
        figure,
        f"The codes of {len(labels):,} digits at {len(epochs)} moments of the training; "
        f"their standard deviation is {spread}.",
    )


@styled
def plot_ablations(rows: Mapping[str, Mapping[str, Sequence[float]]], reference: str) -> Figure:
    """Final validation losses of several settings: a mark for each seed, a bar for their mean.

    Args:
        rows: name of the setting: results, of which ``val_loss`` holds one value for each seed.
        reference: the setting whose mean is continued as a dashed line.
    """
    figure, ax = subplots(size=(8, 0.42 * len(rows) + 0.8))
    middle = np.mean(rows[reference]["val_loss"])
    ax.axvline(middle, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    for place, row in enumerate(rows.values()):
        losses = np.asarray(row["val_loss"])
        ax.plot([losses.mean()] * 2, [place - 0.35, place + 0.35], color=INK, linewidth=2)
        for loss, marker, height in zip(losses, SEED_MARKERS, SEED_HEIGHTS, strict=False):
            ax.plot(loss, place + height, marker, color=LINES[0], markersize=5)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.invert_yaxis()
    ax.set_xlabel("negative ELBO on validation images, nats per image")
    marks = SEED_MARKERS[: len(rows[reference]["val_loss"])]
    lines = [Line2D([], [], linestyle="", marker=mark, color=LINES[0]) for mark in marks]
    names = [f"seed {seed}" for seed in range(len(marks))]
    ax.legend(lines, names, ncols=len(marks), loc="lower right", bbox_to_anchor=(1, 1))
    means = "; ".join(f"{name} {np.mean(row['val_loss']):.1f}" for name, row in rows.items())
    return describe(figure, f"Mean final validation losses in nats per image: {means}.")


@styled
def plot_overfitting(history: Mapping[str, Sequence[float]]) -> Figure:
    """Training and validation loss by epoch, with a dot at the lowest validation loss.

    Args:
        history: with ``loss`` and ``val_loss``, nats per image.
    """
    loss, val_loss = np.asarray(history["loss"]), np.asarray(history["val_loss"])
    epochs = np.arange(1, len(loss) + 1)
    best = int(val_loss.argmin())
    figure, ax = subplots(size=(7, 3.6))
    ax.plot(epochs, loss, color=LINES[0])
    ax.plot(epochs, val_loss, color=LINES[1])
    ax.plot(epochs[best], val_loss[best], "o", color=LINES[1], markersize=7)
    ax.annotate(
        f"lowest, epoch {best + 1}", (epochs[best], val_loss[best]), (0, -16),
        textcoords="offset points", ha="center", fontsize=9, color=INK,
    )  # fmt: skip
    settled = np.concatenate([loss[4:], val_loss[4:]])  # the first epochs would set the scale
    room = 0.12 * (settled.max() - settled.min())
    ax.set_ylim(settled.min() - room, settled.max() + room)
    ax.set(xlabel="epoch", ylabel="nats per image")
    ax.grid(axis="y", color=RULE, alpha=0.5)
    label_lines(ax, ["training", "validation", ""])
    return describe(
        figure,
        f"Over {len(loss)} epochs the training loss falls from {loss[0]:.0f} to {loss[-1]:.0f} "
        "nats; "
        f"the validation loss falls to {val_loss[best]:.0f} at epoch {best + 1} and ends at "
        f"{val_loss[-1]:.0f}.",
    )


def tabulate_knobs(knobs: Knobs) -> str:
    """Table of what was measured for each setting of the live training: means over the seeds.

    Args:
        knobs: the rows of the result ``live-knobs``.
    """
    columns = {
        "sampled z": ("reconstruction", ".1f"),
        "z = μ": ("reconstruction at the mean", ".1f"),
        "KL": ("kl", ".1f"),
        "σ": ("std", ".3f"),
        "farthest": ("farthest code", ".1f"),
        "|μ| > 2": ("outside two sigma", ".0%"),
        "15-NN": ("accuracy", ".1%"),
    }
    lines = [" " * 30 + "reconstruction at", " " * 26 + _join(columns, 10)]
    for name, runs in knobs.items():
        cells = []
        for quantity, form in columns.values():
            mean = np.mean([run[quantity] for run in runs])
            is_meaningless = quantity in MEANINGLESS.get(name, ())
            cells.append("-" if is_meaningless else format(mean, form))
        lines.append(f"{name:26}{_join(cells, 10)}")
    return "\n".join(lines)


def tabulate_losses_of_knobs(knobs: Knobs) -> str:
    """Table of the differences from the control: the terms of the loss, in nats."""
    columns = {
        "sampled z": ("reconstruction", 1, 2),
        "z = μ": ("reconstruction at the mean", 1, 2),
        "KL": ("kl", 1, 2),
    }
    return " " * 34 + "reconstruction at\n" + _tabulate_differences(knobs, columns)


def tabulate_map_of_knobs(knobs: Knobs) -> str:
    """Table of the differences from the control: posteriors, codes and accuracy."""
    columns = {
        "σ": ("std", 1, 3),
        "farthest": ("farthest code", 1, 1),
        "|μ| > 2, points": ("outside two sigma", 100, 1),
        "15-NN, points": ("accuracy", 100, 1),
    }
    return _tabulate_differences(knobs, columns)


def tabulate_samples_of_knobs(
    knobs: Knobs, names: Sequence[str], others: Mapping[str, Measured]
) -> str:
    """Table of the samples from the prior, in percent: each seed, and the difference from control.

    Args:
        knobs: the rows of the result ``live-knobs``.
        names: of the settings to show.
        others: by name, "clear" and "uneven" of images to compare with; what is not there is "-".
    """
    lines = [" " * 27 + "".join(f"{head:>18}{'difference':>14}" for head in ("clear", "uneven"))]
    for name in names:
        line = f"{name:27}"
        for quantity in ("clear", "uneven"):
            values = _join([f"{100 * run[quantity]:.1f}" for run in knobs[name]], 6)
            is_control = name == CONTROL
            difference = "" if is_control else _difference(knobs, name, quantity, 100, 1)
            line += f"{values:>18}{difference:>14}"
        lines.append(line.rstrip())
    for name, shares in others.items():
        line = f"{name:27}"
        for quantity in ("clear", "uneven"):
            value = f"{100 * shares[quantity]:.1f}" if quantity in shares else "-"
            line += f"{value:>18}{'':14}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def _tabulate_differences(knobs: Knobs, columns: Mapping[str, tuple[str, float, int]]) -> str:
    lines = [" " * 26 + _join(columns, 17)]
    for name in knobs:
        if name not in ("before", CONTROL):
            cells = [_difference(knobs, name, *column) for column in columns.values()]
            lines.append(f"{name:26}{_join(cells, 17)}")
    return "\n".join(lines)


def _difference(knobs: Knobs, name: str, quantity: str, scale: float, decimals: int) -> str:
    """Mean difference from the control, taken seed by seed, with its standard error."""
    if quantity in MEANINGLESS.get(name, ()):
        return "-"
    pairs = zip(knobs[name], knobs[CONTROL], strict=True)
    differences = [scale * (run[quantity] - control[quantity]) for run, control in pairs]
    error = np.std(differences, ddof=1) / np.sqrt(len(differences))
    return f"{np.mean(differences):+.{decimals}f} ± {error:.{decimals}f}"


def _join(cells: Iterable[str], width: int) -> str:
    return "".join(f"{cell:>{width}}" for cell in cells)
