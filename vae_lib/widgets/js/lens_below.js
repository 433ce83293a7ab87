// @ts-check
// A lens below a map, where it covers none of it: a round canvas of its own. Its ring has the colour
// of the ring around the place on the map, and a line leads from below that place to the lens, so
// that no line crosses the map.
/** @import { Point, Posterior } from "./types.js" */
/** @import { View } from "./plane.js" */
import { drawDot } from "./canvas.js";
import { box } from "./dom.js";
import { drawEllipses, drawInLens, drawRing, lensAt, magnify, rowsInLens } from "./lens.js";
import { INK, LATENT, NOISE } from "./palette.js";
import { createSharpCanvas } from "./sharp_canvas.js";
import { setAll, svg } from "./svg.js";

const NAME = "Lens";
const ROUND = 6; // pixels, of the corners of the line

/** What the lens is held over. @typedef {{ posterior: Posterior, samples: Float32Array[] }} Held */

/**
 * @param {HTMLElement} mapRoot above the lens
 * @param {{ codes: Float32Array, labels: Uint8Array }} digits
 */
export function createLensBelow(mapRoot, digits) {
  const sharp = createSharpCanvas(NAME, "vw-lens-canvas", () => draw());
  const line = svg("path");
  const drawing = svg("svg", { class: "vw-lens-line", "aria-hidden": "true" }, line);
  const root = box("vw-lens", drawing, sharp.canvas);
  /** @type {Held | null} */
  let held = null;
  let unit = 1; // pixels of the map for each one of a code
  /** @type {number | null} */
  let magnification = null;

  const radius = () => sharp.canvas.clientWidth / 2;
  const draw = () => {
    if (!held || magnification === null) return;
    const context = sharp.begin();
    if (!context) return;
    const { posterior, samples } = held;
    const half = sharp.size.width / 2;
    const lens = lensAt([half, half], half, magnification, unit, posterior.mean);
    drawInLens(context, lens, posterior, digits, (toPixels) => {
      drawSamples(context, samples.map(toPixels));
    });
  };
  /**
   * From the edge of the map, below the place.
   *
   * @param {number} x of the place, in the pixels of the map
   */
  const drawLine = (x) => {
    const [lens, map] = [sharp.canvas, mapRoot].map((one) => one.getBoundingClientRect());
    const start = x + map.left - lens.left;
    setAll(line, { d: elbow([start, map.bottom - lens.top], [lens.width / 2, 0]) });
  };
  return {
    root,
    /** Puts it away. */
    hide() {
      held = null;
      root.hidden = true;
    },
    /**
     * Holds it over a posterior and samples of it, the last of which is in use; draws on the map what
     * joins the two, or the ellipses themselves where they need no lens.
     *
     * @param {CanvasRenderingContext2D} context of the map
     * @param {View} view
     * @param {Held} next
     * @returns {{ magnification: number, neighbours: number } | null} how much it magnifies, and how
     *   many of the digits lie in it
     */
    show(context, view, next) {
      const { posterior, samples } = next;
      const place = view.toPixels(posterior.mean);
      held = next;
      unit = view.unit;
      root.hidden = false;
      magnification = magnify(posterior.logVar, radius(), unit);
      root.hidden = magnification === null;
      if (magnification === null) {
        drawEllipses(context, view.toPixels, posterior);
        drawSamples(context, samples.map(view.toPixels));
        return null;
      }
      drawRing(context, place, LATENT);
      drawLine(place[0]);
      sharp.canvas.setAttribute("aria-label", describe(magnification, samples.length));
      draw();
      const seen = lensAt([0, 0], radius(), magnification, unit, posterior.mean);
      return { magnification, neighbours: rowsInLens(seen, digits.codes).length };
    },
  };
}

/** Samples as dots: the last one stands out. @param {CanvasRenderingContext2D} context @param {Point[]} places */
function drawSamples(context, places) {
  const last = places[places.length - 1];
  for (const place of places.slice(0, -1)) drawDot(context, place, 2.5, `${NOISE}90`);
  if (!last) return;
  drawDot(context, last, 6.5, "white");
  drawDot(context, last, 5, INK);
  drawDot(context, last, 4, NOISE);
}

/** @param {number} magnification @param {number} count of samples */
function describe(magnification, count) {
  const samples = count > 0 ? `; samples of it as dots: ${count}` : "";
  return `${NAME}: the posterior, ${magnification} times as large as on the map${samples}`;
}

/** Down, across and down again, with round corners. @param {Point} start @param {Point} end */
function elbow([fromX, fromY], [toX, toY]) {
  const middle = (fromY + toY) / 2;
  const round = Math.min(ROUND, (toY - fromY) / 2, Math.abs(toX - fromX) / 2);
  const side = toX < fromX ? -round : round;
  return (
    `M${fromX} ${fromY}V${middle - round}q0 ${round} ${side} ${round}` +
    `H${toX - side}q${side} 0 ${side} ${round}V${toY}`
  );
}
