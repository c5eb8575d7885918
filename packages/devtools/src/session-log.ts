// What the panel shows: live sessions and the last frames, built from what the server reports. One log per app, in memory.
// Invariants: bounded; a snapshot is immutable and keeps its identity until something changes; sessions of the panel itself
// are left out, or every look at the log would be logged.
import { decodeFrame, type DecodedOp } from "./decode-frame.js";
import { FrameState } from "./frame-state.js";
import { DEVTOOLS_LIMITS } from "./limits.js";

/** One session, as the panel lists it. */
export interface SessionRow {
  readonly id: string;
  readonly tab: string;
  readonly route: string;
  readonly state: "live" | "closed";
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  readonly frames: number;
  /** Bytes of patch frames sent. */
  readonly bytes: number;
  readonly events: number;
  readonly lastEvent: string;
}

/** One frame of the log. */
export interface FrameRow {
  /** Counts all frames ever logged: unique. */
  readonly n: number;
  readonly session: string;
  /** Tab of the session when the frame was sent. */
  readonly tab: string;
  readonly at: number;
  readonly seq: number;
  readonly bytes: number;
  readonly ops: readonly DecodedOp[];
  /** Operations that were left out, or why decoding ended. */
  readonly note: string | undefined;
}

export interface Snapshot {
  /** Newest connection first. */
  readonly sessions: readonly SessionRow[];
  /** Newest first. */
  readonly frames: readonly FrameRow[];
}

/** What is known when a page joins. */
export interface JoinReport {
  readonly id: string;
  readonly tab: string;
  readonly route: string;
  /** The boot blob's text, if the server passes it on: makes every frame readable. */
  readonly boot?: string;
}

export interface SessionLogOptions {
  readonly now?: () => number;
  /** Routes whose sessions are not logged. */
  readonly hidden?: (route: string) => boolean;
}

interface Followed {
  row: SessionRow;
  readonly reader: FrameState;
}

export class SessionLog {
  readonly #now: () => number;
  readonly #hidden: (route: string) => boolean;
  readonly #sessions = new Map<string, Followed>();
  #frames: readonly FrameRow[] = [];
  #count = 0;
  #snapshot: Snapshot | undefined;

  constructor(options: SessionLogOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#hidden = options.hidden ?? (() => false);
  }

  joined(report: JoinReport): void {
    if (this.#hidden(report.route)) {
      this.#drop(report.id);
      return;
    }
    const reader = new FrameState();
    learn(reader, report.boot);
    const { id, tab, route } = report;
    const known = this.#sessions.get(id)?.row;
    // A session that comes back keeps its counts and its place.
    const row: SessionRow = known === undefined
      ? { id, tab, route, state: "live", connectedAt: this.#now(), frames: 0, bytes: 0, events: 0, lastEvent: "" }
      : { ...known, tab, route, state: "live" };
    this.#sessions.set(id, { row, reader });
    // A page that was loaded again is another tab of the same session: what it got before is found under the name of now.
    if (known !== undefined && known.tab !== tab) this.#frames = this.#frames.map((frame) => (frame.session === id ? { ...frame, tab } : frame));
    this.#changed();
  }

  navigated(id: string, route: string): void {
    if (this.#hidden(route)) this.#drop(id);
    else this.#update(id, (row) => ({ route, events: row.events + 1, lastEvent: "navigation" }));
  }

  /** An event of an element, named by the slot it came to. */
  event(id: string, instance: number, slot: number): void {
    const type = this.#sessions.get(id)?.reader.event(instance, slot) ?? "event";
    this.#update(id, (row) => ({ events: row.events + 1, lastEvent: `${type} #${instance}.${slot}` }));
  }

  /** Logs a message to the client; only patches are kept. `message` is read now and not retained. */
  frame(id: string, message: Uint8Array): void {
    const followed = this.#sessions.get(id);
    if (followed === undefined || message[0] !== 2) return;
    const decoded = message.length <= DEVTOOLS_LIMITS.decodeBytes
      ? decodeFrame(message, followed.reader)
      : { seq: message[1] ?? 0, bytes: message.length, ops: [], note: "too large to be decoded" };
    const { seq, bytes } = decoded;
    const left = decoded.ops.length - DEVTOOLS_LIMITS.opsPerFrame;
    const note = left > 0 ? `${left} more operations` : decoded.note;
    const row: FrameRow = { n: ++this.#count, session: id, tab: followed.row.tab, at: this.#now(), seq, bytes, ops: decoded.ops.slice(0, DEVTOOLS_LIMITS.opsPerFrame), note };
    this.#frames = [row, ...this.#frames.slice(0, DEVTOOLS_LIMITS.frames - 1)];
    this.#update(id, (session) => ({ frames: session.frames + 1, bytes: session.bytes + bytes }));
  }

  closed(id: string): void {
    this.#update(id, () => ({ state: "closed" }));
    const closed = [...this.#sessions.values()].filter(({ row }) => row.state === "closed");
    for (const { row } of closed.slice(0, Math.max(0, closed.length - DEVTOOLS_LIMITS.closedSessions))) this.#sessions.delete(row.id);
  }

  /** Forgets all frames and the closed sessions. */
  clear(): void {
    this.#frames = [];
    for (const [id, { row }] of this.#sessions) if (row.state === "closed") this.#sessions.delete(id);
    this.#changed();
  }

  /** The same object until something changes. */
  snapshot(): Snapshot {
    this.#snapshot ??= { sessions: [...this.#sessions.values()].map(({ row }) => row).reverse(), frames: this.#frames };
    return this.#snapshot;
  }

  #update(id: string, change: (row: SessionRow) => Partial<SessionRow>): void {
    const followed = this.#sessions.get(id);
    if (followed === undefined) return;
    followed.row = { ...followed.row, ...change(followed.row) };
    this.#changed();
  }

  #drop(id: string): void {
    if (this.#sessions.delete(id)) this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
  }
}

function learn(reader: FrameState, boot: string | undefined): void {
  if (boot === undefined) return;
  try {
    reader.learn(JSON.parse(boot) as { t: string[]; s: number[] });
  } catch {
    // A blob that cannot be read costs readability only; the server has checked its signature.
  }
}
