// @ts-check
// Five guided experiments: what to set, what to do, and, when asked, what to notice.
/** @import { Knobs } from "./live.js" */
import { box, button, make } from "./dom.js";

/** What all experiments start from; each changes some of it. @type {Partial<Knobs>} */
const PLAIN = { klWeight: 1, noise: true, inputDropout: 0 };

/**
 * @typedef {{
 *   chip: string, title: string, task: string, knobs: Partial<Knobs>, notice: string
 * }} Experiment
 */

/**
 * The numbers are of runs of ten epochs from seed 0 on 5,000 of MNIST's digits.
 *
 * @type {Experiment[]}
 */
export const EXPERIMENTS = [
  {
    chip: "plain autoencoder",
    title: "A plain autoencoder",
    knobs: { klWeight: 0, noise: false },
    task: "The KL weight is 0 and the noise is off. Train for ten epochs, and look at the latent space and at the samples from the prior.",
    notice:
      "The digits are reconstructed about as well as by a VAE, but nothing keeps their codes near the prior: they spread, and the map has to widen. A code drawn from the prior now often lies where no digit was encoded, so many samples are no digits. In our run on 5,000 of MNIST's digits, 423 of the 500 validation codes lay beyond three standard deviations of the prior; in the usual training it was 70.",
  },
  {
    chip: "KL weight 8",
    title: "A KL weight of 8",
    knobs: { klWeight: 8 },
    task: "A difference between q(z∣x) and the prior now adds eight times as much to the loss. Train for ten epochs, and look at the latent space and at σ.",
    notice:
      "The map shrinks toward the middle and σ grows, so the codes of different digits overlap more and the reconstructions become blurred. In our run no validation code lay beyond three standard deviations; the KL term was 2.4 nats instead of 5.6, and the reconstruction term 167 nats instead of 156. If q(z∣x) became equal to the prior for every image, this would be called posterior collapse.",
  },
  {
    chip: "KL term without noise",
    title: "The KL term without noise",
    knobs: { noise: false },
    task: "The KL weight is 1, but z is now the mean μ itself. Train for ten epochs, and look at σ beside its dashed mark.",
    notice:
      "Without noise, σ has no influence on the reconstruction. Only the KL term depends on it, and this term is smallest where σ is 1: therefore all bars of σ grow to the prior's mark. The KL term is small as a result, but it says nothing any more about how precise the codes are.",
  },
  {
    chip: "one hundred digits",
    title: "One hundred digits",
    knobs: { trainingDigits: 100 },
    task: "Only the first 100 training digits are used. Train until 20,000 images have been seen, and compare the solid curves with the dashed ones.",
    notice:
      "The training loss keeps falling while the validation loss rises: the model is overfitting. In our run the training loss fell from 212 nats, as the mean over the first 5,000 images, to 135 nats at 20,000, while the validation loss rose from 195 to 205 nats.",
  },
  {
    chip: "huge learning rate",
    title: "A huge learning rate",
    knobs: { learningRate: 1 },
    task: "The learning rate is 1. Press “one step” a few times, and watch the loss.",
    notice:
      "At each step Adam changes every weight by up to about the learning rate, and 1 is far more than the size of the weights themselves. In our run the loss was no longer a number after four steps. Then reset, train for two epochs as usual, and set the learning rate to 0.1: nothing overflows, but the loss jumped to about 1,000 nats in our run, and three epochs later it was still far above where it had been.",
  },
];

/**
 * A row of buttons. Each sets up its experiment and says what to do; what to notice is said on
 * request.
 *
 * @param {(knobs: Partial<Knobs>, words: string) => void} setUp
 */
export function createExperiments(setUp) {
  /** The knobs that no experiment names: as they were at first. @type {Partial<Knobs>} */
  let usual = {};
  const task = createTask(() => {
    show(null);
    setUp({ ...usual, ...PLAIN }, "The usual settings again. Press play.");
  });
  const chips = EXPERIMENTS.map((experiment) =>
    button(experiment.chip, () => {
      show(experiment);
      setUp({ ...usual, ...PLAIN, ...experiment.knobs }, `Set up: ${experiment.task}`);
    }),
  );
  /** @param {Experiment | null} shown */
  const show = (shown) => {
    EXPERIMENTS.forEach((experiment, k) => {
      chips[k].setAttribute("aria-pressed", String(experiment === shown));
    });
    task.show(shown);
  };
  const row = box("vl-chips", make("h4", {}, "Try an experiment:"), ...chips);
  row.setAttribute("role", "group");
  row.setAttribute(
    "aria-label",
    "Experiments: each moves the knobs and starts from an untrained model",
  );
  const root = box("vl-experiments", row, task.root);
  show(null);
  return {
    root,
    /** @param {Knobs} knobs of the first frame */
    begin({ learningRate, trainingDigits }) {
      usual = { learningRate, trainingDigits };
    },
  };
}

/** The experiment that is set up, in words. @param {() => void} onend */
function createTask(onend) {
  const title = make("b");
  const task = make("span");
  const notice = make("p");
  const details = make("details", {}, make("summary", {}, "What to notice"), notice);
  const end = button("Usual settings", onend);
  const root = box("vl-task", make("p", {}, title, " ", task), end, details);
  return {
    root,
    /** @param {Experiment | null} experiment */
    show(experiment) {
      root.hidden = !experiment;
      if (!experiment) return;
      title.textContent = `${experiment.title}.`;
      task.textContent = experiment.task;
      notice.textContent = experiment.notice;
      details.open = false;
    },
  };
}
