// @ts-check
// The bar above the live training: its title, play, step, epoch, reset, pace, and how far it is.
/** @import { Frame, Setting } from "./live.js" */
import { box, make } from "./dom.js";
import { ICONS as COMMON, icon } from "./svg.js";

const ICONS = {
  ...COMMON,
  seed: "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm0 2v14h14V5zm3 1.5A1.5 1.5 0 1 1 8 9.500a1.5 1.500 0 0 1 0-3zm8 8a1.5 1.5 0 1 1 0 3 1.5 1.500 0 0 1 0-3zm-4-4a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  step: "M5 5v14l9.500-7zm11 0h3v14h-3z",
  epoch: "M3 5v14l7.500-7zm7.500 0v14L18 12zM19 5h2.500v14H19z",
  slow: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 2a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm-1 2.500h2v4.200l3 1.800-1 1.700-4-2.400z",
};

/**
 * @typedef {{
 *   play(): void, pause(): void, step(): void, epoch(): void,
 *   reset(): void, reseed(): void, pace(slow: boolean): void,
 * }} Actions
 */

/** @param {Actions} actions */
export function createControls(actions) {
  let isTraining = false;
  let isSlow = false;
  const playIcon = icon(ICONS.play);
  const play = make(
    "button",
    { type: "button", class: "vl-play", "data-action": "play", "aria-label": "Play" },
    playIcon,
  );
  play.addEventListener("click", () => (isTraining ? actions.pause() : actions.play()));
  const step = createTool("step", "one step", ICONS.step, actions.step);
  const epoch = createTool("epoch", "one epoch", ICONS.epoch, actions.epoch);
  const reset = createTool("reset", "reset", ICONS.reset, actions.reset);
  const reseed = createTool("reseed", "new seed", ICONS.seed, actions.reseed);
  const slow = createTool("slow", "slow", ICONS.slow, () => {
    isSlow = !isSlow;
    slow.setAttribute("aria-pressed", String(isSlow));
    actions.pace(isSlow);
  });
  slow.setAttribute("aria-pressed", "false");
  const epochs = createReading("epoch", "0.0");
  const images = createReading("images seen", "0");
  const rate = createReading("images a second", "–");
  const title = make("h3", {}, make("b", {}, "VAE"), ", trained live");
  const words = make("p", { class: "vl-state" }, "Getting ready …");
  const readings = make("dl", { class: "vl-readings" }, epochs.root, images.root, rate.root);
  const tools = box("vl-tools", reset, reseed, play, step, epoch, slow);
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "Training");
  const buttons = [play, step, epoch, reset, reseed, slow];
  for (const one of buttons) one.disabled = true; // until there is a frame

  /** @param {boolean} isOn */
  const showPlaying = (isOn) => {
    if (isOn === isTraining) return;
    isTraining = isOn;
    play.setAttribute("aria-label", isOn ? "Pause" : "Play");
    playIcon.querySelector("path")?.setAttribute("d", isOn ? ICONS.pause : ICONS.play);
    play.classList.toggle("vl-is-training", isOn);
  };
  return {
    root: box("vl-bar", box("vl-title", title, words), tools, readings),
    play,
    /** @param {Setting} setting */
    limit({ offers }) {
      reseed.hidden = !offers.includes("seed");
    },
    /** @param {Frame} frame */
    update(frame) {
      const canTrain = frame.state !== "invalid";
      for (const one of buttons) one.disabled = false;
      for (const one of [play, step, epoch]) one.disabled = !canTrain;
      showPlaying(frame.state === "training");
      epochs.show(frame.epoch.toFixed(1));
      images.show(frame.images.toLocaleString("en"));
      rate.show(frame.rate > 0 ? Math.round(frame.rate).toLocaleString("en") : "–");
      const sentence = describeState(frame);
      if (words.textContent !== sentence) words.textContent = sentence;
    },
    /** While the engine does not answer. */
    stop() {
      showPlaying(false);
      for (const one of buttons) one.disabled = true;
      words.textContent = "The training does not answer.";
    },
  };
}

/**
 * The state in words, without numbers that change at every step.
 *
 * @param {Frame} frame
 */
function describeState({ state, epoch }) {
  if (state === "training") return `Training, in epoch ${Math.floor(epoch) + 1}.`;
  if (state === "paused") return "Paused. Press play to train on.";
  if (state === "invalid") return "The training broke down. A reset starts anew.";
  return "Nothing is trained yet. Press play.";
}

/**
 * @param {string} action
 * @param {string} name
 * @param {string} path
 * @param {() => void} onclick
 */
function createTool(action, name, path, onclick) {
  const attributes = { type: "button", class: "vl-tool", "data-action": action, onclick };
  return make("button", attributes, icon(path), make("span", {}, name));
}

/** A number under its name. @param {string} name @param {string} value */
function createReading(name, value) {
  const shown = make("dd", {}, value);
  return {
    root: make("div", {}, make("dt", {}, name), shown),
    /** @param {string} words */
    show(words) {
      if (shown.textContent !== words) shown.textContent = words;
    },
  };
}
