// @ts-check
// The model as one picture, alive: six training digits pass through encoder, q, z and decoder to
// their reconstructions, a row a digit; the terms of the loss stand below what they compare.
/** @import { Frame, Gradients } from "./live.js" */
/** @import { Column, Layout } from "./live_layout.js" */
import { paintRaw } from "./canvas.js";
import { box, digitCanvas, make, nats, place } from "./dom.js";
import { createSwitch } from "./live_knobs.js";
import { funnelCorners, layoutSchematic, narrowed } from "./live_layout.js";
import { clamp } from "./scale.js";
import { setAll, svg } from "./svg.js";
import { codeAt, PIXELS } from "./traits.js";

const ROWS = 6; // digits shown
const MEANS = 3.5; // a bar of the mean reaches the edge at this value
const PLANE = 3.5; // reach of the small plane of z
const DOT = 3; // pixels, radius of z in it
const DEVIATIONS = 1.5; // as the bar of a standard deviation
const THIN = 1.5; // width of a gradient's arrow, and what the largest adds
const THICK = 5;

/** One digit on its way, as the map shows it. @typedef {{ mean: Float32Array, deviation: Float32Array, z: Float32Array }} Way */

/**
 * @param {{
 *   knobs: ReturnType<typeof import("./live_knobs.js").createKnobs>,
 *   modelKnobs: ReturnType<typeof import("./live_knobs.js").createModelKnobs>,
 *   onhighlight: (row: number | null) => void,
 * }} parts
 */
export function createSchematic({ knobs, modelKnobs, onhighlight }) {
  const drawing = createDrawing();
  const rows = Array.from({ length: ROWS }, (_, row) => createRow(row));
  const docks = createDocks(knobs, modelKnobs, (isOn) => {
    root.classList.toggle("vl-with-gradients", isOn);
  });
  const stage = box(
    "vl-stage",
    drawing.root,
    ...rows.flatMap((row) => [row.input, row.output, row.handle]),
  );
  drawing.root.append(...rows.map((row) => row.drawing));
  const root = box("vl-schematic", stage, box("vl-docks", ...Object.values(docks.roots)));
  let count = ROWS;
  let width = 0;
  /** @type {Frame | null} */
  let last = null; // shown, and to be shown again at another size, for a training that pauses

  /** @param {Frame} frame */
  const fill = (frame) => {
    for (let k = 0; k < count; k++) rows[k].update(frame, k);
  };
  const arrange = () => {
    const layout = layoutSchematic(width, count);
    root.classList.toggle("vl-wide", layout.isWide);
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
      const shown = Math.min(ROWS, frame.batch.inputs.length / PIXELS);
      if (shown !== count) {
        count = shown;
        if (width > 0) arrange();
      }
      fill(frame);
      drawing.update(frame, withWords);
      if (withWords) docks.update(frame);
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
    images: svg("text", { class: "vl-name" }, "x"),
    q: svg("text", { class: "vl-name" }, "q(z∣x)"),
    mean: svg("text", { class: "vl-name" }, "μ"),
    deviation: svg("text", { class: "vl-name" }, "σ"),
    one: svg("text", { class: "vl-one" }),
    z: svg("text", { class: "vl-name" }, "z = μ + σ ε"),
    reconstructions: svg("text", { class: "vl-name" }, "x̂"),
    heading: svg("text", { class: "vl-heading" }, "reconstructions"),
    encoder: svg("text", { class: "vl-along" }, "encoder"),
    decoder: svg("text", { class: "vl-along" }, "decoder"),
    equals: svg("text", { class: "vl-sign" }, "="),
    plus: svg("text", { class: "vl-sign" }, "+"),
  };
  const compared = svg("path", { class: "vl-arrow" }); // images to the reconstruction term
  const compared2 = svg("path", { class: "vl-arrow" }); // reconstructions to it
  const toKl = svg("path", { class: "vl-arrow" });
  const gradients = createGradients();
  const markers = createMarkers();
  const root = svg(
    "svg",
    { class: "vl-drawing", role: "img", "aria-label": "The model, from images to reconstructions" },
    markers,
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
      gradients.arrange(layout);
      for (const head of markers.querySelectorAll(".vl-head-reconstruction, .vl-head-kl")) {
        const side = layout.isWide ? 16 : 8;
        setAll(head, { markerWidth: side, markerHeight: side });
      }
    },
    /** @param {Frame} frame @param {boolean} withWords */
    update({ gradients: norms, knobs }, withWords) {
      gradients.update(norms);
      if (withWords) gradients.tell(norms);
      root.classList.toggle("vl-without-noise", !knobs.noise);
    },
  };
}

