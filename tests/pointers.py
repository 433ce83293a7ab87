"""Fingers, pens and mice through the DevTools protocol: several at once, and every button.

Playwright's own mouse has no pen, and its touch screen has one finger that only taps.
"""

from typing import Any

import numpy as np

Place = tuple[float, float]
BITS = {"left": 1, "right": 2, "middle": 4}  # of each button in an event's ``buttons``
CTRL = 2
OTHERS = [  # a press that asks for something else than to draw or to drag
    ("mouse", "right", 0),
    ("mouse", "middle", 0),
    ("mouse", "left", CTRL),
    ("pen", "right", 0),  # the button on a pen
    ("pen", "middle", 0),
]
DOWN = np.linspace(0.1, 0.9, 7)  # of a 1, from its top, in parts of the sheet


class Hands:
    """What lies on a page's screen; places are in CSS pixels of the viewport."""

    def __init__(self, page: Any):
        self.session = page.context.new_cdp_session(page)
        self.session.send(
            "Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5}
        )
        self.fingers: dict[int, Place] = {}
        self.held: dict[str, int] = {"mouse": 0, "pen": 0}

    def touch(self, place: Place, finger: int = 0) -> None:
        """A finger comes down, or moves if it is down."""
        kind = "touchMove" if finger in self.fingers else "touchStart"
        self.fingers[finger] = place
        self._touch(kind, self.fingers)

    def lift(self, finger: int = 0) -> None:
        """A finger goes up, and the others stay."""
        place = self.fingers.pop(finger)
        self._touch("touchEnd", {finger: place} if self.fingers else {})

    def cancel(self) -> None:
        """The system takes all fingers away, as when it finds that they are a palm."""
        self.fingers = {}
        self._touch("touchCancel", {})

    def press(
        self, place: Place, button: str = "left", kind: str = "mouse", modifiers: int = 0
    ) -> None:
        self.held[kind] |= BITS[button]
        self._point("mousePressed", place, kind, button, modifiers)

    def move(self, place: Place, kind: str = "mouse") -> None:
        """With what is held down; with nothing, it hovers."""
        button = next((name for name, bit in BITS.items() if self.held[kind] & bit), "none")
        self._point("mouseMoved", place, kind, button)

    def release(self, place: Place, button: str = "left", kind: str = "mouse") -> None:
        self.held[kind] &= ~BITS[button]
        self._point("mouseReleased", place, kind, button)

    def miss_release(self, kind: str = "mouse") -> None:
        """A button went up, and the page was not told."""
        self.held[kind] = 0

    def _touch(self, kind: str, fingers: dict[int, Place]) -> None:
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in fingers.items()]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def _point(self, event: str, place: Place, kind: str, button: str, modifiers: int = 0) -> None:
        self.session.send(
            "Input.dispatchMouseEvent",
            {
                "type": event,
                "x": place[0],
                "y": place[1],
                "button": button,
                "buttons": self.held[kind],
                "clickCount": 0 if event == "mouseMoved" else 1,
                "pointerType": kind,
                "modifiers": modifiers,
            },
        )


def turn_pen_around(page: Any) -> None:
    """From now on the pen's left button is its eraser end, which the protocol does not offer."""
    page.evaluate(
        """() => {
          const turn = (event) => {
            if (event.pointerType !== "pen" || !event.buttons) return;
            Object.defineProperty(event, "buttons", { value: 32 });
            if (event.type === "pointerdown") Object.defineProperty(event, "button", { value: 5 });
          };
          for (const name of ["pointerdown", "pointermove"]) addEventListener(name, turn, true);
        }"""
    )
