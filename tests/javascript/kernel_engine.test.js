// @ts-check
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createKernelEngine } from "../../vae_lib/widgets/js/kernel_engine.js";

/** A stand-in for anywidget's model: what was sent, and a way for Python to speak. */
function makeModel() {
  /** @type {any[]} */
  const sent = [];
  /** @type {((content: any, buffers: DataView[]) => void)[]} */
  let listeners = [];
  let isDead = false;
  return {
    sent,
    die() {
      isDead = true;
    },
    /** @param {any} content @param {ArrayBufferView[]} views */
    say(content, views = []) {
      const buffers = views.map(
        ({ buffer, byteOffset, byteLength }) => new DataView(buffer, byteOffset, byteLength),
      );
      for (const listener of listeners) listener(content, buffers);
    },
    /** @type {any} */
    model: {
      send(/** @type {any} */ content) {
        if (isDead) throw new Error("Cannot send");
        sent.push(content);
      },
      on(/** @type {string} */ _event, /** @type {any} */ listener) {
        listeners.push(listener);
      },
      off(/** @type {string} */ _event, /** @type {any} */ listener) {
        listeners = listeners.filter((other) => other !== listener);
      },
    },
  };
}

/** An engine that is being listened to, and all that its listener was told. */
function open() {
  const python = makeModel();
  /** @type {any[]} */
  const told = [];
  const engine = createKernelEngine(python.model);
  engine.listen({
    setting: (setting) => told.push({ setting }),
    frame: (frame) => told.push({ frame }),
    failed: (failed) => told.push({ failed }),
  });
  return { python, told, engine };
}

/** @param {object} changes */
function frameContent(changes) {
  return { kind: "frame", frame: 1, run: 0, first: 0, measured: [], state: "idle", ...changes };
}

const ARRAYS = [
  new Float32Array([1, 2]),
  new Uint8Array(784),
  ...[3, 4, 5, 6].map((value) => new Float32Array([value, value])),
  new Uint8Array(784),
  new Uint8Array([7]),
];

test("it asks for the setting and passes it on", () => {
  const { python, told, engine } = open();
  assert.equal(python.sent[0].action, "listen");
  python.say({ kind: "setting", digits: 300, offers: ["seed"] }, [new Uint8Array([4, 2])]);
  assert.deepEqual(told, [
    { setting: { labels: new Uint8Array([4, 2]), digits: 300, offers: ["seed"] } },
  ]);
  engine.close();
});

test("buffers become the arrays of a frame", () => {
  const { python, told, engine } = open();
  python.say(frameContent({ images: 9 }), ARRAYS);
  const { frame } = told[0];
  assert.equal(frame.images, 9);
  assert.deepEqual(frame.codes, new Float32Array([1, 2]));
  assert.deepEqual(
    [frame.batch.zMean[0], frame.batch.zLogVar[0], frame.batch.epsilon[0], frame.batch.z[0]],
    [3, 4, 5, 6],
  );
  assert.deepEqual(frame.samples, new Uint8Array([7]));
  engine.close();
});

test("points that were known already are not told again, but those of a new run are", () => {
  const { python, told, engine } = open();
  python.say(frameContent({ first: 0, measured: ["a"] }), ARRAYS);
  python.say(frameContent({ first: 1, measured: ["b"] }), ARRAYS);
  python.say(frameContent({ first: 0, measured: ["a", "b", "c"] }), ARRAYS); // for another view
  python.say(frameContent({ run: 1, first: 0, measured: ["d"] }), ARRAYS);
  const measured = told.map(({ frame }) => frame.measured);
  assert.deepEqual(measured, [["a"], ["b"], ["c"], ["d"]]);
  engine.close();
});

test("silence is said, and ends when Python answers", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { python, told, engine } = open();
  const answer = () => {
    const { view, number } = python.sent[python.sent.length - 1];
    python.say({ kind: "heard", view, number });
  };
  answer();
  python.say(frameContent({}), ARRAYS);
  mock.timers.tick(5000);
  assert.equal(told.length, 1); // a training that stands still is no silence
  engine.send({ action: "play" });
  python.say({ kind: "heard", view: -1, number: 1e9 }); // what another view was answered
  mock.timers.tick(5000);
  assert.match(told[1].failed, /^Python does not answer/);
  answer();
  assert.equal(told[2].frame.frame, 1); // in place of the words
  engine.close();
  mock.timers.reset();
});

test("a widget whose kernel is gone says so at once", () => {
  const { python, told, engine } = open();
  python.die();
  engine.send({ action: "shown", frame: 1 });
  assert.match(told[0].failed, /if the kernel was restarted, run this cell again/);
  engine.close();
});

test("a closed engine tells nothing more", () => {
  const { python, told, engine } = open();
  engine.close();
  python.say(frameContent({}), ARRAYS);
  assert.deepEqual(told, []);
});
