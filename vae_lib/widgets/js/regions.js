// @ts-check
// On a map that stands still, the region where each class is dense, as a soft tint: a little more
// than half of its codes lie in it.
import { contextOf } from "./canvas.js";
import { make } from "./dom.js";
import { DIGITS } from "./palette.js";
import { clamp } from "./scale.js";

const CELLS = 72; // a side, in which codes are counted
const BANDWIDTH = 2.2; // cells, of the Gaussian that smooths the counts
const EDGE = [0.5, 0.9]; // shares of a region's level between which its tint appears
const TINT = 0.16; // its opacity
const KERNEL = Array.from({ length: 15 }, (_, k) => Math.exp(-((k - 7) ** 2) / 2 / BANDWIDTH ** 2));

/**
 * A small picture for each class, transparent outside of its region, to be drawn over the whole
 * plane.
 *
 * @param {Float32Array} codes
 * @param {[number, number[]][]} classes
 * @param {number} reach
 */
export function tintRegions(codes, classes, reach) {
  return classes.map(([label, rows]) => {
    const cells = rows.map((row) => cellOf(codes[2 * row], codes[2 * row + 1], reach));
    const density = estimateDensity(cells);
    const level = levelOfHalf(density, cells);
    return tint(density, level, DIGITS[label % DIGITS.length]);
  });
}

/**
 * The cell that a code lies in, counted row by row from the top, or -1.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function cellOf(x, y, reach) {
  const column = Math.floor((CELLS * (x + reach)) / (2 * reach));
  const row = Math.floor((CELLS * (reach - y)) / (2 * reach));
  const isInside = Math.min(column, row) >= 0 && Math.max(column, row) < CELLS;
  return isInside ? row * CELLS + column : -1;
}

/**
 * How dense the codes lie around each cell, up to a factor.
 *
 * @param {number[]} cells of the codes
 */
export function estimateDensity(cells) {
  const counts = new Float32Array(CELLS * CELLS);
  for (const cell of cells) if (cell >= 0) counts[cell] += 1;
  return smooth(smooth(counts, 1, CELLS), CELLS, 1);
}

/**
 * Smooths along one axis: of the steps from a cell to the next, along goes with it, and across to
 * the next line.
 *
 * @param {Float32Array} values
 * @param {number} along
 * @param {number} across
 */
function smooth(values, along, across) {
  const smoothed = new Float32Array(values.length);
  const half = (KERNEL.length - 1) / 2;
  for (let line = 0; line < CELLS; line++) {
    for (let cell = 0; cell < CELLS; cell++) {
      const value = values[line * across + cell * along];
      if (value === 0) continue;
      const last = Math.min(CELLS - 1, cell + half);
      for (let to = Math.max(0, cell - half); to <= last; to++) {
        smoothed[line * across + to * along] += value * KERNEL[to - cell + half];
      }
    }
  }
  return smoothed;
}

/**
 * The density that half of the codes lie above.
 *
 * @param {Float32Array} density
 * @param {number[]} cells
 */
export function levelOfHalf(density, cells) {
  const found = cells.map((cell) => (cell < 0 ? 0 : density[cell])).sort((a, b) => a - b);
  return found[Math.floor(found.length / 2)];
}

/** @param {Float32Array} density @param {number} level @param {string} color as #rrggbb */
function tint(density, level, color) {
  const canvas = make("canvas", { width: CELLS, height: CELLS });
  const context = contextOf(canvas);
  const pixels = context.createImageData(CELLS, CELLS);
  const parts = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  for (const [k, value] of density.entries()) {
    const share = clamp((value / (level || 1) - EDGE[0]) / (EDGE[1] - EDGE[0]), 0, 1);
    pixels.data.set([...parts, 255 * TINT * share], 4 * k);
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
