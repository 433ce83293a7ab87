"""The page in a real Chromium: real mouse, finger and keys; what changes is measured."""

import itertools
import re

import numpy as np
import pytest

from tests.accessibility import find_serious
from tests.opened_page import SIZES, Page, box, drag, ink_on, on_map, pixels, places_on
from tests.pointers import DOWN, OTHERS, Hands, turn_pen_around
from tests.strokes import LETTERS, STYLES, write
from tools import browser as tool
from tools.publish import site_page
from vae_lib import data, shipped
from vae_lib.shipped import load_pretrained

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(tool.find_chromium() is None, reason=tool.MISSING),
]
SEEN, REBUILT = ".vw-under-in", ".vw-part-out"  # where the drawing pad shows x and x̂
# the browser's own measure of how far what is already seen moves while a page loads
NOTE_JUMPS = """
  window.jumps = [];
  new PerformanceObserver((list) => jumps.push(...list.getEntries().map(({ value }) => value)))
    .observe({ type: "layout-shift", buffered: true });
"""
# bars and pointers that are drawn as boxes, and the colour of the ground behind all
FIND_MARKS = """() => {
  const ground = document.body.appendChild(document.createElement("div"));
  ground.style.backgroundColor = "Canvas";
  const canvas = getComputedStyle(ground).backgroundColor;
  ground.remove();
  return [...document.querySelectorAll(".vae-widget i")]
    .filter((mark) => !mark.textContent && mark.offsetWidth * mark.offsetHeight > 0)
    .map((mark) => {
      const { backgroundColor, outlineStyle } = getComputedStyle(mark);
      const outlined = outlineStyle !== "none";
      return { kind: mark.parentElement.className, color: backgroundColor, canvas, outlined };
    });
}"""
# elements of widgets that would move or change slowly
FIND_MOTION = """() => [...document.querySelectorAll(".vae-widget, .vae-widget *")]
  .filter((part) => {
    const { transitionDuration, animationName } = getComputedStyle(part);
    return animationName !== "none" || /[1-9]/.test(transitionDuration);
  })
  .map((part) => part.className)"""


@pytest.fixture(scope="session")
def digits_here():
    return data.load_digits()


@pytest.fixture
def page(chromium, site):
    opened = Page(chromium, site)
    yield opened.page
    opened.context.close()
    assert opened.faults == []


@pytest.fixture(scope="module")
def desk(chromium, site):
    """One page for the thirty drawings, and for what only looks."""
    opened = Page(chromium, site)
    yield opened.page
    opened.context.close()


@pytest.fixture(scope="module")
def model():
    return site_page.in_eight_bits(load_pretrained())


def widget(page, name):
    return page.locator(f"[data-widget={name}]")


def state(page, name, trait):
    return page.evaluate("([name, trait]) => vaePage.stores[name].get(trait)", [name, trait])


def swipe(page, start, end):
    """A finger's drag, which Playwright's own touch screen cannot do."""
    hands = Hands(page)
    hands.touch(start)
    hands.touch(end)
    hands.lift()


def draw(page, strokes):
    sheet = widget(page, "DrawingPad").locator(".vw-sheet")
    widget(page, "DrawingPad").get_by_role("button", name="Clear").click()
    frame = box(sheet)
    for stroke in strokes:
        points = 0.1 + 0.8 * np.array(stroke)
        places = points * [frame["width"], frame["height"]] + [frame["x"], frame["y"]]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()
    return state(page, "DrawingPad", "reading")


def set_width(page, width):
    widget(page, "DrawingPad").locator("input[type=range]").fill(str(width))


# the page


def test_the_page_is_small_enough_to_carry(site):
    assert site.stat().st_size <= 8_000_000
    assert not re.search(r"(src|href)=\"http", site.read_text(encoding="utf-8"))


@pytest.mark.parametrize("size", [*SIZES, (1440, 900), (1024, 768), (768, 1024), (320, 640)])
def test_the_page_opens_from_disk_without_a_network_and_nothing_sticks_out_or_jumps(
    chromium, site, size
):
    opened = Page(chromium, site, size, before=NOTE_JUMPS)
    assert opened.page.locator(".vae-widget").count() == 5
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.page.evaluate("jumps.reduce((sum, jump) => sum + jump, 0)") < 0.01
    opened.context.close()
    assert opened.faults == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_page(chromium, site, size, scheme):
    opened = Page(chromium, site, size, color_scheme=scheme)
    assert find_serious(opened.page) == []
    opened.context.close()


def test_dragging_the_point_decodes_where_it_is(page, model):
    pad = widget(page, "LatentPad")
    frame = box(pad.locator(".vw-map"))
    drag(page, on_map(frame, (0, 0)), on_map(frame, (1.5, -1.2)))
    z = state(page, "LatentPad", "z")
    assert z == pytest.approx([1.5, -1.2], abs=0.03)
    assert (
        np.abs(pixels(pad.locator(".vw-digit").first) - model.decode([z])[0, ..., 0]).max() < 0.004
    )
    assert (
        f"({z[0]:.2f}, {z[1]:.2f})".replace("-", "−")
        in pad.locator("figcaption").first.inner_text()
    )


def test_a_finger_drags_the_point(chromium, site, model):
    opened = Page(chromium, site, "phone", has_touch=True, is_mobile=True)
    pad = widget(opened.page, "LatentPad")
    frame = box(pad.locator(".vw-map"))
    before = opened.page.evaluate("scrollY")
    swipe(opened.page, on_map(frame, (0, 0)), on_map(frame, (-1.2, 1.3)))
    opened.page.wait_for_timeout(100)
    z = state(opened.page, "LatentPad", "z")
    assert z == pytest.approx([-1.2, 1.3], abs=0.05)
    assert opened.page.evaluate("scrollY") == before  # the page stays where it is
    assert (
        np.abs(pixels(pad.locator(".vw-digit").first) - model.decode([z])[0, ..., 0]).max() < 0.004
    )
    opened.context.close()


