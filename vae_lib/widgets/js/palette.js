// @ts-check
// The series' colours: the same file serves vae_lib.plots. Digits and lines stand out from white
// paper by 3 to 1, which is enough for marks; words are in ink.
import palette from "../../palette.json" with { type: "json" };

export const DIGITS = palette.digits.light; // one a class; a map's paper is white in every theme
const IN_THE_DARK = palette.digits.dark;
/** A class' colour on the ground of the page, whose theme may be dark. @param {number} digit */
export const onGround = (digit) => `light-dark(${DIGITS[digit]}, ${IN_THE_DARK[digit]})`;
export const INK = palette.ink;
export const TRAINING = palette.lines[0];
export const VALIDATION = palette.lines[1];
export const PRIOR = palette.lines[0];
export const POSTERIOR = palette.lines[3];
export const TAKEN_AWAY = palette.lines[1]; // the stripes: where the density q log(q/p) is negative
export const PEN_UP = palette.accent;
export const PEN_DOWN = palette.lines[6];
// the parts of the model, as vae_lib/plots/schematic.py draws them
export const ENCODER = palette.lines[0];
export const NOISE = palette.lines[1];
export const DECODER = palette.lines[2];
export const LATENT = palette.lines[4];
export const INK_TINT = `${INK}1f`; // an eighth of it
export const GREY = palette.grey;
export const RULE = palette.rule;
export const FAINT = palette.faint;
