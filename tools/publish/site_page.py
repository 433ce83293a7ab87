"""Write site/index.html: the widgets in one file that needs no network and no kernel (tools/publish/site_page.py [path]).

Everything the page shows is in it: the widgets' own JavaScript, weights in 8 bits, codes, and the
reader's test digits (MNIST if it is there). It is built, published and never committed.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np

from vae_lib import data
from vae_lib.inference import NumpyVAE
from vae_lib.shipped import (
    load_pretrained,
    load_reference_percentiles,
    load_reference_set,
    load_run,
)
from vae_lib.widgets import explore_drawing, explore_latent_space, explore_training, explore_walk
from vae_lib.widgets.shared import FOLDER, Widget, bundle

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 1_000  # digits in the page
TEMPLATE = Path(__file__).with_name("site.html")
OWN = ("layout", "tabbable", "tooltip", "comm")  # of every Jupyter widget, of no use on the page


def main(path: Path) -> None:
    digits = data.load_digits()
    images, labels = digits.test.images[:SHOWN], digits.test.labels[:SHOWN]
    model, (reference, codes, reference_labels) = (
        in_eight_bits(load_pretrained()),
        load_reference_set(),
    )
    drawing = explore_drawing(
        model,
        images,
        labels,
        (in_eight_bits(reference), codes, reference_labels),
        load_reference_percentiles(),
        bits=8,
    )
    pad, walk = (
        explore_latent_space(model, images, labels),
        explore_walk(model, images, labels, *ends(labels)),
    )
    for widget in (pad, walk):  # one copy of the weights serves all three
        widget.weights, widget.layers = drawing.weights, drawing.layers
    pictured = digits.validation.images if digits.source == "mnist" else None
    page = fill([drawing, pad, walk, explore_training(load_run(), pictured)], digits.source)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    print(f"{path}: {len(page) / 1e6:.1f} MB, {len(labels)} test digits from {digits.source}")


def in_eight_bits(model: NumpyVAE) -> NumpyVAE:
    """The model with its kernels rounded as the page will hold them, so that its numbers are the page's."""
    weights = dict(model.weights)
    for name, kernel in weights.items():
        if name.endswith("_kernel"):
            scale = np.abs(kernel).max() / 127
            weights[name] = np.round(kernel / scale) * scale
    return NumpyVAE(weights)


def ends(labels: np.ndarray) -> tuple[int, int]:
    """A 1 and a 0 to walk between."""
    return int(np.flatnonzero(labels == 1)[0]), int(np.flatnonzero(labels == 0)[0])


def fill(widgets: list[Widget], source: str) -> str:
    blobs, states = [], {}
    for widget in widgets:
        state = {}
        for name, value in widget.get_state().items():
            if isinstance(value, bytes | memoryview):
                text = base64.b64encode(value).decode()
                if text not in blobs:
                    blobs.append(text)
                value = {"bytes": blobs.index(text)}
            if not name.startswith("_") and name not in OWN:
                state[name] = value
        states[type(widget).__name__] = state
    parts = {
        "{STYLE}": (FOLDER / "widgets.css").read_text(encoding="utf-8"),
        "{DIGITS}": "MNIST's test digits"
        if source == "mnist"
        else "scikit-learn's digits, not MNIST's",
        "{STATE}": json.dumps({"states": states, "blobs": blobs}),
        "{SCRIPT}": bundle("page"),
    }
    page = TEMPLATE.read_text(encoding="utf-8")
    for mark, text in parts.items():
        page = page.replace(mark, text)
    return page


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site" / "index.html")
