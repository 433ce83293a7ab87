// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import {
  bernoulliNll,
  entropyFloor,
  gaussianKl,
  makeUniform,
  nearest,
  normals,
  sample,
  samplePosterior,
  unpackWeights,
} from "../../vae_lib/widgets/js/vae.js";

test("the KL is zero at the prior and keeps its digits close to it", () => {
  assert.equal(gaussianKl({ mean: [0, 0], logVar: [0, 0] }), 0);
  const nearPrior = gaussianKl({ mean: [0], logVar: [1e-7] });
  assert.ok(Math.abs(nearPrior / 2.5e-15 - 1) < 1e-3, String(nearPrior));
});

test("half floats are read, the smallest, the negative and the largest too", () => {
  const halves = Uint16Array.of(0x0001, 0xc000, 0x3555, 0x7bff);
  const view = new DataView(new Uint8Array([...new Uint8Array(halves.buffer), 0, 0, 0, 0]).buffer);
  const { decoder } = unpackWeights(view, [{ part: "decoder", rows: 4, columns: 1, scale: 0 }]);
  assert.deepEqual([...decoder[0].kernel], [2 ** -24, -2, 0.333251953125, 65504]);
});

test("the NLL is finite for logits of any size, and is the floor at the best logits", () => {
  assert.equal(bernoulliNll([1, 0], [1000, -1000]), 0);
  assert.equal(bernoulliNll([0, 1], [1000, -1000]), 2000);
  const image = Float32Array.from([0.25, 0.5]);
  const best = Array.from(image, (ink) => Math.log(ink / (1 - ink)));
  assert.ok(Math.abs(bernoulliNll(image, best) - entropyFloor(image)) < 1e-12);
});

test("the entropy floor is zero for black and white", () => {
  assert.equal(entropyFloor(Float32Array.from([0, 1, 1, 0])), 0);
});

test("a sample is the mean plus noise times the standard deviation", () => {
  const posterior = { mean: Float32Array.of(1, -2), logVar: Float32Array.of(0, 2 * Math.log(3)) };
  const z = sample(posterior, Float32Array.of(0.5, -1));
  assert.deepEqual([...z].map(Math.round), [2, -5]);
  assert.ok(Math.abs(z[0] - 1.5) < 1e-6);
});

test("samples of a posterior repeat with their random source, and have its mean and spread", () => {
  const posterior = { mean: Float32Array.of(0.5, -1), logVar: Float32Array.of(-9, -2) };
  const deviation = posterior.logVar.map((value) => Math.exp(0.5 * value));
  const [one, same] = [makeUniform(3), makeUniform(3)];
  const count = 20_000;
  const sums = [0, 0];
  const squares = [0, 0];
  for (let k = 0; k < count; k++) {
    const { epsilon, z } = samplePosterior(posterior, one);
    assert.deepEqual(samplePosterior(posterior, same), { epsilon, z });
    assert.deepEqual(z, sample(posterior, epsilon));
    for (const d of [0, 1]) {
      const standardised = (z[d] - posterior.mean[d]) / deviation[d];
      sums[d] += standardised;
      squares[d] += standardised ** 2;
    }
  }
  for (const d of [0, 1]) {
    assert.ok(Math.abs(sums[d] / count) < 0.03, `mean: ${sums[d] / count}`); // four standard errors
    assert.ok(Math.abs(squares[d] / count - 1) < 0.04, `variance: ${squares[d] / count}`);
  }
});

test("noise is standard normal, independent, and repeats with its seed", () => {
  const count = 20_000;
  const noise = normals(count, 2, 7);
  assert.deepEqual(noise, normals(count, 2, 7));
  assert.notDeepEqual(noise[0], normals(1, 2, 8)[0]);
  /** @param {(epsilon: Float32Array) => number} of */
  const mean = (of) => noise.reduce((sum, epsilon) => sum + of(epsilon), 0) / count;
  for (const k of [0, 1]) {
    assert.ok(Math.abs(mean((e) => e[k])) < 0.03);
    assert.ok(Math.abs(mean((e) => e[k] ** 2) - 1) < 0.06);
  }
  assert.ok(Math.abs(mean((e) => e[0] * e[1])) < 0.03);
});

test("neighbours are the nearest rows, in order", () => {
  const codes = Float32Array.from(normals(300, 5, 1).flatMap((row) => [...row]));
  const distances = Array.from({ length: 300 }, (_, row) => ({
    row,
    distance: Math.hypot(...codes.subarray(5 * row, 5 * row + 5)),
  }));
  distances.sort((a, b) => a.distance - b.distance);
  const found = nearest(codes, 5, [0, 0, 0, 0, 0], 15);
  assert.deepEqual(
    found.map(({ row }) => row),
    distances.slice(0, 15).map(({ row }) => row),
  );
  found.forEach(({ distance }, k) => {
    assert.ok(Math.abs(distance - distances[k].distance) < 1e-6);
  });
});

test("fewer rows than neighbours asked for are all of them", () => {
  assert.equal(nearest(Float32Array.of(3, 4, 0, 1), 2, [0, 0], 15).length, 2);
  assert.deepEqual(nearest(Float32Array.of(3, 4, 0, 1), 2, [0, 0]), [{ row: 1, distance: 1 }]);
});
