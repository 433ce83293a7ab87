"""Figures: what is drawn, the words that go with it, and what is left alone."""

import io
import sys
from itertools import combinations

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib.collections import EllipseCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.text import Text
from PIL import Image
from scipy.spatial import KDTree

from tests import color_vision
from tests.color_vision import contrast
from vae_lib import data, models, plots
from vae_lib.plots import explorer, loss, recognition, start
from vae_lib.plots.schematic import PARTS
from vae_lib.plots.style import PALETTE, PIXELS_PER_INCH, SHARPNESS, spread
from vae_lib.shipped import load_pretrained

CODES = np.random.default_rng(0).normal(0, 1, (60, 2)).astype(np.float32)
LABELS = np.arange(60) % 10
HISTORY = {
    "loss": [9.0, 7.0],
    "reconstruction": [8.0, 5.0],
    "kl": [1.0, 2.0],
    "val_loss": [9.5, 8.0],
}


def gradient(z):
    """Images whose brightness tells which code they were decoded from."""
    return np.tile((z[:, 0] / 20 + z[:, 1] / 8 + 0.5)[:, None, None, None], (28, 28, 1))


@pytest.fixture(scope="session")
def plot_functions(images):
    """Functions that draw a figure each."""
    return [
        lambda: plots.plot_digits(images[:12], range(12), columns=5),
        lambda: plots.plot_reconstructions(images[:4], images[4:8]),
        lambda: plots.plot_latent_space(CODES, LABELS),
        lambda: plots.plot_loss_curves(HISTORY),
        lambda: plots.plot_manifold(gradient, steps=3),
    ]


def test_each_plot_returns_a_figure_that_describes_itself(plot_functions):
    for plot in plot_functions:
        figure = plot()
        assert isinstance(figure, Figure)
        assert len(figure.alt_text.split()) > 5


def test_a_latent_space_is_drawn_into_the_axes_given():
    left, right = Figure().subplots(1, 2)
    assert plots.plot_latent_space(CODES, LABELS, ax=right) is right.figure
    assert right.get_children() != []
    assert len(right.images) + len(right.collections) + len(right.patches) > 0
    assert len(left.images) + len(left.collections) + len(left.patches) == 0
    assert len(right.figure.axes) == 2


def test_no_plot_changes_the_style(plot_functions):
    before = matplotlib.rcParams.copy()
    for plot in plot_functions:
        plot()
    assert matplotlib.rcParams.copy() == before


def test_importing_plots_changes_no_style_and_loads_no_pyplot(start_python):
    code = """
import sys, matplotlib
before = matplotlib.rcParams.copy()
import vae_lib.plots
print(matplotlib.rcParams.copy() == before, "matplotlib.pyplot" in sys.modules)
"""
    assert start_python(code).communicate(timeout=60)[0] == "True False\n"


def pictures(figure):
    return [np.asarray(axes.images[0].get_array()) for axes in figure.axes if axes.images]


def test_raw_and_normalised_images_of_either_rank_look_the_same(digits):
    raw = digits.test.images[:3]
    expected = raw / 255
    for images in (raw, raw[..., None], data.normalize(raw), data.normalize(raw)[..., 0]):
        np.testing.assert_allclose(pictures(plots.plot_digits(images)), expected, atol=1e-6)


def test_digits_fill_a_grid_with_their_labels_above(images):
    figure = plots.plot_digits(images[:7], list("abcdefg"), columns=3)
    assert len(figure.axes) == 9
    assert len(pictures(figure)) == 7
    assert [axes.get_title() for axes in figure.axes] == [*"abcdefg", "", ""]
    assert "7 images in 3 rows of 3 labelled a, b, c" in figure.alt_text


def test_reconstructions_stand_below_their_originals(images):
    figure = plots.plot_reconstructions(images[:4], images[4:8], labels=[3, 1, 4, 1])
    np.testing.assert_allclose(pictures(figure), images[:8, ..., 0])
    assert [axes.get_title() for axes in figure.axes] == ["3", "1", "4", "1", "", "", "", ""]
    tops = [axes.get_position().y0 for axes in figure.axes]
    assert min(tops[:4]) > max(tops[4:])


