// @ts-check
// A run of training over digits: which images come next and with which noise, what is measured, and
// what there is to see. Each kind of random number has a stream of its own from the seed, so that
// showing a frame, or moving a knob, does not change the numbers that the others get.
/** @import { Frame, Gradients, Knobs, Measured, Start, Terms } from "./live.js" */
/** @import { Batch, Model } from "./trainer.js" */
import { countVotes, NEIGHBOURS } from "./reading.js";
import {
  decode,
  encode,
  HEADS,
  LATENT_DIM,
  loss,
  makeModel,
  makePass,
  makeTwin,
  PIXELS,
  sampleCodes,
  trainStep,
} from "./trainer.js";
import { makeUniform, nearest, normal, sigmoid } from "./vae.js";

/**
 * Raw pixels, 784 a digit.
 *
 * @typedef {{
 *   images: Uint8Array, labels: Uint8Array, validationImages: Uint8Array,
 *   validationLabels: Uint8Array
 * }} RawDigits
 */

export const BATCH_SIZE = 64;
const THUMBNAILS = 6;
const SAMPLES = 12;
const CLASSIFIED = 50; // codes between two pauses of measuring
const REFERENCE = 2000; // training digits whose codes vote, at most: as in vae_lib.live_trainer

/** Where each stream of random numbers starts, beside the seed. */
const STREAMS = { order: 1, noise: 2, dropout: 3, samples: 4, validation: 5, frames: 6 };

/** @type {Start} */
export const DEFAULT_START = { seed: 0, hiddenUnits: 128, activation: "tanh" };

/** @param {number} trainingDigits that there are @returns {Knobs} */
export function defaultKnobs(trainingDigits) {
  return { klWeight: 1, learningRate: 3e-3, noise: true, inputDropout: 0, trainingDigits };
}

export class TrainingRun {
  images = 0; // seen
  #epochs = 0; // finished
  #digits;
  #model;
  #measuredModel; // the model as it was when a measurement began
  #uniform;
  #batch = makeBatch();
  #pass; // of training
  #lookPass; // of measuring and showing
  #lookBatch = makeBatch();
  #validationNoise;
  #sampleCodes;
  #thumbnails;
  /** @type {Int32Array<ArrayBufferLike>} numbers of the digits of this epoch, in their order */
  #order = new Int32Array(0);
  #position = 0; // in the order
  #sums = { loss: 0, reconstruction: 0, kl: 0, batches: 0 };

  /** @param {RawDigits} digits @param {Start} start */
  constructor(digits, start) {
    this.#digits = digits;
    this.#model = makeModel(start);
    this.#measuredModel = makeTwin(this.#model);
    this.#pass = makePass(BATCH_SIZE, start.hiddenUnits);
    this.#lookPass = makePass(BATCH_SIZE, start.hiddenUnits);
    this.#uniform = makeStreams(start.seed);
    const count = digits.validationLabels.length;
    this.#validationNoise = makeNoise(count, this.#uniform.validation);
    this.#sampleCodes = makeNoise(SAMPLES, this.#uniform.samples);
    this.#thumbnails = chooseThumbnails(digits.labels);
  }

  /** Epochs trained, with the fraction of the present one. */
  get epoch() {
    const fraction = this.#order.length ? this.#position / this.#order.length : 0;
    return this.#epochs + fraction;
  }

  /** Images of the last step. */
  get batchSize() {
    return this.#batch.count;
  }

  /** Whether the last step ended an epoch. */
  get isAtEpochsEnd() {
    return this.#position === 0;
  }

