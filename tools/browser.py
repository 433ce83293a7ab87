"""A real Chromium, and JupyterLab in it: what the browser tests and the benchmarks share.

python -m tools.browser   installs Debian's Chromium where none is found and apt-get may do it
"""

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from tools import lab
from vae_lib import files
from vae_lib.widgets.shared import RUN_ME

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "No Chromium or Chrome here: apt-get install chromium, or name one in VAE_LIB_CHROMIUM."
# every cell in the page at once; all else is what a reader has
SETTINGS = {"notebook-extension/tracker": {"windowingMode": "none"}}
TOKEN = "for-tests-on-this-machine"


def find_chromium() -> str | None:
    """Path of a Chromium or Chrome that is there; VAE_LIB_CHROMIUM names another."""
    named = os.environ.get("VAE_LIB_CHROMIUM")
    if named:
        return str(files.find(named))
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MAC if Path(MAC).exists() else None)


@contextlib.contextmanager
def open_chromium() -> Iterator[Any]:
    """Playwright's browser, with no window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def start_lab(folder: Path, **environment: str) -> Iterator[str]:
    """JupyterLab on a copy of the notebooks under ``folder``; gives its address."""
    shutil.copytree(
        ROOT / "notebooks", folder / "root" / "notebooks", ignore=shutil.ignore_patterns(".*")
    )
    lab.install(folder / "prefix")
    kernels = folder / "jupyter" / "profile_default" / lab.KERNEL.name
    kernels.parent.mkdir(parents=True)
    shutil.copy(folder / "prefix" / lab.KERNEL, kernels)
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
        f"--ServerApp.root_dir={folder / 'root'}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
        f"--LabApp.user_settings_dir={folder / 'settings'}",
        f"--LabApp.app_settings_dir={(folder / 'prefix' / lab.SETTINGS).parents[1]}",
    ]
    folders = {
        name: str(folder / "jupyter")
        for name in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR", "VAE_LIB_HOME")
    }
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env={**os.environ, **folders, "PATH": path, **environment},
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(120):
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api"),
            ):
                break
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def write_notebook(folder: Path, name: str, cells: list[str]) -> None:
    """A notebook of these code cells beside those that ``start_lab`` copied under ``folder``."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    nbformat.write(notebook, folder / "root" / "notebooks" / name)


def javascript_against_keras(page: Any, model: Any, images: Any, bits: int) -> tuple[float, float]:
    """Largest differences between the widgets' JavaScript and Keras: in pixels, and in codes.

    Both have the same weights, decode 500 codes over the whole map, and encode the images
    ``(n, 28, 28, 1)``.
    """
    import numpy as np

    from vae_lib.models import build_vae
    from vae_lib.widgets.shared import pack_weights

    vae, kinds = build_vae(), ("kernel", "bias")
    order = ("encoder_0", "encoder_1", "encoder_2", "z_mean_0", "z_log_var_0")
    vae.encoder.set_weights([model.weights[f"{name}_{kind}"] for name in order for kind in kinds])
    vae.decoder.set_weights(
        [model.weights[f"decoder_{k}_{kind}"] for k in range(4) for kind in kinds]
    )
    packed, layers = pack_weights(model, ("encoder", "z_mean", "z_log_var", "decoder"), bits)
    codes = np.random.default_rng(0).uniform(-4, 4, (500, 2)).astype(np.float32)
    source = (ROOT / "vae_lib" / "widgets" / "js" / "vae.js").read_text(encoding="utf-8")
    page.add_script_tag(
        content=f"{source}\nwindow.vaeJs = {{ unpackWeights, encode, decode }};", type="module"
    )
    page.wait_for_function("window.vaeJs")
    decoded, means = page.evaluate(
        """([packed, layers, codes, images]) => {
          const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
          const vae = vaeJs.unpackWeights(new DataView(bytes.buffer), layers);
          const mean = (image) => [...vaeJs.encode(vae, Float32Array.from(image)).mean];
          return [codes.map((z) => [...vaeJs.decode(vae, z)]), images.map(mean)];
        }""",
        [
            base64.b64encode(packed).decode(),
            layers,
            codes.tolist(),
            images.reshape(len(images), -1).tolist(),
        ],
    )
    pixels = np.abs(np.reshape(decoded, (-1, 28, 28, 1)) - vae.decode(codes)).max()
    return float(pixels), float(np.abs(np.array(means) - vae.encode(images)[0]).max())