def test_each_code_is_a_point_in_the_colour_of_its_digit():
    (ax,) = plots.plot_latent_space(CODES, LABELS).axes
    (points,) = ax.collections
    places = [tuple(place) for place in np.asarray(points.get_offsets())]
    assert sorted(places) == sorted(map(tuple, CODES))
    label_of = dict(zip(map(tuple, CODES), LABELS, strict=True))
    for place, color in zip(places, points.get_facecolor(), strict=True):
        assert to_hex(color) == plots.COLORS[label_of[place]]


def digit_names(figure):
    """The text objects of the digits, of all panels."""
    return [text for ax in figure.axes for text in ax.texts if text.get_text().isdigit()]


def clusters(distance, n=4_000, seed=0):
    """Codes and labels of ten digits around a circle, ``distance`` from its middle."""
    labels = np.arange(n) % 10
    angles = labels / 10 * 2 * np.pi
    middles = distance * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return middles + np.random.default_rng(seed).normal(0, 0.15, (n, 2)), labels


def test_each_digit_is_named_where_it_is_dense():
    codes, labels = clusters(2)
    codes[labels == 7, :] *= np.linspace(1, 8, np.sum(labels == 7))[:, None] ** -0.2  # a tail
    figure = plots.plot_latent_space(codes, labels)
    names = {text.get_text(): text.get_position() for text in digit_names(figure)}
    assert sorted(names) == list("0123456789")
    for digit in range(10):
        x, y = names[str(digit)]
        near = np.hypot(*(codes - (x, y)).T) < 0.3
        assert np.mean(labels[near] == digit) > 0.9
        assert f"{digit} near ({x:.1f}, {y:.1f})" in figure.alt_text


@pytest.mark.parametrize("distance", [0, 0.2, 0.5, 2])
@pytest.mark.parametrize("panels", [1, 4])
def test_no_name_covers_another_however_crowded_the_codes(distance, panels):
    codes, labels = clusters(distance)
    figure, axes = plots.subplots(1, panels, size=(8, 6 if panels == 1 else 2.5), squeeze=False)
    for ax in axes.ravel():
        plots.plot_latent_space(codes, labels, ax=ax, reach=4)
    figure.draw_without_rendering()
    for ax in axes.ravel():
        discs = [text.get_bbox_patch() for text in ax.texts if text.get_text().isdigit()]
        extents = [disc.get_window_extent() for disc in discs]
        assert len(extents) == 10
        for a, b in combinations(extents, 2):
            between = np.hypot((a.x0 + a.x1 - b.x0 - b.x1) / 2, (a.y0 + a.y1 - b.y0 - b.y1) / 2)
            assert between >= (a.width + b.width) / 2
        circles = [text for text in ax.texts if text.get_text() in ("1σ", "2σ")]
        for text in circles:
            assert not any(text.get_window_extent().overlaps(disc) for disc in extents)


def test_the_plane_has_one_unit_and_holds_the_priors_circles():
    (ax,) = plots.plot_latent_space(0.1 * CODES, LABELS).axes
    assert ax.get_aspect() == 1
    assert ax.get_xlim() == ax.get_ylim()
    assert ax.get_xlim()[1] >= 3
    radii = [patch.radius for patch in ax.patches if isinstance(patch, Circle)]
    assert radii == [1, 2]
    assert {"1σ", "2σ"} <= {text.get_text() for text in ax.texts}


def test_a_far_code_is_counted_not_framed():
    codes = np.concatenate([np.repeat(CODES, 10, axis=0), [[90, 0]]])
    labels = np.concatenate([np.repeat(LABELS, 10), [1]])
    (ax,) = plots.plot_latent_space(codes, labels).axes
    assert ax.get_xlim()[1] < 5
    assert "1 code outside this frame" in [text.get_text() for text in ax.texts]


def test_no_name_stands_where_codes_lie_outside_of_the_frame():
    inside = np.random.default_rng(0).normal(0, 0.2, (40, 2))
    codes = np.concatenate([inside, np.full((60, 2), 9.0)])
    figure = plots.plot_latent_space(codes, np.zeros(100, int), reach=4)
    (name,) = digit_names(figure)
    assert np.hypot(*name.get_position()) < 0.5


