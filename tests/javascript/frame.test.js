// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import { frame } from "../../vae_lib/widgets/js/frame.js";

const SIDE = 100;

/**
 * A sheet with a black box on it.
 *
 * @param {{ left: number, top: number, wide: number, high: number }} box
 */
function sheetWith({ left, top, wide, high }) {
  const ink = new Float32Array(SIDE * SIDE);
  for (let y = top; y < top + high; y++) ink.fill(1, y * SIDE + left, y * SIDE + left + wide);
  return ink;
}

/** Rows and columns of the 28 x 28 frame that hold ink. @param {Float32Array} image */
function extent(image) {
  const places = [...image.keys()].filter((pixel) => image[pixel] > 0);
  const rows = places.map((pixel) => Math.floor(pixel / 28));
  const columns = places.map((pixel) => pixel % 28);
  return {
    rows: [Math.min(...rows), Math.max(...rows)],
    columns: [Math.min(...columns), Math.max(...columns)],
  };
}

test("an empty sheet has no frame, nor has one with less ink than the eye sees", () => {
  assert.equal(frame(new Float32Array(SIDE * SIDE), SIDE, SIDE), null);
  assert.equal(frame(new Float32Array(SIDE * SIDE).fill(0.01), SIDE, SIDE), null);
});

test("the longest side becomes twenty pixels, and the other keeps its proportion", () => {
  const framed = frame(sheetWith({ left: 3, top: 50, wide: 20, high: 40 }), SIDE, SIDE);
  assert.ok(framed);
  assert.equal(framed.side, 40);
  const { rows, columns } = extent(framed.image);
  assert.equal(rows[1] - rows[0] + 1, 20);
  assert.equal(columns[1] - columns[0] + 1, 10);
});

test("ink is neither won nor lost: a black box stays black", () => {
  const framed = frame(sheetWith({ left: 10, top: 10, wide: 33, high: 50 }), SIDE, SIDE);
  assert.ok(framed);
  const inks = [...framed.image].filter((ink) => ink > 0);
  assert.ok(inks.every((ink) => Math.abs(ink - 1) < 1e-6));
  assert.equal(inks.length, 20 * 13);
});

test("the centre of mass comes to the middle of pixel (14, 14), wherever it was drawn", () => {
  const corner = frame(sheetWith({ left: 0, top: 0, wide: 30, high: 30 }), SIDE, SIDE);
  const middle = frame(sheetWith({ left: 35, top: 35, wide: 30, high: 30 }), SIDE, SIDE);
  assert.ok(corner && middle);
  assert.deepEqual(corner.image, middle.image);
  assert.deepEqual(extent(corner.image), { rows: [5, 24], columns: [5, 24] });
});

test("a digit with its mass at one end is not pushed over the edge", () => {
  const ink = sheetWith({ left: 20, top: 10, wide: 60, high: 20 });
  for (let y = 30; y < 90; y++) ink[y * SIDE + 50] = 0.5;
  const framed = frame(ink, SIDE, SIDE);
  assert.ok(framed);
  assert.deepEqual(extent(framed.image).rows, [8, 27]);
});
