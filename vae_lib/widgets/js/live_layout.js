// @ts-check
// Where the parts of the live schematic lie, in pixels of the page: images, encoder, the two
// parameters of q, z, decoder and reconstructions from left to right, a row a digit; the loss below
// them, from left to right as a sum; and the training loop from the loss back over the top.
import { clamp } from "./scale.js";

/** A column of the drawing. @typedef {{ left: number, right: number }} Column */

/** A place for words and controls; the height is their own. @typedef {{ left: number, top: number, width: number }} Dock */

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

const WIDE = 680; // pixels from which controls stand in the drawing; else they stand below it
const NARROW = 0.56; // a funnel's low side, as a share of its tall one
const ROOMY = 820; // pixels from which all is a little larger
const ENTRY = 0.4; // where the training loop meets a funnel, as a share of its width from the tall side
const LOOP = 32; // pixels below the top, where the training loop runs and its knobs stand
const CARD = 84; // height of a term of the loss
const UNDER = { roomy: 66, small: 84 }; // between the rows and the loss, for the networks' knobs
const SIGN = 22; // between two parts of the sum
const KNOB = 46; // height of a knob: its name, and its control below

/**
 * @param {number} width
 * @param {number} count of the rows
 * @returns {Layout}
 */
export function layoutSchematic(width, count) {
  const isWide = width >= WIDE;
  const measures = isWide ? measureWide(width, count) : measureCompact(width);
  const { side, pitch, top, q, gap, left, right, under } = measures;
  const funnel = (width - left - right - 3 * side - q - 5 * gap) / 2;
  const columns = placeColumns(left, gap, [side, funnel, q, side, funnel, side]);
  const bottom = top + count * pitch;
  const cards = { top: bottom + under, height: CARD };
  const height = isWide ? cards.top + CARD + 20 : bottom + 50;
  const noise = { x: center(columns.z), y: isWide ? 74 : 36, radius: isWide ? 16 : 12 };
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
    docks: isWide ? placeDocks(width, columns, top, bottom, noise.y, cards.top) : {},
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

/** @param {number} width @param {number} count of the rows */
function measureWide(width, count) {
  const isRoomy = width >= ROOMY;
  const side = isRoomy || count < 4 ? 40 : 36;
  return {
    side,
    pitch: side + 6,
    top: 118,
    q: clamp(0.14 * width, 104, 140),
    gap: clamp(0.038 * width, 24, 46),
    left: 8,
    right: 34,
    under: isRoomy ? UNDER.roomy : UNDER.small,
  };
}

/** @param {number} width */
function measureCompact(width) {
  const side = clamp(0.105 * width, 30, 46);
  return {
    side,
    pitch: side + 8,
    top: 96,
    q: clamp(0.17 * width, 50, 110),
    gap: clamp(0.028 * width, 9, 20),
    left: 2,
    right: 10,
    under: 0,
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
 * @param {number} noise middle of its circle
 * @param {number} sum top of the loss
 * @returns {Record<string, Dock>}
 */
function placeDocks(width, columns, top, bottom, noise, sum) {
  const { images, encoder, q, z, decoder } = columns;
  /** @param {Column} funnel */
  const inside = (funnel) => {
    const room = 0.8 * (funnel.right - funnel.left);
    return { left: center(funnel) - room / 2, top: (top + bottom) / 2, width: room };
  };
  const entries = placeEntries(columns);
  const arrow = entries.decoder;
  return {
    images: { left: images.left, top: 0, width: Math.min(132, entries.encoder - 24) },
    encoder: inside(encoder),
    network: { left: images.right + 10, top: bottom + 8, width: q.left - 12 - images.right },
    noise: { left: z.right + 8, top: noise - LOOP, width: arrow - z.right - 12 },
    decoder: inside(decoder),
    rate: { left: q.left, top: 0, width: z.right - q.left },
    gradients: { left: arrow + 20, top: 0, width: width - arrow - 42 },
    ...placeSum(images.right + 10, width - 22, sum),
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
  const weight = clamp(0.115 * right, 92, 110);
  const loss = clamp(0.19 * right, 138, 190);
  const term = (right - left - weight - loss - 3 * SIGN) / 2;
  const kl = left + weight + SIGN;
  const reconstruction = kl + term + SIGN;
  return {
    weight: { left, top: top + (CARD - KNOB) / 2, width: weight },
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
