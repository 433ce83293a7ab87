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
function setter(model) {
  return (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
}

// canvas.js
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
  const set = (number) => {
    input.value = String(number);
    input.style.setProperty("--vw-at", `${100 * (number - min) / (max - min)}%`);
    shown.textContent = text(number);
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
function liveWords(name) {
  return make("p", { class: name, "aria-live": "polite" });
}

// scale.js
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
function shares(start, length, count2) {
  const step = length / count2;
  return Array.from({ length: count2 }, (_, k) => {
    const [from, to] = [k * step, (k + 1) * step];
    const part = [];
    for (let pixel = Math.floor(from); pixel < to - 1e-9; pixel++) {
      const overlap = Math.min(pixel + 1, to) - Math.max(pixel, from);
      if (overlap > 1e-9) part.push([start + Math.min(pixel, length - 1), overlap / step]);
    }
    return part;
  });
}

// segmentation.js
var STROKE = 0.25;
var SHARED = 0.5;
var SHORT = 0.6;
var SPECK = 0.15;
var EDGES = [15, 25, 35, 45, 55, 65, 75, 85];
var SIDESTEP = 0.2;
function findPieces(ink, width, height) {
  const parts = connectedParts(ink, width, height);
  const tallest = Math.max(...parts.map((part) => part.height));
  const joined = join(parts, tallest);
  return joined.filter((part) => Math.max(part.height, part.width) >= SPECK * tallest);
}
function cutPiece(piece) {
  const { ink, width, height } = piece;
  const rows = Array.from({ length: height }, (_, y) => ink.subarray(y * width, (y + 1) * width));
  const middle = Math.floor(height / 2);
  const above = costsFromTheTop(rows.slice(0, middle + 1));
  const below = costsFromTheTop(rows.slice(middle).reverse());
  const totals = above[middle].map(
    (cost, column) => cost + below[below.length - 1][column] - rows[middle][column]
  );
  const halves = [];
  for (const column of cheapestOfEachBand(totals)) {
    const up = wayToTheTop(above, column);
    const path = [...up.reverse(), ...wayToTheTop(below, column).slice(1)];
    const left = half(piece, (x, y) => x < path[y]);
    const right = half(piece, (x, y) => x >= path[y]);
    if (left && right) halves.push([left, right]);
  }
  return halves;
}
function cheapestOfEachBand(totals) {
  const edges = EDGES.map((percent2) => Math.floor(percent2 * totals.length / 100));
  const found = /* @__PURE__ */ new Set();
  for (const [band, start] of edges.slice(0, -1).entries()) {
    const costs = totals.slice(start, edges[band + 1] + 1);
    found.add(start + costs.indexOf(Math.min(...costs)));
  }
  return [...found].sort((one, other) => totals[one] - totals[other] || one - other);
}
function fromLeftToRight(one, other) {
  return one.left - other.left || one.top - other.top;
}
function connectedParts(ink, width, height) {
  const { labels, count: count2 } = labelStrokes(ink, width, height);
  const owners = labels.map(
    (label, pixel) => label || ink[pixel] === 0 ? label : largestAround(labels, width, height, pixel)
  );
  const boxes = boxesByLabel(owners, width, count2);
  const parts = [];
  boxes.forEach((box2, label) => {
    if (!box2) return;
    const isOwn = (pixel) => owners[pixel] === label;
    const part = trim(ink, width, box2, isOwn);
    if (part) parts.push(part);
  });
  return parts;
}
function labelStrokes(ink, width, height) {
  const labels = new Int32Array(width * height);
  let count2 = 0;
  ink.forEach((value, pixel) => {
    if (value <= STROKE || labels[pixel]) return;
    count2 += 1;
    labelStroke(pixel, count2, ink, labels, width, height);
  });
  return { labels, count: count2 };
}
function labelStroke(start, label, ink, labels, width, height) {
  const waiting = [start];
  labels[start] = label;
  for (let pixel = waiting.pop(); pixel !== void 0; pixel = waiting.pop()) {
    for (const neighbour of around(width, height, pixel)) {
      if (labels[neighbour] || ink[neighbour] <= STROKE) continue;
      labels[neighbour] = label;
      waiting.push(neighbour);
    }
  }
}
function around(width, height, pixel) {
  const [x, y] = [pixel % width, Math.floor(pixel / width)];
  const neighbours = [];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      if (row !== y || column !== x) neighbours.push(row * width + column);
    }
  }
  return neighbours;
}
function largestAround(labels, width, height, pixel) {
  let largest = 0;
  for (const neighbour of around(width, height, pixel)) {
    largest = Math.max(largest, labels[neighbour]);
  }
  return largest;
}
function boxesByLabel(owners, width, count2) {
  const boxes = Array(count2 + 1);
  owners.forEach((label, pixel) => {
    if (!label) return;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    boxes[label] ??= { left: x, right: x, top: y, bottom: y };
    const box2 = boxes[label];
    box2.left = Math.min(box2.left, x);
    box2.right = Math.max(box2.right, x);
    box2.bottom = y;
  });
  return boxes;
}
function trim(ink, width, { left, right, top, bottom }, isOwn) {
  const [wide, high] = [right - left + 1, bottom - top + 1];
  const own = new Float32Array(wide * high);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const pixel = (y + top) * width + x + left;
      if (isOwn(pixel)) own[y * wide + x] = ink[pixel];
    }
  }
  return crop(own, wide, high, left, top);
}
function crop(ink, width, height, left, top) {
  const box2 = boundingBox(ink, width, height);
  if (!box2) return null;
  const cropped = new Float32Array(box2.wide * box2.high);
  for (let y = 0; y < box2.high; y++) {
    const start = (y + box2.top) * width + box2.left;
    cropped.set(ink.subarray(start, start + box2.wide), y * box2.wide);
  }
  return {
    ink: cropped,
    left: left + box2.left,
    top: top + box2.top,
    width: box2.wide,
    height: box2.high
  };
}
function join(parts, tallest) {
  let joined = [...parts].sort(fromLeftToRight);
  for (let pair = findPair(joined, tallest); pair; pair = findPair(joined, tallest)) {
    const [one, other] = pair;
    const rest = joined.filter((part) => part !== one && part !== other);
    joined = [...rest, overlay(one, other)].sort(fromLeftToRight);
  }
  return joined;
}
function findPair(parts, tallest) {
  for (const [k, one] of parts.entries()) {
    const other = parts.slice(k + 1).find((part) => areAboveEachOther(one, part, tallest));
    if (other) return [one, other];
  }
  return null;
}
function areAboveEachOther(one, other, tallest) {
  const right = Math.min(one.left + one.width, other.left + other.width);
  const shared = right - Math.max(one.left, other.left);
  const isShared = shared >= SHARED * Math.min(one.width, other.width);
  return isShared && Math.min(one.height, other.height) < SHORT * tallest;
}
function overlay(one, other) {
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  const width = Math.max(one.left + one.width, other.left + other.width) - left;
  const height = Math.max(one.top + one.height, other.top + other.height) - top;
  const ink = new Float32Array(width * height);
  for (const part of [one, other]) {
    part.ink.forEach((value, pixel) => {
      const x = pixel % part.width + part.left - left;
      const y = Math.floor(pixel / part.width) + part.top - top;
      ink[y * width + x] = Math.max(ink[y * width + x], value);
    });
  }
  return { ink, left, top, width, height };
}
function half({ ink, left, top, width, height }, isIn) {
  const kept = ink.map(
    (value, pixel) => isIn(pixel % width, Math.floor(pixel / width)) ? value : 0
  );
  return crop(kept, width, height, left, top);
}
function costsFromTheTop(rows) {
  const costs = [Array.from(rows[0])];
  for (const row of rows.slice(1)) {
    const before = costs[costs.length - 1];
    costs.push(before.map((_, column) => row[column] + cheapestAbove(before, column).cost));
  }
  return costs;
}
function wayToTheTop(costs, column) {
  const path = [column];
  for (let row = costs.length - 1; row > 0; row--) {
    path.push(cheapestAbove(costs[row - 1], path[path.length - 1]).from);
  }
  return path;
}
function cheapestAbove(above, column) {
  let best = { from: column, cost: above[column] };
  for (const from of [column - 1, column + 1]) {
    const cost = (above[from] ?? Number.POSITIVE_INFINITY) + SIDESTEP;
    if (cost < best.cost) best = { from, cost };
  }
  return best;
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
    const count2 = rows * columns;
    const kernel = scale ? scaledBytes(new Int8Array(take(count2)), scale) : halfFloats(new Uint16Array(take(2 * count2)));
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
function entropyFloor(image) {
  let floor = 0;
  for (const ink of image) {
    if (ink > 0 && ink < 1) floor -= ink * Math.log(ink) + (1 - ink) * Math.log1p(-ink);
  }
  return floor;
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
  return new Float32Array(bits).map((half2) => {
    const sign = half2 & 32768 ? -1 : 1;
    const exponent = half2 >> 10 & 31;
    const fraction = (half2 & 1023) / 1024;
    if (exponent === 0) return sign * 2 ** -14 * fraction;
    return sign * 2 ** (exponent - 15) * (1 + fraction);
  });
}

// number_reading.js
function tellLabels(vae, encoderBiases, decoderBiases) {
  const told = (part, biases, label) => {
    const [first, ...others] = vae[part];
    const bias = biases.subarray(label * first.columns, (label + 1) * first.columns);
    return [{ ...first, bias }, ...others];
  };
  return Array.from({ length: 10 }, (_, label) => ({
    ...vae,
    encoder: told("encoder", encoderBiases, label),
    decoder: told("decoder", decoderBiases, label)
  }));
}
function findBounds(models, image) {
  return models.map((model) => {
    const posterior = encode(model, image);
    const reconstruction = bernoulliNll(image, decodeLogits(model, posterior.mean));
    return -(reconstruction + gaussianKl(posterior));
  });
}
function scoreByBounds(bounds, image) {
  return -Math.max(...bounds) - entropyFloor(image);
}
function softmax(logits) {
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
function readPiece(piece, { models, temperature, threshold }) {
  const framed = frame(piece.ink, piece.width, piece.height);
  const image = framed ? framed.image : new Float32Array(784);
  const bounds = findBounds(models, image);
  const chances = softmax(bounds.map((bound) => bound / temperature));
  const probability = Math.max(...chances);
  const score = scoreByBounds(bounds, image);
  return {
    piece,
    image,
    digit: chances.indexOf(probability),
    probability,
    score,
    isDigit: score <= threshold
  };
}
function cutWorst(pieces, reader) {
  const worst = pieces.reduce((most, one) => one.score > most.score ? one : most);
  const ways = cutPiece(worst.piece).map((halves) => halves.map((half2) => readPiece(half2, reader)));
  if (ways.length === 0) return pieces;
  const worseScore = (halves) => Math.max(...halves.map((half2) => half2.score));
  const best = ways.reduce((least, way) => worseScore(way) < worseScore(least) ? way : least);
  return pieces.flatMap((one) => one === worst ? best : one);
}
function findProbability(pieces, cuts, reader, length) {
  if (pieces.length !== length || pieces.some((one) => !one.isDigit)) return 0;
  return pieces.reduce((product, one) => product * one.probability, reader.cutIsRight ** cuts);
}
function judge({ pieces, probability }, length, isAccepted) {
  if (pieces.length === 0) return `Write ${length} digits, with gaps between them.`;
  if (pieces.length < length) {
    return `${count(pieces.length)} so far. If digits touch, cut them.`;
  }
  if (pieces.length > length) {
    return `Put aside: there are ${pieces.length} pieces in place of ${length}.`;
  }
  const strangers = pieces.flatMap((one, k) => one.isDigit ? [] : [k + 1]);
  if (strangers.length > 0) {
    return `Put aside: piece ${strangers.join(", ")} looks like no digit.`;
  }
  const number = pieces.map((one) => one.digit).join("");
  const chance = `is right with a probability of ${percent(probability)}`;
  return isAccepted ? `Accepted: ${number} ${chance}.` : `Put aside: perhaps ${number}, which ${chance}.`;
}
function count(pieces) {
  return pieces === 1 ? "1 piece" : `${pieces} pieces`;
}
function describe({ pieces, cuts, probability }) {
  if (probability === 0) return "";
  const factors = pieces.map((one) => percent(one.probability)).join(" × ");
  const trust = cuts > 0 ? ` × the probability that ${cuts === 1 ? "a cut is" : `${cuts} cuts are`} right` : "";
  return `${factors}${trust} = ${percent(probability)}`;
}
function percent(probability) {
  if (probability >= 0.9995) return "over 99.9%";
  return `${(100 * probability).toFixed(probability > 0.99 ? 1 : 0)}%`;
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
      const between = event.getCoalescedEvents?.() ?? [];
      for (const one of [...between, event]) hand?.extend(pointOf(one));
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

// postal_code.js
var SIZE = { wide: 800, high: 220 };
var LINE = 14;
function render({ model, el }) {
  const reader = readReader(model);
  const length = model.get("length");
  const set = setter(model);
  const verdict = liveWords("vw-verdict");
  const words = make("p", { class: "vw-words" });
  const pictures = createPictures(length);
  const boxes = make("div", { class: "vw-boxes", "aria-hidden": "true" });
  let written = { ink: new Float32Array(0), width: 1, height: 1 };
  let reading = { pieces: [], cuts: 0, probability: 0 };
  const show = () => {
    const isAccepted = reading.probability > 0 && reading.probability >= model.get("accept_from");
    verdict.textContent = judge(reading, length, isAccepted);
    words.textContent = describe(reading);
    cut.disabled = reading.pieces.length === 0 || reading.pieces.length >= length;
    showBoxes(boxes, reading.pieces, written);
    pictures.show(reading.pieces);
    set("reading", toPython(reading, isAccepted));
  };
  const read = (pieces, cuts) => {
    reading = { pieces, cuts, probability: findProbability(pieces, cuts, reader, length) };
    show();
  };
  const readSheet = (next) => {
    written = next;
    const found = findPieces(next.ink, next.width, next.height);
    read(
      found.map((piece) => readPiece(piece, reader)),
      0
    );
  };
  const cutUntilComplete = () => {
    let { pieces, cuts } = reading;
    while (pieces.length < length) {
      const apart = cutWorst(pieces, reader);
      if (apart === pieces) break;
      pieces = apart;
      cuts += 1;
    }
    read(pieces, cuts);
  };
  const cut = button("Cut touching digits", cutUntilComplete);
  const sheet = createSheet(
    (ink) => {
      set("sheet_size", [SIZE.wide, SIZE.high]);
      set("sheet", new DataView(Uint8Array.from(ink, (value) => Math.round(255 * value)).buffer));
      readSheet({ ink, width: SIZE.wide, height: SIZE.high });
    },
    { ...SIZE, invitation: `Write ${length} digits here` }
  );
  const showFromPython = () => {
    const [width2, height] = model.get("sheet_size");
    const raw = uint8(model.get("sheet"));
    if (raw.length !== width2 * height || raw.length === 0) return;
    const ink = new Float32Array(raw).map((value) => value / 255);
    sheet.showPicture(fitted({ ink, width: width2, height }));
    readSheet({ ink, width: width2, height });
  };
  model.on("change:shown", showFromPython);
  model.on("change:accept_from", show);
  sheet.setWidth(LINE);
  sheet.canvas.after(boxes);
  sheet.root.classList.add("vw-wide");
  const range = { min: 8, max: 24, step: 2, value: LINE };
  const width = slider("Line width", range, sheet.setWidth, (value) => `${value} px`);
  const least = slider(
    "Accept from",
    { min: 0.5, max: 0.99, step: 0.01, value: model.get("accept_from") },
    (value) => set("accept_from", value),
    percent
  );
  model.on("change:accept_from", () => least.set(model.get("accept_from")));
  el.append(
    root(
      "Postal code pad",
      make("h3", {}, `Write ${length} digits`),
      sheet.root,
      box(
        "vw-line",
        iconButton(ICONS.undo, "Undo", sheet.undo),
        iconButton(ICONS.clear, "Clear", sheet.clear),
        cut,
        width.root,
        least.root
      ),
      verdict,
      pictures.root,
      words
    )
  );
  show();
  if (model.get("shown")) showFromPython();
}
function readReader(model) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const [encoder, decoder] = [model.get("encoder_biases"), model.get("decoder_biases")];
  return {
    models: tellLabels(vae, float32(encoder), float32(decoder)),
    temperature: model.get("temperature"),
    threshold: model.get("threshold"),
    cutIsRight: model.get("cut_is_right")
  };
}
function toPython({ pieces, cuts, probability }, accepted) {
  if (pieces.length === 0) return {};
  return {
    digits: pieces.map((one) => one.digit),
    probabilities: pieces.map((one) => one.probability),
    scores: pieces.map((one) => one.score),
    is_digit: pieces.map((one) => one.isDigit),
    boxes: pieces.map(({ piece }) => [piece.left, piece.top, piece.width, piece.height]),
    cuts,
    probability,
    accepted
  };
}
function showBoxes(over, pieces, written) {
  const toSheet = placeOnSheet(written);
  over.replaceChildren(
    ...pieces.map(({ piece, digit, isDigit }) => {
      const mark = make("div", { class: "vw-box" }, make("b", {}, isDigit ? String(digit) : "?"));
      mark.classList.toggle("vw-no-digit", !isDigit);
      const { left, top, wide, high } = toSheet(piece);
      mark.style.left = `${100 * left / SIZE.wide}%`;
      mark.style.top = `${100 * top / SIZE.high}%`;
      mark.style.width = `${100 * wide / SIZE.wide}%`;
      mark.style.height = `${100 * high / SIZE.high}%`;
      return mark;
    })
  );
}
function placeOnSheet({ width, height }) {
  const scale = Math.min(SIZE.wide / width, SIZE.high / height);
  const [right, down] = [(SIZE.wide - scale * width) / 2, (SIZE.high - scale * height) / 2];
  return (piece) => ({
    left: right + scale * piece.left,
    top: down + scale * piece.top,
    wide: scale * piece.width,
    high: scale * piece.height
  });
}
function fitted({ ink, width, height }) {
  const small = make("canvas", { width, height });
  const context = contextOf(small);
  const pixels = context.createImageData(width, height);
  ink.forEach((value, k) => {
    pixels.data.fill(255 * (1 - value), 4 * k, 4 * k + 3);
    pixels.data[4 * k + 3] = 255;
  });
  context.putImageData(pixels, 0, 0);
  const large = make("canvas", { width: SIZE.wide, height: SIZE.high });
  const { left, top, wide, high } = placeOnSheet({ width, height })({
    left: 0,
    top: 0,
    width,
    height
  });
  clear(large).drawImage(small, left, top, wide, high);
  return large;
}
function createPictures(length) {
  const row = box("vw-pieces");
  const show = (pieces) => {
    row.replaceChildren(
      ...pieces.slice(0, 2 * length).map(({ image, digit, probability, isDigit }, k) => {
        const one = picture(`piece ${k + 1}`);
        const answer = isDigit ? `${digit}: ${percent(probability)}` : "no digit";
        one.show(image, answer, `Piece ${k + 1} as the model sees it: ${answer}`);
        return one.root;
      })
    );
  };
  return { root: row, show };
}
var postal_code_default = { render };
export {
  postal_code_default as default
};
