"""The live training on the page with no kernel: every control and knob, and what must change."""

import re
import time

import numpy as np
import pytest

from tests.accessibility import find_serious
from tests.opened_page import Page
from tools import browser as tool
from tools.benchmarks.widgets import LIVE_KNOB
from vae_lib import data

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(tool.find_chromium() is None, reason=tool.MISSING),
]
ROOT = "#live-training"
BATCH = 64
PATIENCE = 60_000  # milliseconds, for machines that are busy
DASHES = "(path) => getComputedStyle(path).strokeDashoffset"
PLAIN_KNOBS = {"KL weight": "1", "input dropout": "0", "sampling noise": True}
OTHER_KNOBS = [  # of each experiment
    {"KL weight": "0", "sampling noise": False},
    {"KL weight": "8"},
    {"sampling noise": False},
    {"training digits": "100"},
    {"learning rate": "1"},
]

NO_WEBASSEMBLY = """
window.workersWithoutWebAssembly = 0;
window.Blob = class extends Blob {
  constructor([text], options) {
    const isWorker = options?.type === "text/javascript";
    window.workersWithoutWebAssembly += Number(isWorker);
    super([isWorker ? `self.WebAssembly = undefined;${text}` : text], options);
  }
};"""  # a worker has no window, so what it shall not have is taken away in its own text


class Lab:
    """The live training, as a reader operates it."""

    def __init__(self, page, root=ROOT):
        self.page = page
        self.root = page.locator(root)

    def press(self, action):
        self.root.locator(f"button[data-action={action}]").click()

    def knob(self, name):
        return self.root.get_by_label(name, exact=True)

    def slide(self, name, value):
        self.knob(name).fill(value)

    def data(self, name):
        return self.root.get_attribute(f"data-{name}")

    def images(self):
        return int(self.data("images-seen"))

    def wait(self, condition, arg=None):
        """Until a JavaScript expression of the root element and an argument is true."""
        code = f"([root, arg]) => {condition}"
        self.page.wait_for_function(code, arg=[self.root.element_handle(), arg], timeout=PATIENCE)

    def wait_for_state(self, state):
        self.wait("root.dataset.state === arg", state)

    def wait_for_images(self, count):
        self.wait("Number(root.dataset.imagesSeen) >= arg", count)

    def step(self, count=1):
        """So many steps, one after the other."""
        for _ in range(count):
            images = self.images()
            self.press("step")
            self.wait_for_images(images + 1)
            self.wait_for_state("paused")
        self.settle()

    def settle(self):
        """Until what moves has arrived, and words follow the numbers."""
        self.page.wait_for_timeout(700)

    def picture(self, selector):
        """A canvas as it is, to be compared."""
        return self.root.locator(selector).first.evaluate("(canvas) => canvas.toDataURL()")

    def wait_for_another_picture(self, selector, before):
        """Until a canvas shows something else than before."""
        self.wait("root.querySelector(arg[0]).toDataURL() !== arg[1]", [selector, before])

    def ink(self, selector):
        """Dark pixels of a canvas of 28x28."""
        return self.root.locator(selector).first.evaluate(
            """(canvas) => canvas.getContext("2d").getImageData(0, 0, 28, 28).data
              .filter((grey, k) => k % 4 === 0 && grey < 128).length"""
        )

    def gradients(self, term=""):
        """How many of the gradient's arrows are drawn; a straight one has no height."""
        return self.root.locator(f".vl-gradient{term}").evaluate_all(
            """(paths) => paths.filter((path) => [path, path.parentNode].every(
              (node) => getComputedStyle(node).display !== "none")).length"""
        )

    def follow(self, row):
        """Numbers in words of one digit on its way: mean, standard deviation, z."""
        self.root.locator(".vl-handle").nth(row).focus()
        self.settle()
        words = self.root.locator(".vl-way").inner_text()
        pairs = re.findall(r"\(([−0-9.]+), ([−0-9.]+)\)", words)
        return [tuple(float(value.replace("−", "-")) for value in pair) for pair in pairs]


