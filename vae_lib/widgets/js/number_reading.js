// @ts-check
// Read a whole number as vae_lib/number_reader.py does: each piece by the ten bounds of the
// class-conditional VAE, touching digits cut where the halves look most like digits, and the
// probability of the whole.
/** @import { Vae } from "./types.js" */
/** @import { Piece } from "./segmentation.js" */
import { frame } from "./frame.js";
import { cutPiece } from "./segmentation.js";
import { bernoulliNll, decodeLogits, encode, entropyFloor, gaussianKl } from "./vae.js";

/**
 * The model told each of the ten labels, and what validation digits chose: as DigitReader in
 * Python.
 *
 * @typedef {{ models: Vae[], temperature: number, threshold: number, cutIsRight: number }} Reader
 */

/**
 * A piece, its image in MNIST's frame, and what was read there.
 *
 * @typedef {{
 *   piece: Piece, image: Float32Array, digit: number, probability: number, score: number,
 *   isDigit: boolean
 * }} ReadPiece
 */

/**
 * What was read on a sheet.
 *
 * @typedef {{ pieces: ReadPiece[], cuts: number, probability: number }} Reading
 */

/**
 * Ten models that differ in the label that they are told: a label only adds to the biases of both
 * first layers.
 *
 * @param {Vae} vae
 * @param {Float32Array} encoderBiases ten biases of the encoder's first layer, one after the other
 * @param {Float32Array} decoderBiases
 * @returns {Vae[]}
 */
export function tellLabels(vae, encoderBiases, decoderBiases) {
  /** @param {keyof Vae} part @param {Float32Array} biases @param {number} label */
  const told = (part, biases, label) => {
    const [first, ...others] = vae[part];
    const bias = biases.subarray(label * first.columns, (label + 1) * first.columns);
    return [{ ...first, bias }, ...others];
  };
  return Array.from({ length: 10 }, (_, label) => ({
    ...vae,
    encoder: told("encoder", encoderBiases, label),
    decoder: told("decoder", decoderBiases, label),
  }));
}

/**
 * ELBO of an image under each label, at the mean code, in nats.
 *
 * @param {Vae[]} models
 * @param {Float32Array} image
 */
export function findBounds(models, image) {
  return models.map((model) => {
    const posterior = encode(model, image);
    const reconstruction = bernoulliNll(image, decodeLogits(model, posterior.mean));
    return -(reconstruction + gaussianKl(posterior));
  });
}

/**
 * How far the best of ten bounds lies below the entropy floor.
 *
 * @param {number[]} bounds
 * @param {Float32Array} image
 */
export function scoreByBounds(bounds, image) {
  return -Math.max(...bounds) - entropyFloor(image);
}

/** @param {number[]} logits */
export function softmax(logits) {
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** @param {Piece} piece @param {Reader} reader @returns {ReadPiece} */
export function readPiece(piece, { models, temperature, threshold }) {
  const framed = frame(piece.ink, piece.width, piece.height);
  const image = framed ? framed.image : new Float32Array(784);
  const bounds = findBounds(models, image);
  const chances = softmax(bounds.map((bound) => bound / temperature));
  const probability = Math.max(...chances);
  const score = scoreByBounds(bounds, image);
  return {
    piece,
    image,
    digit: chances.indexOf(probability),
    probability,
    score,
    isDigit: score <= threshold,
  };
}

/**
 * The pieces with the one that looks least like a digit cut in two, where its worse half looks most
 * like one; the same pieces if there is no way to.
 *
 * @param {ReadPiece[]} pieces
 * @param {Reader} reader
 */
export function cutWorst(pieces, reader) {
  const worst = pieces.reduce((most, one) => (one.score > most.score ? one : most));
  const ways = cutPiece(worst.piece).map((halves) => halves.map((half) => readPiece(half, reader)));
  if (ways.length === 0) return pieces;
  /** @param {ReadPiece[]} halves */
  const worseScore = (halves) => Math.max(...halves.map((half) => half.score));
  const best = ways.reduce((least, way) => (worseScore(way) < worseScore(least) ? way : least));
  return pieces.flatMap((one) => (one === worst ? best : one));
}

/**
 * Probability that the whole is right: the product over digits, and over cuts; 0 if a piece is no
 * digit, or if there are not as many pieces as digits.
 *
 * @param {ReadPiece[]} pieces
 * @param {number} cuts
 * @param {Reader} reader
 * @param {number} length
 */
export function findProbability(pieces, cuts, reader, length) {
  if (pieces.length !== length || pieces.some((one) => !one.isDigit)) return 0;
  return pieces.reduce((product, one) => product * one.probability, reader.cutIsRight ** cuts);
}

/**
 * The verdict in a sentence.
 *
 * @param {Reading} reading
 * @param {number} length
 * @param {boolean} isAccepted
 */
export function judge({ pieces, probability }, length, isAccepted) {
  if (pieces.length === 0) return `Write ${length} digits, with gaps between them.`;
  if (pieces.length < length) {
    return `${count(pieces.length)} so far. If digits touch, cut them.`;
  }
  if (pieces.length > length) {
    return `Put aside: there are ${pieces.length} pieces in place of ${length}.`;
  }
  const strangers = pieces.flatMap((one, k) => (one.isDigit ? [] : [k + 1]));
  if (strangers.length > 0) {
    return `Put aside: piece ${strangers.join(", ")} looks like no digit.`;
  }
  const number = pieces.map((one) => one.digit).join("");
  const chance = `is right with a probability of ${percent(probability)}`;
  return isAccepted
    ? `Accepted: ${number} ${chance}.`
    : `Put aside: perhaps ${number}, which ${chance}.`;
}

/** @param {number} pieces */
function count(pieces) {
  return pieces === 1 ? "1 piece" : `${pieces} pieces`;
}

/** What stands behind the verdict. @param {Reading} reading */
export function describe({ pieces, cuts, probability }) {
  if (probability === 0) return "";
  const factors = pieces.map((one) => percent(one.probability)).join(" × ");
  const trust =
    cuts > 0 ? ` × the probability that ${cuts === 1 ? "a cut is" : `${cuts} cuts are`} right` : "";
  return `${factors}${trust} = ${percent(probability)}`;
}

/** Never 100%, which no reader can know. @param {number} probability */
export function percent(probability) {
  if (probability >= 0.9995) return "over 99.9%";
  return `${(100 * probability).toFixed(probability > 0.99 ? 1 : 0)}%`;
}
