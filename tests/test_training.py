"""Training: what it records, that it repeats, that it survives kills, full disks, bad settings."""

import os
import sys
import time

import keras
import numpy as np
import pytest
from tqdm import tqdm

from vae_lib import data, evaluation, losses, models, training


def take(split, n):
    return data.Split(split.images[:n], split.labels[:n])


@pytest.fixture
def few(digits):
    """A handful of digits, and no test split: training may not even look at one."""
    return data.Digits("few", take(digits.train, 32), take(digits.validation, 20), None)


@pytest.fixture
def stop_after(monkeypatch):
    """Press Ctrl-C once, in the first step that follows a given number of whole epochs."""

    class Stop(training.Recorder):
        whole_epochs = None

        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch

        def on_train_batch_end(self, batch, logs=None):
            if self.epoch == Stop.whole_epochs:
                Stop.whole_epochs = None
                raise KeyboardInterrupt

    def arm(epochs):
        Stop.whole_epochs = epochs
        monkeypatch.setattr(training, "Recorder", Stop)

    return arm


def train(few, vae_seed=0, **changes):
    """One short training of a fresh model; returns the model and its run."""
    vae = models.build_vae(hidden_units=(16,), seed=vae_seed)
    arguments = {"epochs": 2, "batch_size": 16, "input_dropout": 0.25, "progress": False, **changes}
    return vae, training.train(vae, few, **arguments)


def same(a, b):
    (vae_a, run_a), (vae_b, run_b) = a, b
    weights = zip(vae_a.get_weights(), vae_b.get_weights(), strict=True)
    return (
        all(np.array_equal(x, y) for x, y in weights)
        and run_a.history == run_b.history
        and np.array_equal(run_a.codes, run_b.codes)
    )


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_history_has_six_terms_and_a_value_an_epoch(trained):
    history = trained[1].history
    assert sorted(history) == [
        "kl",
        "loss",
        "reconstruction",
        "val_kl",
        "val_loss",
        "val_reconstruction",
    ]
    assert {len(values) for values in history.values()} == {8}


def test_recorded_terms_add_up_to_the_recorded_total(trained):
    h = {term: np.array(values) for term, values in trained[1].history.items()}
    np.testing.assert_allclose(h["reconstruction"] + h["kl"], h["loss"], rtol=1e-5)
    np.testing.assert_allclose(h["val_reconstruction"] + h["val_kl"], h["val_loss"], rtol=1e-5)


def test_both_losses_fall(trained):
    history = trained[1].history
    assert history["loss"][-1] < 0.8 * history["loss"][0]
    assert history["val_loss"][-1] < 0.9 * history["val_loss"][0]


def test_recorded_validation_loss_is_what_evaluation_says(trained, digits):
    vae, run = trained
    score = evaluation.estimate_negative_elbo(
        vae, data.normalize(digits.validation.images), samples=5
    )
    assert run.history["val_loss"][-1] == pytest.approx(score.mean, rel=0.01)  # other noise


def test_snapshots_hold_the_codes_of_the_same_digits_after_each_epoch(trained, digits):
    vae, run = trained
    assert run.codes.shape == (8, 250, 2)
    assert run.codes.dtype == np.float32
    np.testing.assert_array_equal(run.labels, digits.validation.labels)
    now, _ = vae.encode(data.normalize(digits.validation.images))
    np.testing.assert_allclose(run.codes[-1], now, atol=1e-5)
    assert not np.allclose(run.codes[0], now, atol=0.1)


def test_snapshots_stop_at_their_number_of_digits(eager, few, monkeypatch):
    monkeypatch.setattr(training, "SNAPSHOT_DIGITS", 12)
    _, run = train(few, epochs=1)
    assert (run.codes.shape, run.labels.shape) == ((1, 12, 2), (12,))


def test_validation_counts_images_not_batches(eager, few, monkeypatch):
    monkeypatch.setattr(training, "VALIDATION_BATCH", 13)
    vae, run = train(few)
    kl = losses.gaussian_kl(*vae.encode(data.normalize(few.validation.images)))
    assert run.history["val_kl"][-1] == pytest.approx(float(np.mean(kl)), rel=1e-5)


