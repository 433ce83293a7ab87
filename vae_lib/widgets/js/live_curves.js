// @ts-check
// The learning curves: loss and reconstruction term above, KL term below, over the images seen.
/** @import { Measured, Terms } from "./live.js" */
import { drawDot, FONT } from "./canvas.js";
import { make, nats } from "./dom.js";
import { DECODER, FAINT, GREY, INK, LATENT, RULE } from "./palette.js";
import { clamp, linearScale } from "./scale.js";
import { createSharpCanvas } from "./sharp_canvas.js";

const NAME = "Learning curves";
const MOST = 400; // measurements and batches that are kept: of more, every second one goes
// share of the images, at the start, whose values may leave the plot at its top
const SETTLED = 0.12;
const MARGIN = { left: 46, right: 136, top: 24, bottom: 40, between: 44 };
const TITLE = 12; // pixels of a panel's title above it
const FEW = 8; // measurements, up to which each has a dot
const FAINTLY = { width: 1, dash: [], opacity: 0.17 };
const SOLID = { width: 2, dash: [], opacity: 1 };
const DASHED = { width: 1.6, dash: [5, 4], opacity: 1 };
const HALF = 16; // pixels, half the height of a name and its value below

/** @typedef {{ name: string, term: keyof Terms, color: string }} Line */

/** On the canvas. @typedef {import("./types.js").Point} Place */

/** The terms of one batch. @typedef {{ images: number, terms: Terms }} Seen */

/** All that is drawn. @typedef {{ points: Measured[], batches: Seen[] }} Data */

/** @typedef {{ title: string, lines: Line[] }} Panel */

/** @type {Panel[]} */
const PANELS = [
  {
    title: "Loss and reconstruction term",
    lines: [
      { name: "loss", term: "loss", color: INK },
      { name: "reconstruction", term: "reconstruction", color: DECODER },
    ],
  },
  { title: "KL term, on a scale of its own", lines: [{ name: "KL", term: "kl", color: LATENT }] },
];

/** @param {() => void} redraw asked for when the size has changed */
export function createCurves(redraw) {
  const sharp = createSharpCanvas(NAME, "vl-curves", redraw);
  /** @type {Measured[]} */
  let points = [];
  /** @type {Seen[]} */
  let batches = [];
  const caption = make("figcaption", {});
  const root = make(
    "figure",
    { class: "vl-panel vl-learning" },
    make("h3", {}, "Learning curves"),
    sharp.canvas,
    caption,
  );
  return {
    root,
    clear() {
      points = [];
      batches = [];
    },
    /** @param {Measured[]} more */
    add(more) {
      points = thin([...points, ...more], MOST);
    },
    /**
     * The terms of the last batch, when so many images were seen.
     *
     * @param {number} images
     * @param {Terms | null} terms
     */
    addBatch(images, terms) {
      if (!terms || images === batches.at(-1)?.images) return;
      batches.push({ images, terms });
      if (batches.length > MOST) batches = thin(batches, MOST);
    },
    draw() {
      const words = captionFor(batches.length > 1);
      if (caption.textContent !== words) caption.textContent = words;
      const context = sharp.begin();
      if (!context) return;
      const { width, height } = sharp.size;
      const right = width - MARGIN.right;
      const most = Math.max(1, points.at(-1)?.images ?? 0, batches.at(-1)?.images ?? 0);
      const x = linearScale([0, most], [MARGIN.left, right]);
      const room = height - MARGIN.top - MARGIN.bottom - MARGIN.between;
      const split = MARGIN.top + 0.64 * room;
      drawPanel(context, { points, batches }, PANELS[0], x, [MARGIN.top, split]);
      const bottom = height - MARGIN.bottom;
      drawPanel(context, { points, batches }, PANELS[1], x, [split + MARGIN.between, bottom]);
      drawImagesAxis(context, x, bottom);
    },
    /** @param {string} words for a screen reader, if there are any */
    describe(words) {
      sharp.canvas.setAttribute("aria-label", words ? `${NAME}: ${words}` : NAME);
    },
    close: sharp.close,
  };
}

