"""Digits in: splits, sources, files that are not MNIST, and servers that misbehave."""

import hashlib
import io
import os
import re
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from vae_lib import data

SPLITS = ("train", "validation", "test")


def test_stand_in_has_its_three_splits(digits):
    assert repr(digits) == "Digits from sklearn: 1,297 train, 250 validation, 250 test"
    for split in (digits.train, digits.validation, digits.test):
        assert split.images.shape == (len(split.labels), 28, 28)
        assert split.images.dtype == split.labels.dtype == np.uint8


def test_each_split_has_its_share_of_every_digit(digits):
    everything = np.concatenate([getattr(digits, name).labels for name in SPLITS])
    for name in SPLITS:
        labels = getattr(digits, name).labels
        fair = np.bincount(everything) * len(labels) / len(everything)
        np.testing.assert_allclose(np.bincount(labels, minlength=10), fair, atol=2)


def test_no_digit_is_in_two_splits(digits):
    images = [image.tobytes() for name in SPLITS for image in getattr(digits, name).images]
    assert len(set(images)) == len(images) == 1_797


def test_stand_in_is_the_same_every_time(digits):
    again = data.load_digits("sklearn")
    for name in SPLITS:
        np.testing.assert_array_equal(getattr(again, name).images, getattr(digits, name).images)
        np.testing.assert_array_equal(getattr(again, name).labels, getattr(digits, name).labels)


def test_stand_in_fills_the_range_of_pixels(digits):
    assert (digits.train.images.min(), digits.train.images.max()) == (0, 255)


def test_stand_in_is_centred_by_mass_as_mnist_is(digits):
    centres = np.array([ndimage.center_of_mass(image) for image in digits.train.images])
    assert np.abs(centres - 14).max() <= 0.51


def test_mnist_has_its_three_splits(mnist):
    assert repr(mnist) == "Digits from mnist: 50,000 train, 10,000 validation, 10,000 test"


def test_normalize_divides_by_255_and_adds_an_axis():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 2, 3], images[1, 2, 4] = 255, 51
    normalised = data.normalize(images)
    assert (normalised.shape, normalised.dtype) == ((2, 28, 28, 1), np.float32)
    assert normalised[1, 2, 3:5, 0].tolist() == pytest.approx([1, 0.2])
    assert images[1, 2, 3] == 255


def test_normalize_keeps_to_the_unit_range(digits):
    normalised = data.normalize(digits.test.images)
    assert (normalised.min(), normalised.max()) == (0, 1)


@pytest.mark.parametrize(
    ("images", "fault", "words"),
    [
        (
            np.zeros((2, 28, 28)),
            TypeError,
            "uint8, received float64: pass the images that load_digits",
        ),
        (
            np.zeros((2, 28, 28, 1), np.uint8),
            ValueError,
            "(n, 28, 28), received (2, 28, 28, 1): take one",
        ),
        (np.zeros((28, 28), np.uint8), ValueError, "received (28, 28): take one as images[:1]"),
        (None, TypeError, "received object"),
    ],
)
def test_normalize_refuses_what_is_no_raw_image(refused, images, fault, words):
    with refused(fault, words):
        data.normalize(images)


def test_binarized_pixels_are_1_as_often_as_they_are_grey():
    grey = np.full((100, 28, 28, 1), 0.3, np.float32)
    four_errors = 4 * np.sqrt(0.3 * 0.7 / grey.size)
    binary = data.binarize(grey)
    assert set(np.unique(binary)) == {0, 1}
    assert binary.mean() == pytest.approx(0.3, abs=four_errors)


def test_binarize_leaves_black_and_white_alone(images):
    certain = np.round(images)
    np.testing.assert_array_equal(data.binarize(certain, seed=5), certain)


def test_binarize_repeats_with_its_seed(images):
    np.testing.assert_array_equal(data.binarize(images, seed=1), data.binarize(images, seed=1))
    assert not np.array_equal(data.binarize(images, seed=1), data.binarize(images, seed=2))


def test_binarize_refuses_raw_pixels(digits):
    with pytest.raises(TypeError, match="received uint8: call"):
        data.binarize(digits.train.images[..., None])


