"""Speed, memory and quality, measured beside the peers."""

import vae_lib  # noqa: F401  first, because it keeps TensorFlow quiet
