// @ts-check
// Write a postal code: its pieces are found, framed, read and boxed, and the whole is accepted or
// put aside.
/** @import { LayerShape, Model } from "./types.js" */
/** @import { Reading, ReadPiece, Reader } from "./number_reading.js" */
import { clear, contextOf } from "./canvas.js";
import { box, button, iconButton, liveWords, make, picture, root, slider } from "./dom.js";
import {
  cutWorst,
  describe,
  findProbability,
  judge,
  percent,
  readPiece,
  tellLabels,
} from "./number_reading.js";
import { findPieces } from "./segmentation.js";
import { createSheet } from "./sheet.js";
import { ICONS } from "./svg.js";
import { float32, setter, uint8 } from "./traits.js";
import { unpackWeights } from "./vae.js";

const SIZE = { wide: 800, high: 220 }; // pixels of the sheet
const LINE = 14; // width of the pen

/**
 * @typedef {{
 *   weights: DataView, layers: LayerShape[], encoder_biases: DataView, decoder_biases: DataView,
 *   temperature: number, threshold: number, cut_is_right: number, length: number,
 *   accept_from: number, sheet: DataView, sheet_size: number[], shown: number, reading: object,
 * }} Traits
 */

/** What is on the sheet. @typedef {{ ink: Float32Array, width: number, height: number }} Written */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const reader = readReader(model);
  const length = model.get("length");
  const set = setter(model);
  const verdict = liveWords("vw-verdict");
  const words = make("p", { class: "vw-words" });
  const pictures = createPictures(length);
  const boxes = make("div", { class: "vw-boxes", "aria-hidden": "true" });
  /** @type {Written} */
  let written = { ink: new Float32Array(0), width: 1, height: 1 };
  /** @type {Reading} */
  let reading = { pieces: [], cuts: 0, probability: 0 };

  const show = () => {
    const isAccepted = reading.probability > 0 && reading.probability >= model.get("accept_from");
    verdict.textContent = judge(reading, length, isAccepted);
    words.textContent = describe(reading);
    cut.disabled = reading.pieces.length === 0 || reading.pieces.length >= length;
    showBoxes(boxes, reading.pieces, written);
    pictures.show(reading.pieces);
    set("reading", toPython(reading, isAccepted));
  };
  /** @param {ReadPiece[]} pieces @param {number} cuts */
  const read = (pieces, cuts) => {
    reading = { pieces, cuts, probability: findProbability(pieces, cuts, reader, length) };
    show();
  };
  /** @param {Written} next */
  const readSheet = (next) => {
    written = next;
    const found = findPieces(next.ink, next.width, next.height);
    read(
      found.map((piece) => readPiece(piece, reader)),
      0,
    );
  };
  const cutUntilComplete = () => {
    let { pieces, cuts } = reading;
    while (pieces.length < length) {
      const apart = cutWorst(pieces, reader);
      if (apart === pieces) break;
      pieces = apart;
      cuts += 1;
    }
    read(pieces, cuts);
  };
  const cut = button("Cut touching digits", cutUntilComplete);
  const sheet = createSheet(
    (ink) => {
      set("sheet_size", [SIZE.wide, SIZE.high]);
      set("sheet", new DataView(Uint8Array.from(ink, (value) => Math.round(255 * value)).buffer));
      readSheet({ ink, width: SIZE.wide, height: SIZE.high });
    },
    { ...SIZE, invitation: `Write ${length} digits here` },
  );
  const showFromPython = () => {
    const [width, height] = model.get("sheet_size");
    const raw = uint8(model.get("sheet"));
    if (raw.length !== width * height || raw.length === 0) return;
    const ink = new Float32Array(raw).map((value) => value / 255);
    sheet.showPicture(fitted({ ink, width, height }));
    readSheet({ ink, width, height });
  };
  model.on("change:shown", showFromPython);
  model.on("change:accept_from", show);

  sheet.setWidth(LINE);
  sheet.canvas.after(boxes);
  sheet.root.classList.add("vw-wide");
  const range = { min: 8, max: 24, step: 2, value: LINE };
  const width = slider("Line width", range, sheet.setWidth, (value) => `${value} px`);
  const least = slider(
    "Accept from",
    { min: 0.5, max: 0.99, step: 0.01, value: model.get("accept_from") },
    (value) => set("accept_from", value),
    percent,
  );
  model.on("change:accept_from", () => least.set(model.get("accept_from")));
  el.append(
    root(
      "Postal code pad",
      make("h3", {}, `Write ${length} digits`),
      sheet.root,
      box(
        "vw-line",
        iconButton(ICONS.undo, "Undo", sheet.undo),
        iconButton(ICONS.clear, "Clear", sheet.clear),
        cut,
        width.root,
        least.root,
      ),
      verdict,
      pictures.root,
      words,
    ),
  );
  show();
  if (model.get("shown")) showFromPython();
}

