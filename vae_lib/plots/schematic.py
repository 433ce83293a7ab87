"""The model as a drawing: the schematic of the series."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Patch, Polygon
from matplotlib.path import Path

from vae_lib.plots.images import check_pictures
from vae_lib.plots.style import GREY, INK, LINES, PIXELS_PER_INCH, RULE, describe, styled

IMAGE, ENCODER, NOISE, DECODER, LATENT = INK, LINES[0], LINES[1], LINES[2], LINES[4]
GRADIENT = LINES[3]  # of the reconstruction term; that of the KL term has the colour of q
PARTS = ("x", "encoder", "mu", "sigma", "epsilon", "z", "decoder", "x_hat", "kl", "nll")
WIDTH = 740  # all lengths here are pixels of the page
SIDE = 72  # of an image
TOP, LOSS_DEPTH = 64, 156  # from the middle line, without ε and down to the terms of the loss
NOISE_HEIGHT = 92
FRAME = 110  # height of the frame around μ and σ
MARGIN, GRADIENT_MARGIN = 6, 13  # from μ to its sides: the tips of three arrows lie inside it
WORD = 22  # height of the word below an image

VAE_WORDS = (
    "From left to right: the image x enters the encoder, which returns μ and σ, the parameters of "
    "q(z|x); with the noise ε they give z = μ + σ ε; the decoder turns z into the reconstruction x̂."
)
AUTOENCODER_WORDS = (
    "From left to right: the image x enters the encoder, which returns the latent code z; the "
    "decoder turns z into the reconstruction x̂."
)
GRADIENT_WORDS = {
    "reparameterized": "The gradient runs back through z to μ and σ and on into the encoder.",
    "sampled": "The gradient runs back through the decoder to z and stops there: z is sampled.",
}

ARROW: dict[str, Any] = {
    "arrowstyle": "-|>,head_length=5,head_width=2.6",
    "mutation_scale": 1,
    "linewidth": 1.3,
    "zorder": 3,
}

Point = Sequence[float] | np.ndarray


@dataclass
class Part:
    """One shape of the schematic: where it is, what is written in it and below it."""

    center: tuple[float, float]
    size: tuple[float, float]  # width and height
    color: str
    shape: str = "box"  # "box", "circle", "narrowing" or "widening"
    text: str = ""
    below: str = ""

    @property
    def left(self) -> tuple[float, float]:
        """The middle of its left side."""
        return self.center[0] - self.size[0] / 2, self.center[1]

    @property
    def right(self) -> tuple[float, float]:
        """The middle of its right side."""
        return self.center[0] + self.size[0] / 2, self.center[1]

    @property
    def top(self) -> tuple[float, float]:
        """The middle of its upper side."""
        return self.center[0], self.center[1] + self.size[1] / 2

    @property
    def bottom(self) -> tuple[float, float]:
        """The middle of its lower side."""
        return self.center[0], self.center[1] - self.size[1] / 2


# leaves room for three arrows to and from μ and σ
NARROW_ENCODER = Part((158, 0), (86, 108), ENCODER, "narrowing", "encoder")


@styled
def plot_schematic(
    lit: Collection[str] = (),
    images: Sequence[np.ndarray] = (),
    autoencoder: bool = False,
    loss: bool = False,
    gradient: str = "",
) -> Figure:
    """The model as a flow from the image x to its reconstruction: x, encoder, z, decoder, x̂.

    Args:
        lit: the parts in colour, all others being grey: any of ``PARTS``; all of them if empty.
        images: one image and its reconstruction, shown in the places of x and x̂.
        autoencoder: the plain autoencoder, without μ, σ and ε.
        loss: adds the terms of the loss, each with arrows from what it is computed from.
        gradient: adds the path of the gradient, backwards from the loss: "reparameterized", where
            it reaches the encoder through z = μ + σ ε, or "sampled", where z is sampled directly
            and the gradient of the reconstruction term stops there. With ``loss``, the gradient of
            each term has its colour.

    Raises:
        ValueError: a part or a gradient that does not exist, or images that are not two.
    """
    _check_names(lit, gradient)
    parts = _autoencoder_parts() if autoencoder else _vae_parts(with_noise=gradient != "sampled")
    if loss:
        parts |= _loss_parts(autoencoder)
    if gradient and not autoencoder:
        parts["encoder"] = NARROW_ENCODER
    keys = 0  # lines that explain the gradient's colours
    if gradient:
        keys = 2 if "kl" in parts else 1
    figure, ax = _canvas(parts, keys)
    pen = _Pen(ax, set(lit) or set(PARTS))
    if not autoencoder:
        pen.draw_posterior(parts, with_gradient=bool(gradient))
    for start, end in _flow(parts):
        pen.connect(parts, start, end)
    for name, part in parts.items():
        pen.draw(name, part)
    if len(images):
        pen.draw_images(parts, images)
    if loss:
        pen.draw_loss_arrows(parts)
    if gradient:
        pen.draw_gradient(parts, gradient)
    return describe(figure, _in_words(lit, autoencoder, loss, gradient))


def _check_names(lit: Collection[str], gradient: str) -> None:
    unknown = set(lit) - set(PARTS)
    if unknown:
        raise ValueError(
            f"The schematic has the parts {', '.join(PARTS)}, received {sorted(unknown)}."
        )
    if gradient not in ("", "reparameterized", "sampled"):
        raise ValueError(
            f"gradient must be 'reparameterized', 'sampled' or empty, received {gradient!r}."
        )


def _vae_parts(with_noise: bool) -> dict[str, Part]:
    parts = {
        "x": Part((52, 0), (SIDE, SIDE), IMAGE, text="$x$", below="image"),
        "encoder": Part((174, 0), (106, 108), ENCODER, "narrowing", "encoder"),
        "mu": Part((284, 29), (44, 40), LATENT, text="$\\mu$"),
        "sigma": Part((284, -29), (44, 40), LATENT, text="$\\sigma$"),
        "z": Part((412, 0), (50, 50), LATENT, "circle", "$z$"),
        "decoder": Part((544, 0), (106, 108), DECODER, "widening", "decoder"),
        "x_hat": Part((682, 0), (SIDE, SIDE), IMAGE, text="$\\hat{x}$", below="reconstruction"),
    }
    if with_noise:
        parts["z"].below = "$z = \\mu + \\sigma\\,\\varepsilon$"
        parts["epsilon"] = Part((412, NOISE_HEIGHT), (40, 40), NOISE, "circle", "$\\varepsilon$")
    else:
        parts["z"].below = "$z \\sim N(\\mu, \\sigma^2)$"
    return parts


def _autoencoder_parts() -> dict[str, Part]:
    return {
        "x": Part((52, 0), (SIDE, SIDE), IMAGE, text="$x$", below="image"),
        "encoder": Part((209, 0), (136, 108), ENCODER, "narrowing", "encoder"),
        "z": Part((367, 0), (50, 50), LATENT, "circle", "$z$", below="latent code"),
        "decoder": Part((525, 0), (136, 108), DECODER, "widening", "decoder"),
        "x_hat": Part((682, 0), (SIDE, SIDE), IMAGE, text="$\\hat{x}$", below="reconstruction"),
    }


def _loss_parts(autoencoder: bool) -> dict[str, Part]:
    if autoencoder:
        return {"nll": Part((367, -120), (190, 40), DECODER, text="reconstruction error")}
    nll = "reconstruction term\n$-\\log\\, p_\\theta(x\\,|\\,z)$"
    kl = "KL term\n$\\mathrm{KL}(q_\\phi(z\\,|\\,x)\\;\\Vert\\;p(z))$"
    return {
        "kl": Part((284, -LOSS_DEPTH), (170, 52), LATENT, text=kl),
        "nll": Part((590, -LOSS_DEPTH), (180, 52), DECODER, text=nll),
    }


def _canvas(parts: dict[str, Part], keys: int) -> tuple[Figure, Axes]:
    top = max(TOP + 18 + 24 * keys, *(part.top[1] + 8 for part in parts.values()))
    bottom = min(part.bottom[1] for part in parts.values()) - 24
    size = WIDTH / PIXELS_PER_INCH, (top - bottom) / PIXELS_PER_INCH
    figure = Figure(figsize=size)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, WIDTH), ylim=(bottom, top), aspect="equal")
    ax.axis("off")
    return figure, ax


def _flow(parts: dict[str, Part]) -> list[tuple[str, str]]:
    """The arrows of the model, from part to part."""
    if "mu" not in parts:
        return [("x", "encoder"), ("encoder", "z"), ("z", "decoder"), ("decoder", "x_hat")]
    arrows = [("x", "encoder"), ("encoder", "mu"), ("encoder", "sigma"), ("mu", "z")]
    arrows += [("sigma", "z"), ("z", "decoder"), ("decoder", "x_hat")]
    return [*arrows, ("epsilon", "z")] if "epsilon" in parts else arrows


class _Pen:
    """Draws parts and arrows in colour where they are lit, else in grey."""

    def __init__(self, ax: Axes, lit: set[str]):
        self.ax = ax
        self.lit = lit

    def draw(self, name: str, part: Part) -> None:
        lit = name in self.lit
        edge = part.color if lit else RULE
        patch = _outline(part)
        share = 0.02 if part.color == IMAGE else 0.14
        patch.set(facecolor=_tint(edge, share), edgecolor=edge, linewidth=1.4)
        patch.set(zorder=2, gid=name)
        self.ax.add_patch(patch)
        ink = INK if lit else GREY
        size = 17 if part.text.startswith("$") else 11
        self.ax.text(
            *part.center, part.text, ha="center", va="center", fontsize=size, color=ink, zorder=4,
            linespacing=1.5,
        )  # fmt: skip
        x, y = part.bottom
        small = 11 if "$" in part.below else 9.5
        self.ax.text(x, y - 7, part.below, ha="center", va="top", fontsize=small, color=ink)
        if name == "epsilon":
            x, y = part.right
            note = "$\\varepsilon \\sim N(0, I)$"
            self.ax.text(x + 8, y, note, ha="left", va="center", fontsize=11, color=ink)

    def draw_posterior(self, parts: dict[str, Part], with_gradient: bool) -> None:
        """A frame around μ and σ: together they are the distribution q.

        It is dashed in the colour of q, except where dashed lines are the gradient's.
        """
        margin = GRADIENT_MARGIN if with_gradient else MARGIN
        color, dashes = (GREY, "-") if with_gradient else (LATENT, (0, (3, 3)))
        x, half = parts["mu"].center[0], parts["mu"].size[0] / 2 + margin
        lit = {"mu", "sigma"} & self.lit
        frame = FancyBboxPatch(
            (x - half, -FRAME / 2), 2 * half, FRAME, boxstyle="round,pad=0,rounding_size=10",
            linewidth=1, facecolor="none", edgecolor=color if lit else RULE, linestyle=dashes,
            zorder=1,
        )  # fmt: skip
        self.ax.add_patch(frame)
        ink = INK if lit else GREY
        self.ax.text(
            x, 64, "$q_\\phi(z\\,|\\,x)$", ha="center", va="bottom", fontsize=11, color=ink
        )

    def connect(self, parts: dict[str, Part], start: str, end: str) -> None:
        lit = {start, end} <= self.lit
        self.arrow(*_ends(parts[start], parts[end]), INK if lit else RULE)

    def arrow(self, start: Point, end: Point, color: str, **options: Any) -> None:
        """A straight arrow that leaves a little room at both ends."""
        ends = {"posA": (start[0], start[1]), "posB": (end[0], end[1]), "shrinkA": 3, "shrinkB": 3}
        self.ax.add_patch(FancyArrowPatch(color=color, **(ARROW | ends | options)))

    def path(self, corners: Sequence[tuple[float, float]], color: str) -> None:
        """An arrow along straight pieces."""
        ends = {"path": Path(corners), "shrinkA": 0, "shrinkB": 0}
        self.ax.add_patch(FancyArrowPatch(color=color, **(ARROW | ends)))

    def draw_images(self, parts: dict[str, Part], images: Sequence[np.ndarray]) -> None:
        for part, image in zip((parts["x"], parts["x_hat"]), _two(images), strict=True):
            (x, y), half = part.center, SIDE / 2 - 4  # inside the frame
            self.ax.imshow(
                image, cmap="gray_r", vmin=0, vmax=1, zorder=5, interpolation="nearest",
                extent=(x - half, x + half, y - half, y + half),
            )  # fmt: skip
            self.ax.text(x, half + 9, part.text, ha="center", fontsize=13, color=INK)
        self.ax.set(xlim=self.ax.get_xlim(), ylim=self.ax.get_ylim())

    def draw_loss_arrows(self, parts: dict[str, Part]) -> None:
        nll, x, x_hat = parts["nll"], parts["x"].bottom, parts["x_hat"].bottom
        color = INK if "nll" in self.lit else RULE
        start, side = x[1] - WORD, nll.center[1]
        if "kl" not in parts:
            self.path([(x[0], start), (x[0], side), nll.left], color)
            self.path([(x_hat[0], start), (x_hat[0], side), nll.right], color)
            return
        under = nll.bottom[1] - 16
        self.path([(x[0], start), (x[0], under), (nll.center[0], under), nll.bottom], color)
        self.path([(x_hat[0] - 20, start), (x_hat[0] - 20, nll.top[1])], color)
        kl = parts["kl"]
        self.path([(kl.center[0], -FRAME / 2), kl.top], INK if "kl" in self.lit else RULE)
        middle = (kl.right[0] + nll.left[0]) / 2
        ink = INK if {"kl", "nll"} & self.lit else GREY
        self.ax.text(middle, side, "+", ha="center", va="center", fontsize=15, color=ink)

    def draw_gradient(self, parts: dict[str, Part], gradient: str) -> None:
        """Backwards beside the arrows of the model, as far as the gradient comes."""
        stops = gradient == "sampled"
        for start, end in _flow(parts):
            blocked = stops and (end == "z" or start == "encoder")
            ends, above = _ends(parts[start], parts[end]), "mu" in (start, end)
            if start not in ("x", "epsilon") and not blocked:
                self.draw_back(f"{end} to {start}", *ends, above=above)
            if start == "encoder" and "kl" in parts:
                self.draw_back(f"{end} to {start}", *ends, above=not above, color=LATENT)
        if "nll" in parts:
            x, y = parts["x_hat"].bottom
            self.draw_back("nll to x_hat", (x - 20, y - WORD), (x - 20, parts["nll"].top[1]))
        if "kl" in parts:
            x = parts["kl"].center[0]
            self.draw_back("kl to q", (x, -FRAME / 2), (x, parts["kl"].top[1]), color=LATENT)
        if stops:
            self.draw_stop(parts["z"])
        elif "mu" in parts:
            x = parts["mu"].right[0] + GRADIENT_MARGIN + 9
            for y, words in ((48, "\\mu = 1"), (-60, "\\sigma = \\varepsilon")):
                note = f"$\\partial z/\\partial {words}$"
                self.ax.text(x, y, note, ha="left", va="center", fontsize=11, color=INK)
        self.draw_key("kl" in parts)

    def draw_back(
        self, name: str, start: Point, end: Point, above: bool = False, color: str = GRADIENT
    ) -> None:
        """A dashed arrow from ``end`` to ``start``, beside the one that leads there."""
        along = np.subtract(end, start)
        sideways = np.array([-along[1], along[0]]) / np.linalg.norm(along)
        if along[0] and along[1]:  # a slanted arrow ends on an upright side
            sideways = np.array([0, 1])
        aside = sideways * (9 if above else -9)
        self.dashed(end + aside, start + aside, f"gradient: {name}", color)

    def dashed(self, start: Point, end: Point, gid: str = "", color: str = GRADIENT) -> None:
        self.arrow(start, end, color, linewidth=1.5, linestyle=(0, (3, 1.6)), gid=gid)

    def draw_stop(self, z: Part) -> None:
        x, y = z.left
        self.dashed((x + 2, y), (x - 32, y))
        self.ax.plot(x - 36, y, "X", color=GRADIENT, markersize=8, zorder=6)
        self.ax.text(
            x + 25, 62, "sampling:\nno gradient passes", ha="center", va="center", fontsize=9.5,
            color=INK, linespacing=1.4,
        )  # fmt: skip

    def draw_key(self, with_kl: bool) -> None:
        of_two = [
            ("gradient of the reconstruction term", GRADIENT),
            ("gradient of the KL term", LATENT),
        ]
        rows = of_two if with_kl else [("gradient of the loss", GRADIENT)]
        for row, (words, color) in enumerate(rows):
            y = self.ax.get_ylim()[1] - 14 - 20 * row
            self.dashed((64, y), (14, y), color=color)
            self.ax.text(72, y, words, va="center", fontsize=9.5, color=INK)


def _outline(part: Part) -> Patch:
    (x, y), (width, height) = part.center, part.size
    if part.shape == "circle":
        return Circle((x, y), width / 2)
    if part.shape in ("narrowing", "widening"):
        tall, low = height / 2, height / 4
        first, second = (tall, low) if part.shape == "narrowing" else (low, tall)
        left, right = part.left[0], part.right[0]
        corners = [(left, -first), (left, first), (right, second), (right, -second)]
        return Polygon(corners, joinstyle="round")
    style = "round,pad=0,rounding_size=5"
    return FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle=style)


def _ends(start: Part, end: Part) -> tuple[Sequence[float], Sequence[float]]:
    """Where an arrow leaves one part and reaches the other."""
    if start.center[0] == end.center[0]:  # from above
        return start.bottom, (end.center[0], end.center[1] + end.size[1] / 2)
    leave, reach = start.right, end.left
    if start.shape == "narrowing":  # one arrow to each of the boxes beside it
        leave = start.right[0], np.clip(end.center[1], -16, 16)
    if end.shape == "circle":
        toward = np.subtract(start.right, end.center)
        reach = end.center + toward / np.linalg.norm(toward) * end.size[0] / 2
    return leave, reach


def _tint(color: str, share: float) -> tuple[float, ...]:
    """A colour thinned with white."""
    return tuple(1 - share * (1 - value) for value in to_rgb(color))


def _two(images: Sequence[np.ndarray]) -> np.ndarray:
    if len(images) != 2:
        raise ValueError(f"Pass an image and its reconstruction, received {len(images)} images.")
    return check_pictures(np.stack([np.reshape(image, (28, 28)) for image in images]))


def _in_words(lit: Collection[str], autoencoder: bool, loss: bool, gradient: str) -> str:
    sentences = [AUTOENCODER_WORDS if autoencoder else VAE_WORDS]
    if loss and autoencoder:
        sentences.append("The reconstruction error compares x̂ with x.")
    elif loss:
        sentences.append(
            "The KL term is computed from μ and σ; the reconstruction term, from x̂ and x."
        )
    if gradient:
        sentences.append(GRADIENT_WORDS[gradient])
    if lit:
        sentences.append(f"In colour: {', '.join(part for part in PARTS if part in lit)}.")
    return " ".join(sentences)
