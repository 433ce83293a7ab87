// @ts-check
// The live training's engine in a notebook: Python trains (vae_lib.live), and messages go both
// ways. Python answers each command, so that its silence can be told from a training that stands
// still.
import { float32, uint8 } from "./traits.js";

/** @import { AnyModel } from "@anywidget/types" */
/** @import { Command, Engine, Frame, Setting } from "./live.js" */

/** @typedef {Parameters<Engine["listen"]>[0]} Listener */

const PATIENCE = 3000; // milliseconds until a command without an answer is worth a word
const SILENCE =
  "Python does not answer: if another cell is running, wait for it; if the kernel was restarted, run this cell again.";

/** @param {AnyModel} model @returns {Engine} */
export function createKernelEngine(model) {
  /** @type {Listener | null} */
  let listener = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const view = crypto.getRandomValues(new Uint32Array(1))[0]; // one model may have several views
  let sent = 0; // commands, by their numbers
  let heard = 0;
  let isSilent = false;
  /** @type {Frame | null} */
  let last = null;
  const points = countPoints();

  const report = () => {
    isSilent = heard < sent;
    if (isSilent) listener?.failed(SILENCE);
  };

  /** @param {object} content */
  const post = (content) => {
    try {
      model.send(content);
    } catch {
      isSilent = true;
      listener?.failed(SILENCE); // ipywidgets throws where the kernel that knew the widget is gone
    }
  };

  /** @param {{ view: number, number: number }} answer */
  const hear = (answer) => {
    if (answer.view !== view) return;
    heard = Math.max(heard, answer.number);
    if (isSilent && last) listener?.frame({ ...last, measured: [] }); // in place of the words
    isSilent = false;
  };

  /** @param {Command | { action: "listen" }} command */
  const send = (command) => {
    if (command.action === "shown") {
      post(command); // sent with each frame: its answer would be traffic without a use
      return;
    }
    sent += 1;
    clearTimeout(timer);
    timer = setTimeout(report, PATIENCE);
    post({ ...command, view, number: sent });
  };

  /** @param {any} content @param {DataView[]} buffers */
  const receive = (content, buffers) => {
    if (content.kind === "heard") hear(content);
    if (content.kind === "setting") listener?.setting(readSetting(content, buffers));
    if (content.kind === "failed") listener?.failed(content.words);
    if (content.kind === "frame") {
      last = readFrame(content, buffers, points.takeNew(content));
      listener?.frame(last);
    }
  };

  return {
    send,
    listen(newListener) {
      listener = newListener;
      model.on("msg:custom", receive);
      send({ action: "listen" });
    },
    close() {
      clearTimeout(timer);
      model.off("msg:custom", receive);
      listener = null;
    },
  };
}

/**
 * Which points of the curves are new: Python sends all of them again when another view is opened.
 */
function countPoints() {
  let run = -1;
  let known = 0;
  return {
    /** @param {{ run: number, first: number, measured: Frame["measured"] }} content */
    takeNew(content) {
      if (content.run !== run) {
        run = content.run;
        known = 0;
      }
      const fresh = content.measured.slice(Math.max(0, known - content.first));
      known = Math.max(known, content.first + content.measured.length);
      return fresh;
    },
  };
}

/** @param {any} content @param {DataView[]} buffers @returns {Setting} */
function readSetting(content, [labels]) {
  return { labels: uint8(labels), digits: content.digits, offers: content.offers };
}

/**
 * @param {any} content
 * @param {DataView[]} buffers in the order of Lab._make_frame
 * @param {Frame["measured"]} measured
 * @returns {Frame}
 */
function readFrame(content, buffers, measured) {
  const [codes, inputs, zMean, zLogVar, epsilon, z, reconstructions, samples] = buffers;
  return {
    frame: content.frame,
    run: content.run,
    state: content.state,
    words: content.words,
    epoch: content.epoch,
    images: content.images,
    rate: content.rate,
    terms: content.terms,
    gradients: content.gradients,
    measured,
    codes: float32(codes),
    batch: {
      inputs: uint8(inputs),
      zMean: float32(zMean),
      zLogVar: float32(zLogVar),
      epsilon: float32(epsilon),
      z: float32(z),
      reconstructions: uint8(reconstructions),
    },
    samples: uint8(samples),
    knobs: content.knobs,
    start: content.start,
  };
}
