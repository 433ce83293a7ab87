// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import { followFirstTouch, followPointer } from "../../vae_lib/widgets/js/pointer.js";

/**
 * What a pointer event has and these tests set.
 *
 * @typedef {Partial<Pick<PointerEvent, "pointerId" | "pointerType" | "button" | "buttons" | "ctrlKey" | "timeStamp">>} Parts
 */

const MOUSE = { pointerId: 1, pointerType: "mouse", button: 0, buttons: 1, ctrlKey: false };
const FINGER = { ...MOUSE, pointerId: 2, pointerType: "touch" };
const PALM = { ...FINGER, pointerId: 3 };
const PEN = { ...MOUSE, pointerId: 4, pointerType: "pen" };
const ERASER = { ...PEN, button: 5, buttons: 32 };

/** An element as far as dragging needs it, on a page that may have more of them. */
class Area extends EventTarget {
  /** @type {Set<number>} */
  captured = new Set();

  constructor(page = new EventTarget()) {
    super();
    this.ownerDocument = page;
  }

  /** @param {number} id */
  setPointerCapture(id) {
    this.captured.add(id);
  }

  /** @param {number} id */
  hasPointerCapture(id) {
    return this.captured.has(id);
  }

  /**
   * What the browser does: the page hears of it first.
   *
   * @param {string} type
   * @param {Parts} parts
   */
  send(type, parts) {
    if (["pointerup", "pointercancel"].includes(type)) this.captured.delete(parts.pointerId ?? 0);
    this.ownerDocument.dispatchEvent(eventOf(type, parts));
    const event = eventOf(type, parts);
    this.dispatchEvent(event);
    return event;
  }
}

/** @param {string} type @param {Parts} parts */
function eventOf(type, parts) {
  const event = new Event(type, { cancelable: true });
  for (const [name, value] of Object.entries(parts)) Object.defineProperty(event, name, { value });
  return event;
}

/** An area, and what its drag did: "b" and the pointer begins, "m" moves, "e" ends, "u" undoes. */
function dragIn({ area = new Area(), takesEraser = false } = {}) {
  /** @type {string[]} */
  const done = [];
  const drag = {
    begin: (/** @type {PointerEvent} */ event, /** @type {boolean} */ isEraser) =>
      done.push(`b${event.pointerId}${isEraser ? " eraser" : ""}`),
    move: (/** @type {PointerEvent} */ event) => done.push(`m${event.pointerId}`),
    end: () => done.push("e"),
    undo: () => done.push("u"),
  };
  followPointer(/** @type {any} */ (area), drag, { takesEraser });
  return { area, done };
}

for (const one of [MOUSE, FINGER, PEN]) {
  test(`a ${one.pointerType} drags from press to release, and hovering does nothing`, () => {
    const { area, done } = dragIn();
    area.send("pointermove", { ...one, buttons: 0 });
    assert.ok(area.send("pointerdown", one).defaultPrevented);
    area.send("pointermove", one);
    area.send("pointerup", { ...one, buttons: 0 });
    area.send("lostpointercapture", { ...one, buttons: 0 });
    area.send("pointermove", { ...one, buttons: 0 });
    assert.deepEqual(done, [`b${one.pointerId}`, `m${one.pointerId}`, "e"]);
  });
}

test("other buttons, a pen's own button and a Mac's right click do nothing and keep their meaning", () => {
  const { area, done } = dragIn({ takesEraser: true });
  for (const others of [
    { button: 2, buttons: 2 },
    { button: 1, buttons: 4 },
    { button: 3, buttons: 8 },
    { button: 0, buttons: 3 },
    { button: 0, buttons: 1, ctrlKey: true },
  ]) {
    for (const one of [MOUSE, PEN]) {
      assert.ok(!area.send("pointerdown", { ...one, ...others }).defaultPrevented);
      area.send("pointermove", { ...one, ...others });
      area.send("pointerup", { ...one, ...others, buttons: 0 });
    }
  }
  assert.deepEqual(done, []);
});

test("a drag stays with its pointer, whatever else comes down, moves, hovers and leaves", () => {
  const { area, done } = dragIn();
  area.send("pointerdown", FINGER);
  for (const other of [PALM, MOUSE]) {
    assert.ok(!area.send("pointerdown", other).defaultPrevented);
    area.send("pointermove", other);
    area.send("pointermove", { ...other, buttons: 0 });
    area.send("pointerup", { ...other, buttons: 0 });
    area.send("pointercancel", other);
    area.send("lostpointercapture", other);
  }
  area.send("pointermove", { ...PEN, buttons: 0 });
  area.send("pointermove", FINGER);
  area.send("pointerup", { ...FINGER, buttons: 0 });
  assert.deepEqual(done, ["b2", "m2", "e"]);
});

test("a finger that stays takes no drag over when the first is lifted", () => {
  const { area, done } = dragIn();
  area.send("pointerdown", FINGER);
  area.send("pointerdown", PALM);
  area.send("pointerup", { ...FINGER, buttons: 0 });
  area.send("pointermove", PALM);
  assert.deepEqual(done, ["b2", "e"]);
});