def test_recorded_training_terms_are_means_over_the_whole_epoch(eager, few):
    vae, run = train(
        few, epochs=1, input_dropout=0.0, learning_rate=1e-12
    )  # the weights stay as they are
    kl = losses.gaussian_kl(*vae.encode(data.normalize(few.train.images)))
    assert run.history["kl"][0] == pytest.approx(float(np.mean(kl)), rel=1e-4)


def test_what_was_measured_before_does_not_leak_into_the_first_epoch(eager, few):
    vae = models.build_vae(hidden_units=(16,))
    images = data.normalize(few.validation.images)
    vae.compile()
    vae.test_on_batch(images, 1 - images)
    history = training.train(vae, few, epochs=1, batch_size=16, progress=False).history
    assert history["loss"][0] == pytest.approx(
        history["reconstruction"][0] + history["kl"][0], rel=1e-5
    )


@pytest.mark.parametrize("batch", [7, 20])
def test_each_recorded_validation_loss_is_what_is_computed_apart(eager, few, monkeypatch, batch):
    monkeypatch.setattr(training, "VALIDATION_BATCH", batch)
    vae = models.build_vae(hidden_units=(16,))
    vae.encoder.get_layer("z_log_var").bias.assign([-40.0, -40.0])  # no noise, so no tolerance
    images = data.normalize(few.validation.images)
    apart = []

    class Apart(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            z_mean, z_log_var = vae.encode(images)
            parts = losses.negative_elbo(images, vae.decode_logits(z_mean), z_mean, z_log_var)
            apart.append(float(np.mean(parts)))

    run = training.train(
        vae, few, epochs=3, batch_size=16, learning_rate=0.01, progress=False, callbacks=[Apart()]
    )
    assert run.history["val_loss"] == pytest.approx(apart, rel=1e-5)
    assert len({round(loss) for loss in apart}) > 1  # a mean over epochs would not pass


def test_same_seed_same_run(eager, few):
    assert same(train(few), train(few))


@pytest.mark.parametrize("change", [{"seed": 1}, {"vae_seed": 1}, {"input_dropout": 0.0}])
def test_other_random_streams_make_another_run(eager, few, change):
    assert not same(train(few), train(few, **change))


def test_step_size_warms_up_to_the_one_asked_for_and_ends_at_zero(eager, few, monkeypatch):
    sizes, compute_loss = [], models.VAE.compute_loss

    def record(self, *arguments, **keywords):
        sizes.append(float(self.optimizer.learning_rate))
        return compute_loss(self, *arguments, **keywords)

    monkeypatch.setattr(models.VAE, "compute_loss", record)
    vae, _ = train(few, epochs=1, learning_rate=0.01)
    assert (sizes[0], max(sizes)) == (0, pytest.approx(0.01))
    assert float(vae.optimizer.learning_rate) == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_training_takes_xla_where_it_is_asked_for(eager, few, jit_compile):
    vae, _ = train(few, epochs=1, jit_compile=jit_compile)
    assert vae.jit_compile is jit_compile


def test_a_progress_bar_is_shown_unless_it_is_switched_off(eager, few, capsys):
    train(few, epochs=1, progress=True)
    assert "2/2" in capsys.readouterr().err
    train(few, epochs=1)
    assert capsys.readouterr() == ("", "")


def test_the_bar_moves_at_most_once_a_second(eager, few, capsys):
    began = time.monotonic()
    train(few, epochs=3, batch_size=4, progress=True)
    moved = capsys.readouterr().err.count("\r")
    assert moved <= time.monotonic() - began + 6  # start, end and the three epochs' words


RUN = """
import os, sys
import numpy as np
from vae_lib import data, models, training

write, written = training.write_npz, []
def write_and_die(path, arrays):
    write(path, arrays)
    written.append(path)
    if sys.argv[1] == "killed" and len(written) == 2:
        os._exit(137)  # as a killed process ends: nothing is cleaned up
training.write_npz = write_and_die

digits = data.load_digits("sklearn")
few = data.Digits("few", data.Split(*(part[:100] for part in digits.train)),
                  data.Split(*(part[:50] for part in digits.validation)), None)
vae = models.build_vae(hidden_units=(16,), seed=3)
run = training.train(vae, few, epochs=4, batch_size=32, input_dropout=0.25, seed=5, progress=False)
np.savez(sys.argv[2], *vae.get_weights(), codes=run.codes, **run.history)
"""


def test_a_killed_run_resumes_in_a_new_process_and_ends_bit_equal(start_python, home, tmp_path):
    whole = start_python(RUN, "whole", tmp_path / "whole.npz", VAE_LIB_HOME=str(tmp_path / "other"))
    killed = start_python(RUN, "killed", tmp_path / "killed.npz")
    killed.communicate(timeout=300)
    assert killed.returncode == 137
    assert not (tmp_path / "killed.npz").exists()

    resumed = start_python(RUN, "resumed", tmp_path / "resumed.npz")
    out, err = resumed.communicate(timeout=300)
    assert resumed.returncode == 0, err
    assert out.startswith("Going on after epoch 2 of 4")
    assert whole.wait(timeout=300) == 0
    with np.load(tmp_path / "whole.npz") as a, np.load(tmp_path / "resumed.npz") as b:
        assert sorted(a) == sorted(b)
        assert [name for name in a if not np.array_equal(a[name], b[name])] == []
    assert files_below(home) == []


def test_ctrl_c_says_what_is_kept_and_the_same_call_goes_on(eager, few, stop_after, capsys):
    whole = train(few)
    stop_after(1)
    with pytest.raises(
        KeyboardInterrupt, match=r"1 of 2 epochs are kept.* call train again .*same settings"
    ):
        train(few)
    assert capsys.readouterr().out == ""
    assert same(train(few), whole)
    assert "Going on after epoch 1 of 2" in capsys.readouterr().out


@pytest.fixture
def whole(eager, few):
    """A model and its run of three epochs that nothing interrupted."""
    vae = models.build_vae(hidden_units=(16,))
    return vae, train_the_same(vae, few)


@pytest.fixture
def stopped(whole, few, stop_after):
    """A model like that, which was stopped in its second epoch."""
    vae = models.build_vae(hidden_units=(16,))
    stop_after(1)
    with pytest.raises(KeyboardInterrupt, match="1 of 3 epochs are kept"):
        train_the_same(vae, few)
    return vae


def train_the_same(vae, few, **changes):
    arguments = {"epochs": 3, "batch_size": 16, "progress": False, **changes}
    return training.train(vae, few, **arguments)


def test_the_model_that_was_stopped_goes_on_too(few, whole, stopped, images, capsys):
    stopped(images)  # to look at it takes noise, which must not count as another start
    run = train_the_same(stopped, few)
    assert (
        capsys.readouterr().out == "Going on after epoch 1 of 3, where this run was interrupted.\n"
    )
    assert same((stopped, run), whole)


def test_a_model_that_was_stopped_twice_goes_on(few, whole, stopped, stop_after, capsys):
    stop_after(2)
    with pytest.raises(KeyboardInterrupt, match="2 of 3 epochs are kept"):
        train_the_same(stopped, few)
    run = train_the_same(stopped, few)
    assert "Going on after epoch 2 of 3" in capsys.readouterr().out
    assert same((stopped, run), whole)


def test_a_stopped_model_with_an_annealed_weight_goes_on(eager, few, stop_after, capsys):
    weight = keras.Variable(0.5, trainable=False)
    vae = models.build_vae(hidden_units=(16,), kl_weight=weight)
    stop_after(1)
    with pytest.raises(KeyboardInterrupt):
        train_the_same(vae, few, callbacks=[training.KLAnnealing(2)])
    weight.assign(0.25)  # which is no weight of the network
    train_the_same(vae, few, callbacks=[training.KLAnnealing(2)])
    assert "Going on after epoch 1 of 3" in capsys.readouterr().out


@pytest.mark.parametrize("change", ["settings", "weights"])
def test_a_stopped_model_that_is_trained_otherwise_starts_from_where_it_is(
    eager, few, stopped, capsys, change
):
    if change == "weights":
        stopped.set_weights([1.01 * weight for weight in stopped.get_weights()])
    before = stopped.get_weights()
    changes = {"learning_rate": 1e-12} if change == "settings" else {}
    train_the_same(stopped, few, epochs=3, **changes)
    assert "Going on" not in capsys.readouterr().out
    if change == "settings":
        for weight, earlier in zip(stopped.get_weights(), before, strict=True):
            np.testing.assert_allclose(weight, earlier, atol=1e-6)


def test_checkpoints_that_nobody_goes_on_with_are_removed(eager, few, home, stop_after):
    folder = home / "checkpoints"
    folder.mkdir(parents=True)
    for days in range(8):
        path = folder / f"{days}-days.npz"  # as a killed process leaves its temporary file, too
        path.write_bytes(b"")
        written = time.time() - days * 24 * 3600
        os.utime(path, (written, written))
    os.utime(folder / "2-days.npz", (0, 0))
    stop_after(1)
    with pytest.raises(KeyboardInterrupt):
        train(few)
    left = {path.name for path in files_below(home)}
    assert {name for name in left if "days" in name} == {
        f"{day}-days.npz" for day in (0, 1, 3, 4, 5)
    }
    assert len(left) == 6  # and that of the run which was stopped
    train(few)
    assert len(files_below(home)) == 5


def test_a_stopped_run_keeps_its_place_when_models_were_built_in_between(
    eager, few, stop_after, capsys
):
    stop_after(1)
    with pytest.raises(KeyboardInterrupt):
        train(few)
    models.build_vae(hidden_units=(4,))
    train(few)
    assert "Going on after epoch 1 of 2" in capsys.readouterr().out


def test_a_finished_run_leaves_nothing_and_trains_again_from_the_start(eager, few, home, capsys):
    first = train(few)
    assert files_below(home) == []
    assert same(first, train(few))
    assert "Going on" not in capsys.readouterr().out


def test_other_settings_and_other_digits_do_not_resume(eager, few, stop_after, capsys):
    mirrored = {}
    for split in ("train", "validation"):
        images, labels = getattr(few, split)
        mirrored[split] = few._replace(**{split: data.Split(images[:, ::-1], labels)})
    runs = [
        (few, {}),
        (few, {"epochs": 3}),
        (few, {"batch_size": 32}),
        (few, {"learning_rate": 0.01}),
        (few, {"input_dropout": 0.5}),
        (few, {"seed": 1}),
        (few, {"vae_seed": 1}),
        (mirrored["train"], {}),
        (mirrored["validation"], {}),
    ]
    for shown, changes in runs:
        stop_after(1)
        with pytest.raises(KeyboardInterrupt, match="1 of"):
            train(shown, **changes)
        assert "Going on" not in capsys.readouterr().out, changes


def test_a_checkpoint_cut_short_starts_anew_and_says_so(eager, few, home, stop_after, capsys):
    whole = train(few)
    stop_after(1)
    with pytest.raises(KeyboardInterrupt):
        train(few)
    (checkpoint,) = files_below(home)
    checkpoint.write_bytes(checkpoint.read_bytes()[:-1_000])
    assert same(train(few), whole)
    assert capsys.readouterr().out.startswith(
        "The checkpoint of an earlier run is damaged, so this run"
    )


def test_a_write_that_fails_midway_leaves_the_checkpoint_before(
    eager, few, home, monkeypatch, capsys
):
    save, saved = np.savez, []

    def save_once(file, **arrays):
        saved.append(file)
        if len(saved) == 1:
            return save(file, **arrays)
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", save_once)
    with pytest.raises(KeyboardInterrupt, match="1 of 2 epochs are kept"):
        train(few)
    assert len(files_below(home)) == 1
    monkeypatch.setattr(np, "savez", save)
    train(few)
    assert "Going on after epoch 1 of 2" in capsys.readouterr().out


def no_checkpoints(home):
    """What is printed where there are none, before and after the system's own words for why."""
    return (
        f"No checkpoints: cannot write to {home / 'checkpoints'} (",
        "). Training goes on, but cannot be resumed: to keep its epochs, stop it and set "
        "VAE_LIB_HOME to a folder you may write to.\n",
    )


def test_a_home_that_cannot_be_written_to_does_not_stop_training(eager, few, blocked_home, capsys):
    _, run = train(few)
    assert len(run.history["loss"]) == 2
    start, end = no_checkpoints(blocked_home)
    said = capsys.readouterr().out
    assert said.startswith(start) and said.endswith(end)


def test_ctrl_c_without_checkpoints_says_that_nothing_is_kept(eager, few, stop_after, blocked_home):
    stop_after(1)
    with pytest.raises(KeyboardInterrupt, match="0 of 2 epochs are kept"):
        train(few)


def test_the_bar_is_closed_when_a_training_is_stopped(eager, few, stop_after, monkeypatch):
    bars = []
    monkeypatch.setattr(training, "tqdm", lambda **options: bars.append(tqdm(**options)) or bars[0])
    stop_after(1)
    with pytest.raises(KeyboardInterrupt):
        train(few, progress=True)
    (bar,) = bars
    assert bar.n == 2  # steps, those of the first epoch
    assert bar.disable  # as tqdm leaves a bar that is closed


def test_a_full_disk_does_not_stop_training(eager, few, home, full_disk, capsys):
    with full_disk():
        _, run = train(few)
    assert len(run.history["loss"]) == 2
    start, end = no_checkpoints(home)
    assert capsys.readouterr().out == f"{start}File too large{end}"
    assert files_below(home) == []


def test_a_loss_that_is_not_a_number_stops_with_a_sentence(few, monkeypatch):
    compile_model = keras.Model.compile  # not eagerly: the losses' own checks would be first
    monkeypatch.setattr(
        models.VAE,
        "compile",
        lambda self, **kw: compile_model(self, **{**kw, "jit_compile": False}),
    )
    with pytest.raises(
        FloatingPointError, match=r"became (nan|inf) in epoch \d: try a smaller learning rate"
    ):
        train(few, learning_rate=1e30)


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 0},
        {"batch_size": 0},
        {"learning_rate": 0},
        {"input_dropout": 1},
        {"input_dropout": -0.1},
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(few, change):
    with pytest.raises(
        ValueError,
        match="must be whole numbers of at least 1, learning_rate above 0 and input_dropout in",
    ):
        train(few, **change)


