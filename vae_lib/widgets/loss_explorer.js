// The KL of one latent, by hand; and what the KL's weight did to models that were really trained.
import { array, imageAt, make, picture, root, slider, tell } from "./dom.js";
import { createMap } from "./map.js";

const MEANS = [-3, 3], LOG_VARS = [-5, 2]; // ranges of the two sliders and of the surface
const LEVELS = [0.1, 0.5, 1, 2, 3, 4, 5, 7];

export function renderLossExplorer({ model, el }) {
  const densities = make("canvas", { class: "vw-plot", width: 720, height: 400, role: "img" });
  const surface = make("canvas", { class: "vw-plot", width: 480, height: 400, role: "img" });
  const words = make("p", { class: "vw-words", "aria-live": "polite" });
  const move = () => {
    const [mean, logVar] = [model.get("mean"), model.get("log_var")], kl = klOf(mean, logVar);
    means.set(mean);
    logVars.set(logVar);
    drawDensities(densities, mean, logVar);
    drawSurface(surface, mean, logVar);
    words.textContent = `KL = ½ (mean² + variance − 1 − log-variance) = ½ (${(mean ** 2).toFixed(2)} + ${Math.exp(logVar).toFixed(2)}`
      + ` − 1 − (${logVar.toFixed(1).replace("-", "−")})) = ${kl.toFixed(2)} nats: the dark area less the striped one.`;
    surface.setAttribute("aria-label", `The KL over mean and log-variance, zero at (0, 0); the dot is at ${kl.toFixed(2)} nats`);
    densities.setAttribute("aria-label", `Prior and posterior of one latent: mean ${mean}, width ${Math.exp(logVar / 2).toFixed(2)}`);
  };
  const set = (name) => (value) => tell(model)(name, value);
  const means = slider("Mean", { min: MEANS[0], max: MEANS[1], step: 0.1, value: 0 }, set("mean"), (v) => v.toFixed(1));
  const logVars = slider("Log-variance", { min: LOG_VARS[0], max: LOG_VARS[1], step: 0.1, value: 0 }, set("log_var"), (v) => v.toFixed(1));
  model.on("change:mean", move);
  model.on("change:log_var", move);
  el.append(root("Loss explorer", make("div", { class: "vw-line" }, means.root, logVars.root),
    make("div", { class: "vw-plots" }, densities, surface), words, weightExplorer(model, set("choice"))));
  move();
}

/** What came of each weight: the map, digits drawn from the prior, both terms. */
function weightExplorer(model, choose) {
  const weights = model.get("kl_weights"), terms = model.get("terms"), last = weights.length - 1;
  const codes = array(model.get("codes")), labels = array(model.get("labels"), Uint8Array);
  const samples = array(model.get("samples"), Uint8Array), shown = samples.length / 784 / weights.length;
  const map = createMap("Validation digits under this weight");
  const drawn = Array.from({ length: shown }, (_, k) => picture(`sample ${k + 1}`, 60));
  const words = make("p", { class: "vw-words", "aria-live": "polite" });
  const draw = () => {
    const chosen = model.get("choice"), each = codes.length / weights.length;
    const own = codes.subarray(each * chosen, each * (chosen + 1));
    const [reconstruction, kl] = terms[chosen];
    track.set(chosen);
    const sizes = own.map(Math.abs).sort();
    map.setView([0, 0], Math.max(4, Math.ceil(sizes[Math.floor(0.99 * sizes.length)])));
    map.drawDigits(own, labels);
    drawn.forEach((one, k) => one.show(imageAt(samples, shown * chosen + k), "", `sample ${k + 1} under weight ${weights[chosen]}`));
    words.textContent = `Weight ${weights[chosen]}: reconstruction ${reconstruction.toFixed(1)} + KL ${kl.toFixed(1)} nats per image. `
      + "Below, digits drawn from the prior.";
  };
  const track = slider("Weight of the KL", { min: 0, max: last, step: 1, value: 0 }, choose, (k) => `${weights[k]}`);
  model.on("change:choice", draw);
  draw();
  return make("div", { class: "vw-row" }, make("div", { class: "vw-grow" }, map.root),
    make("div", { class: "vw-column" }, track.root, words, make("div", { class: "vw-line" }, ...drawn.map((one) => one.root))));
}

