// @ts-check
// A canvas as sharp as the screen, drawn in the pixels of the page.
import { contextOf } from "./canvas.js";
import { make } from "./dom.js";

const SHARPEST = 2; // more pixels cost time and show nothing

/**
 * A canvas that keeps its size on the page; resized is called when it has changed.
 *
 * @param {string} name for a screen reader
 * @param {string} className
 * @param {() => void} resized
 */
export function createSharpCanvas(name, className, resized) {
  const canvas = make("canvas", { class: className, role: "img", "aria-label": name });
  const size = { width: 0, height: 0 };
  const watcher = new ResizeObserver(([{ contentRect }]) => {
    const [width, height] = [Math.round(contentRect.width), Math.round(contentRect.height)];
    if (width === size.width && height === size.height) return;
    Object.assign(size, { width, height });
    resized();
  });
  watcher.observe(canvas);
  return {
    canvas,
    size,
    /** A context on clean white paper, or null while the canvas has no size. */
    begin() {
      if (size.width === 0 || size.height === 0) return null;
      const scale = Math.min(SHARPEST, globalThis.devicePixelRatio || 1);
      const [width, height] = [Math.round(scale * size.width), Math.round(scale * size.height)];
      if (canvas.width !== width || canvas.height !== height)
        Object.assign(canvas, { width, height });
      const context = contextOf(canvas);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.fillStyle = "white";
      context.fillRect(0, 0, size.width, size.height);
      return context;
    },
    close: () => watcher.disconnect(),
  };
}
