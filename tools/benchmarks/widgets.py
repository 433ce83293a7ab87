"""How fast the widgets answer, in the page and in JupyterLab, in the browser that the tests use."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tools import browser
from tools.benchmarks.measurement import Measurement
from tools.benchmarks.trainer import VOTE, measure_trainer
from tools.publish import site_page
from vae_lib import data
from vae_lib.shipped import load_pretrained

# times in the browser: what the handler takes, picture included, since it draws before it returns
POINTER = """async () => {
  const map = document.querySelector("[data-widget=LatentPad] .vw-map");
  const { left, top, width, height } = map.getBoundingClientRect();
  map.setPointerCapture = () => {};
  const fire = (type, u, v) => {
    const place = { clientX: left + u * width, clientY: top + v * height };
    const options = { ...place, pointerId: 1, bubbles: true, cancelable: true };
    map.dispatchEvent(new PointerEvent(type, options));
  };
  const handled = [];
  fire("pointerdown", 0.5, 0.5);
  for (let k = 0; k < 300; k++) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    fire("pointermove", 0.5 + 0.4 * Math.sin(k / 20), 0.5 + 0.4 * Math.cos(k / 13));
    handled.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
  }
  return handled.slice(20);
}"""
STROKES = """async () => {
  const sheet = document.querySelector("[data-widget=DrawingPad] .vw-sheet");
  const { left, top, width, height } = sheet.getBoundingClientRect();
  sheet.setPointerCapture = () => {};
  const fire = (type, u, v) => {
    const place = { clientX: left + u * width, clientY: top + v * height };
    const options = { ...place, pointerId: 1, bubbles: true, cancelable: true };
    sheet.dispatchEvent(new PointerEvent(type, options));
  };
  const taken = [];
  for (let k = 0; k < 40; k++) {
    document.querySelectorAll("[data-widget=DrawingPad] button")[1].click();
    fire("pointerdown", 0.3, 0.1);
    for (let t = 0; t <= 1; t += 0.05) {
      fire("pointermove", 0.3 + 0.4 * t + 0.1 * Math.sin(k + 6 * t), 0.1 + 0.8 * t);
    }
    const began = performance.now();
    fire("pointerup", 0.7, 0.9);
    taken.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
  }
  return taken.slice(5);
}"""
LIVE_FRAMES = """async () => {
  const root = document.getElementById("live-training");
  root.querySelector("[data-action=play]").click();
  const gaps = [];
  const began = performance.now();
  let before = await new Promise(requestAnimationFrame);
  while (performance.now() - began < 30_000) {
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - before);
    before = now;
  }
  const seconds = (performance.now() - began) / 1000;
  return { gaps, seconds, images: Number(root.dataset.imagesSeen) };
}"""
LIVE_KNOB = """async () => {
  const root = document.getElementById("live-training");
  const noise = root.querySelector("[role=switch]");
  const drawing = root.querySelector(".vl-drawing");
  const delays = [];
  for (let k = 0; k < 20; k++) {
    const wanted = noise.checked;
    const began = performance.now();
    noise.click();
    while (drawing.classList.contains("vl-without-noise") !== wanted) {
      await new Promise(requestAnimationFrame);
    }
    delays.push(performance.now() - began);
    await new Promise((go) => setTimeout(go, 100));
  }
  return delays;
}"""
# the card of the loss says which loss it is: that of the frame's KL weight
LIVE_SLIDER = """async () => {
  const root = document.getElementById("live-training");
  const slider = root.querySelector("[aria-label='KL weight']");
  const card = root.querySelector(".vl-card-loss");
  const delays = [];
  for (let k = 0; k < 20; k++) {
    const [weight, words] = k % 2 ? ["1", "negative ELBO"] : ["2", "β-VAE"];
    const began = performance.now();
    slider.value = weight;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (!card.textContent.includes(words)) await new Promise(requestAnimationFrame);
    delays.push(performance.now() - began);
    await new Promise((go) => setTimeout(go, 100));
  }
  return delays;
}"""
KEYS = """() => {
  let pressed = 0;
  window.delays = [];
  document.addEventListener("keydown", () => (pressed = performance.now()), true);
  const note = () => {
    if (pressed) delays.push(performance.now() - pressed);
    pressed = 0;
  };
  const picture = document.querySelector(".widget-image");
  new MutationObserver(note).observe(picture, { attributes: true, attributeFilter: ["src"] });
}"""


def measure_widgets(digits: data.Digits) -> Iterator[Measurement]:
    """The page's engine in Node; the page and notebook 07 in the browser that the tests use."""
    yield from measure_trainer(digits)
    with tempfile.TemporaryDirectory() as folder, browser.open_chromium() as chromium:
        yield from measure_page(chromium, Path(folder), digits)
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.open_chromium() as chromium,
        browser.start_lab(Path(folder)) as address,
    ):
        yield from measure_notebook(chromium, address)