def test_keys_step_leap_and_return(page):
    pad = widget(page, "LatentPad")
    handle = pad.locator("[role=slider]")
    handle.focus()
    expected = {
        "ArrowRight": [0.05, 0],
        "ArrowUp": [0.05, 0.05],
        "Shift+ArrowLeft": [-0.45, 0.05],
        "Shift+ArrowDown": [-0.45, -0.45],
        "Home": [0, 0],
    }
    for key, z in expected.items():
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        assert state(page, "LatentPad", "z") == pytest.approx(z), key
        assert handle.get_attribute("aria-valuetext") == f"z1 {z[0]:.2f}, z2 {z[1]:.2f}"


def test_the_sliders_move_the_point_and_the_point_moves_the_sliders(page, model):
    pad = widget(page, "LatentPad")
    first, second = pad.get_by_label("z₁", exact=True), pad.get_by_label("z₂", exact=True)
    first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    second.fill("-1.5")
    page.wait_for_timeout(60)
    z = state(page, "LatentPad", "z")
    assert z == pytest.approx([0.2, -1.5])
    assert pad.locator(".vw-handle").get_attribute("aria-valuetext") == "z1 0.20, z2 -1.50"
    shown = pixels(pad.locator(".vw-digit").first)
    assert np.abs(shown - model.decode([z])[0, ..., 0]).max() < 0.004
    frame = box(pad.locator(".vw-map"))
    page.mouse.click(*on_map(frame, (1, 2)))
    page.wait_for_timeout(60)
    z = state(page, "LatentPad", "z")
    beside = [float(text.replace("−", "-")) for text in pad.locator("output").all_inner_texts()]
    assert beside == pytest.approx(z, abs=0.006)  # as exact as the words are
    values = [float(one.input_value()) for one in (first, second)]
    assert values == pytest.approx(z, abs=0.026)  # and the sliders to their steps


def test_a_point_under_the_mouse_shows_its_class(page, model, digits_here):
    pad = widget(page, "LatentPad")
    canvas, frame = pad.locator(".vw-plane canvas"), box(pad.locator(".vw-map"))
    code = model.encode(data.normalize(digits_here.test.images[:1]))[0][0]
    calm = canvas.evaluate("(canvas) => canvas.toDataURL()")
    page.mouse.move(*map(float, on_map(frame, code)))
    singled = canvas.evaluate("(canvas) => canvas.toDataURL()")
    page.mouse.move(*on_map(frame, (-3.4, -3.4)))
    assert singled != calm == canvas.evaluate("(canvas) => canvas.toDataURL()")


def test_the_point_stays_on_the_map(page):
    frame = box(widget(page, "LatentPad").locator(".vw-map"))
    drag(page, on_map(frame, (0, 0)), (frame["x"] + frame["width"] + 60, frame["y"] - 30))
    page.wait_for_timeout(50)
    assert state(page, "LatentPad", "z") == [3.5, 3.5]


def test_the_nearest_digit_is_the_nearest(page, model, digits_here):
    pad = widget(page, "LatentPad")
    images = digits_here.test.images[: site_page.SHOWN]
    codes = model.encode(data.normalize(images))[0]
    frame = box(pad.locator(".vw-map"))
    for place in ((0.4, 0.3), (-1.0, 1.0), (1.1, -1.7)):
        page.mouse.click(*on_map(frame, place))
        page.wait_for_timeout(50)
        z = state(page, "LatentPad", "z")
        nearest = int(((codes - z) ** 2).sum(axis=1).argmin())
        shown = pad.locator(".vw-digit").nth(1)
        assert int(shown.get_attribute("data-row")) == nearest
        assert np.abs(pixels(shown) - images[nearest] / 255).max() < 0.003


def test_the_pad_says_how_likely_a_place_is(page):
    pad = widget(page, "LatentPad")
    frame = box(pad.locator(".vw-map"))
    page.mouse.click(*on_map(frame, (3.3, 3.3)))
    assert re.search(r"Only 1 in [456]\d,\d{3} samples", pad.locator(".vw-words").inner_text())
    page.mouse.click(*on_map(frame, (1, 1)))
    assert re.search(r"3[5-9] of 100 samples", pad.locator(".vw-words").inner_text())


def test_the_background_can_be_digits_manifold_or_nothing(page):
    pad = widget(page, "LatentPad")
    seen = set()
    for word in ("manifold", "nothing", "digits"):
        pad.get_by_label(word).check()
        seen.add(pad.locator(".vw-plane canvas").evaluate("(canvas) => canvas.toDataURL()"))
        assert word == "nothing" or "digits" in pad.locator(".vw-plane canvas").get_attribute(
            "aria-label"
        )
    assert len(seen) == 3


