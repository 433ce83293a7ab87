// Built by `npm run build` from vae_lib/widgets/js: change that.

// ../../palette.json
var palette_default = {
  digits: {
    light: ["#ec3a8f", "#1f6fe5", "#15565a", "#6f9f3f", "#dc7410", "#96122a", "#5430b0", "#109f9f", "#ae7ce2", "#84107f"],
    dark: ["#ff7fb8", "#4f9bff", "#3f8f90", "#b5e07a", "#ffb454", "#e04a5e", "#8a6cf0", "#5fe0dc", "#d9b8ff", "#c24dbd"]
  },
  lines: ["#1f6fe5", "#dc7410", "#0f9292", "#d8327f", "#5430b0", "#5f8f2f", "#96122a", "#a06fdc"],
  accent: "#1f6fe5",
  ink: "#2b2b2b",
  grey: "#6b6b6b",
  rule: "#c8c8c8",
  faint: "#ededed"
};

// palette.js
var DIGITS = palette_default.digits.light;
var IN_THE_DARK = palette_default.digits.dark;
var onGround = (digit) => `light-dark(${DIGITS[digit]}, ${IN_THE_DARK[digit]})`;
var INK = palette_default.ink;
var TRAINING = palette_default.lines[0];
var VALIDATION = palette_default.lines[1];
var PRIOR = palette_default.lines[0];
var POSTERIOR = palette_default.lines[3];
var TAKEN_AWAY = palette_default.lines[1];
var PEN_UP = palette_default.accent;
var PEN_DOWN = palette_default.lines[6];
var ENCODER = palette_default.lines[0];
var NOISE = palette_default.lines[1];
var DECODER = palette_default.lines[2];
var LATENT = palette_default.lines[4];
var INK_TINT = `${INK}1f`;
var GREY = palette_default.grey;
var RULE = palette_default.rule;
var FAINT = palette_default.faint;

// traits.js
var PIXELS = 784;
function copy({ buffer, byteOffset, byteLength }) {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
var float32 = (view) => new Float32Array(copy(view));
var uint8 = (view) => new Uint8Array(copy(view));
var int8 = (view) => new Int8Array(copy(view));
function readDigits(model) {
  return {
    codes: float32(model.get("codes")),
    labels: uint8(model.get("labels")),
    images: uint8(model.get("images"))
  };
}
function imageAt(images, index) {
  const raw = images.subarray(PIXELS * index, PIXELS * (index + 1));
  return new Float32Array(raw).map((value) => value / 255);
}
function codeAt(codes, index) {
  return codes.subarray(2 * index, 2 * index + 2);
}
function partAt(array, index, count) {
  const length = array.length / count;
  return (
    /** @type {T} */
    array.subarray(length * index, length * (index + 1))
  );
}
function indicesByClass(labels) {
  const classes = /* @__PURE__ */ new Map();
  for (const label of [...new Set(labels)].sort((a, b) => a - b)) classes.set(label, []);
  labels.forEach((label, index) => {
    classes.get(label)?.push(index);
  });
  return classes;
}
function setter(model) {
  return (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
}

// canvas.js
var FONT = "system-ui, sans-serif";
function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("This browser has no two-dimensional canvas.");
  return context;
}
function clear(canvas) {
  const context = contextOf(canvas);
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  return context;
}
function paint(canvas, image) {
  paintGreys(canvas, (k) => 255 * (1 - (image ? image[k] : 0)));
}
function paintRaw(canvas, images, start) {
  paintGreys(canvas, (k) => 255 - images[start + k]);
}
function paintGreys(canvas, greyAt) {
  const context = contextOf(canvas);
  const pixels = context.createImageData(28, 28);
  for (let k = 0; k < PIXELS; k++) {
    pixels.data.fill(greyAt(k), 4 * k, 4 * k + 3);
    pixels.data[4 * k + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
}
function haloText(context, text, x, y, { halo, color }) {
  context.lineWidth = halo;
  context.strokeStyle = "white";
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}
function haloLines(context, segments, { halo, width }) {
  const passes = [
    [halo, "white"],
    [width, "black"]
  ];
  for (const [lineWidth, color] of passes) {
    context.beginPath();
    for (const [start, end] of segments) {
      context.moveTo(...start);
      context.lineTo(...end);
    }
    context.lineWidth = lineWidth;
    context.strokeStyle = color;
    context.stroke();
  }
}
function drawCross(context, [x, y], size2 = 6) {
  haloLines(
    context,
    [
      [
        [x - size2, y],
        [x + size2, y]
      ],
      [
        [x, y - size2],
        [x, y + size2]
      ]
    ],
    { halo: 5, width: 2 }
  );
}
function drawDot(context, [x, y], radius, color) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
}
function tracePath(context, points) {
  context.beginPath();
  for (const point of points) context.lineTo(...point);
}

// pointer.js
var TIP = 1;
var ERASER = 32;
var ERASER_BUTTON = 5;
var PENS = /* @__PURE__ */ new WeakMap();
function followPointer(area, drag, { takesEraser = false } = {}) {
  const pens = watchPens(area.ownerDocument);
  let owner = null;
  const finish = (act) => {
    owner = null;
    act();
  };
  const isFree = (event) => {
    if (!owner) return true;
    const isGone = owner.id === event.pointerId || !area.hasPointerCapture(owner.id);
    const wasResting = owner.isTouch && event.pointerType === "pen";
    if (isGone || wasResting) finish(isGone ? drag.end : drag.undo);
    return !owner;
  };
  area.addEventListener("pointerdown", (event) => {
    const pressed = pressOf(event);
    if (!pressed || pressed === ERASER && !takesEraser) return;
    const isTouch = event.pointerType === "touch";
    const isPalm = isTouch && pens.isDown;
    if (isPalm || !isFree(event)) return;
    event.preventDefault();
    area.setPointerCapture(event.pointerId);
    owner = { id: event.pointerId, isTouch, pressed, since: event.timeStamp };
    drag.begin(event, pressed === ERASER);
  });
  area.addEventListener("pointermove", (event) => {
    if (owner?.id !== event.pointerId) return;
    if (wasPalm(owner, pens)) finish(drag.undo);
    else if (event.buttons & owner.pressed) drag.move(event);
    else finish(drag.end);
  });
  for (
    const name of
    /** @type {const} */
    ["pointerup", "lostpointercapture"]
  ) {
    area.addEventListener(name, (event) => {
      if (owner?.id === event.pointerId) finish(wasPalm(owner, pens) ? drag.undo : drag.end);
    });
  }
  area.addEventListener("pointercancel", (event) => {
    if (owner?.id === event.pointerId) finish(owner.isTouch ? drag.undo : drag.end);
  });
  area.addEventListener("contextmenu", (event) => {
    if (!owner && event.pointerType !== "touch") return;
    event.preventDefault();
    event.stopPropagation();
  });
}
function followFirstTouch(slider2) {
  let first;
  const refuseOthers = (event) => {
    if (event.type === "touchstart") first ??= event.changedTouches[0].identifier;
    const isOther = Array.from(event.changedTouches, (touch) => touch.identifier !== first);
    if (isOther.includes(true) && event.cancelable) event.preventDefault();
  };
  const forget = (event) => {
    const lifted = Array.from(event.changedTouches, (touch) => touch.identifier);
    if (first !== void 0 && lifted.includes(first)) first = void 0;
  };
  slider2.addEventListener("touchstart", refuseOthers, { passive: false });
  slider2.addEventListener("touchmove", refuseOthers, { passive: false });
  slider2.addEventListener("touchend", forget);
  slider2.addEventListener("touchcancel", forget);
}
function pressOf({ button: button2, buttons, ctrlKey }) {
  if (button2 === 0 && buttons === TIP && !ctrlKey) return TIP;
  if (button2 === ERASER_BUTTON && buttons === ERASER) return ERASER;
  return 0;
}
function watchPens(page) {
  const known = PENS.get(page);
  if (known) return known;
  const pens = { isDown: false, since: -Infinity };
  PENS.set(page, pens);
  const note = (event) => notePen(
    pens,
    /** @type {PointerEvent} */
    event
  );
  for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerout"]) {
    page.addEventListener(name, note, true);
  }
  return pens;
}
function notePen(pens, { type, pointerType, buttons, timeStamp }) {
  if (pointerType !== "pen") return;
  if (type === "pointerdown") pens.since = timeStamp;
  pens.isDown = buttons !== 0 && type !== "pointerout";
}
function wasPalm({ isTouch, since }, pens) {
  return isTouch && pens.since > since;
}

// svg.js
function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAll(node, attributes);
  node.append(...children);
  return node;
}
function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}
function icon(path) {
  const attributes = { class: "vw-icon", viewBox: "0 0 24 24", "aria-hidden": "true" };
  return svg("svg", attributes, svg("path", { d: path }));
}
var ICONS = {
  undo: "M9 3 3 8.500 9 14v-4h5a4 4 0 0 1 0 8h-3v2h3a6 6 0 0 0 0-12H9z",
  clear: "M6.400 5 12 10.600 17.600 5 19 6.400 13.400 12 19 17.600 17.600 19 12 13.400 6.400 19 5 17.600 10.600 12 5 6.400z",
  pen: "M4 20l1.200-5L16.600 3.600a1.500 1.500 0 0 1 2.100 0l1.700 1.700a1.500 1.500 0 0 1 0 2.100L9 18.800zM15 8l1.500 1.500 2.200-2.200-1.500-1.500z",
  sample: "M12 4.500c5.500 0 9.500 3.300 9.500 7.500s-4 7.500-9.500 7.500S2.500 16.200 2.500 12 6.500 4.500 12 4.500zm0 2c-4.300 0-7.500 2.400-7.500 5.500s3.200 5.500 7.500 5.500 7.500-2.400 7.500-5.500-3.200-5.500-7.500-5.500zm3 2.700a2.300 2.300 0 1 1 0 4.600 2.300 2.300 0 0 1 0-4.600z",
  reset: "M12 5a7 7 0 1 1-6.6 4.7l1.9.6A5 5 0 1 0 12 7v3L7.5 6 12 2z",
  play: "M7 4.500v15L20 12z",
  pause: "M6 4.500h4.200v15H6zm7.800 0H18v15h-4.200z"
};

// dom.js
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice("on".length), value);
    else node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}
