// A trained VAE in the browser: the same sums as inference.NumpyVAE, from weights that Python packs.

/** Layers by part ("encoder", "z_mean", "z_log_var", "decoder") from the bytes of shared.pack_weights. */
export function unpackWeights(view, layers) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let at = 0;
  const take = (length) => bytes.slice(at, (at += length)).buffer; // a copy: typed arrays want alignment
  const parts = {};
  for (const { part, rows, columns, scale } of layers) {
    const kernel = scale
      ? new Float32Array(new Int8Array(take(rows * columns))).map((value) => value * scale)
      : halves(new Uint16Array(take(2 * rows * columns)));
    (parts[part] ??= []).push({ kernel, bias: new Float32Array(take(4 * columns)), columns });
  }
  return parts;
}

/** Posterior of one image, 784 numbers in [0, 1]: { mean, logVar }. */
export function encode(vae, image) {
  const hidden = vae.encoder.reduce((x, layer) => dense(x, layer).map(gelu), image);
  return { mean: dense(hidden, vae.z_mean[0]), logVar: dense(hidden, vae.z_log_var[0]) };
}

/** Image of one code: 784 probabilities of ink. */
export function decode(vae, z) {
  return decodeLogits(vae, z).map((logit) => 1 / (1 + Math.exp(-logit)));
}

/** Both terms of the negative ELBO in nats, reconstruction averaged over the samples that epsilons gives. */
export function elboTerms(vae, image, { mean, logVar }, epsilons) {
  let reconstruction = 0;
  for (const epsilon of epsilons) {
    const logits = decodeLogits(vae, sample({ mean, logVar }, epsilon));
    logits.forEach((logit, k) => {
      reconstruction += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - image[k] * logit;
    });
  }
  let kl = 0;
  mean.forEach((mu, k) => (kl += 0.5 * (mu * mu + Math.exp(logVar[k]) - 1 - logVar[k])));
  return { reconstruction: reconstruction / epsilons.length, kl };
}

/** The reparameterisation: mean + exp(logVar / 2) * epsilon. */
export function sample({ mean, logVar }, epsilon) {
  return mean.map((mu, k) => mu + Math.exp(0.5 * logVar[k]) * epsilon[k]);
}

/** count draws of N(0, 1) in dim dimensions; the same seed gives the same draws (mulberry32, Box-Muller). */
export function normals(count, dim, seed) {
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const one = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: count }, () => Float32Array.from({ length: dim }, one));
}

/** Indices of the k rows of codes (flat, dim numbers a row) nearest to z, and their distances. */
export function nearest(codes, dim, z, k = 1) {
  const found = [];
  for (let row = 0; row * dim < codes.length; row++) {
    let distance = 0;
    for (let d = 0; d < dim; d++) distance += (codes[row * dim + d] - z[d]) ** 2;
    if (found.length === k && distance >= found[k - 1].distance) continue;
    let place = found.length;
    while (place > 0 && found[place - 1].distance > distance) place--;
    found.splice(place, 0, { row, distance });
    if (found.length > k) found.pop();
  }
  return found.map(({ row, distance }) => ({ row, distance: Math.sqrt(distance) }));
}

function decodeLogits(vae, z) {
  const last = vae.decoder.length - 1;
  return vae.decoder.reduce((x, layer, k) => (k < last ? dense(x, layer).map(gelu) : dense(x, layer)), z);
}

function dense(x, { kernel, bias, columns }) {
  const out = Float32Array.from(bias);
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    if (value === 0) continue; // most of an image is paper
    for (let j = 0, k = i * columns; j < columns; j++, k++) out[j] += value * kernel[k];
  }
  return out;
}

function gelu(x) {
  return 0.5 * x * (1 + Math.tanh(0.7978845608 * (x + 0.044715 * x * x * x)));
}

function halves(bits) {
  return Float32Array.from(bits, (half) => {
    const exponent = (half >> 10) & 31, fraction = half & 1023;
    const size = exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : (2 ** -14 * fraction) / 1024;
    return half & 32768 ? -size : size;
  });
}
