// @ts-check
// The knobs of the live training; live_settings.js puts them into one strip.
/** @import { Knobs, Setting, Start } from "./live.js" */
import { box, make, setWords, slider } from "./dom.js";

const RATES = [0.0001, 0.0003, 0.001, 0.002, 0.005, 0.01, 0.03, 0.1, 1];
const COUNTS = [100, 300, 1_000, 3_000, 10_000, 30_000];
const WIDTHS = [16, 32, 64, 128, 256, 512];
const ACTIVATIONS = ["tanh", "relu", "gelu"];
const QUIET = 1500; // ms for which a knob just moved does not follow what the engine reports

/** @param {number} value */
const grouped = (value) => value.toLocaleString("en");

/** A control: set shows a value without reporting it. @typedef {{ root: HTMLElement, set(value: any): void }} Knob */

/**
 * The knobs that act while the model trains.
 *
 * @param {(knobs: Partial<Knobs>) => void} onset
 */
export function createKnobs(onset) {
  let moved = Number.NEGATIVE_INFINITY;
  /** @param {Partial<Knobs>} knobs */
  const report = (knobs) => {
    moved = performance.now();
    onset(knobs);
  };
  const counts = createSelect("training digits", COUNTS, grouped, (trainingDigits) =>
    report({ trainingDigits }),
  );
  /** @type {Record<keyof Knobs, Knob>} */
  const knobs = {
    klWeight: slider(
      "KL weight",
      { min: 0, max: 8, step: 0.1, value: 1 },
      (klWeight) => report({ klWeight }),
      (value) => value.toFixed(1),
    ),
    learningRate: createSelect("learning rate", RATES, String, (learningRate) =>
      report({ learningRate }),
    ),
    noise: createSwitch("sampling noise", (noise) => report({ noise })),
    inputDropout: slider(
      "input dropout",
      { min: 0, max: 0.9, step: 0.05, value: 0 },
      (inputDropout) => report({ inputDropout }),
      (value) => `${Math.round(100 * value)}%`,
    ),
    trainingDigits: counts,
  };
  /** @param {Partial<Knobs>} values */
  const show = (values) => {
    for (const [name, value] of Object.entries(values)) {
      knobs[/** @type {keyof Knobs} */ (name)].set(value);
    }
  };
  return {
    ...knobs,
    /** Only counts of digits that there are. @param {Setting} setting */
    limit({ digits }) {
      counts.offer([...COUNTS.filter((count) => count < digits), digits], (count) =>
        count === digits ? `all ${grouped(count)}` : grouped(count),
      );
    },
    /** Moves knobs as a reader would. @param {Partial<Knobs>} values */
    move(values) {
      show(values);
      report(values);
    },
    /** Shows the engine's knobs, unless the reader has just moved one. @param {Knobs} values */
    follow(values) {
      if (performance.now() - moved > QUIET) show(values);
    },
  };
}

/**
 * Hidden units and activation: what a reset makes a new model of.
 *
 * @param {(start: Partial<Start>) => void} onchange
 */
export function createModelKnobs(onchange) {
  const widths = createSelect("hidden units", WIDTHS, String, (hiddenUnits) =>
    onchange({ hiddenUnits }),
  );
  const activations = createSelect("activation", ACTIVATIONS, String, (activation) =>
    onchange({ activation }),
  );
  const note = make("span", { class: "vl-note" });
  const root = box("vl-model-knobs", widths.root, activations.root, note);
  return {
    root,
    /** What the engine can change. @param {Setting} setting */
    limit({ offers }) {
      widths.root.hidden = !offers.includes("hiddenUnits");
      activations.root.hidden = !offers.includes("activation");
      root.hidden = widths.root.hidden && activations.root.hidden;
    },
    /** @param {Start} start @param {boolean} isPending chosen, and not yet built */
    show({ hiddenUnits, activation }, isPending) {
      widths.set(hiddenUnits);
      activations.set(activation);
      setWords(note, isPending ? "press reset to apply" : "take effect at a reset");
      note.classList.toggle("vl-pending", isPending);
    },
  };
}

/**
 * A choice from a short list; a value that is not in it is added.
 *
 * @template {string | number} Value
 * @param {string} name
 * @param {Value[]} values
 * @param {(value: Value) => string} words
 * @param {(value: any) => void} onchoose
 */
function createSelect(name, values, words, onchoose) {
  const select = make("select", { "aria-label": name });
  const root = make("label", { class: "vl-knob" }, make("span", {}, name), select);
  let offered = values;
  /** @param {Value[]} list @param {(value: Value) => string} say */
  const offer = (list, say) => {
    const chosen = select.value;
    offered = list;
    select.replaceChildren(...list.map((value) => make("option", { value }, say(value))));
    if (list.some((value) => String(value) === chosen)) select.value = chosen;
  };
  offer(values, words);
  select.addEventListener("change", () => onchoose(offered[select.selectedIndex]));
  return {
    root,
    offer,
    /** @param {Value} value */
    set(value) {
      if (select.value === String(value)) return;
      if (!offered.includes(value)) {
        offered = [...offered, value];
        select.append(make("option", { value }, words(value)));
      }
      select.value = String(value);
    },
  };
}

/**
 * @param {string} name
 * @param {(isOn: boolean) => void} onswitch
 */
export function createSwitch(name, onswitch) {
  const input = make("input", { type: "checkbox", role: "switch", "aria-label": name });
  input.addEventListener("change", () => onswitch(input.checked));
  const root = make("label", { class: "vl-knob vl-switch" }, make("span", {}, name), input);
  return {
    root,
    /** @param {boolean} isOn */
    set(isOn) {
      input.checked = isOn;
    },
  };
}
