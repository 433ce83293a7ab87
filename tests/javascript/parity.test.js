// @ts-check
// The same numbers as Python's: tests/test_javascript.py writes a file of them, and names it here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { frame } from "../../vae_lib/widgets/js/frame.js";
import {
  findBounds,
  scoreByBounds,
  softmax,
  tellLabels,
} from "../../vae_lib/widgets/js/number_reading.js";
import { canonicalFrame, oodScore } from "../../vae_lib/widgets/js/ood.js";
import { cutPiece, findPieces } from "../../vae_lib/widgets/js/segmentation.js";
import { imageAt } from "../../vae_lib/widgets/js/traits.js";
import {
  bernoulliNll,
  decode,
  decodeLogits,
  elboTerms,
  encode,
  entropyFloor,
  gaussianKl,
  gelu,
  sigmoid,
  unpackWeights,
} from "../../vae_lib/widgets/js/vae.js";

/** @import { LayerShape } from "../../vae_lib/widgets/js/types.js" */

/**
 * @typedef {{
 *   bits: number, weights: string, layers: LayerShape[], z_mean: number[][],
 *   z_log_var: number[][], logits: number[][], pixels: number[][], reconstruction: number[],
 *   kl: number[]
 * }} Model
 */

const path = process.env.VAE_LIB_PARITY;
const skip = path
  ? false
  : "pytest tests/test_javascript.py runs these: it writes Python's numbers";
const python = path ? JSON.parse(readFileSync(path, "utf8")) : { models: [], digits: "" };

/** @param {ArrayLike<number>} found @param {ArrayLike<number>} expected */
function assertClose(found, expected, tolerance = 1e-4) {
  assert.equal(found.length, expected.length);
  for (let k = 0; k < found.length; k++) {
    const difference = Math.abs(found[k] - expected[k]);
    const bound = tolerance * Math.max(1, Math.abs(expected[k]));
    assert.ok(difference <= bound, `number ${k}: ${found[k]}, and Python has ${expected[k]}`);
  }
}