def test_home_is_the_folder_named_or_the_cache(monkeypatch, home):
    assert data.home() == home
    monkeypatch.delenv("VAE_LIB_HOME")
    assert data.home().name == "vae_lib"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder like this repository's, and the kernel's place in it."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


@pytest.mark.parametrize("name", ["copy.npz", "./copy.npz", "data/../copy.npz"])
def test_a_relative_path_is_found_from_the_notebooks_too(small_mnist, project, monkeypatch, name):
    (project / "data").mkdir()
    (project / "copy.npz").write_bytes(small_mnist[1])
    monkeypatch.setenv("VAE_LIB_MNIST", name)
    for folder in (project, project / "notebooks"):
        monkeypatch.chdir(folder)
        assert data.load_digits().source == "mnist"


def test_what_lies_nearest_is_found_first(small_mnist, project, monkeypatch):
    (project / "copy.npz").write_text("another file")
    (project / "notebooks" / "copy.npz").write_bytes(small_mnist[1])
    monkeypatch.setenv("VAE_LIB_MNIST", "copy.npz")
    assert data.load_digits().source == "mnist"


def test_a_relative_path_that_leads_nowhere_is_named_in_full(refused, project, monkeypatch):
    monkeypatch.setenv("VAE_LIB_MNIST", "gone.npz")
    with refused(FileNotFoundError, f"There is no file {project / 'gone.npz'}: let VAE_LIB_MNIST"):
        data.load_digits()


def test_a_relative_home_is_one_folder_for_all_notebooks(project, monkeypatch):
    monkeypatch.setenv("VAE_LIB_HOME", "state")
    homes = set()
    for folder in (project / "notebooks", project):
        monkeypatch.chdir(folder)
        homes.add(data.home())
    assert homes == {project / "state"}


def test_a_relative_home_outside_any_project_is_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAE_LIB_HOME", "state")
    assert data.home() == tmp_path / "state"


# From here on MNIST is 40 + 10 small digits with hashes of their own.


@pytest.fixture(autouse=True)
def no_mnist_file(request, monkeypatch):
    if "mnist" not in request.fixturenames:
        monkeypatch.delenv("VAE_LIB_MNIST", raising=False)


@pytest.fixture
def small_mnist(digits, monkeypatch):
    """Four arrays that pass for MNIST, and the bytes of the file that a server would hold."""
    (images, labels), (test_images, test_labels) = digits.train, digits.test
    arrays = {
        "x_train": images[:40],
        "y_train": labels[:40],
        "x_test": test_images[:10],
        "y_test": test_labels[:10],
    }
    facts = {
        name: (array.shape, hashlib.sha256(array.tobytes()).hexdigest())
        for name, array in arrays.items()
    }
    file = io.BytesIO()
    np.savez(file, **arrays)
    monkeypatch.setattr(data, "MNIST_ARRAYS", facts)
    monkeypatch.setattr(data, "MNIST_FILE_SHA256", hashlib.sha256(file.getvalue()).hexdigest())
    monkeypatch.setattr(data, "VALIDATION_SIZE", 10)
    return arrays, file.getvalue()


@pytest.fixture
def serve(monkeypatch):
    """A server on this machine in the place of MNIST's; a function answers its requests."""
    servers = []
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(data, "AUTO_SECONDS", 5)
    monkeypatch.setattr(data, "MNIST_SECONDS", 5)  # as long as "auto": no second attempt

    def start(answer):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.requests += 1
                answer(self)

            def log_message(self, *arguments):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.requests, server.handle_error = 0, lambda *arguments: None
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setattr(data, "MNIST_URL", f"http://127.0.0.1:{server.server_port}/")
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def send(request, body, length=None):
    request.send_response(200)
    request.send_header("Content-Length", str(len(body) if length is None else length))
    request.end_headers()
    request.wfile.write(body)


