// @ts-check
// The page with no kernel: the same widgets over a store that Python filled when the page was
// built.
import { make } from "./dom.js";
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
  "This browser cannot unpack the page (it has no DecompressionStream): a browser from 2023 or later can.";

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

/** The bytes of a compressed stream that stands in the page as text. @param {string} base64 */
async function unpack(base64) {
  const compressed = new Blob([toView(base64)]).stream();
  const stream = compressed.pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Parts of the given lengths, one behind the other.
 *
 * @param {Uint8Array} bytes
 * @param {number[]} lengths
 */
function split(bytes, lengths) {
  let start = 0;
  return lengths.map((length) => {
    start += length;
    return bytes.slice(start - length, start);
  });
}

/**
 * Fills each element with data-widget; traits { bytes: n } stand for the nth of the shared parts.
 *
 * @param {{ states: Record<string, Record<string, any>>, lengths: number[], packed: string }} saved
 */
async function openPage({ states, lengths, packed }) {
  const parts = split(await unpack(packed), lengths);
  const views = parts.map((bytes) => new DataView(bytes.buffer));
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
  const lengths = [training, validation, training * PIXELS, validation * PIXELS];
  const parts = split(await unpack(packed), lengths);
  const [labels, validationLabels, images, validationImages] = parts;
  return { labels, validationLabels, images, validationImages };
}

/** The live training, once the rest of the page is there. */
async function openLiveTraining() {
  const el = document.getElementById("live-training");
  const packed = document.getElementById("digits")?.textContent;
  if (!el || !packed) return;
  const digits = await unpackDigits(JSON.parse(packed));
  el.querySelector("p")?.remove();
  createLiveTraining(createWorkerEngine(digits), el);
}

/** All of the page. */
async function open() {
  if (typeof DecompressionStream === "undefined") {
    document.querySelector("header")?.append(make("p", { role: "alert" }, TOO_OLD));
    document.getElementById("live-training")?.remove();
    document.body.dataset.ready = "";
    return;
  }
  const saved = document.getElementById("state")?.textContent ?? "{}";
  const stores = await openPage(JSON.parse(saved));
  Object.assign(globalThis, { vaePage: { stores } }); // for tests to look at
  setTimeout(openLiveTraining); // the page is ready without it
}

open();
