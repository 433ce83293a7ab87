"""A real Firefox, as every Linux has it, driven by its own protocol (WebDriver BiDi).

Playwright drives only a Firefox of its own, which has to be downloaded.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager

import websocket

from vae_lib import files


def find_firefox():
    """Path of a Firefox that is there; VAE_LIB_FIREFOX names another. None if there is none."""
    named = os.environ.get("VAE_LIB_FIREFOX")
    if named:
        return str(files.find(named))
    return shutil.which("firefox") or shutil.which("firefox-esr")


@contextmanager
def open_firefox(folder):
    """Firefox with no window and a new profile in the folder; gives a ``Firefox``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--headless", "--profile", str(folder), "--remote-debugging-port", str(port)]
    with (folder / "firefox.log").open("w") as log:
        process = subprocess.Popen([find_firefox(), *options], stdout=log, stderr=log)
    try:
        yield Firefox(_connect(port))
    finally:
        process.kill()
        process.wait(20)


def _connect(port):
    until = time.monotonic() + 60
    while True:
        try:
            return websocket.create_connection(
                f"ws://127.0.0.1:{port}/session", timeout=60, suppress_origin=True
            )
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


class Firefox:
    """One tab, and the faults that its console has shown."""

    def __init__(self, connection):
        self.connection = connection
        self.number = 0
        self.faults = []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.tab = self.ask("browsingContext.create", type="tab")["context"]

    def ask(self, method, **parameters):
        """Send a command; its result.

        Raises:
            RuntimeError: Firefox refused it.
        """
        self.number += 1
        words = {"id": self.number, "method": method, "params": parameters}
        self.connection.send(json.dumps(words))
        while True:
            answer = json.loads(self.connection.recv())
            self._note(answer)
            if answer.get("id") == self.number:
                break
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]

    def _note(self, answer):
        entry = answer.get("params", {})
        if answer.get("method") == "log.entryAdded" and entry["level"] == "error":
            self.faults.append(entry["text"])

    def show(self, path, width, height=800):
        """Open a file in a view of this size, in CSS pixels."""
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self.tab, viewport=size)
        self.ask("browsingContext.navigate", context=self.tab, url=path.as_uri(), wait="complete")

    def evaluate(self, expression):
        """The value of JavaScript, awaited if it is a promise; passed as JSON."""
        answer = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self.tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def wait(self, expression, seconds=60):
        """Until the JavaScript is true.

        Raises:
            TimeoutError: it is not in time.
        """
        until = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > until:
                raise TimeoutError(f"{expression} is not true after {seconds} seconds.")
            time.sleep(0.2)

    def press(self, key):
        """Press a key where the focus is."""
        actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self.ask("input.performActions", context=self.tab, actions=[keyboard])