@pytest.mark.parametrize(("split", "counts"), [("train", "0 and 20"), ("validation", "32 and 0")])
def test_an_empty_split_is_refused(few, digits, split, counts):
    empty = few._replace(**{split: take(digits.train, 0)})
    with pytest.raises(ValueError, match=f"Training needs digits .* received {counts}"):
        train(empty)


def test_images_that_are_not_raw_pixels_are_refused(eager, few):
    floats = few._replace(train=data.Split(few.train.images / 255, few.train.labels))
    with pytest.raises(TypeError, match="uint8, received float64"):
        train(floats)


def test_a_batch_larger_than_the_training_images_takes_them_all(eager, few):
    vae, _ = train(few, epochs=2, batch_size=1_000)
    assert int(vae.optimizer.iterations) == 2


def test_your_own_model_and_run_come_back(eager, few, home):
    vae, run = train(few)
    training.save_own(vae, run, "few")
    assert same(training.load_own("few"), (vae, run))
    assert training.load_own("other") is None
    assert len(files_below(home)) == 2


@pytest.mark.parametrize("suffix", [".keras", ".npz"])
def test_your_own_model_cut_short_is_passed_over_with_a_line(eager, few, home, capsys, suffix):
    training.save_own(*train(few, epochs=1), "few")
    (damaged,) = home.glob(f"*{suffix}")
    damaged.write_bytes(damaged.read_bytes()[:-500])
    assert training.load_own("few") is None
    assert capsys.readouterr().out.startswith(
        "Your own model cannot be read: train and save it again"
    )


