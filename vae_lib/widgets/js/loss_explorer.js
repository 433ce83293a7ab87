// @ts-check
// The KL of one latent, by hand; and what the KL's weight did to models that were really trained.
/** @import { Model, Point } from "./types.js" */
import { clear, contextOf, drawDot, drawLegend, FONT, tracePath } from "./canvas.js";
import { box, liveWords, make, number, picture, root, slider } from "./dom.js";
import { createMap } from "./map.js";
import { INK, POSTERIOR, PRIOR, TAKEN_AWAY } from "./palette.js";
import { linearScale } from "./scale.js";
import { float32, imageAt, PIXELS, partAt, setter, uint8 } from "./traits.js";
import { gaussianKl } from "./vae.js";

/** @type {[number, number]} */
const MEANS = [-3, 3]; // range of the slider and of the surface
/** @type {[number, number]} */
const LOG_VARS = [-5, 2];
const LEVELS = [0.1, 0.5, 1, 2, 3, 4, 5, 7]; // of the surface, in nats
const Z = Array.from({ length: 801 }, (_, k) => -5 + k / 80); // where the densities are drawn
const DASH = [12, 7]; // of the posterior's line
const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * @typedef {{
 *   mean: number, log_var: number, choice: number, kl_weights: number[],
 *   terms: [number, number][], codes: DataView, labels: DataView, samples: DataView,
 * }} Traits
 */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  el.append(root("Loss explorer", ...createKlExplorer(model), createWeightExplorer(model)));
}

/** Two sliders for the KL of one latent, which two plots show. @param {Model<Traits>} model */
function createKlExplorer(model) {
  const densities = make("canvas", { class: "vw-plot", width: 720, height: 400, role: "img" });
  const surface = make("canvas", { class: "vw-plot", width: 480, height: 400, role: "img" });
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
    const [mean, logVar] = [model.get("mean"), model.get("log_var")];
    means.set(mean);
    logVars.set(logVar);
    drawDensities(densities, mean, logVar);
    drawSurface(surface, mean, logVar);
    words.textContent = describeKl(mean, logVar);
  };
  model.on("change:mean", draw);
  model.on("change:log_var", draw);
  draw();
  const sliders = box("vw-line", means.root, logVars.root);
  return [sliders, box("vw-plots", densities, surface), words];
}

/** @param {[number, number]} range */
function rangeOf([min, max]) {
  return { min, max, step: 0.1, value: 0 };
}

