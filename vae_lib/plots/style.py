"""One style for all figures: sizes, colours, axes, and how a figure is put on the page."""

import functools
import io
import json
import sys
from collections.abc import Callable, Sequence, Sized
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import same_color, to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from vae_lib import versions
from vae_lib.console import say
from vae_lib.machine import release_memory

versions.require("matplotlib")

PALETTE = json.loads(
    (Path(__file__).parents[1] / "palette.json").read_text(encoding="utf-8")
)  # its only home: the widgets' JavaScript reads the same file
COLORS: list[str] = PALETTE["digits"]["light"]
LINES: list[str] = PALETTE["lines"]
INK: str = PALETTE["ink"]
GREY: str = PALETTE["grey"]
RULE: str = PALETTE["rule"]
FAINT: str = PALETTE["faint"]
FLOOR = "#d5d9de"  # what no method can change, behind the colours of those that differ

PIXELS_PER_INCH = 100  # of the page: a figure 10 inches wide fills 1,000 pixels
SHARPNESS = 2  # pixels of the picture for each pixel of the page
LABEL_SIZE = 9  # points, of a word at the end of a line
GREYS = 40  # of a picture without colour: a third of the bytes that 256 take

STYLE: dict[str, Any] = {
    "figure.dpi": PIXELS_PER_INCH,
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,  # points: 13 pixels on the page, as the text around it
    "text.color": INK,
    "mathtext.fontset": "cm",
    "axes.titlesize": 10.5,
    "axes.titlecolor": INK,
    "axes.titlepad": 8,
    "axes.labelsize": 9.5,
    "axes.labelcolor": INK,
    "axes.labelpad": 5,
    "axes.edgecolor": RULE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=LINES),
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "lines.markersize": 4,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "legend.handlelength": 1.4,
    "image.cmap": "gray_r",
    "patch.linewidth": 0.8,
}

_saved = count(1)  # figures of this process, where there is no notebook to show them
_STYLED = "drawn_in_the_style_of_the_series"  # an attribute of ours, on a figure

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def style() -> AbstractContextManager:
    """The series' style for the figures that are made inside a ``with`` block.

    It starts from Matplotlib's defaults: of a reader's own style, such as a dark one, what the
    series does not set would shine through.
    """
    defaults = {
        name: value
        for name, value in matplotlib.rcParamsDefault.items()
        if not name.startswith("backend")  # not a matter of style
    }
    settings: Any = {**defaults, **STYLE}  # Matplotlib lists the keys one by one
    return matplotlib.rc_context(settings)


def styled(plot: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let a plotting function work in the series' style; the reader's settings are kept."""

    @functools.wraps(plot)
    def with_style(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with style():
            result = plot(*args, **kwargs)
        if isinstance(result, Figure):
            vars(result)[_STYLED] = True
        return result

    return with_style


@styled
def subplots(
    rows: int = 1, columns: int = 1, size: tuple[float, float] = (7, 4), **options: Any
) -> tuple[Figure, Any]:
    """A figure and its axes in the series' style, as ``plt.subplots`` returns them.

    Args:
        rows: of axes.
        columns: of axes.
        size: width and height in inches; one inch is 100 pixels of the page.
        options: passed to ``Figure.subplots``, for example ``sharey=True``.
    """
    figure = empty_figure(size)
    return figure, figure.subplots(rows, columns, **options)


def empty_figure(size: tuple[float, float]) -> Figure:
    """A figure without axes, to be divided in another way than ``subplots`` does."""
    return Figure(figsize=size, layout="constrained")


def describe(figure: Figure, text: str) -> Figure:
    """Leave the alternative text on a figure, and return it."""
    figure.alt_text = text  # type: ignore[attr-defined]  # an attribute of ours
    return figure


def show(figure: Figure, alt: str = "") -> None:
    """Display a figure, sharp on any screen, with its alternative text.

    The caption is not part of the figure: write it into the Markdown cell below. Where there is
    no notebook, as in a script made of one, the picture is saved in the folder ``figures``.

    Args:
        figure: any Matplotlib figure.
        alt: what is drawn, in words, for readers who cannot see it; the text that the plotting
            function left in ``figure.alt_text`` if empty.
    """
    from IPython.display import display

    picture, width = render(figure)
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:  # the notebook would draw it a second time
        pyplot.close(figure)
    alt = alt or getattr(figure, "alt_text", "")
    if not _is_notebook():
        _save(picture, alt)
        return
    bundle = {"image/png": picture, "text/plain": "[figure]"}
    display(bundle, raw=True, metadata={"image/png": {"alt": alt, "width": width}})


def _is_notebook() -> bool:
    """Whether there is a kernel, whose front end draws pictures; a terminal would print them."""
    from IPython.core.getipython import get_ipython

    return hasattr(get_ipython(), "kernel")


def _save(picture: bytes, alt: str) -> None:
    """Write a picture into the current folder's ``figures``, and print where, and what it shows."""
    path = Path("figures", f"figure_{next(_saved):02}.png")
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture)
    except OSError as fault:
        say(f"[no figure: cannot write to {path.parent.resolve()} ({fault.strerror})] {alt}")
        return
    say(f"[{path}] {alt}")


