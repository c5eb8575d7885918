// Events of the light DOM: dispatch through capture, target and bubble phase, from a node to its document and on to the
// window, if there is one. Invariants: a listener that throws stops nobody (what it threw surfaces as an uncaught error, as
// in a browser); a passive listener cannot prevent the default.

export interface LightEventInit {
  readonly bubbles?: boolean;
  readonly cancelable?: boolean;
}

/** An event. What a test gives beyond these members it assigns: `Object.assign(new LightEvent("keydown"), { key: "a" })`. */
export class LightEvent {
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  target: LightEventTarget | null = null;
  currentTarget: LightEventTarget | null = null;
  defaultPrevented = false;
  /** Set while a passive listener runs. */
  passive = false;
  stopped = false;

  constructor(
    readonly type: string,
    { bubbles = false, cancelable = false }: LightEventInit = {},
  ) {
    this.bubbles = bubbles;
    this.cancelable = cancelable;
  }

  preventDefault(): void {
    if (this.cancelable && !this.passive) this.defaultPrevented = true;
  }

  stopPropagation(): void {
    this.stopped = true;
  }
}

export class LightCustomEvent extends LightEvent {
  readonly detail: unknown;

  constructor(type: string, init: LightEventInit & { readonly detail?: unknown } = {}) {
    super(type, init);
    this.detail = init.detail ?? null;
  }
}

export type LightListener = ((event: LightEvent) => unknown) | { handleEvent(event: LightEvent): unknown };

export interface LightListenerOptions {
  readonly capture?: boolean;
  readonly once?: boolean;
  readonly passive?: boolean;
}

interface Listening extends LightListenerOptions {
  readonly listener: LightListener;
  readonly capture: boolean;
}

const captures = (options: LightListenerOptions | boolean | undefined): boolean => (typeof options === "object" ? options.capture === true : options === true);

/** What has listeners. */
export class LightEventTarget {
  #listeners: Map<string, Listening[]> | undefined;

  /** Where an event goes on to from here. */
  protected get eventParent(): LightEventTarget | null {
    return null;
  }

  addEventListener(type: string, listener: LightListener, options?: LightListenerOptions | boolean): void {
    const capture = captures(options);
    const listeners = (this.#listeners ??= new Map<string, Listening[]>());
    const all = (listeners.get(type) ?? []).slice();
    if (all.some((known) => known.listener === listener && known.capture === capture)) return;
    all.push({ ...(typeof options === "object" ? options : {}), listener, capture });
    listeners.set(type, all);
  }

  removeEventListener(type: string, listener: LightListener, options?: LightListenerOptions | boolean): void {
    const capture = captures(options);
    const left = this.#listeners?.get(type)?.filter((known) => known.listener !== listener || known.capture !== capture);
    if (left) this.#listeners?.set(type, left);
  }

  /** Dispatches; false when a listener has prevented the default. */
  dispatchEvent(event: LightEvent): boolean {
    event.target = this;
    const path: LightEventTarget[] = [];
    for (let at: LightEventTarget | null = this; at; at = at.eventParent) path.push(at);
    const down = path.slice().reverse();
    for (const at of down) if (!event.stopped) at.#call(event, true);
    for (const at of event.bubbles ? path : [this]) if (!event.stopped) at.#call(event, false);
    event.currentTarget = null;
    return !event.defaultPrevented;
  }

  #call(event: LightEvent, capture: boolean): void {
    event.currentTarget = this;
    for (const known of this.#listeners?.get(event.type) ?? []) {
      if (known.capture !== capture) continue;
      if (known.once) this.removeEventListener(event.type, known.listener, { capture });
      event.passive = known.passive === true;
      try {
        if (typeof known.listener === "function") known.listener.call(this, event);
        else known.listener.handleEvent(event);
      } catch (error) {
        void Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
      event.passive = false;
    }
  }
}
