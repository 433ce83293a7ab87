// @ts-check
// The fast products against the plain ones, in shapes that fill no tile, too.
import assert from "node:assert/strict";
import test from "node:test";
import {
  byRows,
  makeSparse,
  multiply,
  multiplySparse,
  transpose,
  transposeSparse,
} from "../../vae_lib/widgets/js/matrices.js";
import { packImages } from "../../vae_lib/widgets/js/training_run.js";
import { makeUniform } from "../../vae_lib/widgets/js/vae.js";

/** @import { Matrix } from "../../vae_lib/widgets/js/matrices.js" */

const uniform = makeUniform(3);

/** @param {number} length */
function randomNumbers(length) {
  return Float32Array.from({ length }, () => 2 * uniform() - 1);
}

/**
 * @param {Matrix} left
 * @param {Matrix} right
 * @param {number} rows
 * @param {number} inner
 * @param {number} columns
 */
function multiplyPlainly(left, right, rows, inner, columns) {
  return Array.from({ length: rows * columns }, (_, place) => {
    const [i, j] = [Math.floor(place / columns), place % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      const a = left.values[i * left.rowStep + k * left.columnStep];
      sum += a * right.values[k * right.rowStep + j * right.columnStep];
    }
    return sum;
  });
}

/** @param {ArrayLike<number>} found @param {ArrayLike<number>} expected */
function assertClose(found, expected) {
  assert.equal(found.length, expected.length);
  for (let k = 0; k < found.length; k++) {
    assert.ok(Math.abs(found[k] - expected[k]) < 1e-5, `number ${k}: ${found[k]}, ${expected[k]}`);
  }
}

for (const [rows, inner, columns] of [
  [4, 3, 4],
  [8, 16, 12],
  [1, 1, 1],
  [5, 7, 9],
  [64, 2, 10],
  [3, 5, 4],
]) {
  test(`a product of ${rows} x ${inner} and ${inner} x ${columns}, transposed or not`, () => {
    const lefts = [
      byRows(randomNumbers(rows * inner), inner),
      transpose(byRows(randomNumbers(rows * inner), rows)),
    ];
    const rights = [
      byRows(randomNumbers(inner * columns), columns),
      transpose(byRows(randomNumbers(inner * columns), inner)),
    ];
    for (const left of lefts) {
      for (const right of rights) {
        const product = new Float32Array(rows * columns).fill(NaN);
        multiply(product, left, right, rows, inner, columns);
        assertClose(product, multiplyPlainly(left, right, rows, inner, columns));
      }
    }
  });
}

const COUNT = 7;
const images = Uint8Array.from({ length: COUNT * 784 }, () =>
  uniform() < 0.2 ? Math.floor(256 * uniform()) : 0,
);
const dense = Float32Array.from(images, (ink) => ink / 255);

test("a product of sparse rows, all of them or some", () => {
  const right = randomNumbers(784 * 5);
  const product = new Float32Array(COUNT * 5).fill(NaN);
  multiplySparse(product, packImages(images), right, 0, COUNT, 5);
  const expected = multiplyPlainly(byRows(dense, 784), byRows(right, 5), COUNT, 784, 5);
  assertClose(product, expected);
  const some = new Float32Array(3 * 5);
  multiplySparse(some, packImages(images), right, 2, 3, 5);
  assertClose(some, expected.slice(2 * 5, 5 * 5));
});

test("a product of transposed sparse rows, twice with the same arrays", () => {
  const transposed = makeSparse(784, COUNT);
  const right = randomNumbers(COUNT * 6);
  const expected = multiplyPlainly(transpose(byRows(dense, 784)), byRows(right, 6), 784, COUNT, 6);
  for (let times = 0; times < 2; times++) {
    transposeSparse(packImages(images), transposed, COUNT, 784);
    const product = new Float32Array(784 * 6).fill(NaN);
    multiplySparse(product, transposed, right, 0, 784, 6);
    assertClose(product, expected);
  }
});