function digitCanvas(attributes) {
  return make("canvas", { class: "vw-digit", width: 28, height: 28, ...attributes });
}
function picture(name, size2) {
  const canvas = digitCanvas({ role: "img", "aria-label": name });
  canvas.style.width = size2 ? `${size2}px` : "100%";
  const caption = make("figcaption", {}, name);
  const root2 = make("figure", { class: "vw-picture" }, canvas, caption);
  const show = (image, words = name, spoken = words) => {
    root2.classList.toggle("vw-blank", !image);
    paint(canvas, image);
    caption.textContent = words;
    canvas.setAttribute("aria-label", spoken);
  };
  return { root: root2, canvas, caption, show };
}
function slider(name, { min, max, step, value }, oninput, text = String) {
  const shown = make("output");
  const input = make("input", { type: "range", min, max, step, "aria-label": name });
  const root2 = make("label", { class: "vw-slider" }, make("span", {}, name), input, shown);
  const set = (number2) => {
    input.value = String(number2);
    input.style.setProperty("--vw-at", `${100 * (number2 - min) / (max - min)}%`);
    shown.textContent = text(number2);
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.addEventListener("input", () => {
    set(input.valueAsNumber);
    oninput(input.valueAsNumber);
  });
  followFirstTouch(input);
  set(value);
  return { root: root2, set };
}
function button(name, onclick, attributes = {}) {
  return make("button", { type: "button", onclick, ...attributes }, name);
}
function iconButton(path, name, onclick) {
  return make("button", { type: "button", onclick }, icon(path), make("span", {}, name));
}
var groups = 0;
function choice(name, words, chosen, onchoose) {
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
function picker(name, { images, labels }, onpick) {
  const thumbnails = [...indicesByClass(labels)].map(
    ([label, indices]) => thumbnail(label, images, indices, onpick)
  );
  const buttons = thumbnails.map((one) => one.root);
  const attributes = { class: "vw-picker", role: "group", "aria-label": name };
  const root2 = make("div", attributes, make("span", {}, name), box("vw-thumbs", ...buttons));
  const mark = (index) => {
    for (const one of thumbnails) one.mark(one.label === labels[index] ? index : null);
  };
  return { root: root2, mark };
}
function thumbnail(label, images, indices, onpick) {
  const canvas = digitCanvas({ "aria-hidden": "true" });
  paint(canvas, imageAt(images, indices[0]));
  let presses = 0;
  const root2 = make("button", { type: "button", "aria-label": `a ${label}` }, canvas);
  root2.addEventListener("click", () => {
    onpick(indices[presses % indices.length]);
    presses += 1;
  });
  const mark = (index) => {
    root2.setAttribute("aria-pressed", String(index !== null));
    if (index !== null) paint(canvas, imageAt(images, index));
  };
  mark(null);
  return { root: root2, label, mark };
}
function eachFrame(act) {
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
function root(name, ...children) {
  const attributes = {
    class: "vae-widget",
    "aria-label": name,
    "data-lm-suppress-shortcuts": "true"
  };
  const node = make("section", attributes, ...children);
  for (const event of ["keydown", "keypress", "keyup"]) {
    node.addEventListener(event, (pressed) => pressed.stopPropagation());
  }
  return node;
}
function box(name, ...children) {
  return make("div", { class: name }, ...children);
}
function heading(words, symbol) {
  return make("h3", {}, words, ...symbol ? [" ", make("i", {}, symbol)] : []);
}
function liveWords(name) {
  return make("p", { class: name, "aria-live": "polite" });
}
function setWords(node, words) {
  if (node.textContent !== words) node.textContent = words;
}
function number(value, digits) {
  return value.toFixed(digits).replace("-", "−");
}
var EXPONENT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
function nats(value, digits = 1) {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) < 1e5) return number(value, digits);
  const [factor, exponent] = value.toExponential(digits).split("e+");
  const raised = [...exponent].map((digit) => EXPONENT[Number(digit)]).join("");
  return `${factor.replace("-", "−")}·10${raised}`;
}
function place(z, digits = 2) {
  return `(${number(z[0], digits)}, ${number(z[1], digits)})`;
}
function addAsShown(one, other) {
  const [first, second] = [Math.round(10 * one), Math.round(10 * other)];
  return [first, second, first + second].map((tenths) => (tenths / 10).toFixed(1));
}

// examples.js
var ROUND = 24;
var CORNERS = 5;
var INNER = 0.42;
var EXAMPLES = [
  {
    name: "a 4",
    lines: [
      [
        [0.34, 0.17],
        [0.26, 0.52],
        [0.74, 0.52]
      ],
      [
        [0.67, 0.17],
        [0.64, 0.84]
      ]
    ]
  },
  {
    name: "an 8",
    lines: [[...arc([0.5, 0.33], 0.15, 90, 450), ...arc([0.5, 0.67], 0.18, -90, 270)]]
  },
  {
    name: "a letter A",
    lines: [
      [
        [0.2, 0.84],
        [0.5, 0.16],
        [0.8, 0.84]
      ],
      [
        [0.32, 0.6],
        [0.68, 0.6]
      ]
    ]
  },
  { name: "a star", lines: [star([0.5, 0.53], 0.38)] }
];
function createExamples(ondraw) {
  const buttons = EXAMPLES.map(
    ({ name, lines }) => make(
      "button",
      { type: "button", "aria-label": `Draw ${name}`, title: name, onclick: () => ondraw(lines) },
      pictogram(lines)
    )
  );
  const row = box("vw-examples", make("span", {}, "or try"), ...buttons);
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Examples");
  return row;
}
function pictogram(lines) {
  const paths = lines.map(
    (line) => svg("polyline", { points: line.map(([x, y]) => `${24 * x},${24 * y}`).join(" ") })
  );
  return svg("svg", { class: "vw-icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, ...paths);
}
function arc([x, y], radius, start, end) {
  return Array.from({ length: ROUND + 1 }, (_, k) => {
    const angle = (start + (end - start) * k / ROUND) * Math.PI / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}
function star([x, y], radius) {
  return Array.from({ length: 2 * CORNERS + 1 }, (_, k) => {
    const angle = Math.PI * k / CORNERS - Math.PI / 2;
    const reach = k % 2 === 0 ? radius : INNER * radius;
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  });
}

// scale.js
function linearScale([domainStart, domainEnd], [rangeStart, rangeEnd]) {
  const slope = (rangeEnd - rangeStart) / (domainEnd - domainStart);
  const scale = (value) => rangeStart + slope * (value - domainStart);
  scale.invert = (place2) => domainStart + (place2 - rangeStart) / slope;
  return scale;
}
function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

// frame.js
var FAINT2 = 0.02;
var SIDE = 28;
var DIGIT = 20;
function frame(ink, width, height) {
  const box2 = boundingBox(ink, width, height);
  if (!box2) return null;
  const side = Math.max(box2.wide, box2.high);
  const small = shrink(ink, width, box2, side);
  return { image: centre(small), side };
}
function boundingBox(ink, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (ink[y * width + x] <= FAINT2) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? null : { left, top, wide: right - left + 1, high: bottom - top + 1 };
}
function shrink(ink, width, box2, side) {
  const shrunk = (length) => Math.max(1, Math.round(DIGIT * length / side));
  const columns = shares(box2.left, box2.wide, shrunk(box2.wide));
  const rows = shares(box2.top, box2.high, shrunk(box2.high));
  const mean = (row, column) => {
    let sum = 0;
    for (const [y, rowShare] of row) {
      for (const [x, columnShare] of column) sum += rowShare * columnShare * ink[y * width + x];
    }
    return sum;
  };
  return rows.map((row) => columns.map((column) => mean(row, column)));
}
function centre(small) {
  let mass = 0;
  let momentX = 0;
  let momentY = 0;
  small.forEach((row, y) => {
    row.forEach((value, x) => {
      mass += value;
      momentX += value * (x + 0.5);
      momentY += value * (y + 0.5);
    });
  });
  const offset = (moment, length) => clamp(Math.round(SIDE / 2 + 0.5 - moment / mass), 0, SIDE - length);
  const left = offset(momentX, small[0].length);
  const top = offset(momentY, small.length);
  const image = new Float32Array(SIDE * SIDE);
  small.forEach((row, y) => {
    row.forEach((value, x) => {
      image[(y + top) * SIDE + x + left] = Math.min(1, value);
    });
  });
  return image;
}
function shares(start, length, count) {
  const step = length / count;
  return Array.from({ length: count }, (_, k) => {
    const [from, to] = [k * step, (k + 1) * step];
    const part = [];
    for (let pixel = Math.floor(from); pixel < to - 1e-9; pixel++) {
      const overlap = Math.min(pixel + 1, to) - Math.max(pixel, from);
      if (overlap > 1e-9) part.push([start + Math.min(pixel, length - 1), overlap / step]);
    }
    return part;
  });
}

// funnel.js
function funnel(part, sizes, symbols) {
  const [from, to] = sizes.map((size2) => make("span", {}, size2));
  const words = box(
    "vw-funnel-words",
    make("b", {}, part),
    box("vw-sizes", from, make("span", {}, "→"), to)
  );
  const ends = symbols.flatMap((symbol) => [
    make("i", { class: "vw-end" }, symbol),
    box("vw-link")
  ]);
  const attributes = { class: `vw-funnel vw-funnel-${part}`, "aria-hidden": "true" };
  return make("div", attributes, box("vw-cone"), words, ...ends);
}
function drawThread(context, [fromX, fromY], [toX, toY], color, isAcross = true) {
  const [bendX, bendY] = isAcross ? [(toX - fromX) / 2, 0] : [0, (toY - fromY) / 2];
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.bezierCurveTo(fromX + bendX, fromY + bendY, toX - bendX, toY - bendY, toX, toY);
  for (
    const [width, style] of
    /** @type {const} */
    [
      [5, "rgb(255 255 255 / 0.7)"],
      [2, `${color}80`]
      // half of it: the points and the names of classes come first
    ]
  ) {
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  }
}

// gauge.js
function createGauge(scale, refusal) {
  const mark = make("i");
  const line = box("vw-gauge", mark);
  const words = box("vw-scale", ...scale.map((one) => make("span", {}, one)));
  const root2 = make("div", { class: "vw-rank", "aria-hidden": "true" }, line, words);
  if (refusal) {
    line.append(make("s", { style: `left: ${refusal.from}%` }));
    root2.prepend(make("span", { class: "vw-refusal" }, refusal.words));
  }
  return {
    root: root2,
    /** @param {number | null} percent */
    show(percent2) {
      mark.hidden = percent2 === null;
      mark.style.left = `${percent2 ?? 0}%`;
    }
  };
}

// loss_line.js
function createLossLine() {
  const [loss, reconstruction, kl] = [make("b"), make("b"), make("b")];
  const rank2 = make("p", { class: "vw-words" });
  const gauge = createGauge(["lowest", "among the test digits", "highest"]);
  const term = (part, name, value) => make("div", { class: `vw-term vw-term-${part}` }, value, make("span", {}, name));
  const sign = (symbol) => make("span", { class: "vw-sign" }, symbol);
  const sum = box(
    "vw-sum",
    term("loss", "loss", loss),
    sign("="),
    term("reconstruction", "reconstruction", reconstruction),
    sign("+"),
    term("kl", "KL", kl),
    make("span", { class: "vw-unit" }, "nats")
  );
  const meaning = make(
    "p",
    { class: "vw-lower-is-better" },
    "loss: the negative ELBO; lower is better"
  );
  const more = make(
    "details",
    { class: "vw-more" },
    make("summary", {}, "Compare with the test digits"),
    rank2,
    gauge.root
  );
  return {
    root: box("vw-loss", sum, meaning, more),
    /** @param {Loss | null} reading */
    show(reading) {
      const shown = reading ? addAsShown(reading.reconstruction, reading.kl) : ["", "", ""];
      [reconstruction.textContent, kl.textContent, loss.textContent] = shown;
      gauge.show(reading?.percentile ?? null);
      rank2.textContent = describe(reading?.percentile ?? null);
    }
  };
}
function describe(percentile) {
  return percentile === null ? "" : `${percentile}% of the test digits have a lower loss.`;
}

// lens.js
var FILLED = 0.4;
var LEAST = 3;
var RING = 12;
var ROUND2 = [8, 6, 5, 4, 3, 2, 1];
var NUMERALS = 40;
var OWN = 0.5;
function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (ROUND2.find((digit) => digit * power <= value) ?? 1);
}
function magnify(logVar, radius, unit) {
  const deviation = Math.exp(0.5 * Math.max(logVar[0], logVar[1]));
  const magnification = roundDown(FILLED * radius / (deviation * unit));
  return magnification < LEAST ? null : magnification;
}
function lensAt(center2, radius, magnification, unit, mean) {
  const scale = magnification * unit;
  return {
    center: center2,
    radius,
    magnification,
    toPixels: (z) => [center2[0] + scale * (z[0] - mean[0]), center2[1] - scale * (z[1] - mean[1])]
  };
}
function distance([x, y], [otherX, otherY]) {
  return Math.hypot(x - otherX, y - otherY);
}
function drawEllipses(context, toPixels, { mean, logVar }) {
  const deviation = logVar.map((value) => Math.exp(0.5 * value));
  const [x, y] = toPixels(mean);
  const [right, top] = toPixels([mean[0] + deviation[0], mean[1] + deviation[1]]);
  context.fillStyle = INK_TINT;
  for (const deviations of [2, 1]) {
    context.beginPath();
    context.ellipse(x, y, deviations * (right - x), deviations * (y - top), 0, 0, 2 * Math.PI);
    context.fill();
    for (
      const [width, color] of
      /** @type {const} */
      [
        [4, "white"],
        [1.5, INK]
      ]
    ) {
      context.lineWidth = width;
      context.strokeStyle = color;
      context.stroke();
    }
  }
}
function drawMarker(context, place2) {
  drawDot(context, place2, 9.5, "white");
  drawDot(context, place2, 6.5, INK);
}
function drawInLens(context, lens, posterior, digits, drawInside) {
  context.save();
  context.beginPath();
  context.arc(...lens.center, lens.radius, 0, 2 * Math.PI);
  context.fillStyle = "white";
  context.fill();
  context.clip();
  drawNeighbours(context, lens, digits);
  drawEllipses(context, lens.toPixels, posterior);
  drawDot(context, lens.center, 3.5, INK);
  drawInside(lens.toPixels);
  context.restore();
}
function drawRing(context, place2, color) {
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(...place2, RING, 0, 2 * Math.PI);
  context.stroke();
}
function rowsInLens({ center: center2, radius, toPixels }, codes) {
  const rows = Array.from({ length: codes.length / 2 }, (_, row) => row);
  return rows.filter((row) => {
    const apart = distance(toPixels(codeAt(codes, row)), center2);
    return apart > OWN && apart < radius;
  });
}
function drawNeighbours(context, lens, { codes, labels }) {
  const rows = rowsInLens(lens, codes);
  context.font = `700 14px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const row of rows) {
    const place2 = lens.toPixels(codeAt(codes, row));
    const color = DIGITS[labels[row] % DIGITS.length];
    if (rows.length > NUMERALS) drawDot(context, place2, 2.5, color);
    else haloText(context, String(labels[row]), ...place2, { halo: 3, color });
  }
}

// sharp_canvas.js
var SHARPEST = 2;
function createSharpCanvas(name, className, resized) {
  const canvas = make("canvas", { class: className, role: "img", "aria-label": name });
  const size2 = { width: 0, height: 0 };
  const watcher = new ResizeObserver(([{ contentRect }]) => {
    const [width, height] = [Math.round(contentRect.width), Math.round(contentRect.height)];
    if (width === size2.width && height === size2.height) return;
    Object.assign(size2, { width, height });
    resized();
  });
  watcher.observe(canvas);
  return {
    canvas,
    size: size2,
    /** A context on clean white paper, or null while the canvas has no size. */
    begin() {
      if (size2.width === 0 || size2.height === 0) return null;
      const scale = Math.min(SHARPEST, globalThis.devicePixelRatio || 1);
      const [width, height] = [Math.round(scale * size2.width), Math.round(scale * size2.height)];
      if (canvas.width !== width || canvas.height !== height)
        Object.assign(canvas, { width, height });
      const context = contextOf(canvas);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.fillStyle = "white";
      context.fillRect(0, 0, size2.width, size2.height);
      return context;
    },
    close: () => watcher.disconnect()
  };
}

// lens_below.js
var NAME = "Lens";
var ROUND3 = 6;
function createLensBelow(mapRoot, digits) {
  const sharp = createSharpCanvas(NAME, "vw-lens-canvas", () => draw());
  const line = svg("path");
  const drawing = svg("svg", { class: "vw-lens-line", "aria-hidden": "true" }, line);
  const root2 = box("vw-lens", drawing, sharp.canvas);
  let held = null;
  let unit = 1;
  let magnification = null;
  const radius = () => sharp.canvas.clientWidth / 2;
  const draw = () => {
    if (!held || magnification === null) return;
    const context = sharp.begin();
    if (!context) return;
    const { posterior, samples } = held;
    const half = sharp.size.width / 2;
    const lens = lensAt([half, half], half, magnification, unit, posterior.mean);
    drawInLens(context, lens, posterior, digits, (toPixels) => {
      drawSamples(context, samples.map(toPixels));
    });
  };
  const drawLine3 = (x) => {
    const [lens, map] = [sharp.canvas, mapRoot].map((one) => one.getBoundingClientRect());
    const start = x + map.left - lens.left;
    setAll(line, { d: elbow([start, map.bottom - lens.top], [lens.width / 2, 0]) });
  };
  return {
    root: root2,
    /** Puts it away. */
    hide() {
      held = null;
      root2.hidden = true;
    },
    /**
     * Holds it over a posterior and samples of it, the last of which is in use; draws on the map what
     * joins the two, or the ellipses themselves where they need no lens.
     *
     * @param {CanvasRenderingContext2D} context of the map
     * @param {View} view
     * @param {Held} next
     * @returns {{ magnification: number, neighbours: number } | null} how much it magnifies, and how
     *   many of the digits lie in it
     */
    show(context, view, next) {
      const { posterior, samples } = next;
      const place2 = view.toPixels(posterior.mean);
      held = next;
      unit = view.unit;
      root2.hidden = false;
      magnification = magnify(posterior.logVar, radius(), unit);
      root2.hidden = magnification === null;
      if (magnification === null) {
        drawEllipses(context, view.toPixels, posterior);
        drawSamples(context, samples.map(view.toPixels));
        return null;
      }
      drawRing(context, place2, LATENT);
      drawLine3(place2[0]);
      sharp.canvas.setAttribute("aria-label", describe2(magnification, samples.length));
      draw();
      const seen = lensAt([0, 0], radius(), magnification, unit, posterior.mean);
      return { magnification, neighbours: rowsInLens(seen, digits.codes).length };
    }
  };
}
function drawSamples(context, places) {
  const last = places[places.length - 1];
  for (const place2 of places.slice(0, -1)) drawDot(context, place2, 2.5, `${NOISE}90`);
  if (!last) return;
  drawDot(context, last, 6.5, "white");
  drawDot(context, last, 5, INK);
  drawDot(context, last, 4, NOISE);
}
function describe2(magnification, count) {
  const samples = count > 0 ? `; samples of it as dots: ${count}` : "";
  return `${NAME}: the posterior, ${magnification} times as large as on the map${samples}`;
}
function elbow([fromX, fromY], [toX, toY]) {
  const middle = (fromY + toY) / 2;
  const round = Math.min(ROUND3, (toY - fromY) / 2, Math.abs(toX - fromX) / 2);
  const side = toX < fromX ? -round : round;
  return `M${fromX} ${fromY}V${middle - round}q0 ${round} ${side} ${round}H${toX - side}q${side} 0 ${side} ${round}V${toY}`;
}

// class_names.js
var BANDWIDTH = 0.09;
var ROUNDS = 4;
var STARTS = 24;
var DENSER = 1.25;
var FOLLOWS = 0.12;
var APART = 0.15;
function placeNames(codes, labels, reach) {
  const width = BANDWIDTH * reach;
  const classes = [...indicesByClass(labels)];
  const dense2 = classes.map(([, rows]) => densestOfAll(codes, rows, width));
  const wanted = pushApart(dense2, APART * reach);
  return classes.map(([label], k) => ({ label, x: wanted[k][0], y: wanted[k][1] }));
}
function createNamePlacer(labels) {
  const classes = [...indicesByClass(labels)];
  let dense2 = [];
  let names = [];
  return {
    /** Forgets the places: the next ones are taken at once. */
    reset() {
      dense2 = [];
      names = [];
    },
    /**
     * @param {ArrayLike<number>} codes
     * @param {number} reach
     * @returns {Name[]}
     */
    place(codes, reach) {
      const width = BANDWIDTH * reach;
      dense2 = classes.map(([, rows], k) => densest(codes, rows, width, dense2[k]));
      const wanted = pushApart(dense2, APART * reach);
      names = classes.map(([label], k) => {
        const [x, y] = wanted[k];
        const from = names[k] ?? { x, y };
        return { label, x: from.x + FOLLOWS * (x - from.x), y: from.y + FOLLOWS * (y - from.y) };
      });
      return names;
    }
  };
}
function densest(codes, rows, width, before) {
  const anew = climb(codes, rows, width, meanOf(codes, rows));
  if (!before) return [anew.x, anew.y];
  const followed = climb(codes, rows, width, before);
  const best = anew.density > DENSER * followed.density ? anew : followed;
  return [best.x, best.y];
}
function densestOfAll(codes, rows, width) {
  const step = Math.ceil(rows.length / STARTS);
  let best = climb(codes, rows, width, meanOf(codes, rows));
  for (let k = 0; k < rows.length; k += step) {
    const start = climb(codes, rows, width, [codes[2 * rows[k]], codes[2 * rows[k] + 1]]);
    if (start.density > best.density) best = start;
  }
  return [best.x, best.y];
}
function meanOf(codes, rows) {
  let [x, y] = [0, 0];
  for (const row of rows) {
    x += codes[2 * row] / rows.length;
    y += codes[2 * row + 1] / rows.length;
  }
  return [x, y];
}
function climb(codes, rows, width, start) {
  let [x, y] = start;
  let density = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let [sumX, sumY] = [0, 0];
    density = 0;
    for (const row of rows) {
      const [codeX, codeY] = [codes[2 * row], codes[2 * row + 1]];
      const weight = Math.exp(-((codeX - x) ** 2 + (codeY - y) ** 2) / (2 * width * width));
      density += weight;
      sumX += weight * codeX;
      sumY += weight * codeY;
    }
    if (density < 1e-6) return { x, y, density: 0 };
    [x, y] = [sumX / density, sumY / density];
  }
  return { x, y, density };
}
function pushApart(places, distance2) {
  const moved = places.map(([x, y]) => [x, y]);
  for (let round = 0; round < 12; round++) {
    for (let k = 0; k < moved.length; k++) {
      for (let other = 0; other < k; other++) separate(moved[k], moved[other], distance2, k);
    }
  }
  return moved;
}
function separate(one, other, distance2, turn) {
  let [x, y] = [one[0] - other[0], one[1] - other[1]];
  let length = Math.hypot(x, y);
  if (length >= distance2) return;
  if (length < 1e-9) {
    [x, y, length] = [Math.cos(turn), Math.sin(turn), 1];
    one[0] += 1e-6 * x;
    one[1] += 1e-6 * y;
  }
  const push = (distance2 - Math.min(length, distance2)) / 2 / length;
  one[0] += push * x;
  one[1] += push * y;
  other[0] -= push * x;
  other[1] -= push * y;
}
function keepClear(names, place2, distance2) {
  if (!place2) return names;
  return names.map((name) => {
    const [right, up] = [name.x - place2[0], name.y - place2[1]];
    const apart = Math.hypot(right, up);
    if (apart >= distance2) return name;
    const [x, y] = apart > 0 ? [right / apart, up / apart] : [0, 1];
    return { ...name, x: place2[0] + distance2 * x, y: place2[1] + distance2 * y };
  });
}

// keys.js
var DIRECTIONS = /* @__PURE__ */ new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, 1]],
  ["ArrowDown", [0, -1]]
]);
function arrowStep({ key, shiftKey }, step, leap) {
  const direction = DIRECTIONS.get(key);
  if (!direction) return null;
  const length = shiftKey ? leap : step;
  return [length * direction[0], length * direction[1]];
}

// plane.js
var MARGIN = { left: 34, right: 10, top: 26, bottom: 26 };
var NO_MARGIN = { left: 0, right: 0, top: 0, bottom: 0 };
var RADII = { few: 1.9, many: 1.5 };
var MANY = 800;
var SMALL = 12;
var CIRCLES = [1, 2, 3];
var ANGLES = Array.from({ length: 16 }, (_, k) => (k - 2) * Math.PI / 8);
var NEAR = 0.07;
var OF_A_CLASS = 40;
var STAYS = 3;
function createView({ width, height }, reach, isBare = false) {
  const { left, right, top, bottom } = isBare ? NO_MARGIN : MARGIN;
  const side = Math.min(width - left - right, height - top - bottom);
  const x = linearScale([-reach, reach], [left, left + side]);
  const y = linearScale([-reach, reach], [top + side, top]);
  const toPixels = (z) => [x(z[0]), y(z[1])];
  const unit = side / 2 / reach;
  return { width, height, left, top, side, reach, x, y, toPixels, unit, isBare };
}
function clipped(context, { left, top, side }, draw) {
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  draw();
  context.restore();
}
function ticksOf(reach) {
  const step = [1, 2, 5, 10, 20, 50, 100].find((one) => reach / one <= 5) ?? Math.ceil(reach / 4);
  const most = Math.floor(reach / step);
  return Array.from({ length: 2 * most + 1 }, (_, k) => (k - most) * step);
}
function drawFrame(context, view) {
  const { left, top, side } = view;
  context.strokeStyle = RULE;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  if (!view.isBare) drawTicks(context, view);
  nameAxes(context, view);
}
function drawTicks(context, { left, top, side, reach, x, y }) {
  context.fillStyle = GREY;
  context.font = `12px ${FONT}`;
  const [end, under] = [left + side, top + side];
  for (const value of ticksOf(reach)) {
    const words = String(value).replace("-", "−");
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(words, left - 7, y(value));
    if (end - x(value) < 46) continue;
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(words, x(value), under + 7);
  }
}
function nameAxes(context, { left, top, side, isBare }) {
  const [end, under] = [left + side, top + side];
  context.fillStyle = INK;
  context.font = `italic 14px ${FONT}`;
  context.textBaseline = "top";
  context.textAlign = "right";
  context.fillText("z₁ →", isBare ? end - 7 : end, isBare ? under - 21 : under + 5);
  context.textAlign = "left";
  context.fillText("↑ z₂", isBare ? left + 6 : left - 14, isBare ? top + 6 : top - 21);
}
function drawPoints(context, toPixels, codes, classes, opacity) {
  const radius = codes.length / 2 > MANY ? RADII.many : RADII.few;
  context.globalAlpha = opacity;
  for (const [label, rows] of classes) {
    context.beginPath();
    for (const row of rows) {
      const [x, y] = toPixels([codes[2 * row], codes[2 * row + 1]]);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fillStyle = DIGITS[label % DIGITS.length];
    context.fill();
  }
  context.globalAlpha = 1;
}
function nameCircles(codes, names, reach, before = []) {
  const near = NEAR * reach;
  const inTheWay = (x, y) => {
    let count = 0;
    for (let k = 0; k < codes.length; k += 2) {
      if (Math.hypot(codes[k] - x, codes[k + 1] - y) < near) count += 1;
    }
    const hits = names.filter((name) => Math.hypot(name.x - x, name.y - y) < 1.7 * near).length;
    return count + OF_A_CLASS * hits;
  };
  return CIRCLES.map((radius, k) => {
    let best = before[k] ?? ANGLES[0];
    let least = inTheWay(radius * Math.cos(best), -radius * Math.sin(best));
    if (before[k] !== void 0) least -= STAYS;
    for (const angle of ANGLES) {
      const count = inTheWay(radius * Math.cos(angle), -radius * Math.sin(angle));
      if (count < least) [best, least] = [angle, count];
    }
    return best;
  });
}
function drawCircles(context, { toPixels, unit }) {
  context.strokeStyle = "rgb(43 43 43 / 0.42)";
  context.lineWidth = 1;
  for (const deviations of CIRCLES) {
    context.beginPath();
    context.arc(...toPixels([0, 0]), deviations * unit, 0, 2 * Math.PI);
    context.stroke();
  }
}
function drawNamesOfCircles(context, { toPixels, unit }, angles) {
  if (unit < SMALL) return;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `12px ${FONT}`;
  context.lineJoin = "round";
  for (const [k, deviations] of CIRCLES.entries()) {
    const code = [deviations * Math.cos(angles[k]), -deviations * Math.sin(angles[k])];
    haloText(context, `${deviations}σ`, ...toPixels(code), { halo: 5, color: INK });
  }
}
function drawNames(context, { toPixels, side }, names, opacity) {
  if (opacity === 0) return;
  context.globalAlpha = opacity;
  context.font = `700 ${Math.round(Math.max(18, side / 16))}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { label, x, y } of names) {
    const [left, top] = toPixels([x, y]);
    const color = DIGITS[label % DIGITS.length];
    haloText(context, String(label), left, top, { halo: 6, color });
  }
  context.globalAlpha = 1;
}
function codeNear(codes, toPixels, [x, y], within) {
  let found = null;
  let least = within;
  for (let k = 0; k < codes.length / 2; k++) {
    const [left, top] = toPixels(codeAt(codes, k));
    const distance2 = Math.hypot(left - x, top - y);
    if (distance2 < least) [found, least] = [k, distance2];
  }
  return found;
}
function drawSingled(context, { toPixels, left, side }, code, label) {
  const [x, y] = toPixels(code);
  const color = DIGITS[label % DIGITS.length];
  drawDot(context, [x, y], 6.5, "white");
  drawDot(context, [x, y], 5, color);
  const isRight = x > left + side - 34;
  const [across, up] = [x + (isRight ? -19 : 19), y - 15];
  drawDot(context, [across, up], 12.5, color);
  drawDot(context, [across, up], 10.5, "white");
  context.font = `700 15px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = INK;
  context.fillText(String(label), across, up + 1);
}

// regions.js
var CELLS = 72;
var BANDWIDTH2 = 2.2;
var EDGE = [0.5, 0.9];
var TINT = 0.16;
var KERNEL = Array.from({ length: 15 }, (_, k) => Math.exp(-((k - 7) ** 2) / 2 / BANDWIDTH2 ** 2));
function tintRegions(codes, classes, reach) {
  return classes.map(([label, rows]) => {
    const cells = rows.map((row) => cellOf(codes[2 * row], codes[2 * row + 1], reach));
    const density = estimateDensity(cells);
    const level = levelOfHalf(density, cells);
    return tint(density, level, DIGITS[label % DIGITS.length]);
  });
}
function cellOf(x, y, reach) {
  const column = Math.floor(CELLS * (x + reach) / (2 * reach));
  const row = Math.floor(CELLS * (reach - y) / (2 * reach));
  const isInside = Math.min(column, row) >= 0 && Math.max(column, row) < CELLS;
  return isInside ? row * CELLS + column : -1;
}
function estimateDensity(cells) {
  const counts = new Float32Array(CELLS * CELLS);
  for (const cell of cells) if (cell >= 0) counts[cell] += 1;
  return smooth(smooth(counts, 1, CELLS), CELLS, 1);
}
function smooth(values, along, across) {
  const smoothed = new Float32Array(values.length);
  const half = (KERNEL.length - 1) / 2;
  for (let line = 0; line < CELLS; line++) {
    for (let cell = 0; cell < CELLS; cell++) {
      const value = values[line * across + cell * along];
      if (value === 0) continue;
      const last = Math.min(CELLS - 1, cell + half);
      for (let to = Math.max(0, cell - half); to <= last; to++) {
        smoothed[line * across + to * along] += value * KERNEL[to - cell + half];
      }
    }
  }
  return smoothed;
}
function levelOfHalf(density, cells) {
  const found = cells.map((cell) => cell < 0 ? 0 : density[cell]).sort((a, b) => a - b);
  return found[Math.floor(found.length / 2)];
}
function tint(density, level, color) {
  const canvas = make("canvas", { width: CELLS, height: CELLS });
  const context = contextOf(canvas);
  const pixels = context.createImageData(CELLS, CELLS);
  const parts = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  for (const [k, value] of density.entries()) {
    const share2 = clamp((value / (level || 1) - EDGE[0]) / (EDGE[1] - EDGE[0]), 0, 1);
    pixels.data.set([...parts, 255 * TINT * share2], 4 * k);
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

// vae.js
var GELU_CUBIC = 0.044715;
var GELU_SCALE = Math.sqrt(2 / Math.PI);
function unpackWeights(view, layers) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let start = 0;
  const take = (length) => {
    const taken = bytes.slice(start, start + length);
    start += length;
    return taken.buffer;
  };
  const parts = {};
  for (const { part, rows, columns, scale } of layers) {
    const count = rows * columns;
    const kernel = scale ? scaledBytes(new Int8Array(take(count)), scale) : halfFloats(new Uint16Array(take(2 * count)));
    const bias = new Float32Array(take(4 * columns));
    parts[part] ??= [];
    parts[part].push({ kernel, bias, columns });
  }
  return parts;
}
function encode(vae, image) {
  let hidden = image;
  for (const layer of vae.encoder) hidden = dense(hidden, layer).map(gelu);
  return { mean: dense(hidden, vae.z_mean[0]), logVar: dense(hidden, vae.z_log_var[0]) };
}
function decodeLogits(vae, z) {
  const hiddenLayers = vae.decoder.slice(0, -1);
  const lastLayer = vae.decoder[vae.decoder.length - 1];
  let hidden = Float32Array.from(z);
  for (const layer of hiddenLayers) hidden = dense(hidden, layer).map(gelu);
  return dense(hidden, lastLayer);
}
function decode(vae, z) {
  return decodeLogits(vae, z).map(sigmoid);
}
function elboTerms(vae, image, posterior, epsilons) {
  let reconstruction = 0;
  for (const epsilon of epsilons) {
    const logits = decodeLogits(vae, sample(posterior, epsilon));
    reconstruction += bernoulliNll(image, logits) / epsilons.length;
  }
  return { reconstruction, kl: gaussianKl(posterior) };
}
function gaussianKl({ mean, logVar }) {
  let kl = 0;
  for (let k = 0; k < mean.length; k++) {
    kl += 0.5 * (mean[k] ** 2 + Math.expm1(logVar[k]) - logVar[k]);
  }
  return kl;
}
function bernoulliNll(image, logits) {
  let nll = 0;
  for (let k = 0; k < logits.length; k++) {
    const softplus = Math.max(logits[k], 0) + Math.log1p(Math.exp(-Math.abs(logits[k])));
    nll += softplus - image[k] * logits[k];
  }
  return nll;
}
function sample({ mean, logVar }, epsilon) {
  return mean.map((mu, k) => mu + Math.exp(0.5 * logVar[k]) * epsilon[k]);
}
function samplePosterior(posterior, uniform) {
  const epsilon = Float32Array.from(posterior.mean, () => normal(uniform));
  return { epsilon, z: sample(posterior, epsilon) };
}
function normals(count, dim, seed) {
  const uniform = makeUniform(seed);
  const sampleNormal = () => normal(uniform);
  return Array.from({ length: count }, () => Float32Array.from({ length: dim }, sampleNormal));
}
function makeUniform(seed) {
  const state = Int32Array.of(seed);
  return () => {
    state[0] += 1831565813;
    let mixed = Math.imul(state[0] ^ state[0] >>> 15, 1 | state[0]);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
function normal(uniform) {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  return radius * Math.cos(2 * Math.PI * uniform());
}
function nearest(codes, dim, z, k = 1) {
  const found = [];
  for (let row = 0; row * dim < codes.length; row++) {
    const square = squaredDistance(codes, row * dim, z, dim);
    const isFarther = found.length === k && square >= found[k - 1].square;
    if (isFarther) continue;
    const place2 = found.findIndex((one) => square < one.square);
    found.splice(place2 < 0 ? found.length : place2, 0, { row, square });
    if (found.length > k) found.pop();
  }
  return found.map(({ row, square }) => ({ row, distance: Math.sqrt(square) }));
}
function squaredDistance(codes, start, z, dim) {
  let square = 0;
  for (let d = 0; d < dim; d++) square += (codes[start + d] - z[d]) ** 2;
  return square;
}
function sigmoid(logit) {
  return 1 / (1 + Math.exp(-logit));
}
function gelu(x) {
  return 0.5 * x * (1 + Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x ** 3)));
}
function dense(x, { kernel, bias, columns }) {
  const out = Float32Array.from(bias);
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    if (value === 0) continue;
    const start = i * columns;
    for (let j = 0; j < columns; j++) out[j] += value * kernel[start + j];
  }
  return out;
}
function scaledBytes(bytes, scale) {
  return new Float32Array(bytes).map((value) => value * scale);
}
function halfFloats(bits) {
  return new Float32Array(bits).map((half) => {
    const sign = half & 32768 ? -1 : 1;
    const exponent = half >> 10 & 31;
    const fraction = (half & 1023) / 1024;
    if (exponent === 0) return sign * 2 ** -14 * fraction;
    return sign * 2 ** (exponent - 15) * (1 + fraction);
  });
}

// map.js
var REACH = 3.5;
var STEP = 0.05;
var LEAP = 0.5;
var WITHIN = 14;
var APART2 = 0.15;
var OPACITY = 0.62;
var LIGHTER = 0.4;
var HOVER = "(hover: hover)";
function createMap(name, { isBare = false } = {}) {
  const sharp = createSharpCanvas(name, "vw-plane-canvas", () => drawAll());
  const surface = box("vw-map");
  const root2 = box(isBare ? "vw-plane vw-bare" : "vw-plane", sharp.canvas, surface);
  const below = make("canvas");
  let opacity = OPACITY;
  let drawContent = () => {
  };
  const upper = {
    reach: REACH,
    digits: null,
    singled: null,
    marked: null,
    angles: [],
    under: () => {
    },
    above: () => {
    }
  };
  const drawAll = () => {
    const context = sharp.begin();
    if (!context) return;
    const view = createView(sharp.size, upper.reach, isBare);
    drawFrame(context, view);
    clipped(context, view, () => drawContent(context, view));
    Object.assign(below, { width: sharp.canvas.width, height: sharp.canvas.height });
    below.getContext("2d")?.drawImage(sharp.canvas, 0, 0);
    drawUpper(context, view, upper);
  };
  const redraw = () => {
    const context = sharp.begin();
    if (!context) return;
    context.drawImage(below, 0, 0, sharp.size.width, sharp.size.height);
    drawUpper(context, createView(sharp.size, upper.reach, isBare), upper);
  };
  const show = (spoken, draw) => {
    drawContent = draw;
    upper.singled = null;
    sharp.canvas.setAttribute("aria-label", `${name}: ${spoken}`);
    drawAll();
  };
  followHover(surface, (event) => {
    const before = upper.singled;
    upper.singled = null;
    if (event && upper.digits) {
      const { left, top } = sharp.canvas.getBoundingClientRect();
      const { toPixels } = createView(sharp.size, upper.reach, isBare);
      const place2 = (
        /** @type {Point} */
        [event.clientX - left, event.clientY - top]
      );
      upper.singled = codeNear(upper.digits.codes, toPixels, place2, WITHIN);
    }
    if (upper.singled !== before) redraw();
  });
  const drawNothing = () => {
    upper.digits = null;
    show("empty, with the prior's circles", (context, view) => {
      drawCircles(context, view);
    });
  };
  drawNothing();
  return {
    root: root2,
    surface,
    drawNothing,
    /** The points step back behind what lies above, or come forward again. @param {boolean} isOn */
    stepBack(isOn) {
      const before = opacity;
      opacity = isOn ? LIGHTER : OPACITY;
      if (opacity !== before) drawAll();
    },
    /** How far the plane reaches to each side, from what is drawn next. @param {number} value */
    setReach(value) {
      upper.reach = value;
    },
    /** @param {Float32Array} codes @param {Uint8Array} labels */
    drawDigits(codes, labels, spoken = `${labels.length} digits as points at their codes`) {
      const { reach } = upper;
      const names = placeNames(codes, labels, reach);
      const classes = [...indicesByClass(labels)];
      const regions = tintRegions(codes, classes, reach);
      upper.digits = { codes, labels, names };
      show(spoken, (context, view) => {
        for (const one of regions)
          context.drawImage(one, view.left, view.top, view.side, view.side);
        drawPoints(context, view.toPixels, codes, classes, opacity);
        drawCircles(context, view);
      });
    },
    /** @param {Vae} vae */
    drawManifold(vae, steps = 20) {
      const decoded = decodeGrid(vae, steps, upper.reach);
      upper.digits = null;
      show(`${steps} by ${steps} decoded digits, each at its code`, (context, view) => {
        context.drawImage(decoded, view.left, view.top, view.side, view.side);
        drawCircles(context, view);
      });
    },
    /**
     * @param {Draw} draw
     * @param {ArrayLike<number> | null} [mark] the code that is marked: names of classes move aside
     * @param {Draw} [drawUnder] what lies under the names of the classes, over the points
     */
    drawAbove(draw, mark = null, drawUnder = () => {
    }) {
      Object.assign(upper, { marked: mark, above: draw, under: drawUnder });
      redraw();
    },
    close: sharp.close
  };
}
function drawUpper(context, view, upper) {
  const { reach, digits, singled, marked } = upper;
  const names = keepClear(digits?.names ?? [], marked, APART2 * reach);
  const inTheWay = marked ? [...names, { label: -1, x: marked[0], y: marked[1] }] : names;
  upper.angles = nameCircles(digits?.codes ?? [], inTheWay, reach, upper.angles);
  context.save();
  upper.under(context, view);
  context.restore();
  clipped(context, view, () => {
    drawNamesOfCircles(context, view, upper.angles);
    drawNames(context, view, names, 1);
  });
  context.save();
  upper.above(context, view);
  context.restore();
  if (digits && singled !== null) {
    drawSingled(context, view, codeAt(digits.codes, singled), digits.labels[singled]);
  }
}
function followHover(surface, report) {
  if (!matchMedia(HOVER).matches) return;
  surface.addEventListener("pointermove", (event) => {
    const isHovering = event.pointerType !== "touch" && event.buttons === 0;
    report(isHovering ? event : null);
  });
  surface.addEventListener("pointerleave", () => report(null));
}
function decodeGrid(vae, steps, reach) {
  const tile = digitCanvas({});
  const grid = make("canvas", { width: 28 * steps, height: 28 * steps });
  const context = grid.getContext("2d");
  const middle = linearScale([-0.5, steps - 0.5], [-reach, reach]);
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) {
      paint(tile, decode(vae, [middle(column), -middle(row)]));
      context?.drawImage(tile, 28 * column, 28 * row);
    }
  }
  return grid;
}
function addPoint(map, name, onmove) {
  const x = linearScale([-REACH, REACH], [0, 1]);
  const y = linearScale([-REACH, REACH], [1, 0]);
  const handle = make("div", {
    class: "vw-handle",
    role: "slider",
    tabindex: 0,
    "aria-roledescription": "point to move",
    "aria-label": `${name}: place`,
    "aria-valuemin": -REACH,
    "aria-valuemax": REACH
  });
  let point = [0, 0];
  const set = (z) => {
    point = z;
    handle.style.left = `${100 * x(z[0])}%`;
    handle.style.top = `${100 * y(z[1])}%`;
    handle.setAttribute("aria-valuenow", z[0].toFixed(2));
    handle.setAttribute("aria-valuetext", `z1 ${z[0].toFixed(2)}, z2 ${z[1].toFixed(2)}`);
  };
  const move = (z) => {
    set([clamp(z[0], -REACH, REACH), clamp(z[1], -REACH, REACH)]);
    onmove(point);
  };
  const follow = (event) => {
    const { left, top, width, height } = map.surface.getBoundingClientRect();
    const [right, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
    move([x.invert(right), y.invert(down)]);
  };
  let before = point;
  followPointer(map.surface, {
    begin(event) {
      handle.focus({ preventScroll: true });
      before = point;
      follow(event);
    },
    move: follow,
    end() {
    },
    undo: () => move(before)
  });
  handle.addEventListener("keydown", (event) => {
    const step = arrowStep(event, STEP, LEAP);
    if (event.key === "Home") move([0, 0]);
    else if (step) move([point[0] + step[0], point[1] + step[1]]);
    else return;
    event.preventDefault();
  });
  map.surface.append(handle);
  set(point);
  return { set, move, get: () => point };
}

// pad_map.js
var APART3 = 0.7;
var BESIDE = 0.16;
var CIRCLES2 = "Circles: 1, 2 and 3 σ of the prior.";
var EMPTY = "Each point is the code of a test digit, in the colour of its class. Circles: 1, 2 and 3 standard deviations σ of the prior.";
function createPadMap(stage, codes, labels, actions, sampled) {
  const map = createMap("Where the drawing lies", { isBare: true });
  const lens = createLensBelow(map.root, { codes, labels });
  const words = make("p", { class: "vw-words" });
  const numbers = make("b", { class: "vw-numbers" });
  const buttons = [
    iconButton(ICONS.sample, "Sample z", actions.sample),
    iconButton(ICONS.reset, "Back to μ", actions.back)
  ];
  let shownReach = REACH;
  map.drawDigits(codes, labels);
  const setEmpty = (isEmpty) => {
    map.stepBack(!isEmpty);
    for (const button2 of buttons) button2.disabled = isEmpty;
    strip.classList.toggle("vw-blank", isEmpty);
  };
  const showNothing = () => {
    setReach(REACH);
    setEmpty(true);
    lens.hide();
    words.textContent = EMPTY;
    numbers.textContent = "";
    map.drawAbove(() => {
    });
  };
  const setReach = (reach) => {
    if (reach === shownReach) return;
    shownReach = reach;
    map.setReach(reach);
    map.drawDigits(codes, labels);
  };
  const show = (posterior, samples) => {
    const z = samples[samples.length - 1] ?? posterior.mean;
    setReach(reachFor(z));
    setEmpty(false);
    const [mean, deviation] = describe3(posterior).map((words2) => make("span", {}, words2));
    numbers.replaceChildren(mean, " ", deviation);
    map.drawAbove(
      (context, view) => {
        const seen = lens.show(context, view, { posterior, samples });
        drawMarker(context, view.toPixels(z));
        words.textContent = explain(seen);
      },
      z,
      (context, view) => {
        drawThreads(context, view.toPixels(z), findMouths(stage, map.root, view));
      }
    );
  };
  const strip = box(
    "vw-under vw-under-map",
    lens.root,
    box("vw-line", ...buttons),
    box("vw-explained", numbers, sampled, words)
  );
  return { root: map.root, strip, show, showNothing };
}
function reachFor(z) {
  const farthest = Math.max(Math.abs(z[0]), Math.abs(z[1]));
  return farthest < REACH ? REACH : Math.ceil(farthest + 0.5);
}
function describe3({ mean, logVar }) {
  const deviation = logVar.map((value) => Math.exp(0.5 * value));
  return [`μ = ${place(mean)},`, `σ = ${place(deviation, 3)}`];
}
function explain(seen) {
  const ellipses = "ellipses at 1 and 2 σ of q";
  if (!seen) return `q(z∣x), with ${ellipses}. ${CIRCLES2}`;
  const digits = seen.neighbours > 0 ? " and test digits" : "";
  const size2 = seen.magnification.toLocaleString("en");
  return `Lens: q(z∣x), ${size2} × as large, with ${ellipses}${digits}. ${CIRCLES2}`;
}
function findMouths(stage, mapRoot, { width, y, reach }) {
  const isAcross = getComputedStyle(stage).getPropertyValue("--vw-flow").trim() === "across";
  if (isAcross) {
    const apart = APART3 * reach / REACH;
    const [above, below] = [y(apart), y(-apart)];
    return { starts: [above, below].map((height) => [0, height]), end: [width, y(0)], isAcross };
  }
  const [encoder, decoder] = ["encoder", "decoder"].map((name) => {
    const funnel2 = stage.querySelector(`.vw-funnel-${name}`)?.getBoundingClientRect();
    return funnel2 ?? new DOMRect();
  });
  const { left } = mapRoot.getBoundingClientRect();
  const under = (funnel2, share2) => [funnel2.left - left + share2 * funnel2.width, 0];
  return {
    starts: [under(encoder, 0.5 - BESIDE / 2), under(encoder, 0.5 + BESIDE / 2)],
    end: under(decoder, 0.5),
    isAcross
  };
}
function drawThreads(context, marker, { starts, end, isAcross }) {
  for (const start of starts) drawThread(context, start, marker, ENCODER, isAcross);
  drawThread(context, marker, end, DECODER, isAcross);
}

// ood.js
var NEIGHBOURS = 5;
var SIDE2 = 28;
var FINER = 4;
var FINE_SIDE = FINER * SIDE2;
var MIDDLE = FINER * (SIDE2 / 2 + 0.5);
function oodScore({ codeVae, imageVae, codes, dim }, image, count = NEIGHBOURS) {
  const framed = canonicalFrame(image);
  const neighbours = nearest(codes, dim, encode(codeVae, framed).mean, count);
  let codeDistance = 0;
  for (const { distance: distance2 } of neighbours.slice(0, NEIGHBOURS)) codeDistance += distance2 / NEIGHBOURS;
  const reconstruction = decode(imageVae, encode(imageVae, framed).mean);
  const imageDistance = Math.hypot(...smooth2(framed.map((ink, k) => ink - reconstruction[k])));
  return { score: codeDistance ** 2 * imageDistance, neighbours };
}
function canonicalFrame(image) {
  const darkest = image.reduce((most, ink) => Math.max(most, ink), 0);
  const framed = new Float32Array(SIDE2 * SIDE2);
  if (darkest === 0) return framed;
  const fine = enlarge(image);
  const inked = [];
  fine.forEach((ink, place2) => {
    if (ink > darkest / 2) inked.push([Math.floor(place2 / FINE_SIDE), place2 % FINE_SIDE]);
  });
  const down = toMiddle(inked.map(([y]) => y));
  const right = toMiddle(inked.map(([, x]) => x));
  for (const [y, x] of inked) {
    const row = Math.floor((y + down) / FINER);
    const column = Math.floor((x + right) / FINER);
    const isInside = row >= 0 && row < SIDE2 && column >= 0 && column < SIDE2;
    if (isInside) framed[row * SIDE2 + column] += 1 / FINER ** 2;
  }
  return framed;
}
function smooth2(image) {
  const alongRows = smoothAlong(image, 1, (k) => k % SIDE2);
  return smoothAlong(alongRows, SIDE2, (k) => Math.floor(k / SIDE2));
}
function smoothAlong(image, step, placeOf) {
  return image.map((value, k) => {
    const before = placeOf(k) > 0 ? image[k - step] : 0;
    const after = placeOf(k) < SIDE2 - 1 ? image[k + step] : 0;
    return 0.75 * value + 0.125 * (before + after);
  });
}
function enlarge(image) {
  const wide = new Float64Array(SIDE2 * FINE_SIDE);
  for (let y = 0; y < SIDE2; y++) {
    for (let x = 0; x < FINE_SIDE; x++) {
      wide[y * FINE_SIDE + x] = between(x, (column) => image[y * SIDE2 + column]);
    }
  }
  const fine = new Float64Array(FINE_SIDE * FINE_SIDE);
  for (let y = 0; y < FINE_SIDE; y++) {
    for (let x = 0; x < FINE_SIDE; x++) {
      fine[y * FINE_SIDE + x] = between(y, (row) => wide[row * FINE_SIDE + x]);
    }
  }
  return fine;
}
function between(fine, inkAt) {
  const place2 = (fine + 0.5) / FINER - 0.5;
  const before = Math.floor(place2);
  const share2 = place2 - before;
  const inkBefore = before >= 0 ? inkAt(before) : 0;
  const inkAfter = before + 1 < SIDE2 ? inkAt(before + 1) : 0;
  return (1 - share2) * inkBefore + share2 * inkAfter;
}
function toMiddle(places) {
  const sum = places.reduce((total, place2) => total + place2, 0);
  return Math.floor(MIDDLE - (sum / places.length + 0.5) + 0.5);
}

// reading.js
var NEIGHBOURS2 = 15;
var SAMPLES = 8;
var RARE = 97;
var SURE = 0.7;
function readDrawing(vae, reference, losses, image) {
  const posterior = encode(vae, image);
  const { reconstruction, kl } = elboTerms(vae, image, posterior, normals(SAMPLES, 2, 1));
  const { score, neighbours } = oodScore(reference, image, NEIGHBOURS2);
  const votes = countVotes(neighbours.map(({ row }) => reference.labels[row]));
  const oodPercentile = rank(reference.percentiles, score);
  return {
    posterior,
    reconstruction,
    kl,
    votes,
    percentile: rank(losses, reconstruction + kl),
    oodPercentile,
    ...judge(votes, oodPercentile)
  };
}
function rank(percentiles, value) {
  return Math.max(
    0,
    percentiles.findLastIndex((bound) => bound < value)
  );
}
function largestChange(image, other) {
  let largest = 0;
  for (let k = 0; k < image.length; k++) {
    largest = Math.max(largest, Math.abs(image[k] - other[k]));
  }
  return largest;
}
function countVotes(labels) {
  const votes = Array(10).fill(0);
  for (const label of labels) votes[label] += 1;
  return votes;
}
function judge(votes, oodPercentile) {
  const best = votes.indexOf(Math.max(...votes));
  if (oodPercentile >= RARE) {
    const sentence = "The model has rarely seen anything like it: no digit is named.";
    return { digit: null, sentence };
  }
  if (votes[best] < SURE * NEIGHBOURS2) {
    return { digit: null, sentence: `It is not sure: perhaps ${withArticle(best)}.` };
  }
  return { digit: best, sentence: `Classified as ${withArticle(best)}.` };
}
function withArticle(digit) {
  return digit === 8 ? "an 8" : `a ${digit}`;
}

// report.js
function createReport(reference) {
  const vote = createVote(reference);
  const score = createScore();
  const what = `Two dimensions keep too little of a digit to classify it. These answers come from two other VAEs with ${reference.dim} latent dimensions each.`;
  return {
    root: make(
      "section",
      { class: "vw-report" },
      box(
        "vw-report-heading",
        heading("Two other models: is it a digit, and which?"),
        make("p", { class: "vw-words" }, what)
      ),
      vote.root,
      score.root
    ),
    /** @param {Reading} reading */
    show(reading) {
      vote.show(reading.sentence, reading.votes, reading.digit);
      score.show(reading.oodPercentile);
    },
    /** @param {string} sentence */
    refuse(sentence) {
      vote.show(sentence, Array(10).fill(0), null);
      score.show(null);
    }
  };
}
function createVote({ count }) {
  const digit = make("output", { class: "vw-digit-named", "aria-hidden": "true" });
  const verdict = liveWords("vw-verdict");
  const votes = createVotes();
  const how = `Votes of the ${NEIGHBOURS2} nearest of ${count.toLocaleString("en")} labelled codes. The training used no label.`;
  return {
    root: box(
      "vw-vote",
      make("h4", {}, "Classification"),
      box("vw-named", digit, verdict),
      votes.root,
      make("p", { class: "vw-words" }, how)
    ),
    /** @param {string} sentence @param {number[]} counts @param {number | null} named */
    show(sentence, counts, named) {
      verdict.textContent = sentence;
      digit.textContent = named === null ? "" : String(named);
      if (named !== null) digit.style.color = onGround(named);
      votes.show(counts, named === null);
    }
  };
}
function createScore() {
  const value = make("b");
  const gauge = createGauge(["like most digits", "", "unlike any digit"], {
    from: RARE,
    words: `from ${RARE}%: no digit is named`
  });
  const how = "The score is high where the code lies far from those of real digits, and the drawing from its reconstruction.";
  return {
    root: box(
      "vw-score",
      make("h4", {}, "Out-of-distribution score"),
      box("vw-share", value, make("span", {}, " of the validation digits have a lower score.")),
      gauge.root,
      make("p", { class: "vw-words" }, how)
    ),
    /** @param {number | null} percentile */
    show(percentile) {
      value.textContent = percentile === null ? "–" : `${percentile}%`;
      gauge.show(percentile);
    }
  };
}
function createVotes() {
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const fill = make("i", { style: `background-color: ${onGround(digit)}` });
    const count = make("b", {}, "0");
    const bar = box("vw-bar", count, box("vw-bar-track", fill), make("span", {}, String(digit)));
    return { root: bar, fill, count };
  });
  const attributes = { class: "vw-votes", role: "img" };
  const root2 = make("div", attributes, ...bars.map((bar) => bar.root));
  const show = (votes, doubt) => {
    root2.classList.toggle("vw-doubt", doubt);
    votes.forEach((count, digit) => {
      bars[digit].root.classList.toggle("vw-none", count === 0);
      bars[digit].fill.style.height = `${100 * count / NEIGHBOURS2}%`;
      bars[digit].count.textContent = String(count);
    });
    const spoken = describeVotes(votes) || "none";
    root2.setAttribute("aria-label", `Votes of the ${NEIGHBOURS2} nearest digits: ${spoken}`);
  };
  return { root: root2, show };
}
function describeVotes(votes) {
  return votes.map((count, digit) => ({ count, digit })).filter(({ count }) => count > 0).map(({ count, digit }) => `${count} for ${digit}`).join(", ");
}

// sheet.js
var SHEET = 280;
var WIDTH = 24;
var ERASER2 = 40;
var STEP2 = 7;
var LEAP2 = 28;
var HELP = "Drawing sheet. Arrow keys move the pen, with Shift farther; space bar puts it down and lifts it.";
function createSheet(onchange, { onsketch = () => {
}, wide = SHEET, high = SHEET, invitation: words = "Draw a digit here" } = {}) {
  const { root: root2, canvas, status } = createPaper(wide, high, words);
  const drawing = {
    strokes: [],
    backdrop: null,
    pen: { x: Math.min(wide, high) / 2, y: high / 4, isDown: false, isShown: false }
  };
  let width = WIDTH;
  const redraw = () => {
    drawStrokes(canvas, drawing);
    if (drawing.pen.isShown) drawPen(contextOf(canvas), drawing.pen);
    const { strokes, backdrop, pen } = drawing;
    root2.classList.toggle("vw-blank", strokes.length === 0 && !backdrop && !pen.isShown);
  };
  const inkNow = () => {
    drawStrokes(canvas, drawing);
    const ink = readInk(canvas);
    redraw();
    return ink;
  };
  const report = () => onchange(inkNow());
  const sketch = eachFrame((stroke) => {
    if (stroke.isOpen) onsketch(inkNow());
  });
  const begin = (point, isEraser = false) => {
    const { backdrop } = drawing;
    const style = isEraser ? { width: ERASER2, color: "white" } : { width, color: "black" };
    const stroke = { ...style, points: [point], isOpen: true };
    if (!isEraser) drawing.backdrop = null;
    if (!isEraser || backdrop || drawing.strokes.length > 0) drawing.strokes.push(stroke);
    redraw();
    const giveUp = () => onsketch(null);
    return createHand(drawing, stroke, backdrop, { redraw, sketch, report, giveUp });
  };
  listenToPointer(canvas, drawing.pen, begin);
  listenToKeys(canvas, drawing.pen, { redraw, begin }, (words2) => {
    status.textContent = words2;
  });
  const showPicture = (picture2) => {
    replaceAll(drawing, [], picture2);
    redraw();
  };
  redraw();
  return {
    root: root2,
    canvas,
    undo() {
      const last = drawing.strokes.pop();
      if (last) last.isOpen = false;
      else drawing.backdrop = null;
      report();
    },
    clear() {
      replaceAll(drawing, [], null);
      report();
    },
    /** Of the strokes to come. @param {number} value */
    setWidth(value) {
      width = value;
    },
    /** @param {Float32Array} image */
    showImage(image) {
      const backdrop = digitCanvas({});
      paint(backdrop, image);
      showPicture(backdrop);
    },
    showPicture,
    /**
     * Lines in the width of the pen, in place of all that was there.
     *
     * @param {Point[][]} lines in shares of the sheet
     */
    showLines(lines) {
      const strokeOf = (line) => ({
        width,
        color: "black",
        points: line.map(([x, y]) => [x * wide, y * high]),
        isOpen: false
      });
      replaceAll(drawing, lines.map(strokeOf), null);
      report();
    }
  };
}
function createPaper(wide, high, words) {
  const canvas = make("canvas", {
    class: "vw-sheet",
    width: wide,
    height: high,
    tabindex: 0,
    role: "application",
    "aria-roledescription": "drawing sheet",
    "aria-label": HELP
  });
  const status = make("span", { class: "vw-pen-status", "aria-live": "polite" });
  const invitation = make("div", { class: "vw-invitation", "aria-hidden": "true" });
  invitation.append(icon(ICONS.pen), make("span", {}, words));
  const root2 = box("vw-paper", canvas, invitation, status);
  contextOf(canvas, { willReadFrequently: true });
  return { root: root2, canvas, status };
}
function createHand(drawing, stroke, backdrop, { redraw, sketch, report, giveUp }) {
  const isOnSheet = () => drawing.strokes.includes(stroke);
  return {
    extend(next) {
      stroke.points.push(next);
      redraw();
      if (isOnSheet()) sketch(stroke);
    },
    end() {
      stroke.isOpen = false;
      if (isOnSheet()) report();
    },
    undo() {
      stroke.isOpen = false;
      if (!isOnSheet()) return;
      drawing.strokes = drawing.strokes.filter((one) => one !== stroke);
      drawing.backdrop = backdrop;
      redraw();
      giveUp();
    }
  };
}
function replaceAll(drawing, strokes, backdrop) {
  for (const stroke of drawing.strokes) stroke.isOpen = false;
  drawing.strokes = strokes;
  drawing.backdrop = backdrop;
}
function listenToPointer(canvas, pen, begin) {
  let hand;
  const pointOf = (event) => {
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = canvas.width / width;
    return [scale * (event.clientX - left), scale * (event.clientY - top)];
  };
  const drag = {
    /** @param {PointerEvent} event @param {boolean} isEraser */
    begin(event, isEraser) {
      canvas.focus({ preventScroll: true });
      pen.isShown = false;
      hand = begin(pointOf(event), isEraser);
    },
    /** @param {PointerEvent} event */
    move(event) {
      const between2 = event.getCoalescedEvents?.() ?? [];
      for (const one of [...between2, event]) hand?.extend(pointOf(one));
    },
    end: () => hand?.end(),
    undo: () => hand?.undo()
  };
  followPointer(canvas, drag, { takesEraser: true });
}
function listenToKeys(canvas, pen, { redraw, begin }, say) {
  let hand;
  const putDownOrLift = () => {
    pen.isDown = !pen.isDown;
    if (pen.isDown) hand = begin([pen.x, pen.y]);
    else hand?.end();
    say(pen.isDown ? "The pen is down." : "The pen is up.");
  };
  const move = ([right, up]) => {
    pen.x = clamp(pen.x + right, 0, canvas.width);
    pen.y = clamp(pen.y - up, 0, canvas.height);
    if (pen.isDown) hand?.extend([pen.x, pen.y]);
  };
  canvas.addEventListener("keydown", (event) => {
    const step = arrowStep(event, STEP2, LEAP2);
    if (event.key === " ") putDownOrLift();
    else if (step) move(step);
    else return;
    pen.isShown = true;
    event.preventDefault();
    redraw();
  });
  canvas.addEventListener("blur", () => {
    if (pen.isDown) hand?.end();
    pen.isDown = false;
    pen.isShown = false;
    redraw();
  });
}
function drawStrokes(canvas, { strokes, backdrop }) {
  const context = clear(canvas);
  if (backdrop) context.drawImage(backdrop, 0, 0, canvas.width, canvas.height);
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { width, color, points } of strokes) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(...points[0]);
    for (const [x, y] of points) context.lineTo(x + 0.01, y);
    context.stroke();
  }
}
function drawPen(context, { x, y, isDown }) {
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.strokeStyle = isDown ? PEN_DOWN : PEN_UP;
  context.stroke();
}
function readInk(canvas) {
  const { width, height } = canvas;
  const { data } = contextOf(canvas).getImageData(0, 0, width, height);
  return Float32Array.from({ length: width * height }, (_, k) => 1 - data[4 * k] / 255);
}

// drawing_pad.js
var DOT = SHEET / 8;
var INVITATION = "Draw a digit from 0 to 9.";
var TOO_SMALL = "That is a dot. Draw larger.";
var SEEN = "what the encoder sees";
var SMALL2 = 0.1;
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const reference = readReference(model);
  const losses = float32(model.get("loss_percentiles"));
  const set = setter(model);
  const stage = box("vw-hero");
  const actions = { sample: () => sampleAgain(), back: () => backToMean() };
  const sampled = liveWords("vw-words vw-sampled");
  const [codes, labels] = [float32(model.get("codes")), uint8(model.get("labels"))];
  const map = createPadMap(stage, codes, labels, actions, sampled);
  const seen = picture("what the encoder sees", 48);
  const rebuilt = picture("reconstruction");
  rebuilt.root.append(box("vw-awaited", "appears while you draw"));
  const loss = createLossLine();
  const report = createReport({ count: reference.labels.length, dim: reference.dim });
  let image = null;
  let posterior = null;
  let samples = [];
  const show = (framed, next) => {
    seen.show(framed, SEEN);
    posterior = next;
    samples = [];
    sampled.textContent = "";
    rebuilt.show(decode(vae, next.mean), "decoded from μ");
    map.show(next, samples);
  };
  const sampleAgain = () => {
    if (!posterior) return;
    const { epsilon, z } = samplePosterior(posterior, Math.random);
    const decoded = decode(vae, z);
    samples = [...samples, z];
    rebuilt.show(decoded, "decoded from z, a sample of q(z∣x)");
    sampled.textContent = describeSample(
      z,
      epsilon,
      largestChange(decode(vae, posterior.mean), decoded)
    );
    map.show(posterior, samples);
    tellPlace(z);
  };
  const backToMean = () => {
    if (!posterior || !image) return;
    show(image, posterior);
    sampled.textContent = "z = μ again.";
    tellPlace(posterior.mean);
  };
  const tellPlace = (z) => {
    if (image) set("reading", { ...model.get("reading"), z: [...z] });
  };
  const read = (framed) => {
    image = framed;
    const reading = readDrawing(vae, reference, losses, framed);
    show(framed, reading.posterior);
    loss.show(reading);
    report.show(reading);
    set("image", new DataView(Uint8Array.from(framed, (ink) => Math.round(255 * ink)).buffer));
    set("reading", toPython(reading));
  };
  const showNothing = (why = "") => {
    posterior = null;
    sampled.textContent = "";
    seen.show(null, why || SEEN, why || "nothing to see yet");
    rebuilt.show(null, "", "nothing to reconstruct yet");
    map.showNothing();
  };
  const refuse = (sentence, why) => {
    image = null;
    showNothing(why);
    loss.show(null);
    report.refuse(sentence);
    set("reading", {});
  };
  const sketch = (ink) => {
    const framed = ink && frame(ink, SHEET, SHEET);
    const shown = framed && framed.side >= DOT ? framed.image : image;
    if (shown) show(shown, encode(vae, shown));
    else showNothing();
  };
  const sheet = createSheet(
    (ink) => {
      const framed = frame(ink, SHEET, SHEET);
      if (!framed) refuse(INVITATION);
      else if (framed.side < DOT) refuse(TOO_SMALL, TOO_SMALL);
      else read(framed.image);
    },
    { onsketch: sketch }
  );
  const showFromPython = () => {
    const bytes = uint8(model.get("image"));
    if (bytes.length !== PIXELS) return;
    const given = imageAt(bytes, 0);
    sheet.showImage(given);
    read(given);
  };
  model.on("change:shown", showFromPython);
  const part = (name, ...nodes) => box(`vw-part vw-part-${name}`, ...nodes);
  stage.append(
    part("in", heading("Your drawing", "x"), sheet.root),
    box("vw-under vw-under-in", ...createTools(sheet, seen.root)),
    funnel("encoder", ["784", "2"], ["μ", "σ"]),
    part("map", heading("Latent space", "z"), map.root),
    map.strip,
    funnel("decoder", ["2", "784"], ["z"]),
    part("out", heading("Reconstruction", "x̂"), rebuilt.root),
    box("vw-under vw-under-out", rebuilt.caption, loss.root)
  );
  el.append(root("Drawing pad", stage, report.root));
  refuse(INVITATION);
  if (model.get("shown")) showFromPython();
}
function readReference(model) {
  const scale = model.get("reference_scale");
  const scaled = new Float32Array(int8(model.get("reference_codes")));
  const codes = scaled.map((code) => code * scale);
  const labels = uint8(model.get("reference_labels"));
  return {
    codeVae: unpackWeights(model.get("code_weights"), model.get("code_layers")),
    imageVae: unpackWeights(model.get("image_weights"), model.get("image_layers")),
    codes,
    labels,
    dim: codes.length / labels.length,
    percentiles: float32(model.get("ood_percentiles"))
  };
}
function toPython({ posterior, reconstruction, kl, percentile, oodPercentile, votes, digit }) {
  const [z_mean, z_log_var] = [[...posterior.mean], [...posterior.logVar]];
  const [z, ood_percentile] = [z_mean, oodPercentile];
  return { z, z_mean, z_log_var, reconstruction, kl, percentile, ood_percentile, votes, digit };
}
function createTools(sheet, seen) {
  const buttons = [
    iconButton(ICONS.undo, "Undo", sheet.undo),
    iconButton(ICONS.clear, "Clear", sheet.clear)
  ];
  const range = { min: 10, max: 40, step: 2, value: WIDTH };
  const inPixels = (width2) => `${(width2 / 10).toFixed(1)} of 28 pixels`;
  const width = slider("Line width", range, sheet.setWidth, inPixels);
  return [
    box("vw-line vw-in-line", ...buttons, createExamples(sheet.showLines)),
    box("vw-seen-line", seen, width.root)
  ];
}
function describeSample(z, epsilon, change) {
  const why = change < SMALL2 ? ", because σ is so small" : "";
  const most = Math.ceil(100 * change) / 100;
  return `z = μ + σ ε = ${place(z, 3)} with ε = ${place(epsilon)}. No pixel of x̂ changes by more than ${most.toFixed(2)} of full ink${why}.`;
}
var drawing_pad_default = { render };

// prior.js
function describeRarity(z) {
  const beyond = Math.exp(-(z[0] ** 2 + z[1] ** 2) / 2);
  if (beyond > 0.995) return "The middle: all samples from the prior lie farther out.";
  if (beyond >= 0.01) {
    return `${Math.round(100 * beyond)} of 100 samples from the prior lie farther out.`;
  }
  const one = Math.round(1 / beyond).toLocaleString("en");
  return `Only 1 in ${one} samples from the prior lies farther out.`;
}

// latent_pad.js
var NAME2 = "Latent space";
var STEP3 = 0.05;
var HINT = "Drag the point or click. Arrow keys step, with Shift they leap; Home goes to (0, 0). Circles: 1, 2 and 3 standard deviations σ of the prior.";
function render2({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const { codes, labels, images } = readDigits(model);
  const decoded = picture("decoded");
  const words = liveWords("vw-words");
  const way = funnel("decoder", ["2", "784"], ["z"]);
  const real = picture("nearest handwritten digit", 76);
  const look = (z) => {
    sliders.forEach((one, k) => {
      one.set(z[k]);
    });
    decoded.show(decode(vae, z), `decoded from z = ${place(z)}`);
    const [{ row, distance: distance2 }] = nearest(codes, 2, z);
    real.canvas.dataset.row = String(row);
    const caption = `nearest handwritten digit: a ${labels[row]}, at a distance of ${distance2.toFixed(2)}`;
    real.show(imageAt(images, row), caption);
    words.textContent = describeRarity(z);
    map.drawAbove(
      () => {
      },
      z,
      (context, view) => {
        const isAcross = getComputedStyle(way).display !== "none";
        if (isAcross) drawThread(context, view.toPixels(z), [view.width, view.y(0)], DECODER);
      }
    );
  };
  const set = setter(model);
  const send = eachFrame((z) => set("z", z));
  const map = createMap(NAME2);
  const point = addPoint(map, NAME2, (z) => {
    look(z);
    send(z);
  });
  const range = { min: -REACH, max: REACH, step: STEP3, value: 0 };
  const sliders = ["z₁", "z₂"].map(
    (name, k) => slider(name, range, (value) => point.move(replaced(point.get(), k, value)), twoDecimals)
  );
  const follow = () => {
    point.set(model.get("z"));
    look(model.get("z"));
  };
  model.on("change:z", () => {
    const isOurs = String(model.get("z")) === String(point.get());
    if (!isOurs) follow();
  });
  const backgrounds = {
    digits: () => map.drawDigits(codes, labels),
    manifold: () => map.drawManifold(vae),
    nothing: () => map.drawNothing()
  };
  const names = (
    /** @type {(keyof typeof backgrounds)[]} */
    Object.keys(backgrounds)
  );
  const background = choice("Show", names, "digits", (name) => backgrounds[name]());
  backgrounds.digits();
  follow();
  el.append(
    root(
      "Latent pad",
      box(
        "vw-pad",
        box(
          "vw-pad-controls",
          heading("Two numbers", "z"),
          ...sliders.map((one) => one.root),
          words,
          background,
          make("p", { class: "vw-hint" }, HINT)
        ),
        box("vw-part vw-part-map", heading("Latent space"), map.root),
        way,
        box("vw-part vw-part-out", heading("Decoded image", "x̂"), decoded.root),
        box("vw-pad-nearest", real.root)
      )
    )
  );
}
function replaced([z1, z2], index, value) {
  return index === 0 ? [value, z2] : [z1, value];
}
function twoDecimals(value) {
  return number(value, 2);
}
var latent_pad_default = { render: render2 };

// live_controls.js
var ICONS2 = {
  ...ICONS,
  seed: "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm0 2v14h14V5zm3 1.5A1.5 1.5 0 1 1 8 9.500a1.5 1.500 0 0 1 0-3zm8 8a1.5 1.5 0 1 1 0 3 1.5 1.500 0 0 1 0-3zm-4-4a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  step: "M5 5v14l9.500-7zm11 0h3v14h-3z",
  epoch: "M3 5v14l7.500-7zm7.500 0v14L18 12zM19 5h2.500v14H19z",
  slow: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 2a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm-1 2.500h2v4.200l3 1.800-1 1.700-4-2.400z"
};
function createControls(actions) {
  let isTraining = false;
  let isSlow = false;
  const playIcon = icon(ICONS2.play);
  const play = make(
    "button",
    { type: "button", class: "vl-play", "data-action": "play", "aria-label": "Play" },
    playIcon
  );
  play.addEventListener("click", () => isTraining ? actions.pause() : actions.play());
  const step = createTool("step", "one step", ICONS2.step, actions.step);
  const epoch = createTool("epoch", "one epoch", ICONS2.epoch, actions.epoch);
  const reset = createTool("reset", "reset", ICONS2.reset, actions.reset);
  const reseed = createTool("reseed", "new seed", ICONS2.seed, actions.reseed);
  const slow = createTool("slow", "slow", ICONS2.slow, () => {
    isSlow = !isSlow;
    slow.setAttribute("aria-pressed", String(isSlow));
    actions.pace(isSlow);
  });
  slow.setAttribute("aria-pressed", "false");
  const epochs = createReading("epoch", "0.0");
  const images = createReading("images seen", "0");
  const rate = createReading("images a second", "–");
  const title = make("h3", {}, make("b", {}, "VAE"), ", trained live");
  const words = make("p", { class: "vl-state" }, "Getting ready …");
  const readings = make("dl", { class: "vl-readings" }, epochs.root, images.root, rate.root);
  const tools = box("vl-tools", reset, reseed, play, step, epoch, slow);
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "Training");
  const buttons = [play, step, epoch, reset, reseed, slow];
  for (const one of buttons) one.disabled = true;
  const showPlaying = (isOn) => {
    if (isOn === isTraining) return;
    isTraining = isOn;
    play.setAttribute("aria-label", isOn ? "Pause" : "Play");
    playIcon.querySelector("path")?.setAttribute("d", isOn ? ICONS2.pause : ICONS2.play);
    play.classList.toggle("vl-is-training", isOn);
  };
  return {
    root: box("vl-bar", box("vl-title", title, words), tools, readings),
    play,
    /** @param {Setting} setting */
    limit({ offers }) {
      reseed.hidden = !offers.includes("seed");
    },
    /** @param {Frame} frame */
    update(frame2) {
      const canTrain = frame2.state !== "invalid";
      for (const one of buttons) one.disabled = false;
      for (const one of [play, step, epoch]) one.disabled = !canTrain;
      showPlaying(frame2.state === "training");
      epochs.show(frame2.epoch.toFixed(1));
      images.show(frame2.images.toLocaleString("en"));
      rate.show(frame2.rate > 0 ? Math.round(frame2.rate).toLocaleString("en") : "–");
      const sentence = describeState(frame2);
      if (words.textContent !== sentence) words.textContent = sentence;
    },
    /** While the engine does not answer. */
    stop() {
      showPlaying(false);
      for (const one of buttons) one.disabled = true;
      words.textContent = "The training does not answer.";
    }
  };
}
function describeState({ state, epoch }) {
  if (state === "training") return `Training, in epoch ${Math.floor(epoch) + 1}.`;
  if (state === "paused") return "Paused. Press play to train on.";
  if (state === "invalid") return "The training broke down. A reset starts anew.";
  return "Nothing is trained yet. Press play.";
}
function createTool(action, name, path, onclick) {
  const attributes = { type: "button", class: "vl-tool", "data-action": action, onclick };
  return make("button", attributes, icon(path), make("span", {}, name));
}
function createReading(name, value) {
  const shown = make("dd", {}, value);
  return {
    root: make("div", {}, make("dt", {}, name), shown),
    /** @param {string} words */
    show(words) {
      if (shown.textContent !== words) shown.textContent = words;
    }
  };
}

// live_curves.js
var NAME3 = "Learning curves";
var MOST = 400;
var SETTLED = 0.12;
var MARGIN2 = { left: 46, right: 136, top: 24, bottom: 40, between: 44 };
var TITLE = 12;
var FEW = 8;
var FAINTLY = { width: 1, dash: [], opacity: 0.17 };
var SOLID = { width: 2, dash: [], opacity: 1 };
var DASHED = { width: 1.6, dash: [5, 4], opacity: 1 };
var HALF = 16;
var PANELS = [
  {
    title: "Loss and reconstruction term",
    lines: [
      { name: "loss", term: "loss", color: INK },
      { name: "reconstruction", term: "reconstruction", color: DECODER }
    ]
  },
  { title: "KL term, on a scale of its own", lines: [{ name: "KL", term: "kl", color: LATENT }] }
];
function createCurves(redraw) {
  const sharp = createSharpCanvas(NAME3, "vl-curves", redraw);
  let points = [];
  let batches = [];
  const caption = make("figcaption", {});
  const root2 = make(
    "figure",
    { class: "vl-panel vl-learning" },
    make("h3", {}, "Learning curves"),
    sharp.canvas,
    caption
  );
  return {
    root: root2,
    clear() {
      points = [];
      batches = [];
    },
    /** @param {Measured[]} more */
    add(more) {
      points = thin([...points, ...more], MOST);
    },
    /**
     * The terms of the last batch, when so many images were seen.
     *
     * @param {number} images
     * @param {Terms | null} terms
     */
    addBatch(images, terms) {
      if (!terms || images === batches.at(-1)?.images) return;
      batches.push({ images, terms });
      if (batches.length > MOST) batches = thin(batches, MOST);
    },
    draw() {
      const words = captionFor(batches.length > 1);
      if (caption.textContent !== words) caption.textContent = words;
      const context = sharp.begin();
      if (!context) return;
      const { width, height } = sharp.size;
      const right = width - MARGIN2.right;
      const most = Math.max(1, points.at(-1)?.images ?? 0, batches.at(-1)?.images ?? 0);
      const x = linearScale([0, most], [MARGIN2.left, right]);
      const room = height - MARGIN2.top - MARGIN2.bottom - MARGIN2.between;
      const split2 = MARGIN2.top + 0.64 * room;
      drawPanel(context, { points, batches }, PANELS[0], x, [MARGIN2.top, split2]);
      const bottom = height - MARGIN2.bottom;
      drawPanel(context, { points, batches }, PANELS[1], x, [split2 + MARGIN2.between, bottom]);
      drawImagesAxis(context, x, bottom);
    },
    /** @param {string} words for a screen reader, if there are any */
    describe(words) {
      sharp.canvas.setAttribute("aria-label", words ? `${NAME3}: ${words}` : NAME3);
    },
    close: sharp.close
  };
}
function captionFor(hasBatches) {
  const training = hasBatches ? "Faint: single training batches; solid: their mean since the last measurement" : "Solid: training batches, their mean since the last measurement";
  return `In nats per image. ${training}; dashed: validation, whose last value stands beside each line.`;
}
function drawPanel(context, data, { title, lines }, x, [top, bottom]) {
  const { points, batches } = data;
  const [left, end] = [x(0), widthOf(context) - MARGIN2.right];
  const range = valuesShown(data, lines);
  const isEmpty = points.length + batches.length === 0;
  const ticks = isEmpty ? [] : niceTicks(...range, 4);
  const y = linearScale(range, [bottom, top]);
  const drawn = [...points.map(({ training }) => training), ...batches.map(({ terms }) => terms)];
  const isCut = drawn.some((terms) => lines.some(({ term }) => terms[term] > range[1]));
  drawTitle(context, title, isCut, left, end, top);
  drawTicks2(context, ticks, y, left, end);
  context.strokeStyle = RULE;
  context.strokeRect(left + 0.5, Math.round(top) + 0.5, end - left, Math.round(bottom - top));
  context.save();
  context.beginPath();
  context.rect(left, top, end - left + 2, bottom - top);
  context.clip();
  for (const { term, color } of lines) {
    const place2 = (point, part) => [x(point.images), y(point[part][term])];
    const single = batches.map(
      ({ images, terms }) => (
        /** @type {Place} */
        [x(images), y(terms[term])]
      )
    );
    drawLine(context, single, color, FAINTLY);
    const [training, validation] = (
      /** @type {const} */
      ["training", "validation"].map(
        (part) => points.map((point) => place2(point, part))
      )
    );
    drawLine(context, training, color, SOLID);
    drawLine(context, validation, color, DASHED);
    if (points.length <= FEW) drawDots(context, [...training, ...validation], color);
  }
  context.restore();
  drawNamesOfLines(context, points, lines, y, end, [top, bottom]);
}
function drawTitle(context, title, isCut, left, end, top) {
  context.font = `600 12px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = INK;
  context.fillText(title, left, top - TITLE);
  if (!isCut) return;
  const room = end - left - context.measureText(title).width;
  context.font = `12px ${FONT}`;
  context.textAlign = "right";
  context.fillStyle = GREY;
  const words = "↑ the start lies higher";
  if (room > context.measureText(words).width + 12) context.fillText(words, end, top - TITLE);
}
function thin(list, most) {
  if (list.length <= most) return list;
  const rest = (list.length - 1) % 2;
  return thin(
    list.filter((_, k) => k % 2 === rest),
    most
  );
}
function widthOf(context) {
  return context.canvas.width / context.getTransform().a;
}
function valuesShown({ points, batches }, lines) {
  const seen = [
    ...points.flatMap(({ images, training, validation }) => [
      { images, terms: training },
      { images, terms: validation }
    ]),
    ...batches
  ];
  const start = SETTLED * Math.max(0, ...seen.map(({ images }) => images));
  const values = seen.filter(({ images }) => images >= start).flatMap(({ terms }) => lines.map(({ term }) => terms[term])).filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.06 * (high - low), 0.02 * Math.abs(high), 0.05);
  return [Math.max(0, low - room), high + room];
}
function niceTicks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + 1e-9 * step; tick += step) {
    ticks.push(Number(tick.toPrecision(12)));
  }
  return ticks;
}
function drawTicks2(context, ticks, y, left, right) {
  context.font = `12px ${FONT}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  for (const tick of ticks) {
    context.fillStyle = INK;
    context.fillText(tick >= 1e5 ? nats(tick, 0) : String(tick), left - 7, y(tick));
    context.fillStyle = FAINT;
    context.fillRect(left, Math.round(y(tick)), right - left, 1);
  }
}
function drawLine(context, places, color, { width, dash, opacity }) {
  context.beginPath();
  let isDown = false;
  for (const [x, y] of places) {
    const isKnown = Number.isFinite(y);
    if (isKnown && isDown) context.lineTo(x, y);
    else if (isKnown) context.moveTo(x, y);
    isDown = isKnown;
  }
  context.globalAlpha = opacity;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}
function drawDots(context, places, color) {
  for (const place2 of places) if (Number.isFinite(place2[1])) drawDot(context, place2, 2.5, color);
}
function drawNamesOfLines(context, points, lines, y, end, [top, bottom]) {
  const last = points.at(-1)?.validation;
  const names = lines.map(({ name, term, color }) => {
    const value = last?.[term];
    const isKnown = value !== void 0 && Number.isFinite(value);
    const place2 = isKnown ? y(value) : (top + bottom) / 2;
    return { rows: isKnown ? [name, `validation ${nats(value)}`] : [name], color, place: place2 };
  });
  spread(names, 2 * HALF + 1, [top + HALF, bottom - HALF]);
  context.font = `12px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { rows, color, place: place2 } of names) {
    context.fillStyle = color;
    context.fillRect(end + 5, place2 - 1, 9, 2.5);
    context.fillStyle = INK;
    rows.forEach((row, k) => {
      context.fillText(row, end + 18, place2 + 15 * (k - (rows.length - 1) / 2));
    });
  }
}
function spread(names, distance2, [top, bottom]) {
  for (const name of names) name.place = clamp(name.place, top, bottom);
  if (names.length < 2) return;
  const [upper, lower] = names[0].place <= names[1].place ? [names[0], names[1]] : [names[1], names[0]];
  const missing = distance2 - (lower.place - upper.place);
  if (missing <= 0) return;
  lower.place = Math.min(bottom, lower.place + missing / 2);
  upper.place = lower.place - distance2;
  if (upper.place < top) {
    upper.place = top;
    lower.place = top + distance2;
  }
}
function drawImagesAxis(context, x, bottom) {
  const right = widthOf(context) - MARGIN2.right;
  context.fillStyle = INK;
  context.fillRect(MARGIN2.left, bottom, right - MARGIN2.left, 1);
  context.font = `12px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const most = x.invert(right);
  const ticks = most > 1 ? niceTicks(0, most, 4) : [0];
  for (const tick of ticks) context.fillText(short(tick), x(tick), bottom + 6);
  context.fillText("images seen", (MARGIN2.left + right) / 2, bottom + 22);
}
function short(count) {
  if (count >= 1e6) return `${count / 1e6}M`;
  return count >= 1e3 ? `${count / 1e3}k` : String(count);
}

// live_experiments.js
var PLAIN = { klWeight: 1, noise: true, inputDropout: 0 };
var EXPERIMENTS = [
  {
    chip: "plain autoencoder",
    title: "A plain autoencoder",
    knobs: { klWeight: 0, noise: false },
    task: "The KL weight is 0 and the noise is off. Train for ten epochs, and look at the latent space and at the samples from the prior.",
    notice: "The digits are reconstructed about as well as by a VAE, but nothing keeps their codes near the prior: they spread, and the map has to widen. A code drawn from the prior now often lies where no digit was encoded, so many samples are no digits. In our run on 5,000 of MNIST's digits, 423 of the 500 validation codes lay beyond three standard deviations of the prior; in the usual training it was 70."
  },
  {
    chip: "KL weight 8",
    title: "A KL weight of 8",
    knobs: { klWeight: 8 },
    task: "A difference between q(z∣x) and the prior now adds eight times as much to the loss. Train for ten epochs, and look at the latent space and at σ.",
    notice: "The map shrinks toward the middle and σ grows, so the codes of different digits overlap more and the reconstructions become blurred. In our run no validation code lay beyond three standard deviations; the KL term was 2.4 nats instead of 5.6, and the reconstruction term 167 nats instead of 156. If q(z∣x) became equal to the prior for every image, this would be called posterior collapse."
  },
  {
    chip: "KL term without noise",
    title: "The KL term without noise",
    knobs: { noise: false },
    task: "The KL weight is 1, but z is now the mean μ itself. Train for ten epochs, and look at σ beside its dashed mark.",
    notice: "Without noise, σ has no influence on the reconstruction. Only the KL term depends on it, and this term is smallest where σ is 1: therefore all bars of σ grow to the prior's mark. The KL term is small as a result, but it says nothing any more about how precise the codes are."
  },
  {
    chip: "one hundred digits",
    title: "One hundred digits",
    knobs: { trainingDigits: 100 },
    task: "Only the first 100 training digits are used. Train until 20,000 images have been seen, and compare the solid curves with the dashed ones.",
    notice: "The training loss keeps falling while the validation loss rises: the model is overfitting. In our run the training loss fell from 212 nats, as the mean over the first 5,000 images, to 135 nats at 20,000, while the validation loss rose from 195 to 205 nats."
  },
  {
    chip: "huge learning rate",
    title: "A huge learning rate",
    knobs: { learningRate: 1 },
    task: "The learning rate is 1. Press “one step” a few times, and watch the loss.",
    notice: "At each step Adam changes every weight by up to about the learning rate, and 1 is far more than the size of the weights themselves. In our run the loss was no longer a number after four steps. Then reset, train for two epochs as usual, and set the learning rate to 0.1: nothing overflows, but the loss jumped to about 1,000 nats in our run, and three epochs later it was still far above where it had been."
  }
];
function createExperiments(setUp) {
  let usual = {};
  const task = createTask(() => {
    show(null);
    setUp({ ...usual, ...PLAIN }, "The usual settings again. Press play.");
  });
  const chips = EXPERIMENTS.map(
    (experiment) => button(experiment.chip, () => {
      show(experiment);
      setUp({ ...usual, ...PLAIN, ...experiment.knobs }, `Set up: ${experiment.task}`);
    })
  );
  const show = (shown) => {
    EXPERIMENTS.forEach((experiment, k) => {
      chips[k].setAttribute("aria-pressed", String(experiment === shown));
    });
    task.show(shown);
  };
  const row = box("vl-chips", make("h4", {}, "Try an experiment:"), ...chips);
  row.setAttribute("role", "group");
  row.setAttribute(
    "aria-label",
    "Experiments: each moves the knobs and starts from an untrained model"
  );
  const root2 = box("vl-experiments", row, task.root);
  show(null);
  return {
    root: root2,
    /** @param {Knobs} knobs of the first frame */
    begin({ learningRate, trainingDigits }) {
      usual = { learningRate, trainingDigits };
    }
  };
}
function createTask(onend) {
  const title = make("b");
  const task = make("span");
  const notice = make("p");
  const details = make("details", {}, make("summary", {}, "What to notice"), notice);
  const end = button("Usual settings", onend);
  const root2 = box("vl-task", make("p", {}, title, " ", task), end, details);
  return {
    root: root2,
    /** @param {Experiment | null} experiment */
    show(experiment) {
      root2.hidden = !experiment;
      if (!experiment) return;
      title.textContent = `${experiment.title}.`;
      task.textContent = experiment.task;
      notice.textContent = experiment.notice;
      details.open = false;
    }
  };
}

// live_knobs.js
var RATES = [1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.03, 0.1, 1];
var COUNTS = [100, 300, 1e3, 3e3, 1e4, 3e4];
var WIDTHS = [16, 32, 64, 128, 256, 512];
var ACTIVATIONS = ["tanh", "relu", "gelu"];
var QUIET = 1500;
var grouped = (value) => value.toLocaleString("en");
function createKnobs(onset) {
  let moved = Number.NEGATIVE_INFINITY;
  const report = (knobs2) => {
    moved = performance.now();
    onset(knobs2);
  };
  const counts = createSelect(
    "training digits",
    COUNTS,
    grouped,
    (trainingDigits) => report({ trainingDigits })
  );
  const knobs = {
    klWeight: slider(
      "KL weight",
      { min: 0, max: 8, step: 0.1, value: 1 },
      (klWeight) => report({ klWeight }),
      (value) => value.toFixed(1)
    ),
    learningRate: createSelect(
      "learning rate",
      RATES,
      String,
      (learningRate) => report({ learningRate })
    ),
    noise: createSwitch("sampling noise", (noise) => report({ noise })),
    inputDropout: slider(
      "input dropout",
      { min: 0, max: 0.9, step: 0.05, value: 0 },
      (inputDropout) => report({ inputDropout }),
      (value) => `${Math.round(100 * value)}%`
    ),
    trainingDigits: counts
  };
  const show = (values) => {
    for (const [name, value] of Object.entries(values)) {
      knobs[
        /** @type {keyof Knobs} */
        name
      ].set(value);
    }
  };
  return {
    ...knobs,
    /** Only counts of digits that there are. @param {Setting} setting */
    limit({ digits }) {
      counts.offer(
        [...COUNTS.filter((count) => count < digits), digits],
        (count) => count === digits ? `all ${grouped(count)}` : grouped(count)
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
    }
  };
}
function createModelKnobs(onchange) {
  const widths = createSelect(
    "hidden units",
    WIDTHS,
    String,
    (hiddenUnits) => onchange({ hiddenUnits })
  );
  const activations = createSelect(
    "activation",
    ACTIVATIONS,
    String,
    (activation) => onchange({ activation })
  );
  const note = make("span", { class: "vl-note" });
  const root2 = box("vl-model-knobs", widths.root, activations.root, note);
  return {
    root: root2,
    /** What the engine can change. @param {Setting} setting */
    limit({ offers }) {
      widths.root.hidden = !offers.includes("hiddenUnits");
      activations.root.hidden = !offers.includes("activation");
      root2.hidden = widths.root.hidden && activations.root.hidden;
    },
    /** @param {Start} start @param {boolean} isPending chosen, and not yet built */
    show({ hiddenUnits, activation }, isPending) {
      widths.set(hiddenUnits);
      activations.set(activation);
      setWords(note, isPending ? "press reset to apply" : "take effect at a reset");
      note.classList.toggle("vl-pending", isPending);
    }
  };
}
function createSelect(name, values, words, onchoose) {
  const select = make("select", { "aria-label": name });
  const root2 = make("label", { class: "vl-knob" }, make("span", {}, name), select);
  let offered = values;
  const offer = (list, say) => {
    const chosen = select.value;
    offered = list;
    select.replaceChildren(...list.map((value) => make("option", { value }, say(value))));
    if (list.some((value) => String(value) === chosen)) select.value = chosen;
  };
  offer(values, words);
  select.addEventListener("change", () => onchoose(offered[select.selectedIndex]));
  return {
    root: root2,
    offer,
    /** @param {Value} value */
    set(value) {
      if (select.value === String(value)) return;
      if (!offered.includes(value)) {
        offered = [...offered, value];
        select.append(make("option", { value }, words(value)));
      }
      select.value = String(value);
    }
  };
}
function createSwitch(name, onswitch) {
  const input = make("input", { type: "checkbox", role: "switch", "aria-label": name });
  input.addEventListener("change", () => onswitch(input.checked));
  const root2 = make("label", { class: "vl-knob vl-switch" }, make("span", {}, name), input);
  return {
    root: root2,
    /** @param {boolean} isOn */
    set(isOn) {
      input.checked = isOn;
    }
  };
}

// live_map.js
var NAME4 = "Latent space";
var REACH2 = 4;
var INSIDE = 0.98;
var ROOM = 1.05;
var WIDENS = 0.08;
var CAPTION = "Each point is the mean μ of a validation digit, in the colour of its class.";
var MORE = `The training sees no label. Circles: 1, 2 and 3 standard deviations of the prior. Accuracy: the share of the validation digits whose class is that of most of the ${NEIGHBOURS2} nearest codes among at most 2,000 training digits.`;
var LEARNED = [0.15, 0.3];
function createLatentMap(redraw, beside) {
  const sharp = createSharpCanvas(NAME4, "vl-map", redraw);
  const key = box("vl-key");
  const root2 = make(
    "figure",
    { class: "vl-latent" },
    box("vl-heading", make("h3", {}, "Latent space"), beside),
    sharp.canvas,
    key,
    make("figcaption", {}, make("details", {}, make("summary", {}, CAPTION), make("p", {}, MORE)))
  );
  let labels = new Uint8Array();
  let classes = [];
  let placer = createNamePlacer(labels);
  let target = new Float32Array();
  let [from, shown] = [target, target];
  let [began, takes] = [0, 0];
  let [reach, wantedReach] = [REACH2, REACH2];
  let accuracy = 0;
  let angles = [];
  const advance = (now) => {
    const part = takes > 0 ? Math.min(1, (now - began) / takes) : 1;
    for (let k = 0; k < target.length; k++) shown[k] = from[k] + part * (target[k] - from[k]);
    reach += (takes > 0 ? WIDENS : 1) * (wantedReach - reach);
  };
  return {
    root: root2,
    /** @param {Uint8Array} ofDigits */
    setLabels(ofDigits) {
      labels = ofDigits;
      classes = [...indicesByClass(labels)];
      placer = createNamePlacer(labels);
      key.replaceChildren(...classes.map(([label]) => keyEntry(label)));
    },
    /** Jumps: what comes next is another run. */
    reset() {
      placer.reset();
      angles = [];
      target = new Float32Array();
      [reach, wantedReach, accuracy] = [REACH2, REACH2, 0];
    },
    /**
     * New codes, to be reached within so many milliseconds.
     *
     * @param {Float32Array} codes
     * @param {number} now
     * @param {number} duration
     */
    moveTo(codes, now, duration) {
      const isFirst = target.length !== codes.length;
      from = isFirst ? codes : shown.slice();
      if (isFirst) shown = codes.slice();
      target = codes;
      [began, takes] = [now, isFirst ? 0 : duration];
      wantedReach = reachOf(codes, wantedReach);
    },
    /** @param {number} share of the validation digits classified correctly */
    setAccuracy(share2) {
      accuracy = share2;
    },
    /** @param {number} now */
    isMoving: (now) => now < began + takes || Math.abs(wantedReach - reach) > 0.01,
    /**
     * @param {number} now
     * @param {Way | null} way of the digit that is followed
     */
    draw(now, way) {
      advance(now);
      const context = sharp.begin();
      if (!context) return;
      const view = createView(sharp.size, reach);
      const seen = ramp(accuracy, LEARNED);
      const names = placer.place(shown, reach);
      angles = nameCircles(shown, seen > 0 ? names : [], reach, angles);
      drawFrame(context, view);
      clipped(context, view, () => {
        drawPoints(context, view.toPixels, shown, classes, way ? 0.45 : 0.9);
        drawCircles(context, view);
        drawNamesOfCircles(context, view, angles);
        drawNames(context, view, names, seen);
        if (way) drawWay(context, view, way);
      });
    },
    /** @param {string} words for a screen reader, if there are any */
    describe(words) {
      sharp.canvas.setAttribute("aria-label", words ? `${NAME4}: ${words}` : NAME4);
    },
    close: sharp.close
  };
}
function keyEntry(label) {
  const dot = make("i", { style: `background: ${DIGITS[label]}` });
  return make("span", {}, dot, String(label));
}
function reachOf(codes, before) {
  const sizes = new Float32Array(codes.length / 2);
  for (let k = 0; k < sizes.length; k++) {
    sizes[k] = Math.max(Math.abs(codes[2 * k]), Math.abs(codes[2 * k + 1]));
  }
  sizes.sort();
  const needed = sizes[Math.floor(INSIDE * (sizes.length - 1))];
  if (!Number.isFinite(needed)) return before;
  if (needed > before) return Math.ceil(ROOM * needed);
  return needed < 0.7 * before ? Math.max(REACH2, Math.ceil(ROOM * needed)) : before;
}
function ramp(value, [low, high]) {
  return clamp((value - low) / (high - low), 0, 1);
}
function drawWay(context, { toPixels, unit }, { mean, deviation, z }) {
  const [x, y] = toPixels(mean);
  const [endX, endY] = toPixels(z);
  context.lineWidth = 2;
  context.strokeStyle = INK;
  context.fillStyle = INK_TINT;
  context.beginPath();
  const [wide, high] = [unit * deviation[0], unit * deviation[1]];
  context.ellipse(x, y, Math.max(2, wide), Math.max(2, high), 0, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.strokeStyle = NOISE;
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(endX, endY);
  context.stroke();
  drawCross(context, [x, y], 6);
  drawDot(context, [endX, endY], 6, "white");
  drawDot(context, [endX, endY], 4.5, INK);
  context.font = `600 14px ${FONT}`;
  context.textBaseline = "middle";
  const side = endX < x ? -1 : 1;
  const apart = Math.max(Math.abs(endX - x), 14);
  context.textAlign = side < 0 ? "right" : "left";
  haloText(context, "z", x + side * (apart + 9), endY, { halo: 4, color: INK });
  context.textAlign = side < 0 ? "left" : "right";
  haloText(context, "μ", x - side * 15, y, { halo: 4, color: INK });
}

// live_samples.js
var MOST2 = 12;
function createSamples(onresample) {
  const canvases = Array.from(
    { length: MOST2 },
    () => digitCanvas({ class: "vw-digit vl-sample", "aria-hidden": "true" })
  );
  const grid = box("vl-samples", ...canvases);
  grid.setAttribute("role", "img");
  grid.setAttribute("aria-label", "Samples from the prior, decoded");
  const caption = "Codes z drawn from the prior N(0, I), decoded by the model as it is now: no image was encoded. The codes stay the same while it trains.";
  const resample = make(
    "button",
    { type: "button", "data-action": "resample", onclick: onresample },
    "draw other codes"
  );
  const root2 = make(
    "figure",
    { class: "vl-panel vl-prior-samples" },
    box("vl-heading", make("h3", {}, "Samples from the prior"), resample),
    grid,
    make("figcaption", {}, caption)
  );
  return {
    root: root2,
    /** @param {Uint8Array} images */
    update(images) {
      const count = Math.min(MOST2, images.length / PIXELS);
      canvases.forEach((canvas, k) => {
        canvas.hidden = k >= count;
        if (k < count) paintRaw(canvas, images, PIXELS * k);
      });
    }
  };
}

// live_docks.js
function createDocks() {
  const decoderSize = make("span", { class: "vl-size" });
  const encoderSize = make("span", { class: "vl-size" });
  const weight = make("output", { "aria-live": "off" }, "1.0");
  const kl = createTerm("KL term", "kl", "KL(q(z∣x) ‖ p(z))");
  const reconstruction = createTerm("Reconstruction", "reconstruction", "−log p(x∣z)");
  const loss = createTerm("Loss", "loss", "", "this batch");
  const roots = {
    encoder: createName("encoder", encoderSize),
    decoder: createName("decoder", decoderSize),
    weight: box("vl-dock-weight", make("span", {}, "KL weight"), weight),
    kl: kl.root,
    reconstruction: reconstruction.root,
    loss: loss.root
  };
  const sum = [roots.weight, kl.root, reconstruction.root, loss.root];
  return {
    roots,
    /** @param {Layout} layout */
    arrange({ isWide, docks, cards: { height } }) {
      for (const [name, root2] of Object.entries(roots)) placeDock(root2, docks[name]);
      for (const { style } of sum) style.height = isWide ? `${height}px` : "";
    },
    /** @param {Frame} frame */
    update({ terms, start, knobs: { klWeight } }) {
      setWords(encoderSize, `784 → ${start.hiddenUnits} → μ, σ`);
      setWords(decoderSize, `z → ${start.hiddenUnits} → 784`);
      setWords(weight, klWeight.toFixed(1));
      loss.explain(explainLoss(klWeight));
      kl.show(terms?.kl);
      reconstruction.show(terms?.reconstruction);
      loss.show(terms?.loss);
    }
  };
}
function placeDock({ style }, dock) {
  style.left = dock ? `${dock.left}px` : "";
  style.top = dock ? `${dock.top}px` : "";
  style.width = dock ? `${dock.width}px` : "";
}
function explainLoss(weight) {
  if (weight === 0) return "without the KL term";
  if (weight === 1) return "the negative ELBO";
  return "the loss of a β-VAE";
}
function createName(name, size2) {
  return box(`vl-name-of vl-dock-${name}`, make("b", {}, name), size2);
}
function createTerm(name, part, formula, of = "") {
  const value = make("output", { class: "vl-value" }, "–");
  value.setAttribute("aria-live", "off");
  const symbols = make("span", { class: "vl-formula" }, formula);
  const title = box("vl-term-name", make("b", {}, name), " ", make("span", {}, of));
  const line = box("vl-term-line", value, " ", make("span", {}, "nats"));
  return {
    root: box(`vl-card vl-card-${part}`, title, line, symbols),
    /** @param {number} [amount] */
    show(amount = Number.NaN) {
      setWords(value, nats(amount));
    },
    /** @param {string} words */
    explain(words) {
      setWords(symbols, words);
    }
  };
}

// live_layout.js
var WIDE = 680;
var NARROW = 0.56;
var ROOMY = 760;
var LARGE = 820;
var ENTRY = 0.5;
var LOOP = 14;
var CARD = 84;
var UNDER = 52;
var SIGN = 24;
function layoutSchematic(width, count) {
  const isWide = width >= WIDE;
  const measures = isWide ? measureWide(width, count) : measureCompact(width);
  const { side, pitch, top, q, gap, left, right } = measures;
  const funnel2 = (width - left - right - 3 * side - q - 5 * gap) / 2;
  const columns = placeColumns(left, gap, [side, funnel2, q, side, funnel2, side]);
  const bottom = top + count * pitch;
  const cards = { top: bottom + UNDER, height: CARD };
  const height = isWide ? cards.top + CARD + 20 : bottom + 50;
  const noise = { x: center(columns.z), y: isWide ? 44 : 38, radius: isWide ? 16 : 13 };
  return {
    isWide,
    isRoomy: width >= ROOMY,
    width,
    height,
    side,
    pitch,
    top,
    bottom,
    rows: Array.from({ length: count }, (_, row) => top + (row + 0.5) * pitch),
    columns,
    noise,
    loop: {
      x: width - (isWide ? 8 : 3),
      y: isWide ? LOOP : 8,
      start: isWide ? cards.top + CARD / 2 : height,
      ...placeEntries(columns)
    },
    docks: isWide ? placeDocks(width, columns, top, bottom, cards.top) : {},
    cards
  };
}
function center({ left, right }) {
  return (left + right) / 2;
}
function placeEntries({ encoder, decoder }) {
  const far = ENTRY * (encoder.right - encoder.left);
  return { encoder: encoder.left + far, decoder: decoder.right - far };
}
function sideOf(width, count) {
  if (count < 4) return 44;
  return width >= LARGE ? 50 : 45;
}
function measureWide(width, count) {
  const side = sideOf(width, count);
  return {
    side,
    pitch: side + 6,
    top: 94,
    q: clamp(0.24 * width, 164, 240),
    gap: clamp(0.034 * width, 24, 40),
    left: 8,
    right: 34
  };
}
function measureCompact(width) {
  const side = clamp(0.112 * width, 32, 56);
  return {
    side,
    pitch: side + 8,
    top: 100,
    q: clamp(0.25 * width, 70, 170),
    gap: clamp(0.028 * width, 9, 20),
    left: 2,
    right: 10
  };
}
function placeColumns(start, gap, widths) {
  let left = start;
  const columns = widths.map((width) => {
    const column = { left, right: left + width };
    left += width + gap;
    return column;
  });
  const [images, encoder, q, z, decoder, reconstructions] = columns;
  return { images, encoder, q, z, decoder, reconstructions };
}
function placeDocks(width, { images, encoder, decoder }, top, bottom, sum) {
  const inside = (funnel2) => {
    const room = 0.9 * (funnel2.right - funnel2.left);
    return { left: center(funnel2) - room / 2, top: (top + bottom) / 2, width: room };
  };
  return {
    encoder: inside(encoder),
    decoder: inside(decoder),
    ...placeSum(center(images) + 14, width - 22, sum)
  };
}
function placeSum(left, right, top) {
  const weight = clamp(0.1 * right, 68, 92);
  const loss = clamp(0.19 * right, 138, 190);
  const term = (right - left - weight - loss - 3 * SIGN) / 2;
  const kl = left + weight + SIGN;
  const reconstruction = kl + term + SIGN;
  return {
    weight: { left, top, width: weight },
    kl: { left: kl, top, width: term },
    reconstruction: { left: reconstruction, top, width: term },
    loss: { left: right - loss, top, width: loss }
  };
}
function narrowed({ top, bottom }, y) {
  const middle = (top + bottom) / 2;
  return middle + NARROW * (y - middle);
}
function funnelCorners(layout, { left, right }, shape) {
  const tall = [layout.top, layout.bottom];
  const low = tall.map((y) => narrowed(layout, y));
  const [first, second] = shape === "narrowing" ? [tall, low] : [low, tall];
  return `${left},${first[0]} ${right},${second[0]} ${right},${second[1]} ${left},${first[1]}`;
}
function loopPaths(layout) {
  const { loop, docks, top, isWide } = layout;
  const { x, y, start, encoder, decoder } = loop;
  const round = isWide ? 10 : 6;
  const edge = top + ENTRY * (narrowed(layout, top) - top) - 4;
  const out = isWide ? `M${docks.loss.left + docks.loss.width + 2} ${start}H${x - round}` : "";
  const corner = isWide ? `q${round} 0 ${round} ${-round}` : `M${x} ${start}`;
  const back = `V${y + round}q0 ${-round} ${-round} ${-round}`;
  return {
    trunk: `${out}${corner}${back}H${decoder}`,
    toDecoder: `M${decoder} ${y}V${edge}`,
    toEncoder: `M${decoder} ${y}H${encoder + round}q${-round} 0 ${-round} ${round}V${edge}`
  };
}

// live_gradients.js
var DASHES = 12;
var STRIDE = 3;
var THIN = 1.5;
var THICK = 5;
var LOOP2 = "gradients of the loss update both networks";
function createLoop() {
  const trunk = svg("path", { class: "vl-loop" });
  const toDecoder = svg("path", { class: "vl-loop vl-loop-end" });
  const toEncoder = svg("path", { class: "vl-loop vl-loop-end" });
  const name = svg("text", { class: "vl-loop-name" });
  const root2 = svg("g", { class: "vl-training-loop" }, trunk, toDecoder, toEncoder, name);
  return {
    root: root2,
    /** @param {Layout} layout */
    arrange(layout) {
      const paths = loopPaths(layout);
      setAll(trunk, { d: paths.trunk });
      setAll(toDecoder, { d: paths.toDecoder });
      setAll(toEncoder, { d: paths.toEncoder });
      setWords(name, layout.isWide ? LOOP2 : LOOP2.replace("of the loss ", ""));
      setAll(name, { x: (layout.loop.encoder + layout.loop.decoder) / 2, y: layout.loop.y });
    }
  };
}
function createFlow(...groups2) {
  let seen = 0;
  let moved = 0;
  return {
    /** @param {number} images seen so far */
    update(images) {
      if (images === seen) return;
      seen = images;
      moved = (moved + STRIDE) % DASHES;
      for (const { style } of groups2) style.strokeDashoffset = `${-moved}px`;
    }
  };
}
function createGradients() {
  const arrow = (term) => svg("path", { class: `vl-gradient vl-of-${term}` });
  const toDecoder = [arrow("reconstruction"), arrow("reconstruction")];
  const toEncoder = [arrow("reconstruction"), arrow("reconstruction"), arrow("reconstruction")];
  const ofKl = [arrow("kl"), arrow("kl")];
  const through = svg("path", { class: "vl-through" });
  const norms = { decoder: createNorm(), encoder: createNorm() };
  const klNorm = svg("tspan", { class: "vl-norm-kl" });
  norms.encoder.root.append(klNorm);
  const arrows = [...toDecoder, ...toEncoder, ...ofKl];
  const root2 = svg(
    "g",
    { class: "vl-gradients", "aria-hidden": "true" },
    through,
    ...arrows,
    norms.decoder.root,
    norms.encoder.root
  );
  let isWide = true;
  return {
    root: root2,
    /** @param {Layout} layout */
    arrange(layout) {
      isWide = layout.isWide;
      const paths = gradientPaths(layout);
      arrows.forEach((path, k) => {
        setAll(path, { d: paths.arrows[k] });
      });
      setAll(through, { d: paths.through });
      norms.decoder.arrange(layout, layout.loop.decoder);
      norms.encoder.arrange(layout, layout.loop.encoder);
    },
    /** @param {Gradients | null} found */
    update(found) {
      const { encoder, decoder } = found?.reconstruction ?? { encoder: 0, decoder: 0 };
      const kl = found?.kl.encoder ?? 0;
      const largest = Math.max(encoder, decoder, kl, 1e-9);
      const widest = isWide ? THICK : THICK / 2;
      const widen = (paths, norm) => {
        for (const path of paths) {
          path.style.strokeWidth = `${(THIN + widest * Math.sqrt(norm / largest)).toFixed(1)}px`;
          path.classList.toggle("vl-hidden", !(norm > 0));
        }
      };
      widen(toDecoder, decoder);
      widen(toEncoder, encoder);
      widen(ofKl, kl);
    },
    /** @param {Gradients | null} found */
    tell(found) {
      norms.decoder.tell(found ? size(found.reconstruction.decoder) : "");
      norms.encoder.tell(found ? size(found.reconstruction.encoder) : "");
      setWords(klNorm, found ? ` + ${isWide ? "KL " : ""}${size(found.kl.encoder)}` : "");
    }
  };
}
function createNorm() {
  const name = svg("tspan", { class: "vl-norm-name" });
  const value = svg("tspan", { class: "vl-norm-reconstruction" });
  const root2 = svg("text", { class: "vl-norm" }, name, value);
  let isWide = true;
  return {
    root: root2,
    /** @param {Layout} layout @param {number} x of the arrow */
    arrange(layout, x) {
      isWide = layout.isWide;
      root2.classList.toggle("vl-norm-aside", isWide);
      setAll(root2, isWide ? { x: x + 9, y: layout.loop.y + 18 } : { x, y: layout.bottom + 40 });
      setAll(value, isWide ? { x: x + 9, dy: 16 } : { dy: 0 });
      if (!isWide) value.removeAttribute("x");
    },
    /** @param {string} words */
    tell(words) {
      setWords(name, words && (isWide ? "gradient norm " : "∇ "));
      setWords(value, words);
    }
  };
}
function size(norm) {
  if (!Number.isFinite(norm)) return "–";
  return norm >= 100 ? nats(norm).replace(/\.\d$/, "") : norm.toPrecision(2);
}
function gradientPaths(layout) {
  const { isWide, columns, top, bottom } = layout;
  const { encoder, q, z, decoder, reconstructions } = columns;
  const middle = (top + bottom) / 2;
  const aside = isWide ? 8 : 5;
  const back = (from, to, y) => `M${from.left - 2} ${y}H${to.right + 3}`;
  const [above, below] = [middle - aside, middle + aside];
  const fromTerms = isWide ? pathsFromTerms(layout) : { reconstruction: "", kl: "" };
  return {
    arrows: [
      fromTerms.reconstruction,
      back(reconstructions, decoder, above),
      back(decoder, z, above),
      back(z, { left: q.left, right: q.right + 3 }, above),
      back({ left: q.left - 4, right: q.right }, encoder, above),
      fromTerms.kl,
      back({ left: q.left - 4, right: q.right }, encoder, below)
    ],
    through: [decoder, q, encoder].map(({ left, right }) => `M${right} ${above}H${left}`).join("")
  };
}
function pathsFromTerms({ columns, bottom, cards, docks }) {
  const { left, width } = docks.reconstruction;
  const entry = left + width - 34;
  const across = cards.top - 36;
  const end = center(columns.reconstructions) - 14;
  const q = center(columns.q) + 16;
  return {
    reconstruction: `M${entry} ${cards.top - 2}V${across + 8}q0 -8 8 -8H${end - 8}q8 0 8 -8V${bottom + 5}`,
    kl: `M${q} ${cards.top - 2}V${bottom + 9}`
  };
}

// live_schematic.js
var ROWS = 6;
var MEANS = 3.5;
var PLANE = 3.5;
var DOT2 = 3;
var DEVIATIONS = 1.5;
function createSchematic(onhighlight) {
  const drawing = createDrawing();
  const rows = Array.from({ length: ROWS }, (_, row) => createRow(row));
  const docks = createDocks();
  const stage = box(
    "vl-stage",
    drawing.root,
    ...rows.flatMap((row) => [row.input, row.output, row.handle])
  );
  drawing.root.append(...rows.map((row) => row.drawing));
  const root2 = box("vl-schematic", stage, box("vl-docks", ...Object.values(docks.roots)));
  let sent = ROWS;
  let count = ROWS;
  let width = 0;
  let last = null;
  const fill = (frame2) => {
    for (let k = 0; k < count; k++) rows[k].update(frame2, k);
  };
  const arrange = () => {
    const room = Number(getComputedStyle(root2).getPropertyValue("--vl-rows")) || ROWS;
    count = Math.min(sent, room);
    const layout = layoutSchematic(width, count);
    root2.classList.toggle("vl-wide", layout.isWide);
    root2.classList.toggle("vl-roomy", layout.isRoomy);
    stage.style.height = `${layout.height}px`;
    drawing.arrange(layout);
    rows.forEach((row, k) => {
      row.setShown(k < count);
      if (k < count) row.arrange(layout);
    });
    docks.arrange(layout);
    if (last) fill(last);
  };
  const watcher = new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - width) < 0.5 || contentRect.width === 0) return;
    width = contentRect.width;
    arrange();
  });
  watcher.observe(root2);
  followRows(rows, onhighlight);
  return {
    root: root2,
    /** @param {Frame} frame @param {boolean} withWords whether numbers in words may change */
    update(frame2, withWords) {
      last = frame2;
      const digits = Math.min(ROWS, frame2.batch.inputs.length / PIXELS);
      if (digits !== sent) {
        sent = digits;
        if (width > 0) arrange();
      }
      fill(frame2);
      drawing.update(frame2, withWords);
      if (withWords) docks.update(frame2);
    },
    /** @param {boolean} isOn */
    showGradients(isOn) {
      root2.classList.toggle("vl-with-gradients", isOn);
    },
    close: () => watcher.disconnect()
  };
}
function wayOf(batch, row) {
  const deviation = codeAt(batch.zLogVar, row).map((value) => Math.exp(0.5 * value));
  return { mean: codeAt(batch.zMean, row), deviation, z: codeAt(batch.z, row) };
}
function followRows(rows, onhighlight) {
  let pinned = null;
  let passing = null;
  const show = () => {
    const lit = passing ?? pinned;
    rows.forEach((row, k) => {
      row.light(k === lit, k === pinned);
    });
    onhighlight(lit);
  };
  rows.forEach(({ handle }, k) => {
    const pass = (row) => () => {
      passing = row;
      show();
    };
    handle.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") pass(k)();
    });
    handle.addEventListener("pointerleave", pass(null));
    handle.addEventListener("focus", pass(k));
    handle.addEventListener("blur", pass(null));
    handle.addEventListener("click", () => {
      pinned = pinned === k ? null : k;
      passing = null;
      show();
    });
  });
}
function createDrawing() {
  const encoder = svg("polygon", { class: "vl-encoder" });
  const decoder = svg("polygon", { class: "vl-decoder" });
  const frame2 = svg("rect", { class: "vl-q", rx: 10 });
  const noise = svg("circle", { class: "vl-noise" });
  const noiseName = svg("text", { class: "vl-symbol" }, "ε");
  const noiseArrow = svg("path", { class: "vl-arrow vl-noise-arrow" });
  const words = {
    images: createHeading("digit", "x"),
    dropout: svg("text", { class: "vl-mark" }),
    q: svg("text", { class: "vl-name" }, "q(z∣x)"),
    mean: svg("text", { class: "vl-name" }, "μ"),
    deviation: svg("text", { class: "vl-name" }, "σ"),
    one: svg("text", { class: "vl-one" }),
    z: svg("text", { class: "vl-name" }),
    reconstructions: createHeading("reconstruction", "x̂"),
    encoder: svg("text", { class: "vl-along" }, "encoder"),
    decoder: svg("text", { class: "vl-along" }, "decoder"),
    times: svg("text", { class: "vl-sign" }, "×"),
    plus: svg("text", { class: "vl-sign" }, "+"),
    equals: svg("text", { class: "vl-sign" }, "=")
  };
  const compared = svg("path", { class: "vl-arrow" });
  const compared2 = svg("path", { class: "vl-arrow" });
  const toKl = svg("path", { class: "vl-arrow" });
  const loop = createLoop();
  const gradients = createGradients();
  const flow = createFlow(loop.root, gradients.root);
  const markers = createMarkers();
  const root2 = svg(
    "svg",
    { class: "vl-drawing", role: "img", "aria-label": "The model, from images to reconstructions" },
    markers,
    loop.root,
    encoder,
    decoder,
    frame2,
    noise,
    noiseName,
    noiseArrow,
    compared,
    compared2,
    toKl,
    ...Object.values(words),
    gradients.root
  );
  return {
    root: root2,
    /** @param {Layout} layout */
    arrange(layout) {
      const { width, height, columns, top, bottom, noise: circle } = layout;
      setAll(root2, { width, height, viewBox: `0 0 ${width} ${height}` });
      setAll(encoder, { points: funnelCorners(layout, columns.encoder, "narrowing") });
      setAll(decoder, { points: funnelCorners(layout, columns.decoder, "widening") });
      const { left, right } = columns.q;
      setAll(frame2, {
        x: left - 3,
        y: top - 24,
        width: right - left + 6,
        height: bottom - top + 28
      });
      setAll(noise, { cx: circle.x, cy: circle.y, r: circle.radius });
      setAll(noiseName, { x: circle.x, y: circle.y + 1 });
      setAll(noiseArrow, { d: `M${circle.x} ${circle.y + circle.radius + 3}V${top - 3}` });
      arrangeWords(words, layout);
      const ways = pathsToTerms(layout);
      setAll(compared, { d: ways.fromImages });
      setAll(compared2, { d: ways.fromReconstructions });
      setAll(toKl, { d: ways.fromQ });
      loop.arrange(layout);
      gradients.arrange(layout);
      for (const head of markers.querySelectorAll(".vl-head-reconstruction, .vl-head-kl")) {
        const side = layout.isWide ? 16 : 8;
        setAll(head, { markerWidth: side, markerHeight: side });
      }
    },
    /** @param {Frame} frame @param {boolean} withWords */
    update({ gradients: norms, knobs, images }, withWords) {
      flow.update(images);
      gradients.update(norms);
      if (withWords) gradients.tell(norms);
      if (withWords) tellKnobs(words, knobs);
      root2.classList.toggle("vl-without-noise", !knobs.noise);
    }
  };
}
var HEADS = ["arrow", "noise", "loop", "reconstruction", "kl"];
function createMarkers() {
  return svg(
    "defs",
    {},
    ...HEADS.map(
      (name) => svg(
        "marker",
        {
          id: `vl-head-${name}`,
          class: `vl-head vl-head-${name}`,
          viewBox: "0 0 8 8",
          refX: 6,
          refY: 4,
          markerWidth: 8,
          markerHeight: 8,
          markerUnits: "userSpaceOnUse",
          orient: "auto-start-reverse"
        },
        svg("path", { d: "M0 0L8 4L0 8z" })
      )
    )
  );
}
function createHeading(word, symbol) {
  const name = svg("tspan", { class: "vl-word" }, `${word} `);
  return svg("text", { class: "vl-column" }, name, svg("tspan", { class: "vl-name" }, symbol));
}
function tellKnobs(words, { inputDropout, noise }) {
  const dropped = Math.round(100 * inputDropout);
  setWords(words.dropout, dropped > 0 ? `${dropped}% dropped` : "");
  setWords(words.z, noise ? "z = μ + σ ε" : "z = μ");
}
function arrangeWords(words, layout) {
  const { columns, top, bottom, isWide } = layout;
  const middle = (top + bottom) / 2;
  const q = center(columns.q);
  const fields = fieldsOf(columns.q);
  setAll(words.images, { x: center(columns.images), y: top - 8 });
  setAll(words.dropout, { x: columns.images.left, y: top - 32 });
  const outer = layout.isRoomy ? layout.loop.x - 10 : center(columns.reconstructions);
  setAll(words.reconstructions, { x: outer, y: top - 8 });
  words.reconstructions.classList.toggle("vl-outer", layout.isRoomy);
  setAll(words.q, { x: q, y: top - 32 });
  setAll(words.mean, { x: fields.zero, y: top - 7 });
  setAll(words.deviation, { x: fields.start + 5, y: top - 7 });
  setAll(words.one, { x: fields.one, y: top - 7 });
  setWords(words.one, layout.isRoomy ? "σ = 1" : "1");
  setAll(words.z, { x: center(columns.z), y: bottom + 20 });
  for (
    const name of
    /** @type {const} */
    ["encoder", "decoder"]
  ) {
    const x = center(columns[name]);
    setAll(words[name], { x, y: middle, transform: `rotate(-90 ${x} ${middle})` });
    words[name].classList.toggle("vl-hidden", isWide);
  }
  arrangeSigns(words, layout);
}
function arrangeSigns(words, { isWide, docks, cards }) {
  const y = cards.top + cards.height / 2;
  const places = { times: docks.kl, plus: docks.reconstruction, equals: docks.loss };
  for (const [name, dock] of Object.entries(places)) {
    words[name].classList.toggle("vl-hidden", !isWide);
    if (dock) setAll(words[name], { x: dock.left - 12, y });
  }
}
function pathsToTerms({ isWide, columns, bottom, cards, docks, height }) {
  if (!isWide) return { fromImages: "", fromReconstructions: "", fromQ: "" };
  const images = center(columns.images);
  const reconstructions = center(columns.reconstructions);
  const { left, width } = docks.reconstruction;
  const [term, entry] = [left + width / 2, left + width - 20];
  const under = height - 8;
  const across = cards.top - 22;
  const end = cards.top + cards.height;
  return {
    fromImages: `M${images} ${bottom + 2}V${under - 8}q0 8 8 8H${term - 8}q8 0 8 -8V${end + 3}`,
    fromReconstructions: `M${reconstructions} ${bottom + 2}V${across - 8}q0 8 -8 8H${entry + 8}q-8 0 -8 8V${cards.top - 3}`,
    fromQ: `M${center(columns.q)} ${bottom + 5}V${cards.top - 3}`
  };
}
function createRow(row) {
  const input = digitCanvas({ class: "vw-digit vl-thumb", "aria-hidden": "true" });
  const output = digitCanvas({ class: "vw-digit vl-thumb", "aria-hidden": "true" });
  const handle = make("button", {
    type: "button",
    class: "vl-handle",
    "aria-pressed": "false",
    "aria-label": `Digit ${row + 1}: follow it on the map`
  });
  const threads = Array.from({ length: 5 }, () => svg("path", { class: "vl-thread" }));
  const ribbon = svg("path", { class: "vl-ribbon" });
  const within = Array.from({ length: 2 }, () => svg("path", { class: "vl-thread vl-within" }));
  const bars = createBars();
  const plane = createPlane();
  const drawing = svg(
    "g",
    { class: "vl-row" },
    ribbon,
    ...within,
    ...threads,
    bars.root,
    plane.root
  );
  let isLit = false;
  return {
    input,
    output,
    handle,
    drawing,
    /** @param {boolean} isShown */
    setShown(isShown) {
      for (const node of [input, output, handle]) node.hidden = !isShown;
      drawing.classList.toggle("vl-hidden", !isShown);
    },
    /** @param {Layout} layout */
    arrange(layout) {
      const { columns, side, pitch, rows, width } = layout;
      const y = rows[row];
      placeBox(input, columns.images.left, y - side / 2, side, side);
      placeBox(output, columns.reconstructions.left, y - side / 2, side, side);
      placeBox(handle, 0, y - pitch / 2 + 1, width, pitch - 2);
      const paths = threadPaths(layout, y);
      threads.forEach((thread, k) => {
        setAll(thread, { d: paths.outside[k] });
      });
      within.forEach((thread, k) => {
        setAll(thread, { d: paths.inside[k] });
      });
      setAll(ribbon, { d: [...paths.outside, ...paths.inside].join("") });
      bars.arrange(columns.q, y, side);
      plane.arrange(columns.z, y, side);
    },
    /** @param {boolean} lit @param {boolean} pinned */
    light(lit, pinned) {
      handle.setAttribute("aria-pressed", String(pinned));
      if (lit === isLit) return;
      isLit = lit;
      for (const node of [input, output, handle, drawing]) node.classList.toggle("vl-lit", lit);
      if (lit) drawing.parentNode?.append(drawing);
    },
    /** @param {Frame} frame @param {number} index */
    update({ batch }, index) {
      paintRaw(input, batch.inputs, PIXELS * index);
      paintRaw(output, batch.reconstructions, PIXELS * index);
      const way = wayOf(batch, index);
      bars.update(way);
      plane.update(way);
    }
  };
}
function placeBox(node, left, top, width, height) {
  const { style } = node;
  style.left = `${left}px`;
  style.top = `${top}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
}
function threadPaths(layout, y) {
  const { images, encoder, q, z, decoder, reconstructions } = layout.columns;
  const low = narrowed(layout, y);
  const bend = (start, from, end, to) => {
    const half = (start + end) / 2;
    return `M${start} ${from}C${half} ${from} ${half} ${to} ${end} ${to}`;
  };
  const tip = 4;
  return {
    outside: [
      bend(images.right + 2, y, encoder.left - tip, y),
      bend(encoder.right, low, q.left - tip - 2, y),
      bend(q.right + 4, y, z.left - tip, y),
      bend(z.right + 2, y, decoder.left - tip, low),
      bend(decoder.right, y, reconstructions.left - tip, y)
    ],
    inside: [
      `M${encoder.left} ${y}L${encoder.right} ${low}`,
      `M${decoder.left} ${low}L${decoder.right} ${y}`
    ]
  };
}
function fieldsOf({ left, right }) {
  const gap = Math.max(4, 0.06 * (right - left));
  const half = (right - left) / 2 - gap;
  const start = left + half + 1.5 * gap;
  return { half, zero: left + gap / 2 + half / 2, start, one: start + half / DEVIATIONS };
}
function createBars() {
  const axis = svg("path", { class: "vl-axis" });
  const prior = svg("path", { class: "vl-prior-mark" });
  const means = [0, 1].map(() => svg("rect", { class: "vl-mean" }));
  const deviations = [0, 1].map(() => svg("rect", { class: "vl-deviation" }));
  const root2 = svg("g", {}, ...means, ...deviations, axis, prior);
  let half = 0;
  let [zero, start] = [0, 0];
  return {
    root: root2,
    /** @param {Column} column @param {number} y @param {number} side */
    arrange(column, y, side) {
      const thickness = Math.max(5, 0.26 * side);
      const fields = fieldsOf(column);
      ({ half, zero, start } = fields);
      for (const [k, offset] of [-1, 1].entries()) {
        const top = y + offset * 0.65 * thickness - thickness / 2;
        for (const bar of [means[k], deviations[k]]) setAll(bar, { y: top, height: thickness });
      }
      const reach = 1.6 * thickness;
      setAll(axis, {
        d: `M${zero} ${y - reach}V${y + reach}M${start} ${y - reach}V${y + reach}`
      });
      setAll(prior, { d: `M${fields.one} ${y - reach}V${y + reach}` });
    },
    /** @param {Way} way */
    update({ mean, deviation }) {
      for (const k of [0, 1]) {
        const length = share(Math.abs(mean[k]), MEANS) * (half / 2);
        setAll(means[k], { x: mean[k] < 0 ? zero - length : zero, width: length });
        setAll(deviations[k], { x: start, width: share(deviation[k], DEVIATIONS) * half });
      }
    }
  };
}
function share(value, most) {
  return Number.isNaN(value) ? 0 : Math.min(value, most) / most;
}
function createPlane() {
  const frame2 = svg("rect", { class: "vl-plane", rx: 4 });
  const circles = [1, 2].map(() => svg("circle", { class: "vl-prior" }));
  const ellipse = svg("ellipse", { class: "vl-ellipse" });
  const step = svg("path", { class: "vl-step" });
  const dot = svg("circle", { class: "vl-z", r: DOT2 });
  const view = svg("svg", {}, ...circles, ellipse, step);
  const root2 = svg("g", {}, frame2, view, dot);
  let [x, y, unit] = [0, 0, 1];
  let edge = PLANE;
  const toPixels = (code) => [
    x + unit * clamp(code[0], -edge, edge),
    y - unit * clamp(code[1], -edge, edge)
  ];
  return {
    root: root2,
    /** @param {Column} column @param {number} middle @param {number} side */
    arrange({ left }, middle, side) {
      [x, y, unit] = [left + side / 2, middle, side / 2 / PLANE];
      edge = PLANE - (DOT2 + 1) / unit;
      const top = middle - side / 2;
      setAll(frame2, { x: left, y: top, width: side, height: side });
      const viewBox = `${left} ${top} ${side} ${side}`;
      setAll(view, { x: left, y: top, width: side, height: side, viewBox });
      circles.forEach((circle, k) => {
        setAll(circle, { cx: x, cy: y, r: (k + 1) * unit });
      });
    },
    /** @param {Way} way */
    update({ mean, deviation, z }) {
      if ([...mean, ...deviation, ...z].some(Number.isNaN)) return;
      const [start, end] = [toPixels(mean), toPixels(z)];
      setAll(ellipse, {
        cx: start[0],
        cy: start[1],
        rx: Math.max(1.5, unit * Math.min(PLANE, deviation[0])),
        ry: Math.max(1.5, unit * Math.min(PLANE, deviation[1]))
      });
      setAll(step, { d: `M${start[0]} ${start[1]}L${end[0]} ${end[1]}` });
      setAll(dot, { cx: end[0], cy: end[1] });
      const isBeyond = Math.max(Math.abs(z[0]), Math.abs(z[1])) > edge;
      dot.classList.toggle("vl-beyond", isBeyond);
    }
  };
}
function describeWay({ mean, deviation, z }) {
  return `mean ${place(mean)}, standard deviations ${place(deviation)}, z ${place(z)}`;
}

