// @ts-check
// Encoder and decoder between the parts of a picture of the model: the one narrows, the other
// widens.
import { box, make } from "./dom.js";

/**
 * @param {"encoder" | "decoder"} part
 * @param {[string, string]} sizes how many numbers go in and come out
 * @param {string[]} symbols at the low side, in order
 */
export function funnel(part, sizes, symbols) {
  const [from, to] = sizes.map((size) => make("span", {}, size));
  const words = box(
    "vw-funnel-words",
    make("b", {}, part),
    box("vw-sizes", from, make("span", {}, "→"), to),
  );
  const ends = symbols.flatMap((symbol) => [
    make("i", { class: "vw-end" }, symbol),
    box("vw-link"),
  ]);
  const attributes = { class: `vw-funnel vw-funnel-${part}`, "aria-hidden": "true" };
  return make("div", attributes, box("vw-cone"), words, ...ends);
}

/**
 * On a map, a line that joins a funnel's low side to a place.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./types.js").Point} start
 * @param {import("./types.js").Point} end
 * @param {string} color
 * @param {boolean} [isAcross] whether it leaves and arrives level
 */
export function drawThread(context, [fromX, fromY], [toX, toY], color, isAcross = true) {
  const [bendX, bendY] = isAcross ? [(toX - fromX) / 2, 0] : [0, (toY - fromY) / 2];
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.bezierCurveTo(fromX + bendX, fromY + bendY, toX - bendX, toY - bendY, toX, toY);
  for (const [width, style] of /** @type {const} */ ([
    [5, "rgb(255 255 255 / 0.7)"],
    [2, `${color}80`], // half of it: the points and the names of classes come first
  ])) {
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  }
}