def test_no_name_of_a_circle_hides_a_point_that_is_to_stay_clear():
    angles = np.linspace(0, 2 * np.pi, 400)
    ring = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    crowded, free = ring[:360], ring[380]  # the name would stand in the only empty part
    labels = np.zeros(360, int)

    def place_of_name(**settings):
        (ax,) = plots.plot_latent_space(crowded, labels, reach=4, **settings).axes
        (name,) = [text for text in ax.texts if text.get_text() == "2σ"]
        return np.array(name.get_position())

    assert np.hypot(*(place_of_name() - free)) < 0.2
    assert np.hypot(*(place_of_name(keep_clear=free[None]) - free)) > 0.3


def test_of_a_crowd_the_densest_half_is_outlined():
    codes, labels = clusters(2)
    few = plots.plot_latent_space(codes[:500], labels[:500])
    crowd = plots.plot_latent_space(codes, labels)
    assert "densest half" in crowd.alt_text
    assert "densest half" not in few.alt_text
    outlines = [
        item
        for item in crowd.axes[0].collections
        if isinstance(item, QuadContourSet) and not item.filled
    ]
    assert len(outlines) == 10
    inside = 0
    for digit, outline in enumerate(outlines):
        (path,) = outline.get_paths()
        inside += np.sum(path.contains_points(codes[labels == digit]))
    assert 0.42 < inside / len(codes) < 0.58


def test_posteriors_are_ellipses_of_one_standard_deviation():
    z_log_var = np.log(np.tile([[0.04, 0.25]], (60, 1)))
    (ax,) = plots.plot_latent_space(CODES, LABELS, z_log_var).axes
    filled, outlined = (c for c in ax.collections if isinstance(c, EllipseCollection))
    for ellipses in (filled, outlined):
        np.testing.assert_allclose(ellipses.get_offsets(), CODES, rtol=1e-6)
        np.testing.assert_allclose(ellipses.get_widths(), 0.4, rtol=1e-5)
        np.testing.assert_allclose(ellipses.get_heights(), 1.0, rtol=1e-5)


def test_loss_curves_show_each_term_from_epoch_one():
    figure = plots.plot_loss_curves(HISTORY)
    assert [ax.get_title() for ax in figure.axes] == [
        "negative ELBO", "reconstruction term", "KL term"
    ]  # fmt: skip
    training, validation = figure.axes[0].lines
    assert training.get_xydata().tolist() == [[1, 9], [2, 7]]
    assert validation.get_xydata().tolist() == [[1, 9.5], [2, 8]]
    assert "loss 9.0 to 7.0" in figure.alt_text
    assert figure.axes[0].get_ylabel() == "nats per image"


def test_each_curve_is_named_at_its_end_with_its_last_value():
    figure = plots.plot_loss_curves(HISTORY)
    figure.draw_without_rendering()
    texts = {text.get_text(): text.get_window_extent() for text in figure.axes[0].texts}
    assert set(texts) == {"training\n7.0", "validation\n8.0"}
    assert not texts["training\n7.0"].overlaps(texts["validation\n8.0"])
    right = figure.axes[0].transData.transform((2, 7))[0]
    assert all(place.x0 > right for place in texts.values())


def test_curves_that_end_together_are_named_apart():
    figure = plots.plot_loss_curves({"loss": [9.0, 7.0], "val_loss": [9.0, 7.0]})
    figure.draw_without_rendering()
    first, second = (text.get_window_extent() for text in figure.axes[0].texts)
    assert not first.overlaps(second)


def test_the_last_epochs_are_readable_though_the_first_was_far_away():
    loss = [400.0, 200, 160, 150, 146, 144, 143, 142.5, 142.2, 142]
    (ax,) = plots.plot_loss_curves({"loss": loss}).axes
    low, high = ax.get_ylim()
    assert low < 142 < high < 200
    assert any("epoch 1: training 400" in text.get_text() for text in ax.texts)
    (level,) = plots.plot_loss_curves({"loss": np.linspace(150, 140, 10)}).axes
    assert level.get_ylim()[1] > 150
    assert not any("epoch 1" in text.get_text() for text in level.texts)


