// @ts-check
// The same numbers as Keras': tests/test_trainer.py writes a file of them, and names it here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { compileTile } from "../../vae_lib/widgets/js/compile_tile.js";
import { FastProducts } from "../../vae_lib/widgets/js/fast_products.js";
import { useFastProducts } from "../../vae_lib/widgets/js/matrices.js";
import { adam, makeModel, makePass, trainStep } from "../../vae_lib/widgets/js/trainer.js";
import { countCorrect } from "../../vae_lib/widgets/js/training_run.js";

/** @import { Start } from "../../vae_lib/widgets/js/live.js" */
/** @import { Parameters } from "../../vae_lib/widgets/js/trainer.js" */

/** @typedef {{ kernel: number[], bias: number[] }} Numbers */
/**
 * Keras' five layers: here z_mean and z_log_var are one.
 *
 * @typedef {Record<"hidden" | "z_mean" | "z_log_var" | "unfold" | "logits", Numbers>} Layers
 */
/**
 * @typedef {{
 *   activation: Start["activation"], hidden_units: number, kl_weight: number,
 *   learning_rate: number, seen: number[], images: number[], epsilon: number[], loss: number,
 *   reconstruction: number, kl: number, weights: Layers, gradients: Layers, steps: Layers
 * }} Model
 */

const TOLERANCE = 1e-4; // relative to the norm of a layer's numbers

const path = process.env.VAE_LIB_TRAINER_PARITY;
const skip = path ? false : "pytest tests/test_trainer.py runs these: it writes Keras' numbers";
const keras = path ? JSON.parse(readFileSync(path, "utf8")) : { models: [] };

/** @param {string} what @param {ArrayLike<number>} found @param {ArrayLike<number>} expected */
function assertClose(what, found, expected) {
  assert.equal(found.length, expected.length, what);
  let [difference, size] = [0, 0];
  for (let k = 0; k < found.length; k++) {
    difference += (found[k] - expected[k]) ** 2;
    size += expected[k] ** 2;
  }
  const relative = Math.sqrt(difference / size);
  assert.ok(relative < TOLERANCE, `${what}: differs by ${relative} of its norm`);
}

/**
 * Puts Keras' numbers into the model's layers.
 *
 * @param {Parameters} parameters
 * @param {Layers} layers
 */
function write(parameters, layers) {
  for (const name of /** @type {const} */ (["hidden", "unfold", "logits"])) {
    parameters[name].kernel.set(layers[name].kernel);
    parameters[name].bias.set(layers[name].bias);
  }
  const { kernel, bias } = parameters.heads;
  kernel.forEach((_, k) => {
    const [row, column] = [Math.floor(k / 4), k % 4];
    const head = column < 2 ? layers.z_mean : layers.z_log_var;
    kernel[k] = head.kernel[2 * row + (column % 2)];
  });
  bias.set([...layers.z_mean.bias, ...layers.z_log_var.bias]);
}

/**
 * The model's numbers as Keras' layers have them.
 *
 * @param {Parameters} parameters
 * @returns {Layers}
 */
function read({ hidden, heads, unfold, logits }) {
  /** @param {0 | 2} first column of the head */
  const head = (first) => ({
    kernel: [...heads.kernel].filter((_, k) => k % 4 === first || k % 4 === first + 1),
    bias: [...heads.bias.subarray(first, first + 2)],
  });
  const layers = Object.entries({ hidden, unfold, logits }).map(([name, { kernel, bias }]) => [
    name,
    { kernel: [...kernel], bias: [...bias] },
  ]);
  return { ...Object.fromEntries(layers), z_mean: head(0), z_log_var: head(2) };
}

/** @param {string} what @param {Layers} found @param {Layers} expected */
function assertLayersClose(what, found, expected) {
  for (const name of /** @type {(keyof Layers)[]} */ (Object.keys(expected))) {
    assertClose(`${what} of ${name} kernel`, found[name].kernel, expected[name].kernel);
    assertClose(`${what} of ${name} bias`, found[name].bias, expected[name].bias);
  }
}

/** @type {[string, FastProducts | null][]} what computes the products */
const PRODUCTS = [
  ["JavaScript", null],
  ["WebAssembly", new FastProducts(await compileTile())],
];
const models = /** @type {Model[]} */ (keras.models);

for (const [expected, [name, products]] of models.flatMap((model) =>
  PRODUCTS.map((by) => /** @type {const} */ ([model, by])),
)) {
  const { activation, hidden_units: hiddenUnits, epsilon } = expected;
  const count = epsilon.length / 2;
  const what = `${activation}, ${hiddenUnits} hidden units, batch ${count}, by ${name}`;
  test(`terms, gradients and a step of Adam: ${what}`, { skip }, () => {
    useFastProducts(products);
    const model = makeModel({ seed: 0, hiddenUnits, activation });
    write(model.parameters, expected.weights);
    const before = read(model.parameters);
    const inputs = Float32Array.from(expected.seen, (ink) => ink / 255);
    const targets = Float32Array.from(expected.images, (ink) => ink / 255);
    const batch = { count, inputs, targets, epsilon: Float32Array.from(epsilon) };
    const knobs = { klWeight: expected.kl_weight, learningRate: expected.learning_rate };
    const terms = trainStep(model, makePass(count, hiddenUnits), batch, knobs);

    assertClose("reconstruction", [terms.reconstruction], [expected.reconstruction]);
    assertClose("KL", [terms.kl], [expected.kl]);
    assertClose("loss", [terms.loss], [expected.loss]);
    assertLayersClose("gradient", read(model.gradient), expected.gradients);
    const steps = read(model.parameters);
    for (const name of /** @type {(keyof Layers)[]} */ (Object.keys(steps))) {
      for (const part of /** @type {const} */ (["kernel", "bias"])) {
        const start = before[name][part];
        steps[name][part] = steps[name][part].map((after, k) => after - start[k]);
      }
    }
    assertLayersClose("step", steps, expected.steps);
  });
}

test("five steps of Adam, number by number", { skip }, () => {
  const { gradients, after, learning_rate: learningRate } = keras.adam;
  const count = gradients[0].length;
  const parameters = new Float32Array(count);
  const moments = { first: new Float32Array(count), second: new Float32Array(count), steps: 0 };
  gradients.forEach((/** @type {number[]} */ gradient, /** @type {number} */ step) => {
    adam(parameters, Float32Array.from(gradient), moments, learningRate);
    for (let k = 0; k < count; k++) assertClose(`number ${k}`, [parameters[k]], [after[step][k]]);
  });
});

test("as many codes are classified correctly", { skip }, () => {
  const { reference, reference_labels, codes, labels, correct } = keras.knn;
  const found = countCorrect(
    Float32Array.from(reference),
    Uint8Array.from(reference_labels),
    Float32Array.from(codes),
    Uint8Array.from(labels),
    0,
    labels.length,
  );
  assert.equal(found, correct);
});
