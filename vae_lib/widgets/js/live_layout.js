// @ts-check
// Where the parts of the live schematic lie, in pixels of the page: images, encoder, the two
// parameters of q, z, decoder and reconstructions from left to right, a row a digit.
import { clamp } from "./scale.js";

/** A column of the drawing. @typedef {{ left: number, right: number }} Column */

/** A place for words and controls; the height is their own. @typedef {{ left: number, top: number, width: number }} Dock */

/** @typedef {"images" | "encoder" | "q" | "z" | "decoder" | "reconstructions"} ColumnName */

/**
 * @typedef {{
 *   isWide: boolean,
 *   isLarge: boolean,
 *   width: number,
 *   height: number,
 *   side: number,
 *   pitch: number,
 *   top: number,
 *   bottom: number,
 *   rows: number[],
 *   columns: Record<ColumnName, Column>,
 *   noise: { x: number, y: number, radius: number },
 *   docks: Record<string, Dock>,
 *   cards: { top: number, height: number },
 * }} Layout
 */

const WIDE = 700; // pixels from which controls stand in the drawing; else they stand below it
const NARROW = 0.56; // a funnel's low side, as a share of its tall one
const LARGE = 900; // pixels from which all is a little larger
const ROOMY = 1000; // pixels from which a knob of a term fits beside its name
const CARDS = { large: 128, small: 180 }; // height of the terms of the loss
const NARROWEST = 152; // of these terms
const UNDER = 58; // between the rows and the terms of the loss

/**
 * @param {number} width
 * @param {number} count of the rows
 * @returns {Layout}
 */
export function layoutSchematic(width, count) {
  const isWide = width >= WIDE;
  const measures = isWide ? measureWide(width) : measureCompact(width);
  const { side, pitch, top, q, gap, margin } = measures;
  const funnel = (width - 2 * margin - 3 * side - q - 5 * gap) / 2;
  const columns = placeColumns(margin, gap, [side, funnel, q, side, funnel, side]);
  const bottom = top + count * pitch;
  const z = (columns.z.left + columns.z.right) / 2;
  const cards = { top: bottom + UNDER, height: width >= ROOMY ? CARDS.large : CARDS.small };
  return {
    isWide,
    isLarge: width >= LARGE,
    width,
    height: isWide ? cards.top + cards.height + 26 : bottom + 26,
    side,
    pitch,
    top,
    bottom,
    rows: Array.from({ length: count }, (_, row) => top + (row + 0.5) * pitch),
    columns,
    noise: { x: z, y: isWide ? 36 : 20, radius: isWide ? 18 : 13 },
    docks: isWide ? placeDocks(width, columns, top, bottom) : {},
    cards,
  };
}

/** @param {number} width */
function measureWide(width) {
  const isLarge = width >= LARGE;
  return {
    side: isLarge ? 48 : 42,
    pitch: isLarge ? 55 : 50,
    top: 122,
    q: isLarge ? 140 : 112,
    gap: clamp(0.042 * width, 24, 46),
    margin: 10,
  };
}

/** @param {number} width */
function measureCompact(width) {
  const side = clamp(0.105 * width, 30, 46);
  return {
    side,
    pitch: side + 8,
    top: 84,
    q: clamp(0.17 * width, 50, 110),
    gap: clamp(0.028 * width, 9, 20),
    margin: 2,
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
 * @returns {Record<string, Dock>}
 */
function placeDocks(width, { images, encoder, q, z, decoder }, top, bottom) {
  const isLarge = width >= LARGE;
  const cards = bottom + UNDER;
  const sign = 34; // between two cards
  const left = images.right + 18; // right of the line that leads down from the images
  const kl = Math.min(250, 0.255 * width);
  const least = left + NARROWEST + sign; // the loss needs so much; the KL term moves right for it
  const klLeft = Math.max((q.left + q.right - kl) / 2, least);
  const right = klLeft + kl + sign;
  const loss = { left, top: cards, width: klLeft - sign - left };
  /** @param {Column} funnel */
  const inside = (funnel) => {
    const room = 0.74 * (funnel.right - funnel.left);
    const center = (funnel.left + funnel.right) / 2;
    return { left: center - room / 2, top: (top + bottom) / 2, width: room };
  };
  return {
    images: { left: images.left, top: 14, width: Math.min(230, q.left - 20 - images.left) },
    encoder: inside(encoder),
    noise: { left: z.right + 2, top: 14, width: Math.min(210, 0.21 * width) },
    decoder: inside(decoder),
    reconstructions: {
      left: width - 8 - 0.26 * width,
      top: isLarge ? 14 : 56,
      width: 0.26 * width,
    },
    loss,
    kl: { left: klLeft, top: cards, width: kl },
    reconstruction: { left: right, top: cards, width: width - 8 - right },
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
