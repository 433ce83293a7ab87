// @ts-check
// A small VAE that trains itself: 784 pixels, hidden units, a code of two numbers, and back. Each
// function is one line of the mathematics: encode, sampleCodes, decode, loss, backward, adam.
//
// Shapes: B images a batch, H hidden units, 784 pixels, a code of 2; arrays are flat, rows one
// after the other. A step makes no arrays: it writes into those that makeModel and makePass made.
/** @import { Start, Terms } from "./live.js" */
/** @import { Matrix } from "./matrices.js" */
import { byRows, multiply, transpose } from "./matrices.js";
import { gaussianKl, gelu, geluDerivative, makeUniform } from "./vae.js";

export const PIXELS = 784;
export const LATENT_DIM = 2;
export const HEADS = 2 * LATENT_DIM; // two means, then two log-variances
const WIDE = 2; // range of the decoder's first layer at the start: settings.DECODER_INIT_RANGE
const BETA_1 = 0.9;
const BETA_2 = 0.99; // Adam's second moment forgets within a hundred steps: training here is short
const EPSILON = 1e-7; // as in Keras

/**
 * A layer's numbers: product = inputs · kernel + bias, with a kernel of (inputs, columns).
 *
 * @typedef {{
 *   kernel: Float32Array, bias: Float32Array, rows: number, columns: number, matrix: Matrix,
 *   transposed: Matrix
 * }} DenseLayer
 */

/**
 * All parameters in one array, or as much for their gradient, and the layers as windows into it.
 *
 * @typedef {{
 *   all: Float32Array, encoder: Float32Array, decoder: Float32Array, hidden: DenseLayer,
 *   heads: DenseLayer, unfold: DenseLayer, logits: DenseLayer
 * }} Parameters
 */

/**
 * @typedef {{ of: (x: number) => number, derivative: (x: number, y: number) => number }} Activation
 */

/**
 * @typedef {object} Model
 * @property {number} hiddenUnits
 * @property {Activation} activation
 * @property {Parameters} parameters
 * @property {Parameters} gradient of the loss with respect to the parameters
 * @property {Parameters} klGradient the KL term's share of it, where it was asked for
 * @property {{ first: Float32Array, second: Float32Array, steps: number }} moments Adam's
 */

/**
 * What is computed for a batch on the way forward, and its gradients on the way back (d…).
 *
 * @typedef {object} Pass
 * @property {number} room images that fit
 * @property {Float32Array} encoderSums (B, H), before the activation
 * @property {Float32Array} encoderHidden (B, H)
 * @property {Float32Array} heads (B, 4): means in columns 0 and 1, log-variances in 2 and 3
 * @property {Float32Array} z (B, 2)
 * @property {Float32Array} decoderSums (B, H)
 * @property {Float32Array} decoderHidden (B, H)
 * @property {Float32Array} logits (B, 784)
 * @property {Float32Array} dLogits (B, 784)
 * @property {Float32Array} dDecoderSums (B, H)
 * @property {Float32Array} dZ (B, 2)
 * @property {Float32Array} dHeads (B, 4)
 * @property {Float32Array} dEncoderSums (B, H)
 */

/**
 * A batch: what the encoder sees, (B, 784); what the decoder must give back, (B, 784); and the
 * noise, (B, 2).
 *
 * @typedef {{
 *   count: number, inputs: Float32Array, targets: Float32Array, epsilon: Float32Array
 * }} Batch
 */

/** @type {Record<Start["activation"], Activation>} */
const ACTIVATIONS = {
  tanh: { of: Math.tanh, derivative: (_, y) => 1 - y * y },
  relu: { of: (x) => Math.max(x, 0), derivative: (x) => (x > 0 ? 1 : 0) },
  gelu: { of: gelu, derivative: geluDerivative },
};

/** An untrained model. @param {Start} start @returns {Model} */
export function makeModel({ seed, hiddenUnits, activation }) {
  const parameters = makeParameters(hiddenUnits);
  initialise(parameters, activation, makeUniform(seed));
  const count = parameters.all.length;
  return {
    hiddenUnits,
    activation: ACTIVATIONS[activation],
    parameters,
    gradient: makeParameters(hiddenUnits),
    klGradient: makeParameters(hiddenUnits),
    moments: { first: new Float32Array(count), second: new Float32Array(count), steps: 0 },
  };
}

