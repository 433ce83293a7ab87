// Small parts that all widgets are built from. Each is named for a screen reader and reached by keyboard.

export const COLORS = [ // digits.light of palette.json
  "#ec3a8f", "#1f6fe5", "#15565a", "#6f9f3f", "#dc7410",
  "#96122a", "#5430b0", "#109f9f", "#ae7ce2", "#84107f",
];

/** An element with attributes (functions become handlers) and children. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    typeof value === "function" ? (node[name] = value) : node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A typed array over the bytes that Python sent. */
export function array(view, Type = Float32Array) {
  return new Type(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** Image number index of a stack of raw ones, as 784 numbers in [0, 1]. */
export function imageAt(bytes, index) {
  return Float32Array.from(bytes.subarray(784 * index, 784 * (index + 1)), (value) => value / 255);
}

/** Which classes there are, each with the indices of its digits. */
export function byClass(labels) {
  const classes = new Map();
  labels.forEach((label, index) => (classes.get(label) ?? classes.set(label, []).get(label)).push(index));
  return new Map([...classes].sort(([a], [b]) => a - b));
}

/** A 28x28 picture with words below: show(image, words) redraws both. */
export function picture(name, size = 132) {
  const canvas = make("canvas", { class: "vw-digit", width: 28, height: 28, role: "img", "aria-label": name });
  canvas.style.width = `${size}px`;
  const caption = make("figcaption", {}, name);
  const root = make("figure", { class: "vw-picture" }, canvas, caption);
  const show = (image, words = name, spoken = words) => {
    paint(canvas, image);
    caption.textContent = words;
    canvas.setAttribute("aria-label", spoken);
  };
  return { root, canvas, show };
}

/** Ink 0 to 1 as black on white; nothing as a blank sheet. */
export function paint(canvas, image) {
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(28, 28);
  for (let k = 0; k < 784; k++) {
    const grey = 255 * (1 - (image ? image[k] : 0));
    pixels.data.set([grey, grey, grey, 255], 4 * k);
  }
  context.putImageData(pixels, 0, 0);
}

/** A labelled slider; text(value) is shown beside it and read aloud. */
export function slider(name, { min, max, step, value }, oninput, text = String) {
  const shown = make("output");
  const input = make("input", { type: "range", min, max, step, value, "aria-label": name });
  const root = make("label", { class: "vw-slider" }, make("span", {}, name), input, shown);
  const set = (number) => {
    input.value = number;
    shown.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.oninput = () => {
    set(input.value);
    oninput(Number(input.value));
  };
  set(value);
  return { root, input, set };
}

export function button(name, onclick, attributes = {}) {
  return make("button", { type: "button", onclick, ...attributes }, name);
}

/** A choice of one among a few words. */
export function choice(name, words, chosen, onchoose) {
  const group = `vw-${Math.random()}`;
  const options = words.map((word) => {
    const input = make("input", { type: "radio", name: group, value: word, onchange: () => onchoose(word) });
    input.checked = word === chosen;
    return make("label", {}, input, word);
  });
  return make("fieldset", { class: "vw-choice" }, make("legend", {}, name), ...options);
}

/** Ten thumbnails, one a class; pressing one again brings the next digit of its class. */
export function picker(name, images, labels, onpick) {
  const grouped = byClass(labels), classes = [...grouped.keys()];
  const buttons = [...grouped].map(([label, indices]) => {
    const canvas = make("canvas", { class: "vw-digit", width: 28, height: 28, "aria-hidden": "true" });
    paint(canvas, imageAt(images, indices[0]));
    let next = 0;
    const press = () => onpick(indices[next++ % indices.length]); // the widget then marks it, which paints it
    return make("button", { type: "button", "aria-label": `a ${label}`, "aria-pressed": "false", onclick: press }, canvas);
  });
  const root = make("div", { class: "vw-picker", role: "group", "aria-label": name }, make("span", {}, name), ...buttons);
  const mark = (index) => {
    const chosen = classes.indexOf(labels[index]);
    buttons.forEach((node, k) => node.setAttribute("aria-pressed", String(k === chosen)));
    if (chosen >= 0) paint(buttons[chosen].firstChild, imageAt(images, index));
  };
  return { root, mark };
}

/** Set a trait and tell Python: tell(model)(name, value). */
export const tell = (model) => (name, value) => {
  model.set(name, value);
  model.save_changes();
};

/** Call act at most once a frame, with the last arguments given. */
export function eachFrame(act) {
  let waiting = null;
  return (...values) => {
    if (!waiting) requestAnimationFrame(() => { const last = waiting; waiting = null; act(...last); });
    waiting = values;
  };
}

/** The widget's root: JupyterLab must leave its keys alone, and the notebook its wheel. */
export function root(name, ...children) {
  const node = make("section", { class: "vae-widget", "aria-label": name, "data-lm-suppress-shortcuts": "true" }, ...children);
  for (const event of ["keydown", "keypress", "keyup"]) node.addEventListener(event, (e) => e.stopPropagation());
  return node;
}

export const place = (z) => `(${z[0].toFixed(2)}, ${z[1].toFixed(2)})`.replaceAll("-", "−");
