// @ts-check
// The fast products, by JavaScript and by WebAssembly, against the plain ones, in shapes that fill
// no tile, too.
import assert from "node:assert/strict";
import test from "node:test";
import { compileTile } from "../../vae_lib/widgets/js/compile_tile.js";
import { FastProducts } from "../../vae_lib/widgets/js/fast_products.js";
import { byRows, multiply, transpose, useFastProducts } from "../../vae_lib/widgets/js/matrices.js";
import { makeUniform } from "../../vae_lib/widgets/js/vae.js";

/** @import { Matrix } from "../../vae_lib/widgets/js/matrices.js" */

const fastProducts = new FastProducts(await compileTile());
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
        const expected = multiplyPlainly(left, right, rows, inner, columns);
        for (const products of [null, fastProducts]) {
          useFastProducts(products);
          const product = new Float32Array(rows * columns).fill(NaN);
          multiply(product, left, right, rows, inner, columns);
          assertClose(product, expected);
        }
      }
    }
  });
}

test("a small product after a large one, whose numbers are still in WebAssembly's memory", () => {
  useFastProducts(fastProducts);
  const large = byRows(randomNumbers(300 * 300), 300);
  multiply(new Float32Array(300 * 300), large, large, 300, 300, 300);
  const left = byRows(randomNumbers(5 * 3), 3);
  const right = byRows(randomNumbers(3 * 9), 9);
  const product = new Float32Array(5 * 9);
  multiply(product, left, right, 5, 3, 9);
  assertClose(product, multiplyPlainly(left, right, 5, 3, 9));
});

test("code that is no WebAssembly is refused with an error that the worker catches", () => {
  assert.throws(() => new FastProducts(new Uint8Array(8)), WebAssembly.CompileError);
});
