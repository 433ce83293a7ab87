"""What is printed arrives, whatever the terminal, file or pipe at the other end can write."""

import io
import sys


def accept_all_characters() -> None:
    """Let standard output write a character that its encoding lacks as an escape, not raise.

    In a file or a pipe, the encoding of Windows has no σ, and that of a bare Linux has ASCII alone:
    there "σ" becomes "\\u03c3". What a reader has chosen to happen instead is kept.
    """
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
        stream.reconfigure(errors="backslashreplace")


def say(words: str) -> None:
    """Print a line, as ``print`` does, wherever standard output goes."""
    accept_all_characters()
    print(words)
