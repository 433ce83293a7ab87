// @ts-check
// Train it live: a VAE that learns before the reader's eyes. This is the view; what trains is an
// engine (live.d.ts), a worker on the page or Python in a notebook.
/** @import { Engine, Frame, Knobs, Measured, Setting, Start } from "./live.js" */
import { box, liveWords, make, root as makeRoot, nats } from "./dom.js";
import { createKernelEngine } from "./kernel_engine.js";
import { createControls } from "./live_controls.js";
import { createCurves } from "./live_curves.js";
import { createExperiments } from "./live_experiments.js";
import { createKnobs, createModelKnobs } from "./live_knobs.js";
import { createLatentMap } from "./live_map.js";
import { createSamples } from "./live_samples.js";
import { createSchematic, describeWay, wayOf } from "./live_schematic.js";
import { createSettings } from "./live_settings.js";
import { NEIGHBOURS } from "./reading.js";

const REPORT = 5000; // ms between two reports to a screen reader
const NUMBERS = 200; // ms between two changes of the words, that they can be read
const LONGEST = 300; // ms that points take to their next place
const BETWEEN = 25; // ms between two drawings of points on their way, which take time from the training
const NARROW = 560; // pixels, up to which the model comes before the settings, as in live.css

/**
 * Shows an engine in an element.
 *
 * @param {Engine} engine
 * @param {HTMLElement} el its data-state, data-images-seen, data-images-per-second,
 *   data-validation-loss and data-knn-accuracy follow the training
 * @returns {() => void} closes the view and the engine
 */
export function createLiveTraining(engine, el) {
  const view = createView(engine);
  el.append(view.root);
  el.dataset.state = "idle";
  const loop = createLoop(engine, view, el);
  engine.listen({
    setting: view.limit,
    frame: loop.receive,
    failed(words) {
      view.fail(words); // until a frame comes: a busy kernel is silent for a while only
      el.dataset.state = "failed";
    },
  });
  return () => {
    loop.stop();
    view.close();
    engine.close();
  };
}

/**
 * Takes frames as they come and draws them as the screen can: the latest only, and the points of
 * the map on their way between two. A frame that was drawn is reported, so that the next may come.
 * While the tab is hidden nothing can be drawn: frames are reported at once, and training goes on.
 *
 * @param {Engine} engine
 * @param {ReturnType<typeof createView>} view
 * @param {HTMLElement} el
 */
function createLoop(engine, view, el) {
  /** @type {Frame | null} */
  let waiting = null; // not yet drawn
  let isOwed = false; // whether the engine still waits to hear that it was shown
  let run = -1;
  let before = 0; // when the last frame with a map was drawn
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer; // until points on their way are drawn again
  let scheduled = 0;
  let isOver = false;

  /** @param {Frame} frame */
  const answer = ({ frame }) => engine.send({ action: "shown", frame });
  const settle = () => {
    if (waiting && isOwed) answer(waiting);
    isOwed = false;
  };
  /** @param {number} now */
  const draw = (now) => {
    scheduled = 0;
    if (waiting) {
      view.show(waiting, now, Math.min(LONGEST, now - before));
      if (waiting.codes) before = now;
    }
    const isMoving = view.animate(now);
    settle();
    waiting = null;
    clearTimeout(timer);
    if (isMoving) timer = setTimeout(schedule, BETWEEN);
  };
  const schedule = () => {
    if (!isOver && !document.hidden && scheduled === 0) scheduled = requestAnimationFrame(draw);
  };
  const goOn = () => {
    if (document.hidden) settle();
    schedule();
  };
  /** The numbers of a frame are kept even if it is never drawn. @param {Frame} frame */
  const receive = (frame) => {
    if (isOver) return;
    if (frame.run < run) {
      answer(frame);
      return;
    }
    if (frame.run > run) {
      view.forget();
      retract(el);
    }
    run = frame.run;
    view.keep(frame.measured);
    publish(el, frame);
    settle();
    [waiting, isOwed] = [keepMap(waiting, frame), true];
    goOn();
  };
  document.addEventListener("visibilitychange", goOn);
  view.onchange(schedule);
  return {
    receive,
    stop() {
      isOver = true;
      cancelAnimationFrame(scheduled);
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", goOn);
    },
  };
}