def test_a_walk_goes_from_digit_to_digit(page, model, digits_here):
    walk = widget(page, "Walk")
    way = walk.get_by_label("Way")
    images = digits_here.test.images[: site_page.SHOWN]
    codes = model.encode(data.normalize(images))[0]
    walk.get_by_role("group", name="From").get_by_role("button", name="a 4").click()
    walk.get_by_role("group", name="to", exact=True).get_by_role("button", name="a 7").click()
    start, end = state(page, "Walk", "start"), state(page, "Walk", "end")
    assert (digits_here.test.labels[start], digits_here.test.labels[end]) == (4, 7)
    way.focus()
    page.keyboard.press("End")
    assert state(page, "Walk", "t") == 1
    decoded, faded = (
        walk.locator(".vw-picture .vw-digit").nth(0),
        walk.locator(".vw-picture .vw-digit").nth(1),
    )
    assert np.abs(pixels(decoded) - model.decode(codes[[end]])[0, ..., 0]).max() < 0.01
    assert np.abs(pixels(faded) - images[end] / 255).max() < 0.004
    frame = box(way)
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    t = state(page, "Walk", "t")
    assert 0.4 < t < 0.6
    z = (1 - t) * codes[start] + t * codes[end]
    assert np.abs(pixels(decoded) - model.decode(z[None])[0, ..., 0]).max() < 0.01
    assert np.abs(pixels(faded) - ((1 - t) * images[start] + t * images[end]) / 255).max() < 0.004


def test_a_second_press_brings_the_next_digit_of_its_kind(page, digits_here):
    button = (
        widget(page, "Walk").get_by_role("group", name="From").get_by_role("button", name="a 3")
    )
    button.click()
    first = state(page, "Walk", "start")
    button.click()
    second = state(page, "Walk", "start")
    assert (
        first != second and digits_here.test.labels[first] == digits_here.test.labels[second] == 3
    )


def test_the_replay_plays_to_its_end_and_pauses(page):
    replay = widget(page, "Replay")
    run = shipped.load_run()
    rebuilt = replay.locator(".vw-digit").last
    assert np.abs(pixels(rebuilt) - run.pictures[0, 3] / 255).max() < 0.003
    replay.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1200)
    replay.get_by_role("button", name="Pause").click()
    epoch = state(page, "Replay", "epoch")
    assert epoch >= 2
    assert np.abs(pixels(rebuilt) - run.pictures[epoch - 1, 3] / 255).max() < 0.003
    replay.get_by_label("Epoch", exact=True).focus()
    page.keyboard.press("End")
    assert f"After epoch 10: training {run.history['loss'][9]:.1f}" in replay.locator(
        ".vw-plot"
    ).get_attribute("aria-label")


def test_a_finger_works_walk_and_replay(chromium, site):
    opened = Page(chromium, site, "phone", has_touch=True, is_mobile=True)
    page = opened.page
    widget(page, "Walk").get_by_role("group", name="From").get_by_role("button", name="a 5").tap()
    assert (
        widget(page, "Walk").get_by_role("button", name="a 5").first.get_attribute("aria-pressed")
        == "true"
    )
    for name, label, trait in (("Walk", "Way", "t"), ("Replay", "Epoch", "epoch")):
        track, before = (
            box(widget(page, name).get_by_label(label, exact=True)),
            state(page, name, trait),
        )
        height = track["y"] + track["height"] / 2
        swipe(page, (track["x"] + 8, height), (track["x"] + track["width"] * 0.7, height))
        page.wait_for_timeout(100)
        assert state(page, name, trait) > before
    widget(page, "Replay").get_by_role("button", name="Play").tap()
    widget(page, "Replay").get_by_role("button", name="Pause").tap()
    opened.context.close()


# drawing


@pytest.mark.parametrize("style", STYLES)
def test_drawn_digits_are_read(desk, style):
    widths = {"plain": 24, "slanted": 20, "small": 16}
    set_width(desk, widths[style])
    votes = {digit: draw(desk, write(digit, style))["votes"] for digit in range(10)}
    right = [digit for digit in votes if int(np.argmax(votes[digit])) == digit]
    assert len(right) >= 9, {digit: votes[digit] for digit in votes if digit not in right}


def test_a_drawn_one_is_voted_one_and_shown_everywhere(desk, model):
    set_width(desk, 24)
    reading = draw(desk, write(1, "plain"))
    pad = widget(desk, "DrawingPad")
    assert reading["digit"] == 1 and reading["votes"][1] >= 11
    assert pad.locator(".vw-verdict").inner_text() == "Classified as a 1."
    seen, rebuilt = (pixels(pad.locator(f"{part} .vw-digit")) for part in (SEEN, REBUILT))
    z_mean, z_log_var = model.encode(seen[None, ..., None].astype(np.float32))
    assert reading["z_mean"] == pytest.approx(z_mean[0], abs=0.01)
    assert reading["z_log_var"] == pytest.approx(z_log_var[0], abs=0.05)
    assert np.abs(rebuilt - model.decode(z_mean)[0, ..., 0]).max() < 0.02
    reconstruction, kl = model.elbo_terms(seen[None, ..., None].astype(np.float32))
    assert reading["kl"] == pytest.approx(kl[0], abs=0.05)
    assert reading["reconstruction"] == pytest.approx(reconstruction[0], rel=0.1)  # other noise
    bars = pad.locator(".vw-bar b").all_inner_texts()
    assert [int(bar) for bar in bars] == reading["votes"] and sum(reading["votes"]) == 15


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_and_pointers_stand_out_in_forced_colors_and_nothing_moves(chromium, site, scheme):
    """What shows a number by its length or place keeps a colour of its own."""
    options = {"forced_colors": "active", "reduced_motion": "reduce", "color_scheme": scheme}
    opened = Page(chromium, site, **options)
    set_width(opened.page, 24)
    votes = draw(opened.page, write(1, "plain"))["votes"]
    marks = opened.page.evaluate(FIND_MARKS)
    kinds = [mark["kind"] for mark in marks]
    assert kinds.count("vw-bar-track") == sum(count > 0 for count in votes)
    assert kinds.count("vw-gauge") == 2
    for mark in marks:
        assert mark["outlined"] or contrast(mark["color"], mark["canvas"]) >= 3, mark
    assert opened.page.evaluate(FIND_MOTION) == []
    opened.context.close()
    assert opened.faults == []


