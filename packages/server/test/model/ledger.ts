/**
 * What one document was told of each of its events, read off the wire and the errors that the page heard. Invariant that `settle`
 * proves: every event is accounted for: it has run once, or the page was told that it did not, or that nobody knows.
 */
import { acknowledged, ahead, ClientKind, decodeClient, decodeServer, ServerKind } from "@vango/core/protocol";
import type { Truth } from "./app.js";

interface Sent {
  /** Of a click; what the user enters into a control goes again by its value, so nobody counts how often it ran. */
  readonly token: number | undefined;
  readonly epoch: number;
  readonly seq: number;
}

const keyOf = (epoch: number, seq: number): string => `${epoch}/${seq}`;

/** The page was told that the event did not run. */
const NOT_RUN = new Set(["VANGO_EVENT_GONE", "VANGO_EVENT_LOST", "VANGO_EVENT_REFUSED"]);
const UNKNOWN = "VANGO_EVENT_OUTCOME_UNKNOWN";
/** The server found the event's element gone. */
const MISSED = "VANGO_UNKNOWN_TARGET";

/** A message, unless a fault has left less of it. */
function whole<M>(decode: () => M): M | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

export class Ledger {
  /** Captured by the runtime and not sent yet. */
  readonly #waiting = new Set<number>();
  /** On their way or done, by epoch and number; those whose fate `settle` has to judge. */
  readonly #sent = new Map<string, Sent>();
  /** Where each click was sent. */
  readonly #sentAs = new Map<number, string>();
  #epoch = 0;
  #seq = 0;
  /** Highest number of this epoch that the page knows to be handled. */
  #heard = 0;
  /** Of former epochs: the number up to which the page was told that events are applied, and what it had heard before. */
  readonly #former = new Map<number, { readonly applied: number; readonly heard: number }>();
  #notRun = 0;
  #unknown = 0;
  #missed = 0;
  readonly problems: string[] = [];
  /** Events that were acknowledged to this document in any epoch. */
  readonly known = new Set<number>();

  /** The user has clicked, and the runtime has taken it. */
  clicked(token: number): void {
    this.#waiting.add(token);
  }

  up(bytes: Uint8Array): void {
    const message = decodeClient(bytes);
    if (message.kind !== ClientKind.EVENT && message.kind !== ClientKind.NAV) return;
    const { epoch } = message;
    // On the wire is the low byte; what goes again has a number of the past.
    const seq = this.#seq + ahead(message.seq, this.#seq);
    this.#seq = Math.max(this.#seq, seq);
    if (message.kind === ClientKind.NAV) return;
    const key = keyOf(epoch, seq);
    const token = (message.payload as { clientX?: number } | undefined)?.clientX;
    this.#sent.set(key, { token, epoch, seq });
    if (token === undefined) return;
    const before = this.#sentAs.get(token);
    if (before === undefined && !this.#waiting.delete(token)) this.problems.push(`event ${token} was sent and never captured`);
    if (before !== undefined && before !== key) this.problems.push(`event ${token} was sent as ${before} and as ${key}`);
    this.#sentAs.set(token, key);
  }

  down(bytes: Uint8Array): void {
    const message = whole(() => decodeServer(bytes));
    if (message === undefined) return;
    if (message.kind === ServerKind.PATCH || message.kind === ServerKind.ACK) this.#heard = Math.max(this.#heard, acknowledged(message.ack, this.#seq));
    else if (message.kind === ServerKind.RESUMED) this.#heard = Math.max(this.#heard, message.received);
    else if (message.kind === ServerKind.WELCOME) {
      const { epoch, how, applied = 0, received = 0 } = message.body;
      if (how === "reconciled") {
        this.#heard = Math.max(this.#heard, received);
        return;
      }
      // A copy of the last one.
      if (epoch === this.#epoch) return;
      if (received > 0) this.problems.push(`epoch ${epoch} begins with event ${received}`);
      this.#note();
      this.#former.set(this.#epoch, { applied, heard: this.#heard });
      this.#epoch = epoch;
      this.#seq = this.#heard = 0;
    }
  }

  error(code: string): void {
    if (NOT_RUN.has(code)) this.#notRun++;
    else if (code === UNKNOWN) this.#unknown++;
    else if (code === MISSED) this.#missed++;
  }

  #note(): void {
    for (const { token, epoch, seq } of this.#sent.values()) if (token !== undefined && epoch === this.#epoch && seq <= this.#heard) this.known.add(token);
  }

  /** The last event before this one; navigations have numbers too. */
  #before(epoch: number, seq: number): Sent | undefined {
    for (let at = seq - 1; at > 0; at--) {
      const one = this.#sent.get(keyOf(epoch, at));
      if (one !== undefined) return one;
    }
    return undefined;
  }

  /** The page is live and has nothing under way: judges everything since the last time. */
  settle(truth: Truth, mayBeGone: (token: number | undefined) => boolean): readonly string[] {
    const problems = this.problems.splice(0);
    this.#note();
    if (this.#waiting.size !== this.#notRun) problems.push(`${this.#waiting.size} events were never sent, and the page was told of ${this.#notRun}`);
    for (const token of this.#waiting) if (truth.ran.has(token)) problems.push(`event ${token} ran and was never sent`);
    let certain = 0;
    let open = 0;
    // Those whose element was gone: the page has to be told, unless its own event before had taken it away; of a former epoch it may have been.
    let missed = 0;
    let maybe = 0;
    for (const one of this.#sent.values()) {
      const { token, epoch, seq } = one;
      const ran = token === undefined || truth.ran.has(token);
      const gone = !ran && mayBeGone(token);
      // What was typed where nothing stands any more.
      if (token === undefined && mayBeGone(token)) maybe++;
      const former = this.#former.get(epoch);
      if (epoch === this.#epoch) {
        if (seq > this.#heard) problems.push(`event ${token} (${epoch}/${seq}) is not acknowledged`);
        if (!ran && !gone) problems.push(`event ${token} (${epoch}/${seq}) is acknowledged and did not run`);
        if (gone) {
          const before = this.#before(epoch, seq);
          if (before !== undefined && mayBeGone(before.token)) maybe++;
          else missed++;
        }
      } else if (former === undefined) problems.push(`event ${token} was sent in epoch ${epoch}, which the page was never in`);
      else {
        if (gone) maybe++;
        if (seq <= former.applied || seq <= former.heard) {
          if (!ran && !gone) problems.push(`event ${token} (${epoch}/${seq}) was said to be applied (${former.applied}, ${former.heard}) and did not run`);
          if (seq > former.applied) open++;
        } else certain++;
      }
    }
    if (this.#missed < missed || this.#missed > missed + maybe) {
      problems.push(`${missed} events (and ${maybe} more) missed their element, and the page was told of ${this.#missed}`);
    }
    if (this.#unknown < certain || this.#unknown > certain + open) {
      problems.push(`${certain} events (and ${open} more) are of unknown outcome, and the page was told of ${this.#unknown}`);
    }
    this.#waiting.clear();
    for (const [key, { epoch, seq }] of this.#sent) if (epoch !== this.#epoch || seq <= this.#heard) this.#sent.delete(key);
    this.#former.clear();
    this.#notRun = this.#unknown = this.#missed = 0;
    return problems;
  }
}
