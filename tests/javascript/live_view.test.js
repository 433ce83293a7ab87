// @ts-check
// The live training's view, as far as it needs no browser: places, names and scales.
import assert from "node:assert/strict";
import test from "node:test";
import { createNamePlacer } from "../../vae_lib/widgets/js/class_names.js";
import { niceTicks, spread, thin, valuesShown } from "../../vae_lib/widgets/js/live_curves.js";
import { layoutSchematic, narrowed } from "../../vae_lib/widgets/js/live_layout.js";

const WIDTHS = [288, 330, 358, 520, 699, 700, 736, 899, 900, 1040, 1080];
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

test("where controls stand in the drawing, the terms of the loss do not touch", () => {
  for (const width of WIDTHS.filter((one) => one >= 700)) {
    const { docks, columns, isWide } = layoutSchematic(width, 6);
    assert.ok(isWide);
    const { loss, kl, reconstruction } = docks;
    assert.ok(loss.width >= 140, `${width}: ${loss.width}`);
    assert.ok(loss.left + loss.width + 20 <= kl.left);
    assert.ok(kl.left + kl.width + 20 <= reconstruction.left);
    assert.ok(reconstruction.left + reconstruction.width <= width);
    const q = (columns.q.left + columns.q.right) / 2;
    assert.ok(kl.left < q && q < kl.left + kl.width, "the KL term stands below q");
  }
  assert.deepEqual(layoutSchematic(520, 6).docks, {});
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
