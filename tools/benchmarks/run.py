"""Speed, memory and quality beside the peers: python -m tools.benchmarks.run [part …]

A run of all parts, about 40 minutes, writes results.md. A run of some parts only prints them. To
add a part, write a function that yields measurements and name it in PARTS.
"""

import argparse
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from tools.benchmarks.jax_step import measure_jax
from tools.benchmarks.lesson import measure_lesson
from tools.benchmarks.live import measure_live
from tools.benchmarks.measurement import Measurement
from tools.benchmarks.peer import CONVOLUTIONAL_EPOCHS, train_peer
from tools.benchmarks.run_notebook import empty_home, run_notebook
from tools.benchmarks.widgets import measure_widgets
from tools.publish.notebooks import NOTEBOOKS
from vae_lib import data, evaluation, machine, models, settings, shipped, training
from vae_lib.inference import NumpyVAE

PAGE = Path(__file__).with_name("results.md")
HEAD = """\
# Benchmarks

Written by `make bench` in one run on {date}, on {cores} cores ({system}, no GPU, Python {python}).
NumPy's float32 matrix products ran at {rate:.0f} GFLOP/s before it. Losses are nats per image: the
negative ELBO on grey pixels with one sampled code per image.
"""
TABLE = "| what | bar | measured | |\n|---|---|---|---|"
# the shortest training that passes the peer, chosen on validation images
SHORT_EPOCHS = 2
SHORT_LEARNING_RATE = 4e-3
ROUNDS = 8  # of training steps and matrix products in turn, so that both see the same noise
STEPS = 25  # training steps a round
FIRST_DECODE = """
import sys
import time
began = time.perf_counter()
from vae_lib import shipped
shipped.load_pretrained().decode([[0.0, 0.0]])
seconds = time.perf_counter() - began
status = open("/proc/self/status").read()
kibibytes = int(status.partition("VmHWM:")[2].split()[0])
print(seconds, kibibytes / 1024, "tensorflow" in sys.modules)
"""


def measure_training(digits: data.Digits) -> Iterator[Measurement]:
    """Notebook 05's training, and how much of the machine's arithmetic its steps reach."""
    with empty_home():
        began = time.perf_counter()
        run = training.train(models.build_vae(), digits, progress=False)
        seconds = time.perf_counter() - began
    yield Measurement("notebook 05's training", seconds, "s", at_most=80)
    loss = run.history["val_loss"][-1]
    yield Measurement("its validation negative ELBO", loss, "nats", at_most=141)
    step = make_training_step(digits)
    operations = settings.BATCH_SIZE * count_training_operations()
    seconds_a_step, shares = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(STEPS):
            step()
        seconds = (time.perf_counter() - began) / STEPS
        seconds_a_step.append(seconds)
        shares.append(operations / seconds / machine.matmul_rate())
    milliseconds = 1000 * float(np.median(seconds_a_step))
    yield Measurement(f"a training step, batch {settings.BATCH_SIZE}", milliseconds, "ms")
    share = 100 * float(np.median(shares))
    yield Measurement("its share of the rate of NumPy's matrix products", share, "%")
    yield Measurement("matrix products of the first layer by XLA", measure_products(), "GFLOP/s")


def make_training_step(digits: data.Digits) -> Callable[[], object]:
    """One step of notebook 05's training on its first batch, compiled already."""
    vae = models.build_vae()
    training.train(vae, digits.take(train=1024), epochs=1, progress=False)
    batches = training.training_batches(
        digits.train.images, settings.BATCH_SIZE, settings.INPUT_DROPOUT, 0, 0
    )
    batch = next(batches)
    return lambda: vae.train_on_batch(*batch)


def count_training_operations() -> int:
    """Floating-point operations to train on one image: two a weight forward, four backward.

    Only matrix products count. The first layer needs no gradient of its input, which saves two.
    """
    widths = [int(np.prod(settings.IMAGE_SHAPE)), *settings.HIDDEN_UNITS]
    hidden = sum(a * b for a, b in pairwise(widths))
    heads_and_first_decoder_layer = 3 * settings.LATENT_DIM * widths[-1]
    weights = 2 * hidden + heads_and_first_decoder_layer
    return 6 * weights - 2 * widths[0] * widths[1]


def measure_products() -> float:
    """GFLOP/s of the first layer's products by XLA alone: what training could reach."""
    import tensorflow as tf  # here, because vae_lib must come first to keep it quiet

    batch, pixels, units = settings.BATCH_SIZE, 784, settings.HIDDEN_UNITS[0]
    random = np.random.default_rng(0)
    images = tf.constant(random.random((batch, pixels), np.float32))
    weights = tf.constant(random.random((pixels, units), np.float32))
    gradient = tf.constant(random.random((batch, units), np.float32))

    @tf.function(jit_compile=True, autograph=False)
    def multiply(images, weights, gradient):  # arguments, or XLA would multiply once and for all
        forward = tf.matmul(images, weights)
        of_weights = tf.matmul(images, gradient, transpose_a=True)
        of_images = tf.matmul(gradient, weights, transpose_b=True)
        return forward, of_weights, of_images

    seconds = find_median_seconds(multiply, images, weights, gradient)
    return 6 * batch * pixels * units / seconds / 1e9


