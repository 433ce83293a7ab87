// @ts-check
// The engine's day: it takes commands between any two steps, measures at the end of an epoch, and
// hands out frames no faster than they are shown. The worker runs it; a test runs it in Node.
/**
 * @import { Command, Frame, Gradients, Knobs, Measured, Setting, Start, Terms } from "./live.js"
 */
/** @import { RawDigits } from "./training_run.js" */
import { clamp } from "./scale.js";
import { DEFAULT_START, defaultKnobs, TrainingRun } from "./training_run.js";

const MEASURING_SLICE = 5; // milliseconds of measuring between two steps
const SLOW_STEP = 250; // milliseconds from one step to the next at the slow pace
const FRAME_SHARE = 6; // of the time, training has so many parts for one of showing
const FRAME_PAUSE = 100; // milliseconds at least between two frames while it trains
const LONGEST_PAUSE = 5000; // even where the machine slept while a frame was made
const LONGEST_STEP = 5000; // what took longer was no step: the machine slept
const MAP_PAUSE = 250; // and between two that show the map anew, on which points glide meanwhile
const MEASURE_EVERY = 2000; // images at least between two points, however short the epochs are
const ACTIVATIONS = ["tanh", "relu", "gelu"];
const MOST_HIDDEN_UNITS = 1024;
const MOST_KL_WEIGHT = 8;

/** @typedef {{ setting: Setting } | { frame: Frame }} Message */

/**
 * Calls a function soon, but after what has come in.
 *
 * @typedef {(call: () => void) => void} Later
 */

export class TrainingLoop {
  #digits;
  #post;
  #alarm;
  #start = DEFAULT_START;
  /** @type {Knobs} */
  #knobs;
  #run;
  #runNumber = 0;
  /** @type {Frame["state"]} */
  #state = "idle";
  #words = "";
  /** @type {"play" | "epoch" | "step" | null} what was asked for and is not yet done */
  #task = null;
  #isSlow = false;
  #nextSlowStep = 0;
  /** @type {Generator<undefined, Measured> | null} a measurement that has begun */
  #measuring = null;
  #isPointDue = false; // whether another is to begin
  #measuredAt = 0; // images seen
  /** @type {Measured[]} points for the next frame */
  #measured = [];
  /** @type {Terms | null} */
  #terms = null;
  /** @type {Gradients | null} */
  #gradients = null;
  #speed = { images: 0, milliseconds: 0 }; // of the last second or so
  #frameNumber = 0;
  #isShown = true; // whether the view has drawn the last frame
  #isChanged = true; // whether there is something new to show
  #nextFrame = 0; // not before
  #nextMap = 0; // while it trains, not before
  #isAnswer = false; // whether the next frame is the first after a command
  #isClosed = false;

  /**
   * @param {RawDigits} raw
   * @param {(message: Message) => void} post
   * @param {Later} later
   */
  constructor(raw, post, later) {
    this.#digits = raw;
    this.#post = post;
    this.#knobs = defaultKnobs(raw.labels.length);
    this.#run = new TrainingRun(this.#digits, this.#start);
    this.#alarm = new Alarm(() => this.#work(), later);
    post({
      setting: {
        labels: raw.validationLabels,
        digits: raw.labels.length,
        offers: ["seed", "hiddenUnits", "activation"],
      },
    });
    this.#work();
  }

  /** @param {Command} command */
  receive(command) {
    if (command.action === "shown") this.#isShown ||= command.frame === this.#frameNumber;
    else this.#obey(command);
    this.#planNext(); // and no work here: a hundred commands in a row are heard one after the other
  }

  /** No work and no frame from now on. */
  close() {
    this.#isClosed = true;
    this.#alarm.clear();
  }