def contrast(*colors):
    """The ratio of WCAG between two colours, given as the browser computes them."""
    luminances = []
    for color in colors:
        channels = np.array([float(part) for part in re.findall(r"[\d.]+", color)[:3]]) / 255
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        luminances.append(linear @ [0.2126, 0.7152, 0.0722])
    low, high = sorted(luminances)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_no_confident_digit(desk, letter):
    set_width(desk, 24)
    reading = draw(desk, LETTERS[letter])
    assert reading["digit"] is None, reading
    assert re.search(
        "rarely seen|not sure", widget(desk, "DrawingPad").locator(".vw-verdict").inner_text()
    )


def test_the_picture_follows_the_stroke_and_the_verdict_waits_for_its_end(desk, model):
    pad = widget(desk, "DrawingPad")
    pad.get_by_role("button", name="Clear").click()
    frame = box(pad.locator(".vw-sheet"))
    middle = frame["x"] + frame["width"] / 2
    desk.mouse.move(middle, frame["y"] + 30)
    desk.mouse.down()
    desk.mouse.move(middle, frame["y"] + frame["height"] - 30, steps=5)
    desk.wait_for_timeout(100)
    seen, rebuilt = (pixels(pad.locator(f"{part} .vw-digit")) for part in (SEEN, REBUILT))
    assert seen.sum() > 20  # of ink
    z_mean = model.encode(seen[None, ..., None].astype(np.float32))[0]
    assert np.abs(rebuilt - model.decode(z_mean)[0, ..., 0]).max() < 0.02
    assert state(desk, "DrawingPad", "reading") == {}
    desk.mouse.up()
    assert state(desk, "DrawingPad", "reading")["digit"] == 1


MAP = ".vw-part-map canvas"
LENS = ".vw-lens-canvas"
SEEDED = """() => {
  let state = 1;
  Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;
}"""


def as_url(locator):
    return locator.evaluate("(canvas) => canvas.toDataURL()")


def test_a_sample_of_z_moves_the_point_and_is_decoded_until_the_mean_comes_back(page, model):
    pad = widget(page, "DrawingPad")
    sample = pad.get_by_role("button", name="Sample z")
    back = pad.get_by_role("button", name="Back to μ")
    assert sample.is_disabled() and back.is_disabled()
    before = draw(page, write(2, "plain"))
    assert before["z"] == before["z_mean"]
    canvases = [pad.locator(name) for name in (MAP, LENS)]
    at_mean = [as_url(canvas) for canvas in canvases]
    middle = pixels(pad.locator(f"{REBUILT} .vw-digit"))
    page.evaluate("Math.random = () => 0.9")
    sample.click()
    reading = state(page, "DrawingPad", "reading")
    mean, deviation = np.array(reading["z_mean"]), np.exp(0.5 * np.array(reading["z_log_var"]))
    z = np.array(reading["z"])
    epsilon = np.sqrt(-2 * np.log(0.1)) * np.cos(2 * np.pi * 0.9)  # Box-Muller
    assert (z - mean) / deviation == pytest.approx([epsilon, epsilon], abs=1e-3)
    assert {**reading, "z": before["z"]} == before  # loss and verdict are of the drawing
    shown = pixels(pad.locator(f"{REBUILT} .vw-digit"))
    assert np.abs(shown - model.decode(z[None])[0, ..., 0]).max() < 0.004
    assert all(as_url(canvas) != url for canvas, url in zip(canvases, at_mean, strict=True))
    assert "samples of it as dots: 1" in pad.locator(LENS).get_attribute("aria-label")
    words = pad.locator(".vw-sampled")
    assert words.get_attribute("aria-live") == "polite"
    said = words.inner_text().replace("−", "-")
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", said)]
    assert numbers[:2] == pytest.approx(z, abs=6e-4)
    assert numbers[2:4] == pytest.approx([epsilon, epsilon], abs=6e-3)
    pair = model.decode(np.stack([mean, z]))
    change = np.abs(pair[1] - pair[0]).max()
    assert change - 1e-4 <= numbers[4] <= change + 0.0101  # rounded up, so that it is a bound
    assert ("because σ is so small" in said) == (change < 0.1)
    page.evaluate("Math.random = () => 0.7")
    sample.click()
    assert state(page, "DrawingPad", "reading")["z"] != reading["z"]
    back.click()
    assert state(page, "DrawingPad", "reading") == before
    assert [as_url(canvas) for canvas in canvases] == at_mean
    assert np.array_equal(pixels(pad.locator(f"{REBUILT} .vw-digit")), middle)
    assert words.inner_text() == "z = μ again."


def test_a_new_drawing_returns_to_the_mean(desk):
    pad = widget(desk, "DrawingPad")
    draw(desk, write(2, "plain"))
    pad.get_by_role("button", name="Sample z").click()
    reading = draw(desk, write(3, "plain"))
    assert reading["z"] == reading["z_mean"]
    assert pad.locator(".vw-sampled").inner_text() == ""
    assert "samples" not in pad.locator(LENS).get_attribute("aria-label")
    assert pad.get_by_text("decoded from μ").is_visible()
    pad.get_by_role("button", name="Clear").click()
    assert pad.get_by_role("button", name="Sample z").is_disabled()