const HEADS = ["arrow", "noise", "reconstruction", "kl"];

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

/** @param {Record<string, SVGTextElement>} words @param {Layout} layout */
function arrangeWords(words, layout) {
  const { columns, top, bottom, isWide, docks, cards } = layout;
  const middle = (top + bottom) / 2;
  /** @param {Column} column */
  const center = ({ left, right }) => (left + right) / 2;
  const q = center(columns.q);
  const fields = fieldsOf(columns.q);
  setAll(words.images, { x: center(columns.images), y: top - 8 });
  setAll(words.reconstructions, { x: center(columns.reconstructions), y: top - 8 });
  setAll(words.q, { x: q, y: top - 32 });
  setAll(words.mean, { x: fields.zero, y: top - 7 });
  setAll(words.deviation, { x: fields.start + 5, y: top - 7 });
  setAll(words.one, { x: fields.one, y: top - 7 });
  setWords(words.one, isWide ? "σ = 1" : "1");
  setAll(words.heading, { x: columns.reconstructions.right, y: top - 32 });
  words.heading.classList.toggle("vl-hidden", !layout.isLarge);
  setAll(words.z, { x: center(columns.z), y: bottom + 20 });
  for (const name of /** @type {const} */ (["encoder", "decoder"])) {
    const x = center(columns[name]);
    setAll(words[name], { x, y: middle, transform: `rotate(-90 ${x} ${middle})` });
    words[name].classList.toggle("vl-hidden", isWide);
  }
  const line = cards.top + cards.height / 2;
  for (const name of /** @type {const} */ (["equals", "plus"])) {
    words[name].classList.toggle("vl-hidden", !isWide);
  }
  if (!isWide) return;
  setAll(words.equals, { x: docks.kl.left - 17, y: line });
  setAll(words.plus, { x: docks.reconstruction.left - 17, y: line });
}

/** The ways from what the loss compares to its terms. @param {Layout} layout */
function pathsToTerms({ isWide, columns, bottom, cards, docks, height }) {
  if (!isWide) return { fromImages: "", fromReconstructions: "", fromQ: "" };
  const images = (columns.images.left + columns.images.right) / 2;
  const reconstructions = (columns.reconstructions.left + columns.reconstructions.right) / 2;
  const term = docks.reconstruction.left + docks.reconstruction.width / 2;
  const q = (columns.q.left + columns.q.right) / 2;
  const under = height - 8;
  const end = cards.top + cards.height;
  return {
    fromImages:
      `M${images} ${bottom + 2}V${under - 8}q0 8 8 8H${term - 8}q8 0 8 -8` + `V${end + 3}`,
    fromReconstructions: `M${reconstructions} ${bottom + 2}V${cards.top - 3}`,
    fromQ: `M${q} ${bottom + 5}V${cards.top - 3}`,
  };
}

