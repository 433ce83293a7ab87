"""The live training in JupyterLab, with Python behind it: every control and knob, and bad days."""

import json
import re
import time
import urllib.request

import psutil
import pytest

from tests.test_live_page import Lab
from tools import browser as tool

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(tool.find_chromium() is None, reason=tool.MISSING),
]
BATCH = 100
DIGITS = 1297  # training digits of the stand-in
UNITS = 32
CELLS = [
    """from vae_lib.data import load_digits
from vae_lib.live import train_live
from vae_lib.models import build_vae
digits = load_digits("sklearn")""",
    f"lab = train_live(build_vae, digits, hidden_units={UNITS})\nlab",
    "other = train_live(build_vae, digits, hidden_units=16)\nother",
]
START_ANEW = (
    f"lab.reset(seed=0, hidden_units={UNITS}, activation='gelu') or lab.set(kl_weight=1.0, "
    f"learning_rate=0.002, noise=True, input_dropout=0.0, training_digits={DIGITS})"
)
FIRST, SECOND = (f":nth-match([data-state]:has(> .vae-live), {number})" for number in (1, 2))
ANSWERS = 2.0  # seconds, on a busy machine; make bench has the bar


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(folder):
    with tool.start_lab(folder, VAE_LIB_SOURCE="sklearn") as found:
        yield found


@pytest.fixture(scope="module")
def open_notebook(chromium, folder, address):
    """Opens a notebook of its own, with a kernel of its own, and runs two cells or more."""
    opened = []

    def open_one(name, cells=2):
        tool.write_notebook(folder, name, CELLS)
        notebook = tool.Notebook(chromium, address, name)
        opened.append(notebook)
        for cell in CELLS[:cells]:
            notebook.run_cell(cell)
        return notebook

    yield open_one
    for notebook in opened:
        close(notebook)


def close(notebook):
    """With its kernel, which would go on training beside the tests that follow."""
    if not notebook.page.is_closed():  # a test may have closed page or tab
        notebook.page.evaluate("() => jupyterapp.shell.currentWidget?.sessionContext?.shutdown()")
        notebook.page.close()


@pytest.fixture(scope="module")
def notebook(open_notebook):
    """One for all tests of controls and knobs."""
    return open_notebook("L1.ipynb")


@pytest.fixture
def lab(notebook):
    """Its training at its start, with the ordinary settings."""
    opened = Lab(notebook.page, FIRST)
    opened.root.locator("[data-action=play]:enabled").wait_for()
    notebook.ask(START_ANEW)
    opened.wait_for_state("idle")
    opened.settle()
    yield opened
    assert notebook.errors() == [] and notebook.faults == []


def numbers(lab, *names):
    """Of the cards of the loss and its terms."""
    return [float(lab.root.locator(f".vl-card-{name} .vl-value").inner_text()) for name in names]


# controls


def test_play_trains_pause_stops_and_python_sees_it(lab, notebook):
    assert lab.images() == 0
    before = {part: lab.picture(part) for part in (".vl-map", ".vl-thumb >> nth=1", ".vl-sample")}
    lab.press("play")
    lab.wait("root.dataset.knnAccuracy")
    lab.wait_for_images(30 * BATCH)
    assert lab.data("state") == "training" == notebook.ask("lab.state")
    assert lab.root.get_by_role("button", name="Pause").count() == 1
    assert float(lab.data("images-per-second")) > 0
    assert 0.1 < float(lab.data("knn-accuracy")) <= 1
    assert float(lab.data("validation-loss")) < 400
    lab.press("play")
    lab.wait_for_state("paused")
    lab.settle()
    images = lab.images()
    assert notebook.ask("lab.state") == "paused"
    assert notebook.ask("lab._trainer.images") == str(images)
    assert f"{images:,}" in lab.root.locator(".vl-readings").inner_text()
    assert all(before[part] != lab.picture(part) for part in before)
    lab.press("play")  # and it goes on
    lab.wait_for_images(images + BATCH)
    assert int(notebook.ask("lab.run.epochs")) >= 1  # for the next cell


def test_one_step_sees_one_batch_and_one_epoch_ends_with_the_epoch(lab):
    lab.step()
    assert lab.images() == BATCH
    lab.knob("training digits").select_option("300")
    lab.press("epoch")
    lab.wait_for_images(BATCH + 1)
    lab.wait_for_state("paused")
    lab.settle()
    assert lab.images() in (3 * BATCH, 4 * BATCH)
    assert lab.root.locator(".vl-readings dd").first.inner_text() == "1.0"


def test_reset_starts_anew_from_the_same_seed_or_another(lab):
    first = lab.picture(".vl-map")
    lab.press("epoch")
    lab.wait("root.dataset.knnAccuracy && root.dataset.validationLoss")
    lab.settle()
    assert lab.picture(".vl-map") != first
    lab.press("reset")
    lab.wait_for_state("idle")
    lab.settle()
    assert lab.images() == 0 and lab.picture(".vl-map") == first
    assert lab.data("validation-loss") is None and lab.data("knn-accuracy") is None
    lab.press("reseed")
    lab.wait_for_another_picture(".vl-map", first)
    lab.wait_for_state("idle")
    assert lab.images() == 0


