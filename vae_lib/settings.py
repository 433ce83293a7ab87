"""The paper's global variables: every number that several notebooks share."""

IMAGE_SHAPE = (28, 28, 1)
"""Height, width and channels of a digit, as MNIST has them."""

CLASSES = 10
"""Kinds of digit: a class is its own label, 0 to 9."""

LATENT_DIM = 2
"""Numbers in a code: two, so that the whole latent space fits on a page."""

HIDDEN_UNITS = (512, 512, 256)
"""Widths of the encoder's dense layers; the decoder mirrors them."""

DECODER_INIT_RANGE = 2.0
"""Range of the first weights and biases behind the code: spreads the decoder's bends over the plane."""

BATCH_SIZE = 256
"""Images per training step: few enough to learn fast, enough to keep two cores busy."""

EPOCHS = 10
"""Passes over the training images: what fits into two minutes on two cores."""

LEARNING_RATE = 2e-3
"""Adam's step size after the warm-up; a cosine then takes it down to zero."""

INPUT_DROPOUT = 0.1
"""Share of pixels hidden from the encoder in training, so that it cannot learn images by heart."""

VALIDATION_SIZE = 10_000
"""Training images held back to choose by; the test images are kept for the last number."""

SEED = 0
"""Start of every random stream, so that a run can be repeated."""
