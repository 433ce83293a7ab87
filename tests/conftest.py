"""What several files of tests share: a clean home, digits, one small trained model, processes."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools import browser
from vae_lib import data

REPOSITORY = Path(__file__).resolve().parents[1]
if sys.platform == "win32":  # a class's server and Binder's image run on Linux alone
    collect_ignore = ["test_binder.py", "test_deploy.py", "test_hub.py", "test_limits.py"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty folder for downloads and checkpoints, anew for each test."""
    monkeypatch.setenv("VAE_LIB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("VAE_LIB_SOURCE", raising=False)
    return tmp_path / "home"


@pytest.fixture
def blocked_home(tmp_path, monkeypatch):
    """A home that nobody can write to, root included: it lies below a regular file."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VAE_LIB_HOME", str(tmp_path / "file" / "home"))
    return tmp_path / "file" / "home"


@pytest.fixture
def full_disk():
    """No file may grow beyond 10 kB, which a program meets as it meets a full disk.

    To be held around the guarded lines alone: pytest's own report may be going to a file.
    """
    resource = pytest.importorskip("resource", reason="Windows has no limit of a file's size.")

    @contextmanager
    def limit():
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limit


@pytest.fixture(scope="session")
def digits():
    return data.load_digits("sklearn")


@pytest.fixture(scope="session")
def mnist():
    if not os.environ.get("VAE_LIB_MNIST"):
        pytest.skip("MNIST is not here: set VAE_LIB_MNIST")
    return data.load_digits("mnist")


@pytest.fixture(scope="session")
def images(digits):
    """Forty normalised digits that no model was trained on."""
    return data.normalize(digits.validation.images[:40])


@pytest.fixture(scope="session")
def trained(digits, tmp_path_factory):
    """A small VAE and the run that trained it, with the library's own settings otherwise."""
    from vae_lib import models, training

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_LIB_HOME", str(tmp_path_factory.mktemp("home")))
        vae = models.build_vae(hidden_units=(64, 32))
        run = training.train(vae, digits, epochs=8, batch_size=64)
    return vae, run


@pytest.fixture(scope="session")
def vae(trained):
    return trained[0]


@pytest.fixture
def eager():
    """No compilation: it would take longer than the training of most tests."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def chromium():
    """Playwright's browser; closed after each file, since no other event loop can run beside it."""
    if browser.find_chromium() is None:
        pytest.skip(browser.MISSING)
    with browser.open_chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The page that needs no kernel, built from the digits of this test run."""
    from tools.publish import site_page

    path = tmp_path_factory.mktemp("site") / "index.html"
    site_page.main(path)
    return path


@pytest.fixture(scope="session")
def built_book(tmp_path_factory):
    """The folder of the site, without the page that needs no kernel: its place has a stand-in."""
    pytest.importorskip("sphinx_book_theme", reason="The book needs what make site installs.")
    from tools.publish import book

    if not book.MATHJAX.is_file():
        pytest.skip("The book needs MathJax, which make site fetches with npm.")
    folder = tmp_path_factory.mktemp("book")
    book.build(folder / "site", folder / "work", "")
    (folder / "site" / book.PAGE).write_text("<!doctype html><title>The page</title>")
    return folder / "site"


@pytest.fixture
def refused():
    """Expect a fault whose message is a single line with all of these words in it."""

    @contextmanager
    def expect(fault, *words):
        with pytest.raises(fault, match=re.escape(words[0])) as refusal:
            yield
        assert [word for word in words if word not in str(refusal.value)] == []
        assert "\n" not in str(refusal.value)

    return expect


@pytest.fixture
def start_python():
    """Start a Python process of its own on some code, with more arguments and environment."""
    started = []

    def start(code, *arguments, **environment):
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
