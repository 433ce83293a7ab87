// @ts-check
// What two models make of a drawing: its code, its two terms of the loss, a vote, a verdict.
/** @import { Vae } from "./types.js" */
import { elboTerms, encode, entropyFloor, nearest, normals } from "./vae.js";

export const NEIGHBOURS = 15; // that vote
const SAMPLES = 8; // of the posterior, for the reconstruction term
export const RARE = 97; // percentile from which a drawing is out of distribution
const SURE = 0.7; // share of votes that names a digit

/**
 * A second model, with codes of labelled digits for the vote.
 *
 * @typedef {{ vae: Vae, codes: Float32Array, labels: Uint8Array, dim: number }} Reference
 */

/**
 * Percentiles 0 to 100 of test digits: the negative ELBO, and that of the reference less the entropy floor.
 *
 * @typedef {{ losses: Float32Array, aboveFloor: Float32Array }} Percentiles
 */

/**
 * @param {Vae} vae places and reconstructs the drawing
 * @param {Reference} reference
 * @param {Percentiles} percentiles
 * @param {Float32Array} image 784 numbers in [0, 1]
 */
export function readDrawing(vae, reference, percentiles, image) {
  const posterior = encode(vae, image);
  const { reconstruction, kl } = elboTerms(vae, image, posterior, normals(SAMPLES, 2, 1));
  const { votes, nllAboveFloor } = askReference(reference, image);
  const oodPercentile = rank(percentiles.aboveFloor, nllAboveFloor);
  return {
    posterior,
    reconstruction,
    kl,
    votes,
    percentile: rank(percentiles.losses, reconstruction + kl),
    oodPercentile,
    ...judge(votes, oodPercentile),
  };
}

/** @param {Reference} reference @param {Float32Array} image */
function askReference({ vae, codes, labels, dim }, image) {
  const posterior = encode(vae, image);
  const neighbours = nearest(codes, dim, posterior.mean, NEIGHBOURS);
  const { reconstruction, kl } = elboTerms(vae, image, posterior, normals(SAMPLES, dim, 2));
  return {
    votes: countVotes(neighbours.map(({ row }) => labels[row])),
    nllAboveFloor: reconstruction + kl - entropyFloor(image),
  };
}

/**
 * In which percent of the digits the value is smaller: percentiles holds the 0th to the 100th.
 *
 * @param {Float32Array} percentiles
 * @param {number} value
 */
export function rank(percentiles, value) {
  return Math.max(
    0,
    percentiles.findLastIndex((bound) => bound < value),
  );
}

/** How many of the labels are 0, 1, … 9. @param {number[]} labels */
export function countVotes(labels) {
  const votes = Array(10).fill(0);
  for (const label of labels) votes[label] += 1;
  return votes;
}

/**
 * The digit that is named, or null; and a sentence for it.
 *
 * @param {number[]} votes
 * @param {number} oodPercentile percentile of the drawing among test digits
 * @returns {{ digit: number | null, sentence: string }}
 */
export function judge(votes, oodPercentile) {
  const best = votes.indexOf(Math.max(...votes));
  if (oodPercentile >= RARE) {
    const sentence = "The model has rarely seen anything like it: no digit is named.";
    return { digit: null, sentence };
  }
  if (votes[best] < SURE * NEIGHBOURS) {
    return { digit: null, sentence: `It is not sure: perhaps a ${best}.` };
  }
  return { digit: best, sentence: `Classified as a ${best}.` };
}
