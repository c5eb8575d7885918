// One synchronous pass from views to HTML, boot structure and hashes. Retains nothing but the component cells it made, which
// the caller disposes. The hot path is the row of a list: statics and escaped values, concatenated.
import { foldInt, foldPrimitive, foldSpread, foldValue, SEED, templateHash, unsigned } from "../live/hash.js";
import { EntryList, settle, type Entry } from "../live/items.js";
import { checkKeys, type Key } from "../live/keyed.js";
import type { Owner } from "../live/cell.js";
import { BoundaryCell, ComponentCell, isBoundary } from "../live/component-cell.js";
import type { TreeHost } from "../live/tree-host.js";
import { describe, isContent, isReadable, spreadValues, textOf, wireValue, type Primitive, type WireValue } from "../live/values.js";
import { coreError } from "../errors.js";
import { endRefusals, refusals } from "../loop/refused-urls.js";
import { running } from "../reactive/system.js";
import { keepWrites } from "../reactive/undo.js";
import { F } from "../template/builtin.js";
import type { Template } from "../template/define.js";
import { BOOL, CHILD, CLASS, HTML, PROP, SOLE, SPREAD, STYLE, TEXT } from "../template/kinds.js";
import { ComponentView, EachView, ViewNode, type Evaluator } from "../view/view-node.js";
import { markSelected } from "./selected.js";
import { escapeAttribute, escapeText, IN_ATTRIBUTE, IN_TEXT, rawText, scan, scanned } from "./escape.js";

/** What the boot blob says about a rendered page, see docs/architecture.md §3. */
export interface Structure {
  /** Template ids and tables, in order of first appearance. */
  readonly t: readonly string[];
  readonly s: readonly number[];
  readonly h: readonly number[];
}

export interface RenderedPage extends Structure {
  readonly head: string;
  /** The body's HTML in pieces of some kilobytes: joined they are the page, one by one they are cheap to encode or to send. */
  readonly chunks: readonly string[];
  /** The body's HTML as one string. */
  readonly body: string;
  /** Every component instance of the pass, to be disposed. */
  readonly cells: readonly ComponentCell[];
}

/** Renders a page's head and body for a GET. Throws what no boundary caught; the cells are disposed then. */
export function renderPage(root: Owner, head: unknown, body: unknown): RenderedPage {
  const pass = new SsrPass(root.host);
  const sub = running.sub;
  const phase = running.phase;
  const writable = running.writable;
  running.sub = undefined;
  running.phase = "render";
  running.writable = undefined;
  refusals.host = root.host;
  try {
    pass.child(head, root, 1);
    const headHtml = pass.finish().join("");
    pass.child(body, root, 1);
    const chunks = pass.finish();
    return {
      head: headHtml,
      chunks,
      get body() {
        return chunks.join("");
      },
      t: pass.tables(),
      s: pass.s,
      h: pass.h,
      cells: pass.cells,
    };
  } catch (error) {
    for (const cell of pass.cells) cell.dispose();
    throw error;
  } finally {
    running.sub = sub;
    running.phase = phase;
    running.writable = writable;
    refusals.host = undefined;
    endRefusals();
    // What setups wrote of handed-over results stays: no later turn may take it back.
    if (running.loop === undefined) keepWrites();
  }
}

/** A range that is being rendered: its run, its hashes, where its numbers stand in the structure. */
interface OpenRange {
  readonly outer: number;
  readonly hashAt: number;
  readonly runsAt: number;
  runs: number;
  keys: number;
  tpl: Template | undefined;
  headAt: number;
  count: number;
  /** Ranges before the run: when no more have come at its end, the run is flat. */
  ranges: number;
}

/** A select with a value, whose options are being rendered. */
interface OpenSelect {
  readonly before: string;
  readonly value: string;
}

/** Characters at which a list closes a chunk. */
const CHUNK = 4096;

