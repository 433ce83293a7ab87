// @ts-check
// The live training's view, as far as it needs no browser: places, names and scales.
import assert from "node:assert/strict";
import test from "node:test";
import { createNamePlacer } from "../../vae_lib/widgets/js/class_names.js";
import { niceTicks, spread, thin, valuesShown } from "../../vae_lib/widgets/js/live_curves.js";
import { layoutSchematic, loopPaths, narrowed } from "../../vae_lib/widgets/js/live_layout.js";

const WIDTHS = [288, 330, 358, 520, 679, 680, 694, 736, 819, 820, 900, 1040, 1140];
const ORDER = /** @type {const} */ (["images", "encoder", "q", "z", "decoder", "reconstructions"]);

test("the parts stand from left to right, apart, and within the width", () => {
  for (const width of WIDTHS) {
    const { columns } = layoutSchematic(width, 6);
    let edge = 0;
    for (const name of ORDER) {
      const { left, right } = columns[name];
      assert.ok(left >= edge && right > left + 20, `${name} at ${width}`);
      edge = right;
    }
    assert.ok(edge <= width, `${width}`);
  }
});

test("the rows are evenly spaced, and the funnels narrow toward their middle", () => {
  const layout = layoutSchematic(1040, 6);
  const steps = layout.rows.slice(1).map((y, k) => y - layout.rows[k]);
  assert.deepEqual(steps, Array(5).fill(layout.pitch));
  const middle = (layout.top + layout.bottom) / 2;
  assert.equal(narrowed(layout, middle), middle);
  assert.ok(narrowed(layout, layout.top) > layout.top);
  assert.ok(narrowed(layout, layout.bottom) < layout.bottom);
});

test("where it stands in the drawing, the loss is a sum from left to right", () => {
  for (const width of WIDTHS.filter((one) => one >= 680)) {
    const { docks, columns, isWide, loop } = layoutSchematic(width, 6);
    assert.ok(isWide);
    const { weight, kl, reconstruction, loss } = docks;
    assert.ok(loss.width >= 138, `${width}: ${loss.width}`);
    for (const [left, right] of [
      [weight, kl],
      [kl, reconstruction],
      [reconstruction, loss],
    ]) {
      assert.equal(left.top < right.top + 40, true);
      assert.ok(Math.abs(left.left + left.width + 24 - right.left) < 0.01, `${width}`);
    }
    assert.ok(loss.left + loss.width < loop.x);
    const q = (columns.q.left + columns.q.right) / 2;
    assert.ok(kl.left < q && q < kl.left + kl.width, `the KL term stands below q at ${width}`);
  }
  assert.deepEqual(layoutSchematic(520, 6).docks, {});
});

test("q and z are large, and the way to the KL weight is free", () => {
  for (const width of WIDTHS.filter((one) => one >= 680)) {
    const { docks, columns } = layoutSchematic(width, 5);
    const { images, encoder, q, z } = columns;
    assert.ok(q.right - q.left >= 0.9 * (encoder.right - encoder.left), `${width}`);
    assert.ok(z.right - z.left >= 44, `${width}`);
    const way = (images.left + images.right) / 2; // from the images down, past the weight
    assert.ok(docks.weight.left >= way + 12 && docks.weight.width >= 66, `${width}`);
  }
});

test("the training loop has room for its name between the networks", () => {
  for (const width of WIDTHS) {
    const { loop, isWide } = layoutSchematic(width, 5);
    assert.ok(loop.decoder - loop.encoder >= (isWide ? 320 : 150), `${width}`);
  }
});

/** Numbers at the end of a path. @param {string} path */
const endOf = (path) => (path.match(/V([\d.]+)$/) ?? []).slice(1).map(Number);

