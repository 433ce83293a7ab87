// @ts-check
// A trained VAE in the browser: the formulas of vae_lib.formulas and the passes of
// inference.NumpyVAE, with weights that Python packs.
/** @import { Layer, LayerShape, Posterior, Vae } from "./types.js" */

const GELU_CUBIC = 0.044715;
const GELU_SCALE = Math.sqrt(2 / Math.PI);

/**
 * Layers by part ("encoder", "z_mean", "z_log_var", "decoder") from the bytes of pack_weights.
 *
 * @param {DataView} view
 * @param {LayerShape[]} layers
 * @returns {Vae}
 */
export function unpackWeights(view, layers) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let start = 0;
  /** The next bytes, copied: typed arrays want alignment. @param {number} length */
  const take = (length) => {
    const taken = bytes.slice(start, start + length);
    start += length;
    return taken.buffer;
  };
  /** @type {Vae} */
  const parts = {};
  for (const { part, rows, columns, scale } of layers) {
    const count = rows * columns;
    const kernel = scale
      ? scaledBytes(new Int8Array(take(count)), scale)
      : halfFloats(new Uint16Array(take(2 * count)));
    const bias = new Float32Array(take(4 * columns));
    parts[part] ??= [];
    parts[part].push({ kernel, bias, columns });
  }
  return parts;
}

/**
 * Posterior of one image, 784 numbers in [0, 1].
 *
 * @param {Vae} vae
 * @param {Float32Array} image
 * @returns {Posterior}
 */
export function encode(vae, image) {
  let hidden = image;
  for (const layer of vae.encoder) hidden = dense(hidden, layer).map(gelu);
  return { mean: dense(hidden, vae.z_mean[0]), logVar: dense(hidden, vae.z_log_var[0]) };
}

/**
 * Logits of one code's image, 784 numbers.
 *
 * @param {Vae} vae
 * @param {ArrayLike<number>} z
 */
export function decodeLogits(vae, z) {
  const hiddenLayers = vae.decoder.slice(0, -1);
  const lastLayer = vae.decoder[vae.decoder.length - 1];
  let hidden = Float32Array.from(z);
  for (const layer of hiddenLayers) hidden = dense(hidden, layer).map(gelu);
  return dense(hidden, lastLayer);
}

/**
 * Image of one code: 784 probabilities of ink.
 *
 * @param {Vae} vae
 * @param {ArrayLike<number>} z
 */
export function decode(vae, z) {
  return decodeLogits(vae, z).map(sigmoid);
}

/**
 * Both terms of the negative ELBO in nats, reconstruction averaged over the given samples of noise.
 *
 * @param {Vae} vae
 * @param {Float32Array} image
 * @param {Posterior} posterior
 * @param {Float32Array[]} epsilons
 */
export function elboTerms(vae, image, posterior, epsilons) {
  let reconstruction = 0;
  for (const epsilon of epsilons) {
    const logits = decodeLogits(vae, sample(posterior, epsilon));
    reconstruction += bernoulliNll(image, logits) / epsilons.length;
  }
  return { reconstruction, kl: gaussianKl(posterior) };
}

/**
 * KL divergence of the posterior from the prior N(0, 1), in nats.
 *
 * @param {{ mean: ArrayLike<number>, logVar: ArrayLike<number> }} posterior
 */
export function gaussianKl({ mean, logVar }) {
  let kl = 0;
  for (let k = 0; k < mean.length; k++) {
    kl += 0.5 * (mean[k] ** 2 + Math.expm1(logVar[k]) - logVar[k]);
  }
  return kl;
}

/**
 * Cross-entropy of Bernoulli pixels in nats, stable for logits of any size.
 *
 * @param {ArrayLike<number>} image
 * @param {ArrayLike<number>} logits
 */
export function bernoulliNll(image, logits) {
  let nll = 0;
  for (let k = 0; k < logits.length; k++) {
    const softplus = Math.max(logits[k], 0) + Math.log1p(Math.exp(-Math.abs(logits[k])));
    nll += softplus - image[k] * logits[k];
  }
  return nll;
}

/**
 * Entropy of the grey pixels in nats: no decoder's cross-entropy can fall below it.
 *
 * @param {Float32Array} image
 */
export function entropyFloor(image) {
  let floor = 0;
  for (const ink of image) {
    if (ink > 0 && ink < 1) floor -= ink * Math.log(ink) + (1 - ink) * Math.log1p(-ink);
  }
  return floor;
}