/**
 * A frame, with the map and the samples of one before it that was not drawn, if it has none.
 *
 * @param {Frame | null} before
 * @param {Frame} frame
 * @returns {Frame}
 */
function keepMap(before, frame) {
  return {
    ...frame,
    codes: frame.codes ?? before?.codes ?? null,
    samples: frame.samples ?? before?.samples ?? null,
  };
}

/** Nothing of another run is measured yet. @param {HTMLElement} el */
function retract({ dataset }) {
  delete dataset.validationLoss;
  delete dataset.knnAccuracy;
}

/** What measures the training from outside. @param {HTMLElement} el @param {Frame} frame */
function publish({ dataset }, { state, images, rate, measured }) {
  dataset.state = state;
  dataset.imagesSeen = String(images);
  dataset.imagesPerSecond = rate.toFixed(0);
  const last = measured.at(-1);
  if (!last) return;
  dataset.validationLoss = last.validation.loss.toFixed(2);
  dataset.knnAccuracy = last.accuracy.toFixed(4);
}

/** All that is seen. @param {Engine} engine */
function createView(engine) {
  let isChanged = false; // something besides the frame: a size, a row that is followed
  /** @type {() => void} */
  let wake = () => {};
  const change = () => {
    isChanged = true;
    wake();
  };
  /** @type {number | null} */
  let followed = null;
  /** @type {Frame | null} */
  let frame = null;
  /** @type {Measured | undefined} */
  let last;
  let hasNewPoints = false;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const words = createPacer(NUMBERS);
  const knobs = createKnobs((values) => engine.send({ action: "set", knobs: values }));
  const starter = createStarter(engine);
  const controls = createControls({
    play: () => engine.send({ action: "play" }),
    pause: () => engine.send({ action: "pause" }),
    step: () => engine.send({ action: "step" }),
    epoch: () => engine.send({ action: "epoch" }),
    reset: () => starter.reset(),
    reseed: () => starter.reset({ seed: starter.seed() + 1 }),
    pace: (slow) => engine.send({ action: "pace", slow }),
  });
  const schematic = createSchematic((row) => {
    followed = row;
    change();
  });
  const settings = createSettings(knobs, starter.knobs, schematic.showGradients);
  const accuracy = createAccuracy();
  const map = createLatentMap(change, accuracy.root);
  const curves = createCurves(change);
  const samples = createSamples(() => engine.send({ action: "resample" }));
  const trouble = createTrouble(() => {
    knobs.move({ learningRate: starter.usualRate() });
    starter.reset();
  });
  const way = make("p", { class: "vl-way" });
  const report = liveWords("vl-report");
  const experiments = createExperiments((values, sentence) => {
    knobs.move(values);
    starter.reset();
    report.textContent = sentence;
    node.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    controls.play.focus({ preventScroll: true });
  });
  const model = box("vl-panel vl-model", make("h3", {}, "Model and training loop"), schematic.root);
  const panels = box(
    "vl-panels",
    model,
    box("vl-panel vl-place", map.root, way),
    curves.root,
    samples.root,
  );
  const node = makeRoot(
    "Live training of a variational autoencoder",
    controls.root,
    trouble.root,
    experiments.root,
    settings,
    panels,
    report,
  );
  node.classList.add("vae-live");
  const placer = placeSettings(settings, panels, model);
  const speak = createReporter(report);

  /** @param {number} now */
  const drawMap = (now) => {
    map.draw(now, frame && followed !== null ? wayOf(frame.batch, followed) : null);
    const sentence = describeFollowed(frame, followed);
    if (way.textContent !== sentence) way.textContent = sentence;
  };

  /** Where a frame has them anew. @param {Frame} frame @param {number} now @param {number} duration */
  const showMap = (frame, now, duration) => {
    if (frame.codes) map.moveTo(frame.codes, now, duration);
    if (frame.samples) samples.update(frame.samples);
  };

  return {
    root: node,
    /** @param {() => void} act called when there is something to draw */
    onchange(act) {
      wake = act;
    },
    /** @param {Setting} setting */
    limit(setting) {
      knobs.limit(setting);
      starter.knobs.limit(setting);
      controls.limit(setting);
      map.setLabels(setting.labels);
    },
    /** Another run begins. */
    forget() {
      last = undefined;
      map.reset();
      curves.clear();
      map.describe("");
      curves.describe("");
      accuracy.show(undefined);
      hasNewPoints = true;
    },
    /** @param {Measured[]} measured */
    keep(measured) {
      if (measured.length === 0) return;
      curves.add(measured);
      last = measured.at(-1);
      if (last) {
        map.setAccuracy(last.accuracy);
        map.describe(describeMap(last));
        curves.describe(describeCurves(last));
      }
      accuracy.show(last?.accuracy);
      hasNewPoints = true;
    },
    /** @param {Frame} next @param {number} now @param {number} sinceLast */
    show(next, now, sinceLast) {
      if (!frame) experiments.begin(next.knobs);
      // what a knob does is said with the first frame that it acted on
      const isUrgent = next.state !== "training" || !isSame(frame?.knobs, next.knobs);
      frame = next;
      starter.follow(next);
      knobs.follow(next.knobs);
      controls.update(next);
      schematic.update(next, words.isDue(now, isUrgent));
      showMap(next, now, calm.matches ? 0 : sinceLast);
      curves.addBatch(next.images, next.terms);
      trouble.show(next.state === "invalid" ? next.words : "");
      speak(next, last, now);
      isChanged = true;
    },
    /** Draws what has changed or still moves; whether it still moves. @param {number} now */
    animate(now) {
      const isMoving = map.isMoving(now);
      if (isChanged || isMoving) drawMap(now);
      if (isChanged || hasNewPoints) curves.draw();
      isChanged = false;
      hasNewPoints = false;
      return isMoving;
    },
    /** @param {string} sentence */
    fail(sentence) {
      controls.stop();
      trouble.show(sentence, false);
    },
    close() {
      placer.disconnect();
      schematic.close();
      map.close();
      curves.close();
      node.remove();
    },
  };
}

