// @ts-check
// A sheet to draw on with pen, finger, mouse and keys.
/** @import { Point } from "./types.js" */
import { clear, contextOf, paint } from "./canvas.js";
import { box, digitCanvas, eachFrame, make } from "./dom.js";
import { arrowStep } from "./keys.js";
import { PEN_DOWN, PEN_UP } from "./palette.js";
import { followPointer } from "./pointer.js";
import { clamp } from "./scale.js";
import { ICONS, icon } from "./svg.js";

export const SHEET = 280; // pixels of the drawing, ten a pixel of MNIST's
export const WIDTH = 24; // of a line
const ERASER = 40; // of what the eraser end of a pen takes away
const STEP = 7; // of an arrow key
const LEAP = 28; // with Shift
const HELP =
  "Drawing sheet. Arrow keys move the pen, with Shift farther; space bar puts it down and lifts it.";

/**
 * A line of ink, or one that an eraser took away; open while it is drawn.
 *
 * @typedef {{ width: number, color: string, points: Point[], isOpen: boolean }} Stroke
 */

/**
 * A stroke under way, in the hand of the one who began it.
 *
 * @typedef {{ extend(point: Point): void, end(): void, undo(): void }} Hand
 */

/**
 * The pen that keys move.
 *
 * @typedef {{ x: number, y: number, isDown: boolean, isShown: boolean }} Pen
 */

/**
 * What is on the sheet: strokes over a picture, if one was put there.
 *
 * @typedef {{ strokes: Stroke[], backdrop: HTMLCanvasElement | null, pen: Pen }} Drawing
 */

/**
 * Called at most once a frame while a stroke is drawn (with null if the stroke is given up); the
 * sheet's size in pixels; what an empty sheet says.
 *
 * @typedef {{
 *   onsketch?: (ink: Float32Array | null) => void, wide?: number, high?: number,
 *   invitation?: string,
 * }} SheetOptions
 */

/**
 * @param {(ink: Float32Array) => void} onchange called after each stroke, undo and clear, with the
 *   sheet's ink, wide * high numbers from 0 to 1
 * @param {SheetOptions} [options]
 */
export function createSheet(
  onchange,
  { onsketch = () => {}, wide = SHEET, high = SHEET, invitation: words = "Draw a digit here" } = {},
) {
  const canvas = make("canvas", {
    class: "vw-sheet",
    width: wide,
    height: high,
    tabindex: 0,
    role: "application",
    "aria-roledescription": "drawing sheet",
    "aria-label": HELP,
  });
  const status = make("span", { class: "vw-pen-status", "aria-live": "polite" });
  const invitation = make("div", { class: "vw-invitation", "aria-hidden": "true" });
  invitation.append(icon(ICONS.pen), make("span", {}, words));
  const root = box("vw-paper", canvas, invitation, status);
  contextOf(canvas, { willReadFrequently: true }); // the first call settles it for all
  /** @type {Drawing} */
  const drawing = {
    strokes: [],
    backdrop: null,
    pen: { x: Math.min(wide, high) / 2, y: high / 4, isDown: false, isShown: false },
  };
  let width = WIDTH;

  const redraw = () => {
    drawStrokes(canvas, drawing);
    if (drawing.pen.isShown) drawPen(contextOf(canvas), drawing.pen);
    const { strokes, backdrop, pen } = drawing;
    root.classList.toggle("vw-blank", strokes.length === 0 && !backdrop && !pen.isShown);
  };
  /** What is drawn, without the pen of the keys. */
  const inkNow = () => {
    drawStrokes(canvas, drawing);
    const ink = readInk(canvas);
    redraw();
    return ink;
  };
  const report = () => onchange(inkNow());
  const sketch = eachFrame((/** @type {Stroke} */ stroke) => {
    if (stroke.isOpen) onsketch(inkNow());
  });
  /** @param {Point} point @param {boolean} [isEraser] @returns {Hand} */
  const begin = (point, isEraser = false) => {
    const { backdrop } = drawing;
    const style = isEraser ? { width: ERASER, color: "white" } : { width, color: "black" };
    const stroke = { ...style, points: [point], isOpen: true };
    const isOnSheet = () => drawing.strokes.includes(stroke); // undo and clear take it away
    if (!isEraser) drawing.backdrop = null;
    if (!isEraser || backdrop || drawing.strokes.length > 0) drawing.strokes.push(stroke);
    redraw();
    return {
      extend(next) {
        stroke.points.push(next);
        redraw();
        if (isOnSheet()) sketch(stroke);
      },
      end() {
        stroke.isOpen = false;
        if (isOnSheet()) report();
      },
      undo() {
        stroke.isOpen = false;
        if (!isOnSheet()) return;
        drawing.strokes = drawing.strokes.filter((one) => one !== stroke);
        drawing.backdrop = backdrop;
        redraw();
        onsketch(null);
      },
    };
  };
  listenToPointer(canvas, drawing.pen, begin);
  listenToKeys(canvas, drawing.pen, { redraw, begin }, (words) => {
    status.textContent = words;
  });
  /** Stretched over the sheet, in place of all strokes. @param {HTMLCanvasElement} picture */
  const showPicture = (picture) => {
    for (const stroke of drawing.strokes) stroke.isOpen = false;
    drawing.strokes = [];
    drawing.backdrop = picture;
    redraw();
  };
  redraw();
  return {
    root,
    canvas,
    undo() {
      const last = drawing.strokes.pop();
      if (last) last.isOpen = false;
      else drawing.backdrop = null;
      report();
    },
    clear() {
      for (const stroke of drawing.strokes) stroke.isOpen = false;
      drawing.backdrop = null;
      drawing.strokes = [];
      report();
    },
    /** Of the strokes to come. @param {number} value */
    setWidth(value) {
      width = value;
    },
    /** @param {Float32Array} image */
    showImage(image) {
      const backdrop = digitCanvas({});
      paint(backdrop, image);
      showPicture(backdrop);
    },
    showPicture,
    /**
     * Lines in the width of the pen, in place of all that was there.
     *
     * @param {Point[][]} lines in shares of the sheet
     */
    showLines(lines) {
      for (const stroke of drawing.strokes) stroke.isOpen = false;
      drawing.backdrop = null;
      drawing.strokes = lines.map((line) => ({
        width,
        color: "black",
        points: line.map(([x, y]) => [x * wide, y * high]),
        isOpen: false,
      }));
      report();
    },
  };
}

