// One digit's posterior on the map, and draws from it: the reparameterisation, made visible.
import { array, button, imageAt, make, picker, picture, place, root, tell } from "./dom.js";
import { createLens, createMap, drawCross, drawEllipse } from "./map.js";
import { decode, elboTerms, normals, sample, unpackWeights } from "./vae.js";

const DRAWS = 8;

export function renderPosterior({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const means = array(model.get("codes")), logVars = array(model.get("log_vars"));
  const labels = array(model.get("labels"), Uint8Array), images = array(model.get("images"), Uint8Array);
  const posteriorOf = (index) => ({
    mean: means.subarray(2 * index, 2 * index + 2),
    logVar: logVars.subarray(2 * index, 2 * index + 2),
  });
  const map = createMap("Posterior"), original = picture("test digit", 96), middle = picture("decoded mean", 96);
  const lens = createLens(means, labels);
  const draws = Array.from({ length: DRAWS }, () => picture("draw", 56));
  const words = make("p", { class: "vw-words", "aria-live": "polite" });
  const draw = () => {
    const index = model.get("index"), posterior = posteriorOf(index), image = imageAt(images, index);
    const epsilons = normals(DRAWS, 2, model.get("seed")), codes = epsilons.map((e) => sample(posterior, e));
    chooser.mark(index);
    original.show(image, `test digit ${index}, a ${labels[index]}`);
    middle.show(decode(vae, posterior.mean), "its mean, decoded");
    draws.forEach((one, k) => one.show(decode(vae, codes[k]), `${k + 1}`, `draw ${k + 1}, decoded from ${place(codes[k])}`));
    map.drawOver((context, toPixels) => drawEllipse(context, toPixels, posterior));
    lens.show(posterior, (context, toPixels) => {
      codes.forEach((z, k) => {
        const [x, y] = toPixels(z);
        drawCross(context, [x, y], 7);
        context.font = "bold 26px system-ui, sans-serif";
        context.lineWidth = 5;
        context.strokeStyle = "white";
        context.strokeText(k + 1, x + 9, y - 9);
        context.fillStyle = "black";
        context.fillText(k + 1, x + 9, y - 9);
      });
    });
    const width = posterior.logVar.map((value) => Math.exp(0.5 * value));
    const { reconstruction, kl } = elboTerms(vae, image, posterior, epsilons);
    words.textContent = `z = ${place(posterior.mean)} + ${place(width)} · ε. Draw 1: ε = ${place(epsilons[0])}, so z = `
      + `${place(codes[0])}. Reconstruction ${reconstruction.toFixed(1)} nats (mean of the draws), KL ${kl.toFixed(1)} nats.`;
  };
  const set = tell(model);
  const chooser = picker("Test digit", images, labels, (index) => set("index", index));
  const again = button("New noise", () => set("seed", model.get("seed") + 1));
  model.on("change:index", draw);
  model.on("change:seed", draw);
  map.drawDigits(means, labels);
  draw();
  el.append(root("Posterior of a test digit", chooser.root,
    make("div", { class: "vw-row" }, make("div", { class: "vw-grow" }, map.root),
      make("div", { class: "vw-column" },
        make("div", { class: "vw-line" }, original.root, middle.root, lens.root),
        make("div", { class: "vw-line" }, ...draws.map((one) => one.root)), again, words))));
}
