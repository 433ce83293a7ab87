// @ts-check
// The training, epoch by epoch: the map, the loss curve with a marker, four reconstructions.
/** @import { Model, Point } from "./types.js" */
import { clear, drawDot, drawLegend, FONT, tracePath } from "./canvas.js";
import { box, button, make, picture, root, slider } from "./dom.js";
import { createMap } from "./map.js";
import { INK, TRAINING, VALIDATION } from "./palette.js";
import { linearScale } from "./scale.js";
import { float32, imageAt, PIXELS, partAt, setter, uint8 } from "./traits.js";

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
  const real = originalPictures(uint8(model.get("images")));
  const rebuilt = Array.from({ length: shown }, (_, k) => picture(`digit ${k + 1}`, 64));
  const curve = make("canvas", { class: "vw-plot", width: 560, height: 300, role: "img" });

  const draw = () => {
    const epoch = model.get("epoch");
    const reconstructions = partAt(pictures, epoch - 1, epochs);
    const spoken = `${labels.length} validation digits after epoch ${epoch}`;
    track.set(epoch);
    map.drawDigits(partAt(codes, epoch - 1, epochs), labels, spoken);
    rebuilt.forEach((one, k) => {
      const words = `reconstruction ${k + 1} after epoch ${epoch}`;
      one.show(imageAt(reconstructions, k), "rebuilt", words);
    });
    drawCurves(curve, curves, epoch);
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
  const play = button("Play", () => {
    if (!player.isPlaying() && model.get("epoch") === epochs) go(1);
    player.toggle();
  });
  player.onchange((isPlaying) => {
    play.textContent = isPlaying ? "Pause" : "Play";
    play.setAttribute("aria-pressed", String(isPlaying));
  });
  model.on("change:epoch", draw);
  draw();
  el.append(
    root(
      "Replay of a training",
      box("vw-line", play, track.root),
      box(
        "vw-row",
        box("vw-grow", map.root),
        box(
          "vw-column",
          curve,
          box("vw-line", ...real.map((one) => one.root)),
          box("vw-line", ...rebuilt.map((one) => one.root)),
        ),
      ),
    ),
  );
  return player.stop;
}

/** @param {Uint8Array} images */
function originalPictures(images) {
  return Array.from({ length: images.length / PIXELS }, (_, k) => {
    const name = `original ${k + 1}`;
    const one = picture(name, 64);
    one.show(imageAt(images, k), "original", name);
    return one;
  });
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

/** @param {HTMLCanvasElement} canvas @param {Curves} curves @param {number} epoch */
function drawCurves(canvas, curves, epoch) {
  const epochs = curves.validation.length;
  const { low, high } = valuesShown(curves);
  const [left, top, right, bottom] = [90, 20, canvas.width - 20, canvas.height - 60];
  const x = linearScale([1, Math.max(2, epochs)], [left, right]);
  const y = linearScale([low, high === low ? low + 1 : high], [bottom, top]);
  /** @param {number[]} values @returns {Point[]} */
  const points = (values) => values.map((value, k) => [x(k + 1), y(Math.min(value, high))]);
  const context = clear(canvas);
  context.font = `22px ${FONT}`;
  context.fillStyle = INK;
  context.fillText(`${Math.round(high)}`, 30, top + 14);
  context.fillText(`${Math.round(low)}`, 30, bottom);
  context.fillText("nats", 30, (top + bottom) / 2 + 6);
  context.fillText(`epoch 1 to ${epochs}`, canvas.width / 2 - 50, canvas.height - 14);

  /** @type {{ name: keyof Curves, dash: number[], color: string, row: number }[]} */
  const lines = [
    { name: "training", dash: [], color: TRAINING, row: 0 },
    { name: "validation", dash: [10, 6], color: VALIDATION, row: 1 },
  ];
  for (const { name, dash, color, row } of lines) {
    context.lineWidth = 4;
    context.setLineDash(dash);
    context.strokeStyle = color;
    tracePath(context, points(curves[name]));
    context.stroke();
    const text = `${name} ${curves[name][epoch - 1].toFixed(1)}`;
    drawLegend(context, { text, color, dash }, canvas.width / 2 - 20, top + 20 + 26 * row);
  }
  drawMarker(context, points(curves.validation)[epoch - 1], [top, bottom]);
  canvas.setAttribute("aria-label", describeCurves(curves, epoch));
}

/** From the least loss to the second of the training: the first is far above the rest. @param {Curves} curves */
function valuesShown({ training, validation }) {
  const second = training[Math.min(1, training.length - 1)];
  return { low: Math.min(...training, ...validation), high: Math.max(...validation, second) };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} point
 * @param {[number, number]} ends of the vertical line through it
 */
function drawMarker(context, point, [top, bottom]) {
  context.lineWidth = 2;
  context.strokeStyle = "black";
  tracePath(context, [
    [point[0], top],
    [point[0], bottom],
  ]);
  context.stroke();
  drawDot(context, point, 8, "black");
}

/** @param {Curves} curves @param {number} epoch */
function describeCurves({ training, validation }, epoch) {
  return (
    `Loss curves; after epoch ${epoch}: training ${training[epoch - 1].toFixed(1)}, ` +
    `validation ${validation[epoch - 1].toFixed(1)} nats per image`
  );
}

export default { render };
