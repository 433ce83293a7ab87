"""Figures: what is drawn, the words that go with it, and what is left alone."""

import io
import re
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyBboxPatch
from matplotlib.text import Text
from PIL import Image

from vae_lib import data, models, plots, settings
from vae_lib.plots.schematic import PARTS

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
def encoder():
    return models.build_encoder(hidden_units=(8, 4))


@pytest.fixture(scope="session")
def plot_functions(images, encoder):
    """Each plot function as a function of where to draw alone; by its name."""
    return {
        "digits": lambda **place: plots.plot_digits(images[:12], range(12), columns=5, **place),
        "reconstructions": lambda **place: plots.plot_reconstructions(
            images[:4], images[4:8], **place
        ),
        "latent_space": lambda **place: plots.plot_latent_space(CODES, LABELS, **place),
        "loss_curves": lambda **place: plots.plot_loss_curves(HISTORY, **place),
        "manifold": lambda **place: plots.plot_manifold(gradient, steps=3, **place),
        "architecture": lambda **place: plots.plot_architecture(encoder, **place),
    }


ON_A_FIGURE = ["digits", "reconstructions", "loss_curves"]
ON_AXES = ["latent_space", "manifold", "architecture"]


@pytest.mark.parametrize("name", ON_A_FIGURE + ON_AXES)
def test_each_plot_returns_a_figure_that_describes_itself(plot_functions, name):
    figure = plot_functions[name]()
    assert isinstance(figure, Figure)
    assert len(figure.alt_text.split()) > 5


@pytest.mark.parametrize("name", ON_AXES)
def test_a_plot_draws_into_the_axes_given(plot_functions, name):
    left, right = Figure().subplots(1, 2)
    assert plot_functions[name](ax=right) is right.figure
    assert right.get_children() != []
    assert len(right.images) + len(right.collections) + len(right.patches) > 0
    assert len(left.images) + len(left.collections) + len(left.patches) == 0
    assert len(right.figure.axes) == 2


@pytest.mark.parametrize("name", ON_A_FIGURE)
def test_a_plot_draws_into_the_figure_given(plot_functions, name):
    figure = Figure()
    assert plot_functions[name](figure=figure) is figure
    assert len(figure.axes) > 1


def test_no_plot_changes_the_style(plot_functions):
    before = matplotlib.rcParams.copy()
    for plot in plot_functions.values():
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
    assert sum(len(points.get_offsets()) for points in ax.collections) == 60
    for digit, points in enumerate(ax.collections):
        np.testing.assert_allclose(points.get_offsets(), CODES[digit == LABELS])
    assert len({tuple(points.get_facecolor()[0]) for points in ax.collections}) == 10


def test_each_digit_is_named_in_its_place():
    figure = plots.plot_latent_space(CODES, LABELS)
    names = {text.get_text(): text.xy for text in figure.axes[0].texts}
    assert sorted(names) == list("0123456789")
    np.testing.assert_allclose(names["7"], np.median(CODES[LABELS == 7], axis=0))
    x, y = names["7"]
    assert f"7 near ({x:.1f}, {y:.1f})" in figure.alt_text


def test_posteriors_are_ellipses_of_one_standard_deviation():
    z_log_var = np.log(np.tile([[0.04, 0.25]], (60, 1)))
    (ax,) = plots.plot_latent_space(CODES, LABELS, z_log_var).axes
    ellipses = [patch for patch in ax.patches if isinstance(patch, Ellipse)]
    assert len(ellipses) == 60
    np.testing.assert_allclose(
        [(e.width, e.height) for e in ellipses], [(0.4, 1.0)] * 60, rtol=1e-5
    )


def test_loss_curves_show_each_term_from_epoch_one():
    figure = plots.plot_loss_curves(HISTORY)
    assert [axes.get_title() for axes in figure.axes] == ["negative ELBO", "reconstruction", "KL"]
    curves = {line.get_label(): line for line in figure.axes[0].lines}
    assert curves["training"].get_xydata().tolist() == [[1, 9], [2, 7]]
    assert curves["validation"].get_xydata().tolist() == [[1, 9.5], [2, 8]]
    assert "loss 9.0 to 7.0" in figure.alt_text
    assert figure.axes[0].get_ylabel() == "nats per image"


def test_manifold_puts_each_code_in_its_place():
    (ax,) = plots.plot_manifold(gradient, steps=3, reach=2).axes
    (picture,) = ax.images
    sheet = np.asarray(picture.get_array())[14::28, 14::28]  # the middle of each image
    expected = [[z_1 / 20 + z_2 / 8 + 0.5 for z_1 in (-2, 0, 2)] for z_2 in (2, 0, -2)]
    np.testing.assert_allclose(sheet, expected, atol=1e-6)
    assert picture.origin == "upper"
    assert picture.get_extent() == [-3, 3, -3, 3]


def layer_texts(figure):
    texts = [text.get_text() for text in figure.axes[0].texts if text.get_text()]
    return list(zip(texts[::2], texts[1::2]))


def dense(name, inputs, units):
    return f"{name}  (Dense)", f"{units}   |   {inputs * units + units:,} parameters"


def test_architecture_names_every_layer_of_the_encoder():
    widths = [784, *settings.HIDDEN_UNITS]
    heads = [(name, widths[-1], settings.LATENT_DIM) for name in ("z_mean", "z_log_var")]
    hidden = [(f"hidden_{i}", a, b) for i, (a, b) in enumerate(pairwise(widths), 1)]
    assert layer_texts(plots.plot_architecture(models.build_encoder())) == [
        ("image  (InputLayer)", "28 × 28 × 1   |   no parameters"),
        ("flatten  (Flatten)", "784   |   no parameters"),
        *(dense(*layer) for layer in [*hidden, *heads]),
        ("z  (Sampling)", f"{settings.LATENT_DIM}   |   no parameters"),
    ]


