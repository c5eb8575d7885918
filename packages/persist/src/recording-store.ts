// A store that shows some of the records that are read, in the form that `vango state replay` takes: what the next build is
// tried with is then what pages really come back to. Invariant: it is the store it was given in every other respect.
import type { SessionRecord, SessionStore } from "./store.js";

/** One record as `vango state replay` reads it. */
export interface Recording {
  /** The record's id: a value opens in its place alone. */
  readonly record: string;
  /** Blobs by the value's name, base64. Signed, not encrypted unless the app does so: they hold what your users entered. */
  readonly values: Readonly<Record<string, string>>;
}

/** Options of {@link recordingStore}. */
export interface RecordingOptions {
  /** Every which record that is read is shown, from the first. Default 1000. */
  readonly every?: number;
  /** Takes a recording. What it throws is a warning of the process, and costs the app nothing. */
  readonly write: (recording: Recording) => void;
}

/**
 * The same store, whose records are shown to `write` as they are read: one in `every`, those without values left out.
 *
 * @example
 * const store = recordingStore(lmdbStore({ path: "data" }), {
 *   every: 100,
 *   write: (recording) => appendFileSync("recorded.jsonl", `${JSON.stringify(recording)}\n`),
 * });
 */
export function recordingStore(store: SessionStore, { every = 1000, write }: RecordingOptions): SessionStore {
  let read = 0;
  const show = (record: string, { values }: SessionRecord): void => {
    if (values.size === 0 || read++ % every !== 0) return;
    try {
      write({ record, values: Object.fromEntries([...values].map(([name, blob]) => [name, Buffer.from(blob).toString("base64")])) });
    } catch (error) {
      process.emitWarning(`recordingStore: a recording was not taken: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    name: store.name,
    survives: store.survives,
    create: (id, init) => store.create(id, init),
    commit: (id, epoch, changes, meta) => store.commit(id, epoch, changes, meta),
    exchange: (id, epoch, changes, meta) => store.exchange(id, epoch, changes, meta),
    claim: (id, options) => store.claim(id, options),
    async load(id) {
      const record = await store.load(id);
      if (record !== null) show(id, record);
      return record;
    },
    touch: (id, epoch) => store.touch(id, epoch),
    release: (id, epoch) => store.release(id, epoch),
    delete: (id, epoch) => store.delete(id, epoch),
    sweep: (limit) => store.sweep(limit),
    stats: () => store.stats(),
    close: () => store.close(),
  };
}