def measure_page(chromium: Any, folder: Path, digits: data.Digits) -> Iterator[Measurement]:
    """How fast the page with no kernel opens and answers, and that it computes as Keras does."""
    path = folder / "index.html"
    site_page.main(path)
    page = chromium.new_context(offline=True).new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]")
    ready = float(page.locator("body").get_attribute("data-ready")) / 1000
    yield Measurement("the page, ready after opening", ready, "s", at_most=2)
    yield Measurement("its size", path.stat().st_size / 1e6, "MB", at_most=8)
    handled = page.evaluate(POINTER)
    yield from summarise("pad, pointer event to digit", handled, median=4, late=16)
    strokes = page.evaluate(STROKES)
    yield from summarise("drawing pad, end of stroke to vote", strokes, late=150)
    yield from measure_live_training(page)
    images = data.normalize(digits.test.images[:200])
    model = load_pretrained()
    weights = {16: model, 8: site_page.in_eight_bits(model)}
    for bits, model in weights.items():
        pixels, codes = browser.javascript_against_keras(page, model, images, bits)
        what = f"JavaScript against Keras, weights of {bits} bits: largest difference"
        yield Measurement(what, max(pixels, codes), "", at_most=1e-3)


def measure_live_training(page: Any) -> Iterator[Measurement]:
    """The page's live training: from scratch for half a minute, at the knobs as they stand."""
    root = page.locator("#live-training")
    root.locator("[data-action=play]:enabled").wait_for()
    root.scroll_into_view_if_needed()
    frames = page.evaluate(LIVE_FRAMES)
    yield from summarise("live training, from frame to frame", frames["gaps"], late=50)
    images = frames["images"] / frames["seconds"]
    yield Measurement("live training, images a second", images, "", at_least=3_000)
    accuracy = float(root.get_attribute("data-knn-accuracy"))
    what = f"live training, {VOTE}, after 30 s"
    yield Measurement(what, 100 * accuracy, "%", at_least=58)
    delays = page.evaluate(LIVE_KNOB)
    yield from summarise("live training, switch of the noise to picture", delays, late=100)
    delays = page.evaluate(LIVE_SLIDER)
    yield from summarise("live training, slider of the KL weight to words", delays, late=100)


def measure_notebook(chromium: Any, address: str) -> Iterator[Measurement]:
    """How fast notebook 07 starts in JupyterLab, and how fast its sliders answer."""
    notebook = browser.Notebook(chromium, address, "07_latent_explorer.ipynb")
    page = notebook.page
    began = time.perf_counter()
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    notebook.start()
    page.locator(".vw-handle").first.wait_for()
    seconds = time.perf_counter() - began
    yield Measurement("notebook 07, kernel start to first widget", seconds, "s", at_most=5)
    notebook.finish()
    page.locator(".widget-slider [role=slider]").first.focus()
    page.evaluate(KEYS)
    for key in ["ArrowLeft"] * 40 + ["ArrowRight"] * 20:
        page.keyboard.press(key)
        page.wait_for_timeout(250)
    delays = page.evaluate("window.delays")
    yield from summarise("slider, key to picture, through the kernel", delays, median=60, late=150)


def summarise(
    what: str, milliseconds: list[float], late: float, median: float | None = None
) -> Iterator[Measurement]:
    """The median of many delays, and the delay that 95% of them keep."""
    middle, most = np.percentile(milliseconds, [50, 95])
    note = f"{len(milliseconds)} times"
    yield Measurement(f"{what}: median", float(middle), "ms", at_most=median, note=note)
    yield Measurement(f"{what}: 95% within", float(most), "ms", at_most=late)
