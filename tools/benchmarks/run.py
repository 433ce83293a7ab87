"""Speed, memory and quality beside the peers, all in one run: python -m tools.benchmarks.run [--quick] [part ...]

Writes tools/benchmarks/results.md, a table a part, and the same as results.json. --quick trains the slow
peer for two epochs, takes its time for all 30 from them and its loss from peer.json, the last full
run; the table says so.
"""

import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from tools.benchmarks.kernels import NOTEBOOKS, empty_home, run_notebook
from tools.benchmarks.peer import CONVOLUTIONAL_EPOCHS, train_peer
from tools.benchmarks.widgets import measure_widgets
from vae_lib import data, evaluation, machine, settings, training
from vae_lib.inference import NumpyVAE
from vae_lib.models import build_vae
from vae_lib.shipped import load_pretrained

HERE = Path(__file__).resolve().parent
RESULTS, PEER = HERE / "results.md", HERE / "peer.json"
SHORT = {
    "epochs": 2,
    "learning_rate": 4e-3,
}  # the shortest training that passes the peer, chosen on validation
IMPORT = """
import sys, time; began = time.perf_counter()
from vae_lib.shipped import load_pretrained
load_pretrained().decode([[0.0, 0.0]]); seconds = time.perf_counter() - began
kib = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(seconds, kib / 1024, "tensorflow" in sys.modules or "keras" in sys.modules)
"""


def main(quick: bool, only: list[str]) -> None:
    """Measure the parts asked for (all if none), and write each into the page as it comes."""
    digits = data.load_digits("mnist")
    test = data.normalize(digits.test.images)
    parts = {
        "training": lambda: _training(digits),
        "shipped": lambda: _shipped(digits, test),
        "peer": lambda: _peer(digits, test, quick),
        "inference": lambda: [_import(), _decode()],
        "notebooks": _notebooks,
        "widgets": lambda: measure_widgets(digits),
    }
    found = machine.describe()
    results = (
        json.loads(RESULTS.with_suffix(".json").read_text())
        if RESULTS.with_suffix(".json").exists()
        else {}
    )
    for part in only or parts:
        rows = []
        for row in parts[part]():
            print(*row, sep=" | ", flush=True)
            rows.append([*row[:3], bool(row[3])])
        results[part] = {
            "how": f"{datetime.now(UTC):%Y-%m-%d}, `make {'bench-quick' if quick else 'bench'}`, "
            f"{found['cores']} cores ({platform.machine()}, {platform.system()}, no GPU, Python {found['python']}; "
            f"NumPy's float32 matrix products ran at {machine.matmul_rate() / 1e9:.0f} GFLOP/s at that hour)",
            "rows": rows,
        }
        RESULTS.with_suffix(".json").write_text(json.dumps(results, indent=1) + "\n")
        RESULTS.write_text(
            _page({name: results[name] for name in parts if name in results}), encoding="utf-8"
        )


def _page(results: dict) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Losses are nats per image: negative ELBO on grey pixels, one sampled code an image.",
    ]
    for part, result in results.items():
        lines += [
            "",
            f"## {part.capitalize()}",
            "",
            f"{result['how']}.",
            "",
            "| what | bar | measured | |",
        ]
        lines += ["|---|---|---|---|"]
        for what, bar, measured, met in result["rows"]:
            lines.append(
                f"| {what} | {bar} | {measured} | {('met' if met else '**missed**') if bar else ''} |"
            )
    return "\n".join([*lines, ""])


