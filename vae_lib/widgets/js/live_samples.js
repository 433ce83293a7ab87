// @ts-check
// Samples: images decoded from codes that were drawn once from the prior.
import { paintRaw } from "./canvas.js";
import { box, digitCanvas, make } from "./dom.js";
import { PIXELS } from "./traits.js";

const MOST = 12;

export function createSamples() {
  const canvases = Array.from({ length: MOST }, () =>
    digitCanvas({ class: "vw-digit vl-sample", "aria-hidden": "true" }),
  );
  const grid = box("vl-samples", ...canvases);
  grid.setAttribute("role", "img");
  grid.setAttribute("aria-label", "Samples from the prior, decoded");
  const caption =
    "Codes z drawn once from the prior N(0, I), decoded by the model as it is now: no image was encoded.";
  const root = make(
    "figure",
    { class: "vl-panel vl-prior-samples" },
    make("h3", {}, "Samples from the prior"),
    grid,
    make("figcaption", {}, caption),
  );
  return {
    root,
    /** @param {Uint8Array} images */
    update(images) {
      const count = Math.min(MOST, images.length / PIXELS);
      canvases.forEach((canvas, k) => {
        canvas.hidden = k >= count;
        if (k < count) paintRaw(canvas, images, PIXELS * k);
      });
    },
  };
}
