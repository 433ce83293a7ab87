"""What every test run shares: which digits it uses, and what nbval alone does not check."""

import os
from pathlib import Path

import pytest

from vae_lib import data


def pytest_configure(config: pytest.Config) -> None:
    """Settle the digits once, so that no test and no notebook waits for a network."""
    if os.environ.get("VAE_LIB_DIGITS") is None:
        digits = data.load_digits()
        os.environ["VAE_LIB_DIGITS"] = str(digits)
        if digits.source == "sklearn":
            os.environ["VAE_LIB_SOURCE"] = "sklearn"
        elif not os.environ.get("VAE_LIB_MNIST"):
            os.environ["VAE_LIB_MNIST"] = str(data.home() / "mnist.npz")


def pytest_report_header() -> str:
    return os.environ["VAE_LIB_DIGITS"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"Ran on: {os.environ['VAE_LIB_DIGITS']}.")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give each notebook an empty home, before its kernel starts."""
    if item.path.suffix == ".ipynb":
        homes: Path = item.config._tmp_path_factory.getbasetemp() / "homes"
        home = homes / item.path.stem
        home.mkdir(parents=True, exist_ok=True)
        # nbval leaves out PNG and JPEG, whose bytes differ from machine to machine; SVG does, too
        item.parent.skip_compare += ("image/svg+xml",)
        os.environ["VAE_LIB_HOME"] = str(home)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    """Fail on stderr even in cells whose outputs nbval ignores."""
    result = yield
    if item.path.suffix == ".ipynb":
        noise = [o["text"] for o in item.test_outputs or () if o.get("name") == "stderr"]
        assert not noise, f"The cell wrote to stderr: {noise}"
    return result