def _training(digits: data.Digits) -> list[tuple]:
    """Notebook 05's training, and how much of the machine's arithmetic it reaches."""
    with empty_home():
        began = time.perf_counter()
        run = training.train(build_vae(), digits, progress=False)
        seconds = time.perf_counter() - began
    loss = run.history["val_loss"][-1]
    share, ours, machines = _arithmetic(digits)
    return [
        (
            "notebook 05's training, MNIST",
            "under 120 s",
            f"{seconds:.0f} s for {settings.EPOCHS} epochs",
            seconds < 120,
        ),
        ("its validation negative ELBO", "141 or less", f"{loss:.2f}", loss <= 141),
        (
            "arithmetic reached in training steps, of this machine's float32 matrix products",
            "70% or more",
            f"{share:.0%} ({ours / 1e9:.0f} of {machines / 1e9:.0f} GFLOP/s)",
            share >= 0.7,
        ),
        (
            "matrix products of the first layer's shape by XLA alone, forward and both gradients",
            "",
            f"{_products() / 1e9:.0f} GFLOP/s",
            True,
        ),
    ]


def _products(
    batch: int = settings.BATCH_SIZE, pixels: int = 784, units: int = settings.HIDDEN_UNITS[0]
) -> float:
    """What is left for training to reach: XLA's own rate at these shapes, with nothing between the products."""
    import tensorflow as tf  # here, because vae_lib must come first to keep it quiet

    random = np.random.default_rng(0)
    x, w, g = (
        random.random(shape, np.float32)
        for shape in ((batch, pixels), (pixels, units), (batch, units))
    )
    x, w, g = map(tf.constant, (x, w, g))
    # an argument each, or XLA would work out constant products once and for all
    products = tf.function(
        lambda x, w, g: (
            x @ w,
            tf.matmul(x, g, transpose_a=True),
            tf.matmul(g, w, transpose_b=True),
        ),
        jit_compile=True,
        autograph=False,
    )
    return 6 * batch * pixels * units / _median_seconds(products, x, w, g)


def _arithmetic(
    digits: data.Digits, rounds: int = 8, steps: int = 25
) -> tuple[float, float, float]:
    """Median over rounds; each times steps and then matrix products, so that both see the same noise."""
    vae, rates = build_vae(), []
    training.train(vae, digits._replace(train=_first(digits.train, 1024)), epochs=1, progress=False)
    batch = next(
        training.training_batches(
            digits.train.images, settings.BATCH_SIZE, settings.INPUT_DROPOUT, 0, 0
        )
    )
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(steps):
            vae.train_on_batch(*batch)
        operations = steps * settings.BATCH_SIZE * training_operations()
        rates.append((operations / (time.perf_counter() - began), machine.matmul_rate()))
    ours, machines = np.median(rates, axis=0)
    return float(np.median([a / b for a, b in rates])), ours, machines


def training_operations() -> int:
    """Floating-point operations to train on one image: two a weight forward, four backward.

    Only matrix products count. The first layer needs no gradient of its input, which saves two.
    """
    widths = [int(np.prod(settings.IMAGE_SHAPE)), *settings.HIDDEN_UNITS]
    hidden = sum(a * b for a, b in pairwise(widths))
    weights = (
        2 * hidden + 3 * settings.LATENT_DIM * widths[-1]
    )  # two heads, and the decoder's first layer
    return 6 * weights - 2 * widths[0] * widths[1]


def _shipped(digits: data.Digits, test: np.ndarray) -> list[tuple]:
    model = load_pretrained()
    score = evaluation.estimate_negative_elbo(model, test)
    codes = np.concatenate(
        [model.encode(data.normalize(part))[0] for part in np.array_split(digits.train.images, 20)]
    )
    accuracy = evaluation.knn_accuracy(
        codes, digits.train.labels, model.encode(test)[0], digits.test.labels
    )
    return [
        ("shipped `mnist-2d`, test negative ELBO", "133.0 or less", str(score), score.mean <= 133),
        ("its 15-NN accuracy on test codes", "86% or more", f"{accuracy:.1%}", accuracy >= 0.86),
        ("VAE Explainer's shipped model, for comparison", "", "150.8, and 73.0% (reported)", True),
    ]


