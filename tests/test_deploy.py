"""What a school is given to set up JupyterHub, as far as it can be seen without one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "tools" / "classroom" / "jupyterhub"
TRUTH, NUMBER, TEXT = (
    {"type": ["boolean", "null"]},
    {"type": ["number", "null"]},
    {"type": ["string", "null"]},
)
WHOLE, SIZE, LIST, ANY = (
    {"type": ["integer", "null"]},
    {"type": ["number", "string"]},
    {"type": "array"},
    {},
)


def section(required=(), **keys):
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": keys,
    }


# What Zero to JupyterHub's values.schema.yaml (chart 4, JSON schema draft 7) says of the keys that
# values.yaml uses: unknown keys are refused at every level but hub.config and the hooks. The whole
# schema is not here; where a copy is, VAE_HUB_CHART_SCHEMA names it (values.schema.json of an
# unpacked chart), and is used too.
CHART = section(
    proxy=section(
        https=section(
            enabled=TRUTH,
            type={"enum": [None, "", "letsencrypt", "manual", "offload", "secret"]},
            hosts=LIST,
            letsencrypt=section(contactEmail=TEXT, acmeServer=TEXT),
        )
    ),
    hub=section(config={"type": "object"}, concurrentSpawnLimit=WHOLE),
    singleuser=section(
        image=section(["name", "tag"], name={"type": "string"}, tag={"type": "string"}),
        cmd={"type": ["array", "string", "null"]},
        defaultUrl=TEXT,
        startTimeout=WHOLE,
        memory=section(limit=SIZE, guarantee=SIZE),
        cpu=section(limit=NUMBER, guarantee=NUMBER),
        storage=section(
            ["type", "homeMountPath"],
            type={"enum": ["dynamic", "static", "none"]},
            capacity=TEXT,
            homeMountPath={"type": "string"},
        ),
        lifecycleHooks=section(postStart={"type": "object"}, preStop={"type": "object"}),
        networkPolicy=section(enabled={"type": "boolean"}),
        cloudMetadata=section(
            ["blockWithIptables", "ip"], blockWithIptables={"type": "boolean"}, ip=TEXT
        ),
    ),
    cull=section(["enabled"], enabled={"type": "boolean"}, timeout=WHOLE, every=WHOLE, users=TRUTH),
    scheduling=section(
        userPlaceholder=section(enabled={"type": "boolean"}, replicas={"type": "integer"}),
        podPriority=section(enabled={"type": "boolean"}),
    ),
    prePuller=section(continuous=section(["enabled"], enabled={"type": "boolean"})),
    debug=section(["enabled"], enabled={"type": "boolean"}),
)


@pytest.fixture
def values():
    return yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))


def test_the_values_for_kubernetes_are_such_as_the_chart_knows(values):
    jsonschema.validate(values, CHART)
    if path := os.environ.get("VAE_HUB_CHART_SCHEMA"):
        schema = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        schema.pop("required", None)  # the chart's own defaults bring what a values file leaves out
        jsonschema.validate(values, schema)


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values["singleuser"].update(memmory={"limit": "2G"}),
        lambda values: values["singleuser"]["image"].update(tag=0.1),  # unquoted, 0.1 is a number
        lambda values: values["proxy"]["https"].update(type="lets-encrypt"),
        lambda values: values["singleuser"]["storage"].pop("homeMountPath"),
    ],
)
def test_a_value_that_the_chart_does_not_know_is_found(values, change):
    change(values)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, CHART)


def test_the_values_let_nobody_in_by_default_and_hold_no_secret(values):
    config = values["hub"]["config"]
    assert config["GenericOAuthenticator"]["allowed_groups"]
    assert not re.search(
        r"allow_all:|secret:|password:", (DEPLOY / "values.yaml").read_text(), re.I
    )


def test_the_image_is_this_version_and_opens_a_notebook_that_exists(values):
    from vae_lib import __version__

    assert values["singleuser"]["image"]["tag"] == __version__
    assert (ROOT / values["singleuser"]["defaultUrl"].removeprefix("/lab/tree/work/")).is_file()


def test_the_hubs_requirements_are_pinned_with_reasons_and_weigh_on_no_reader():
    own = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    read = own + (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    lines = (DEPLOY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "-c ../../../requirements.txt" in lines
    for line in lines:
        if line.startswith(("#", "-c")):
            continue
        name, pin, why = re.fullmatch(r"([a-z-]+)(==[\d.]+)?  # (.{10,})", line).groups()
        assert why and (f"\n{name}==" in read if pin is None else f"\n{name}==" not in read), line


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
