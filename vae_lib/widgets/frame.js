// Put a drawing into MNIST's frame as MNIST was made: longest side 20 pixels, anti-aliased,
// centre of mass in the middle of pixel (14, 14), as MNIST's lie (LeCun, Cortes and Burges, "The MNIST database of handwritten digits").

const FAINT = 0.02; // below this a pixel is paper

/**
 * @param ink Float32Array, width * height numbers in [0, 1], rows from the top.
 * @returns null for an empty sheet, else { image: 784 numbers in [0, 1], side: longest side of the ink }.
 */
export function frame(ink, width, height) {
  let left = width, right = -1, top = height, bottom = -1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (ink[y * width + x] > FAINT) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
  if (right < 0) return null;
  const wide = right - left + 1, high = bottom - top + 1, side = Math.max(wide, high);
  const columns = shares(left, wide, Math.max(1, Math.round((20 * wide) / side)));
  const rows = shares(top, high, Math.max(1, Math.round((20 * high) / side)));
  const small = rows.map((row) =>
    columns.map((column) => {
      let sum = 0;
      for (const [y, part] of row) for (const [x, share] of column) sum += part * share * ink[y * width + x];
      return sum;
    }),
  );
  let mass = 0, massX = 0, massY = 0;
  small.forEach((row, y) => row.forEach((value, x) => ((mass += value), (massX += value * (x + 0.5)), (massY += value * (y + 0.5)))));
  const shift = (moment, length) => Math.min(28 - length, Math.max(0, Math.round(14.5 - moment / mass)));
  const x0 = shift(massX, columns.length), y0 = shift(massY, rows.length);
  const image = new Float32Array(784);
  small.forEach((row, y) => row.forEach((value, x) => (image[(y + y0) * 28 + x + x0] = Math.min(1, value))));
  return { image, side };
}

/** For each of count equal parts of the pixels start to start + length: [pixel, its share of that part]. */
function shares(start, length, count) {
  const step = length / count;
  return Array.from({ length: count }, (_, k) => {
    const part = [];
    for (let pixel = Math.floor(k * step); pixel < (k + 1) * step - 1e-9; pixel++) {
      const overlap = Math.min(pixel + 1, (k + 1) * step) - Math.max(pixel, k * step);
      if (overlap > 1e-9) part.push([start + Math.min(pixel, length - 1), overlap / step]);
    }
    return part;
  });
}
