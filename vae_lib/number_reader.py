"""Read a whole handwritten number: find its pieces, read each, accept the whole or put it aside.

A form says how many digits a number has, so that is known. What is not known is where one digit
ends and the next begins, and whether each piece is a digit at all. Nothing here imports TensorFlow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from vae_lib.arrays import Float32s, Floats, require_images, require_whole
from vae_lib.formulas import entropy_floor, softmax
from vae_lib.inference import NumpyVAE
from vae_lib.segmentation import Piece, cut_piece, find_pieces
from vae_lib.settings import CLASSES
from vae_lib.shipped import load_pretrained, load_result

MODEL = "mnist-by-class"


Answer = Callable[[Float32s], tuple[Floats, Floats]]
"""From images ``(n, 28, 28, 1)`` to logits ``(n, 10)`` and out-of-distribution scores ``(n,)``."""


@dataclass(frozen=True)
class DigitReader:
    """What reads single digits in MNIST's frame, and what validation digits chose for it.

    Attributes:
        answer: logits and scores; ``BoundAnswer`` has those of the class-conditional VAE.
        temperature: that logits are divided by, so that probabilities are neither too sure nor too
            careful.
        threshold: an image with a higher score is refused as no digit.
        cut_is_right: probability that a cut between touching digits is right.
    """

    answer: Answer
    temperature: float
    threshold: float
    cut_is_right: float

    def read(self, images: Float32s) -> tuple[Floats, Floats]:
        """Probability of each digit ``(n, 10)``, and out-of-distribution scores ``(n,)``."""
        logits, scores = self.answer(images)
        return softmax(logits / self.temperature), scores


class BoundAnswer:
    """The class-conditional VAE decides by its own bound: the ten ELBOs are its logits.

    Args:
        models: the model told each of the ten labels.
    """

    def __init__(self, models: Sequence[NumpyVAE]):
        self.models = tuple(models)

    def __call__(self, images: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Ten ELBOs of each image, and its out-of-distribution score, both in nats.

        Raises:
            TypeError, ValueError: as ``arrays.require_images`` does.
        """
        bounds = find_bounds(self.models, images)
        return bounds, score_by_bounds(bounds, images)


def find_bounds(models: Sequence[NumpyVAE], images: npt.ArrayLike) -> Floats:
    """ELBO of each image under each label, at the mean code: nats, ``(n, 10)``.

    Raises:
        TypeError, ValueError: as ``arrays.require_images`` does.
    """
    targets = require_images(images)
    bounds = np.empty((len(targets), len(models)))
    for label, model in enumerate(models):
        reconstruction, kl = model.elbo_terms(targets, seed=None)
        bounds[:, label] = -(reconstruction + kl)
    return bounds


def score_by_bounds(bounds: Floats, images: npt.ArrayLike) -> Floats:
    """Out-of-distribution score: how far the best of ten ELBOs lies below the entropy floor.

    Args:
        bounds: as ``find_bounds`` returns them.
        images: that they are of.

    Returns:
        Nats per image, shape ``(n,)``.
    """
    return -bounds.max(axis=1) - entropy_floor(images)


def load_number_reader() -> DigitReader:
    """The reader that ships: "mnist-by-class", with what validation digits chose for it."""
    models = [load_pretrained(MODEL, label) for label in range(CLASSES)]
    return DigitReader(BoundAnswer(models), **load_result("whole-numbers")["readers"]["VAE"])


@dataclass(frozen=True, eq=False)
class ReadPiece:
    """A piece of a number, and what was read there.

    Attributes:
        piece: the ink and its place.
        digit: the most probable one.
        probability: of that digit, if it is one.
        score: out-of-distribution score.
        is_digit: False where the score is above the reader's threshold.
    """

    piece: Piece
    digit: int
    probability: float
    score: float
    is_digit: bool


Pieces = list[ReadPiece]
"""The pieces of a number, from left to right."""


@dataclass(frozen=True, eq=False)
class NumberReading:
    """What was read on a sheet.

    Attributes:
        pieces: from left to right.
        cuts: between digits that touch.
        probability: that the whole number is right; 0 if a piece is no digit, or if there are not
            as many pieces as the number has digits.
    """

    pieces: tuple[ReadPiece, ...]
    cuts: int
    probability: float

    @property
    def digits(self) -> tuple[int, ...]:
        """That were read, also where the number is put aside."""
        return tuple(one.digit for one in self.pieces)


