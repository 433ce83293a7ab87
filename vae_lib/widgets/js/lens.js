// @ts-check
// A posterior on a map. Its ellipse is mostly too small to be seen there, so a lens, joined to its
// place by lines, shows it magnified: beside or below the map, or in a corner where neither has
// room.
/** @import { Point, Posterior, ToPixels } from "./types.js" */
/** @import { View } from "./plane.js" */
import { drawDot, FONT, haloText } from "./canvas.js";
import { DIGITS, INK, INK_TINT } from "./palette.js";
import { codeAt } from "./traits.js";

const RADIUS = 0.145; // of a lens in a corner, as a share of the map's side
const FILLED = 0.4; // of the lens' radius, by the larger standard deviation at most
const LEAST = 3; // magnification that is worth a lens
const ROOM = 120; // pixels right of a map that a lens can have for itself
const RING = 12; // pixels of the ring that marks the place on the map
const ROUND = [8, 6, 5, 4, 3, 2, 1]; // first digits of a magnification
const NAMED = 18; // pixels between a lens and the edge of the map, for its name
const NUMERALS = 40; // codes in a lens, above which they are points
// pixels from the middle of a lens, within which a code is that of the digit itself
const OWN = 0.5;

/**
 * @typedef {{ center: Point, radius: number, magnification: number, toPixels: ToPixels }} Lens
 */

/**
 * The greatest round number that is not above a value.
 *
 * @param {number} value
 */
export function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (ROUND.find((digit) => digit * power <= value) ?? 1);
}

/**
 * By how much a lens magnifies, so that the ellipses fill it; null where they are large enough
 * without.
 *
 * @param {ArrayLike<number>} logVar
 * @param {number} radius of the lens
 * @param {number} unit pixels of the map for each one of a code
 */
export function magnify(logVar, radius, unit) {
  const deviation = Math.exp(0.5 * Math.max(logVar[0], logVar[1]));
  const magnification = roundDown((FILLED * radius) / (deviation * unit));
  return magnification < LEAST ? null : magnification;
}

/**
 * @param {Point} center
 * @param {number} radius
 * @param {number} magnification
 * @param {number} unit pixels of the map for each one of a code
 * @param {ArrayLike<number>} mean the code in its middle
 * @returns {Lens}
 */
export function lensAt(center, radius, magnification, unit, mean) {
  const scale = magnification * unit;
  return {
    center,
    radius,
    magnification,
    toPixels: (z) => [center[0] + scale * (z[0] - mean[0]), center[1] - scale * (z[1] - mean[1])],
  };
}

/**
 * A lens for a posterior, right of the map or in the corner of the map where least lies below it;
 * null where the ellipse is large enough by itself.
 *
 * @param {View} view
 * @param {Posterior} posterior
 * @param {Float32Array} codes
 * @returns {Lens | null}
 */
export function placeLens(view, { mean, logVar }, codes) {
  const room = view.width - view.left - view.side;
  const radius = room > ROOM ? room / 2 - 16 : Math.max(36, RADIUS * view.side);
  const magnification = magnify(logVar, radius, view.unit);
  if (magnification === null) return null;
  const center =
    room > ROOM ? besideMap(view, radius) : freestCorner(view, radius, view.toPixels(mean), codes);
  return lensAt(center, radius, magnification, view.unit, mean);
}

/**
 * Right of the map, where there is room for a large lens.
 *
 * @param {View} view
 * @param {number} radius
 * @returns {Point}
 */
function besideMap({ width, top, side }, radius) {
  return [width - radius - 12, top + side / 2];
}

/**
 * @param {View} view
 * @param {number} radius
 * @param {Point} place that must stay uncovered
 * @param {Float32Array} codes
 * @returns {Point}
 */
function freestCorner({ left, top, side, toPixels }, radius, place, codes) {
  const inset = radius + 8;
  const [high, low] = [top + inset + NAMED, top + side - inset - NAMED];
  const right = left + side - inset;
  /** @type {Point[]} */
  const corners = [
    [right, high],
    [right, low],
    [left + inset, low],
    [left + inset, high],
  ];
  /** @param {Point} corner */
  const covered = (corner) => {
    let count = distance(corner, place) < radius + 2 * RING ? codes.length : 0;
    for (let k = 0; k < codes.length / 2; k++) {
      if (distance(corner, toPixels(codeAt(codes, k))) < radius) count += 1;
    }
    return count;
  };
  const counts = corners.map(covered);
  return corners[counts.indexOf(Math.min(...counts))];
}

/** @param {Point} one @param {Point} other */
function distance([x, y], [otherX, otherY]) {
  return Math.hypot(x - otherX, y - otherY);
}

/**
 * A posterior's ellipses at one and two standard deviations.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ToPixels} toPixels
 * @param {Posterior} posterior
 */