/**
 * A model with parameters of its own, to be filled with another's: what is measured slowly must
 * stand still while that one trains on.
 *
 * @param {Model} model
 * @returns {Model}
 */
export function makeTwin(model) {
  return { ...model, parameters: makeParameters(model.hiddenUnits) };
}

/** @param {number} hiddenUnits @returns {Parameters} */
function makeParameters(hiddenUnits) {
  const encoderCount = countNumbers(PIXELS, hiddenUnits) + countNumbers(hiddenUnits, HEADS);
  const decoderCount = countNumbers(LATENT_DIM, hiddenUnits) + countNumbers(hiddenUnits, PIXELS);
  const all = new Float32Array(encoderCount + decoderCount);
  const encoder = all.subarray(0, encoderCount);
  const decoder = all.subarray(encoderCount);
  return {
    all,
    encoder,
    decoder,
    hidden: makeLayer(encoder, 0, PIXELS, hiddenUnits),
    heads: makeLayer(encoder, countNumbers(PIXELS, hiddenUnits), hiddenUnits, HEADS),
    unfold: makeLayer(decoder, 0, LATENT_DIM, hiddenUnits),
    logits: makeLayer(decoder, countNumbers(LATENT_DIM, hiddenUnits), hiddenUnits, PIXELS),
  };
}

/** Of a layer's kernel and bias together. @param {number} rows @param {number} columns */
function countNumbers(rows, columns) {
  return rows * columns + columns;
}

/**
 * @param {Float32Array} numbers
 * @param {number} start
 * @param {number} rows
 * @param {number} columns
 * @returns {DenseLayer}
 */
function makeLayer(numbers, start, rows, columns) {
  const end = start + rows * columns;
  const kernel = numbers.subarray(start, end);
  const bias = numbers.subarray(end, end + columns);
  const matrix = byRows(kernel, columns);
  return { kernel, bias, rows, columns, matrix, transposed: transpose(matrix) };
}

/**
 * Initial weights as models.build_vae has them: Glorot's range (He's in front of ReLU), biases of
 * zero, and a wide first layer of the decoder (models.decoder_initializers says why).
 *
 * @param {Parameters} parameters
 * @param {Start["activation"]} activation
 * @param {() => number} uniform
 */
function initialise({ hidden, heads, unfold, logits }, activation, uniform) {
  const he = Math.sqrt(6 / PIXELS);
  fill(hidden.kernel, activation === "relu" ? he : glorot(PIXELS, hidden.columns), uniform);
  fill(heads.kernel, glorot(heads.rows, LATENT_DIM), uniform); // as of two layers of two units
  fill(unfold.kernel, WIDE, uniform);
  fill(unfold.bias, WIDE, uniform);
  fill(logits.kernel, glorot(logits.rows, PIXELS), uniform);
}

/** @param {number} inputs @param {number} outputs */
function glorot(inputs, outputs) {
  return Math.sqrt(6 / (inputs + outputs));
}

/**
 * Uniform numbers in (-limit, limit).
 *
 * @param {Float32Array} numbers
 * @param {number} limit
 * @param {() => number} uniform
 */
function fill(numbers, limit, uniform) {
  for (let k = 0; k < numbers.length; k++) numbers[k] = limit * (2 * uniform() - 1);
}

/**
 * Room for the passes of up to so many images.
 *
 * @param {number} room
 * @param {number} hiddenUnits
 * @returns {Pass}
 */
export function makePass(room, hiddenUnits) {
  /** @param {number} columns */
  const rowsOf = (columns) => new Float32Array(room * columns);
  return {
    room,
    encoderSums: rowsOf(hiddenUnits),
    encoderHidden: rowsOf(hiddenUnits),
    heads: rowsOf(HEADS),
    z: rowsOf(LATENT_DIM),
    decoderSums: rowsOf(hiddenUnits),
    decoderHidden: rowsOf(hiddenUnits),
    logits: rowsOf(PIXELS),
    dLogits: rowsOf(PIXELS),
    dDecoderSums: rowsOf(hiddenUnits),
    dZ: rowsOf(LATENT_DIM),
    dHeads: rowsOf(HEADS),
    dEncoderSums: rowsOf(hiddenUnits),
  };
}