test("a drag ends when its own button is up, though another is down or the release was missed", () => {
  for (const buttons of [0, 2]) {
    const { area, done } = dragIn();
    area.send("pointerdown", MOUSE);
    area.send("pointermove", { ...MOUSE, buttons: 3 });
    area.send("pointermove", { ...MOUSE, buttons });
    area.send("pointermove", { ...MOUSE, buttons });
    assert.deepEqual(done, ["b1", "m1", "e"]);
  }
});

test("a missed release holds nobody up", () => {
  const { area, done } = dragIn();
  area.send("pointerdown", MOUSE);
  area.send("pointerdown", MOUSE);
  area.captured.clear(); // as when JupyterLab takes the cell out of the page and puts it back
  area.send("pointerdown", FINGER);
  area.send("lostpointercapture", FINGER);
  assert.deepEqual(done, ["b1", "e", "b1", "e", "b2", "e"]);
});

test("what a cancelled finger did is undone, and a pen's or a mouse's stays", () => {
  for (const [one, last] of /** @type {const} */ ([
    [FINGER, "u"],
    [PEN, "e"],
    [MOUSE, "e"],
  ])) {
    const { area, done } = dragIn();
    area.send("pointerdown", one);
    area.send("pointercancel", one);
    assert.deepEqual(done, [`b${one.pointerId}`, last]);
  }
});

test("a pen takes over from the palm that came before it, and keeps away the one that follows", () => {
  const { area, done } = dragIn();
  area.send("pointerdown", { ...PALM, timeStamp: 1000 });
  area.send("pointerdown", { ...PEN, timeStamp: 1100 });
  area.send("pointermove", { ...PALM, timeStamp: 1200 });
  area.send("pointermove", { ...PEN, timeStamp: 1300 });
  area.send("pointerup", { ...PEN, buttons: 0, timeStamp: 1400 });
  area.send("pointerdown", { ...FINGER, timeStamp: 1500 });
  assert.deepEqual(done, ["b3", "u", "b4", "m4", "e", "b2"]);
});

test("the palm may lie on another thing of the page than the pen", () => {
  const { area: sheet, done: drawn } = dragIn();
  const { area: map, done: moved } = dragIn({ area: new Area(sheet.ownerDocument) });
  map.send("pointerdown", { ...PALM, timeStamp: 1000 });
  sheet.send("pointerdown", { ...PEN, timeStamp: 1100 });
  map.send("pointerup", { ...PALM, buttons: 0, timeStamp: 1200 });
  map.send("pointerdown", { ...PALM, timeStamp: 1300 });
  assert.deepEqual(drawn, ["b4"]);
  assert.deepEqual(moved, ["b3", "u"]);
  sheet.send("pointerout", { ...PEN, timeStamp: 1400 }); // out of the page, and lifted there
  map.send("pointerdown", { ...FINGER, timeStamp: 1500 });
  assert.deepEqual(moved, ["b3", "u", "b2"]);
});

test("a pen that only hovers turns no finger into a palm", () => {
  const { area, done } = dragIn();
  area.send("pointermove", { ...PEN, buttons: 0, timeStamp: 1000 });
  area.send("pointerdown", { ...FINGER, timeStamp: 1100 });
  area.send("pointermove", { ...PEN, buttons: 0, timeStamp: 1200 });
  area.send("pointerup", { ...FINGER, buttons: 0, timeStamp: 1300 });
  assert.deepEqual(done, ["b2", "e"]);
});

test("an eraser drags only where it is taken, and says that it is one", () => {
  for (const takesEraser of [false, true]) {
    const { area, done } = dragIn({ takesEraser });
    area.send("pointerdown", ERASER);
    area.send("pointermove", { ...ERASER, button: -1 });
    area.send("pointerup", { ...ERASER, buttons: 0 });
    assert.deepEqual(done, takesEraser ? ["b4 eraser", "m4", "e"] : []);
  }
});

test("a menu opens at a right click alone, not for a finger that waits nor in a drag", () => {
  const { area } = dragIn();
  assert.ok(!area.send("contextmenu", MOUSE).defaultPrevented);
  assert.ok(area.send("contextmenu", FINGER).defaultPrevented);
  area.send("pointerdown", MOUSE);
  assert.ok(area.send("contextmenu", MOUSE).defaultPrevented);
});

test("a slider stays with the first of several fingers, and goes with the next after it", () => {
  const slider = new EventTarget();
  followFirstTouch(/** @type {any} */ (slider));
  /** Whether the slider refuses it. @param {string} type @param {number[]} fingers */
  const refuses = (type, ...fingers) => {
    const event = new Event(type, { cancelable: true });
    const changedTouches = fingers.map((identifier) => ({ identifier }));
    Object.defineProperty(event, "changedTouches", { value: changedTouches });
    slider.dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.ok(!refuses("touchstart", 7));
  assert.ok(refuses("touchstart", 8));
  assert.ok(refuses("touchmove", 7, 8));
  assert.ok(refuses("touchmove", 8));
  assert.ok(!refuses("touchmove", 7));
  refuses("touchend", 7);
  assert.ok(refuses("touchmove", 8));
  refuses("touchcancel", 8);
  assert.ok(!refuses("touchstart", 8));
  assert.ok(!refuses("touchmove", 8));
});
