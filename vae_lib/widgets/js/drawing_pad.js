// @ts-check
// Draw a digit: framed as MNIST was, encoded, placed on the map, sampled and reconstructed, all in the
// browser. It is a picture of the model, from left to right or, where it is narrow, down to the map
// and up again; below it, other models judge the drawing.
/** @import { Reference } from "./ood.js" */
/** @import { LayerShape, MapTraits, Model, Posterior } from "./types.js" */
import { box, heading, iconButton, liveWords, picture, place, root, slider } from "./dom.js";
import { createExamples } from "./examples.js";
import { frame } from "./frame.js";
import { funnel } from "./funnel.js";
import { createLossLine } from "./loss_line.js";
import { createPadMap } from "./pad_map.js";
import { largestChange, readDrawing } from "./reading.js";
import { createReport } from "./report.js";
import { createSheet, SHEET, WIDTH } from "./sheet.js";
import { ICONS } from "./svg.js";
import { float32, imageAt, int8, PIXELS, setter, uint8 } from "./traits.js";
import { decode, encode, samplePosterior, unpackWeights } from "./vae.js";

const DOT = SHEET / 8; // ink with no side longer than this is a dot
const INVITATION = "Draw a digit from 0 to 9.";
const TOO_SMALL = "That is a dot. Draw larger.";
const SEEN = "what the encoder sees";
const SMALL = 0.1; // from paper to ink: a change of a pixel that is hardly seen

/**
 * @typedef {MapTraits & {
 *   code_weights: DataView, code_layers: LayerShape[], image_weights: DataView,
 *   image_layers: LayerShape[], reference_codes: DataView, reference_scale: number,
 *   reference_labels: DataView, ood_percentiles: DataView, loss_percentiles: DataView,
 *   image: DataView, shown: number, reading: object,
 * }} Traits
 */

/** @typedef {ReturnType<typeof readDrawing>} Reading */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const reference = readReference(model);
  const losses = float32(model.get("loss_percentiles"));
  const set = setter(model);
  const stage = box("vw-hero");
  const actions = { sample: () => sampleAgain(), back: () => backToMean() };
  const sampled = liveWords("vw-words vw-sampled");
  const [codes, labels] = [float32(model.get("codes")), uint8(model.get("labels"))];
  const map = createPadMap(stage, codes, labels, actions, sampled);
  const seen = picture("what the encoder sees", 48);
  const rebuilt = picture("reconstruction");
  rebuilt.root.append(box("vw-awaited", "appears while you draw"));
  const loss = createLossLine();
  const report = createReport({ count: reference.labels.length, dim: reference.dim });
  /** @type {Float32Array | null} */
  let image = null; // the last that was read
  /** @type {Posterior | null} */
  let posterior = null; // of what is shown
  /** @type {Float32Array[]} */
  let samples = []; // of it, the last of which is decoded; without one, the mean is

  /** @param {Float32Array} framed @param {Posterior} next */
  const show = (framed, next) => {
    seen.show(framed, SEEN);
    posterior = next;
    samples = [];
    sampled.textContent = "";
    rebuilt.show(decode(vae, next.mean), "decoded from μ");
    map.show(next, samples);
  };
  const sampleAgain = () => {
    if (!posterior) return;
    const { epsilon, z } = samplePosterior(posterior, Math.random);
    const decoded = decode(vae, z);
    samples = [...samples, z];
    rebuilt.show(decoded, "decoded from z, a sample of q(z∣x)");
    sampled.textContent = describeSample(
      z,
      epsilon,
      largestChange(decode(vae, posterior.mean), decoded),
    );
    map.show(posterior, samples);
    tellPlace(z);
  };
  const backToMean = () => {
    if (!posterior || !image) return;
    show(image, posterior);
    sampled.textContent = "z = μ again.";
    tellPlace(posterior.mean);
  };
  /** Python's reading has the point that is decoded. @param {Float32Array} z */
  const tellPlace = (z) => {
    if (image) set("reading", { ...model.get("reading"), z: [...z] });
  };
  /** @param {Float32Array} framed */
  const read = (framed) => {
    image = framed;
    const reading = readDrawing(vae, reference, losses, framed);
    show(framed, reading.posterior);
    loss.show(reading);
    report.show(reading);
    set("image", new DataView(Uint8Array.from(framed, (ink) => Math.round(255 * ink)).buffer));
    set("reading", toPython(reading));
  };
  /** @param {string} [why] */
  const showNothing = (why = "") => {
    posterior = null;
    sampled.textContent = "";
    seen.show(null, why || SEEN, why || "nothing to see yet");
    rebuilt.show(null, "", "nothing to reconstruct yet");
    map.showNothing();
  };
  /** @param {string} sentence @param {string} [why] the sheet's ink is no drawing */
  const refuse = (sentence, why) => {
    image = null;
    showNothing(why);
    loss.show(null);
    report.refuse(sentence);
    set("reading", {});
  };
  /** While a stroke is drawn the picture follows; the verdict waits for its end. @param {Float32Array | null} ink */
  const sketch = (ink) => {
    const framed = ink && frame(ink, SHEET, SHEET);
    const shown = framed && framed.side >= DOT ? framed.image : image;
    if (shown) show(shown, encode(vae, shown));
    else showNothing();
  };
  const sheet = createSheet(
    (ink) => {
      const framed = frame(ink, SHEET, SHEET);
      if (!framed) refuse(INVITATION);
      else if (framed.side < DOT) refuse(TOO_SMALL, TOO_SMALL);
      else read(framed.image);
    },
    { onsketch: sketch },
  );
  const showFromPython = () => {
    const bytes = uint8(model.get("image"));
    if (bytes.length !== PIXELS) return;
    const given = imageAt(bytes, 0);
    sheet.showImage(given);
    read(given);
  };
  model.on("change:shown", showFromPython);

  const part = (/** @type {string} */ name, /** @type {Node[]} */ ...nodes) =>
    box(`vw-part vw-part-${name}`, ...nodes);
  stage.append(
    part("in", heading("Your drawing", "x"), sheet.root),
    box("vw-under vw-under-in", ...createTools(sheet, seen.root)),
    funnel("encoder", ["784", "2"], ["μ", "σ"]),
    part("map", heading("Latent space", "z"), map.root),
    map.strip,
    funnel("decoder", ["2", "784"], ["z"]),
    part("out", heading("Reconstruction", "x̂"), rebuilt.root),
    box("vw-under vw-under-out", rebuilt.caption, loss.root),
  );
  el.append(root("Drawing pad", stage, report.root));
  refuse(INVITATION);
  if (model.get("shown")) showFromPython();
}

