"""Keras as the series needs it: on TensorFlow, in float32, with the channels last.

Each module that uses Keras imports this one first, so that a setting of the reader's own that the
series cannot work with is named in one sentence, and not by whatever fails first.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from vae_lib import versions

versions.require("keras", "tensorflow", "tensorflow-cpu")

# what TensorFlow writes about oneDNN when it is imported, whatever its log level
START_UP_NOTES = (b"oneDNN custom operations are on", b"before absl::InitializeLog()")


@contextmanager
def without_start_up_notes() -> Iterator[None]:
    """Leave TensorFlow's notes about oneDNN out of standard error, and only those.

    oneDNN halves the time of a training step, so it stays on. Its notes come from C++ and would
    fail a notebook's strict check. All else that is written meanwhile follows at the end.
    """
    sys.stderr.flush()
    with tempfile.TemporaryFile() as kept:
        standard_error = os.dup(2)
        os.dup2(kept.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(standard_error, 2)
            os.close(standard_error)
            kept.seek(0)
            for line in kept:
                if not _is_start_up_note(line):
                    os.write(2, line)


def _is_start_up_note(line: bytes) -> bool:
    return any(note in line for note in START_UP_NOTES)


# isort: split
try:
    with without_start_up_notes():
        import keras
except (ImportError, ValueError) as fault:  # Keras raises ValueError for a backend unknown to it
    backend = os.environ.get("KERAS_BACKEND")
    named = f"KERAS_BACKEND={backend}" if backend else "no KERAS_BACKEND"
    raise ImportError(
        f"Keras cannot be imported ({str(fault).splitlines()[0]}), received {named}: install "
        "tensorflow, set KERAS_BACKEND=tensorflow, and restart the kernel."
    ) from None

WANTED = {
    "set_floatx": "float32",
    "set_dtype_policy": "float32",
    "set_image_data_format": "channels_last",
}


def require_settings() -> None:
    """Raise ValueError unless Keras computes as the series does.

    Half precision would make the losses inexact, and with the channels first ``Flatten`` would
    order the pixels in another way than ``inference.NumpyVAE`` does.
    """
    if keras.config.backend() != "tensorflow":
        raise ValueError(
            "The series is written for Keras on TensorFlow, received the backend "
            f"{keras.config.backend()!r}: set KERAS_BACKEND=tensorflow and restart the kernel."
        )
    received = {
        "set_floatx": keras.config.floatx(),
        "set_dtype_policy": keras.config.dtype_policy().name,
        "set_image_data_format": keras.config.image_data_format(),
    }
    wrong = [name for name in WANTED if received[name] != WANTED[name]]
    if wrong:
        found = " and ".join(f"{name.removeprefix('set_')} {received[name]!r}" for name in wrong)
        calls = ", ".join(f"keras.config.{name}({WANTED[name]!r})" for name in wrong)
        raise ValueError(
            "The series needs Keras in float32 with the channels last, received "
            f"{found}: call {calls}, then build the model anew."
        )


require_settings()
