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
function drawDot(context, [x, y], radius, color) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
}

// pointer.js
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
  const set = (number2) => {
    input.value = String(number2);
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
function picker(name, { images, labels }, onpick) {
  const thumbnails = [...indicesByClass(labels)].map(
    ([label, indices]) => thumbnail(label, images, indices, onpick)
  );
  const buttons = thumbnails.map((one) => one.root);
  const attributes = { class: "vw-picker", role: "group", "aria-label": name };
  const root2 = make("div", attributes, make("span", {}, name), ...buttons);
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
function number(value, digits) {
  return value.toFixed(digits).replace("-", "−");
}
function place(z) {
  return `(${number(z[0], 2)}, ${number(z[1], 2)})`;
}

// scale.js
function linearScale([domainStart, domainEnd], [rangeStart, rangeEnd]) {
  const slope = (rangeEnd - rangeStart) / (domainEnd - domainStart);
  const scale = (value) => rangeStart + slope * (value - domainStart);
  scale.invert = (place2) => domainStart + (place2 - rangeStart) / slope;
  return scale;
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

// walk.js
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const digits = readDigits(model);
  const { codes, labels, images } = digits;
  const map = createMap("Walk");
  const decoded = picture("decoded on the way");
  const faded = picture("cross-fade of the pixels");
  const draw = () => {
    const [start, end, t] = [model.get("start"), model.get("end"), model.get("t")];
    const z = mix(codeAt(codes, start), codeAt(codes, end), t);
    from.mark(start);
    to.mark(end);
    way.set(t);
    decoded.show(decode(vae, z), `decoded from ${place(z)}`);
    faded.show(
      mix(imageAt(images, start), imageAt(images, end), t),
      `${percent(1 - t)} one picture, ${percent(t)} the other`
    );
    map.drawAbove((context, toPixels) => {
      const ends = [toPixels(codeAt(codes, start)), toPixels(codeAt(codes, end))];
      haloLines(context, [ends], { halo: 6, width: 2.5 });
      drawTraveller(context, toPixels(z));
    });
  };
  const set = setter(model);
  const from = picker("From", digits, (index) => set("start", index));
  const to = picker("to", digits, (index) => set("end", index));
  const range = { min: 0, max: 1, step: 0.02, value: 0 };
  const way = slider("Way", range, (t) => set("t", t), percent);
  for (const name of ["start", "end", "t"]) model.on(`change:${name}`, draw);
  map.drawDigits(codes, labels);
  draw();
  el.append(
    root(
      "Walk between two digits",
      from.root,
      to.root,
      way.root,
      box("vw-row", box("vw-grow", map.root), box("vw-column", decoded.root, faded.root))
    )
  );
}
function mix(start, end, t) {
  return start.map((value, k) => (1 - t) * value + t * end[k]);
}
function percent(share) {
  return `${Math.round(100 * share)}%`;
}
function drawTraveller(context, point) {
  drawDot(context, point, 9, "white");
  context.lineWidth = 2.5;
  context.strokeStyle = "black";
  context.stroke();
  drawCross(context, point, 5);
}
var walk_default = { render };
export {
  walk_default as default
};
