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

// canvas.js
var FONT = "system-ui, sans-serif";
function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("This browser has no two-dimensional canvas.");
  return context;
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

// kernel_engine.js
var PATIENCE = 3e3;
var SILENCE = "Python does not answer: if another cell is running, wait for it; if the kernel was restarted, run this cell again.";
function createKernelEngine(model) {
  let listener = null;
  let timer;
  const view = crypto.getRandomValues(new Uint32Array(1))[0];
  let sent = 0;
  let heard = 0;
  let isSilent = false;
  let last = null;
  const points = countPoints();
  const report = () => {
    isSilent = heard < sent;
    if (isSilent) listener?.failed(SILENCE);
  };
  const post = (content) => {
    try {
      model.send(content);
    } catch {
      isSilent = true;
      listener?.failed(SILENCE);
    }
  };
  const hear = (answer) => {
    if (answer.view !== view) return;
    heard = Math.max(heard, answer.number);
    if (isSilent && last) listener?.frame({ ...last, measured: [] });
    isSilent = false;
  };
  const send = (command) => {
    if (command.action === "shown") {
      post(command);
      return;
    }
    sent += 1;
    clearTimeout(timer);
    timer = setTimeout(report, PATIENCE);
    post({ ...command, view, number: sent });
  };
  const receive = (content, buffers) => {
    if (content.kind === "heard") hear(content);
    if (content.kind === "setting") listener?.setting(readSetting(content, buffers));
    if (content.kind === "failed") listener?.failed(content.words);
    if (content.kind === "frame") {
      last = readFrame(content, buffers, points.takeNew(content));
      listener?.frame(last);
    }
  };
  return {
    send,
    listen(newListener) {
      listener = newListener;
      model.on("msg:custom", receive);
      send({ action: "listen" });
    },
    close() {
      clearTimeout(timer);
      model.off("msg:custom", receive);
      listener = null;
    }
  };
}
function countPoints() {
  let run = -1;
  let known = 0;
  return {
    /** @param {{ run: number, first: number, measured: Frame["measured"] }} content */
    takeNew(content) {
      if (content.run !== run) {
        run = content.run;
        known = 0;
      }
      const fresh = content.measured.slice(Math.max(0, known - content.first));
      known = Math.max(known, content.first + content.measured.length);
      return fresh;
    }
  };
}
function readSetting(content, [labels]) {
  return { labels: uint8(labels), digits: content.digits, offers: content.offers };
}
function readFrame(content, buffers, measured) {
  const [codes, inputs, zMean, zLogVar, epsilon, z, reconstructions, samples] = buffers;
  return {
    frame: content.frame,
    run: content.run,
    state: content.state,
    words: content.words,
    epoch: content.epoch,
    images: content.images,
    rate: content.rate,
    terms: content.terms,
    gradients: content.gradients,
    measured,
    codes: float32(codes),
    batch: {
      inputs: uint8(inputs),
      zMean: float32(zMean),
      zLogVar: float32(zLogVar),
      epsilon: float32(epsilon),
      z: float32(z),
      reconstructions: uint8(reconstructions)
    },
    samples: uint8(samples),
    knobs: content.knobs,
    start: content.start
  };
}

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
    update(frame) {
      const canTrain = frame.state !== "invalid";
      for (const one of buttons) one.disabled = false;
      for (const one of [play, step, epoch]) one.disabled = !canTrain;
      showPlaying(frame.state === "training");
      epochs.show(frame.epoch.toFixed(1));
      images.show(frame.images.toLocaleString("en"));
      rate.show(frame.rate > 0 ? Math.round(frame.rate).toLocaleString("en") : "–");
      const sentence = describeState(frame);
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

// live_curves.js
var NAME = "Learning curves";
var MOST = 400;
var SETTLED = 0.12;
var MARGIN = { left: 46, right: 136, top: 24, bottom: 40, between: 44 };
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
  const sharp = createSharpCanvas(NAME, "vl-curves", redraw);
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
      const right = width - MARGIN.right;
      const most = Math.max(1, points.at(-1)?.images ?? 0, batches.at(-1)?.images ?? 0);
      const x = linearScale([0, most], [MARGIN.left, right]);
      const room = height - MARGIN.top - MARGIN.bottom - MARGIN.between;
      const split = MARGIN.top + 0.64 * room;
      drawPanel(context, { points, batches }, PANELS[0], x, [MARGIN.top, split]);
      const bottom = height - MARGIN.bottom;
      drawPanel(context, { points, batches }, PANELS[1], x, [split + MARGIN.between, bottom]);
      drawImagesAxis(context, x, bottom);
    },
    /** @param {string} words for a screen reader, if there are any */
    describe(words) {
      sharp.canvas.setAttribute("aria-label", words ? `${NAME}: ${words}` : NAME);
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
  const [left, end] = [x(0), widthOf(context) - MARGIN.right];
  const range = valuesShown(data, lines);
  const isEmpty = points.length + batches.length === 0;
  const ticks = isEmpty ? [] : niceTicks(...range, 4);
  const y = linearScale(range, [bottom, top]);
  const drawn = [...points.map(({ training }) => training), ...batches.map(({ terms }) => terms)];
  const isCut = drawn.some((terms) => lines.some(({ term }) => terms[term] > range[1]));
  drawTitle(context, title, isCut, left, end, top);
  drawTicks(context, ticks, y, left, end);
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
function drawTicks(context, ticks, y, left, right) {
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
function spread(names, distance, [top, bottom]) {
  for (const name of names) name.place = clamp(name.place, top, bottom);
  if (names.length < 2) return;
  const [upper, lower] = names[0].place <= names[1].place ? [names[0], names[1]] : [names[1], names[0]];
  const missing = distance - (lower.place - upper.place);
  if (missing <= 0) return;
  lower.place = Math.min(bottom, lower.place + missing / 2);
  upper.place = lower.place - distance;
  if (upper.place < top) {
    upper.place = top;
    lower.place = top + distance;
  }
}
function drawImagesAxis(context, x, bottom) {
  const right = widthOf(context) - MARGIN.right;
  context.fillStyle = INK;
  context.fillRect(MARGIN.left, bottom, right - MARGIN.left, 1);
  context.font = `12px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const most = x.invert(right);
  const ticks = most > 1 ? niceTicks(0, most, 4) : [0];
  for (const tick of ticks) context.fillText(short(tick), x(tick), bottom + 6);
  context.fillText("images seen", (MARGIN.left + right) / 2, bottom + 22);
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

// class_names.js
var BANDWIDTH = 0.09;
var ROUNDS = 4;
var DENSER = 1.25;
var FOLLOWS = 0.12;
var APART = 0.15;
function createNamePlacer(labels) {
  const classes = [...indicesByClass(labels)];
  let dense = [];
  let names = [];
  return {
    /** Forgets the places: the next ones are taken at once. */
    reset() {
      dense = [];
      names = [];
    },
    /**
     * @param {ArrayLike<number>} codes
     * @param {number} reach
     * @returns {Name[]}
     */
    place(codes, reach) {
      const width = BANDWIDTH * reach;
      dense = classes.map(([, rows], k) => densest(codes, rows, width, dense[k]));
      const wanted = pushApart(dense, APART * reach);
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
function pushApart(places, distance) {
  const moved = places.map(([x, y]) => [x, y]);
  for (let round = 0; round < 12; round++) {
    for (let k = 0; k < moved.length; k++) {
      for (let other = 0; other < k; other++) separate(moved[k], moved[other], distance, k);
    }
  }
  return moved;
}
function separate(one, other, distance, turn) {
  let [x, y] = [one[0] - other[0], one[1] - other[1]];
  let length = Math.hypot(x, y);
  if (length >= distance) return;
  if (length < 1e-9) {
    [x, y, length] = [Math.cos(turn), Math.sin(turn), 1];
    one[0] += 1e-6 * x;
    one[1] += 1e-6 * y;
  }
  const push = (distance - Math.min(length, distance)) / 2 / length;
  one[0] += push * x;
  one[1] += push * y;
  other[0] -= push * x;
  other[1] -= push * y;
}

// plane.js
var MARGIN2 = { left: 34, right: 10, top: 26, bottom: 26 };
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
  const { left, right, top, bottom } = isBare ? NO_MARGIN : MARGIN2;
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
  if (!view.isBare) drawTicks2(context, view);
  nameAxes(context, view);
}
function drawTicks2(context, { left, top, side, reach, x, y }) {
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

// vae.js
var GELU_SCALE = Math.sqrt(2 / Math.PI);

// ood.js
var SIDE = 28;
var FINER = 4;
var FINE_SIDE = FINER * SIDE;
var MIDDLE = FINER * (SIDE / 2 + 0.5);

// reading.js
var NEIGHBOURS = 15;

// live_map.js
var NAME2 = "Latent space";
var REACH = 4;
var INSIDE = 0.98;
var ROOM = 1.05;
var WIDENS = 0.08;
var CAPTION = "Each point is the mean μ of a validation digit, in the colour of its class.";
var MORE = `The training sees no label. Circles: 1, 2 and 3 standard deviations of the prior. Accuracy: the share of the validation digits whose class is that of most of the ${NEIGHBOURS} nearest codes among at most 2,000 training digits.`;
var LEARNED = [0.15, 0.3];
function createLatentMap(redraw, beside) {
  const sharp = createSharpCanvas(NAME2, "vl-map", redraw);
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
  let [reach, wantedReach] = [REACH, REACH];
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
      [reach, wantedReach, accuracy] = [REACH, REACH, 0];
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
      sharp.canvas.setAttribute("aria-label", words ? `${NAME2}: ${words}` : NAME2);
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
  return needed < 0.7 * before ? Math.max(REACH, Math.ceil(ROOM * needed)) : before;
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
  const funnel = (width - left - right - 3 * side - q - 5 * gap) / 2;
  const columns = placeColumns(left, gap, [side, funnel, q, side, funnel, side]);
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
  const inside = (funnel) => {
    const room = 0.9 * (funnel.right - funnel.left);
    return { left: center(funnel) - room / 2, top: (top + bottom) / 2, width: room };
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
function createFlow(...groups) {
  let seen = 0;
  let moved = 0;
  return {
    /** @param {number} images seen so far */
    update(images) {
      if (images === seen) return;
      seen = images;
      moved = (moved + STRIDE) % DASHES;
      for (const { style } of groups) style.strokeDashoffset = `${-moved}px`;
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
var DOT = 3;
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
  const fill = (frame) => {
    for (let k = 0; k < count; k++) rows[k].update(frame, k);
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
    update(frame, withWords) {
      last = frame;
      const digits = Math.min(ROWS, frame.batch.inputs.length / PIXELS);
      if (digits !== sent) {
        sent = digits;
        if (width > 0) arrange();
      }
      fill(frame);
      drawing.update(frame, withWords);
      if (withWords) docks.update(frame);
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
  const frame = svg("rect", { class: "vl-q", rx: 10 });
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
    frame,
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
      setAll(frame, {
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
  const frame = svg("rect", { class: "vl-plane", rx: 4 });
  const circles = [1, 2].map(() => svg("circle", { class: "vl-prior" }));
  const ellipse = svg("ellipse", { class: "vl-ellipse" });
  const step = svg("path", { class: "vl-step" });
  const dot = svg("circle", { class: "vl-z", r: DOT });
  const view = svg("svg", {}, ...circles, ellipse, step);
  const root2 = svg("g", {}, frame, view, dot);
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
      edge = PLANE - (DOT + 1) / unit;
      const top = middle - side / 2;
      setAll(frame, { x: left, y: top, width: side, height: side });
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
  const answer = ({ frame }) => engine.send({ action: "shown", frame });
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
  const receive = (frame) => {
    if (isOver) return;
    if (frame.run < run) {
      answer(frame);
      return;
    }
    if (frame.run > run) {
      view.forget();
      retract(el);
    }
    run = frame.run;
    view.keep(frame.measured);
    publish(el, frame);
    settle();
    [waiting, isOwed] = [keepMap(waiting, frame), true];
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
function keepMap(before, frame) {
  return {
    ...frame,
    codes: frame.codes ?? before?.codes ?? null,
    samples: frame.samples ?? before?.samples ?? null
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
  let frame = null;
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
    map.draw(now, frame && followed !== null ? wayOf(frame.batch, followed) : null);
    const sentence = describeFollowed(frame, followed);
    if (way.textContent !== sentence) way.textContent = sentence;
  };
  const showMap = (frame2, now, duration) => {
    if (frame2.codes) map.moveTo(frame2.codes, now, duration);
    if (frame2.samples) samples.update(frame2.samples);
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
      if (!frame) experiments.begin(next.knobs);
      const isUrgent = next.state !== "training" || !isSame(frame?.knobs, next.knobs);
      frame = next;
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
function describeFollowed(frame, row) {
  if (!frame || row === null)
    return "Point at a row of the model, or press it, to follow its digit here.";
  return `Digit ${row + 1}: ${describeWay(wayOf(frame.batch, row))}.`;
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
    root: make("p", { class: "vl-accuracy" }, `${NEIGHBOURS}-NN accuracy `, value),
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
  return (frame, last, now) => {
    const isNews = frame.state !== state && state !== "";
    state = frame.state;
    if (frame.state !== "training" && !isNews) return;
    if (pace.isDue(now, isNews)) report.textContent = describeProgress(frame, last);
  };
}
function describeProgress({ state, epoch, images }, last) {
  const seen = `epoch ${epoch.toFixed(1)}, ${images.toLocaleString("en")} images seen`;
  const loss = last ? `, validation loss ${last.validation.loss.toFixed(0)} nats` : "";
  const share2 = last ? `, accuracy ${Math.round(100 * last.accuracy)}%` : "";
  return `${STATES[state]}: ${seen}${loss}${share2}.`;
}
function describeMap({ images, accuracy }) {
  const share2 = `${NEIGHBOURS}-NN accuracy ${Math.round(100 * accuracy)}%`;
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
function render({ model, el }) {
  return createLiveTraining(createKernelEngine(model), el);
}
var live_training_default = { render };
export {
  createLiveTraining,
  live_training_default as default
};
