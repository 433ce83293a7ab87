// @ts-check
// The page's engine: a worker that trains the small VAE of trainer.js on digits in the page.
/** @import { Command, Engine } from "./live.js" */
/** @import { Message } from "./training_loop.js" */
/** @import { RawDigits } from "./training_run.js" */

/**
 * An engine over these digits. It starts when somebody listens.
 *
 * @param {RawDigits} digits raw pixels, 784 a digit
 * @returns {Engine}
 */
export function createWorkerEngine(digits) {
  /** @type {Worker | undefined} */
  let worker;
  /** @type {Command[]} commands that came before the worker */
  const early = [];
  return {
    send(command) {
      if (worker) worker.postMessage(command);
      else early.push(command);
    },
    listen(listener) {
      worker = startWorker(listener.failed);
      if (!worker) return;
      worker.onmessage = (/** @type {MessageEvent<Message>} */ { data }) => {
        if ("setting" in data) listener.setting(data.setting);
        else listener.frame(data.frame);
      };
      worker.onerror = (event) => {
        event.preventDefault(); // said here, so the console need not say it again
        worker?.terminate();
        const reason = event.message || "it gave no reason";
        listener.failed(`The training stopped with an error (${reason}): reload the page.`);
      };
      worker.postMessage(digits);
      for (const command of early.splice(0)) worker.postMessage(command);
    },
    close() {
      worker?.terminate();
    },
  };
}

/** @param {(words: string) => void} failed @returns {Worker | undefined} */
function startWorker(failed) {
  try {
    // build.js puts the text of trainer_worker.js in: a page that was opened from disk may not
    // start a worker from another file
    const script = new Blob([TRAINER_WORKER], { type: "text/javascript" });
    const address = URL.createObjectURL(script);
    const worker = new Worker(address);
    const forgetAddress = () => URL.revokeObjectURL(address);
    worker.addEventListener("message", forgetAddress, { once: true }); // not before it has loaded
    return worker;
  } catch {
    failed(
      "This browser starts no Web Worker here, and the training needs one: open the page in a " +
        "current Firefox, Chrome, Edge or Safari.",
    );
  }
}
