"""The live training in JupyterLab with its view open: its speed beside train, and its answers."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tools import browser
from tools.benchmarks.measurement import Measurement
from tools.benchmarks.widgets import summarise
from vae_lib import data

ROUNDS = 5  # of train and live training in turn, so that both see the same noise
IMAGES = 50_000  # of a round's live training: an epoch, with its measurement
# an epoch of train after one that compiles; the live training's own model and batches
TRAIN = """import time
import keras
from vae_lib import data, models, training
from vae_lib.live import train_live
from vae_lib.live_trainer import BATCH_SIZE, HIDDEN_UNITS

class Times(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.steps = time.perf_counter() - self.began

    def on_epoch_end(self, epoch, logs=None):
        self.whole = time.perf_counter() - self.began

def train():
    times = Times()
    vae = models.build_vae(hidden_units=(HIDDEN_UNITS,))
    training.train(vae, digits, epochs=2, batch_size=BATCH_SIZE, input_dropout=0.0,
                   schedule=None, progress=False, callbacks=[times])
    images = len(digits.train.images)
    return images / times.whole, images / times.steps

digits = data.load_digits()"""
LAB = "lab = train_live(models.build_vae, digits)\nlab"
TRAIN_LIVE = """async (images) => {
  const root = document.querySelector(".vae-live").parentElement;
  const seen = () => Number(root.dataset.imagesSeen);
  const until = async (isSo) => {  // not by animation frames: they would make the page paint
    while (!isSo()) await new Promise((go) => setTimeout(go, 10));
    return performance.now();
  };
  const start = seen();
  root.querySelector("[data-action=play]").click();
  const began = await until(() => seen() > start);
  const first = seen();
  const ended = await until(() => seen() >= first + images);
  const last = seen();
  root.querySelector("[data-action=play]").click();
  await until(() => root.dataset.state === "paused");
  return (1000 * (last - first)) / (ended - began);
}"""
PLAY = """async () => {
  const root = document.querySelector(".vae-live").parentElement;
  const play = root.querySelector("[data-action=play]");
  const images = root.querySelectorAll(".vl-readings dd")[1];
  const delays = [];
  for (let k = 0; k < 10; k++) {
    const before = images.textContent;
    const began = performance.now();
    play.click();
    while (images.textContent === before) await new Promise(requestAnimationFrame);
    delays.push(performance.now() - began);
    play.click();
    while (root.dataset.state !== "paused") await new Promise(requestAnimationFrame);
    await new Promise((go) => setTimeout(go, 300));
  }
  return delays;
}"""
ASK = """async () => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  document.querySelector(".vae-live [data-action=play]").click();
  await new Promise((go) => setTimeout(go, 1000));
  const delays = [];
  for (let k = 0; k < 40; k++) {
    const began = performance.now();
    await kernel.requestExecute({ code: "1 + 1" }).done;
    delays.push(performance.now() - began);
    await new Promise((go) => setTimeout(go, 150));
  }
  document.querySelector(".vae-live [data-action=play]").click();
  return delays;
}"""


def measure_live(
    digits: data.Digits, rounds: int = ROUNDS, images: int = IMAGES
) -> Iterator[Measurement]:
    """The notebook's live training beside ``train``, in one kernel, drawn by a real browser."""
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.open_chromium() as chromium,
        browser.start_lab(Path(folder)) as address,
    ):
        browser.write_notebook(Path(folder), "live.ipynb", [TRAIN, LAB])
        notebook = browser.Notebook(chromium, address, "live.ipynb")
        for cell in (TRAIN, LAB):
            notebook.run_cell(cell)
        notebook.page.locator(".vae-live [data-action=play]:enabled").wait_for()
        notebook.page.evaluate(TRAIN_LIVE, 1)  # which compiles
        yield from measure_rate(notebook, rounds, images)
        delays = notebook.page.evaluate(PLAY)
        yield from summarise("play to the first change on screen", delays, late=2000)
        delays = notebook.page.evaluate(ASK)
        yield from summarise("another cell's answer while it trains", delays, late=500)


def measure_rate(notebook: Any, rounds: int, images: int) -> Iterator[Measurement]:
    """Images a second of both in turn, with all that each does between its steps."""
    whole, steps, live = [], [], []
    for _ in range(rounds):
        of_epoch, of_steps = notebook.ask("*train()").split()
        whole.append(float(of_epoch))
        steps.append(float(of_steps))
        live.append(notebook.page.evaluate(TRAIN_LIVE, images))
    note = f"{rounds} times in turn"
    unit = "images/s"
    yield Measurement("`train`, whole epochs", float(np.median(whole)), unit, note=note)
    yield Measurement("`train`, its steps alone", float(np.median(steps)), unit)
    what = "live training, frames and measurements included"
    yield Measurement(what, float(np.median(live)), unit)
    share = 100 * float(np.median(np.divide(live, whole)))
    yield Measurement("its share of `train`'s whole epochs", share, "%", at_least=80)
    share = 100 * float(np.median(np.divide(live, steps)))
    yield Measurement("its share of `train`'s steps alone", share, "%")
