"""How fast the widgets answer, in the page and in JupyterLab, in the browser that the tests use."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tools import browser
from tools.publish import site_page
from vae_lib import data
from vae_lib.shipped import load_pretrained

# times in the browser: what the handler takes, picture included, since it draws before it returns
POINTER = """async () => {
  const map = document.querySelector("[data-widget=LatentPad] .vw-map");
  const { left, top, width, height } = map.getBoundingClientRect();
  map.setPointerCapture = () => {};
  const fire = (type, u, v) => map.dispatchEvent(new PointerEvent(type,
    { clientX: left + u * width, clientY: top + v * height, pointerId: 1, bubbles: true, cancelable: true }));
  const handled = [], frames = [];
  fire("pointerdown", 0.5, 0.5);
  for (let k = 0; k < 300; k++) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    fire("pointermove", 0.5 + 0.4 * Math.sin(k / 20), 0.5 + 0.4 * Math.cos(k / 13));
    const done = performance.now();
    await new Promise(requestAnimationFrame);
    handled.push(done - began);
    frames.push(performance.now() - done);
  }
  return [handled.slice(20), frames.slice(20)];
}"""
STROKES = """async () => {
  const sheet = document.querySelector("[data-widget=DrawingPad] .vw-sheet");
  const { left, top, width, height } = sheet.getBoundingClientRect();
  sheet.setPointerCapture = () => {};
  const fire = (type, u, v) => sheet.dispatchEvent(new PointerEvent(type,
    { clientX: left + u * width, clientY: top + v * height, pointerId: 1, bubbles: true, cancelable: true }));
  const taken = [];
  for (let k = 0; k < 40; k++) {
    document.querySelectorAll("[data-widget=DrawingPad] button")[1].click();
    fire("pointerdown", 0.3, 0.1);
    for (let t = 0; t <= 1; t += 0.05) fire("pointermove", 0.3 + 0.4 * t + 0.1 * Math.sin(k + 6 * t), 0.1 + 0.8 * t);
    const began = performance.now();
    fire("pointerup", 0.7, 0.9);
    taken.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
  }
  return taken.slice(5);
}"""
KEYS = """() => {
  let pressed = 0;
  window.delays = [];
  document.addEventListener("keydown", () => (pressed = performance.now()), true);
  new MutationObserver(() => { if (pressed) delays.push(performance.now() - pressed); pressed = 0; })
    .observe(document.querySelector(".widget-image"), { attributes: true, attributeFilter: ["src"] });
}"""


def measure_widgets(digits: data.Digits) -> Iterator[tuple]:
    """The page and notebook 07 in the browser that the tests use."""
    with tempfile.TemporaryDirectory() as folder, browser.open_chromium() as chromium:
        path = Path(folder) / "index.html"
        site_page.main(path)
        page = chromium.new_context(offline=True).new_page()
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready]")
        ready = float(page.locator("body").get_attribute("data-ready")) / 1000
        size = path.stat().st_size / 1e6
        yield (
            "the page, ready after opening",
            "2 s, 6 MB",
            f"{ready:.2f} s, {size:.1f} MB",
            ready <= 2 and size <= 6,
        )
        handled, frames = page.evaluate(POINTER)
        text = f"{_spread(handled)} (next frame: {np.median(frames):.1f} ms later)"
        met = np.median(handled) <= 4 and np.percentile(handled, 95) < 16
        yield "pad, pointer event to digit on the canvas", "median 4 ms, 95% under 16 ms", text, met
        strokes = page.evaluate(STROKES)
        met = np.percentile(strokes, 95) < 150
        yield (
            "drawing pad, end of stroke to code, ellipse and vote",
            "95% under 150 ms",
            _spread(strokes),
            met,
        )
        images = data.normalize(digits.test.images[:200])
        for name, bits in (("notebook", 16), ("page", 8)):
            model = load_pretrained() if bits == 16 else site_page.in_eight_bits(load_pretrained())
            pixels, codes = browser.javascript_against_keras(page, model, images, bits)
            what = f"JavaScript against Keras, the {name}'s weights ({bits} bits): pixels, codes"
            yield what, "1e-3", f"{pixels:.0e}, {codes:.0e}", max(pixels, codes) <= 1e-3
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.open_chromium() as chromium,
        browser.start_lab(Path(folder)) as address,
    ):
        notebook = browser.Notebook(chromium, address, "07_latent_explorer.ipynb")
        began = time.perf_counter()
        notebook.page.evaluate(
            "() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
        )
        notebook.start()
        notebook.page.locator(".vw-handle").first.wait_for()
        seconds = time.perf_counter() - began
        yield (
            "notebook 07, kernel start to first widget usable",
            "5 s",
            f"{seconds:.1f} s",
            seconds < 5,
        )
        notebook.page.wait_for_function("window.ran === 1", timeout=120_000)
        handle = notebook.page.locator(".widget-slider [role=slider]").first
        handle.focus()
        notebook.page.evaluate(KEYS)
        for number in range(60):
            notebook.page.keyboard.press("ArrowLeft" if number < 40 else "ArrowRight")
            notebook.page.wait_for_timeout(250)
        delays = notebook.page.evaluate("window.delays")
        met = np.median(delays) <= 60 and np.percentile(delays, 95) < 150 and len(delays) >= 50
        yield (
            "slider, key press to changed picture, through the kernel",
            "median 60 ms, 95% under 150 ms",
            _spread(delays),
            met,
        )


def _spread(milliseconds: list[float]) -> str:
    middle, late = np.percentile(milliseconds, [50, 95])
    return f"median {middle:.1f} ms, 95% within {late:.1f} ms ({len(milliseconds)} times)"
