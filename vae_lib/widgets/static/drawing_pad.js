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
function imageAt(images, index) {
  const raw = images.subarray(PIXELS * index, PIXELS * (index + 1));
  return new Float32Array(raw).map((value) => value / 255);
}
function codeAt(codes, index) {
  return codes.subarray(2 * index, 2 * index + 2);
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
function drawDot(context, [x, y], radius, color) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
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
function pressOf({ button, buttons, ctrlKey }) {
  if (button === 0 && buttons === TIP && !ctrlKey) return TIP;
  if (button === ERASER_BUTTON && buttons === ERASER) return ERASER;
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
function picture(name, size) {
  const canvas = digitCanvas({ role: "img", "aria-label": name });
  canvas.style.width = size ? `${size}px` : "100%";
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
function iconButton(path, name, onclick) {
  return make("button", { type: "button", onclick }, icon(path), make("span", {}, name));
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
function number(value, digits) {
  return value.toFixed(digits).replace("-", "−");
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
  const [from, to] = sizes.map((size) => make("span", {}, size));
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
    show(percent) {
      mark.hidden = percent === null;
      mark.style.left = `${percent ?? 0}%`;
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
function lensAt(center, radius, magnification, unit, mean) {
  const scale = magnification * unit;
  return {
    center,
    radius,
    magnification,
    toPixels: (z) => [center[0] + scale * (z[0] - mean[0]), center[1] - scale * (z[1] - mean[1])]
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
function rowsInLens({ center, radius, toPixels }, codes) {
  const rows = Array.from({ length: codes.length / 2 }, (_, row) => row);
  return rows.filter((row) => {
    const apart = distance(toPixels(codeAt(codes, row)), center);
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
  const size = { width: 0, height: 0 };
  const watcher = new ResizeObserver(([{ contentRect }]) => {
    const [width, height] = [Math.round(contentRect.width), Math.round(contentRect.height)];
    if (width === size.width && height === size.height) return;
    Object.assign(size, { width, height });
    resized();
  });
  watcher.observe(canvas);
  return {
    canvas,
    size,
    /** A context on clean white paper, or null while the canvas has no size. */
    begin() {
      if (size.width === 0 || size.height === 0) return null;
      const scale = Math.min(SHARPEST, globalThis.devicePixelRatio || 1);
      const [width, height] = [Math.round(scale * size.width), Math.round(scale * size.height)];
      if (canvas.width !== width || canvas.height !== height)
        Object.assign(canvas, { width, height });
      const context = contextOf(canvas);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.fillStyle = "white";
      context.fillRect(0, 0, size.width, size.height);
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
  const drawLine = (x) => {
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
      drawLine(place2[0]);
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
var APART = 0.15;
function placeNames(codes, labels, reach) {
  const width = BANDWIDTH * reach;
  const classes = [...indicesByClass(labels)];
  const dense2 = classes.map(([, rows]) => densestOfAll(codes, rows, width));
  const wanted = pushApart(dense2, APART * reach);
  return classes.map(([label], k) => ({ label, x: wanted[k][0], y: wanted[k][1] }));
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
    const share = clamp((value / (level || 1) - EDGE[0]) / (EDGE[1] - EDGE[0]), 0, 1);
    pixels.data.set([...parts, 255 * TINT * share], 4 * k);
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
    for (const button of buttons) button.disabled = isEmpty;
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
  const size = seen.magnification.toLocaleString("en");
  return `Lens: q(z∣x), ${size} × as large, with ${ellipses}${digits}. ${CIRCLES2}`;
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
  const under = (funnel2, share) => [funnel2.left - left + share * funnel2.width, 0];
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
  const share = place2 - before;
  const inkBefore = before >= 0 ? inkAt(before) : 0;
  const inkAfter = before + 1 < SIDE2 ? inkAt(before + 1) : 0;
  return (1 - share) * inkBefore + share * inkAfter;
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
var STEP = 7;
var LEAP = 28;
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
    const step = arrowStep(event, STEP, LEAP);
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
export {
  drawing_pad_default as default
};
