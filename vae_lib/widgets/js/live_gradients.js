// @ts-check
// The way back: the training loop from the loss into the weights of both networks, and, where it is
// asked for, how the gradient of each term gets there.
/** @import { Gradients } from "./live.js" */
/** @import { Column, Layout } from "./live_layout.js" */
import { nats, setWords } from "./dom.js";
import { center, loopPaths } from "./live_layout.js";
import { setAll, svg } from "./svg.js";

const DASHES = 12; // pixels, a dash and the gap after it: live.css has the same
const STRIDE = 3; // pixels that the dashes go on from frame to frame
const THIN = 1.5; // width of a gradient's arrow, and what the largest adds
const THICK = 5;
const LOOP = "gradients of the loss update both networks";

/** The training loop. */
export function createLoop() {
  const trunk = svg("path", { class: "vl-loop" });
  const toDecoder = svg("path", { class: "vl-loop vl-loop-end" });
  const toEncoder = svg("path", { class: "vl-loop vl-loop-end" });
  const name = svg("text", { class: "vl-loop-name" });
  const root = svg("g", { class: "vl-training-loop" }, trunk, toDecoder, toEncoder, name);
  return {
    root,
    /** @param {Layout} layout */
    arrange(layout) {
      const paths = loopPaths(layout);
      setAll(trunk, { d: paths.trunk });
      setAll(toDecoder, { d: paths.toDecoder });
      setAll(toEncoder, { d: paths.toEncoder });
      setWords(name, layout.isWide ? LOOP : LOOP.replace("of the loss ", ""));
      setAll(name, { x: (layout.loop.encoder + layout.loop.decoder) / 2, y: layout.loop.y });
    },
  };
}

/**
 * Lets the dashes of these groups move on when the model has taken a step: they stand still with
 * it.
 *
 * @param {SVGElement[]} groups
 */
export function createFlow(...groups) {
  let seen = 0; // images
  let moved = 0; // pixels
  return {
    /** @param {number} images seen so far */
    update(images) {
      if (images === seen) return;
      seen = images;
      moved = (moved + STRIDE) % DASHES;
      for (const { style } of groups) style.strokeDashoffset = `${-moved}px`; // paths inherit it
    },
  };
}

/** The gradient's way backwards; the width of each arrow tells its norm. */
export function createGradients() {
  /** @param {"reconstruction" | "kl"} term */
  const arrow = (term) => svg("path", { class: `vl-gradient vl-of-${term}` });
  const toDecoder = [arrow("reconstruction"), arrow("reconstruction")];
  const toEncoder = [arrow("reconstruction"), arrow("reconstruction"), arrow("reconstruction")];
  const ofKl = [arrow("kl"), arrow("kl")];
  const through = svg("path", { class: "vl-through" }); // within decoder, q and encoder
  const norms = { decoder: createNorm(), encoder: createNorm() };
  const klNorm = svg("tspan", { class: "vl-norm-kl" });
  norms.encoder.root.append(klNorm);
  const arrows = [...toDecoder, ...toEncoder, ...ofKl];
  const root = svg(
    "g",
    { class: "vl-gradients", "aria-hidden": "true" },
    through,
    ...arrows,
    norms.decoder.root,
    norms.encoder.root,
  );
  let isWide = true;
  return {
    root,
    /** @param {Layout} layout */
    arrange(layout) {
      isWide = layout.isWide;
      const paths = gradientPaths(layout);
      arrows.forEach((path, k) => {
        setAll(path, { d: paths.arrows[k] });
      });
      setAll(through, { d: paths.through });
      norms.decoder.arrange(layout, layout.loop.decoder);
      norms.encoder.arrange(layout, layout.loop.encoder);
    },
    /** @param {Gradients | null} found */
    update(found) {
      const { encoder, decoder } = found?.reconstruction ?? { encoder: 0, decoder: 0 };
      const kl = found?.kl.encoder ?? 0;
      const largest = Math.max(encoder, decoder, kl, 1e-9);
      const widest = isWide ? THICK : THICK / 2;
      /** @param {SVGPathElement[]} paths @param {number} norm */
      const widen = (paths, norm) => {
        for (const path of paths) {
          path.style.strokeWidth = `${(THIN + widest * Math.sqrt(norm / largest)).toFixed(1)}px`;
          path.classList.toggle("vl-hidden", !(norm > 0));
        }
      };
      widen(toDecoder, decoder);
      widen(toEncoder, encoder);
      widen(ofKl, kl);
    },
    /** @param {Gradients | null} found */
    tell(found) {
      norms.decoder.tell(found ? size(found.reconstruction.decoder) : "");
      norms.encoder.tell(found ? size(found.reconstruction.encoder) : "");
      setWords(klNorm, found ? ` + ${isWide ? "KL " : ""}${size(found.kl.encoder)}` : "");
    },
  };
}