class SsrPass {
  readonly s: number[] = [];
  readonly h: number[] = [];
  readonly cells: ComponentCell[] = [];
  /** Hash of the range that is being rendered. */
  hash = SEED;
  /** The item that `open` found is a boundary's wrapper: what it holds is rendered under its guard. */
  guards = false;
  /** Counts ranges with items: a run in which it did not move is flat. */
  ranges = 0;
  readonly templates: Template[] = [];
  readonly numbers: number[] = [];
  // The item that `open` found: fields instead of an object per item.
  tpl: Template = F;
  ev: Evaluator = () => undefined;
  owner: Owner | undefined;

  /** HTML that is in no chunk yet. */
  private out = "";
  private chunks: string[] = [];
  /** Above 0 while a caller needs what is rendered in one piece. */
  private held = 0;

  constructor(readonly host: TreeHost) {}

  /** The chunks so far; the next ones are another part's. */
  finish(): readonly string[] {
    const chunks = this.chunks;
    if (this.out !== "") chunks.push(this.out);
    this.out = "";
    this.chunks = [];
    return chunks;
  }

  number(tpl: Template): number {
    if (tpl === F) return 0;
    let n = this.numbers[tpl.index];
    if (n === undefined) {
      n = this.templates.push(tpl) + 1;
      this.numbers[tpl.index] = n;
    }
    return n;
  }

  tables(): string[] {
    return this.templates.flatMap((tpl) => [tpl.id, tpl.table]);
  }

  /** Content of a child slot. */
  child(given: unknown, cell: Owner, depth: number): void {
    const v = typeof given === "object" && given !== null ? settle(given) : given;
    const text = textOf(v);
    if (text !== undefined) {
      this.s.push(0);
      this.out += this.text(text);
    } else if (v instanceof EachView) this.each(v, cell, depth);
    else if (v instanceof EntryList) this.entries(v.entries, cell, depth);
    else this.single(v, cell, depth);
  }

  /** A text: scanned once for its hash and for what must be escaped. */
  private text(v: Primitive): string {
    if (typeof v !== "string") {
      this.hash = foldPrimitive(this.hash, v);
      return String(v);
    }
    this.hash = scan(this.hash, v);
    return (scanned.special & IN_TEXT) === 0 ? v : escapeText(v);
  }

  private each(v: EachView, cell: Owner, depth: number): void {
    const items = (isReadable(v.list) ? v.list.get() : v.list) as readonly unknown[];
    const { keyOf, row } = v;
    const n = items.length;
    if (n === 0) {
      this.child("", cell, depth);
      return;
    }
    checkKeys(items, keyOf);
    const range = this.openRange();
    for (let i = 0; i < n; i++) {
      const item = items[i];
      this.item(range, keyOf(item), row(item), cell, depth);
      if (this.out.length > CHUNK && this.held === 0) this.cut();
    }
    this.closeRange(range);
  }

  private entries(entries: readonly Entry[], cell: Owner, depth: number): void {
    const range = this.openRange();
    for (const { key, value } of entries) this.item(range, key, value, cell, depth);
    this.closeRange(range);
  }

  private single(v: unknown, cell: Owner, depth: number): void {
    const range = this.openRange();
    this.item(range, undefined, v, cell, depth);
    this.closeRange(range);
  }

  /** Closes a chunk: a short rope is flattened while it is still in the cache, a page-long one is not. */
  private cut(): void {
    this.chunks.push(this.out);
    this.out = "";
  }

  private openRange(): OpenRange {
    const range = { outer: this.hash, hashAt: this.h.push(0, 0) - 2, runsAt: this.s.push(0) - 1, runs: 0, keys: 0, tpl: undefined, headAt: 0, count: 0, ranges: 0 };
    this.hash = SEED;
    this.ranges++;
    return range;
  }