/** @param {Model<Traits>} model @returns {Reader} */
function readReader(model) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const [encoder, decoder] = [model.get("encoder_biases"), model.get("decoder_biases")];
  return {
    models: tellLabels(vae, float32(encoder), float32(decoder)),
    temperature: model.get("temperature"),
    threshold: model.get("threshold"),
    cutIsRight: model.get("cut_is_right"),
  };
}

/** The trait that Python reads. @param {Reading} reading @param {boolean} accepted */
function toPython({ pieces, cuts, probability }, accepted) {
  if (pieces.length === 0) return {};
  return {
    digits: pieces.map((one) => one.digit),
    probabilities: pieces.map((one) => one.probability),
    scores: pieces.map((one) => one.score),
    is_digit: pieces.map((one) => one.isDigit),
    boxes: pieces.map(({ piece }) => [piece.left, piece.top, piece.width, piece.height]),
    cuts,
    probability,
    accepted,
  };
}

/**
 * A box round each piece with its digit, over the sheet.
 *
 * @param {HTMLElement} over
 * @param {ReadPiece[]} pieces
 * @param {Written} written
 */
function showBoxes(over, pieces, written) {
  const toSheet = placeOnSheet(written);
  over.replaceChildren(
    ...pieces.map(({ piece, digit, isDigit }) => {
      const mark = make("div", { class: "vw-box" }, make("b", {}, isDigit ? String(digit) : "?"));
      mark.classList.toggle("vw-no-digit", !isDigit);
      const { left, top, wide, high } = toSheet(piece);
      mark.style.left = `${(100 * left) / SIZE.wide}%`;
      mark.style.top = `${(100 * top) / SIZE.high}%`;
      mark.style.width = `${(100 * wide) / SIZE.wide}%`;
      mark.style.height = `${(100 * high) / SIZE.high}%`;
      return mark;
    }),
  );
}

/**
 * Where a piece of what is written lies on the sheet.
 *
 * @param {{ width: number, height: number }} written
 */
function placeOnSheet({ width, height }) {
  const scale = Math.min(SIZE.wide / width, SIZE.high / height);
  const [right, down] = [(SIZE.wide - scale * width) / 2, (SIZE.high - scale * height) / 2];
  /** @param {{ left: number, top: number, width: number, height: number }} piece */
  return (piece) => ({
    left: right + scale * piece.left,
    top: down + scale * piece.top,
    wide: scale * piece.width,
    high: scale * piece.height,
  });
}

/** What is written as a picture as large as the sheet. @param {Written} written */
function fitted({ ink, width, height }) {
  const small = make("canvas", { width, height });
  const context = contextOf(small);
  const pixels = context.createImageData(width, height);
  ink.forEach((value, k) => {
    pixels.data.fill(255 * (1 - value), 4 * k, 4 * k + 3);
    pixels.data[4 * k + 3] = 255;
  });
  context.putImageData(pixels, 0, 0);
  const large = make("canvas", { width: SIZE.wide, height: SIZE.high });
  const { left, top, wide, high } = placeOnSheet({ width, height })({
    left: 0,
    top: 0,
    width,
    height,
  });
  clear(large).drawImage(small, left, top, wide, high);
  return large;
}

/**
 * The pieces as the model sees them, each with its digit and probability.
 *
 * @param {number} length
 */
function createPictures(length) {
  const row = box("vw-pieces");
  /** @param {ReadPiece[]} pieces */
  const show = (pieces) => {
    row.replaceChildren(
      ...pieces.slice(0, 2 * length).map(({ image, digit, probability, isDigit }, k) => {
        const one = picture(`piece ${k + 1}`);
        const answer = isDigit ? `${digit}: ${percent(probability)}` : "no digit";
        one.show(image, answer, `Piece ${k + 1} as the model sees it: ${answer}`);
        return one.root;
      }),
    );
  };
  return { root: row, show };
}

export default { render };
