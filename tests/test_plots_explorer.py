"""The figures of notebook 07: drawn from what is passed, and described in words."""

import numpy as np
import pytest

from vae_lib.plots import explorer
from vae_lib.shipped import load_run

RANDOM = np.random.default_rng(0)
CODES = RANDOM.normal(size=(60, 2))
LABELS = np.arange(60) % 10
IMAGES = RANDOM.random((13, 28, 28))
STD = RANDOM.uniform(0.01, 0.1, (60, 2))

FIGURES = {
    "pad": lambda: explorer.plot_pad(
        CODES, LABELS, (2.1, -1.2), IMAGES[0], np.full((28, 28), 9, np.uint8), line=CODES[:2]
    ),
    "marked points": lambda: explorer.plot_marked_points(CODES, LABELS, CODES[:2], ["spot", "gap"]),
    "changes": lambda: explorer.plot_changes(
        np.linspace(0, 1, 13), IMAGES, RANDOM.random(12), LABELS[:13]
    ),
    "posteriors": lambda: explorer.plot_three_posteriors(
        IMAGES[:3], IMAGES[3:6], STD[:3], CODES, IMAGES[:12].reshape(3, 4, 28, 28)
    ),
    "deviations": lambda: explorer.plot_deviations(
        STD, 1.1 * STD, np.exp(CODES[:, 0]), LABELS, (1, 9, 0)
    ),
    "epochs": lambda: explorer.plot_epochs(load_run(), (1, 10), np.linspace(0.5, 0.8, 10)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_drawn_and_described(name):
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    assert figure.axes and len(figure.alt_text) > 30


def test_the_name_of_a_marked_point_hides_no_codes_where_there_is_room():
    below = np.array([0, -0.5]) + 0.2 * RANDOM.normal(size=(300, 2))
    labels = np.zeros(300, int)
    ax = explorer.plot_marked_points(below, labels, np.zeros((1, 2)), ["spot"]).axes[0]
    (word,) = [text for text in ax.texts if text.get_text() == "spot"]
    x, y = word.get_position()
    covered = (np.abs(below[:, 0] - x) < 0.5) & (np.abs(below[:, 1] - y) < 0.15)
    assert not covered.any() and np.hypot(x, y) < 1.5


def test_a_line_stands_where_the_label_changes():
    t, labels = np.linspace(0, 1, 5), np.array([0, 0, 6, 6, 1])
    above = explorer.plot_changes(t, IMAGES[:5], np.ones(4), labels, shown=3).axes[0]
    dotted = [line.get_xdata()[0] for line in above.lines if line.get_linestyle() == ":"]
    assert np.allclose(dotted, [0.375, 0.875])
    assert [words.get_text() for words in above.texts] == ["0 → 6", "6 → 1"]


def test_the_outlines_lie_above_the_samples():
    figure = explorer.plot_three_posteriors(
        IMAGES[:3], IMAGES[3:6], STD[:3], CODES, IMAGES[:12].reshape(3, 4, 28, 28)
    )
    panels = [ax for ax in figure.axes if ax.patches]
    assert len(panels) == 3
    for ax in panels:
        samples = max(line.get_zorder() for line in ax.lines)
        assert min(patch.get_zorder() for patch in ax.patches) > samples


def test_a_standard_deviation_as_predicted_lies_on_the_solid_line():
    left = explorer.plot_deviations(STD, STD, np.exp(CODES[:, 0]), LABELS, (1,)).axes[0]
    solid = [line for line in left.lines if line.get_linestyle() == "-"]
    assert len(solid) == 1 and np.allclose(*solid[0].get_data())


def test_the_smallest_distances_are_counted_and_do_not_widen_the_frame():
    distance = np.append(np.geomspace(0.01, 1, 999), 1e-9)
    std, labels = np.full((1_000, 2), 0.1), np.arange(1_000) % 10
    right = explorer.plot_deviations(std, std, distance, labels, (1,)).axes[1]
    assert right.get_xlim()[0] > 0.005
    assert [words.get_text() for words in right.texts] == ["1 outside this frame"]


def test_the_dots_of_all_epochs_have_one_size():
    axes = explorer.plot_epochs(load_run(), (1, 3, 10)).axes
    assert len({float(ax.collections[0].get_sizes()[0]) for ax in axes}) == 1
