"""Watch a VAE learn, and change its training while it runs: ``train_live``.

The training runs in a thread of its own, so that the notebook's other cells can be run meanwhile.
A frame of what there is to see is sent to the widget only when the one before it has been drawn;
where there is no widget, nothing is sent and the training goes on.
"""

import atexit
import math
import threading
import time
import weakref
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from vae_lib import keras_setup  # noqa: F401  # first: it names a Keras that cannot be used

# isort: split
import numpy as np
from IPython.core.getipython import get_ipython
from IPython.display import display

from vae_lib.arrays import require_whole
from vae_lib.data import Digits
from vae_lib.live_trainer import Build, Knobs, Measured, Terms, Trainer
from vae_lib.models import VAE
from vae_lib.run import Run
from vae_lib.settings import SEED

FRAME_SECONDS = 0.05  # the least between two frames
FRAME_SHARE = 0.1  # of the time may go into frames; the rest is for training
GRADIENT_SECONDS = 0.5  # between two measurements of the gradients, which cost as much as two steps
LONGEST_PAUSE = 5.0  # seconds between two frames, even where the machine slept while it made one
LOST_SECONDS = 5.0  # without an answer, after which a frame counts as lost
TOGETHER_SECONDS = 0.04  # of steps in one call of TensorFlow
SLOW_SECONDS = 0.25  # between two steps, to be followed by eye
END_SECONDS = 20  # the longest wait at the interpreter's end: a compilation cannot be stopped
JAVASCRIPT_NAMES = {  # in live.d.ts, of what has another name there
    "kl_weight": "klWeight",
    "learning_rate": "learningRate",
    "input_dropout": "inputDropout",
    "training_digits": "trainingDigits",
    "hidden_units": "hiddenUnits",
}
PYTHON_NAMES = {javascript: python for python, javascript in JAVASCRIPT_NAMES.items()}

_labs: "weakref.WeakSet[Lab]" = weakref.WeakSet()
_turn = threading.RLock()  # one command at a time, of cells and views alike; threads never take it


def train_live(
    model: VAE | Build,
    digits: Digits,
    seed: int = SEED,
    hidden_units: int | None = None,
    activation: str | None = None,
) -> "Lab":
    """A training that can be watched and changed while it runs.

        lab = train_live(build_vae, digits)
        lab

    Nothing is trained before *Play* is pressed or ``lab.play()`` is called. Running the same
    cell again closes the lab that it made before.

    Args:
        model: what is trained: a ``VAE`` of your own with two latent dimensions, or a function
            that builds one, such as ``models.build_vae``. With a model, a reset restores the
            weights that it has now. A function is called with those of the three arguments below
            that it has, and again for each reset.
        digits: raw digits. All training digits are used at first; the first 1,000 validation
            digits are drawn and measured; the test digits are not looked at.
        seed: of the initial weights, the order of images and the noise.
        hidden_units: width of the hidden layer on either side, 256 if None; passed to the
            function as ``(hidden_units,)``.
        activation: of the hidden layers, "gelu" if None, "relu" or "tanh".

    Returns:
        The lab, idle. Show it by writing its name in the last line of a cell.

    Raises:
        TypeError: a model that is no ``VAE``, or has a loss of its own.
        ValueError: another number of latent dimensions, no digits, or a setting out of range.
    """
    wanted = {"hidden_units": hidden_units, "activation": activation}
    start = {name: value for name, value in wanted.items() if value is not None}
    cell = _find_cell()
    _watch_interrupts()
    with _turn:
        for lab in _others(None):
            if cell is not None and lab.cell == cell:
                lab.close()
        return Lab(Trainer(model, digits, {"seed": seed, **start}), cell)


