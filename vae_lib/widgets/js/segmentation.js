// @ts-check
// From a sheet with a handwritten number to its pieces, as vae_lib/segmentation.py finds them:
// strokes that hang together, parts above each other joined, touching digits cut along the path of
// least ink.
import { boundingBox } from "./frame.js";

const STROKE = 0.25; // ink from which a pixel belongs to a stroke
// of the narrower part's columns: from so many on, two parts lie above each other
const SHARED = 0.5;
const SHORT = 0.6; // of the number's height: of two parts that are joined, one is lower than this
const SPECK = 0.15; // of the number's height: what is smaller in both directions is dirt
// percent of the width, of the bands of the middle row
const EDGES = [15, 25, 35, 45, 55, 65, 75, 85];
const SIDESTEP = 0.2; // ink that a step to the side counts as: of two equal paths, the straighter

/**
 * Ink that may be a digit: width * height numbers in [0, 1], and its place on the sheet.
 *
 * @typedef {{ ink: Float32Array, left: number, top: number, width: number, height: number }} Piece
 */

/**
 * The pieces of a number whose strokes do not touch those of the next, from left to right.
 *
 * @param {Float32Array} ink width * height numbers in [0, 1], rows from the top
 * @param {number} width
 * @param {number} height
 * @returns {Piece[]}
 */
export function findPieces(ink, width, height) {
  const parts = connectedParts(ink, width, height);
  const tallest = Math.max(...parts.map((part) => part.height));
  const joined = join(parts, tallest);
  return joined.filter((part) => Math.max(part.height, part.width) >= SPECK * tallest);
}

/**
 * Ways to cut a piece in two, the cheapest first. A cut is a path from the top row to the bottom
 * row, one column a row and at most one column to the side from row to row. It costs the ink that
 * it crosses. The middle row is divided into seven bands, and the cheapest path through each is a
 * way to cut.
 *
 * @param {Piece} piece
 * @returns {[Piece, Piece][]}
 */
export function cutPiece(piece) {
  const { ink, width, height } = piece;
  const rows = Array.from({ length: height }, (_, y) => ink.subarray(y * width, (y + 1) * width));
  const middle = Math.floor(height / 2);
  const above = costsFromTheTop(rows.slice(0, middle + 1));
  const below = costsFromTheTop(rows.slice(middle).reverse());
  const totals = above[middle].map(
    (cost, column) => cost + below[below.length - 1][column] - rows[middle][column],
  );
  /** @type {[Piece, Piece][]} */
  const halves = [];
  for (const column of cheapestOfEachBand(totals)) {
    const up = wayToTheTop(above, column);
    const path = [...up.reverse(), ...wayToTheTop(below, column).slice(1)];
    const left = half(piece, (x, y) => x < path[y]);
    const right = half(piece, (x, y) => x >= path[y]);
    if (left && right) halves.push([left, right]);
  }
  return halves;
}

/**
 * Columns in which the totals are least, band by band, the cheapest first.
 *
 * @param {number[]} totals
 */
function cheapestOfEachBand(totals) {
  const edges = EDGES.map((percent) => Math.floor((percent * totals.length) / 100));
  /** @type {Set<number>} */
  const found = new Set();
  for (const [band, start] of edges.slice(0, -1).entries()) {
    const costs = totals.slice(start, edges[band + 1] + 1);
    found.add(start + costs.indexOf(Math.min(...costs)));
  }
  return [...found].sort((one, other) => totals[one] - totals[other] || one - other);
}

/** @param {Piece} one @param {Piece} other */
function fromLeftToRight(one, other) {
  return one.left - other.left || one.top - other.top;
}

/**
 * Strokes that hang together, corners included, each with the faint ink at its edge.
 *
 * @param {Float32Array} ink
 * @param {number} width
 * @param {number} height
 */