def test_lines_are_labelled_in_the_order_of_their_ends():
    figure, ax = plots.subplots()
    for level in (1.0, 1.01, 1.02, 5.0):
        ax.plot([0, 1], [0, level])
    plots.label_lines(ax, ["a", "b", "", "d"])
    figure.draw_without_rendering()
    places = {text.get_text(): text.get_window_extent() for text in ax.texts}
    assert set(places) == {"a", "b", "d"}
    assert places["a"].y1 <= places["b"].y0
    assert places["b"].y1 <= places["d"].y0


@pytest.mark.parametrize("count", [1, 5, 10, 15, 20])
def test_digits_are_large_enough_to_see_on_a_page(images, count):
    figure = plots.plot_digits(images[:count], columns=count)
    figure.draw_without_rendering()
    width = figure.get_size_inches()[0] * 100
    assert width <= 1_080
    sides = [ax.get_window_extent().width for ax in figure.axes if ax.images]
    assert min(sides) >= 47.5
    assert sum(sides) > 0.8 * width  # little air


def page_sides(figure):
    """The smaller side of each image, in pixels of the page: a saved picture has two for each."""
    figure.set_dpi(SHARPNESS * PIXELS_PER_INCH)
    figure.draw_without_rendering()
    boxes = [ax.get_window_extent() for ax in figure.axes if ax.images]
    return [min(box.width, box.height) / SHARPNESS for box in boxes]


def draw_rows_of_digits(images):
    """For each function that sets digits in rows, a figure as the notebooks have it."""
    ten = images[:10]
    twenty = np.concatenate([ten, ten])
    results = {
        "weights": np.array([1.0]),
        "codes": CODES[None],
        "labels": LABELS,
        "samples": np.zeros((1, 8, 28, 28), np.uint8),
    }
    return {
        "digits": plots.plot_digits(images[:20], columns=20),
        "rows": plots.plot_rows({"data": ten, "new": ten}, range(10)),
        "reconstructions": plots.plot_reconstructions(images[:12], images[:12]),
        "two sets": start.plot_two_sets(twenty, twenty),
        "labels tried": recognition.plot_labels_tried(images[0], ten, np.arange(10.0)),
        "walk": explorer.plot_changes(
            np.linspace(0, 1, 13), images[:13, ..., 0], np.ones(12), np.zeros(13, int)
        ),
        "weights": loss.plot_kl_weights(results, [1.0]),
    }


def test_digits_in_rows_have_48_pixels_of_the_page(images):
    for name, figure in draw_rows_of_digits(images).items():
        assert min(page_sides(figure)) >= 47.5, name


def test_a_part_of_a_figure_holds_digits_as_large_as_it_allows(images):
    figure = Figure(figsize=(8, 3), layout="constrained")
    left, _ = figure.subfigures(1, 2)
    plots.plot_digits(images[:10], [*"abcde", *5 * [""]], columns=5, figure=left)
    figure.draw_without_rendering()
    assert min(ax.get_window_extent().width for ax in left.axes) > 0.6 * 400 / 5


def test_rows_without_labels_stand_close(images):
    labelled = plots.plot_digits(images[:10], [*"abcde", *5 * [""]], columns=5)
    figure = plots.plot_digits(images[:10], list("abcdefghij"), columns=5)
    for drawn, most in ((labelled, 10), (figure, 30)):
        drawn.draw_without_rendering()
        upper, lower = drawn.axes[0].get_window_extent(), drawn.axes[5].get_window_extent()
        assert upper.y0 - lower.y1 < most


def test_rows_have_their_names_beside_them(images):
    figure = plots.plot_rows({"data": images[:5], "new": images[5:10]}, labels=range(5))
    np.testing.assert_allclose(pictures(figure), images[:10, ..., 0])
    assert [text.get_text() for ax in figure.axes[::5] for text in ax.texts] == ["data", "new"]
    assert "data, new" in figure.alt_text


def test_manifold_puts_each_code_in_its_place():
    (ax,) = plots.plot_manifold(gradient, steps=3, reach=2).axes
    (picture,) = ax.images
    sheet = np.asarray(picture.get_array())[14::28, 14::28]  # the middle of each image
    expected = [[z_1 / 20 + z_2 / 8 + 0.5 for z_1 in (-2, 0, 2)] for z_2 in (2, 0, -2)]
    np.testing.assert_allclose(sheet, expected, atol=1e-6)
    assert picture.origin == "upper"
    assert picture.get_extent() == [-3, 3, -3, 3]


