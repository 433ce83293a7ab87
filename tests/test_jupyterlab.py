"""The notebooks with widgets in JupyterLab, in a real Chromium: what nbval does not see."""

import json
import os
import re
import signal
import urllib.request

import numpy as np
import pytest

from tests.accessibility import find_serious
from tests.cell_names import find_needed
from tests.opened_page import box, drag, ink_on, on_map, pixels, places_on
from tests.pointers import DOWN, OTHERS, Hands
from tools import browser as tool
from tools.publish.notebooks import text
from vae_lib import shipped
from vae_lib.shipped import load_pretrained
from vae_lib.widgets.shared import RUN_ME, read_picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(tool.find_chromium() is None, reason=tool.MISSING),
]
OURS = (".vae-widget", ".vae-sliders")
# notebooks, and how many widgets they show
WITH_WIDGETS = {"00": 1, "02": 2, "05": 2, "07": 6, "08": 1, "10": 1}
TRAINING = ("02", "05", "10")  # of these, those that train


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on the digits of this test run."""
    with tool.start_lab(tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture(scope="module")
def small_lab(tmp_path_factory):
    """The same on the stand-in digits, for the notebooks that train."""
    with tool.start_lab(tmp_path_factory.mktemp("lab"), VAE_LIB_SOURCE="sklearn") as address:
        yield address


def named(number):
    return next(path.name for path in (tool.ROOT / "notebooks").glob(f"{number}_*.ipynb"))


def kernels(lab):
    """The kernels that JupyterLab's server holds."""
    with urllib.request.urlopen(f"{lab}/api/kernels?token={tool.TOKEN}") as answer:
        return json.load(answer)


@pytest.mark.parametrize("number", ["00", "05", "07"])
def test_a_notebook_that_is_only_opened_is_unchanged_and_its_kernel_ends_with_its_tab(
    chromium, lab, number
):
    before = len(kernels(lab))
    notebook = tool.Notebook(chromium, lab, named(number))
    page = notebook.page
    page.wait_for_timeout(2000)  # time to write what a kernel says about its language
    assert not page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")
    assert page.locator(".jp-mod-dirty").count() == 0
    assert "Jupyter news" not in page.locator("body").inner_text()
    assert len(kernels(lab)) == before + 1
    assert notebook.faults == []
    page.evaluate("jupyterapp.shell.currentWidget.close()")
    page.wait_for_function("!document.querySelector('.jp-NotebookPanel')")
    for _ in range(100):
        if len(kernels(lab)) == before:
            break
        page.wait_for_timeout(100)
    assert len(kernels(lab)) == before
    page.close()


def cells_for_widgets(number):
    """The notebook's cells that show a widget, and those that they need; nbval runs all."""
    cells = json.loads((tool.ROOT / "notebooks" / named(number)).read_text("utf-8"))["cells"]
    code = {i: text(cell) for i, cell in enumerate(cells) if cell["cell_type"] == "code"}
    return find_needed(code, [i for i in code if RUN_ME in json.dumps(cells[i]["outputs"])])


@pytest.fixture(scope="module")
def run_once(chromium, lab, small_lab):
    """A notebook by its number, with its widgets; all tests of this file have the same one."""
    notebooks = {}

    def run(number):
        if number not in notebooks:
            address = small_lab if number in TRAINING else lab
            notebooks[number] = tool.Notebook(chromium, address, named(number))
            notebooks[number].run_cells(cells_for_widgets(number))
        return notebooks[number]

    yield run
    for notebook in notebooks.values():
        notebook.page.close()


@pytest.fixture(scope="module")
def explorer(run_once):
    return run_once("07")


@pytest.mark.parametrize("number", WITH_WIDGETS)
def test_a_notebook_with_widgets_runs_without_a_fault(run_once, number):
    notebook = run_once(number)
    shown = notebook.page.locator(", ".join(OURS))
    shown.nth(WITH_WIDGETS[number] - 1).wait_for()
    assert shown.count() == WITH_WIDGETS[number]
    if number == "10":
        choose_digit_and_style(notebook)
    assert notebook.errors() == [] and notebook.faults == []
    roots = [[root] for root in OURS if notebook.page.locator(root).count()]
    assert find_serious(notebook.page, {"include": roots}) == []


