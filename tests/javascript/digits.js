// @ts-check
// Ten kinds of blots that are as easy to tell apart as digits should be: what the trainer's tests
// use.
import { makeUniform } from "../../vae_lib/widgets/js/vae.js";

/** @param {number} count @param {number} seed */
function makeBlots(count, seed) {
  const uniform = makeUniform(seed);
  const images = new Uint8Array(count * 784);
  const labels = Uint8Array.from({ length: count }, (_, k) => (k * 7) % 10);
  labels.forEach((label, k) => {
    const [top, left] = [3 + 11 * (label % 2), 3 + 4 * Math.floor(label / 2)];
    for (let y = top; y < top + 10; y++) {
      for (let x = left; x < left + 6; x++) {
        if (uniform() < 0.8) images[k * 784 + 28 * y + x] = 100 + Math.floor(156 * uniform());
      }
    }
  });
  return { images, labels };
}

/** Digits as the engine takes them. @param {number} count @param {number} validationCount */
export function makeDigits(count, validationCount) {
  const training = makeBlots(count, 1);
  const validation = makeBlots(validationCount, 2);
  return { ...training, validationImages: validation.images, validationLabels: validation.labels };
}
