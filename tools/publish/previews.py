"""Photograph each widget for the notebooks: python -m tools.publish.previews

Before a cell is run, these pictures stand where its widget will be. They are small, because the
notebooks store them, of which each may have a megabyte.
"""

import base64
import io
import json
from collections.abc import Sequence
from typing import Any
from unittest import mock

import numpy as np
from PIL import Image

from tools import browser
from tools.publish import site_page
from vae_lib import data, shipped, widgets
from vae_lib.composed_numbers import compose_numbers
from vae_lib.live import train_live
from vae_lib.models import build_vae
from vae_lib.plots.style import COLORS, LINES
from vae_lib.widgets.live_training import LiveTraining
from vae_lib.widgets.shared import PICTURES, STATIC, Widget

WIDTH = 760  # pixels, in which words keep their size
LIVE_STEPS = 2_000  # of a live training before it is photographed: four epochs
NARROW = {"latent_pad": 660}  # for notebook 00, which has little room
GREYS = 10  # in the palette of the pictures
COLORLESS = 14  # most that red, green and blue of a grey may differ
TINTS = (1, 0.6, 0.35, 0.15)  # of each of the series' colours on white, beside them
BUTTON = "#1c3f94"  # the one that plays
WORDS = "This is a picture of the widget. Run the cell to use it."

Message = tuple[dict[str, Any], list[bytes]]

BARE = """<!doctype html>
<style>
body { color: #1f2328; font: 15px system-ui, sans-serif; margin: 0; }
article { padding: 4px 6px; width: fit-content; }
img { display: block; }
p { border-top: 1px solid #c8c8c8; color: #555b63; margin: 6px 0 2px; padding-top: 6px; }
</style>
<article><img src="data:image/png;base64,%s" alt=""><p>%s</p></article>
"""

# a script's text may not end the element that holds it
PAGE = """<!doctype html>
<meta charset="utf-8">
<style>
body { color: #1f2328; font: 15px system-ui, sans-serif; margin: 0; }
article { padding: 4px 6px; width: %(width)dpx; }
article > p { border-top: 1px solid #c8c8c8; color: #555b63; margin: 6px 0 2px; padding-top: 6px; }
%(style)s
</style>
<body>
<script id="widgets" type="application/json">%(widgets)s</script>
<script type="module">
const saved = JSON.parse(document.getElementById("widgets").textContent);
const { states, messages, blobs, sources } = saved;
const views = blobs.map((blob) =>
  new DataView(Uint8Array.from(atob(blob), (letter) => letter.charCodeAt(0)).buffer));
for (const [name, state] of Object.entries(states)) {
  for (const [trait, value] of Object.entries(state)) state[trait] = views[value?.bytes] ?? value;
  const article = document.createElement("article");
  const el = document.createElement("div");
  const words = document.createElement("p");
  article.id = name;
  words.textContent = "%(words)s";
  article.append(el, words);
  document.body.append(article);
  const listeners = [];
  const model = {
    get: (trait) => state[trait],
    set: (trait, value) => { state[trait] = value; },
    on: (event, listener) => { if (event === "msg:custom") listeners.push(listener); },
    save_changes() {},
    send({ action, view, number }) {
      if (action !== "listen") return;
      for (const listener of listeners) {
        listener({ kind: "heard", view, number });
        for (const [content, places] of messages)
          listener(content, places.map((place) => views[place]));
      }
    },
  };
  const url = URL.createObjectURL(new Blob([sources[name]], { type: "text/javascript" }));
  (await import(url)).default.render({ model, el });
}
document.body.dataset.ready = "true";
</script>
"""


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with browser.open_chromium() as chromium:
        shown = open_widgets(chromium, WIDTH)
        for name, width in NARROW.items():
            shown[name] = open_widgets(chromium, width)[name]
        for name, widget in shown.items():
            store(name, widget.screenshot())
        store("live_training", open_live_training(chromium).screenshot())


def open_widgets(chromium: Any, width: int) -> dict[str, Any]:
    """Each widget on a page that is so wide, with the words for a reader below it."""
    return open_page(chromium, width, make_widgets())


def open_live_training(chromium: Any) -> Any:
    """Notebook 05's live training after some epochs."""
    lab = train_live(build_vae, data.load_digits("mnist"))
    lab.step(LIVE_STEPS)
    messages: list[Message] = []

    def keep(widget: Widget, content: dict[str, Any], buffers: list[bytes]) -> None:
        messages.append((content, buffers))

    with mock.patch.object(LiveTraining, "send", keep):
        widget = lab._view.open(lab._receive)
        lab._receive({"action": "listen"})
    shown = open_page(chromium, WIDTH, {"live_training": widget}, messages)["live_training"]
    return shown


