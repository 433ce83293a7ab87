"""Views of trainings in a kernel: two in one notebook, and one whose kernel was restarted."""

import base64

import pytest

from tools import browser as tool
from vae_lib.widgets.live_training import LiveTraining

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(tool.find_chromium() is None, reason=tool.MISSING),
]

# Two cells with the widget over messages as Lab sends them; gone(): its kernel is not there
NOTEBOOK = """async ([script, style]) => {
  const { default: widget } = await import(`data:text/javascript;base64,${script}`);
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const floats = (values) => new DataView(Float32Array.from(values).buffer);
  const bytes = (count) => new DataView(new Uint8Array(count).buffer);
  const pairs = floats([0.5, -0.5, 1, 1, -1, 1]);
  const KNOBS = {
    klWeight: 1, learningRate: 0.002, noise: true, inputDropout: 0, trainingDigits: 100,
  };
  const open = (cell) => {
    const listeners = [];
    const sent = [];
    let isGone = false;
    const model = {
      on: (event, listener) => { if (event === "msg:custom") listeners.push(listener); },
      off() {},
      send(content) {
        if (isGone) throw new Error("kernel");
        sent.push(content);
      },
    };
    widget.render({ model, el: cell });
    const tell = (content, buffers = []) => {
      for (const listener of listeners) listener(content, buffers);
    };
    tell({ kind: "setting", digits: 100, offers: ["seed"] }, [bytes(3)]);
    let frame = 0;
    const show = (state, images) => {
      frame += 1;
      const content = {
        kind: "frame", frame, run: 0, state, words: "", epoch: images / 100, images, rate: 0,
        terms: { loss: 200, reconstruction: 195, kl: 5 },
        gradients: { reconstruction: { decoder: 2, encoder: 3 }, kl: { encoder: 1 } },
        first: 0, measured: [], knobs: KNOBS,
        start: { seed: 0, hiddenUnits: 64, activation: "gelu" },
      };
      const codes = [pairs, pairs, pairs, pairs];
      tell(content, [pairs, bytes(3 * 784), ...codes, bytes(3 * 784), bytes(784)]);
    };
    show("idle", 0);
    return { sent, show, gone: () => { isGone = true; } };
  };
  const cells = [0, 1].map((number) => {
    const cell = document.createElement("div");
    cell.id = `cell-${number}`;
    document.body.append(cell);
    return cell;
  });
  window.labs = cells.map(open);
}"""


@pytest.fixture
def notebook(chromium):
    faults: list[str] = []
    page = chromium.new_page(viewport={"width": 900, "height": 900})
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.set_content("<!doctype html><title>Two labs</title><body></body>")
    view = LiveTraining(lambda message: None)
    script = base64.b64encode(str(view._esm).encode()).decode()
    page.evaluate(NOTEBOOK, [script, str(view._css)])
    page.locator("#cell-1 [data-action=play]:enabled").wait_for()
    yield page
    page.close()
    assert faults == []


def sent(page, number, action):
    """How often a view has asked its own training for this."""
    code = "([number, action]) => labs[number].sent.filter((one) => one.action === action).length"
    return page.evaluate(code, [number, action])


def test_of_two_labs_in_a_notebook_each_has_its_own_training(notebook):
    first, second = (notebook.locator(f"#cell-{number}") for number in (0, 1))
    assert second.get_by_label("hidden units", exact=True).is_hidden()  # this model offers none
    second.locator("[data-action=play]").click()
    assert [sent(notebook, number, "play") for number in (0, 1)] == [0, 1]
    notebook.evaluate("labs[1].show('training', 300)")
    second.get_by_role("button", name="Pause").wait_for()
    assert first.get_by_role("button", name="Pause").count() == 0
    assert "300" in second.locator(".vl-readings").inner_text()
    assert "300" not in first.locator(".vl-readings").inner_text()
    first.get_by_label("show gradients", exact=True).check()
    first.locator(".vl-handle").nth(1).click()
    assert first.locator(".vl-with-gradients").count() == 1
    assert second.locator(".vl-with-gradients, .vl-lit").count() == 0
    second.locator(".vl-chips button").nth(1).click()
    assert [sent(notebook, number, "reset") for number in (0, 1)] == [0, 1]
    assert first.locator(".vl-task").is_hidden()
    assert first.get_by_label("KL weight", exact=True).input_value() == "1"


def test_a_view_whose_kernel_was_restarted_says_what_to_do_and_the_other_goes_on(notebook):
    first, second = (notebook.locator(f"#cell-{number}") for number in (0, 1))
    notebook.evaluate("labs[0].gone()")
    first.locator("[data-action=step]").click()
    words = first.get_by_role("alert").inner_text()
    assert "restarted" in words and "run this cell again" in words
    assert first.locator("[data-action=play]").is_disabled()
    assert second.get_by_role("alert").inner_text() == ""
    second.locator("[data-action=step]").click()
    assert sent(notebook, 1, "step") == 1
