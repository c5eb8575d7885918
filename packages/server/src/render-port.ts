/**
 * The port to the renderer: a matched page in, HTML and boot structure out, nothing retained.
 */
import type { PersistPort, Topics } from "@vango/core/internal";
import type { PageMatch } from "./router/resolve.js";

export interface RenderInput {
  readonly match: PageMatch;
  /** Who asks: `ctx.user`. */
  readonly user: unknown;
  /** How long resources are waited for, in ms. */
  readonly deadlineMs: number;
  /** Gives persisted values to the page's cells; undefined: they have their own. */
  readonly state: PersistPort | undefined;
  /** Values of the app, and of the browser that asks. */
  readonly globals: Topics;
  readonly browser: Topics | undefined;
  /** Errors that a boundary has shown. */
  onError(error: unknown): void;
}

export interface RenderedDocument {
  readonly head: string;
  /** The body in pieces, in order. */
  readonly chunks: readonly string[];
  readonly t: readonly string[];
  readonly s: readonly number[];
  readonly h: readonly number[];
  /** What resources gave, by place and key: handed to the join. Undefined when the page has none. */
  readonly results?: ReadonlyMap<string, { readonly value: unknown }>;
}

/** Throws, or rejects with, what no boundary caught. Synchronous when nothing has to be waited for. */
export type RenderPage = (input: RenderInput) => RenderedDocument | Promise<RenderedDocument>;
