"""What we operate: experiments, publishing, classroom, benchmarks. A reader never needs it."""

import vae_lib  # noqa: F401  first, because it keeps TensorFlow quiet
from vae_lib.console import accept_all_characters

accept_all_characters()
