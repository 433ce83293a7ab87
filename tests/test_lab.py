"""JupyterLab's settings: where an environment reads them, and what they say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import lab
from tools.publish.notebooks import METADATA

ROOT = Path(__file__).resolve().parents[1]
TELL = """
import json
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
told = client.kernel_info(reply=True, timeout=60)["content"]["language_info"]
spec = manager.kernel_spec
print(json.dumps([told, spec.display_name, spec.language, manager.kernel_name]))
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


def test_they_stand_where_jupyterlab_and_kernels_of_the_environment_look(tmp_path):
    from IPython.core.application import ENV_CONFIG_DIRS

    lab.install(tmp_path)
    lab.install(tmp_path)  # as a second make does
    written = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(written) == sorted([lab.SETTINGS, lab.KERNEL])
    pytest.importorskip("jupyterlab")
    from jupyterlab.commands import get_app_dir
    from jupyterlab_server.settings_utils import _get_overrides

    assert Path(get_app_dir()) == Path(sys.prefix) / lab.SETTINGS.parents[2]
    assert str(Path(sys.prefix) / lab.KERNEL.parent) in ENV_CONFIG_DIRS
    overrides, fault = _get_overrides(str((tmp_path / lab.SETTINGS).parents[1]))
    assert not fault
    assert overrides["@jupyterlab/notebook-extension:tracker"] == {"kernelShutdown": True}
    assert overrides["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false"}


def test_the_settings_exist_in_jupyterlab_with_these_types():
    pytest.importorskip("jupyterlab")
    from jupyterlab.commands import get_app_dir

    settings = json.loads((ROOT / "tools" / "lab" / "overrides.json").read_text(encoding="utf-8"))
    for plugin, values in settings.items():
        package, name = plugin.split(":")
        schema = Path(get_app_dir(), "schemas", package, f"{name}.json")
        known = json.loads(schema.read_text(encoding="utf-8"))["properties"]
        for key, value in values.items():
            assert type(value) is type(known[key]["default"]), key


def test_a_kernel_says_what_the_notebooks_have_stored(tmp_path):
    """Whichever Python it is: otherwise an untouched notebook would count as changed."""
    profile = tmp_path / "profile_default"
    profile.mkdir()
    (profile / lab.KERNEL.name).write_bytes((ROOT / "tools/lab" / lab.KERNEL.name).read_bytes())
    environment = {"IPYTHONDIR": str(tmp_path), "PATH": str(Path(sys.executable).parent)}
    if "SYSTEMROOT" in os.environ:  # without it, Python does not start on Windows
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    done = subprocess.run(
        [sys.executable, "-c", TELL], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    language, display_name, of_spec, name = json.loads(done.stdout)
    assert language == METADATA["language_info"]
    assert METADATA["kernelspec"] == {
        "display_name": display_name,
        "language": of_spec,
        "name": name,
    }


def test_make_binder_and_the_hub_install_them():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    run, hub = makefile.index("$(VENV)/.run: $(PY)"), makefile.index(".venv-hub/.done: $(VENV)")
    assert "\t@$(PY) -m tools.lab\n" in makefile[run : run + 400]
    assert "\t@.venv-hub/bin/python -m tools.lab\n" in makefile[hub:]
    assert "\npython -m tools.lab\n" in (ROOT / "postBuild").read_text(encoding="utf-8")
