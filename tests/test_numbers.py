"""A handwritten number: composed, found on its sheet, cut apart, read, accepted or put aside."""

import itertools

import numpy as np
import pytest

from vae_lib import data, luhn
from vae_lib.composed_numbers import HEIGHT, compose_numbers
from vae_lib.number_reader import DigitReader, find_probability, read_number, read_numbers
from vae_lib.segmentation import cut_piece, find_pieces


def bar(sheet, left, top, wide, high):
    sheet[top : top + high, left : left + wide] = 1


def boxes(ink):
    return [(piece.left, piece.top, piece.width, piece.height) for piece in find_pieces(ink)]


# the frame


def test_a_frame_keeps_proportion_and_ink_and_centres_by_mass():
    sheet = np.zeros((90, 70), np.float32)
    bar(sheet, 3, 40, wide=20, high=40)
    image = data.frame(sheet)[..., 0]
    rows, columns = np.nonzero(image)
    assert (rows.min(), rows.max()) == (5, 24)
    assert (columns.min(), columns.max()) == (10, 19)
    assert image.sum() == pytest.approx(200)


def test_a_framed_digit_of_mnist_stays_what_it_was(digits):
    images = digits.test.images[:100]
    framed = np.stack([data.frame(image / np.float32(255)) for image in images])
    distance = np.abs(framed - data.normalize(images)).mean(axis=(1, 2, 3))
    assert np.median(distance) < 0.005


@pytest.mark.parametrize("sheet", [np.zeros((9, 9)), np.ones((9, 9, 1)), np.full((9, 9), 2.0)])
def test_what_cannot_be_framed_is_refused(sheet):
    with pytest.raises(ValueError, match=r"ink|Ink|shape"):
        data.frame(sheet)


# pieces


def test_strokes_apart_are_pieces_from_left_to_right_whatever_their_columns_share():
    sheet = np.zeros((30, 60), np.float32)
    for row in range(30):
        bar(sheet, 32 - row, row, wide=3, high=1)
        bar(sheet, 42 - row, row, wide=3, high=1)
    assert boxes(sheet) == [(3, 0, 32, 30), (13, 0, 32, 30)]


def test_a_short_part_above_another_belongs_to_it_and_one_beside_it_does_not():
    sheet = np.zeros((50, 80), np.float32)
    bar(sheet, 10, 20, wide=15, high=20)
    bar(sheet, 14, 10, wide=12, high=4)
    bar(sheet, 40, 10, wide=10, high=30)
    assert boxes(sheet) == [(10, 10, 16, 30), (40, 10, 10, 30)]


def test_tall_neighbours_stay_apart_even_where_one_leans_over_the_other():
    sheet = np.zeros((50, 60), np.float32)
    bar(sheet, 10, 5, wide=25, high=3)
    bar(sheet, 10, 5, wide=3, high=30)
    bar(sheet, 24, 12, wide=5, high=30)
    assert len(boxes(sheet)) == 2


def test_dirt_is_left_out_and_an_empty_sheet_has_no_pieces():
    sheet = np.zeros((50, 60), np.float32)
    assert boxes(sheet) == []
    bar(sheet, 10, 5, wide=10, high=30)
    bar(sheet, 40, 20, wide=3, high=3)
    assert boxes(sheet) == [(10, 5, 10, 30)]


def test_faint_ink_at_the_edge_of_a_stroke_belongs_to_it():
    sheet = np.zeros((50, 60), np.float32)
    bar(sheet, 10, 5, wide=10, high=30)
    sheet[5:35, 9] = sheet[5:35, 20] = 0.1
    assert boxes(sheet) == [(9, 5, 12, 30)]


def test_a_thousand_specks_end_in_an_answer():
    noise = (np.random.default_rng(0).random((48, 150)) > 0.75).astype(np.float32)
    assert len(find_pieces(noise)) > 0


def test_two_rings_that_touch_are_cut_where_they_touch():
    y, x = np.mgrid[:20, :40]
    rings = [np.abs(np.hypot(x - centre, y - 9.5) - 8) < 1.3 for centre in (9.5, 28)]
    (piece,) = find_pieces(np.float32(rings[0] | rings[1]))
    cuts = cut_piece(piece)
    places = [right.left for _, right in cuts]
    assert any(abs(place - 19) <= 1 for place in places)
    for left, right in cuts:
        assert left.ink.sum() + right.ink.sum() == pytest.approx(piece.ink.sum())
    left, right = cuts[places.index(min(places, key=lambda place: abs(place - 19)))]
    assert abs(left.ink.sum() - right.ink.sum()) < 0.15 * piece.ink.sum()


