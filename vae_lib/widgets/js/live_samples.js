// @ts-check
// Samples: images decoded from codes of the prior, the same ones while it trains, until others are drawn.
import { paintRaw } from "./canvas.js";
import { box, digitCanvas, make } from "./dom.js";
import { PIXELS } from "./traits.js";

const MOST = 12;

/** @param {() => void} onresample asks for other codes */
export function createSamples(onresample) {
  const canvases = Array.from({ length: MOST }, () =>
    digitCanvas({ class: "vw-digit vl-sample", "aria-hidden": "true" }),
  );
  const grid = box("vl-samples", ...canvases);
  grid.setAttribute("role", "img");
  grid.setAttribute("aria-label", "Samples from the prior, decoded");
  const caption =
    "Codes z drawn from the prior N(0, I), decoded by the model as it is now: no image was encoded. " +
    "The codes stay the same while it trains.";
  const resample = make(
    "button",
    { type: "button", "data-action": "resample", onclick: onresample },
    "draw other codes",
  );
  const root = make(
    "figure",
    { class: "vl-panel vl-prior-samples" },
    box("vl-heading", make("h3", {}, "Samples from the prior"), resample),
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