/** @param {number} value */
function oneDecimal(value) {
  return value.toFixed(1);
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

/** What came of each weight: the map, digits drawn from the prior, both terms. @param {Model<Traits>} model */
function createWeightExplorer(model) {
  const weights = model.get("kl_weights");
  const terms = model.get("terms");
  const codes = float32(model.get("codes"));
  const labels = uint8(model.get("labels"));
  const samples = uint8(model.get("samples"));
  const shown = samples.length / PIXELS / weights.length;
  const map = createMap("Validation digits under this weight");
  const drawn = Array.from({ length: shown }, (_, k) => picture(`sample ${k + 1}`, 60));
  const words = liveWords("vw-words");

  const draw = () => {
    const chosen = model.get("choice");
    const weight = weights[chosen];
    const ownCodes = partAt(codes, chosen, weights.length);
    const ownSamples = partAt(samples, chosen, weights.length);
    const [reconstruction, kl] = terms[chosen];
    track.set(chosen);
    map.setView([0, 0], Math.max(4, Math.ceil(nearlyLargest(ownCodes))));
    map.drawDigits(ownCodes, labels);
    drawn.forEach((one, k) => {
      one.show(imageAt(ownSamples, k), "", `sample ${k + 1} under weight ${weight}`);
    });
    words.textContent =
      `Weight ${weight}: reconstruction ${reconstruction.toFixed(1)} + KL ${kl.toFixed(1)} ` +
      "nats per image. Below, digits drawn from the prior.";
  };
  const set = setter(model);
  const range = { min: 0, max: weights.length - 1, step: 1, value: 0 };
  const choose = (/** @type {number} */ k) => set("choice", k);
  const track = slider("Weight of the KL", range, choose, (k) => `${weights[k]}`);
  model.on("change:choice", draw);
  draw();
  const pictures = box("vw-line", ...drawn.map((one) => one.root));
  return box("vw-row", box("vw-grow", map.root), box("vw-column", track.root, words, pictures));
}

/** The size that 99 of 100 numbers stay below. @param {Float32Array} numbers */
function nearlyLargest(numbers) {
  const sizes = numbers.map(Math.abs).sort();
  return sizes[Math.floor(0.99 * sizes.length)];
}

/** Logarithm of N(mean, exp(logVar)) at z. @param {number} z @param {number} mean @param {number} logVar */
function logDensity(z, mean, logVar) {
  return -0.5 * ((z - mean) ** 2 / Math.exp(logVar) + logVar) - HALF_LOG_2_PI;
}

/** Prior, posterior, and q log(q / p), whose area is the KL: dark where it adds, striped where it takes away.
 * @param {HTMLCanvasElement} canvas
 * @param {number} mean
 * @param {number} logVar
 */
function drawDensities(canvas, mean, logVar) {
  const { width, height } = canvas;
  const prior = Z.map((z) => Math.exp(logDensity(z, 0, 0)));
  const posterior = Z.map((z) => Math.exp(logDensity(z, mean, logVar)));
  const gap = Z.map((z, k) => posterior[k] * (logDensity(z, mean, logVar) - logDensity(z, 0, 0)));
  const peak = Math.exp(logDensity(mean, mean, logVar));
  const ground = 0.7 * height;
  const lowest = 0.97 * height; // what would lie lower is cut
  const x = linearScale([-5, 5], [0, width]);
  const y = linearScale([0, Math.max(0.45, peak, ...gap)], [ground, 0.08 * ground]);
  /** @param {number[]} values @returns {Point[]} */
  const curve = (values) => values.map((value, k) => [x(Z[k]), Math.min(lowest, y(value))]);
  const context = clear(canvas);
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
    "rgba(60, 60, 60, 0.55)",
  );
  fillBelow(
    gap.map((value) => Math.min(0, value)),
    stripes(context),
  );
  context.lineWidth = 4;
  context.strokeStyle = POSTERIOR;
  context.setLineDash(DASH);
  tracePath(context, curve(posterior));
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = INK;
  context.fillRect(0, ground, width, 2);
  drawWords(context, x, height);
  const deviation = Math.exp(logVar / 2).toFixed(2);
  const spoken = `Prior and posterior of one latent: mean ${mean}, width ${deviation}`;
  canvas.setAttribute("aria-label", spoken);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {(z: number) => number} x
 * @param {number} height
 */
function drawWords(context, x, height) {
  context.font = `20px ${FONT}`;
  const entries = [
    { text: "prior (filled)", color: PRIOR, dash: [] },
    { text: "posterior (dashed)", color: POSTERIOR, dash: DASH },
    { text: "q log(q/p) (dark, striped)", color: INK, dash: [] },
  ];
  entries.forEach((entry, row) => {
    drawLegend(context, entry, 12, 26 + 26 * row);
  });
  context.fillStyle = INK;
  for (const z of [-4, -2, 0, 2, 4]) context.fillText(number(z, 0), x(z) - 6, height - 8);
}

/** @param {CanvasRenderingContext2D} context */
function stripes(context) {
  const tile = make("canvas", { width: 8, height: 8 });
  const pen = contextOf(tile);
  pen.fillStyle = TAKEN_AWAY;
  pen.fillRect(0, 0, 3, 8);
  return context.createPattern(tile, "repeat") ?? TAKEN_AWAY;
}

/**
 * Bands of equal KL over mean and log-variance, and a dot at the present place.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} mean
 * @param {number} logVar
 */
function drawSurface(canvas, mean, logVar) {
  const { width, height } = canvas;
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
      const grey = 250 - 14 * own;
      const color = isEdge ? [60, 60, 60, 255] : [grey - 10 * own, grey, 255, 255];
      pixels.data.set(color, 4 * (row * width + column));
    }
  }
  context.putImageData(pixels, 0, 0);
  context.font = `20px ${FONT}`;
  context.fillStyle = "black";
  context.fillText("mean −3 to 3 →", 8, height - 10);
  context.fillText("log-variance −5 to 2 ↑", 8, 24);
  drawDot(context, [x(mean), y(logVar)], 12, "white");
  drawDot(context, [x(mean), y(logVar)], 9, POSTERIOR);
  const kl = klOf(mean, logVar).toFixed(2);
  const spoken = `The KL over mean and log-variance, zero at (0, 0); the dot is at ${kl} nats`;
  canvas.setAttribute("aria-label", spoken);
}

export default { render };
