// @ts-check
// How far out a place is under the prior.

/**
 * A sentence with the share of the prior's samples that lie farther out: exp(-r²/2) in two
 * dimensions.
 *
 * @param {ArrayLike<number>} z
 */
export function describeRarity(z) {
  const beyond = Math.exp(-(z[0] ** 2 + z[1] ** 2) / 2);
  if (beyond > 0.995) return "The middle: all samples from the prior lie farther out.";
  if (beyond >= 0.01) {
    return `${Math.round(100 * beyond)} of 100 samples from the prior lie farther out.`;
  }
  const one = Math.round(1 / beyond).toLocaleString("en");
  return `Only 1 in ${one} samples from the prior lies farther out.`;
}
