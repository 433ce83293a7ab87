// @ts-check
// Words, numbers and knobs beside the parts of the live schematic: each knob stands at what it
// changes, and all of them look alike.
/** @import { Frame } from "./live.js" */
/** @import { Dock, Layout } from "./live_layout.js" */
import { box, make, nats, setWords } from "./dom.js";
import { createSwitch } from "./live_knobs.js";

/**
 * @param {ReturnType<typeof import("./live_knobs.js").createKnobs>} knobs
 * @param {ReturnType<typeof import("./live_knobs.js").createModelKnobs>} modelKnobs
 * @param {(isOn: boolean) => void} ongradients
 */
export function createDocks(knobs, modelKnobs, ongradients) {
  const decoderSize = make("span", { class: "vl-size" });
  const encoderSize = make("span", { class: "vl-size" });
  const gradients = createSwitch("show gradients", ongradients);
  const kl = createTerm("KL term", "kl", "KL(q(z∣x) ‖ p(z))");
  const reconstruction = createTerm("Reconstruction", "reconstruction", "−log p(x∣z)");
  const loss = createTerm("Loss", "loss", "");
  const roots = {
    images: createDock("images", knobs.trainingDigits.root, knobs.inputDropout.root),
    encoder: createName("encoder", encoderSize),
    network: createDock("network", modelKnobs.root),
    noise: createDock("noise", knobs.noise.root),
    decoder: createName("decoder", decoderSize),
    rate: createDock("rate", knobs.learningRate.root),
    gradients: createDock("gradients", gradients.root),
    weight: createDock("weight", knobs.klWeight.root),
    kl: kl.root,
    reconstruction: reconstruction.root,
    loss: loss.root,
  };
  const cards = [kl, reconstruction, loss];
  return {
    roots,
    /** @param {Layout} layout */
    arrange({ isWide, docks, cards: { height } }) {
      for (const [name, root] of Object.entries(roots)) placeDock(root, docks[name]);
      for (const { root } of cards) root.style.height = isWide ? `${height}px` : "";
    },
    /** @param {Frame} frame */
    update({ terms, start, knobs: { klWeight } }) {
      setWords(encoderSize, `784 → ${start.hiddenUnits} → μ, σ`);
      setWords(decoderSize, `z → ${start.hiddenUnits} → 784`);
      loss.explain(explainLoss(klWeight));
      kl.show(terms?.kl);
      reconstruction.show(terms?.reconstruction);
      loss.show(terms?.loss);
    },
  };
}

/**
 * In a narrow layout there is no place in the drawing: the dock then stands below it.
 *
 * @param {HTMLElement} root
 * @param {Dock | undefined} dock
 */
function placeDock({ style }, dock) {
  style.left = dock ? `${dock.left}px` : "";
  style.top = dock ? `${dock.top}px` : "";
  style.width = dock ? `${dock.width}px` : "";
}

/** What the sum of the two terms is. @param {number} weight of the KL term */
function explainLoss(weight) {
  if (weight === 0) return "without the KL term";
  if (weight === 1) return "the negative ELBO";
  return "the loss of a β-VAE";
}

/** @param {string} name @param {Node[]} knobs */
function createDock(name, ...knobs) {
  return box(`vl-dock vl-dock-${name}`, ...knobs);
}

/** A network's name and the sizes of its layers, within its funnel. @param {string} name @param {HTMLElement} size */
function createName(name, size) {
  return box(`vl-name-of vl-dock-${name}`, make("b", {}, name), size);
}

/**
 * A term of the loss: its name, its value in nats per image, and its formula.
 *
 * @param {string} name
 * @param {string} part
 * @param {string} formula
 */
function createTerm(name, part, formula) {
  const value = make("output", { class: "vl-value" }, "–");
  value.setAttribute("aria-live", "off"); // it changes at every step
  const symbols = make("span", { class: "vl-formula" }, formula);
  const title = box("vl-term-name", make("b", {}, name), " ", make("span", {}, "this batch"));
  const line = box("vl-term-line", value, " ", make("span", {}, "nats"));
  return {
    root: box(`vl-card vl-card-${part}`, title, line, symbols),
    /** @param {number} [amount] */
    show(amount = Number.NaN) {
      setWords(value, nats(amount));
    },
    /** @param {string} words */
    explain(words) {
      setWords(symbols, words);
    },
  };
}
