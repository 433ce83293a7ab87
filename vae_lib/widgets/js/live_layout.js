// @ts-check
// Where the parts of the live schematic lie, in pixels of the page: images, encoder, the two
// parameters of q, z, decoder and reconstructions from left to right, a row a digit; the loss below
// them, from left to right as a sum; and the training loop from the loss back over the top.
import { clamp } from "./scale.js";

/** A column of the drawing. @typedef {{ left: number, right: number }} Column */

/**
 * A place for words and numbers; the height is their own.
 *
 * @typedef {{ left: number, top: number, width: number }} Dock
 */

/** @typedef {"images" | "encoder" | "q" | "z" | "decoder" | "reconstructions"} ColumnName */

/**
 * @typedef {{
 *   isWide: boolean,
 *   isRoomy: boolean,
 *   width: number,
 *   height: number,
 *   side: number,
 *   pitch: number,
 *   top: number,
 *   bottom: number,
 *   rows: number[],
 *   columns: Record<ColumnName, Column>,
 *   noise: { x: number, y: number, radius: number },
 *   loop: { x: number, y: number, start: number, encoder: number, decoder: number },
 *   docks: Record<string, Dock>,
 *   cards: { top: number, height: number },
 * }} Layout
 */

const WIDE = 680; // pixels from which the loss stands in the drawing; else it stands below it
const NARROW = 0.56; // a funnel's low side, as a share of its tall one
const ROOMY = 760; // pixels from which symbols have words beside them
const LARGE = 820; // and thumbnails are larger
const ENTRY = 0.5; // where the training loop meets a funnel, as a share of its width
const LOOP = 14; // pixels below the top, where the training loop runs
const CARD = 84; // height of a term of the loss
const UNDER = 52; // between the rows and the loss
const SIGN = 24; // between two parts of the sum

/**
 * @param {number} width
 * @param {number} count of the rows
 * @returns {Layout}
 */
export function layoutSchematic(width, count) {
  const isWide = width >= WIDE;
  const measures = isWide ? measureWide(width, count) : measureCompact(width);
  const { side, pitch, top, q, gap, left, right } = measures;
  const funnel = (width - left - right - 3 * side - q - 5 * gap) / 2;
  const columns = placeColumns(left, gap, [side, funnel, q, side, funnel, side]);
  const bottom = top + count * pitch;
  const cards = { top: bottom + UNDER, height: CARD };
  const height = isWide ? cards.top + CARD + 20 : bottom + 50;
  const noise = { x: center(columns.z), y: isWide ? 44 : 38, radius: isWide ? 16 : 13 };
  return {
    isWide,
    isRoomy: width >= ROOMY,
    width,
    height,
    side,
    pitch,
    top,
    bottom,
    rows: Array.from({ length: count }, (_, row) => top + (row + 0.5) * pitch),
    columns,
    noise,
    loop: {
      x: width - (isWide ? 8 : 3),
      y: isWide ? LOOP : 8,
      start: isWide ? cards.top + CARD / 2 : height,
      ...placeEntries(columns),
    },
    docks: isWide ? placeDocks(width, columns, top, bottom, cards.top) : {},
    cards,
  };
}

/** @param {Column} column */
export function center({ left, right }) {
  return (left + right) / 2;
}

/** Where the training loop leads into the networks. @param {Record<ColumnName, Column>} columns */
function placeEntries({ encoder, decoder }) {
  const far = ENTRY * (encoder.right - encoder.left);
  return { encoder: encoder.left + far, decoder: decoder.right - far };
}

/**
 * Of a thumbnail: three rows leave room for the map below them, five for a low screen.
 *
 * @param {number} width
 * @param {number} count of the rows
 */
function sideOf(width, count) {
  if (count < 4) return 44;
  return width >= LARGE ? 50 : 45;
}

/** @param {number} width @param {number} count of the rows */
function measureWide(width, count) {
  const side = sideOf(width, count);
  return {
    side,
    pitch: side + 6,
    top: 94,
    q: clamp(0.24 * width, 164, 240),
    gap: clamp(0.034 * width, 24, 40),
    left: 8,
    right: 34,
  };
}

