// @ts-check
// The KL of one latent, by hand; and what the KL's weight did to models that were really trained.
/** @import { Model, Point } from "./types.js" */
import { contextOf, drawDot, drawLegend, FONT, haloText, tracePath } from "./canvas.js";
import { addAsShown, box, heading, liveWords, make, number, picture, root, slider } from "./dom.js";
import { createMap, REACH } from "./map.js";
import { GREY, INK, POSTERIOR, PRIOR, TAKEN_AWAY } from "./palette.js";
import { linearScale } from "./scale.js";
import { createSharpCanvas } from "./sharp_canvas.js";
import { float32, imageAt, PIXELS, partAt, setter, uint8 } from "./traits.js";
import { gaussianKl } from "./vae.js";

/** @type {[number, number]} */
const MEANS = [-3, 3]; // range of the slider and of the surface
/** @type {[number, number]} */
const LOG_VARS = [-5, 2];
const LEVELS = [0.1, 0.5, 1, 2, 3, 4, 5, 7]; // of the surface, in nats
const Z = Array.from({ length: 801 }, (_, k) => -5 + k / 80); // where the densities are drawn
const DASH = [7, 4]; // of the posterior's line
const ADDED = "rgba(60, 60, 60, 0.55)"; // where q log(q / p) is positive
const UNDER = 26; // pixels below a plot, for its ticks
const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * @typedef {{
 *   mean: number, log_var: number, choice: number, kl_weights: number[],
 *   terms: [number, number][], codes: DataView, labels: DataView, samples: DataView,
 * }} Traits
 */

/** @typedef {{ width: number, height: number }} Size */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  el.append(root("Loss explorer", createKlExplorer(model), createWeightExplorer(model)));
}

/** Two sliders for the KL of one latent, which two plots show. @param {Model<Traits>} model */
function createKlExplorer(model) {
  const values = () => /** @type {Point} */ ([model.get("mean"), model.get("log_var")]);
  const densities = createPlot((context, size) => drawDensities(context, size, ...values()));
  const surface = createPlot((context, size) => drawSurface(context, size, ...values()));
  const words = liveWords("vw-words");
  const set = setter(model);
  const means = slider("Mean", rangeOf(MEANS), (value) => set("mean", value), oneDecimal);
  const logVars = slider(
    "Log-variance",
    rangeOf(LOG_VARS),
    (value) => set("log_var", value),
    oneDecimal,
  );
  const draw = () => {
    const [mean, logVar] = values();
    means.set(mean);
    logVars.set(logVar);
    densities.draw(describeDensities(mean, logVar));
    surface.draw(describeSurface(mean, logVar));
    words.textContent = describeKl(mean, logVar);
  };
  model.on("change:mean", draw);
  model.on("change:log_var", draw);
  draw();
  return box(
    "vw-kl",
    box("vw-bar-of-tools", means.root, logVars.root),
    box("vw-column", heading("Prior and approximate posterior"), densities.root),
    box("vw-column", heading("KL over mean and log-variance, in nats"), surface.root),
    words,
  );
}

/**
 * A plot as large as there is room, drawn again when that changes.
 *
 * @param {(context: CanvasRenderingContext2D, size: Size) => void} paintPlot
 */
function createPlot(paintPlot) {
  const sharp = createSharpCanvas("", "vw-plot", () => redraw());
  const redraw = () => {
    const context = sharp.begin();
    if (context) paintPlot(context, sharp.size);
  };
  return {
    root: sharp.canvas,
    /** @param {string} spoken */
    draw(spoken) {
      sharp.canvas.setAttribute("aria-label", spoken);
      redraw();
    },
  };
}

/** @param {[number, number]} range */
function rangeOf([min, max]) {
  return { min, max, step: 0.1, value: 0 };
}

/** @param {number} value */
function oneDecimal(value) {
  return number(value, 1);
}

/** KL of one latent. @param {number} mean @param {number} logVar */
function klOf(mean, logVar) {
  return gaussianKl({ mean: [mean], logVar: [logVar] });
}

/** @param {number} mean @param {number} logVar */
function describeKl(mean, logVar) {
  const [square, variance] = [mean ** 2, Math.exp(logVar)];
  return (
    "KL = ½ (mean² + variance − 1 − log-variance) = " +
    `½ (${square.toFixed(2)} + ${variance.toFixed(2)} − 1 − (${number(logVar, 1)})) = ` +
    `${klOf(mean, logVar).toFixed(2)} nats: the dark area less the striped one.`
  );
}

/**
 * What came of each weight: the map, digits drawn from the prior, both terms.
 *
 * @param {Model<Traits>} model
 */
