// @ts-check
// Small parts that all widgets are built from. Each is named for a screen reader and reached by
// keyboard.
import { paint } from "./canvas.js";
import { followFirstTouch } from "./pointer.js";
import { icon } from "./svg.js";
import { imageAt, indicesByClass } from "./traits.js";

/** @typedef {Record<string, string | number | ((event: any) => void)>} Attributes */

/**
 * An element with attributes (functions become handlers) and children.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice("on".length), value);
    else node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/** A canvas with the pixels of one image. @param {Attributes} attributes */
export function digitCanvas(attributes) {
  return make("canvas", { class: "vw-digit", width: 28, height: 28, ...attributes });
}

/**
 * A 28x28 picture with words below; show redraws both, and spoken is for a screen reader.
 *
 * @param {string} name
 * @param {number} [size] pixels a side; without it, as wide as there is room
 */
export function picture(name, size) {
  const canvas = digitCanvas({ role: "img", "aria-label": name });
  canvas.style.width = size ? `${size}px` : "100%";
  const caption = make("figcaption", {}, name);
  const root = make("figure", { class: "vw-picture" }, canvas, caption);
  /** @param {ArrayLike<number> | null} image */
  const show = (image, words = name, spoken = words) => {
    root.classList.toggle("vw-blank", !image);
    paint(canvas, image);
    caption.textContent = words;
    canvas.setAttribute("aria-label", spoken);
  };
  return { root, canvas, caption, show };
}

/**
 * A labelled slider; text(value) is shown beside it and read aloud.
 *
 * @param {string} name
 * @param {{ min: number, max: number, step: number, value: number }} range
 * @param {(value: number) => void} oninput
 * @param {(value: number) => string} text
 */
export function slider(name, { min, max, step, value }, oninput, text = String) {
  const shown = make("output");
  const input = make("input", { type: "range", min, max, step, "aria-label": name });
  const root = make("label", { class: "vw-slider" }, make("span", {}, name), input, shown);
  /** @param {number} number */
  const set = (number) => {
    input.value = String(number);
    input.style.setProperty("--vw-at", `${(100 * (number - min)) / (max - min)}%`);
    shown.textContent = text(number); // which may lie between two steps
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.addEventListener("input", () => {
    set(input.valueAsNumber);
    oninput(input.valueAsNumber);
  });
  followFirstTouch(input);
  set(value);
  return { root, set };
}

/**
 * @param {string} name
 * @param {() => void} onclick
 * @param {Attributes} [attributes]
 */
export function button(name, onclick, attributes = {}) {
  return make("button", { type: "button", onclick, ...attributes }, name);
}

/**
 * A button with a pictogram before its name.
 *
 * @param {string} path of the pictogram
 * @param {string} name
 * @param {() => void} onclick
 */
export function iconButton(path, name, onclick) {
  return make("button", { type: "button", onclick }, icon(path), make("span", {}, name));
}

let groups = 0; // radio buttons belong together by a name that no other choice has

/**
 * A choice of one among a few words.
 *
 * @template {string} Word
 * @param {string} name
 * @param {Word[]} words
 * @param {Word} chosen
 * @param {(word: Word) => void} onchoose
 */
export function choice(name, words, chosen, onchoose) {
  groups += 1;
  const group = `vw-${crypto.getRandomValues(new Uint32Array(1))[0]}-${groups}`;
  const options = words.map((word) => {
    const onchange = () => onchoose(word);
    const input = make("input", { type: "radio", name: group, value: word, onchange });
    input.checked = word === chosen;
    return make("label", {}, input, make("span", {}, word));
  });
  const row = box("vw-options", ...options);
  return make("fieldset", { class: "vw-choice" }, make("legend", {}, name), row);
}

/**
 * Ten thumbnails, one a class; pressing one again brings the next digit of its class.
 *
 * @param {string} name
 * @param {{ images: Uint8Array, labels: Uint8Array }} digits
 * @param {(index: number) => void} onpick
 */
export function picker(name, { images, labels }, onpick) {
  const thumbnails = [...indicesByClass(labels)].map(([label, indices]) =>
    thumbnail(label, images, indices, onpick),
  );
  const buttons = thumbnails.map((one) => one.root);
  const attributes = { class: "vw-picker", role: "group", "aria-label": name };
  const root = make("div", attributes, make("span", {}, name), box("vw-thumbs", ...buttons));
  /** @param {number} index */
  const mark = (index) => {
    for (const one of thumbnails) one.mark(one.label === labels[index] ? index : null);
  };
  return { root, mark };
}

/**
 * @param {number} label
 * @param {Uint8Array} images
 * @param {number[]} indices
 * @param {(index: number) => void} onpick
 */
function thumbnail(label, images, indices, onpick) {
  const canvas = digitCanvas({ "aria-hidden": "true" });
  paint(canvas, imageAt(images, indices[0]));
  let presses = 0;
  const root = make("button", { type: "button", "aria-label": `a ${label}` }, canvas);
  root.addEventListener("click", () => {
    onpick(indices[presses % indices.length]); // the widget then marks it, which paints it
    presses += 1;
  });
  /** @param {number | null} index of the chosen digit, if it is of this class */
  const mark = (index) => {
    root.setAttribute("aria-pressed", String(index !== null));
    if (index !== null) paint(canvas, imageAt(images, index));
  };
  mark(null);
  return { root, label, mark };
}

/**
 * Calls act at most once a frame, with the last value given.
 *
 * @template T
 * @param {(value: T) => void} act
 * @returns {(value: T) => void}
 */
export function eachFrame(act) {
  /** @type {T} */
  let last;
  let waiting = false;
  return (value) => {
    last = value;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      act(last);
    });
  };
}

