// @ts-check
// The map of the drawing pad: the drawing's posterior under a lens, the point that is decoded, the
// lines that join it to encoder and decoder, and the buttons that sample it.
/** @import { Point, Posterior } from "./types.js" */
/** @import { View } from "./plane.js" */
import { box, iconButton, make, place } from "./dom.js";
import { drawThread } from "./funnel.js";
import { drawMarker } from "./lens.js";
import { createLensBelow } from "./lens_below.js";
import { createMap, REACH } from "./map.js";
import { DECODER, ENCODER } from "./palette.js";
import { ICONS } from "./svg.js";

const APART = 0.7; // of the prior's standard deviations: where a line enters the map from the side
const BESIDE = 0.16; // how far apart two enter it from the top, as a share of a funnel's width
const CIRCLES = "Circles: 1, 2 and 3 σ of the prior.";
const EMPTY =
  "Each point is the code of a test digit, in the colour of its class. Circles: 1, 2 and 3 " +
  "standard deviations σ of the prior.";

/**
 * @param {HTMLElement} stage that shows the parts across, or below each other
 * @param {Float32Array} codes
 * @param {Uint8Array} labels
 * @param {{ sample(): void, back(): void }} actions of its two buttons
 * @param {HTMLElement} sampled what they say
 */
export function createPadMap(stage, codes, labels, actions, sampled) {
  const map = createMap("Where the drawing lies", { isBare: true });
  const lens = createLensBelow(map.root, { codes, labels });
  const words = make("p", { class: "vw-words" });
  const numbers = make("b", { class: "vw-numbers" });
  const buttons = [
    iconButton(ICONS.sample, "Sample z", actions.sample),
    iconButton(ICONS.reset, "Back to μ", actions.back),
  ];
  let shownReach = REACH;
  map.drawDigits(codes, labels);

  /** @param {boolean} isEmpty */
  const setEmpty = (isEmpty) => {
    map.stepBack(!isEmpty);
    for (const button of buttons) button.disabled = isEmpty;
    strip.classList.toggle("vw-blank", isEmpty);
  };
  const showNothing = () => {
    setReach(REACH);
    setEmpty(true);
    lens.hide();
    words.textContent = EMPTY;
    numbers.textContent = "";
    map.drawAbove(() => {});
  };
  /** @param {number} reach */
  const setReach = (reach) => {
    if (reach === shownReach) return;
    shownReach = reach;
    map.setReach(reach);
    map.drawDigits(codes, labels);
  };
  /**
   * @param {Posterior} posterior
   * @param {Float32Array[]} samples of it: the last is the point that is decoded, else the mean is
   */
  const show = (posterior, samples) => {
    const z = samples[samples.length - 1] ?? posterior.mean;
    setReach(reachFor(z));
    setEmpty(false);
    const [mean, deviation] = describe(posterior).map((words) => make("span", {}, words));
    numbers.replaceChildren(mean, " ", deviation);
    map.drawAbove(
      (context, view) => {
        const seen = lens.show(context, view, { posterior, samples });
        drawMarker(context, view.toPixels(z));
        words.textContent = explain(seen);
      },
      z,
      (context, view) => {
        drawThreads(context, view.toPixels(z), findMouths(stage, map.root, view));
      },
    );
  };
  const strip = box(
    "vw-under vw-under-map",
    lens.root,
    box("vw-line", ...buttons),
    box("vw-explained", numbers, sampled, words),
  );
  return { root: map.root, strip, show, showNothing };
}

/** How far the map must reach for a code far out to be on it. @param {ArrayLike<number>} z */
function reachFor(z) {
  const farthest = Math.max(Math.abs(z[0]), Math.abs(z[1]));
  return farthest < REACH ? REACH : Math.ceil(farthest + 0.5);
}

/** @param {Posterior} posterior */
function describe({ mean, logVar }) {
  const deviation = logVar.map((value) => Math.exp(0.5 * value));
  return [`μ = ${place(mean)},`, `σ = ${place(deviation, 3)}`];
}

/** @param {{ magnification: number, neighbours: number } | null} seen through the lens */
function explain(seen) {
  const ellipses = "ellipses at 1 and 2 σ of q";
  if (!seen) return `q(z∣x), with ${ellipses}. ${CIRCLES}`;
  const digits = seen.neighbours > 0 ? " and test digits" : "";
  const size = seen.magnification.toLocaleString("en");
  return `Lens: q(z∣x), ${size} × as large, with ${ellipses}${digits}. ${CIRCLES}`;
}

/**
 * Where lines enter the map from the encoder, and where one leaves it.
 *
 * @typedef {{ starts: Point[], end: Point, isAcross: boolean }} Mouths
 */

/**
 * At the left and the right, or at the top where both funnels stand above the map.
 *
 * @param {HTMLElement} stage
 * @param {HTMLElement} mapRoot
 * @param {View} view
 * @returns {Mouths}
 */
function findMouths(stage, mapRoot, { width, y, reach }) {
  const isAcross = getComputedStyle(stage).getPropertyValue("--vw-flow").trim() === "across";
  if (isAcross) {
    const apart = (APART * reach) / REACH;
    const [above, below] = [y(apart), y(-apart)];
    return { starts: [above, below].map((height) => [0, height]), end: [width, y(0)], isAcross };
  }
  const [encoder, decoder] = ["encoder", "decoder"].map((name) => {
    const funnel = stage.querySelector(`.vw-funnel-${name}`)?.getBoundingClientRect();
    return funnel ?? new DOMRect();
  });
  const { left } = mapRoot.getBoundingClientRect();
  /** @param {DOMRect} funnel @param {number} share @returns {Point} */
  const under = (funnel, share) => [funnel.left - left + share * funnel.width, 0];
  return {
    starts: [under(encoder, 0.5 - BESIDE / 2), under(encoder, 0.5 + BESIDE / 2)],
    end: under(decoder, 0.5),
    isAcross,
  };
}

/**
 * Lines from the encoder's mouth to the marker, and on to the decoder's.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point} marker
 * @param {Mouths} mouths
 */
function drawThreads(context, marker, { starts, end, isAcross }) {
  for (const start of starts) drawThread(context, start, marker, ENCODER, isAcross);
  drawThread(context, marker, end, DECODER, isAcross);
}