  private closeRange(range: OpenRange): void {
    this.closeRun(range);
    this.s[range.runsAt] = range.runs;
    this.h[range.hashAt] = unsigned(this.hash);
    this.h[range.hashAt + 1] = unsigned(range.keys);
    this.hash = foldInt(range.outer, this.hash);
  }

  private closeRun(range: OpenRange): void {
    const { tpl, headAt } = range;
    if (tpl === undefined) return;
    const flat = this.ranges === range.ranges;
    this.s[headAt] = this.number(tpl) * 2 + (flat ? 1 : 0);
    this.s[headAt + 1] = range.count;
    if (flat) this.s.length = headAt + 2;
  }

  /** One item of a range: continues its run of one template or begins another. */
  private item(range: OpenRange, key: Key | undefined, v: unknown, cell: Owner, depth: number): void {
    let tpl: Template;
    let ev: Evaluator;
    let owner = cell;
    let guards = false;
    if (v instanceof ViewNode) {
      tpl = v.template;
      ev = v.ev;
    } else {
      this.open(v, cell, depth);
      tpl = this.tpl;
      ev = this.ev;
      owner = this.owner as Owner;
      guards = this.guards;
    }
    if (tpl !== range.tpl) {
      this.closeRun(range);
      range.tpl = tpl;
      range.runs++;
      range.count = 0;
      this.number(tpl);
      range.headAt = this.s.push(0, 0) - 2;
      range.ranges = this.ranges;
    }
    range.count++;
    let h = foldInt(this.hash, templateHash(tpl));
    if (key !== undefined) {
      h = foldPrimitive(h, key);
      range.keys = foldPrimitive(range.keys, key);
    }
    this.hash = h;
    if (guards) this.boundary(owner as BoundaryCell, ev, depth);
    else this.instance(tpl, ev, owner, depth);
  }

  /** Finds template, evaluator and owner of an item; a component's setup and render run here. */
  private open(given: unknown, cell: Owner, depth: number): void {
    this.guards = false;
    if (given instanceof ViewNode) {
      this.tpl = given.template;
      this.ev = given.ev;
      this.owner = cell;
      return;
    }
    if (given instanceof ComponentView) {
      const Made = isBoundary(given.type) ? BoundaryCell : ComponentCell;
      const made = new Made(this.host, cell, depth, given.type, given.props, given.key);
      this.cells.push(made);
      made.start();
      const v = made.renderOnce();
      if (made.inlines && (v instanceof ViewNode || v instanceof ComponentView)) {
        this.open(v, made, depth);
        return;
      }
      this.tpl = F;
      this.ev = () => v;
      this.owner = made;
      this.guards = made instanceof BoundaryCell;
      return;
    }
    if (!isContent(given)) {
      throw coreError("VANGO_BAD_CHILD", { message: `Found ${describe(given)}.` });
    }
    this.tpl = F;
    this.ev = () => given;
    this.owner = cell;
  }

