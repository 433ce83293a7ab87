// @ts-check
// The product of two matrices, as fast as plain JavaScript gets; and where the browser can, by
// WebAssembly (fast_products.js). All of the training uses it.
//
// A matrix is a flat array with two steps: element (i, j) stands at i * rowStep + j * columnStep.
// So a transpose is another look at the same numbers (swap the steps), and nothing is copied.

/** @import { FastProducts } from "./fast_products.js" */

/** @typedef {{ values: Float32Array, rowStep: number, columnStep: number }} Matrix */

const TILE = 4; // rows and columns of the product that are summed up at once

/** @type {FastProducts | null} */
let fastProducts = null;

/**
 * Lets this thread's products be computed by WebAssembly from now on; null: by JavaScript. Sums are
 * of 32 bits there and of 64 here, so the two agree up to rounding.
 *
 * @param {FastProducts | null} products
 */
export function useFastProducts(products) {
  fastProducts = products;
}

/**
 * A matrix whose rows stand one after the other.
 *
 * @param {Float32Array} values
 * @param {number} columns
 */
export function byRows(values, columns) {
  return { values, rowStep: columns, columnStep: 1 };
}

/** @param {Matrix} matrix @returns {Matrix} */
export function transpose({ values, rowStep, columnStep }) {
  return { values, rowStep: columnStep, columnStep: rowStep };
}

/**
 * product = left · right, for left (rows, inner) and right (inner, columns); product has rows one
 * after the other.
 *
 * @param {Float32Array} product
 * @param {Matrix} left
 * @param {Matrix} right
 * @param {number} rows
 * @param {number} inner
 * @param {number} columns
 */
export function multiply(product, left, right, rows, inner, columns) {
  if (fastProducts) fastProducts.multiply(product, left, right, rows, inner, columns);
  else multiplyByTiles(product, left, right, rows, inner, columns);
}

/**
 * @param {Float32Array} product
 * @param {Matrix} left
 * @param {Matrix} right
 * @param {number} rows
 * @param {number} inner
 * @param {number} columns
 */
function multiplyByTiles(product, left, right, rows, inner, columns) {
  for (let i = 0; i < rows; i += TILE) {
    for (let j = 0; j < columns; j += TILE) {
      const isWhole = i + TILE <= rows && j + TILE <= columns;
      if (isWhole) multiplyTile(product, left, right, i, j, inner, columns);
      else multiplyEdge(product, left, right, i, j, rows, inner, columns);
    }
  }
}

/**
 * Sixteen sums at once, in variables that stay in the processor's registers: eight numbers that are
 * read serve sixteen products, where one sum alone would read two numbers for each.
 *
 * @param {Float32Array} product
 * @param {Matrix} left
 * @param {Matrix} right
 * @param {number} i first row of the tile
 * @param {number} j first column of the tile
 * @param {number} inner
 * @param {number} columns
 */
function multiplyTile(product, left, right, i, j, inner, columns) {
  const a = left.values;
  const b = right.values;
  const nextA = left.columnStep;
  const nextB = right.rowStep;
  let a0 = i * left.rowStep;
  let a1 = a0 + left.rowStep;
  let a2 = a1 + left.rowStep;
  let a3 = a2 + left.rowStep;
  let b0 = j * right.columnStep;
  let b1 = b0 + right.columnStep;
  let b2 = b1 + right.columnStep;
  let b3 = b2 + right.columnStep;
  let sum00 = 0;
  let sum01 = 0;
  let sum02 = 0;
  let sum03 = 0;
  let sum10 = 0;
  let sum11 = 0;
  let sum12 = 0;
  let sum13 = 0;
  let sum20 = 0;
  let sum21 = 0;
  let sum22 = 0;
  let sum23 = 0;
  let sum30 = 0;
  let sum31 = 0;
  let sum32 = 0;
  let sum33 = 0;
  for (let k = 0; k < inner; k++) {
    const right0 = b[b0];
    const right1 = b[b1];
    const right2 = b[b2];
    const right3 = b[b3];
    const left0 = a[a0];
    sum00 += left0 * right0;
    sum01 += left0 * right1;
    sum02 += left0 * right2;
    sum03 += left0 * right3;
    const left1 = a[a1];
    sum10 += left1 * right0;
    sum11 += left1 * right1;
    sum12 += left1 * right2;
    sum13 += left1 * right3;
    const left2 = a[a2];
    sum20 += left2 * right0;
    sum21 += left2 * right1;
    sum22 += left2 * right2;
    sum23 += left2 * right3;
    const left3 = a[a3];
    sum30 += left3 * right0;
    sum31 += left3 * right1;
    sum32 += left3 * right2;
    sum33 += left3 * right3;
    a0 += nextA;
    a1 += nextA;
    a2 += nextA;
    a3 += nextA;
    b0 += nextB;
    b1 += nextB;
    b2 += nextB;
    b3 += nextB;
  }
  const row0 = i * columns + j;
  const row1 = row0 + columns;
  const row2 = row1 + columns;
  const row3 = row2 + columns;
  product[row0] = sum00;
  product[row0 + 1] = sum01;
  product[row0 + 2] = sum02;
  product[row0 + 3] = sum03;
  product[row1] = sum10;
  product[row1 + 1] = sum11;
  product[row1 + 2] = sum12;
  product[row1 + 3] = sum13;
  product[row2] = sum20;
  product[row2 + 1] = sum21;
  product[row2 + 2] = sum22;
  product[row2 + 3] = sum23;
  product[row3] = sum30;
  product[row3 + 1] = sum31;
  product[row3 + 2] = sum32;
  product[row3 + 3] = sum33;
}

/**
 * What is left of a tile at the right or lower edge, one sum at a time.
 *
 * @param {Float32Array} product
 * @param {Matrix} left
 * @param {Matrix} right
 * @param {number} firstRow
 * @param {number} firstColumn
 * @param {number} rows
 * @param {number} inner
 * @param {number} columns
 */
function multiplyEdge(product, left, right, firstRow, firstColumn, rows, inner, columns) {
  const endRow = Math.min(firstRow + TILE, rows);
  const endColumn = Math.min(firstColumn + TILE, columns);
  for (let i = firstRow; i < endRow; i++) {
    for (let j = firstColumn; j < endColumn; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const a = left.values[i * left.rowStep + k * left.columnStep];
        sum += a * right.values[k * right.rowStep + j * right.columnStep];
      }
      product[i * columns + j] = sum;
    }
  }
}
