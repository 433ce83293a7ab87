// @ts-check
// From one digit to another: along a line in the latent space, and by fading one picture into the other.
/** @import { MapTraits, Model, Point } from "./types.js" */
import { drawCross, drawDot, haloLines } from "./canvas.js";
import { box, picker, picture, place, root, slider } from "./dom.js";
import { createMap } from "./map.js";
import { codeAt, imageAt, readDigits, setter } from "./traits.js";
import { decode, unpackWeights } from "./vae.js";

/** @typedef {MapTraits & { start: number, end: number, t: number }} Traits */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const digits = readDigits(model);
  const { codes, labels, images } = digits;
  const map = createMap("Walk");
  const decoded = picture("decoded on the way");
  const faded = picture("cross-fade of the pixels");

  const draw = () => {
    const [start, end, t] = [model.get("start"), model.get("end"), model.get("t")];
    const z = mix(codeAt(codes, start), codeAt(codes, end), t);
    from.mark(start);
    to.mark(end);
    way.set(t);
    decoded.show(decode(vae, z), `decoded from ${place(z)}`);
    faded.show(
      mix(imageAt(images, start), imageAt(images, end), t),
      `${percent(1 - t)} one picture, ${percent(t)} the other`,
    );
    map.drawAbove((context, toPixels) => {
      const ends = [toPixels(codeAt(codes, start)), toPixels(codeAt(codes, end))];
      haloLines(context, [ends], { halo: 6, width: 2.5 });
      drawTraveller(context, toPixels(z));
    });
  };
  const set = setter(model);
  const from = picker("From", digits, (index) => set("start", index));
  const to = picker("to", digits, (index) => set("end", index));
  const range = { min: 0, max: 1, step: 0.02, value: 0 };
  const way = slider("Way", range, (t) => set("t", t), percent);
  for (const name of ["start", "end", "t"]) model.on(`change:${name}`, draw);
  map.drawDigits(codes, labels);
  draw();
  el.append(
    root(
      "Walk between two digits",
      from.root,
      to.root,
      way.root,
      box("vw-row", box("vw-grow", map.root), box("vw-column", decoded.root, faded.root)),
    ),
  );
}

/** @param {Float32Array} start @param {Float32Array} end @param {number} t */
function mix(start, end, t) {
  return start.map((value, k) => (1 - t) * value + t * end[k]);
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(100 * share)}%`;
}

/** @param {CanvasRenderingContext2D} context @param {Point} point */
function drawTraveller(context, point) {
  drawDot(context, point, 9, "white");
  context.lineWidth = 2.5;
  context.strokeStyle = "black";
  context.stroke();
  drawCross(context, point, 5);
}

export default { render };
