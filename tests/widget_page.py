"""One widget alone in a page from disk: its built JavaScript over a store that holds its traits."""

import base64
import json

from tools.publish.site_page import read_state

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A widget</title><link rel="icon" href="data:,">
<style>:root { color-scheme: light dark } body { background: Canvas } {STYLE}</style></head>
<body><main><div id="widget"></div></main>
<script type="module">
const { default: widget } = await import("data:text/javascript;base64,{SCRIPT}");
const { state, blobs } = {STATE};
const toView = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
for (const [name, value] of Object.entries(state)) {
  if (value?.bytes !== undefined) state[name] = toView(blobs[value.bytes]);
}
const listeners = {};
const model = {
  get: (name) => state[name],
  set(name, value) {
    state[name] = value;
    for (const listener of listeners[`change:${name}`] ?? []) listener();
  },
  on: (event, listener) => (listeners[event] ??= []).push(listener),
  save_changes() {},
};
globalThis.model = model; // for tests to look at
widget.render({ model, el: document.getElementById("widget") });
document.body.dataset.ready = "yes";
</script></body></html>
"""


def write_page(widget, path):
    """Write the page of a widget as Python has it now."""
    blobs: list[bytes] = []
    state = read_state(widget, blobs)
    parts = {
        "{STYLE}": widget._css,
        "{SCRIPT}": base64.b64encode(str(widget._esm).encode()).decode(),
        "{STATE}": json.dumps(
            {"state": state, "blobs": [base64.b64encode(blob).decode() for blob in blobs]}
        ),
    }
    page = PAGE
    for mark, words in parts.items():
        page = page.replace(mark, str(words))
    path.write_text(page, encoding="utf-8")


def get_trait(page, name):
    """A trait as the browser has it: bytes for a view."""
    found = page.evaluate(
        """(name) => {
          const value = model.get(name);
          if (!(value instanceof DataView)) return { value };
          return { bytes: [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)] };
        }""",
        name,
    )
    return bytes(found["bytes"]) if "bytes" in found else found["value"]
