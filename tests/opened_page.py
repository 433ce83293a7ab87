"""The page that needs no kernel, opened in a browser that has no network."""

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