def test_samples_of_z_scatter_as_the_posterior_says(page):
    draw(page, write(2, "plain"))
    page.evaluate(SEEDED)
    sample, scaled = widget(page, "DrawingPad").get_by_role("button", name="Sample z"), []
    for _ in range(60):
        sample.evaluate("(button) => button.click()")
        reading = state(page, "DrawingPad", "reading")
        deviation = np.exp(0.5 * np.array(reading["z_log_var"]))
        scaled.append((np.array(reading["z"]) - reading["z_mean"]) / deviation)
    assert np.abs(np.mean(scaled, axis=0)).max() < 4 / 60**0.5
    assert np.abs(np.std(scaled, axis=0) - 1).max() < 4 / 120**0.5


FIVE_WIDTHS = [(1440, 900), (1366, 768), (1024, 768), (768, 1024), (390, 844)]


@pytest.fixture(params=FIVE_WIDTHS, ids=lambda size: str(size[0]))
def drawn(request, chromium, site):
    """The pad with a sampled 5 on it, at one of five widths; where its parts are."""
    opened = Page(chromium, site, request.param, waits=False)
    draw(opened.page, write(5, "plain"))
    pad = widget(opened.page, "DrawingPad")
    pad.get_by_role("button", name="Sample z").click()
    opened.page.evaluate("scrollTo(0, 0)")

    def find(selector):  # without a line's width, which Playwright's own box counts
        return pad.locator(selector).evaluate("(part) => part.getBoundingClientRect().toJSON()")

    yield request.param, find
    opened.context.close()
    assert opened.faults == []


def overlap(one, other):
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return max(0, across) * max(0, down)


def test_nothing_covers_the_map(drawn):
    _, find = drawn
    below = [LENS, ".vw-explained", ".vw-under-map .vw-line"]
    for selector in below:
        assert overlap(find(".vw-part-map .vw-plane"), find(selector)) == 0, selector
    assert overlap(find(LENS), find(".vw-explained")) == 0
    lens, plane = find(LENS), find(".vw-part-map .vw-plane")
    assert lens["width"] >= 80 and 0 < lens["y"] - plane["y"] - plane["height"] < 30


FIND_CROWDED = """() => [...document.querySelectorAll(".vw-funnel")].flatMap((funnel) => {
  const boxes = (selector) => [...funnel.querySelectorAll(selector)]
    .map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 0);
  const meet = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const words = boxes(".vw-funnel-words b, .vw-sizes span");
  return boxes(".vw-end").some((end) => words.some((word) => meet(end, word)))
    ? [`${funnel.className} of ${funnel.parentElement.className}`] : [];
})"""


@pytest.mark.parametrize("width", [390, 700, 860, 900, 1040, 1130, 1376])
def test_no_symbol_of_a_funnel_covers_its_words(chromium, site, width):
    """Widths of the widgets, without the page's margins and their padding: 52 pixels."""
    opened = Page(chromium, site, (width + 52, 900), waits=False)
    draw(opened.page, write(5, "plain"))
    shown = opened.page.locator(".vw-funnel:visible").count()
    assert shown == (3 if width >= 860 else 2)  # the latent pad has none where it is narrow
    assert opened.page.evaluate(FIND_CROWDED) == []
    opened.context.close()


def test_the_drawing_pad_is_as_wide_as_the_live_training(chromium, site):
    for width in (1366, 1440):
        opened = Page(chromium, site, (width, 900))
        pad, live = (
            opened.page.locator(selector).bounding_box()
            for selector in ("[data-widget=DrawingPad] .vae-widget", "#live-training")
        )
        assert (pad["x"], pad["width"]) == (live["x"], live["width"])
        opened.context.close()


def test_what_is_drawn_is_explained_in_few_words(desk):
    pad = widget(desk, "DrawingPad")
    for digit in (2, 5):
        draw(desk, write(digit, "plain"))
        words = pad.locator(".vw-explained .vw-words").last.inner_text()
        assert "ellipses at 1 and 2 σ of q" in words and "Circles: 1, 2 and 3 σ of the" in words
        assert words.count(". ") == 1 and len(words) < 130  # two short sentences
    assert "negative ELBO; lower is better" in pad.locator(".vw-loss").inner_text()


PARTS = (".vw-paper", ".vw-funnel-encoder", ".vw-plane", ".vw-funnel-decoder", REBUILT + " canvas")


def test_the_parts_stand_in_the_order_of_the_model(drawn):
    (width, height), find = drawn
    parts = [find(name) for name in PARTS]
    if width < 640:
        assert_down_and_up(parts)
        assert find(f"{SEEN} canvas")["y"] < parts[1]["y"]  # above the encoder
    else:
        assert_across(parts)
        assert find(f"{SEEN} canvas")["x"] < parts[1]["x"]  # left of the encoder
    if width >= 1024:
        total = find(".vw-sum")
        assert total["y"] + total["height"] < height  # the picture is seen at once
    report = find(".vw-report")
    assert report["y"] > find(".vw-loss")["y"] + find(".vw-loss")["height"]


def assert_across(parts):
    """One row, evenly spaced, all in the middle of its height."""
    gaps = [
        after["x"] - before["x"] - before["width"] for before, after in itertools.pairwise(parts)
    ]
    middles = [part["y"] + part["height"] / 2 for part in parts]
    assert min(gaps) > 0 and max(gaps) - min(gaps) < 1.5
    assert max(middles) - min(middles) < 1.5


def assert_down_and_up(parts):
    """Drawing and reconstruction side by side; each network below its picture and above the map."""
    paper, encoder, plane, decoder, rebuilt = parts
    assert rebuilt["width"] > 0.7 * paper["width"]
    assert rebuilt["x"] > paper["x"] + paper["width"] and overlap(
        paper, {**rebuilt, "x": paper["x"]}
    )
    for network, shown in ((encoder, paper), (decoder, rebuilt)):
        assert shown["y"] + shown["height"] < network["y"]
        assert network["y"] + network["height"] < plane["y"]
        assert network["x"] == pytest.approx(shown["x"], abs=1.5)


