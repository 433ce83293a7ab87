// @ts-check
// The map, as far as it needs no browser: where names, ticks and lenses stand.
import assert from "node:assert/strict";
import test from "node:test";
import { keepClear, placeNames } from "../../vae_lib/widgets/js/class_names.js";
import { addAsShown } from "../../vae_lib/widgets/js/dom.js";
import {
  joinsOf,
  lensAt,
  magnify,
  placeLens,
  roundDown,
  rowsInLens,
} from "../../vae_lib/widgets/js/lens.js";
import { codeNear, createView, nameCircles, ticksOf } from "../../vae_lib/widgets/js/plane.js";
import { estimateDensity, levelOfHalf } from "../../vae_lib/widgets/js/regions.js";

const SIZE = { width: 444, height: 452 }; // of a map whose plane is 400 pixels wide

/**
 * So many codes in a disc around a place.
 *
 * @param {number} count
 * @param {number[]} center
 * @param {number} radius
 */
function disc(count, [x, y], radius) {
  return Array.from({ length: count }, (_, k) => {
    const distance = radius * Math.sqrt((k + 0.5) / count);
    return [x + distance * Math.cos(2.4 * k), y + distance * Math.sin(2.4 * k)];
  });
}

test("the plane is square, with the origin in its middle and z₂ upward", () => {
  const view = createView(SIZE, 4);
  assert.equal(view.side, 400);
  assert.deepEqual(view.toPixels([0, 0]), [view.left + 200, view.top + 200]);
  assert.deepEqual(view.toPixels([-4, 4]), [view.left, view.top]);
});

test("a plane without ticks has no room for them", () => {
  const view = createView({ width: 300, height: 300 }, 3, true);
  assert.equal(view.side, 300);
  assert.deepEqual(view.toPixels([-3, 3]), [0, 0]);
  assert.deepEqual(view.toPixels([3, -3]), [300, 300]);
});

test("ticks are whole numbers, few even on a large map", () => {
  assert.deepEqual(ticksOf(3.5), [-3, -2, -1, 0, 1, 2, 3]);
  assert.deepEqual(ticksOf(11), [-10, -5, 0, 5, 10]);
});

test("a class is named where most of its codes are, not at their mean", () => {
  const codes = Float32Array.from([...disc(60, [-2, 1], 0.4), ...disc(40, [2, -1], 0.4)].flat());
  const [name] = placeNames(codes, new Uint8Array(100), 4);
  assert.ok(Math.hypot(name.x + 2, name.y - 1) < 0.2, `${name.x}, ${name.y}`);
});

test("names stand aside for the marked code, the others stay", () => {
  const names = [
    { label: 5, x: 0.1, y: 0 },
    { label: 1, x: 2, y: 2 },
    { label: 7, x: 0, y: 0 },
  ];
  const clear = keepClear(names, [0, 0], 0.6);
  assert.deepEqual(clear[0], { label: 5, x: 0.6, y: 0 });
  assert.equal(clear[1], names[1]);
  assert.ok(Math.abs(Math.hypot(clear[2].x, clear[2].y) - 0.6) < 1e-9);
  assert.equal(keepClear(names, null, 0.6), names);
});

test("a circle's name avoids points and names, and stays while nothing is much better", () => {
  const right = disc(60, [1, 0], 0.2).flat();
  const [inner] = nameCircles(right, [], 4, [0]);
  assert.ok(Math.cos(inner) < 0.9);
  assert.equal(nameCircles(right.slice(0, 4), [], 4, [0])[0], 0);
  const [aside] = nameCircles([], [{ label: 3, x: 0, y: 1 }], 4, [-Math.PI / 2]);
  assert.notEqual(aside, -Math.PI / 2);
});

test("a code is found within the given distance only", () => {
  const { toPixels } = createView(SIZE, 4);
  const codes = Float32Array.from([0, 0, 1, 1]);
  const [x, y] = toPixels([1, 1]);
  assert.equal(codeNear(codes, toPixels, [x + 5, y], 10), 1);
  assert.equal(codeNear(codes, toPixels, [x + 15, y], 10), null);
});