def choose_digit_and_style(notebook):
    """Notebook 10: the list chooses the decoder, the sliders the code."""
    sliders = notebook.page.locator(".vae-sliders")
    picture = sliders.locator(".widget-image")
    for act in (
        lambda: sliders.locator("select").select_option("4"),
        lambda: sliders.get_by_role("slider").first.press("ArrowRight"),
        lambda: sliders.get_by_role("slider").last.press("ArrowLeft"),
    ):
        before = picture.get_attribute("src")
        act()
        notebook.page.wait_for_function(
            "(src) => document.querySelector('.widget-image').src !== src", arg=before
        )
    assert notebook.ask("sliders.label.value") == "4"
    z = [float(notebook.ask(f"sliders.{name}.value")) for name in ("z1", "z2")]
    assert z == pytest.approx([0.05, -0.05])  # a step of each slider
    shown = f"abs(sliders.digit.ravel() - sliders.decode_style(np.array([{z}])).ravel()).max()"
    assert float(notebook.ask(shown)) < 1e-5


# What axe finds serious in the frame that JupyterLab 4.6 puts around us, by rule; a new rule fails.
JUPYTERLABS_OWN = {
    "aria-allowed-attr": "its buttons are jp-button elements with aria-pressed",
    "aria-input-field-name": "its editors have no name",
    "aria-required-children": "its list of cells is a feed of elements that are no articles",
    "button-name": "the arrows that fold headings have no name",
    "image-alt": "its renderer drops the alternative texts that we store; captions say the same",
}


def test_axe_finds_in_jupyterlab_only_what_is_known(explorer):
    ours = {"exclude": [[".vae-widget"], [".vae-sliders"]]}
    found = {fault.partition(":")[0] for fault in find_serious(explorer.page, ours)}
    assert found == set(JUPYTERLABS_OWN)  # one that is gone leaves the list, too


def test_before_it_is_run_a_notebook_shows_a_picture_of_each_widget(chromium, lab):
    notebook = tool.Notebook(chromium, lab, named("05"))
    for name in ("replay", "live_training"):
        stored = read_picture(name)[-200:]
        notebook.page.locator(f".jp-OutputArea-output img[src$='{stored}']").wait_for()
    assert notebook.page.get_by_text("model not found").count() == 0
    notebook.page.close()


def test_python_sees_where_the_hand_went(explorer, chromium):
    page = explorer.page
    pad = page.locator(".vae-widget[aria-label='Latent pad']")
    frame = box(pad.locator(".vw-map"))
    drag(page, on_map(frame, (0, 0)), on_map(frame, (-1.5, -1)))
    explorer.wait("abs(pad.z[0] + 1.5) < 0.05 and abs(pad.z[1] + 1) < 0.05", "True")
    z = np.array([float(value) for value in explorer.ask("*pad.z").split()])
    shown = pixels(pad.locator(".vw-digit").first)
    assert np.abs(shown - load_pretrained().decode(z[None])[0, ..., 0]).max() < 0.004
    explorer.ask("setattr(pad, 'z', [1.2, -1.4])")
    page.wait_for_function(
        "() => document.querySelector('.vw-handle').getAttribute('aria-valuenow') === '1.20'"
    )
    assert (
        np.abs(
            pixels(pad.locator(".vw-digit").first)
            - load_pretrained().decode([[1.2, -1.4]])[0, ..., 0]
        ).max()
        < 0.004
    )


def test_arrow_keys_move_the_point_and_not_the_notebook(explorer):
    page = explorer.page
    explorer.ask("setattr(pad, 'z', [0.0, 0.0])")
    page.wait_for_function(
        "() => document.querySelector('.vw-handle').getAttribute('aria-valuenow') === '0.00'"
    )
    page.locator(".vw-handle").first.focus()
    cell = page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    explorer.wait("round(pad.z[1], 2)", "-0.15")
    assert page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex") == cell


def test_sliders_have_names_and_redraw_the_digit(explorer):
    page = explorer.page
    handles = page.locator(".widget-slider [role=slider]")
    assert [handle.get_attribute("aria-label") for handle in handles.all()] == ["z₁", "z₂"]
    picture = page.locator(".widget-image").first
    for number in (0, 1):
        before, value = (
            picture.get_attribute("src"),
            float(explorer.ask(f"sliders.z{number + 1}.value")),
        )
        handles.nth(number).focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(
            "(src) => document.querySelector('.widget-image').src !== src", arg=before
        )
        assert float(explorer.ask(f"sliders.z{number + 1}.value")) == pytest.approx(value - 0.05)
    assert explorer.ask("sliders.names.alt") == picture.get_attribute("alt")
    decoded = "model.decode([[sliders.z1.value, sliders.z2.value]])[0, ..., 0]"
    assert explorer.ask(f"float(abs(sliders.digit - {decoded}).max())") == "0.0"


