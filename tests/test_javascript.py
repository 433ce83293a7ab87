"""The widgets' JavaScript: unit tests in Node, numbers as Python's, built files up to date."""

import base64
import json
import os
import re
import shutil
import subprocess
from itertools import pairwise

import numpy as np
import pytest

from tests.conftest import REPOSITORY
from vae_lib import data, formulas, number_reader, ood, outliers, plots, segmentation
from vae_lib.composed_numbers import compose_numbers
from vae_lib.inference import NumpyVAE
from vae_lib.widgets import postal_code, shared

SOURCES = REPOSITORY / "vae_lib" / "widgets" / "js"
TESTS = sorted((REPOSITORY / "tests" / "javascript").glob("*.test.js"))
PARTS = ("encoder", "z_mean", "z_log_var", "decoder")
WIDTHS = {
    "encoder": (784, 12, 6),
    "z_mean": (6, 2),
    "z_log_var": (6, 2),
    "decoder": (2, 6, 12, 784),
}
OLDEST_NODE = (20, 10)


def node_is_here() -> bool:
    if shutil.which("node") is None:
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    return tuple(map(int, re.findall(r"\d+", version)[:2])) >= OLDEST_NODE


needs_node = pytest.mark.skipif(
    not node_is_here(), reason="No Node.js 20.10 or newer here: the JavaScript is not unit-tested."
)
needs_packages = pytest.mark.skipif(
    not (REPOSITORY / "node_modules" / "esbuild").is_dir(),
    reason="npm's packages are not here (npm ci): built JavaScript is not compared to source.",
)


