"""The paper's global variables: every number that several notebooks share."""

IMAGE_SHAPE = (28, 28, 1)
"""Height, width and channels of an image, as MNIST has them."""

CLASSES = 10
"""Number of classes: a class is its own label, 0 to 9."""

LATENT_DIM = 2
"""Latent dimensions: two, so that the whole latent space fits on a page."""

HIDDEN_UNITS = (512, 512, 256)
"""Widths of the encoder's dense layers; the decoder has them in reverse order."""

DECODER_INIT_RANGE = 2.0
"""Range of the uniform initialisation of the decoder's first layer, weights and biases.

A range that is wide beside the default spreads the units' activations over the latent plane.
"""

BATCH_SIZE = 256
"""Images per training step: few enough to learn fast, enough to keep two cores busy."""

EPOCHS = 10
"""Passes over the training images: what fits into two minutes on two cores."""

LEARNING_RATE = 2e-3
"""Adam's learning rate after the warm-up; a cosine schedule then takes it down to zero."""

INPUT_DROPOUT = 0.1
"""Share of the encoder's input pixels set to zero in training, as in a denoising VAE.

The decoder reconstructs the whole image; it reduces overfitting.
"""

VALIDATION_SIZE = 10_000
"""Training images held back for validation; the test images are kept for the last number."""

SEED = 0
"""Seed of every random number, so that a run can be repeated."""