/**
 * What the lines are; a view that is opened later has seen no batches.
 *
 * @param {boolean} hasBatches
 */
function captionFor(hasBatches) {
  const training = hasBatches
    ? "Faint: single training batches; solid: their mean since the last measurement"
    : "Solid: training batches, their mean since the last measurement";
  return `In nats per image. ${training}; dashed: validation, whose last value stands beside each line.`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Data} data
 * @param {Panel} panel
 * @param {ReturnType<typeof linearScale>} x
 * @param {[number, number]} ends top and bottom
 */
function drawPanel(context, data, { title, lines }, x, [top, bottom]) {
  const { points, batches } = data;
  const [left, end] = [x(0), widthOf(context) - MARGIN.right];
  const range = valuesShown(data, lines);
  const isEmpty = points.length + batches.length === 0;
  const ticks = isEmpty ? [] : niceTicks(...range, 4);
  const y = linearScale(range, [bottom, top]);
  const drawn = [...points.map(({ training }) => training), ...batches.map(({ terms }) => terms)];
  const isCut = drawn.some((terms) => lines.some(({ term }) => terms[term] > range[1]));
  drawTitle(context, title, isCut, left, end, top);
  drawTicks(context, ticks, y, left, end);
  context.strokeStyle = RULE;
  context.strokeRect(left + 0.5, Math.round(top) + 0.5, end - left, Math.round(bottom - top));
  context.save();
  context.beginPath();
  context.rect(left, top, end - left + 2, bottom - top);
  context.clip();
  for (const { term, color } of lines) {
    /** @param {Measured} point @param {"training" | "validation"} part @returns {Place} */
    const place = (point, part) => [x(point.images), y(point[part][term])];
    const single = batches.map(
      ({ images, terms }) => /** @type {Place} */ ([x(images), y(terms[term])]),
    );
    drawLine(context, single, color, FAINTLY);
    const [training, validation] = /** @type {const} */ (["training", "validation"]).map((part) =>
      points.map((point) => place(point, part)),
    );
    drawLine(context, training, color, SOLID);
    drawLine(context, validation, color, DASHED);
    if (points.length <= FEW) drawDots(context, [...training, ...validation], color);
  }
  context.restore();
  drawNamesOfLines(context, points, lines, y, end, [top, bottom]);
}

/**
 * What a panel shows, and that its first values lie above it, if they do.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} title
 * @param {boolean} isCut
 * @param {number} left
 * @param {number} end
 * @param {number} top
 */
function drawTitle(context, title, isCut, left, end, top) {
  context.font = `600 12px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = INK;
  context.fillText(title, left, top - TITLE);
  if (!isCut) return;
  const room = end - left - context.measureText(title).width;
  context.font = `12px ${FONT}`;
  context.textAlign = "right";
  context.fillStyle = GREY;
  const words = "↑ the start lies higher";
  if (room > context.measureText(words).width + 12) context.fillText(words, end, top - TITLE);
}

/**
 * Every second one of too many, the last one among them.
 *
 * @template T
 * @param {T[]} list
 * @param {number} most
 * @returns {T[]}
 */
export function thin(list, most) {
  if (list.length <= most) return list;
  const rest = (list.length - 1) % 2;
  return thin(
    list.filter((_, k) => k % 2 === rest),
    most,
  );
}

/** In pixels of the page. @param {CanvasRenderingContext2D} context */
function widthOf(context) {
  return context.canvas.width / context.getTransform().a;
}

/**
 * From the least value to the largest, but for the first few: these are far above the rest.
 *
 * @param {Data} data
 * @param {Line[]} lines
 * @returns {[number, number]}
 */
export function valuesShown({ points, batches }, lines) {
  const seen = [
    ...points.flatMap(({ images, training, validation }) => [
      { images, terms: training },
      { images, terms: validation },
    ]),
    ...batches,
  ];
  const start = SETTLED * Math.max(0, ...seen.map(({ images }) => images));
  const values = seen
    .filter(({ images }) => images >= start)
    .flatMap(({ terms }) => lines.map(({ term }) => terms[term]))
    .filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.06 * (high - low), 0.02 * Math.abs(high), 0.05);
  return [Math.max(0, low - room), high + room];
}

/**
 * About so many round numbers from low to high.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function niceTicks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + 1e-9 * step; tick += step) {
    ticks.push(Number(tick.toPrecision(12)));
  }
  return ticks;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} ticks
 * @param {(value: number) => number} y
 * @param {number} left
 * @param {number} right
 */
export function drawTicks(context, ticks, y, left, right) {
  context.font = `12px ${FONT}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  for (const tick of ticks) {
    context.fillStyle = INK;
    context.fillText(tick >= 1e5 ? nats(tick, 0) : String(tick), left - 7, y(tick));
    context.fillStyle = FAINT;
    context.fillRect(left, Math.round(y(tick)), right - left, 1);
  }
}

