// @ts-check
// The worker: the first message brings the digits, every later one is a command.
/** @import { Command } from "./live.js" */
/** @import { RawDigits } from "./training_run.js" */
import { makeLater, TrainingLoop } from "./training_loop.js";

/** @type {TrainingLoop | undefined} */
let loop;

self.onmessage = (/** @type {MessageEvent<RawDigits | Command>} */ { data }) => {
  if ("action" in data) loop?.receive(data);
  else loop = new TrainingLoop(data, (message) => self.postMessage(message), makeLater());
};
