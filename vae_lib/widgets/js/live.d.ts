// What the live training's view and its two engines say to each other. The engine is a Web Worker
// (trainer_worker.js) on the page, and Python (vae_lib.live) in a notebook; the view is the same.

/** Settings that act while the model trains. */
export type Knobs = {
  klWeight: number; // 0 to 8; 1 gives the ELBO
  learningRate: number; // Adam's
  noise: boolean; // false: z is the mean, and with a KL weight of 0 the model is an autoencoder
  inputDropout: number; // share of the pixels that the encoder sees as 0
  trainingDigits: number; // the first so many of the training digits are used
};

/** Settings of a new model. */
export type Start = {
  seed: number; // of the initial weights, the order of images and the noise
  hiddenUnits: number; // width of the hidden layers
  activation: "tanh" | "relu" | "gelu";
};

/** What the view asks of an engine. */
export type Command =
  | { action: "play" | "pause" | "step" | "epoch" } // one step, or up to the end of the epoch
  | { action: "reset"; start: Start } // a new, untrained model; the knobs stay
  | { action: "set"; knobs: Partial<Knobs> }
  | { action: "resample" } // other codes from the prior
  | { action: "pace"; slow: boolean } // slow: four steps a second, to be followed by eye
  | { action: "shown"; frame: number }; // the view has drawn this frame: the next may come

/** Means over images, in nats per image; loss is reconstruction + klWeight * kl. */
export type Terms = { loss: number; reconstruction: number; kl: number };

/** A point of the curves: after so many images seen. */
export type Measured = {
  images: number;
  training: Terms; // mean over the batches since the last point
  validation: Terms;
  accuracy: number; // k-NN: share of validation digits classified correctly by their codes
};

/** Norms of the gradient of the loss, by the term it comes from and the part it reaches. */
export type Gradients = {
  reconstruction: { decoder: number; encoder: number };
  kl: { encoder: number }; // of the weighted term
};

/** Everything there is to see at one moment. An engine sends no more frames than are shown. */
export type Frame = {
  frame: number; // counts up; "shown" gives it back
  run: number; // counts resets: what an earlier run sent late is dropped
  state: "idle" | "training" | "paused" | "invalid"; // idle: nothing trained yet
  words: string; // one sentence when the state is "invalid", else empty
  epoch: number; // with its fraction
  images: number; // seen since the reset
  rate: number; // images a second, of training alone; 0 when it stands still
  terms: Terms | null; // of the last batch
  gradients: Gradients | null; // of the last batch
  measured: Measured[]; // points that are new since the last frame
  codes: Float32Array | null; // z_mean of the validation digits, two numbers each; null: as before
  batch: {
    // a few training images, in the order of their thumbnails
    inputs: Uint8Array; // what the encoder sees, 784 a digit: with dropped pixels
    zMean: Float32Array; // two numbers a digit, as the next three
    zLogVar: Float32Array;
    epsilon: Float32Array; // zeros without noise
    z: Float32Array;
    reconstructions: Uint8Array; // decoded from z
  };
  samples: Uint8Array | null; // decoded from codes of the prior, 784 each; null: as before
  knobs: Knobs;
  start: Start;
};

/** What does not change: sent once, before the first frame. */
export type Setting = {
  labels: Uint8Array; // of the validation digits
  digits: number; // training digits there are
  offers: ("seed" | "hiddenUnits" | "activation")[]; // which of Start a reset can change
};

export type Engine = {
  send(command: Command): void;
  /** The listener gets the setting once, then frames; an engine that died says why in words. */
  listen(listener: {
    setting(setting: Setting): void;
    frame(frame: Frame): void;
    failed(words: string): void;
  }): void;
  close(): void;
};
