// @ts-check
// One digit's posterior on the map, and draws from it: the reparameterisation, made visible.
/** @import { Draw, MapTraits, Model } from "./types.js" */
import { drawCross, FONT, haloText } from "./canvas.js";
import { box, button, liveWords, picker, picture, place, root } from "./dom.js";
import { createLens, createMap, drawEllipse } from "./map.js";
import { codeAt, float32, imageAt, readDigits, setter } from "./traits.js";
import { decode, elboTerms, normals, sample, unpackWeights } from "./vae.js";

const DRAWS = 8;

/** @typedef {MapTraits & { log_vars: DataView, index: number, seed: number }} Traits */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const digits = readDigits(model);
  const logVars = float32(model.get("log_vars"));
  const map = createMap("Posterior");
  const lens = createLens(digits.codes, digits.labels);
  const original = picture("test digit", 96);
  const middle = picture("decoded mean", 96);
  const draws = Array.from({ length: DRAWS }, () => picture("draw", 56));
  const words = liveWords("vw-words");

  const draw = () => {
    const index = model.get("index");
    const image = imageAt(digits.images, index);
    const posterior = { mean: codeAt(digits.codes, index), logVar: codeAt(logVars, index) };
    const epsilons = normals(DRAWS, 2, model.get("seed"));
    const codes = epsilons.map((epsilon) => sample(posterior, epsilon));
    const terms = elboTerms(vae, image, posterior, epsilons);
    chooser.mark(index);
    original.show(image, `test digit ${index}, a ${digits.labels[index]}`);
    middle.show(decode(vae, posterior.mean), "its mean, decoded");
    draws.forEach((one, k) => {
      const spoken = `draw ${k + 1}, decoded from ${place(codes[k])}`;
      one.show(decode(vae, codes[k]), `${k + 1}`, spoken);
    });
    map.drawAbove((context, toPixels) => drawEllipse(context, toPixels, posterior));
    lens.show(posterior, numberedCrosses(codes));
    words.textContent = describe(posterior, epsilons[0], codes[0], terms);
  };
  const set = setter(model);
  const chooser = picker("Test digit", digits, (index) => set("index", index));
  const again = button("New noise", () => set("seed", model.get("seed") + 1));
  model.on("change:index", draw);
  model.on("change:seed", draw);
  map.drawDigits(digits.codes, digits.labels);
  draw();
  el.append(
    root(
      "Posterior of a test digit",
      chooser.root,
      box(
        "vw-row",
        box("vw-grow", map.root),
        box(
          "vw-column",
          box("vw-line", original.root, middle.root, lens.root),
          box("vw-line", ...draws.map((one) => one.root)),
          again,
          words,
        ),
      ),
    ),
  );
}

/** @param {Float32Array[]} codes @returns {Draw} */
function numberedCrosses(codes) {
  return (context, toPixels) => {
    context.font = `bold 26px ${FONT}`;
    codes.forEach((z, k) => {
      const [x, y] = toPixels(z);
      drawCross(context, [x, y], 7);
      haloText(context, String(k + 1), x + 9, y - 9, { halo: 5, color: "black" });
    });
  };
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
  const deviation = logVar.map((value) => Math.exp(0.5 * value));
  return (
    `z = ${place(mean)} + ${place(deviation)} · ε. Draw 1: ε = ${place(epsilon)}, so ` +
    `z = ${place(z)}. Reconstruction ${reconstruction.toFixed(1)} nats (mean of the draws), ` +
    `KL ${kl.toFixed(1)} nats.`
  );
}

export default { render };