class Lab:
    """A training that runs in the background: ``train_live`` makes one.

    Attributes:
        cell: of the notebook, in which it was made; None where there is none.
    """

    def __init__(self, trainer: Trainer, cell: str | None = None):
        self.cell = cell
        self._trainer = trainer
        self._state = "idle"
        self._words = ""
        self._fault: Exception | None = None
        self._is_slow = False
        self._is_closed = False
        self._resets = 0
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._steps_to_go = math.inf
        self._rate = Rate()
        self._norms: dict[str, float] | None = None
        self._norms_time = 0.0
        self._view = View()
        _labs.add(self)

    def __repr__(self) -> str:
        return f"Lab after {self.epoch:.1f} epochs: {self.state}"

    def _ipython_display_(self) -> None:
        display(self._view.open(self._receive))

    @property
    def vae(self) -> VAE:
        """The model that is trained, with its present weights.

        A reset changes these weights in place; another width or activation makes another model.
        """
        return self._trainer.vae

    @property
    def run(self) -> Run:
        """Curves and snapshots up to the last whole epoch, as ``training.train`` returns them."""
        return self._trainer.make_run()

    @property
    def knobs(self) -> Knobs:
        """The settings that act while it trains."""
        return self._trainer.knobs

    @property
    def state(self) -> str:
        """ "idle" before the first step, "training", "paused", or "invalid" after a fault."""
        return self._state

    @property
    def epoch(self) -> float:
        """Passes over the training digits, with a fraction."""
        return self._trainer.epoch

    def play(self) -> None:
        """Train in the background until ``pause``. Another lab that trains is paused.

        Raises:
            FloatingPointError: the loss has become NaN or infinite, and the lab was not reset.
            RuntimeError: the lab is closed.
        """
        with _turn:
            if self._fault is not None:
                raise self._fault
            self._start(math.inf)

    def pause(self) -> None:
        """Stop after the step that is being computed."""
        with _turn:
            self._halt()

    def step(self, steps: int = 1) -> Terms:
        """Train for some steps and return when they are done.

        Args:
            steps: how many.

        Returns:
            "loss", "reconstruction" and "kl" of the last batch, in nats per image.

        Raises:
            FloatingPointError: the loss became NaN or infinite.
            RuntimeError: the lab is closed, or was paused before the steps were done.
            ValueError: steps is not a whole number of at least 1.
        """
        steps = require_whole(steps, "steps")
        with _turn:
            self._start(steps)
            thread = self._thread
        try:
            if thread is not None:
                thread.join()  # without the turn: the view's pause is still heard
        except KeyboardInterrupt:
            self.pause()
            raise
        if self._fault is not None:
            raise self._fault
        if self._steps_to_go or self._trainer.last_terms is None:
            raise RuntimeError(
                f"The training was paused with {self._steps_to_go} of {steps} steps left: "
                "call step again."
            )
        return self._trainer.last_terms

    def reset(self, **changes: Any) -> None:
        """Start again from untrained weights; the knobs stay as they are.

        Args:
            changes: any of ``seed``, ``hidden_units`` and ``activation``. The same seed repeats
                the training.

        Raises:
            RuntimeError: the lab is closed.
            ValueError: a setting out of range, or one that this model cannot change.
        """
        with _turn:
            self._require_open()
            self._halt()
            self._trainer.reset(**changes)
            self._state, self._words, self._fault = "idle", "", None
            self._resets += 1
            self._rate = Rate()
            self._norms, self._norms_time = None, 0.0
            self._view.forget_points()
            self._show()

    def set(self, **changes: Any) -> None:
        """Change knobs; the next step uses them.

        Args:
            changes: any of ``kl_weight``, ``learning_rate``, ``noise``, ``input_dropout`` and
                ``training_digits``, see ``Knobs``.

        Raises:
            TypeError: no such knob.
            ValueError: a value out of range.
        """
        with _turn:
            self._trainer.set(**changes)
            self._show_soon()

    def close(self) -> None:
        """End the training and remove the widget; model and run can still be used."""
        with _turn:
            self._halt()
            self._is_closed = True
            self._view.close()

    def _start(self, steps: float) -> None:
        self._require_open()
        if self._state == "invalid":
            self._show()  # why, and that a reset helps
            return
        for lab in _others(self):  # two trainings at once would each take half of the machine
            lab.pause()
        self._halt()
        self._stop = threading.Event()
        self._steps_to_go = steps
        self._state = "training"
        self._show()  # the first step may take seconds, since Keras compiles it
        arguments = (weakref.ref(self), self._stop)
        self._thread = threading.Thread(
            target=_train, args=arguments, name="train_live", daemon=True
        )
        self._thread.start()

    def _halt(self) -> None:
        """Wait until the thread has ended; then this thread alone uses the trainer."""
        thread = self._thread
        self._stop.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        self._thread = None
        if self._state == "training":
            self._state = "paused"
            self._show()

    def _require_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("This lab is closed: run its cell again to make another.")

    def _advance(self) -> float | None:
        """A few steps, in the thread; seconds to wait before the next, None if there are none."""
        trainer = self._trainer
        try:
            images, seconds, steps = trainer.images, trainer.seconds, trainer.steps
            trainer.step(self._count_steps())
            self._rate.add(trainer.images - images, trainer.seconds - seconds)
            if trainer.is_due():
                trainer.measure()
            self._steps_to_go -= trainer.steps - steps
            if self._steps_to_go > 0:
                self._offer_frame()
                return SLOW_SECONDS if self._is_slow else 0.0
            self._state = "paused"
        except Exception as fault:  # of the reader's own layers: anything
            self._state, self._words, self._fault = "invalid", _describe(fault), fault
        self._show()
        return None

    def _count_steps(self) -> int:
        """Steps in one call: as many as take so short a time that knobs and views do not wait."""
        if self._is_slow:
            return 1
        images = TOGETHER_SECONDS * self._rate.value
        return max(1, int(min(self._steps_to_go, images / self._trainer.batch_size)))

    def _show_soon(self) -> None:
        """What the reader has changed: after the next step while it trains, else now."""
        if self._state == "training":
            self._view.hurry()
        else:
            self._show()

    def _offer_frame(self) -> None:
        """A frame, if the one before it has been drawn and frames have not taken too long."""
        if self._view.is_time():
            self._show()

    def _show(self) -> None:
        """A frame now, or as soon as the one before it has been drawn."""
        if not self._view.take_turn():
            return
        began = time.perf_counter()
        try:
            content, buffers = self._make_frame()
        except Exception as fault:  # as above: a view of a broken model must not end the thread
            self._state, self._words, self._fault = "invalid", _describe(fault), fault
            self._view.fail(self._words)
            return
        self._view.send(content, buffers, self._trainer.points)
        self._view.wait(time.perf_counter() - began)

    def _make_frame(self) -> tuple[dict[str, Any], list[bytes]]:
        trainer = self._trainer
        look = trainer.look()
        norms = self._find_gradient_norms()
        content = {
            "run": self._resets,
            "state": self._state,
            "words": self._words,
            "epoch": trainer.epoch,
            "images": trainer.images,
            "rate": self._rate.value if self._state == "training" else 0.0,
            "terms": _finite_terms(trainer.last_terms),
            "gradients": _to_gradients(norms),
            "knobs": _to_javascript(asdict(trainer.knobs)),
            "start": _to_javascript(asdict(trainer.start)),
        }
        arrays: list[np.ndarray] = [
            look.codes,
            look.inputs,
            look.z_mean,
            look.z_log_var,
            look.epsilon,
            look.z,
            look.reconstructions,
            look.samples,
        ]
        return content, [array.tobytes() for array in arrays]

    def _find_gradient_norms(self) -> dict[str, float] | None:
        """Those of the last batch; while it trains, they may be half a second old."""
        is_recent = time.perf_counter() - self._norms_time < GRADIENT_SECONDS
        if not (is_recent and self._state == "training" and not self._is_slow):
            self._norms = self._trainer.find_gradient_norms()
            self._norms_time = time.perf_counter()
        return self._norms

    def _receive(self, content: dict[str, Any]) -> None:
        """Do what the view asks; what cannot be done shows in the next frame."""
        self._view.answer(content)
        with _turn:
            if self._is_closed:
                return
            action = content.get("action")
            if action == "listen":
                self._greet()
            elif action == "shown":
                if self._view.note_shown(content["frame"]) and self._state != "training":
                    self._show()
            elif action == "pace":
                self._is_slow = bool(content["slow"])
            else:
                self._obey(content)

    def _obey(self, content: dict[str, Any]) -> None:
        action = content.get("action")
        try:
            if action == "play":
                self._start(math.inf)
            elif action == "pause":
                self.pause()
            elif action == "step":
                self._start(1)
            elif action == "epoch":
                self._halt()
                self._start(self._trainer.count_steps_left())
            elif action == "reset":
                self.reset(**_to_python(content["start"], self._trainer.offers))
            elif action == "set":
                self.set(**_to_python(content["knobs"]))
            elif action == "resample":
                self._trainer.resample()
                self._show_soon()
        except (TypeError, ValueError):
            self._show()  # the frame has the settings as they are

    def _greet(self) -> None:
        """What a view that has just been opened needs."""
        trainer = self._trainer
        offers = [JAVASCRIPT_NAMES.get(name, name) for name in trainer.offers]
        setting = {"digits": trainer.digits, "offers": offers}
        self._view.greet(setting, trainer.labels.tobytes())
        if self._state != "training":
            self._show()