/**
 * The settings stand above the panels; where it is narrow, below the model, which is then seen at
 * once.
 *
 * @param {HTMLElement} settings
 * @param {HTMLElement} panels
 * @param {HTMLElement} model
 */
function placeSettings(settings, panels, model) {
  const watcher = new ResizeObserver(([{ contentRect }]) => {
    const isNarrow = contentRect.width <= NARROW;
    if (isNarrow === panels.contains(settings)) return;
    if (isNarrow) model.after(settings);
    else panels.before(settings);
  });
  watcher.observe(panels);
  return watcher;
}

/** @param {Frame | null} frame @param {number | null} row */
function describeFollowed(frame, row) {
  if (!frame || row === null)
    return "Point at a row of the model, or press it, to follow its digit here.";
  return `Digit ${row + 1}: ${describeWay(wayOf(frame.batch, row))}.`;
}

/**
 * What a reset starts from: the model as chosen, which may differ from the one that is there.
 *
 * @param {Engine} engine
 */
function createStarter(engine) {
  /** @type {Start} */
  let built = { seed: 0, hiddenUnits: 128, activation: "tanh" };
  /** @type {Partial<Start>} */
  let chosen = {};
  let usualRate = 0.002;
  let isFirst = true;
  const show = () => {
    const start = { ...built, ...chosen };
    const isPending =
      start.hiddenUnits !== built.hiddenUnits || start.activation !== built.activation;
    knobs.show(start, isPending);
  };
  const knobs = createModelKnobs((start) => {
    chosen = { ...chosen, ...start };
    show();
  });
  return {
    knobs,
    seed: () => built.seed,
    usualRate: () => usualRate,
    /** @param {Partial<Start>} [start] */
    reset(start = {}) {
      engine.send({ action: "reset", start: { ...built, ...chosen, ...start } });
    },
    /** @param {Frame} frame */
    follow({ start, knobs: { learningRate } }) {
      if (isFirst) usualRate = learningRate;
      isFirst = false;
      built = start;
      show();
    },
  };
}