/**
 * One step of training: the terms of the loss before it, means over the batch. With splitGradient,
 * model.klGradient holds the KL term's share of the encoder's gradient afterwards.
 *
 * @param {Model} model
 * @param {Pass} pass
 * @param {Batch} batch
 * @param {{ klWeight: number, learningRate: number }} knobs
 * @returns {Terms}
 */
export function trainStep(model, pass, batch, { klWeight, learningRate }, splitGradient = false) {
  const terms = forward(model, pass, batch, klWeight);
  backward(model, pass, batch, klWeight);
  if (splitGradient) backwardKl(model, pass, batch, klWeight);
  adam(model.parameters.all, model.gradient.all, model.moments, learningRate);
  return terms;
}

/**
 * The way forward, from images to the terms of the loss.
 *
 * @param {Model} model
 * @param {Pass} pass
 * @param {Batch} batch
 * @param {number} klWeight
 * @returns {Terms}
 */
export function forward(model, pass, { inputs, count, epsilon, targets }, klWeight) {
  encode(model, pass, inputs, count);
  sampleCodes(pass, epsilon, count);
  decode(model, pass, count);
  return loss(pass, targets, count, klWeight);
}

/**
 * Means and log-variances of images: pass.heads (B, 4).
 *
 * @param {Model} model
 * @param {Pass} pass
 * @param {Float32Array} images (B, 784), in [0, 1]
 * @param {number} count
 */
export function encode({ parameters, activation, hiddenUnits }, pass, images, count) {
  const { hidden, heads } = parameters;
  const pixels = byRows(images, PIXELS);
  multiply(pass.encoderSums, pixels, hidden.matrix, count, PIXELS, hiddenUnits);
  addBias(pass.encoderSums, hidden.bias, count);
  activate(pass.encoderHidden, pass.encoderSums, activation, count * hiddenUnits);
  const inputs = byRows(pass.encoderHidden, hiddenUnits);
  multiply(pass.heads, inputs, heads.matrix, count, hiddenUnits, HEADS);
  addBias(pass.heads, heads.bias, count);
}

/**
 * The reparameterisation: z = mean + standard deviation * epsilon, in pass.z (B, 2).
 *
 * @param {Pass} pass
 * @param {Float32Array} epsilon (B, 2); zeros without noise
 * @param {number} count
 */
export function sampleCodes({ heads, z }, epsilon, count) {
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < LATENT_DIM; d++) {
      const mean = heads[i * HEADS + d];
      const logVar = heads[i * HEADS + LATENT_DIM + d];
      z[i * LATENT_DIM + d] = mean + Math.exp(0.5 * logVar) * epsilon[i * LATENT_DIM + d];
    }
  }
}

/**
 * Logits of the codes in pass.z: pass.logits (B, 784).
 *
 * @param {Model} model
 * @param {Pass} pass
 * @param {number} count
 */
export function decode({ parameters, activation, hiddenUnits }, pass, count) {
  const { unfold, logits } = parameters;
  const codes = byRows(pass.z, LATENT_DIM);
  multiply(pass.decoderSums, codes, unfold.matrix, count, LATENT_DIM, hiddenUnits);
  addBias(pass.decoderSums, unfold.bias, count);
  activate(pass.decoderHidden, pass.decoderSums, activation, count * hiddenUnits);
  const hidden = byRows(pass.decoderHidden, hiddenUnits);
  multiply(pass.logits, hidden, logits.matrix, count, hiddenUnits, PIXELS);
  addBias(pass.logits, logits.bias, count);
}

/** @param {Float32Array} rows @param {Float32Array} bias @param {number} count */
function addBias(rows, bias, count) {
  const columns = bias.length;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < columns; j++) rows[i * columns + j] += bias[j];
  }
}

/**
 * @param {Float32Array} hidden
 * @param {Float32Array} sums
 * @param {Activation} activation
 * @param {number} length
 */
function activate(hidden, sums, { of }, length) {
  for (let k = 0; k < length; k++) hidden[k] = of(sums[k]);
}

/**
 * Both terms in nats per image, means over the batch; and in pass.dLogits (B, 784) the gradient of
 * the reconstruction term.
 *
 * @param {Pass} pass
 * @param {Float32Array} targets (B, 784)
 * @param {number} count
 * @param {number} klWeight
 * @returns {Terms}
 */
