// @ts-check
// The latent space of the validation digits while the model trains: points that move.
/** @import { Way } from "./live_schematic.js" */
/** @import { Angles, View } from "./plane.js" */
import { drawCross, drawDot, FONT, haloText } from "./canvas.js";
import { createNamePlacer } from "./class_names.js";
import { box, make } from "./dom.js";
import { DIGITS, INK, INK_TINT, NOISE } from "./palette.js";
import {
  clipped,
  createView,
  drawCircles,
  drawFrame,
  drawNames,
  drawNamesOfCircles,
  drawPoints,
  nameCircles,
} from "./plane.js";
import { NEIGHBOURS } from "./reading.js";
import { clamp } from "./scale.js";
import { createSharpCanvas } from "./sharp_canvas.js";
import { indicesByClass } from "./traits.js";

const NAME = "Latent space";
const REACH = 4; // of the map, in standard deviations of the prior
const INSIDE = 0.98; // share of the codes that the map must hold
const ROOM = 1.05; // around them, when it widens
const WIDENS = 0.08; // share of the way to its new reach that the map goes in a frame
const CAPTION = "Each point is the mean μ of a validation digit, in the colour of its class.";
const MORE =
  "The training sees no label. Circles: 1, 2 and 3 standard deviations of the prior. " +
  "Accuracy: the share of the validation digits whose class is that of most of the " +
  `${NEIGHBOURS} nearest codes among at most 2,000 training digits.`;
const LEARNED = [0.15, 0.3]; // accuracies between which the names of the classes appear

/**
 * @param {() => void} redraw asked for when the map's size has changed
 * @param {HTMLElement} beside what stands beside its heading
 */
export function createLatentMap(redraw, beside) {
  const sharp = createSharpCanvas(NAME, "vl-map", redraw);
  const key = box("vl-key");
  const root = make(
    "figure",
    { class: "vl-latent" },
    box("vl-heading", make("h3", {}, "Latent space"), beside),
    sharp.canvas,
    key,
    make("figcaption", {}, make("details", {}, make("summary", {}, CAPTION), make("p", {}, MORE))),
  );
  /** @type {Uint8Array} */
  let labels = new Uint8Array();
  /** @type {[number, number[]][]} */
  let classes = [];
  let placer = createNamePlacer(labels);
  /** @type {Float32Array} */
  let target = new Float32Array();
  let [from, shown] = [target, target];
  let [began, takes] = [0, 0]; // of the way from one frame to the next, in milliseconds
  let [reach, wantedReach] = [REACH, REACH];
  let accuracy = 0;
  /** @type {Angles} */
  let angles = [];

  /** Points and reach on their way, at a moment. @param {number} now */
  const advance = (now) => {
    const part = takes > 0 ? Math.min(1, (now - began) / takes) : 1;
    for (let k = 0; k < target.length; k++) shown[k] = from[k] + part * (target[k] - from[k]);
    reach += (takes > 0 ? WIDENS : 1) * (wantedReach - reach);
  };
  return {
    root,
    /** @param {Uint8Array} ofDigits */
    setLabels(ofDigits) {
      labels = ofDigits;
      classes = [...indicesByClass(labels)];
      placer = createNamePlacer(labels);
      key.replaceChildren(...classes.map(([label]) => keyEntry(label)));
    },
    /** Jumps: what comes next is another run. */
    reset() {
      placer.reset();
      angles = [];
      target = new Float32Array();
      [reach, wantedReach, accuracy] = [REACH, REACH, 0];
    },
    /**
     * New codes, to be reached within so many milliseconds.
     *
     * @param {Float32Array} codes
     * @param {number} now
     * @param {number} duration
     */
    moveTo(codes, now, duration) {
      const isFirst = target.length !== codes.length;
      from = isFirst ? codes : shown.slice();
      if (isFirst) shown = codes.slice();
      target = codes;
      [began, takes] = [now, isFirst ? 0 : duration];
      wantedReach = reachOf(codes, wantedReach);
    },
    /** @param {number} share of the validation digits classified correctly */
    setAccuracy(share) {
      accuracy = share;
    },
    /** @param {number} now */
    isMoving: (now) => now < began + takes || Math.abs(wantedReach - reach) > 0.01,
    /**
     * @param {number} now
     * @param {Way | null} way of the digit that is followed
     */
    draw(now, way) {
      advance(now);
      const context = sharp.begin();
      if (!context) return;
      const view = createView(sharp.size, reach);
      const seen = ramp(accuracy, LEARNED);
      const names = placer.place(shown, reach);
      angles = nameCircles(shown, seen > 0 ? names : [], reach, angles);
      drawFrame(context, view);
      clipped(context, view, () => {
        drawPoints(context, view.toPixels, shown, classes, way ? 0.45 : 0.9);
        drawCircles(context, view);
        drawNamesOfCircles(context, view, angles);
        drawNames(context, view, names, seen);
        if (way) drawWay(context, view, way);
      });
    },
    /** @param {string} words for a screen reader, if there are any */
    describe(words) {
      sharp.canvas.setAttribute("aria-label", words ? `${NAME}: ${words}` : NAME);
    },
    close: sharp.close,
  };
}

/** @param {number} label */
function keyEntry(label) {
  const dot = make("i", { style: `background: ${DIGITS[label]}` });
  return make("span", {}, dot, String(label));
}

/**
 * How far the map must reach; a new reach must differ by enough, so that it does not flicker.
 *
 * @param {Float32Array} codes
 * @param {number} before
 */
function reachOf(codes, before) {
  const sizes = new Float32Array(codes.length / 2);
  for (let k = 0; k < sizes.length; k++) {
    sizes[k] = Math.max(Math.abs(codes[2 * k]), Math.abs(codes[2 * k + 1]));
  }
  sizes.sort();
  const needed = sizes[Math.floor(INSIDE * (sizes.length - 1))];
  if (!Number.isFinite(needed)) return before;
  if (needed > before) return Math.ceil(ROOM * needed);
  return needed < 0.7 * before ? Math.max(REACH, Math.ceil(ROOM * needed)) : before;
}

/** 0 below the first value, 1 above the second. @param {number} value @param {number[]} ends */
function ramp(value, [low, high]) {
  return clamp((value - low) / (high - low), 0, 1);
}

/**
 * A digit's mean, one standard deviation around it, and its z; a ring helps to find them.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Way} way
 */
function drawWay(context, { toPixels, unit }, { mean, deviation, z }) {
  const [x, y] = toPixels(mean);
  const [endX, endY] = toPixels(z);
  context.lineWidth = 2;
  context.strokeStyle = INK;
  context.fillStyle = INK_TINT;
  context.beginPath();
  const [wide, high] = [unit * deviation[0], unit * deviation[1]];
  context.ellipse(x, y, Math.max(2, wide), Math.max(2, high), 0, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.strokeStyle = NOISE;
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(endX, endY);
  context.stroke();
  drawCross(context, [x, y], 6);
  drawDot(context, [endX, endY], 6, "white");
  drawDot(context, [endX, endY], 4.5, INK);
  context.font = `600 14px ${FONT}`;
  context.textBaseline = "middle";
  const side = endX < x ? -1 : 1; // z stands on its side of the mean, and both names beyond
  const apart = Math.max(Math.abs(endX - x), 14);
  context.textAlign = side < 0 ? "right" : "left";
  haloText(context, "z", x + side * (apart + 9), endY, { halo: 4, color: INK });
  context.textAlign = side < 0 ? "left" : "right";
  haloText(context, "μ", x - side * 15, y, { halo: 4, color: INK });
}
