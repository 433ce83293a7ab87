"""Widgets seen from Python: what they take, what they refuse, what they tell the browser."""

import base64
import io

import anywidget
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from PIL import Image

from vae_lib import data, number_reader, shipped, widgets
from vae_lib.inference import NumpyVAE
from vae_lib.run import Run
from vae_lib.shipped import load_pretrained
from vae_lib.widgets import shared


@pytest.fixture(scope="module")
def model():
    return load_pretrained()


@pytest.fixture(scope="module")
def split(digits):
    return digits.test


@pytest.fixture
def pad(model, split):
    return widgets.explore_latent_space(model, *split)


def run(epochs=3, dims=2):
    codes = np.zeros((epochs, 5, dims), np.float32)
    history = {"loss": [3.0, 2.0, 1.0][:epochs], "val_loss": [4.0, 3.0, 2.0][:epochs]}
    pictures = np.zeros((epochs, 4, 28, 28), np.uint8)
    return Run(history, codes, np.zeros(5, np.uint8), pictures)


def every(model, split):
    return [
        widgets.explore_latent_space(model, *split),
        widgets.explore_posterior(model, *split),
        widgets.explore_walk(model, *split),
        widgets.explore_drawing(model, *split),
        widgets.explore_postal_code(),
        widgets.explore_sliders(model.decode),
        widgets.explore_training(run()),
        widgets.explore_loss(shipped.load_kl_weights()),
    ]


def test_every_explorer_is_tried(model, split):
    assert len(every(model, split)) == sum(name.startswith("explore_") for name in widgets.__all__)


def display_in_a_notebook(widget):
    """What a cell that ends in the widget stores; ipywidgets 7 and 8 hand it over differently."""
    InteractiveShell.instance()
    with capture_output() as captured:
        display(widget)
    (output,) = captured.outputs
    return output.data


def test_each_shows_the_same_text_in_every_notebook(model, split):
    for widget in every(model, split):
        bundle = display_in_a_notebook(widget)
        assert bundle["text/plain"] == f"[{type(widget).__name__}: run the cell to move it]"
        assert "application/vnd.jupyter.widget-view+json" in bundle


@pytest.mark.skipif(
    not hasattr(anywidget.AnyWidget, "_repr_mimebundle_"),
    reason="ipywidgets 7 displays a widget by another method, which knows no picture",
)
def test_each_carries_a_small_picture_for_readers_without_a_kernel(model, split):
    shown = [one for one in every(model, split) if isinstance(one, shared.Widget)]
    pictured = [one for one in shown if one.picture]
    for widget in pictured:
        data, metadata = widget._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in data
        png = base64.b64decode(data["image/png"])
        assert Image.open(io.BytesIO(png)).width <= 800 and len(png) <= 45_000
        alt = metadata["image/png"]["alt"]
        name = f"A picture of the widget {type(widget).__name__}. "
        assert alt.startswith(name) and len(alt) > len(name) + 20  # and what it shows
    assert {one.picture for one in pictured} | {"live_training", "sliders"} == {
        path.stem for path in shared.PICTURES.glob("*.png")
    }


@pytest.mark.skipif(
    not hasattr(anywidget.AnyWidget, "_repr_mimebundle_"),
    reason="ipywidgets 7 displays a widget by another method, which knows no picture",
)
def test_sliders_carry_a_picture_and_a_subclass_that_looks_otherwise_none(model):
    class MoreSliders(widgets.sliders.Sliders):
        pass

    data, metadata = widgets.explore_sliders(model.decode)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    png = base64.b64decode(data["image/png"])
    assert Image.open(io.BytesIO(png)).width <= 800 and len(png) <= 5_000
    assert metadata["image/png"]["alt"].startswith("A picture of the widget Sliders. ")
    assert "image/png" not in display_in_a_notebook(MoreSliders(model.decode, 2.0))


def test_each_carries_its_own_javascript_whole(model, split):
    for widget in every(model, split):
        source = widget.names._esm if isinstance(widget, widgets.sliders.Sliders) else widget._esm
        assert "import" not in [line.split(" ")[0] for line in source.splitlines()]
        assert source.count("as default") == 1