export function loss(pass, targets, count, klWeight) {
  const reconstruction = reconstructionLoss(pass, targets, count) / count;
  const kl = klLoss(pass.heads, count) / count;
  return { loss: reconstruction + klWeight * kl, reconstruction, kl };
}

/**
 * Cross-entropy of Bernoulli pixels, a sum over images and pixels, as vae.bernoulliNll; with its
 * gradient, since both need exp(-|logit|).
 *
 * @param {Pass} pass
 * @param {Float32Array} targets
 * @param {number} count
 */
function reconstructionLoss({ logits, dLogits }, targets, count) {
  // a logarithm of a product of so many numbers between 1 and 2 does for all of them
  const LINE = 28;
  let nll = 0;
  for (let start = 0; start < count * PIXELS; start += LINE) {
    let product = 1;
    for (let k = start; k < start + LINE; k++) {
      const logit = logits[k];
      const power = Math.exp(-Math.abs(logit));
      const probability = (logit >= 0 ? 1 : power) / (1 + power); // the sigmoid of the logit
      dLogits[k] = (probability - targets[k]) / count;
      nll += Math.max(logit, 0) - targets[k] * logit;
      product *= 1 + power;
    }
    nll += Math.log(product);
  }
  return nll;
}

/** A sum over images. @param {Float32Array} heads (B, 4) @param {number} count */
function klLoss(heads, count) {
  const posterior = { mean: new Float32Array(LATENT_DIM), logVar: new Float32Array(LATENT_DIM) };
  let kl = 0;
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < LATENT_DIM; d++) {
      posterior.mean[d] = heads[i * HEADS + d];
      posterior.logVar[d] = heads[i * HEADS + LATENT_DIM + d];
    }
    kl += gaussianKl(posterior);
  }
  return kl;
}

/**
 * The way back: model.gradient, of the loss with respect to every parameter.
 *
 * @param {Model} model
 * @param {Pass} pass after forward
 * @param {Batch} batch
 * @param {number} klWeight
 */
export function backward(model, pass, batch, klWeight) {
  backwardDecoder(model, pass, batch.count);
  pass.dHeads.fill(0);
  addKlGradient(pass, batch.count, klWeight);
  addCodeGradient(pass, batch.epsilon, batch.count);
  backwardEncoder(model, model.gradient, pass, batch);
}

/**
 * The KL term's share of the encoder's gradient, in model.klGradient: what is left of the gradient
 * of the heads without the reconstruction term, carried on through the encoder.
 *
 * @param {Model} model
 * @param {Pass} pass after forward
 * @param {Batch} batch
 * @param {number} klWeight
 */
export function backwardKl(model, pass, batch, klWeight) {
  pass.dHeads.fill(0);
  addKlGradient(pass, batch.count, klWeight);
  backwardEncoder(model, model.klGradient, pass, batch);
}

/**
 * From pass.dLogits to the gradients of the decoder's layers and of the codes, pass.dZ (B, 2).
 *
 * @param {Model} model
 * @param {Pass} pass
 * @param {number} count
 */
function backwardDecoder({ parameters, gradient, activation, hiddenUnits }, pass, count) {
  const dLogits = byRows(pass.dLogits, PIXELS);
  const hidden = byRows(pass.decoderHidden, hiddenUnits);
  multiply(gradient.logits.kernel, transpose(hidden), dLogits, hiddenUnits, count, PIXELS);
  sumRows(gradient.logits.bias, pass.dLogits, count);

  const { logits, unfold } = parameters;
  multiply(pass.dDecoderSums, dLogits, logits.transposed, count, PIXELS, hiddenUnits);
  const units = count * hiddenUnits;
  multiplyByDerivative(pass.dDecoderSums, pass.decoderSums, pass.decoderHidden, activation, units);

  const dSums = byRows(pass.dDecoderSums, hiddenUnits);
  const codes = byRows(pass.z, LATENT_DIM);
  multiply(gradient.unfold.kernel, transpose(codes), dSums, LATENT_DIM, count, hiddenUnits);
  sumRows(gradient.unfold.bias, pass.dDecoderSums, count);
  multiply(pass.dZ, dSums, unfold.transposed, count, hiddenUnits, LATENT_DIM);
}

