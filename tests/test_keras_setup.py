"""A Keras that the reader has set up in another way is named in one sentence, and never trains."""

import os
import subprocess
import sys

import keras
import pytest

from vae_lib import inference, keras_setup, layers, models, training

MODULES = ("layers", "losses", "models", "training")
SETTINGS = [
    ("floatx", "float64", "received floatx 'float64': call keras.config.set_floatx('float32')"),
    ("floatx", "float16", "received floatx 'float16'"),
    ("dtype_policy", "mixed_float16", "received dtype_policy 'mixed_float16': call"),
    ("dtype_policy", "bfloat16", "received dtype_policy 'bfloat16': call"),
    ("image_data_format", "channels_first", "received image_data_format 'channels_first': call"),
]


@pytest.fixture
def set_keras():
    """Change one of Keras' global settings until the test is over."""

    def change(name, value):
        getattr(keras.config, f"set_{name}")(value)

    yield change
    for name, value in keras_setup.WANTED.items():
        getattr(keras.config, name)(value)


@pytest.mark.parametrize(("name", "value", "words"), SETTINGS)
def test_no_model_is_built_with_settings_that_do_not_suit(refused, set_keras, name, value, words):
    encoder = models.build_encoder(hidden_units=(4,))
    decoder = models.build_decoder(hidden_units=(4,))
    set_keras(name, value)
    for build in (
        models.build_encoder,
        models.build_decoder,
        layers.Sampling,
        lambda: models.VAE(encoder, decoder),
    ):
        with refused(ValueError, words, "then build the model anew"):
            build()


def test_no_model_is_trained_with_settings_that_do_not_suit(refused, set_keras, digits):
    vae = models.build_vae(hidden_units=(4,))
    set_keras("dtype_policy", "mixed_float16")
    with refused(ValueError, "dtype_policy 'mixed_float16'"):
        training.train(vae, digits)


def test_all_that_is_wrong_is_named_at_once(refused, set_keras):
    set_keras("floatx", "float16")
    set_keras("image_data_format", "channels_first")
    with refused(ValueError, "floatx 'float16' and image_data_format 'channels_first': call"):
        keras_setup.require_settings()


def test_what_the_sentence_says_helps(set_keras):
    set_keras("floatx", "float64")
    with pytest.raises(ValueError, match="call ") as refusal:
        keras_setup.require_settings()
    calls = str(refusal.value).partition("call ")[2].partition(", then")[0]
    exec(calls, {"keras": keras})
    keras_setup.require_settings()


def test_weights_of_a_model_with_the_channels_first_are_not_copied(refused, set_keras):
    set_keras("image_data_format", "channels_first")
    image = keras.Input((28, 28, 1))
    hidden = keras.layers.Flatten(name="flat")(image)
    heads = [keras.layers.Dense(2, name=name)(hidden) for name in ("z_mean", "z_log_var")]
    encoder = keras.Model(image, heads)
    set_keras("image_data_format", "channels_last")
    vae = models.VAE(encoder, models.build_decoder(hidden_units=(4,)))
    with refused(ValueError, "received the layer flat with the channels first: call keras.config"):
        inference.NumpyVAE.from_keras(vae)


@pytest.mark.parametrize("backend", ["torch", "jax", "nonsense"])
@pytest.mark.parametrize("module", MODULES)
def test_a_backend_that_is_not_there_is_named_at_import(start_python, backend, module):
    if backend != "nonsense" and module != "models":
        pytest.skip("Each backend is tried with one module, and each module with one backend.")
    code = f"import sys; sys.modules[{backend!r}] = None; import vae_lib.{module}"
    _, err = start_python(code, KERAS_BACKEND=backend).communicate(timeout=120)
    sentence = err.strip().splitlines()[-1]
    assert sentence.startswith("ImportError: Keras cannot be imported (")
    assert f"KERAS_BACKEND={backend}: install tensorflow, set KERAS_BACKEND=tensorflow" in sentence
    assert "During handling" not in err


def test_settings_in_the_file_of_keras_are_named_at_import(start_python, tmp_path):
    (tmp_path / "keras.json").write_text('{"floatx": "float64", "backend": "tensorflow"}')
    code = "import vae_lib.losses"
    _, err = start_python(code, KERAS_HOME=str(tmp_path)).communicate(timeout=120)
    assert "floatx 'float64'" in err.strip().splitlines()[-1]


def test_tensorflow_starts_without_a_note_and_hides_nothing_else():
    code = "\n".join(
        [
            "import os, sys",
            "from vae_lib import keras_setup",
            "with keras_setup.without_start_up_notes():",
            "    os.write(2, b'I0000 oneDNN custom operations are on. You may see\\n')",
            "    os.write(2, b'another warning\\n')",
            "import tensorflow",
        ]
    )
    environment = {
        name: value for name, value in os.environ.items() if name != "TF_ENABLE_ONEDNN_OPTS"
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert done.stderr == "another warning\n"
