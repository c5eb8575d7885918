/**
 * What happens, for those who watch: node:diagnostics_channel, one channel a concern. Without a subscriber a publish is
 * one property read: callers check `watched` before they build a message.
 */
import { channel, type Channel } from "node:diagnostics_channel";
import type { BudgetName, WorkKind } from "@vango/core/internal";

export interface SessionMessage {
  /**
   * A socket `open`s, then a session comes to be (`join`, `restore`, `fresh`, `fork`) or `resume`s; it is `detach`ed from its
   * socket, and ends: `park`ed after its time or by an `evict`ion, or `close`d. `refuse`: a socket got no session.
   */
  readonly kind: "open" | "join" | "restore" | "fresh" | "fork" | "resume" | "detach" | "park" | "evict" | "close" | "refuse";
  readonly session: string;
  readonly path?: string;
  readonly ip?: string;
  readonly reason?: string;
  /** What the page was told: `new`, `replayed`, `reconciled`, `restored`, `fresh`. */
  readonly how?: string;
  /** With `join`: the id of the tab, and the text of the boot blob that the page shows. */
  readonly tab?: string;
  readonly boot?: string;
}

export interface TurnMessage {
  readonly session: string;
  readonly kind: "event" | "dispatch" | "async" | "timer" | "navigation" | "join";
  readonly ms: number;
  /** The named transactions of the turn. */
  readonly name?: string;
  /** Code of the error that ended it. */
  readonly error?: string;
}

export interface FrameMessage {
  readonly session: string;
  readonly direction: "up" | "down";
  readonly bytes: number;
  /** A view of the frame, valid only during the call. */
  readonly data: Uint8Array;
}

export interface ErrorMessage {
  readonly code: string;
  readonly message: string;
  readonly session?: string;
  readonly error: unknown;
}

export interface HttpMessage {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
}

export interface StateMessage {
  /**
   * `unsaved`: writing failed and is tried again; `saved`: it works again; `fenced`: another process owns the record;
   * `unreadable`: a record could not be read and was set aside; `swept`: expired records were removed. `cold`, `newer`: a page came
   * back whose record this build cannot read, or not yet; `lost`: one value of a record could not be used.
   */
  readonly kind: "unsaved" | "saved" | "fenced" | "unreadable" | "swept" | "cold" | "newer" | "lost";
  readonly session?: string;
  /** With `unreadable`, `lost`: why. */
  readonly reason?: string;
  /** With `lost`: whose value; with `cold`, `newer`: of the first. */
  readonly key?: string;
  /** With `swept`: how many. */
  readonly count?: number;
}

/** A loader or the work of an action has ended. */
export interface WorkMessage {
  readonly session: string;
  readonly kind: WorkKind;
  /** Which one, as errors name it. */
  readonly place: string;
  readonly ms: number;
  readonly failed: boolean;
}

/** Something was refused because its storm budget is spent. */
export interface StormMessage {
  readonly session: string;
  /** Name of the limit. */
  readonly budget: BudgetName;
}

/** Channel names and what they carry. */
export interface Channels {
  "vango:session": SessionMessage;
  "vango:turn": TurnMessage;
  "vango:frame": FrameMessage;
  "vango:error": ErrorMessage;
  "vango:http": HttpMessage;
  "vango:state": StateMessage;
  "vango:work": WorkMessage;
  "vango:storm": StormMessage;
}

/** A typed channel. */
export class Diagnostic<T> {
  readonly #channel: Channel;

  constructor(readonly name: keyof Channels) {
    this.#channel = channel(name);
  }

  /** True while somebody listens. Ask before building a message. */
  get watched(): boolean {
    return this.#channel.hasSubscribers;
  }

  publish(message: T): void {
    if (this.#channel.hasSubscribers) this.#channel.publish(message);
  }

  /** Listens; the result ends it. A listener that throws is reported by Node as an uncaught exception. */
  subscribe(listener: (message: T) => void): () => void {
    const handler = (message: unknown): void => listener(message as T);
    this.#channel.subscribe(handler);
    return () => void this.#channel.unsubscribe(handler);
  }
}

export const diagnostics = {
  session: new Diagnostic<SessionMessage>("vango:session"),
  turn: new Diagnostic<TurnMessage>("vango:turn"),
  frame: new Diagnostic<FrameMessage>("vango:frame"),
  error: new Diagnostic<ErrorMessage>("vango:error"),
  http: new Diagnostic<HttpMessage>("vango:http"),
  state: new Diagnostic<StateMessage>("vango:state"),
  work: new Diagnostic<WorkMessage>("vango:work"),
  storm: new Diagnostic<StormMessage>("vango:storm"),
} as const;

/** Runs `run` with something around it, and is told by `ended` when it has ended, and with what it failed. */
export type AroundWork = <R>(kind: WorkKind, place: string, run: (ended: (failure: unknown) => void) => R) => R;

let around: AroundWork | undefined;

/** Puts a wrapper around every loader and action that starts from now on: for tracers. One at a time; the result takes it off. */
export function aroundWork(wrapper: AroundWork): () => void {
  around = wrapper;
  return () => {
    if (around === wrapper) around = undefined;
  };
}

/** Runs work for its observers: measured, wrapped; without any it is just run. */
export function observeWork<R>(session: string, kind: WorkKind, place: string, run: () => R): R {
  const wrapper = around;
  if (wrapper === undefined && !diagnostics.work.watched) return run();
  const start = performance.now();
  const watched = (tell: (failure: unknown) => void): R => {
    const ended = (failed: boolean, failure: unknown): void => {
      diagnostics.work.publish({ session, kind, place, ms: performance.now() - start, failed });
      tell(failed ? failure : undefined);
    };
    try {
      const result = run();
      if (result instanceof Promise) result.then(() => ended(false, undefined), (error: unknown) => ended(true, error));
      else ended(false, undefined);
      return result;
    } catch (error) {
      ended(true, error);
      throw error;
    }
  };
  return wrapper === undefined ? watched(() => undefined) : wrapper(kind, place, watched);
}
