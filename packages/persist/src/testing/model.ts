// Model-based property of the port: random commands of several owners on few ids, run on the store and on a plain model.
// The model knows epochs only as "which grant", so it also proves that grants are distinct.
import fc from "fast-check";
import { PersistError } from "../errors.js";
import type { SessionStore } from "../store.js";
import { equal, show } from "./assert.js";
import { BUDGETS, LIFETIME_MS, type TestClock } from "./harness.js";

interface ModelRecord {
  grant: number;
  owner: string;
  values: Map<string, Uint8Array>;
  meta: Uint8Array;
  touchedAt: number;
}

/** What the model holds; `grants[g]` is the real epoch of grant g. */
interface Model {
  readonly records: Map<string, ModelRecord>;
  readonly grants: { readonly id: string; readonly epoch: number }[];
}

interface Real {
  readonly store: SessionStore;
  readonly clock: TestClock;
}

type Command = fc.AsyncCommand<Model, Real>;

const IDS = ["a", "b", "__proto__"] as const;
const KEYS = ["k", "größe", "toString"] as const;

function alive(model: Model, id: string, now: number): ModelRecord | undefined {
  const record = model.records.get(id);
  return record !== undefined && now - record.touchedAt < LIFETIME_MS ? record : undefined;
}

function sizeOf(values: ReadonlyMap<string, Uint8Array>): number {
  let size = 0;
  for (const [key, value] of values) size += Buffer.byteLength(key) + value.length;
  return size;
}

/** The outcome of a call as text: its result, or the kind of its error. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    return show(await call);
  } catch (error) {
    if (error instanceof PersistError) return error.kind;
    throw error;
  }
}

/** Runs an operation that needs a grant; the picked grant may belong to another id, then any epoch of it must be refused. */
class OwnerCommand implements Command {
  constructor(
    readonly op: "commit" | "exchange" | "touch" | "release" | "delete",
    readonly id: string,
    readonly pick: number,
    readonly changes: ReadonlyMap<string, Uint8Array | null>,
    readonly meta: Uint8Array | undefined,
  ) {}

  check(model: Readonly<Model>): boolean {
    return model.grants.length > 0;
  }

  async run(model: Model, real: Real): Promise<void> {
    const grant = this.pick % model.grants.length;
    const epoch = (model.grants[grant] as { epoch: number }).epoch;
    const expected = this.#apply(model, grant, real.clock.now());
    const { store } = real;
    if (this.op === "exchange") {
      const call = store.exchange(this.id, epoch, this.changes, this.meta).then((result) => {
        if (!result.ok) return result;
        // The model's record has another grant now: that of the next epoch.
        equal(result.epoch, epoch + 1, "an exchange raises the epoch by one");
        model.grants.push({ id: this.id, epoch: result.epoch });
        (model.records.get(this.id) as ModelRecord).grant = model.grants.length - 1;
        return { ok: true, size: result.size };
      });
      equal(await outcome(call), expected, this.toString());
      return;
    }
    const call =
      this.op === "commit" ? store.commit(this.id, epoch, this.changes, this.meta)
      : this.op === "touch" ? store.touch(this.id, epoch)
      : this.op === "release" ? store.release(this.id, epoch)
      : store.delete(this.id, epoch);
    equal(await outcome(call), expected, this.toString());
  }

  #apply(model: Model, grant: number, now: number): string {
    if ((this.op === "commit" || this.op === "exchange") && [...this.changes.values()].some((value) => (value?.length ?? 0) > BUDGETS.valueBytes)) return "value-budget";
    const record = alive(model, this.id, now);
    if (record === undefined) return show({ ok: false, reason: "missing" });
    if (record.grant !== grant) return show({ ok: false, reason: "fenced" });
    if (this.op === "delete") {
      model.records.delete(this.id);
      return show({ ok: true });
    }
    if (this.op === "release") {
      record.owner = "";
      return show({ ok: true });
    }
    if (this.op === "touch") {
      record.touchedAt = now;
      return show({ ok: true });
    }
    const next = new Map(record.values);
    for (const [key, value] of this.changes) {
      if (value === null) next.delete(key);
      else next.set(key, value);
    }
    if (sizeOf(next) > BUDGETS.sessionBytes) return "session-budget";
    record.values = next;
    if (this.meta !== undefined) record.meta = this.meta;
    record.touchedAt = now;
    return show({ ok: true, size: sizeOf(next) });
  }

  toString(): string {
    return `${this.op}(${this.id}, grant ${this.pick}, ${show(this.changes)})`;
  }
}

class CreateCommand implements Command {
  constructor(
    readonly id: string,
    readonly owner: string,
    readonly values: ReadonlyMap<string, Uint8Array>,
  ) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const now = real.clock.now();
    const exists = alive(model, this.id, now) !== undefined;
    const result = await real.store.create(this.id, { owner: this.owner, values: this.values });
    equal(result.ok, !exists, this.toString());
    if (!result.ok) return;
    for (const grant of model.grants) if (grant.id === this.id) equal(grant.epoch === result.epoch, false, "an epoch is never given twice");
    model.grants.push({ id: this.id, epoch: result.epoch });
    model.records.set(this.id, { grant: model.grants.length - 1, owner: this.owner, values: new Map(this.values), meta: new Uint8Array(), touchedAt: now });
  }

  toString(): string {
    return `create(${this.id}, ${this.owner})`;
  }
}

