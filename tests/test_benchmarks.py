"""What a benchmark reports, and that what it counts and times is what it says."""

import pytest

from tools.benchmarks import jax_step, run, trainer
from tools.benchmarks.measurement import Measurement, format_number


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
    assert images == digits.train.images[: trainer.TRAINING_DIGITS].tobytes()
    asked = (tmp_path / "validationLabels").read_bytes()
    assert list(asked) == digits.validation.labels[: trainer.VALIDATION_DIGITS].tolist()
