"""A small library for learning what a variational autoencoder is.

Importing it costs nothing: rooms are imported one by one, e.g. ``from vae_lib import data``.
"""

import os

# TensorFlow writes start-up notes to stderr, which would fail a notebook's strict check.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

__version__ = "0.2.0"