/**
 * Adds to pass.dHeads the gradient of klWeight times the mean KL: with respect to the mean it is
 * the mean, with respect to the log-variance (variance - 1) / 2.
 *
 * @param {Pass} pass
 * @param {number} count
 * @param {number} klWeight
 */
function addKlGradient({ heads, dHeads }, count, klWeight) {
  const weight = klWeight / count;
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < LATENT_DIM; d++) {
      const mean = i * HEADS + d;
      const logVar = mean + LATENT_DIM;
      dHeads[mean] += weight * heads[mean];
      dHeads[logVar] += weight * 0.5 * Math.expm1(heads[logVar]);
    }
  }
}

/**
 * Adds to pass.dHeads the reconstruction term's gradient, which comes through z = mean + exp(logVar
 * / 2) * epsilon.
 *
 * @param {Pass} pass
 * @param {Float32Array} epsilon
 * @param {number} count
 */
function addCodeGradient({ heads, dZ, dHeads }, epsilon, count) {
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < LATENT_DIM; d++) {
      const code = i * LATENT_DIM + d;
      const mean = i * HEADS + d;
      const logVar = mean + LATENT_DIM;
      dHeads[mean] += dZ[code];
      dHeads[logVar] += dZ[code] * 0.5 * Math.exp(0.5 * heads[logVar]) * epsilon[code];
    }
  }
}

/**
 * From pass.dHeads to the gradients of the encoder's layers. The images need none.
 *
 * @param {Model} model
 * @param {Parameters} gradient
 * @param {Pass} pass
 * @param {Batch} batch
 */
function backwardEncoder({ parameters, activation, hiddenUnits }, gradient, pass, batch) {
  const { count } = batch;
  const dHeads = byRows(pass.dHeads, HEADS);
  const hidden = byRows(pass.encoderHidden, hiddenUnits);
  multiply(gradient.heads.kernel, transpose(hidden), dHeads, hiddenUnits, count, HEADS);
  sumRows(gradient.heads.bias, pass.dHeads, count);

  multiply(pass.dEncoderSums, dHeads, parameters.heads.transposed, count, HEADS, hiddenUnits);
  const units = count * hiddenUnits;
  multiplyByDerivative(pass.dEncoderSums, pass.encoderSums, pass.encoderHidden, activation, units);

  const { hidden: first } = gradient;
  const pixels = transpose(byRows(batch.inputs, PIXELS));
  const dSums = byRows(pass.dEncoderSums, hiddenUnits);
  multiply(first.kernel, pixels, dSums, PIXELS, count, hiddenUnits);
  sumRows(first.bias, pass.dEncoderSums, count);
}

/** @param {Float32Array} sums (columns) @param {Float32Array} rows @param {number} count */
function sumRows(sums, rows, count) {
  const columns = sums.length;
  sums.fill(0);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < columns; j++) sums[j] += rows[i * columns + j];
  }
}

/**
 * From the gradient of hidden units to that of their sums.
 *
 * @param {Float32Array} gradient (B, H)
 * @param {Float32Array} sums
 * @param {Float32Array} hidden
 * @param {Activation} activation
 * @param {number} length B times H
 */
function multiplyByDerivative(gradient, sums, hidden, { derivative }, length) {
  for (let k = 0; k < length; k++) gradient[k] *= derivative(sums[k], hidden[k]);
}

/**
 * One step of Adam (Kingma and Ba, 2015), with the same formula as Keras'.
 *
 * @param {Float32Array} parameters
 * @param {Float32Array} gradient
 * @param {{ first: Float32Array, second: Float32Array, steps: number }} moments
 * @param {number} learningRate
 */
export function adam(parameters, gradient, moments, learningRate) {
  moments.steps += 1;
  const { first, second, steps } = moments;
  // both moments start at zero: this makes up for it
  const rate = (learningRate * Math.sqrt(1 - BETA_2 ** steps)) / (1 - BETA_1 ** steps);
  for (let k = 0; k < parameters.length; k++) {
    const slope = gradient[k];
    const mean = BETA_1 * first[k] + (1 - BETA_1) * slope;
    const square = BETA_2 * second[k] + (1 - BETA_2) * slope * slope;
    first[k] = mean;
    second[k] = square;
    parameters[k] -= (rate * mean) / (Math.sqrt(square) + EPSILON);
  }
}
