// component(): turns a setup function into something JSX can name. Calling it makes a description, nothing runs yet.
import type { Setup } from "../setup/types.js";
import type { ComponentType } from "./component-type.js";
import type { Component, JSXElement, ReadonlySignal, View } from "./types.js";
import { ComponentView, type Props } from "./view-node.js";

/**
 * Defines a component. `setup` runs once per mount: it allocates state and returns one render closure, which is pure.
 * New props never rerun setup; `props.get()` is tracked.
 *
 * @example
 * const Counter = component<{ start: number }>((setup, props) => {
 *   const count = setup.signal(props.peek().start);
 *   return () => <button onClick={() => count.inc()}>count: {count}</button>;
 * });
 */
export function component<P extends object = {}>(
  setup: (setup: Setup, props: ReadonlySignal<Readonly<P>>) => () => View,
  o?: { name?: string },
): Component<P> {
  return defineComponent(setup as unknown as ComponentType["setup"], o?.name ?? setup.name) as unknown as Component<P>;
}

export function defineComponent(setup: ComponentType["setup"], label: string): ComponentType {
  const type = (props: Props): JSXElement => {
    // Most calls have no key: then the caller's object is kept, and no copy of it.
    if (props === undefined || !("key" in props)) return new ComponentView(type as unknown as ComponentType, props ?? {}, undefined);
    const { key, ...rest } = props;
    return new ComponentView(type as unknown as ComponentType, rest, key as string | number | undefined);
  };
  return Object.assign(type, { setup, label: label === "" ? "component" : label }) as unknown as ComponentType;
}