// live_settings.js
function createSettings(knobs, modelKnobs, ongradients) {
  const gradients = createSwitch("show gradients", ongradients);
  const root2 = box(
    "vl-settings",
    knobs.trainingDigits.root,
    knobs.inputDropout.root,
    knobs.learningRate.root,
    knobs.klWeight.root,
    knobs.noise.root,
    gradients.root,
    modelKnobs.root
  );
  root2.setAttribute("role", "group");
  root2.setAttribute("aria-label", "Settings");
  return root2;
}

// live_training.js
var REPORT = 5e3;
var NUMBERS = 200;
var LONGEST = 300;
var BETWEEN = 25;
var NARROW2 = 560;
function createLiveTraining(engine, el) {
  const view = createView2(engine);
  el.append(view.root);
  el.dataset.state = "idle";
  const loop = createLoop2(engine, view, el);
  engine.listen({
    setting: view.limit,
    frame: loop.receive,
    failed(words) {
      view.fail(words);
      el.dataset.state = "failed";
    }
  });
  return () => {
    loop.stop();
    view.close();
    engine.close();
  };
}
function createLoop2(engine, view, el) {
  let waiting = null;
  let isOwed = false;
  let run = -1;
  let before = 0;
  let timer;
  let scheduled = 0;
  let isOver = false;
  const answer = ({ frame: frame2 }) => engine.send({ action: "shown", frame: frame2 });
  const settle = () => {
    if (waiting && isOwed) answer(waiting);
    isOwed = false;
  };
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
  const receive = (frame2) => {
    if (isOver) return;
    if (frame2.run < run) {
      answer(frame2);
      return;
    }
    if (frame2.run > run) {
      view.forget();
      retract(el);
    }
    run = frame2.run;
    view.keep(frame2.measured);
    publish(el, frame2);
    settle();
    [waiting, isOwed] = [keepMap(waiting, frame2), true];
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
    }
  };
}
function keepMap(before, frame2) {
  return {
    ...frame2,
    codes: frame2.codes ?? before?.codes ?? null,
    samples: frame2.samples ?? before?.samples ?? null
  };
}
function retract({ dataset }) {
  delete dataset.validationLoss;
  delete dataset.knnAccuracy;
}
function publish({ dataset }, { state, images, rate, measured }) {
  dataset.state = state;
  dataset.imagesSeen = String(images);
  dataset.imagesPerSecond = rate.toFixed(0);
  const last = measured.at(-1);
  if (!last) return;
  dataset.validationLoss = last.validation.loss.toFixed(2);
  dataset.knnAccuracy = last.accuracy.toFixed(4);
}
function createView2(engine) {
  let isChanged = false;
  let wake = () => {
  };
  const change = () => {
    isChanged = true;
    wake();
  };
  let followed = null;
  let frame2 = null;
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
    pace: (slow) => engine.send({ action: "pace", slow })
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
    samples.root
  );
  const node = root(
    "Live training of a variational autoencoder",
    controls.root,
    trouble.root,
    experiments.root,
    settings,
    panels,
    report
  );
  node.classList.add("vae-live");
  const placer = placeSettings(settings, panels, model);
  const speak = createReporter(report);
  const drawMap = (now) => {
    map.draw(now, frame2 && followed !== null ? wayOf(frame2.batch, followed) : null);
    const sentence = describeFollowed(frame2, followed);
    if (way.textContent !== sentence) way.textContent = sentence;
  };
  const showMap = (frame3, now, duration) => {
    if (frame3.codes) map.moveTo(frame3.codes, now, duration);
    if (frame3.samples) samples.update(frame3.samples);
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
      last = void 0;
      map.reset();
      curves.clear();
      map.describe("");
      curves.describe("");
      accuracy.show(void 0);
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
      if (!frame2) experiments.begin(next.knobs);
      const isUrgent = next.state !== "training" || !isSame(frame2?.knobs, next.knobs);
      frame2 = next;
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
    }
  };
}
function placeSettings(settings, panels, model) {
  const watcher = new ResizeObserver(([{ contentRect }]) => {
    const isNarrow = contentRect.width <= NARROW2;
    if (isNarrow === panels.contains(settings)) return;
    if (isNarrow) model.after(settings);
    else panels.before(settings);
  });
  watcher.observe(panels);
  return watcher;
}
function describeFollowed(frame2, row) {
  if (!frame2 || row === null)
    return "Point at a row of the model, or press it, to follow its digit here.";
  return `Digit ${row + 1}: ${describeWay(wayOf(frame2.batch, row))}.`;
}
function createStarter(engine) {
  let built = { seed: 0, hiddenUnits: 128, activation: "tanh" };
  let chosen = {};
  let usualRate = 2e-3;
  let isFirst = true;
  const show = () => {
    const start = { ...built, ...chosen };
    const isPending = start.hiddenUnits !== built.hiddenUnits || start.activation !== built.activation;
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
    }
  };
}
function createAccuracy() {
  const value = make("output", {}, "–");
  value.setAttribute("aria-live", "off");
  return {
    root: make("p", { class: "vl-accuracy" }, `${NEIGHBOURS2}-NN accuracy `, value),
    /** @param {number | undefined} share */
    show(share2) {
      value.textContent = share2 === void 0 ? "–" : `${Math.round(100 * share2)}%`;
    }
  };
}
function createTrouble(onreset) {
  const words = make("p");
  const reset = make(
    "button",
    { type: "button", "data-action": "recover", onclick: onreset },
    "Reset, with the usual learning rate"
  );
  const root2 = make("div", { class: "vl-trouble", role: "alert" });
  return {
    root: root2,
    /** @param {string} sentence @param {boolean} [canReset] */
    show(sentence, canReset = true) {
      if (words.textContent === sentence) return;
      words.textContent = sentence;
      root2.replaceChildren(...sentence ? [words, ...canReset ? [reset] : []] : []);
    }
  };
}
function createReporter(report) {
  let state = "";
  const pace = createPacer(REPORT);
  return (frame2, last, now) => {
    const isNews = frame2.state !== state && state !== "";
    state = frame2.state;
    if (frame2.state !== "training" && !isNews) return;
    if (pace.isDue(now, isNews)) report.textContent = describeProgress(frame2, last);
  };
}
function describeProgress({ state, epoch, images }, last) {
  const seen = `epoch ${epoch.toFixed(1)}, ${images.toLocaleString("en")} images seen`;
  const loss = last ? `, validation loss ${last.validation.loss.toFixed(0)} nats` : "";
  const share2 = last ? `, accuracy ${Math.round(100 * last.accuracy)}%` : "";
  return `${STATES[state]}: ${seen}${loss}${share2}.`;
}
function describeMap({ images, accuracy }) {
  const share2 = `${NEIGHBOURS2}-NN accuracy ${Math.round(100 * accuracy)}%`;
  return `means of the validation digits, measured after ${images.toLocaleString("en")} images: ${share2}`;
}
function describeCurves({ images, training, validation }) {
  const parts = `reconstruction ${nats(validation.reconstruction)}, KL ${nats(validation.kl)}`;
  return `in nats per image, measured after ${images.toLocaleString("en")} images: training loss ${nats(training.loss)}, validation loss ${nats(validation.loss)}, of it ${parts}`;
}
var STATES = {
  idle: "Not trained yet",
  training: "Training",
  paused: "Paused",
  invalid: "Broken down"
};
function isSame(knobs, others) {
  return JSON.stringify(knobs) === JSON.stringify(others);
}
function createPacer(pause) {
  let before = Number.NEGATIVE_INFINITY;
  return {
    /** @param {number} now @param {boolean} isUrgent */
    isDue(now, isUrgent) {
      if (!isUrgent && now - before < pause) return false;
      before = now;
      return true;
    }
  };
}

