"""Photograph page and widgets in a real Chromium for README and docs/: python -m tools.publish.pictures"""

import io
import tempfile
from pathlib import Path

from PIL import Image

from tools import browser
from tools.publish import site_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
SIZES = {"desktop": (1180, 900), "phone": (390, 844)}
FIVE = [
    (0.75, 0.15),
    (0.35, 0.15),
    (0.3, 0.45),
    (0.5, 0.4),
    (0.68, 0.5),
    (0.7, 0.7),
    (0.55, 0.85),
    (0.3, 0.8),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, browser.open_chromium() as chromium:
        path = Path(folder) / "index.html"
        site_page.main(path)
        for name, (width, height) in SIZES.items():
            page = chromium.new_page(viewport={"width": width, "height": height})
            page.goto(path.as_uri())
            page.wait_for_selector("body[data-ready]")
            draw(page, page.locator("[data-widget=DrawingPad]"))
            store(f"page_{name}", page.screenshot(full_page=True))
            if name == "desktop":
                store("page", page.screenshot())
            page.close()
        with browser.start_lab(Path(folder)) as address:
            notebook = browser.Notebook(chromium, address, "07_latent_explorer.ipynb")
            notebook.run()
            page = notebook.page
            draw(page, page.locator(".vae-widget[aria-label='Drawing pad']"))
            notebook.ask(
                "setattr(pad, 'z', [0.6, -0.4]), setattr(walk, 't', 0.4), setattr(replay, 'epoch', 3)"
            )
            page.wait_for_timeout(500)
            for widget in page.locator(".vae-widget, .vae-sliders").all():
                name = widget.get_attribute("aria-label") or "sliders"
                store(name.lower().replace(" ", "_"), widget.screenshot())
            notebook = browser.Notebook(chromium, address, "02_loss_function.ipynb")
            notebook.start()
            widget = notebook.page.locator(".vae-widget")
            widget.wait_for(timeout=120_000)
            notebook.page.wait_for_timeout(1000)
            store("loss_explorer", widget.screenshot())


def draw(page: browser.Any, pad: browser.Any) -> None:
    """A five, with the mouse."""
    sheet = pad.locator(".vw-sheet")
    pad.get_by_role("button", name="Clear").click()
    sheet.scroll_into_view_if_needed()
    frame = sheet.bounding_box()
    for number, (x, y) in enumerate(FIVE):
        page.mouse.move(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"], steps=4)
        if not number:
            page.mouse.down()
    page.mouse.up()
    page.mouse.move(0, 0)


def store(name: str, picture: bytes) -> None:
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(
        DOCS / f"{name}.png", optimize=True
    )
    print(DOCS / f"{name}.png")


if __name__ == "__main__":
    main()
