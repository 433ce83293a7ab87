// @ts-check
// One digit's posterior on the map, and samples from it: the reparameterisation, made visible.
/** @import { MapTraits, Model, ToPixels } from "./types.js" */
import { drawDot, FONT, haloText } from "./canvas.js";
import {
  box,
  heading,
  iconButton,
  liveWords,
  make,
  number,
  picker,
  picture,
  place,
  root,
} from "./dom.js";
import { drawMarker, drawPosterior, placeLens } from "./lens.js";
import { createMap } from "./map.js";
import { INK, NOISE } from "./palette.js";
import { ICONS } from "./svg.js";
import { codeAt, float32, imageAt, readDigits, setter } from "./traits.js";
import { decode, elboTerms, normals, sample, unpackWeights } from "./vae.js";

const LETTERS = "abcdefgh"; // a name for each sample: numerals are classes
const DRAWS = LETTERS.length;
const KEY =
  "Ellipses: 1 σ and 2 σ of q. Numerals: on the map, where a class lies; under the lens, the " +
  "classes of other test digits.";

/** @typedef {MapTraits & { log_vars: DataView, index: number, seed: number }} Traits */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const digits = readDigits(model);
  const logVars = float32(model.get("log_vars"));
  const map = createMap("Posterior");
  map.root.classList.add("vw-with-lens");
  const original = picture("test digit");
  const middle = picture("mean, decoded");
  const draws = Array.from({ length: DRAWS }, () => picture("sample"));
  const key = make("p", { class: "vw-hint" }, KEY);
  const words = liveWords("vw-words");

  const draw = () => {
    const index = model.get("index");
    const image = imageAt(digits.images, index);
    const posterior = { mean: codeAt(digits.codes, index), logVar: codeAt(logVars, index) };
    const epsilons = normals(DRAWS, 2, model.get("seed"));
    const codes = epsilons.map((epsilon) => sample(posterior, epsilon));
    const terms = elboTerms(vae, image, posterior, epsilons);
    chooser.mark(index);
    original.show(image, `x: test digit ${index}, a ${digits.labels[index]}`);
    middle.show(decode(vae, posterior.mean), "x̂: its mean μ, decoded");
    draws.forEach((one, k) => {
      const spoken = `sample ${LETTERS[k]}, decoded from ${place(codes[k])}`;
      one.show(decode(vae, codes[k]), LETTERS[k], spoken);
    });
    map.drawAbove((context, view) => {
      const lens = placeLens(view, posterior, digits.codes);
      drawPosterior(context, view, posterior, lens, digits, (toPixels) =>
        drawSamples(context, toPixels, codes),
      );
      if (lens) drawMarker(context, view.toPixels(posterior.mean));
    }, posterior.mean);
    words.textContent = describe(posterior, epsilons[0], codes[0], terms);
  };
  const set = setter(model);
  const chooser = picker("Test digit", digits, (index) => set("index", index));
  const again = iconButton(ICONS.reset, "New noise", () => set("seed", model.get("seed") + 1));
  model.on("change:index", draw);
  model.on("change:seed", draw);
  map.drawDigits(digits.codes, digits.labels);
  draw();
  el.append(
    root(
      "Posterior of a test digit",
      box(
        "vw-posterior",
        box(
          "vw-column vw-part-pick",
          chooser.root,
          box("vw-pair", original.root, middle.root),
          again,
        ),
        box("vw-column vw-part-map", heading("Its approximate posterior"), map.root, key),
        box(
          "vw-column vw-part-samples",
          heading("Eight samples, decoded"),
          box("vw-samples", ...draws.map((one) => one.root)),
          words,
        ),
      ),
    ),
  );
}

/**
 * The samples as dots with letters.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ToPixels} toPixels
 * @param {Float32Array[]} codes
 */
function drawSamples(context, toPixels, codes) {
  context.font = `700 14px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  codes.forEach((z, k) => {
    const [x, y] = toPixels(z);
    drawDot(context, [x, y], 5, "white");
    drawDot(context, [x, y], 3.8, NOISE);
    haloText(context, LETTERS[k], x + 6, y - 4, { halo: 4, color: INK });
  });
}

/**
 * The reparameterisation of the first draw in numbers, and both terms of the loss.
 *
 * @param {import("./types.js").Posterior} posterior
 * @param {Float32Array} epsilon
 * @param {Float32Array} z
 * @param {{ reconstruction: number, kl: number }} terms
 */
function describe({ mean, logVar }, epsilon, z, { reconstruction, kl }) {
  const [first, second] = Array.from(logVar, (value) => number(Math.exp(0.5 * value), 3));
  return (
    `Each sample is z = μ + σ ε with μ = ${place(mean)} and σ = (${first}, ${second}); for sample a, ` +
    `ε = ${place(epsilon)} gives z = ${place(z)}. Reconstruction ${reconstruction.toFixed(1)} nats ` +
    `(mean of the samples), KL ${kl.toFixed(1)} nats.`
  );
}

export default { render };
