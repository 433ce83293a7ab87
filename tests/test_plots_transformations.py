"""The figures of notebook 09, drawn from what is passed, and the measures that it defines."""

import numpy as np
import pytest

from tools.publish.definitions import load_definitions
from vae_lib import data
from vae_lib.plots import transformations

RANDOM = np.random.default_rng(0)
STATES = {"angle": (-50, -25, 0, 25, 50), "scale": (0.5, 0.75, 1, 1.25, 1.5)}
ANGLES = np.arange(0, 181, 5)
PICTURES = RANDOM.random((7, 28, 28, 1))
NOTEBOOK = load_definitions("09_size_style_angle")

FIGURES = {
    "turning": lambda: transformations.plot_turning_digits(
        RANDOM.normal(size=(80, 2)),
        np.arange(80) % 10,
        {"a 6": RANDOM.normal(size=(37, 2)), "a 1": RANDOM.normal(size=(37, 2))},
        ANGLES,
        {"a 6": (PICTURES, PICTURES), "a 1": (PICTURES, PICTURES)},
    ),
    "losses": lambda: transformations.plot_losses(
        STATES,
        dict.fromkeys(STATES, [50.0] * 5),
        {
            "VAE": dict.fromkeys(STATES, np.full((5, 2), 90.0)),
            "VAE augmented": dict.fromkeys(STATES, np.full((5, 2), 80.0)),
        },
    ),
    "accuracies": lambda: transformations.plot_accuracies(
        STATES, {"CNN": dict.fromkeys(STATES, RANDOM.random((5, 3)))}
    ),
    "explained": lambda: transformations.plot_explained({"PCA": RANDOM.random(3)}, ["a", "b", "c"]),
    "forms": lambda: transformations.plot_forms(
        {"0: hole": (PICTURES, PICTURES), "0: none": (PICTURES[:2], PICTURES[:2])},
        {"0: hole": np.ones((1, 7), bool), "0: none": np.ones((1, 2), bool)},
        ["original", "VAE"],
    ),
    "kept": lambda: transformations.plot_kept(
        {"4: hole or none": (9, 4), "9: hole or none": (2, 7)},
        dict.fromkeys(("4: hole or none", "9: hole or none"), RANDOM.random((2, 2))),
        ["PCA", "VAE"],
    ),
    "called": lambda: transformations.plot_called(
        np.arange(0, 361, 20), {6: np.full((3, 19), 1 / 3), 9: np.full((3, 19), 1 / 3)}
    ),
    "verdict": lambda: transformations.plot_verdict(
        {
            "VAE": {"plain": [0.9], "turned": [0.5]},
            "CNN": {"plain": [0.9, 0.95], "turned": [0.4, 0.5]},
        }
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_drawn_and_described(name):
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    assert figure.axes and len(figure.alt_text) > 30


def test_a_reconstruction_that_has_lost_its_form_has_a_frame():
    keeps = np.array([[True, False, True, True, False, True, True]])
    figure = transformations.plot_forms(
        {"0: hole": (PICTURES, PICTURES)}, {"0: hole": keeps}, ["original", "VAE"]
    )
    originals, reconstructions = figure.axes
    corners = [frame.get_x() for frame in reconstructions.patches]
    assert corners == [transformations.TILE + 1, 4 * transformations.TILE + 1]
    assert not originals.patches


def test_solid_lines_use_augmentation_and_dotted_ones_do_not():
    rows = dict.fromkeys(STATES, np.full((5, 2), 90.0))
    losses = FIGURES["losses"]()
    by_label = {line.get_label(): line for line in losses.axes[0].lines}
    assert by_label["VAE"].get_linestyle() == ":"
    assert by_label["VAE augmented"].get_linestyle() == "-"
    accuracies = transformations.plot_accuracies(STATES, {"pixels": rows, "pixels, copies": rows})
    assert [line.get_linestyle() for line in accuracies.axes[0].lines[:2]] == [":", "-"]


def test_every_path_of_a_turning_digit_stays_within_its_frame():
    paths = {"a 6": np.linspace((0, 0), (5.1, -4), 37), "a 1": np.zeros((37, 2))}
    figure = transformations.plot_turning_digits(
        RANDOM.normal(size=(80, 2)),
        np.arange(80) % 10,
        paths,
        ANGLES,
        dict.fromkeys(paths, (PICTURES, PICTURES)),
    )
    maps = [ax for ax in figure.axes if ax.get_title() in paths]
    assert [ax.get_xlim()[1] >= 5.1 for ax in maps] == [True, True]


def test_three_angles_stand_beside_their_dots_and_on_nothing_else():
    path = np.stack([np.linspace(-2, 2, 37), np.zeros(37)], axis=1)
    figure = transformations.plot_turning_digits(
        np.random.default_rng(0).normal(size=(80, 2)),
        np.arange(80) % 10,
        {"a 6": path},
        ANGLES,
        {"a 6": (PICTURES, PICTURES)},
    )
    figure.draw_without_rendering()
    (ax,) = [ax for ax in figure.axes if ax.get_title() == "a 6"]
    words = {text.get_text(): text for text in ax.texts}
    for angle, dot in (("60°", path[12]), ("90°", path[18]), ("120°", path[24])):
        box = words[angle].get_window_extent()
        place = ax.transData.transform(dot)
        assert not box.contains(*place)
        assert np.hypot(*(place - (box.x0 + box.width / 2, box.y0 + box.height / 2))) < 60
        others = [word for name, word in words.items() if name != angle]
        assert not any(box.overlaps(word.get_window_extent()) for word in others)


def test_a_turn_leaves_the_centre_of_the_ink_where_it_is():
    arm = np.zeros((1, 28, 28, 1), np.float32)
    arm[0, 13:16, 10:19] = 1  # about row 14 and column 14
    row, column = np.indices((28, 28))
    for angle in (25, 90, 180, -40):
        turned = NOTEBOOK["turn"](arm, angle)[0, ..., 0]
        assert np.average(row, weights=turned) == pytest.approx(14, abs=0.01)
        assert np.average(column, weights=turned) == pytest.approx(14, abs=0.01)
    upright = NOTEBOOK["turn"](arm, 90)
    np.testing.assert_allclose(upright[0, 10:19, 13:16], 1, atol=1e-5)


def test_slant_width_and_thickness_of_a_bar():
    bar = np.zeros((1, 28, 28, 1), np.float32)
    bar[:, 6:22, 12:16] = 1
    slant, width, thickness = NOTEBOOK["measure_shape"](bar)[0]
    assert slant == pytest.approx(0, abs=1e-5)
    assert width == pytest.approx(np.sqrt(15 / 12), rel=1e-4)  # four pixels, equally heavy
    assert 3 < thickness < 4.5
    leaning = data.warp(bar, slant=0.3)
    assert NOTEBOOK["measure_shape"](leaning)[0, 0] == pytest.approx(0.3, abs=0.03)


def test_a_ring_has_a_hole_and_a_bar_across_is_seen():
    ring = np.zeros((28, 28, 1))
    ring[8:20, 8:20] = 1
    ring[12:16, 12:16] = 0
    assert NOTEBOOK["has_hole"](ring)
    assert NOTEBOOK["count_holes"](ring) == 1 and not NOTEBOOK["has_two_holes"](ring)
    ring[9:11, 9:11] = 0
    assert NOTEBOOK["count_holes"](ring) == 2 and NOTEBOOK["has_two_holes"](ring)
    ring[9:11, 9:11] = 1
    ring[12:16, :12] = 0  # opened at the left
    assert not NOTEBOOK["has_hole"](ring)
    ring[12:16, :12] = 0.45  # closed again by a grey stroke, which only a low threshold sees
    assert NOTEBOOK["has_hole"](ring) and not NOTEBOOK["has_hole"](ring, 0.5)
    seven = np.zeros((28, 28, 1))
    seven[6, 8:20] = 1
    seven[6:24, 14:16] = 1
    assert not NOTEBOOK["is_crossed"](seven)
    seven[15, 10:20] = 1
    assert NOTEBOOK["is_crossed"](seven)
