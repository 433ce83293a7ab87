// What the modules pass to one another; the types of widgets themselves come from @anywidget/types.
import type { AnyModel } from "@anywidget/types";
import type { View } from "./plane.js";

export type ObjectHash = Record<string, unknown>;

/** The part of anywidget's model that widgets need; the page with no kernel has it, too. */
export type Model<T extends ObjectHash> = Pick<AnyModel<T>, "get" | "set" | "on" | "save_changes">;

export type Point = [number, number];

/** A layer as shared.pack_weights describes it; scale is 0 for half floats. */
export type LayerShape = { part: string; rows: number; columns: number; scale: number };

export type Layer = { kernel: Float32Array; bias: Float32Array; columns: number };

/** Layers by part: encoder, z_mean, z_log_var, decoder; a widget may carry the decoder alone. */
export type Vae = Record<string, Layer[]>;

export type Posterior = { mean: Float32Array; logVar: Float32Array };

/** Traits of every widget over a map (LatentMapWidget). */
export type MapTraits = {
  weights: DataView;
  layers: LayerShape[];
  codes: DataView;
  labels: DataView;
  images: DataView;
};

/** From codes to the pixels of a map. */
export type ToPixels = (z: ArrayLike<number>) => Point;

/** Draws on a map, over its points. */
export type Draw = (context: CanvasRenderingContext2D, view: View) => void;

declare global {
  /**
   * The text of trainer_worker.js with all that it imports: build.js puts it into worker_engine.js.
   */
  const TRAINER_WORKER: string;

  /** The code of product_tile.wat in base64: build.js puts it into trainer_worker.js. */
  const PRODUCT_TILE: string;
}
