"""The widgets in one page that needs no network and no kernel: python -m tools.publish.site_page

Everything the page shows is in it: the widgets' own JavaScript, weights in 8 bits, codes, and the
reader's test digits (MNIST if it is there). It is built, published and never committed.
"""

import argparse
import base64
import dataclasses
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from tools.publish.notebooks import NOTEBOOKS
from vae_lib import data
from vae_lib.inference import NumpyVAE
from vae_lib.ood import OODScore
from vae_lib.shipped import load_ood_score, load_pretrained, load_reference_percentiles, load_run
from vae_lib.widgets import explore_drawing, explore_latent_space, explore_training, explore_walk
from vae_lib.widgets.shared import STATIC, Widget

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 1_000  # digits in the page
TRAINED = 5_000  # training digits in the page, for the live training
VALIDATED = 500  # and validation digits
TEMPLATE = Path(__file__).with_name("site.html")
FAVICON = Path(__file__).parent / "templates" / "book" / "_static" / "favicon.svg"
BACK = (
    '<p class="back"><a href="index.html">← The book: What is a variational autoencoder?</a></p>\n'
)
NAMED = {path.name[:2]: path.stem for path in NOTEBOOKS if path.name[:2] in ("05", "07")}
OWN = ("layout", "tabbable", "tooltip", "comm")  # of every Jupyter widget, of no use on the page


def main(path: Path, is_in_book: bool = False) -> None:
    digits = data.load_digits()
    page = fill(make_widgets(digits), digits, is_in_book)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    print(f"{path}: {len(page) / 1e6:.1f} MB, {SHOWN} test digits from {digits.source}")


def make_widgets(digits: data.Digits) -> list[Widget]:
    """The widgets of the page; one copy of the weights serves three of them."""
    images = digits.test.images[:SHOWN]
    labels = digits.test.labels[:SHOWN]
    model = in_eight_bits(load_pretrained())
    reference = reference_in_eight_bits(load_ood_score())
    percentiles = load_reference_percentiles()
    drawing = explore_drawing(model, images, labels, reference, percentiles, bits=8)
    pad = explore_latent_space(model, images, labels)
    first_one = int(np.flatnonzero(labels == 1)[0])
    first_zero = int(np.flatnonzero(labels == 0)[0])
    walk = explore_walk(model, images, labels, first_one, first_zero)
    for widget in (pad, walk):
        widget.weights = drawing.weights
        widget.layers = drawing.layers
    pictured = digits.validation.images if digits.source == "mnist" else None
    replay = explore_training(load_run(), pictured)
    return [drawing, pad, walk, replay]


def in_eight_bits(model: NumpyVAE) -> NumpyVAE:
    """The model with its kernels rounded as the page will hold them."""
    weights = dict(model.weights)
    for name, kernel in weights.items():
        if name.endswith("_kernel"):
            scale = np.abs(kernel).max() / 127
            weights[name] = np.round(kernel / scale) * scale
    return NumpyVAE(weights)


def reference_in_eight_bits(score: OODScore) -> OODScore:
    """The out-of-distribution score with both models rounded as the page will hold them."""
    return dataclasses.replace(
        score,
        code_model=in_eight_bits(score.code_model),
        image_model=in_eight_bits(score.image_model),
    )


def pack_digits(digits: data.Digits) -> dict[str, Any]:
    """The digits that the live training uses, compressed: labels first, then raw images."""
    images, labels = digits.train.images[:TRAINED], digits.train.labels[:TRAINED]
    validation_images = digits.validation.images[:VALIDATED]
    validation_labels = digits.validation.labels[:VALIDATED]
    arrays = (labels, validation_labels, images, validation_images)
    return {
        "training": len(images),
        "validation": len(validation_images),
        "packed": pack([array.tobytes() for array in arrays]),
    }


def pack(parts: list[bytes]) -> str:
    """The parts one behind the other, compressed, as text."""
    return base64.b64encode(zlib.compress(b"".join(parts), level=9)).decode()


def fill(widgets: list[Widget], digits: data.Digits, is_in_book: bool = False) -> str:
    """The template with everything in it; in the book, with links to the book's other pages."""
    blobs: list[bytes] = []
    states = {type(widget).__name__: read_state(widget, blobs) for widget in widgets}
    is_mnist = digits.source == "mnist"
    shown = "MNIST's test digits" if is_mnist else "scikit-learn's digits, not MNIST's"
    live = pack_digits(digits)
    of_whom = "MNIST's" if is_mnist else "scikit-learn's"
    trained = f"{live['training']:,} of {of_whom} training digits"
    icon = base64.b64encode(FAVICON.read_bytes()).decode()
    parts = {
        "{ICON}": f"data:image/svg+xml;base64,{icon}",
        "{BACK}": BACK if is_in_book else "",
        **{f"{{NOTEBOOK {number}}}": name_notebook(number, is_in_book) for number in NAMED},
        "{STYLE}": (STATIC / "page.css").read_text(encoding="utf-8"),
        "{DIGITS}": shown,
        "{TRAINED}": trained,
        "{PACKED}": json.dumps(live),
        "{STATE}": json.dumps(
            {"states": states, "lengths": [len(blob) for blob in blobs], "packed": pack(blobs)}
        ),
        "{SCRIPT}": (STATIC / "page.js").read_text(encoding="utf-8"),
    }
    page = TEMPLATE.read_text(encoding="utf-8")
    for mark, words in parts.items():
        page = page.replace(mark, words)
    return page


def name_notebook(number: str, is_in_book: bool) -> str:
    """A notebook by its number, as a link where its page stands in the same folder."""
    name = f"notebook {number}"
    return f'<a href="notebooks/{NAMED[number]}.html">{name}</a>' if is_in_book else name


def read_state(widget: Widget, blobs: list[bytes]) -> dict[str, Any]:
    """What the page needs of a widget; its bytes go to ``blobs``, their place stands here."""
    state = {}
    for name, value in widget.get_state().items():
        if name.startswith("_") or name in OWN:
            continue
        if isinstance(value, bytes | memoryview):
            blob = bytes(value)
            if blob not in blobs:
                blobs.append(blob)
            value = {"bytes": blobs.index(blob)}
        state[name] = value
    return state


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", nargs="?", type=Path, default=ROOT / "site" / "page.html")
    main(parser.parse_args().path)
