// @ts-check
// The trainer: its gradients against finite differences, its random streams, knobs and
// measurements.
import assert from "node:assert/strict";
import test from "node:test";
import {
  backward,
  backwardKl,
  forward,
  loss,
  makeModel,
  makePass,
  trainStep,
} from "../../vae_lib/widgets/js/trainer.js";
import { countCorrect, defaultKnobs, TrainingRun } from "../../vae_lib/widgets/js/training_run.js";
import {
  bernoulliNll,
  gaussianKl,
  gelu,
  geluDerivative,
  makeUniform,
  normal,
} from "../../vae_lib/widgets/js/vae.js";
import { makeDigits } from "./digits.js";

/** @import { Knobs, Start } from "../../vae_lib/widgets/js/live.js" */
/** @import { Batch } from "../../vae_lib/widgets/js/trainer.js" */

const COUNT = 5;
const HIDDEN_UNITS = 7;
const digits = makeDigits(200, 40);
const knobs = defaultKnobs(200);
/** @type {Start} */
const start = { seed: 1, hiddenUnits: 12, activation: "tanh" };

/** @returns {Batch} */
function makeBatch() {
  const { images } = makeDigits(COUNT, 1);
  const targets = Float32Array.from(images, (ink) => ink / 255);
  const uniform = makeUniform(5);
  const epsilon = Float32Array.from({ length: 2 * COUNT }, () => normal(uniform));
  return { count: COUNT, inputs: targets, targets, epsilon };
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** A run of so many steps. @param {Partial<Knobs>} changed @param {Partial<Start>} other */
function trainFor(steps = 5, changed = {}, other = {}) {
  const run = new TrainingRun(digits, { ...start, ...other });
  const losses = [];
  for (let k = 0; k < steps; k++) losses.push(run.step({ ...knobs, ...changed }, false).terms.loss);
  return { run, losses };
}

/** @param {TrainingRun} run @param {Knobs} [how] */
function measure(run, how = knobs) {
  const measuring = run.measure(how);
  let next = measuring.next();
  while (!next.done) next = measuring.next();
  return next.value;
}

for (const activation of /** @type {Start["activation"][]} */ (["tanh", "relu", "gelu"])) {
  test(`the gradient of every layer is the difference quotient of the loss: ${activation}`, () => {
    const model = makeModel({ seed: 2, hiddenUnits: HIDDEN_UNITS, activation });
    const pass = makePass(COUNT, HIDDEN_UNITS);
    const batch = makeBatch();
    const weight = 0.7;
    forward(model, pass, batch, weight);
    backward(model, pass, batch, weight);
    const uniform = makeUniform(9);
    for (const name of /** @type {const} */ (["hidden", "heads", "unfold", "logits"])) {
      for (const part of /** @type {const} */ (["kernel", "bias"])) {
        const numbers = model.parameters[name][part];
        const gradient = model.gradient[name][part];
        const before = numbers.slice();
        // along the gradient, turned by some random part of itself
        const direction = gradient.map((value) => value * (0.5 + uniform()));
        const length = 2e-3 / Math.sqrt(dot(direction, direction));
        /** @param {number} sign */
        const lossAt = (sign) => {
          numbers.set(before.map((value, k) => value + sign * length * direction[k]));
          return forward(model, pass, batch, weight).loss;
        };
        const quotient = (lossAt(1) - lossAt(-1)) / (2 * length);
        numbers.set(before);
        const expected = dot(gradient, direction);
        const isClose = Math.abs(quotient / expected - 1) < 5e-3;
        assert.ok(isClose, `${name} ${part}: ${expected}, and the quotient is ${quotient}`);
      }
    }
  });
}

test("GELU's derivative is its difference quotient", () => {
  for (const x of [-4, -1, -0.3, 0, 0.5, 2]) {
    const quotient = (gelu(x + 1e-5) - gelu(x - 1e-5)) / 2e-5;
    assert.ok(Math.abs(geluDerivative(x) - quotient) < 1e-8, String(x));
  }
});

test("the terms are means over the batch of vae.js' formulas, for logits of any size", () => {
  const pass = makePass(COUNT, HIDDEN_UNITS);
  const uniform = makeUniform(4);
  const { targets } = makeBatch();
  pass.logits.forEach((_, k) => {
    pass.logits[k] = 3000 * (uniform() - 0.5) ** 5;
  });
  pass.heads.forEach((_, k) => {
    pass.heads[k] = normal(uniform);
  });
  let [nll, kl] = [0, 0];
  for (let i = 0; i < COUNT; i++) {
    const [first, last] = [784 * i, 784 * (i + 1)];
    nll += bernoulliNll(targets.subarray(first, last), pass.logits.subarray(first, last)) / COUNT;
    const [mean0, mean1, logVar0, logVar1] = pass.heads.subarray(4 * i);
    kl += gaussianKl({ mean: [mean0, mean1], logVar: [logVar0, logVar1] }) / COUNT;
  }
  const terms = loss(pass, targets, COUNT, 3);
  assert.ok(Math.abs(terms.reconstruction / nll - 1) < 1e-9);
  assert.ok(Math.abs(terms.kl / kl - 1) < 1e-9);
  assert.equal(terms.loss, terms.reconstruction + 3 * terms.kl);
});

test("the gradient splits into that of the reconstruction and that of the KL term", () => {
  const model = makeModel({ seed: 2, hiddenUnits: HIDDEN_UNITS, activation: "gelu" });
  const pass = makePass(COUNT, HIDDEN_UNITS);
  const batch = makeBatch();
  forward(model, pass, batch, 0);
  backward(model, pass, batch, 0);
  const reconstruction = model.gradient.encoder.slice();
  backward(model, pass, batch, 4);
  backwardKl(model, pass, batch, 4);
  const share = model.klGradient.encoder;
  assert.ok(dot(share, share) > 0);
  model.gradient.encoder.forEach((whole, k) => {
    assert.ok(Math.abs(whole - reconstruction[k] - share[k]) < 1e-4, String(k));
  });
});

test("without a KL weight no gradient comes from the KL term, and norms are those of the parts", () => {
  const run = new TrainingRun(digits, start);
  const { gradients } = run.step({ ...knobs, klWeight: 0 }, true);
  assert.equal(gradients?.kl.encoder, 0);
  assert.ok(gradients && gradients.reconstruction.encoder > 0);
  assert.ok(gradients.reconstruction.decoder > 0);
  const again = new TrainingRun(digits, start).step(knobs, true).gradients;
  assert.equal(again?.reconstruction.decoder, gradients.reconstruction.decoder);
  assert.ok(Math.abs(again.reconstruction.encoder / gradients.reconstruction.encoder - 1) < 1e-3);
  assert.ok(again.kl.encoder > 0);
  assert.equal(new TrainingRun(digits, start).step(knobs, false).gradients, null);
});

test("the same seed gives the same run, and another seed another", () => {
  const { run, losses } = trainFor();
  assert.deepEqual(trainFor().losses, losses);
  assert.deepEqual(trainFor().run.look(knobs), run.look(knobs));
  assert.notEqual(trainFor(1, {}, { seed: 2 }).losses[0], losses[0]);
});

test("neither looking nor measuring changes what is trained", () => {
  const undisturbed = trainFor(7).losses;
  const { run, losses } = trainFor(4);
  run.look({ ...knobs, inputDropout: 0.3 });
  measure(run);
  for (let k = 0; k < 3; k++) losses.push(run.step(knobs, true).terms.loss);
  assert.deepEqual(losses, undisturbed);
});

test("training lowers the loss, and the codes tell the kinds apart", () => {
  const { run, losses } = trainFor(150, { learningRate: 1e-2 }, { hiddenUnits: 24 });
  assert.ok(losses[149] < 0.3 * losses[0], `${losses[0]} fell to ${losses[149]}`);
  const measured = measure(run);
  assert.ok(measured.accuracy > 0.7, String(measured.accuracy));
  assert.equal(measured.images, run.images);
  const { loss, reconstruction, kl } = measured.validation;
  assert.ok(Math.abs(loss - reconstruction - kl) < 1e-9 && kl > 0);
});

/** @type {[Partial<Knobs>, number][]} what changes, and by which step it is seen in the loss */
const CHANGES = [
  [{ klWeight: 5 }, 0],
  [{ noise: false }, 0],
  [{ inputDropout: 0.5 }, 0],
  [{ learningRate: 1e-2 }, 1],
  [{ trainingDigits: 100 }, 0],
];
for (const [changed, seenAt] of CHANGES) {
  test(`a knob acts at the next step: ${JSON.stringify(changed)}`, () => {
    const { losses } = trainFor(6);
    const { run } = trainFor(4);
    const after = [0, 1].map(() => run.step({ ...knobs, ...changed }, false).terms.loss);
    assert.notEqual(after[seenAt], losses[4 + seenAt]);
    if (seenAt > 0) assert.equal(after[0], losses[4]);
  });
}

test("dropout hides pixels from the encoder alone, and the noise can be switched off", () => {
  const run = new TrainingRun(digits, start);
  const whole = run.look(knobs).batch;
  const { batch } = run.look({ ...knobs, inputDropout: 0.5, noise: false });
  const inked = whole.inputs.filter((ink) => ink > 0).length;
  const left = batch.inputs.filter((ink) => ink > 0).length / inked;
  assert.ok(left > 0.4 && left < 0.6, String(left));
  assert.deepEqual(batch.epsilon, new Float32Array(12));
  assert.deepEqual(batch.z, batch.zMean);
  const nothing = run.look({ ...knobs, inputDropout: 1 }).batch;
  assert.equal(Math.max(...nothing.inputs), 0);
});

test("the thumbnails are the same digits of six classes, with new noise in each frame", () => {
  const { run } = trainFor(1);
  const [first, second] = [run.look(knobs), run.look(knobs)];
  assert.deepEqual(first.batch.inputs, second.batch.inputs);
  assert.notDeepEqual(first.batch.epsilon, second.batch.epsilon);
  assert.deepEqual(first.samples, second.samples);
  assert.equal(first.samples?.length, 12 * 784);
  assert.equal(first.codes?.length, 40 * 2);
  for (let k = 0; k < 6; k++) {
    assert.deepEqual(
      first.batch.inputs.subarray(784 * k, 784 * (k + 1)),
      digits.images.subarray(784 * k, 784 * (k + 1)), // labels 0, 7, 4, 1, 8, 5
    );
  }
  const { zMean, zLogVar, epsilon, z } = first.batch;
  z.forEach((code, k) => {
    assert.ok(Math.abs(code - zMean[k] - Math.exp(zLogVar[k] / 2) * epsilon[k]) < 1e-6);
  });
});

test("epochs are counted with their fraction, and fewer digits begin one anew", () => {
  const run = new TrainingRun(digits, start); // three batches of 64 an epoch
  const epochs = [0, 1, 2, 3].map(() => {
    run.step(knobs, false);
    return run.epoch;
  });
  assert.deepEqual(epochs, [1 / 3, 2 / 3, 1, 4 / 3]);
  run.step({ ...knobs, trainingDigits: 150 }, false);
  assert.equal(run.epoch, 1.5);
  assert.equal(run.images, 5 * 64);
});

test("fewer digits than a batch make a smaller batch, down to a single one", () => {
  for (const trainingDigits of [63, 10, 1]) {
    const few = { ...knobs, trainingDigits };
    const run = new TrainingRun(digits, start);
    assert.ok(Number.isFinite(run.step(few, true).terms.loss));
    assert.equal(run.images, trainingDigits);
    assert.equal(run.epoch, 1);
    assert.ok(Number.isFinite(measure(run, few).validation.loss));
  }
});

test("a run over no more than a hundred digits uses those alone", () => {
  const { images, labels, validationImages, validationLabels } = makeDigits(200, 40);
  images.fill(255, 100 * 784); // would be seen in the loss
  const changed = { images, labels, validationImages, validationLabels };
  const hundred = { ...knobs, trainingDigits: 100 };
  const [a, b] = [new TrainingRun(digits, start), new TrainingRun(changed, start)];
  for (let k = 0; k < 4; k++) {
    assert.deepEqual(a.step(hundred, false).terms, b.step(hundred, false).terms);
  }
});

test("of classes with equally many votes the smallest wins", () => {
  const codes = Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1);
  const labels = Uint8Array.of(3, 2, 2, 3);
  const asked = Float32Array.of(0.1, 0.1, 0.2, 0);
  assert.equal(countCorrect(codes, labels, asked, Uint8Array.of(2, 3), 0, 2), 1);
});

test("a far too high learning rate ends in a loss that is no number, not in an error", () => {
  const run = new TrainingRun(digits, start);
  const losses = Array.from(
    { length: 60 },
    () => run.step({ ...knobs, learningRate: 1e6 }, true).terms.loss,
  );
  assert.ok(losses.some((value) => !Number.isFinite(value)));
  run.look(knobs);
});

test("a step after many leaves the parameters finite where no digit has ink", () => {
  const model = makeModel(start);
  const pass = makePass(COUNT, start.hiddenUnits);
  const batch = makeBatch();
  const before = model.parameters.hidden.kernel.slice(0, start.hiddenUnits); // of a corner's pixel
  for (let k = 0; k < 20; k++) trainStep(model, pass, batch, knobs);
  assert.deepEqual(model.parameters.hidden.kernel.slice(0, start.hiddenUnits), before);
});
