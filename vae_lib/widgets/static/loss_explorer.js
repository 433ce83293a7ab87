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
function drawLegend(context, { text, color, dash }, x, y) {
  context.lineWidth = 4;
  context.strokeStyle = color;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(x, y - 7);
  context.lineTo(x + 32, y - 7);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = INK;
  context.fillText(text, x + 42, y);
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

// scale.js
function linearScale([domainStart, domainEnd], [rangeStart, rangeEnd]) {
  const slope = (rangeEnd - rangeStart) / (domainEnd - domainStart);
  const scale = (value) => rangeStart + slope * (value - domainStart);
  scale.invert = (place) => domainStart + (place - rangeStart) / slope;
  return scale;
}

// vae.js
var GELU_CUBIC = 0.044715;
var GELU_SCALE = Math.sqrt(2 / Math.PI);
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
function gaussianKl({ mean, logVar }) {
  let kl = 0;
  for (let k = 0; k < mean.length; k++) {
    kl += 0.5 * (mean[k] ** 2 + Math.expm1(logVar[k]) - logVar[k]);
  }
  return kl;
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

// loss_explorer.js
var MEANS = [-3, 3];
var LOG_VARS = [-5, 2];
var LEVELS = [0.1, 0.5, 1, 2, 3, 4, 5, 7];
var Z = Array.from({ length: 801 }, (_, k) => -5 + k / 80);
var DASH = [12, 7];
var HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);
function render({ model, el }) {
  el.append(root("Loss explorer", ...createKlExplorer(model), createWeightExplorer(model)));
}
function createKlExplorer(model) {
  const densities = make("canvas", { class: "vw-plot", width: 720, height: 400, role: "img" });
  const surface = make("canvas", { class: "vw-plot", width: 480, height: 400, role: "img" });
  const words = liveWords("vw-words");
  const set = setter(model);
  const means = slider("Mean", rangeOf(MEANS), (value) => set("mean", value), oneDecimal);
  const logVars = slider(
    "Log-variance",
    rangeOf(LOG_VARS),
    (value) => set("log_var", value),
    oneDecimal
  );
  const draw = () => {
    const [mean, logVar] = [model.get("mean"), model.get("log_var")];
    means.set(mean);
    logVars.set(logVar);
    drawDensities(densities, mean, logVar);
    drawSurface(surface, mean, logVar);
    words.textContent = describeKl(mean, logVar);
  };
  model.on("change:mean", draw);
  model.on("change:log_var", draw);
  draw();
  const sliders = box("vw-line", means.root, logVars.root);
  return [sliders, box("vw-plots", densities, surface), words];
}
function rangeOf([min, max]) {
  return { min, max, step: 0.1, value: 0 };
}
function oneDecimal(value) {
  return value.toFixed(1);
}
function klOf(mean, logVar) {
  return gaussianKl({ mean: [mean], logVar: [logVar] });
}
function describeKl(mean, logVar) {
  const [square, variance] = [mean ** 2, Math.exp(logVar)];
  return `KL = ½ (mean² + variance − 1 − log-variance) = ½ (${square.toFixed(2)} + ${variance.toFixed(2)} − 1 − (${number(logVar, 1)})) = ${klOf(mean, logVar).toFixed(2)} nats: the dark area less the striped one.`;
}
function createWeightExplorer(model) {
  const weights = model.get("kl_weights");
  const terms = model.get("terms");
  const codes = float32(model.get("codes"));
  const labels = uint8(model.get("labels"));
  const samples = uint8(model.get("samples"));
  const shown = samples.length / PIXELS / weights.length;
  const map = createMap("Validation digits under this weight");
  const drawn = Array.from({ length: shown }, (_, k) => picture(`sample ${k + 1}`, 60));
  const words = liveWords("vw-words");
  const draw = () => {
    const chosen = model.get("choice");
    const weight = weights[chosen];
    const ownCodes = partAt(codes, chosen, weights.length);
    const ownSamples = partAt(samples, chosen, weights.length);
    const [reconstruction, kl] = terms[chosen];
    track.set(chosen);
    map.setView([0, 0], Math.max(4, Math.ceil(nearlyLargest(ownCodes))));
    map.drawDigits(ownCodes, labels);
    drawn.forEach((one, k) => {
      one.show(imageAt(ownSamples, k), "", `sample ${k + 1} under weight ${weight}`);
    });
    words.textContent = `Weight ${weight}: reconstruction ${reconstruction.toFixed(1)} + KL ${kl.toFixed(1)} nats per image. Below, digits drawn from the prior.`;
  };
  const set = setter(model);
  const range = { min: 0, max: weights.length - 1, step: 1, value: 0 };
  const choose = (k) => set("choice", k);
  const track = slider("Weight of the KL", range, choose, (k) => `${weights[k]}`);
  model.on("change:choice", draw);
  draw();
  const pictures = box("vw-line", ...drawn.map((one) => one.root));
  return box("vw-row", box("vw-grow", map.root), box("vw-column", track.root, words, pictures));
}
function nearlyLargest(numbers) {
  const sizes = numbers.map(Math.abs).sort();
  return sizes[Math.floor(0.99 * sizes.length)];
}
function logDensity(z, mean, logVar) {
  return -0.5 * ((z - mean) ** 2 / Math.exp(logVar) + logVar) - HALF_LOG_2_PI;
}
function drawDensities(canvas, mean, logVar) {
  const { width, height } = canvas;
  const prior = Z.map((z) => Math.exp(logDensity(z, 0, 0)));
  const posterior = Z.map((z) => Math.exp(logDensity(z, mean, logVar)));
  const gap = Z.map((z, k) => posterior[k] * (logDensity(z, mean, logVar) - logDensity(z, 0, 0)));
  const peak = Math.exp(logDensity(mean, mean, logVar));
  const ground = 0.7 * height;
  const lowest = 0.97 * height;
  const x = linearScale([-5, 5], [0, width]);
  const y = linearScale([0, Math.max(0.45, peak, ...gap)], [ground, 0.08 * ground]);
  const curve = (values) => values.map((value, k) => [x(Z[k]), Math.min(lowest, y(value))]);
  const context = clear(canvas);
  const fillBelow = (values, fill) => {
    tracePath(context, [[x(-5), ground], ...curve(values), [x(5), ground]]);
    context.fillStyle = fill;
    context.fill();
  };
  context.globalAlpha = 0.3;
  fillBelow(prior, PRIOR);
  context.globalAlpha = 1;
  fillBelow(
    gap.map((value) => Math.max(0, value)),
    "rgba(60, 60, 60, 0.55)"
  );
  fillBelow(
    gap.map((value) => Math.min(0, value)),
    stripes(context)
  );
  context.lineWidth = 4;
  context.strokeStyle = POSTERIOR;
  context.setLineDash(DASH);
  tracePath(context, curve(posterior));
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = INK;
  context.fillRect(0, ground, width, 2);
  drawWords(context, x, height);
  const deviation = Math.exp(logVar / 2).toFixed(2);
  const spoken = `Prior and posterior of one latent: mean ${mean}, width ${deviation}`;
  canvas.setAttribute("aria-label", spoken);
}
function drawWords(context, x, height) {
  context.font = `20px ${FONT}`;
  const entries = [
    { text: "prior (filled)", color: PRIOR, dash: [] },
    { text: "posterior (dashed)", color: POSTERIOR, dash: DASH },
    { text: "q log(q/p) (dark, striped)", color: INK, dash: [] }
  ];
  entries.forEach((entry, row) => {
    drawLegend(context, entry, 12, 26 + 26 * row);
  });
  context.fillStyle = INK;
  for (const z of [-4, -2, 0, 2, 4]) context.fillText(number(z, 0), x(z) - 6, height - 8);
}
function stripes(context) {
  const tile = make("canvas", { width: 8, height: 8 });
  const pen = contextOf(tile);
  pen.fillStyle = TAKEN_AWAY;
  pen.fillRect(0, 0, 3, 8);
  return context.createPattern(tile, "repeat") ?? TAKEN_AWAY;
}
function drawSurface(canvas, mean, logVar) {
  const { width, height } = canvas;
  const x = linearScale(MEANS, [0, width]);
  const y = linearScale(LOG_VARS, [height, 0]);
  const band = (column, row) => {
    const kl2 = klOf(x.invert(column), y.invert(row));
    return LEVELS.filter((level) => level < kl2).length;
  };
  const context = contextOf(canvas);
  const pixels = context.createImageData(width, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const own = band(column, row);
      const isEdge = own !== band(column + 1, row) || own !== band(column, row + 1);
      const grey = 250 - 14 * own;
      const color = isEdge ? [60, 60, 60, 255] : [grey - 10 * own, grey, 255, 255];
      pixels.data.set(color, 4 * (row * width + column));
    }
  }
  context.putImageData(pixels, 0, 0);
  context.font = `20px ${FONT}`;
  context.fillStyle = "black";
  context.fillText("mean −3 to 3 →", 8, height - 10);
  context.fillText("log-variance −5 to 2 ↑", 8, 24);
  drawDot(context, [x(mean), y(logVar)], 12, "white");
  drawDot(context, [x(mean), y(logVar)], 9, POSTERIOR);
  const kl = klOf(mean, logVar).toFixed(2);
  const spoken = `The KL over mean and log-variance, zero at (0, 0); the dot is at ${kl} nats`;
  canvas.setAttribute("aria-label", spoken);
}
var loss_explorer_default = { render };
export {
  loss_explorer_default as default
};