def test_other_codes_from_the_prior_are_drawn_when_asked_for(lab):
    samples, chart = lab.picture(".vl-sample"), lab.picture(".vl-map")
    lab.press("resample")
    lab.settle()
    assert lab.picture(".vl-sample") != samples and lab.picture(".vl-map") == chart


def test_the_slow_pace_can_be_followed_by_eye(lab):
    lab.press("slow")
    lab.press("play")
    lab.wait_for_images(BATCH)
    before = lab.images()
    lab.page.wait_for_timeout(2000)
    assert BATCH <= lab.images() - before <= 10 * BATCH  # four steps a second
    lab.press("slow")
    lab.wait_for_images(lab.images() + 20 * BATCH)
    lab.press("play")
    lab.wait_for_state("paused")


# knobs


def test_the_kl_weight_acts_at_once(lab):
    lab.step()
    lab.slide("KL weight", "8")
    lab.step()
    loss, kl, reconstruction = numbers(lab, "loss", "kl", "reconstruction")
    assert loss == pytest.approx(8 * kl + reconstruction, abs=0.6)
    lab.slide("KL weight", "0")
    lab.step()
    loss, reconstruction = numbers(lab, "loss", "reconstruction")
    assert loss == pytest.approx(reconstruction, abs=0.11)


def test_without_noise_z_is_the_mean(lab):
    lab.step(2)
    mean, deviation, z = lab.follow(1)
    assert z != mean and min(deviation) > 0
    lab.knob("sampling noise").uncheck()
    lab.settle()
    mean, _, z = lab.follow(1)
    assert z == mean


def test_input_dropout_is_seen_in_the_inputs(lab):
    whole = lab.ink(".vl-thumb")
    lab.slide("input dropout", "0.9")
    lab.settle()
    assert lab.ink(".vl-thumb") < 0.4 * whole
    lab.slide("input dropout", "0")
    lab.settle()
    assert lab.ink(".vl-thumb") == whole


def test_the_learning_rate_acts_at_once(lab, notebook):
    def largest_change(rate):
        lab.knob("learning rate").select_option(rate)
        notebook.ask("globals().update(before=lab.vae.encoder.get_weights()[0])")
        lab.step()
        return float(notebook.ask("abs(lab.vae.encoder.get_weights()[0] - before).max()"))

    slow, fast = largest_change("0.0001"), largest_change("0.03")
    assert 0 < slow < 0.001 and fast > 20 * slow


def test_fewer_training_digits_make_a_shorter_epoch(lab):
    lab.knob("training digits").select_option("100")
    lab.press("epoch")
    lab.wait_for_images(1)
    lab.wait_for_state("paused")
    assert lab.images() == BATCH


def test_hidden_units_and_activation_wait_for_a_reset(lab, notebook):
    layer = "lab.vae.encoder.layers[2].units, lab.vae.encoder.layers[2].activation.__name__"
    assert notebook.ask(layer) == f"{UNITS} gelu"
    lab.knob("hidden units").select_option("16")
    lab.knob("activation").select_option("relu")
    lab.step()
    assert notebook.ask(layer) == f"{UNITS} gelu"
    assert lab.knob("hidden units").input_value() == "16"  # frames do not turn it back
    lab.press("reset")
    lab.wait_for_state("idle")
    assert notebook.ask(layer) == "16 relu"
    assert "784 → 16" in lab.root.inner_text()
    lab.step()
    lab.knob("hidden units").select_option(str(UNITS))  # as the other tests have them
    lab.knob("activation").select_option("gelu")
    lab.press("reset")
    lab.wait_for_state("idle")
    assert notebook.ask(layer) == f"{UNITS} gelu"


def test_gradients_are_shown_when_asked_for(lab):
    lab.step()
    assert lab.gradients() == 0
    lab.knob("show gradients").check()
    lab.step()
    shown = lab.gradients()
    assert shown > 0 and lab.gradients(".vl-of-kl") > 0
    norms = lab.root.locator(".vl-norm").all_text_contents()
    assert norms and all(re.match(r"gradient norm [\d.,]+", words) for words in norms)
    lab.slide("KL weight", "0")
    lab.step()
    assert lab.gradients(".vl-of-kl") == 0 < lab.gradients()
    lab.knob("show gradients").uncheck()
    assert lab.gradients() == 0


def test_an_experiment_sets_its_knobs_and_starts_anew(lab, notebook):
    lab.step()
    lab.slide("input dropout", "0.5")
    chips = lab.root.locator(".vl-chips button")
    chips.first.click()
    lab.wait_for_state("idle")
    lab.settle()
    assert lab.images() == 0 and chips.first.get_attribute("aria-pressed") == "true"
    knobs = "lab.knobs.kl_weight, lab.knobs.noise, lab.knobs.input_dropout"
    assert notebook.ask(knobs) == "0.0 False 0.0"
    task = lab.root.locator(".vl-task")
    task.locator("summary").click()
    assert len(task.locator("details p").inner_text()) > 80
    task.get_by_role("button").click()
    assert task.is_hidden()
    lab.settle()
    assert notebook.ask(knobs) == "1.0 True 0.0"


