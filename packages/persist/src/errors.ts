// Catalogue of the errors of persistence. Each is a PersistError with a `kind` that code can switch on: a value or session
// over its budget, a store that failed, bytes or names that cannot be stored. The stored value is untouched by all of them,
// except that a `storage` failure may have happened after the write: its outcome is unknown, and a retry is safe.
import { VangoError } from "@vango/core";
import type { ErrorEntry } from "@vango/core/internal";

/** What kind of persistence failure it was. */
export type PersistErrorKind = "value-budget" | "session-budget" | "storage" | "codec";

export const PERSIST_ERRORS = {
  VANGO_PERSIST_VALUE_BUDGET: {
    message: "A persisted value is larger than its budget.",
    why: "Persisted values are small state that follows a tab across deploys; the previous value is kept.",
    fix: "Keep an id and load the data with setup.resource, or raise the budget: createApp({ limits: { persistedValueBytes } }), of a store alone valueBytes.",
  },
  VANGO_PERSIST_SESSION_BUDGET: {
    message: "The persisted state of this session is larger than its budget.",
    why: "All keys of a session together have a budget; the whole commit was refused and the previous values are kept.",
    fix: "Remove keys that are not needed after a reload, or raise the budget: createApp({ limits: { persistedSessionBytes } }), of a store alone sessionBytes.",
  },
  VANGO_PERSIST_STORAGE: {
    message: "The store failed.",
    why: "The backend refused, timed out or is gone. Whether the operation was applied is unknown.",
    fix: "Check the store: its address or path, its rights, its space. While the app runs, values stay in memory and are written again; at its start, mend it and start again.",
  },
  VANGO_PERSIST_CODEC: {
    message: "This cannot be stored.",
    why: "The value, or a name (key, session id, owner), is not one that every store can hold and give back unchanged: functions, instances of classes and cycles are none.",
    fix: "Persist plain data: objects, arrays, Map, Set, Date, bigint, typed arrays, texts, numbers. Names are 1 to 256 bytes of well-formed text without control characters.",
  },
  VANGO_PERSIST_BLOB: {
    message: "Stored bytes could not be read.",
    why: "They were cut, changed, moved to another place, sealed with a secret that is not known here, or written by a newer version.",
    fix: "Look at the reason. Keep former secrets in the list until what they sealed has expired (24 h); the session goes on fresh.",
  },
  VANGO_PERSIST_SCHEMA: {
    message: "A stored value could not be used by this version of the app.",
    why: "Another version wrote it, and it does not fit what this one declares, its migration failed, or its key was dropped. The initial value is used.",
    fix: "`vango state plan` tells which changes do this before they are deployed; a `migrate` function of the declaration reads former versions.",
  },
  VANGO_PERSIST_NEWER: {
    message: "A value was not written, because a newer version of the app has written it.",
    why: "What this version would write could not be read by the newer one, so the newer value stays; this version shows the initial value.",
    fix: "Finish the deploy: where the newer version runs everywhere it is read again. A migration or an optional field keeps both versions readable.",
  },
} as const satisfies Record<`VANGO_${string}`, ErrorEntry>;

const CODE = {
  "value-budget": "VANGO_PERSIST_VALUE_BUDGET",
  "session-budget": "VANGO_PERSIST_SESSION_BUDGET",
  storage: "VANGO_PERSIST_STORAGE",
  codec: "VANGO_PERSIST_CODEC",
} as const satisfies Record<PersistErrorKind, keyof typeof PERSIST_ERRORS>;

/** What a persistence error tells beside its kind. Sizes and limits in bytes. */
export interface PersistErrorDetail {
  /** The state key; empty when the error is not about one key. */
  readonly key?: string;
  readonly size?: number;
  readonly limit?: number;
  readonly message?: string;
  readonly cause?: unknown;
}

/**
 * A failure of persistence.
 *
 * @example
 * if (error instanceof PersistError && error.kind === "value-budget") console.warn(error.key, error.size, error.limit);
 */
export class PersistError extends VangoError {
  readonly kind: PersistErrorKind;
  readonly key: string;
  declare readonly size?: number;
  declare readonly limit?: number;

  constructor(kind: PersistErrorKind, detail: PersistErrorDetail = {}, code: keyof typeof PERSIST_ERRORS = CODE[kind]) {
    const parts: string[] = [];
    if (detail.message !== undefined) parts.push(detail.message);
    if (detail.key !== undefined && detail.key !== "") parts.push(`Key ${JSON.stringify(detail.key)}.`);
    if (detail.size !== undefined && detail.limit !== undefined) parts.push(`${detail.size} bytes, limit ${detail.limit}.`);
    super(code, PERSIST_ERRORS[code], {
      ...(parts.length > 0 ? { message: parts.join(" ") } : {}),
      ...(detail.cause === undefined ? {} : { cause: detail.cause }),
    });
    this.name = "PersistError";
    this.kind = kind;
    this.key = detail.key ?? "";
    if (detail.size !== undefined) this.size = detail.size;
    if (detail.limit !== undefined) this.limit = detail.limit;
  }
}

/**
 * Why stored bytes were refused. `foreign`: no blob at all. `future`: a newer format. `unknown-key`: sealed with a secret that
 * is not in the list. `tampered`: the proof does not fit bytes and place. `payload`: the proof fits, the content is no value.
 */
export type BlobReason = "truncated" | "foreign" | "future" | "unknown-key" | "tampered" | "payload";

/** Stored bytes that cannot be read: a codec failure with its reason. */
export class BlobError extends PersistError {
  readonly reason: BlobReason;

  constructor(reason: BlobReason, detail: PersistErrorDetail = {}) {
    super("codec", { ...detail, message: `Reason: ${reason}.${detail.message === undefined ? "" : ` ${detail.message}`}` }, "VANGO_PERSIST_BLOB");
    this.name = "BlobError";
    this.reason = reason;
  }
}
