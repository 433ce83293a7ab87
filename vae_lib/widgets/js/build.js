// @ts-check
// Joins the modules: a file a widget in ../static, and page.js for the page with no kernel.
// Usage: npm run build, or node vae_lib/widgets/js/build.js FOLDER to write elsewhere.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import palette from "../../palette.json" with { type: "json" };
import { compileTile } from "./compile_tile.js";

const WIDGETS = [
  "drawing_pad",
  "latent_pad",
  "live_training",
  "loss_explorer",
  "posterior",
  "postal_code",
  "replay",
  "sliders",
  "walk",
];
const SOURCES = fileURLToPath(new URL(".", import.meta.url));
const NOTE = "Built by `npm run build` from vae_lib/widgets/js: change that.";
const COLORS = `.vae-widget {
  --vw-accent: ${palette.accent};
  --vw-grey: ${palette.grey};
  --vw-ink-on-paper: ${palette.ink};
  --vw-encoder-on-paper: ${palette.lines[0]};
  --vw-noise-on-paper: ${palette.lines[1]};
  --vw-decoder-on-paper: ${palette.lines[2]};
  --vw-gradient-on-paper: ${palette.lines[3]};
  --vw-latent-on-paper: ${palette.lines[4]};
}`; // of palette.json, for the style sheet

/** @type {import("esbuild").BuildOptions} */
const COMMON = { absWorkingDir: SOURCES, bundle: true, charset: "utf8", target: "es2022" };

const tile = Buffer.from(await compileTile()).toString("base64");

// a page that was opened from disk may start a worker from text in it, but not from another file
const worker = await build({
  ...COMMON,
  define: { PRODUCT_TILE: JSON.stringify(tile) },
  entryPoints: ["trainer_worker.js"],
  format: "iife",
  minifyWhitespace: true,
  write: false,
});

await build({
  ...COMMON,
  banner: { css: `/* ${NOTE} */\n${COLORS}`, js: `// ${NOTE}` },
  define: { TRAINER_WORKER: JSON.stringify(worker.outputFiles[0].text) },
  entryPoints: [
    ...WIDGETS.map((name) => `${name}.js`),
    "page.js",
    "page.css",
    "widgets.css",
    "live_styles.css",
  ],
  format: "esm",
  outdir: process.argv[2] ?? "../static",
});