  /** @param {Exclude<Command, { action: "shown" }>} command */
  #obey(command) {
    this.#isChanged = true;
    this.#nextFrame = 0; // the reader waits to see what it did
    this.#isAnswer = true;
    switch (command.action) {
      case "reset":
        this.#reset(command.start);
        break;
      case "set":
        this.#knobs = adjustKnobs(this.#knobs, command.knobs, this.#digits.labels.length);
        break;
      case "pace":
        this.#isSlow = command.slow;
        this.#nextSlowStep = 0;
        break;
      case "resample":
        this.#run.resample();
        this.#nextMap = 0;
        break;
      case "pause":
        this.#stop();
        break;
      default:
        this.#begin(command.action);
    }
  }

  /** @param {Start} start */
  #reset(start) {
    this.#start = adjustStart(this.#start, start);
    this.#run = new TrainingRun(this.#digits, this.#start);
    this.#runNumber += 1;
    this.#state = "idle";
    this.#words = "";
    this.#task = null;
    this.#measuring = null;
    this.#isPointDue = false;
    this.#measuredAt = 0;
    this.#measured = [];
    this.#terms = null;
    this.#gradients = null;
    this.#nextMap = 0;
  }

  /** @param {"play" | "epoch" | "step"} task */
  #begin(task) {
    if (this.#state === "invalid") return; // nothing but a reset helps
    this.#task = task;
    this.#state = "training";
    this.#nextSlowStep = 0;
    this.#speed = { images: 0, milliseconds: 0 };
  }

  #stop() {
    this.#task = null;
    if (this.#state === "training") this.#state = this.#run.images > 0 ? "paused" : "idle";
  }

  /** A piece of work, and a frame if it is time for one; then what has come in is heard. */
  #work() {
    if (this.#isReady()) this.#doOne();
    if (this.#isTimeForFrame()) this.#sendFrame();
    this.#planNext();
  }

  /** Whether there is something to do now. */
  #isReady() {
    return this.#measuring !== null || this.#isPointDue || this.#isStepDue();
  }

  #isStepDue() {
    if (!this.#task) return false;
    return !this.#isSlow || performance.now() >= this.#nextSlowStep;
  }

  /** The smallest piece of work: a little measuring, if there is any to do, and a step. */
  #doOne() {
    if (this.#isPointDue && !this.#measuring) {
      this.#isPointDue = false;
      this.#measuring = this.#run.measure({ ...this.#knobs });
    }
    if (this.#measuring) this.#measureFor(this.#measuring, MEASURING_SLICE);
    if (this.#isStepDue()) this.#step();
  }

  /** @param {Generator<undefined, Measured>} measuring @param {number} milliseconds */
  #measureFor(measuring, milliseconds) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      const { done, value } = measuring.next();
      if (!done) continue;
      this.#measuring = null;
      this.#measured.push(value);
      this.#isChanged = true;
      return;
    }
  }

  #step() {
    const began = performance.now();
    // the split costs a twelfth of a step: it is made where a frame will show it
    const isFollowed = this.#task === "step" || this.#isSlow;
    const { terms, gradients } = this.#run.step(this.#knobs, isFollowed || this.#mayShow());
    this.#nextSlowStep = began + SLOW_STEP;
    this.#terms = terms;
    this.#gradients = gradients ?? this.#gradients;
    this.#isChanged = true;
    this.#noteSpeed(this.#isSlow ? SLOW_STEP : performance.now() - began);
    if (!Number.isFinite(terms.loss)) this.#declareInvalid();
    else this.#finishStep();
  }

  /** @param {number} milliseconds of a step */
  #noteSpeed(milliseconds) {
    if (milliseconds > LONGEST_STEP) return;
    const MEMORY = 0.98; // a step's weight halves in 35 steps
    this.#speed.images = MEMORY * this.#speed.images + this.#run.batchSize;
    this.#speed.milliseconds = MEMORY * this.#speed.milliseconds + milliseconds;
  }

  #finishStep() {
    const isEpochsEnd = this.#run.isAtEpochsEnd;
    const isDone = this.#task === "step" || (this.#task === "epoch" && isEpochsEnd);
    const isLongAgo = this.#run.images - this.#measuredAt >= MEASURE_EVERY;
    if (isEpochsEnd && (isDone || isLongAgo)) {
      this.#isPointDue = true;
      this.#measuredAt = this.#run.images;
    }
    if (isDone) this.#stop();
  }

  #declareInvalid() {
    this.#task = null;
    this.#state = "invalid";
    const images = this.#run.images.toLocaleString("en");
    this.#words =
      `The loss is no longer a finite number after ${images} images, which happens when the ` +
      `learning rate, now ${this.#knobs.learningRate}, is too high: lower it and reset the model.`;
  }

  /** Whether the view waits for a frame, and enough time has gone into training since the last. */
  #mayShow() {
    return this.#isShown && performance.now() >= this.#nextFrame;
  }

  #isTimeForFrame() {
    if (!this.#isChanged || !this.#isShown) return false;
    const isStill = !this.#task || this.#isSlow;
    return isStill || this.#mayShow();
  }

  /**
   * Whether the next frame shows the map and the samples anew. They take most of a frame's time, so
   * the first frame after a command leaves them to the next one; but not for long, since a slider
   * that is dragged sends command after command.
   *
   * @param {number} now
   */
  #isMapDue(now) {
    if (!this.#task || this.#isSlow) return true;
    return now >= this.#nextMap + (this.#isAnswer ? MAP_PAUSE : 0);
  }

  #sendFrame() {
    const began = performance.now();
    const withMap = this.#isMapDue(began);
    this.#isAnswer = false;
    if (withMap) this.#nextMap = began + MAP_PAUSE;
    this.#frameNumber += 1;
    const { images, milliseconds } = this.#speed;
    this.#post({
      frame: {
        frame: this.#frameNumber,
        run: this.#runNumber,
        state: this.#state,
        words: this.#words,
        epoch: this.#run.epoch,
        images: this.#run.images,
        rate: this.#task && milliseconds ? (1000 * images) / milliseconds : 0,
        terms: this.#terms,
        gradients: this.#gradients,
        measured: this.#measured,
        ...this.#run.look(this.#knobs, withMap),
        knobs: this.#knobs,
        start: this.#start,
      },
    });
    this.#measured = [];
    this.#isChanged = false;
    this.#isShown = false;
    const now = performance.now();
    this.#nextFrame = now + clamp(FRAME_SHARE * (now - began), FRAME_PAUSE, LONGEST_PAUSE);
  }

  /** When to go on: at once, at the time of the next slow step, or at the next command. */
  #planNext() {
    if (this.#isClosed) return;
    if (this.#isReady() || this.#isTimeForFrame()) this.#alarm.set(0);
    else if (this.#task) this.#alarm.set(this.#nextSlowStep - performance.now());
    else this.#alarm.clear();
  }
}

/** Calls back once, when the time has come and what this thread was sent before has been heard. */
class Alarm {
  #isUnderWay = false; // whether a call without a wait is on its way
  #isWanted = false; // whether it shall ring when it arrives
  #ring;
  #later;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} ring @param {Later} later */
  constructor(ring, later) {
    this.#ring = ring;
    this.#later = later;
  }

  /** In place of what was set before. @param {number} milliseconds */
  set(milliseconds) {
    this.clear();
    if (milliseconds > 0) {
      this.#timer = setTimeout(this.#ring, milliseconds);
      return;
    }
    this.#isWanted = true;
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    this.#later(() => this.#arrive());
  }

  #arrive() {
    this.#isUnderWay = false;
    if (this.#isWanted) this.#ring();
  }

  clear() {
    clearTimeout(this.#timer);
    this.#isWanted = false;
  }
}

/**
 * Calls functions after what this thread has been sent already: by a message to itself, since
 * setTimeout waits 4 milliseconds where nothing need be waited for.
 *
 * @returns {Later}
 */
export function makeLater() {
  const channel = new MessageChannel();
  /** @type {(() => void)[]} */
  const calls = [];
  channel.port1.onmessage = () => calls.shift()?.();
  return (call) => {
    calls.push(call);
    channel.port2.postMessage(null);
  };
}

/**
 * The knobs after a command; what is no number changes nothing, and what is out of range stops at
 * its end.
 *
 * @param {Knobs} knobs
 * @param {Partial<Knobs>} wanted
 * @param {number} digits that there are
 * @returns {Knobs}
 */
function adjustKnobs(knobs, wanted, digits) {
  return {
    klWeight: limit(wanted.klWeight, knobs.klWeight, 0, MOST_KL_WEIGHT),
    learningRate: limit(wanted.learningRate, knobs.learningRate, 0, Number.MAX_VALUE),
    noise: wanted.noise ?? knobs.noise,
    inputDropout: limit(wanted.inputDropout, knobs.inputDropout, 0, 1),
    trainingDigits: Math.round(limit(wanted.trainingDigits, knobs.trainingDigits, 1, digits)),
  };
}

/**
 * What a new model starts from, adjusted in the same way.
 *
 * @param {Start} start
 * @param {Start} wanted
 * @returns {Start}
 */
function adjustStart(start, wanted) {
  const isKnown = ACTIVATIONS.includes(wanted.activation);
  const seed = limit(wanted.seed, start.seed, 0, 2 ** 31 - 1);
  const hiddenUnits = limit(wanted.hiddenUnits, start.hiddenUnits, 1, MOST_HIDDEN_UNITS);
  return {
    seed: Math.round(seed),
    hiddenUnits: Math.round(hiddenUnits),
    activation: isKnown ? wanted.activation : start.activation,
  };
}

/**
 * @param {number | undefined} wanted
 * @param {number} present
 * @param {number} least
 * @param {number} most
 */
function limit(wanted, present, least, most) {
  if (wanted === undefined || !Number.isFinite(wanted)) return present;
  return clamp(wanted, least, most);
}