/**
 * A norm in two lines beside the arrow that leads into a network; in one below it, where it is
 * narrow.
 */
function createNorm() {
  const name = svg("tspan", { class: "vl-norm-name" });
  const value = svg("tspan", { class: "vl-norm-reconstruction" });
  const root = svg("text", { class: "vl-norm" }, name, value);
  let isWide = true;
  return {
    root,
    /** @param {Layout} layout @param {number} x of the arrow */
    arrange(layout, x) {
      isWide = layout.isWide;
      root.classList.toggle("vl-norm-aside", isWide);
      setAll(root, isWide ? { x: x + 9, y: layout.loop.y + 18 } : { x, y: layout.bottom + 40 });
      setAll(value, isWide ? { x: x + 9, dy: 16 } : { dy: 0 });
      if (!isWide) value.removeAttribute("x"); // it goes on in the line of its name
    },
    /** @param {string} words */
    tell(words) {
      setWords(name, words && (isWide ? "gradient norm " : "∇ "));
      setWords(value, words);
    },
  };
}

/** A norm in few letters. @param {number} norm */
function size(norm) {
  if (!Number.isFinite(norm)) return "–";
  return norm >= 100 ? nats(norm).replace(/\.\d$/, "") : norm.toPrecision(2);
}

/** Where the arrows run: from term to part, between the rows. @param {Layout} layout */
function gradientPaths(layout) {
  const { isWide, columns, top, bottom } = layout;
  const { encoder, q, z, decoder, reconstructions } = columns;
  const middle = (top + bottom) / 2;
  const aside = isWide ? 8 : 5;
  /** @param {Column} from @param {Column} to @param {number} y */
  const back = (from, to, y) => `M${from.left - 2} ${y}H${to.right + 3}`;
  const [above, below] = [middle - aside, middle + aside];
  const fromTerms = isWide ? pathsFromTerms(layout) : { reconstruction: "", kl: "" };
  return {
    arrows: [
      fromTerms.reconstruction,
      back(reconstructions, decoder, above),
      back(decoder, z, above),
      back(z, { left: q.left, right: q.right + 3 }, above),
      back({ left: q.left - 4, right: q.right }, encoder, above),
      fromTerms.kl,
      back({ left: q.left - 4, right: q.right }, encoder, below),
    ],
    through: [decoder, q, encoder].map(({ left, right }) => `M${right} ${above}H${left}`).join(""),
  };
}

/** Beside the ways that lead to the terms. @param {Layout} layout */
function pathsFromTerms({ columns, bottom, cards, docks }) {
  const { left, width } = docks.reconstruction;
  const entry = left + width - 34;
  const across = cards.top - 36;
  const end = center(columns.reconstructions) - 14;
  const q = center(columns.q) + 16;
  return {
    reconstruction:
      `M${entry} ${cards.top - 2}V${across + 8}q0 -8 8 -8` + `H${end - 8}q8 0 8 -8V${bottom + 5}`,
    kl: `M${q} ${cards.top - 2}V${bottom + 9}`,
  };
}