function connectedParts(ink, width, height) {
  const { labels, count } = labelStrokes(ink, width, height);
  const owners = labels.map((label, pixel) =>
    label || ink[pixel] === 0 ? label : largestAround(labels, width, height, pixel),
  );
  const boxes = boxesByLabel(owners, width, count);
  /** @type {Piece[]} */
  const parts = [];
  boxes.forEach((box, label) => {
    if (!box) return;
    const isOwn = (/** @type {number} */ pixel) => owners[pixel] === label;
    const part = trim(ink, width, box, isOwn);
    if (part) parts.push(part);
  });
  return parts;
}

/**
 * For each pixel the number of its stroke, from 1 on; 0 where there is none.
 *
 * @param {Float32Array} ink
 * @param {number} width
 * @param {number} height
 */
function labelStrokes(ink, width, height) {
  const labels = new Int32Array(width * height);
  let count = 0;
  ink.forEach((value, pixel) => {
    if (value <= STROKE || labels[pixel]) return;
    count += 1;
    labelStroke(pixel, count, ink, labels, width, height);
  });
  return { labels, count };
}

/**
 * Gives a label to a pixel and to all that hang together with it.
 *
 * @param {number} start
 * @param {number} label
 * @param {Float32Array} ink
 * @param {Int32Array} labels
 * @param {number} width
 * @param {number} height
 */
function labelStroke(start, label, ink, labels, width, height) {
  const waiting = [start];
  labels[start] = label;
  for (let pixel = waiting.pop(); pixel !== undefined; pixel = waiting.pop()) {
    for (const neighbour of around(width, height, pixel)) {
      if (labels[neighbour] || ink[neighbour] <= STROKE) continue;
      labels[neighbour] = label;
      waiting.push(neighbour);
    }
  }
}

/**
 * A pixel's neighbours on the sheet, at most eight.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} pixel
 */
function around(width, height, pixel) {
  const [x, y] = [pixel % width, Math.floor(pixel / width)];
  const neighbours = [];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      if (row !== y || column !== x) neighbours.push(row * width + column);
    }
  }
  return neighbours;
}

/** @param {Int32Array} labels @param {number} width @param {number} height @param {number} pixel */
function largestAround(labels, width, height, pixel) {
  let largest = 0;
  for (const neighbour of around(width, height, pixel)) {
    largest = Math.max(largest, labels[neighbour]);
  }
  return largest;
}

/**
 * The smallest box around the pixels of each label.
 *
 * @param {Int32Array} owners
 * @param {number} width
 * @param {number} count
 */
function boxesByLabel(owners, width, count) {
  /** @type {({ left: number, right: number, top: number, bottom: number } | undefined)[]} */
  const boxes = Array(count + 1);
  owners.forEach((label, pixel) => {
    if (!label) return;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    boxes[label] ??= { left: x, right: x, top: y, bottom: y };
    const box = boxes[label];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.bottom = y;
  });
  return boxes;
}

/**
 * The ink of the pixels in a box that are a part's own, in the smallest piece that holds it.
 *
 * @param {Float32Array} ink
 * @param {number} width
 * @param {{ left: number, right: number, top: number, bottom: number }} box
 * @param {(pixel: number) => boolean} isOwn
 */
function trim(ink, width, { left, right, top, bottom }, isOwn) {
  const [wide, high] = [right - left + 1, bottom - top + 1];
  const own = new Float32Array(wide * high);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const pixel = (y + top) * width + x + left;
      if (isOwn(pixel)) own[y * wide + x] = ink[pixel];
    }
  }
  return crop(own, wide, high, left, top);
}

/**
 * @param {Float32Array} ink
 * @param {number} width
 * @param {number} height
 * @param {number} left of the ink on the sheet
 * @param {number} top
 * @returns {Piece | null} null if there is no ink
 */