SQUARE = np.zeros((3, 28, 28))


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.plot_digits(SQUARE[0]), "shape (n, 28, 28, 1), received (28, 28)"),
        (lambda: plots.plot_digits(SQUARE[:0]), "nothing to draw: received 0 images"),
        (lambda: plots.plot_digits(SQUARE[:, 1:]), "received (3, 27, 28, 1)"),
        (lambda: plots.plot_digits(SQUARE * np.nan), "must lie in [0, 1], received NaN"),
        (lambda: plots.plot_digits(SQUARE, [1, 2]), "received 3 images and 2 labels"),
        (lambda: plots.plot_reconstructions(SQUARE, SQUARE[:2]), "received 3 and 2"),
        (lambda: plots.plot_reconstructions(SQUARE, SQUARE, [1, 2]), "received 3 pairs and 2"),
        (lambda: plots.plot_latent_space(np.zeros((4, 3)), range(4)), "received 3: project"),
        (lambda: plots.plot_latent_space(np.zeros((4, 2)), range(3)), "received 4 codes and 3"),
        (lambda: plots.plot_latent_space(np.zeros((4, 2)) * np.nan, range(4)), "received 8"),
        (lambda: plots.plot_latent_space(CODES, LABELS, CODES[:5]), "received (5, 2)"),
        (lambda: plots.plot_manifold(lambda z: z), "Images have shape"),
        (lambda: plots.plot_manifold(lambda z: gradient(z)[:5], steps=3), "5 images for 9 codes"),
        (lambda: plots.plot_loss_curves({}), "by epoch, received []"),
        (lambda: plots.plot_loss_curves({"loss": []}), "by epoch, received ['loss']"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(refused, draw, words):
    with refused(ValueError, words):
        draw()


@pytest.mark.parametrize("images", [SQUARE + 255, SQUARE - 1, (SQUARE + 255).astype(np.int64)])
def test_pixels_outside_the_unit_range_are_not_drawn(images):
    with pytest.raises((TypeError, ValueError), match="received"):
        plots.plot_digits(images)


def test_a_wider_latent_space_is_no_plane():
    with pytest.raises(ValueError, match=r"shape \(n, 3\), received \(225, 2\)"):
        plots.plot_manifold(models.build_vae(latent_dim=3, hidden_units=(4,)).decode)


@pytest.fixture
def shown(monkeypatch):
    displayed = []
    monkeypatch.setattr(sys.modules["vae_lib.plots.style"], "_is_notebook", lambda: True)
    monkeypatch.setattr(
        "IPython.display.display", lambda *what, **how: displayed.append((*what, how))
    )
    return displayed


def test_show_displays_the_picture_with_its_words_and_without_a_caption(shown, images):
    figure = plots.plot_digits(images[:3])
    plots.show(figure)
    ((bundle, how),) = shown
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert how["raw"]
    assert how["metadata"]["image/png"]["alt"] == figure.alt_text


def test_show_takes_an_alternative_text(shown, images):
    plots.show(plots.plot_digits(images[:3]), alt="Three digits.")
    assert shown[0][1]["metadata"]["image/png"]["alt"] == "Three digits."


def test_a_picture_has_two_pixels_for_each_pixel_of_the_page(shown):
    figure, _ = plots.subplots(size=(6, 3))
    plots.show(figure)
    ((bundle, how),) = shown
    drawn = Image.open(io.BytesIO(bundle["image/png"]))
    width = how["metadata"]["image/png"]["width"]
    assert drawn.width // 2 == width
    assert 560 < width <= 640


def test_show_takes_a_figure_of_pyplot_and_closes_it(shown):
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    figure, _ = pyplot.subplots()
    plots.show(figure, "Empty axes.")
    assert shown[0][1]["metadata"]["image/png"]["alt"] == "Empty axes."
    assert not pyplot.fignum_exists(figure.number)


def test_show_gives_axes_drawn_by_hand_the_light_look_and_keeps_what_was_chosen(shown):
    figure = Figure()
    plain, chosen = figure.subplots(1, 2)
    chosen.spines["top"].set_color("red")
    chosen.set_title("large", fontsize=16)
    plots.show(figure)
    assert not plain.spines["top"].get_visible()
    assert to_hex(plain.spines["left"].get_edgecolor()) == plots.RULE
    assert chosen.spines["top"].get_visible()
    assert chosen.title.get_fontsize() == 16


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([0, 10, 20], [0, 10, 20]),
        ([0, 0], [-2, 2]),
        ([5, 1, 5], [11 / 3, -1 / 3, 23 / 3]),
        ([1, 0, 20], [2.5, -1.5, 20]),
    ],
)
def test_labels_are_spread_no_further_than_they_must(places, expected):
    moved = spread(places, 4)
    assert np.min(np.diff(np.sort(moved))) >= 4 - 1e-9
    np.testing.assert_allclose(moved, expected)
    assert (np.argsort(moved, kind="stable") == np.argsort(places, kind="stable")).all()


