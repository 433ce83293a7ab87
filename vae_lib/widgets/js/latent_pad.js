// @ts-check
// The latent pad: a point on the map, decoded here in the browser as it moves.
/** @import { MapTraits, Model, Point } from "./types.js" */
import {
  box,
  choice,
  eachFrame,
  heading,
  liveWords,
  make,
  number,
  picture,
  place,
  root,
  slider,
} from "./dom.js";
import { drawThread, funnel } from "./funnel.js";
import { addPoint, createMap, REACH } from "./map.js";
import { DECODER } from "./palette.js";
import { describeRarity } from "./prior.js";
import { imageAt, readDigits, setter } from "./traits.js";
import { decode, nearest, unpackWeights } from "./vae.js";

const NAME = "Latent space";
const STEP = 0.05; // of the sliders
const HINT =
  "Drag the point or click. Arrow keys step, with Shift they leap; Home goes to (0, 0). " +
  "Circles: 1, 2 and 3 standard deviations σ of the prior.";

/** @typedef {MapTraits & { z: Point }} Traits */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const { codes, labels, images } = readDigits(model);
  const decoded = picture("decoded");
  const words = liveWords("vw-words");
  const way = funnel("decoder", ["2", "784"], ["z"]);
  const real = picture("nearest handwritten digit", 76);

  /** @param {Point} z */
  const look = (z) => {
    sliders.forEach((one, k) => {
      one.set(z[k]);
    });
    decoded.show(decode(vae, z), `decoded from z = ${place(z)}`);
    const [{ row, distance }] = nearest(codes, 2, z);
    real.canvas.dataset.row = String(row);
    const caption = `nearest handwritten digit: a ${labels[row]}, at a distance of ${distance.toFixed(2)}`;
    real.show(imageAt(images, row), caption);
    words.textContent = describeRarity(z);
    map.drawAbove(
      () => {},
      z,
      (context, view) => {
        const isAcross = getComputedStyle(way).display !== "none";
        if (isAcross) drawThread(context, view.toPixels(z), [view.width, view.y(0)], DECODER);
      },
    );
  };
  const set = setter(model);
  const send = eachFrame((/** @type {Point} */ z) => set("z", z));
  const map = createMap(NAME);
  const point = addPoint(map, NAME, (z) => {
    look(z);
    send(z);
  });
  const range = { min: -REACH, max: REACH, step: STEP, value: 0 };
  const sliders = ["z₁", "z₂"].map((name, k) =>
    slider(name, range, (value) => point.move(replaced(point.get(), k, value)), twoDecimals),
  );
  const follow = () => {
    point.set(model.get("z"));
    look(model.get("z"));
  };
  model.on("change:z", () => {
    const isOurs = String(model.get("z")) === String(point.get());
    if (!isOurs) follow();
  });

  const backgrounds = {
    digits: () => map.drawDigits(codes, labels),
    manifold: () => map.drawManifold(vae),
    nothing: () => map.drawNothing(),
  };
  const names = /** @type {(keyof typeof backgrounds)[]} */ (Object.keys(backgrounds));
  const background = choice("Show", names, "digits", (name) => backgrounds[name]());
  backgrounds.digits();
  follow();
  el.append(
    root(
      "Latent pad",
      box(
        "vw-pad",
        box(
          "vw-pad-controls",
          heading("Two numbers", "z"),
          ...sliders.map((one) => one.root),
          words,
          background,
          make("p", { class: "vw-hint" }, HINT),
        ),
        box("vw-part vw-part-map", heading("Latent space"), map.root),
        way,
        box("vw-part vw-part-out", heading("Decoded image", "x̂"), decoded.root),
        box("vw-pad-nearest", real.root),
      ),
    ),
  );
}

/**
 * The point with another coordinate.
 *
 * @param {Point} point
 * @param {number} index
 * @param {number} value
 * @returns {Point}
 */
function replaced([z1, z2], index, value) {
  return index === 0 ? [value, z2] : [z1, value];
}

/** @param {number} value */
function twoDecimals(value) {
  return number(value, 2);
}

export default { render };
