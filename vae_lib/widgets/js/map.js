// @ts-check
// The plane of the code: what lies in it, and a point to move through it.
/** @import { Draw, Point, Posterior, ToPixels, Vae } from "./types.js" */
import { clear, contextOf, drawCross, FONT, haloText, paint } from "./canvas.js";
import { digitCanvas, make } from "./dom.js";
import { arrowStep } from "./keys.js";
import { DIGITS, INK } from "./palette.js";
import { followPointer } from "./pointer.js";
import { clamp, linearScale } from "./scale.js";
import { codeAt } from "./traits.js";
import { decode } from "./vae.js";

const SIZE = 400; // units of the drawing; CSS scales it to the place there is
const REACH = 4; // of a map, in standard deviations of the prior
const STEP = 0.05; // of an arrow key
const LEAP = 0.5; // with Shift

/**
 * A square of the plane in two layers: what lies below is drawn once, what lies above often.
 *
 * @param {string} name
 */
export function createMap(name) {
  const scale = Math.min(globalThis.devicePixelRatio || 1, 3) * 1.5;
  const size = { width: SIZE * scale, height: SIZE * scale };
  const canvas = make("canvas", { ...size, role: "img", "aria-label": name });
  const below = make("canvas", size);
  const root = make("div", { class: "vw-map" }, canvas);
  let view = createView([0, 0], REACH);
  /** @type {Draw} */
  let above = () => {};

  const redraw = () => {
    const context = contextOf(canvas);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(below, 0, 0);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.save();
    above(context, view.toPixels);
    context.restore();
  };
  /** @param {string} spoken @param {Draw} draw */
  const drawBelow = (spoken, draw) => {
    const context = contextOf(below);
    context.setTransform(1, 0, 0, 1, 0, 0);
    clear(below);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    draw(context, view.toPixels);
    if (view.isCentred) drawPrior(context, view.toPixels, view.reach); // a lens shows no circles
    canvas.setAttribute("aria-label", `${name}: ${spoken}`);
    redraw();
  };
  const drawNothing = () => drawBelow("empty, with the prior's circles", () => {});
  drawNothing();
  return {
    root,
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
    drawDigits(
      codes,
      labels,
      spoken = `${labels.length} digits as numerals at their codes`,
      size = 9,
    ) {
      drawBelow(spoken, (context, toPixels) => {
        context.font = `600 ${size}px ${FONT}`;
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
    },
  };
}

/** @param {ArrayLike<number>} center @param {number} reach */
function createView(center, reach) {
  const [x0, y0] = [center[0], center[1]];
  const x = linearScale([x0 - reach, x0 + reach], [0, SIZE]);
  const y = linearScale([y0 - reach, y0 + reach], [SIZE, 0]);
  /** @type {ToPixels} */
  const toPixels = (z) => [x(z[0]), y(z[1])];
  return { reach, toPixels, isCentred: x0 === 0 && y0 === 0 };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ToPixels} toPixels
 * @param {Float32Array} codes
 * @param {Uint8Array} labels
 */
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

/**
 * A grid of decoded images, each at its code.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Vae} vae
 * @param {number} steps
 */
function drawDecoded(context, vae, steps) {
  const tile = digitCanvas({});
  const side = SIZE / steps;
  const middle = linearScale([-0.5, steps - 0.5], [-REACH, REACH]); // of a row or column
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) {
      paint(tile, decode(vae, [middle(column), -middle(row)]));
      context.drawImage(tile, column * side, row * side, side, side);
    }
  }
}

/**
 * The prior's standard deviations as circles, and the names of the axes.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ToPixels} toPixels
 * @param {number} reach
 */
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

/**
 * A point to drag, click or step over a map that shows the whole plane.
 *
 * @param {ReturnType<typeof createMap>} map
 * @param {string} name
 * @param {(z: Point) => void} onmove
 */
export function addPoint(map, name, onmove) {
  const x = linearScale([-REACH, REACH], [0, 1]);
  const y = linearScale([-REACH, REACH], [1, 0]);
  const handle = make("div", {
    class: "vw-handle",
    role: "slider",
    tabindex: 0,
    "aria-roledescription": "point to move",
    "aria-label": `${name}: place`,
    "aria-valuemin": -REACH,
    "aria-valuemax": REACH,
  });
  /** @type {Point} */
  let point = [0, 0];
  /** @param {Point} z */
  const set = (z) => {
    point = z;
    handle.style.left = `${100 * x(z[0])}%`;
    handle.style.top = `${100 * y(z[1])}%`;
    handle.setAttribute("aria-valuenow", z[0].toFixed(2));
    handle.setAttribute("aria-valuetext", `z1 ${z[0].toFixed(2)}, z2 ${z[1].toFixed(2)}`);
  };
  /** @param {Point} z */
  const move = (z) => {
    set([clamp(z[0], -REACH, REACH), clamp(z[1], -REACH, REACH)]);
    onmove(point);
  };
  /** @param {PointerEvent} event */
  const follow = (event) => {
    const { left, top, width, height } = map.root.getBoundingClientRect();
    const [right, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
    move([x.invert(right), y.invert(down)]);
  };
  let before = point; // where it was when the drag began
  followPointer(map.root, {
    begin(event) {
      handle.focus({ preventScroll: true });
      before = point;
      follow(event);
    },
    move: follow,
    end() {},
    undo: () => move(before),
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

/**
 * A small map around a posterior, wide enough for three of its standard deviations.
 *
 * @param {Float32Array} codes
 * @param {Uint8Array} labels
 */
export function createLens(codes, labels) {
  const map = createMap("Around it");
  const caption = make("figcaption");
  const root = make("figure", { class: "vw-lens" }, map.root, caption);
  /** @param {Posterior | null} posterior @param {Draw} draw */
  const show = (posterior, draw = () => {}) => {
    root.classList.toggle("vw-hidden", !posterior);
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
  return { root, show };
}

/**
 * A posterior: one and two standard deviations, and its mean.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ToPixels} toPixels
 * @param {Posterior} posterior
 */
export function drawEllipse(context, toPixels, { mean, logVar }) {
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