def test_the_pad_decodes_where_it_is(pad, model):
    at_home = pad.digit
    pad.z = [1.2, -1.4]
    assert np.array_equal(pad.digit, model.decode([[1.2, -1.4]])[0, ..., 0])
    assert np.abs(pad.digit - at_home).max() > 0.5


def test_the_pad_knows_its_nearest_digit(pad):
    pad.z = pad.z_mean[17].tolist()
    assert pad.neighbour == 17


@pytest.mark.parametrize("z", [[0.0], [0.0, float("nan")], [0.0, float("inf")], "ab"])
def test_the_pad_stays_where_it_is_when_z_is_no_place(pad, z):
    with pytest.raises(Exception, match="z"):
        pad.z = z
    assert pad.z == [0.0, 0.0]


def test_sliders_redraw_the_digit(model):
    sliders = widgets.explore_sliders(model.decode)
    before = sliders.picture.value
    sliders.z1.value = 2.0
    assert sliders.picture.value != before
    drawn = np.asarray(Image.open(io.BytesIO(sliders.picture.value)), float)[3::6, 3::6]
    assert np.abs(drawn / 255 - (1 - model.decode([[2.0, 0.0]])[0, ..., 0])).max() < 0.003
    assert sliders.names.alt == "the digit decoded from (2.00, 0.00)"
    assert sliders.names.decoded == [2.0, 0.0]


def test_sliders_refuse_a_function_that_gives_no_images():
    with pytest.raises(ValueError, match=r"\(n, 28, 28, 1\)"):
        widgets.explore_sliders(lambda z: z)


def test_a_walk_ends_at_its_digits(model, split):
    walk = widgets.explore_walk(model, *split, start=3, end=8)
    assert np.array_equal(walk.z, walk.z_mean[3])
    walk.t = 1.0
    assert np.array_equal(walk.z, walk.z_mean[8])
    walk.t = 0.5
    assert walk.z == pytest.approx((walk.z_mean[3] + walk.z_mean[8]) / 2)
    assert np.array_equal(walk.digit, model.decode(walk.z[None])[0, ..., 0])


@pytest.mark.parametrize("index", [-1, 250])
def test_digits_that_are_not_on_the_map_are_refused(model, split, index):
    with pytest.raises(ValueError, match="digits 0 to 249"):
        widgets.explore_posterior(model, *split).index = index
    with pytest.raises(ValueError, match="digits 0 to 249"):
        widgets.explore_walk(model, *split, start=index)


def test_a_keras_model_is_refused_with_the_bridge(trained, split):
    with pytest.raises(TypeError, match=r"received VAE: NumpyVAE.from_keras\(vae\)"):
        widgets.explore_latent_space(trained[0], *split)
    widgets.explore_latent_space(NumpyVAE.from_keras(trained[0]), *split)


def test_a_model_without_a_plane_is_refused(split):
    with pytest.raises(TypeError, match="2 latent dimensions, received one with 20"):
        widgets.explore_latent_space(load_pretrained("mnist-20d"), *split)


def test_images_must_be_raw_and_labelled(model, split):
    with pytest.raises(TypeError, match="uint8"):
        widgets.explore_walk(model, data.normalize(split.images)[..., 0], split.labels)
    with pytest.raises(ValueError, match="250 images and 249 labels"):
        widgets.explore_walk(model, split.images, split.labels[1:])


def test_a_replay_stays_inside_its_run():
    replay = widgets.explore_training(run())
    replay.epoch = 3
    with pytest.raises(ValueError, match="epochs 1 to 3, received 4"):
        replay.epoch = 4
    with pytest.raises(ValueError, match="2-D codes"):
        widgets.explore_training(run(dims=3))


def test_a_replay_takes_what_training_returns(trained, digits):
    replay = widgets.explore_training(trained[1], digits.validation.images)
    assert len(replay.pictures) == 8 * 4 * 784
    assert replay.images == digits.validation.images[:4].tobytes()


def test_a_run_keeps_four_reconstructions_an_epoch(trained, digits):
    vae, run = trained
    assert run.pictures.shape == (8, 4, 28, 28)
    last = vae.decode(vae.encode(data.normalize(digits.validation.images[:4]))[0])[..., 0]
    assert np.abs(run.pictures[-1] / 255 - last).max() < 0.003


