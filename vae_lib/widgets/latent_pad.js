// The latent pad: a point on the map, decoded here in the browser as it moves.
import { array, choice, eachFrame, imageAt, make, picture, place, root, tell } from "./dom.js";
import { createMap } from "./map.js";
import { decode, nearest, unpackWeights } from "./vae.js";

export function renderLatentPad({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const codes = array(model.get("codes")), labels = array(model.get("labels"), Uint8Array);
  const images = array(model.get("images"), Uint8Array);
  const decoded = picture("decoded"), real = picture("nearest test digit");
  const words = make("p", { class: "vw-words", "aria-live": "polite" });
  const send = eachFrame((z) => tell(model)("z", [...z]));
  const look = (z) => {
    decoded.show(decode(vae, z), `decoded from ${place(z)}`);
    const [{ row, distance }] = nearest(codes, 2, z);
    real.canvas.dataset.row = row;
    real.show(imageAt(images, row), `nearest test digit: a ${labels[row]}, ${distance.toFixed(2)} away`);
    words.textContent = rarity(z);
  };
  const map = createMap("Latent space", { onmove: (z) => { look(z); send(z); } });
  const below = {
    digits: () => map.drawDigits(codes, labels),
    manifold: () => map.drawManifold(vae),
    nothing: map.drawNothing,
  };
  const background = choice("Show", Object.keys(below), "digits", (word) => below[word]());
  const follow = () => {
    map.setPoint(model.get("z"));
    look(model.get("z"));
  };
  model.on("change:z", () => { if (String(model.get("z")) !== String(map.root.z)) follow(); });
  below.digits();
  follow();
  el.append(root("Latent pad",
    make("div", { class: "vw-row" },
      make("div", { class: "vw-grow" }, map.root, background),
      make("div", { class: "vw-column" }, decoded.root, real.root, words,
        make("p", { class: "vw-hint" }, "Drag or click; arrow keys step, with Shift they leap, Home returns to the middle.")))));
}

/** How far out a place is: the share of the prior's draws that lie farther out, exp(-r²/2) in two dimensions. */
export function rarity(z) {
  const beyond = Math.exp(-(z[0] ** 2 + z[1] ** 2) / 2);
  if (beyond > 0.995) return "The middle: every draw from the prior lies farther out.";
  if (beyond >= 0.01) return `${Math.round(100 * beyond)} of 100 draws from the prior lie farther out.`;
  return `Empty country: only 1 in ${Math.round(1 / beyond).toLocaleString("en")} draws from the prior lies farther out.`;
}
