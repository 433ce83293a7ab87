"""The pad that reads a postal code, in a real Chromium: mouse, finger, keys, and Python beside."""

import numpy as np
import pytest

from tests.accessibility import find_serious
from tests.opened_page import Page
from tests.pointers import Hands
from tests.strokes import LETTERS, write
from tests.widget_page import get_trait, write_page
from tools import browser as tool
from vae_lib.composed_numbers import compose_numbers
from vae_lib.number_reader import load_number_reader, read_number
from vae_lib.widgets import explore_postal_code

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(tool.find_chromium() is None, reason=tool.MISSING),
]
CODE = (9, 0, 4, 5, 1)
LEFTS = (30, 180, 330, 480, 630)  # of the digits, in pixels of the sheet


@pytest.fixture(scope="module")
def reader():
    return load_number_reader()


@pytest.fixture(scope="module")
def paper(tmp_path_factory, reader):
    path = tmp_path_factory.mktemp("pad") / "index.html"
    write_page(explore_postal_code(reader), path)
    return path


@pytest.fixture
def opened(chromium, paper):
    one = Page(chromium, paper, waits=False)
    yield one
    one.context.close()
    assert one.faults == []


@pytest.fixture
def page(opened):
    return opened.page


def on_sheet(page):
    """From pixels of the sheet to pixels of the page."""
    frame = page.locator(".vw-sheet").bounding_box()
    scale = frame["width"] / 800
    return lambda x, y: (frame["x"] + scale * x, frame["y"] + scale * y)


