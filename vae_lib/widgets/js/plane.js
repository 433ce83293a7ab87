// @ts-check
// How a plane of codes is drawn, by every widget alike: its axes, the codes as points in the
// colours of their classes, the prior's circles, and a large name for each class where it is dense.
/** @import { Point, ToPixels } from "./types.js" */
/** @import { Name } from "./class_names.js" */
import { drawDot, FONT, haloText } from "./canvas.js";
import { DIGITS, GREY, INK, RULE } from "./palette.js";
import { linearScale } from "./scale.js";
import { codeAt } from "./traits.js";

/** Room around the plane for ticks and the names of the axes; parts.css has the same. */
export const MARGIN = { left: 34, right: 10, top: 26, bottom: 26 };
const NO_MARGIN = { left: 0, right: 0, top: 0, bottom: 0 };
const RADII = { few: 1.9, many: 1.5 }; // of a point
const MANY = 800; // points, from which they are smaller
const SMALL = 12; // pixels of a standard deviation, below which the circles have no names
const CIRCLES = [1, 2, 3]; // standard deviations of the prior
const ANGLES = Array.from({ length: 16 }, (_, k) => ((k - 2) * Math.PI) / 8); // for their names
const NEAR = 0.07; // what lies so near a name, as a share of the reach, is in its way
const OF_A_CLASS = 40; // points that the name of a class counts for when it is in the way
const STAYS = 3; // points fewer that a circle's name must meet elsewhere before it moves

/**
 * A square of the plane on a canvas: the center in its middle, reach to each side.
 *
 * @param {{ width: number, height: number }} size
 * @param {number} reach
 * @param {boolean} [isBare] no ticks around it, so no room for them
 */
export function createView({ width, height }, reach, isBare = false) {
  const { left, right, top, bottom } = isBare ? NO_MARGIN : MARGIN;
  const side = Math.min(width - left - right, height - top - bottom);
  const x = linearScale([-reach, reach], [left, left + side]);
  const y = linearScale([-reach, reach], [top + side, top]);
  /** @type {ToPixels} */
  const toPixels = (z) => [x(z[0]), y(z[1])];
  const unit = side / 2 / reach;
  return { width, height, left, top, side, reach, x, y, toPixels, unit, isBare };
}

/** @typedef {ReturnType<typeof createView>} View */

/**
 * Draws within the frame only.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {() => void} draw
 */
export function clipped(context, { left, top, side }, draw) {
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  draw();
  context.restore();
}

/** The ticks of both axes, as far as they reach. @param {number} reach */
export function ticksOf(reach) {
  const step = [1, 2, 5, 10, 20, 50, 100].find((one) => reach / one <= 5) ?? Math.ceil(reach / 4);
  const most = Math.floor(reach / step);
  return Array.from({ length: 2 * most + 1 }, (_, k) => (k - most) * step);
}

/**
 * The frame with ticks and the names of the axes.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 */
export function drawFrame(context, view) {
  const { left, top, side } = view;
  context.strokeStyle = RULE;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  if (!view.isBare) drawTicks(context, view);
  nameAxes(context, view);
}

/** @param {CanvasRenderingContext2D} context @param {View} view */
function drawTicks(context, { left, top, side, reach, x, y }) {
  context.fillStyle = GREY;
  context.font = `12px ${FONT}`;
  const [end, under] = [left + side, top + side];
  for (const value of ticksOf(reach)) {
    const words = String(value).replace("-", "−");
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(words, left - 7, y(value));
    if (end - x(value) < 46) continue; // there the axis has its name
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(words, x(value), under + 7);
  }
}

/**
 * Outside of the frame, or in its corners if there is no room.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 */
function nameAxes(context, { left, top, side, isBare }) {
  const [end, under] = [left + side, top + side];
  context.fillStyle = INK;
  context.font = `italic 14px ${FONT}`;
  context.textBaseline = "top";
  context.textAlign = "right";
  context.fillText("z₁ →", isBare ? end - 7 : end, isBare ? under - 21 : under + 5);
  context.textAlign = "left";
  context.fillText("↑ z₂", isBare ? left + 6 : left - 14, isBare ? top + 6 : top - 21);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ToPixels} toPixels
 * @param {Float32Array} codes
 * @param {[number, number[]][]} classes
 * @param {number} opacity
 */
