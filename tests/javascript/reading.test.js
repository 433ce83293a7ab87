// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import { canonicalFrame, oodScore } from "../../vae_lib/widgets/js/ood.js";
import { describeRarity } from "../../vae_lib/widgets/js/prior.js";
import {
  countVotes,
  judge,
  largestChange,
  rank,
  readDrawing,
} from "../../vae_lib/widgets/js/reading.js";

const PERCENTILES = Float32Array.from({ length: 101 }, (_, percent) => 100 + percent);

test("rank is the percent of test digits below a value, from 0 to 100", () => {
  assert.equal(rank(PERCENTILES, 50), 0);
  assert.equal(rank(PERCENTILES, 150.5), 50);
  assert.equal(rank(PERCENTILES, 150), 49);
  assert.equal(rank(PERCENTILES, 1000), 100);
});

test("the largest change is that of one pixel, in either direction", () => {
  assert.equal(largestChange([0, 0.5, 1], [0.25, 0.5, 1]), 0.25);
  assert.equal(largestChange([0, 0.5, 1], [0, 0.5, 0.25]), 0.75);
  assert.equal(largestChange([0.5], [0.5]), 0);
});

test("votes are counted by digit", () => {
  assert.deepEqual(countVotes([3, 3, 9, 0]), [1, 0, 0, 2, 0, 0, 0, 0, 0, 1]);
});

test("a digit is named by seven votes in ten, unless the drawing is out of distribution", () => {
  const votes = (/** @type {number} */ threes) =>
    countVotes([...Array(threes).fill(3), ...Array(15 - threes).fill(8)]);
  assert.deepEqual(judge(votes(11), 50), { digit: 3, sentence: "Classified as a 3." });
  assert.equal(judge(votes(10), 50).digit, null);
  assert.match(judge(votes(10), 50).sentence, /not sure: perhaps a 3/);
  assert.equal(judge(votes(15), 97).digit, null);
  assert.match(judge(votes(15), 97).sentence, /rarely seen/);
  assert.equal(judge(votes(15), 96).digit, 3);
});

/**
 * A layer that gives the same numbers for any input.
 *
 * @param {number} rows
 * @param {number[]} bias
 */
function constant(rows, bias) {
  const kernel = new Float32Array(rows * bias.length);
  return { kernel, bias: Float32Array.from(bias), columns: bias.length };
}

/** A model that gives the code (1, 0) and grey pixels for any image. */
const CONSTANT_VAE = {
  encoder: [constant(784, [0])],
  z_mean: [constant(1, [1, 0])],
  z_log_var: [constant(1, [0, 0])],
  decoder: [constant(2, Array(784).fill(0))],
};

/** Percentiles from 0 to 100 with a step. @param {number} step */
function ramp(step) {
  return Float32Array.from({ length: 101 }, (_, percent) => percent * step);
}

test("a drawing is read from the code, the terms, the score and the labels around it", () => {
  const near = [...Array(15).fill([1.5, 0]), ...Array(15).fill([-1, 0])];
  const reference = {
    codeVae: CONSTANT_VAE,
    imageVae: CONSTANT_VAE,
    codes: Float32Array.from(near.flat()),
    labels: Uint8Array.from([...Array(15).fill(4), ...Array(15).fill(7)]),
    dim: 2,
    percentiles: ramp(0.2),
  };
  const image = new Float32Array(784).fill(0.5); // in its frame: all ink
  const reading = readDrawing(CONSTANT_VAE, reference, PERCENTILES, image);
  assert.equal(reading.digit, 4);
  assert.equal(reading.votes[4], 15);
  assert.equal(reading.kl, 0.5);
  assert.ok(Math.abs(reading.reconstruction - 784 * Math.log(2)) < 1e-6);
  assert.equal(reading.percentile, 100);
  // the nearest codes are at 0.5; every pixel differs from its reconstruction by 0.5
  const { score } = oodScore(reference, image);
  assert.ok(Math.abs(score - 0.5 ** 2 * 0.5 * 28) < 0.3, `${score}`);
  assert.equal(reading.oodPercentile, rank(reference.percentiles, score));
  const strict = { ...reference, percentiles: ramp(0.01) };
  assert.equal(readDrawing(CONSTANT_VAE, strict, PERCENTILES, image).digit, null);
});

test("the five nearest codes make the distance, however many vote", () => {
  const codes = [...Array(5).fill([1, 0]), ...Array(10).fill([9, 0])];
  const reference = {
    codeVae: CONSTANT_VAE,
    imageVae: CONSTANT_VAE,
    codes: Float32Array.from(codes.flat()),
    labels: new Uint8Array(15),
    dim: 2,
    percentiles: ramp(1),
  };
  const { score, neighbours } = oodScore(reference, new Float32Array(784).fill(1), 15);
  assert.equal(score, 0);
  assert.equal(neighbours.length, 15);
});

test("an empty sheet stays empty in its frame, and ink does not wrap around", () => {
  assert.ok(canonicalFrame(new Float32Array(784)).every((ink) => ink === 0));
  const image = new Float32Array(784);
  for (let y = 10; y < 18; y++) for (let x = 0; x < 6; x++) image[y * 28 + x] = 1;
  for (let x = 6; x < 28; x++) image[13 * 28 + x] = 1; // an arm to the right
  const framed = canonicalFrame(image);
  for (let y = 0; y < 28; y++) assert.equal(framed[y * 28], 0);
});

test("a place is described by the share of the prior beyond it", () => {
  assert.match(describeRarity([0, 0]), /^The middle/);
  assert.match(describeRarity([1, 1]), /^37 of 100 samples/);
  assert.match(describeRarity([3, -3]), /^Only 1 in 8,103 samples/);
});
