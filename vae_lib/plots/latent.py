"""Codes in the plane."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from vae_lib.arrays import check_codes
from vae_lib.plots.style import COLORS, INK, axes_of, check_labels, describe, styled


@styled
def plot_latent_space(
    z_mean: np.ndarray,
    labels: np.ndarray,
    z_log_var: np.ndarray | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Codes as points, coloured and named by digit: the paper's figure 4.

    Args:
        z_mean: ``(n, 2)``.
        labels: ``(n,)``, 0 to 9.
        z_log_var: draws each posterior's ellipse (one standard deviation) around its point.
        ax: drawn into if given.

    Raises:
        ValueError: codes that are not two-dimensional, or labels that differ in number.
    """
    z_mean, labels = _check_plane(z_mean), np.asarray(labels)
    check_labels(labels, len(z_mean), "code")
    if z_log_var is not None and np.shape(z_log_var) != z_mean.shape:
        raise ValueError(
            f"z_log_var must have z_mean's shape {z_mean.shape}, received {np.shape(z_log_var)}."
        )
    figure, ax = axes_of(ax, (6.5, 6))
    places = []
    for digit in np.unique(labels):
        chosen = labels == digit
        color = COLORS[int(digit) % len(COLORS)]
        if z_log_var is None:
            size = np.clip(20_000 / len(labels), 4, 20)
            ax.scatter(
                *z_mean[chosen].T, s=size, color=color, alpha=0.6, linewidths=0, rasterized=True
            )
        else:
            widths = 2 * np.exp(0.5 * _check_plane(z_log_var)[chosen])
            for center, width in zip(z_mean[chosen], widths, strict=True):
                ax.add_patch(
                    Ellipse(
                        center, *width, facecolor=color, edgecolor=color, alpha=0.5, linewidth=0.8
                    )
                )
        middle = np.median(z_mean[chosen], axis=0)
        ax.annotate(
            str(digit), middle, ha="center", va="center", fontsize=12, fontweight="bold", color=INK,
            bbox={"boxstyle": "circle,pad=0.2", "fc": "white", "ec": color, "lw": 2},
        )  # fmt: skip
        places.append(f"{digit} near ({middle[0]:.1f}, {middle[1]:.1f})")
    ax.autoscale_view()
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    ax.set_aspect("equal", adjustable="datalim")
    return describe(
        figure, f"{len(labels):,} codes in the plane of z1 and z2, by digit: {', '.join(places)}."
    )


def _check_plane(codes: np.ndarray) -> np.ndarray:
    codes = check_codes(codes)
    if codes.shape[1] != 2:
        raise ValueError(
            f"A plane shows codes with 2 numbers, received {codes.shape[1]}: "
            "project them, with PCA for example."
        )
    return codes
