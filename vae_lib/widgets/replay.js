// The training, epoch by epoch: the map, the loss curve with a marker, four reconstructions.
import { array, button, imageAt, make, picture, root, slider, tell } from "./dom.js";
import { createMap } from "./map.js";

const PAUSE = 500; // milliseconds an epoch

export function renderReplay({ model, el }) {
  const codes = array(model.get("codes")), labels = array(model.get("labels"), Uint8Array);
  const pictures = array(model.get("pictures"), Uint8Array), originals = array(model.get("images"), Uint8Array);
  const losses = model.get("losses"), validation = model.get("val_losses"), epochs = losses.length;
  const shown = pictures.length / 784 / epochs;
  const map = createMap("Latent space in training");
  const rebuilt = Array.from({ length: shown }, (_, k) => picture(`digit ${k + 1}`, 64));
  const real = Array.from({ length: originals.length / 784 }, (_, k) => picture(`original ${k + 1}`, 64));
  real.forEach((one, k) => one.show(imageAt(originals, k), "original", `original ${k + 1}`));
  const curve = make("canvas", { class: "vw-plot", width: 560, height: 300, role: "img" });
  const draw = () => {
    const epoch = model.get("epoch"), each = codes.length / epochs;
    track.set(epoch);
    map.drawDigits(codes.subarray(each * (epoch - 1), each * epoch), labels, `${labels.length} validation digits after epoch ${epoch}`);
    rebuilt.forEach((one, k) => one.show(imageAt(pictures, shown * (epoch - 1) + k), "rebuilt", `reconstruction ${k + 1} after epoch ${epoch}`));
    drawCurves(curve, { training: losses, validation }, epoch);
  };
  const go = (epoch) => tell(model)("epoch", epoch);
  const track = slider("Epoch", { min: 1, max: epochs, step: 1, value: 1 }, go, (epoch) => `${epoch} of ${epochs}`);
  let timer = null;
  const play = button("Play", () => (timer ? stop() : start()), { "aria-pressed": "false" });
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  const start = () => {
    if (model.get("epoch") === epochs) go(1);
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => (model.get("epoch") < epochs ? go(model.get("epoch") + 1) : stop()), PAUSE);
  };
  model.on("change:epoch", draw);
  draw();
  el.append(root("Replay of a training", make("div", { class: "vw-line" }, play, track.root),
    make("div", { class: "vw-row" }, make("div", { class: "vw-grow" }, map.root),
      make("div", { class: "vw-column" }, curve,
        make("div", { class: "vw-line" }, ...real.map((one) => one.root)),
        make("div", { class: "vw-line" }, ...rebuilt.map((one) => one.root))))));
  return stop;
}

function drawCurves(canvas, curves, epoch) {
  const context = canvas.getContext("2d"), { width, height } = canvas, [left, top, right, bottom] = [90, 20, 20, 60];
  const values = Object.values(curves).flat(), epochs = curves.validation.length;
  const low = Math.min(...values), high = Math.max(...curves.validation, curves.training[Math.min(1, epochs - 1)]);
  const x = (e) => left + ((width - left - right) * (e - 1)) / Math.max(1, epochs - 1);
  const y = (v) => top + ((height - top - bottom) * (high - Math.min(v, high))) / (high - low || 1);
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.font = "22px system-ui, sans-serif";
  context.fillStyle = "#333";
  context.fillText(`${Math.round(high)}`, 30, top + 14);
  context.fillText(`${Math.round(low)}`, 30, height - bottom);
  context.fillText("nats", 30, (height - bottom + top) / 2 + 6);
  context.fillText(`epoch 1 to ${epochs}`, width / 2 - 50, height - 14);
  for (const [name, dash, color, drop] of [["training", [], "#286aab", 0], ["validation", [10, 6], "#a65f03", 26]]) {
    context.setLineDash(dash);
    context.lineWidth = 4;
    context.strokeStyle = context.fillStyle = color;
    context.beginPath();
    curves[name].forEach((value, k) => context.lineTo(x(k + 1), y(value)));
    context.stroke();
    context.fillText(`${name} ${curves[name][epoch - 1].toFixed(1)}`, width / 2, top + 20 + drop);
  }
  context.setLineDash([]);
  context.lineWidth = 2;
  context.strokeStyle = context.fillStyle = "black";
  context.beginPath();
  context.moveTo(x(epoch), top);
  context.lineTo(x(epoch), height - bottom);
  context.stroke();
  context.beginPath();
  context.arc(x(epoch), y(curves.validation[epoch - 1]), 8, 0, 2 * Math.PI);
  context.fill();
  canvas.setAttribute("aria-label", `Loss curves; after epoch ${epoch}: training ${curves.training[epoch - 1].toFixed(1)}, `
    + `validation ${curves.validation[epoch - 1].toFixed(1)} nats per image`);
}
