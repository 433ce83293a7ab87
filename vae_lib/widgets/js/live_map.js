// @ts-check
// The latent space of the validation digits while the model trains: points that move.
/** @import { ToPixels } from "./types.js" */
/** @import { Way } from "./live_schematic.js" */
import { drawCross, drawDot, FONT, haloText } from "./canvas.js";
import { box, make } from "./dom.js";
import { createSharpCanvas } from "./live_canvas.js";
import { createNamePlacer } from "./live_labels.js";
import { DIGITS, GREY, INK, LATENT, NOISE, RULE } from "./palette.js";
import { clamp, linearScale } from "./scale.js";
import { indicesByClass } from "./traits.js";

const REACH = 4; // of the map, in standard deviations of the prior
const INSIDE = 0.98; // share of the codes that the map must hold
const ROOM = 1.05; // around them, when it widens
const WIDENS = 0.08; // share of the way to its new reach that the map goes in a frame
const SMALL = 12; // pixels of a standard deviation, below which the circles have no names
const RADIUS = 1.9; // of a point
const MARGIN = { left: 44, right: 12, top: 12, bottom: 42 };
const LEARNED = [0.15, 0.3]; // accuracies between which the names of the classes appear

/** @param {() => void} redraw asked for when the map's size has changed */
export function createLatentMap(redraw) {
  const sharp = createSharpCanvas("Latent space", "vl-map", redraw);
  const key = box("vl-key");
  const root = make(
    "figure",
    { class: "vl-panel vl-latent" },
    make("h3", {}, "Latent space"),
    sharp.canvas,
    key,
    make(
      "figcaption",
      {},
      "Each point is the mean μ of a validation digit, in the colour of its class; the training sees no label. Circles: 1, 2 and 3 standard deviations of the prior.",
    ),
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
      drawFrame(context, view);
      context.save();
      context.beginPath();
      context.rect(view.left, view.top, view.side, view.side);
      context.clip();
      drawPoints(context, view.toPixels, shown, classes, way ? 0.45 : 0.9);
      drawPrior(context, view);
      drawNames(context, view, placer.place(shown, reach), ramp(accuracy, LEARNED));
      if (way) drawWay(context, view, way);
      context.restore();
    },
    /** @param {string} words for a screen reader */
    describe(words) {
      sharp.canvas.setAttribute("aria-label", `Latent space: ${words}`);
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

/** @param {{ width: number, height: number }} size @param {number} reach */
function createView({ width, height }, reach) {
  const { left, top, right, bottom } = MARGIN;
  const side = Math.min(width - left - right, height - top - bottom);
  const x = linearScale([-reach, reach], [left, left + side]);
  const y = linearScale([-reach, reach], [top + side, top]);
  /** @type {ToPixels} */
  const toPixels = (z) => [x(z[0]), y(z[1])];
  return { left, top, side, reach, x, y, toPixels, unit: side / 2 / reach };
}

/** @typedef {ReturnType<typeof createView>} View */

/** Axes with their numbers outside. @param {CanvasRenderingContext2D} context @param {View} view */
function drawFrame(context, { left, top, side, reach, x, y }) {
  context.strokeStyle = RULE;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  context.fillStyle = INK;
  context.font = `12px ${FONT}`;
  const step = [1, 2, 5, 10, 20, 50, 100].find((one) => reach / one <= 5) ?? Math.ceil(reach / 4);
  for (let value = -Math.floor(reach / step) * step; value <= reach; value += step) {
    const words = String(value).replace("-", "−");
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(words, x(value), top + side + 5);
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(words, left - 6, y(value));
  }
  context.font = `italic 14px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText("z₁", left + side / 2, top + side + 36);
  context.fillText("z₂", left - 31, top + side / 2 + 4);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ToPixels} toPixels
 * @param {Float32Array} codes
 * @param {[number, number[]][]} classes
 * @param {number} opacity
 */
function drawPoints(context, toPixels, codes, classes, opacity) {
  context.globalAlpha = opacity;
  for (const [label, rows] of classes) {
    context.beginPath();
    for (const row of rows) {
      const [x, y] = toPixels([codes[2 * row], codes[2 * row + 1]]);
      context.moveTo(x + RADIUS, y);
      context.arc(x, y, RADIUS, 0, 2 * Math.PI);
    }
    context.fillStyle = DIGITS[label];
    context.fill();
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {View} view */
function drawPrior(context, { toPixels, unit }) {
  const [x, y] = toPixels([0, 0]);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `12px ${FONT}`;
  for (const deviations of [1, 2, 3]) {
    const radius = deviations * unit;
    context.strokeStyle = "rgb(43 43 43 / 0.5)";
    context.lineWidth = 1.2;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    const along = radius * Math.SQRT1_2;
    if (unit < SMALL) continue;
    haloText(context, `${deviations}σ`, x + along, y + along, { halo: 4, color: GREY });
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {import("./live_labels.js").Name[]} names
 * @param {number} opacity
 */
function drawNames(context, { toPixels, side }, names, opacity) {
  if (opacity === 0) return;
  context.globalAlpha = opacity;
  context.font = `700 ${Math.round(Math.max(17, side / 17))}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { label, x, y } of names) {
    const [left, top] = toPixels([x, y]);
    haloText(context, String(label), left, top, { halo: 5, color: DIGITS[label] });
  }
  context.globalAlpha = 1;
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
  context.strokeStyle = LATENT;
  context.fillStyle = "rgb(84 48 176 / 0.2)";
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
  drawDot(context, [endX, endY], 4.5, LATENT);
  context.font = `600 14px ${FONT}`;
  context.textBaseline = "middle";
  const side = endX < x ? -1 : 1; // z stands on its side of the mean, and both names beyond
  const apart = Math.max(Math.abs(endX - x), 14);
  context.textAlign = side < 0 ? "right" : "left";
  haloText(context, "z", x + side * (apart + 9), endY, { halo: 4, color: INK });
  context.textAlign = side < 0 ? "left" : "right";
  haloText(context, "μ", x - side * 15, y, { halo: 4, color: INK });
}