@contextmanager
def within(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def cached(home):
    return sorted(path.name for path in home.rglob("*") if path.is_file()) if home.exists() else []


@pytest.mark.parametrize("source", ["MNIST", "fashion", "test"])
def test_an_unknown_source_is_refused(source, monkeypatch):
    words = f"source must be 'auto', 'mnist' or 'sklearn', received '{source}'"
    with pytest.raises(ValueError, match=words):
        data.load_digits(source)
    monkeypatch.setenv("VAE_LIB_SOURCE", source)
    with pytest.raises(ValueError, match=words):
        data.load_digits()


def test_the_environment_names_the_default_source(monkeypatch, capsys):
    monkeypatch.setenv("VAE_LIB_SOURCE", "sklearn")
    monkeypatch.setenv("VAE_LIB_MNIST", "nowhere.npz")
    assert data.load_digits().source == "sklearn"
    assert capsys.readouterr().out == ""


def test_a_source_passed_by_hand_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("VAE_LIB_SOURCE", "mnist")
    assert data.load_digits("sklearn").source == "sklearn"


@pytest.mark.parametrize("source", [None, "auto", "mnist"])
def test_a_file_named_by_hand_is_split_in_order(small_mnist, tmp_path, monkeypatch, source):
    arrays, body = small_mnist
    (tmp_path / "copy.npz").write_bytes(body)
    monkeypatch.setenv("VAE_LIB_MNIST", str(tmp_path / "copy.npz"))
    digits = data.load_digits(source)
    assert repr(digits) == "Digits from mnist: 30 train, 10 validation, 10 test"
    np.testing.assert_array_equal(digits.train.images, arrays["x_train"][:30])
    np.testing.assert_array_equal(digits.validation.labels, arrays["y_train"][30:])
    np.testing.assert_array_equal(digits.test.images, arrays["x_test"])


@pytest.mark.parametrize("source", ["auto", "mnist"])
def test_a_missing_file_named_by_hand_is_never_replaced(refused, monkeypatch, tmp_path, source):
    monkeypatch.setenv("VAE_LIB_MNIST", str(tmp_path / "gone.npz"))
    with refused(
        FileNotFoundError, "gone.npz: let VAE_LIB_MNIST name a copy of mnist.npz, or unset it"
    ):
        data.load_digits(source)


def test_a_repacked_copy_is_accepted(small_mnist, tmp_path):
    arrays, _ = small_mnist
    np.savez_compressed(tmp_path / "packed.npz", **dict(reversed(arrays.items())))
    read = data.read_mnist(tmp_path / "packed.npz")
    assert all(np.array_equal(read[name], arrays[name]) for name in arrays)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused(refused, small_mnist, tmp_path, share):
    body = small_mnist[1]
    (tmp_path / "cut.npz").write_bytes(body[: int(share * len(body))])
    with refused(ValueError, "cut.npz is not a readable mnist.npz", "delete it and fetch it again"):
        data.read_mnist(tmp_path / "cut.npz")


def test_pickled_arrays_are_refused(refused, small_mnist, tmp_path):
    arrays, _ = small_mnist
    pickled = {**arrays, "y_train": np.array([print, "surprise"], object)}
    np.savez(tmp_path / "pickled.npz", **pickled)
    with refused(ValueError, "pickled.npz is not a readable mnist.npz"):
        data.read_mnist(tmp_path / "pickled.npz")


def test_a_pickle_under_the_name_of_an_npz_is_refused(small_mnist, tmp_path):
    np.array([{}], object).dump(tmp_path / "pickle.npz")
    with pytest.raises(ValueError, match=r"pickle.npz is not a readable mnist.npz"):
        data.read_mnist(tmp_path / "pickle.npz")


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("y_train", lambda array: np.roll(array, 1), "y_train in"),
        (
            "x_test",
            lambda array: array[::-1],
            "has MNIST's shape but not its content: fetch the original",
        ),
        (
            "x_train",
            lambda array: array[:-1],
            "is uint8 (39, 28, 28), but MNIST's is uint8 (40, 28, 28): fetch",
        ),
        (
            "y_test",
            lambda array: array.astype(np.int64),
            "is int64 (10,), but MNIST's is uint8 (10,): fetch",
        ),
    ],
)
def test_arrays_that_are_not_those_of_mnist_are_refused(
    refused, small_mnist, tmp_path, name, spoil, words
):
    arrays, _ = small_mnist
    np.savez(tmp_path / "wrong.npz", **{**arrays, name: spoil(arrays[name])})
    with refused(ValueError, words):
        data.read_mnist(tmp_path / "wrong.npz")


