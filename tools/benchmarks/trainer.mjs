// @ts-check
// The page's engine as a page uses it, for a minute at its default knobs: how fast it trains, and
// how many validation codes are classified correctly after 30 and 60 seconds. In Node; a view that
// draws each frame 16 milliseconds later stands for the browser.
// Usage: node tools/benchmarks/trainer.mjs FOLDER, with images, labels, validationImages and
// validationLabels in it, raw bytes each. It prints one line of JSON; tools/benchmarks/trainer.py
// reads it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileTile } from "../../vae_lib/widgets/js/compile_tile.js";
import { FastProducts } from "../../vae_lib/widgets/js/fast_products.js";
import { useFastProducts } from "../../vae_lib/widgets/js/matrices.js";
import { TrainingLoop } from "../../vae_lib/widgets/js/training_loop.js";

/** @import { Frame } from "../../vae_lib/widgets/js/live.js" */

const SECONDS = [30, 60]; // when the accuracy is read
const DRAWING = 16; // milliseconds from a frame to its being shown
const FOLDER = process.argv[2];

/** @param {string} name */
function read(name) {
  return new Uint8Array(readFileSync(join(FOLDER, name)));
}

/** Of the last measurement before each time. @type {{ accuracy: number, images: number }[]} */
const accuracies = [];
/** @type {number[]} images a second, of training alone */
const rates = [];
let [images, accuracy, frames] = [0, 0, 0];

/** @param {Frame} frame */
function look(frame) {
  images = frame.images;
  frames += 1;
  if (frame.rate > 0) rates.push(frame.rate);
  for (const point of frame.measured) accuracy = point.accuracy;
  setTimeout(() => loop.receive({ action: "shown", frame: frame.frame }), DRAWING);
}

useFastProducts(new FastProducts(await compileTile()));
const loop = new TrainingLoop(
  {
    images: read("images"),
    labels: read("labels"),
    validationImages: read("validationImages"),
    validationLabels: read("validationLabels"),
  },
  (message) => {
    if ("frame" in message) look(message.frame);
  },
  setImmediate,
);
loop.receive({ action: "play" });
for (const seconds of SECONDS) {
  setTimeout(() => accuracies.push({ accuracy, images }), 1000 * seconds);
}
setTimeout(
  () => {
    loop.close();
    rates.sort((a, b) => a - b);
    const rate = rates[Math.floor(rates.length / 2)];
    const seconds = SECONDS[SECONDS.length - 1];
    console.log(JSON.stringify({ rate, images, frames, seconds, accuracies }));
  },
  1000 * SECONDS[SECONDS.length - 1] + 1,
);
