// Boundary: catches what its children throw while they render and shows a fallback. The live tree and SSR know it by the mark.
import type { BoundaryProps, Component } from "./types.js";
import { defineComponent } from "./component.js";

/**
 * Shows `fallback(error, reset)` in place of children that throw. `reset` renders the children again.
 *
 * @example
 * <Boundary fallback={(e, reset) => <p>{e.message} <button onClick={reset}>Try again</button></p>}>…</Boundary>
 */
export const Boundary = Object.assign(
  defineComponent(() => () => null, "Boundary"),
  { boundary: true as const },
) as unknown as Component<BoundaryProps>;
