// @ts-check
// Encoder and decoder between the parts of a picture of the model: the one narrows, the other widens.
import { box, make } from "./dom.js";
import { svg } from "./svg.js";

const MOUTH = [37, 63]; // of the low side, in percent of the tall one

/**
 * @param {"encoder" | "decoder"} part
 * @param {string} sizes what goes in and comes out
 * @param {string[]} symbols at the low side, in order
 */
export function funnel(part, sizes, symbols) {
  const [low, high] = MOUTH;
  const isEncoder = part === "encoder";
  // one for parts side by side, one for parts below each other; a style shows one of them
  const across = isEncoder
    ? `0,0 100,${low} 100,${high} 0,100`
    : `0,${low} 100,0 100,100 0,${high}`;
  const down = isEncoder ? `0,0 100,0 ${high},100 ${low},100` : `${low},0 ${high},0 100,100 0,100`;
  const shape = svg(
    "svg",
    { viewBox: "0 0 100 100", preserveAspectRatio: "none" },
    svg("polygon", { class: "vw-across", points: across }),
    svg("polygon", { class: "vw-down", points: down }),
  );
  const words = box("vw-funnel-words", make("b", {}, part), make("span", {}, sizes));
  const ends = symbols.map((symbol) => make("i", { class: "vw-end" }, symbol));
  const attributes = { class: `vw-funnel vw-funnel-${part}`, "aria-hidden": "true" };
  return make("div", attributes, shape, words, ...ends);
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