def test_a_cut_follows_a_slanted_gap_that_no_column_goes_through():
    sheet = np.zeros((30, 40), np.float32)
    for row in range(30):
        bar(sheet, 25 - row // 2, row, wide=3, high=1)
        bar(sheet, 33 - row // 2, row, wide=3, high=1)
    sheet[15, 18:26] = 1  # where they touch
    (piece,) = find_pieces(sheet)
    widths = [(left.width, right.width) for left, right in cut_piece(piece)]
    assert min(max(pair) for pair in widths) <= 26
    assert any(
        np.isclose(left.ink.sum(), right.ink.sum(), rtol=0.15) for left, right in cut_piece(piece)
    )


@pytest.mark.parametrize("sheet", [np.zeros(9), np.full((9, 9), 2.0)])
def test_what_is_no_sheet_is_refused(sheet):
    with pytest.raises(ValueError, match=r"shape|Ink"):
        find_pieces(sheet)


# composed numbers


def test_numbers_are_repeatable_and_differ_by_seed(digits):
    first, again = (compose_numbers(digits.validation, 3, seed=1) for _ in range(2))
    other = compose_numbers(digits.validation, 3, seed=2)
    for one, same in zip(first, again, strict=True):
        assert one.digits == same.digits and np.array_equal(one.ink, same.ink)
    assert [one.digits for one in first] != [one.digits for one in other]


def test_numbers_that_do_not_touch_come_apart_into_their_digits(digits):
    numbers = compose_numbers(digits.validation, 40, seed=0)
    apart = [number for number in numbers if number.touching == 0]
    found = [len(find_pieces(number.ink)) == 5 for number in apart]
    assert len(apart) > 10 and np.mean(found) >= 0.9
    touching = [number for number in numbers if number.touching]
    fewer = [len(find_pieces(number.ink)) < 5 for number in touching]
    assert len(touching) > 5 and np.mean(fewer) >= 0.9


def test_a_sheet_holds_grey_ink_and_margins(digits):
    for number in compose_numbers(digits.validation, 5, seed=3, length=8):
        assert number.ink.shape[0] == HEIGHT and number.ink.dtype == np.float32
        assert number.ink.min() == 0 and 0.9 < number.ink.max() <= 1
        assert not number.ink[:, :4].any() and not number.ink[:, -4:].any()
        assert len(number.digits) == 8


def test_numbers_with_a_check_digit_pass_and_a_foreign_sign_is_marked(digits):
    numbers = compose_numbers(digits.validation, 20, seed=0, length=8, check_digit=True)
    assert all(luhn.passes_luhn(number.digits) for number in numbers)
    block = np.zeros((1, 28, 28), np.uint8)
    block[:, 5:25, 5:25] = 255
    for number in compose_numbers(digits.validation, 9, seed=0, foreign=block):
        assert number.digits.count(-1) == 1
        assert max((piece.ink > 0.5).sum() for piece in find_pieces(number.ink)) > 250


def test_each_image_is_used_before_any_is_used_again(digits):
    one_of_each = np.flatnonzero(np.r_[True, np.diff(np.sort(digits.test.labels)) > 0])
    order = np.argsort(digits.test.labels, kind="stable")[one_of_each]
    few = data.Split(digits.test.images[order], digits.test.labels[order])
    assert len(compose_numbers(few, 10, seed=0)) == 10
    with pytest.raises(ValueError, match="of all ten digits"):
        compose_numbers(few.take(3), 5, seed=0)


@pytest.mark.parametrize("wrong", [{"count": 0}, {"length": 0}])
def test_no_numbers_and_no_digits_are_refused(digits, wrong):
    with pytest.raises(ValueError, match="at least 1"):
        compose_numbers(digits.validation, **{"count": 1, "seed": 0, **wrong})


# the check digit


def test_luhns_own_example_and_a_card_number():
    assert luhn.luhn_digit([7, 9, 9, 2, 7, 3, 9, 8, 7, 1]) == 3
    assert luhn.passes_luhn([int(digit) for digit in "4539148803436467"])
    assert not luhn.passes_luhn([int(digit) for digit in "4539148803436468"])


def test_every_single_error_is_caught_and_every_swap_but_of_0_and_9():
    number = [7, 9, 0, 2, 7, 3, 9, 8, 7, 1]
    number.append(luhn.luhn_digit(number))
    for place, digit in itertools.product(range(11), range(10)):
        wrong = [*number[:place], digit, *number[place + 1 :]]
        assert luhn.passes_luhn(wrong) == (digit == number[place])
    for place in range(10):
        one, other = number[place : place + 2]
        swapped = [*number[:place], other, one, *number[place + 2 :]]
        assert luhn.passes_luhn(swapped) == (one == other or {one, other} == {0, 9})


@pytest.mark.parametrize("number", [[], [3, -1], [10]])
def test_what_is_no_number_has_no_check_digit(number):
    with pytest.raises(ValueError, match="digits from 0 to 9"):
        luhn.passes_luhn(number)


# reading


def reader_by_width(threshold=6.0):
    """A reader that sees a 1 in what is narrow and an 8 in what is wide, and likes what is narrow.

    Its score is the framed image's number of columns with ink, less ten.
    """

    def answer(images):
        columns = (images[..., 0] > 0.2).any(axis=1).sum(axis=1)
        logits = np.zeros((len(images), 10))
        logits[:, 1] = np.where(columns <= 8, 5.0, 0.0)
        logits[:, 8] = np.where(columns > 8, 4.0, 0.0)
        return logits, columns - 10.0

    return DigitReader(answer, temperature=1.0, threshold=threshold, cut_is_right=0.5)


def sheet_with(*widths):
    sheet = np.zeros((40, 10 + sum(widths) + 5 * len(widths)), np.float32)
    left = 5
    for wide in widths:
        bar(sheet, left, 5, wide=wide, high=30)
        left += wide + 5
    return sheet


def test_a_number_is_the_product_of_its_digits():
    reading = read_number(sheet_with(6, 20, 6), reader_by_width(), length=3)
    assert reading.digits == (1, 8, 1) and reading.cuts == 0
    one, eight = np.exp(5) / (np.exp(5) + 9), np.exp(4) / (np.exp(4) + 9)
    assert reading.probability == pytest.approx(one * eight * one)


def test_the_piece_least_like_a_digit_is_cut_until_there_are_enough():
    sheet = sheet_with(6, 36, 20)
    reading = read_number(sheet, reader_by_width(), length=4)
    assert reading.digits == (1, 8, 8, 8) and reading.cuts == 1
    assert [one.piece.left for one in reading.pieces] == sorted(
        one.piece.left for one in reading.pieces
    )
    whole = np.prod([one.probability for one in reading.pieces])
    assert reading.probability == pytest.approx(0.5 * whole)


def test_a_number_with_a_stranger_or_of_another_length_is_put_aside():
    assert read_number(sheet_with(6, 34), reader_by_width(), length=2).probability == 0
    assert read_number(sheet_with(6, 6, 6), reader_by_width(), length=2).probability == 0
    assert read_number(np.zeros((20, 20)), reader_by_width(), length=2).probability == 0
    assert read_number(np.zeros((20, 20)), reader_by_width(), length=2).digits == ()
    reading = read_number(sheet_with(6, 34), reader_by_width(), length=2)
    assert [one.is_digit for one in reading.pieces] == [True, False]


def test_what_cannot_be_cut_stays_whole_and_is_put_aside():
    hair = np.zeros((40, 20), np.float32)
    bar(hair, 9, 5, wide=1, high=30)
    reading = read_number(hair, reader_by_width(), length=3)
    assert reading.digits == (1,) and reading.cuts == 0 and reading.probability == 0


def test_many_sheets_at_once_are_read_as_each_alone():
    sheets = [sheet_with(6, 36), sheet_with(20), np.zeros((9, 9)), sheet_with(6, 6, 6)]
    together = read_numbers(sheets, reader_by_width(), length=3)
    alone = [read_number(sheet, reader_by_width(), length=3) for sheet in sheets]
    assert [one.digits for one in together] == [one.digits for one in alone]
    assert [one.probability for one in together] == [one.probability for one in alone]
    assert [one.cuts for one in together] == [one.cuts for one in alone]
    assert together[0].cuts == 1 and together[1].cuts == 2 and together[3].cuts == 0


def test_a_length_below_one_is_refused():
    with pytest.raises(ValueError, match="length must be a whole number"):
        read_number(sheet_with(6), reader_by_width(), length=0)


def test_no_cut_costs_no_probability():
    pieces = read_number(sheet_with(6, 20), reader_by_width(), length=2).pieces
    without = find_probability(pieces, 0, reader_by_width(), 2)
    assert find_probability(pieces, 2, reader_by_width(), 2) == pytest.approx(without / 4)
