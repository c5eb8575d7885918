// A page for tests of the applier: a document from its parts, and frames from a few words. The writer is the real one.
import { encodePayload } from "../../src/protocol/payload.js";
import { FrameWriter } from "../../src/protocol/writer.js";
import { Mirror } from "../../src/testing/mirror.js";

export interface PageParts {
  readonly head?: string;
  /** Body content before the body range's anchor. */
  readonly body?: string;
  /** id, table, id, table … from index 2 on. */
  readonly t?: readonly string[];
  readonly s?: readonly number[];
  /** HTML after the body range's anchor. */
  readonly after?: string;
}

export function documentOf({ head = "", body = "", t = [], s = [0, 0], after = "" }: PageParts): string {
  const boot = { v: 1, b: "build", t, s, h: [], g: "", p: "/", n: "nonce" };
  const blob = JSON.stringify(boot).replaceAll("<", "\\u003c");
  return `<!doctype html><html><head>${head}<!><meta charset="utf-8"></head><body>${body}<!><script type="application/vango" id="vango-boot">${blob}</script>${after}</body></html>`;
}

export const mirrorOf = (parts: PageParts): Mirror => new Mirror(documentOf(parts));

/** A row's values: a text is a text, null absent, true present; the content of a child slot is `text()` or `items()`. */
export type Part = (w: FrameWriter) => void;

export const val = (v: string | boolean | null): Part => (w) => w.value(v);
export const text = (s: string): Part => (w) => {
  w.varint(0);
  w.str(s);
};
export interface RunOf {
  readonly t: number;
  readonly first: number;
  readonly rows: readonly (readonly Part[])[];
}
const run = (w: FrameWriter, r: RunOf): void => {
  w.varint(r.t);
  w.varint(r.first);
  w.varint(r.rows.length);
  for (const row of r.rows) for (const part of row) part(w);
};
export const items = (...runs: RunOf[]): Part => (w) => {
  w.varint(runs.length);
  for (const r of runs) run(w, r);
};
export const spread = (values: Readonly<Record<string, string | boolean | null>>): Part => (w) => {
  w.varint(Object.keys(values).length);
  for (const [name, v] of Object.entries(values)) {
    w.str(name);
    w.value(v);
  }
};

/** Operations of one frame. */
export const op = {
  set: (inst: number, slot: number, s: string, name?: string): Part => (w) => {
    w.op(inst, 0);
    w.varint(slot);
    if (name !== undefined) w.str(name);
    w.str(s);
  },
  flag: (inst: number, slot: number, on: boolean, name?: string): Part => (w) => {
    w.op(inst, 1);
    w.varint(slot);
    w.varint(on ? 1 : 0);
    if (name !== undefined) w.str(name);
  },
  insert: (inst: number, slot: number, before: number, r: RunOf): Part => (w) => {
    w.op(inst, 2);
    w.varint(slot);
    w.varint(before);
    run(w, r);
  },
  remove: (inst: number, count = 1): Part => (w) => {
    w.op(inst, 3);
    w.varint(count);
  },
  move: (inst: number, before: number): Part => (w) => {
    w.op(inst, 4);
    w.varint(before);
  },
  clear: (inst: number, slot: number): Part => (w) => {
    w.op(inst, 5);
    w.varint(slot);
  },
  replace: (inst: number, t: number, id: number, ...row: Part[]): Part => (w) => {
    w.op(inst, 6);
    w.varint(t);
    w.varint(id);
    for (const part of row) part(w);
  },
  template: (index: number, id: string, table: string, html: string): Part => (w) => {
    w.op(0, 7);
    w.varint(index);
    w.str(id);
    w.str(table);
    w.str(html);
  },
  url: (mode: number, scroll: boolean, href: string): Part => (w) => {
    w.op(1, 7);
    w.varint(mode);
    w.varint(scroll ? 1 : 0);
    w.str(href);
  },
  emit: (name: string, detail: unknown): Part => (w) => {
    w.op(2, 7);
    w.str(name);
    w.bytes(encodePayload(detail));
  },
  epoch: (n: number): Part => (w) => {
    w.op(3, 7);
    w.varint(n);
  },
};

/** One PATCH message. */
export function frame(seq: number, ...ops: Part[]): Uint8Array {
  const w = new FrameWriter();
  for (const part of ops) part(w);
  return w.finish(2, seq, 0).slice();
}

/** Applies one frame, numbered after the last. */
export const patch = (mirror: Mirror, ...ops: Part[]): void => mirror.apply(frame(mirror.seq + 1, ...ops));

