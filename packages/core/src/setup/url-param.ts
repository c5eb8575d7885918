// A signal bound to a query parameter. The signal changes at once; the address bar follows in the frame of the turn, or after
// the debounce. A navigation that changes the query writes the signal.
import { SignalNode } from "../reactive/signal.js";
import type { Loop } from "../loop/loop.js";
import type { SetupScope } from "./setup.js";

export interface UrlParamOptions<T> {
  default: T;
  parse?: (s: string) => T;
  format?: (v: T) => string;
  mode?: "push" | "replace";
  debounce?: number;
}

export class UrlParamNode<T> extends SignalNode<T> {
  #timer: unknown = undefined;

  constructor(
    readonly owner: Loop,
    readonly name: string,
    readonly param: UrlParamOptions<T>,
  ) {
    super(read(owner, name, param), owner, { name });
  }

  override set(next: T): void {
    const before = this.value;
    super.set(next);
    if (Object.is(before, this.value)) return;
    const { debounce = 0 } = this.param;
    if (debounce <= 0) {
      this.owner.afterCommit(() => this.#write());
      return;
    }
    const { host } = this.owner;
    this.owner.afterCommit(() => {
      host.clearTimer(this.#timer);
      this.#timer = host.setTimer(debounce, () => this.owner.post(() => this.owner.afterCommit(() => this.#write())));
    });
  }

  /** The query changed under the page: back, forward, a link to the same page. */
  follow(): void {
    this.force(read(this.owner, this.name, this.param));
  }

  #write(): void {
    const { param, name } = this;
    const text = Object.is(this.value, param.default) ? "" : param.format === undefined ? String(this.value) : param.format(this.value);
    this.owner.writeQuery(name, text, param.mode !== "push");
  }

  dispose(): void {
    this.owner.host.clearTimer(this.#timer);
    this.owner.urlParams?.delete(this as UrlParamNode<unknown>);
  }
}

export function openUrlParam<T>(scope: SetupScope, name: string, o: UrlParamOptions<T>): UrlParamNode<T> {
  const node = scope.own(new UrlParamNode(scope.loop, name, o));
  (scope.loop.urlParams ??= new Set()).add(node as UrlParamNode<unknown>);
  return node;
}

function read<T>(loop: Loop, name: string, o: UrlParamOptions<T>): T {
  const text = loop.ctx.route.query.get(name);
  if (text === null || text === "") return o.default;
  if (o.parse === undefined) {
    const kind = typeof o.default;
    if (kind === "number") return (Number.isFinite(Number(text)) ? Number(text) : o.default) as T;
    if (kind === "boolean") return (text === "true") as T;
    return text as T;
  }
  try {
    return o.parse(text);
  } catch {
    return o.default;
  }
}