def test_the_map_is_the_largest_part_and_the_loss_stands_in_one_line(drawn):
    (width, _), find = drawn
    plane, others = find(".vw-plane"), [find(PARTS[0]), find(PARTS[-1])]
    assert all(plane["width"] > 1.25 * other["width"] for other in others)
    values, total = find(".vw-term-loss b"), find(".vw-sum")
    for term in ("reconstruction", "kl"):
        assert find(f".vw-term-{term} b")["y"] == pytest.approx(values["y"], abs=3)
    assert total["height"] < 60
    assert plane["x"] >= 14 and plane["x"] + plane["width"] <= width - 14  # the page has margins


def test_the_line_to_the_lens_leaves_the_map_below_the_marker_and_crosses_none_of_it(drawn):
    _, find = drawn
    line, plane, lens = find(".vw-lens-line path"), find(".vw-plane"), find(LENS)
    assert line["y"] >= plane["y"] + plane["height"] - 1
    assert line["y"] + line["height"] <= lens["y"] + 1


def test_the_terms_of_the_loss_add_up_as_they_are_shown(desk):
    pad = widget(desk, "DrawingPad")
    for digit in (2, 5, 8):
        draw(desk, write(digit, "plain"))
        loss, reconstruction, kl = map(float, pad.locator(".vw-sum b").all_inner_texts())
        assert round(10 * loss) == round(10 * reconstruction) + round(10 * kl)


def test_an_empty_sheet_and_a_dot_are_asked_for_more(desk):
    pad = widget(desk, "DrawingPad")
    pad.get_by_role("button", name="Clear").click()
    assert pad.get_by_text("Draw a digit here").is_visible()
    frame, awaited = (box(pad.locator(f"{REBUILT} {part}")) for part in ("canvas", ".vw-awaited"))
    assert overlap(frame, awaited) == awaited["width"] * awaited["height"]  # within its frame
    assert not any(end.is_visible() for end in pad.locator(".vw-end").all())  # joined to nothing
    assert pad.locator(".vw-verdict").inner_text() == "Draw a digit from 0 to 9."
    draw(desk, [[(0.5, 0.5), (0.5, 0.5)]])
    assert pad.locator(".vw-verdict").inner_text() == "That is a dot. Draw larger."
    assert state(desk, "DrawingPad", "reading") == {}
    assert not any(map(int, pad.locator(".vw-bar b").all_inner_texts()))


def test_a_full_black_square_is_no_digit(desk):
    set_width(desk, 40)
    there_and_back = []
    for y in np.linspace(0, 1, 5)[:-1]:
        there_and_back += [(1, y), (0, y), (0, y + 1 / 8), (1, y + 1 / 8)]
    there_and_back += [(1, 1), (0, 1)]
    reading = draw(desk, [there_and_back])
    assert reading["digit"] is None and reading["percentile"] == 100
    assert "rarely seen" in widget(desk, "DrawingPad").locator(".vw-verdict").inner_text()
    assert widget(desk, "DrawingPad").locator(".vw-doubt").count() == 1


def test_undo_takes_back_a_stroke(desk):
    set_width(desk, 24)
    one = draw(desk, write(7, "plain"))
    pad = widget(desk, "DrawingPad")
    sheet = box(pad.locator(".vw-sheet"))
    drag(desk, (sheet["x"] + 40, sheet["y"] + 150), (sheet["x"] + 240, sheet["y"] + 150))
    assert state(desk, "DrawingPad", "reading")["z_mean"] != one["z_mean"]
    pad.get_by_role("button", name="Undo").click()
    assert state(desk, "DrawingPad", "reading")["z_mean"] == pytest.approx(one["z_mean"], abs=1e-6)


def test_a_wider_pen_leaves_more_ink(desk):
    pad, ink = widget(desk, "DrawingPad"), []
    for key in ("Home", "End"):
        pad.get_by_label("Line width").focus()
        desk.keyboard.press(key)
        draw(desk, write(3, "plain"))
        ink.append(pixels(pad.locator(f"{SEEN} .vw-digit")).sum())
    assert ink[1] > 1.5 * ink[0]


def test_keys_alone_draw_a_one(desk):
    set_width(desk, 24)
    pad = widget(desk, "DrawingPad")
    pad.get_by_role("button", name="Clear").click()
    pad.locator(".vw-sheet").focus()
    desk.keyboard.press(" ")
    assert pad.get_by_text("The pen is down.").count() == 1
    for _ in range(6):
        desk.keyboard.press("Shift+ArrowDown")
    desk.keyboard.press(" ")
    reading = state(desk, "DrawingPad", "reading")
    assert reading["digit"] == 1


def test_an_example_is_drawn_by_mouse_and_by_keyboard(desk):
    set_width(desk, 24)
    examples = widget(desk, "DrawingPad").get_by_role("group", name="Examples")
    examples.get_by_role("button", name="Draw an 8").click()
    assert state(desk, "DrawingPad", "reading")["digit"] == 8
    assert widget(desk, "DrawingPad").get_by_text("Classified as an 8.").is_visible()
    for name, digit in {"Draw a 4": 4, "Draw a letter A": None, "Draw a star": None}.items():
        examples.get_by_role("button", name=name).focus()
        desk.keyboard.press("Enter")
        assert state(desk, "DrawingPad", "reading")["digit"] == digit, name
    widget(desk, "DrawingPad").get_by_role("button", name="Undo").click()
    assert state(desk, "DrawingPad", "reading") == {}  # the star was one stroke


