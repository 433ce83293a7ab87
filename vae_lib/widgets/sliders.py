"""Two sliders and the digit they decode to: ipywidgets alone, through the kernel."""

import io
from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
import traitlets

from vae_lib.arrays import require_images
from vae_lib.widgets.shared import RUN_ME, STATIC, Bundle, Widget, add_picture

SIZE = 168  # pixels a side: six for each of the digit's


class Names(Widget):
    """What ipywidgets lacks: names of slider handles and image, and a word when Python is silent.

    Attributes:
        alt: the image's alternative text.
        decoded: where the sliders stood when the image was decoded.
        sliders: the two sliders, whose values in the browser may have moved on.
    """

    _esm = STATIC / "sliders.js"
    alt = traitlets.Unicode().tag(sync=True)
    decoded = traitlets.List(traitlets.Float()).tag(sync=True)
    sliders = traitlets.List(traitlets.Instance(ipywidgets.FloatSlider)).tag(
        sync=True, **ipywidgets.widget_serialization
    )


class Sliders(ipywidgets.VBox):
    """Sliders for z1 and z2 with the decoded digit, which follows while they are dragged.

    Attributes:
        z1, z2: the two ``FloatSlider``; move them from Python through their ``value``.
        picture: the ``Image`` with the digit as a PNG.
        digit: the same as an array ``(28, 28)`` in [0, 1].
    """

    def __init__(self, decode: Callable[[np.ndarray], np.ndarray], reach: float):
        self.decode = decode
        self.z1 = _make_slider("z₁", reach)
        self.z2 = _make_slider("z₂", reach)
        self.picture = ipywidgets.Image(format="png", width=SIZE, height=SIZE)
        self.names = Names(sliders=[self.z1, self.z2])
        for slider in (self.z1, self.z2):
            slider.observe(self._update, "value")
        self._update()
        super().__init__([self.z1, self.z2, self.picture, self.names])
        self.add_class("vae-sliders")

    def __repr__(self) -> str:
        return f"[Sliders: {RUN_ME}]"

    # ipywidgets 7 displays a widget by another method, which knows no picture
    if hasattr(ipywidgets.VBox, "_repr_mimebundle_"):

        def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any] | Bundle:
            """The view, and a picture beside it; a subclass, which may look otherwise, has none."""
            data = super()._repr_mimebundle_(**kwargs)
            return add_picture(data, {}, "sliders", Sliders) if type(self) is Sliders else data

    def _update(self, _change: dict[str, Any] | None = None) -> None:
        z = [self.z1.value, self.z2.value]
        decoded = self.decode(np.array([z], np.float32))
        self.digit = require_images(decoded)[0, ..., 0]
        self.picture.value = _encode_png(self.digit)
        self.names.alt = f"the digit decoded from ({z[0]:.2f}, {z[1]:.2f})"
        self.names.decoded = z


def explore_sliders(decode: Callable[[np.ndarray], np.ndarray], reach: float = 3.0) -> Sliders:
    """Two sliders through a plane of codes.

    Args:
        decode: from codes ``(1, 2)`` to images ``(1, 28, 28, 1)`` in [0, 1].
        reach: both sliders run from -reach to reach, in standard deviations of the prior.

    Raises:
        TypeError, ValueError: ``decode`` gives no images.
    """
    return Sliders(decode, reach)


def _make_slider(name: str, reach: float) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        description=name,
        min=-reach,
        max=reach,
        step=0.05,
        continuous_update=True,
        readout_format=".2f",
    )


def _encode_png(digit: np.ndarray) -> bytes:
    """A PNG of a digit ``(28, 28)`` in [0, 1], dark on white."""
    from PIL import Image

    grey = np.round(255 * (1 - digit)).astype(np.uint8)
    large = Image.fromarray(grey).resize((SIZE, SIZE), Image.Resampling.NEAREST)
    file = io.BytesIO()
    large.save(file, "png", compress_level=1)
    return file.getvalue()
