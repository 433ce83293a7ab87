// @ts-check
// The page with no kernel: the same widgets over a store that Python filled when the page was built.
import drawingPad from "./drawing_pad.js";
import latentPad from "./latent_pad.js";
import { createLiveTraining } from "./live_training.js";
import replay from "./replay.js";
import { PIXELS } from "./traits.js";
import walk from "./walk.js";
import { createWorkerEngine } from "./worker_engine.js";

/** @type {Record<string, { render(props: { model: any, el: HTMLElement }): unknown }>} */
const WIDGETS = { DrawingPad: drawingPad, LatentPad: latentPad, Walk: walk, Replay: replay };

const TOO_OLD =
  "This browser cannot unpack the digits (it has no DecompressionStream): a browser from 2023 or later can train here.";

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

/**
 * Training and validation digits, labels first, as one compressed stream.
 *
 * @typedef {{ training: number, validation: number, packed: string }} PackedDigits
 */

/**
 * The digits that the live training trains on.
 *
 * @param {PackedDigits} digits
 */
async function unpackDigits({ training, validation, packed }) {
  const compressed = new Blob([toView(packed)]).stream();
  const stream = compressed.pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let start = 0;
  /** @param {number} length */
  const next = (length) => {
    start += length;
    return bytes.slice(start - length, start);
  };
  return {
    labels: next(training),
    validationLabels: next(validation),
    images: next(training * PIXELS),
    validationImages: next(validation * PIXELS),
  };
}

/** The live training, once the rest of the page is there. */
async function openLiveTraining() {
  const el = document.getElementById("live-training");
  const packed = document.getElementById("digits")?.textContent;
  if (!el || !packed) return;
  const words = el.querySelector("p");
  if (typeof DecompressionStream === "undefined") {
    if (words) words.textContent = TOO_OLD;
    return;
  }
  const digits = await unpackDigits(JSON.parse(packed));
  words?.remove();
  createLiveTraining(createWorkerEngine(digits), el);
}

const saved = document.getElementById("state")?.textContent ?? "{}";
Object.assign(globalThis, { vaePage: { stores: openPage(JSON.parse(saved)) } }); // for tests to look at
setTimeout(openLiveTraining); // the page is ready without it