test("a lens magnifies by a round number, in the emptiest corner, and only what is small", () => {
  const view = createView(SIZE, 4);
  const crowded = disc(50, [3, 3], 0.8).concat(disc(50, [-3, -3], 0.8), disc(50, [-3, 3], 0.8));
  const codes = Float32Array.from(crowded.flat());
  const narrow = { mean: Float32Array.of(0, 0), logVar: Float32Array.of(-8, -9) };
  const lens = placeLens(view, narrow, codes);
  assert.ok(lens);
  const [x, y] = lens.center;
  assert.ok(x > view.left + 200 && y > view.top + 200, "below, right");
  assert.equal(lens.magnification, roundDown(lens.magnification));
  const twoDeviations = lens.toPixels([2 * Math.exp(-4), 0])[0] - x;
  assert.ok(twoDeviations > 0.3 * lens.radius && twoDeviations < lens.radius);
  const wide = { mean: narrow.mean, logVar: Float32Array.of(-1, -1) };
  assert.equal(placeLens(view, wide, codes), null);
});

test("two lines join a place to a lens below the map and touch it", () => {
  const lens = { center: /** @type {[number, number]} */ ([60, 380]), radius: 50 };
  const joins = joinsOf([200, 150], lens);
  assert.equal(joins.length, 2);
  for (const [start, end] of joins) {
    const spoke = [end[0] - lens.center[0], end[1] - lens.center[1]];
    const line = [end[0] - start[0], end[1] - start[1]];
    assert.ok(Math.abs(Math.hypot(...spoke) - lens.radius) < 1e-9, "it ends on the lens");
    assert.ok(Math.abs(spoke[0] * line[0] + spoke[1] * line[1]) < 1e-6, "as a tangent");
    assert.ok(Math.hypot(start[0] - 200, start[1] - 150) < 20, "and starts near the place");
  }
});

test("through a lens a code lies as many times farther from the middle as it magnifies", () => {
  const unit = 40;
  const magnification = magnify([-10, -9], 52, unit);
  assert.ok(magnification && magnification === roundDown(magnification));
  const twoDeviations = 2 * Math.exp(-4.5) * unit * magnification;
  assert.ok(twoDeviations > 0.3 * 52 && twoDeviations < 52, "the ellipse fills it");
  assert.equal(magnify([-1, -1], 52, unit), null);
  const lens = lensAt([52, 52], 52, 10, unit, [1, 1]);
  assert.deepEqual(lens.toPixels([1, 1]), [52, 52]);
  assert.deepEqual(lens.toPixels([1.5, 1.25]), [52 + 200, 52 - 100]);
  const codes = Float32Array.of(1, 1, 1.125, 1, 1.25, 1); // its own, one inside, one outside
  assert.deepEqual(rowsInLens(lens, codes), [1]);
});

test("a magnification is rounded down to one digit", () => {
  assert.deepEqual([7.9, 10, 99, 157, 3.2].map(roundDown), [6, 10, 80, 100, 3]);
});

test("a sum is the sum of what is shown", () => {
  assert.deepEqual(addAsShown(111.04, 7.34), ["111.0", "7.3", "118.3"]);
  assert.deepEqual(addAsShown(111.06, 7.36), ["111.1", "7.4", "118.5"]);
  assert.deepEqual(addAsShown(0.14, 0.14), ["0.1", "0.1", "0.2"]);
});

test("half of a class lies above the level that bounds its region", () => {
  const cells = [...Array(30).fill(72 * 20 + 20), ...Array(20).fill(72 * 50 + 50), -1, -1];
  const density = estimateDensity(cells);
  const level = levelOfHalf(density, cells);
  assert.ok(Math.abs(density[72 * 20 + 20] - 30) < 1e-4 && density[72 * 20 + 22] < 30);
  assert.ok(Math.abs(density[72 * 20 + 21] - density[72 * 21 + 20]) < 1e-4, "alike in x and y");
  assert.equal(level, density[72 * 20 + 20]);
  assert.equal(density[0], 0);
});
