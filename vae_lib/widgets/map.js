// The plane of the code: what lies in it, and a point to move through it.
import { COLORS, make, paint } from "./dom.js";
import { decode } from "./vae.js";

const SIZE = 400; // units of the drawing; CSS scales it to the place there is
const STEP = 0.05, LEAP = 0.5; // of the arrow keys, in standard deviations of the prior

/**
 * A square from -reach to reach in both codes.
 *
 * @param onmove called with [z1, z2] while the point moves; without it there is no point to move.
 * @returns root; setView(center, reach) for what is drawn next; drawDigits, drawManifold, drawNothing for what lies below; drawOver(context, toPixels)
 *   for what lies above; setPoint(z).
 */
export function createMap(name, { reach = 4, onmove = null } = {}) {
  let center = [0, 0];
  const setView = (middle, half) => ([center, reach] = [middle, half]);
  const scale = Math.min(globalThis.devicePixelRatio || 1, 3) * 1.5;
  const canvas = make("canvas", { width: SIZE * scale, height: SIZE * scale, role: "img", "aria-label": name });
  const root = make("div", { class: "vw-map" }, canvas);
  const below = make("canvas", { width: canvas.width, height: canvas.height });
  const toPixels = (z) => [(SIZE / 2) * (1 + (z[0] - center[0]) / reach), (SIZE / 2) * (1 - (z[1] - center[1]) / reach)];
  let over = () => {};

  const redraw = () => {
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(below, 0, 0);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.save();
    over(context, toPixels);
    context.restore();
  };
  const drawBelow = (draw, spoken) => {
    const context = below.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = "white";
    context.fillRect(0, 0, SIZE, SIZE);
    draw(context);
    if (!center[0] && !center[1]) drawPrior(context, toPixels, reach); // a lens shows no circles
    canvas.setAttribute("aria-label", `${name}: ${spoken}`);
    redraw();
  };
  const drawNothing = () => drawBelow(() => {}, "empty, with the prior's circles");
  const drawDigits = (codes, labels, spoken = `${labels.length} digits as numerals at their codes`, size = 9) =>
    drawBelow((context) => {
      context.font = `600 ${size}px system-ui, sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      labels.forEach((label, k) => {
        const [x, y] = toPixels(codes.subarray(2 * k, 2 * k + 2));
        if (x < 0 || y < 0 || x > SIZE || y > SIZE) return;
        context.fillStyle = COLORS[label % 10];
        context.fillText(label, x, y);
      });
    }, spoken);
  const drawManifold = (vae, steps = 20) =>
    drawBelow((context) => {
      const tile = make("canvas", { width: 28, height: 28 }), side = SIZE / steps;
      for (let row = 0; row < steps; row++)
        for (let column = 0; column < steps; column++) {
          const at = (k) => ((2 * k + 1) / steps - 1) * reach;
          paint(tile, decode(vae, [at(column), -at(row)]));
          context.drawImage(tile, column * side, row * side, side, side);
        }
    }, `${steps} by ${steps} decoded digits, each at its code`);

  const handle = make("div", { class: "vw-handle", role: "slider", tabindex: 0, "aria-roledescription": "point to move",
    "aria-label": `${name}: place`, "aria-valuemin": -reach, "aria-valuemax": reach });
  const setPoint = (z) => {
    const [x, y] = toPixels(z);
    handle.style.left = `${(100 * x) / SIZE}%`;
    handle.style.top = `${(100 * y) / SIZE}%`;
    handle.setAttribute("aria-valuenow", z[0].toFixed(2));
    handle.setAttribute("aria-valuetext", `z1 ${z[0].toFixed(2)}, z2 ${z[1].toFixed(2)}`);
    root.z = z;
  };
  if (onmove) {
    const move = (z) => {
      const inside = [...z].map((value) => Math.min(reach, Math.max(-reach, value)));
      setPoint(inside);
      onmove(inside);
    };
    const follow = (event) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      move([(2 * (event.clientX - left)) / width - 1, 1 - (2 * (event.clientY - top)) / height].map((u) => u * reach));
    };
    root.onpointerdown = (event) => {
      event.preventDefault(); // no text is marked, and the focus stays ours to give
      root.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      follow(event);
      root.onpointermove = follow;
    };
    root.onpointerup = root.onpointercancel = () => (root.onpointermove = null);
    handle.onkeydown = (event) => {
      const step = event.shiftKey ? LEAP : STEP;
      const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
      if (event.key === "Home") move([0, 0]);
      else if (ways[event.key]) move(root.z.map((value, k) => value + ways[event.key][k]));
      else return;
      event.preventDefault();
    };
    root.append(handle);
    setPoint([0, 0]);
  }
  drawNothing();
  return { root, handle, setPoint, setView, drawDigits, drawManifold, drawNothing, drawOver: (draw) => { over = draw; redraw(); } };
}

/** A small map around a posterior, wide enough for three of its standard deviations: show(posterior, draw). */
export function createLens(codes, labels) {
  const map = createMap("Around it"), caption = make("figcaption", {});
  const root = make("figure", { class: "vw-lens" }, map.root, caption);
  const show = (posterior, draw = () => {}) => {
    root.classList.toggle("vw-hidden", !posterior);
    if (!posterior) return;
    const reach = 3 * Math.exp(0.5 * Math.max(...posterior.logVar));
    map.setView(posterior.mean, reach);
    map.drawDigits(codes, labels, "the posterior, magnified", 26);
    map.drawOver((context, toPixels) => {
      drawEllipse(context, toPixels, posterior);
      draw(context, toPixels);
    });
    caption.textContent = `magnified ${Math.round(4 / reach)} times`;
  };
  return { root, show };
}

/** A posterior: one and two standard deviations, and its mean. */
export function drawEllipse(context, toPixels, { mean, logVar }) {
  const [x, y] = toPixels(mean), [x1, y1] = toPixels([mean[0] + Math.exp(0.5 * logVar[0]), mean[1] + Math.exp(0.5 * logVar[1])]);
  for (const width of [2, 1]) {
    context.beginPath();
    context.ellipse(x, y, width * Math.abs(x1 - x), width * Math.abs(y1 - y), 0, 0, 2 * Math.PI);
    context.fillStyle = "rgba(0, 0, 0, 0.18)";
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = "black";
    context.stroke();
  }
  drawCross(context, [x, y]);
}

/** A mark that can be told from any numeral: a white-rimmed cross. */
export function drawCross(context, [x, y], size = 6) {
  for (const [width, color] of [[5, "white"], [2, "black"]]) {
    context.beginPath();
    context.moveTo(x - size, y);
    context.lineTo(x + size, y);
    context.moveTo(x, y - size);
    context.lineTo(x, y + size);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
}

function drawPrior(context, toPixels, reach) {
  context.lineWidth = 1;
  context.strokeStyle = "rgba(0, 0, 0, 0.35)";
  context.setLineDash([3, 4]);
  for (let radius = 1; radius <= Math.min(3, reach); radius++) {
    const [x, y] = toPixels([0, 0]), [edge] = toPixels([radius, 0]);
    context.beginPath();
    context.arc(x, y, edge - x, 0, 2 * Math.PI);
    context.stroke();
  }
  context.setLineDash([]);
  context.font = "12px system-ui, sans-serif";
  context.fillStyle = "#333";
  const words = [[`z₁ →  ${reach}`, SIZE - 6, SIZE / 2 - 6, "right"], [`z₂ ↑  ${reach}`, SIZE / 2 + 6, 14, "left"]];
  for (const [text, x, y, align] of words) {
    context.textAlign = align;
    context.textBaseline = "alphabetic";
    context.lineWidth = 3;
    context.strokeStyle = "white";
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
}

