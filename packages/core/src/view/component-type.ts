// The run-time shape of a component: the callable that `component()` returns, with its setup function on it.
import type { JSXElement, ReadonlySignal, View } from "./types.js";
import type { Setup } from "../setup/types.js";

export interface ComponentType {
  (props: Readonly<Record<string, unknown>>): JSXElement;
  readonly setup: (setup: Setup, props: ReadonlySignal<Readonly<Record<string, unknown>>>) => () => View;
  readonly label: string;
}
