// @ts-check
// How unlike a digit an image is: the numbers of vae_lib.ood, which says what they mean.
/** @import { Vae } from "./types.js" */
import { decode, encode, nearest } from "./vae.js";

const NEIGHBOURS = 5; // codes that a code is compared with
const SIDE = 28;
const FINER = 4; // pixels of the enlarged image for each pixel, along each axis
const FINE_SIDE = FINER * SIDE;
const MIDDLE = FINER * (SIDE / 2 + 0.5); // of pixel (14, 14)

/**
 * What a drawing is compared with: two models, codes of labelled digits under the first, and the
 * percentiles 0 to 100 of the score of real digits.
 *
 * @typedef {{
 *   codeVae: Vae, imageVae: Vae, codes: Float32Array, labels: Uint8Array, dim: number,
 *   percentiles: Float32Array,
 * }} Reference
 */

/**
 * The score, and the reference codes nearest to the image's code, nearest first.
 *
 * @param {Reference} reference
 * @param {Float32Array} image 784 numbers in [0, 1]
 * @param {number} count of neighbours to return, at least 5
 */
export function oodScore({ codeVae, imageVae, codes, dim }, image, count = NEIGHBOURS) {
  const framed = canonicalFrame(image);
  const neighbours = nearest(codes, dim, encode(codeVae, framed).mean, count);
  let codeDistance = 0;
  for (const { distance } of neighbours.slice(0, NEIGHBOURS)) codeDistance += distance / NEIGHBOURS;
  const reconstruction = decode(imageVae, encode(imageVae, framed).mean);
  const imageDistance = Math.hypot(...smooth(framed.map((ink, k) => ink - reconstruction[k])));
  return { score: codeDistance ** 2 * imageDistance, neighbours };
}

/**
 * The image without its sharpness, darkness and place: enlarged, thresholded at half of the most
 * ink, centred and shrunk again.
 *
 * @param {Float32Array} image 784 numbers in [0, 1]
 */
export function canonicalFrame(image) {
  const darkest = image.reduce((most, ink) => Math.max(most, ink), 0);
  const framed = new Float32Array(SIDE * SIDE);
  if (darkest === 0) return framed;
  const fine = enlarge(image);
  /** @type {[number, number][]} */
  const inked = [];
  fine.forEach((ink, place) => {
    if (ink > darkest / 2) inked.push([Math.floor(place / FINE_SIDE), place % FINE_SIDE]);
  });
  const down = toMiddle(inked.map(([y]) => y));
  const right = toMiddle(inked.map(([, x]) => x));
  for (const [y, x] of inked) {
    const row = Math.floor((y + down) / FINER);
    const column = Math.floor((x + right) / FINER);
    const isInside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
    if (isInside) framed[row * SIDE + column] += 1 / FINER ** 2;
  }
  return framed;
}

/** Smoothed along rows and columns. @param {Float32Array} image */
function smooth(image) {
  const alongRows = smoothAlong(image, 1, (k) => k % SIDE);
  return smoothAlong(alongRows, SIDE, (k) => Math.floor(k / SIDE));
}

/**
 * The weights 1/8, 3/4, 1/8 along one axis; beyond the edge is nothing.
 *
 * @param {Float32Array} image
 * @param {number} step from a pixel to the next one along the axis
 * @param {(k: number) => number} placeOf the pixel's place along the axis
 */
function smoothAlong(image, step, placeOf) {
  return image.map((value, k) => {
    const before = placeOf(k) > 0 ? image[k - step] : 0;
    const after = placeOf(k) < SIDE - 1 ? image[k + step] : 0;
    return 0.75 * value + 0.125 * (before + after);
  });
}

/** Four times as wide and as high, interpolated linearly. @param {Float32Array} image */
function enlarge(image) {
  const wide = new Float64Array(SIDE * FINE_SIDE); // rows of the image, in fine columns
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < FINE_SIDE; x++) {
      wide[y * FINE_SIDE + x] = between(x, (column) => image[y * SIDE + column]);
    }
  }
  const fine = new Float64Array(FINE_SIDE * FINE_SIDE);
  for (let y = 0; y < FINE_SIDE; y++) {
    for (let x = 0; x < FINE_SIDE; x++) {
      fine[y * FINE_SIDE + x] = between(y, (row) => wide[row * FINE_SIDE + x]);
    }
  }
  return fine;
}

/**
 * The value at a fine place, from the two pixels whose middles are nearest; beyond the edge is
 * paper.
 *
 * @param {number} fine
 * @param {(pixel: number) => number} inkAt
 */
function between(fine, inkAt) {
  const place = (fine + 0.5) / FINER - 0.5; // in pixels of the image
  const before = Math.floor(place);
  const share = place - before;
  const inkBefore = before >= 0 ? inkAt(before) : 0;
  const inkAfter = before + 1 < SIDE ? inkAt(before + 1) : 0;
  return (1 - share) * inkBefore + share * inkAfter;
}

/**
 * How far to move pixels so that their centre of mass is in the middle.
 *
 * @param {number[]} places
 */
function toMiddle(places) {
  const sum = places.reduce((total, place) => total + place, 0);
  return Math.floor(MIDDLE - (sum / places.length + 0.5) + 0.5);
}
