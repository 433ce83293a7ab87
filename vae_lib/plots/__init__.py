"""Figures: arrays in, a Matplotlib figure out.

Every function returns a figure and leaves a description of what is drawn in ``figure.alt_text``.
The reader's own settings of Matplotlib stay as they are, nothing is shown until ``show`` is called,
and a figure has no caption: in a notebook the caption is the Markdown cell below.

    show(plot_digits(images))          # displayed crisply, with its alternative text

How to add a figure, for example one of notebook 02: write a function in ``vae_lib/plots/loss.py``
(one module for each notebook), decorated with ``styled``. The notebook imports the module as
``figures``; what several notebooks draw, and the figures of notebook 02, are also imported here.

    @styled
    def plot_elbo_gap(log_p_x: np.ndarray, elbo: np.ndarray) -> Figure:
        figure, ax = subplots(size=(7, 3.5))            # inches; one inch is 100 pixels of the page
        ax.plot(log_p_x, color=LINES[0])
        ax.plot(elbo, color=LINES[1])
        label_lines(ax, ["log p(x)", "ELBO"])           # words at the ends instead of a legend
        ax.set(xlabel="epoch", ylabel="nats per image")
        return describe(figure, "The ELBO rises towards log p(x) from below.")

``COLORS`` holds one colour for each digit, ``LINES`` the colours for anything else (curves, bars);
``INK``, ``GREY``, ``RULE`` and ``FAINT`` are for words, secondary words, axes and backgrounds. In a
notebook, ``subplots`` serves as ``plt.subplots`` does, and ``with style():`` gives the same look to
figures that are drawn with pyplot.
"""

from vae_lib.plots.curves import plot_loss_curves
from vae_lib.plots.images import plot_digits, plot_manifold, plot_reconstructions, plot_rows
from vae_lib.plots.latent import plot_latent_space
from vae_lib.plots.loss import (
    plot_approximations,
    plot_encoder_posteriors,
    plot_explaining_codes,
    plot_graphical_model,
    plot_kl_per_dimension,
    plot_kl_weights,
    plot_pixel_losses,
    plot_prior_and_posterior,
    plot_q_paths,
    plot_strokes,
    plot_two_modes,
)
from vae_lib.plots.schematic import plot_schematic
from vae_lib.plots.style import (
    COLORS,
    FAINT,
    GREY,
    INK,
    LINES,
    RULE,
    describe,
    label_lines,
    render,
    show,
    style,
    styled,
    subplots,
)

__all__ = [
    "COLORS",
    "FAINT",
    "GREY",
    "INK",
    "LINES",
    "RULE",
    "describe",
    "label_lines",
    "plot_approximations",
    "plot_digits",
    "plot_encoder_posteriors",
    "plot_explaining_codes",
    "plot_graphical_model",
    "plot_kl_per_dimension",
    "plot_kl_weights",
    "plot_latent_space",
    "plot_loss_curves",
    "plot_manifold",
    "plot_pixel_losses",
    "plot_prior_and_posterior",
    "plot_q_paths",
    "plot_reconstructions",
    "plot_rows",
    "plot_schematic",
    "plot_strokes",
    "plot_two_modes",
    "render",
    "show",
    "style",
    "styled",
    "subplots",
]
