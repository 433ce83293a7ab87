// @ts-check
// The training, epoch by epoch: the map, the loss curve with a marker, four reconstructions.
/** @import { Model, Point } from "./types.js" */
import { drawDot, FONT, paint, tracePath } from "./canvas.js";
import { box, digitCanvas, heading, make, nats, root, slider } from "./dom.js";
import { drawTicks, niceTicks, spread } from "./live_curves.js";
import { createMap } from "./map.js";
import { GREY, INK, RULE, TRAINING, VALIDATION } from "./palette.js";
import { linearScale } from "./scale.js";
import { createSharpCanvas } from "./sharp_canvas.js";
import { ICONS, icon } from "./svg.js";
import { float32, imageAt, PIXELS, partAt, setter, uint8 } from "./traits.js";

const MARGIN = { left: 44, right: 92, top: 12, bottom: 42 }; // of the curves; names stand right
const DOT = 5; // pixels, the radius of the dots of the present epoch
const PAUSE = 500; // milliseconds an epoch

/**
 * @typedef {{
 *   codes: DataView, labels: DataView, pictures: DataView, images: DataView,
 *   losses: number[], val_losses: number[], epoch: number,
 * }} Traits
 */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const codes = float32(model.get("codes"));
  const labels = uint8(model.get("labels"));
  const pictures = uint8(model.get("pictures"));
  const curves = { training: model.get("losses"), validation: model.get("val_losses") };
  const epochs = curves.training.length;
  const shown = pictures.length / PIXELS / epochs;
  const map = createMap("Latent space in training");
  const originals = uint8(model.get("images"));
  const real = createRow("original", originals.length / PIXELS);
  const rebuilt = createRow("reconstruction", shown);
  real.show(originals, "");
  const curve = createCurve(curves, () => model.get("epoch"));

  const words = make("p", { class: "vw-words" });

  const draw = () => {
    const epoch = model.get("epoch");
    const spoken = `${labels.length} validation digits after epoch ${epoch}`;
    track.set(epoch);
    map.drawDigits(partAt(codes, epoch - 1, epochs), labels, spoken);
    rebuilt.show(partAt(pictures, epoch - 1, epochs), ` after epoch ${epoch}`);
    curve.draw();
    words.textContent = describeCurves(curves, epoch);
  };
  const set = setter(model);
  /** @param {number} epoch */
  const go = (epoch) => set("epoch", epoch);
  const range = { min: 1, max: epochs, step: 1, value: 1 };
  const track = slider("Epoch", range, go, (epoch) => `${epoch} of ${epochs}`);
  const player = createPlayer(() => {
    const epoch = model.get("epoch");
    if (epoch < epochs) go(epoch + 1);
    return epoch < epochs;
  });
  const play = createPlayButton(() => {
    if (!player.isPlaying() && model.get("epoch") === epochs) go(1);
    player.toggle();
  });
  player.onchange(play.show);
  model.on("change:epoch", draw);
  draw();
  el.append(
    root(
      "Replay of a training",
      box("vw-bar-of-tools", play.root, track.root),
      box(
        "vw-two",
        box("vw-column", heading("Latent space of validation digits"), map.root),
        box(
          "vw-column",
          heading("Loss, in nats per image"),
          curve.root,
          words,
          heading("Four validation digits"),
          box("vw-rows", ...real.roots, ...rebuilt.roots),
        ),
      ),
    ),
  );
  return player.stop;
}

/** @param {() => void} onclick */
function createPlayButton(onclick) {
  const sign = icon(ICONS.play);
  const root = make("button", { type: "button", class: "vw-play", onclick }, sign);
  return {
    root,
    /** @param {boolean} isPlaying */
    show(isPlaying) {
      root.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
      sign.querySelector("path")?.setAttribute("d", isPlaying ? ICONS.pause : ICONS.play);
    },
  };
}

/**
 * A row of pictures with its name before it; nothing if there are none.
 *
 * @param {string} name
 * @param {number} count
 */
function createRow(name, count) {
  const pictures = Array.from({ length: count }, () => digitCanvas({ role: "img" }));
  return {
    roots: count > 0 ? [make("span", {}, name), ...pictures] : [],
    /** @param {Uint8Array} images @param {string} when */
    show(images, when) {
      pictures.forEach((one, k) => {
        paint(one, imageAt(images, k));
        one.setAttribute("aria-label", `${name} ${k + 1}${when}`);
      });
    },
  };
}

/**
 * Calls advance at a steady pace until it returns false.
 *
 * @param {() => boolean} advance
 */