test("the training loop leads from the loss into both networks", () => {
  for (const width of WIDTHS) {
    const layout = layoutSchematic(width, 3);
    const { columns, loop, docks, top, isWide } = layout;
    const { trunk, toDecoder, toEncoder } = loopPaths(layout);
    if (isWide) {
      const { left, width: wide } = docks.loss;
      assert.ok(trunk.startsWith(`M${left + wide + 2} `), "it begins at the loss");
    }
    assert.ok(trunk.endsWith(`H${loop.decoder}`));
    assert.ok(toDecoder.startsWith(`M${loop.decoder} ${loop.y}V`));
    assert.ok(toEncoder.startsWith(`M${loop.decoder} ${loop.y}H`));
    for (const [name, path] of /** @type {const} */ ([
      ["decoder", toDecoder],
      ["encoder", toEncoder],
    ])) {
      const { left, right } = columns[name];
      assert.ok(left < loop[name] && loop[name] < right);
      const [end] = endOf(path);
      assert.ok(end > top - 5 && end < narrowed(layout, top), `${name} at ${width}: ${end}`);
    }
  }
});

/** Two classes around (-2, 0) and (2, 0), moved by a little. @param {number} moved */
function twoClasses(moved) {
  const codes = new Float32Array(400);
  for (let k = 0; k < 200; k++) {
    const angle = 2.4 * k;
    const radius = 0.8 * Math.sqrt((k % 50) / 50);
    codes[2 * k] = (k % 2 ? 2 : -2) + radius * Math.cos(angle) + moved * Math.sin(7 * k);
    codes[2 * k + 1] = radius * Math.sin(angle) + moved * Math.cos(5 * k);
  }
  return codes;
}
const LABELS = Uint8Array.from({ length: 200 }, (_, k) => k % 2);

test("a class is named where its codes are, and the names do not tremble with them", () => {
  const placer = createNamePlacer(LABELS);
  let names = placer.place(twoClasses(0), 4);
  assert.ok(Math.abs(names[0].x + 2) < 0.4 && Math.abs(names[1].x - 2) < 0.4);
  for (let frame = 1; frame < 40; frame++) {
    const next = placer.place(twoClasses(frame % 2 ? 0.1 : -0.1), 4);
    for (const [k, { x, y }] of next.entries()) {
      assert.ok(Math.hypot(x - names[k].x, y - names[k].y) < 0.03, `${frame}`);
    }
    names = next;
  }
});

test("names at the same place are moved apart, and back when their classes part", () => {
  const placer = createNamePlacer(LABELS);
  const [a, b] = placer.place(new Float32Array(400), 4);
  assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 0.5);
  let names = [a, b];
  for (let frame = 0; frame < 60; frame++) names = placer.place(twoClasses(0), 4);
  assert.ok(Math.abs(names[0].x + 2) < 0.4 && Math.abs(names[1].x - 2) < 0.4);
});

/** @param {number} loss */
const terms = (loss) => ({ loss, reconstruction: loss - 5, kl: 5 });
/** @type {import("../../vae_lib/widgets/js/live_curves.js").Line[]} */
const LOSS = [{ name: "loss", term: "loss", color: "black" }];

test("the curves show all but the steep start, and stand what is no number", () => {
  const points = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((k) => ({
    images: 1000 * k,
    training: terms(k === 1 ? 500 : 200 - k),
    validation: terms(k === 5 ? Number.NaN : 200),
    accuracy: 0.5,
  }));
  const [low, high] = valuesShown({ points, batches: [] }, LOSS);
  assert.ok(low > 180 && low <= 190 && high >= 200 && high < 220, `${low} to ${high}`);
  assert.deepEqual(valuesShown({ points: [], batches: [] }, LOSS), [0, 1]);
});

test("ticks are round numbers within their range", () => {
  assert.deepEqual(niceTicks(148, 222, 4), [160, 180, 200, 220]);
  assert.deepEqual(niceTicks(0, 12_000, 4), [0, 5000, 10_000]);
  assert.deepEqual(niceTicks(5.1, 5.35, 3), [5.1, 5.2, 5.3]);
});

test("two names keep their distance and stay between the ends", () => {
  const names = [{ place: 50 }, { place: 52 }];
  spread(names, 16, [0, 100]);
  assert.deepEqual(
    names.map(({ place }) => place),
    [43, 59],
  );
  const low = [{ place: 99 }, { place: 98 }];
  spread(low, 16, [0, 100]);
  assert.deepEqual(
    low.map(({ place }) => place),
    [100, 84],
  );
});

test("of too many points the last one stays", () => {
  const list = thin(
    Array.from({ length: 1001 }, (_, k) => k),
    400,
  );
  assert.ok(list.length <= 400 && list.length > 200);
  assert.equal(list.at(-1), 1000);
});
