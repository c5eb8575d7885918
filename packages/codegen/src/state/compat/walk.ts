/**
 * Walks two types side by side and names what differs, each by its rule. Invariant: it only explains. Whether a difference
 * matters is decided by a value (report.ts); that nothing was missed, by the search over the whole types (judge.ts).
 */
import { walkObject } from "./walk-object.js";
import { walkCollection } from "./walk-collections.js";
import { walkUnion, type Member } from "./walk-union.js";
import { replacedRule } from "./replaced.js";
import type { Report, Spot } from "./report.js";
import { isText, textRule } from "./texts.js";
import { typeText } from "../schema/print.js";
import type { StateSchema, StateType } from "../schema/type.js";

export class Walk {
  readonly #seen = new Set<string>();

  constructor(readonly report: Report) {}

  /** What differs between the old type and the new one at a spot. Named types are compared once, and none inside of itself. */
  compare(old: StateType, now: StateType, spot: Spot): void {
    const pair = `${JSON.stringify(old)} ${JSON.stringify(now)}`;
    if (this.#seen.has(pair)) return;
    this.#seen.add(pair);
    this.#compare(old, now, spot);
    if (old.kind !== "ref" && now.kind !== "ref") this.#seen.delete(pair);
  }

  #compare(old: StateType, now: StateType, spot: Spot): void {
    if (old.kind === "ref" && now.kind === "ref" && old.name !== now.name) this.report.add("type-renamed", spot, {}, { from: old.name, to: now.name });
    const before = membersOf(old, this.report.from.defs);
    const after = membersOf(now, this.report.to.defs);
    const [one] = before;
    const [other] = after;
    if (one !== undefined && other !== undefined && before.length === 1 && after.length === 1) this.compareMembers(one.type, other.type, spot);
    else walkUnion(this, { type: old, members: before }, { type: now, members: after }, spot);
  }

  /** Two types that are neither unions nor names. */
  compareMembers(old: StateType, now: StateType, spot: Spot): void {
    if (old.kind === "object" && now.kind === "object") return walkObject(this, old, now, spot);
    if (old.kind === now.kind && walkCollection(this, old, now, spot)) return;
    const from = typeText(old);
    const to = typeText(now);
    const add = (rule: Parameters<Report["add"]>[0], details = {}): void => this.report.add(rule, spot, this.report.either(old, now), { from, to, ...details });
    if (old.kind === "literal" && now.kind === "literal") {
      if (old.of === now.of && old.value === now.value) {
        if (old.enum !== now.enum) add("enum-renamed", { from: enumText(old), to: enumText(now) });
      } else if (old.enum !== undefined && old.enum === now.enum) add("enum-value-changed", { name: old.enum });
      else add("literal-changed");
    } else if (isText(old) && isText(now) && (old.kind === "template" || now.kind === "template")) {
      const rule = textRule(old, now);
      if (rule !== undefined) add(rule);
    } else if (old.kind === "literal" && now.kind === old.of) add("literal-widened");
    else if (now.kind === "literal" && old.kind === now.of) add("literal-narrowed");
    else if (old.kind !== now.kind || old.kind === "view") {
      const rule = replacedRule(old, now);
      if (rule !== undefined) add(rule);
    } else if ("brand" in old || "brand" in now) {
      const brands = [brandOf(old), brandOf(now)];
      if (brands[0] === brands[1]) return;
      this.report.add(brands[0] === undefined ? "brand-added" : brands[1] === undefined ? "brand-removed" : "brand-changed", spot, {}, { from, to });
    }
  }
}

const brandOf = (type: StateType): string | undefined => ("brand" in type ? type.brand : undefined);
const enumText = (type: StateType & { readonly kind: "literal" }): string => (type.enum === undefined ? typeText(type) : `${type.enum} (${typeText(type)})`);

/** The members of a type: itself, if it is no union. Names are opened; the outermost name of each is kept. */
function membersOf(type: StateType, defs: StateSchema["defs"], name?: string, opened: readonly string[] = []): readonly Member[] {
  if (type.kind === "union") return type.members.flatMap((member) => membersOf(member, defs, undefined, opened));
  if (type.kind !== "ref") return [{ type, name }];
  if (opened.includes(type.name)) return [];
  return membersOf(defs[type.name] as StateType, defs, type.name, [...opened, type.name]);
}