function createWeightExplorer(model) {
  const weights = model.get("kl_weights");
  const terms = model.get("terms");
  const codes = float32(model.get("codes"));
  const labels = uint8(model.get("labels"));
  const samples = uint8(model.get("samples"));
  const shown = samples.length / PIXELS / weights.length;
  const map = createMap("Validation digits under this weight");
  const drawn = Array.from({ length: shown }, (_, k) => picture(`sample ${k + 1}`));
  const words = liveWords("vw-words");

  const draw = () => {
    const chosen = model.get("choice");
    const weight = weights[chosen];
    const ownCodes = partAt(codes, chosen, weights.length);
    const ownSamples = partAt(samples, chosen, weights.length);
    const [reconstruction, kl] = terms[chosen];
    track.set(chosen);
    map.setReach(Math.max(REACH, Math.ceil(nearlyLargest(ownCodes))));
    map.drawDigits(ownCodes, labels);
    drawn.forEach((one, k) => {
      one.show(imageAt(ownSamples, k), "", `sample ${k + 1} under weight ${weight}`);
    });
    const [first, second, sum] = addAsShown(reconstruction, kl);
    words.textContent =
      `Weight ${weight}: reconstruction ${first} + KL ${second} = ${sum} nats per image, ` +
      "on validation digits.";
  };
  const set = setter(model);
  const range = { min: 0, max: weights.length - 1, step: 1, value: 0 };
  const choose = (/** @type {number} */ k) => set("choice", k);
  const track = slider("Weight of the KL", range, choose, (k) => `${weights[k]}`);
  model.on("change:choice", draw);
  draw();
  return box(
    "vw-weights",
    box("vw-bar-of-tools", track.root, words),
    box("vw-column", heading("Latent space of validation digits"), map.root),
    box(
      "vw-column",
      heading("Digits decoded from samples of the prior"),
      box("vw-samples", ...drawn.map((one) => one.root)),
    ),
  );
}

/** The size that 99 of 100 numbers stay below. @param {Float32Array} numbers */
function nearlyLargest(numbers) {
  const sizes = numbers.map(Math.abs).sort();
  return sizes[Math.floor(0.99 * sizes.length)];
}

/**
 * Logarithm of N(mean, exp(logVar)) at z.
 *
 * @param {number} z
 * @param {number} mean
 * @param {number} logVar
 */
function logDensity(z, mean, logVar) {
  return -0.5 * ((z - mean) ** 2 / Math.exp(logVar) + logVar) - HALF_LOG_2_PI;
}

/** @param {number} mean @param {number} logVar */
function describeDensities(mean, logVar) {
  const deviation = Math.exp(logVar / 2).toFixed(2);
  return `Prior and approximate posterior of one latent variable: mean ${mean}, standard deviation ${deviation}`;
}

/**
 * Prior, posterior, and q log(q / p), whose area is the KL: dark where it adds, striped where it
 * takes away.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Size} size
 * @param {number} mean
 * @param {number} logVar
 */
