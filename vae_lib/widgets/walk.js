// From one digit to another: along a line in the latent space, and by fading one picture into the other.
import { array, imageAt, make, picker, picture, place, root, slider, tell } from "./dom.js";
import { createMap, drawCross } from "./map.js";
import { decode, unpackWeights } from "./vae.js";

export function renderWalk({ model, el }) {
  const vae = unpackWeights(model.get("weights"), model.get("layers"));
  const codes = array(model.get("codes")), labels = array(model.get("labels"), Uint8Array);
  const images = array(model.get("images"), Uint8Array);
  const map = createMap("Walk"), decoded = picture("decoded on the way"), faded = picture("cross-fade of the pixels");
  const code = (index) => [...codes.subarray(2 * index, 2 * index + 2)];
  const draw = () => {
    const [start, end, t] = [model.get("start"), model.get("end"), model.get("t")];
    const z = code(start).map((value, k) => (1 - t) * value + t * code(end)[k]);
    const [a, b] = [imageAt(images, start), imageAt(images, end)];
    from.mark(start);
    to.mark(end);
    way.set(t);
    decoded.show(decode(vae, z), `decoded from ${place(z)}`);
    faded.show(a.map((ink, k) => (1 - t) * ink + t * b[k]), `${Math.round(100 * (1 - t))}% one picture, ${Math.round(100 * t)}% the other`);
    map.drawOver((context, toPixels) => {
      for (const [width, color] of [[6, "white"], [2.5, "black"]]) {
        context.beginPath();
        context.moveTo(...toPixels(code(start)));
        context.lineTo(...toPixels(code(end)));
        context.lineWidth = width;
        context.strokeStyle = color;
        context.stroke();
      }
      const [x, y] = toPixels(z);
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.fillStyle = "white";
      context.fill();
      context.lineWidth = 2.5;
      context.stroke();
      drawCross(context, [x, y], 5);
    });
  };
  const set = tell(model);
  const from = picker("From", images, labels, (index) => set("start", index));
  const to = picker("to", images, labels, (index) => set("end", index));
  const way = slider("Way", { min: 0, max: 1, step: 0.02, value: 0 }, (t) => set("t", t), (t) => `${Math.round(100 * t)}%`);
  for (const name of ["start", "end", "t"]) model.on(`change:${name}`, draw);
  map.drawDigits(codes, labels);
  draw();
  el.append(root("Walk between two digits", from.root, to.root, way.root,
    make("div", { class: "vw-row" }, make("div", { class: "vw-grow" }, map.root),
      make("div", { class: "vw-column" }, decoded.root, faded.root))));
}
