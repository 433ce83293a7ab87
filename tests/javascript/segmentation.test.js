// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import { cutPiece, findPieces } from "../../vae_lib/widgets/js/segmentation.js";

/** @typedef {{ left: number, top: number, wide: number, high: number }} Bar */

/** A sheet of 80 x 50 with black bars on it. @param {Bar[]} bars */
function sheetWith(...bars) {
  const ink = new Float32Array(80 * 50);
  for (const { left, top, wide, high } of bars) {
    for (let y = top; y < top + high; y++) ink.fill(1, y * 80 + left, y * 80 + left + wide);
  }
  return ink;
}

/** @param {Float32Array} ink */
function boxes(ink) {
  return findPieces(ink, 80, 50).map(({ left, top, width, height }) => [left, top, width, height]);
}

test("an empty sheet has no pieces, and dirt is none", () => {
  assert.deepEqual(boxes(sheetWith()), []);
  const bar = { left: 10, top: 5, wide: 10, high: 30 };
  const speck = { left: 40, top: 20, wide: 3, high: 3 };
  assert.deepEqual(boxes(sheetWith(bar, speck)), [[10, 5, 10, 30]]);
});

test("a short part above another belongs to it, and one beside it does not", () => {
  const bow = { left: 10, top: 20, wide: 15, high: 20 };
  const lid = { left: 14, top: 10, wide: 12, high: 4 };
  const neighbour = { left: 40, top: 10, wide: 10, high: 30 };
  assert.deepEqual(boxes(sheetWith(neighbour, lid, bow)), [
    [10, 10, 16, 30],
    [40, 10, 10, 30],
  ]);
});

test("faint ink at the edge of a stroke belongs to it", () => {
  const ink = sheetWith({ left: 10, top: 5, wide: 10, high: 30 });
  for (let y = 5; y < 35; y++) ink[y * 80 + 9] = 0.1;
  assert.deepEqual(boxes(ink), [[9, 5, 11, 30]]);
});

test("two blocks that a thin bridge joins are cut at the bridge, and no ink is lost", () => {
  const ink = sheetWith(
    { left: 10, top: 5, wide: 20, high: 30 },
    { left: 34, top: 5, wide: 20, high: 30 },
    { left: 30, top: 12, wide: 4, high: 2 },
  );
  const [piece] = findPieces(ink, 80, 50);
  const [[left, right]] = cutPiece(piece);
  assert.ok(left.width >= 20 && left.width <= 24, String(left.width));
  assert.equal(right.left + right.width, 54);
  const sum = (/** @type {Float32Array} */ values) => values.reduce((total, one) => total + one, 0);
  assert.equal(sum(left.ink) + sum(right.ink), sum(piece.ink));
});

test("a piece of one column cannot be cut", () => {
  const [piece] = findPieces(sheetWith({ left: 10, top: 5, wide: 1, high: 30 }), 80, 50);
  assert.deepEqual(cutPiece(piece), []);
});
