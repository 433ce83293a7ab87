// @ts-check
// From data to places and back.

/**
 * A linear map from the domain to the range, which either may run backwards; invert goes back.
 *
 * @param {[number, number]} domain
 * @param {[number, number]} range
 */
export function linearScale([domainStart, domainEnd], [rangeStart, rangeEnd]) {
  const slope = (rangeEnd - rangeStart) / (domainEnd - domainStart);
  /** @param {number} value */
  const scale = (value) => rangeStart + slope * (value - domainStart);
  /** @param {number} place */
  scale.invert = (place) => domainStart + (place - rangeStart) / slope;
  return scale;
}

/** @param {number} value @param {number} low @param {number} high */
export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}
