// @ts-check
// The model as one picture, alive: training digits pass through encoder, q, z and decoder to their
// reconstructions, a row a digit; the loss stands below what it compares, and the training loop leads
// from it back into both networks.
/** @import { Frame } from "./live.js" */
/** @import { Column, Layout } from "./live_layout.js" */
import { paintRaw } from "./canvas.js";
import { box, digitCanvas, make, place, setWords } from "./dom.js";
import { createDocks } from "./live_docks.js";
import { createFlow, createGradients, createLoop } from "./live_gradients.js";
import { center, funnelCorners, layoutSchematic, narrowed } from "./live_layout.js";
import { clamp } from "./scale.js";
import { setAll, svg } from "./svg.js";
import { codeAt, PIXELS } from "./traits.js";

const ROWS = 6; // digits shown, at most
const MEANS = 3.5; // a bar of the mean reaches the edge at this value
const PLANE = 3.5; // reach of the small plane of z
const DOT = 3; // pixels, radius of z in it
const DEVIATIONS = 1.5; // as the bar of a standard deviation

/** One digit on its way, as the map shows it. @typedef {{ mean: Float32Array, deviation: Float32Array, z: Float32Array }} Way */

/** @param {(row: number | null) => void} onhighlight */
export function createSchematic(onhighlight) {
  const drawing = createDrawing();
  const rows = Array.from({ length: ROWS }, (_, row) => createRow(row));
  const docks = createDocks();
  const stage = box(
    "vl-stage",
    drawing.root,
    ...rows.flatMap((row) => [row.input, row.output, row.handle]),
  );
  drawing.root.append(...rows.map((row) => row.drawing));
  const root = box("vl-schematic", stage, box("vl-docks", ...Object.values(docks.roots)));
  let sent = ROWS; // digits that the engine shows
  let count = ROWS; // of these, as many as there is room for
  let width = 0;
  /** @type {Frame | null} */
  let last = null; // shown, and to be shown again at another size, for a training that pauses

  /** @param {Frame} frame */
  const fill = (frame) => {
    for (let k = 0; k < count; k++) rows[k].update(frame, k);
  };
  const arrange = () => {
    const room = Number(getComputedStyle(root).getPropertyValue("--vl-rows")) || ROWS; // live.css
    count = Math.min(sent, room);
    const layout = layoutSchematic(width, count);
    root.classList.toggle("vl-wide", layout.isWide);
    root.classList.toggle("vl-roomy", layout.isRoomy);
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
  watcher.observe(root);
  followRows(rows, onhighlight);

  return {
    root,
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
      root.classList.toggle("vl-with-gradients", isOn);
    },
    close: () => watcher.disconnect(),
  };
}

/**
 * Of a frame's batch, what the map shows of one digit.
 *
 * @param {Frame["batch"]} batch
 * @param {number} row
 * @returns {Way}
 */
export function wayOf(batch, row) {
  const deviation = codeAt(batch.zLogVar, row).map((value) => Math.exp(0.5 * value));
  return { mean: codeAt(batch.zMean, row), deviation, z: codeAt(batch.z, row) };
}

/**
 * A row is followed while the mouse is over it or the keyboard on it, and for good once pressed.
 *
 * @param {ReturnType<typeof createRow>[]} rows
 * @param {(row: number | null) => void} onhighlight
 */
