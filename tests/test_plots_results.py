"""Figures of notebook 06: what they outline, enlarge and name."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from vae_lib import plots
from vae_lib.plots import results as figures
from vae_lib.plots.latent import CROWD
from vae_lib.plots.style import INK

RNG = np.random.default_rng(0)
LABELS = np.arange(CROWD) % 10
CODES = 0.2 * RNG.standard_normal((CROWD, 2)) + np.stack([LABELS % 5 - 2, LABELS // 5], axis=1)
EDGES = np.arange(-3.0, 3.1, 0.5)


def outlines_of(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize(("count", "named"), [(CROWD, [*"0123456789"]), (CROWD - 1, [])])
def test_only_the_first_panel_of_the_gaps_is_outlined_and_only_for_many_codes(count, named):
    ratio = np.ones((len(EDGES) - 1,) * 2)
    codes = (CODES[:count], LABELS[:count])
    figure = figures.plot_gaps({"codes": ratio, "control": ratio}, EDGES, codes=codes)
    first, second = figure.axes[:2]
    assert outlines_of(first) == named
    assert outlines_of(second) == []


def test_a_digit_is_named_inside_of_its_outline():
    ratio = np.ones((len(EDGES) - 1,) * 2)
    figure = figures.plot_gaps({"codes": ratio}, EDGES, codes=(CODES, LABELS))
    for digit, text in enumerate(figure.axes[0].texts):
        np.testing.assert_allclose(text.get_position(), [digit % 5 - 2, digit // 5], atol=0.3)


def test_the_enlarged_middle_follows_its_space_and_shows_fewer_codes_on_a_finer_scale():
    spaces = {"VAE": CODES, "autoencoder": 5 * CODES, "PCA": CODES}
    drawn = np.arange(500)
    figure = figures.plot_spaces(spaces, LABELS, drawn, prior="VAE", enlarged="autoencoder")
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == ["VAE", "autoencoder", "autoencoder: the middle, enlarged", "PCA"]
    whole, middle = figure.axes[1:3]
    assert middle.get_xlim()[1] < 0.8 * whole.get_xlim()[1]
    shown = [len(ax.collections[0].get_offsets()) for ax in (whole, middle)]
    assert shown == pytest.approx([460, 300], abs=15)


def test_few_digits_are_named_where_their_class_is_dense_and_not_where_they_happen_to_lie():
    dense = {3: (-1.0, 1.0), 7: (1.0, -1.0)}
    many = np.concatenate([place + 0.2 * RNG.standard_normal((500, 2)) for place in dense.values()])
    labels = np.repeat(list(dense), 500)
    stray = np.array([[2.0, 2.0], [-2.0, -2.0]])
    spaces = {"VAE": np.concatenate([stray, many])}
    all_labels = np.concatenate([list(dense), labels])
    figure = figures.plot_spaces(spaces, all_labels, np.array([0, 1]), prior="", enlarged="VAE")
    named = {
        int(text.get_text()): text.get_position()
        for text in figure.axes[0].texts
        if text.get_text().isdigit()
    }
    assert set(named) == set(dense)
    for digit, place in dense.items():
        np.testing.assert_allclose(named[digit], place, atol=0.3)


def test_words_at_the_ends_of_curves_have_a_shade_of_their_line():
    figure = plots.plot_loss_curves({"loss": [9.0, 7.0], "val_loss": [9.0, 7.0]})
    (ax,) = figure.axes
    strongest = {"#1f6fe5": 2, "#dc7410": 0}  # red, green or blue of each line
    for text, line in zip(ax.texts, ax.lines, strict=True):
        assert not same_color(text.get_color(), INK)
        assert np.argmax(text.get_color()[:3]) == strongest[line.get_color()]
