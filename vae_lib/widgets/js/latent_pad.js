// @ts-check
// The latent pad: a point on the map, decoded here in the browser as it moves.
/** @import { MapTraits, Model, Point } from "./types.js" */
import { box, choice, eachFrame, liveWords, make, picture, place, root } from "./dom.js";
import { addPoint, createMap } from "./map.js";
import { describeRarity } from "./prior.js";
import { imageAt, readDigits, setter } from "./traits.js";
import { decode, nearest, unpackWeights } from "./vae.js";

const NAME = "Latent space";
const HINT = "Drag or click; arrow keys step, with Shift they leap, Home returns to the middle.";

/** @typedef {MapTraits & { z: Point }} Traits */

/** @param {{ model: Model<Traits>, el: HTMLElement }} props */
function render({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const { codes, labels, images } = readDigits(model);
  const decoded = picture("decoded");
  const real = picture("nearest test digit");
  const words = liveWords("vw-words");

  /** @param {Point} z */
  const look = (z) => {
    decoded.show(decode(vae, z), `decoded from ${place(z)}`);
    const [{ row, distance }] = nearest(codes, 2, z);
    real.canvas.dataset.row = String(row);
    const caption = `nearest test digit: a ${labels[row]}, ${distance.toFixed(2)} away`;
    real.show(imageAt(images, row), caption);
    words.textContent = describeRarity(z);
  };
  const set = setter(model);
  const send = eachFrame((/** @type {Point} */ z) => set("z", z));
  const map = createMap(NAME);
  const point = addPoint(map, NAME, (z) => {
    look(z);
    send(z);
  });
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
        "vw-row",
        box("vw-grow", map.root, background),
        box("vw-column", decoded.root, real.root, words, make("p", { class: "vw-hint" }, HINT)),
      ),
    ),
  );
}

export default { render };