@pytest.fixture
def opened(chromium, site):
    page = Page(chromium, site)
    yield page
    page.context.close()
    assert page.faults == []


@pytest.fixture
def lab(opened):
    return Lab(opened.page)


def test_it_trains_on_the_readers_digits_and_maps_their_validation_digits(lab):
    digits = data.load_digits()
    grey = lab.root.locator(".vl-thumb").first.evaluate(
        "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"
    )
    shown = 255 - np.array(grey).reshape(28, 28, 4)[..., 0]
    assert np.array_equal(shown, digits.train.images[0])
    counts = lab.knob("training digits").locator("option").all_inner_texts()
    assert counts[-1] == f"all {min(5_000, len(digits.train.images)):,}"
    assert lab.root.locator(".vl-key span").count() == 10


# controls


def test_play_trains_and_pause_stops(lab):
    assert lab.data("state") == "idle" and lab.images() == 0
    before = {part: lab.picture(part) for part in (".vl-map", ".vl-thumb >> nth=1", ".vl-sample")}
    lab.press("play")
    lab.wait_for_state("training")
    assert lab.root.get_by_role("button", name="Pause").count() == 1
    lab.wait("root.dataset.knnAccuracy")
    lab.wait_for_images(7_000)
    assert float(lab.data("images-per-second")) > 0
    assert float(lab.data("validation-loss")) < 250
    assert 0.2 < float(lab.data("knn-accuracy")) <= 1
    lab.press("play")
    lab.wait_for_state("paused")
    lab.settle()
    images = lab.images()
    lab.page.wait_for_timeout(500)
    assert lab.images() == images
    assert lab.root.get_by_role("button", name="Play").count() == 1
    assert f"{images:,}" in lab.root.locator(".vl-readings").inner_text()
    after = {part: lab.picture(part) for part in before}
    assert all(before[part] != after[part] for part in before)
    lab.press("play")  # and it goes on
    lab.wait_for_images(images + BATCH)


def test_one_step_sees_one_batch_and_one_epoch_ends_with_the_epoch(lab):
    lab.step()
    assert lab.images() == BATCH
    loss = lab.root.locator(".vl-card-loss .vl-value").inner_text()
    assert 300 < float(loss) < 900
    lab.knob("training digits").select_option("300")
    lab.press("epoch")
    lab.wait("root.querySelector('.vl-readings dd').textContent.endsWith('.0')")
    lab.wait_for_state("paused")
    assert (lab.images() - BATCH) % (300 - 300 % BATCH) == 0


def test_reset_starts_anew_from_the_same_seed_or_another(lab):
    first = lab.picture(".vl-map")
    lab.step(3)
    lab.knob("training digits").select_option("300")
    lab.press("epoch")
    lab.wait("root.dataset.knnAccuracy && root.dataset.validationLoss")
    assert lab.picture(".vl-map") != first
    assert "15-NN accuracy" in lab.root.locator(".vl-map").get_attribute("aria-label")
    assert "validation loss" in lab.root.locator(".vl-curves").get_attribute("aria-label")
    lab.press("reset")
    lab.wait_for_state("idle")
    lab.settle()
    assert lab.images() == 0 and lab.picture(".vl-map") == first
    assert lab.data("validation-loss") is None and lab.data("knn-accuracy") is None
    assert lab.root.locator(".vl-map").get_attribute("aria-label") == "Latent space"
    assert lab.root.locator(".vl-curves").get_attribute("aria-label") == "Learning curves"
    lab.press("epoch")
    lab.wait("root.dataset.knnAccuracy && root.dataset.validationLoss")  # measured anew
    lab.press("reseed")
    lab.wait_for_another_picture(".vl-map", first)
    lab.wait_for_state("idle")
    assert lab.images() == 0


def test_other_codes_from_the_prior_are_drawn_when_asked_for_and_at_a_new_seed(lab):
    first, chart = lab.picture(".vl-sample"), lab.picture(".vl-map")
    lab.press("resample")
    lab.settle()
    assert lab.picture(".vl-sample") != first and lab.picture(".vl-map") == chart
    lab.press("reset")  # the same seed draws the same codes
    lab.settle()
    assert lab.picture(".vl-sample") == first
    lab.press("reseed")
    lab.settle()
    assert lab.picture(".vl-sample") != first


