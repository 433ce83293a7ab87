// @ts-check
// The map of a widget: the plane of the codes, and a point to move through it.
/** @import { Draw, Point, Vae } from "./types.js" */
/** @import { Angles, View } from "./plane.js" */
/** @import { Name } from "./class_names.js" */
import { paint } from "./canvas.js";
import { keepClear, placeNames } from "./class_names.js";
import { box, digitCanvas, make } from "./dom.js";
import { arrowStep } from "./keys.js";
import {
  clipped,
  codeNear,
  createView,
  drawCircles,
  drawFrame,
  drawNames,
  drawNamesOfCircles,
  drawPoints,
  drawSingled,
  nameCircles,
} from "./plane.js";
import { followPointer } from "./pointer.js";
import { tintRegions } from "./regions.js";
import { clamp, linearScale } from "./scale.js";
import { createSharpCanvas } from "./sharp_canvas.js";
import { codeAt, indicesByClass } from "./traits.js";
import { decode } from "./vae.js";

export const REACH = 3.5; // of a map, in standard deviations of the prior
const STEP = 0.05; // of an arrow key
const LEAP = 0.5; // with Shift
const WITHIN = 14; // pixels of a point, in which a pointer singles it out
const APART = 0.15; // least distance of a class' name from the marker, as a share of the reach
const OPACITY = 0.62; // of the points
const LIGHTER = 0.4; // behind a drawing's own point
const HOVER = "(hover: hover)";

/**
 * The digits on the plane, and where the names of their classes stand.
 *
 * @typedef {{ codes: Float32Array, labels: Uint8Array, names: Name[] }} Digits
 */

/**
 * The upper layer of a map: how far the plane reaches; the digits, and the one under the pointer; a
 * code that no name may hide; angles at which the prior's circles are named; what lies under the
 * names and what lies above them.
 *
 * @typedef {{
 *   reach: number, digits: Digits | null, singled: number | null,
 *   marked: ArrayLike<number> | null, angles: Angles, under: Draw, above: Draw,
 * }} Upper
 */

/**
 * A square of the plane in two layers: what lies below is drawn once, what lies above often.
 *
 * @param {string} name
 * @param {{ isBare?: boolean }} [options] without ticks: the prior's circles have the scale
 */
export function createMap(name, { isBare = false } = {}) {
  const sharp = createSharpCanvas(name, "vw-plane-canvas", () => drawAll());
  const surface = box("vw-map"); // the plane itself, without its margins
  const root = box(isBare ? "vw-plane vw-bare" : "vw-plane", sharp.canvas, surface);
  const below = make("canvas");
  let opacity = OPACITY;
  /** @type {(context: CanvasRenderingContext2D, view: View) => void} */
  let drawContent = () => {};
  /** @type {Upper} */
  const upper = {
    reach: REACH,
    digits: null,
    singled: null,
    marked: null,
    angles: [],
    under: () => {},
    above: () => {},
  };

  const drawAll = () => {
    const context = sharp.begin();
    if (!context) return;
    const view = createView(sharp.size, upper.reach, isBare);
    drawFrame(context, view);
    clipped(context, view, () => drawContent(context, view));
    Object.assign(below, { width: sharp.canvas.width, height: sharp.canvas.height });
    below.getContext("2d")?.drawImage(sharp.canvas, 0, 0);
    drawUpper(context, view, upper);
  };
  const redraw = () => {
    const context = sharp.begin();
    if (!context) return;
    context.drawImage(below, 0, 0, sharp.size.width, sharp.size.height);
    drawUpper(context, createView(sharp.size, upper.reach, isBare), upper);
  };
  /** @param {string} spoken @param {typeof drawContent} draw */
  const show = (spoken, draw) => {
    drawContent = draw;
    upper.singled = null;
    sharp.canvas.setAttribute("aria-label", `${name}: ${spoken}`);
    drawAll();
  };
  followHover(surface, (event) => {
    const before = upper.singled;
    upper.singled = null;
    if (event && upper.digits) {
      const { left, top } = sharp.canvas.getBoundingClientRect();
      const { toPixels } = createView(sharp.size, upper.reach, isBare);
      const place = /** @type {Point} */ ([event.clientX - left, event.clientY - top]);
      upper.singled = codeNear(upper.digits.codes, toPixels, place, WITHIN);
    }
    if (upper.singled !== before) redraw();
  });

  const drawNothing = () => {
    upper.digits = null;
    show("empty, with the prior's circles", (context, view) => {
      drawCircles(context, view);
    });
  };
  drawNothing();
  return {
    root,
    surface,
    drawNothing,
    /** The points step back behind what lies above, or come forward again. @param {boolean} isOn */
    stepBack(isOn) {
      const before = opacity;
      opacity = isOn ? LIGHTER : OPACITY;
      if (opacity !== before) drawAll();
    },
    /** How far the plane reaches to each side, from what is drawn next. @param {number} value */
    setReach(value) {
      upper.reach = value;
    },
    /** @param {Float32Array} codes @param {Uint8Array} labels */
    drawDigits(codes, labels, spoken = `${labels.length} digits as points at their codes`) {
      const { reach } = upper;
      const names = placeNames(codes, labels, reach);
      const classes = [...indicesByClass(labels)];
      const regions = tintRegions(codes, classes, reach);
      upper.digits = { codes, labels, names };
      show(spoken, (context, view) => {
        for (const one of regions)
          context.drawImage(one, view.left, view.top, view.side, view.side);
        drawPoints(context, view.toPixels, codes, classes, opacity);
        drawCircles(context, view);
      });
    },
    /** @param {Vae} vae */
    drawManifold(vae, steps = 20) {
      const decoded = decodeGrid(vae, steps, upper.reach);
      upper.digits = null;
      show(`${steps} by ${steps} decoded digits, each at its code`, (context, view) => {
        context.drawImage(decoded, view.left, view.top, view.side, view.side);
        drawCircles(context, view);
      });
    },
    /**
     * @param {Draw} draw
     * @param {ArrayLike<number> | null} [mark] the code that is marked: names of classes move aside
     * @param {Draw} [drawUnder] what lies under the names of the classes, over the points
     */
    drawAbove(draw, mark = null, drawUnder = () => {}) {
      Object.assign(upper, { marked: mark, above: draw, under: drawUnder });
      redraw();
    },
    close: sharp.close,
  };
}

