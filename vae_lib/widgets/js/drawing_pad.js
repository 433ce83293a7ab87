// @ts-check
// Draw a digit: framed as MNIST was, encoded, placed on the map, rebuilt, judged and voted on, all in the browser.
/** @import { Reference } from "./ood.js" */
/** @import { LayerShape, MapTraits, Model } from "./types.js" */
import { box, button, liveWords, make, picture, root, slider } from "./dom.js";
import { frame } from "./frame.js";
import { createLens, createMap, drawEllipse } from "./map.js";
import { NEIGHBOURS, readDrawing } from "./reading.js";
import { createSheet, SHEET, WIDTH } from "./sheet.js";
import { float32, imageAt, int8, PIXELS, setter, uint8 } from "./traits.js";
import { decode, unpackWeights } from "./vae.js";

const DOT = SHEET / 8; // ink with no side longer than this is a dot
const INVITATION = "Draw a digit from 0 to 9.";

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
  const place = createPlace(float32(model.get("codes")), uint8(model.get("labels")));
  const seen = picture("what the model sees", 84);
  const rebuilt = picture("rebuilt from its code", 160);
  const report = createReport();

  /** @param {Float32Array} image */
  const read = (image) => {
    const reading = readDrawing(vae, reference, losses, image);
    const { mean } = reading.posterior;
    seen.show(image, "what the model sees: MNIST's frame");
    rebuilt.show(decode(vae, mean), "rebuilt from its code");
    place.show(reading.posterior);
    report.show(reading);
    set("image", new DataView(Uint8Array.from(image, (ink) => Math.round(255 * ink)).buffer));
    set("reading", toPython(reading));
  };
  /** @param {string} sentence */
  const refuse = (sentence) => {
    seen.show(null, "nothing to see yet");
    rebuilt.show(null, "nothing to rebuild");
    place.show(null);
    report.refuse(sentence);
    set("reading", {});
  };
  const sheet = createSheet((ink) => {
    const framed = frame(ink, SHEET, SHEET);
    if (!framed) refuse(INVITATION);
    else if (framed.side < DOT) refuse("That is a dot. Draw larger.");
    else read(framed.image);
  });
  const showFromPython = () => {
    const bytes = uint8(model.get("image"));
    if (bytes.length !== PIXELS) return;
    const image = imageAt(bytes, 0);
    sheet.showImage(image);
    read(image);
  };
  model.on("change:shown", showFromPython);

  el.append(
    root(
      "Drawing pad",
      box(
        "vw-sentence",
        box("vw-column", make("h3", {}, "your drawing"), ...sheetWithTools(sheet), seen.root),
        arrow("encoder"),
        box("vw-column vw-grow", make("h3", {}, "its place on the map"), ...place.roots),
        arrow("decoder"),
        box("vw-column", make("h3", {}, "its reconstruction"), rebuilt.root, ...report.roots),
      ),
    ),
  );
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
  const ood_percentile = oodPercentile;
  return { z_mean, z_log_var, reconstruction, kl, percentile, ood_percentile, votes, digit };
}

/** @param {ReturnType<typeof createSheet>} sheet */
function sheetWithTools(sheet) {
  const buttons = [button("Undo", sheet.undo), button("Clear", sheet.clear)];
  const range = { min: 10, max: 40, step: 2, value: WIDTH };
  /** In pixels of MNIST. @param {number} width */
  const inPixels = (width) => `${(width / 10).toFixed(1)} px`;
  const width = slider("Line width", range, sheet.setWidth, inPixels);
  return [sheet.root, box("vw-line", ...buttons), width.root];
}

/** Map and lens with the drawing's posterior. @param {Float32Array} codes @param {Uint8Array} labels */
function createPlace(codes, labels) {
  const map = createMap("Where the drawing lies");
  const lens = createLens(codes, labels);
  map.drawDigits(codes, labels);
  /** @param {import("./types.js").Posterior | null} posterior */
  const show = (posterior) => {
    map.drawAbove((context, toPixels) => {
      if (posterior) drawEllipse(context, toPixels, posterior);
    });
    lens.show(posterior);
  };
  return { roots: [map.root, lens.root], show };
}

/** Verdict, votes and the two terms in words. */
function createReport() {
  const verdict = liveWords("vw-verdict");
  const votes = createVotes();
  const words = make("p", { class: "vw-words" });
  return {
    roots: [verdict, votes.root, words],
    /** @param {Reading} reading */
    show(reading) {
      verdict.textContent = reading.sentence;
      votes.show(reading.votes, reading.digit === null);
      words.textContent = describeTerms(reading);
    },
    /** @param {string} sentence */
    refuse(sentence) {
      verdict.textContent = sentence;
      votes.show(Array(10).fill(0), true);
      words.textContent = "";
    },
  };
}

/** @param {Reading} reading */
function describeTerms({ reconstruction, kl, percentile, oodPercentile }) {
  return (
    `Reconstruction ${reconstruction.toFixed(0)} + KL ${kl.toFixed(1)} = ` +
    `${(reconstruction + kl).toFixed(0)} nats: more than ${percentile}% of test digits cost. ` +
    `Its out-of-distribution score is above that of ${oodPercentile}% of validation digits.`
  );
}

/** A bar a digit. */
function createVotes() {
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const fill = make("i");
    const count = make("b", {}, "0");
    const bar = box("vw-bar", make("span", {}, String(digit)), make("div", {}, fill), count);
    return { root: bar, fill, count };
  });
  const attributes = { class: "vw-votes", role: "img" };
  const votesRoot = make("div", attributes, ...bars.map((bar) => bar.root));
  /** @param {number[]} votes @param {boolean} doubt */
  const show = (votes, doubt) => {
    votesRoot.classList.toggle("vw-doubt", doubt);
    votes.forEach((count, digit) => {
      bars[digit].fill.style.width = `${(100 * count) / NEIGHBOURS}%`;
      bars[digit].count.textContent = String(count);
    });
    const spoken = describeVotes(votes) || "none";
    votesRoot.setAttribute("aria-label", `Votes of the ${NEIGHBOURS} nearest digits: ${spoken}`);
  };
  return { root: votesRoot, show };
}

/** @param {number[]} votes */
function describeVotes(votes) {
  return votes
    .map((count, digit) => ({ count, digit }))
    .filter(({ count }) => count > 0)
    .map(({ count, digit }) => `${count} for ${digit}`)
    .join(", ");
}

/** @param {string} word */
function arrow(word) {
  const attributes = { class: "vw-arrow", "aria-hidden": "true" };
  return make("div", attributes, make("span", {}, word), make("b", {}, "→"));
}

export default { render };
