"""Speed, memory and quality beside the peers, all in one run: python benchmarks/run.py [--quick]

Writes the table to benchmarks/results.md (a quick run to standard output alone). --quick trains the
slow peer for two epochs and takes its time for all 30 from them, its loss from the last full run.
"""

import json
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.peer import CONVOLUTIONAL_EPOCHS, train_peer
from vae_lib import data, evaluation, machine, settings, training
from vae_lib.inference import NumpyVAE, load_pretrained
from vae_lib.models import VAE

HERE = Path(__file__).resolve().parent
RESULTS, PEER = HERE / "results.md", HERE / "peer.json"
SHORT_EPOCHS = 2  # the shortest of our trainings that passes the peer's loss, chosen on validation
IMPORT = """
import sys, time; began = time.perf_counter()
from vae_lib.inference import load_pretrained
load_pretrained().decode([[0.0, 0.0]]); seconds = time.perf_counter() - began
kib = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(seconds, kib / 1024, "tensorflow" in sys.modules or "keras" in sys.modules)
"""


def main(quick: bool) -> None:
    digits = data.load_digits("mnist")
    test = data.normalize(digits.test.images)
    rows = [*_training(digits), *_shipped(digits, test), *_peer(digits, test, quick), _import(), *_notebooks()]
    table = ["| what | bar | measured | |", "|---|---|---|---|"]
    table += [f"| {what} | {bar} | {measured} | {'met' if met else '**missed**'} |" for what, bar, measured, met in rows]
    found = machine.describe()
    head = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} with `make {'bench-quick' if quick else 'bench'}` on {found['cores']} cores "
        f"({platform.machine()}, {platform.system()}, no GPU), Python {found['python']}, one run, side by side. "
        "Losses are nats per image: negative ELBO on grey pixels, one sampled code an image."
    )
    report = "\n".join(["# Benchmarks", "", head, "", *table, ""])
    print(report)
    if not quick:
        RESULTS.write_text(report, encoding="utf-8")


def _training(digits: data.Digits) -> list[tuple]:
    """Notebook 05's training, and how much of the machine's arithmetic it reaches."""
    with tempfile.TemporaryDirectory() as home, _home(home):
        began = time.perf_counter()
        run = training.train(VAE(), digits, progress=False)
        seconds = time.perf_counter() - began
    loss = run.history["val_loss"][-1]
    share, ours, machines = _arithmetic(digits)
    return [
        ("notebook 05's training, MNIST", "under 120 s", f"{seconds:.0f} s for {settings.EPOCHS} epochs", seconds < 120),
        ("its validation negative ELBO", "141 or less", f"{loss:.2f}", loss <= 141),
        (
            "arithmetic reached in training steps, of this machine's float32 matrix products",
            "70% or more",
            f"{share:.0%} ({ours / 1e9:.0f} of {machines / 1e9:.0f} GFLOP/s)",
            share >= 0.7,
        ),
    ]


def _arithmetic(digits: data.Digits, rounds: int = 8, steps: int = 25) -> tuple[float, float, float]:
    """Median over rounds; each times steps and then matrix products, so that both see the same noise."""
    vae, rates = VAE(), []
    training.train(vae, digits._replace(train=_first(digits.train, 1024)), epochs=1, progress=False)
    batch = next(training.training_batches(digits.train.images, settings.BATCH_SIZE, settings.MASK_RATE, 0, 0))
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(steps):
            vae.train_on_batch(*batch)
        operations = steps * settings.BATCH_SIZE * machine.training_operations()
        rates.append((operations / (time.perf_counter() - began), machine.matmul_rate()))
    ours, machines = np.median(rates, axis=0)
    return float(np.median([a / b for a, b in rates])), ours, machines


def _shipped(digits: data.Digits, test: np.ndarray) -> list[tuple]:
    model = load_pretrained()
    score = evaluation.negative_elbo(model, test)
    images = np.concatenate([digits.train.images, digits.validation.images])
    labels = np.concatenate([digits.train.labels, digits.validation.labels])
    codes = np.concatenate([model.encode(data.normalize(part))[0] for part in np.array_split(images, 20)])
    accuracy = evaluation.knn_accuracy(codes, labels, model.encode(test)[0], digits.test.labels)
    return [
        ("shipped `mnist-2d`, test negative ELBO", "133.0 or less", str(score), score.mean <= 133),
        ("its 15-NN accuracy on test codes", "86% or more", f"{accuracy:.1%}", accuracy >= 0.86),
        ("VAE Explainer's shipped model, for comparison", "", "150.8, and 73.0% (reported)", True),
    ]