# legible, and told apart

GROUNDS = {"light": ["white"], "dark": ["#111111", "#1e1e1e"]}
TOUCHING = 0.015  # the share of a digit's 15 nearest neighbours on the map that are the other digit


@pytest.fixture(scope="session")
def touching(mnist):
    """Pairs of digits that touch on the map of the shipped model."""
    codes, _ = load_pretrained("mnist-2d").encode(data.normalize(mnist.test.images))
    labels = mnist.test.labels
    _, nearest = KDTree(codes).query(codes, 16)
    shares = np.stack(
        [
            np.bincount(labels[nearest[labels == digit, 1:]].ravel(), minlength=10) / (15 * n)
            for digit, n in enumerate(np.bincount(labels))
        ]
    )
    shares = (shares + shares.T) / 2
    return [pair for pair in combinations(range(10), 2) if shares[pair] > TOUCHING]


# in CAM02-UCS: digits that touch, and any two digits; our former colours have 15, 10, 13, 7 and
# 12, 7, 7, 2, Tableau's ten 24, 5, 9, 11 and 20, 4, 2, 9
LEAST = {
    ("light", "all cones"): (32, 22),
    ("light", "deuteranopia"): (24, 9),
    ("light", "protanopia"): (33, 8),
    ("light", "tritanopia"): (23, 10),
    ("dark", "all cones"): (30, 19),
    ("dark", "deuteranopia"): (25, 6),
    ("dark", "protanopia"): (27, 9),
    ("dark", "tritanopia"): (17, 12),
}


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("vision", color_vision.VISIONS)
def test_digits_that_touch_on_the_map_are_told_apart_with_any_colour_vision(
    theme, vision, touching
):
    apart = color_vision.distances(PALETTE["digits"][theme], vision)
    least_touching, least = LEAST[theme, vision]
    assert len(touching) >= 10
    assert min(apart[pair] for pair in touching) >= least_touching
    assert min(apart[pair] for pair in combinations(range(10), 2)) >= least


@pytest.mark.parametrize("theme", GROUNDS)
def test_points_stand_out_from_the_ground(theme):
    for ground in GROUNDS[theme]:
        for color in PALETTE["digits"][theme]:
            assert color_vision.contrast(color, ground) >= 3, (color, ground)


def test_words_are_legible_and_lines_stand_out():
    assert contrast(plots.INK) >= 7
    assert contrast(plots.GREY) >= 4.5
    assert min(map(contrast, plots.LINES)) >= 3


def test_text_and_lines_of_each_plot_stand_out(plot_functions):
    for plot in plot_functions:
        require_contrast(plot())


def require_contrast(figure):
    words = [text for text in figure.findobj(Text) if text.get_text().strip()]
    assert [text for text in words if contrast(text.get_color()) < 4.5] == []
    lines = [line for ax in figure.axes for line in ax.lines]
    edges = [patch.get_edgecolor() for ax in figure.axes for patch in ax.patches]
    assert min(map(contrast, [line.get_color() for line in lines] + edges), default=3) >= 3


# the schematic


def drawn_parts(figure):
    return {patch.get_gid(): patch for patch in figure.axes[0].patches if patch.get_gid() in PARTS}


def is_grey(color):
    return np.ptp(to_rgb(color)) < 0.02


