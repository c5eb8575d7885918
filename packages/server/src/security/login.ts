/**
 * How long a user is who middleware said: when the login ends by itself, and whether it still holds when somebody asks. It
 * knows users and time; what becomes of their sessions is src/session/logins.ts.
 */
import { principalOf } from "../session/identity.js";

/** Longest answer of `verify`, ms. */
const VERIFY_TIMEOUT_MS = 5000;
/** For so long a failing `verify` leaves everybody where he is, ms. */
const MAX_STALE_MS = 15 * 60_000;

/** `createApp({ auth })`. Users come from middleware (`ctx.user = …`); all of this is about them. */
export interface AuthOptions {
  /**
   * Names the person behind a user: sessions and their records are bound to it. Default: the user itself if it is a text or
   * number, else its `id`, else its JSON; "" for nobody.
   */
  principal?(user: unknown): string;
  /** When the login ends, ms since 1970; undefined: it does not. From then on no event is handled. */
  expiresAt?(user: unknown): number | undefined;
  /** Whether the login still holds: asked by `ctx.revalidate()` and every `verifyEveryMs`. Runs off the loop, at most 5 s. */
  verify?(user: unknown, ctx: { readonly signal: AbortSignal }): Promise<boolean> | boolean;
  /** How often live sessions are verified, ms. Default 0: on demand alone. */
  verifyEveryMs?: number;
  /**
   * When `verify` throws or gives no answer: `open` (default) leaves the session as it is for up to 15 min since it last held,
   * `closed` ends the login.
   */
  onVerifyError?: "open" | "closed";
  /** Where pages go whose login has ended. Default: the page's own middleware decides, with the cookies that the browser has then. */
  loginPath?: string;
}

export class Login {
  readonly #o: AuthOptions;

  constructor(
    options: AuthOptions | undefined,
    /** Ms since 1970. */
    readonly date: () => number,
    readonly report: (error: unknown) => void,
  ) {
    this.#o = options ?? {};
  }

  /** The same with another calendar. */
  at(date: () => number): Login {
    return new Login(this.#o, date, this.report);
  }

  get loginPath(): string | undefined {
    return this.#o.loginPath;
  }

  /** 0: never. */
  get verifyEveryMs(): number {
    return this.#o.verify === undefined ? 0 : (this.#o.verifyEveryMs ?? 0);
  }

  principalOf(user: unknown): string {
    const own = user === undefined || user === null ? undefined : this.#o.principal?.(user);
    return own ?? principalOf(user);
  }

  /** Ms since 1970; Infinity for a login that does not end. */
  endOf(user: unknown): number {
    return user === undefined || user === null ? Infinity : (this.#o.expiresAt?.(user) ?? Infinity);
  }

  ended(end: number): boolean {
    return end !== Infinity && this.date() >= end;
  }

  /** Asks whether the login holds. `heldAt`: when it last did, ms since 1970. Never rejects. */
  async holds(user: unknown, heldAt: number): Promise<boolean> {
    const { verify } = this.#o;
    if (verify === undefined || user === undefined || user === null) return true;
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`auth.verify gave no answer in ${VERIFY_TIMEOUT_MS} ms`)), VERIFY_TIMEOUT_MS);
        timer.unref();
      });
      return await Promise.race([Promise.resolve(verify(user, { signal: abort.signal })), late]);
    } catch (error) {
      this.report(error);
      return this.#o.onVerifyError !== "closed" && this.date() - heldAt < MAX_STALE_MS;
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }
}