def test_the_slow_pace_can_be_followed_by_eye(lab):
    lab.press("slow")
    assert lab.root.locator("[data-action=slow]").get_attribute("aria-pressed") == "true"
    lab.press("play")
    lab.wait_for_images(BATCH)
    before = lab.images()
    lab.page.wait_for_timeout(2000)
    assert BATCH <= lab.images() - before <= 10 * BATCH  # four steps a second
    lab.press("slow")
    lab.wait_for_images(lab.images() + 20 * BATCH)


def test_twenty_resets_in_training_leave_a_lab_that_trains(lab):
    for _ in range(20):
        lab.press("play")
        lab.press("reset")
    lab.wait_for_state("idle")
    lab.settle()
    assert lab.images() == 0
    lab.step()
    assert lab.images() == BATCH


def test_the_browser_compiles_the_code_of_the_products(lab):
    code = re.search(r"AGFzbQ[\w+/]+=*", lab.page.content())[0]  # so begins WebAssembly in base64
    is_valid = "(code) => WebAssembly.validate(Uint8Array.from(atob(code), (c) => c.charCodeAt(0)))"
    assert lab.page.evaluate(is_valid, code)


def test_without_webassembly_it_trains_as_well(chromium, site, lab):
    lab.step(5)
    page = Page(chromium, site, before=NO_WEBASSEMBLY)
    plain = Lab(page.page)
    plain.step(5)
    assert plain.page.evaluate("window.workersWithoutWebAssembly") == 1
    for ours, theirs in zip(lab.follow(0), plain.follow(0), strict=True):
        assert ours == pytest.approx(theirs, abs=0.02)
    page.context.close()
    assert page.faults == []


# knobs


def test_the_kl_weight_acts_at_once(lab):
    lab.step()
    lab.slide("KL weight", "8")
    lab.step()
    numbers = [
        float(lab.root.locator(f".vl-card-{name} .vl-value").inner_text())
        for name in ("loss", "kl", "reconstruction")
    ]
    loss, kl, reconstruction = numbers
    assert loss == pytest.approx(8 * kl + reconstruction, abs=0.6)
    assert lab.root.locator(".vl-dock-weight").inner_text().split() == ["KL", "weight", "8.0"]
    assert lab.root.locator(".vl-sign").all_text_contents() == ["×", "+", "="]
    assert "β-VAE" in lab.root.locator(".vl-card-loss").inner_text()
    lab.slide("KL weight", "0")
    lab.step()
    loss = float(lab.root.locator(".vl-card-loss .vl-value").inner_text())
    reconstruction = float(lab.root.locator(".vl-card-reconstruction .vl-value").inner_text())
    assert loss == pytest.approx(reconstruction, abs=0.11)


def test_without_noise_z_is_the_mean(lab):
    lab.step(2)
    mean, deviation, z = lab.follow(1)
    assert z != mean and min(deviation) > 0
    lab.knob("sampling noise").uncheck()
    lab.settle()
    mean, _, z = lab.follow(1)
    assert z == mean
    assert lab.root.locator(".vl-drawing.vl-without-noise").count() == 1


def test_input_dropout_is_seen_in_the_inputs(lab):
    whole = lab.ink(".vl-thumb")
    lab.slide("input dropout", "0.9")
    lab.settle()
    assert lab.ink(".vl-thumb") < 0.4 * whole
    lab.slide("input dropout", "0")
    lab.settle()
    assert lab.ink(".vl-thumb") == whole


def test_the_learning_rate_acts_at_once(lab):
    def moved():
        before = lab.follow(0)[0]
        lab.step()
        after = lab.follow(0)[0]
        return sum(abs(a - b) for a, b in zip(before, after, strict=True))

    lab.knob("learning rate").select_option("0.0001")
    lab.step()
    slow = moved()
    lab.knob("learning rate").select_option("0.03")
    lab.step()
    assert moved() > slow + 0.05


