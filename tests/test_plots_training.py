"""Figures and tables of notebook 05: what is drawn and written is what was measured."""

import itertools

import numpy as np
import pytest
from matplotlib.contour import QuadContourSet

from vae_lib import shipped
from vae_lib.plots import training as figures

QUANTITIES = (
    "reconstruction",
    "reconstruction at the mean",
    "kl",
    "std",
    "farthest code",
    "outside two sigma",
    "accuracy",
    "clear",
    "uneven",
)


def measured(value):
    return dict.fromkeys(QUANTITIES, value)


KNOBS = {
    "before": [measured(0.5)] * 3,
    "nothing changed": [measured(0.1), measured(0.2), measured(0.3)],
    "KL weight 8": [measured(0.3), measured(0.4), measured(0.8)],
    "no noise": [measured(0.25)] * 3,
}


def row(table, name):
    (line,) = [line for line in table.splitlines() if line.startswith(f"{name} ")]
    return line.removeprefix(name).split()


def test_the_table_of_the_knobs_has_means_over_the_seeds_and_a_dash_for_what_means_nothing():
    table = figures.tabulate_knobs(KNOBS)
    assert row(table, "KL weight 8") == ["0.5", "0.5", "0.5", "0.500", "0.5", "50%", "50.0%"]
    assert row(table, "no noise") == ["-", "0.2", "0.2", "0.250", "0.2", "25%", "25.0%"]
    assert len({len(line) for line in table.splitlines()[1:]}) == 1  # columns under their heads


def test_differences_are_taken_seed_by_seed_and_leave_out_the_control():
    losses, codes = figures.tabulate_losses_of_knobs(KNOBS), figures.tabulate_map_of_knobs(KNOBS)
    # 0.2, 0.2 and 0.5 have the mean 0.3 and the standard deviation √0.03
    assert row(losses, "KL weight 8") == ["+0.30", "±", "0.10"] * 3
    assert row(losses, "no noise")[0] == "-"
    assert row(codes, "KL weight 8")[-3:] == ["+30.0", "±", "10.0"]
    for table in (losses, codes):
        assert "before" not in table and "nothing changed" not in table


def test_the_table_of_samples_shows_each_seed_and_what_to_compare_with():
    others = {"real digits": {"clear": 0.9, "uneven": 0.05}, "chance": {"uneven": 0.04}}
    names = ["nothing changed", "KL weight 8"]
    table = figures.tabulate_samples_of_knobs(KNOBS, names, others)
    assert row(table, "nothing changed") == ["10.0", "20.0", "30.0"] * 2
    assert row(table, "KL weight 8") == ["30.0", "40.0", "80.0", "+30.0", "±", "10.0"] * 2
    assert row(table, "real digits") == ["90.0", "5.0"]
    assert row(table, "chance") == ["-", "4.0"]


def test_every_setting_that_is_said_to_leave_something_out_has_been_measured():
    knobs = shipped.load_result("live-knobs")["rows"]
    assert set(figures.MEANINGLESS) <= set(knobs)
    assert figures.CONTROL in knobs


def test_no_mark_of_the_ablations_covers_another():
    rows = shipped.load_result("training-ablations")["rows"]
    (ax,) = figures.plot_ablations(rows, reference="all of our settings").axes
    marks = [line for line in ax.lines if line.get_marker() in figures.SEED_MARKERS]
    assert len(marks) == 3 * len(rows)
    middles = [ax.transData.transform(mark.get_xydata()[0]) for mark in marks]
    pixels = marks[0].get_markersize() * ax.figure.dpi / 72
    for one, other in itertools.combinations(middles, 2):
        assert np.abs(one - other).max() > 0.9 * pixels


@pytest.mark.parametrize(("count", "outlined"), [(1_000, [0, 10]), (500, [0, 0])])
def test_stages_are_outlined_after_training_if_there_are_enough_codes(count, outlined):
    labels = np.arange(count) % 10
    noise = 0.1 * np.random.default_rng(0).standard_normal((count, 2))
    middles = np.stack([labels % 5 - 2, labels // 5], axis=1)
    figure = figures.plot_stages([0.1 * noise, middles + noise], labels, epochs=[0, 1])
    lines = [
        [item for item in ax.collections if isinstance(item, QuadContourSet) and not item.filled]
        for ax in figure.axes
    ]
    assert [len(drawn) for drawn in lines] == outlined
