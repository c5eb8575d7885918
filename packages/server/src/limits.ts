/**
 * Every limit of the server with its default, in one typed table. `createApp({ limits })` overrides by name; an unknown
 * name or a value that is not a positive whole number is an error when the app is made.
 */
import { serverError } from "./errors.js";

export interface LimitSpec {
  readonly value: number;
  readonly unit: "bytes" | "ms" | "count" | "per second";
  readonly what: string;
}

export const LIMITS = {
  messageBytes: { value: 64 * 1024, unit: "bytes", what: "One WebSocket message from a client, but JOIN." },
  joinBytes: { value: 512 * 1024, unit: "bytes", what: "The JOIN message, which carries the boot blob." },
  requestBodyBytes: { value: 10 * 1024 * 1024, unit: "bytes", what: "One HTTP request body." },
  apiBodyBytes: { value: 1024 * 1024, unit: "bytes", what: "The body of a request to an API route." },
  targetBytes: { value: 8 * 1024, unit: "bytes", what: "Path and query of a request; above it 414." },
  socketBehindBytes: { value: 256 * 1024, unit: "bytes", what: "Unsent bytes at which a client counts as behind and frames stop." },
  socketDropBytes: { value: 1024 * 1024, unit: "bytes", what: "Unsent bytes above which a message to a client is not accepted." },
  socketIdleMs: { value: 120_000, unit: "ms", what: "Silence, pongs included, after which a socket is closed (8 s to 960 s)." },
  joinTimeoutMs: { value: 10_000, unit: "ms", what: "Time from the open socket to JOIN." },
  heartbeatMs: { value: 30_000, unit: "ms", what: "Between heartbeats of a client." },
  eventQueue: { value: 256, unit: "count", what: "Events of one session that wait for their turn." },
  eventQueueBytes: { value: 256 * 1024, unit: "bytes", what: "Messages of those events, together." },
  eventsPerSecond: { value: 200, unit: "per second", what: "Events of one session, in bursts of eventQueue." },
  effectsPerTurn: { value: 1_000, unit: "count", what: "Effects of a session that run again in one turn; above it the turn ends." },
  resourcesPerSecond: { value: 50, unit: "per second", what: "Loads that a session starts, retries included; one more is an error of its resource." },
  actionsPerSecond: { value: 100, unit: "per second", what: "Runs of actions that a session starts; one more is refused." },
  latestPerSecond: { value: 50, unit: "per second", what: "Starts of a session's latest-only work; one more is refused." },
  sessions: { value: 10_000, unit: "count", what: "Live and detached sessions of the process." },
  sessionsPerIp: { value: 100, unit: "count", what: "Sessions of one address." },
  detachedSessions: { value: 10_000, unit: "count", what: "Sessions that wait for their client to return." },
  detachedBytes: { value: 256 * 1024 * 1024, unit: "bytes", what: "What detached sessions hold together, as estimated." },
  heldFrames: { value: 128, unit: "count", what: "Frames of one session that its client has not acknowledged (at most 190)." },
  heldBytes: { value: 64 * 1024, unit: "bytes", what: "The same frames together, kept for a client that returns." },
  turnMs: { value: 50, unit: "ms", what: "A turn that takes longer is reported." },
  turnViolationMs: { value: 500, unit: "ms", what: "A turn that takes longer is a violation; the second closes the session." },
  turnStallMs: { value: 1500, unit: "ms", what: "What turns of one session may take beyond turnMs, together, before it is closed. Time pays back 1 %." },
  persistedValueBytes: { value: 64 * 1024, unit: "bytes", what: "One persisted value, encoded." },
  persistedSessionBytes: { value: 256 * 1024, unit: "bytes", what: "All persisted values of a session with their names." },
  drainMs: { value: 10_000, unit: "ms", what: "Time that drain() gives sessions to save and close." },
  relayAskMs: { value: 250, unit: "ms", what: "Time another worker has to say that it holds a session, before this one restores it." },
  relayWaitingBytes: { value: 4 * 1024 * 1024, unit: "bytes", what: "Messages of clients that wait for one other worker; above it those who send are closed." },
  relayFrameBytes: { value: 32 * 1024 * 1024, unit: "bytes", what: "One message between workers." },
  relayLinkBytes: { value: 64 * 1024 * 1024, unit: "bytes", what: "What waits for a worker that does not read, before the connection to it is given up." },
  staticCacheBytes: { value: 32 * 1024 * 1024, unit: "bytes", what: "Static files kept in memory, together." },
  staticCachedFileBytes: { value: 256 * 1024, unit: "bytes", what: "A static file above this is streamed from disk." },
} as const satisfies Record<string, LimitSpec>;

export type LimitName = keyof typeof LIMITS;

/** The limits in force. */
export type Limits = Readonly<Record<LimitName, number>>;

/** Bounds that the protocol sets: numbers travel as their low byte. */
const MOST: Partial<Record<LimitName, number>> = { heldFrames: 190 };

/** Defaults with overrides; throws VANGO_UNKNOWN_LIMIT or VANGO_BAD_LIMIT. */
export function resolveLimits(overrides: Partial<Record<string, number>> = {}): Limits {
  const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, spec]) => [name, spec.value])) as Record<LimitName, number>;
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(LIMITS, name)) throw serverError("VANGO_UNKNOWN_LIMIT", { message: `\`${name}\`.` });
    if (!Number.isSafeInteger(value) || value < 1) throw serverError("VANGO_BAD_LIMIT", { message: `\`${name}\` is ${value}.` });
    const most = MOST[name as LimitName];
    if (most !== undefined && value > most) throw serverError("VANGO_BAD_LIMIT", { message: `\`${name}\` is ${value}; it may be ${most}.` });
    limits[name as LimitName] = value;
  }
  return limits;
}
