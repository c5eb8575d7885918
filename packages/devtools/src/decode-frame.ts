// A PATCH message as a list of operations that people can read. Rows can only be read when their template's table is known,
// so the decoder learns from the frames as it goes (FrameState), and stops with a note at a row it cannot read.
import { decodePayload, Ext, Op, readFrame, ServerKind, tableOf, UrlMode, type FrameReader } from "@vango/core/protocol";
import { DEVTOOLS_LIMITS } from "./limits.js";
import { FrameState } from "./frame-state.js";

/** One operation. `text` is its line in the log. */
export interface DecodedOp {
  readonly name: "set" | "flag" | "insert" | "remove" | "move" | "clear" | "replace" | "template" | "url" | "emit" | "epoch";
  /** Instance that the operation names; absent for extensions. */
  readonly instance?: number;
  readonly slot?: number;
  readonly text: string;
}

export interface DecodedFrame {
  readonly seq: number;
  readonly ack: number;
  /** Bytes of the whole message. */
  readonly bytes: number;
  readonly ops: readonly DecodedOp[];
  /** Why decoding ended early, if it did. */
  readonly note?: string;
}

/** Longest value shown, in UTF-16 units. */
const SHOWN = 60;
/** Rows shown of one insert. */
const ROWS_SHOWN = 3;

/**
 * Decodes a PATCH message. Never throws: what cannot be read ends up in `note`.
 *
 * @example
 * const { ops } = decodeFrame(bytes, new FrameState());
 */
export function decodeFrame(message: Uint8Array, state: FrameState): DecodedFrame {
  const [kind, seq = 0, ack = 0] = message;
  const head = { seq, ack, bytes: message.length };
  if (kind !== ServerKind.PATCH) return { ...head, ops: [], note: `message kind ${String(kind)} is not a patch` };
  const ops: DecodedOp[] = [];
  try {
    const reader = readFrame(message, 3);
    while (reader.more()) ops.push(decodeOp(reader, state));
    reader.end();
    return { ...head, ops };
  } catch (error) {
    return { ...head, ops, note: error instanceof Error ? error.message : String(error) };
  }
}

/** Rows of a template whose table was never sent while we watched. */
class UnknownTemplate extends Error {
  constructor(index: number) {
    super(`the rest cannot be read: template ${index} was defined before the log began`);
  }
}

function decodeOp(reader: FrameReader, state: FrameState): DecodedOp {
  const head = reader.uint();
  const op = head % 8;
  const instance = (head - op) / 8;
  if (op === Op.EXT) return decodeExtension(reader, instance, state);
  const at = `#${instance}`;
  /** Spread slots say which attribute. */
  const name = (slot: number): string => (state.kind(instance, slot) === "z" ? `.${reader.str()}` : "");
  switch (op) {
    case Op.SET: {
      const slot = reader.uint();
      return { name: "set", instance, slot, text: `set ${at}.${slot}${name(slot)} = ${quote(reader.str())}` };
    }
    case Op.FLAG: {
      const slot = reader.uint();
      const flag = reader.uint() === 0 ? "off" : "on";
      return { name: "flag", instance, slot, text: `flag ${at}.${slot}${name(slot)} ${flag}` };
    }
    case Op.INSERT: {
      const slot = reader.uint();
      const before = reader.uint();
      const place = before === 0 ? "at the end" : `before #${before - 1}`;
      return { name: "insert", instance, slot, text: `insert into ${at}.${slot} ${place}: ${run(reader, state)}` };
    }
    case Op.REMOVE: {
      const count = reader.uint();
      state.forget(instance, count);
      return { name: "remove", instance, text: count === 1 ? `remove ${at}` : `remove ${at} to #${instance + count - 1} (${count})` };
    }
    case Op.MOVE: {
      const before = reader.uint();
      return { name: "move", instance, text: `move ${at} ${before === 0 ? "to the end" : `before #${before - 1}`}` };
    }
    case Op.CLEAR: {
      const slot = reader.uint();
      return { name: "clear", instance, slot, text: `clear ${at}.${slot}` };
    }
    default: {
      const index = reader.uint();
      const id = reader.uint();
      state.forget(instance, 1);
      state.place(id, index);
      return { name: "replace", instance, text: `replace ${at} by #${id} ${row(reader, state, index)}` };
    }
  }
}

function decodeExtension(reader: FrameReader, code: number, state: FrameState): DecodedOp {
  if (code === Ext.TEMPLATE) {
    const index = reader.uint();
    const id = reader.str();
    const table = reader.str();
    const html = reader.str();
    state.define(index, { id, table, ...(html === "" ? {} : { html }) });
    return { name: "template", text: `template ${index} is ${id} ${quote(html === "" ? table : html)}` };
  }
  if (code === Ext.URL) {
    const mode = reader.uint();
    const scroll = reader.uint();
    const verb = mode === UrlMode.PUSH ? "push" : mode === UrlMode.REPLACE ? "replace" : "show";
    return { name: "url", text: `url ${verb} ${reader.str()}${scroll === 0 ? "" : ", scroll"}` };
  }
  if (code === Ext.EMIT) {
    const name = reader.str();
    return { name: "emit", text: `emit ${name} ${cut(JSON.stringify(decodePayload(reader.raw(reader.uint()))) ?? "")}` };
  }
  if (code === Ext.EPOCH) return { name: "epoch", text: `epoch ${reader.uint()}` };
  throw new Error(`the rest cannot be read: unknown extension ${code}`);
}

/** template, first, count, rows. */
function run(reader: FrameReader, state: FrameState): string {
  const index = reader.uint();
  const first = reader.uint();
  const count = reader.uint();
  if (count > DEVTOOLS_LIMITS.rowsPerRun) throw new Error(`the rest cannot be read: a run of ${count} rows`);
  const rows: string[] = [];
  for (let at = 0; at < count; at++) {
    state.place(first + at, index);
    const text = row(reader, state, index);
    if (at < ROWS_SHOWN) rows.push(text);
  }
  const ids = count === 1 ? `#${first}` : `#${first} to #${first + count - 1} (${count})`;
  return `${ids} of template ${index} ${rows.join(" ")}${count > ROWS_SHOWN ? " …" : ""}`;
}

/** The values of one new item, in slot order. */
function row(reader: FrameReader, state: FrameState, index: number): string {
  const template = state.template(index);
  if (template === undefined) throw new UnknownTemplate(index);
  const values: string[] = [];
  for (const slot of tableOf(template).slots) {
    if (slot.kind === "e") continue;
    if (slot.kind === "c" || slot.kind === "s") values.push(content(reader, state));
    else if (slot.kind === "z") {
      const names: string[] = [];
      for (let count = reader.uint(); count > 0; count--) names.push(`${reader.str()}=${value(reader)}`);
      values.push(`{${names.join(" ")}}`);
    } else values.push(value(reader));
  }
  return `(${values.join(", ")})`;
}

function content(reader: FrameReader, state: FrameState): string {
  const runs = reader.uint();
  if (runs === 0) return quote(reader.take(reader.uint()));
  return Array.from({ length: runs }, () => `[${run(reader, state)}]`).join(" ");
}

function value(reader: FrameReader): string {
  const n = reader.uint();
  return n === 0 ? "-" : n === 1 ? '""' : quote(reader.take(n - 2));
}

function quote(text: string): string {
  return JSON.stringify(cut(text));
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
