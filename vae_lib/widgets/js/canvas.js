// @ts-check
// Marks on a canvas, each with a white halo where it has to be told from what lies below.
import { INK } from "./palette.js";
import { PIXELS } from "./traits.js";

export const FONT = "system-ui, sans-serif";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("This browser has no two-dimensional canvas.");
  return context;
}

/** A context on clean white paper. @param {HTMLCanvasElement} canvas */
export function clear(canvas) {
  const context = contextOf(canvas);
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  return context;
}

/**
 * Ink 0 to 1 as black on white; nothing as a blank sheet.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number> | null} image
 */
export function paint(canvas, image) {
  paintGreys(canvas, (k) => 255 * (1 - (image ? image[k] : 0)));
}

/**
 * One of a stack of raw images, as black on white.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} images 0 to 255, 784 an image
 * @param {number} start of the image
 */
export function paintRaw(canvas, images, start) {
  paintGreys(canvas, (k) => 255 - images[start + k]);
}

/** @param {HTMLCanvasElement} canvas @param {(pixel: number) => number} greyAt 0 to 255 */
function paintGreys(canvas, greyAt) {
  const context = contextOf(canvas);
  const pixels = context.createImageData(28, 28);
  for (let k = 0; k < PIXELS; k++) {
    pixels.data.fill(greyAt(k), 4 * k, 4 * k + 3);
    pixels.data[4 * k + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
}

/**
 * Words with a halo of the given width; font, alignment and baseline are the context's own.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {{ halo: number, color: string }} style
 */
export function haloText(context, text, x, y, { halo, color }) {
  context.lineWidth = halo;
  context.strokeStyle = "white";
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/**
 * A line of a legend: a sample in its colour, then what it stands for; y is the words' baseline.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{ text: string, color: string, dash: number[] }} entry
 * @param {number} x
 * @param {number} y
 */
export function drawLegend(context, { text, color, dash }, x, y) {
  context.lineWidth = 2.5;
  context.strokeStyle = color;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(x, y - 4.5);
  context.lineTo(x + 22, y - 4.5);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = INK;
  context.fillText(text, x + 30, y);
}

/**
 * Line segments with a halo: each is a pair of points.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./types.js").Point[][]} segments
 * @param {{ halo: number, width: number }} style
 */
export function haloLines(context, segments, { halo, width }) {
  /** @type {[number, string][]} */
  const passes = [
    [halo, "white"],
    [width, "black"],
  ];
  for (const [lineWidth, color] of passes) {
    context.beginPath();
    for (const [start, end] of segments) {
      context.moveTo(...start);
      context.lineTo(...end);
    }
    context.lineWidth = lineWidth;
    context.strokeStyle = color;
    context.stroke();
  }
}

/**
 * A mark that can be told from any numeral: a white-rimmed cross.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./types.js").Point} center
 */
export function drawCross(context, [x, y], size = 6) {
  haloLines(
    context,
    [
      [
        [x - size, y],
        [x + size, y],
      ],
      [
        [x, y - size],
        [x, y + size],
      ],
    ],
    { halo: 5, width: 2 },
  );
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./types.js").Point} center
 * @param {number} radius
 * @param {string} color
 */
export function drawDot(context, [x, y], radius, color) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
}

/**
 * A path through points, to be stroked or filled.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./types.js").Point[]} points
 */
export function tracePath(context, points) {
  context.beginPath();
  for (const point of points) context.lineTo(...point);
}