def with_relu():
    """Another architecture: its encoder has an activation that NumPy's copy does not compute."""
    vae = models.build_vae(hidden_units=(4,))
    hidden = next(layer for layer in vae.encoder.layers if layer.name.startswith("hidden"))
    hidden.activation = keras.activations.relu
    return vae


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: models.build_vae(latent_dim=10, hidden_units=(4,)), "it has 10 latent dimensions"),
        (with_relu, "received the activation relu in the layer hidden"),
        (lambda: keras.Sequential([keras.Input((2,))]), "needs a model with encoder and decoder"),
    ],
)
def test_your_own_experiment_is_passed_over_with_what_was_found(home, capsys, build, words):
    training.save_own(build(), training.Run(history={"loss": [1.0]}), "few")
    assert training.load_own("few", latent_dim=2) is None
    said = capsys.readouterr().out
    assert said.startswith("Your own model from notebook 05 is passed over: ")
    assert words in said and said.count("\n") == 1 and said.endswith(".\n")
    assert training.load_own("few") is not None  # notebook 05 itself takes what it has saved


def test_your_own_model_with_an_empty_record_is_passed_over(home, capsys):
    training.save_own(models.build_vae(hidden_units=(4,)), training.Run(), "few")
    assert training.load_own("few", latent_dim=2) is None
    assert "the record of its training is empty" in capsys.readouterr().out