/** The gradient's way backwards; the width of each arrow tells its norm. */
function createGradients() {
  /** @param {"reconstruction" | "kl"} term */
  const arrow = (term) => svg("path", { class: `vl-gradient vl-of-${term}` });
  const toDecoder = [arrow("reconstruction"), arrow("reconstruction")];
  const toEncoder = [arrow("reconstruction"), arrow("reconstruction"), arrow("reconstruction")];
  const ofKl = [arrow("kl"), arrow("kl")];
  const through = svg("path", { class: "vl-through" }); // within decoder, q and encoder
  const decoderNorm = svg("tspan", { class: "vl-norm-reconstruction" });
  const encoderNorm = svg("tspan", { class: "vl-norm-reconstruction" });
  const klNorm = svg("tspan", { class: "vl-norm-kl" });
  const words = {
    decoder: svg("text", { class: "vl-norm" }, decoderNorm),
    encoder: svg("text", { class: "vl-norm" }, encoderNorm, klNorm),
  };
  const arrows = [...toDecoder, ...toEncoder, ...ofKl];
  const root = svg(
    "g",
    { class: "vl-gradients", "aria-hidden": "true" },
    through,
    ...arrows,
    ...Object.values(words),
  );
  let isWide = true;
  return {
    root,
    /** @param {Layout} layout */
    arrange(layout) {
      isWide = layout.isWide;
      const paths = gradientPaths(layout);
      [...toDecoder, ...toEncoder, ...ofKl].forEach((path, k) => {
        setAll(path, { d: paths.arrows[k] });
      });
      setAll(through, { d: paths.through });
      for (const name of /** @type {const} */ (["encoder", "decoder"])) {
        const { left, right } = layout.columns[name];
        setAll(words[name], { x: (left + right) / 2, y: layout.bottom + (isWide ? 20 : 44) });
      }
    },
    /** @param {Gradients | null} norms */
    update(norms) {
      const { encoder, decoder } = norms?.reconstruction ?? { encoder: 0, decoder: 0 };
      const kl = norms?.kl.encoder ?? 0;
      const largest = Math.max(encoder, decoder, kl, 1e-9);
      const widest = isWide ? THICK : THICK / 2;
      /** @param {SVGPathElement[]} paths @param {number} norm */
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
    /** @param {Gradients | null} norms */
    tell(norms) {
      const texts = norms ? normsInWords(norms, isWide) : ["", "", ""];
      [decoderNorm, encoderNorm, klNorm].forEach((node, k) => {
        setWords(node, texts[k]);
      });
    },
  };
}

/** Of decoder and encoder, and what the KL term adds to the latter. @param {Gradients} norms @param {boolean} isWide */
function normsInWords({ reconstruction, kl }, isWide) {
  const name = isWide ? "gradient norm" : "∇";
  const [decoder, encoder] = [size(reconstruction.decoder), size(reconstruction.encoder)];
  return [
    `${name} ${decoder}`,
    `${name} ${encoder}`,
    ` + ${isWide ? "KL " : ""}${size(kl.encoder)}`,
  ];
}

/** Where the arrows run: from term to part, between the third and the fourth row. @param {Layout} layout */
function gradientPaths({ isWide, columns, top, bottom, cards }) {
  const { encoder, q, z, decoder, reconstructions } = columns;
  const middle = (top + bottom) / 2;
  const aside = isWide ? 8 : 5;
  /** @param {Column} from @param {Column} to @param {number} y */
  const back = (from, to, y) => `M${from.left - 2} ${y}H${to.right + 3}`;
  /** @param {number} x @param {number} end */
  const up = (x, end) => (isWide ? `M${x} ${cards.top - 2}V${end}` : "");
  const [above, below] = [middle - aside, middle + aside];
  return {
    arrows: [
      up((reconstructions.left + reconstructions.right) / 2 - 16, bottom + 5),
      back(reconstructions, decoder, above),
      back(decoder, z, above),
      back(z, { left: q.left, right: q.right + 3 }, above),
      back({ left: q.left - 4, right: q.right }, encoder, above),
      up((q.left + q.right) / 2 + 16, bottom + 9),
      back({ left: q.left - 4, right: q.right }, encoder, below),
    ],
    through: [decoder, q, encoder].map(({ left, right }) => `M${right} ${above}H${left}`).join(""),
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
      const thickness = Math.max(4, 0.19 * side);
      const fields = fieldsOf(column);
      ({ half, zero, start } = fields);
      for (const [k, offset] of [-1, 1].entries()) {
        const top = y + offset * 0.75 * thickness - thickness / 2;
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

// words, numbers and knobs, beside the parts

/**
 * @param {ReturnType<typeof import("./live_knobs.js").createKnobs>} knobs
 * @param {ReturnType<typeof import("./live_knobs.js").createModelKnobs>} modelKnobs
 * @param {(isOn: boolean) => void} ongradients
 */
function createDocks(knobs, modelKnobs, ongradients) {
  const decoderSize = make("span", { class: "vl-size" });
  const encoderSize = make("span", { class: "vl-size" });
  const gradients = createSwitch("show gradients", ongradients);
  const kl = createTerm(
    "KL",
    "kl",
    ["KL(q(z∣x) ‖ p(z))", "divergence of q from the prior"],
    [knobs.klWeight.root],
  );
  const reconstruction = createTerm(
    "Reconstruction",
    "reconstruction",
    ["−log p(x∣z)", "error: how improbable the pixels of x are under x̂"],
    [],
  );
  const loss = createTerm("Loss", "loss", ["", ""], [knobs.learningRate.root]);
  const roots = {
    images: createDock("images", [knobs.trainingDigits.root, knobs.inputDropout.root]),
    encoder: createDock("encoder", [
      box("vl-within-funnel", make("b", {}, "encoder"), encoderSize, modelKnobs.root),
    ]),
    noise: createDock("noise", [knobs.noise.root, make("span", {}, "ε ~ N(0, I)")]),
    decoder: createDock("decoder", [
      box("vl-within-funnel", make("b", {}, "decoder"), decoderSize),
    ]),
    reconstructions: createDock("reconstructions", [
      make("b", {}, "reconstructions"),
      gradients.root,
    ]),
    loss: loss.root,
    kl: kl.root,
    reconstruction: reconstruction.root,
  };
  return {
    roots,
    /** @param {Layout} layout */
    arrange({ docks, cards }) {
      for (const [name, root] of Object.entries(roots)) placeDock(root, docks[name]);
      for (const { root } of [loss, kl, reconstruction]) {
        root.style.height = docks.loss ? `${cards.height}px` : "";
      }
    },
    /** @param {Frame} frame */
    update({ terms, start, knobs: { klWeight } }) {
      setWords(encoderSize, `784 → ${start.hiddenUnits} → μ, σ`);
      setWords(decoderSize, `z → ${start.hiddenUnits} → 784`);
      loss.explain(explainLoss(klWeight));
      kl.show(terms?.kl);
      reconstruction.show(terms?.reconstruction);
      loss.show(terms?.loss);
    },
  };
}

/**
 * In a narrow layout there is no place in the drawing: the dock then stands below it.
 *
 * @param {HTMLElement} root
 * @param {import("./live_layout.js").Dock | undefined} dock
 */
function placeDock({ style }, dock) {
  style.left = dock ? `${dock.left}px` : "";
  style.top = dock ? `${dock.top}px` : "";
  style.width = dock ? `${dock.width}px` : "";
}

/** Formula and meaning of the loss. @param {number} weight of the KL term @returns {[string, string]} */
function explainLoss(weight) {
  if (weight === 0) return ["reconstruction", "the KL term has no weight"];
  if (weight === 1) return ["KL + reconstruction", "the negative ELBO"];
  return [`${weight.toFixed(1)} × KL + reconstruction`, "the loss of a β-VAE"];
}

/** A norm in few letters. @param {number} norm */
function size(norm) {
  if (!Number.isFinite(norm)) return "–";
  return norm >= 100 ? nats(norm).replace(/\.\d$/, "") : norm.toPrecision(2);
}

/** @param {Element} node @param {string} words */
function setWords(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/** @param {string} name @param {Node[]} children */
function createDock(name, children) {
  return box(`vl-dock vl-dock-${name}`, ...children);
}

/**
 * A term of the loss: its name, its value in nats per image, its formula and what it measures,
 * and its knob.
 *
 * @param {string} name
 * @param {string} part
 * @param {[string, string]} explained formula and meaning
 * @param {HTMLElement[]} controls
 */
function createTerm(name, part, [formula, meaning], controls) {
  const value = make("output", { class: "vl-value" }, "–");
  value.setAttribute("aria-live", "off"); // it changes at every step
  const symbols = make("i", { class: "vl-formula" }, formula);
  const formulaLine = box("vl-formula-line", symbols, make("span", {}, "this batch"));
  const words = make("span", {}, meaning);
  const title = make("b", {}, name);
  if (part !== "loss") title.append(make("span", { class: "vl-term" }, " term"));
  const line = box("vl-term-line", title, value, make("span", {}, "nats"));
  return {
    root: box(`vl-card vl-card-${part}`, line, box("vl-meaning", formulaLine, words), ...controls),
    /** @param {number} [amount] */
    show(amount = Number.NaN) {
      setWords(value, nats(amount));
    },
    /** @param {[string, string]} explained formula and meaning */
    explain([newFormula, newMeaning]) {
      setWords(symbols, newFormula);
      setWords(words, newMeaning);
    },
  };
}