  /**
   * One step on the next batch. A change of the number of training digits begins the epoch anew.
   *
   * @param {Knobs} knobs
   * @param {boolean} splitGradient whether to find the norms of the gradient by term
   * @returns {{ terms: Terms, gradients: Gradients | null }}
   */
  step(knobs, splitGradient) {
    const size = Math.min(BATCH_SIZE, knobs.trainingDigits);
    // the last images that fill no batch are left out, as in training.training_batches
    const used = knobs.trainingDigits - (knobs.trainingDigits % size);
    if (this.#position === 0 || used !== this.#order.length) {
      this.#order = shuffle(knobs.trainingDigits, this.#uniform.order).subarray(0, used);
      this.#position = 0;
    }
    const rows = this.#order.subarray(this.#position, this.#position + size);
    fillBatch(this.#batch, this.#digits.images, rows, knobs, this.#uniform);
    const terms = trainStep(this.#model, this.#pass, this.#batch, knobs, splitGradient);
    this.#count(terms, size);
    return { terms, gradients: splitGradient ? this.#gradients() : null };
  }

  /** @param {Terms} terms @param {number} size of the batch */
  #count(terms, size) {
    this.images += size;
    this.#position += size;
    if (this.#position === this.#order.length) {
      this.#position = 0;
      this.#epochs += 1;
    }
    this.#sums.loss += terms.loss;
    this.#sums.reconstruction += terms.reconstruction;
    this.#sums.kl += terms.kl;
    this.#sums.batches += 1;
  }

  /** @returns {Gradients} */
  #gradients() {
    const { gradient, klGradient } = this.#model;
    return {
      reconstruction: {
        decoder: norm(gradient.decoder),
        encoder: distance(gradient.encoder, klGradient.encoder),
      },
      kl: { encoder: norm(klGradient.encoder) },
    };
  }

  /**
   * A point of the curves, of the model as it is at the first call of next(). It takes a tenth of a
   * second, so it pauses after every few images, and training may go on in between.
   *
   * @param {Knobs} knobs
   * @returns {Generator<undefined, Measured>}
   */
  *measure(knobs) {
    const { images } = this;
    const model = this.#measuredModel;
    model.parameters.all.set(this.#model.parameters.all);
    const training = this.#takeMeans();
    const { images: digits, labels, validationLabels } = this.#digits;
    const validationCodes = new Float32Array(validationLabels.length * LATENT_DIM);
    const sums = { reconstruction: 0, kl: 0 };
    for (const [first, count] of slices(validationLabels.length, BATCH_SIZE)) {
      const terms = this.#lookAtValidation(first, count, knobs);
      sums.reconstruction += terms.reconstruction * count;
      sums.kl += terms.kl * count;
      readMeans(validationCodes, this.#lookPass.heads, first, count);
      yield;
    }
    const reference = Math.min(knobs.trainingDigits, REFERENCE);
    const codes = new Float32Array(reference * LATENT_DIM);
    for (const [first, count] of slices(reference, BATCH_SIZE)) {
      this.#encodeImages(model, digits, first, count);
      readMeans(codes, this.#lookPass.heads, first, count);
      yield;
    }
    let correct = 0;
    for (const [first, count] of slices(validationLabels.length, CLASSIFIED)) {
      correct += countCorrect(codes, labels, validationCodes, validationLabels, first, count);
      yield;
    }
    const reconstruction = sums.reconstruction / validationLabels.length;
    const kl = sums.kl / validationLabels.length;
    const terms = { loss: reconstruction + knobs.klWeight * kl, reconstruction, kl };
    const accuracy = correct / validationLabels.length;
    return { images, training, validation: terms, accuracy };
  }

  /** Means over the batches since the last call. @returns {Terms} */
  #takeMeans() {
    const { loss, reconstruction, kl, batches } = this.#sums;
    this.#sums = { loss: 0, reconstruction: 0, kl: 0, batches: 0 };
    return { loss: loss / batches, reconstruction: reconstruction / batches, kl: kl / batches };
  }

  /**
   * Terms of some validation digits, as the encoder sees them whole, with the same noise every
   * time.
   *
   * @param {number} first
   * @param {number} count
   * @param {Knobs} knobs
   */
  #lookAtValidation(first, count, { noise, klWeight }) {
    const { epsilon, inputs } = this.#lookBatch;
    const noiseOfDigits = this.#validationNoise.subarray(first * LATENT_DIM);
    for (let k = 0; k < count * LATENT_DIM; k++) epsilon[k] = noise ? noiseOfDigits[k] : 0;
    this.#encodeImages(this.#measuredModel, this.#digits.validationImages, first, count);
    sampleCodes(this.#lookPass, epsilon, count);
    decode(this.#measuredModel, this.#lookPass, count);
    return loss(this.#lookPass, inputs, count, klWeight);
  }

  /**
   * Means and log-variances of raw images first to first + count - 1, in the pass of measuring and
   * showing; the images themselves, in [0, 1], in the inputs of its batch.
   *
   * @param {Model} model
   * @param {Uint8Array} images
   * @param {number} first
   * @param {number} count
   */
  #encodeImages(model, images, first, count) {
    const { inputs } = this.#lookBatch;
    for (let i = 0; i < count; i++) normaliseImage(inputs, i, images, first + i);
    encode(model, this.#lookPass, inputs, count);
  }

  /**
   * What a frame shows of the model as it is now. The map and the samples take four times as long
   * as the rest.
   *
   * @param {Knobs} knobs
   * @param {boolean} [withMap] whether map and samples are wanted too
   * @returns {Pick<Frame, "codes" | "batch" | "samples">}
   */
  look(knobs, withMap = true) {
    return {
      codes: withMap ? this.#encodeValidation() : null,
      batch: this.#lookAtThumbnails(knobs),
      samples: withMap ? this.#decodeSamples() : null,
    };
  }

  #encodeValidation() {
    const { validationImages, validationLabels } = this.#digits;
    const codes = new Float32Array(validationLabels.length * LATENT_DIM);
    for (const [first, count] of slices(validationLabels.length, BATCH_SIZE)) {
      this.#encodeImages(this.#model, validationImages, first, count);
      readMeans(codes, this.#lookPass.heads, first, count);
    }
    return codes;
  }

  /** @param {Knobs} knobs @returns {Frame["batch"]} */
  #lookAtThumbnails(knobs) {
    const batch = this.#lookBatch;
    const pass = this.#lookPass;
    const { frames } = this.#uniform;
    const streams = { noise: frames, dropout: frames };
    fillBatch(batch, this.#digits.images, this.#thumbnails, knobs, streams);
    const { count } = batch;
    encode(this.#model, pass, batch.inputs, count);
    sampleCodes(pass, batch.epsilon, count);
    decode(this.#model, pass, count);
    const zMean = new Float32Array(count * LATENT_DIM);
    const zLogVar = new Float32Array(count * LATENT_DIM);
    readMeans(zMean, pass.heads, 0, count);
    readLogVars(zLogVar, pass.heads, count);
    return {
      inputs: toBytes(batch.inputs, count),
      zMean,
      zLogVar,
      epsilon: batch.epsilon.slice(0, count * LATENT_DIM),
      z: pass.z.slice(0, count * LATENT_DIM),
      reconstructions: toInk(pass.logits, count),
    };
  }

  /** Takes other codes from the prior, until a reset. */
  resample() {
    this.#sampleCodes = makeNoise(SAMPLES, this.#uniform.samples);
  }

  #decodeSamples() {
    this.#lookPass.z.set(this.#sampleCodes);
    decode(this.#model, this.#lookPass, SAMPLES);
    return toInk(this.#lookPass.logits, SAMPLES);
  }
}

/** A batch with room for BATCH_SIZE images. @returns {Batch} */
function makeBatch() {
  return {
    count: 0,
    inputs: new Float32Array(BATCH_SIZE * PIXELS),
    targets: new Float32Array(BATCH_SIZE * PIXELS),
    epsilon: new Float32Array(BATCH_SIZE * LATENT_DIM),
  };
}

/** @param {number} seed @returns {Record<keyof typeof STREAMS, () => number>} */
function makeStreams(seed) {
  const streams = Object.entries(STREAMS).map(([name, number]) => {
    // far from each other, whatever the seed: makeUniform adds a constant at each call
    const start = Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b);
    return [name, makeUniform(start)];
  });
  return Object.fromEntries(streams);
}

/** Samples of N(0, 1), as many codes. @param {number} count @param {() => number} uniform */
function makeNoise(count, uniform) {
  return Float32Array.from({ length: count * LATENT_DIM }, () => normal(uniform));
}

/**
 * The numbers 0 to count - 1 in random order (Fisher-Yates).
 *
 * @param {number} count
 * @param {() => number} uniform
 */
function shuffle(count, uniform) {
  const order = Int32Array.from({ length: count }, (_, k) => k);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    const moved = order[last];
    order[last] = order[other];
    order[other] = moved;
  }
  return order;
}

/** The first digit of each class that comes, until there are enough. @param {Uint8Array} labels */
function chooseThumbnails(labels) {
  const firsts = [...new Set(labels)].map((label) => labels.indexOf(label));
  return Int32Array.from(firsts.slice(0, THUMBNAILS));
}

/**
 * Fills a batch: inputs with dropped pixels, whole targets, noise.
 *
 * @param {Batch} batch
 * @param {Uint8Array} images raw
 * @param {Int32Array} rows numbers of its images
 * @param {Knobs} knobs
 * @param {{ noise: () => number, dropout: () => number }} uniform
 */
function fillBatch(batch, images, rows, knobs, uniform) {
  const { inputs, targets, epsilon } = batch;
  for (let i = 0; i < rows.length; i++) normaliseImage(targets, i, images, rows[i]);
  inputs.set(targets);
  if (knobs.inputDropout > 0) {
    dropPixels(inputs, rows.length * PIXELS, knobs.inputDropout, uniform.dropout);
  }
  for (let k = 0; k < rows.length * LATENT_DIM; k++) {
    epsilon[k] = knobs.noise ? normal(uniform.noise) : 0;
  }
  batch.count = rows.length;
}

/**
 * Sets pixels to zero at random. Only those with ink take a random number.
 *
 * @param {Float32Array} pixels
 * @param {number} length of them
 * @param {number} probability
 * @param {() => number} uniform
 */
function dropPixels(pixels, length, probability, uniform) {
  for (let k = 0; k < length; k++) {
    if (pixels[k] > 0 && uniform() < probability) pixels[k] = 0;
  }
}

/**
 * Writes one of the raw images into row i of rows of 784 pixels in [0, 1].
 *
 * @param {Float32Array} rows
 * @param {number} i
 * @param {Uint8Array} images
 * @param {number} number of the image
 */
function normaliseImage(rows, i, images, number) {
  const from = number * PIXELS;
  const to = i * PIXELS;
  for (let k = 0; k < PIXELS; k++) rows[to + k] = images[from + k] / 255;
}

/**
 * Parts of so many, each as its first number and its size.
 *
 * @param {number} total
 * @param {number} size
 * @returns {[number, number][]}
 */
function slices(total, size) {
  const count = Math.ceil(total / size);
  return Array.from({ length: count }, (_, k) => [k * size, Math.min(size, total - k * size)]);
}

/**
 * Copies the means of a pass into codes, from row first on.
 *
 * @param {Float32Array} codes
 * @param {Float32Array} heads
 * @param {number} first
 * @param {number} count
 */
function readMeans(codes, heads, first, count) {
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < LATENT_DIM; d++) {
      codes[(first + i) * LATENT_DIM + d] = heads[i * HEADS + d];
    }
  }
}

/** @param {Float32Array} logVars @param {Float32Array} heads @param {number} count */
function readLogVars(logVars, heads, count) {
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < LATENT_DIM; d++) {
      logVars[i * LATENT_DIM + d] = heads[i * HEADS + LATENT_DIM + d];
    }
  }
}

/**
 * How many of some codes the majority of their nearest reference codes classifies correctly, as
 * evaluation.knn_accuracy: of classes with equally many votes, the smallest.
 *
 * @param {Float32Array} reference
 * @param {Uint8Array} referenceLabels
 * @param {Float32Array} codes
 * @param {Uint8Array} labels
 * @param {number} first
 * @param {number} count
 */
export function countCorrect(reference, referenceLabels, codes, labels, first, count) {
  let correct = 0;
  for (let i = first; i < first + count; i++) {
    const code = codes.subarray(i * LATENT_DIM, (i + 1) * LATENT_DIM);
    const neighbours = nearest(reference, LATENT_DIM, code, NEIGHBOURS);
    const votes = countVotes(neighbours.map(({ row }) => referenceLabels[row]));
    const winner = votes.indexOf(Math.max(...votes));
    if (winner === labels[i]) correct += 1;
  }
  return correct;
}

/** Raw pixels of images in [0, 1]. @param {Float32Array} images @param {number} count */
function toBytes(images, count) {
  const bytes = new Uint8Array(count * PIXELS);
  for (let k = 0; k < bytes.length; k++) bytes[k] = Math.round(255 * images[k]);
  return bytes;
}

/**
 * Raw pixels of images that logits stand for.
 *
 * @param {Float32Array} logits
 * @param {number} count
 */
function toInk(logits, count) {
  const bytes = new Uint8Array(count * PIXELS);
  for (let k = 0; k < bytes.length; k++) bytes[k] = Math.round(255 * sigmoid(logits[k]));
  return bytes;
}

/** @param {Float32Array} numbers */
function norm(numbers) {
  let square = 0;
  for (let k = 0; k < numbers.length; k++) square += numbers[k] ** 2;
  return Math.sqrt(square);
}

/** Norm of the difference. @param {Float32Array} a @param {Float32Array} b */
function distance(a, b) {
  let square = 0;
  for (let k = 0; k < a.length; k++) square += (a[k] - b[k]) ** 2;
  return Math.sqrt(square);
}