def test_the_loss_explorer_counts_the_kl():
    explorer = widgets.explore_loss(shipped.load_kl_weights())
    explorer.mean, explorer.log_var = 0.0, 0.0
    assert explorer.kl == 0
    explorer.mean, explorer.log_var = 2.0, -1.0
    assert explorer.kl == pytest.approx(0.5 * (4 + np.exp(-1) - 1 + 1))


def test_the_loss_explorer_says_what_is_missing():
    with pytest.raises(ValueError, match=r"lack \['codes', 'labels', 'samples', 'terms'\]"):
        widgets.explore_loss({"weights": np.array([1.0])})
    with pytest.raises(ValueError, match="received 9"):
        widgets.explore_loss(shipped.load_kl_weights()).choice = 9


@pytest.mark.parametrize("bits", [8, 16])
def test_packed_weights_come_back(model, bits):
    packed, layers = shared.pack_weights(model, ("decoder",), bits)
    at = 0
    for number, layer in enumerate(layers):
        kernel = model.weights[f"decoder_{number}_kernel"]
        kind = np.int8 if bits == 8 else np.float16
        back = np.frombuffer(packed, kind, kernel.size, at).reshape(layer["rows"], layer["columns"])
        at += back.nbytes
        error = np.abs(back * (layer["scale"] or 1.0) - kernel).max()
        assert error <= (layer["scale"] / 2 + 1e-6 if bits == 8 else 0)
        bias = np.frombuffer(packed, np.float32, layer["columns"], at)
        at += bias.nbytes
        assert np.array_equal(bias, model.weights[f"decoder_{number}_bias"])
    assert at == len(packed)


def test_a_digit_put_onto_the_sheet_must_be_one(model, split):
    drawing = widgets.explore_drawing(model, *split)
    drawing.show(split.images[0])
    assert drawing.image == split.images[0].tobytes() and drawing.shown == 1
    with pytest.raises(TypeError, match="uint8"):
        drawing.show(split.images[0] / 255)


def test_reference_percentiles_are_measured_on_the_digits_shown(model, split):
    drawing = widgets.explore_drawing(model, *split)
    losses = np.frombuffer(drawing.loss_percentiles, np.float32)
    values = sum(model.elbo_terms(data.normalize(split.images)))
    assert (
        len(losses) == 101
        and losses[0] == pytest.approx(values.min())
        and losses[100] == pytest.approx(values.max())
    )
    assert losses[50] == pytest.approx(np.median(values), rel=1e-4)


def test_a_number_put_onto_the_wide_sheet_must_be_one():
    pad = widgets.explore_postal_code()
    ink = np.zeros((48, 150), np.float32)
    ink[10:40, 20:24] = 0.5
    pad.show(ink)
    assert pad.shown == 1 and pad.sheet_size == [150, 48]
    assert np.abs(pad.ink - ink).max() < 0.003
    for wrong in (np.zeros(9), np.full((9, 9), 2.0), np.zeros((0, 9))):
        with pytest.raises(ValueError, match=r"shape|\[0, 1\]"):
            pad.show(wrong)
    assert pad.shown == 1


def test_the_wide_sheet_reads_with_one_model_told_ten_labels():
    reader = number_reader.load_number_reader()
    models = list(reader.answer.models)
    pad = widgets.explore_postal_code(reader, length=8)
    assert pad.length == 8 and pad.temperature == reader.temperature
    biases = np.frombuffer(pad.encoder_biases, np.float32).reshape(10, -1)
    assert np.array_equal(biases[7], models[7].weights["encoder_0_bias"])
    models[3] = load_pretrained("mnist-20d")
    answer = number_reader.BoundAnswer(models)
    with pytest.raises(TypeError, match="they differ in more"):
        widgets.explore_postal_code(number_reader.DigitReader(answer, 1.0, 1.0, 1.0))
    with pytest.raises(TypeError, match="load_number_reader"):
        widgets.explore_postal_code(number_reader.DigitReader(len, 1.0, 1.0, 1.0))
    with pytest.raises(ValueError, match="length must be a whole number"):
        widgets.explore_postal_code(reader, length=0)
