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
var groups = 0;
function choice(name, words, chosen, onchoose) {
  groups += 1;
  const group = `vw-${crypto.getRandomValues(new Uint32Array(1))[0]}-${groups}`;
  const options = words.map((word) => {
    const onchange = () => onchoose(word);
    const input = make("input", { type: "radio", name: group, value: word, onchange });
    input.checked = word === chosen;
    return make("label", {}, input, word);
  });
  return make("fieldset", { class: "vw-choice" }, make("legend", {}, name), ...options);
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
function number(value, digits) {
  return value.toFixed(digits).replace("-", "−");
}
function place(z) {
  return `(${number(z[0], 2)}, ${number(z[1], 2)})`;
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
var SIZE = 400;
var REACH = 4;
var STEP = 0.05;
var LEAP = 0.5;
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
    const { left, top, width, height } = map.root.getBoundingClientRect();
    const [right, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
    move([x.invert(right), y.invert(down)]);
  };
  let before = point;
  followPointer(map.root, {
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
  map.root.append(handle);
  set(point);
  return { set, get: () => point };
}

// prior.js
function describeRarity(z) {
  const beyond = Math.exp(-(z[0] ** 2 + z[1] ** 2) / 2);
  if (beyond > 0.995) return "The middle: every draw from the prior lies farther out.";
  if (beyond >= 0.01) {
    return `${Math.round(100 * beyond)} of 100 draws from the prior lie farther out.`;
  }
  const one = Math.round(1 / beyond).toLocaleString("en");
  return `Empty country: only 1 in ${one} draws from the prior lies farther out.`;
}

// latent_pad.js
var NAME = "Latent space";
var HINT = "Drag or click; arrow keys step, with Shift they leap, Home returns to the middle.";
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const { codes, labels, images } = readDigits(model);
  const decoded = picture("decoded");
  const real = picture("nearest test digit");
  const words = liveWords("vw-words");
  const look = (z) => {
    decoded.show(decode(vae, z), `decoded from ${place(z)}`);
    const [{ row, distance }] = nearest(codes, 2, z);
    real.canvas.dataset.row = String(row);
    const caption = `nearest test digit: a ${labels[row]}, ${distance.toFixed(2)} away`;
    real.show(imageAt(images, row), caption);
    words.textContent = describeRarity(z);
  };
  const set = setter(model);
  const send = eachFrame((z) => set("z", z));
  const map = createMap(NAME);
  const point = addPoint(map, NAME, (z) => {
    look(z);
    send(z);
  });
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
        "vw-row",
        box("vw-grow", map.root, background),
        box("vw-column", decoded.root, real.root, words, make("p", { class: "vw-hint" }, HINT))
      )
    )
  );
}
var latent_pad_default = { render };
export {
  latent_pad_default as default
};
