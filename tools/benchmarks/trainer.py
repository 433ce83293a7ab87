"""How fast and how well the page's engine trains, in Node: one minute on 5,000 digits."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.benchmarks.measurement import Measurement
from tools.publish import site_page
from vae_lib import data

SCRIPT = Path(__file__).with_suffix(".mjs")
# REFERENCE in training_run.js: the codes of the first 2,000 of the 5,000 digits that it trains on
VOTE = (
    f"15-NN accuracy of {site_page.VALIDATED} validation codes among those of 2,000 training digits"
)
PACKAGES = Path(__file__).parents[2] / "node_modules"  # with what compiles the WebAssembly
MISSING = (
    "Node.js and the packages that npm installs are not both on this machine: the rows of the "
    "page's engine are left out."
)


def measure_trainer(digits: data.Digits) -> Iterator[Measurement]:
    """The trainer at its default knobs, frames and measurements included where it says so."""
    if shutil.which("node") is None or not PACKAGES.is_dir():
        print(MISSING)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_digits(Path(folder), digits)
        command = ["node", "--no-warnings", str(SCRIPT), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    yield Measurement("the page's engine, training alone", found["rate"], "images/s", at_least=3000)
    rate = found["images"] / found["seconds"]
    note = f"{found['frames'] / found['seconds']:.0f} frames a second"
    yield Measurement("the same, frames and measurements included", rate, "images/s", note=note)
    for seconds, bar, reached in zip((30, 60), (58, 62), found["accuracies"], strict=True):
        what = f"its {VOTE}, after {seconds} s"
        note = f"{reached['images']:,} images"
        accuracy = 100 * reached["accuracy"]
        yield Measurement(what, accuracy, "%", at_least=bar, note=note)


def write_digits(folder: Path, digits: data.Digits) -> None:
    """The digits that the page carries, as files of raw bytes."""
    train = digits.train
    validation = digits.validation
    parts = {
        "images": train.images[: site_page.TRAINED],
        "labels": train.labels[: site_page.TRAINED],
        "validationImages": validation.images[: site_page.VALIDATED],
        "validationLabels": validation.labels[: site_page.VALIDATED],
    }
    for name, array in parts.items():
        (folder / name).write_bytes(array.tobytes())
