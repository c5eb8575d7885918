// ctx: the session as components see it. Methods live on the prototype; one small object a session.
import { coreError } from "../errors.js";
import { running } from "../reactive/system.js";
import { callerPlace, misplaced, PHASES } from "../reactive/write-error.js";
import type { Ctx } from "../setup/types.js";
import type { Loop } from "./loop.js";

export class LoopCtx implements Ctx {
  readonly #loop: Loop;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  /** The loop behind a ctx: for session keys. */
  static loopOf(ctx: Ctx): Loop {
    if (ctx instanceof LoopCtx) return ctx.#loop;
    throw coreError("VANGO_PHASE", { message: "This ctx does not belong to a session." });
  }

  #inTurn(what: string): Loop {
    if (running.loop === this.#loop && (running.phase === "handler" || running.phase === "effect")) return this.#loop;
    if (what === "navigate" && (running.phase === "setup" || running.phase === "render")) {
      const at = callerPlace();
      throw coreError("VANGO_NAVIGATE_IN_RENDER", { message: `The call is at ${at}, ${PHASES[running.phase]}.`, at });
    }
    throw misplaced(`The call of ctx.${what}`, this.#loop, `Call ctx.${what} in a handler, an effect, a timer or a callback of an action or resource. From anywhere else, ctx.dispatch(() => ctx.${what}(…)) gets there.`);
  }

  navigate(href: string, o?: { replace?: boolean; scroll?: boolean }): void {
    this.#inTurn("navigate").navigate(href, o ?? {});
  }

  dispatch(fn: () => void): Promise<void> {
    return this.#loop.dispatch(fn);
  }

  emit(name: string, detail?: unknown): void {
    this.#inTurn("emit").emit(name, detail ?? null);
  }

  toast(level: "success" | "error" | "warning" | "info", message: string, o?: { title?: string }): void {
    this.#inTurn("toast").emit("vango:toast", o?.title === undefined ? { level, message } : { level, message, title: o.title });
  }

  revalidate(): Promise<boolean> {
    const loop = this.#loop;
    return loop.disposed ? Promise.resolve(false) : (loop.host.revalidate?.(loop) ?? Promise.resolve(true));
  }

  get session(): { readonly id: string; readonly live: boolean } {
    return { id: this.#loop.id, live: this.#loop.live };
  }

  get route(): Ctx["route"] {
    return this.#loop.host.route(this.#loop);
  }

  get user(): unknown {
    return this.#loop.user;
  }
}