def test_your_own_model_that_fits_is_taken(home, capsys):
    run = training.Run(history={"loss": [1.0]})
    training.save_own(models.build_vae(hidden_units=(4,)), run, "few")
    assert training.load_own("few", latent_dim=2) is not None
    assert capsys.readouterr().out == ""


def test_your_own_model_is_not_saved_where_nobody_can_write(eager, few, blocked_home):
    vae, run = models.build_vae(hidden_units=(4,)), training.Run()
    with pytest.raises(OSError, match=r"Cannot write to .* \(.+\): set VAE_LIB_HOME to a folder"):
        training.save_own(vae, run, "few")
    assert training.load_own("few") is None


def test_your_own_model_does_not_fit_on_a_full_disk(home, full_disk):
    with (
        full_disk(),
        pytest.raises(OSError, match=r"Cannot write to .* \(File too large\): set VAE_LIB_HOME"),
    ):
        training.save_own(models.build_vae(hidden_units=(16,)), training.Run(), "few")
    assert files_below(home) == []


AGAIN = """
import sys
from vae_lib import data, models, training

def held():
    line = next(line for line in open("/proc/self/status") if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024

digits = data.load_digits("sklearn").take(40, 20)
sizes = []
for number in range(6):
    vae = models.build_vae(hidden_units=(16,))
    training.train(vae, digits, epochs=2, batch_size=20, progress=False)
    sizes.append(held())
print((sizes[-1] - sizes[2]) / 3)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Other systems keep their own counts.")
def test_training_again_and_again_takes_little_memory_and_warns_of_nothing(start_python):
    out, err = start_python(AGAIN).communicate(timeout=300)
    assert float(out) < 7, err  # MB a training: what TensorFlow keeps of the step that it traced
    assert err == ""


def batches(digits, input_dropout=0.0, seed=0, epoch=0, n=100, size=32):
    seen, targets = zip(
        *training.training_batches(digits.train.images[:n], size, input_dropout, seed, epoch)
    )
    return np.concatenate(seen), np.concatenate(targets)


def test_batches_are_normalised_and_leave_out_the_last_smaller_one(digits):
    seen, targets = batches(digits)
    assert seen.shape == targets.shape == (96, 28, 28, 1)
    assert seen.dtype == targets.dtype == np.float32
    assert targets.max() == 1


def test_each_image_comes_once_an_epoch(digits):
    _, targets = batches(digits, n=96)
    images = data.normalize(digits.train.images[:96])
    assert sorted(image.tobytes() for image in targets) == sorted(
        image.tobytes() for image in images
    )


def test_order_depends_on_seed_and_epoch_alone(digits):
    _, targets = batches(digits, seed=1, epoch=2)
    np.testing.assert_array_equal(targets, batches(digits, seed=1, epoch=2)[1])
    for other in ({"seed": 2, "epoch": 2}, {"seed": 1, "epoch": 3}):
        assert not np.array_equal(targets, batches(digits, **other)[1])


def test_the_share_of_hidden_pixels_is_the_input_dropout(digits):
    seen, targets = batches(digits, input_dropout=0.25, n=1_280)
    inked = targets > 0
    four_errors = 4 * np.sqrt(0.25 * 0.75 / inked.sum())
    assert (seen[inked] == 0).mean() == pytest.approx(0.25, abs=four_errors)


def test_what_is_not_hidden_is_shown_as_it_is(digits):
    seen, targets = batches(digits, input_dropout=0.25)
    assert np.array_equal(seen[seen > 0], targets[seen > 0])


def test_hidden_pixels_are_hidden_from_the_encoder_alone(digits):
    np.testing.assert_array_equal(
        batches(digits, input_dropout=0.5)[1], batches(digits, input_dropout=0.0)[1]
    )


def test_nothing_is_hidden_at_input_dropout_zero(digits):
    seen, targets = batches(digits)
    np.testing.assert_array_equal(seen, targets)


def test_other_pixels_are_hidden_in_each_batch_and_epoch(digits):
    same_images = np.repeat(digits.train.images[:1], 64, axis=0)
    first, second = (seen for seen, _ in training.training_batches(same_images, 32, 0.5, 0, 0))
    later, _ = next(training.training_batches(same_images, 32, 0.5, 0, 1))
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, later)


def test_augmentation_makes_the_images_of_each_epoch(eager, few):
    calls = []

    def upside_down(images, epoch):
        calls.append(epoch)
        return images[:, ::-1]

    turned = few._replace(train=few.train._replace(images=few.train.images[:, ::-1]))
    _, augmented = train(few, augment=upside_down)
    _, expected = train(turned)
    assert calls[:2] == [0, 1]
    assert augmented.history["loss"] == expected.history["loss"]


def test_a_constant_rate_is_constant(eager, few):
    vae, _ = train(few, learning_rate=0.01, schedule=None)
    assert float(vae.optimizer.learning_rate) == pytest.approx(0.01)
    with pytest.raises(ValueError, match="schedule must be 'cosine' or None, received 'linear'"):
        train(few, schedule="linear")


def test_annealing_raises_the_weight_of_the_kl_and_ends_at_one(eager, few):
    vae = models.build_vae(hidden_units=(16,), kl_weight=keras.Variable(0.5, trainable=False))
    annealing = training.KLAnnealing(2)
    run = training.train(vae, few, epochs=3, batch_size=16, progress=False, callbacks=[annealing])
    for epoch, weight in enumerate((0.0, 0.5, 1.0)):
        reconstruction, kl = run.history["reconstruction"][epoch], run.history["kl"][epoch]
        assert run.history["loss"][epoch] == pytest.approx(reconstruction + weight * kl, rel=1e-5)


def test_callbacks_of_the_reader_are_called_and_may_interrupt(eager, few):
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="1 of 2 epochs are kept"):
        train(few, callbacks=[Interrupt()])


def test_numpys_numbers_train_as_pythons_do(eager, few, stop_after, capsys):
    plain = train(few, epochs=2, batch_size=16, learning_rate=0.5, seed=7)
    of_numpy = {
        "epochs": np.uint8(2),
        "batch_size": np.array(16),
        "learning_rate": np.float32(0.5),
        "seed": np.int16(7),
    }
    stop_after(1)
    with pytest.raises(KeyboardInterrupt):
        train(few, epochs=2, batch_size=16, learning_rate=0.5, seed=7)
    assert same(train(few, **of_numpy), plain)
    assert "Going on after epoch 1 of 2" in capsys.readouterr().out  # one run, one checkpoint


@pytest.mark.parametrize("value", [2.0, np.float64(2), "2", None, np.array([2, 2])], ids=repr)
def test_what_is_no_whole_number_is_refused(few, value):
    with pytest.raises(ValueError, match="epochs and batch_size must be whole numbers"):
        train(few, epochs=value)