def test_fewer_training_digits_make_a_shorter_epoch(lab):
    lab.knob("training digits").select_option("100")
    lab.press("epoch")
    lab.wait_for_images(1)
    lab.wait_for_state("paused")
    assert lab.images() == BATCH  # what fills no batch is left out


def test_hidden_units_and_activation_wait_for_a_reset(lab):
    encoder = lab.root.locator(".vl-dock-encoder")
    note = lab.root.locator(".vl-model-knobs .vl-note")
    assert "784 → 128" in encoder.inner_text() and note.inner_text() == "take effect at a reset"
    assert lab.root.locator(".vl-settings").inner_text().count("at a reset") == 1  # said once
    lab.knob("hidden units").select_option("32")
    lab.knob("activation").select_option("relu")
    assert "press reset" in note.inner_text() and "784 → 128" in encoder.inner_text()
    lab.step()
    assert lab.knob("hidden units").input_value() == "32"  # frames do not turn it back
    lab.press("reset")
    lab.wait_for_state("idle")
    lab.settle()
    assert "784 → 32" in encoder.inner_text() and note.inner_text() == "take effect at a reset"
    assert lab.knob("activation").input_value() == "relu"
    lab.step()


# what is shown


def test_gradients_are_shown_when_asked_for(lab):
    lab.step()
    assert lab.gradients() == 0
    lab.knob("show gradients").check()
    lab.step()
    assert lab.gradients() == 7
    norms = lab.root.locator(".vl-norm").all_text_contents()
    assert all(re.match(r"gradient norm [\d.,]+", words) for words in norms) and len(norms) == 2
    lab.slide("KL weight", "0")
    lab.step()
    assert lab.gradients(".vl-of-kl") == 0 < lab.gradients()
    lab.knob("show gradients").uncheck()
    assert lab.gradients() == 0


def test_a_paused_model_is_drawn_again_at_another_size(lab):
    lab.step()
    for width in (760, 400, 1280):
        lab.page.set_viewport_size({"width": width, "height": 900})
        lab.settle()
        outside = lab.root.evaluate(
            """(root) => [...root.querySelectorAll(".vl-row")].filter((row) => {
              const plane = row.querySelector(".vl-plane").getBoundingClientRect();
              const z = row.querySelector(".vl-z").getBoundingClientRect();
              const x = (z.left + z.right) / 2;
              return x < plane.left || x > plane.right || z.bottom < plane.top;
            }).length"""
        )
        assert outside == 0, width


def test_a_code_far_out_is_a_hollow_dot_within_its_frame(lab):
    lab.slide("KL weight", "0")
    lab.press("epoch")
    lab.wait_for_state("paused")
    lab.settle()
    dots = lab.root.evaluate(
        """(root) => [...root.querySelectorAll(".vl-row")].map((row) => {
          const plane = row.querySelector(".vl-plane").getBoundingClientRect();
          const dot = row.querySelector(".vl-z");
          const z = dot.getBoundingClientRect();
          const isInside = z.left >= plane.left && z.right <= plane.right
            && z.top >= plane.top && z.bottom <= plane.bottom;
          return [isInside, dot.classList.contains("vl-beyond")];
        })"""
    )
    farthest = [max(map(abs, lab.follow(row)[2])) for row in range(len(dots))]
    assert all(is_inside for is_inside, _ in dots) and max(farthest) > 3.5
    for (_, is_hollow), far in zip(dots, farthest, strict=True):
        assert is_hollow or far < 3.5
        assert not is_hollow or far > 2.5


def test_the_bar_stays_in_sight_and_an_experiment_leads_back_to_the_top(lab):
    bar = lab.root.locator(".vl-bar")
    lab.root.locator(".vl-prior-samples").evaluate("(samples) => samples.scrollIntoView()")
    assert 0 <= bar.bounding_box()["y"] < 10 < -lab.root.bounding_box()["y"]
    lab.root.locator(".vl-chips button").first.evaluate("(chip) => chip.click()")
    lab.wait("Math.abs(root.getBoundingClientRect().top) < 20")


