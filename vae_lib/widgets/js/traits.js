// @ts-check
// Traits as Python sent them: bytes become typed arrays.

export const PIXELS = 784; // of an image, 28 x 28

/** The bytes of a view, from the start of a buffer of their own: typed arrays want alignment.
 * @param {DataView} view
 */
function copy({ buffer, byteOffset, byteLength }) {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** @param {DataView} view */
export const float32 = (view) => new Float32Array(copy(view));

/** @param {DataView} view */
export const uint8 = (view) => new Uint8Array(copy(view));

/** @param {DataView} view */
export const int8 = (view) => new Int8Array(copy(view));

/**
 * The digits of a map: their codes (two numbers each), labels and raw images.
 *
 * @param {import("./types.js").Model<import("./types.js").MapTraits>} model
 */
export function readDigits(model) {
  return {
    codes: float32(model.get("codes")),
    labels: uint8(model.get("labels")),
    images: uint8(model.get("images")),
  };
}

/**
 * Image number index of a stack of raw ones, as 784 numbers in [0, 1].
 *
 * @param {Uint8Array} images
 * @param {number} index
 */
export function imageAt(images, index) {
  const raw = images.subarray(PIXELS * index, PIXELS * (index + 1));
  return new Float32Array(raw).map((value) => value / 255);
}

/**
 * Code number index of a stack of two-dimensional ones.
 *
 * @param {Float32Array} codes
 * @param {number} index
 */
export function codeAt(codes, index) {
  return codes.subarray(2 * index, 2 * index + 2);
}

/**
 * Part number index of an array that holds count parts of one length: an epoch's codes, say.
 *
 * @template {Float32Array | Uint8Array} T
 * @param {T} array
 * @param {number} index
 * @param {number} count
 * @returns {T}
 */
export function partAt(array, index, count) {
  const length = array.length / count;
  return /** @type {T} */ (array.subarray(length * index, length * (index + 1)));
}

/**
 * Which classes there are, in order, each with the indices of its digits.
 *
 * @param {Uint8Array} labels
 * @returns {Map<number, number[]>}
 */
export function indicesByClass(labels) {
  /** @type {Map<number, number[]>} */
  const classes = new Map();
  for (const label of [...new Set(labels)].sort((a, b) => a - b)) classes.set(label, []);
  labels.forEach((label, index) => {
    classes.get(label)?.push(index);
  });
  return classes;
}

/**
 * Sets a trait and tells Python.
 *
 * @template {import("./types.js").ObjectHash} T
 * @param {import("./types.js").Model<T>} model
 */
export function setter(model) {
  /** @type {<K extends keyof T>(name: K, value: T[K]) => void} */
  return (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
}
