// @ts-check
// What two models say of a drawing: a vote on its class, the loss and its two terms, and how unusual
// it is among real digits.
import { addAsShown, box, liveWords, make } from "./dom.js";
import { onGround } from "./palette.js";
import { NEIGHBOURS, RARE } from "./reading.js";

/** @typedef {ReturnType<typeof import("./reading.js").readDrawing>} Reading */

/** The reference set that votes. @typedef {{ count: number, dim: number }} Voters */

/** @param {Voters} voters */
export function createReport(voters) {
  const vote = createVoteCard(voters);
  const loss = createLossCard();
  const score = createScoreCard(voters);
  return {
    root: box("vw-report", vote.root, loss.root, score.root),
    /** @param {Reading} reading */
    show(reading) {
      vote.show(reading.sentence, reading.votes, reading.digit);
      loss.show(reading);
      score.show(reading.oodPercentile);
    },
    /** @param {string} sentence */
    refuse(sentence) {
      vote.show(sentence, Array(10).fill(0), null);
      loss.show(null);
      score.show(null);
    },
  };
}

/** @param {string} part @param {(Node | string)[]} children */
function card(part, ...children) {
  return make("section", { class: `vw-card vw-card-${part}` }, ...children);
}

/** A card's heading, and what it is computed with. @param {string} words @param {string} tag */
function cardHeading(words, tag) {
  return make("h4", { class: "vw-card-heading" }, words, make("span", { class: "vw-tag" }, tag));
}

/** @param {Voters} voters */
function createVoteCard({ count, dim }) {
  const digit = make("output", { class: "vw-digit-named", "aria-hidden": "true" });
  const verdict = liveWords("vw-verdict");
  const votes = createVotes();
  const how =
    `Votes of the ${NEIGHBOURS} nearest of ${count.toLocaleString("en")} labelled codes. ` +
    "The training used no label.";
  return {
    root: card(
      "vote",
      cardHeading("Classification", `a separate model, ${dim} latent dimensions`),
      box("vw-card-line", verdict, digit),
      votes.root,
      make("p", { class: "vw-words" }, how),
    ),
    /** @param {string} sentence @param {number[]} counts @param {number | null} named */
    show(sentence, counts, named) {
      verdict.textContent = sentence;
      digit.textContent = named === null ? "" : String(named);
      if (named !== null) digit.style.color = onGround(named);
      votes.show(counts, named === null);
    },
  };
}

function createLossCard() {
  const [loss, reconstruction, kl] = [make("b"), make("b"), make("b")];
  const words = make("p", { class: "vw-words" });
  const gauge = createGauge(["lowest", "among the test digits", "highest"]);
  /** @param {string} part @param {string} name @param {HTMLElement} value */
  const term = (part, name, value) =>
    make("div", { class: `vw-term vw-term-${part}` }, value, make("span", {}, name));
  /** @param {string} symbol */
  const sign = (symbol) => make("span", { class: "vw-sign" }, symbol);
  return {
    root: card(
      "loss",
      make("h4", {}, "Loss (negative ELBO), in nats"),
      box(
        "vw-sum",
        term("loss", "loss", loss),
        sign("="),
        term("reconstruction", "reconstruction", reconstruction),
        sign("+"),
        term("kl", "KL", kl),
      ),
      gauge.root,
      words,
    ),
    /** @param {Reading | null} reading */
    show(reading) {
      const shown = reading ? addAsShown(reading.reconstruction, reading.kl) : ["–", "–", "–"];
      [reconstruction.textContent, kl.textContent, loss.textContent] = shown;
      gauge.show(reading?.percentile ?? null);
      const rank = reading ? ` ${reading.percentile}% of the test digits have a lower loss.` : "";
      words.textContent = `Lower is better.${rank}`;
    },
  };
}

/** Its score among validation digits, and from where on no digit is named. @param {Voters} voters */
function createScoreCard({ dim }) {
  const value = make("b");
  const gauge = createGauge(["like most digits", "", "unlike any digit"], {
    from: RARE,
    words: `from ${RARE}%: no digit is named`,
  });
  const how =
    "How far its code lies from those of real digits, and the drawing from its reconstruction, " +
    `with ${dim} latent dimensions.`;
  return {
    root: card(
      "score",
      make("h4", {}, "Out-of-distribution score"),
      box("vw-term", value, make("span", {}, "of the validation digits have a lower score")),
      gauge.root,
      make("p", { class: "vw-words" }, how),
    ),
    /** @param {number | null} percentile */
    show(percentile) {
      value.textContent = percentile === null ? "–" : `${percentile}%`;
      gauge.show(percentile);
    },
  };
}

/**
 * A strip from 0 to 100 percent with a pointer, which nobody can drag; and where refusal begins.
 *
 * @param {string[]} scale words under its left end, its middle and its right end
 * @param {{ from: number, words: string }} [refusal]
 */
function createGauge(scale, refusal) {
  const mark = make("i");
  const line = box("vw-gauge", mark);
  const words = box("vw-scale", ...scale.map((one) => make("span", {}, one)));
  const root = make("div", { class: "vw-rank", "aria-hidden": "true" }, line, words);
  if (refusal) {
    line.append(make("s", { style: `left: ${refusal.from}%` }));
    root.prepend(make("span", { class: "vw-refusal" }, refusal.words));
  }
  return {
    root,
    /** @param {number | null} percent */
    show(percent) {
      mark.hidden = percent === null;
      mark.style.left = `${percent ?? 0}%`;
    },
  };
}

/** A bar a digit. */
function createVotes() {
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const fill = make("i", { style: `background-color: ${onGround(digit)}` });
    const count = make("b", {}, "0");
    const bar = box("vw-bar", count, box("vw-bar-track", fill), make("span", {}, String(digit)));
    return { root: bar, fill, count };
  });
  const attributes = { class: "vw-votes", role: "img" };
  const root = make("div", attributes, ...bars.map((bar) => bar.root));
  /** @param {number[]} votes @param {boolean} doubt */
  const show = (votes, doubt) => {
    root.classList.toggle("vw-doubt", doubt);
    votes.forEach((count, digit) => {
      bars[digit].root.classList.toggle("vw-none", count === 0);
      bars[digit].fill.style.height = `${(100 * count) / NEIGHBOURS}%`;
      bars[digit].count.textContent = String(count);
    });
    const spoken = describeVotes(votes) || "none";
    root.setAttribute("aria-label", `Votes of the ${NEIGHBOURS} nearest digits: ${spoken}`);
  };
  return { root, show };
}

/** @param {number[]} votes */
function describeVotes(votes) {
  return votes
    .map((count, digit) => ({ count, digit }))
    .filter(({ count }) => count > 0)
    .map(({ count, digit }) => `${count} for ${digit}`)
    .join(", ");
}