/** @param {Model<Traits>} model @returns {Reference} */
function readReference(model) {
  const scale = model.get("reference_scale");
  const scaled = new Float32Array(int8(model.get("reference_codes")));
  const codes = scaled.map((code) => code * scale);
  const labels = uint8(model.get("reference_labels"));
  return {
    codeVae: unpackWeights(model.get("code_weights"), model.get("code_layers")),
    imageVae: unpackWeights(model.get("image_weights"), model.get("image_layers")),
    codes,
    labels,
    dim: codes.length / labels.length,
    percentiles: float32(model.get("ood_percentiles")),
  };
}

/** The trait that Python reads. @param {Reading} reading */
function toPython({ posterior, reconstruction, kl, percentile, oodPercentile, votes, digit }) {
  const [z_mean, z_log_var] = [[...posterior.mean], [...posterior.logVar]];
  const [z, ood_percentile] = [z_mean, oodPercentile];
  return { z, z_mean, z_log_var, reconstruction, kl, percentile, ood_percentile, votes, digit };
}

/** @param {ReturnType<typeof createSheet>} sheet @param {HTMLElement} seen */
function createTools(sheet, seen) {
  const buttons = [
    iconButton(ICONS.undo, "Undo", sheet.undo),
    iconButton(ICONS.clear, "Clear", sheet.clear),
  ];
  const range = { min: 10, max: 40, step: 2, value: WIDTH };
  /** Spoken only: beside the sheet, which is larger, a number of MNIST's pixels looks wrong. @param {number} width */
  const inPixels = (width) => `${(width / 10).toFixed(1)} of 28 pixels`;
  const width = slider("Line width", range, sheet.setWidth, inPixels);
  return [
    box("vw-line vw-in-line", ...buttons, createExamples(sheet.showLines)),
    box("vw-seen-line", seen, width.root),
  ];
}

/**
 * What a sample is, and how little or much its image differs from that of the mean.
 *
 * @param {ArrayLike<number>} z
 * @param {ArrayLike<number>} epsilon
 * @param {number} change the largest of a pixel, from 0 to 1
 */
function describeSample(z, epsilon, change) {
  const why = change < SMALL ? ", because σ is so small" : "";
  const most = Math.ceil(100 * change) / 100;
  return (
    `z = μ + σ ε = ${place(z, 3)} with ε = ${place(epsilon)}. ` +
    `No pixel of x̂ changes by more than ${most.toFixed(2)} of full ink${why}.`
  );
}

export default { render };