def _peer(digits: data.Digits, test: np.ndarray, quick: bool) -> list[tuple]:
    """Time to the loss that Keras' documented convolutional VAE ends at, on the same images."""
    if quick:
        seconds = train_peer(digits, epochs=2)[1] * CONVOLUTIONAL_EPOCHS / 2
        loss, how = json.loads(PEER.read_text())["loss"], "time of 2 epochs times 15, loss of the last full run"
    else:
        model, seconds = train_peer(digits)
        loss, how = evaluation.negative_elbo(model, test).mean, f"{CONVOLUTIONAL_EPOCHS} epochs"
        PEER.write_text(json.dumps({"loss": loss, "seconds": seconds}) + "\n")
    with tempfile.TemporaryDirectory() as home, _home(home):
        began = time.perf_counter()
        vae = VAE()
        training.train(vae, digits, epochs=SHORT_EPOCHS, progress=False)
        ours = time.perf_counter() - began
    score = evaluation.negative_elbo(NumpyVAE.from_keras(vae), test)
    met = score.mean <= loss and ours <= seconds / 50
    return [
        ("Keras' documented convolutional VAE, 50,000 images", "", f"{loss:.1f} nats after {seconds:.0f} s ({how})", True),
        (
            "time to that test loss, as a share of the peer's",
            "1/50 or less",
            f"1/{seconds / ours:.0f}: {score.mean:.1f} nats after {ours:.0f} s ({SHORT_EPOCHS} epochs, compiling included)",
            met,
        ),
    ]


def _import() -> tuple:
    runs = [subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True) for _ in range(5)]
    values = [run.stdout.split() for run in runs]
    seconds, mebibytes = (np.median([float(value[column]) for value in values]) for column in (0, 1))
    heavy = any(value[2] == "True" for value in values)
    return (
        "import `vae_lib.inference`, load, first decode (median of 5)",
        "under 1 s, 150 MB, no TensorFlow",
        f"{seconds:.2f} s, {mebibytes:.0f} MB, {'TensorFlow!' if heavy else 'no TensorFlow'}",
        seconds < 1 and mebibytes < 150 and not heavy,
    )


def _notebooks() -> list[tuple]:
    """Peak anonymous memory and time of each notebook's kernel, from nothing to its last cell."""
    import nbformat
    from nbclient import NotebookClient

    rows = []
    for path in sorted((HERE.parent / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        peak, began = 0, time.perf_counter()
        with tempfile.TemporaryDirectory() as home, _home(home):
            folder = {"metadata": {"path": str(path.parent)}}
            client = NotebookClient(nbformat.read(path, as_version=4), kernel_name="python3", resources=folder)

            def look(cell: dict, cell_index: int, client: NotebookClient = client) -> None:
                nonlocal peak
                peak = max(peak, _anonymous_mib(client.km.provisioner.pid))

            client.on_cell_execute = client.on_cell_complete = look
            with _watch(client, look):
                client.execute()
        seconds, limit = time.perf_counter() - began, 180 if path.name.startswith("05") else 90
        rows.append((f"`{path.name}`, kernel's peak anonymous memory", "800 MB", f"{peak:.0f} MB", peak <= 800))
        rows.append((f"`{path.name}`, time", f"{limit} s", f"{seconds:.0f} s", seconds <= limit))
    return rows


class _watch:
    """Looks at the kernel's memory twenty times a second while cells run."""

    def __init__(self, client, look):
        import threading

        self.client, self.look, self.done = client, look, threading.Event()
        self.thread = threading.Thread(target=self.loop, daemon=True)

    def loop(self) -> None:
        while not self.done.wait(0.05):
            if getattr(self.client, "km", None) and self.client.km.has_kernel:
                self.look({}, 0)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_) -> None:
        self.done.set()
        self.thread.join()


def _anonymous_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")), 0)


def _first(split: data.Split, count: int) -> data.Split:
    return data.Split(split.images[:count], split.labels[:count])


class _home:
    """Runs with an empty VAE_LIB_HOME, as a new reader has it."""

    def __init__(self, folder: str):
        self.folder = folder

    def __enter__(self) -> None:
        import os

        self.before = os.environ.get("VAE_LIB_HOME")
        os.environ["VAE_LIB_HOME"] = self.folder

    def __exit__(self, *_) -> None:
        import os

        os.environ.pop("VAE_LIB_HOME")
        if self.before is not None:
            os.environ["VAE_LIB_HOME"] = self.before


if __name__ == "__main__":
    main(quick="--quick" in sys.argv[1:])
