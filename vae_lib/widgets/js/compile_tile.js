// @ts-check
// Compiles product_tile.wat, for build.js and for what runs the sources in Node.
import { readFileSync } from "node:fs";
import loadWabt from "wabt";

/** The code of product_tile.wat. */
export async function compileTile() {
  const name = "product_tile.wat";
  const source = readFileSync(new URL(name, import.meta.url), "utf8");
  const wabt = await loadWabt();
  const module = wabt.parseWat(name, source, { simd: true });
  const code = new Uint8Array(module.toBinary({}).buffer);
  module.destroy();
  return code;
}