function crop(ink, width, height, left, top) {
  const box = boundingBox(ink, width, height);
  if (!box) return null;
  const cropped = new Float32Array(box.wide * box.high);
  for (let y = 0; y < box.high; y++) {
    const start = (y + box.top) * width + box.left;
    cropped.set(ink.subarray(start, start + box.wide), y * box.wide);
  }
  return {
    ink: cropped,
    left: left + box.left,
    top: top + box.top,
    width: box.wide,
    height: box.high,
  };
}

/**
 * Parts that lie one above the other joined, until no two do; from left to right.
 *
 * @param {Piece[]} parts
 * @param {number} tallest height of a part of the number
 */
function join(parts, tallest) {
  let joined = [...parts].sort(fromLeftToRight);
  for (let pair = findPair(joined, tallest); pair; pair = findPair(joined, tallest)) {
    const [one, other] = pair;
    const rest = joined.filter((part) => part !== one && part !== other);
    joined = [...rest, overlay(one, other)].sort(fromLeftToRight);
  }
  return joined;
}

/** @param {Piece[]} parts @param {number} tallest @returns {[Piece, Piece] | null} */
function findPair(parts, tallest) {
  for (const [k, one] of parts.entries()) {
    const other = parts.slice(k + 1).find((part) => areAboveEachOther(one, part, tallest));
    if (other) return [one, other];
  }
  return null;
}

/** @param {Piece} one @param {Piece} other @param {number} tallest */
function areAboveEachOther(one, other, tallest) {
  const right = Math.min(one.left + one.width, other.left + other.width);
  const shared = right - Math.max(one.left, other.left);
  const isShared = shared >= SHARED * Math.min(one.width, other.width);
  return isShared && Math.min(one.height, other.height) < SHORT * tallest;
}

/** @param {Piece} one @param {Piece} other @returns {Piece} */
function overlay(one, other) {
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  const width = Math.max(one.left + one.width, other.left + other.width) - left;
  const height = Math.max(one.top + one.height, other.top + other.height) - top;
  const ink = new Float32Array(width * height);
  for (const part of [one, other]) {
    part.ink.forEach((value, pixel) => {
      const x = (pixel % part.width) + part.left - left;
      const y = Math.floor(pixel / part.width) + part.top - top;
      ink[y * width + x] = Math.max(ink[y * width + x], value);
    });
  }
  return { ink, left, top, width, height };
}

/** @param {Piece} piece @param {(column: number, row: number) => boolean} isIn */
function half({ ink, left, top, width, height }, isIn) {
  const kept = ink.map((value, pixel) =>
    isIn(pixel % width, Math.floor(pixel / width)) ? value : 0,
  );
  return crop(kept, width, height, left, top);
}

/**
 * For each pixel the ink on the cheapest path from the top row to it, its own included. Dynamic
 * programming: the cost of a pixel is its ink plus the least cost of the three above it.
 *
 * @param {ArrayLike<number>[]} rows
 */
function costsFromTheTop(rows) {
  const costs = [Array.from(rows[0])];
  for (const row of rows.slice(1)) {
    const before = costs[costs.length - 1];
    costs.push(before.map((_, column) => row[column] + cheapestAbove(before, column).cost));
  }
  return costs;
}

/**
 * Columns of the cheapest path, from the last row up to the first.
 *
 * @param {number[][]} costs
 * @param {number} column
 */
function wayToTheTop(costs, column) {
  const path = [column];
  for (let row = costs.length - 1; row > 0; row--) {
    path.push(cheapestAbove(costs[row - 1], path[path.length - 1]).from);
  }
  return path;
}

/**
 * Straight first: it is taken where others cost the same.
 *
 * @param {number[]} above
 * @param {number} column
 */
function cheapestAbove(above, column) {
  let best = { from: column, cost: above[column] };
  for (const from of [column - 1, column + 1]) {
    const cost = (above[from] ?? Number.POSITIVE_INFINITY) + SIDESTEP;
    if (cost < best.cost) best = { from, cost };
  }
  return best;
}
