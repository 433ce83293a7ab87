// @ts-check
// Products of matrices by WebAssembly, whose instructions multiply four numbers at once. The
// innermost loop is product_tile.wat; here both matrices are copied into its memory, laid out in
// the order in which it reads them, and the product is copied out. Where a matrix fills no tile,
// the tile's other rows and columns hold whatever is there, and nobody reads their sums.
/** @import { Matrix } from "./matrices.js" */

const ROWS = 4; // of a tile
const COLUMNS = 8;
const BYTES = 4; // of a number
const PAGE = 65_536; // bytes by which WebAssembly's memory grows

/**
 * @typedef {{
 *   memory: WebAssembly.Memory,
 *   multiplyTile: (
 *     left: number, right: number, inner: number, product: number, rowBytes: number
 *   ) => void
 * }} Tile
 */

export class FastProducts {
  #tile;

  /**
   * Throws a WebAssembly.CompileError where the browser does not know the instructions.
   *
   * @param {Uint8Array<ArrayBuffer>} code product_tile.wat, compiled
   */
  constructor(code) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code));
    this.#tile = /** @type {Tile} */ (/** @type {unknown} */ (exports));
  }

  /**
   * As multiply in matrices.js.
   *
   * @param {Float32Array} product
   * @param {Matrix} left
   * @param {Matrix} right
   * @param {number} rows
   * @param {number} inner at least 1
   * @param {number} columns
   */
  multiply(product, left, right, rows, inner, columns) {
    const paddedRows = ROWS * Math.ceil(rows / ROWS);
    const paddedColumns = COLUMNS * Math.ceil(columns / COLUMNS);
    const rightStart = paddedRows * inner;
    const productStart = rightStart + inner * paddedColumns;
    const numbers = this.#makeRoom(productStart + paddedRows * paddedColumns);

    // the left matrix by its rows, the right one by its columns: the same work for both
    layOut(numbers, 0, left.values, left.rowStep, left.columnStep, rows, inner, ROWS);
    const { values, rowStep, columnStep } = right;
    layOut(numbers, rightStart, values, columnStep, rowStep, columns, inner, COLUMNS);
    this.#multiplyTiles(paddedRows, inner, paddedColumns, rightStart, productStart);

    for (let i = 0; i < rows; i++) {
      const start = productStart + i * paddedColumns;
      product.set(numbers.subarray(start, start + columns), i * columns);
    }
  }

  /** The memory as numbers, at least so many. @param {number} length */
  #makeRoom(length) {
    const { memory } = this.#tile;
    const missing = length * BYTES - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return new Float32Array(memory.buffer);
  }

  /**
   * @param {number} rows
   * @param {number} inner
   * @param {number} columns
   * @param {number} rightStart
   * @param {number} productStart
   */
  #multiplyTiles(rows, inner, columns, rightStart, productStart) {
    const { multiplyTile } = this.#tile;
    const rowBytes = BYTES * columns;
    for (let j = 0; j < columns; j += COLUMNS) {
      const right = BYTES * (rightStart + j * inner);
      for (let i = 0; i < rows; i += ROWS) {
        const left = BYTES * i * inner;
        const product = BYTES * (productStart + i * columns + j);
        multiplyTile(left, right, inner, product, rowBytes);
      }
    }
  }
}

/**
 * Writes lines of numbers, so many side by side: first number of each line, second of each, and so
 * on, then the next lines. What is missing in the last group leaves its places as they are.
 *
 * @param {Float32Array} numbers to write into
 * @param {number} start in numbers
 * @param {Float32Array} values
 * @param {number} lineStep in values, from a line to the next
 * @param {number} step in values, from a number of a line to the next
 * @param {number} lines
 * @param {number} length of a line
 * @param {number} width lines side by side
 */
function layOut(numbers, start, values, lineStep, step, lines, length, width) {
  let place = start;
  for (let first = 0; first < lines; first += width) {
    const filled = Math.min(width, lines - first);
    for (let k = 0; k < length; k++) {
      let from = first * lineStep + k * step;
      for (let line = 0; line < filled; line++) {
        numbers[place + line] = values[from];
        from += lineStep;
      }
      place += width;
    }
  }
}