/** @param {string} base64 */
function toBytes(base64) {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

/** The small model with so many bits a weight. @param {number} bits */
function unpackModel(bits) {
  const model = python.models.find((/** @type {Model} */ one) => one.bits === bits);
  return { model, vae: unpackWeights(new DataView(toBytes(model.weights).buffer), model.layers) };
}

for (const bits of [16, 8]) {
  test(`encoder, decoder and both terms with weights in ${bits} bits`, { skip }, () => {
    const { model, vae } = unpackModel(bits);
    python.images.forEach((/** @type {number[]} */ pixels, /** @type {number} */ k) => {
      const image = Float32Array.from(pixels);
      const posterior = encode(vae, image);
      assertClose(posterior.mean, model.z_mean[k]);
      assertClose(posterior.logVar, model.z_log_var[k]);
      assertClose(decodeLogits(vae, model.z_mean[k]), model.logits[k]);
      assertClose(decode(vae, model.z_mean[k]), model.pixels[k]);
      const epsilons = python.epsilons.map((/** @type {number[]} */ one) => Float32Array.from(one));
      const { reconstruction, kl } = elboTerms(vae, image, posterior, epsilons);
      assertClose([reconstruction, kl], [model.reconstruction[k], model.kl[k]]);
    });
  });
}

test("the canonical frame and the out-of-distribution score", { skip }, () => {
  const { images, framed, codes, score } = python.ood;
  const reference = {
    codeVae: unpackModel(16).vae,
    imageVae: unpackModel(8).vae,
    codes: Float32Array.from(codes),
    labels: new Uint8Array(codes.length / 2),
    dim: 2,
    percentiles: new Float32Array(101),
  };
  images.forEach((/** @type {number[]} */ pixels, /** @type {number} */ k) => {
    const image = Float32Array.from(pixels);
    assertClose(canonicalFrame(image), framed[k], 1e-6);
    assertClose([oodScore(reference, image).score], [score[k]], 1e-5);
  });
});

test("formulas", { skip }, () => {
  const { x, gelu: bent, sigmoid: squashed, kl, nll, floor, means, log_vars } = python.formulas;
  assertClose(x.map(gelu), bent, 1e-6);
  assertClose(x.map(sigmoid), squashed, 1e-6);
  means.forEach((/** @type {number[]} */ mean, /** @type {number} */ k) => {
    assertClose([gaussianKl({ mean, logVar: log_vars[k] })], [kl[k]], 1e-9);
  });
  python.images.forEach((/** @type {number[]} */ image, /** @type {number} */ k) => {
    assertClose([bernoulliNll(image, python.formulas.logits[k])], [nll[k]], 1e-6);
    assertClose([entropyFloor(Float32Array.from(image))], [floor[k]], 1e-6);
  });
});

test("framing brings test digits back, drawn large, moved and rescaled", { skip }, () => {
  const digits = toBytes(python.digits);
  const distances = Array.from({ length: digits.length / 784 }, (_, k) => {
    const image = imageAt(digits, k);
    const framed = frame(enlarge(image, [7, 6, 9.3, 4.6][k % 4], k), 280, 280);
    assert.ok(framed);
    return framed.image.reduce((sum, ink, pixel) => sum + Math.abs(ink - image[pixel]) / 784, 0);
  });
  const mean = distances.reduce((sum, distance) => sum + distance / distances.length, 0);
  const close = distances.filter((distance) => distance < 0.02).length / distances.length;
  // a centre between two pixels may fall to the other: a shift by one pixel, in one digit of twenty
  assert.ok(mean < 0.01 && close >= 0.95 && Math.max(...distances) < 0.12, String(distances));
});

/**
 * @typedef {{
 *   ink: string, width: number, height: number, pieces: number[][], framed: number[][],
 *   cuts: number[][][][]
 * }} Sheet
 */

test("a number falls into the same pieces, and each is cut in the same ways", { skip }, () => {
  let ways = 0;
  python.sheets.forEach((/** @type {Sheet} */ { ink, width, height, pieces, framed, cuts }) => {
    const sheet = new Float32Array(toBytes(ink)).map((value) => value / 255);
    const found = findPieces(sheet, width, height);
    assert.equal(found.length, pieces.length);
    found.forEach((piece, k) => {
      assertClose(describePiece(piece), pieces[k]);
      const image = frame(piece.ink, piece.width, piece.height)?.image ?? [];
      assertClose(image, framed[k], 1e-5);
      const halves = cutPiece(piece).map((way) => way.map(describePiece));
      assert.equal(halves.length, cuts[k].length);
      halves.flat().forEach((half, n) => {
        assertClose(half, cuts[k].flat()[n]);
      });
      ways += halves.length;
    });
  });
  assert.ok(ways > 100, String(ways));
});

/** @param {import("../../vae_lib/widgets/js/segmentation.js").Piece} piece */
function describePiece({ left, top, width, height, ink }) {
  return [left, top, width, height, ink.reduce((sum, value) => sum + value, 0)];
}

test("a model told ten labels gives the same bounds, scores and probabilities", { skip }, () => {
  const { weights, layers, biases, bounds, scores, chances } = python.told;
  const vae = unpackWeights(new DataView(toBytes(weights).buffer), layers);
  const [encoder, decoder] = biases.map(
    (/** @type {string} */ packed) => new Float32Array(toBytes(packed).buffer),
  );
  const models = tellLabels(vae, encoder, decoder);
  python.images.forEach((/** @type {number[]} */ pixels, /** @type {number} */ k) => {
    const image = Float32Array.from(pixels);
    const found = findBounds(models, image);
    assertClose(found, bounds[k]);
    assertClose([scoreByBounds(found, image)], [scores[k]]);
    assertClose(softmax(bounds[k].map((/** @type {number} */ one) => one / 5)), chances[k], 1e-9);
  });
});

/**
 * A sheet of 280 x 280 with the image on it, some times as large, at a place that differs by
 * number.
 *
 * @param {Float32Array} image
 * @param {number} times
 * @param {number} number
 */
function enlarge(image, times, number) {
  const sheet = new Float32Array(280 * 280);
  const side = Math.round(28 * times);
  const room = 280 - side + 1;
  const [top, left] = [(37 * number) % room, (53 * number) % room];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const pixel = 28 * Math.floor(y / times) + Math.floor(x / times);
      sheet[280 * (y + top) + x + left] = image[pixel];
    }
  }
  return sheet;
}