// replay.js
var MARGIN3 = { left: 44, right: 92, top: 12, bottom: 42 };
var DOT3 = 5;
var PAUSE = 500;
function render3({ model, el }) {
  const codes = float32(model.get("codes"));
  const labels = uint8(model.get("labels"));
  const pictures = uint8(model.get("pictures"));
  const curves = { training: model.get("losses"), validation: model.get("val_losses") };
  const epochs = curves.training.length;
  const shown = pictures.length / PIXELS / epochs;
  const map = createMap("Latent space in training");
  const originals = uint8(model.get("images"));
  const real = createRow2("original", originals.length / PIXELS);
  const rebuilt = createRow2("reconstruction", shown);
  real.show(originals, "");
  const curve = createCurve(curves, () => model.get("epoch"));
  const words = make("p", { class: "vw-words" });
  const draw = () => {
    const epoch = model.get("epoch");
    const spoken = `${labels.length} validation digits after epoch ${epoch}`;
    track.set(epoch);
    map.drawDigits(partAt(codes, epoch - 1, epochs), labels, spoken);
    rebuilt.show(partAt(pictures, epoch - 1, epochs), ` after epoch ${epoch}`);
    curve.draw();
    words.textContent = describeCurves2(curves, epoch);
  };
  const set = setter(model);
  const go = (epoch) => set("epoch", epoch);
  const range = { min: 1, max: epochs, step: 1, value: 1 };
  const track = slider("Epoch", range, go, (epoch) => `${epoch} of ${epochs}`);
  const player = createPlayer(() => {
    const epoch = model.get("epoch");
    if (epoch < epochs) go(epoch + 1);
    return epoch < epochs;
  });
  const play = createPlayButton(() => {
    if (!player.isPlaying() && model.get("epoch") === epochs) go(1);
    player.toggle();
  });
  player.onchange(play.show);
  model.on("change:epoch", draw);
  draw();
  el.append(
    root(
      "Replay of a training",
      box("vw-bar-of-tools", play.root, track.root),
      box(
        "vw-two",
        box("vw-column", heading("Latent space of validation digits"), map.root),
        box(
          "vw-column",
          heading("Loss, in nats per image"),
          curve.root,
          words,
          heading("Four validation digits"),
          box("vw-rows", ...real.roots, ...rebuilt.roots)
        )
      )
    )
  );
  return player.stop;
}
function createPlayButton(onclick) {
  const sign = icon(ICONS.play);
  const root2 = make("button", { type: "button", class: "vw-play", onclick }, sign);
  return {
    root: root2,
    /** @param {boolean} isPlaying */
    show(isPlaying) {
      root2.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
      sign.querySelector("path")?.setAttribute("d", isPlaying ? ICONS.pause : ICONS.play);
    }
  };
}
function createRow2(name, count) {
  const pictures = Array.from({ length: count }, () => digitCanvas({ role: "img" }));
  return {
    roots: count > 0 ? [make("span", {}, name), ...pictures] : [],
    /** @param {Uint8Array} images @param {string} when */
    show(images, when) {
      pictures.forEach((one, k) => {
        paint(one, imageAt(images, k));
        one.setAttribute("aria-label", `${name} ${k + 1}${when}`);
      });
    }
  };
}
function createPlayer(advance) {
  let timer;
  let report = () => {
  };
  const isPlaying = () => timer !== void 0;
  const stop = () => {
    clearInterval(timer);
    timer = void 0;
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
    toggle: () => isPlaying() ? stop() : start(),
    /** @param {(isPlaying: boolean) => void} act */
    onchange(act) {
      report = act;
      report(isPlaying());
    }
  };
}
function createCurve(curves, epochNow) {
  const sharp = createSharpCanvas("Loss curves", "vw-plot", () => draw());
  const draw = () => {
    const context = sharp.begin();
    if (context) drawCurves(context, sharp.size, curves, epochNow());
    sharp.canvas.setAttribute("aria-label", `Loss curves. ${describeCurves2(curves, epochNow())}`);
  };
  return { root: sharp.canvas, draw };
}
var LINES = [
  { name: "training", dash: [], color: TRAINING },
  { name: "validation", dash: [6, 4], color: VALIDATION }
];
function drawCurves(context, { width, height }, curves, epoch) {
  const epochs = curves.validation.length;
  const { low, high } = valuesShown2(curves);
  const [left, top] = [MARGIN3.left, MARGIN3.top];
  const [right, bottom] = [width - MARGIN3.right, height - MARGIN3.bottom];
  const x = linearScale([1, Math.max(2, epochs)], [left + 8, right]);
  const y = linearScale([low, high === low ? low + 1 : high], [bottom - DOT3, top + DOT3]);
  drawTicks2(context, niceTicks(low, high, 4), y, left, right);
  context.fillStyle = RULE;
  context.fillRect(left, bottom, right - left, 1);
  context.fillStyle = INK;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (let tick = 1; tick <= epochs; tick += epochs > 12 ? 5 : 1) {
    context.fillText(String(tick), x(tick), bottom + 6);
  }
  context.fillText("epoch", (left + right) / 2, bottom + 23);
  context.fillStyle = GREY;
  context.fillRect(Math.round(x(epoch)), top, 1, bottom - top);
  context.save();
  context.beginPath();
  context.rect(left, top, right + DOT3 - left, bottom - top);
  context.clip();
  for (const { name, dash, color } of LINES) {
    const points = curves[name].map((value, k) => (
      /** @type {Point} */
      [x(k + 1), y(value)]
    ));
    context.lineWidth = 2.2;
    context.setLineDash(dash);
    context.strokeStyle = color;
    tracePath(context, points);
    context.stroke();
    context.setLineDash([]);
    drawDot(context, points[epoch - 1], DOT3, "white");
    drawDot(context, points[epoch - 1], DOT3 - 1.2, color);
  }
  context.restore();
  drawNames2(context, curves, y, right, [top + 8, bottom - 8]);
  if (curves.training[0] > high) {
    context.fillStyle = GREY;
    context.textAlign = "right";
    context.fillText(`↑ epoch 1: training ${nats(curves.training[0])}`, right, top + 8);
  }
}
function drawNames2(context, curves, y, right, ends) {
  const names = LINES.map(({ name }) => ({ place: y(curves[name][curves[name].length - 1]) }));
  spread(names, 18, ends);
  context.font = `13px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const [k, { name, color }] of LINES.entries()) {
    context.fillStyle = color;
    context.fillRect(right + 6, names[k].place - 1, 9, 2.5);
    context.fillStyle = INK;
    context.fillText(name, right + 19, names[k].place);
  }
}
function valuesShown2({ training, validation }) {
  const second = training[Math.min(1, training.length - 1)];
  return { low: Math.min(...training, ...validation), high: Math.max(...validation, second) };
}
function describeCurves2({ training, validation }, epoch) {
  return `After epoch ${epoch}: training ${training[epoch - 1].toFixed(1)}, validation ${validation[epoch - 1].toFixed(1)} nats per image.`;
}
var replay_default = { render: render3 };

// walk.js
var STEPS = 11;
function render4({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const digits = readDigits(model);
  const { codes, labels, images } = digits;
  const map = createMap("Walk");
  const decoded = picture("decoded on the way");
  const faded = picture("cross-fade of the pixels");
  const films = [
    createFilm("Along the line in the latent space: each z decoded"),
    createFilm("Cross-fade of the two pictures: pixel by pixel")
  ];
  const drawFilms = () => {
    const [start, end] = [model.get("start"), model.get("end")];
    const ends = [codeAt(codes, start), codeAt(codes, end)];
    const pictures = [imageAt(images, start), imageAt(images, end)];
    films[0].draw((t) => decode(vae, mix(ends[0], ends[1], t)));
    films[1].draw((t) => mix(pictures[0], pictures[1], t));
  };
  const draw = () => {
    const [start, end, t] = [model.get("start"), model.get("end"), model.get("t")];
    const z = mix(codeAt(codes, start), codeAt(codes, end), t);
    from.mark(start);
    to.mark(end);
    way.set(t);
    for (const film of films) film.mark(t);
    decoded.show(decode(vae, z), `decoded from z = ${place(z)}`);
    faded.show(
      mix(imageAt(images, start), imageAt(images, end), t),
      `${percent(1 - t)} of the one, ${percent(t)} of the other`
    );
    const ends = [codeAt(codes, start), codeAt(codes, end)];
    map.drawAbove(
      (context, { toPixels }) => drawMarker(context, toPixels(z)),
      z,
      (context, { toPixels }) => drawLine2(context, ends.map(toPixels))
    );
  };
  const set = setter(model);
  const from = picker("From", digits, (index) => set("start", index));
  const to = picker("to", digits, (index) => set("end", index));
  const range = { min: 0, max: 1, step: 0.02, value: 0 };
  const way = slider("Way", range, (t) => set("t", t), percent);
  for (const name of ["start", "end"]) model.on(`change:${name}`, drawFilms);
  for (const name of ["start", "end", "t"]) model.on(`change:${name}`, draw);
  map.drawDigits(codes, labels);
  drawFilms();
  draw();
  el.append(
    root(
      "Walk between two digits",
      box(
        "vw-walk",
        box("vw-column vw-part-pick", heading("Two digits"), from.root, to.root),
        box("vw-column vw-part-map", heading("Latent space"), map.root),
        box(
          "vw-column vw-part-pictures",
          box(
            "vw-pair",
            box("vw-column", heading("In the latent space"), decoded.root),
            box("vw-column", heading("Between the pixels"), faded.root)
          ),
          way.root
        )
      ),
      ...films.map((film) => film.root)
    )
  );
}
function drawLine2(context, ends) {
  haloLines(context, [ends], { halo: 6, width: 2.5 });
  for (const end of ends) {
    drawDot(context, end, 5, "black");
    drawDot(context, end, 2.5, "white");
  }
}
function createFilm(name) {
  const pictures = Array.from({ length: STEPS }, () => digitCanvas({ "aria-hidden": "true" }));
  const strip = make("div", { class: "vw-film", role: "img", "aria-label": name }, ...pictures);
  const root2 = make("figure", {}, make("figcaption", {}, name), strip);
  const last = STEPS - 1;
  return {
    root: root2,
    /** @param {(t: number) => ArrayLike<number>} imageOf */
    draw(imageOf) {
      pictures.forEach((one, k) => {
        paint(one, imageOf(k / last));
      });
    },
    /** @param {number} t */
    mark(t) {
      pictures.forEach((one, k) => {
        one.classList.toggle("vw-here", k === Math.round(t * last));
      });
    }
  };
}
function mix(start, end, t) {
  return start.map((value, k) => (1 - t) * value + t * end[k]);
}
function percent(share2) {
  return `${Math.round(100 * share2)}%`;
}
var walk_default = { render: render4 };

// worker_engine.js
function createWorkerEngine(digits) {
  let worker;
  const early = [];
  return {
    send(command) {
      if (worker) worker.postMessage(command);
      else early.push(command);
    },
    listen(listener) {
      worker = startWorker(listener.failed);
      if (!worker) return;
      worker.onmessage = ({ data }) => {
        if ("setting" in data) listener.setting(data.setting);
        else listener.frame(data.frame);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        worker?.terminate();
        const reason = event.message || "it gave no reason";
        listener.failed(`The training stopped with an error (${reason}): reload the page.`);
      };
      worker.postMessage(digits);
      for (const command of early.splice(0)) worker.postMessage(command);
    },
    close() {
      worker?.terminate();
    }
  };
}
function startWorker(failed) {
  try {
    const script = new Blob(['"use strict";(()=>{var ROWS=4;var COLUMNS=8;var BYTES=4;var PAGE=65536;var FastProducts=class{#tile;constructor(code){const{exports}=new WebAssembly.Instance(new WebAssembly.Module(code));this.#tile=exports}multiply(product,left,right,rows,inner,columns){const paddedRows=ROWS*Math.ceil(rows/ROWS);const paddedColumns=COLUMNS*Math.ceil(columns/COLUMNS);const rightStart=paddedRows*inner;const productStart=rightStart+inner*paddedColumns;const numbers=this.#makeRoom(productStart+paddedRows*paddedColumns);layOut(numbers,0,left.values,left.rowStep,left.columnStep,rows,inner,ROWS);const{values,rowStep,columnStep}=right;layOut(numbers,rightStart,values,columnStep,rowStep,columns,inner,COLUMNS);this.#multiplyTiles(paddedRows,inner,paddedColumns,rightStart,productStart);for(let i=0;i<rows;i++){const start=productStart+i*paddedColumns;product.set(numbers.subarray(start,start+columns),i*columns)}}#makeRoom(length){const{memory}=this.#tile;const missing=length*BYTES-memory.buffer.byteLength;if(missing>0)memory.grow(Math.ceil(missing/PAGE));return new Float32Array(memory.buffer)}#multiplyTiles(rows,inner,columns,rightStart,productStart){const{multiplyTile:multiplyTile2}=this.#tile;const rowBytes=BYTES*columns;for(let j=0;j<columns;j+=COLUMNS){const right=BYTES*(rightStart+j*inner);for(let i=0;i<rows;i+=ROWS){const left=BYTES*i*inner;const product=BYTES*(productStart+i*columns+j);multiplyTile2(left,right,inner,product,rowBytes)}}}};function layOut(numbers,start,values,lineStep,step,lines,length,width){let place=start;for(let first=0;first<lines;first+=width){const filled=Math.min(width,lines-first);for(let k=0;k<length;k++){let from=first*lineStep+k*step;for(let line=0;line<filled;line++){numbers[place+line]=values[from];from+=lineStep}place+=width}}}var TILE=4;var fastProducts=null;function useFastProducts(products){fastProducts=products}function byRows(values,columns){return{values,rowStep:columns,columnStep:1}}function transpose({values,rowStep,columnStep}){return{values,rowStep:columnStep,columnStep:rowStep}}function multiply(product,left,right,rows,inner,columns){if(fastProducts)fastProducts.multiply(product,left,right,rows,inner,columns);else multiplyByTiles(product,left,right,rows,inner,columns)}function multiplyByTiles(product,left,right,rows,inner,columns){for(let i=0;i<rows;i+=TILE){for(let j=0;j<columns;j+=TILE){const isWhole=i+TILE<=rows&&j+TILE<=columns;if(isWhole)multiplyTile(product,left,right,i,j,inner,columns);else multiplyEdge(product,left,right,i,j,rows,inner,columns)}}}function multiplyTile(product,left,right,i,j,inner,columns){const a=left.values;const b=right.values;const nextA=left.columnStep;const nextB=right.rowStep;let a0=i*left.rowStep;let a1=a0+left.rowStep;let a2=a1+left.rowStep;let a3=a2+left.rowStep;let b0=j*right.columnStep;let b1=b0+right.columnStep;let b2=b1+right.columnStep;let b3=b2+right.columnStep;let sum00=0;let sum01=0;let sum02=0;let sum03=0;let sum10=0;let sum11=0;let sum12=0;let sum13=0;let sum20=0;let sum21=0;let sum22=0;let sum23=0;let sum30=0;let sum31=0;let sum32=0;let sum33=0;for(let k=0;k<inner;k++){const right0=b[b0];const right1=b[b1];const right2=b[b2];const right3=b[b3];const left0=a[a0];sum00+=left0*right0;sum01+=left0*right1;sum02+=left0*right2;sum03+=left0*right3;const left1=a[a1];sum10+=left1*right0;sum11+=left1*right1;sum12+=left1*right2;sum13+=left1*right3;const left2=a[a2];sum20+=left2*right0;sum21+=left2*right1;sum22+=left2*right2;sum23+=left2*right3;const left3=a[a3];sum30+=left3*right0;sum31+=left3*right1;sum32+=left3*right2;sum33+=left3*right3;a0+=nextA;a1+=nextA;a2+=nextA;a3+=nextA;b0+=nextB;b1+=nextB;b2+=nextB;b3+=nextB}const row0=i*columns+j;const row1=row0+columns;const row2=row1+columns;const row3=row2+columns;product[row0]=sum00;product[row0+1]=sum01;product[row0+2]=sum02;product[row0+3]=sum03;product[row1]=sum10;product[row1+1]=sum11;product[row1+2]=sum12;product[row1+3]=sum13;product[row2]=sum20;product[row2+1]=sum21;product[row2+2]=sum22;product[row2+3]=sum23;product[row3]=sum30;product[row3+1]=sum31;product[row3+2]=sum32;product[row3+3]=sum33}function multiplyEdge(product,left,right,firstRow,firstColumn,rows,inner,columns){const endRow=Math.min(firstRow+TILE,rows);const endColumn=Math.min(firstColumn+TILE,columns);for(let i=firstRow;i<endRow;i++){for(let j=firstColumn;j<endColumn;j++){let sum=0;for(let k=0;k<inner;k++){const a=left.values[i*left.rowStep+k*left.columnStep];sum+=a*right.values[k*right.rowStep+j*right.columnStep]}product[i*columns+j]=sum}}}function clamp(value,low,high){return Math.min(high,Math.max(low,value))}var GELU_CUBIC=.044715;var GELU_SCALE=Math.sqrt(2/Math.PI);function gaussianKl({mean,logVar}){let kl=0;for(let k=0;k<mean.length;k++){kl+=.5*(mean[k]**2+Math.expm1(logVar[k])-logVar[k])}return kl}function makeUniform(seed){const state=Int32Array.of(seed);return()=>{state[0]+=1831565813;let mixed=Math.imul(state[0]^state[0]>>>15,1|state[0]);mixed=mixed+Math.imul(mixed^mixed>>>7,61|mixed)^mixed;return((mixed^mixed>>>14)>>>0)/2**32}}function normal(uniform){const radius=Math.sqrt(-2*Math.log(1-uniform()));return radius*Math.cos(2*Math.PI*uniform())}function nearest(codes,dim,z,k=1){const found=[];for(let row=0;row*dim<codes.length;row++){const square=squaredDistance(codes,row*dim,z,dim);const isFarther=found.length===k&&square>=found[k-1].square;if(isFarther)continue;const place=found.findIndex(one=>square<one.square);found.splice(place<0?found.length:place,0,{row,square});if(found.length>k)found.pop()}return found.map(({row,square})=>({row,distance:Math.sqrt(square)}))}function squaredDistance(codes,start,z,dim){let square=0;for(let d=0;d<dim;d++)square+=(codes[start+d]-z[d])**2;return square}function sigmoid(logit){return 1/(1+Math.exp(-logit))}function gelu(x){return .5*x*(1+Math.tanh(GELU_SCALE*(x+GELU_CUBIC*x**3)))}function geluDerivative(x){const tanh=Math.tanh(GELU_SCALE*(x+GELU_CUBIC*x**3));const inner=GELU_SCALE*(1+3*GELU_CUBIC*x**2);return .5*(1+tanh)+.5*x*(1-tanh**2)*inner}var SIDE=28;var FINER=4;var FINE_SIDE=FINER*SIDE;var MIDDLE=FINER*(SIDE/2+.5);var NEIGHBOURS=15;function countVotes(labels){const votes=Array(10).fill(0);for(const label of labels)votes[label]+=1;return votes}var PIXELS=784;var LATENT_DIM=2;var HEADS=2*LATENT_DIM;var WIDE=2;var BETA_1=.9;var BETA_2=.99;var EPSILON=1e-7;var ACTIVATIONS={tanh:{of:Math.tanh,derivative:(_,y)=>1-y*y},relu:{of:x=>Math.max(x,0),derivative:x=>x>0?1:0},gelu:{of:gelu,derivative:geluDerivative}};function makeModel({seed,hiddenUnits,activation}){const parameters=makeParameters(hiddenUnits);initialise(parameters,activation,makeUniform(seed));const count=parameters.all.length;return{hiddenUnits,activation:ACTIVATIONS[activation],parameters,gradient:makeParameters(hiddenUnits),klGradient:makeParameters(hiddenUnits),moments:{first:new Float32Array(count),second:new Float32Array(count),steps:0}}}function makeTwin(model){return{...model,parameters:makeParameters(model.hiddenUnits)}}function makeParameters(hiddenUnits){const encoderCount=countNumbers(PIXELS,hiddenUnits)+countNumbers(hiddenUnits,HEADS);const decoderCount=countNumbers(LATENT_DIM,hiddenUnits)+countNumbers(hiddenUnits,PIXELS);const all=new Float32Array(encoderCount+decoderCount);const encoder=all.subarray(0,encoderCount);const decoder=all.subarray(encoderCount);return{all,encoder,decoder,hidden:makeLayer(encoder,0,PIXELS,hiddenUnits),heads:makeLayer(encoder,countNumbers(PIXELS,hiddenUnits),hiddenUnits,HEADS),unfold:makeLayer(decoder,0,LATENT_DIM,hiddenUnits),logits:makeLayer(decoder,countNumbers(LATENT_DIM,hiddenUnits),hiddenUnits,PIXELS)}}function countNumbers(rows,columns){return rows*columns+columns}function makeLayer(numbers,start,rows,columns){const end=start+rows*columns;const kernel=numbers.subarray(start,end);const bias=numbers.subarray(end,end+columns);const matrix=byRows(kernel,columns);return{kernel,bias,rows,columns,matrix,transposed:transpose(matrix)}}function initialise({hidden,heads,unfold,logits},activation,uniform){const he=Math.sqrt(6/PIXELS);fill(hidden.kernel,activation==="relu"?he:glorot(PIXELS,hidden.columns),uniform);fill(heads.kernel,glorot(heads.rows,LATENT_DIM),uniform);fill(unfold.kernel,WIDE,uniform);fill(unfold.bias,WIDE,uniform);fill(logits.kernel,glorot(logits.rows,PIXELS),uniform)}function glorot(inputs,outputs){return Math.sqrt(6/(inputs+outputs))}function fill(numbers,limit2,uniform){for(let k=0;k<numbers.length;k++)numbers[k]=limit2*(2*uniform()-1)}function makePass(room,hiddenUnits){const rowsOf=columns=>new Float32Array(room*columns);return{room,encoderSums:rowsOf(hiddenUnits),encoderHidden:rowsOf(hiddenUnits),heads:rowsOf(HEADS),z:rowsOf(LATENT_DIM),decoderSums:rowsOf(hiddenUnits),decoderHidden:rowsOf(hiddenUnits),logits:rowsOf(PIXELS),dLogits:rowsOf(PIXELS),dDecoderSums:rowsOf(hiddenUnits),dZ:rowsOf(LATENT_DIM),dHeads:rowsOf(HEADS),dEncoderSums:rowsOf(hiddenUnits)}}function trainStep(model,pass,batch,{klWeight,learningRate},splitGradient=false){const terms=forward(model,pass,batch,klWeight);backward(model,pass,batch,klWeight);if(splitGradient)backwardKl(model,pass,batch,klWeight);adam(model.parameters.all,model.gradient.all,model.moments,learningRate);return terms}function forward(model,pass,{inputs,count,epsilon,targets},klWeight){encode2(model,pass,inputs,count);sampleCodes(pass,epsilon,count);decode2(model,pass,count);return loss(pass,targets,count,klWeight)}function encode2({parameters,activation,hiddenUnits},pass,images,count){const{hidden,heads}=parameters;const pixels=byRows(images,PIXELS);multiply(pass.encoderSums,pixels,hidden.matrix,count,PIXELS,hiddenUnits);addBias(pass.encoderSums,hidden.bias,count);activate(pass.encoderHidden,pass.encoderSums,activation,count*hiddenUnits);const inputs=byRows(pass.encoderHidden,hiddenUnits);multiply(pass.heads,inputs,heads.matrix,count,hiddenUnits,HEADS);addBias(pass.heads,heads.bias,count)}function sampleCodes({heads,z},epsilon,count){for(let i=0;i<count;i++){for(let d=0;d<LATENT_DIM;d++){const mean=heads[i*HEADS+d];const logVar=heads[i*HEADS+LATENT_DIM+d];z[i*LATENT_DIM+d]=mean+Math.exp(.5*logVar)*epsilon[i*LATENT_DIM+d]}}}function decode2({parameters,activation,hiddenUnits},pass,count){const{unfold,logits}=parameters;const codes=byRows(pass.z,LATENT_DIM);multiply(pass.decoderSums,codes,unfold.matrix,count,LATENT_DIM,hiddenUnits);addBias(pass.decoderSums,unfold.bias,count);activate(pass.decoderHidden,pass.decoderSums,activation,count*hiddenUnits);const hidden=byRows(pass.decoderHidden,hiddenUnits);multiply(pass.logits,hidden,logits.matrix,count,hiddenUnits,PIXELS);addBias(pass.logits,logits.bias,count)}function addBias(rows,bias,count){const columns=bias.length;for(let i=0;i<count;i++){for(let j=0;j<columns;j++)rows[i*columns+j]+=bias[j]}}function activate(hidden,sums,{of},length){for(let k=0;k<length;k++)hidden[k]=of(sums[k])}function loss(pass,targets,count,klWeight){const reconstruction=reconstructionLoss(pass,targets,count)/count;const kl=klLoss(pass.heads,count)/count;return{loss:reconstruction+klWeight*kl,reconstruction,kl}}function reconstructionLoss({logits,dLogits},targets,count){const LINE=28;let nll=0;for(let start=0;start<count*PIXELS;start+=LINE){let product=1;for(let k=start;k<start+LINE;k++){const logit=logits[k];const power=Math.exp(-Math.abs(logit));const probability=(logit>=0?1:power)/(1+power);dLogits[k]=(probability-targets[k])/count;nll+=Math.max(logit,0)-targets[k]*logit;product*=1+power}nll+=Math.log(product)}return nll}function klLoss(heads,count){const posterior={mean:new Float32Array(LATENT_DIM),logVar:new Float32Array(LATENT_DIM)};let kl=0;for(let i=0;i<count;i++){for(let d=0;d<LATENT_DIM;d++){posterior.mean[d]=heads[i*HEADS+d];posterior.logVar[d]=heads[i*HEADS+LATENT_DIM+d]}kl+=gaussianKl(posterior)}return kl}function backward(model,pass,batch,klWeight){backwardDecoder(model,pass,batch.count);pass.dHeads.fill(0);addKlGradient(pass,batch.count,klWeight);addCodeGradient(pass,batch.epsilon,batch.count);backwardEncoder(model,model.gradient,pass,batch)}function backwardKl(model,pass,batch,klWeight){pass.dHeads.fill(0);addKlGradient(pass,batch.count,klWeight);backwardEncoder(model,model.klGradient,pass,batch)}function backwardDecoder({parameters,gradient,activation,hiddenUnits},pass,count){const dLogits=byRows(pass.dLogits,PIXELS);const hidden=byRows(pass.decoderHidden,hiddenUnits);multiply(gradient.logits.kernel,transpose(hidden),dLogits,hiddenUnits,count,PIXELS);sumRows(gradient.logits.bias,pass.dLogits,count);const{logits,unfold}=parameters;multiply(pass.dDecoderSums,dLogits,logits.transposed,count,PIXELS,hiddenUnits);const units=count*hiddenUnits;multiplyByDerivative(pass.dDecoderSums,pass.decoderSums,pass.decoderHidden,activation,units);const dSums=byRows(pass.dDecoderSums,hiddenUnits);const codes=byRows(pass.z,LATENT_DIM);multiply(gradient.unfold.kernel,transpose(codes),dSums,LATENT_DIM,count,hiddenUnits);sumRows(gradient.unfold.bias,pass.dDecoderSums,count);multiply(pass.dZ,dSums,unfold.transposed,count,hiddenUnits,LATENT_DIM)}function addKlGradient({heads,dHeads},count,klWeight){const weight=klWeight/count;for(let i=0;i<count;i++){for(let d=0;d<LATENT_DIM;d++){const mean=i*HEADS+d;const logVar=mean+LATENT_DIM;dHeads[mean]+=weight*heads[mean];dHeads[logVar]+=weight*.5*Math.expm1(heads[logVar])}}}function addCodeGradient({heads,dZ,dHeads},epsilon,count){for(let i=0;i<count;i++){for(let d=0;d<LATENT_DIM;d++){const code=i*LATENT_DIM+d;const mean=i*HEADS+d;const logVar=mean+LATENT_DIM;dHeads[mean]+=dZ[code];dHeads[logVar]+=dZ[code]*.5*Math.exp(.5*heads[logVar])*epsilon[code]}}}function backwardEncoder({parameters,activation,hiddenUnits},gradient,pass,batch){const{count}=batch;const dHeads=byRows(pass.dHeads,HEADS);const hidden=byRows(pass.encoderHidden,hiddenUnits);multiply(gradient.heads.kernel,transpose(hidden),dHeads,hiddenUnits,count,HEADS);sumRows(gradient.heads.bias,pass.dHeads,count);multiply(pass.dEncoderSums,dHeads,parameters.heads.transposed,count,HEADS,hiddenUnits);const units=count*hiddenUnits;multiplyByDerivative(pass.dEncoderSums,pass.encoderSums,pass.encoderHidden,activation,units);const{hidden:first}=gradient;const pixels=transpose(byRows(batch.inputs,PIXELS));const dSums=byRows(pass.dEncoderSums,hiddenUnits);multiply(first.kernel,pixels,dSums,PIXELS,count,hiddenUnits);sumRows(first.bias,pass.dEncoderSums,count)}function sumRows(sums,rows,count){const columns=sums.length;sums.fill(0);for(let i=0;i<count;i++){for(let j=0;j<columns;j++)sums[j]+=rows[i*columns+j]}}function multiplyByDerivative(gradient,sums,hidden,{derivative},length){for(let k=0;k<length;k++)gradient[k]*=derivative(sums[k],hidden[k])}function adam(parameters,gradient,moments,learningRate){moments.steps+=1;const{first,second,steps}=moments;const rate=learningRate*Math.sqrt(1-BETA_2**steps)/(1-BETA_1**steps);for(let k=0;k<parameters.length;k++){const slope=gradient[k];const mean=BETA_1*first[k]+(1-BETA_1)*slope;const square=BETA_2*second[k]+(1-BETA_2)*slope*slope;first[k]=mean;second[k]=square;parameters[k]-=rate*mean/(Math.sqrt(square)+EPSILON)}}var BATCH_SIZE=64;var THUMBNAILS=6;var SAMPLES=12;var CLASSIFIED=50;var REFERENCE=2e3;var STREAMS={order:1,noise:2,dropout:3,samples:4,validation:5,frames:6};var DEFAULT_START={seed:0,hiddenUnits:128,activation:"tanh"};function defaultKnobs(trainingDigits){return{klWeight:1,learningRate:.003,noise:true,inputDropout:0,trainingDigits}}var TrainingRun=class{images=0;#epochs=0;#digits;#model;#measuredModel;#uniform;#batch=makeBatch();#pass;#lookPass;#lookBatch=makeBatch();#validationNoise;#sampleCodes;#thumbnails;#order=new Int32Array(0);#position=0;#sums={loss:0,reconstruction:0,kl:0,batches:0};constructor(digits,start){this.#digits=digits;this.#model=makeModel(start);this.#measuredModel=makeTwin(this.#model);this.#pass=makePass(BATCH_SIZE,start.hiddenUnits);this.#lookPass=makePass(BATCH_SIZE,start.hiddenUnits);this.#uniform=makeStreams(start.seed);const count=digits.validationLabels.length;this.#validationNoise=makeNoise(count,this.#uniform.validation);this.#sampleCodes=makeNoise(SAMPLES,this.#uniform.samples);this.#thumbnails=chooseThumbnails(digits.labels)}get epoch(){const fraction=this.#order.length?this.#position/this.#order.length:0;return this.#epochs+fraction}get batchSize(){return this.#batch.count}get isAtEpochsEnd(){return this.#position===0}step(knobs,splitGradient){const size=Math.min(BATCH_SIZE,knobs.trainingDigits);const used=knobs.trainingDigits-knobs.trainingDigits%size;if(this.#position===0||used!==this.#order.length){this.#order=shuffle(knobs.trainingDigits,this.#uniform.order).subarray(0,used);this.#position=0}const rows=this.#order.subarray(this.#position,this.#position+size);fillBatch(this.#batch,this.#digits.images,rows,knobs,this.#uniform);const terms=trainStep(this.#model,this.#pass,this.#batch,knobs,splitGradient);this.#count(terms,size);return{terms,gradients:splitGradient?this.#gradients():null}}#count(terms,size){this.images+=size;this.#position+=size;if(this.#position===this.#order.length){this.#position=0;this.#epochs+=1}this.#sums.loss+=terms.loss;this.#sums.reconstruction+=terms.reconstruction;this.#sums.kl+=terms.kl;this.#sums.batches+=1}#gradients(){const{gradient,klGradient}=this.#model;return{reconstruction:{decoder:norm(gradient.decoder),encoder:distance(gradient.encoder,klGradient.encoder)},kl:{encoder:norm(klGradient.encoder)}}}*measure(knobs){const{images}=this;const model=this.#measuredModel;model.parameters.all.set(this.#model.parameters.all);const training=this.#takeMeans();const{images:digits,labels,validationLabels}=this.#digits;const validationCodes=new Float32Array(validationLabels.length*LATENT_DIM);const sums={reconstruction:0,kl:0};for(const[first,count]of slices(validationLabels.length,BATCH_SIZE)){const terms2=this.#lookAtValidation(first,count,knobs);sums.reconstruction+=terms2.reconstruction*count;sums.kl+=terms2.kl*count;readMeans(validationCodes,this.#lookPass.heads,first,count);yield}const reference=Math.min(knobs.trainingDigits,REFERENCE);const codes=new Float32Array(reference*LATENT_DIM);for(const[first,count]of slices(reference,BATCH_SIZE)){this.#encodeImages(model,digits,first,count);readMeans(codes,this.#lookPass.heads,first,count);yield}let correct=0;for(const[first,count]of slices(validationLabels.length,CLASSIFIED)){correct+=countCorrect(codes,labels,validationCodes,validationLabels,first,count);yield}const reconstruction=sums.reconstruction/validationLabels.length;const kl=sums.kl/validationLabels.length;const terms={loss:reconstruction+knobs.klWeight*kl,reconstruction,kl};const accuracy=correct/validationLabels.length;return{images,training,validation:terms,accuracy}}#takeMeans(){const{loss:loss2,reconstruction,kl,batches}=this.#sums;this.#sums={loss:0,reconstruction:0,kl:0,batches:0};return{loss:loss2/batches,reconstruction:reconstruction/batches,kl:kl/batches}}#lookAtValidation(first,count,{noise,klWeight}){const{epsilon,inputs}=this.#lookBatch;const noiseOfDigits=this.#validationNoise.subarray(first*LATENT_DIM);for(let k=0;k<count*LATENT_DIM;k++)epsilon[k]=noise?noiseOfDigits[k]:0;this.#encodeImages(this.#measuredModel,this.#digits.validationImages,first,count);sampleCodes(this.#lookPass,epsilon,count);decode2(this.#measuredModel,this.#lookPass,count);return loss(this.#lookPass,inputs,count,klWeight)}#encodeImages(model,images,first,count){const{inputs}=this.#lookBatch;for(let i=0;i<count;i++)normaliseImage(inputs,i,images,first+i);encode2(model,this.#lookPass,inputs,count)}look(knobs,withMap=true){return{codes:withMap?this.#encodeValidation():null,batch:this.#lookAtThumbnails(knobs),samples:withMap?this.#decodeSamples():null}}#encodeValidation(){const{validationImages,validationLabels}=this.#digits;const codes=new Float32Array(validationLabels.length*LATENT_DIM);for(const[first,count]of slices(validationLabels.length,BATCH_SIZE)){this.#encodeImages(this.#model,validationImages,first,count);readMeans(codes,this.#lookPass.heads,first,count)}return codes}#lookAtThumbnails(knobs){const batch=this.#lookBatch;const pass=this.#lookPass;const{frames}=this.#uniform;const streams={noise:frames,dropout:frames};fillBatch(batch,this.#digits.images,this.#thumbnails,knobs,streams);const{count}=batch;encode2(this.#model,pass,batch.inputs,count);sampleCodes(pass,batch.epsilon,count);decode2(this.#model,pass,count);const zMean=new Float32Array(count*LATENT_DIM);const zLogVar=new Float32Array(count*LATENT_DIM);readMeans(zMean,pass.heads,0,count);readLogVars(zLogVar,pass.heads,count);return{inputs:toBytes(batch.inputs,count),zMean,zLogVar,epsilon:batch.epsilon.slice(0,count*LATENT_DIM),z:pass.z.slice(0,count*LATENT_DIM),reconstructions:toInk(pass.logits,count)}}resample(){this.#sampleCodes=makeNoise(SAMPLES,this.#uniform.samples)}#decodeSamples(){this.#lookPass.z.set(this.#sampleCodes);decode2(this.#model,this.#lookPass,SAMPLES);return toInk(this.#lookPass.logits,SAMPLES)}};function makeBatch(){return{count:0,inputs:new Float32Array(BATCH_SIZE*PIXELS),targets:new Float32Array(BATCH_SIZE*PIXELS),epsilon:new Float32Array(BATCH_SIZE*LATENT_DIM)}}function makeStreams(seed){const streams=Object.entries(STREAMS).map(([name,number])=>{const start=Math.imul(seed,2654435761)^Math.imul(number,2246822507);return[name,makeUniform(start)]});return Object.fromEntries(streams)}function makeNoise(count,uniform){return Float32Array.from({length:count*LATENT_DIM},()=>normal(uniform))}function shuffle(count,uniform){const order=Int32Array.from({length:count},(_,k)=>k);for(let last=count-1;last>0;last--){const other=Math.floor(uniform()*(last+1));const moved=order[last];order[last]=order[other];order[other]=moved}return order}function chooseThumbnails(labels){const firsts=[...new Set(labels)].map(label=>labels.indexOf(label));return Int32Array.from(firsts.slice(0,THUMBNAILS))}function fillBatch(batch,images,rows,knobs,uniform){const{inputs,targets,epsilon}=batch;for(let i=0;i<rows.length;i++)normaliseImage(targets,i,images,rows[i]);inputs.set(targets);if(knobs.inputDropout>0){dropPixels(inputs,rows.length*PIXELS,knobs.inputDropout,uniform.dropout)}for(let k=0;k<rows.length*LATENT_DIM;k++){epsilon[k]=knobs.noise?normal(uniform.noise):0}batch.count=rows.length}function dropPixels(pixels,length,probability,uniform){for(let k=0;k<length;k++){if(pixels[k]>0&&uniform()<probability)pixels[k]=0}}function normaliseImage(rows,i,images,number){const from=number*PIXELS;const to=i*PIXELS;for(let k=0;k<PIXELS;k++)rows[to+k]=images[from+k]/255}function slices(total,size){const count=Math.ceil(total/size);return Array.from({length:count},(_,k)=>[k*size,Math.min(size,total-k*size)])}function readMeans(codes,heads,first,count){for(let i=0;i<count;i++){for(let d=0;d<LATENT_DIM;d++){codes[(first+i)*LATENT_DIM+d]=heads[i*HEADS+d]}}}function readLogVars(logVars,heads,count){for(let i=0;i<count;i++){for(let d=0;d<LATENT_DIM;d++){logVars[i*LATENT_DIM+d]=heads[i*HEADS+LATENT_DIM+d]}}}function countCorrect(reference,referenceLabels,codes,labels,first,count){let correct=0;for(let i=first;i<first+count;i++){const code=codes.subarray(i*LATENT_DIM,(i+1)*LATENT_DIM);const neighbours=nearest(reference,LATENT_DIM,code,NEIGHBOURS);const votes=countVotes(neighbours.map(({row})=>referenceLabels[row]));const winner=votes.indexOf(Math.max(...votes));if(winner===labels[i])correct+=1}return correct}function toBytes(images,count){const bytes=new Uint8Array(count*PIXELS);for(let k=0;k<bytes.length;k++)bytes[k]=Math.round(255*images[k]);return bytes}function toInk(logits,count){const bytes=new Uint8Array(count*PIXELS);for(let k=0;k<bytes.length;k++)bytes[k]=Math.round(255*sigmoid(logits[k]));return bytes}function norm(numbers){let square=0;for(let k=0;k<numbers.length;k++)square+=numbers[k]**2;return Math.sqrt(square)}function distance(a,b){let square=0;for(let k=0;k<a.length;k++)square+=(a[k]-b[k])**2;return Math.sqrt(square)}var MEASURING_SLICE=5;var SLOW_STEP=250;var FRAME_SHARE=6;var FRAME_PAUSE=100;var LONGEST_PAUSE=5e3;var LONGEST_STEP=5e3;var MAP_PAUSE=250;var MEASURE_EVERY=2e3;var ACTIVATIONS2=["tanh","relu","gelu"];var MOST_HIDDEN_UNITS=1024;var MOST_KL_WEIGHT=8;var TrainingLoop=class{#digits;#post;#alarm;#start=DEFAULT_START;#knobs;#run;#runNumber=0;#state="idle";#words="";#task=null;#isSlow=false;#nextSlowStep=0;#measuring=null;#isPointDue=false;#measuredAt=0;#measured=[];#terms=null;#gradients=null;#speed={images:0,milliseconds:0};#frameNumber=0;#isShown=true;#isChanged=true;#nextFrame=0;#nextMap=0;#isAnswer=false;#isClosed=false;constructor(raw,post,later){this.#digits=raw;this.#post=post;this.#knobs=defaultKnobs(raw.labels.length);this.#run=new TrainingRun(this.#digits,this.#start);this.#alarm=new Alarm(()=>this.#work(),later);post({setting:{labels:raw.validationLabels,digits:raw.labels.length,offers:["seed","hiddenUnits","activation"]}});this.#work()}receive(command){if(command.action==="shown")this.#isShown||=command.frame===this.#frameNumber;else this.#obey(command);this.#planNext()}close(){this.#isClosed=true;this.#alarm.clear()}#obey(command){this.#isChanged=true;this.#nextFrame=0;this.#isAnswer=true;switch(command.action){case"reset":this.#reset(command.start);break;case"set":this.#knobs=adjustKnobs(this.#knobs,command.knobs,this.#digits.labels.length);break;case"pace":this.#isSlow=command.slow;this.#nextSlowStep=0;break;case"resample":this.#run.resample();this.#nextMap=0;break;case"pause":this.#stop();break;default:this.#begin(command.action)}}#reset(start){this.#start=adjustStart(this.#start,start);this.#run=new TrainingRun(this.#digits,this.#start);this.#runNumber+=1;this.#state="idle";this.#words="";this.#task=null;this.#measuring=null;this.#isPointDue=false;this.#measuredAt=0;this.#measured=[];this.#terms=null;this.#gradients=null;this.#nextMap=0}#begin(task){if(this.#state==="invalid")return;this.#task=task;this.#state="training";this.#nextSlowStep=0;this.#speed={images:0,milliseconds:0}}#stop(){this.#task=null;if(this.#state==="training")this.#state=this.#run.images>0?"paused":"idle"}#work(){if(this.#isReady())this.#doOne();if(this.#isTimeForFrame())this.#sendFrame();this.#planNext()}#isReady(){return this.#measuring!==null||this.#isPointDue||this.#isStepDue()}#isStepDue(){if(!this.#task)return false;return!this.#isSlow||performance.now()>=this.#nextSlowStep}#doOne(){if(this.#isPointDue&&!this.#measuring){this.#isPointDue=false;this.#measuring=this.#run.measure({...this.#knobs})}if(this.#measuring)this.#measureFor(this.#measuring,MEASURING_SLICE);if(this.#isStepDue())this.#step()}#measureFor(measuring,milliseconds){const end=performance.now()+milliseconds;while(performance.now()<end){const{done,value}=measuring.next();if(!done)continue;this.#measuring=null;this.#measured.push(value);this.#isChanged=true;return}}#step(){const began=performance.now();const isFollowed=this.#task==="step"||this.#isSlow;const{terms,gradients}=this.#run.step(this.#knobs,isFollowed||this.#mayShow());this.#nextSlowStep=began+SLOW_STEP;this.#terms=terms;this.#gradients=gradients??this.#gradients;this.#isChanged=true;this.#noteSpeed(this.#isSlow?SLOW_STEP:performance.now()-began);if(!Number.isFinite(terms.loss))this.#declareInvalid();else this.#finishStep()}#noteSpeed(milliseconds){if(milliseconds>LONGEST_STEP)return;const MEMORY=.98;this.#speed.images=MEMORY*this.#speed.images+this.#run.batchSize;this.#speed.milliseconds=MEMORY*this.#speed.milliseconds+milliseconds}#finishStep(){const isEpochsEnd=this.#run.isAtEpochsEnd;const isDone=this.#task==="step"||this.#task==="epoch"&&isEpochsEnd;const isLongAgo=this.#run.images-this.#measuredAt>=MEASURE_EVERY;if(isEpochsEnd&&(isDone||isLongAgo)){this.#isPointDue=true;this.#measuredAt=this.#run.images}if(isDone)this.#stop()}#declareInvalid(){this.#task=null;this.#state="invalid";const images=this.#run.images.toLocaleString("en");this.#words=`The loss is no longer a finite number after ${images} images, which happens when the learning rate, now ${this.#knobs.learningRate}, is too high: lower it and reset the model.`}#mayShow(){return this.#isShown&&performance.now()>=this.#nextFrame}#isTimeForFrame(){if(!this.#isChanged||!this.#isShown)return false;const isStill=!this.#task||this.#isSlow;return isStill||this.#mayShow()}#isMapDue(now){if(!this.#task||this.#isSlow)return true;return now>=this.#nextMap+(this.#isAnswer?MAP_PAUSE:0)}#sendFrame(){const began=performance.now();const withMap=this.#isMapDue(began);this.#isAnswer=false;if(withMap)this.#nextMap=began+MAP_PAUSE;this.#frameNumber+=1;const{images,milliseconds}=this.#speed;this.#post({frame:{frame:this.#frameNumber,run:this.#runNumber,state:this.#state,words:this.#words,epoch:this.#run.epoch,images:this.#run.images,rate:this.#task&&milliseconds?1e3*images/milliseconds:0,terms:this.#terms,gradients:this.#gradients,measured:this.#measured,...this.#run.look(this.#knobs,withMap),knobs:this.#knobs,start:this.#start}});this.#measured=[];this.#isChanged=false;this.#isShown=false;const now=performance.now();this.#nextFrame=now+clamp(FRAME_SHARE*(now-began),FRAME_PAUSE,LONGEST_PAUSE)}#planNext(){if(this.#isClosed)return;if(this.#isReady()||this.#isTimeForFrame())this.#alarm.set(0);else if(this.#task)this.#alarm.set(this.#nextSlowStep-performance.now());else this.#alarm.clear()}};var Alarm=class{#isUnderWay=false;#isWanted=false;#ring;#later;#timer;constructor(ring,later){this.#ring=ring;this.#later=later}set(milliseconds){this.clear();if(milliseconds>0){this.#timer=setTimeout(this.#ring,milliseconds);return}this.#isWanted=true;if(this.#isUnderWay)return;this.#isUnderWay=true;this.#later(()=>this.#arrive())}#arrive(){this.#isUnderWay=false;if(this.#isWanted)this.#ring()}clear(){clearTimeout(this.#timer);this.#isWanted=false}};function makeLater(){const channel=new MessageChannel;const calls=[];channel.port1.onmessage=()=>calls.shift()?.();return call=>{calls.push(call);channel.port2.postMessage(null)}}function adjustKnobs(knobs,wanted,digits){return{klWeight:limit(wanted.klWeight,knobs.klWeight,0,MOST_KL_WEIGHT),learningRate:limit(wanted.learningRate,knobs.learningRate,0,Number.MAX_VALUE),noise:wanted.noise??knobs.noise,inputDropout:limit(wanted.inputDropout,knobs.inputDropout,0,1),trainingDigits:Math.round(limit(wanted.trainingDigits,knobs.trainingDigits,1,digits))}}function adjustStart(start,wanted){const isKnown=ACTIVATIONS2.includes(wanted.activation);const seed=limit(wanted.seed,start.seed,0,2**31-1);const hiddenUnits=limit(wanted.hiddenUnits,start.hiddenUnits,1,MOST_HIDDEN_UNITS);return{seed:Math.round(seed),hiddenUnits:Math.round(hiddenUnits),activation:isKnown?wanted.activation:start.activation}}function limit(wanted,present,least,most){if(wanted===void 0||!Number.isFinite(wanted))return present;return clamp(wanted,least,most)}try{const code=Uint8Array.from(atob("AGFzbQEAAAABCQFgBX9/f39/AAMCAQAFAwEAAQcZAgZtZW1vcnkCAAxtdWx0aXBseVRpbGUAAAqYAgGVAgELewNAIAH9AAQAIQUgAf0ABBAhBiAA/QkCACEHIAggByAF/eYB/eQBIQggCSAHIAb95gH95AEhCSAA/QkCBCEHIAogByAF/eYB/eQBIQogCyAHIAb95gH95AEhCyAA/QkCCCEHIAwgByAF/eYB/eQBIQwgDSAHIAb95gH95AEhDSAA/QkCDCEHIA4gByAF/eYB/eQBIQ4gDyAHIAb95gH95AEhDyAAQRBqIQAgAUEgaiEBIAJBAWshAiACDQALIAMgCP0LBAAgAyAJ/QsEECADIARqIQMgAyAK/QsEACADIAv9CwQQIAMgBGohAyADIAz9CwQAIAMgDf0LBBAgAyAEaiEDIAMgDv0LBAAgAyAP/QsEEAs="),letter=>letter.charCodeAt(0));useFastProducts(new FastProducts(code))}catch{}var loop;self.onmessage=({data})=>{if("action"in data)loop?.receive(data);else loop=new TrainingLoop(data,message=>self.postMessage(message),makeLater())};})();\n'], { type: "text/javascript" });
    const address = URL.createObjectURL(script);
    const worker = new Worker(address);
    const forgetAddress = () => URL.revokeObjectURL(address);
    worker.addEventListener("message", forgetAddress, { once: true });
    return worker;
  } catch {
    failed(
      "This browser starts no Web Worker here, and the training needs one: open the page in a current Firefox, Chrome, Edge or Safari."
    );
  }
}