def test_the_schematic_colours_what_is_lit_and_nothing_else():
    parts = drawn_parts(plots.plot_schematic(lit=["encoder", "sigma"], loss=True))
    coloured = {name for name, part in parts.items() if not is_grey(part.get_edgecolor()[:3])}
    assert coloured == {"encoder", "sigma"}
    everything = drawn_parts(plots.plot_schematic(loss=True))
    assert not is_grey(everything["decoder"].get_edgecolor()[:3])


SCHEMATICS = {
    "vae": {},
    "lit": {"lit": ["z"]},
    "loss": {"loss": True},
    "autoencoder": {"autoencoder": True, "loss": True},
    "trick": {"gradient": "reparameterized", "loss": True},
    "sampled": {"gradient": "sampled", "loss": True},
}


@pytest.mark.parametrize("options", SCHEMATICS.values(), ids=SCHEMATICS)
def test_no_words_of_the_schematic_overlap_or_leave_it(options):
    figure = plots.plot_schematic(**options)
    figure.draw_without_rendering()
    words = [text for text in figure.axes[0].texts if text.get_text()]
    places = [text.get_window_extent() for text in words]
    for (one, a), (other, b) in combinations(zip(words, places, strict=True), 2):
        assert not a.overlaps(b), (one.get_text(), other.get_text())
    page = figure.bbox
    for text, place in zip(words, places, strict=True):
        assert place.x0 >= page.x0 and place.x1 <= page.x1, text.get_text()
        assert place.y0 >= page.y0 and place.y1 <= page.y1, text.get_text()


def test_a_plain_autoencoder_has_no_distribution_and_no_noise():
    assert set(drawn_parts(plots.plot_schematic(autoencoder=True))) == {
        "x", "encoder", "z", "decoder", "x_hat"
    }  # fmt: skip


def gradient_arrows(**options):
    names = [patch.get_gid() or "" for patch in plots.plot_schematic(**options).axes[0].patches]
    return {name.removeprefix("gradient: ") for name in names if name.startswith("gradient: ")}


def test_the_gradient_reaches_the_encoder_through_z_only_with_the_trick():
    decoder = {"x_hat to decoder", "decoder to z"}
    encoder = {"mu to encoder", "sigma to encoder"}
    through_z = {"z to mu", "z to sigma"}
    losses = {"nll to x_hat", "kl to q"}
    assert gradient_arrows(gradient="reparameterized") == decoder | through_z | encoder
    assert gradient_arrows(gradient="sampled") == decoder
    # the KL term depends on μ and σ directly
    assert gradient_arrows(gradient="sampled", loss=True) == decoder | encoder | losses


def test_the_schematic_shows_an_image_and_its_reconstruction(images):
    figure = plots.plot_schematic(images=images[:2])
    shown = [picture.get_array() for picture in figure.axes[0].images]
    np.testing.assert_allclose(shown, images[:2, ..., 0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lit": ["brain"]}, "received ['brain']"),
        ({"gradient": "up"}, "received 'up'"),
        ({"images": np.zeros((3, 28, 28))}, "received 3 images"),
    ],
)
def test_what_the_schematic_cannot_draw_is_refused_in_one_sentence(refused, options, words):
    with refused(ValueError, words):
        plots.plot_schematic(**options)


def readers_own():
    """A figure that a notebook makes with the series' ``subplots`` and then draws into."""
    figure, ax = plots.subplots(size=(3, 2))
    ax.plot([1, 2], label="a line")
    ax.axhline(1.5)
    ax.text(0, 1, "a word")
    ax.legend()
    ax.set(title="a title", xlabel="x")
    return figure


@pytest.fixture(scope="module")
def in_our_style(plot_functions):
    return [plots.render(plot())[0] for plot in plot_functions]


@pytest.mark.parametrize("name", [*matplotlib.style.available, "usetex"])
def test_the_readers_style_does_not_shine_through(plot_functions, in_our_style, name):
    theirs = {"text.usetex": True, "savefig.transparent": True} if name == "usetex" else name
    with matplotlib.style.context(theirs):
        assert [plots.render(plot())[0] for plot in plot_functions] == in_our_style


