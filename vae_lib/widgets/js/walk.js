// @ts-check
// From one digit to another: along a line in the latent space, and by fading one picture into the
// other.
/** @import { MapTraits, Model, Point } from "./types.js" */
import { drawDot, haloLines, paint } from "./canvas.js";
import { box, digitCanvas, heading, make, picker, picture, place, root, slider } from "./dom.js";
import { drawMarker } from "./lens.js";
import { createMap } from "./map.js";
import { codeAt, imageAt, readDigits, setter } from "./traits.js";
import { decode, unpackWeights } from "./vae.js";

const STEPS = 11; // pictures of each way

/** @typedef {MapTraits & { start: number, end: number, t: number }} Traits */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const digits = readDigits(model);
  const { codes, labels, images } = digits;
  const map = createMap("Walk");
  const decoded = picture("decoded on the way");
  const faded = picture("cross-fade of the pixels");
  const films = [
    createFilm("Along the line in the latent space: each z decoded"),
    createFilm("Cross-fade of the two pictures: pixel by pixel"),
  ];

  const drawFilms = () => {
    const [start, end] = [model.get("start"), model.get("end")];
    const ends = [codeAt(codes, start), codeAt(codes, end)];
    const pictures = [imageAt(images, start), imageAt(images, end)];
    films[0].draw((t) => decode(vae, mix(ends[0], ends[1], t)));
    films[1].draw((t) => mix(pictures[0], pictures[1], t));
  };
  const draw = () => {
    const [start, end, t] = [model.get("start"), model.get("end"), model.get("t")];
    const z = mix(codeAt(codes, start), codeAt(codes, end), t);
    from.mark(start);
    to.mark(end);
    way.set(t);
    for (const film of films) film.mark(t);
    decoded.show(decode(vae, z), `decoded from z = ${place(z)}`);
    faded.show(
      mix(imageAt(images, start), imageAt(images, end), t),
      `${percent(1 - t)} of the one, ${percent(t)} of the other`,
    );
    const ends = [codeAt(codes, start), codeAt(codes, end)];
    map.drawAbove(
      (context, { toPixels }) => drawMarker(context, toPixels(z)),
      z,
      (context, { toPixels }) => drawLine(context, ends.map(toPixels)),
    );
  };
  const set = setter(model);
  const from = picker("From", digits, (index) => set("start", index));
  const to = picker("to", digits, (index) => set("end", index));
  const range = { min: 0, max: 1, step: 0.02, value: 0 };
  const way = slider("Way", range, (t) => set("t", t), percent);
  for (const name of ["start", "end"]) model.on(`change:${name}`, drawFilms);
  for (const name of ["start", "end", "t"]) model.on(`change:${name}`, draw);
  map.drawDigits(codes, labels);
  drawFilms();
  draw();
  el.append(
    root(
      "Walk between two digits",
      box(
        "vw-walk",
        box("vw-column vw-part-pick", heading("Two digits"), from.root, to.root),
        box("vw-column vw-part-map", heading("Latent space"), map.root),
        box(
          "vw-column vw-part-pictures",
          box(
            "vw-pair",
            box("vw-column", heading("In the latent space"), decoded.root),
            box("vw-column", heading("Between the pixels"), faded.root),
          ),
          way.root,
        ),
      ),
      ...films.map((film) => film.root),
    ),
  );
}

/**
 * The line between two codes, and a ring at each.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} ends
 */
function drawLine(context, ends) {
  haloLines(context, [ends], { halo: 6, width: 2.5 });
  for (const end of ends) {
    drawDot(context, end, 5, "black");
    drawDot(context, end, 2.5, "white");
  }
}

/** A row of pictures from the start to the end of a way. @param {string} name */
function createFilm(name) {
  const pictures = Array.from({ length: STEPS }, () => digitCanvas({ "aria-hidden": "true" }));
  const strip = make("div", { class: "vw-film", role: "img", "aria-label": name }, ...pictures);
  const root = make("figure", {}, make("figcaption", {}, name), strip);
  const last = STEPS - 1;
  return {
    root,
    /** @param {(t: number) => ArrayLike<number>} imageOf */
    draw(imageOf) {
      pictures.forEach((one, k) => {
        paint(one, imageOf(k / last));
      });
    },
    /** @param {number} t */
    mark(t) {
      pictures.forEach((one, k) => {
        one.classList.toggle("vw-here", k === Math.round(t * last));
      });
    },
  };
}

/** @param {Float32Array} start @param {Float32Array} end @param {number} t */
function mix(start, end, t) {
  return start.map((value, k) => (1 - t) * value + t * end[k]);
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(100 * share)}%`;
}

export default { render };