export function drawPoints(context, toPixels, codes, classes, opacity) {
  const radius = codes.length / 2 > MANY ? RADII.many : RADII.few;
  context.globalAlpha = opacity;
  for (const [label, rows] of classes) {
    context.beginPath();
    for (const row of rows) {
      const [x, y] = toPixels([codes[2 * row], codes[2 * row + 1]]);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fillStyle = DIGITS[label % DIGITS.length];
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Where on the prior's circles their names stand: an angle each. @typedef {number[]} Angles */

/**
 * For the name of each circle the angle at which fewest points and names are in its way; where it
 * stood before is kept unless another is clearly better.
 *
 * @param {ArrayLike<number>} codes
 * @param {Name[]} names
 * @param {number} reach
 * @param {Angles} [before]
 * @returns {Angles}
 */
export function nameCircles(codes, names, reach, before = []) {
  const near = NEAR * reach;
  /** @param {number} x @param {number} y */
  const inTheWay = (x, y) => {
    let count = 0;
    for (let k = 0; k < codes.length; k += 2) {
      if (Math.hypot(codes[k] - x, codes[k + 1] - y) < near) count += 1;
    }
    const hits = names.filter((name) => Math.hypot(name.x - x, name.y - y) < 1.7 * near).length;
    return count + OF_A_CLASS * hits;
  };
  return CIRCLES.map((radius, k) => {
    let best = before[k] ?? ANGLES[0];
    let least = inTheWay(radius * Math.cos(best), -radius * Math.sin(best));
    if (before[k] !== undefined) least -= STAYS;
    for (const angle of ANGLES) {
      const count = inTheWay(radius * Math.cos(angle), -radius * Math.sin(angle));
      if (count < least) [best, least] = [angle, count];
    }
    return best;
  });
}

/** The prior's circles. @param {CanvasRenderingContext2D} context @param {View} view */
export function drawCircles(context, { toPixels, unit }) {
  context.strokeStyle = "rgb(43 43 43 / 0.42)";
  context.lineWidth = 1;
  for (const deviations of CIRCLES) {
    context.beginPath();
    context.arc(...toPixels([0, 0]), deviations * unit, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {View} view @param {Angles} angles */
export function drawNamesOfCircles(context, { toPixels, unit }, angles) {
  if (unit < SMALL) return;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `12px ${FONT}`;
  context.lineJoin = "round";
  for (const [k, deviations] of CIRCLES.entries()) {
    const code = [deviations * Math.cos(angles[k]), -deviations * Math.sin(angles[k])];
    haloText(context, `${deviations}σ`, ...toPixels(code), { halo: 5, color: INK });
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Name[]} names
 * @param {number} opacity
 */
export function drawNames(context, { toPixels, side }, names, opacity) {
  if (opacity === 0) return;
  context.globalAlpha = opacity;
  context.font = `700 ${Math.round(Math.max(18, side / 16))}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { label, x, y } of names) {
    const [left, top] = toPixels([x, y]);
    const color = DIGITS[label % DIGITS.length];
    haloText(context, String(label), left, top, { halo: 6, color });
  }
  context.globalAlpha = 1;
}

/**
 * The code that is drawn nearest to a place on the canvas, or null if none is near.
 *
 * @param {Float32Array} codes
 * @param {ToPixels} toPixels
 * @param {Point} place
 * @param {number} within pixels
 */
export function codeNear(codes, toPixels, [x, y], within) {
  /** @type {number | null} */
  let found = null;
  let least = within;
  for (let k = 0; k < codes.length / 2; k++) {
    const [left, top] = toPixels(codeAt(codes, k));
    const distance = Math.hypot(left - x, top - y);
    if (distance < least) [found, least] = [k, distance];
  }
  return found;
}

/**
 * A point singled out: a ring around it, and its class as a numeral beside it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {ArrayLike<number>} code
 * @param {number} label
 */
export function drawSingled(context, { toPixels, left, side }, code, label) {
  const [x, y] = toPixels(code);
  const color = DIGITS[label % DIGITS.length];
  drawDot(context, [x, y], 6.5, "white");
  drawDot(context, [x, y], 5, color);
  const isRight = x > left + side - 34;
  const [across, up] = [x + (isRight ? -19 : 19), y - 15];
  drawDot(context, [across, up], 12.5, color);
  drawDot(context, [across, up], 10.5, "white");
  context.font = `700 15px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = INK;
  context.fillText(String(label), across, up + 1);
}
