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
var INK = palette_default.ink;
var TRAINING = palette_default.lines[0];
var VALIDATION = palette_default.lines[1];
var PRIOR = palette_default.lines[0];
var POSTERIOR = palette_default.lines[3];
var TAKEN_AWAY = palette_default.lines[1];
var PEN_UP = palette_default.accent;
var PEN_DOWN = palette_default.lines[6];
var NOISE = palette_default.lines[1];
var DECODER = palette_default.lines[2];
var LATENT = palette_default.lines[4];
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
function drawCross(context, [x, y], size = 6) {
  haloLines(
    context,
    [
      [
        [x - size, y],
        [x + size, y]
      ],
      [
        [x, y - size],
        [x, y + size]
      ]
    ],
    { halo: 5, width: 2 }
  );
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
function picture(name, size = 132) {
  const canvas = digitCanvas({ role: "img", "aria-label": name });
  canvas.style.width = `${size}px`;
  const caption = make("figcaption", {}, name);
  const root2 = make("figure", { class: "vw-picture" }, canvas, caption);
  const show = (image, words = name, spoken = words) => {
    paint(canvas, image);
    caption.textContent = words;
    canvas.setAttribute("aria-label", spoken);
  };
  return { root: root2, canvas, show };
}
function slider(name, { min, max, step, value }, oninput, text = String) {
  const shown = make("output");
  const input = make("input", { type: "range", min, max, step, "aria-label": name });
  const root2 = make("label", { class: "vw-slider" }, make("span", {}, name), input, shown);
  const set = (number) => {
    input.value = String(number);
    shown.textContent = text(input.valueAsNumber);
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
function linearScale([domainStart, domainEnd], [rangeStart, rangeEnd]) {
  const slope = (rangeEnd - rangeStart) / (domainEnd - domainStart);
  const scale = (value) => rangeStart + slope * (value - domainStart);
  scale.invert = (place) => domainStart + (place - rangeStart) / slope;
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
    const place = found.findIndex((one) => square < one.square);
    found.splice(place < 0 ? found.length : place, 0, { row, square });
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
var SIZE = 400;
var REACH = 4;
function createMap(name) {
  const scale = Math.min(globalThis.devicePixelRatio || 1, 3) * 1.5;
  const size = { width: SIZE * scale, height: SIZE * scale };
  const canvas = make("canvas", { ...size, role: "img", "aria-label": name });
  const below = make("canvas", size);
  const root2 = make("div", { class: "vw-map" }, canvas);
  let view = createView([0, 0], REACH);
  let above = () => {
  };
  const redraw = () => {
    const context = contextOf(canvas);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(below, 0, 0);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.save();
    above(context, view.toPixels);
    context.restore();
  };
  const drawBelow = (spoken, draw) => {
    const context = contextOf(below);
    context.setTransform(1, 0, 0, 1, 0, 0);
    clear(below);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    draw(context, view.toPixels);
    if (view.isCentred) drawPrior(context, view.toPixels, view.reach);
    canvas.setAttribute("aria-label", `${name}: ${spoken}`);
    redraw();
  };
  const drawNothing = () => drawBelow("empty, with the prior's circles", () => {
  });
  drawNothing();
  return {
    root: root2,
    drawNothing,
    /**
     * What is drawn next lies around this point, reach to each side.
     *
     * @param {ArrayLike<number>} center
     * @param {number} reach
     */
    setView(center, reach) {
      view = createView(center, reach);
    },
    /** @param {Float32Array} codes @param {Uint8Array} labels */
    drawDigits(codes, labels, spoken = `${labels.length} digits as numerals at their codes`, size2 = 9) {
      drawBelow(spoken, (context, toPixels) => {
        context.font = `600 ${size2}px ${FONT}`;
        drawNumerals(context, toPixels, codes, labels);
      });
    },
    /** @param {Vae} vae */
    drawManifold(vae, steps = 20) {
      const spoken = `${steps} by ${steps} decoded digits, each at its code`;
      drawBelow(spoken, (context) => drawDecoded(context, vae, steps));
    },
    /** @param {Draw} draw */
    drawAbove(draw) {
      above = draw;
      redraw();
    }
  };
}
function createView(center, reach) {
  const [x0, y0] = [center[0], center[1]];
  const x = linearScale([x0 - reach, x0 + reach], [0, SIZE]);
  const y = linearScale([y0 - reach, y0 + reach], [SIZE, 0]);
  const toPixels = (z) => [x(z[0]), y(z[1])];
  return { reach, toPixels, isCentred: x0 === 0 && y0 === 0 };
}
function drawNumerals(context, toPixels, codes, labels) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  labels.forEach((label, k) => {
    const [x, y] = toPixels(codeAt(codes, k));
    if (Math.min(x, y) < 0 || Math.max(x, y) > SIZE) return;
    context.fillStyle = DIGITS[label % DIGITS.length];
    context.fillText(String(label), x, y);
  });
}
function drawDecoded(context, vae, steps) {
  const tile = digitCanvas({});
  const side = SIZE / steps;
  const middle = linearScale([-0.5, steps - 0.5], [-REACH, REACH]);
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) {
      paint(tile, decode(vae, [middle(column), -middle(row)]));
      context.drawImage(tile, column * side, row * side, side, side);
    }
  }
}
function drawPrior(context, toPixels, reach) {
  const [x, y] = toPixels([0, 0]);
  context.lineWidth = 1;
  context.strokeStyle = "rgba(0, 0, 0, 0.35)";
  context.setLineDash([3, 4]);
  for (let radius = 1; radius <= Math.min(3, reach); radius++) {
    const [edge] = toPixels([radius, 0]);
    context.beginPath();
    context.arc(x, y, edge - x, 0, 2 * Math.PI);
    context.stroke();
  }
  context.setLineDash([]);
  context.font = `12px ${FONT}`;
  context.textBaseline = "alphabetic";
  context.textAlign = "right";
  haloText(context, `z₁ →  ${reach}`, SIZE - 6, SIZE / 2 - 6, { halo: 3, color: INK });
  context.textAlign = "left";
  haloText(context, `z₂ ↑  ${reach}`, SIZE / 2 + 6, 14, { halo: 3, color: INK });
}
function createLens(codes, labels) {
  const map = createMap("Around it");
  const caption = make("figcaption");
  const root2 = make("figure", { class: "vw-lens" }, map.root, caption);
  const show = (posterior, draw = () => {
  }) => {
    root2.classList.toggle("vw-hidden", !posterior);
    if (!posterior) return;
    const reach = 3 * Math.exp(0.5 * Math.max(...posterior.logVar));
    map.setView(posterior.mean, reach);
    map.drawDigits(codes, labels, "the posterior, magnified", 26);
    map.drawAbove((context, toPixels) => {
      drawEllipse(context, toPixels, posterior);
      draw(context, toPixels);
    });
    caption.textContent = `magnified ${Math.round(REACH / reach)} times`;
  };
  return { root: root2, show };
}
function drawEllipse(context, toPixels, { mean, logVar }) {
  const deviation = logVar.map((value) => Math.exp(0.5 * value));
  const [x, y] = toPixels(mean);
  const [right, top] = toPixels([mean[0] + deviation[0], mean[1] + deviation[1]]);
  context.fillStyle = "rgba(0, 0, 0, 0.18)";
  context.strokeStyle = "black";
  context.lineWidth = 1.5;
  for (const deviations of [2, 1]) {
    context.beginPath();
    context.ellipse(x, y, deviations * (right - x), deviations * (y - top), 0, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  drawCross(context, [x, y]);
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
  for (const { distance } of neighbours.slice(0, NEIGHBOURS)) codeDistance += distance / NEIGHBOURS;
  const reconstruction = decode(imageVae, encode(imageVae, framed).mean);
  const imageDistance = Math.hypot(...framed.map((ink, k) => ink - reconstruction[k]));
  return { score: codeDistance ** 2 * imageDistance, neighbours };
}
function canonicalFrame(image) {
  const darkest = image.reduce((most, ink) => Math.max(most, ink), 0);
  const framed = new Float32Array(SIDE2 * SIDE2);
  if (darkest === 0) return framed;
  const fine = enlarge(image);
  const inked = [];
  fine.forEach((ink, place) => {
    if (ink > darkest / 2) inked.push([Math.floor(place / FINE_SIDE), place % FINE_SIDE]);
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
  const place = (fine + 0.5) / FINER - 0.5;
  const before = Math.floor(place);
  const share = place - before;
  const inkBefore = before >= 0 ? inkAt(before) : 0;
  const inkAfter = before + 1 < SIDE2 ? inkAt(before + 1) : 0;
  return (1 - share) * inkBefore + share * inkAfter;
}
function toMiddle(places) {
  const sum = places.reduce((total, place) => total + place, 0);
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
    return { digit: null, sentence: `It is not sure: perhaps a ${best}.` };
  }
  return { digit: best, sentence: `It reads a ${best}.` };
}

// sheet.js
var SHEET = 280;
var WIDTH = 24;
var ERASER2 = 40;
var STEP = 7;
var LEAP = 28;
var HELP = "Drawing sheet. Arrow keys move the pen, with Shift farther; space bar puts it down and lifts it.";
function createSheet(onchange, { wide, high } = { wide: SHEET, high: SHEET }) {
  const canvas = make("canvas", {
    class: "vw-sheet",
    width: wide,
    height: high,
    tabindex: 0,
    role: "application",
    "aria-roledescription": "drawing sheet",
    "aria-label": HELP
  });
  const status = make("span", { class: "vw-hint", "aria-live": "polite" });
  contextOf(canvas, { willReadFrequently: true });
  const drawing = {
    strokes: [],
    backdrop: null,
    pen: { x: Math.min(wide, high) / 2, y: high / 4, isDown: false, isShown: false }
  };
  let width = WIDTH;
  const redraw = () => {
    drawStrokes(canvas, drawing);
    if (drawing.pen.isShown) drawPen(contextOf(canvas), drawing.pen);
  };
  const report = () => {
    drawStrokes(canvas, drawing);
    const ink = readInk(canvas);
    redraw();
    onchange(ink);
  };
  const begin = (point, isEraser = false) => {
    const { backdrop } = drawing;
    const style = isEraser ? { width: ERASER2, color: "white" } : { width, color: "black" };
    const stroke = { ...style, points: [point] };
    const isOnSheet = () => drawing.strokes.includes(stroke);
    if (!isEraser) drawing.backdrop = null;
    if (!isEraser || backdrop || drawing.strokes.length > 0) drawing.strokes.push(stroke);
    redraw();
    return {
      extend(next) {
        stroke.points.push(next);
        redraw();
      },
      end() {
        if (isOnSheet()) report();
      },
      undo() {
        if (!isOnSheet()) return;
        drawing.strokes = drawing.strokes.filter((one) => one !== stroke);
        drawing.backdrop = backdrop;
        redraw();
      }
    };
  };
  listenToPointer(canvas, drawing.pen, begin);
  listenToKeys(canvas, drawing.pen, { redraw, begin }, (words) => {
    status.textContent = words;
  });
  const showPicture = (picture2) => {
    drawing.strokes = [];
    drawing.backdrop = picture2;
    redraw();
  };
  redraw();
  return {
    root: make("div", {}, canvas, status),
    canvas,
    undo() {
      if (!drawing.strokes.pop()) drawing.backdrop = null;
      report();
    },
    clear() {
      drawing.backdrop = null;
      drawing.strokes = [];
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
    showPicture
  };
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
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const reference = readReference(model);
  const losses = float32(model.get("loss_percentiles"));
  const set = setter(model);
  const place = createPlace(float32(model.get("codes")), uint8(model.get("labels")));
  const seen = picture("what the model sees", 84);
  const rebuilt = picture("rebuilt from its code", 160);
  const report = createReport();
  const read = (image) => {
    const reading = readDrawing(vae, reference, losses, image);
    const { mean } = reading.posterior;
    seen.show(image, "what the model sees: MNIST's frame");
    rebuilt.show(decode(vae, mean), "rebuilt from its code");
    place.show(reading.posterior);
    report.show(reading);
    set("image", new DataView(Uint8Array.from(image, (ink) => Math.round(255 * ink)).buffer));
    set("reading", toPython(reading));
  };
  const refuse = (sentence) => {
    seen.show(null, "nothing to see yet");
    rebuilt.show(null, "nothing to rebuild");
    place.show(null);
    report.refuse(sentence);
    set("reading", {});
  };
  const sheet = createSheet((ink) => {
    const framed = frame(ink, SHEET, SHEET);
    if (!framed) refuse(INVITATION);
    else if (framed.side < DOT) refuse("That is a dot. Draw larger.");
    else read(framed.image);
  });
  const showFromPython = () => {
    const bytes = uint8(model.get("image"));
    if (bytes.length !== PIXELS) return;
    const image = imageAt(bytes, 0);
    sheet.showImage(image);
    read(image);
  };
  model.on("change:shown", showFromPython);
  el.append(
    root(
      "Drawing pad",
      box(
        "vw-sentence",
        box("vw-column", make("h3", {}, "your drawing"), ...sheetWithTools(sheet), seen.root),
        arrow("encoder"),
        box("vw-column vw-grow", make("h3", {}, "its place on the map"), ...place.roots),
        arrow("decoder"),
        box("vw-column", make("h3", {}, "its reconstruction"), rebuilt.root, ...report.roots)
      )
    )
  );
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
  const ood_percentile = oodPercentile;
  return { z_mean, z_log_var, reconstruction, kl, percentile, ood_percentile, votes, digit };
}
function sheetWithTools(sheet) {
  const buttons = [button("Undo", sheet.undo), button("Clear", sheet.clear)];
  const range = { min: 10, max: 40, step: 2, value: WIDTH };
  const inPixels = (width2) => `${(width2 / 10).toFixed(1)} px`;
  const width = slider("Line width", range, sheet.setWidth, inPixels);
  return [sheet.root, box("vw-line", ...buttons), width.root];
}
function createPlace(codes, labels) {
  const map = createMap("Where the drawing lies");
  const lens = createLens(codes, labels);
  map.drawDigits(codes, labels);
  const show = (posterior) => {
    map.drawAbove((context, toPixels) => {
      if (posterior) drawEllipse(context, toPixels, posterior);
    });
    lens.show(posterior);
  };
  return { roots: [map.root, lens.root], show };
}
function createReport() {
  const verdict = liveWords("vw-verdict");
  const votes = createVotes();
  const words = make("p", { class: "vw-words" });
  return {
    roots: [verdict, votes.root, words],
    /** @param {Reading} reading */
    show(reading) {
      verdict.textContent = reading.sentence;
      votes.show(reading.votes, reading.digit === null);
      words.textContent = describeTerms(reading);
    },
    /** @param {string} sentence */
    refuse(sentence) {
      verdict.textContent = sentence;
      votes.show(Array(10).fill(0), true);
      words.textContent = "";
    }
  };
}
function describeTerms({ reconstruction, kl, percentile, oodPercentile }) {
  return `Reconstruction ${reconstruction.toFixed(0)} + KL ${kl.toFixed(1)} = ${(reconstruction + kl).toFixed(0)} nats: more than ${percentile}% of test digits cost. Its out-of-distribution score is above that of ${oodPercentile}% of validation digits.`;
}
function createVotes() {
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const fill = make("i");
    const count = make("b", {}, "0");
    const bar = box("vw-bar", make("span", {}, String(digit)), make("div", {}, fill), count);
    return { root: bar, fill, count };
  });
  const attributes = { class: "vw-votes", role: "img" };
  const votesRoot = make("div", attributes, ...bars.map((bar) => bar.root));
  const show = (votes, doubt) => {
    votesRoot.classList.toggle("vw-doubt", doubt);
    votes.forEach((count, digit) => {
      bars[digit].fill.style.width = `${100 * count / NEIGHBOURS2}%`;
      bars[digit].count.textContent = String(count);
    });
    const spoken = describeVotes(votes) || "none";
    votesRoot.setAttribute("aria-label", `Votes of the ${NEIGHBOURS2} nearest digits: ${spoken}`);
  };
  return { root: votesRoot, show };
}
function describeVotes(votes) {
  return votes.map((count, digit) => ({ count, digit })).filter(({ count }) => count > 0).map(({ count, digit }) => `${count} for ${digit}`).join(", ");
}
function arrow(word) {
  const attributes = { class: "vw-arrow", "aria-hidden": "true" };
  return make("div", attributes, make("span", {}, word), make("b", {}, "→"));
}
var drawing_pad_default = { render };
export {
  drawing_pad_default as default
};