def test_a_huge_learning_rate_is_said_in_a_sentence_and_a_reset_offered(lab):
    lab.slide("KL weight", "8")
    lab.knob("learning rate").select_option("1")
    lab.press("play")
    lab.wait_for_state("invalid")
    alert = lab.root.get_by_role("alert")
    assert "learning rate" in alert.inner_text()
    alert.get_by_role("button").click()
    lab.wait_for_state("idle")
    lab.settle()
    assert alert.inner_text() == "" and lab.knob("learning rate").input_value() != "1"


# beside other cells


def test_another_cell_answers_while_it_trains(lab, notebook):
    lab.press("play")
    lab.wait_for_images(10 * BATCH)
    delays = []
    for number in range(5):
        began = time.perf_counter()
        assert notebook.ask(f"{number} + 1") == str(number + 1)
        delays.append(time.perf_counter() - began)
    assert sorted(delays)[2] < ANSWERS
    assert lab.data("state") == "training"


def test_a_frame_comes_after_a_cell_that_kept_python_busy(lab, notebook):
    lab.press("play")
    lab.wait_for_images(10 * BATCH)
    notebook.ask("__import__('time').sleep(1.5)")  # the answers of the view wait in line
    lab.wait_for_images(lab.images() + 10 * BATCH)
    lab.press("play")
    lab.wait_for_state("paused")


def test_two_labs_in_a_notebook_have_each_a_training_of_their_own(open_notebook):
    notebook = open_notebook("L2.ipynb", cells=3)
    first, second = Lab(notebook.page, FIRST), Lab(notebook.page, SECOND)
    for one in (first, second):
        one.root.locator("[data-action=play]:enabled").wait_for()
    first.press("play")
    first.wait_for_images(5 * BATCH)
    assert second.images() == 0 and second.data("state") == "idle"
    second.slide("KL weight", "3")
    second.press("play")  # and the first makes way
    second.wait_for_images(5 * BATCH)
    first.wait_for_state("paused")
    assert notebook.ask("lab.state, other.state") == "paused training"
    assert notebook.ask("lab.knobs.kl_weight, other.knobs.kl_weight") == "1.0 3.0"
    assert first.knob("KL weight").input_value() == "1"
    images = second.images()
    first.press("play")
    first.wait_for_images(first.images() + 5 * BATCH)
    second.wait_for_state("paused")
    assert second.images() >= images and notebook.ask("lab.state, other.state") == "training paused"

    notebook.run_cell(CELLS[1])  # the cell again: its old lab is closed, the other stays
    again = Lab(notebook.page, FIRST)
    again.root.locator("[data-action=play]:enabled").wait_for()
    assert again.images() == 0 and again.data("state") == "idle"
    assert notebook.page.locator(".vae-live").count() == 2
    again.press("play")
    again.wait_for_images(5 * BATCH)
    assert notebook.ask("lab.state, other.state") == "training paused"
    assert notebook.errors() == [] and notebook.faults == []
    close(notebook)


# bad days


def test_after_a_restart_the_view_says_what_to_do_and_the_cell_works_again(open_notebook):
    notebook = open_notebook("L3.ipynb")
    lab = Lab(notebook.page, FIRST)
    lab.root.locator("[data-action=play]:enabled").wait_for()
    lab.press("play")
    lab.wait_for_images(5 * BATCH)
    notebook.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    if lab.root.locator("[data-action=play]").is_enabled():
        lab.press("play")
    words = lab.root.get_by_role("alert")
    words.get_by_text("run this cell again").wait_for(timeout=20_000)
    assert lab.root.locator("[data-action=play]").is_disabled()
    for cell in CELLS[:2]:
        notebook.run_cell(cell)
    again = Lab(notebook.page, FIRST)
    again.root.locator("[data-action=play]:enabled").wait_for()
    assert notebook.page.locator(".vae-live").count() == 1 and again.images() == 0
    again.press("play")
    again.wait_for_images(5 * BATCH)
    assert notebook.ask("lab.state") == "training"
    assert notebook.errors() == []
    close(notebook)


def test_closing_the_tab_while_it_trains_ends_the_kernel(open_notebook, address):
    def kernels():
        with urllib.request.urlopen(f"{address}/api/kernels?token={tool.TOKEN}") as answer:
            return {kernel["id"] for kernel in json.load(answer)}

    before = kernels()
    notebook = open_notebook("L4.ipynb")
    lab = Lab(notebook.page, FIRST)
    lab.root.locator("[data-action=play]:enabled").wait_for()
    lab.press("play")
    lab.wait_for_images(5 * BATCH)
    process = int(notebook.ask("__import__('os').getpid()"))
    assert len(kernels() - before) == 1
    notebook.page.evaluate("() => jupyterapp.shell.currentWidget.context.save()")
    notebook.page.evaluate("jupyterapp.shell.currentWidget.close()")
    for _ in range(300):
        if kernels() == before and not psutil.pid_exists(process):
            return
        notebook.page.wait_for_timeout(100)
    raise AssertionError(f"The kernel {process} is still there.")
