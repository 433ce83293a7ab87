// @ts-check
// Small drawings to begin with: lines of our own, as a hand would draw them, and no image of a data
// set.
/** @import { Point } from "./types.js" */
import { box, make } from "./dom.js";
import { svg } from "./svg.js";

/** Lines through points of the unit square, from its top left corner. @typedef {Point[][]} Lines */

/** @typedef {{ name: string, lines: Lines }} Example */

const ROUND = 24; // points of a curve
const CORNERS = 5; // of the star
const INNER = 0.42; // radius of the star's inner corners, as a share of the outer

/** @type {Example[]} */
export const EXAMPLES = [
  {
    name: "a 4",
    lines: [
      [
        [0.34, 0.17],
        [0.26, 0.52],
        [0.74, 0.52],
      ],
      [
        [0.67, 0.17],
        [0.64, 0.84],
      ],
    ],
  },
  {
    name: "an 8",
    lines: [[...arc([0.5, 0.33], 0.15, 90, 450), ...arc([0.5, 0.67], 0.18, -90, 270)]],
  },
  {
    name: "a letter A",
    lines: [
      [
        [0.2, 0.84],
        [0.5, 0.16],
        [0.8, 0.84],
      ],
      [
        [0.32, 0.6],
        [0.68, 0.6],
      ],
    ],
  },
  { name: "a star", lines: [star([0.5, 0.53], 0.38)] },
];

/**
 * A row of buttons, each a small picture of what it draws.
 *
 * @param {(lines: Lines) => void} ondraw
 */
export function createExamples(ondraw) {
  const buttons = EXAMPLES.map(({ name, lines }) =>
    make(
      "button",
      { type: "button", "aria-label": `Draw ${name}`, title: name, onclick: () => ondraw(lines) },
      pictogram(lines),
    ),
  );
  const row = box("vw-examples", make("span", {}, "or try"), ...buttons);
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Examples");
  return row;
}

/** @param {Lines} lines */
function pictogram(lines) {
  const paths = lines.map((line) =>
    svg("polyline", { points: line.map(([x, y]) => `${24 * x},${24 * y}`).join(" ") }),
  );
  return svg("svg", { class: "vw-icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, ...paths);
}

/**
 * @param {Point} center
 * @param {number} radius
 * @param {number} start in degrees from the right, clockwise
 * @param {number} end
 * @returns {Point[]}
 */
function arc([x, y], radius, start, end) {
  return Array.from({ length: ROUND + 1 }, (_, k) => {
    const angle = ((start + ((end - start) * k) / ROUND) * Math.PI) / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

/**
 * Its outline, from the upper corner round and back.
 *
 * @param {Point} center
 * @param {number} radius
 * @returns {Point[]}
 */
function star([x, y], radius) {
  return Array.from({ length: 2 * CORNERS + 1 }, (_, k) => {
    const angle = (Math.PI * k) / CORNERS - Math.PI / 2;
    const reach = k % 2 === 0 ? radius : INNER * radius;
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  });
}