function followRows(rows, onhighlight) {
  /** @type {number | null} */
  let pinned = null;
  /** @type {number | null} */
  let passing = null;
  const show = () => {
    const lit = passing ?? pinned;
    rows.forEach((row, k) => {
      row.light(k === lit, k === pinned);
    });
    onhighlight(lit);
  };
  rows.forEach(({ handle }, k) => {
    /** @param {number | null} row */
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

// what is drawn once for all rows

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
    equals: svg("text", { class: "vl-sign" }, "="),
  };
  const compared = svg("path", { class: "vl-arrow" }); // images to the reconstruction term
  const compared2 = svg("path", { class: "vl-arrow" }); // reconstructions to it
  const toKl = svg("path", { class: "vl-arrow" });
  const loop = createLoop();
  const gradients = createGradients();
  const flow = createFlow(loop.root, gradients.root);
  const markers = createMarkers();
  const root = svg(
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
    gradients.root,
  );
  return {
    root,
    /** @param {Layout} layout */
    arrange(layout) {
      const { width, height, columns, top, bottom, noise: circle } = layout;
      setAll(root, { width, height, viewBox: `0 0 ${width} ${height}` });
      setAll(encoder, { points: funnelCorners(layout, columns.encoder, "narrowing") });
      setAll(decoder, { points: funnelCorners(layout, columns.decoder, "widening") });
      const { left, right } = columns.q;
      setAll(frame, {
        x: left - 3,
        y: top - 24,
        width: right - left + 6,
        height: bottom - top + 28,
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
      root.classList.toggle("vl-without-noise", !knobs.noise);
    },
  };
}

const HEADS = ["arrow", "noise", "loop", "reconstruction", "kl"];

/** The heads of all arrows. */
function createMarkers() {
  return svg(
    "defs",
    {},
    ...HEADS.map((name) =>
      svg(
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
          orient: "auto-start-reverse",
        },
        svg("path", { d: "M0 0L8 4L0 8z" }),
      ),
    ),
  );
}

/**
 * What a column shows, in a word where there is room for one, and its symbol.
 *
 * @param {string} word
 * @param {string} symbol
 */
function createHeading(word, symbol) {
  const name = svg("tspan", { class: "vl-word" }, `${word} `);
  return svg("text", { class: "vl-column" }, name, svg("tspan", { class: "vl-name" }, symbol));
}

/**
 * What two knobs do, beside the parts that they act on.
 *
 * @param {Record<string, SVGTextElement>} words
 * @param {import("./live.js").Knobs} knobs
 */
function tellKnobs(words, { inputDropout, noise }) {
  const dropped = Math.round(100 * inputDropout);
  setWords(words.dropout, dropped > 0 ? `${dropped}% dropped` : "");
  setWords(words.z, noise ? "z = μ + σ ε" : "z = μ");
}

/** @param {Record<string, SVGTextElement>} words @param {Layout} layout */
function arrangeWords(words, layout) {
  const { columns, top, bottom, isWide } = layout;
  const middle = (top + bottom) / 2;
  const q = center(columns.q);
  const fields = fieldsOf(columns.q);
  setAll(words.images, { x: center(columns.images), y: top - 8 });
  setAll(words.dropout, { x: columns.images.left, y: top - 32 });
  const outer = layout.isRoomy ? layout.loop.x - 10 : center(columns.reconstructions);
  setAll(words.reconstructions, { x: outer, y: top - 8 });
  words.reconstructions.classList.toggle("vl-outer", layout.isRoomy); // it ends before the loop
  setAll(words.q, { x: q, y: top - 32 });
  setAll(words.mean, { x: fields.zero, y: top - 7 });
  setAll(words.deviation, { x: fields.start + 5, y: top - 7 });
  setAll(words.one, { x: fields.one, y: top - 7 });
  setWords(words.one, layout.isRoomy ? "σ = 1" : "1");
  setAll(words.z, { x: center(columns.z), y: bottom + 20 });
  for (const name of /** @type {const} */ (["encoder", "decoder"])) {
    const x = center(columns[name]);
    setAll(words[name], { x, y: middle, transform: `rotate(-90 ${x} ${middle})` });
    words[name].classList.toggle("vl-hidden", isWide);
  }
  arrangeSigns(words, layout);
}

/** Each stands before what it joins to the sum. @param {Record<string, SVGTextElement>} words @param {Layout} layout */
function arrangeSigns(words, { isWide, docks, cards }) {
  const y = cards.top + cards.height / 2;
  const places = { times: docks.kl, plus: docks.reconstruction, equals: docks.loss };
  for (const [name, dock] of Object.entries(places)) {
    words[name].classList.toggle("vl-hidden", !isWide);
    if (dock) setAll(words[name], { x: dock.left - 12, y });
  }
}

/** The ways from what the loss compares to its terms. @param {Layout} layout */
function pathsToTerms({ isWide, columns, bottom, cards, docks, height }) {
  if (!isWide) return { fromImages: "", fromReconstructions: "", fromQ: "" };
  const images = center(columns.images);
  const reconstructions = center(columns.reconstructions);
  const { left, width } = docks.reconstruction;
  const [term, entry] = [left + width / 2, left + width - 20]; // right of what stands below z
  const under = height - 8;
  const across = cards.top - 22;
  const end = cards.top + cards.height;
  return {
    fromImages: `M${images} ${bottom + 2}V${under - 8}q0 8 8 8H${term - 8}q8 0 8 -8V${end + 3}`,
    fromReconstructions:
      `M${reconstructions} ${bottom + 2}V${across - 8}q0 8 -8 8` +
      `H${entry + 8}q-8 0 -8 8V${cards.top - 3}`,
    fromQ: `M${center(columns.q)} ${bottom + 5}V${cards.top - 3}`,
  };
}

// one row

/** @param {number} row */
function createRow(row) {
  const input = digitCanvas({ class: "vw-digit vl-thumb", "aria-hidden": "true" });
  const output = digitCanvas({ class: "vw-digit vl-thumb", "aria-hidden": "true" });
  const handle = make("button", {
    type: "button",
    class: "vl-handle",
    "aria-pressed": "false",
    "aria-label": `Digit ${row + 1}: follow it on the map`,
  });
  const threads = Array.from({ length: 5 }, () => svg("path", { class: "vl-thread" }));
  const ribbon = svg("path", { class: "vl-ribbon" }); // the whole way, when it is followed
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
    plane.root,
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
      if (lit) drawing.parentNode?.append(drawing); // above the others
    },
    /** @param {Frame} frame @param {number} index */
    update({ batch }, index) {
      paintRaw(input, batch.inputs, PIXELS * index);
      paintRaw(output, batch.reconstructions, PIXELS * index);
      const way = wayOf(batch, index);
      bars.update(way);
      plane.update(way);
    },
  };
}