@pytest.mark.parametrize("name", matplotlib.style.available)
def test_words_and_lines_stay_legible_in_any_style(name):
    with matplotlib.style.context(name):
        figure = readers_own()
        plots.render(figure)
    words = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    assert {"a word", "a line", "a title", "x"} <= {text.get_text() for text in words}
    for text in words:
        assert contrast(to_hex(text.get_color()), "#ffffff") > 4.5, text
    for line in figure.axes[0].lines:
        assert contrast(to_hex(line.get_color()), "#ffffff") > 2, line
    legend = figure.axes[0].get_legend()
    assert contrast(to_hex(legend.get_frame().get_facecolor()), "#000000") > 10


def test_a_dark_figure_of_the_readers_own_stays_dark():
    with matplotlib.style.context("dark_background"):
        figure = Figure(figsize=(2, 1))
        figure.subplots().set_title("title")
        picture, _ = plots.render(figure)
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
    assert np.median(pixels) == 0 and pixels.max() > 200
    assert to_hex(figure.axes[0].title.get_color()) == "#ffffff"


def test_white_words_of_the_series_stay_white_in_a_dark_style():
    @plots.styled
    def label_on_ink():
        figure, ax = plots.subplots(size=(2, 1))
        ax.text(0, 0, "on ink", color="white", backgroundcolor=plots.INK)
        return figure

    with matplotlib.style.context("dark_background"):
        figure = label_on_ink()
        plots.render(figure)
    (text,) = [text for text in figure.findobj(Text) if text.get_text() == "on ink"]
    assert text.get_color() == "white"


@pytest.mark.parametrize(("attribute", "cmap"), [("colors", "viridis"), ("greys", "gray")])
def test_a_figure_may_ask_for_fewer_colours(attribute, cmap):
    figure = Figure(figsize=(2, 1))
    figure.subplots().imshow(np.arange(200).reshape(10, 20), cmap=cmap)
    setattr(figure, attribute, 16)
    picture, _ = plots.render(figure)
    assert 8 < len(Image.open(io.BytesIO(picture)).getcolors()) <= 16


def test_figures_of_notebook_10_draw_what_they_are_given():
    from vae_lib.plots import kinds

    stroke = np.random.default_rng(0).random((3, 8, 2))
    drawn = kinds.plot_pen_strokes({"a": stroke, "b": stroke}, labels=[7, 8, 9])
    assert len(drawn.axes) == 6
    assert [ax.get_title() for ax in drawn.axes] == ["7", "8", "9", "", "", ""]
    np.testing.assert_allclose(drawn.axes[1].lines[0].get_xydata(), stroke[1])
    with pytest.raises(ValueError, match="All rows need as many strokes"):
        kinds.plot_pen_strokes({"a": stroke, "b": stroke[:2]})
    apart = kinds.plot_pen_strokes({"a": stroke}, labels=[7, 8, 9], samples={"b": stroke[::-1]})
    assert [ax.get_title() for ax in apart.axes] == ["7", "8", "9", "", "", ""]
    np.testing.assert_allclose(apart.axes[3].lines[0].get_xydata(), stroke[2])
    none = [np.nan] * 3
    shares = {"x\nsaves": [0.9, 0.8, np.nan], "y": none}
    errors = {"x\nsaves": [0.01, 0.02, np.nan], "y": none}
    verdict = kinds.plot_verdict(shares, errors, ["data", "PCA", "VAE"], "no code without a label")
    assert "x, saves: data 90.0%, PCA 80.0%; y: no code without a label." in verdict.alt_text
    (ax,) = verdict.axes
    assert [text.get_text() for text in ax.texts] == ["no code without a label"]
    bars = [container.lines[2][0].get_segments()[0] for container in ax.containers]
    np.testing.assert_allclose([np.ptp(bar[:, 0]) for bar in bars[:2]], [2, 4])
    swapped = kinds.plot_swapped({"x": (1.0, 5.0), "y": (2.0, 3.0)})
    assert "x: 1.0 and 5.0; y: 2.0 and 3.0" in swapped.alt_text
    draws = kinds.plot_accuracies({"x": (0.9, 0.8), "y": (0.7, 0.9)})
    assert "x: 85.0%; y: 80.0%" in draws.alt_text
    first = draws.axes[0].lines[0]
    np.testing.assert_allclose(first.get_xdata(), [90, 70])
