// Built by `npm run build` from vae_lib/widgets/js: change that.

// ../../palette.json
var palette_default = {
  digits: {
    light: ["#ec3a8f", "#1f6fe5", "#15565a", "#6f9f3f", "#dc7410", "#96122a", "#5430b0", "#109f9f", "#ae7ce2", "#84107f"],
    dark: ["#ff7fb8", "#4f9bff", "#3f8f90", "#b5e07a", "#ffb454", "#e04a5e", "#8a6cf0", "#5fe0dc", "#d9b8ff", "#c24dbd"]
  },
  lines: ["#1f6fe5", "#dc7410", "#0f9292", "#d8327f", "#5430b0", "#5f8f2f", "#96122a", "#a06fdc"],
  accent: "#1f6fe5",
  ink: "#2b2b2b",
  grey: "#6b6b6b",
  rule: "#c8c8c8",
  faint: "#ededed"
};

// palette.js
var DIGITS = palette_default.digits.light;
var IN_THE_DARK = palette_default.digits.dark;
var INK = palette_default.ink;
var TRAINING = palette_default.lines[0];
var VALIDATION = palette_default.lines[1];
var PRIOR = palette_default.lines[0];
var POSTERIOR = palette_default.lines[3];
var TAKEN_AWAY = palette_default.lines[1];
var PEN_UP = palette_default.accent;
var PEN_DOWN = palette_default.lines[6];
var ENCODER = palette_default.lines[0];
var NOISE = palette_default.lines[1];
var DECODER = palette_default.lines[2];
var LATENT = palette_default.lines[4];
var INK_TINT = `${INK}1f`;
var GREY = palette_default.grey;
var RULE = palette_default.rule;
var FAINT = palette_default.faint;

// dom.js
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice("on".length), value);
    else node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

// sliders.js
var PATIENCE = 3e3;
var SILENCE = "Python does not answer: if no other cell is running, run this cell again to move the digit.";
async function render({ model, el }) {
  const silence = make("p", { class: "vw-silence", role: "status" });
  el.append(silence);
  const sliders = await findSliders(model);
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
function findSliders(model) {
  const find = (reference) => model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""));
  return Promise.all(model.get("sliders").map(find));
}
function watchParent(el, act) {
  const observer = new MutationObserver(act);
  let frame = 0;
  const start = () => {
    if (!el.parentElement) {
      frame = requestAnimationFrame(start);
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
var sliders_default = { render };
export {
  sliders_default as default
};
