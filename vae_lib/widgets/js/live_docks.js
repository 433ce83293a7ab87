// @ts-check
// Words and numbers beside the parts of the live schematic: the networks' names and sizes, and the
// loss as a sum.
/** @import { Frame } from "./live.js" */
/** @import { Dock, Layout } from "./live_layout.js" */
import { box, make, nats, setWords } from "./dom.js";

export function createDocks() {
  const decoderSize = make("span", { class: "vl-size" });
  const encoderSize = make("span", { class: "vl-size" });
  const weight = make("output", { "aria-live": "off" }, "1.0");
  const kl = createTerm("KL term", "kl", "KL(q(z∣x) ‖ p(z))");
  const reconstruction = createTerm("Reconstruction", "reconstruction", "−log p(x∣z)");
  const loss = createTerm("Loss", "loss", "", "this batch"); // and so are its terms
  const roots = {
    encoder: createName("encoder", encoderSize),
    decoder: createName("decoder", decoderSize),
    weight: box("vl-dock-weight", make("span", {}, "KL weight"), weight),
    kl: kl.root,
    reconstruction: reconstruction.root,
    loss: loss.root,
  };
  const sum = [roots.weight, kl.root, reconstruction.root, loss.root];
  return {
    roots,
    /** @param {Layout} layout */
    arrange({ isWide, docks, cards: { height } }) {
      for (const [name, root] of Object.entries(roots)) placeDock(root, docks[name]);
      for (const { style } of sum) style.height = isWide ? `${height}px` : "";
    },
    /** @param {Frame} frame */
    update({ terms, start, knobs: { klWeight } }) {
      setWords(encoderSize, `784 → ${start.hiddenUnits} → μ, σ`);
      setWords(decoderSize, `z → ${start.hiddenUnits} → 784`);
      setWords(weight, klWeight.toFixed(1));
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
 * @param {string} [of] what it is measured on
 */
function createTerm(name, part, formula, of = "") {
  const value = make("output", { class: "vl-value" }, "–");
  value.setAttribute("aria-live", "off"); // it changes at every step
  const symbols = make("span", { class: "vl-formula" }, formula);
  const title = box("vl-term-name", make("b", {}, name), " ", make("span", {}, of));
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