class View:
    """The widget of a lab, and whether it is ready for another frame. Threads share it.

    A page says when it has drawn a frame. Where a laptop sleeps or a connection breaks, that answer
    may be lost: a frame unanswered for some seconds no longer holds the next one back. Each further
    frame that stays unanswered doubles the wait, since a server may keep them all for a page that
    is gone; a page that speaks again ends it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._widget: Any = None
        self._is_open = False  # in at least one page
        self._is_drawn = True
        self._is_owed = False  # a frame that came while another was being drawn
        self._frame = 0
        self._sent_at = 0.0  # when the last frame was sent
        self._patience = LOST_SECONDS  # with its answer
        self._points = 0  # of the curves, drawn already
        self._points_sent = 0  # with the last frame
        self._earliest = 0.0  # time of the next frame

    def open(self, receive: Any) -> Any:
        """The widget, which passes on what its views ask."""
        # a lab that is used from Python alone needs no widget
        from vae_lib.widgets.live_training import LiveTraining

        if self._widget is None:
            self._widget = LiveTraining(receive)
        return self._widget

    def close(self) -> None:
        """Remove the widget from all pages."""
        with self._lock:
            self._is_open = False
        if self._widget is not None:
            self._widget.close()

    def greet(self, setting: dict[str, Any], labels: bytes) -> None:
        """Send what does not change; all points of the curves come with the next frame."""
        with self._lock:
            self._is_open, self._is_drawn = True, True
            self._points, self._points_sent = 0, 0
        self._widget.send({"kind": "setting", **setting}, [labels])

    def answer(self, content: dict[str, Any]) -> None:
        """Say that a command has arrived."""
        with self._lock:
            self._patience = LOST_SECONDS  # the page is there
        if "number" in content:
            numbers = {"view": content.get("view"), "number": content["number"]}
            self._widget.send({"kind": "heard", **numbers})

    def is_time(self) -> bool:
        """Whether a frame can be sent, and frames have not taken more than their share."""
        return self._is_open and self._is_free() and time.perf_counter() >= self._earliest

    def take_turn(self) -> bool:
        """Whether a frame can be sent; if it cannot, it is owed."""
        with self._lock:
            if not self._is_open:
                return False
            if not self._is_free():
                self._is_owed = True
                return False
            if not self._is_drawn:
                self._patience *= 2
            self._is_drawn, self._is_owed = False, False
            self._sent_at = time.perf_counter()
            return True

    def note_shown(self, frame: int) -> bool:
        """A view has drawn this frame; returns whether another is owed."""
        with self._lock:
            if frame != self._frame:
                return False
            self._is_drawn = True
            self._points = self._points_sent
            return self._is_owed

    def forget_points(self) -> None:
        """The curves begin again."""
        with self._lock:
            self._points, self._points_sent = 0, 0

    def send(self, content: dict[str, Any], buffers: list[bytes], points: list[Measured]) -> None:
        """Send a frame, with the points of the curves that no drawn frame had."""
        with self._lock:
            self._frame += 1
            first, self._points_sent = self._points, len(points)
            measured = [asdict(point) for point in points[first : self._points_sent]]
        numbers = {"kind": "frame", "frame": self._frame, "first": first, "measured": measured}
        self._widget.send({**numbers, **content}, buffers)

    def fail(self, words: str) -> None:
        """Say why there is no frame."""
        with self._lock:
            self._is_drawn = True
        self._widget.send({"kind": "failed", "words": words})

    def hurry(self) -> None:
        """Let the next frame come after the next step: someone wants to see what a knob does."""
        self._earliest = 0.0

    def wait(self, seconds: float) -> None:
        """Leave time for training after a frame that took so long."""
        pause = max(FRAME_SECONDS, seconds * (1 / FRAME_SHARE - 1))
        self._earliest = time.perf_counter() + min(pause, LONGEST_PAUSE)

    def _is_free(self) -> bool:
        """Whether the last frame was drawn, or has been waited for long enough."""
        return self._is_drawn or time.perf_counter() - self._sent_at > self._patience


class Rate:
    """Images a second over the last second of steps."""

    def __init__(self) -> None:
        self._steps: deque[tuple[int, float]] = deque()

    def add(self, images: int, seconds: float) -> None:
        """Note a step."""
        self._steps.append((images, seconds))
        while len(self._steps) > 1 and sum(time for _, time in self._steps) > 1:
            self._steps.popleft()

    @property
    def value(self) -> float:
        """0 before the first step."""
        steps = list(self._steps)
        seconds = sum(time for _, time in steps)
        return sum(images for images, _ in steps) / seconds if seconds else 0.0


def _train(reference: "weakref.ref[Lab]", stop: threading.Event) -> None:
    """The thread: it ends when it is asked to, or when nobody holds the lab any longer."""
    while not stop.is_set():
        lab = reference()
        if lab is None:
            return
        seconds = lab._advance()
        del lab
        if seconds is None:
            return
        if seconds:
            stop.wait(seconds)


def _others(lab: Lab | None) -> list[Lab]:
    return [other for other in list(_labs) if other is not lab]


def _find_cell() -> str | None:
    """The notebook's own name of the cell that is being run."""
    shell: Any = get_ipython()
    if not hasattr(shell, "get_parent"):  # no kernel, so no cells
        return None
    return shell.get_parent().get("metadata", {}).get("cellId")