export const klOf = (mean, logVar) => 0.5 * (mean ** 2 + Math.exp(logVar) - 1 - logVar);

const density = (z, mean, logVar) => Math.exp(-0.5 * ((z - mean) ** 2 / Math.exp(logVar) + logVar + Math.log(2 * Math.PI)));

/** Prior, posterior, and q log(q / p), whose area is the KL: dark where it adds, striped where it takes away. */
function drawDensities(canvas, mean, logVar) {
  const context = canvas.getContext("2d"), { width, height } = canvas, ground = 0.7 * height;
  const x = (z) => (width * (z + 5)) / 10, sigma = Math.exp(logVar / 2);
  const grid = Array.from({ length: 801 }, (_, k) => -5 + k / 80);
  const gap = (z) => density(z, mean, logVar) * (density(z, mean, logVar) > 1e-30
    ? Math.log(density(z, mean, logVar)) - Math.log(density(z, 0, 0)) : 0);
  const tallest = Math.max(0.45, density(mean, mean, logVar), ...grid.map(gap));
  const unit = (0.92 * ground) / tallest, y = (value) => ground - Math.max(-0.27 * height, unit * value);
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  const area = (value, fill) => {
    context.beginPath();
    context.moveTo(x(-5), ground);
    for (const z of grid) context.lineTo(x(z), y(value(z)));
    context.lineTo(x(5), ground);
    context.fillStyle = fill;
    context.fill();
  };
  const stripes = make("canvas", { width: 8, height: 8 }), pen = stripes.getContext("2d");
  pen.fillStyle = "#a65f03";
  pen.fillRect(0, 0, 3, 8);
  area((z) => density(z, 0, 0), "rgba(40, 106, 171, 0.3)");
  area((z) => Math.max(0, gap(z)), "rgba(60, 60, 60, 0.55)");
  area((z) => Math.min(0, gap(z)), context.createPattern(stripes, "repeat"));
  context.beginPath();
  for (const z of grid) context.lineTo(x(z), y(density(z, mean, logVar)));
  context.lineWidth = 4;
  context.strokeStyle = "#ac001e";
  context.setLineDash(sigma ? [12, 7] : []);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = "#333";
  context.fillRect(0, ground, width, 2);
  context.font = "20px system-ui, sans-serif";
  for (const [text, color, row] of [["prior (filled)", "#286aab", 0], ["posterior (dashed)", "#ac001e", 1], ["q log(q/p) (dark, striped)", "#333", 2]]) {
    context.fillStyle = color;
    context.fillText(text, 12, 26 + 26 * row);
  }
  for (let z = -4; z <= 4; z += 2) {
    context.fillStyle = "#333";
    context.fillText(String(z).replace("-", "−"), x(z) - 6, height - 8);
  }
}

/** Bands of equal KL over mean and log-variance, and a dot at the present place. */
function drawSurface(canvas, mean, logVar) {
  const context = canvas.getContext("2d"), { width, height } = canvas, pixels = context.createImageData(width, height);
  const band = (value) => LEVELS.filter((level) => level < value).length;
  const at = (column, row) => klOf(MEANS[0] + ((MEANS[1] - MEANS[0]) * column) / width, LOG_VARS[1] + ((LOG_VARS[0] - LOG_VARS[1]) * row) / height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const own = band(at(column, row)), edge = own !== band(at(column + 1, row)) || own !== band(at(column, row + 1));
      const grey = edge ? 60 : 250 - 14 * own;
      pixels.data.set([grey - (edge ? 0 : 10 * own), grey, edge ? 60 : 255, 255], 4 * (row * width + column));
    }
  context.putImageData(pixels, 0, 0);
  context.font = "20px system-ui, sans-serif";
  context.fillStyle = "black";
  context.fillText("mean −3 to 3 →", 8, height - 10);
  context.fillText("log-variance −5 to 2 ↑", 8, 24);
  const [x, y] = [(width * (mean - MEANS[0])) / (MEANS[1] - MEANS[0]), (height * (LOG_VARS[1] - logVar)) / (LOG_VARS[1] - LOG_VARS[0])];
  for (const [radius, fill] of [[12, "white"], [9, "#ac001e"]]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
  }
}
