// @ts-check
// The worker: the first message brings the digits, every later one is a command.
/** @import { Command } from "./live.js" */
/** @import { RawDigits } from "./training_run.js" */
import { FastProducts } from "./fast_products.js";
import { useFastProducts } from "./matrices.js";
import { makeLater, TrainingLoop } from "./training_loop.js";

try {
  // build.js puts the code in: where a page may not compile it or the browser does not know its
  // instructions, JavaScript does the same at a third of the speed
  const code = Uint8Array.from(atob(PRODUCT_TILE), (letter) => letter.charCodeAt(0));
  useFastProducts(new FastProducts(code));
} catch {}

/** @type {TrainingLoop | undefined} */
let loop;

self.onmessage = (/** @type {MessageEvent<RawDigits | Command>} */ { data }) => {
  if ("action" in data) loop?.receive(data);
  else loop = new TrainingLoop(data, (message) => self.postMessage(message), makeLater());
};