class ClaimCommand implements Command {
  constructor(
    readonly id: string,
    readonly owner: string,
    readonly pick: number | undefined,
  ) {}

  check(model: Readonly<Model>): boolean {
    return this.pick === undefined || model.grants.length > 0;
  }

  async run(model: Model, real: Real): Promise<void> {
    const now = real.clock.now();
    const record = alive(model, this.id, now);
    const grant = this.pick === undefined ? undefined : this.pick % model.grants.length;
    const result = await real.store.claim(this.id, {
      owner: this.owner,
      ...(grant === undefined ? {} : { ifEpoch: (model.grants[grant] as { epoch: number }).epoch }),
    });
    if (record === undefined) return equal(result, { ok: false, reason: "missing" }, this.toString());
    if (grant !== undefined && record.grant !== grant) return equal(result, { ok: false, reason: "fenced" }, this.toString());
    if (!result.ok) throw new Error(`${this.toString()}: refused as ${result.reason}`);
    const before = (model.grants[record.grant] as { epoch: number }).epoch;
    equal(result.record.epoch > before, true, "a claim raises the epoch");
    model.grants.push({ id: this.id, epoch: result.record.epoch });
    record.grant = model.grants.length - 1;
    record.owner = this.owner;
    record.touchedAt = now;
    equal([result.record.values, result.record.meta], [record.values, record.meta], this.toString());
  }

  toString(): string {
    return `claim(${this.id}, ${this.owner}, ${this.pick === undefined ? "always" : `if grant ${this.pick}`})`;
  }
}

class LoadAllCommand implements Command {
  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const now = real.clock.now();
    for (const id of IDS) {
      const record = alive(model, id, now);
      const expected =
        record === undefined
          ? null
          : {
              epoch: (model.grants[record.grant] as { epoch: number }).epoch,
              owner: record.owner,
              values: record.values,
              meta: record.meta,
              size: sizeOf(record.values),
              touchedAt: record.touchedAt,
            };
      equal(await real.store.load(id), expected, `load(${id})`);
    }
  }

  toString(): string {
    return "load all";
  }
}

class AdvanceCommand implements Command {
  constructor(
    readonly ms: number,
    readonly sweep: boolean,
  ) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    real.clock.advance(this.ms);
    if (!this.sweep) return;
    await real.store.sweep();
    const now = real.clock.now();
    for (const id of IDS) if (alive(model, id, now) === undefined) model.records.delete(id);
    equal((await real.store.stats()).sessions, model.records.size, "records after a sweep");
  }

  toString(): string {
    return `advance(${this.ms}${this.sweep ? ", sweep" : ""})`;
  }
}

/** Random commands for {@link runModel}. */
export function commands(): fc.Arbitrary<Iterable<Command>> {
  const id = fc.constantFrom(...IDS);
  const owner = fc.constantFrom("w1", "w2", "w3");
  const value = fc.oneof({ weight: 8, arbitrary: fc.uint8Array({ maxLength: 12 }) }, fc.constantFrom(BUDGETS.valueBytes, BUDGETS.valueBytes + 1).map((n) => new Uint8Array(n)));
  const small = fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.uint8Array({ maxLength: 12 })), { maxLength: 3 }).map((entries) => new Map(entries));
  const changes = fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.option(value)), { maxLength: 3 }).map((entries) => new Map(entries));
  const op = fc.constantFrom("commit", "commit", "commit", "exchange", "touch", "release", "delete");
  return fc.commands(
    [
      fc.tuple(id, owner, small).map((given) => new CreateCommand(...given)),
      fc.tuple(op, id, fc.nat(50), changes, fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined })).map((given) => new OwnerCommand(...given)),
      fc.tuple(op, id, fc.nat(50), changes, fc.constant(undefined)).map((given) => new OwnerCommand(...given)),
      fc.tuple(id, owner, fc.option(fc.nat(50), { nil: undefined })).map((given) => new ClaimCommand(...given)),
      fc.constant(new LoadAllCommand()),
      fc.tuple(fc.constantFrom(1, LIFETIME_MS / 2, LIFETIME_MS), fc.boolean()).map((given) => new AdvanceCommand(...given)),
    ],
    { maxCommands: 60 },
  );
}

/** Runs commands on a fresh store beside a fresh model, and compares everything at the end. */
export async function runModel(store: SessionStore, clock: TestClock, given: Iterable<Command>): Promise<void> {
  const setup = (): { model: Model; real: Real } => ({ model: { records: new Map(), grants: [] }, real: { store, clock } });
  await fc.asyncModelRun(setup, [...given, new LoadAllCommand()]);
}