/**
 * Draws the upper layer; the names of the circles keep the angles that it finds for them.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Upper} upper
 */
function drawUpper(context, view, upper) {
  const { reach, digits, singled, marked } = upper;
  const names = keepClear(digits?.names ?? [], marked, APART * reach);
  const inTheWay = marked ? [...names, { label: -1, x: marked[0], y: marked[1] }] : names;
  upper.angles = nameCircles(digits?.codes ?? [], inTheWay, reach, upper.angles);
  context.save();
  upper.under(context, view);
  context.restore();
  clipped(context, view, () => {
    drawNamesOfCircles(context, view, upper.angles);
    drawNames(context, view, names, 1);
  });
  context.save();
  upper.above(context, view);
  context.restore();
  if (digits && singled !== null) {
    drawSingled(context, view, codeAt(digits.codes, singled), digits.labels[singled]);
  }
}

/**
 * Where a mouse or pen is that hovers, or null; a finger covers what it would point at.
 *
 * @param {HTMLElement} surface
 * @param {(event: PointerEvent | null) => void} report
 */
function followHover(surface, report) {
  if (!matchMedia(HOVER).matches) return;
  surface.addEventListener("pointermove", (event) => {
    const isHovering = event.pointerType !== "touch" && event.buttons === 0;
    report(isHovering ? event : null);
  });
  surface.addEventListener("pointerleave", () => report(null));
}

/**
 * Decoded images all over the plane, each at its code.
 *
 * @param {Vae} vae
 * @param {number} steps
 * @param {number} reach
 */
function decodeGrid(vae, steps, reach) {
  const tile = digitCanvas({});
  const grid = make("canvas", { width: 28 * steps, height: 28 * steps });
  const context = grid.getContext("2d");
  const middle = linearScale([-0.5, steps - 0.5], [-reach, reach]); // of a row or column
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) {
      paint(tile, decode(vae, [middle(column), -middle(row)]));
      context?.drawImage(tile, 28 * column, 28 * row);
    }
  }
  return grid;
}

/**
 * A point to drag, click or step over a map that shows the whole plane.
 *
 * @param {ReturnType<typeof createMap>} map
 * @param {string} name
 * @param {(z: Point) => void} onmove
 */
export function addPoint(map, name, onmove) {
  const x = linearScale([-REACH, REACH], [0, 1]);
  const y = linearScale([-REACH, REACH], [1, 0]);
  const handle = make("div", {
    class: "vw-handle",
    role: "slider",
    tabindex: 0,
    "aria-roledescription": "point to move",
    "aria-label": `${name}: place`,
    "aria-valuemin": -REACH,
    "aria-valuemax": REACH,
  });
  /** @type {Point} */
  let point = [0, 0];
  /** @param {Point} z */
  const set = (z) => {
    point = z;
    handle.style.left = `${100 * x(z[0])}%`;
    handle.style.top = `${100 * y(z[1])}%`;
    handle.setAttribute("aria-valuenow", z[0].toFixed(2));
    handle.setAttribute("aria-valuetext", `z1 ${z[0].toFixed(2)}, z2 ${z[1].toFixed(2)}`);
  };
  /** @param {Point} z */
  const move = (z) => {
    set([clamp(z[0], -REACH, REACH), clamp(z[1], -REACH, REACH)]);
    onmove(point);
  };
  /** @param {PointerEvent} event */
  const follow = (event) => {
    const { left, top, width, height } = map.surface.getBoundingClientRect();
    const [right, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
    move([x.invert(right), y.invert(down)]);
  };
  let before = point; // where it was when the drag began
  followPointer(map.surface, {
    begin(event) {
      handle.focus({ preventScroll: true });
      before = point;
      follow(event);
    },
    move: follow,
    end() {},
    undo: () => move(before),
  });
  handle.addEventListener("keydown", (event) => {
    const step = arrowStep(event, STEP, LEAP);
    if (event.key === "Home") move([0, 0]);
    else if (step) move([point[0] + step[0], point[1] + step[1]]);
    else return;
    event.preventDefault();
  });
  map.surface.append(handle);
  set(point);
  return { set, move, get: () => point };
}
