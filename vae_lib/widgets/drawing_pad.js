// Draw a digit: framed as MNIST was, encoded, placed on the map, rebuilt, judged and voted on, all in the browser.
import { array, button, imageAt, make, paint, picture, root, slider, tell } from "./dom.js";
import { frame } from "./frame.js";
import { createLens, createMap, drawEllipse } from "./map.js";
import { decode, encode, elboTerms, nearest, normals, unpackWeights } from "./vae.js";

const SHEET = 280; // pixels of the drawing, ten a pixel of MNIST's
const DOT = SHEET / 8; // ink with no side longer than this is a dot
const VOTERS = 15, SAMPLES = 8; // neighbours asked, codes drawn for the reconstruction term
const RARE = 97, SURE = 0.7; // percentile from which a drawing is strange; share of votes that names a digit

export function renderDrawingPad({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const reference = unpackWeights(model.get("reference_weights"), model.get("reference_layers"));
  const scale = model.get("reference_scale"), referenceCodes = new Float32Array(array(model.get("reference_codes"), Int8Array)).map((code) => code * scale);
  const referenceLabels = array(model.get("reference_labels"), Uint8Array);
  const dim = referenceCodes.length / referenceLabels.length;
  const losses = array(model.get("loss_percentiles")), excesses = array(model.get("above_floor_percentiles"));
  const map = createMap("Where the drawing lies");
  const codes = array(model.get("codes")), labels = array(model.get("labels"), Uint8Array), lens = createLens(codes, labels);
  map.drawDigits(codes, labels);
  const seen = picture("what the model sees", 84), rebuilt = picture("rebuilt from its code", 160);
  const verdict = make("p", { class: "vw-verdict", "aria-live": "polite" }), words = make("p", { class: "vw-words" });
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const fill = make("i"), count = make("b", {}, "0");
    return { root: make("div", { class: "vw-bar" }, make("span", {}, String(digit)), make("div", {}, fill), count), fill, count };
  });
  const vote = make("div", { class: "vw-votes", role: "img" }, ...bars.map((bar) => bar.root));

  const show = ({ image, posterior, text, says, votes = Array(10).fill(0), doubt = true }) => {
    seen.show(image, image ? "what the model sees: MNIST's frame" : "nothing to see yet");
    rebuilt.show(posterior && decode(vae, posterior.mean), posterior ? "rebuilt from its code" : "nothing to rebuild");
    map.drawOver((context, toPixels) => posterior && drawEllipse(context, toPixels, posterior));
    lens.show(posterior);
    verdict.textContent = says;
    words.textContent = text ?? "";
    vote.classList.toggle("vw-doubt", doubt);
    votes.forEach((count, digit) => {
      bars[digit].fill.style.width = `${(100 * count) / VOTERS}%`;
      bars[digit].count.textContent = count;
    });
    vote.setAttribute("aria-label", `Votes of the ${VOTERS} nearest digits: `
      + (votes.some(Boolean) ? votes.map((count, digit) => (count ? `${count} for ${digit}` : "")).filter(Boolean).join(", ") : "none"));
  };

  const read = (image) => {
    const posterior = encode(vae, image), finer = encode(reference, image);
    const { reconstruction, kl } = elboTerms(vae, image, posterior, normals(SAMPLES, 2, 1));
    const neighbours = nearest(referenceCodes, dim, finer.mean, VOTERS), votes = Array(10).fill(0);
    for (const { row } of neighbours) votes[referenceLabels[row]]++;
    const cost = elboTerms(reference, image, finer, normals(SAMPLES, dim, 2)), excess = cost.reconstruction + cost.kl - floor(image);
    const percentile = rank(losses, reconstruction + kl), strange = rank(excesses, excess);
    const best = votes.indexOf(Math.max(...votes)), share = votes[best] / VOTERS;
    const says = strange >= RARE ? "The model has rarely seen anything like it: no digit is named."
      : share >= SURE ? `It reads a ${best}.` : `It is not sure: perhaps a ${best}.`;
    show({ image, posterior, votes, says, doubt: strange >= RARE || share < SURE,
      text: `Reconstruction ${reconstruction.toFixed(0)} + KL ${kl.toFixed(1)} = ${(reconstruction + kl).toFixed(0)} nats: `
        + `more than ${percentile}% of test digits cost. The voting model, with ${dim} numbers a code, finds it stranger than ${strange}% of them.` });
    model.set("image", new DataView(Uint8Array.from(image, (ink) => Math.round(255 * ink)).buffer));
    model.set("reading", { z_mean: [...posterior.mean], z_log_var: [...posterior.logVar], reconstruction, kl, percentile,
      strange, votes, digit: strange < RARE && share >= SURE ? best : null });
    model.save_changes();
  };
  const refuse = (says) => {
    show({ image: null, says });
    tell(model)("reading", {});
  };

  const sheet = createSheet((ink) => {
    const framed = frame(ink(), SHEET, SHEET);
    if (!framed) refuse("Draw a digit from 0 to 9.");
    else if (framed.side < DOT) refuse("That is a dot. Draw larger.");
    else read(framed.image);
  });
  const thick = slider("Line width", { min: 10, max: 40, step: 2, value: 24 }, sheet.setWidth, (width) => `${(width / 10).toFixed(1)} px`);
  const fromPython = () => {
    const image = array(model.get("image"), Uint8Array);
    if (image.length !== 784) return;
    sheet.showImage(imageAt(image, 0));
    read(imageAt(image, 0));
  };
  model.on("change:shown", fromPython);
  const arrow = (word) => make("div", { class: "vw-arrow", "aria-hidden": "true" }, make("span", {}, word), make("b", {}, "→"));
  el.append(root("Drawing pad",
    make("div", { class: "vw-sentence" },
      make("div", { class: "vw-column" }, make("h3", {}, "your drawing"), sheet.root,
        make("div", { class: "vw-line" }, button("Undo", sheet.undo), button("Clear", sheet.clear)), thick.root, seen.root),
      arrow("encoder"),
      make("div", { class: "vw-column vw-grow" }, make("h3", {}, "its place on the map"), map.root, lens.root),
      arrow("decoder"),
      make("div", { class: "vw-column" }, make("h3", {}, "its reconstruction"),
        rebuilt.root, verdict, vote, words))));
  refuse("Draw a digit from 0 to 9.");
  if (model.get("shown")) fromPython();
}