def test_architecture_names_every_layer_of_the_decoder():
    widths = [settings.LATENT_DIM, *settings.HIDDEN_UNITS[::-1]]
    hidden = [(f"hidden_{i}", a, b) for i, (a, b) in enumerate(pairwise(widths), 1)]
    assert layer_texts(plots.plot_architecture(models.build_decoder())) == [
        ("z  (InputLayer)", f"{settings.LATENT_DIM}   |   no parameters"),
        *(dense(*layer) for layer in [*hidden, ("flat_logits", widths[-1], 784)]),
        ("logits  (Reshape)", "28 × 28 × 1   |   no parameters"),
    ]


def test_architecture_joins_each_layer_to_those_that_feed_it(encoder):
    figure = plots.plot_architecture(encoder)
    arrows = [text for text in figure.axes[0].texts if text.get_text() == ""]
    assert len(arrows) == 1 + 2 + 2 + 2  # flatten, two hidden layers, two heads, two into z
    assert all(arrow.xyann[1] > arrow.xy[1] for arrow in arrows)


def test_architecture_keeps_its_boxes_apart_and_its_words_inside(encoder):
    figure = plots.plot_architecture(encoder)
    figure.draw_without_rendering()
    boxes = [p.get_window_extent() for p in figure.axes[0].patches if isinstance(p, FancyBboxPatch)]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    words = [t.get_window_extent() for t in figure.axes[0].texts if t.get_text()]
    for number, word in enumerate(words):
        box = boxes[number // 2]
        assert box.x0 < word.x0
        assert word.x1 < box.x1


def test_architecture_says_the_same_in_words(encoder):
    text = plots.plot_architecture(encoder).alt_text
    assert "hidden_1 (Dense) gives 8 with 6,280 parameters" in text
    assert "z (Sampling) gives 2 with no parameters" in text


SQUARE = np.zeros((3, 28, 28))


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.plot_digits(SQUARE[0]), "shape (n, 28, 28, 1), received (28, 28)"),
        (lambda: plots.plot_digits(SQUARE[:0]), "nothing to draw: received 0 images"),
        (lambda: plots.plot_digits(SQUARE[:, 1:]), "received (3, 27, 28, 1)"),
        (lambda: plots.plot_digits(SQUARE * np.nan), "must lie in [0, 1], received NaN"),
        (lambda: plots.plot_digits(SQUARE, [1, 2]), "received 3 images and 2 labels"),
        (lambda: plots.plot_reconstructions(SQUARE, SQUARE[:2]), "needs its reconstruction, received 3 and 2"),
        (lambda: plots.plot_reconstructions(SQUARE, SQUARE, [1, 2]), "received 3 pairs and 2 labels"),
        (lambda: plots.plot_latent_space(np.zeros((4, 3)), range(4)), "codes with 2 numbers, received 3: project"),
        (lambda: plots.plot_latent_space(np.zeros((4, 2)), range(3)), "received 4 codes and 3 labels"),
        (lambda: plots.plot_latent_space(np.zeros((4, 2)) * np.nan, range(4)), "must be finite, received 8"),
        (lambda: plots.plot_latent_space(CODES, LABELS, CODES[:5]), "shape (60, 2), received (5, 2)"),
        (lambda: plots.plot_manifold(lambda z: z), "Images have shape"),
        (lambda: plots.plot_manifold(lambda z: gradient(z)[:5], steps=3), "received 5 images for 9 codes"),
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


# legible, and told apart

# what a colour turns into without the red or the green cones: Machado, Oliveira and Fernandes (2009), severity 1
VISIONS = {
    "all cones": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


def linear(colors):
    """sRGB without its gamma."""
    values = np.array([to_rgb(color) for color in colors])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast_on_white(color):
    """As WCAG 2 defines it."""
    return 1.05 / (linear([color])[0] @ [0.2126, 0.7152, 0.0722] + 0.05)


def lightness_and_hue(rgb):
    """CIE 1976 L*a*b* of linear sRGB."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(np.clip(rgb, 0, 1) @ to_xyz.T / [0.9505, 1, 1.089]).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@pytest.mark.parametrize(
    ("vision", "apart"), list(zip(VISIONS, (25, 14, 14), strict=True))
)  # a just visible step is 2.3
def test_colours_are_told_apart_with_any_colour_vision(vision, apart):
    def least(colors):
        seen = lightness_and_hue(linear(colors) @ np.transpose(VISIONS[vision]))
        return min(np.linalg.norm(a - b) for a, b in combinations(seen, 2))

    assert least([*plots.COLORS, "black"]) >= apart


def test_words_in_any_of_our_colours_are_legible_on_white():
    assert min(map(contrast_on_white, [*plots.COLORS, plots.INK])) >= 4.5


@pytest.mark.parametrize("name", ON_A_FIGURE + ON_AXES)
def test_text_and_lines_of_each_plot_stand_out(plot_functions, name):
    figure = plot_functions[name]()
    words = [text for text in figure.findobj(Text) if text.get_text().strip()]
    assert [text for text in words if contrast_on_white(text.get_color()) < 4.5] == []
    lines = [line for ax in figure.axes for line in ax.lines]
    edges = [patch.get_edgecolor() for ax in figure.axes for patch in ax.patches]
    assert min(map(contrast_on_white, [line.get_color() for line in lines] + edges), default=3) >= 3


def test_widgets_have_the_colours_of_plots():
    script = (Path(plots.__file__).parents[1] / "widgets" / "dom.js").read_text(encoding="utf-8")
    assert re.findall(r'"(#\w{6})"', script) == list(plots.COLORS)


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
