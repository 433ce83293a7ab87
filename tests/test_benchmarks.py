"""What a benchmark reports, and that what it counts and times is what it says."""

import subprocess
import sys

import pytest

from tools import browser
from tools.benchmarks import jax_step, lesson, live, run, trainer
from tools.benchmarks.measurement import Measurement, format_number
from tools.publish import site_page


@pytest.mark.parametrize(
    ("bar", "value", "verdict"),
    [
        ({"at_most": 80}, 81, "**missed**"),
        ({"at_most": 80}, 79, "kept"),
        ({"at_least": 86}, 85.9, "**missed**"),
        ({"at_least": 86}, 88, "kept"),
        ({}, 1, ""),
    ],
)
def test_a_measurement_is_held_against_its_bar(bar, value, verdict):
    measurement = Measurement("a time", value, "s", **bar)
    assert measurement.to_row().endswith(f"| {verdict} |")
    assert measurement.kept is (verdict != "**missed**")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.3124, "0.31"),
        (2.7182, "2.72"),
        (43.84, "43.8"),
        (2e-6, "2e-06"),
        (136.99, "137.0"),
        (1351.2, "1351"),
    ],
)
def test_numbers_have_the_digits_that_mean_something(value, text):
    assert format_number(value) == text


def test_the_operations_of_a_step_are_counted_from_the_layers():
    hidden = 784 * 512 + 512 * 512 + 512 * 256
    weights = 2 * hidden + 2 * (2 * 256) + 2 * 256  # both nets, both heads, behind the code
    assert run.count_training_operations() == 6 * weights - 2 * 784 * 512


def test_without_jax_its_step_is_left_out_in_one_sentence(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(jax_step, "PYTHON", tmp_path / "python")
    assert list(jax_step.measure_jax(None)) == []
    assert capsys.readouterr().out == jax_step.MISSING + "\n"
    assert "make bench-jax" in jax_step.MISSING


def test_without_node_the_pages_engine_is_left_out_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert list(trainer.measure_trainer(None)) == []
    assert capsys.readouterr().out == trainer.MISSING + "\n"


def test_the_pages_engine_trains_on_training_digits_and_is_asked_about_validation(tmp_path, digits):
    trainer.write_digits(tmp_path, digits)
    images = (tmp_path / "images").read_bytes()
    assert images == digits.train.images[: site_page.TRAINED].tobytes()
    asked = (tmp_path / "validationLabels").read_bytes()
    assert list(asked) == digits.validation.labels[: site_page.VALIDATED].tolist()


@pytest.mark.skipif(sys.platform != "linux", reason="Shared memory is told apart on Linux alone.")
def test_memory_of_all_kernels_below_is_added_up():
    """Two processes that call themselves kernels, and one that does not."""
    hold = "held = bytearray(range(256)) * (50 * 2**12)"
    code = f"import sys; {hold}; print(flush=True); sys.stdin.read()"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for name in ("ipykernel_launcher", "ipykernel_launcher", "another")
    ]
    kernels = lesson.Kernels(reading="05")
    for process in started:
        process.stdout.readline()
    kernels.look()
    both = kernels.peaks["05"]
    for process in started:
        process.communicate()
    kernels.look()
    assert 100 < both < 160
    assert kernels.peaks["05"] == both  # the peak stays


@pytest.mark.browser
@pytest.mark.skipif(browser.find_chromium() is None, reason=browser.MISSING)
def test_the_live_training_takes_turns_with_train(monkeypatch):
    monkeypatch.setenv("VAE_LIB_SOURCE", "sklearn")
    rows = {row.what: row for row in live.measure_live(None, rounds=1, images=2_000)}
    assert len(rows) == 9
    assert min(row.value for row in rows.values()) > 0
    share = rows["its share of `train`'s whole epochs"]
    live_rate = rows["live training, frames and measurements included"].value
    assert share.value == pytest.approx(100 * live_rate / rows["`train`, whole epochs"].value)
    assert rows["another cell's answer while it trains: 95% within"].at_most == 500


@pytest.mark.browser
@pytest.mark.skipif(browser.find_chromium() is None, reason=browser.MISSING)
def test_a_kernel_is_gone_before_the_next_notebook_has_run(monkeypatch):
    """Two notebooks that import no TensorFlow."""
    if not sys.platform.startswith("linux"):
        pytest.skip("Anonymous memory is told apart on Linux alone.")
    monkeypatch.setenv("VAE_LIB_SOURCE", "sklearn")
    *each, largest = lesson.measure_lesson(None, ["00", "07"])
    assert [row.what[:4] for row in each] == ["`00_", "`07_"]
    assert largest.value == max(row.value for row in each)
    assert min(row.value for row in each) > 50 and each[1].value < each[0].value + 200
    assert largest.kept
