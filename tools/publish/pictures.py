"""Photograph page and widgets for README, docs/ and notebooks: python -m tools.publish.pictures"""

import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tools import browser
from tools.publish import previews, site_page
from vae_lib import data, plots, shipped

DOCS = Path(__file__).resolve().parents[2] / "docs"
WIDTH = 1_040  # pixels, of a widget's picture
NAMES = {
    "postal_code": "postal_code_pad",
    "posterior": "posterior_of_a_test_digit",
    "replay": "replay_of_a_training",
    "walk": "walk_between_two_digits",
}
GREYS = 48  # of the pictures of the whole page
TINTS = (1, 0.8, 0.6, 0.4, 0.25, 0.15, 0.08)  # and of the series' colours in them
SEEN = 60_000  # images, of a live training before it is photographed
FILM_FRAMES = 45  # up to then
FILM_WIDTH = 1_040  # pixels
FRAME_MILLISECONDS = 120
REST_MILLISECONDS = 3_000
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
SLIDERS = "sliders.ipynb"
MAKE_SLIDERS = [
    "from vae_lib.shipped import load_pretrained\nfrom vae_lib.widgets import explore_sliders",
    "sliders = explore_sliders(load_pretrained().decode)\n"
    "sliders.z1.value, sliders.z2.value = 1.05, 0.7\n"
    "sliders",
    "",
]
FIVE = (  # the corners of a stroke, as shares of the sheet
    (0.75, 0.15), (0.35, 0.15), (0.3, 0.45), (0.5, 0.4),
    (0.68, 0.5), (0.7, 0.7), (0.55, 0.85), (0.3, 0.8),
)  # fmt: skip


def main() -> None:
    draw_figures()
    previews.main()
    with tempfile.TemporaryDirectory() as folder, browser.open_chromium() as chromium:
        photograph_page(chromium, Path(folder) / "index.html")
        photograph_widgets(chromium)
        with browser.start_lab(Path(folder)) as address:
            browser.write_notebook(Path(folder), SLIDERS, MAKE_SLIDERS)
            photograph_sliders(chromium, address)


def photograph_page(chromium: Any, path: Path) -> None:
    site_page.main(path)
    for name, (width, height) in SIZES.items():
        page = chromium.new_page(viewport={"width": width, "height": height})
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready]")
        draw(page, page.locator("[data-widget=DrawingPad]"))
        store(f"page_{name}", page.screenshot(full_page=True))
        if name == "desktop":
            page.evaluate("scrollTo(0, 0)")
            report = page.locator(".vw-report").bounding_box()  # of other models: below the picture
            store(
                "page",
                page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": report["y"]}),
            )
            photograph_live_training(page)
        page.close()


def photograph_live_training(page: Any) -> None:
    """The page's own model: while it trains, as a film, and at rest after some epochs."""
    live = page.locator("#live-training")
    play = live.locator("button[data-action=play]")
    page.mouse.move(0, 0)
    bar = live.locator(".vl-bar")
    bar.evaluate("(bar) => { bar.style.position = 'static'; }")  # in a picture of the whole
    frames = [live.screenshot()]
    play.click()
    for seen in np.linspace(0, SEEN, FILM_FRAMES)[1:]:
        page.wait_for_function(
            "seen => Number(document.querySelector('#live-training').dataset.imagesSeen) >= seen",
            arg=seen,
            timeout=10 * 60_000,
        )
        frames.append(live.screenshot())
    play.click()
    page.wait_for_timeout(1_000)  # the last frame comes to rest
    last = live.screenshot()
    curves = live.locator(".vl-learning").bounding_box()
    store("live_training", last)
    store_film("live_training", [*frames, last], curves["y"] - live.bounding_box()["y"])


def photograph_widgets(chromium: Any) -> None:
    """Those that need no kernel, as wide as a notebook shows them."""
    for name, shown in previews.open_widgets(chromium, WIDTH).items():
        if name == "drawing_pad":
            draw(shown.page, shown)
        store(NAMES.get(name, name), shown.locator(".vae-widget").screenshot())


def photograph_sliders(chromium: Any, address: str) -> None:
    """Through a kernel, in a notebook that shows them alone."""
    notebook = browser.Notebook(chromium, address, SLIDERS)
    notebook.run_up_to("sliders")
    shown = notebook.page.locator(".vae-sliders")
    shown.locator("img").wait_for()
    shown.evaluate("(box) => { box.style.width = 'fit-content'; }")
    notebook.page.wait_for_timeout(500)  # the image is drawn
    picture = shown.screenshot()
    store("sliders", picture)
    previews.store("sliders", previews.add_words(chromium, picture))


def draw_figures() -> None:
    """The schematic, the manifold and the map at the top of the README, from what ships."""
    model = shipped.load_pretrained("mnist-2d")
    test = data.load_digits("mnist").test
    images = data.normalize(test.images)
    seven = images[:1]
    pair = [seven[0], model.decode(model.encode(seven)[0])[0]]
    figures = {
        "schematic": plots.plot_schematic(images=pair),
        "manifold": plots.plot_manifold(model.decode, steps=20, reach=2.2),
        "latent_space": plots.plot_latent_space(model.encode(images)[0], test.labels),
    }
    for name, figure in figures.items():
        (DOCS / f"{name}.png").write_bytes(plots.render(figure)[0])
        print(DOCS / f"{name}.png")


def draw(page: Any, pad: Any) -> None:
    """A five, with the mouse."""
    sheet = pad.locator(".vw-sheet")
    pad.get_by_role("button", name="Clear").click()
    sheet.scroll_into_view_if_needed()
    frame = sheet.bounding_box()
    for number, (x, y) in enumerate(FIVE):
        page.mouse.move(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"], steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()
    page.mouse.move(0, 0)


def store(name: str, picture: bytes) -> None:
    path = DOCS / f"{name}.png"
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if name.startswith("page_"):  # the whole page, which is large
        image = previews.reduce_colors(image, GREYS, TINTS)
    image.save(path, optimize=True)
    print(path)


def store_film(name: str, pictures: list[bytes], height: float) -> None:
    """An animation of the upper part of some pictures; it rests on the last one, then repeats."""
    path = DOCS / f"{name}.webp"
    frames = []
    for picture in pictures:
        whole = Image.open(io.BytesIO(picture)).convert("RGB")
        upper = whole.crop((0, 0, whole.width, round(height)))
        frames.append(upper.resize((FILM_WIDTH, round(FILM_WIDTH * height / whole.width))))
    durations = [FRAME_MILLISECONDS] * (len(frames) - 1) + [REST_MILLISECONDS]
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=durations, loop=0, quality=60
    )
    print(path)


if __name__ == "__main__":
    main()
