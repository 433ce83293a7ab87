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
function iconButton(path, name, onclick) {
  return make("button", { type: "button", onclick }, icon(path), make("span", {}, name));
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

// lens.js
var RADIUS = 0.145;
var FILLED = 0.4;
var LEAST = 3;
var ROOM = 120;
var RING = 12;
var ROUND = [8, 6, 5, 4, 3, 2, 1];
var NAMED = 18;
var NUMERALS = 40;
var OWN = 0.5;
function roundDown(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (ROUND.find((digit) => digit * power <= value) ?? 1);
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
function placeLens(view, { mean, logVar }, codes) {
  const room = view.width - view.left - view.side;
  const radius = room > ROOM ? room / 2 - 16 : Math.max(36, RADIUS * view.side);
  const magnification = magnify(logVar, radius, view.unit);
  if (magnification === null) return null;
  const center = room > ROOM ? besideMap(view, radius) : freestCorner(view, radius, view.toPixels(mean), codes);
  return lensAt(center, radius, magnification, view.unit, mean);
}
function besideMap({ width, top, side }, radius) {
  return [width - radius - 12, top + side / 2];
}
function freestCorner({ left, top, side, toPixels }, radius, place2, codes) {
  const inset = radius + 8;
  const [high, low] = [top + inset + NAMED, top + side - inset - NAMED];
  const right = left + side - inset;
  const corners = [
    [right, high],
    [right, low],
    [left + inset, low],
    [left + inset, high]
  ];
  const covered = (corner) => {
    let count = distance(corner, place2) < radius + 2 * RING ? codes.length : 0;
    for (let k = 0; k < codes.length / 2; k++) {
      if (distance(corner, toPixels(codeAt(codes, k))) < radius) count += 1;
    }
    return count;
  };
  const counts = corners.map(covered);
  return corners[counts.indexOf(Math.min(...counts))];
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
function drawPosterior(context, view, posterior, lens, digits, drawInside = () => {
}) {
  const place2 = view.toPixels(posterior.mean);
  if (!lens) {
    drawEllipses(context, view.toPixels, posterior);
    drawInside(view.toPixels);
    return;
  }
  drawJoin(context, place2, lens);
  drawInLens(context, lens, posterior, digits, drawInside);
  context.lineWidth = 2;
  context.strokeStyle = INK;
  context.beginPath();
  context.arc(...lens.center, lens.radius, 0, 2 * Math.PI);
  context.stroke();
  context.font = `600 12px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const [x, y] = lens.center;
  const isHigh = y < view.top + view.side / 2;
  const words = `q(z∣x), × ${lens.magnification.toLocaleString("en")}`;
  haloText(context, words, x, y + (isHigh ? -1 : 1) * (lens.radius + 11), { halo: 5, color: INK });
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
function joinsOf([x, y], { center, radius }) {
  const toward = Math.atan2(center[1] - y, center[0] - x);
  const apart = distance([x, y], center);
  const lean = Math.acos((RING - radius) / Math.max(apart, radius));
  return [lean, -lean].map((side) => {
    const [across, down] = [Math.cos(toward + side), Math.sin(toward + side)];
    return [
      [x + RING * across, y + RING * down],
      [center[0] + radius * across, center[1] + radius * down]
    ];
  });
}
function drawJoin(context, place2, lens) {
  context.strokeStyle = INK;
  context.lineWidth = 1.2;
  context.beginPath();
  context.arc(...place2, RING, 0, 2 * Math.PI);
  for (const [start, end] of joinsOf(place2, lens)) {
    context.moveTo(...start);
    context.lineTo(...end);
  }
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

// posterior.js
var LETTERS = "abcdefgh";
var DRAWS = LETTERS.length;
var KEY = "Ellipses: 1 σ and 2 σ of q. Numerals: on the map, where a class lies; under the lens, the classes of other test digits.";
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const digits = readDigits(model);
  const logVars = float32(model.get("log_vars"));
  const map = createMap("Posterior");
  map.root.classList.add("vw-with-lens");
  const original = picture("test digit");
  const middle = picture("mean, decoded");
  const draws = Array.from({ length: DRAWS }, () => picture("sample"));
  const key = make("p", { class: "vw-hint" }, KEY);
  const words = liveWords("vw-words");
  const draw = () => {
    const index = model.get("index");
    const image = imageAt(digits.images, index);
    const posterior = { mean: codeAt(digits.codes, index), logVar: codeAt(logVars, index) };
    const epsilons = normals(DRAWS, 2, model.get("seed"));
    const codes = epsilons.map((epsilon) => sample(posterior, epsilon));
    const terms = elboTerms(vae, image, posterior, epsilons);
    chooser.mark(index);
    original.show(image, `x: test digit ${index}, a ${digits.labels[index]}`);
    middle.show(decode(vae, posterior.mean), "x̂: its mean μ, decoded");
    draws.forEach((one, k) => {
      const spoken = `sample ${LETTERS[k]}, decoded from ${place(codes[k])}`;
      one.show(decode(vae, codes[k]), LETTERS[k], spoken);
    });
    map.drawAbove((context, view) => {
      const lens = placeLens(view, posterior, digits.codes);
      drawPosterior(
        context,
        view,
        posterior,
        lens,
        digits,
        (toPixels) => drawSamples(context, toPixels, codes)
      );
      if (lens) drawMarker(context, view.toPixels(posterior.mean));
    }, posterior.mean);
    words.textContent = describe(posterior, epsilons[0], codes[0], terms);
  };
  const set = setter(model);
  const chooser = picker("Test digit", digits, (index) => set("index", index));
  const again = iconButton(ICONS.reset, "New noise", () => set("seed", model.get("seed") + 1));
  model.on("change:index", draw);
  model.on("change:seed", draw);
  map.drawDigits(digits.codes, digits.labels);
  draw();
  el.append(
    root(
      "Posterior of a test digit",
      box(
        "vw-posterior",
        box(
          "vw-column vw-part-pick",
          chooser.root,
          box("vw-pair", original.root, middle.root),
          again
        ),
        box("vw-column vw-part-map", heading("Its approximate posterior"), map.root, key),
        box(
          "vw-column vw-part-samples",
          heading("Eight samples, decoded"),
          box("vw-samples", ...draws.map((one) => one.root)),
          words
        )
      )
    )
  );
}
function drawSamples(context, toPixels, codes) {
  context.font = `700 14px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  codes.forEach((z, k) => {
    const [x, y] = toPixels(z);
    drawDot(context, [x, y], 5, "white");
    drawDot(context, [x, y], 3.8, NOISE);
    haloText(context, LETTERS[k], x + 6, y - 4, { halo: 4, color: INK });
  });
}
function describe({ mean, logVar }, epsilon, z, { reconstruction, kl }) {
  const [first, second] = Array.from(logVar, (value) => number(Math.exp(0.5 * value), 3));
  return `Each sample is z = μ + σ ε with μ = ${place(mean)} and σ = (${first}, ${second}); for sample a, ε = ${place(epsilon)} gives z = ${place(z)}. Reconstruction ${reconstruction.toFixed(1)} nats (mean of the samples), KL ${kl.toFixed(1)} nats.`;
}
var posterior_default = { render };
export {
  posterior_default as default
};
