// @ts-check
// The page with no kernel: the same widgets over a store that Python filled when the page was built.
import drawingPad from "./drawing_pad.js";
import latentPad from "./latent_pad.js";
import replay from "./replay.js";
import walk from "./walk.js";

/** @type {Record<string, { render(props: { model: any, el: HTMLElement }): unknown }>} */
const WIDGETS = { DrawingPad: drawingPad, LatentPad: latentPad, Walk: walk, Replay: replay };

/** What anywidget's model offers, without a kernel behind it. */
class Store {
  /** @type {Map<string, (() => void)[]>} */
  #listeners = new Map();
  #state;

  /** @param {Record<string, unknown>} state */
  constructor(state) {
    this.#state = state;
  }

  /** @param {string} name */
  get(name) {
    return this.#state[name];
  }

  /** @param {string} name @param {unknown} value */
  set(name, value) {
    this.#state[name] = value;
    for (const listener of this.#listeners.get(`change:${name}`) ?? []) listener();
  }

  /** @param {string} event @param {() => void} listener */
  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  save_changes() {}
}

/** @param {string} base64 */
function toView(base64) {
  return new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);
}

/**
 * Fills each element with data-widget; traits { bytes: n } stand for the nth of the shared blobs.
 *
 * @param {{ states: Record<string, Record<string, any>>, blobs: string[] }} saved
 */
function openPage({ states, blobs }) {
  const views = blobs.map(toView);
  /** @type {Record<string, Store>} */
  const stores = {};
  for (const [name, traits] of Object.entries(states)) {
    const decoded = Object.entries(traits).map(([trait, value]) => [
      trait,
      views[value?.bytes] ?? value,
    ]);
    stores[name] = new Store(Object.fromEntries(decoded));
  }
  for (const el of document.querySelectorAll("[data-widget]")) {
    if (!(el instanceof HTMLElement) || !el.dataset.widget) continue;
    WIDGETS[el.dataset.widget].render({ model: stores[el.dataset.widget], el });
  }
  document.body.dataset.ready = String(Math.round(performance.now()));
  return stores;
}

const saved = document.getElementById("state")?.textContent ?? "{}";
Object.assign(globalThis, { vaePage: { stores: openPage(JSON.parse(saved)) } }); // for tests to look at
