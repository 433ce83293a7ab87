"""The figures of out-of-distribution scores show the numbers that they are given."""

import numpy as np
import pytest

from vae_lib.plots import outliers as figures

KINDS = ("letters", "letters, blurred", "letters, thresholded")
CHOSEN = "distance, canonical"


def measured(refused, auroc):
    return {
        "testing": {
            "refused": {"as they are": 0.03, "thicker": refused},
            "auroc": dict.fromkeys(KINDS, auroc),
        }
    }


TABLE = {
    "loss, as they are": measured(0.6, 0.7),
    "loss, canonical": measured(0.1, 0.8),
    "distance, as they are": measured(0.2, 0.85),
    CHOSEN: measured(0.04, 0.95),
}


def points(ax):
    """Where an axes has single marks: value and row."""
    return {
        (float(x[0]), float(y[0])) for x, y in (line.get_data() for line in ax.lines) if len(x) == 1
    }


def test_each_candidate_has_its_row_in_both_frames_the_best_first():
    figure = figures.plot_candidates(TABLE, CHOSEN)
    refused, auroc = figure.axes
    labels = refused.get_yticklabels()
    assert [label.get_text() for label in labels] == ["distance", "loss"]
    assert [label.get_fontweight() for label in labels] == ["bold", "normal"]
    assert points(refused) == {(0.2, 0), (0.04, 0), (0.6, 1), (0.1, 1)}
    rounded = {(round(x, 6), y) for x, y in points(auroc)}
    assert rounded == {(0.85, 0), (0.95, 0), (0.7, 1), (0.8, 1)}
    assert "at most 4.0%" in figure.alt_text and "0.950" in figure.alt_text


def test_kinds_are_drawn_for_each_candidate():
    figure = figures.plot_kinds(TABLE, ["loss, as they are", CHOSEN])
    assert len(figure.axes) == 4
    words = [text.get_text() for text in figure.axes[1].texts]
    assert words == ["3.0%", "4.0%"]
    assert "loss, as they are: at most 60.0% refused, AUROC from 0.70" in figure.alt_text


def test_the_line_of_the_threshold_parts_what_is_refused():
    code = np.array([1.0, 2.0, 4.0])
    distances = {"digits": (code, code / 2), "letters": (code, code), "noise": (4 * code, code)}
    figure = figures.plot_two_distances(distances, threshold=7.9)
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == ["letters: 67% refused", "noise: 100% refused"]
    for ax in figure.axes:
        x, y = ax.lines[0].get_data()
        assert x**2 * y == pytest.approx([7.9, 7.9])