def test_a_missing_array_is_refused(small_mnist, tmp_path):
    arrays, _ = small_mnist
    np.savez(
        tmp_path / "three.npz", **{name: arrays[name] for name in ("x_train", "y_train", "x_test")}
    )
    with pytest.raises(ValueError, match=r"not a readable mnist.npz .*y_test"):
        data.read_mnist(tmp_path / "three.npz")


def test_a_download_is_kept_for_the_next_time(small_mnist, serve, home, capsys):
    server = serve(lambda request: send(request, small_mnist[1]))
    assert data.load_digits().source == "mnist"
    assert data.load_digits("mnist").source == "mnist"
    assert server.requests == 1
    assert cached(home) == ["mnist.npz"]
    assert capsys.readouterr().out == ""


def test_a_kept_download_needs_no_network(small_mnist, home, monkeypatch):
    home.mkdir()
    (home / "mnist.npz").write_bytes(small_mnist[1])
    monkeypatch.setattr(data, "MNIST_URL", "http://127.0.0.1:9/")
    assert data.load_digits("mnist").source == "mnist"


def test_a_damaged_download_is_fetched_again(small_mnist, serve, home):
    home.mkdir()
    (home / "mnist.npz").write_bytes(small_mnist[1][:-100])
    serve(lambda request: send(request, small_mnist[1]))
    assert data.load_digits("mnist").source == "mnist"


def test_mnist_tries_again_after_a_fault(small_mnist, serve, monkeypatch):
    server = serve(
        lambda request: send(request, small_mnist[1] if server.requests > 1 else b"sorry")
    )
    monkeypatch.setattr(data, "MNIST_SECONDS", 30)
    assert data.load_digits("mnist").source == "mnist"
    assert server.requests == 2


def cut_off(body, request):
    send(request, body[: len(body) // 2], length=len(body))
    request.connection.close()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (cut_off, "there is no network, or the connection broke"),
        (
            lambda body, request: send(request, body[:-1] + b"?"),
            "the bytes received are not MNIST's",
        ),
        (
            lambda body, request: send(request, b"\n<!DOCTYPE html><p>Please log in</p>"),
            "a web page came in place of the file, as from a network with a sign-in: open any page",
        ),
        (lambda body, request: request.send_error(404), "the server answered 404"),
        (lambda body, request: request.send_error(503), "the server answered 503: try again later"),
        (lambda body, request: request.send_error(403), "the server answered 403, as filters do"),
        (lambda body, request: request.send_error(407), "the proxy asks for a password (407): set"),
        (lambda body, request: request.send_error(429), "the server answered 429, too many"),
        (lambda body, request: request.send_error(511), "the network asks for a sign-in (511)"),
    ],
    ids=["cut off", "wrong byte", "portal", "404", "503", "403", "407", "429", "511"],
)
def test_a_server_that_misbehaves_leaves_no_file_and_one_sentence(
    refused, small_mnist, serve, home, capsys, answer, words
):
    serve(lambda request: answer(small_mnist[1], request))
    with refused(OSError, words):
        data.load_digits("mnist")
    assert capsys.readouterr().out == ""
    assert data.load_digits("auto").source == "sklearn"
    assert f"MNIST is out of reach ({words}" in capsys.readouterr().out
    assert cached(home) == []


def drip(body, request):
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    for start in range(0, len(body), 1_024):
        request.wfile.write(body[start : start + 1_024])
        time.sleep(0.2)


@pytest.mark.parametrize("source", ["auto", "mnist"])
def test_a_slow_server_is_given_up_in_time(
    refused, small_mnist, serve, home, monkeypatch, capsys, source
):
    serve(lambda request: drip(small_mnist[1], request))
    monkeypatch.setattr(data, "AUTO_SECONDS", 1)
    monkeypatch.setattr(data, "MNIST_SECONDS", 1)
    with within(4):
        if source == "auto":
            assert data.load_digits().source == "sklearn"
        else:
            with refused(OSError, "within 1 seconds"):
                data.load_digits("mnist")
    assert not (home / "mnist.npz").exists()
    assert len(capsys.readouterr().out.splitlines()) == (1 if source == "auto" else 0)


