// @ts-check
// Arrow keys as steps in a plane.

/** @type {Map<string, import("./types.js").Point>} */
const DIRECTIONS = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, 1]],
  ["ArrowDown", [0, -1]],
]);

/**
 * The step [right, up] that an arrow key asks for, longer with Shift; null for any other key.
 *
 * @param {{ key: string, shiftKey: boolean }} event
 * @param {number} step
 * @param {number} leap
 * @returns {import("./types.js").Point | null}
 */
export function arrowStep({ key, shiftKey }, step, leap) {
  const direction = DIRECTIONS.get(key);
  if (!direction) return null;
  const length = shiftKey ? leap : step;
  return [length * direction[0], length * direction[1]];
}