def test_a_row_is_followed_by_mouse_keyboard_and_press(lab):
    lab.step()
    rows, map_before = lab.root.locator(".vl-handle"), lab.picture(".vl-map")
    words = lab.root.locator(".vl-way")
    lit = lab.root.locator(".vl-row.vl-lit")
    box = rows.nth(1).bounding_box()
    lab.page.mouse.move(box["x"] + 20, box["y"] + 20)
    lab.settle()
    assert words.inner_text().startswith("Digit 2: mean (") and lit.count() == 1
    assert lab.picture(".vl-map") != map_before
    lab.page.mouse.move(5, 5)
    lab.settle()
    assert words.inner_text().startswith("Point at a row") and lit.count() == 0
    rows.nth(3).focus()
    lab.settle()
    assert words.inner_text().startswith("Digit 4:")
    lab.page.keyboard.press("Enter")
    assert rows.nth(3).get_attribute("aria-pressed") == "true"
    lab.root.locator("[data-action=play]").focus()
    lab.settle()
    assert words.inner_text().startswith("Digit 4:") and lit.count() == 1
    rows.nth(3).focus()
    lab.page.keyboard.press("Enter")
    assert rows.nth(3).get_attribute("aria-pressed") == "false"


def test_the_whole_lab_is_worked_by_keyboard(lab):
    lab.root.locator("[data-action=play]").focus()
    lab.page.keyboard.press("Space")
    lab.wait_for_images(BATCH)
    lab.page.keyboard.press("Enter")
    lab.wait_for_state("paused")
    reached = set()
    for _ in range(60):
        lab.page.keyboard.press("Tab")
        reached.add(
            lab.page.evaluate(
                "document.activeElement.ariaLabel ?? document.activeElement.closest('label')"
                "?.innerText ?? document.activeElement.textContent"
            )
        )
    names = " ".join(filter(None, reached))
    for name in (
        "KL weight",
        "learning rate",
        "sampling noise",
        "input dropout",
        "training digits",
        "hidden units",
        "activation",
        "show gradients",
        "plain autoencoder",
        "Digit 5",
        "one epoch",
    ):
        assert name in names, name


@pytest.mark.parametrize("number", range(len(OTHER_KNOBS)))
def test_each_experiment_sets_its_knobs_and_starts_anew(lab, number):
    lab.step()
    lab.slide("input dropout", "0.5")
    chips = lab.root.locator(".vl-chips button")
    task = lab.root.locator(".vl-task")
    assert chips.count() == 5 and task.is_hidden()
    chips.nth(number).click()
    lab.wait_for_state("idle")
    pressed = [chip.get_attribute("aria-pressed") == "true" for chip in chips.all()]
    assert pressed == [number == k for k in range(5)]
    assert len(task.locator("p").first.inner_text()) > 60
    assert task.locator("details p").is_hidden()
    assert lab.images() == 0
    assert lab.page.evaluate("document.activeElement.dataset.action") == "play"
    for name, value in (PLAIN_KNOBS | OTHER_KNOBS[number]).items():
        knob = lab.knob(name)
        shown = knob.is_checked() if isinstance(value, bool) else knob.input_value()
        assert shown == value, name
    lab.settle()
    lab.page.wait_for_timeout(1500)  # and frames do not turn them back
    assert lab.knob("input dropout").input_value() == "0"
    task.locator("summary").click()
    assert len(task.locator("details p").inner_text()) > 80
    task.get_by_role("button").click()
    assert task.is_hidden() and chips.nth(number).get_attribute("aria-pressed") == "false"
    for name, value in PLAIN_KNOBS.items():
        knob = lab.knob(name)
        assert (knob.is_checked() if isinstance(value, bool) else knob.input_value()) == value
    assert lab.knob("learning rate").input_value() == "0.003"


# bad days


