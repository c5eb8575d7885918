// Public types of signals, views, components and events. The shapes are the contract that applications compile against.
import type { VangoError } from "../vango-error.js";

/** A value that can be read: `get()` subscribes the running slot, memo or effect, `peek()` does not. */
export interface ReadonlySignal<T> {
  get(): T;
  peek(): T;
}

/** Typed helpers of a signal, by the kind of its value. Each copies on write; none mutates the value in place. */
export type SignalHelpers<T> = [T] extends [number]
  ? { inc(): void; dec(): void; add(n: number): void }
  : [T] extends [boolean]
    ? { toggle(): void }
    : [T] extends [readonly (infer E)[]]
      ? {
          append(...items: E[]): void;
          insertAt(i: number, ...items: E[]): void;
          removeAt(i: number, count?: number): void;
          removeWhere(test: (e: E, i: number) => boolean): void;
          setAt(i: number, e: E): void;
          updateWhere(test: (e: E, i: number) => boolean, fn: (e: E) => E): void;
          move(from: number, to: number): void;
          swap(a: number, b: number): void;
        }
      : [T] extends [ReadonlyMap<infer K, infer V>]
        ? { setKey(k: K, v: V): void; removeKey(k: K): void }
        : [T] extends [Readonly<Record<string, infer V>>]
          ? { setKey(k: string, v: V): void; removeKey(k: string): void }
          : unknown;

/** A writable signal. Only the session loop writes; values are immutable. */
export type Signal<T> = ReadonlySignal<T> & { set(next: T): void; update(fn: (prev: T) => T): void } & SignalHelpers<T>;

/** `equals` decides whether a write changes anything; default `Object.is`. `name` is shown in errors and devtools. */
export interface SignalOptions<T> {
  name?: string;
  equals?: (a: T, b: T) => boolean;
}

/** Options of persisted signals: `migrate` is keyed by the old schema id or hash. */
export interface PersistOptions<T> extends SignalOptions<T> {
  schemaId?: string;
  migrate?: Record<string, (old: unknown) => T>;
}

/** A keyed selection: `is(key)` is tracked per key, so a change touches two rows and not all. */
export interface Selector<K> {
  is(key: K): boolean;
}

/** Everything a child position accepts. `null`, `undefined`, `false` and `""` render nothing. */
export type View = JSXElement | string | number | bigint | null | undefined | false | ReadonlySignal<unknown> | readonly View[];

/** What JSX, `html` and `each` give. Opaque. */
export interface JSXElement {
  readonly __vango: "view";
}

/** A component: callable with props, usually written as JSX. */
export interface Component<P> {
  (props: P & { key?: string | number }): JSXElement;
}

export type Cleanup = void | (() => void);

/** HTML that is inserted as it is; made by `trustedHtml`. */
export interface TrustedHtml {
  readonly __trusted: true;
}

export interface Context<T> {
  readonly default: T;
}

/** Options of `on`, applied in the browser. `debounce` and `throttle` in ms; `keys` filters keyboard events by `event.key`. */
export interface EventOptions {
  preventDefault?: boolean;
  stopPropagation?: boolean;
  self?: boolean;
  once?: boolean;
  passive?: boolean;
  capture?: boolean;
  debounce?: number;
  throttle?: number;
  keys?: readonly string[];
}

export interface ElementEvent {
  readonly type: string;
}
export interface InputEvent extends ElementEvent {
  value: string;
  checked: boolean;
}
export interface SubmitEvent extends ElementEvent {
  data: FormData;
  submitter: string | null;
}
export interface MouseEvent extends ElementEvent {
  button: number;
  buttons: number;
  clientX: number;
  clientY: number;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}
export interface KeyEvent extends ElementEvent {
  key: string;
  code: string;
  repeat: boolean;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** Props of `Boundary`. */
export interface BoundaryProps {
  fallback: (error: VangoError, reset: () => void) => View;
  children?: View;
}

/** Props of `Link`. */
export interface LinkProps {
  href: string;
  replace?: boolean;
  scroll?: boolean;
  class?: string;
  children?: View;
}
