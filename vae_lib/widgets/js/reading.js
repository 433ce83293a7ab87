// @ts-check
// What the models make of a drawing: its code, its two terms of the loss, a vote, a verdict.
/** @import { Vae } from "./types.js" */
/** @import { Reference } from "./ood.js" */
import { oodScore } from "./ood.js";
import { elboTerms, encode, normals } from "./vae.js";

export const NEIGHBOURS = 15; // that vote
const SAMPLES = 8; // of the posterior, for the reconstruction term
export const RARE = 97; // percentile from which a drawing is out of distribution
const SURE = 0.7; // share of votes that names a digit

/**
 * @param {Vae} vae places and reconstructs the drawing
 * @param {Reference} reference judges whether it is a digit, and votes
 * @param {Float32Array} losses percentiles 0 to 100 of the negative ELBO of test digits
 * @param {Float32Array} image 784 numbers in [0, 1]
 */
export function readDrawing(vae, reference, losses, image) {
  const posterior = encode(vae, image);
  const { reconstruction, kl } = elboTerms(vae, image, posterior, normals(SAMPLES, 2, 1));
  const { score, neighbours } = oodScore(reference, image, NEIGHBOURS);
  const votes = countVotes(neighbours.map(({ row }) => reference.labels[row]));
  const oodPercentile = rank(reference.percentiles, score);
  return {
    posterior,
    reconstruction,
    kl,
    votes,
    percentile: rank(losses, reconstruction + kl),
    oodPercentile,
    ...judge(votes, oodPercentile),
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

/**
 * By how much the pixel that differs most differs between two images.
 *
 * @param {ArrayLike<number>} image
 * @param {ArrayLike<number>} other
 */
export function largestChange(image, other) {
  let largest = 0;
  for (let k = 0; k < image.length; k++) {
    largest = Math.max(largest, Math.abs(image[k] - other[k]));
  }
  return largest;
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
 * @param {number} oodPercentile percentile of the drawing's score among validation digits
 * @returns {{ digit: number | null, sentence: string }}
 */
export function judge(votes, oodPercentile) {
  const best = votes.indexOf(Math.max(...votes));
  if (oodPercentile >= RARE) {
    const sentence = "The model has rarely seen anything like it: no digit is named.";
    return { digit: null, sentence };
  }
  if (votes[best] < SURE * NEIGHBOURS) {
    return { digit: null, sentence: `It is not sure: perhaps ${withArticle(best)}.` };
  }
  return { digit: best, sentence: `Classified as ${withArticle(best)}.` };
}

/** @param {number} digit */
function withArticle(digit) {
  return digit === 8 ? "an 8" : `a ${digit}`;
}