def read_number(ink: npt.ArrayLike, reader: DigitReader, length: int = 5) -> NumberReading:
    """Read a number of known length from a sheet.

    Pieces that do not touch are found first. While there are fewer than the number has digits, the
    piece that looks least like a digit is cut: the one with the highest out-of-distribution score.
    Of all ways to cut it, the one is taken whose worse half has the lowest score.

    Args:
        ink: float, shape ``(height, width)``, in [0, 1]; 1 is ink.
        reader: of single digits.
        length: digits of the number.

    Raises:
        ValueError: as ``segmentation.find_pieces`` does, or a length below 1.
    """
    return read_numbers([ink], reader, length)[0]


def read_numbers(
    sheets: Sequence[npt.ArrayLike], reader: DigitReader, length: int = 5
) -> list[NumberReading]:
    """Read many sheets as ``read_number`` does, the pieces of all of them at once.

    Raises:
        ValueError: as ``read_number``.
    """
    length = require_whole(length, "length")
    numbers = _read_groups([find_pieces(ink) for ink in sheets], reader)
    cuts = [0] * len(numbers)
    for _ in range(length - 1):  # each time, a number that lacks digits gains one piece
        short = [k for k, pieces in enumerate(numbers) if 0 < len(pieces) < length]
        for k, pieces in zip(short, _cut_worst([numbers[k] for k in short], reader), strict=True):
            cuts[k] += len(pieces) - len(numbers[k])
            numbers[k] = pieces
    return [
        NumberReading(tuple(pieces), cut, find_probability(pieces, cut, reader, length))
        for pieces, cut in zip(numbers, cuts, strict=True)
    ]


def _cut_worst(numbers: Sequence[Pieces], reader: DigitReader) -> list[Pieces]:
    """Each number with its piece of the highest score cut in two, if there is a way to."""
    worst = [int(np.argmax([one.score for one in pieces])) for pieces in numbers]
    ways = [cut_piece(pieces[k].piece) for pieces, k in zip(numbers, worst, strict=True)]
    halves = _read_groups([list(chain.from_iterable(way)) for way in ways], reader)
    cut = []
    for pieces, k, found in zip(numbers, worst, halves, strict=True):
        pairs = [found[start : start + 2] for start in range(0, len(found), 2)]
        best = min(pairs, key=_worse_score, default=[pieces[k]])
        cut.append([*pieces[:k], *best, *pieces[k + 1 :]])
    return cut


def _worse_score(pieces: Pieces) -> float:
    return max(one.score for one in pieces)


def _read_groups(groups: Sequence[Sequence[Piece]], reader: DigitReader) -> list[Pieces]:
    """The pieces of each group in MNIST's frame, each read alone, and all in one call."""
    framed = [piece.framed() for pieces in groups for piece in pieces]
    if not framed:
        return [[] for _ in groups]
    probabilities, scores = reader.read(np.stack(framed))
    answers = zip(probabilities, scores, strict=True)
    return [[_answer(piece, *next(answers), reader) for piece in pieces] for pieces in groups]


def _answer(piece: Piece, chances: Floats, score: float, reader: DigitReader) -> ReadPiece:
    return ReadPiece(
        piece,
        digit=int(chances.argmax()),
        probability=float(chances.max()),
        score=float(score),
        is_digit=bool(score <= reader.threshold),
    )


def find_probability(
    pieces: Sequence[ReadPiece], cuts: int, reader: DigitReader, length: int
) -> float:
    """Probability that the whole is right; 0 if a piece is no digit, as ``find_product`` else."""
    if not all(one.is_digit for one in pieces):
        return 0.0
    return find_product(pieces, cuts, reader, length)


def find_product(pieces: Sequence[ReadPiece], cuts: int, reader: DigitReader, length: int) -> float:
    """Probability that the whole is right if all pieces are digits: over digits, and over cuts.

    Returns:
        0 if there are not ``length`` pieces.
    """
    if len(pieces) != length:
        return 0.0
    return float(np.prod([one.probability for one in pieces]) * reader.cut_is_right**cuts)