export function drawEllipses(context, toPixels, { mean, logVar }) {
  const deviation = logVar.map((value) => Math.exp(0.5 * value));
  const [x, y] = toPixels(mean);
  const [right, top] = toPixels([mean[0] + deviation[0], mean[1] + deviation[1]]);
  context.fillStyle = INK_TINT;
  for (const deviations of [2, 1]) {
    context.beginPath();
    context.ellipse(x, y, deviations * (right - x), deviations * (y - top), 0, 0, 2 * Math.PI);
    context.fill();
    for (const [width, color] of /** @type {const} */ ([
      [4, "white"],
      [1.5, INK],
    ])) {
      context.lineWidth = width;
      context.strokeStyle = color;
      context.stroke();
    }
  }
}

/**
 * A bold mark at a place on the map, in ink: it is of no class.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point} place
 */
export function drawMarker(context, place) {
  drawDot(context, place, 9.5, "white");
  drawDot(context, place, 6.5, INK);
}

/**
 * The ellipses where they are, or the lens with them and the lines that join it to its place.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Posterior} posterior
 * @param {Lens | null} lens
 * @param {{ codes: Float32Array, labels: Uint8Array }} digits
 * @param {(toPixels: ToPixels) => void} [drawInside] what else lies in the lens
 */
export function drawPosterior(context, view, posterior, lens, digits, drawInside = () => {}) {
  const place = view.toPixels(posterior.mean);
  if (!lens) {
    drawEllipses(context, view.toPixels, posterior);
    drawInside(view.toPixels);
    return;
  }
  drawJoin(context, place, lens);
  drawInLens(context, lens, posterior, digits, drawInside);
  context.lineWidth = 2;
  context.strokeStyle = INK;
  context.beginPath();
  context.arc(...lens.center, lens.radius, 0, 2 * Math.PI);
  context.stroke();
  context.font = `600 12px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const [x, y] = lens.center;
  const isHigh = y < view.top + view.side / 2; // the name stands where no line is
  const words = `q(z∣x), × ${lens.magnification.toLocaleString("en")}`;
  haloText(context, words, x, y + (isHigh ? -1 : 1) * (lens.radius + 11), { halo: 5, color: INK });
}

/**
 * What is seen through the lens.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Lens} lens
 * @param {Posterior} posterior
 * @param {{ codes: Float32Array, labels: Uint8Array }} digits
 * @param {(toPixels: ToPixels) => void} drawInside
 */
export function drawInLens(context, lens, posterior, digits, drawInside) {
  context.save();
  context.beginPath();
  context.arc(...lens.center, lens.radius, 0, 2 * Math.PI);
  context.fillStyle = "white";
  context.fill();
  context.clip();
  drawNeighbours(context, lens, digits);
  drawEllipses(context, lens.toPixels, posterior);
  drawDot(context, lens.center, 3.5, INK);
  drawInside(lens.toPixels);
  context.restore();
}

/**
 * Two lines from the ring around a place that touch the lens: for each where it starts and where it
 * ends.
 *
 * @param {Point} place
 * @param {{ center: Point, radius: number }} lens
 * @returns {[Point, Point][]}
 */
export function joinsOf([x, y], { center, radius }) {
  const toward = Math.atan2(center[1] - y, center[0] - x);
  const apart = distance([x, y], center);
  const lean = Math.acos((RING - radius) / Math.max(apart, radius)); // of the common tangents
  return [lean, -lean].map((side) => {
    const [across, down] = [Math.cos(toward + side), Math.sin(toward + side)];
    return [
      [x + RING * across, y + RING * down],
      [center[0] + radius * across, center[1] + radius * down],
    ];
  });
}

/**
 * A ring around a place that a lens shows.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point} place
 * @param {string} color
 */
export function drawRing(context, place, color) {
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(...place, RING, 0, 2 * Math.PI);
  context.stroke();
}

/**
 * The ring around the place, and the lines from it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point} place
 * @param {{ center: Point, radius: number }} lens
 */
function drawJoin(context, place, lens) {
  context.strokeStyle = INK;
  context.lineWidth = 1.2;
  context.beginPath();
  context.arc(...place, RING, 0, 2 * Math.PI);
  for (const [start, end] of joinsOf(place, lens)) {
    context.moveTo(...start);
    context.lineTo(...end);
  }
  context.stroke();
}

/**
 * Which codes lie in the lens, its own apart.
 *
 * @param {Lens} lens
 * @param {Float32Array} codes
 */
export function rowsInLens({ center, radius, toPixels }, codes) {
  const rows = Array.from({ length: codes.length / 2 }, (_, row) => row);
  return rows.filter((row) => {
    const apart = distance(toPixels(codeAt(codes, row)), center);
    return apart > OWN && apart < radius;
  });
}

/**
 * The codes around, as numerals if they are few.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Lens} lens
 * @param {{ codes: Float32Array, labels: Uint8Array }} digits
 */
function drawNeighbours(context, lens, { codes, labels }) {
  const rows = rowsInLens(lens, codes);
  context.font = `700 14px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const row of rows) {
    const place = lens.toPixels(codeAt(codes, row));
    const color = DIGITS[labels[row] % DIGITS.length];
    if (rows.length > NUMERALS) drawDot(context, place, 2.5, color);
    else haloText(context, String(labels[row]), ...place, { halo: 3, color });
  }
}