def test_a_huge_learning_rate_is_said_in_a_sentence_and_a_reset_offered(lab):
    lab.knob("learning rate").select_option("1")
    lab.press("play")
    lab.wait_for_state("invalid")
    alert = lab.root.get_by_role("alert")
    assert "learning rate" in alert.inner_text()
    assert lab.root.locator("[data-action=play]").is_disabled()
    alert.get_by_role("button").click()
    lab.wait_for_state("idle")
    lab.settle()
    assert alert.inner_text() == "" and lab.knob("learning rate").input_value() != "1"
    lab.press("play")
    lab.wait_for_images(BATCH)
    assert lab.data("state") == "training"


def hide(page, is_hidden):
    """As a browser does when another tab comes to the front."""
    page.evaluate(
        """(isHidden) => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def test_training_goes_on_in_a_hidden_tab_and_shows_when_it_is_back(lab):
    lab.press("play")
    lab.wait_for_images(BATCH)
    hide(lab.page, True)
    lab.page.wait_for_timeout(300)
    seen, shown = lab.images(), lab.root.locator(".vl-readings").inner_text()
    lab.wait_for_images(seen + 5 * BATCH)
    assert lab.root.locator(".vl-readings").inner_text() == shown  # nothing is drawn
    hide(lab.page, False)
    lab.wait("root.querySelector('.vl-readings').innerText !== arg", shown)
    lab.wait_for_images(lab.images() + 5 * BATCH)


def test_a_screen_reader_hears_every_few_seconds_and_not_every_step(lab):
    lab.page.evaluate(
        """() => {
          window.heard = [];
          const report = document.querySelector(".vl-report");
          const note = () => heard.push(report.textContent);
          new MutationObserver(note).observe(report, { childList: true });
        }"""
    )
    assert lab.root.locator(".vl-report").get_attribute("aria-live") == "polite"
    lab.press("play")
    lab.page.wait_for_timeout(7000)
    heard = lab.page.evaluate("heard")
    assert 1 <= len(heard) <= 3 and heard[0].startswith("Training: epoch")
    lab.press("play")
    lab.wait_for_state("paused")
    lab.settle()
    assert lab.page.evaluate("heard.at(-1)").startswith("Paused: epoch")


def test_a_browser_that_cannot_unpack_says_so(chromium, site):
    page = Page(chromium, site, waits=False, before="delete globalThis.DecompressionStream")
    page.page.get_by_text("This browser cannot unpack the page").wait_for()
    page.context.close()
    assert page.faults == []


def test_an_engine_that_cannot_start_says_so(chromium, site):
    page = Page(
        chromium,
        site,
        waits=False,
        before="globalThis.Worker = class { constructor() { throw 1 } }",
    )
    alert = page.page.locator(ROOT).get_by_role("alert")
    alert.get_by_text("Web Worker").wait_for()
    assert page.page.locator("[data-action=play]").is_disabled()
    page.context.close()
    assert page.faults == []


# looks


def places(lab, *selectors):
    """Left, top, right and bottom of parts, the root being at the top of the screen."""
    lab.root.evaluate("(root) => root.scrollIntoView()")
    return lab.root.evaluate(
        """(root, selectors) => selectors.map((selector) => {
          const { left, top, right, bottom } = root.querySelector(selector).getBoundingClientRect();
          return { left, top, right, bottom };
        })""",
        list(selectors),
    )


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)])
def test_bar_model_and_map_are_seen_at_once(chromium, site, size):
    page = Page(chromium, site, size)
    lab = Lab(page.page)
    bar, model, loss, chart = places(lab, ".vl-bar", ".vl-stage", ".vl-card-loss", ".vl-map")
    assert 0 <= bar["top"] < model["top"] and bar["right"] - bar["left"] > 0.9 * size[0]
    assert model["right"] + 20 <= chart["left"]
    assert max(model["bottom"], loss["bottom"], chart["bottom"]) <= size[1]
    assert lab.root.locator(".vl-handle:visible").count() == 5
    page.context.close()


def test_where_there_is_no_room_beside_the_model_the_map_begins_below_it(chromium, site):
    page = Page(chromium, site, (1024, 768))
    lab = Lab(page.page)
    model, chart = places(lab, ".vl-stage", ".vl-map")
    assert model["bottom"] < chart["top"] < 768 - 120  # some of it is seen
    assert lab.root.locator(".vl-handle:visible").count() == 3
    page.page.set_viewport_size({"width": 390, "height": 844})
    lab.settle()
    names = (".vl-bar", ".vl-chips", ".vl-stage", ".vl-docks", ".vl-settings", ".vl-map")
    tops = [place["top"] for place in places(lab, *names)]
    assert tops == sorted(tops)
    page.context.close()


@pytest.mark.parametrize("width", [1440, 1280, 1024])
def test_all_knobs_stand_in_one_line_above_the_model_and_the_map(chromium, site, width):
    page = Page(chromium, site, (width, 900))
    lab = Lab(page.page)
    strip, model, chart = places(lab, ".vl-settings", ".vl-stage", ".vl-map")
    tops = lab.root.locator(".vl-settings :is(select, input)").evaluate_all(
        "(knobs) => knobs.map((knob) => knob.closest('label').getBoundingClientRect().top)"
    )
    assert len(tops) == 8 and max(tops) - min(tops) < 4
    assert lab.root.locator(":is(select, input):visible").count() == 8  # and nowhere else
    assert strip["bottom"] <= min(model["top"], chart["top"])
    page.context.close()


LOOP = """(root) => {
  const ends = (path) => [0, path.getTotalLength()].map((length) => {
    const { x, y } = path.getPointAtLength(length).matrixTransform(path.getScreenCTM());
    return [x, y];
  });
  return [...root.querySelectorAll(".vl-loop")].map(ends);
}"""


@pytest.mark.parametrize("width", [1440, 1280, 768])
def test_the_training_loop_is_drawn_from_the_loss_into_both_networks(chromium, site, width):
    page = Page(chromium, site, (width, 900))
    lab = Lab(page.page)
    loss, encoder, decoder, name = places(
        lab, ".vl-card-loss", "polygon.vl-encoder", "polygon.vl-decoder", ".vl-loop-name"
    )
    trunk, to_decoder, to_encoder = lab.root.evaluate(LOOP)
    (x, y), _ = trunk
    assert 0 <= x - loss["right"] < 6 and loss["top"] < y < loss["bottom"]
    for network, (start, (x, y)) in ((decoder, to_decoder), (encoder, to_encoder)):
        assert start == pytest.approx(trunk[1])
        assert network["left"] < x < network["right"]
        assert network["top"] - 6 < y < network["top"] + 60
    lane = trunk[1][1]
    assert name["top"] < lane < name["bottom"]  # on the way, between its two ends
    assert to_encoder[1][0] < name["left"] and name["right"] < to_decoder[1][0]
    page.context.close()


def test_the_dashes_of_the_loop_move_while_it_trains_and_only_then(lab):
    offset = lab.root.locator(".vl-loop").first
    before = offset.evaluate(DASHES)
    lab.step()
    stepped = offset.evaluate(DASHES)
    assert stepped != before
    lab.page.wait_for_timeout(400)
    assert offset.evaluate(DASHES) == stepped
    lab.knob("sampling noise").uncheck()  # shown by a frame, but no step
    lab.settle()
    assert offset.evaluate(DASHES) == stepped


def test_a_knob_is_answered_soon_while_it_trains(lab):
    lab.press("play")
    lab.wait_for_images(10 * BATCH)
    seen, began = int(lab.data("images-seen")), time.monotonic()
    delays = lab.page.evaluate(LIVE_KNOB)
    rate = (int(lab.data("images-seen")) - seen) / (time.monotonic() - began)
    # in steps, since a busy machine takes longer for both; make bench has the bar in seconds
    assert np.median(delays) / 1000 * rate / BATCH < 10


def test_at_a_zoom_of_200_percent_all_is_there_and_works(chromium, site):
    page = Page(chromium, site, (720, 450), device_scale_factor=2)  # of a screen of 1440 x 900
    lab = Lab(page.page)
    lab.step()
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("KL weight", "learning rate", "hidden units", "show gradients"):
        knob = lab.knob(name)
        knob.scroll_into_view_if_needed()
        assert knob.evaluate(
            """(knob) => {
              const { left, top, width, height } = knob.getBoundingClientRect();
              const found = document.elementFromPoint(left + width / 2, top + height / 2);
              return found === knob;
            }"""
        ), name
    page.context.close()
    assert page.faults == []


def test_a_finger_plays_sets_up_an_experiment_and_follows_a_row(chromium, site):
    page = Page(chromium, site, "phone", has_touch=True, is_mobile=True)
    lab = Lab(page.page)
    lab.root.locator("[data-action=play]").tap()
    lab.wait_for_images(BATCH)
    lab.root.locator(".vl-chips button").nth(1).tap()
    lab.wait_for_state("idle")
    assert lab.knob("KL weight").input_value() == "8"
    lab.knob("sampling noise").tap()
    assert not lab.knob("sampling noise").is_checked()
    row = lab.root.locator(".vl-handle").nth(1)
    row.tap()
    lab.settle()
    assert row.get_attribute("aria-pressed") == "true"
    assert lab.root.locator(".vl-way").inner_text().startswith("Digit 2:")
    page.context.close()
    assert page.faults == []


def test_the_theme_may_change_while_it_trains(chromium, site):
    page = Page(chromium, site, color_scheme="light")
    lab = Lab(page.page)
    lab.press("play")
    lab.wait_for_images(BATCH)
    ground = "(node) => getComputedStyle(node).backgroundColor"
    light = lab.root.locator(".vl-bar").evaluate(ground)
    page.page.emulate_media(color_scheme="dark")
    assert lab.root.locator(".vl-bar").evaluate(ground) != light
    lab.wait_for_images(lab.images() + 5 * BATCH)
    assert lab.data("state") == "training"
    assert find_serious(page.page, {"include": [[ROOT]]}) == []
    page.context.close()
    assert page.faults == []


@pytest.mark.parametrize("width", [320, 390, 720, 768, 1024, 1440])
def test_nothing_sticks_out_at_any_width(chromium, site, width):
    page = Page(chromium, site, (width, 900))
    lab = Lab(page.page)
    lab.knob("show gradients").check()
    lab.step()
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut_off = page.page.evaluate(
        """() => [...document.querySelectorAll("#live-training :is(.vl-card, .vl-dock, button)")]
          .filter((node) => node.scrollWidth > node.clientWidth + 2
            || node.scrollHeight > node.clientHeight + 2)
          .map((node) => node.className + ": " + node.textContent)"""
    )
    assert cut_off == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_serious_while_all_is_shown(chromium, site, scheme, size):
    page = Page(chromium, site, size, color_scheme=scheme)
    lab = Lab(page.page)
    lab.root.locator(".vl-chips button").first.click()
    for words in lab.root.locator("summary").all():
        words.click()
    lab.knob("show gradients").check()
    lab.step()
    lab.root.locator(".vl-handle").nth(2).click()
    assert find_serious(page.page, {"include": [[ROOT]]}) == []
    page.context.close()


def test_canvases_are_as_sharp_as_the_screen(chromium, site):
    page = Page(chromium, site, device_scale_factor=2)
    for name in (".vl-map", ".vl-curves"):
        assert page.page.locator(name).evaluate(
            "(canvas) => Math.abs(canvas.width - 2 * canvas.clientWidth) <= 2"
        )
    page.context.close()


def test_reduced_motion_and_forced_colors_leave_all_in_place(chromium, site):
    page = Page(chromium, site, reduced_motion="reduce", forced_colors="active")
    lab = Lab(page.page)
    lab.knob("show gradients").check()
    lab.step(2)
    assert lab.gradients() == 7
    for kind in (".vl-gradient", ".vl-loop"):
        assert lab.root.locator(kind).first.evaluate(DASHES) == "0px"
    page.context.close()
    assert page.faults == []
