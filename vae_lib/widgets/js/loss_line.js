// @ts-check
// The loss of a drawing under the model that is pictured, as a sum in one line, the names below the
// numbers; how it ranks, on request.
import { addAsShown, box, make } from "./dom.js";
import { createGauge } from "./gauge.js";

/** @typedef {{ reconstruction: number, kl: number, percentile: number }} Loss */

export function createLossLine() {
  const [loss, reconstruction, kl] = [make("b"), make("b"), make("b")];
  const rank = make("p", { class: "vw-words" });
  const gauge = createGauge(["lowest", "among the test digits", "highest"]);
  /** @param {string} part @param {string} name @param {HTMLElement} value */
  const term = (part, name, value) =>
    make("div", { class: `vw-term vw-term-${part}` }, value, make("span", {}, name));
  /** @param {string} symbol */
  const sign = (symbol) => make("span", { class: "vw-sign" }, symbol);
  const sum = box(
    "vw-sum",
    term("loss", "loss", loss),
    sign("="),
    term("reconstruction", "reconstruction", reconstruction),
    sign("+"),
    term("kl", "KL", kl),
    make("span", { class: "vw-unit" }, "nats"),
  );
  const meaning = make(
    "p",
    { class: "vw-lower-is-better" },
    "loss: the negative ELBO; lower is better",
  );
  const more = make(
    "details",
    { class: "vw-more" },
    make("summary", {}, "Compare with the test digits"),
    rank,
    gauge.root,
  );
  return {
    root: box("vw-loss", sum, meaning, more),
    /** @param {Loss | null} reading */
    show(reading) {
      const shown = reading ? addAsShown(reading.reconstruction, reading.kl) : ["", "", ""];
      [reconstruction.textContent, kl.textContent, loss.textContent] = shown;
      gauge.show(reading?.percentile ?? null);
      rank.textContent = describe(reading?.percentile ?? null);
    },
  };
}

/** @param {number | null} percentile */
function describe(percentile) {
  return percentile === null ? "" : `${percentile}% of the test digits have a lower loss.`;
}
