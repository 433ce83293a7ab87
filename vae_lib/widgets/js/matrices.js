// @ts-check
// Products of matrices, as fast as plain JavaScript gets: two kernels that all of the training
// uses.
//
// A matrix is a flat array with two steps: element (i, j) stands at i * rowStep + j * columnStep.
// So a transpose is another look at the same numbers (swap the steps), and nothing is copied.

/** @typedef {{ values: Float32Array, rowStep: number, columnStep: number }} Matrix */

/**
 * Rows of mostly zeros. Of row i, the numbers that are not zero are values[starts[i]] to
 * values[starts[i + 1] - 1], and columns holds where in the row they stand.
 *
 * @typedef {{ starts: Int32Array, columns: Int32Array, values: Float32Array }} SparseRows
 */

const TILE = 4; // rows and columns of the product that are summed up at once

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

/**
 * product = sparse · right, for so many rows of sparse from first on: a row is the sum of those
 * rows of right that the sparse row names, each times its value. Four fifths of an image is paper,
 * so four fifths of the work is not done.
 *
 * @param {Float32Array} product (rows, columns)
 * @param {SparseRows} sparse (first + rows or more, inner)
 * @param {Float32Array} right (inner, columns), rows one after the other
 * @param {number} first
 * @param {number} rows
 * @param {number} columns
 */
export function multiplySparse(product, sparse, right, first, rows, columns) {
  const { starts } = sparse;
  product.fill(0, 0, rows * columns);
  for (let i = 0; i < rows; i++) {
    const end = starts[first + i + 1];
    let k = starts[first + i];
    // four at a time: each sum is read and written once for four products
    for (; k + 4 <= end; k += 4) addFourRows(product, i * columns, sparse, k, right, columns);
    for (; k < end; k++) addRow(product, i * columns, sparse, k, right, columns);
  }
}

/**
 * @param {Float32Array} product
 * @param {number} start of the row in product
 * @param {SparseRows} sparse
 * @param {number} k first of the four values
 * @param {Float32Array} right
 * @param {number} columns
 */
function addFourRows(product, start, sparse, k, right, columns) {
  const value0 = sparse.values[k];
  const value1 = sparse.values[k + 1];
  const value2 = sparse.values[k + 2];
  const value3 = sparse.values[k + 3];
  const row0 = sparse.columns[k] * columns;
  const row1 = sparse.columns[k + 1] * columns;
  const row2 = sparse.columns[k + 2] * columns;
  const row3 = sparse.columns[k + 3] * columns;
  for (let j = 0; j < columns; j++) {
    product[start + j] +=
      value0 * right[row0 + j] +
      value1 * right[row1 + j] +
      value2 * right[row2 + j] +
      value3 * right[row3 + j];
  }
}

/**
 * @param {Float32Array} product
 * @param {number} start of the row in product
 * @param {SparseRows} sparse
 * @param {number} k
 * @param {Float32Array} right
 * @param {number} columns
 */
function addRow(product, start, sparse, k, right, columns) {
  const value = sparse.values[k];
  const row = sparse.columns[k] * columns;
  for (let j = 0; j < columns; j++) product[start + j] += value * right[row + j];
}

/**
 * Room for so many rows of so many columns, of which all may be other than zero.
 *
 * @param {number} rows
 * @param {number} columns
 * @returns {SparseRows}
 */
export function makeSparse(rows, columns) {
  return {
    starts: new Int32Array(rows + 1),
    columns: new Int32Array(rows * columns),
    values: new Float32Array(rows * columns),
  };
}

/**
 * The transpose of sparse rows, written into another: the numbers are counted by column, which
 * tells where each column's begin, and then put there in order.
 *
 * @param {SparseRows} sparse (rows, columns)
 * @param {SparseRows} transposed (columns, rows)
 * @param {number} rows
 * @param {number} columns
 */
export function transposeSparse(sparse, transposed, rows, columns) {
  const { starts } = transposed;
  const count = sparse.starts[rows];
  starts.fill(0);
  for (let k = 0; k < count; k++) starts[sparse.columns[k] + 1] += 1;
  for (let column = 0; column < columns; column++) starts[column + 1] += starts[column];
  for (let row = 0; row < rows; row++) {
    for (let k = sparse.starts[row]; k < sparse.starts[row + 1]; k++) {
      const column = sparse.columns[k];
      const place = starts[column];
      transposed.columns[place] = row;
      transposed.values[place] = sparse.values[k];
      starts[column] += 1; // now where the next number of this column goes
    }
  }
  // each start has moved to the end of its column, which is where the next column begins
  starts.copyWithin(1, 0, columns);
  starts[0] = 0;
}