/** How well the map tells the classes apart; its caption says how that is measured. */
function createAccuracy() {
  const value = make("output", {}, "–");
  value.setAttribute("aria-live", "off");
  return {
    root: make("p", { class: "vl-accuracy" }, `${NEIGHBOURS}-NN accuracy `, value),
    /** @param {number | undefined} share */
    show(share) {
      value.textContent = share === undefined ? "–" : `${Math.round(100 * share)}%`;
    },
  };
}

/** What went wrong, and a way out. @param {() => void} onreset */
function createTrouble(onreset) {
  const words = make("p");
  const reset = make(
    "button",
    { type: "button", "data-action": "recover", onclick: onreset },
    "Reset, with the usual learning rate",
  );
  const root = make("div", { class: "vl-trouble", role: "alert" });
  return {
    root,
    /** @param {string} sentence @param {boolean} [canReset] */
    show(sentence, canReset = true) {
      if (words.textContent === sentence) return;
      words.textContent = sentence;
      root.replaceChildren(...(sentence ? [words, ...(canReset ? [reset] : [])] : []));
    },
  };
}

/**
 * Tells a screen reader now and then how far the training is, and at once when its state changes.
 *
 * @param {HTMLElement} report
 */
function createReporter(report) {
  let state = "";
  const pace = createPacer(REPORT);
  /** @param {Frame} frame @param {Measured | undefined} last @param {number} now */
  return (frame, last, now) => {
    const isNews = frame.state !== state && state !== "";
    state = frame.state;
    if (frame.state !== "training" && !isNews) return;
    if (pace.isDue(now, isNews)) report.textContent = describeProgress(frame, last);
  };
}

/** @param {Frame} frame @param {Measured | undefined} last */
function describeProgress({ state, epoch, images }, last) {
  const seen = `epoch ${epoch.toFixed(1)}, ${images.toLocaleString("en")} images seen`;
  const loss = last ? `, validation loss ${last.validation.loss.toFixed(0)} nats` : "";
  const share = last ? `, accuracy ${Math.round(100 * last.accuracy)}%` : "";
  return `${STATES[state]}: ${seen}${loss}${share}.`;
}

/** The map's name for who cannot see it. @param {Measured} last */
function describeMap({ images, accuracy }) {
  const share = `${NEIGHBOURS}-NN accuracy ${Math.round(100 * accuracy)}%`;
  return `means of the validation digits, measured after ${images.toLocaleString("en")} images: ${share}`;
}

/** @param {Measured} last */
function describeCurves({ images, training, validation }) {
  const parts = `reconstruction ${nats(validation.reconstruction)}, KL ${nats(validation.kl)}`;
  return (
    `in nats per image, measured after ${images.toLocaleString("en")} images: ` +
    `training loss ${nats(training.loss)}, validation loss ${nats(validation.loss)}, of it ${parts}`
  );
}

const STATES = {
  idle: "Not trained yet",
  training: "Training",
  paused: "Paused",
  invalid: "Broken down",
};

/** @param {Knobs | undefined} knobs @param {Knobs} others */
function isSame(knobs, others) {
  return JSON.stringify(knobs) === JSON.stringify(others);
}

/** Says when enough time has passed since it last said so. @param {number} pause in milliseconds */
function createPacer(pause) {
  let before = Number.NEGATIVE_INFINITY;
  return {
    /** @param {number} now @param {boolean} isUrgent */
    isDue(now, isUrgent) {
      if (!isUrgent && now - before < pause) return false;
      before = now;
      return true;
    },
  };
}

/** @param {{ model: any, el: HTMLElement }} props */
function render({ model, el }) {
  return createLiveTraining(createKernelEngine(model), el);
}

export default { render };
