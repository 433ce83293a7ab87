"""The layers of a network."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from vae_lib.plots.style import INK, LINES, axes_of, describe, styled


@styled
def plot_architecture(model: Any, ax: Axes | None = None) -> Figure:
    """A model's layers as boxes with output shapes and parameters: the paper's figures 1 and 2.

    Args:
        model: a Keras functional model, read through ``layers``, ``input`` and ``output`` alone.
        ax: drawn into if given.
    """
    levels: dict[str, int] = {}
    maker: dict[int, Any] = {}
    for layer in model.layers:  # Keras lists a layer after those that feed it
        sources = [maker[id(tensor)] for tensor in _as_list(layer.input) if id(tensor) in maker]
        levels[layer.name] = 1 + max((levels[source.name] for source in sources), default=-1)
        maker.update((id(tensor), layer) for tensor in _as_list(layer.output))
    depth = max(levels.values())
    figure, ax = axes_of(ax, (6.5, 0.75 * (depth + 1)))
    boxes, words = {}, []
    for layer in model.layers:
        row = [other for other in model.layers if levels[other.name] == levels[layer.name]]
        x, y = row.index(layer) - (len(row) - 1) / 2, -levels[layer.name]
        shape = " × ".join(str(size) for size in _as_list(layer.output)[0].shape[1:])
        count = f"{layer.count_params():,} parameters" if layer.count_params() else "no parameters"
        boxes[layer.name] = (x, y)
        color = LINES[0] if layer.count_params() else "#888888"
        frame: dict[str, Any] = {
            "boxstyle": "round,pad=0.02",
            "fc": "white",
            "ec": color,
            "lw": 1.5,
        }
        ax.add_patch(FancyBboxPatch((x - 0.42, y - 0.24), 0.84, 0.48, **frame))
        title = f"{layer.name}  ({type(layer).__name__})"
        ax.text(x, y + 0.1, title, ha="center", va="center", fontsize=8.5, color=INK)
        ax.text(
            x, y - 0.1, f"{shape}   |   {count}", ha="center", va="center", fontsize=8, color=INK
        )
        words.append(f"{layer.name} ({type(layer).__name__}) gives {shape} with {count}")
        for tensor in _as_list(layer.input):
            if id(tensor) in maker and maker[id(tensor)] is not layer:
                x0, y0 = boxes[maker[id(tensor)].name]
                ax.annotate(
                    "",
                    (x, y + 0.27),
                    (x0, y0 - 0.27),
                    arrowprops={"arrowstyle": "->", "color": INK},
                )
    ax.set(xlim=(-1.05, 1.05), ylim=(-depth - 0.4, 0.4))
    ax.set_title(f"{model.name}: {model.count_params():,} parameters", fontsize=10, color=INK)
    ax.axis("off")
    return describe(figure, f"From top to bottom: {'; '.join(words)}.")


def _as_list(value: Any) -> list:
    return list(value) if isinstance(value, list | tuple) else [value]
