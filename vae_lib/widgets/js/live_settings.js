// @ts-check
// The settings of the live training in one strip: first those that act at once, then the two that a
// reset builds a new model from.
import { box } from "./dom.js";
import { createSwitch } from "./live_knobs.js";

/**
 * @param {ReturnType<typeof import("./live_knobs.js").createKnobs>} knobs
 * @param {ReturnType<typeof import("./live_knobs.js").createModelKnobs>} modelKnobs
 * @param {(isOn: boolean) => void} ongradients
 */
export function createSettings(knobs, modelKnobs, ongradients) {
  const gradients = createSwitch("show gradients", ongradients);
  const root = box(
    "vl-settings",
    knobs.trainingDigits.root,
    knobs.inputDropout.root,
    knobs.learningRate.root,
    knobs.klWeight.root,
    knobs.noise.root,
    gradients.root,
    modelKnobs.root,
  );
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Settings");
  return root;
}