def draw(page, strokes, left, wide=110):
    at = on_sheet(page)
    for stroke in strokes:
        places = [at(left + wide * x, 40 + 130 * y) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


def draw_code(page, code=CODE, lefts=LEFTS):
    for digit, left in zip(code, lefts, strict=True):
        draw(page, write(digit, "plain"), left)
    return get_trait(page, "reading")


def verdict(page):
    return page.locator(".vw-verdict").inner_text()


def ink_of(page):
    width, height = get_trait(page, "sheet_size")
    raw = np.frombuffer(get_trait(page, "sheet"), np.uint8).reshape(height, width)
    return raw.astype(np.float32) / np.float32(255)


def assert_same(reading, python):
    """The browser's reading is Python's of the same sheet."""
    assert reading["digits"] == list(python.digits)
    assert reading["cuts"] == python.cuts
    assert reading["is_digit"] == [one.is_digit for one in python.pieces]
    places = [one.piece for one in python.pieces]
    assert reading["boxes"] == [[one.left, one.top, one.width, one.height] for one in places]
    assert reading["scores"] == pytest.approx([one.score for one in python.pieces], abs=0.05)
    assert reading["probability"] == pytest.approx(python.probability, abs=1e-3)


def test_a_code_written_with_the_mouse_is_read_boxed_and_accepted(page, reader):
    reading = draw_code(page)
    assert tuple(reading["digits"]) == CODE and reading["cuts"] == 0 and reading["accepted"]
    assert verdict(page).startswith("Accepted: 90451 is right with a probability of")
    assert page.locator(".vw-box b").all_inner_texts() == list("90451")
    at = on_sheet(page)
    for box, left in zip(page.locator(".vw-box").all(), LEFTS, strict=True):
        frame = box.bounding_box()
        assert at(left - 10, 0)[0] < frame["x"] < at(left + 60, 0)[0]
        assert frame["height"] == pytest.approx(at(0, 135)[1] - at(0, 0)[1], abs=15)
    captions = page.locator("figcaption").all_inner_texts()
    assert [caption[0] for caption in captions] == list("90451")
    assert_same(reading, read_number(ink_of(page), reader))


def test_each_piece_is_heard_and_the_verdict_is_announced(page):
    draw_code(page)
    names = [one.get_attribute("aria-label") for one in page.locator(".vw-picture canvas").all()]
    assert [name[:32] for name in names] == [
        f"Piece {k} as the model sees it: {digit}:" for k, digit in enumerate(CODE, 1)
    ]
    assert page.locator(".vw-verdict").get_attribute("aria-live") == "polite"
    assert page.locator(".vw-boxes").get_attribute("aria-hidden") == "true"


def test_digits_that_touch_are_cut_where_the_button_asks_for_it(page, reader):
    draw_code(page, lefts=(30, 180, 265, 480, 630))
    at = on_sheet(page)
    page.mouse.move(*at(230, 105))
    page.mouse.down()
    page.mouse.move(*at(300, 105))  # a bar from the 0 to the 4
    page.mouse.up()
    before = get_trait(page, "reading")
    assert len(before["digits"]) == 4 and not before["accepted"]
    assert verdict(page) == "4 pieces so far. If digits touch, cut them."
    page.get_by_role("button", name="Cut touching digits").click()
    reading = get_trait(page, "reading")
    assert len(reading["digits"]) == 5 and reading["cuts"] == 1
    assert_same(reading, read_number(ink_of(page), reader))
    assert page.get_by_role("button", name="Cut touching digits").is_disabled()
    assert page.locator(".vw-box").count() == 5


def test_a_letter_puts_the_whole_aside(page):
    draw_code(page, CODE[:4], LEFTS[:4])
    draw(page, LETTERS["M"], 630)
    reading = get_trait(page, "reading")
    assert reading["is_digit"] == [True] * 4 + [False]
    assert reading["probability"] == 0 and not reading["accepted"]
    assert verdict(page) == "Put aside: piece 5 looks like no digit."
    assert page.locator(".vw-no-digit b").all_inner_texts() == ["?"]
    assert page.locator("figcaption").last.inner_text() == "no digit"


def test_too_many_pieces_are_put_aside(page):
    draw_code(page, (*CODE, 1), (*LEFTS, 740))
    assert verdict(page) == "Put aside: there are 6 pieces in place of 5."


def test_undo_and_clear_take_back(page):
    draw_code(page, CODE[:2], LEFTS[:2])
    assert get_trait(page, "reading")["digits"] == [9, 0]
    page.get_by_role("button", name="Undo").click()
    assert get_trait(page, "reading")["digits"] == [9]
    page.get_by_role("button", name="Clear").click()
    assert get_trait(page, "reading") == {}
    assert verdict(page) == "Write 5 digits, with gaps between them."
    assert page.locator(".vw-box").count() == 0


def test_who_accepts_from_where_is_the_readers_choice(page):
    reading = draw_code(page)
    slider = page.get_by_label("Accept from")
    page.evaluate("(value) => model.set('accept_from', value)", 1)
    assert not get_trait(page, "reading")["accepted"]
    assert verdict(page).startswith("Put aside: perhaps 90451, which is right with")
    slider.focus()
    page.keyboard.press("Home")
    assert get_trait(page, "accept_from") == 0.5
    assert get_trait(page, "reading")["accepted"] and reading["probability"] > 0.5
    assert slider.get_attribute("aria-valuetext") == "50%"


def test_keys_alone_write_a_one(page):
    page.locator(".vw-sheet").focus()
    page.keyboard.press(" ")
    assert page.get_by_text("The pen is down.").count() == 1
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press(" ")
    assert get_trait(page, "reading")["digits"] == [1]


def test_a_finger_writes(chromium, paper):
    one = Page(chromium, paper, "phone", waits=False, has_touch=True, is_mobile=True)
    hands, at = Hands(one.page), on_sheet(one.page)
    for left in (100, 300):
        for y in np.linspace(40, 180, 7):
            hands.touch(at(left, y))
        hands.lift()
    one.page.wait_for_timeout(100)
    assert get_trait(one.page, "reading")["digits"] == [1, 1]
    wide = one.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    one.context.close()


def test_python_puts_composed_numbers_on_the_sheet(chromium, reader, digits, tmp_path):
    pad = explore_postal_code(reader)
    for number in compose_numbers(digits.test, 3, seed=4):
        pad.show(number.ink)
        path = tmp_path / "index.html"
        write_page(pad, path)
        one = Page(chromium, path, waits=False)
        while not one.page.get_by_role("button", name="Cut touching digits").is_disabled():
            one.page.get_by_role("button", name="Cut touching digits").click()
        assert_same(get_trait(one.page, "reading"), read_number(pad.ink, reader))
        ink = one.page.locator(".vw-sheet").evaluate(
            """(canvas) => canvas.getContext("2d").getImageData(0, 0, 800, 220).data
              .filter((grey, k) => k % 4 === 0 && grey < 128).length"""
        )
        assert ink > 1_000
        assert one.faults == []
        one.context.close()


def test_nothing_sticks_out_of_a_narrow_page_and_a_code_is_read_there(chromium, paper):
    one = Page(chromium, paper, (320, 640), waits=False)
    assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    draw_code(one.page)
    assert "".join(map(str, get_trait(one.page, "reading")["digits"])) == "90451"
    assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    one.context.close()
    assert one.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_serious(chromium, paper, size, scheme):
    one = Page(chromium, paper, size, waits=False, color_scheme=scheme)
    draw_code(one.page)
    assert find_serious(one.page) == []
    one.context.close()
