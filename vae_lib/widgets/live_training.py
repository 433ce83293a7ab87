"""The view of a training that runs in the kernel: see ``vae_lib.live``."""

from collections.abc import Callable
from typing import Any

from vae_lib.widgets.shared import STATIC, Widget

Message = dict[str, Any]


class LiveTraining(Widget):
    """A training as it runs: the model as a picture, its knobs, its latent space, its curves.

    It shows frames and sends commands, both as messages, and holds no state of its own.

    Args:
        receive: called with each command of the view, as ``js/live.d.ts`` defines them. It may
            be called in another thread than the notebook's cells.
    """

    _esm = STATIC / "live_training.js"
    picture = "live_training"
    _css = STATIC / "live_styles.css"

    def __init__(self, receive: Callable[[Message], None]):
        super().__init__()

        def pass_on(widget: Widget, content: Message, buffers: list[memoryview]) -> None:
            receive(content)

        self.on_msg(pass_on)