/**
 * A line through places; one that is no number leaves a gap.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Place[]} places
 * @param {string} color
 * @param {{ width: number, dash: number[], opacity: number }} style
 */
function drawLine(context, places, color, { width, dash, opacity }) {
  context.beginPath();
  let isDown = false;
  for (const [x, y] of places) {
    const isKnown = Number.isFinite(y);
    if (isKnown && isDown) context.lineTo(x, y);
    else if (isKnown) context.moveTo(x, y);
    isDown = isKnown;
  }
  context.globalAlpha = opacity;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Place[]} places @param {string} color */
function drawDots(context, places, color) {
  for (const place of places) if (Number.isFinite(place[1])) drawDot(context, place, 2.5, color);
}

/**
 * Each line's name at its end, with its last value; two names keep their distance.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Measured[]} points
 * @param {Line[]} lines
 * @param {(value: number) => number} y
 * @param {number} end of the lines
 * @param {[number, number]} ends top and bottom of the panel
 */
function drawNamesOfLines(context, points, lines, y, end, [top, bottom]) {
  const last = points.at(-1)?.validation;
  const names = lines.map(({ name, term, color }) => {
    const value = last?.[term];
    const isKnown = value !== undefined && Number.isFinite(value);
    const place = isKnown ? y(value) : (top + bottom) / 2;
    return { rows: isKnown ? [name, `validation ${nats(value)}`] : [name], color, place };
  });
  spread(names, 2 * HALF + 1, [top + HALF, bottom - HALF]);
  context.font = `12px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { rows, color, place } of names) {
    context.fillStyle = color;
    context.fillRect(end + 5, place - 1, 9, 2.5);
    context.fillStyle = INK;
    rows.forEach((row, k) => {
      context.fillText(row, end + 18, place + 15 * (k - (rows.length - 1) / 2));
    });
  }
}

/**
 * Moves places on a line apart, in the order that they have.
 *
 * @param {{ place: number }[]} names
 * @param {number} distance
 * @param {[number, number]} ends
 */
export function spread(names, distance, [top, bottom]) {
  for (const name of names) name.place = clamp(name.place, top, bottom);
  if (names.length < 2) return;
  const [upper, lower] =
    names[0].place <= names[1].place ? [names[0], names[1]] : [names[1], names[0]];
  const missing = distance - (lower.place - upper.place);
  if (missing <= 0) return;
  lower.place = Math.min(bottom, lower.place + missing / 2);
  upper.place = lower.place - distance;
  if (upper.place < top) {
    upper.place = top;
    lower.place = top + distance;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ReturnType<typeof linearScale>} x
 * @param {number} bottom
 */
function drawImagesAxis(context, x, bottom) {
  const right = widthOf(context) - MARGIN.right;
  context.fillStyle = INK;
  context.fillRect(MARGIN.left, bottom, right - MARGIN.left, 1);
  context.font = `12px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const most = x.invert(right);
  const ticks = most > 1 ? niceTicks(0, most, 4) : [0];
  for (const tick of ticks) context.fillText(short(tick), x(tick), bottom + 6);
  context.fillText("images seen", (MARGIN.left + right) / 2, bottom + 22);
}

/** 12,000 as 12k. @param {number} count */
function short(count) {
  if (count >= 1e6) return `${count / 1e6}M`;
  return count >= 1000 ? `${count / 1000}k` : String(count);
}