/** Puts a pen down. @typedef {(point: Point, isEraser?: boolean) => Hand} Begin */

/** @param {HTMLCanvasElement} canvas @param {Pen} pen @param {Begin} begin */
function listenToPointer(canvas, pen, begin) {
  /** @type {Hand | undefined} */
  let hand;
  /** @param {PointerEvent} event @returns {Point} */
  const pointOf = (event) => {
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = canvas.width / width;
    return [scale * (event.clientX - left), scale * (event.clientY - top)];
  };
  const drag = {
    /** @param {PointerEvent} event @param {boolean} isEraser */
    begin(event, isEraser) {
      canvas.focus({ preventScroll: true });
      pen.isShown = false;
      hand = begin(pointOf(event), isEraser);
    },
    /** @param {PointerEvent} event */
    move(event) {
      const between = event.getCoalescedEvents?.() ?? [];
      for (const one of [...between, event]) hand?.extend(pointOf(one));
    },
    end: () => hand?.end(),
    undo: () => hand?.undo(),
  };
  followPointer(canvas, drag, { takesEraser: true });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Pen} pen
 * @param {{ redraw(): void, begin: Begin }} actions
 * @param {(words: string) => void} say
 */
function listenToKeys(canvas, pen, { redraw, begin }, say) {
  /** @type {Hand | undefined} */
  let hand;
  const putDownOrLift = () => {
    pen.isDown = !pen.isDown;
    if (pen.isDown) hand = begin([pen.x, pen.y]);
    else hand?.end();
    say(pen.isDown ? "The pen is down." : "The pen is up.");
  };
  /** @param {Point} step */
  const move = ([right, up]) => {
    pen.x = clamp(pen.x + right, 0, canvas.width);
    pen.y = clamp(pen.y - up, 0, canvas.height);
    if (pen.isDown) hand?.extend([pen.x, pen.y]);
  };
  canvas.addEventListener("keydown", (event) => {
    const step = arrowStep(event, STEP, LEAP);
    if (event.key === " ") putDownOrLift();
    else if (step) move(step);
    else return;
    pen.isShown = true;
    event.preventDefault();
    redraw();
  });
  canvas.addEventListener("blur", () => {
    if (pen.isDown) hand?.end();
    pen.isDown = false;
    pen.isShown = false;
    redraw();
  });
}

/** @param {HTMLCanvasElement} canvas @param {Drawing} drawing */
function drawStrokes(canvas, { strokes, backdrop }) {
  const context = clear(canvas);
  if (backdrop) context.drawImage(backdrop, 0, 0, canvas.width, canvas.height);
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { width, color, points } of strokes) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(...points[0]);
    for (const [x, y] of points) context.lineTo(x + 0.01, y); // a line of no length leaves no mark
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Pen} pen */
function drawPen(context, { x, y, isDown }) {
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.strokeStyle = isDown ? PEN_DOWN : PEN_UP;
  context.stroke();
}

/** @param {HTMLCanvasElement} canvas */
function readInk(canvas) {
  const { width, height } = canvas;
  const { data } = contextOf(canvas).getImageData(0, 0, width, height);
  return Float32Array.from({ length: width * height }, (_, k) => 1 - data[4 * k] / 255);
}