def measure_shipped(digits: data.Digits) -> Iterator[Measurement]:
    """The quality of the weights that ship."""
    model = shipped.load_pretrained()
    test = data.normalize(digits.test.images)
    score = evaluation.estimate_negative_elbo(model, test)
    spread = f"± {score.standard_error:.2f}"
    yield Measurement(
        "shipped `mnist-2d`, test negative ELBO", score.mean, "nats", at_most=133, note=spread
    )
    train_codes, _ = model.encode(data.normalize(digits.train.images))
    test_codes, _ = model.encode(test)
    accuracy = evaluation.knn_accuracy(
        train_codes, digits.train.labels, test_codes, digits.test.labels
    )
    yield Measurement("its 15-NN accuracy on test codes", 100 * accuracy, "%", at_least=86)
    yield Measurement("the same of VAE Explainer's model", 150.8, "nats", note="as reported")
    yield Measurement("and its accuracy", 73.0, "%", note="as reported")


def measure_peer(digits: data.Digits) -> Iterator[Measurement]:
    """Time to the loss at which Keras' documented convolutional VAE ends, on the same images."""
    test = data.normalize(digits.test.images)
    peer, peer_seconds = train_peer(digits)
    peer_loss = evaluation.estimate_negative_elbo(peer, test).mean
    name = f"Keras' convolutional VAE, {CONVOLUTIONAL_EPOCHS} epochs"
    yield Measurement(f"{name}: training", peer_seconds, "s")
    yield Measurement(f"{name}: test negative ELBO", peer_loss, "nats")
    vae = models.build_vae()
    with empty_home():
        began = time.perf_counter()
        training.train(
            vae, digits, epochs=SHORT_EPOCHS, learning_rate=SHORT_LEARNING_RATE, progress=False
        )
        seconds = time.perf_counter() - began
    loss = evaluation.estimate_negative_elbo(NumpyVAE.from_keras(vae), test).mean
    name = f"ours, {SHORT_EPOCHS} epochs"
    yield Measurement(f"{name}: training", seconds, "s", at_most=peer_seconds / 50)
    yield Measurement(f"{name}: test negative ELBO", loss, "nats", at_most=peer_loss)


def measure_inference(digits: data.Digits) -> Iterator[Measurement]:
    """What the widgets wait for: the import, and decoding."""
    seconds, megabytes = [], []
    for _ in range(5):
        command = [sys.executable, "-c", FIRST_DECODE]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        taken, size, loads_tensorflow = done.stdout.split()
        if loads_tensorflow == "True":
            raise RuntimeError("Decoding with the shipped model loads TensorFlow.")
        seconds.append(float(taken))
        megabytes.append(float(size))
    what = "import, load, first decode"
    yield Measurement(what, float(np.median(seconds)), "s", at_most=1)
    yield Measurement(f"{what}: memory", float(np.median(megabytes)), "MB", at_most=150)
    vae = models.build_vae()
    model = NumpyVAE.from_keras(vae)
    for count, bar in ((1, 1), (900, 20)):
        z = np.zeros((count, 2), np.float32)
        numpy_milliseconds = 1000 * find_median_seconds(model.decode, z)
        keras_milliseconds = 1000 * find_median_seconds(vae.decode, z)
        what = f"decoding {count} codes"
        yield Measurement(f"{what} by NumPy", numpy_milliseconds, "ms", at_most=bar)
        yield Measurement(f"{what} by Keras", keras_milliseconds, "ms")


def find_median_seconds(function: Callable, *arguments: object) -> float:
    """Of fifteen calls, after a first one that may compile."""
    function(*arguments)
    seconds = []
    for _ in range(15):
        began = time.perf_counter()
        function(*arguments)
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))


def measure_notebooks(digits: data.Digits) -> Iterator[Measurement]:
    """Time and peak memory of each notebook's kernel, from nothing to its last cell."""
    for path in NOTEBOOKS:
        kernel = run_notebook(path)
        trains = path.name.startswith("05")
        needs_no_keras = path.name.startswith("07")
        name = f"`{path.stem}`"
        yield Measurement(f"{name}, time", kernel.seconds, "s", at_most=180 if trains else 90)
        yield Measurement(
            f"{name}, peak anonymous memory",
            kernel.anonymous,
            "MB",
            at_most=200 if needs_no_keras else 800,
        )


PARTS = {
    "training": measure_training,
    "jax": measure_jax,
    "shipped": measure_shipped,
    "peer": measure_peer,
    "inference": measure_inference,
    "notebooks": measure_notebooks,
    "widgets": measure_widgets,
    "live": measure_live,
    "lesson": measure_lesson,
}
TITLES = {  # where the part's name is no title
    "jax": "A training step beside JAX",
    "live": "Live training in a notebook, its view open",
    "lesson": "All kernels together while the series is read, each tab closed after its notebook",
}


def main(names: list[str]) -> None:
    """Measure the parts asked for, all if none, and print each row as it comes."""
    digits = data.load_digits("mnist")
    found = machine.describe()
    head = HEAD.format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=found["cores"],
        system=f"{platform.machine()}, {platform.system()}",
        python=found["python"],
        rate=machine.matmul_rate() / 1e9,
    )
    sections = [head]
    for name in names or PARTS:
        rows = []
        for measurement in PARTS[name](digits):
            rows.append(measurement.to_row())
            print(rows[-1], flush=True)
        if rows:
            title = TITLES.get(name, name.capitalize())
            sections.append("\n".join([f"## {title}", "", TABLE, *rows, ""]))
    if not names:
        PAGE.write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all if none is named")
    parts = parser.parse_args().parts
    unknown = set(parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {min(unknown)!r}: choose from {', '.join(PARTS)}")
    main(parts)
