// @ts-check
// A lens below a map, where it covers none of it: a round canvas of its own, joined to a place on the
// map by two lines. The map's canvas draws them as far as it reaches, a drawing below it the rest.
/** @import { Point, Posterior } from "./types.js" */
/** @import { View } from "./plane.js" */
import { drawDot } from "./canvas.js";
import { box } from "./dom.js";
import {
  drawEllipses,
  drawInLens,
  drawJoin,
  joinsOf,
  lensAt,
  magnify,
  rowsInLens,
} from "./lens.js";
import { INK, NOISE } from "./palette.js";
import { createSharpCanvas } from "./sharp_canvas.js";
import { setAll, svg } from "./svg.js";

const NAME = "Lens";

/** What the lens is held over. @typedef {{ posterior: Posterior, samples: Float32Array[] }} Held */

/**
 * @param {HTMLElement} mapRoot above the lens
 * @param {{ codes: Float32Array, labels: Uint8Array }} digits
 */
export function createLensBelow(mapRoot, digits) {
  const sharp = createSharpCanvas(NAME, "vw-lens-canvas", () => draw());
  const lines = [svg("line"), svg("line")];
  const drawing = svg("svg", { class: "vw-lens-lines", "aria-hidden": "true" }, ...lines);
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
  /** Its place in the pixels of the map. */
  const placeUnderMap = () => {
    const [lens, map] = [sharp.canvas, mapRoot].map((one) => one.getBoundingClientRect());
    /** @type {Point} */
    const center = [lens.left - map.left + lens.width / 2, lens.top - map.top + lens.height / 2];
    return { center, radius: lens.width / 2 };
  };
  /** @param {[Point, Point][]} joins in the pixels of the map */
  const drawLines = (joins) => {
    const [frame, map] = [root, mapRoot].map((one) => one.getBoundingClientRect());
    const [right, down] = [map.left - frame.left, map.top - frame.top];
    joins.forEach(([start, end], k) => {
      const [x, y] = pointAt(start, end, map.height);
      const [x1, y1, x2, y2] = [x + right, y + down, end[0] + right, end[1] + down];
      setAll(lines[k], { x1, y1, x2, y2 });
    });
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
      const lens = placeUnderMap();
      drawJoin(context, place, lens);
      drawLines(joinsOf(place, lens));
      sharp.canvas.setAttribute("aria-label", describe(magnification, samples.length));
      draw();
      const seen = lensAt([0, 0], lens.radius, magnification, unit, posterior.mean);
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

/** Where a line is at a height, or its start if that lies below. @param {Point} start @param {Point} end @param {number} height @returns {Point} */
function pointAt([startX, startY], [endX, endY], height) {
  if (startY >= height) return [startX, startY];
  const share = (height - startY) / (endY - startY);
  return [startX + share * (endX - startX), height];
}
