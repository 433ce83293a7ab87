// @ts-check
import assert from "node:assert/strict";
import test from "node:test";
import {
  cutWorst,
  findProbability,
  judge,
  percent,
  readPiece,
  softmax,
  tellLabels,
} from "../../vae_lib/widgets/js/number_reading.js";
import { findPieces } from "../../vae_lib/widgets/js/segmentation.js";

/** @import { ReadPiece, Reader } from "../../vae_lib/widgets/js/number_reading.js" */

/** A model that reconstructs a blank sheet, whatever it sees. */
function blankModel() {
  const layer = (/** @type {number} */ rows, /** @type {number} */ columns, bias = 0) => ({
    kernel: new Float32Array(rows * columns),
    bias: new Float32Array(columns).fill(bias),
    columns,
  });
  return {
    encoder: [layer(784, 2)],
    z_mean: [layer(2, 1)],
    z_log_var: [layer(2, 1)],
    decoder: [layer(1, 2), layer(2, 784, -3)],
  };
}

/** @type {Reader} */
const READER = {
  models: Array.from({ length: 10 }, blankModel),
  temperature: 1,
  threshold: 500,
  cutIsRight: 0.5,
};

/** @param {Partial<ReadPiece>} parts @returns {ReadPiece} */
function readAs(parts) {
  const piece = { ink: new Float32Array(1), left: 0, top: 0, width: 1, height: 1 };
  const image = new Float32Array(784);
  return { piece, image, digit: 3, probability: 0.9, score: 0, isDigit: true, ...parts };
}

test("softmax sums to one, and large logits do not overflow", () => {
  const [one, other] = softmax([-2000, -2000 + Math.log(3)]);
  assert.ok(Math.abs(one - 0.25) < 1e-9 && Math.abs(other - 0.75) < 1e-9);
});

test("each label gives both first layers its own biases", () => {
  const encoderBiases = Float32Array.from({ length: 20 }, (_, k) => k);
  const decoderBiases = Float32Array.from({ length: 20 }, (_, k) => 100 + k);
  const models = tellLabels(blankModel(), encoderBiases, decoderBiases);
  assert.equal(models.length, 10);
  assert.deepEqual([...models[3].encoder[0].bias], [6, 7]);
  assert.deepEqual([...models[9].decoder[0].bias], [118, 119]);
  assert.equal(models[3].decoder[1].bias[0], -3);
});

test("the whole is the product of its digits and of its cuts", () => {
  const pieces = [readAs({ probability: 0.9 }), readAs({ probability: 0.5 })];
  assert.equal(findProbability(pieces, 0, READER, 2), 0.45);
  assert.equal(findProbability(pieces, 1, READER, 2), 0.225);
});

test("a number with a stranger, or of another length, has no probability", () => {
  const pieces = [readAs({}), readAs({ isDigit: false })];
  assert.equal(findProbability(pieces, 0, READER, 2), 0);
  assert.equal(findProbability([readAs({})], 0, READER, 2), 0);
});

test("more ink than the model expects scores higher, and from a threshold on is no digit", () => {
  const ink = new Float32Array(40 * 40);
  for (let y = 5; y < 35; y++) ink.fill(1, y * 40 + 18, y * 40 + 22);
  const [thin] = findPieces(ink, 40, 40).map((piece) => readPiece(piece, READER));
  for (let y = 5; y < 35; y++) ink.fill(1, y * 40 + 8, y * 40 + 32);
  const [thick] = findPieces(ink, 40, 40).map((piece) => readPiece(piece, READER));
  assert.ok(thin.isDigit && !thick.isDigit && thick.score > thin.score);
  assert.ok(Math.abs(thin.probability - 0.1) < 1e-9); // all ten labels alike
});

test("the piece with the highest score is cut, and the others stay", () => {
  const ink = new Float32Array(80 * 40);
  for (let y = 5; y < 35; y++) ink.fill(1, y * 80 + 5, y * 80 + 9);
  for (let y = 5; y < 35; y++) ink.fill(1, y * 80 + 20, y * 80 + 50);
  const pieces = findPieces(ink, 80, 40).map((piece) => readPiece(piece, READER));
  const apart = cutWorst(pieces, READER);
  assert.equal(apart.length, 3);
  assert.equal(apart[0], pieces[0]);
  assert.ok(apart[1].piece.left === 20 && apart[2].piece.left > 20);
});

test("a probability is never said to be 100%", () => {
  assert.equal(percent(1), "over 99.9%");
  assert.equal(percent(0.9951), "99.5%");
  assert.equal(percent(0.95), "95%");
});

test("the verdict says what is missing, what is no digit, and what was read", () => {
  const digit = readAs({});
  const stranger = readAs({ isDigit: false });
  /** @param {ReadPiece[]} pieces @param {number} probability */
  const verdict = (pieces, probability) =>
    judge({ pieces, cuts: 0, probability }, 2, probability >= 0.9);
  assert.match(verdict([], 0), /^Write 2 digits/);
  assert.match(verdict([digit], 0), /^1 piece so far/);
  assert.match(verdict([digit, digit, digit], 0), /^Put aside: there are 3 pieces/);
  assert.match(verdict([digit, stranger], 0), /^Put aside: piece 2 looks like no digit/);
  assert.equal(
    verdict([digit, digit], 0.5),
    "Put aside: perhaps 33, which is right with a probability of 50%.",
  );
  assert.equal(verdict([digit, digit], 0.93), "Accepted: 33 is right with a probability of 93%.");
});