  private instance(tpl: Template, ev: Evaluator, cell: Owner, depth: number): void {
    const { statics, emit, kinds, names, asText } = tpl;
    // Attributes and texts gather in a local; it joins `out` before a child range writes there, and at the end.
    let out = statics[0] as string;
    let select: OpenSelect | undefined;
    for (let e = 0; e < emit.length; e++) {
      const slot = emit[e] as number;
      const kind = kinds[slot] as number;
      let v = ev(slot);
      if (kind === CHILD || kind === SOLE) {
        if (typeof v === "string" && tpl.dropsNewline[slot] === 0) {
          this.s.push(0);
          out += this.text(v) + (statics[e + 1] as string);
          continue;
        }
        if (typeof v === "number") {
          this.s.push(0);
          this.hash = foldPrimitive(this.hash, v);
          out += v + (statics[e + 1] as string);
          continue;
        }
        this.out += out;
        out = "";
        if (tpl.dropsNewline[slot] === 1) this.behindNewline(v, cell, depth + 1);
        else this.child(v, cell, depth + 1);
      } else if (kind === SPREAD) {
        out += this.spread(isReadable(v) ? v.get() : v);
      } else {
        if (typeof v === "object" && isReadable(v)) v = v.get();
        const value = wireValue(kind, names[slot] as string, v);
        if (kind === PROP && value !== null && tpl.slots[slot]?.extra === "o") {
          // From here to the end of the select its options are kept in one piece, to be marked.
          this.out += out;
          out = "";
          this.endSelect(select);
          select = this.beginSelect(String(value));
        }
        if (typeof value === "string" && kind !== HTML && asText[slot] === 0) {
          this.hash = scan(this.hash, value);
          const escaped = (scanned.special & IN_ATTRIBUTE) === 0 ? value : escapeAttribute(value);
          out += ` ${kind === CLASS ? "class" : kind === STYLE ? "style" : (names[slot] as string)}="${escaped}"`;
        } else {
          this.hash = foldValue(this.hash, value);
          if (kind === HTML) out += value === null ? "" : String(value);
          else if (asText[slot] === 1) out += elementText(tpl, slot, value);
          else if (value !== null) out += attribute(kind, names[slot] as string, value);
        }
      }
      out += statics[e + 1] as string;
    }
    this.out += out;
    this.endSelect(select);
  }

  private beginSelect(value: string): OpenSelect {
    const before = this.out;
    this.out = "";
    this.held++;
    return { before, value };
  }

  private endSelect(select: OpenSelect | undefined): void {
    if (select === undefined) return;
    this.held--;
    this.out = select.before + markSelected(this.out, select.value);
  }

  /** Content of an element whose first newline the parser drops: one that the content begins with is doubled. */
  private behindNewline(v: unknown, cell: Owner, depth: number): void {
    const before = this.out;
    this.out = "";
    this.held++;
    this.child(v, cell, depth);
    this.held--;
    this.out = before + (this.out.startsWith("\n") ? `\n${this.out}` : this.out);
  }

  private spread(v: unknown): string {
    const values = spreadValues(v);
    this.hash = foldSpread(this.hash, values);
    let out = "";
    for (const name of Object.keys(values)) out += attribute(-1, name, values[name] as WireValue);
    return out;
  }

  /** A boundary: when what it holds throws, everything since its start is taken back and the fallback is rendered. */
  private boundary(cell: BoundaryCell, ev: Evaluator, depth: number): void {
    const { hash, ranges, out, held } = this;
    const chunks = this.chunks.length;
    const s = this.s.length;
    const h = this.h.length;
    const cells = this.cells.length;
    try {
      this.instance(F, ev, cell, depth);
    } catch (error) {
      for (const made of this.cells.splice(cells)) made.dispose();
      this.s.length = s;
      this.h.length = h;
      this.hash = hash;
      this.ranges = ranges;
      this.out = out;
      this.held = held;
      this.chunks.length = chunks;
      running.sub = undefined;
      this.host.report(error, cell);
      const v = cell.failedView(error);
      this.instance(F, () => v, cell, depth);
    }
  }
}

/** ` name="value"`, or nothing. */
function attribute(kind: number, name: string, value: WireValue): string {
  const label = kind === CLASS ? "class" : kind === STYLE ? "style" : name;
  if (value === null) return "";
  if (value === true) return kind === BOOL ? ` ${label}` : ` ${label}=""`;
  return typeof value === "string" ? ` ${label}="${escapeAttribute(value)}"` : ` ${label}="${String(value)}"`;
}

/** Text of textarea, title and the like. */
function elementText(tpl: Template, slot: number, value: WireValue): string {
  if (value === null || value === true) return "";
  const text = String(value);
  const body = tpl.kinds[slot] === TEXT && tpl.rawText[slot] === 1 ? rawText(text) : escapeText(text);
  return tpl.dropsNewline[slot] === 1 && body.startsWith("\n") ? `\n${body}` : body;
}
