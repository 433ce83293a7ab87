// @ts-check
// What other models say of a drawing: a vote on its class, and how unusual it is among real digits.
// They are not the model that is pictured, so they have a section of their own.
import { box, heading, liveWords, make } from "./dom.js";
import { createGauge } from "./gauge.js";
import { onGround } from "./palette.js";
import { NEIGHBOURS, RARE } from "./reading.js";

/** @typedef {ReturnType<typeof import("./reading.js").readDrawing>} Reading */

/** The reference set that votes. @typedef {{ count: number, dim: number }} ReferenceSet */

/** @param {ReferenceSet} reference */
export function createReport(reference) {
  const vote = createVote(reference);
  const score = createScore();
  const what =
    "Two dimensions keep too little of a digit to classify it. These answers come from two other VAEs " +
    `with ${reference.dim} latent dimensions each.`;
  return {
    root: make(
      "section",
      { class: "vw-report" },
      box(
        "vw-report-heading",
        heading("Two other models: is it a digit, and which?"),
        make("p", { class: "vw-words" }, what),
      ),
      vote.root,
      score.root,
    ),
    /** @param {Reading} reading */
    show(reading) {
      vote.show(reading.sentence, reading.votes, reading.digit);
      score.show(reading.oodPercentile);
    },
    /** @param {string} sentence */
    refuse(sentence) {
      vote.show(sentence, Array(10).fill(0), null);
      score.show(null);
    },
  };
}

/** @param {ReferenceSet} reference */
function createVote({ count }) {
  const digit = make("output", { class: "vw-digit-named", "aria-hidden": "true" });
  const verdict = liveWords("vw-verdict");
  const votes = createVotes();
  const how =
    `Votes of the ${NEIGHBOURS} nearest of ${count.toLocaleString("en")} labelled codes. ` +
    "The training used no label.";
  return {
    root: box(
      "vw-vote",
      make("h4", {}, "Classification"),
      box("vw-named", digit, verdict),
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

/** Its score among validation digits, and from where on no digit is named. */
function createScore() {
  const value = make("b");
  const gauge = createGauge(["like most digits", "", "unlike any digit"], {
    from: RARE,
    words: `from ${RARE}%: no digit is named`,
  });
  const how =
    "The score is high where the code lies far from those of real digits, and the drawing from its " +
    "reconstruction.";
  return {
    root: box(
      "vw-score",
      make("h4", {}, "Out-of-distribution score"),
      box("vw-share", value, make("span", {}, " of the validation digits have a lower score.")),
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
