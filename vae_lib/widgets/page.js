// The page with no kernel: the same widgets over a store that Python filled when the page was built.
import { renderDrawingPad } from "./drawing_pad.js";
import { renderLatentPad } from "./latent_pad.js";
import { renderReplay } from "./replay.js";
import { renderWalk } from "./walk.js";

const RENDER = { DrawingPad: renderDrawingPad, LatentPad: renderLatentPad, Walk: renderWalk, Replay: renderReplay };

/** What anywidget's model offers, without a kernel behind it. */
class Store {
  constructor(state) {
    Object.assign(this, { state, listeners: {} });
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    this.state[name] = value;
    for (const listener of this.listeners[`change:${name}`] ?? []) listener();
  }
  on(event, listener) {
    (this.listeners[event] ??= []).push(listener);
  }
  save_changes() {}
}

/** Fill each element with data-widget; values { bytes: n } stand for the nth of the shared blobs. */
export function openPage({ states, blobs }) {
  const views = blobs.map((text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer));
  for (const el of document.querySelectorAll("[data-widget]")) {
    const state = Object.entries(states[el.dataset.widget]).map(([name, value]) => [name, views[value?.bytes] ?? value]);
    el.store = new Store(Object.fromEntries(state));
    RENDER[el.dataset.widget]({ model: el.store, el });
  }
  document.body.dataset.ready = Math.round(performance.now());
}