function createPlayer(advance) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** @type {(isPlaying: boolean) => void} */
  let report = () => {};
  const isPlaying = () => timer !== undefined;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    report(false);
  };
  const start = () => {
    timer = setInterval(() => {
      if (!advance()) stop();
    }, PAUSE);
    report(true);
  };
  return {
    isPlaying,
    stop,
    toggle: () => (isPlaying() ? stop() : start()),
    /** @param {(isPlaying: boolean) => void} act */
    onchange(act) {
      report = act;
      report(isPlaying());
    },
  };
}

/** @typedef {{ training: number[], validation: number[] }} Curves */

/**
 * The loss curves, drawn again when their size changes.
 *
 * @param {Curves} curves
 * @param {() => number} epochNow
 */
function createCurve(curves, epochNow) {
  const sharp = createSharpCanvas("Loss curves", "vw-plot", () => draw());
  const draw = () => {
    const context = sharp.begin();
    if (context) drawCurves(context, sharp.size, curves, epochNow());
    sharp.canvas.setAttribute("aria-label", `Loss curves. ${describeCurves(curves, epochNow())}`);
  };
  return { root: sharp.canvas, draw };
}

/** @type {{ name: keyof Curves, dash: number[], color: string }[]} */
const LINES = [
  { name: "training", dash: [], color: TRAINING },
  { name: "validation", dash: [6, 4], color: VALIDATION },
];

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ width: number, height: number }} size
 * @param {Curves} curves
 * @param {number} epoch
 */
function drawCurves(context, { width, height }, curves, epoch) {
  const epochs = curves.validation.length;
  const { low, high } = valuesShown(curves);
  const [left, top] = [MARGIN.left, MARGIN.top];
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const x = linearScale([1, Math.max(2, epochs)], [left + 8, right]);
  const y = linearScale([low, high === low ? low + 1 : high], [bottom - DOT, top + DOT]);
  drawTicks(context, niceTicks(low, high, 4), y, left, right);
  context.fillStyle = RULE;
  context.fillRect(left, bottom, right - left, 1);
  context.fillStyle = INK;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (let tick = 1; tick <= epochs; tick += epochs > 12 ? 5 : 1) {
    context.fillText(String(tick), x(tick), bottom + 6);
  }
  context.fillText("epoch", (left + right) / 2, bottom + 23);
  context.fillStyle = GREY;
  context.fillRect(Math.round(x(epoch)), top, 1, bottom - top);

  context.save();
  context.beginPath();
  context.rect(left, top, right + DOT - left, bottom - top); // what lies above leaves the frame
  context.clip();
  for (const { name, dash, color } of LINES) {
    const points = curves[name].map((value, k) => /** @type {Point} */ ([x(k + 1), y(value)]));
    context.lineWidth = 2.2;
    context.setLineDash(dash);
    context.strokeStyle = color;
    tracePath(context, points);
    context.stroke();
    context.setLineDash([]);
    drawDot(context, points[epoch - 1], DOT, "white");
    drawDot(context, points[epoch - 1], DOT - 1.2, color);
  }
  context.restore();
  drawNames(context, curves, y, right, [top + 8, bottom - 8]);
  if (curves.training[0] > high) {
    context.fillStyle = GREY;
    context.textAlign = "right";
    context.fillText(`↑ epoch 1: training ${nats(curves.training[0])}`, right, top + 8);
  }
}

/**
 * The name of each line, right of its end.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Curves} curves
 * @param {(value: number) => number} y
 * @param {number} right
 * @param {[number, number]} ends between which the names stay
 */
function drawNames(context, curves, y, right, ends) {
  const names = LINES.map(({ name }) => ({ place: y(curves[name][curves[name].length - 1]) }));
  spread(names, 18, ends);
  context.font = `13px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const [k, { name, color }] of LINES.entries()) {
    context.fillStyle = color;
    context.fillRect(right + 6, names[k].place - 1, 9, 2.5);
    context.fillStyle = INK;
    context.fillText(name, right + 19, names[k].place);
  }
}

/**
 * From the least loss to the second of the training: the first is far above the rest.
 *
 * @param {Curves} curves
 */
function valuesShown({ training, validation }) {
  const second = training[Math.min(1, training.length - 1)];
  return { low: Math.min(...training, ...validation), high: Math.max(...validation, second) };
}

/** @param {Curves} curves @param {number} epoch */
function describeCurves({ training, validation }, epoch) {
  return (
    `After epoch ${epoch}: training ${training[epoch - 1].toFixed(1)}, ` +
    `validation ${validation[epoch - 1].toFixed(1)} nats per image.`
  );
}

export default { render };