// page.js
var WIDGETS = { DrawingPad: drawing_pad_default, LatentPad: latent_pad_default, Walk: walk_default, Replay: replay_default };
var TOO_OLD = "This browser cannot unpack the page (it has no DecompressionStream): a browser from 2023 or later can.";
var Store = class {
  /** @type {Map<string, (() => void)[]>} */
  #listeners = /* @__PURE__ */ new Map();
  #state;
  /** @param {Record<string, unknown>} state */
  constructor(state) {
    this.#state = state;
  }
  /** @param {string} name */
  get(name) {
    return this.#state[name];
  }
  /** @param {string} name @param {unknown} value */
  set(name, value) {
    this.#state[name] = value;
    for (const listener of this.#listeners.get(`change:${name}`) ?? []) listener();
  }
  /** @param {string} event @param {() => void} listener */
  on(event, listener) {
    this.#listeners.set(event, [...this.#listeners.get(event) ?? [], listener]);
  }
  save_changes() {
  }
};
function toView(base64) {
  return new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);
}
async function unpack(base64) {
  const compressed = new Blob([toView(base64)]).stream();
  const stream = compressed.pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
function split(bytes, lengths) {
  let start = 0;
  return lengths.map((length) => {
    start += length;
    return bytes.slice(start - length, start);
  });
}
async function openPage({ states, lengths, packed }) {
  const parts = split(await unpack(packed), lengths);
  const views = parts.map((bytes) => new DataView(bytes.buffer));
  const stores = {};
  for (const [name, traits] of Object.entries(states)) {
    const decoded = Object.entries(traits).map(([trait, value]) => [
      trait,
      views[value?.bytes] ?? value
    ]);
    stores[name] = new Store(Object.fromEntries(decoded));
  }
  for (const el of document.querySelectorAll("[data-widget]")) {
    if (!(el instanceof HTMLElement) || !el.dataset.widget) continue;
    WIDGETS[el.dataset.widget].render({ model: stores[el.dataset.widget], el });
  }
  document.body.dataset.ready = String(Math.round(performance.now()));
  return stores;
}
async function unpackDigits({ training, validation, packed }) {
  const lengths = [training, validation, training * PIXELS, validation * PIXELS];
  const parts = split(await unpack(packed), lengths);
  const [labels, validationLabels, images, validationImages] = parts;
  return { labels, validationLabels, images, validationImages };
}
async function openLiveTraining() {
  const el = document.getElementById("live-training");
  const packed = document.getElementById("digits")?.textContent;
  if (!el || !packed) return;
  const digits = await unpackDigits(JSON.parse(packed));
  el.querySelector("p")?.remove();
  createLiveTraining(createWorkerEngine(digits), el);
}
async function open() {
  if (typeof DecompressionStream === "undefined") {
    document.querySelector("header")?.append(make("p", { role: "alert" }, TOO_OLD));
    document.getElementById("live-training")?.remove();
    document.body.dataset.ready = "";
    return;
  }
  const saved = document.getElementById("state")?.textContent ?? "{}";
  const stores = await openPage(JSON.parse(saved));
  Object.assign(globalThis, { vaePage: { stores } });
  setTimeout(openLiveTraining);
}
open();