def test_a_network_that_swallows_packets_does_not_hang_a_class(small_mnist, monkeypatch, capsys):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(data, "AUTO_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(data, "MNIST_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with within(4):
            assert data.load_digits().source == "sklearn"
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(
        "MNIST is out of reach (it did not arrive within 1 seconds: try again, or another "
        "network), so these are scikit-learn's"
    )
    assert "VAE_LIB_MNIST" in line
    assert "VAE_LIB_SOURCE=sklearn" in line


def test_no_network_gives_the_stand_in_and_one_line(small_mnist, serve, capsys):
    server = serve(None)
    server.server_close()  # its port is closed now
    with within(4):
        assert data.load_digits().source == "sklearn"
    (line,) = capsys.readouterr().out.splitlines()
    assert "(there is no network, or the connection broke: check the network" in line


def test_no_network_is_an_error_where_mnist_was_asked_for(refused, small_mnist, serve):
    serve(None).server_close()
    with refused(OSError, "there is no network, or the connection broke"):
        data.load_digits("mnist")


def test_a_cache_that_cannot_be_written_to_is_named(
    refused, small_mnist, serve, blocked_home, capsys
):
    serve(lambda request: send(request, small_mnist[1]))
    # between these: why, in the words of the system, which are other ones on Windows
    words = [f"cannot write to {blocked_home}: ", "; set VAE_LIB_HOME to a folder"]
    with refused(OSError, *words):
        data.load_digits("mnist")
    assert data.load_digits("auto").source == "sklearn"
    said = capsys.readouterr().out
    assert all(part in said for part in words)


def test_a_read_only_cache_is_named_with_its_reason(refused, small_mnist, serve, home, monkeypatch):
    def refuse(path, *arguments, **keywords):
        raise PermissionError(13, "Permission denied", str(path))

    serve(lambda request: send(request, small_mnist[1]))
    monkeypatch.setattr(os, "makedirs", refuse)
    with refused(OSError, f"cannot write to {home}: ", "Permission denied"):
        data.load_digits("mnist")


def test_a_full_cache_is_named_and_left_clean(refused, small_mnist, serve, home, full_disk, capsys):
    serve(lambda request: send(request, small_mnist[1]))
    words = (
        f"cannot write to {home}: File too large; set VAE_LIB_HOME to a folder with 12 MB to spare"
    )
    with full_disk():
        with refused(OSError, words):
            data.load_digits("mnist")
        assert data.load_digits("auto").source == "sklearn"
    assert words in capsys.readouterr().out
    assert cached(home) == []


LOAD = """
import json, sys
from vae_lib import data

data.MNIST_URL, data.MNIST_FILE_SHA256, arrays = json.loads(sys.argv[1])
data.MNIST_ARRAYS = {name: (tuple(shape), sha256) for name, (shape, sha256) in arrays.items()}
data.VALIDATION_SIZE = 10
print(data.load_digits("mnist"))
"""


def test_two_kernels_may_download_at_once(small_mnist, serve, home, start_python):
    import json

    both_ask = threading.Barrier(2, timeout=30)
    server = serve(lambda request: (both_ask.wait(), send(request, small_mnist[1])))
    facts = json.dumps([data.MNIST_URL, data.MNIST_FILE_SHA256, data.MNIST_ARRAYS])
    kernels = [start_python(LOAD, facts) for _ in range(2)]
    answers = [kernel.communicate(timeout=60) for kernel in kernels]
    assert [kernel.returncode for kernel in kernels] == [0, 0], answers
    assert {out for out, _ in answers} == {"Digits from mnist: 30 train, 10 validation, 10 test\n"}
    assert server.requests == 2
    assert cached(home) == ["mnist.npz"]
    assert Path(home / "mnist.npz").read_bytes() == small_mnist[1]


def test_without_mnist_the_stand_in_needs_no_tensorflow(start_python):
    code = """
import sys
from vae_lib import data

data.load_digits("sklearn")
print("keras" in sys.modules)
"""
    assert start_python(code).communicate(timeout=60)[0] == "False\n"


SPOT = np.zeros((2, 28, 28, 1), np.float32)
SPOT[:, 10:14, 8:16] = 1


def test_a_warp_of_nothing_changes_nothing():
    images = np.random.default_rng(0).random((3, 28, 28, 1)).astype(np.float32)
    warped = data.warp(images)
    assert warped.dtype == np.float32
    np.testing.assert_allclose(warped, images, atol=1e-6)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns_run_anticlockwise(turns):
    images = np.random.default_rng(0).random((2, 28, 28, 1)).astype(np.float32)
    np.testing.assert_allclose(
        data.warp(images, angle=90 * turns), np.rot90(images, turns, axes=(1, 2)), atol=1e-5
    )


def test_a_shift_goes_right_and_down_and_brings_empty_paper():
    images = np.ones((1, 28, 28, 1), np.float32)
    warped = data.warp(images, shift=(3, 2))[0, ..., 0]
    np.testing.assert_allclose(warped[2:, 3:], 1)
    assert not warped[:2].any() and not warped[:, :3].any()


def test_scale_grows_the_area():
    assert data.warp(SPOT, scale=1.5).sum() == pytest.approx(1.5**2 * SPOT.sum(), rel=0.05)
    assert data.warp(SPOT, scale=0.5).sum() == pytest.approx(0.5**2 * SPOT.sum(), rel=0.05)


def test_slant_moves_what_is_above_the_middle_to_the_right():
    line = np.zeros((1, 28, 28, 1), np.float32)
    line[:, 4:24, 14] = 1
    leaning = data.warp(line, slant=0.5)[0, ..., 0]
    assert leaning[4].argmax() - leaning[23].argmax() in (9, 10)


def test_thickness_spreads_ink_or_wears_it_off():
    thick, thin, between = (data.warp(SPOT, thickness=much)[0].sum() for much in (1, -1, 0.5))
    assert (thick, thin) == (6 * 10, 2 * 6)
    assert between == pytest.approx((60 + 32) / 2)


def test_each_image_may_have_its_own_warp():
    turned = data.warp(SPOT, angle=np.array([0, 90]), shift=(np.array([0, 1]), 0))
    np.testing.assert_allclose(turned[0], SPOT[0], atol=1e-6)
    np.testing.assert_allclose(turned[1:], data.warp(SPOT[1:], angle=90, shift=(1, 0)), atol=1e-6)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"angle": np.nan}, "finite numbers and a scale above 0"),
        ({"scale": 0}, "finite numbers and a scale above 0"),
        ({"slant": np.array([0, np.inf])}, "finite numbers and a scale above 0"),
        ({"angle": np.zeros(3)}, "one value or one an image, received (3,) values for 2 images"),
    ],
    ids=str,
)
def test_a_warp_that_cannot_be_is_refused(change, fault):
    with pytest.raises(ValueError, match=re.escape(fault)):
        data.warp(SPOT, **change)


def test_a_warp_takes_normalised_images_alone():
    with pytest.raises(TypeError, match="normalize first"):
        data.warp(np.zeros((2, 28, 28, 1), np.uint8))


def test_take_keeps_the_first_digits_of_each_split_that_is_named(digits):
    few = digits.take(train=30, test=5)
    assert few.source == digits.source
    assert np.array_equal(few.train.images, digits.train.images[:30])
    assert np.array_equal(few.train.labels, digits.train.labels[:30])
    assert np.array_equal(few.test.images, digits.test.images[:5])
    assert few.validation.images is digits.validation.images  # a copy would cost MNIST's megabytes


def test_take_gives_all_digits_where_there_are_fewer_than_asked_for(digits):
    assert len(digits.take(train=10**9).train.labels) == len(digits.train.labels)


@pytest.mark.parametrize("n", [0, -1, 2.0])
def test_take_refuses_an_empty_split(digits, n):
    with pytest.raises(ValueError, match=f"at least 1 digit, received {n}"):
        digits.take(validation=n)