/**
 * The widget's root: JupyterLab must leave its keys alone, and the notebook its wheel.
 *
 * @param {string} name
 * @param {Node[]} children
 */
export function root(name, ...children) {
  const attributes = {
    class: "vae-widget",
    "aria-label": name,
    "data-lm-suppress-shortcuts": "true",
  };
  const node = make("section", attributes, ...children);
  for (const event of ["keydown", "keypress", "keyup"]) {
    node.addEventListener(event, (pressed) => pressed.stopPropagation());
  }
  return node;
}

/** @param {string} name @param {(Node | string)[]} children */
export function box(name, ...children) {
  return make("div", { class: name }, ...children);
}

/** A heading of a part, and the part's symbol. @param {string} words @param {string} [symbol] */
export function heading(words, symbol) {
  return make("h3", {}, words, ...(symbol ? [" ", make("i", {}, symbol)] : []));
}

/** A paragraph that a screen reader hears when it changes. @param {string} name */
export function liveWords(name) {
  return make("p", { class: name, "aria-live": "polite" });
}

/**
 * Changes a text only where it differs: to set one costs a layout.
 *
 * @param {Element} node
 * @param {string} words
 */
export function setWords(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/** A number with a minus sign instead of a hyphen. @param {number} value @param {number} digits */
export function number(value, digits) {
  return value.toFixed(digits).replace("-", "−");
}

const EXPONENT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number of nats in few letters, however large: 187.2, or 1.5·10¹⁰.
 *
 * @param {number} value
 * @param {number} [digits] after the point
 */
export function nats(value, digits = 1) {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) < 100_000) return number(value, digits);
  const [factor, exponent] = value.toExponential(digits).split("e+");
  const raised = [...exponent].map((digit) => EXPONENT[Number(digit)]).join("");
  return `${factor.replace("-", "−")}·10${raised}`;
}

/** A point in words. @param {ArrayLike<number>} z */
export function place(z, digits = 2) {
  return `(${number(z[0], digits)}, ${number(z[1], digits)})`;
}

/**
 * Two numbers as they are shown, and a sum that is the sum of what is shown.
 *
 * @param {number} one
 * @param {number} other
 */
export function addAsShown(one, other) {
  const [first, second] = [Math.round(10 * one), Math.round(10 * other)];
  return [first, second, first + second].map((tenths) => (tenths / 10).toFixed(1));
}
