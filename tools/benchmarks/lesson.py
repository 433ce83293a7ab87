"""The memory of a whole lesson: python -m tools.benchmarks.lesson [00 01 …]

The notebooks are opened one after another in JupyterLab, in a real browser, as a reader does: the
next one opens beside the last, then the last one's tab is closed, then all cells are run. What all
kernels hold together is what Binder or a hub counts.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tools import browser
from tools.benchmarks.measurement import Measurement
from tools.benchmarks.run_notebook import repeat
from tools.publish.notebooks import NOTEBOOKS
from vae_lib import data

BAR = 1600  # MB, of the 2 GB that Binder gives; the rest is the server's
OPEN = """async (path) => {
  const { commands, shell } = jupyterapp;
  const panel = await commands.execute("docmanager:open", { path, factory: "Notebook" });
  await panel.context.ready;
  await panel.sessionContext.ready;
  shell.activateById(panel.id);
}"""
CLOSE = """async (path) => {
  const panels = [...jupyterapp.shell.widgets("main")];
  const panel = panels.find((one) => one.context?.path === path);
  await panel.context.save();
  panel.close();
}"""
RUN = """async () => {
  await jupyterapp.commands.execute("notebook:run-all-cells");
  const { content } = jupyterapp.shell.currentWidget;
  return content.model.toJSON().cells
    .flatMap(({ outputs }) => outputs ?? [])
    .filter((output) => output.output_type === "error")
    .map((output) => output.evalue);
}"""


@dataclass
class Kernels:
    """What all kernels below this process hold together.

    Attributes:
        peaks: the largest sum of anonymous memory in MB, by the notebook that was being read.
        reading: that notebook.
    """

    peaks: dict[str, float] = field(default_factory=dict)
    reading: str = ""

    def look(self) -> None:
        """Add up what they hold now, once there is a notebook to count it for."""
        if not self.reading:
            return
        held = 0.0
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # it has just ended
                if any("ipykernel" in word for word in process.cmdline()):
                    memory = process.memory_info()
                    held += (memory.rss - memory.shared) / 2**20
        self.peaks[self.reading] = max(held, self.peaks.get(self.reading, 0.0))


def read(page: Any, names: list[str], kernels: Kernels) -> None:
    """Go through the notebooks in an open JupyterLab.

    Raises:
        RuntimeError: a cell failed.
    """
    last = None
    for name in names:
        kernels.reading = name
        page.evaluate(OPEN, f"notebooks/{name}")
        if last:
            page.evaluate(CLOSE, f"notebooks/{last}")
        faults = page.evaluate(RUN)
        if faults:
            raise RuntimeError(f"{name} failed in JupyterLab: {faults[0]}")
        last = name


def measure_lesson(
    digits: data.Digits | None, numbers: list[str] | None = None
) -> Iterator[Measurement]:
    """The peak of all kernels' anonymous memory, for each notebook and for the series."""
    names = [path.name for path in NOTEBOOKS if not numbers or path.name[:2] in numbers]
    kernels = Kernels()
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.open_chromium() as chromium,
        browser.start_lab(Path(folder)) as address,
        repeat(kernels.look, 0.1),
    ):
        page = chromium.new_page(viewport={"width": 1300, "height": 1000})
        page.set_default_timeout(0)
        page.goto(f"{address}/lab?token={browser.TOKEN}&reset")
        page.wait_for_function("window.jupyterapp")
        page.evaluate("jupyterapp.restored.then(() => undefined)")
        read(page, names, kernels)
    for name, peak in kernels.peaks.items():
        yield Measurement(f"`{Path(name).stem}`, and what was open before", peak, "MB")
    peak = max(kernels.peaks.values())
    yield Measurement("the largest of these sums", peak, "MB", at_most=BAR)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("numbers", nargs="*", help="notebooks to read, such as 05; all if none")
    for measurement in measure_lesson(None, parser.parse_args().numbers):
        print(measurement.to_row(), flush=True)


if __name__ == "__main__":
    main()
