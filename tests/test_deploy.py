"""What a school is given to set up JupyterHub, as far as it can be seen without one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.classroom import load_test
from tools.classroom.jupyterhub import link

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "tools" / "classroom" / "jupyterhub"


@pytest.fixture
def values():
    return yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))


def test_the_values_let_nobody_in_by_default_and_hold_no_secret(values):
    config = values["hub"]["config"]
    assert config["GenericOAuthenticator"]["allowed_groups"]
    assert not re.search(
        r"allow_all:|secret:|password:", (DEPLOY / "values.yaml").read_text(), re.I
    )


def test_kernels_are_culled_alike_and_never_while_they_compute_or_are_read(values):
    config = (DEPLOY / "jupyterhub_config.py").read_text(encoding="utf-8")
    options = re.findall(r'"(--MappingKernelManager\.cull_\w+=\w+)"', config)
    assert values["hub"]["config"]["KubeSpawner"]["args"] == options
    chosen = dict(option.removeprefix("--MappingKernelManager.").split("=") for option in options)
    assert int(chosen["cull_idle_timeout"]) + int(chosen["cull_interval"]) <= 15 * 60
    assert chosen["cull_connected"] == chosen["cull_busy"] == "False"


def test_the_options_that_cull_kernels_exist():
    manager = pytest.importorskip("jupyter_server.services.kernels.kernelmanager")
    config = (DEPLOY / "jupyterhub_config.py").read_text(encoding="utf-8")
    for name in re.findall(r"--MappingKernelManager\.(\w+)=", config):
        assert name in manager.MappingKernelManager.class_traits(), name


def test_the_image_is_this_version_and_opens_a_notebook_that_exists(values):
    from vae_lib import __version__

    assert values["singleuser"]["image"]["tag"] == __version__
    assert (ROOT / values["singleuser"]["defaultUrl"].removeprefix("/lab/tree/work/")).is_file()


def test_the_proxy_is_pinned_and_its_lock_names_no_address_to_fetch_from():
    wanted = json.loads((DEPLOY / "package.json").read_text())["dependencies"]
    lock = json.loads((DEPLOY / "package-lock.json").read_text())["packages"]
    assert lock[""]["dependencies"] == wanted
    for name, version in wanted.items():
        assert (
            re.fullmatch(r"[\d.]+", version) and lock[f"node_modules/{name}"]["version"] == version
        )
    assert not [name for name, package in lock.items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock.items() if name)


def test_the_link_pulls_the_series_and_opens_the_notebook():
    module = "tools.classroom.jupyterhub.link"
    places = ["https://hub.school.example/", "https://example.org/series", "05"]
    link = [sys.executable, "-m", module, *places]
    made = subprocess.run(link, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    assert made == (
        "https://hub.school.example/hub/user-redirect/git-pull?repo=https%3A%2F%2Fexample.org%2Fseries&branch=main"
        "&targetpath=vae-notebooks&urlpath=lab%2Ftree%2Fvae-notebooks%2Fnotebooks%2F05_training.ipynb"
    )


@pytest.mark.parametrize(
    ("given", "pulled"),
    [
        ("https://example.org/series", "https://example.org/series"),
        ("file:///srv/vae/series.git", "file:///srv/vae/series.git"),
        ("git@example.org:ada/series.git", "git@example.org:ada/series.git"),
        ("/srv/vae/series.git", "file:///srv/vae/series.git"),
        ("series.git", (Path.cwd() / "series.git").as_uri()),
        ("~/series.git", (Path.home() / "series.git").as_uri()),
    ],
)
def test_a_folder_to_pull_from_is_named_from_the_root(given, pulled):
    assert link.find_repository(given) == pulled


def test_a_load_test_finds_mnist_by_a_relative_path(tmp_path, monkeypatch):
    (tmp_path / "mnist.npz").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAE_LIB_MNIST", "mnist.npz")
    received = []

    def remember(count, mnist):
        received.append(mnist)
        raise InterruptedError

    monkeypatch.setattr(load_test.rooms, "Room", remember)
    with pytest.raises(InterruptedError):
        load_test.measure(load_test.NOTEBOOKS[0], 1)
    assert received == [tmp_path / "mnist.npz"]


def share(*arguments):
    module = "tools.classroom.jupyterhub.share_mnist"
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_only_a_verified_mnist_is_shared(tmp_path):
    (tmp_path / "wrong.npz").write_bytes(b"not MNIST")
    done = share(tmp_path / "shared" / "mnist.npz", tmp_path / "wrong.npz")
    assert (
        done.returncode
        and "is not a readable mnist.npz" in done.stderr
        and "Traceback" not in done.stderr
    )
    assert list((tmp_path / "shared").iterdir()) == []


def test_a_shared_mnist_is_readable_by_all_and_writable_by_none(tmp_path, mnist):
    target = tmp_path / "shared" / "mnist.npz"
    assert "verified" in share(target, os.environ["VAE_LIB_MNIST"]).stdout
    assert target.stat().st_mode & 0o777 == 0o444 and target.parent.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in target.parent.iterdir()] == ["mnist.npz"]


def test_the_unit_starts_what_the_repository_has():
    unit = (DEPLOY / "jupyterhub.service").read_text()
    assert (ROOT / re.search(r"^ExecStart=\S+ -f (\S+)$", unit, re.M)[1]).is_file()
    known = set(re.findall(r'"(VAE_HUB_\w+)"', (DEPLOY / "jupyterhub_config.py").read_text()))
    assert set(re.findall(r"^Environment=(\w+)=", unit, re.M)) <= known
