// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import { describeRarity } from "../../vae_lib/widgets/js/prior.js";
import { countVotes, judge, rank, readDrawing } from "../../vae_lib/widgets/js/reading.js";

const PERCENTILES = Float32Array.from({ length: 101 }, (_, percent) => 100 + percent);

test("rank is the percent of test digits below a value, from 0 to 100", () => {
  assert.equal(rank(PERCENTILES, 50), 0);
  assert.equal(rank(PERCENTILES, 150.5), 50);
  assert.equal(rank(PERCENTILES, 150), 49);
  assert.equal(rank(PERCENTILES, 1000), 100);
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

/** A layer that gives the same numbers for any input. @param {number} rows @param {number[]} bias */
function constant(rows, bias) {
  const kernel = new Float32Array(rows * bias.length);
  return { kernel, bias: Float32Array.from(bias), columns: bias.length };
}

test("a drawing is read from the code, the terms and the labels around it", () => {
  const vae = {
    encoder: [constant(784, [0])],
    z_mean: [constant(1, [1, 0])],
    z_log_var: [constant(1, [0, 0])],
    decoder: [constant(2, Array(784).fill(0))],
  };
  const codes = Float32Array.from([...Array(15).fill([1, 0]), ...Array(15).fill([-1, 0])].flat());
  const labels = Uint8Array.from([...Array(15).fill(4), ...Array(15).fill(7)]);
  const percentiles = {
    losses: PERCENTILES,
    aboveFloor: PERCENTILES.map((nats) => (nats - 100) / 7),
  };
  const reading = readDrawing(
    vae,
    { vae, codes, labels, dim: 2 },
    percentiles,
    new Float32Array(784).fill(0.5),
  );
  assert.equal(reading.digit, 4);
  assert.equal(reading.votes[4], 15);
  assert.equal(reading.kl, 0.5);
  assert.ok(Math.abs(reading.reconstruction - 784 * Math.log(2)) < 1e-6);
  assert.equal(reading.percentile, 100);
  assert.equal(reading.oodPercentile, 3); // 0.5 nats above the floor; the percentiles are sevenths
});

test("a place is described by the share of the prior beyond it", () => {
  assert.match(describeRarity([0, 0]), /^The middle/);
  assert.match(describeRarity([1, 1]), /^37 of 100 samples/);
  assert.match(describeRarity([3, -3]), /^Only 1 in 8,103 samples/);
});
