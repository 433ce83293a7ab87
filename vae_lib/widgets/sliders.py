"""Two sliders and the digit they decode to: ipywidgets alone, through the kernel."""

import io
from collections.abc import Callable

import ipywidgets
import numpy as np
import traitlets

from vae_lib.arrays import require_images
from vae_lib.widgets.shared import RUN_ME, Widget


class Names(Widget):
    """Names for what ipywidgets leaves unnamed to screen readers: slider handles and the image."""

    alt = traitlets.Unicode().tag(sync=True)


class Sliders(ipywidgets.VBox):
    """Sliders for z1 and z2 with the decoded digit, which follows while they are dragged.

    Attributes:
        z1, z2: the two ``FloatSlider``; move them from Python through their ``value``.
        picture: the ``Image`` with the digit as a PNG.
        digit: the same as an array ``(28, 28)`` in [0, 1].
    """

    def __init__(self, decode: Callable[[np.ndarray], np.ndarray], reach: float):
        options = {
            "min": -reach,
            "max": reach,
            "step": 0.05,
            "continuous_update": True,
            "readout_format": ".2f",
        }
        self.decode = decode
        self.z1, self.z2 = (
            ipywidgets.FloatSlider(description=name, **options) for name in ("z1", "z2")
        )
        self.picture = ipywidgets.Image(format="png", width=168, height=168)
        self.names = Names()
        for slider in (self.z1, self.z2):
            slider.observe(self._update, "value")
        self._update()
        super().__init__([self.z1, self.z2, self.picture, self.names])
        self.add_class("vae-sliders")

    def __repr__(self) -> str:
        return f"[Sliders: {RUN_ME}]"

    def _update(self, _change: dict | None = None) -> None:
        from PIL import Image

        z = np.array([[self.z1.value, self.z2.value]], np.float32)
        self.digit = require_images(self.decode(z))[0, ..., 0]
        grey = Image.fromarray(np.round(255 * (1 - self.digit)).astype(np.uint8))
        file = io.BytesIO()
        grey.resize((168, 168), Image.Resampling.NEAREST).save(file, "png", compress_level=1)
        self.picture.value = file.getvalue()
        self.names.alt = f"the digit decoded from ({self.z1.value:.2f}, {self.z2.value:.2f})"


def explore_sliders(decode: Callable[[np.ndarray], np.ndarray], reach: float = 3.0) -> Sliders:
    """Two sliders through a plane of codes.

    Args:
        decode: from codes ``(1, 2)`` to images ``(1, 28, 28, 1)`` in [0, 1].
        reach: both sliders run from -reach to reach, in standard deviations of the prior.

    Raises:
        TypeError, ValueError: ``decode`` gives no images.
    """
    return Sliders(decode, reach)
