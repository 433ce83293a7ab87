// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import { arrowStep } from "../../vae_lib/widgets/js/keys.js";
import { clamp, linearScale } from "../../vae_lib/widgets/js/scale.js";
import {
  codeAt,
  float32,
  imageAt,
  indicesByClass,
  partAt,
  setter,
} from "../../vae_lib/widgets/js/traits.js";

test("floats are read from bytes that do not lie on a multiple of four", () => {
  const bytes = new Uint8Array(1 + 8);
  bytes.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 1);
  assert.deepEqual([...float32(new DataView(bytes.buffer, 1, 8))], [1.5, -2]);
});

test("parts of a stack are found by their number", () => {
  const images = new Uint8Array(2 * 784).fill(255, 784);
  assert.equal(imageAt(images, 0)[783], 0);
  assert.equal(imageAt(images, 1)[0], 1);
  const codes = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  assert.deepEqual([...codeAt(codes, 2)], [4, 5]);
  assert.deepEqual([...partAt(codes, 1, 2)], [4, 5, 6, 7]);
});

test("classes come in order with the indices of their digits", () => {
  const classes = indicesByClass(Uint8Array.of(7, 2, 7));
  assert.deepEqual(
    [...classes],
    [
      [2, [1]],
      [7, [0, 2]],
    ],
  );
});

test("a trait that is set is sent to Python", () => {
  /** @type {[string, unknown][]} */
  const calls = [];
  const model = {
    get: () => 0,
    on: () => {},
    set: (/** @type {string} */ name, /** @type {unknown} */ value) => calls.push([name, value]),
    save_changes: () => calls.push(["sent", true]),
  };
  setter(model)("epoch", 3);
  assert.deepEqual(calls, [
    ["epoch", 3],
    ["sent", true],
  ]);
});

test("a scale goes forth and back, and may run backwards", () => {
  const y = linearScale([-4, 4], [400, 0]);
  assert.deepEqual([-4, 0, 4].map(y), [400, 200, 0]);
  assert.equal(y.invert(100), 2);
});

test("clamp keeps a number inside", () => {
  assert.deepEqual(
    [-5, 0.5, 5].map((value) => clamp(value, -1, 1)),
    [-1, 0.5, 1],
  );
});

test("arrow keys step, with Shift they leap, and other keys are not ours", () => {
  assert.deepEqual(arrowStep({ key: "ArrowUp", shiftKey: false }, 1, 10), [0, 1]);
  assert.deepEqual(arrowStep({ key: "ArrowLeft", shiftKey: true }, 1, 10), [-10, 0]);
  assert.equal(arrowStep({ key: "a", shiftKey: false }, 1, 10), null);
});
