// @ts-check
// The engine's loop as the view meets it: commands in, frames out. And the engine where it has no
// worker.
import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { TrainingLoop } from "../../vae_lib/widgets/js/training_loop.js";
import { createWorkerEngine } from "../../vae_lib/widgets/js/worker_engine.js";
import { makeDigits } from "./digits.js";

/** @import { Command, Frame, Setting } from "../../vae_lib/widgets/js/live.js" */

const START = { seed: 1, hiddenUnits: 16, activation: /** @type {const} */ ("gelu") };
const digits = makeDigits(200, 40);

/** A view that draws each frame at once, unless it sleeps. */
class View {
  /** @type {Frame[]} */
  frames = [];
  /** @type {Setting[]} */
  settings = [];
  isAwake = true;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {import("node:test").TestContext} context */
  constructor(context, raw = digits) {
    /** @param {import("../../vae_lib/widgets/js/training_loop.js").Message} message */
    const post = (message) => {
      if ("setting" in message) this.settings.push(message.setting);
      else queueMicrotask(() => this.#draw(message.frame));
    };
    // a message to itself, as the worker sends, would leave Node no time for timers
    this.loop = new TrainingLoop(raw, post, setImmediate);
    context.after(() => this.loop.close());
  }

  /** @param {Frame} frame */
  #draw(frame) {
    this.frames.push(frame);
    for (const look of this.#waiting.splice(0)) look();
    if (this.isAwake) this.send({ action: "shown", frame: frame.frame });
  }

  /** @param {Command} command */
  send(command) {
    this.loop.receive(command);
  }

  get last() {
    return this.frames[this.frames.length - 1];
  }

  /** The first frame from now on for which it holds. @param {(frame: Frame) => boolean} holds */
  async until(holds) {
    const began = performance.now();
    for (;;) {
      await new Promise((look) => this.#waiting.push(() => look(null)));
      if (holds(this.last)) return this.last;
      assert.ok(performance.now() - began < 20_000, `still ${this.last.state}`);
    }
  }
}

/**
 * A loop whose work waits in calls until a test calls it, and the frames that it has sent.
 *
 * @param {import("node:test").TestContext} context
 */
function startByHand(context) {
  /** @type {(() => void)[]} */
  const calls = [];
  /** @type {Frame[]} */
  const frames = [];
  /** @param {import("../../vae_lib/widgets/js/training_loop.js").Message} message */
  const post = (message) => {
    if ("frame" in message) frames.push(message.frame);
  };
  const loop = new TrainingLoop(digits, post, (call) => calls.push(call));
  context.after(() => loop.close());
  return { loop, calls, frames };
}

/** @param {number} milliseconds */
function wait(milliseconds) {
  return new Promise((go) => setTimeout(go, milliseconds));
}

test("the setting comes first and once, and then an untrained model", async (context) => {
  const view = new View(context);
  const frame = await view.until(() => true);
  assert.equal(view.settings.length, 1);
  assert.equal(view.settings[0].digits, 200);
  assert.deepEqual(view.settings[0].labels, digits.validationLabels);
  assert.deepEqual([frame.state, frame.images, frame.epoch, frame.rate], ["idle", 0, 0, 0]);
  assert.deepEqual([frame.terms, frame.gradients, frame.measured], [null, null, []]);
  assert.equal(frame.codes?.length, 80);
  assert.equal(frame.knobs.trainingDigits, 200);
});

test("one step, one epoch, and a measurement where an epoch ends", async (context) => {
  const view = new View(context);
  view.send({ action: "step" });
  const afterStep = await view.until(({ images }) => images > 0);
  assert.deepEqual([afterStep.state, afterStep.images], ["paused", 64]);
  assert.ok(afterStep.terms && afterStep.gradients);
  view.send({ action: "epoch" });
  const measured = await view.until((frame) => frame.measured.length > 0);
  assert.deepEqual([measured.state, measured.images, measured.epoch], ["paused", 192, 1]);
  assert.equal(measured.measured[0].images, 192);
  await wait(50);
  assert.equal(view.last.images, 192);
});

test("play goes on until pause, and a second play goes on from there", async (context) => {
  const view = new View(context);
  view.send({ action: "play" });
  const playing = await view.until(({ images }) => images > 1000);
  assert.equal(playing.state, "training");
  assert.ok(playing.rate > 0);
  view.send({ action: "pause" });
  const paused = await view.until(({ state }) => state === "paused");
  assert.equal(paused.rate, 0);
  await wait(50);
  assert.equal(view.last.images, paused.images);
  view.send({ action: "play" });
  await view.until(({ images }) => images > paused.images);
  const numbers = view.frames.map(({ frame }) => frame);
  assert.deepEqual(
    numbers,
    numbers.map((_, k) => k + 1),
  );
});

test("no frame is sent before the last was shown, while training goes on", async (context) => {
  const view = new View(context);
  await view.until(() => true);
  view.isAwake = false;
  view.send({ action: "play" });
  const unseen = await view.until(() => true);
  const count = view.frames.length;
  await wait(200);
  assert.equal(view.frames.length, count);
  view.send({ action: "shown", frame: unseen.frame - 1 }); // not the last
  await wait(100);
  assert.equal(view.frames.length, count);
  view.isAwake = true;
  view.send({ action: "shown", frame: unseen.frame });
  const next = await view.until(() => true);
  assert.ok(next.images > unseen.images + 64);
});

test("while it stands still, too, changes wait until the last frame was shown", async (context) => {
  const view = new View(context);
  await view.until(() => true);
  view.isAwake = false;
  view.send({ action: "set", knobs: { klWeight: 2 } });
  const unseen = await view.until(() => true);
  view.send({ action: "set", knobs: { klWeight: 3 } });
  await wait(50);
  assert.equal(view.last, unseen);
  view.send({ action: "shown", frame: unseen.frame });
  assert.equal((await view.until(() => true)).knobs.klWeight, 3);
});

test("points that were measured while nobody looked all come with the next frame", async (context) => {
  const view = new View(context);
  view.send({ action: "reset", start: START });
  await view.until(({ run }) => run === 1);
  view.send({ action: "set", knobs: { trainingDigits: 64 } });
  view.send({ action: "play" });
  /** @type {Frame["measured"]} */
  let measured = [];
  for (let asleep = 500; measured.length < 2; asleep *= 2) {
    assert.ok(asleep < 20_000, "the points did not come");
    view.isAwake = false;
    await view.until(() => true);
    await wait(asleep);
    view.isAwake = true;
    view.send({ action: "shown", frame: view.last.frame });
    ({ measured } = await view.until(() => true));
  }
  for (let k = 1; k < measured.length; k++) {
    assert.ok(measured[k].images - measured[k - 1].images >= 2000);
  }
});

test("at the slow pace four steps a second, and commands are heard at once", async (context) => {
  const view = new View(context);
  view.send({ action: "pace", slow: true });
  view.send({ action: "play" });
  const began = performance.now();
  const fourth = await view.until(({ images }) => images >= 4 * 64);
  const seconds = (performance.now() - began) / 1000;
  assert.equal(fourth.images, 4 * 64);
  assert.ok(fourth.gradients);
  assert.ok(seconds > 0.7 && seconds < 3, String(seconds));
  const steps = []; // between a step's frame and the one in which the knob has moved
  let seen = fourth.images;
  for (const klWeight of [2, 3, 4]) {
    view.send({ action: "set", knobs: { klWeight } });
    const heard = await view.until(({ knobs }) => knobs.klWeight === klWeight);
    steps.push(heard.images - seen);
    seen = (await view.until(({ images }) => images > heard.images)).images;
  }
  assert.equal(Math.min(...steps), 0); // a busy machine may be late, but not three times
  view.send({ action: "pause" });
  await view.until(({ state }) => state === "paused");
});

test("a hundred movements of a knob in a row are all heard while it trains", async (context) => {
  const view = new View(context);
  view.send({ action: "play" });
  await view.until(({ images }) => images > 0);
  const began = performance.now();
  for (let k = 1; k <= 100; k++) view.send({ action: "set", knobs: { klWeight: 0.05 * k } });
  await view.until(({ knobs }) => knobs.klWeight === 5);
  assert.ok(performance.now() - began < 1000, String(performance.now() - began));
});

test("commands are heard between any two steps, and answered before the next", (context) => {
  const { loop, calls, frames } = startByHand(context);
  const shown = () => loop.receive({ action: "shown", frame: frames[frames.length - 1].frame });
  shown();
  loop.receive({ action: "play" });
  for (let k = 1; k <= 20; k++) {
    loop.receive({ action: "set", knobs: { klWeight: 0.1 * k } });
    const [call, ...more] = calls.splice(0);
    assert.deepEqual(more, []);
    call();
    const { knobs, images } = frames[frames.length - 1];
    assert.ok(Math.abs(knobs.klWeight - 0.1 * k) < 1e-9);
    assert.equal(images, 64 * k);
    shown();
  }
});

test("a knob is answered without the map, which a dragged slider cannot hold up", (context) => {
  let clock = 1000;
  context.mock.method(performance, "now", () => clock);
  const { loop, calls, frames } = startByHand(context);
  /** Lets time pass, and the view draw what came. @param {number} milliseconds */
  const pass = (milliseconds) => {
    clock += milliseconds;
    const { frame } = frames[frames.length - 1];
    loop.receive({ action: "shown", frame });
    for (const call of calls.splice(0)) call();
    return frames[frames.length - 1];
  };
  loop.receive({ action: "play" });
  while (pass(100).codes === null);
  clock += 300; // it is time for the next map
  loop.receive({ action: "set", knobs: { klWeight: 3 } });
  const answer = pass(0);
  assert.deepEqual([answer.knobs.klWeight, answer.codes], [3, null]);
  assert.ok(pass(100).codes);

  const dragged = Array.from({ length: 30 }, (_, k) => {
    loop.receive({ action: "set", knobs: { klWeight: 0.1 * k } });
    return pass(50);
  });
  assert.equal(new Set(dragged).size, 30);
  assert.ok(dragged.filter(({ codes }) => codes).length >= 2);
});

test("a laptop that slept in training trains on and shows it", {
  timeout: 20_000,
}, async (context) => {
  const view = new View(context);
  const real = performance.now.bind(performance);
  let [isAsleep, hours] = [false, 0];
  context.mock.method(performance, "now", () => {
    if (isAsleep) hours += 1; // it wakes and sleeps again at whatever it does
    return real() + 3_600_000 * hours;
  });
  view.send({ action: "play" });
  const before = await view.until(({ images }) => images > 300);
  const count = view.frames.length;
  isAsleep = true;
  while (view.frames.length < count + 3) await wait(10);
  isAsleep = false;
  const began = real();
  await view.until(() => true); // which may have been made in that time
  const awake = await view.until(({ rate }) => rate > 0);
  assert.ok(real() - began < 7000, `${real() - began}`);
  assert.ok(awake.rate > before.rate / 20, `${awake.rate} images a second after ${before.rate}`);
});

test("other codes from the prior are decoded when asked for, and the first again after a reset", async (context) => {
  const view = new View(context);
  const { samples: first } = await view.until(() => true);
  view.send({ action: "resample" });
  const { samples: second, codes } = await view.until(() => true);
  assert.ok(codes);
  assert.notDeepEqual(first, second);
  view.send({ action: "set", knobs: { klWeight: 2 } });
  assert.deepEqual((await view.until(() => true)).samples, second); // the same until asked again
  view.send({
    action: "reset",
    start: { ...START, seed: 0, hiddenUnits: 128, activation: "tanh" },
  });
  assert.deepEqual((await view.until(({ run }) => run === 1)).samples, first);
  view.send({ action: "play" });
  await view.until(({ codes }) => codes === null);
  view.send({ action: "resample" });
  const next = await view.until(() => true);
  assert.ok((next.samples ?? (await view.until(() => true)).samples)?.length === 12 * 784);
});

test("map and samples come less often than the rest, and always when it stands still", async (context) => {
  const view = new View(context);
  view.send({ action: "play" });
  await view.until(({ codes }) => codes === null);
  const began = view.frames.length;
  await wait(900);
  const later = view.frames.slice(began);
  const maps = later.filter(({ codes }) => codes !== null).length;
  assert.ok(maps >= 1 && maps < 0.8 * later.length, `${maps} of ${later.length}`);
  assert.ok(later.every(({ codes, samples }) => (codes === null) === (samples === null)));
  view.send({ action: "pause" });
  const paused = await view.until(({ state }) => state === "paused");
  assert.deepEqual([paused.codes?.length, paused.samples?.length], [80, 12 * 784]);
});

test("knobs out of range stop at its end, and what is no number changes nothing", async (context) => {
  const view = new View(context);
  view.send({
    action: "set",
    knobs: { klWeight: 99, learningRate: NaN, inputDropout: -1, trainingDigits: 1e9 },
  });
  const { knobs } = await view.until((frame) => frame.knobs.klWeight === 8);
  assert.deepEqual([knobs.learningRate, knobs.inputDropout, knobs.trainingDigits], [3e-3, 0, 200]);
  view.send({ action: "set", knobs: { trainingDigits: 0.2, noise: false } });
  const second = await view.until((frame) => !frame.knobs.noise);
  assert.equal(second.knobs.trainingDigits, 1);
  view.send({ action: "step" });
  assert.equal((await view.until(({ images }) => images > 0)).images, 1);
});

test("a reset in the middle of everything: a new run, the knobs stay", async (context) => {
  const view = new View(context);
  view.send({ action: "set", knobs: { klWeight: 2 } });
  view.send({ action: "play" });
  await view.until(({ images }) => images > 300);
  view.send({ action: "reset", start: START });
  const fresh = await view.until(({ run }) => run === 1);
  assert.deepEqual([fresh.state, fresh.images, fresh.epoch], ["idle", 0, 0]);
  assert.deepEqual([fresh.terms, fresh.gradients, fresh.measured], [null, null, []]);
  assert.deepEqual(fresh.start, START);
  assert.equal(fresh.knobs.klWeight, 2);
});

test("the same seed gives the same model again", async (context) => {
  const view = new View(context);
  const codes = [];
  for (let run = 1; run <= 2; run++) {
    view.send({ action: "reset", start: START });
    await view.until((frame) => frame.run === run);
    view.send({ action: "epoch" });
    const { codes: found } = await view.until((frame) => frame.measured.length > 0);
    codes.push(found);
  }
  assert.deepEqual(codes[0], codes[1]);
});

test("twenty resets leave no memory behind", async (context) => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc");
  const view = new View(context);
  /** Bytes in use after so many resets. @param {number} count */
  const useAfter = async (count) => {
    for (let k = 0; k < count; k++) {
      const { run } = view.last ?? { run: 0 };
      view.send({ action: "reset", start: START });
      await view.until((frame) => frame.run === run + 1);
      view.send({ action: "epoch" });
      await view.until((frame) => frame.measured.length > 0);
      view.frames.splice(0, view.frames.length - 1);
    }
    collectGarbage();
    await wait(20);
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = await useAfter(3);
  const grown = (await useAfter(20)) - before;
  assert.ok(grown < 1e6, `${grown} bytes more`); // a model with its batches takes 5 MB
});

test("a loss that is no number is said in a sentence, and only a reset goes on", async (context) => {
  const view = new View(context);
  view.send({ action: "set", knobs: { learningRate: 1e6 } });
  view.send({ action: "play" });
  const invalid = await view.until(({ state }) => state === "invalid");
  assert.match(invalid.words, /^The loss .* 1000000, .* reset the model\.$/);
  view.send({ action: "play" });
  const still = await view.until(() => true);
  assert.deepEqual([still.state, still.images], ["invalid", invalid.images]);
  view.send({ action: "reset", start: START });
  assert.equal((await view.until(({ run }) => run === 1)).words, "");
  view.send({ action: "set", knobs: { learningRate: 1e-3 } });
  view.send({ action: "step" });
  assert.equal((await view.until(({ images }) => images > 0)).state, "paused");
});

test("without Web Workers, or with one that fails, the engine says so in a sentence", (context) => {
  const workers = /** @type {{ Worker?: unknown, TRAINER_WORKER?: string }} */ (globalThis);
  workers.TRAINER_WORKER = "";
  context.after(() => {
    workers.Worker = undefined;
    workers.TRAINER_WORKER = undefined;
  });
  /** @type {string[]} */
  const said = [];
  const listener = {
    setting() {},
    frame() {},
    failed: (/** @type {string} */ words) => said.push(words),
  };
  const engine = createWorkerEngine(digits);
  engine.send({ action: "play" });
  engine.listen(listener);
  engine.close();
  assert.match(said[0], /^This browser starts no Web Worker here, .*\.$/);

  class Broken extends EventTarget {
    static terminated = 0;
    /** @type {unknown[]} */
    static sent = [];
    /** @type {((event: object) => void) | undefined} */
    onerror;
    /** @param {unknown} message */
    postMessage(message) {
      Broken.sent.push(message);
      this.onerror?.({ message: "out of memory", preventDefault() {} });
    }
    terminate() {
      Broken.terminated += 1;
    }
  }
  workers.Worker = Broken;
  createWorkerEngine(digits).listen(listener);
  assert.deepEqual(said.slice(1), [
    "The training stopped with an error (out of memory): reload the page.",
  ]);
  assert.deepEqual([Broken.terminated, Broken.sent], [1, [digits]]);
});
