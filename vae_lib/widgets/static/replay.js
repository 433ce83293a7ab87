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

// replay.js
var PAUSE = 500;
function render({ model, el }) {
  const codes = float32(model.get("codes"));
  const labels = uint8(model.get("labels"));
  const pictures = uint8(model.get("pictures"));
  const curves = { training: model.get("losses"), validation: model.get("val_losses") };
  const epochs = curves.training.length;
  const shown = pictures.length / PIXELS / epochs;
  const map = createMap("Latent space in training");
  const real = originalPictures(uint8(model.get("images")));
  const rebuilt = Array.from({ length: shown }, (_, k) => picture(`digit ${k + 1}`, 64));
  const curve = make("canvas", { class: "vw-plot", width: 560, height: 300, role: "img" });
  const draw = () => {
    const epoch = model.get("epoch");
    const reconstructions = partAt(pictures, epoch - 1, epochs);
    const spoken = `${labels.length} validation digits after epoch ${epoch}`;
    track.set(epoch);
    map.drawDigits(partAt(codes, epoch - 1, epochs), labels, spoken);
    rebuilt.forEach((one, k) => {
      const words = `reconstruction ${k + 1} after epoch ${epoch}`;
      one.show(imageAt(reconstructions, k), "rebuilt", words);
    });
    drawCurves(curve, curves, epoch);
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
  const play = button("Play", () => {
    if (!player.isPlaying() && model.get("epoch") === epochs) go(1);
    player.toggle();
  });
  player.onchange((isPlaying) => {
    play.textContent = isPlaying ? "Pause" : "Play";
    play.setAttribute("aria-pressed", String(isPlaying));
  });
  model.on("change:epoch", draw);
  draw();
  el.append(
    root(
      "Replay of a training",
      box("vw-line", play, track.root),
      box(
        "vw-row",
        box("vw-grow", map.root),
        box(
          "vw-column",
          curve,
          box("vw-line", ...real.map((one) => one.root)),
          box("vw-line", ...rebuilt.map((one) => one.root))
        )
      )
    )
  );
  return player.stop;
}
function originalPictures(images) {
  return Array.from({ length: images.length / PIXELS }, (_, k) => {
    const name = `original ${k + 1}`;
    const one = picture(name, 64);
    one.show(imageAt(images, k), "original", name);
    return one;
  });
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
function drawCurves(canvas, curves, epoch) {
  const epochs = curves.validation.length;
  const { low, high } = valuesShown(curves);
  const [left, top, right, bottom] = [90, 20, canvas.width - 20, canvas.height - 60];
  const x = linearScale([1, Math.max(2, epochs)], [left, right]);
  const y = linearScale([low, high === low ? low + 1 : high], [bottom, top]);
  const points = (values) => values.map((value, k) => [x(k + 1), y(Math.min(value, high))]);
  const context = clear(canvas);
  context.font = `22px ${FONT}`;
  context.fillStyle = INK;
  context.fillText(`${Math.round(high)}`, 30, top + 14);
  context.fillText(`${Math.round(low)}`, 30, bottom);
  context.fillText("nats", 30, (top + bottom) / 2 + 6);
  context.fillText(`epoch 1 to ${epochs}`, canvas.width / 2 - 50, canvas.height - 14);
  const lines = [
    { name: "training", dash: [], color: TRAINING, row: 0 },
    { name: "validation", dash: [10, 6], color: VALIDATION, row: 1 }
  ];
  for (const { name, dash, color, row } of lines) {
    context.lineWidth = 4;
    context.setLineDash(dash);
    context.strokeStyle = color;
    tracePath(context, points(curves[name]));
    context.stroke();
    const text = `${name} ${curves[name][epoch - 1].toFixed(1)}`;
    drawLegend(context, { text, color, dash }, canvas.width / 2 - 20, top + 20 + 26 * row);
  }
  drawMarker(context, points(curves.validation)[epoch - 1], [top, bottom]);
  canvas.setAttribute("aria-label", describeCurves(curves, epoch));
}
function valuesShown({ training, validation }) {
  const second = training[Math.min(1, training.length - 1)];
  return { low: Math.min(...training, ...validation), high: Math.max(...validation, second) };
}
function drawMarker(context, point, [top, bottom]) {
  context.lineWidth = 2;
  context.strokeStyle = "black";
  tracePath(context, [
    [point[0], top],
    [point[0], bottom]
  ]);
  context.stroke();
  drawDot(context, point, 8, "black");
}
function describeCurves({ training, validation }, epoch) {
  return `Loss curves; after epoch ${epoch}: training ${training[epoch - 1].toFixed(1)}, validation ${validation[epoch - 1].toFixed(1)} nats per image`;
}
var replay_default = { render };
export {
  replay_default as default
};