/** Entropy of the grey pixels: what even a perfect decoder pays. */
function floor(image) {
  return image.reduce((sum, x) => (x > 0 && x < 1 ? sum - x * Math.log(x) - (1 - x) * Math.log(1 - x) : sum), 0);
}

/** In which percent of the test digits the value is smaller: percentiles holds the 0th to the 100th. */
export function rank(percentiles, value) {
  return Math.max(0, percentiles.findLastIndex((bound) => bound < value));
}

/** A sheet for pen, finger, mouse and keys; onstroke(ink) after each stroke, undo and clear. */
function createSheet(onstroke) {
  const canvas = make("canvas", { class: "vw-sheet", width: SHEET, height: SHEET, tabindex: 0, role: "application",
    "aria-roledescription": "drawing sheet", "aria-label":
      "Drawing sheet. Arrow keys move the pen, with Shift farther; space bar puts it down and lifts it." });
  const status = make("span", { class: "vw-hint", "aria-live": "polite" });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let strokes = [], width = 24, pen = { x: SHEET / 2, y: SHEET / 4, down: false, shown: false }, backdrop = null;

  const redraw = (withPen = true) => {
    context.fillStyle = "white";
    context.fillRect(0, 0, SHEET, SHEET);
    if (backdrop) context.drawImage(backdrop, 0, 0, SHEET, SHEET);
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) {
      context.lineWidth = stroke.width;
      context.strokeStyle = "black";
      context.beginPath();
      context.moveTo(...stroke.points[0]);
      for (const [x, y] of stroke.points) context.lineTo(x + 0.01, y); // a line of no length would leave no mark
      context.stroke();
    }
    if (!withPen || !pen.shown) return;
    context.beginPath();
    context.arc(pen.x, pen.y, 9, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = pen.down ? "#ac001e" : "#286aab";
    context.stroke();
  };
  const ink = () => {
    redraw(false);
    const { data } = context.getImageData(0, 0, SHEET, SHEET);
    redraw();
    return Float32Array.from({ length: SHEET * SHEET }, (_, k) => 1 - data[4 * k] / 255);
  };
  const done = () => { redraw(); onstroke(ink); };
  const begin = (point) => { backdrop = null; strokes.push({ width, points: [point] }); redraw(); };
  const extend = (point) => { strokes.at(-1).points.push(point); redraw(); };
  const at = (event) => {
    const { left, top, width: shown } = canvas.getBoundingClientRect();
    return [((event.clientX - left) * SHEET) / shown, ((event.clientY - top) * SHEET) / shown];
  };
  canvas.onpointerdown = (event) => {
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    pen.shown = false;
    begin(at(event));
    canvas.onpointermove = (move) => (move.getCoalescedEvents?.() ?? []).concat(move).forEach((one) => extend(at(one)));
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (canvas.onpointermove) done();
    canvas.onpointermove = null;
  };
  canvas.onkeydown = (event) => {
    const step = event.shiftKey ? 28 : 7;
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.key === " ") {
      pen.down = !pen.down;
      if (pen.down) begin([pen.x, pen.y]);
      else done();
      status.textContent = pen.down ? "The pen is down." : "The pen is up.";
    } else if (ways[event.key]) {
      const [x, y] = [pen.x, pen.y].map((value, k) => Math.min(SHEET, Math.max(0, value + ways[event.key][k])));
      Object.assign(pen, { x, y });
      if (pen.down) extend([x, y]);
    } else return;
    pen.shown = true;
    event.preventDefault();
    redraw();
  };
  canvas.onblur = () => {
    if (pen.down) done();
    pen.down = pen.shown = false;
    redraw();
  };
  redraw();
  return {
    root: make("div", {}, canvas, status),
    undo: () => { backdrop = null; strokes.pop(); done(); },
    clear: () => { backdrop = null; strokes = []; done(); },
    setWidth: (value) => (width = value),
    showImage: (image) => {
      strokes = [];
      backdrop = make("canvas", { width: 28, height: 28 });
      paint(backdrop, image);
      redraw();
    },
  };
}