/**
 * The reparameterisation: mean + exp(logVar / 2) * epsilon.
 *
 * @param {Posterior} posterior
 * @param {Float32Array} epsilon
 */
export function sample({ mean, logVar }, epsilon) {
  return mean.map((mu, k) => mu + Math.exp(0.5 * logVar[k]) * epsilon[k]);
}

/**
 * A sample z of the posterior, and the noise epsilon that it was computed from; uniform as
 * makeUniform returns.
 *
 * @param {Posterior} posterior
 * @param {() => number} uniform
 */
export function samplePosterior(posterior, uniform) {
  const epsilon = Float32Array.from(posterior.mean, () => normal(uniform));
  return { epsilon, z: sample(posterior, epsilon) };
}

/**
 * Samples of N(0, 1), each of dim numbers; the same seed gives the same.
 *
 * @param {number} count
 * @param {number} dim
 * @param {number} seed
 */
export function normals(count, dim, seed) {
  const uniform = makeUniform(seed);
  const sampleNormal = () => normal(uniform);
  return Array.from({ length: count }, () => Float32Array.from({ length: dim }, sampleNormal));
}

/**
 * A function whose every call gives the next number of a random stream in [0, 1) (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function makeUniform(seed) {
  const state = Int32Array.of(seed);
  return () => {
    state[0] += 0x6d2b79f5;
    let mixed = Math.imul(state[0] ^ (state[0] >>> 15), 1 | state[0]);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A sample of N(0, 1) from two uniform ones (Box-Muller). @param {() => number} uniform */
export function normal(uniform) {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  return radius * Math.cos(2 * Math.PI * uniform());
}

/**
 * The k rows of codes (flat, dim numbers a row) nearest to z, nearest first.
 *
 * @param {Float32Array} codes
 * @param {number} dim
 * @param {ArrayLike<number>} z
 * @returns {{ row: number, distance: number }[]}
 */
export function nearest(codes, dim, z, k = 1) {
  /** @type {{ row: number, square: number }[]} */
  const found = []; // nearest first
  for (let row = 0; row * dim < codes.length; row++) {
    const square = squaredDistance(codes, row * dim, z, dim);
    const isFarther = found.length === k && square >= found[k - 1].square;
    if (isFarther) continue;
    const place = found.findIndex((one) => square < one.square);
    found.splice(place < 0 ? found.length : place, 0, { row, square });
    if (found.length > k) found.pop();
  }
  return found.map(({ row, square }) => ({ row, distance: Math.sqrt(square) }));
}

/**
 * @param {Float32Array} codes
 * @param {number} start of the row in codes
 * @param {ArrayLike<number>} z
 * @param {number} dim
 */
function squaredDistance(codes, start, z, dim) {
  let square = 0;
  for (let d = 0; d < dim; d++) square += (codes[start + d] - z[d]) ** 2;
  return square;
}

/** @param {number} logit */
export function sigmoid(logit) {
  return 1 / (1 + Math.exp(-logit));
}

/** GELU in its tanh form. @param {number} x */
export function gelu(x) {
  return 0.5 * x * (1 + Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x ** 3)));
}

/** Derivative of gelu. @param {number} x */
export function geluDerivative(x) {
  const tanh = Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x ** 3));
  const inner = GELU_SCALE * (1 + 3 * GELU_CUBIC * x ** 2);
  return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh ** 2) * inner;
}

/** @param {Float32Array} x @param {Layer} layer */
function dense(x, { kernel, bias, columns }) {
  const out = Float32Array.from(bias);
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    if (value === 0) continue; // most of an image is paper
    const start = i * columns;
    for (let j = 0; j < columns; j++) out[j] += value * kernel[start + j];
  }
  return out;
}

/** @param {Int8Array} bytes @param {number} scale */
function scaledBytes(bytes, scale) {
  return new Float32Array(bytes).map((value) => value * scale); // four times as fast as from
}

/**
 * IEEE 754 half floats: a sign, five bits of exponent, ten of fraction.
 *
 * @param {Uint16Array} bits
 */
function halfFloats(bits) {
  return new Float32Array(bits).map((half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = (half & 1023) / 1024;
    if (exponent === 0) return sign * 2 ** -14 * fraction;
    return sign * 2 ** (exponent - 15) * (1 + fraction);
  });
}
