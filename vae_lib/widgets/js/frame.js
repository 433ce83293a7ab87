// @ts-check
// Put a drawing into MNIST's frame as MNIST was made: longest side 20 pixels, anti-aliased, centre
// of mass in the middle of pixel (14, 14), as MNIST's lie (LeCun, Cortes and Burges, "The MNIST
// database of handwritten digits").
import { clamp } from "./scale.js";

const FAINT = 0.02; // below this a pixel is paper
const SIDE = 28; // of the frame
const DIGIT = 20; // longest side of the digit in it

/** @typedef {{ left: number, top: number, wide: number, high: number }} Box */

/**
 * A pixel, and the part of its ink that falls to a smaller picture's pixel.
 *
 * @typedef {[number, number]} Share
 */

/**
 * @param {Float32Array} ink width * height numbers in [0, 1], rows from the top
 * @param {number} width
 * @param {number} height
 * @returns null for an empty sheet, else the image, 784 numbers in [0, 1], and the ink's longest
 *   side
 */
export function frame(ink, width, height) {
  const box = boundingBox(ink, width, height);
  if (!box) return null;
  const side = Math.max(box.wide, box.high);
  const small = shrink(ink, width, box, side);
  return { image: centre(small), side };
}

/**
 * @param {Float32Array} ink
 * @param {number} width
 * @param {number} height
 * @returns {Box | null}
 */
export function boundingBox(ink, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (ink[y * width + x] <= FAINT) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? null : { left, top, wide: right - left + 1, high: bottom - top + 1 };
}

/**
 * The box as rows of fewer pixels, each the mean of those it covers.
 *
 * @param {Float32Array} ink
 * @param {number} width
 * @param {Box} box
 * @param {number} side of the box, that becomes DIGIT pixels
 */
function shrink(ink, width, box, side) {
  /** @param {number} length */
  const shrunk = (length) => Math.max(1, Math.round((DIGIT * length) / side));
  const columns = shares(box.left, box.wide, shrunk(box.wide));
  const rows = shares(box.top, box.high, shrunk(box.high));
  /** @param {Share[]} row @param {Share[]} column */
  const mean = (row, column) => {
    let sum = 0;
    for (const [y, rowShare] of row) {
      for (const [x, columnShare] of column) sum += rowShare * columnShare * ink[y * width + x];
    }
    return sum;
  };
  return rows.map((row) => columns.map((column) => mean(row, column)));
}

/**
 * The small picture in the frame, its centre of mass in the middle as far as there is room.
 *
 * @param {number[][]} small
 */
function centre(small) {
  let mass = 0;
  let momentX = 0;
  let momentY = 0;
  small.forEach((row, y) => {
    row.forEach((value, x) => {
      mass += value;
      momentX += value * (x + 0.5);
      momentY += value * (y + 0.5);
    });
  });
  /** @param {number} moment @param {number} length */
  const offset = (moment, length) =>
    clamp(Math.round(SIDE / 2 + 0.5 - moment / mass), 0, SIDE - length);
  const left = offset(momentX, small[0].length);
  const top = offset(momentY, small.length);
  const image = new Float32Array(SIDE * SIDE);
  small.forEach((row, y) => {
    row.forEach((value, x) => {
      image[(y + top) * SIDE + x + left] = Math.min(1, value);
    });
  });
  return image;
}

/**
 * For each of count equal parts of the pixels start to start + length: which pixels it covers.
 *
 * @param {number} start
 * @param {number} length
 * @param {number} count
 * @returns {Share[][]}
 */
function shares(start, length, count) {
  const step = length / count;
  return Array.from({ length: count }, (_, k) => {
    const [from, to] = [k * step, (k + 1) * step];
    /** @type {Share[]} */
    const part = [];
    for (let pixel = Math.floor(from); pixel < to - 1e-9; pixel++) {
      const overlap = Math.min(pixel + 1, to) - Math.max(pixel, from);
      if (overlap > 1e-9) part.push([start + Math.min(pixel, length - 1), overlap / step]);
    }
    return part;
  });
}