def test_new_noise_draws_anew_around_the_same_mean(explorer):
    page = explorer.page
    posterior = page.locator(".vae-widget[aria-label='Posterior of a test digit']")
    posterior.get_by_role("button", name="a 2").click()
    explorer.wait("labels[posterior.index]", "2")
    words, middle = (
        posterior.locator(".vw-words").inner_text(),
        pixels(posterior.locator(".vw-picture .vw-digit").nth(1)),
    )
    seed = int(explorer.ask("posterior.seed"))
    posterior.get_by_role("button", name="New noise").click()
    explorer.wait("posterior.seed", str(seed + 1))
    assert posterior.locator(".vw-words").inner_text() != words
    assert np.array_equal(pixels(posterior.locator(".vw-picture .vw-digit").nth(1)), middle)
    index = int(explorer.ask("posterior.index"))
    model = load_pretrained()
    expected = model.decode(
        [[float(v) for v in explorer.ask(f"*posterior.z_mean[{index}]").split()]]
    )[0, ..., 0]
    assert np.abs(middle - expected).max() < 0.01


def test_a_drawing_is_read_in_the_notebook_too(explorer):
    page = explorer.page
    pad = page.locator(".vae-widget[aria-label='Drawing pad']")
    pad.get_by_role("button", name="Clear").click()
    frame = box(pad.locator(".vw-sheet"))
    middle = frame["x"] + frame["width"] / 2
    drag(page, (middle, frame["y"] + 30), (middle + 4, frame["y"] + frame["height"] - 30))
    explorer.wait("drawing.reading.get('digit')", "1")
    assert len(explorer.ask("list(drawing.image)").split(",")) == 784
    explorer.ask("drawing.show(images[1])")
    explorer.wait("abs(drawing.reading['z_mean'] - pad.z_mean[1]).max() < 1e-3", "True")


def test_in_the_notebook_too_one_pointer_draws_and_drags(explorer):
    page, hands = explorer.page, Hands(explorer.page)
    pad = page.locator(".vae-widget[aria-label='Drawing pad']")
    pad.get_by_role("button", name="Clear").click()
    at = places_on(pad.locator(".vw-sheet"))
    for y in DOWN:
        hands.touch(at(0.5, y))
        hands.touch(at(0.9 - y / 10, 0.7 + y / 10), 1)
    hands.lift()
    hands.lift(1)
    explorer.wait("drawing.reading.get('digit')", "1")
    ink = ink_on(page)
    for kind in ("mouse", "pen"):
        hands.press(at(0.1, 0.1), "middle", kind)
        hands.release(at(0.1, 0.1), "middle", kind)
        hands.press(at(0.1, 0.1), "right", kind)
        hands.release(at(0.1, 0.1), "right", kind)
        page.keyboard.press("Escape")  # JupyterLab's menu is there for a right click
    hands.press(at(0.5, 0.5))
    hands.press(at(0.5, 0.5), "right")  # and in no stroke
    hands.release(at(0.5, 0.5), "right")
    hands.release(at(0.5, 0.5))
    assert page.locator(".lm-Menu").count() == 0
    assert ink_on(page) == ink

    hands.touch(at(0.2, 0.2))
    explorer.ask("drawing.show(images[1])")  # Python shows a digit while a finger draws
    explorer.wait("abs(drawing.reading['z_mean'] - pad.z_mean[1]).max() < 1e-3", "True")
    shown = explorer.ask("bytes(drawing.image)")
    hands.touch(at(0.8, 0.8))
    hands.lift()
    page.wait_for_timeout(200)
    assert explorer.ask("bytes(drawing.image)") == shown

    frame = box(page.locator(".vae-widget[aria-label='Latent pad'] .vw-map"))
    hands.touch(on_map(frame, (0, 0)))
    hands.touch(on_map(frame, (1, 1)))
    hands.touch(on_map(frame, (-3, -3)), 1)
    hands.touch(on_map(frame, (-3, -2)), 1)
    hands.lift(1)
    hands.lift()
    explorer.wait("abs(pad.z[0] - 1) < 0.05 and abs(pad.z[1] - 1) < 0.05", "True")

    at = places_on(page.locator(".vae-sliders .noUi-target").first)
    value = explorer.ask("sliders.z1.value")
    for kind, button, _ in OTHERS[:2] + OTHERS[3:]:
        hands.press(at(0.9, 0.5), button, kind)
        hands.move(at(0.8, 0.5), kind)
        hands.release(at(0.8, 0.5), button, kind)
        page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert explorer.ask("sliders.z1.value") == value