def _describe(fault: Exception) -> str:
    if isinstance(fault, FloatingPointError):
        return str(fault)
    return (
        f"The training stopped with {type(fault).__name__}: reset the model, or call lab.step() "
        "in a cell to read the whole message."
    )


def _finite_terms(terms: Terms | None) -> Terms | None:
    """The terms, or None where one has no place in JSON."""
    if terms is None or not all(map(math.isfinite, terms.values())):
        return None
    return terms


def _to_gradients(norms: dict[str, float] | None) -> dict[str, dict[str, float]] | None:
    if norms is None:
        return None
    reconstruction = {"decoder": norms["decoder"], "encoder": norms["encoder"]}
    return {"reconstruction": reconstruction, "kl": {"encoder": norms["kl"]}}


def _to_javascript(values: dict[str, Any]) -> dict[str, Any]:
    return {JAVASCRIPT_NAMES.get(name, name): value for name, value in values.items()}


def _to_python(values: dict[str, Any], wanted: Sequence[str] | None = None) -> dict[str, Any]:
    named = {PYTHON_NAMES.get(name, name): value for name, value in values.items()}
    return {name: value for name, value in named.items() if wanted is None or name in wanted}


def _watch_interrupts() -> None:
    shell = get_ipython()
    if shell is not None and _pause_after_interrupt not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _pause_after_interrupt)


def _pause_after_interrupt(result: Any) -> None:
    """The stop button stops the training in the background, too, if it has stopped a cell."""
    if isinstance(result.error_in_exec, KeyboardInterrupt):
        for lab in _others(None):
            lab.pause()


def _end() -> None:
    """Let no thread compute while the interpreter takes itself apart."""
    labs = _others(None)
    for lab in labs:
        lab._stop.set()
    for lab in labs:
        thread = lab._thread
        if thread is not None:
            thread.join(END_SECONDS)


atexit.register(_end)
