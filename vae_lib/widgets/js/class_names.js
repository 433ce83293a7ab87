// @ts-check
// Where on a map the name of each class stands: at the densest place of its codes. On a map that
// moves the place follows slowly, so that the names do not tremble while the points move.
import { indicesByClass } from "./traits.js";

const BANDWIDTH = 0.09; // of the density, as a share of the map's reach
const ROUNDS = 4; // of mean shift a frame, from where the name stood
const STARTS = 24; // codes of a class from which a map that stands still is climbed
const DENSER = 1.25; // a name leaves its place for one that is so many times denser
const FOLLOWS = 0.12; // share of the way that a name goes in a frame
const APART = 0.15; // least distance between two names, as a share of the reach

/** @typedef {{ label: number, x: number, y: number }} Name */

/**
 * The places on a map that stands still, where there is time to look for the densest of all.
 *
 * @param {ArrayLike<number>} codes
 * @param {Uint8Array} labels
 * @param {number} reach
 * @returns {Name[]}
 */
export function placeNames(codes, labels, reach) {
  const width = BANDWIDTH * reach;
  const classes = [...indicesByClass(labels)];
  const dense = classes.map(([, rows]) => densestOfAll(codes, rows, width));
  const wanted = pushApart(dense, APART * reach);
  return classes.map(([label], k) => ({ label, x: wanted[k][0], y: wanted[k][1] }));
}

/**
 * For a map that moves.
 *
 * @param {Uint8Array} labels
 */
export function createNamePlacer(labels) {
  const classes = [...indicesByClass(labels)];
  /** @type {[number, number][]} */
  let dense = []; // by class, before names are pushed apart
  /** @type {Name[]} */
  let names = [];

  return {
    /** Forgets the places: the next ones are taken at once. */
    reset() {
      dense = [];
      names = [];
    },
    /**
     * @param {ArrayLike<number>} codes
     * @param {number} reach
     * @returns {Name[]}
     */
    place(codes, reach) {
      const width = BANDWIDTH * reach;
      dense = classes.map(([, rows], k) => densest(codes, rows, width, dense[k]));
      const wanted = pushApart(dense, APART * reach);
      names = classes.map(([label], k) => {
        const [x, y] = wanted[k];
        const from = names[k] ?? { x, y };
        return { label, x: from.x + FOLLOWS * (x - from.x), y: from.y + FOLLOWS * (y - from.y) };
      });
      return names;
    },
  };
}

/**
 * The densest place near where it was, or near the mean if it is much denser there.
 *
 * @param {ArrayLike<number>} codes
 * @param {number[]} rows of the class
 * @param {number} width
 * @param {[number, number] | undefined} before
 * @returns {[number, number]}
 */
function densest(codes, rows, width, before) {
  const anew = climb(codes, rows, width, meanOf(codes, rows));
  if (!before) return [anew.x, anew.y];
  const followed = climb(codes, rows, width, before);
  const best = anew.density > DENSER * followed.density ? anew : followed;
  return [best.x, best.y];
}

/**
 * The densest place that a climb from some of the codes reaches.
 *
 * @param {ArrayLike<number>} codes
 * @param {number[]} rows
 * @param {number} width
 * @returns {[number, number]}
 */
function densestOfAll(codes, rows, width) {
  const step = Math.ceil(rows.length / STARTS);
  let best = climb(codes, rows, width, meanOf(codes, rows));
  for (let k = 0; k < rows.length; k += step) {
    const start = climb(codes, rows, width, [codes[2 * rows[k]], codes[2 * rows[k] + 1]]);
    if (start.density > best.density) best = start;
  }
  return [best.x, best.y];
}

/** @param {ArrayLike<number>} codes @param {number[]} rows @returns {[number, number]} */
function meanOf(codes, rows) {
  let [x, y] = [0, 0];
  for (const row of rows) {
    x += codes[2 * row] / rows.length;
    y += codes[2 * row + 1] / rows.length;
  }
  return [x, y];
}

/**
 * Mean shift: goes again and again to the mean of the codes around, weighted by a Gaussian.
 *
 * @param {ArrayLike<number>} codes
 * @param {number[]} rows
 * @param {number} width of the Gaussian
 * @param {[number, number]} start
 */
function climb(codes, rows, width, start) {
  let [x, y] = start;
  let density = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let [sumX, sumY] = [0, 0];
    density = 0;
    for (const row of rows) {
      const [codeX, codeY] = [codes[2 * row], codes[2 * row + 1]];
      const weight = Math.exp(-((codeX - x) ** 2 + (codeY - y) ** 2) / (2 * width * width));
      density += weight;
      sumX += weight * codeX;
      sumY += weight * codeY;
    }
    if (density < 1e-6) return { x, y, density: 0 }; // the codes have gone: the mean is better
    [x, y] = [sumX / density, sumY / density];
  }
  return { x, y, density };
}

/**
 * Moves places that are too near to each other apart, each by half of what is missing.
 *
 * @param {[number, number][]} places
 * @param {number} distance
 */
function pushApart(places, distance) {
  const moved = places.map(([x, y]) => [x, y]);
  for (let round = 0; round < 12; round++) {
    for (let k = 0; k < moved.length; k++) {
      for (let other = 0; other < k; other++) separate(moved[k], moved[other], distance, k);
    }
  }
  return moved;
}

/**
 * @param {number[]} one
 * @param {number[]} other
 * @param {number} distance
 * @param {number} turn gives two names at the very same place a direction
 */
function separate(one, other, distance, turn) {
  let [x, y] = [one[0] - other[0], one[1] - other[1]];
  let length = Math.hypot(x, y);
  if (length >= distance) return;
  if (length < 1e-9) {
    [x, y, length] = [Math.cos(turn), Math.sin(turn), 1];
    one[0] += 1e-6 * x;
    one[1] += 1e-6 * y;
  }
  const push = (distance - Math.min(length, distance)) / 2 / length;
  one[0] += push * x;
  one[1] += push * y;
  other[0] -= push * x;
  other[1] -= push * y;
}

/**
 * The names, those too near a place moved away from it.
 *
 * @param {Name[]} names
 * @param {ArrayLike<number> | null} place
 * @param {number} distance
 */
export function keepClear(names, place, distance) {
  if (!place) return names;
  return names.map((name) => {
    const [right, up] = [name.x - place[0], name.y - place[1]];
    const apart = Math.hypot(right, up);
    if (apart >= distance) return name;
    const [x, y] = apart > 0 ? [right / apart, up / apart] : [0, 1];
    return { ...name, x: place[0] + distance * x, y: place[1] + distance * y };
  });
}
