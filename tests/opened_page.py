"""The page that needs no kernel, opened in a browser with no network; what its tests look at."""

import numpy as np

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


class Page:
    """The page from disk with the network cut, and what went wrong in it.

    It waits for the live training, whose digits are unpacked after the rest is ready, unless told
    otherwise; a script may run before the page's own.
    """

    def __init__(self, chromium, site, size="desktop", waits=True, before="", **options):
        width, height = SIZES.get(size, size)
        self.context = chromium.new_context(
            viewport={"width": width, "height": height}, offline=True, **options
        )
        self.page, self.faults = self.context.new_page(), []
        self.page.on(
            "console", lambda line: self.faults.append(line.text) if line.type == "error" else None
        )
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on(
            "request",
            lambda request: self.faults.append(request.url) if "http" in request.url[:5] else None,
        )
        if before:
            self.page.add_init_script(before)
        self.page.goto(site.as_uri())
        self.page.wait_for_selector("body[data-ready]")
        if waits:
            self.page.wait_for_selector("#live-training [data-action=play]:enabled")


def pixels(locator):
    """Ink of a picture on a 28x28 canvas."""
    grey = locator.evaluate(
        "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"
    )
    return 1 - np.array(grey).reshape(28, 28, 4)[..., 0] / 255


def box(locator):
    locator.scroll_into_view_if_needed()
    return locator.bounding_box()


def drag(page, start, end, steps=6):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()


def on_map(frame, z, reach=3.5):
    return (
        frame["x"] + frame["width"] * (1 + z[0] / reach) / 2,
        frame["y"] + frame["height"] * (1 - z[1] / reach) / 2,
    )


def places_on(locator):
    """Places by their parts of an element's width and height."""
    frame = box(locator)
    return lambda x, y: (frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])


def ink_on(page):
    """Black pixels of the sheet."""
    return page.locator(".vw-sheet").evaluate(
        """(canvas) => canvas.getContext("2d").getImageData(0, 0, 280, 280).data
          .filter((grey, k) => k % 4 === 0 && grey < 128).length"""
    )