def run(*command: object, **environment: str) -> None:
    """Run a command in the repository; what it prints is the message of its failure."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@needs_node
def test_the_unit_tests_pass_and_the_numbers_are_pythons(tmp_path, digits):
    path = tmp_path / "parity.json"
    path.write_text(json.dumps(numbers_of_python(digits)))
    run("node", "--no-warnings", "--test", *TESTS, VAE_LIB_PARITY=str(path))


def numbers_of_python(digits):
    """What parity.test.js compares: small models, formulas alone, digits framed, whole numbers."""
    random = np.random.default_rng(0)
    images = data.normalize(digits.test.images[:4])
    epsilons = random.normal(size=(3, 2)).astype(np.float32)
    logits = random.normal(0, 6, images.shape)
    means, log_vars = random.normal(size=(5, 3)), random.normal(0, 2, (5, 3))
    x = np.linspace(-12, 12, 49)
    return {
        "images": images.reshape(4, -1).tolist(),
        "epsilons": epsilons.tolist(),
        "digits": base64.b64encode(digits.test.images[:40].tobytes()).decode(),
        "models": [numbers_of_model(bits, images, epsilons) for bits in (16, 8)],
        "told": numbers_of_told_models(images),
        "sheets": [numbers_of_sheet(number.ink) for number in compose_numbers(digits.test, 8, 5)],
        "ood": numbers_of_score(images),
        "formulas": {
            "x": x.tolist(),
            "gelu": formulas.gelu(x).tolist(),
            "sigmoid": formulas.sigmoid(x).tolist(),
            "means": means.tolist(),
            "log_vars": log_vars.tolist(),
            "kl": formulas.gaussian_kl(means, log_vars).tolist(),
            "logits": logits.reshape(4, -1).tolist(),
            "nll": formulas.bernoulli_nll(images, logits).tolist(),
            "floor": formulas.entropy_floor(images).tolist(),
        },
    }


def numbers_of_model(bits, images, epsilons):
    model = small_model(bits)
    weights, layers = shared.pack_weights(model, PARTS, bits)
    z_mean, z_log_var = model.encode(images)
    deviation = np.exp(0.5 * z_log_var)
    samples = [model.decode_logits(z_mean + deviation * epsilon) for epsilon in epsilons]
    reconstructions = [formulas.bernoulli_nll(images, logits) for logits in samples]
    return {
        "bits": bits,
        "weights": base64.b64encode(weights).decode(),
        "layers": layers,
        "z_mean": z_mean.tolist(),
        "z_log_var": z_log_var.tolist(),
        "logits": model.decode_logits(z_mean).reshape(len(images), -1).tolist(),
        "pixels": model.decode(z_mean).reshape(len(images), -1).tolist(),
        "reconstruction": np.mean(reconstructions, axis=0).tolist(),
        "kl": formulas.gaussian_kl(z_mean, z_log_var).tolist(),
    }


def numbers_of_sheet(ink):
    """The pieces of a composed number, each framed, and both halves of all ways to cut each."""
    raw = np.round(255 * ink).astype(np.uint8)
    pieces = segmentation.find_pieces(raw.astype(np.float32) / np.float32(255))
    return {
        "ink": base64.b64encode(raw.tobytes()).decode(),
        "width": raw.shape[1],
        "height": raw.shape[0],
        "pieces": [describe_piece(piece) for piece in pieces],
        "framed": [piece.framed().ravel().tolist() for piece in pieces],
        "cuts": [
            [[describe_piece(half) for half in way] for way in segmentation.cut_piece(piece)]
            for piece in pieces
        ],
    }


def describe_piece(piece):
    return [piece.left, piece.top, piece.width, piece.height, float(piece.ink.sum())]


def numbers_of_told_models(images):
    """The ten bounds, probabilities and scores of a small class-conditional model."""
    random = np.random.default_rng(2)
    weights = dict(small_model(16).weights)
    for layer in ("encoder_0", "decoder_0"):
        kernel = weights[f"{layer}_kernel"]
        for_labels = random.normal(0, 1, (10, kernel.shape[1])).astype(np.float32)
        weights[f"{layer}_kernel"] = np.concatenate([kernel, for_labels])
    models = [NumpyVAE(weights, label) for label in range(10)]
    answer = number_reader.BoundAnswer(models)
    bounds, scores = answer(images)
    packed, layers = shared.pack_weights(models[0], PARTS, 16)
    biases = postal_code.pack_first_biases(models)
    return {
        "weights": base64.b64encode(packed).decode(),
        "layers": layers,
        "biases": [base64.b64encode(part).decode() for part in biases],
        "bounds": bounds.tolist(),
        "scores": scores.tolist(),
        "chances": formulas.softmax(bounds / 5).tolist(),
    }


def numbers_of_score(images):
    """The canonical frame of digits in several styles, and their out-of-distribution score."""
    styles = [images, 0.4 * images, *outliers.alter_digits(images).values()]
    drawn = np.concatenate([*styles, np.roll(images, 9, axis=1)])  # the last ones leave the frame
    random = np.random.default_rng(2)
    codes = random.normal(size=(60, 2)).astype(np.float32)
    code_model, image_model = small_model(16), small_model(8)
    score = ood.OODScore(code_model, codes, np.zeros(60, int), image_model, np.zeros(101))
    return {
        "images": drawn.reshape(len(drawn), -1).tolist(),
        "framed": ood.canonical_frame(drawn).reshape(len(drawn), -1).tolist(),
        "codes": codes.ravel().tolist(),
        "score": score.score(drawn).tolist(),
    }


def small_model(bits):
    """A NumpyVAE with random weights that survive the packing exactly."""
    random, weights = np.random.default_rng(1), {}
    for part, widths in WIDTHS.items():
        for number, (rows, columns) in enumerate(pairwise(widths)):
            if bits == 16:
                kernel = random.normal(0, rows**-0.5, (rows, columns)).astype(np.float16)
            else:
                kernel = random.integers(-127, 128, (rows, columns)) * rows**-0.5 / 127
                kernel[0, 0] = rows**-0.5  # the largest, which sets the scale
            weights[f"{part}_{number}_kernel"] = kernel.astype(np.float32)
            weights[f"{part}_{number}_bias"] = random.normal(0, 0.3, columns).astype(np.float32)
    return NumpyVAE(weights)


@needs_node
@needs_packages
def test_the_built_files_are_those_of_the_sources(tmp_path):
    run("node", "--no-warnings", SOURCES / "build.js", tmp_path)
    built = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    stored = {path.name: path.read_text(encoding="utf-8") for path in shared.STATIC.iterdir()}
    stale = sorted(name for name in built | stored if built.get(name) != stored.get(name))
    assert stale == [], "The built JavaScript is older than its source: npm run build"


@pytest.mark.parametrize("path", sorted(shared.STATIC.iterdir()), ids=lambda path: path.name)
def test_built_files_are_whole_and_fetch_nothing(path):
    source = path.read_text(encoding="utf-8")
    for own in ("http://www.w3.org/2000/svg", 'url("#', "url(#"):
        source = source.replace(own, "")  # the name of SVG, and parts of the same document
    fetching = r"https?://|url\(|@import|fetch\(|XMLHttpRequest|^import\b|import\(|require\(|eval\("
    assert re.search(fetching, source, re.MULTILINE) is None


def test_colours_come_from_the_palette_that_plots_use():
    hex_colour = re.compile(r"#[0-9a-fA-F]{3,8}\b")
    for path in SOURCES.glob("*.js"):
        assert hex_colour.findall(path.read_text(encoding="utf-8")) == [], path.name
    built = (shared.STATIC / "latent_pad.js").read_text(encoding="utf-8")
    assert [colour for colour in [*plots.COLORS, plots.INK] if f'"{colour}"' not in built] == []


def test_the_lock_names_exact_versions_and_no_registry():
    lock = json.loads((REPOSITORY / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((REPOSITORY / "package.json").read_text(encoding="utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    for name, version in wanted["devDependencies"].items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
