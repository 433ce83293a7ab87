// @ts-check
// ipywidgets leaves slider handles and images without names: give them theirs, for screen readers.
// It also leaves them movable when no kernel answers: say so, for everyone.
/** @import { AnyModel, RenderProps } from "@anywidget/types" */
import { make } from "./dom.js";

const PATIENCE = 3000; // milliseconds until a digit that has not followed is worth a word
const SILENCE =
  "Python does not answer: if no other cell is running, run this cell again to move the digit.";

/**
 * The image's alternative text, the code that Python decoded for it, and references to the sliders.
 *
 * @typedef {{ alt: string, decoded: number[], sliders: string[] }} Traits
 */

/** @typedef {AnyModel<{ value: number }>} SliderModel */

/** @param {RenderProps<Traits>} props */
async function render({ model, el }) {
  const silence = make("p", { class: "vw-silence", role: "status" });
  el.append(silence);
  const sliders = await findSliders(model);

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const report = () => {
    const decoded = model.get("decoded");
    const hasFollowed = sliders.every((slider, k) => slider.get("value") === decoded[k]);
    silence.textContent = hasFollowed ? "" : SILENCE;
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(report, PATIENCE);
  };
  for (const slider of sliders) slider.on("change:value", wait);
  model.on("change:decoded", () => {
    if (silence.textContent) report();
  });

  const name = () => nameParts(el.parentElement, model.get("alt"));
  model.on("change:alt", name);
  const stopWatching = watchParent(el, name);
  return () => {
    clearTimeout(timer);
    for (const slider of sliders) slider.off("change:value", wait);
    stopWatching();
  };
}

/** @param {AnyModel<Traits>} model */
function findSliders(model) {
  /** @param {string} reference @returns {Promise<SliderModel>} */
  const find = (reference) => model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""));
  return Promise.all(model.get("sliders").map(find));
}

/**
 * Calls act now and whenever ipywidgets puts something into the box that this widget stands in.
 *
 * @param {HTMLElement} el
 * @param {() => void} act
 */
function watchParent(el, act) {
  const observer = new MutationObserver(act);
  let frame = 0;
  const start = () => {
    if (!el.parentElement) {
      frame = requestAnimationFrame(start); // not yet in the page
      return;
    }
    act();
    observer.observe(el.parentElement, { childList: true, subtree: true });
  };
  start();
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}

/** @param {HTMLElement | null} box @param {string} alt */
function nameParts(box, alt) {
  if (!box) return;
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const words = slider.querySelector(".widget-label")?.textContent ?? "";
    for (const handle of slider.querySelectorAll("[role=slider]")) {
      handle.setAttribute("aria-label", words);
    }
    for (const readout of slider.querySelectorAll(".widget-readout")) {
      readout.setAttribute("aria-label", `${words}, as text`);
      readout.setAttribute("role", "textbox");
    }
  }
  for (const image of box.querySelectorAll("img")) image.alt = alt;
}

export default { render };
