// @ts-check
// One drag, one pointer: of all hands, pens and mice over a thing, one moves it or draws on it, and
// what else rests, hovers or clicks there does nothing. Everything that is dragged follows this.

const TIP = 1; // in event.buttons: the left button, a finger, the point of a pen
const ERASER = 32; // in event.buttons: the other end of a pen
const ERASER_BUTTON = 5; // the same in event.button

/**
 * What a drag does. After begin come any number of moves, then end; or undo, if the browser takes
 * the pointer away, or if it was the palm of a hand that holds a pen.
 *
 * @typedef {{
 *   begin(event: PointerEvent, isEraser: boolean): void,
 *   move(event: PointerEvent): void,
 *   end(): void,
 *   undo(): void,
 * }} Drag
 */

/**
 * Who drags: the pointer, what it presses with, and since when.
 *
 * @typedef {{ id: number, isTouch: boolean, pressed: number, since: number }} Owner
 */

/**
 * Whether a pen is down, and when the last one came.
 *
 * @typedef {{ isDown: boolean, since: number }} Pens
 */

/** Of each page that something is dragged on. @type {WeakMap<EventTarget, Pens>} */
const PENS = new WeakMap();

/**
 * Lets one pointer at a time drag in an area.
 *
 * @param {HTMLElement} area
 * @param {Drag} drag
 * @param {{ takesEraser?: boolean }} [options] whether the eraser end of a pen drags, too
 */
export function followPointer(area, drag, { takesEraser = false } = {}) {
  const pens = watchPens(area.ownerDocument);
  /** @type {Owner | null} */
  let owner = null;

  /** @param {() => void} act */
  const finish = (act) => {
    owner = null;
    act();
  };
  /** @param {PointerEvent} event whether the one who drags makes way for it */
  const isFree = (event) => {
    if (!owner) return true;
    const isGone = owner.id === event.pointerId || !area.hasPointerCapture(owner.id);
    const wasResting = owner.isTouch && event.pointerType === "pen"; // a palm that came first
    if (isGone || wasResting) finish(isGone ? drag.end : drag.undo);
    return !owner;
  };
  area.addEventListener("pointerdown", (event) => {
    const pressed = pressOf(event);
    if (!pressed || (pressed === ERASER && !takesEraser)) return;
    const isTouch = event.pointerType === "touch";
    const isPalm = isTouch && pens.isDown;
    if (isPalm || !isFree(event)) return;
    event.preventDefault(); // no text is marked, and the focus stays ours to give
    area.setPointerCapture(event.pointerId);
    owner = { id: event.pointerId, isTouch, pressed, since: event.timeStamp };
    drag.begin(event, pressed === ERASER);
  });
  area.addEventListener("pointermove", (event) => {
    if (owner?.id !== event.pointerId) return;
    if (wasPalm(owner, pens)) finish(drag.undo);
    else if (event.buttons & owner.pressed) drag.move(event);
    else finish(drag.end); // another button is still down, or the release was missed
  });
  for (const name of /** @type {const} */ (["pointerup", "lostpointercapture"])) {
    area.addEventListener(name, (event) => {
      if (owner?.id === event.pointerId) finish(wasPalm(owner, pens) ? drag.undo : drag.end);
    });
  }
  area.addEventListener("pointercancel", (event) => {
    // A finger is taken away when it turns out to be a palm or a gesture; a pen or mouse is not.
    if (owner?.id === event.pointerId) finish(owner.isTouch ? drag.undo : drag.end);
  });
  area.addEventListener("contextmenu", (event) => {
    // A finger that waits is no right click, and no menu may come between a drag and its end.
    if (!owner && event.pointerType !== "touch") return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab's own menu
  });
}

/**
 * Keeps a slider of the browser's own with the finger that came first: Chromium's jumps to others.
 *
 * @param {HTMLInputElement} slider
 */
export function followFirstTouch(slider) {
  /** @type {number | undefined} */
  let first;
  /** @param {TouchEvent} event */
  const refuseOthers = (event) => {
    if (event.type === "touchstart") first ??= event.changedTouches[0].identifier;
    const isOther = Array.from(event.changedTouches, (touch) => touch.identifier !== first);
    if (isOther.includes(true) && event.cancelable) event.preventDefault();
  };
  /** @param {TouchEvent} event */
  const forget = (event) => {
    const lifted = Array.from(event.changedTouches, (touch) => touch.identifier);
    if (first !== undefined && lifted.includes(first)) first = undefined;
  };
  slider.addEventListener("touchstart", refuseOthers, { passive: false });
  slider.addEventListener("touchmove", refuseOthers, { passive: false });
  slider.addEventListener("touchend", forget);
  slider.addEventListener("touchcancel", forget);
}

/**
 * What a pointer presses with: TIP, ERASER, or 0 for what asks for something else, as right and
 * middle buttons, the button on a pen, and a Mac's right click, which is Ctrl with the left button.
 *
 * @param {{ button: number, buttons: number, ctrlKey: boolean }} event
 */
function pressOf({ button, buttons, ctrlKey }) {
  if (button === 0 && buttons === TIP && !ctrlKey) return TIP;
  if (button === ERASER_BUTTON && buttons === ERASER) return ERASER;
  return 0;
}

/**
 * Keeps in mind when pens touch a page, wherever they do.
 *
 * @param {EventTarget} page
 * @returns {Pens}
 */
function watchPens(page) {
  const known = PENS.get(page);
  if (known) return known;
  const pens = { isDown: false, since: -Infinity };
  PENS.set(page, pens);
  /** @param {Event} event */
  const note = (event) => notePen(pens, /** @type {PointerEvent} */ (event));
  for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerout"]) {
    page.addEventListener(name, note, true);
  }
  return pens;
}

/** @param {Pens} pens @param {PointerEvent} event */
function notePen(pens, { type, pointerType, buttons, timeStamp }) {
  if (pointerType !== "pen") return;
  if (type === "pointerdown") pens.since = timeStamp;
  pens.isDown = buttons !== 0 && type !== "pointerout"; // out of reach, or a move tells otherwise
}

/**
 * Whether a finger that drags turned out to be a palm: a pen came after it.
 *
 * @param {Owner} owner
 * @param {Pens} pens
 */
function wasPalm({ isTouch, since }, pens) {
  return isTouch && pens.since > since;
}