def test_a_finger_draws(chromium, site):
    opened = Page(chromium, site, "phone", has_touch=True, is_mobile=True)
    sheet = box(widget(opened.page, "DrawingPad").locator(".vw-sheet"))
    middle = sheet["x"] + sheet["width"] / 2
    swipe(opened.page, (middle, sheet["y"] + 30), (middle, sheet["y"] + sheet["height"] - 30))
    opened.page.wait_for_timeout(100)
    assert state(opened.page, "DrawingPad", "reading")["digit"] == 1
    opened.context.close()


# one stroke, one pointer


@pytest.fixture
def table(page):
    """A page tall enough to show all its widgets, and the hands over it."""
    page.set_viewport_size({"width": 1280, "height": 6000})
    return page, Hands(page)


def sheet_of(page):
    return places_on(page.locator(".vw-sheet"))


def map_of(page):
    frame = box(widget(page, "LatentPad").locator(".vw-map"))
    return lambda *z: on_map(frame, z)


def point_of(page):
    page.wait_for_timeout(60)  # it is sent once a frame
    return state(page, "LatentPad", "z")


def draw_one(hands, at, finger=0):
    for y in DOWN:
        hands.touch(at(0.5, y), finger)
    hands.lift(finger)


@pytest.fixture
def one(table):
    """The black pixels of a 1 that a finger drew alone; the sheet is blank again."""
    page, hands = table
    draw_one(hands, sheet_of(page))
    assert state(page, "DrawingPad", "reading")["digit"] == 1
    ink = ink_on(page)
    assert ink > 4000
    widget(page, "DrawingPad").get_by_role("button", name="Clear").click()
    return ink


def test_a_palm_beside_the_finger_draws_nothing(table, one):
    page, hands = table
    at = sheet_of(page)
    for y in DOWN:
        hands.touch(at(0.5, y))
        hands.touch(at(0.9 - y / 10, 0.7 + y / 10), 1)
    hands.lift()
    hands.touch(at(0.2, 0.2), 1)
    assert ink_on(page) == one and state(page, "DrawingPad", "reading")["digit"] == 1
    hands.lift(1)
    assert ink_on(page) == one
    assert page.evaluate("[scrollY, visualViewport.scale]") == [0, 1]


def test_a_finger_draws_while_a_hand_rests_beside_the_sheet(table, one):
    page, hands = table
    at = sheet_of(page)
    hands.touch(at(0, -0.3), 1)
    draw_one(hands, at)
    assert ink_on(page) == one


@pytest.mark.parametrize(("kind", "button", "modifiers"), OTHERS)
def test_other_buttons_leave_no_ink_and_move_no_point(table, kind, button, modifiers):
    page, hands = table
    draw_one(hands, sheet_of(page))
    before, reading = ink_on(page), state(page, "DrawingPad", "reading")
    for at in (sheet_of(page), map_of(page)):
        hands.press(at(0.1, 0.1), button, kind, modifiers)
        hands.move(at(0.3, 0.8), kind)
        hands.release(at(0.3, 0.8), button, kind)
    assert ink_on(page) == before and state(page, "DrawingPad", "reading") == reading
    assert point_of(page) == [0, 0]


def test_what_hovers_bends_no_stroke(table, one):
    page, hands = table
    at = sheet_of(page)
    for y in DOWN:
        hands.touch(at(0.5, y))
        hands.move(at(0.9, 1 - y))
        hands.move(at(0.1, 1 - y), "pen")
    hands.lift()
    hands.move(at(0.2, 0.8), "pen")
    assert ink_on(page) == one


@pytest.mark.parametrize("others", ["none", "right"])
@pytest.mark.parametrize("kind", ["mouse", "pen"])
def test_a_stroke_ends_with_its_own_button(table, kind, others):
    page, hands = table
    for find, ways in (
        (sheet_of, ((0.5, 0.1), (0.5, 0.9), (0.1, 0.1))),
        (map_of, ((0, 0), (1, 1), (-2, 2))),
    ):
        at = find(page)  # the map moves down when a drawing is judged
        start, end, off = (at(*way) for way in ways)
        hands.press(start, "left", kind)
        hands.move(end, kind)
        if others == "none":
            hands.miss_release(kind)
        else:
            hands.press(end, "right", kind)
            hands.release(end, "left", kind)
        ink = ink_on(page)
        hands.move(off, kind)
        if others != "none":
            hands.release(off, "right", kind)
        assert ink_on(page) == ink
    assert state(page, "DrawingPad", "reading")["digit"] == 1
    assert point_of(page) == pytest.approx([1, 1], abs=0.03)


def test_the_point_follows_one_finger_alone(table):
    page, hands = table
    on = map_of(page)
    hands.touch(on(0, 0))
    hands.touch(on(1, 1))
    hands.touch(on(-3, -3), 1)
    hands.touch(on(-3, -2), 1)
    hands.move(on(3, 3))
    assert point_of(page) == pytest.approx([1, 1], abs=0.03)
    hands.touch(on(2, -1))
    assert point_of(page) == pytest.approx([2, -1], abs=0.03)
    hands.lift()
    hands.touch(on(0, 3), 1)
    assert point_of(page) == pytest.approx([2, -1], abs=0.03)