class Notebook:
    """One notebook open in JupyterLab, with a kernel that is ready."""

    def __init__(self, browser: Any, address: str, name: str):
        self.page = browser.new_page(viewport={"width": 1300, "height": 1000})
        self.faults: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.goto(
            f"{address}/lab/workspaces/{name[:2]}/tree/notebooks/{name}?token={TOKEN}&reset"
        )
        self.page.wait_for_function("window.jupyterapp", timeout=60_000)
        self.page.evaluate(
            """async () => {
              await jupyterapp.restored;
              while (!jupyterapp.shell.currentWidget?.sessionContext)
                await new Promise((go) => setTimeout(go, 50));
              const { context, sessionContext } = jupyterapp.shell.currentWidget;
              await context.ready;
              await sessionContext.ready;
            }"""
        )

    def start(self) -> None:
        """Run all cells up to the one below the last widget, without waiting.

        What comes after the widgets needs no browser: nbval runs it.
        """
        self.page.evaluate(
            """(words) => {
              window.ran = 0;
              const { content } = jupyterapp.shell.currentWidget;
              const isWidget = ({ outputs }) => JSON.stringify(outputs ?? []).includes(words);
              const last = content.model.toJSON().cells.findLastIndex(isWidget);
              content.activeCellIndex = last + 2;
              const run = jupyterapp.commands.execute("notebook:run-all-above");
              run.then(() => {
                content.activeCellIndex = content.widgets.length - 1;  // as after "run all"
                window.ran = 1;
              });
            }""",
            RUN_ME,
        )

    def finish(self) -> None:
        """Wait until the cells have run."""
        self.page.wait_for_function("window.ran === 1", timeout=300_000)

    def run_cells(self, numbers: list[int]) -> None:
        """Run these cells, one after the other; the notebook's first has number 0."""
        self.page.evaluate(
            """async (numbers) => {
              const { content } = jupyterapp.shell.currentWidget;
              for (const number of numbers) {
                content.activeCellIndex = number;
                await jupyterapp.commands.execute("notebook:run-cell");
              }
              content.activeCellIndex = content.widgets.length - 1;  // as after "run all"
            }""",
            numbers,
        )

    def run_up_to(self, start: str) -> None:
        """Run all cells up to the one that starts with these words."""
        self.page.evaluate(
            """async (start) => {
              const { content } = jupyterapp.shell.currentWidget;
              const index = content.widgets.findIndex(
                (cell) => cell.model.sharedModel.getSource().startsWith(start)
              );
              content.activeCellIndex = index + 1;
              await jupyterapp.commands.execute("notebook:run-all-above");
            }""",
            start,
        )

    def run_cell(self, start: str) -> str:
        """Run the cell that starts with these words; what it prints."""
        return self.page.evaluate(
            """async (start) => {
              const { content } = jupyterapp.shell.currentWidget;
              const index = content.widgets.findIndex(
                (cell) => cell.model.sharedModel.getSource().startsWith(start)
              );
              content.activeCellIndex = index;
              await jupyterapp.commands.execute("notebook:run-cell");
              const { outputs } = content.widgets[index].model.toJSON();
              return outputs.flatMap((output) => output.text ?? "").join("").trim();
            }""",
            start,
        )

    def ask(self, expression: str) -> str:
        """What the kernel's Python prints for an expression."""
        return self.page.evaluate(
            """async (code) => {
              const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
              const future = kernel.requestExecute({ code: `print(${code})` });
              let words = "";
              future.onIOPub = ({ content }) => { words += content.text ?? content.evalue ?? ""; };
              await future.done;
              return words.trim();
            }""",
            expression,
        )

    def wait(self, expression: str, words: str) -> None:
        """Until the kernel prints these words for the expression, at most 20 seconds."""
        until = time.monotonic() + 20
        found = self.ask(expression)
        while found != words:
            if time.monotonic() > until:
                raise TimeoutError(f"{expression} is {found}, not {words}, after 20 seconds.")
            time.sleep(0.05)
            found = self.ask(expression)

    def _note(self, line: Any) -> None:
        # JupyterLab's own: it asks for an attached picture by its name before it puts it in place
        is_attached = line.location["url"].startswith("attachment:")
        if line.type == "error" and not is_attached:
            self.faults.append(line.text)

    def errors(self) -> list[str]:
        """Error outputs of all cells."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.model.toJSON().cells
              .flatMap((cell) => cell.outputs ?? [])
              .filter((o) => o.output_type === "error" || o.name === "stderr")
              .map((o) => o.evalue ?? String(o.text))"""
        )


def main() -> None:
    if find_chromium():
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests.")
        for command in (
            ["apt-get", "update"],
            ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(
                [*command, "-qq"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )
    if not find_chromium():
        print(f"The browser tests will be skipped. {MISSING}")


if __name__ == "__main__":
    main()
