"""The check digit of card numbers: it catches every single wrong digit.

The formula is Luhn's (US patent 2,950,048, 1960; ISO/IEC 7812-1): from the right, every second
digit is doubled, 9 is taken off what exceeds 9, and the sum must be a multiple of ten.
"""

from collections.abc import Sequence

DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # twice a digit, less 9 where that exceeds 9


def passes_luhn(digits: Sequence[int]) -> bool:
    """Whether the last digit is the check digit of those before it.

    A wrong digit is always found, because doubling maps the ten digits to ten different ones. Two
    neighbours that changed places are found unless they are 0 and 9. Of numbers at random, one in
    ten passes.

    Raises:
        ValueError: no digits, or one that is not 0 to 9.
    """
    return _weighted_sum(digits) % 10 == 0


def luhn_digit(digits: Sequence[int]) -> int:
    """The check digit that makes a number pass once it is put behind the others.

    Raises:
        ValueError: no digits, or one that is not 0 to 9.
    """
    return -_weighted_sum([*digits, 0]) % 10


def _weighted_sum(digits: Sequence[int]) -> int:
    if not len(digits) or not all(0 <= digit <= 9 for digit in digits):
        raise ValueError(f"A number consists of digits from 0 to 9, received {list(digits)}.")
    total = 0
    for place, digit in enumerate(reversed(digits)):
        is_doubled = place % 2 == 1
        total += DOUBLED[digit] if is_doubled else digit
    return total
