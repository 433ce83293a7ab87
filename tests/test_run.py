"""The record of a training: to its file and back, without Keras."""

import numpy as np
import pytest

from vae_lib.run import Run


@pytest.fixture
def run():
    return Run(
        history={"loss": [3.0, 2.5], "val_loss": [3.1, 2.75]},
        codes=np.random.default_rng(0).random((2, 5, 3)).astype(np.float32),
        labels=np.arange(5, dtype=np.uint8),
        pictures=np.full((2, 4, 28, 28), 7, np.uint8),
        seconds=1.5,
    )


def test_a_run_comes_back_from_its_file(run, tmp_path):
    run.save(tmp_path / "run.npz")
    back = Run.load(tmp_path / "run.npz")
    assert (back.history, back.seconds) == (run.history, run.seconds)
    for name in ("codes", "labels", "pictures"):
        array = getattr(back, name)
        assert array.dtype == getattr(run, name).dtype
        np.testing.assert_array_equal(array, getattr(run, name))


def test_a_run_knows_its_epochs(run):
    assert (Run().epochs, run.epochs) == (0, 2)
    assert repr(run) == "Run of 2 epochs, with the codes of 5 digits after each"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", None])
def test_a_file_that_is_no_run_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "run.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"run.npz is not a saved run .*: train again"):
        Run.load(tmp_path / "run.npz")


def test_a_file_with_an_array_missing_is_refused(run, tmp_path):
    arrays = run.to_arrays()
    del arrays["codes"]
    np.savez(tmp_path / "run.npz", **arrays)
    with pytest.raises(ValueError, match=r"not a saved run .*codes.*: train again"):
        Run.load(tmp_path / "run.npz")


def test_a_write_that_fails_leaves_the_file_before_and_nothing_else(run, tmp_path, monkeypatch):
    run.save(tmp_path / "run.npz")
    before = (tmp_path / "run.npz").read_bytes()

    def half(file, **arrays):
        file.write(b"half")
        raise OSError("no space")

    monkeypatch.setattr(np, "savez", half)
    with pytest.raises(OSError, match="no space"):
        run.save(tmp_path / "run.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]
    assert (tmp_path / "run.npz").read_bytes() == before
