// ipywidgets leaves slider handles and images without names: give them theirs, for screen readers.
// It also leaves them movable when no kernel answers: say so, for everyone.
import { make } from "./dom.js";

const PATIENCE = 3000; // milliseconds until a digit that has not followed is worth a word

export function renderNames({ model, el }) {
  const silence = make("p", { class: "vw-silence", role: "status" });
  let timer = null;
  const follows = () => { // aria-valuenow is rounded to one decimal
    const places = [...el.parentElement.querySelectorAll("[role=slider]")].map((handle) => Number(handle.getAttribute("aria-valuetext")));
    return model.get("alt").match(/-?\d+\.\d+/g).every((shown, k) => Math.abs(shown - places[k]) < 0.006);
  };
  const say = () => (silence.textContent = follows() ? "" : "Python does not answer: if no other cell is running, run this cell again to move the digit.");
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(say, PATIENCE);
  };
  el.append(silence);
  const name = () => {
    const box = el.parentElement;
    if (!box) return;
    for (const slider of box.querySelectorAll(".widget-slider")) {
      const words = slider.querySelector(".widget-label")?.textContent;
      for (const handle of slider.querySelectorAll("[role=slider]")) handle.setAttribute("aria-label", words);
      for (const shown of slider.querySelectorAll(".widget-readout")) {
        shown.setAttribute("aria-label", `${words}, as text`);
        shown.setAttribute("role", "textbox");
      }
    }
    for (const image of box.querySelectorAll("img")) image.alt = model.get("alt");
  };
  const watcher = new MutationObserver((changes) => {
    name();
    if (changes.some(({ type }) => type === "attributes")) wait();
  });
  const start = () => {
    if (!el.parentElement) return requestAnimationFrame(start); // not yet in the page
    name();
    watcher.observe(el.parentElement, { childList: true, subtree: true, attributeFilter: ["aria-valuetext"] });
  };
  start();
  model.on("change:alt", () => {
    name();
    if (silence.textContent) say();
  });
  return () => {
    clearTimeout(timer);
    watcher.disconnect();
  };
}