def test_a_pen_takes_over_from_the_palm_that_came_first(table, one):
    page, hands = table
    at = sheet_of(page)
    hands.touch(at(0.8, 0.8))
    hands.touch(at(0.85, 0.85))
    hands.press(at(0.5, 0.1), "left", "pen")
    for y in DOWN:
        hands.move(at(0.5, y), "pen")
        hands.touch(at(0.9 - y / 10, 0.85))
    hands.touch(at(0.1, 0.8), 1)
    hands.release(at(0.5, 0.9), "left", "pen")
    hands.touch(at(0.3, 0.8))
    hands.lift(1)
    hands.lift()
    assert ink_on(page) == one and state(page, "DrawingPad", "reading")["digit"] == 1
    hands.touch(at(0.1, 0.8))  # the pen is up: a finger counts again
    hands.lift()
    assert ink_on(page) > one


def test_the_palm_may_lie_on_the_map_while_the_pen_draws(table):
    page, hands = table
    at, on = sheet_of(page), map_of(page)
    hands.touch(on(-2, 1))
    hands.touch(on(-2, 2))
    hands.press(at(0.5, 0.1), "left", "pen")
    hands.move(at(0.5, 0.9), "pen")
    hands.touch(on(-2, 3))
    hands.touch(on(3, 3), 1)
    hands.release(at(0.5, 0.9), "left", "pen")
    assert state(page, "DrawingPad", "reading")["digit"] == 1
    assert point_of(page) == [0, 0]


def test_a_finger_that_the_system_takes_away_leaves_nothing(table, one):
    page, hands = table
    at = sheet_of(page)
    draw_one(hands, at)
    hands.touch(at(0.1, 0.1))
    hands.touch(at(0.1, 0.5))
    hands.cancel()
    on = map_of(page)
    hands.touch(on(1, 1))
    hands.touch(on(2, 2))
    hands.cancel()
    assert ink_on(page) == one and point_of(page) == [0, 0]


def test_the_eraser_end_of_a_pen_erases_and_undo_brings_back(table, one):
    page, hands = table
    at = sheet_of(page)
    pad = widget(page, "DrawingPad")
    turn_pen_around(page)

    def rub(start, end):
        hands.press(start, "left", "pen")
        hands.move(end, "pen")
        hands.release(end, "left", "pen")

    rub(at(0.5, 0.1), at(0.5, 0.9))  # there is nothing yet, nor to undo
    assert ink_on(page) == 0 and state(page, "DrawingPad", "reading") == {}
    draw_one(hands, at)
    rub(at(0.5, 0.6), at(0.5, 1))
    assert one / 3 < ink_on(page) < 2 * one / 3
    assert state(page, "DrawingPad", "reading")["digit"] is not None
    pad.get_by_role("button", name="Undo").click()
    assert ink_on(page) == one and state(page, "DrawingPad", "reading")["digit"] == 1
    rub(at(0.5, 0.05), at(0.5, 0.95))
    assert ink_on(page) == 0 and state(page, "DrawingPad", "reading") == {}
    on = map_of(page)
    rub(on(1, 1), on(2, 2))
    assert point_of(page) == [0, 0]


def test_undo_in_the_middle_of_a_stroke_takes_it_away_and_bends_no_other(table, one):
    page, hands = table
    at = sheet_of(page)
    draw_one(hands, at)
    hands.touch(at(0.2, 0.2))
    hands.touch(at(0.2, 0.4))
    undo = widget(page, "DrawingPad").get_by_role("button", name="Undo")
    undo.evaluate("(button) => button.click()")
    hands.touch(at(0.9, 0.4))
    hands.lift()
    assert ink_on(page) == one


def test_the_pen_of_the_keys_and_the_mouse_draw_strokes_of_their_own(table):
    page, hands = table
    at = sheet_of(page)
    page.locator(".vw-sheet").focus()
    page.keyboard.press(" ")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    hands.press(at(0.1, 0.1))
    hands.release(at(0.1, 0.1))
    dot = ink_on(page)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press(" ")
    assert dot < ink_on(page) < dot + 1000  # farther down, and not across from the dot
    assert widget(page, "DrawingPad").get_by_text("The pen is up.").count() == 1


@pytest.mark.parametrize(
    ("name", "label"), [("Walk", "Way"), ("Replay", "Epoch"), ("DrawingPad", "Line width")]
)
def test_sliders_follow_one_finger_and_the_left_button(table, name, label):
    page, hands = table
    track = widget(page, name).get_by_label(label, exact=True)
    at, before = places_on(track), track.input_value()
    for kind, button, modifiers in OTHERS:
        if button != "left":
            hands.press(at(0.9, 0.5), button, kind, modifiers)
            hands.move(at(0.8, 0.5), kind)
            hands.release(at(0.8, 0.5), button, kind)
    page.wait_for_timeout(60)
    assert track.input_value() == before
    hands.touch(at(0.1, 0.5))
    hands.touch(at(0.4, 0.5))
    page.wait_for_timeout(60)
    value = track.input_value()
    assert value != before
    hands.touch(at(0.9, 0.5), 1)
    hands.touch(at(0.95, 0.5), 1)
    hands.move(at(0.7, 0.5))  # hovers
    page.wait_for_timeout(60)
    assert track.input_value() == value
    hands.lift()
    hands.touch(at(0.8, 0.5), 1)
    page.wait_for_timeout(60)
    assert track.input_value() == value
    hands.lift(1)
    hands.touch(at(0.3, 0.5))
    hands.touch(at(0.6, 0.5))
    page.wait_for_timeout(60)
    assert float(track.input_value()) > float(value)


# the JavaScript itself (tests/javascript has the rest)


@pytest.mark.parametrize("bits", [16, 8])
def test_javascript_agrees_with_keras(desk, digits_here, bits):
    model = load_pretrained() if bits == 16 else site_page.in_eight_bits(load_pretrained())
    images = data.normalize(digits_here.test.images[:200])
    assert max(tool.javascript_against_keras(desk, model, images, bits)) < 1e-3