def test_the_replay_obeys_python(explorer):
    explorer.ask("setattr(replay, 'epoch', 4)")
    explorer.page.get_by_text("4 of 10").first.wait_for()


def test_the_loss_explorer_shows_each_weight(run_once):
    page = run_once("02").page
    loss, shown_again = page.locator(".vae-widget").first, page.locator(".vae-widget").last
    shown_again.get_by_label("Mean", exact=True).wait_for()
    page.wait_for_timeout(1000)
    canvases = loss.locator("canvas")
    before = [canvas.evaluate("(canvas) => canvas.toDataURL()") for canvas in canvases.all()[:3]]
    for name in ("Mean", "Log-variance", "Weight of the KL"):
        loss.get_by_label(name, exact=True).focus()
        page.keyboard.press("End")
    mean, log_var = 3.0, 2.0
    kl = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var)
    assert f"= {kl:.2f} nats" in loss.locator(".vw-words").first.inner_text()
    reconstruction, weighed = shipped.load_kl_weights()["terms"][-1]
    words = loss.locator(".vw-words").last.inner_text()
    assert f"Weight 8: reconstruction {reconstruction:.1f} + KL {weighed:.1f}" in words
    assert shown_again.get_by_label("Mean", exact=True).input_value() == "3"  # one model, two views
    after = [canvas.evaluate("(canvas) => canvas.toDataURL()") for canvas in canvases.all()[:3]]
    assert all(a != b for a, b in zip(before, after, strict=True))


def test_widgets_come_back_after_a_restart(run_once):
    notebook = run_once("00")
    notebook.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    notebook.run_cells(cells_for_widgets("00"))
    pad = notebook.page.locator(".vae-widget")
    pad.wait_for()
    pad.locator(".vw-handle").focus()
    notebook.page.keyboard.press("Home")
    notebook.wait("pad.z", "[0.0, 0.0]")
    assert notebook.errors() == []


@pytest.mark.parametrize("end", ["killed", "shut down"])
def test_without_a_kernel_sliders_say_what_to_do_and_the_rest_goes_on(chromium, lab, end):
    notebook = tool.Notebook(chromium, lab, named("07"))
    notebook.run_up_to("sliders = ")
    page = notebook.page
    handle, silence = (
        page.locator(".widget-slider [role=slider]").first,
        page.locator(".vae-sliders [role=status]"),
    )
    handle.focus()
    page.keyboard.press("ArrowRight")
    notebook.wait("round(sliders.z1.value, 2)", "0.05")
    page.wait_for_timeout(3500)
    assert silence.inner_text() == ""  # Python answered
    if end == "killed":
        os.kill(int(notebook.ask("__import__('os').getpid()")), signal.SIGKILL)
        page.get_by_role("dialog").get_by_role("button", name="Ok").click(timeout=20_000)
    else:
        page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('.vae-sliders [role=status]').textContent", timeout=8000
    )
    assert (
        silence.inner_text().startswith("Python does not answer: ")
        and "run this cell again" in silence.inner_text()
    )
    assert find_serious(page, {"include": [[".vae-sliders"]]}) == []
    pad = page.locator(".vae-widget[aria-label='Latent pad']")
    frame = box(pad.locator(".vw-map"))
    drag(page, on_map(frame, (0, 0)), on_map(frame, (1, -1)))  # needs no Python
    page.wait_for_timeout(100)
    z = [
        float(value)
        for value in re.findall(
            r"-?\d\.\d+", pad.locator(".vw-handle").get_attribute("aria-valuetext")
        )
    ]
    assert z == pytest.approx([1, -1], abs=0.05)
    assert (
        np.abs(
            pixels(pad.locator(".vw-digit").first) - load_pretrained().decode([z])[0, ..., 0]
        ).max()
        < 0.02
    )
    page.close()