def _peer(digits: data.Digits, test: np.ndarray, quick: bool) -> list[tuple]:
    """Time to the loss that Keras' documented convolutional VAE ends at, on the same images."""
    if quick:
        seconds = train_peer(digits, epochs=2)[1] * CONVOLUTIONAL_EPOCHS / 2
        loss, how = (
            json.loads(PEER.read_text())["loss"],
            "2 epochs timed, times 15; loss of an earlier full run",
        )
    else:
        model, seconds = train_peer(digits)
        loss, how = (
            evaluation.estimate_negative_elbo(model, test).mean,
            f"{CONVOLUTIONAL_EPOCHS} epochs",
        )
        PEER.write_text(json.dumps({"loss": loss, "seconds": seconds}) + "\n")
    with empty_home():
        began = time.perf_counter()
        vae = build_vae()
        training.train(vae, digits, **SHORT, progress=False)
        ours = time.perf_counter() - began
    score = evaluation.estimate_negative_elbo(NumpyVAE.from_keras(vae), test)
    met = score.mean <= loss and ours <= seconds / 50
    return [
        (
            "Keras' documented convolutional VAE, 50,000 images",
            "",
            f"{loss:.1f} nats after {seconds:.0f} s ({how})",
            True,
        ),
        (
            "time to that test loss, as a share of the peer's",
            "1/50 or less",
            f"1/{seconds / ours:.0f}: {score.mean:.1f} nats after {ours:.0f} s ({SHORT['epochs']} epochs)",
            met,
        ),
    ]


def _import() -> tuple:
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    values = [run.stdout.split() for run in runs]
    seconds, mebibytes = (
        np.median([float(value[column]) for value in values]) for column in (0, 1)
    )
    heavy = any(value[2] == "True" for value in values)
    return (
        "import `vae_lib.inference`, load, first decode (median of 5)",
        "under 1 s, 150 MB, no TensorFlow",
        f"{seconds:.2f} s, {mebibytes:.0f} MB, {'TensorFlow!' if heavy else 'no TensorFlow'}",
        seconds < 1 and mebibytes < 150 and not heavy,
    )


def _decode() -> tuple:
    """One code and 900, by NumPy, by calling the Keras model, and by its predict."""
    vae = build_vae()
    model, texts, own = NumpyVAE.from_keras(vae), [], []
    for count in (1, 900):
        z = np.zeros((count, 2), np.float32)
        ways = (model.decode, vae.decode, lambda codes: vae.decoder.predict(codes, verbose=0))
        taken = [1000 * _median_seconds(way, z) for way in ways]
        own.append(taken[0])
        texts.append(
            f"{count}: " + ", ".join(f"{milliseconds:.2g}" for milliseconds in taken) + " ms"
        )
    what = "decoding 1 and 900 codes by NumPy; Keras called and Keras' predict beside it (median of 15)"
    return (what, "1 ms, 20 ms", "; ".join(texts), own[0] < 1 and own[1] < 20)


def _median_seconds(function: Callable, *arguments: object) -> float:
    seconds = []
    for _ in range(16):
        began = time.perf_counter()
        function(*arguments)
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds[1:]))


def _notebooks() -> Iterator[tuple]:
    """Peak anonymous memory and time of each notebook's kernel, from nothing to its last cell."""
    for path in NOTEBOOKS:
        kernel, limit = run_notebook(path), 180 if path.name.startswith("05") else 90
        room = 200 if path.name.startswith("07") else 800
        memory, seconds = f"{kernel.anonymous:.0f} MB", f"{kernel.seconds:.0f} s"
        yield (
            f"`{path.name}`, kernel's peak anonymous memory",
            f"{room} MB",
            memory,
            kernel.anonymous <= room,
        )
        yield f"`{path.name}`, time", f"{limit} s", seconds, kernel.seconds <= limit


def _first(split: data.Split, count: int) -> data.Split:
    return data.Split(split.images[:count], split.labels[:count])


if __name__ == "__main__":
    main("--quick" in sys.argv, [argument for argument in sys.argv[1:] if argument != "--quick"])
