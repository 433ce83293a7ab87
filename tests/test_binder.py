"""Binder: what postBuild does with and without a network, and what repo2docker understands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import lab

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.binder
NOBODY = "http://127.0.0.1:9"  # a proxy where nothing listens: no network in a word


def post_build(home, **environment):
    """Run postBuild as Binder does, in the repository's root; what it printed and its exit code."""
    python = {
        "PATH": os.pathsep.join([str(home.parent / "bin"), os.environ["PATH"]]),
        "VAE_LIB_HOME": str(home),
    }
    (home.parent / "bin").mkdir()
    (home.parent / "bin" / "python").symlink_to(sys.executable)
    # an environment of its own, into which JupyterLab's settings go
    base = Path(sys.base_prefix) / "bin"
    (home.parent / "pyvenv.cfg").write_text(f"home = {base}\n")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VAE_LIB_MNIST", "NO_PROXY", "no_proxy")
    }
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOBODY)
    packages = {"PYTHONPATH": os.pathsep.join(sys.path[1:])}
    return subprocess.run(
        ["./postBuild"],
        cwd=ROOT,
        env={**kept, **proxies, **packages, **python, **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )


def test_without_a_network_the_stand_in_serves_and_the_build_goes_on(home):
    done = post_build(home)
    assert done.returncode == 0, done.stdout
    assert (
        "MNIST is out of reach" in done.stdout and "Digits from sklearn: 1,297 train" in done.stdout
    )
    assert (home.parent / lab.SETTINGS).is_file() and (home.parent / lab.KERNEL).is_file()


def test_mnist_is_checked_and_reported(home, mnist):
    done = post_build(home, VAE_LIB_MNIST=os.environ["VAE_LIB_MNIST"])
    assert done.returncode == 0, done.stdout
    assert "Digits from mnist: 50,000 train" in done.stdout


def test_a_damaged_download_is_not_accepted(home):
    home.mkdir()
    (home / "mnist.npz").write_bytes(b"damaged on its way")
    done = post_build(home)
    assert done.returncode == 0, done.stdout
    assert "Digits from mnist" not in done.stdout and "Digits from sklearn" in done.stdout


def test_a_copy_named_by_hand_that_is_not_mnist_ends_the_build(home, tmp_path):
    copy = tmp_path / "copy.npz"
    copy.write_bytes(b"damaged on its way")
    done = post_build(home, VAE_LIB_MNIST=str(copy))
    assert done.returncode != 0 and "is not a readable mnist.npz" in done.stdout


def test_nothing_hides_environment_yml_from_binder():
    assert (ROOT / "environment.yml").is_file() and os.access(ROOT / "postBuild", os.X_OK)
    assert not any((ROOT / name).exists() for name in ("binder", ".binder", "Dockerfile"))


def test_repo2docker_accepts_the_repository():
    ours = ROOT / ".venv-binder" / "bin" / "jupyter-repo2docker"
    program = ours if ours.is_file() else shutil.which("jupyter-repo2docker")
    if not program:
        pytest.skip(
            "jupyter-repo2docker is not here: make test-binder installs it, in its own environment."
        )
    command = [
        str(program),
        "--no-build",
        "--debug",
        "--user-id",
        "1000",
        "--user-name",
        "jovyan",
        ".",
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    recipe = done.stdout + done.stderr
    assert done.returncode == 0, recipe
    steps = [
        "COPY --chown=1000:1000 src/ ${REPO_DIR}/",
        '--file "environment.yml"',
        "RUN ./postBuild",
    ]
    places = [recipe.find(step) for step in steps]
    assert -1 not in places and places == sorted(places), (
        places
    )  # -e . and requirements.txt are there when asked for
