// @ts-check
// Draw a digit: framed as MNIST was, encoded, placed on the map, reconstructed and classified, all in the
// browser. From left to right it is a picture of the model.
/** @import { Reference } from "./ood.js" */
/** @import { LayerShape, MapTraits, Model, Point, Posterior } from "./types.js" */
/** @import { View } from "./plane.js" */
import { box, heading, iconButton, make, number, picture, place, root, slider } from "./dom.js";
import { createExamples } from "./examples.js";
import { frame } from "./frame.js";
import { drawThread, funnel } from "./funnel.js";
import { drawMarker, drawPosterior, placeLens } from "./lens.js";
import { createMap, REACH } from "./map.js";
import { DECODER, ENCODER } from "./palette.js";
import { readDrawing } from "./reading.js";
import { createReport } from "./report.js";
import { createSheet, SHEET, WIDTH } from "./sheet.js";
import { ICONS } from "./svg.js";
import { float32, imageAt, int8, PIXELS, setter, uint8 } from "./traits.js";
import { decode, encode, unpackWeights } from "./vae.js";

const DOT = SHEET / 8; // ink with no side longer than this is a dot
const INVITATION = "Draw a digit from 0 to 9.";
const APART = 0.5; // of the prior's standard deviations: where a line enters the map, between ticks
const EMPTY_MAP =
  "Each point is the code of a test digit, in the colour of its class. Your drawing will be one of them. " +
  "Circles: 1, 2 and 3 standard deviations σ of the prior.";

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
  const stage = make("div", { class: "vw-hero" });
  const map = createPlace(stage, float32(model.get("codes")), uint8(model.get("labels")));
  const seen = picture("what the encoder sees", 56);
  const rebuilt = picture("reconstruction");
  const report = createReport({ count: reference.labels.length, dim: reference.dim });
  /** @type {Float32Array | null} */
  let image = null; // the last that was read

  /** @param {Float32Array} framed @param {Posterior} posterior */
  const show = (framed, posterior) => {
    seen.show(framed, SEEN);
    rebuilt.show(decode(vae, posterior.mean), "decoded from μ, the most probable z");
    map.show(posterior);
  };
  /** @param {Float32Array} framed */
  const read = (framed) => {
    image = framed;
    const reading = readDrawing(vae, reference, losses, framed);
    show(framed, reading.posterior);
    report.show(reading);
    set("image", new DataView(Uint8Array.from(framed, (ink) => Math.round(255 * ink)).buffer));
    set("reading", toPython(reading));
  };
  const showNothing = () => {
    seen.show(null, SEEN, "nothing to see yet");
    rebuilt.show(null, "appears while you draw", "nothing to reconstruct yet");
    map.show(null);
  };
  /** @param {string} sentence */
  const refuse = (sentence) => {
    image = null;
    showNothing();
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
      else if (framed.side < DOT) refuse("That is a dot. Draw larger.");
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
    box("vw-under vw-under-in", ...createTools(sheet)),
    funnel("encoder", "784 → 2 + 2", ["μ", "σ"]),
    part("map", heading("Latent space", "z"), map.root),
    box("vw-under vw-under-map", map.words),
    funnel("decoder", "2 → 784", ["z"]),
    part("out", heading("Reconstruction", "x̂"), rebuilt.root),
    box("vw-under vw-under-out", seen.root),
  );
  el.append(root("Drawing pad", stage, report.root));
  refuse(INVITATION);
  if (model.get("shown")) showFromPython();
}

const SEEN = "x as the encoder sees it: 28 × 28 pixels, scaled and centred as MNIST’s are";

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
  const ood_percentile = oodPercentile;
  return { z_mean, z_log_var, reconstruction, kl, percentile, ood_percentile, votes, digit };
}

/** @param {ReturnType<typeof createSheet>} sheet */
function createTools(sheet) {
  const buttons = [
    iconButton(ICONS.undo, "Undo", sheet.undo),
    iconButton(ICONS.clear, "Clear", sheet.clear),
  ];
  const range = { min: 10, max: 40, step: 2, value: WIDTH };
  /** Spoken only: beside the sheet, which is larger, a number of MNIST's pixels looks wrong. @param {number} width */
  const inPixels = (width) => `${(width / 10).toFixed(1)} of 28 pixels`;
  const width = slider("Line width", range, sheet.setWidth, inPixels);
  return [box("vw-line", ...buttons, createExamples(sheet.showLines)), width.root];
}

/**
 * The map with the drawing's posterior, and the lines that join it to encoder and decoder.
 *
 * @param {HTMLElement} stage
 * @param {Float32Array} codes
 * @param {Uint8Array} labels
 */
function createPlace(stage, codes, labels) {
  const map = createMap("Where the drawing lies");
  const words = make("p", { class: "vw-words" });
  let shownReach = REACH;
  map.drawDigits(codes, labels);
  /** @param {Posterior | null} posterior */
  const show = (posterior) => {
    const reach = reachFor(posterior);
    if (reach !== shownReach) {
      shownReach = reach;
      map.setReach(reach);
      map.drawDigits(codes, labels);
    }
    map.stepBack(posterior !== null);
    if (!posterior) {
      words.textContent = EMPTY_MAP;
      map.drawAbove(() => {});
      return;
    }
    map.drawAbove(
      (context, view) => {
        const lens = placeLens(view, posterior, codes);
        drawPosterior(context, view, posterior, lens, { codes, labels });
        drawMarker(context, view.toPixels(posterior.mean));
        words.replaceChildren(...describePosterior(posterior, lens !== null));
      },
      posterior.mean,
      (context, view) => {
        const isAcross = getComputedStyle(stage).display === "grid";
        drawThreads(context, view, view.toPixels(posterior.mean), isAcross);
      },
    );
  };
  return { root: map.root, words, show };
}

/** How far the map must reach for a code far out to be on it. @param {Posterior | null} posterior */
function reachFor(posterior) {
  const farthest = posterior ? Math.max(...posterior.mean.map(Math.abs)) : 0;
  return farthest < REACH ? REACH : Math.ceil(farthest + 0.5);
}

/** @param {Posterior} posterior @param {boolean} hasLens */
function describePosterior({ mean, logVar }, hasLens) {
  const deviation = logVar.map((value) => Math.exp(0.5 * value));
  const numbers = `μ = ${place(mean)}, σ = (${number(deviation[0], 3)}, ${number(deviation[1], 3)})`;
  const where = hasLens ? ", which the lens magnifies" : "";
  return [
    make("b", { class: "vw-numbers" }, numbers),
    `The encoder returns a normal distribution q(z∣x): ellipses at one and two standard deviations${where}.`,
  ];
}

/**
 * Lines from the encoder's mouth to the marker, and on to the decoder's: they enter at the left and
 * leave at the right, or at the top and the bottom where the parts stand below each other.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Point} marker
 * @param {boolean} isAcross
 */
function drawThreads(context, { width, height, x, y }, marker, isAcross) {
  /** @type {Point[]} */
  const starts = isAcross
    ? [
        [0, y(APART)],
        [0, y(-APART)],
      ]
    : [
        [x(-APART), 0],
        [x(APART), 0],
      ];
  for (const start of starts) drawThread(context, start, marker, ENCODER, isAcross);
  /** @type {Point} */
  const end = isAcross ? [width, y(0)] : [x(APART), height];
  drawThread(context, marker, end, DECODER, isAcross);
}

export default { render };