def render(figure: Figure) -> tuple[bytes, int]:
    """A figure as the bytes of a PNG, and the width in pixels at which it is to be shown."""
    from PIL import Image

    paper = figure.get_facecolor()
    if _is_dark(paper):  # the reader's own figure in a dark style, which suits its own colours
        face = paper
    else:
        face = to_rgba("white")
        tidy(figure)
    drawn = io.BytesIO()
    with style():
        figure.savefig(
            drawn, format="png", dpi=SHARPNESS * PIXELS_PER_INCH, bbox_inches="tight",
            pad_inches=0.06, facecolor=face,
        )  # fmt: skip
    for words in figure.findobj(Text):
        vars(words)["_renderer"] = None  # otherwise each keeps two pictures of the whole figure
    release_memory()  # figures shown before wait for it, as their parts refer to each other
    image = Image.open(drawn).convert("RGB")
    picture = io.BytesIO()
    colorful = np.ptp(np.asarray(image), axis=-1).max() > 8
    attribute, usual = ("colors", 256) if colorful else ("greys", GREYS)
    image.quantize(getattr(figure, attribute, usual)).save(picture, "png", optimize=True)
    return picture.getvalue(), image.width // SHARPNESS


def tidy(figure: Figure) -> None:
    """Give axes that were drawn with Matplotlib's own settings the light look of the others."""
    for ax in figure.findobj(Axes):
        if not ax.axison:
            continue
        for side, spine in ax.spines.items():
            if same_color(spine.get_edgecolor(), "black"):
                spine.set_color(RULE)
                if side in ("top", "right") and not ax.images:
                    spine.set_visible(False)
        ax.tick_params(which="both", color=RULE, labelcolor=INK)
        if ax.title.get_fontsize() == 12:
            ax.title.set_fontsize(STYLE["axes.titlesize"])
        legend = ax.get_legend()
        if legend is not None:
            legend.get_frame().set(edgecolor="none", alpha=0.8)
            if _is_dark(legend.get_frame().get_facecolor()):
                legend.get_frame().set_facecolor(ax.get_facecolor())
    if _STYLED not in vars(figure):
        _darken(figure)


def _darken(figure: Figure) -> None:
    """Draw in ink what took a light colour from the reader's own style, unseen on white paper."""
    _replace_light(figure.findobj(Text), matplotlib.rcParams["text.color"])
    _replace_light(figure.findobj(Line2D), matplotlib.rcParams["lines.color"])


def _replace_light(artists: Sequence[Any], color: Any) -> None:
    """Give ink to those that have a light colour, if it is the one named."""
    if _luminance(color) < 0.8:
        return
    for artist in artists:
        if same_color(artist.get_color(), color):
            artist.set_color(INK)


def _is_dark(color: Any) -> bool:
    return to_rgba(color)[3] > 0 and _luminance(color) < 0.5


def _luminance(color: Any) -> float:
    """From 0 for black to 1 for white."""
    red, green, blue, _ = to_rgba(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def label_lines(ax: Axes, words: Sequence[str], in_color: bool = False) -> None:
    """Write a word at the right end of each line, in ink beside its colour, none over another.

    Args:
        ax: with as many lines as words, in that order.
        words: one for each line; an empty one is left out.
        in_color: each word in a dark shade of its line's colour, for lines that end together.
    """
    lines = [line for line, word in zip(ax.lines, words, strict=False) if word]
    words = [word for word in words if word]
    if len(lines) != len(words):
        raise ValueError(f"Each word needs its line, received {len(words)} and {len(lines)}.")
    ends = [_last_point(line) for line in lines]
    figure = figure_of(ax)
    figure.draw_without_rendering()
    heights = [ax.transData.transform(end)[1] for end in ends]
    points = 72 / figure.dpi
    rows = max(word.count("\n") for word in words) + 1
    step = LABEL_SIZE * (0.4 + 1.15 * rows) / points
    labels = [
        ax.annotate(
            word, end, (6, (place - height) * points), textcoords="offset points",
            va="center", fontsize=LABEL_SIZE, color=INK, annotation_clip=False, linespacing=1.1,
        )
        for end, height, word, place in zip(
            ends, heights, words, spread(heights, step), strict=True
        )
    ]  # fmt: skip
    if in_color:
        for label, line in zip(labels, lines, strict=True):
            shade = 0.7 * np.array(to_rgb(line.get_color())) + 0.3 * np.array(to_rgb(INK))
            label.set(color=shade, fontweight="bold")


def _last_point(line: Any) -> tuple[float, float]:
    x, y = np.asarray(line.get_xydata()).T
    seen = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    return float(x[seen[-1]]), float(y[seen[-1]])


def spread(places: Sequence[float], step: float) -> np.ndarray:
    """The nearest places that are at least ``step`` apart and keep their order."""
    order = np.argsort(places, kind="stable")
    groups: list[list[float]] = []  # each: the sum of its places, and how many
    for place in np.asarray(places, float)[order]:
        groups.append([place, 1])
        while len(groups) > 1 and _touch(groups[-2], groups[-1], step):
            total, count = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += count
    apart = [
        total / count + step * (number - (count - 1) / 2)
        for total, count in groups
        for number in range(int(count))
    ]
    result = np.empty(len(apart))
    result[order] = apart
    return result


def _touch(below: list[float], above: list[float], step: float) -> bool:
    gap = above[0] / above[1] - below[0] / below[1]
    return gap < step * (below[1] + above[1]) / 2


def figure_of(ax: Axes) -> Figure:
    """The whole figure that axes belong to."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("These axes belong to no figure: make them with plt.subplots.")
    return figure


def width_of(ax: Axes) -> float:
    """The width of axes in points."""
    return ax.get_window_extent().width * 72 / figure_of(ax).dpi


def check_labels(labels: Sized | None, count: int, of: str) -> None:
    """Raise ValueError unless there are ``count`` labels, or none at all."""
    if labels is not None and len(labels) != count:
        raise ValueError(
            f"Each {of} needs its label, received {count} {of}s and {len(labels)} labels."
        )
