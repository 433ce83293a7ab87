// @ts-check
// A strip from 0 to 100 percent with a pointer, which nobody can drag.
import { box, make } from "./dom.js";

/**
 * @param {string[]} scale words under its left end, its middle and its right end
 * @param {{ from: number, words: string }} [refusal] where refusal begins
 */
export function createGauge(scale, refusal) {
  const mark = make("i");
  const line = box("vw-gauge", mark);
  const words = box("vw-scale", ...scale.map((one) => make("span", {}, one)));
  const root = make("div", { class: "vw-rank", "aria-hidden": "true" }, line, words);
  if (refusal) {
    line.append(make("s", { style: `left: ${refusal.from}%` }));
    root.prepend(make("span", { class: "vw-refusal" }, refusal.words));
  }
  return {
    root,
    /** @param {number | null} percent */
    show(percent) {
      mark.hidden = percent === null;
      mark.style.left = `${percent ?? 0}%`;
    },
  };
}