/** @param {HTMLElement} node @param {number} left @param {number} top @param {number} width @param {number} height */
function placeBox(node, left, top, width, height) {
  const { style } = node;
  style.left = `${left}px`;
  style.top = `${top}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
}

/** The line of one digit, through and between the parts. @param {Layout} layout @param {number} y */
function threadPaths(layout, y) {
  const { images, encoder, q, z, decoder, reconstructions } = layout.columns;
  const low = narrowed(layout, y);
  /** @param {number} start @param {number} from @param {number} end @param {number} to */
  const bend = (start, from, end, to) => {
    const half = (start + end) / 2;
    return `M${start} ${from}C${half} ${from} ${half} ${to} ${end} ${to}`;
  };
  const tip = 4; // room for the head of the arrow
  return {
    outside: [
      bend(images.right + 2, y, encoder.left - tip, y),
      bend(encoder.right, low, q.left - tip - 2, y),
      bend(q.right + 4, y, z.left - tip, y),
      bend(z.right + 2, y, decoder.left - tip, low),
      bend(decoder.right, y, reconstructions.left - tip, y),
    ],
    inside: [
      `M${encoder.left} ${y}L${encoder.right} ${low}`,
      `M${decoder.left} ${low}L${decoder.right} ${y}`,
    ],
  };
}

/**
 * Where the bars of the means begin, where those of the standard deviations do, and where 1 is there.
 *
 * @param {Column} column
 */
function fieldsOf({ left, right }) {
  const gap = Math.max(4, 0.06 * (right - left));
  const half = (right - left) / 2 - gap; // width of one of the two fields
  const start = left + half + 1.5 * gap;
  return { half, zero: left + gap / 2 + half / 2, start, one: start + half / DEVIATIONS };
}

/** Two bars for the means, from the middle; two for the standard deviations, beside the prior's. */
function createBars() {
  const axis = svg("path", { class: "vl-axis" });
  const prior = svg("path", { class: "vl-prior-mark" });
  const means = [0, 1].map(() => svg("rect", { class: "vl-mean" }));
  const deviations = [0, 1].map(() => svg("rect", { class: "vl-deviation" }));
  const root = svg("g", {}, ...means, ...deviations, axis, prior);
  let half = 0; // width of one of the two fields
  let [zero, start] = [0, 0]; // where means and standard deviations begin
  return {
    root,
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
        d: `M${zero} ${y - reach}V${y + reach}M${start} ${y - reach}V${y + reach}`,
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
    },
  };
}

/** Of the most that a bar can show; what is no number has no bar. @param {number} value @param {number} most */
function share(value, most) {
  return Number.isNaN(value) ? 0 : Math.min(value, most) / most;
}

/** The latent space, small: q as an ellipse, and the step that the noise makes from μ to z. */
function createPlane() {
  const frame = svg("rect", { class: "vl-plane", rx: 4 });
  const circles = [1, 2].map(() => svg("circle", { class: "vl-prior" }));
  const ellipse = svg("ellipse", { class: "vl-ellipse" });
  const step = svg("path", { class: "vl-step" });
  const dot = svg("circle", { class: "vl-z", r: DOT });
  const view = svg("svg", {}, ...circles, ellipse, step); // which cuts off what lies outside
  const root = svg("g", {}, frame, view, dot);
  let [x, y, unit] = [0, 0, 1];
  let edge = PLANE; // up to which a dot lies in the frame as a whole
  /** @param {ArrayLike<number>} code */
  const toPixels = (code) => [
    x + unit * clamp(code[0], -edge, edge),
    y - unit * clamp(code[1], -edge, edge),
  ];
  return {
    root,
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
        ry: Math.max(1.5, unit * Math.min(PLANE, deviation[1])),
      });
      setAll(step, { d: `M${start[0]} ${start[1]}L${end[0]} ${end[1]}` });
      setAll(dot, { cx: end[0], cy: end[1] });
      const isBeyond = Math.max(Math.abs(z[0]), Math.abs(z[1])) > edge;
      dot.classList.toggle("vl-beyond", isBeyond); // at the edge, and hollow
    },
  };
}

/** What a screen reader is told of a row. @param {Way} way */
export function describeWay({ mean, deviation, z }) {
  return `mean ${place(mean)}, standard deviations ${place(deviation)}, z ${place(z)}`;
}