def open_page(
    chromium: Any, width: int, made: dict[str, Widget], messages: Sequence[Message] = ()
) -> dict[str, Any]:
    """These widgets on a page; one that asks Python for messages receives these."""
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.set_content(fill(made, width, messages))
    page.wait_for_selector("body[data-ready]")
    page.wait_for_timeout(500)  # canvases take their size
    return {name: page.locator(f"#{name}") for name in made}


def make_widgets() -> dict[str, Widget]:
    """One of each that needs no kernel, at a place worth seeing."""
    digits = data.load_digits("mnist")
    test = digits.test
    images, labels = test.images[:500], test.labels[:500]
    model = shipped.load_pretrained()
    pad = widgets.explore_latent_space(model, images[:250], labels[:250])
    pad.z = [1.05, 0.7]
    first_0, first_1 = (int(np.flatnonzero(labels == digit)[0]) for digit in (0, 1))
    walk = widgets.explore_walk(model, images, labels, first_0, first_1)  # as notebook 07 does
    walk.t = 0.4
    drawing = widgets.explore_drawing(
        model, images, labels, reference_percentiles=shipped.load_reference_percentiles()
    )
    drawing.show(images[0])
    replay = widgets.explore_training(shipped.load_run(), digits.validation.images)
    replay.epoch = 3
    postal_code = widgets.explore_postal_code()
    numbers = compose_numbers(test, count=8, seed=1)
    postal_code.show(next(number.ink for number in numbers if not number.touching))
    return {
        "latent_pad": pad,
        "walk": walk,
        "drawing_pad": drawing,
        "posterior": widgets.explore_posterior(model, images, labels),
        "replay": replay,
        "loss_explorer": widgets.explore_loss(shipped.load_kl_weights()),
        "postal_code": postal_code,
    }


def fill(made: dict[str, Widget], width: int, messages: Sequence[Message] = ()) -> str:
    """A page that shows the widgets below each other."""
    blobs: list[bytes] = []
    placed = []
    for content, buffers in messages:
        placed.append((content, range(len(blobs), len(blobs) + len(buffers))))
        blobs += buffers
    sheet = "live_styles.css" if messages else "widgets.css"
    saved: dict[str, Any] = {
        "states": {name: site_page.read_state(widget, blobs) for name, widget in made.items()},
        "messages": [(content, list(places)) for content, places in placed],
        "blobs": [base64.b64encode(blob).decode() for blob in blobs],
        "sources": {name: (STATIC / f"{name}.js").read_text(encoding="utf-8") for name in made},
    }
    return PAGE % {
        "words": WORDS,
        "width": width,
        "style": (STATIC / sheet).read_text(encoding="utf-8"),
        "widgets": json.dumps(saved).replace("</", "<\\/"),
    }


def add_words(chromium: Any, picture: bytes) -> bytes:
    """A picture with the words for a reader below it."""
    page = chromium.new_page()
    page.set_content(BARE % (base64.b64encode(picture).decode(), WORDS))
    return page.locator("article").screenshot()


def store(name: str, picture: bytes) -> None:
    path = PICTURES / f"{name}.png"
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    reduce_colors(image, GREYS, TINTS).save(path, optimize=True)
    print(f"{path}: {image.width} x {image.height}, {path.stat().st_size:,} bytes")


def reduce_colors(image: Image.Image, greys: int, tints: Sequence[float]) -> Image.Image:
    """A picture in so many greys and the series' own colours with these tints.

    A palette made for the picture would be smaller still, but it would lose the colours of small
    areas, such as the points of a class, and tint the greys.
    """
    pixels = np.asarray(image).astype(float)
    is_grey = pixels.max(axis=2) - pixels.min(axis=2) < COLORLESS
    step = 255 / (greys - 1)
    rounded = np.round(pixels.mean(axis=2, keepdims=True) / step) * step
    pixels = np.where(is_grey[..., None], rounded, pixels)
    reduced = Image.fromarray(pixels.round().astype(np.uint8))
    return reduced.quantize(palette=make_palette(greys, tints), dither=Image.Dither.NONE)


def make_palette(greys: int, tints: Sequence[float]) -> Image.Image:
    """A picture of one pixel that holds the palette."""
    shades = np.linspace(0, 255, greys)[:, None].repeat(3, axis=1)
    names = [*COLORS, *LINES, BUTTON]
    full = np.array([[int(name[k : k + 2], 16) for k in (1, 3, 5)] for name in names])
    colors = np.concatenate([shades, *(255 + tint * (full - 255) for tint in tints)])
    palette = Image.new("P", (1, 1))
    palette.putpalette(colors.round().astype(np.uint8).tobytes())
    return palette


if __name__ == "__main__":
    main()