/** @param {number} width */
function measureCompact(width) {
  const side = clamp(0.112 * width, 32, 56);
  return {
    side,
    pitch: side + 8,
    top: 100,
    q: clamp(0.25 * width, 70, 170),
    gap: clamp(0.028 * width, 9, 20),
    left: 2,
    right: 10,
  };
}

/**
 * @param {number} start
 * @param {number} gap
 * @param {number[]} widths
 * @returns {Record<ColumnName, Column>}
 */
function placeColumns(start, gap, widths) {
  let left = start;
  const columns = widths.map((width) => {
    const column = { left, right: left + width };
    left += width + gap;
    return column;
  });
  const [images, encoder, q, z, decoder, reconstructions] = columns;
  return { images, encoder, q, z, decoder, reconstructions };
}

/**
 * @param {number} width
 * @param {Record<ColumnName, Column>} columns
 * @param {number} top of the rows
 * @param {number} bottom of the rows
 * @param {number} sum top of the loss
 * @returns {Record<string, Dock>}
 */
function placeDocks(width, { images, encoder, decoder }, top, bottom, sum) {
  /** @param {Column} funnel */
  const inside = (funnel) => {
    const room = 0.9 * (funnel.right - funnel.left);
    return { left: center(funnel) - room / 2, top: (top + bottom) / 2, width: room };
  };
  return {
    encoder: inside(encoder),
    decoder: inside(decoder),
    ...placeSum(center(images) + 14, width - 22, sum),
  };
}

/**
 * KL weight × KL term + reconstruction term = loss.
 *
 * @param {number} left
 * @param {number} right
 * @param {number} top
 */
function placeSum(left, right, top) {
  const weight = clamp(0.1 * right, 68, 92);
  const loss = clamp(0.19 * right, 138, 190);
  const term = (right - left - weight - loss - 3 * SIGN) / 2;
  const kl = left + weight + SIGN;
  const reconstruction = kl + term + SIGN;
  return {
    weight: { left, top, width: weight },
    kl: { left: kl, top, width: term },
    reconstruction: { left: reconstruction, top, width: term },
    loss: { left: right - loss, top, width: loss },
  };
}

/**
 * Where the low side of a funnel has what its tall side has at y.
 *
 * @param {Layout} layout
 * @param {number} y
 */
export function narrowed({ top, bottom }, y) {
  const middle = (top + bottom) / 2;
  return middle + NARROW * (y - middle);
}

/**
 * The corners of a funnel, for an SVG polygon.
 *
 * @param {Layout} layout
 * @param {Column} column
 * @param {"narrowing" | "widening"} shape
 */
export function funnelCorners(layout, { left, right }, shape) {
  const tall = [layout.top, layout.bottom];
  const low = tall.map((y) => narrowed(layout, y));
  const [first, second] = shape === "narrowing" ? [tall, low] : [low, tall];
  return `${left},${first[0]} ${right},${second[0]} ${right},${second[1]} ${left},${first[1]}`;
}

/**
 * The training loop: from the loss up, back over the top, and down to the upper edges of decoder and
 * encoder.
 *
 * @param {Layout} layout
 */
export function loopPaths(layout) {
  const { loop, docks, top, isWide } = layout;
  const { x, y, start, encoder, decoder } = loop;
  const round = isWide ? 10 : 6;
  const edge = top + ENTRY * (narrowed(layout, top) - top) - 4;
  const out = isWide ? `M${docks.loss.left + docks.loss.width + 2} ${start}H${x - round}` : "";
  const corner = isWide ? `q${round} 0 ${round} ${-round}` : `M${x} ${start}`;
  const back = `V${y + round}q0 ${-round} ${-round} ${-round}`;
  return {
    trunk: `${out}${corner}${back}H${decoder}`,
    toDecoder: `M${decoder} ${y}V${edge}`,
    toEncoder: `M${decoder} ${y}H${encoder + round}q${-round} 0 ${-round} ${round}V${edge}`,
  };
}
