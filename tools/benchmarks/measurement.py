"""What a benchmark reports: a number, its unit, and the bar that it should keep."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """One measured number.

    Attributes:
        what: what was measured, in words.
        value: the number.
        unit: of the value and of its bar.
        at_most: the largest value that keeps the bar, if there is such a bar.
        at_least: the smallest value that keeps it.
        note: what else a reader should know, such as a spread.
    """

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the value keeps its bar; true without one."""
        if self.at_most is not None and self.value > self.at_most:
            return False
        return self.at_least is None or self.value >= self.at_least

    def to_row(self) -> str:
        """The row of a Markdown table: what, bar, measured, kept or not."""
        bar = verdict = ""
        if self.at_most is not None:
            bar = f"at most {self.at_most:g} {self.unit}"
        elif self.at_least is not None:
            bar = f"at least {self.at_least:g} {self.unit}"
        if bar:
            verdict = "kept" if self.kept else "**missed**"
        note = f" ({self.note})" if self.note else ""
        measured = f"{format_number(self.value)} {self.unit}{note}"
        return f"| {self.what} | {bar} | {measured} | {verdict} |"


def format_number(value: float) -> str:
    """Two decimals below 10, one below 1,000, none above; a power of ten below a thousandth."""
    size = abs(value)
    if 0 < size < 0.001:
        return f"{value:.0e}"
    if size < 10:
        return f"{value:.2f}"
    if size < 1000:
        return f"{value:.1f}"
    return f"{value:.0f}"