function drawDensities(context, { width, height }, mean, logVar) {
  const prior = Z.map((z) => Math.exp(logDensity(z, 0, 0)));
  const posterior = Z.map((z) => Math.exp(logDensity(z, mean, logVar)));
  const gap = Z.map((z, k) => posterior[k] * (logDensity(z, mean, logVar) - logDensity(z, 0, 0)));
  const peak = Math.exp(logDensity(mean, mean, logVar));
  const lowest = height - UNDER; // what would lie lower is cut
  const ground = 0.76 * lowest;
  const x = linearScale([-5, 5], [0, width]);
  const y = linearScale([0, Math.max(0.45, peak, ...gap)], [ground, 0.06 * height]);
  /** @param {number[]} values @returns {Point[]} */
  const curve = (values) => values.map((value, k) => [x(Z[k]), Math.min(lowest, y(value))]);
  /** @param {number[]} values @param {string | CanvasPattern} fill */
  const fillBelow = (values, fill) => {
    tracePath(context, [[x(-5), ground], ...curve(values), [x(5), ground]]);
    context.fillStyle = fill;
    context.fill();
  };
  context.globalAlpha = 0.3;
  fillBelow(prior, PRIOR);
  context.globalAlpha = 1;
  fillBelow(
    gap.map((value) => Math.max(0, value)),
    ADDED,
  );
  fillBelow(
    gap.map((value) => Math.min(0, value)),
    stripes(context),
  );
  context.lineWidth = 1.8;
  context.strokeStyle = PRIOR;
  tracePath(context, curve(prior));
  context.stroke();
  context.lineWidth = 2.4;
  context.strokeStyle = POSTERIOR;
  context.setLineDash(DASH);
  tracePath(context, curve(posterior));
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = INK;
  context.fillRect(0, ground, width, 1);
  drawWords(context, x, height);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {(z: number) => number} x
 * @param {number} height
 */
function drawWords(context, x, height) {
  context.font = `13px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  const entries = [
    { text: "prior p", color: PRIOR, dash: [] },
    { text: "approximate posterior q", color: POSTERIOR, dash: DASH },
  ];
  entries.forEach((entry, row) => {
    drawLegend(context, entry, 12, 24 + 19 * row);
  });
  const last = 24 + 19 * entries.length;
  [ADDED, stripes(context)].forEach((fill, column) => {
    context.fillStyle = fill;
    context.fillRect(12 + 12 * column, last - 10, 10, 10);
  });
  context.fillStyle = INK;
  context.fillText("q log(q/p): + and −", 42, last);
  context.font = `12px ${FONT}`;
  context.fillStyle = GREY;
  context.textAlign = "center";
  for (const z of [-4, -2, 0, 2]) context.fillText(number(z, 0), x(z), height - 8);
  context.font = `italic 14px ${FONT}`;
  context.textAlign = "right";
  context.fillText("z →", x(5) - 6, height - 8);
}

/** @param {CanvasRenderingContext2D} context */
function stripes(context) {
  const tile = make("canvas", { width: 6, height: 6 });
  const pen = contextOf(tile);
  pen.fillStyle = TAKEN_AWAY;
  pen.fillRect(0, 0, 2, 6);
  return context.createPattern(tile, "repeat") ?? TAKEN_AWAY;
}

/**
 * Bands of equal KL over mean and log-variance, which never change.
 *
 * @type {HTMLCanvasElement | null}
 */
let bands = null;

function drawBands() {
  const [width, height] = [480, 400];
  const canvas = make("canvas", { width, height });
  const x = linearScale(MEANS, [0, width]);
  const y = linearScale(LOG_VARS, [height, 0]);
  /** @param {number} column @param {number} row */
  const band = (column, row) => {
    const kl = klOf(x.invert(column), y.invert(row));
    return LEVELS.filter((level) => level < kl).length;
  };
  const context = contextOf(canvas);
  const pixels = context.createImageData(width, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const own = band(column, row);
      const isEdge = own !== band(column + 1, row) || own !== band(column, row + 1);
      const grey = 255 - 14 * own;
      const color = isEdge ? [60, 60, 60, 255] : [grey, grey, grey, 255];
      pixels.data.set(color, 4 * (row * width + column));
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/**
 * The value of each band's edge, where the log-variance is 0 and the KL is half the squared mean.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {(mean: number) => number} x
 * @param {number} height at which they stand
 */
function nameLevels(context, x, height) {
  context.textAlign = "center";
  for (const level of LEVELS) {
    const mean = -Math.sqrt(2 * level);
    if (mean > MEANS[0] + 0.1)
      haloText(context, String(level), x(mean), height, { halo: 4, color: INK });
  }
}

/** @param {number} mean @param {number} logVar */
function describeSurface(mean, logVar) {
  const kl = klOf(mean, logVar).toFixed(2);
  return `The KL over mean and log-variance, zero at (0, 0); the dot is at ${kl} nats`;
}

/**
 * The bands, and a dot at the present place.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Size} size
 * @param {number} mean
 * @param {number} logVar
 */
function drawSurface(context, { width, height }, mean, logVar) {
  bands ??= drawBands();
  const [left, top, right, bottom] = [30, 26, width - 10, height - UNDER];
  const x = linearScale(MEANS, [left, right]);
  const y = linearScale(LOG_VARS, [bottom, top]);
  context.drawImage(bands, left, top, right - left, bottom - top);
  context.font = `12px ${FONT}`;
  context.fillStyle = GREY;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (const tick of [-3, -2, -1, 0, 1]) context.fillText(number(tick, 0), x(tick), height - 8);
  context.textAlign = "right";
  context.fillText("mean →", right, height - 8);
  context.textBaseline = "middle";
  for (const tick of [-4, -2, 0, 2]) context.fillText(number(tick, 0), left - 7, y(tick));
  context.textAlign = "left";
  context.fillText("↑ log-variance", left - 14, 12);
  nameLevels(context, x, y(0));
  drawDot(context, [x(mean), y(logVar)], 9, "white");
  drawDot(context, [x(mean), y(logVar)], 6.5, POSTERIOR);
}

export default { render };
