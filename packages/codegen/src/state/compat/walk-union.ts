/**
 * Pairs the members of two unions (or of a union and a single type) and names what differs. Members that are equal, have the same
 * tag, the same name or, at last, are the only ones of their kind on both sides are a pair; the rest came or went.
 */
import type { Spot } from "./report.js";
import type { TypeRuleId } from "./rules/index.js";
import { replacedRule } from "./replaced.js";
import type { Kind } from "./search.js";
import { isText, textRule } from "./texts.js";
import type { Walk } from "./walk.js";
import { typeText } from "../schema/print.js";
import type { StateType } from "../schema/type.js";

export interface Member {
  readonly type: StateType;
  /** Of the named type it stands for. */
  readonly name?: string | undefined;
}

export interface Union {
  readonly type: StateType;
  readonly members: readonly Member[];
}

export function walkUnion(walk: Walk, old: Union, now: Union, spot: Spot): void {
  const [oldTag, newTag] = [tagOf(old), tagOf(now)];
  if (oldTag !== undefined && newTag !== undefined && oldTag !== newTag && !sharedTag(old, now, [oldTag, newTag])) {
    walk.report.add("union-tag-renamed", spot, walk.report.either(old.type, now.type), { old: oldTag, name: newTag });
    return;
  }
  const gone = [...old.members];
  const come = [...now.members];
  const tag = newTag ?? oldTag;
  for (const alike of [equal, sameTag(tag), sameValue, sameName, onlyOfKind(gone, come)]) {
    for (const member of [...gone]) {
      const partners = come.filter((other) => alike(member, other));
      const [partner] = partners;
      if (partner === undefined || (alike === equal ? false : partners.length > 1)) continue;
      gone.splice(gone.indexOf(member), 1);
      come.splice(come.indexOf(partner), 1);
      comparePair(walk, member, partner, tag, spot);
    }
  }
  report(walk, { old, now, gone, come, tag }, spot);
}

function comparePair(walk: Walk, old: Member, now: Member, tag: string | undefined, spot: Spot): void {
  const variant = tag === undefined ? undefined : tagText(old.type, tag);
  const inside = variant === undefined ? spot : { ...spot, path: `${spot.path}(${tag}: ${variant})` };
  // By their names, so that a recursive type is walked once.
  if (old.name !== undefined && now.name !== undefined) walk.compare({ kind: "ref", name: old.name }, { kind: "ref", name: now.name }, inside);
  else walk.compareMembers(old.type, now.type, inside);
}

interface Rest {
  readonly old: Union;
  readonly now: Union;
  readonly gone: readonly Member[];
  readonly come: readonly Member[];
  readonly tag: string | undefined;
}

/** Members without a partner. */
function report(walk: Walk, rest: Rest, spot: Spot): void {
  const { forward, backward } = walk.report;
  let { gone, come } = rest;
  const texts = { from: typeText(rest.old.type), to: typeText(rest.now.type) };
  const lost = (member: Member) => ({ deploy: () => forward.outside(member.type, [rest.now.type]) });
  const gained = (member: Member) => ({ rollback: () => backward.outside(member.type, [rest.old.type]) });
  const replaced = (before: Member, after: Member) => ({ ...lost(before), ...gained(after) });
  const take = (from: readonly Member[], which: readonly Member[]): readonly Member[] => from.filter((member) => !which.includes(member));

  // `null` and `undefined` first: they are said in their own words.
  const [nullGone, undefinedGone] = [gone.find(isKind("null")), gone.find(isKind("undefined"))];
  const [nullCome, undefinedCome] = [come.find(isKind("null")), come.find(isKind("undefined"))];
  if (nullGone && undefinedCome) walk.report.add("null-to-undefined", spot, replaced(nullGone, undefinedCome), texts);
  else if (undefinedGone && nullCome) walk.report.add("undefined-to-null", spot, replaced(undefinedGone, nullCome), texts);
  else {
    for (const [member, rule] of [[nullGone, "null-removed"], [undefinedGone, "undefined-removed"]] as const) if (member) walk.report.add(rule, spot, lost(member), texts);
    for (const [member, rule] of [[nullCome, "null-added"], [undefinedCome, "undefined-added"]] as const) if (member) walk.report.add(rule, spot, gained(member), texts);
  }
  gone = gone.filter((member) => !isNothing(member));
  come = come.filter((member) => !isNothing(member));

  // Literals that became their primitive, and the other way round.
  for (const of of ["string", "number", "boolean", "bigint"] as const) {
    const [widened, narrowed] = [gone.filter(isLiteral(of)), come.filter(isLiteral(of))];
    const [primitive, former] = [come.find(isKind(of)), gone.find(isKind(of))];
    if (primitive && widened.length > 0) {
      walk.report.add("literal-widened", spot, { deploy: lostAll(walk, widened, rest), ...gained(primitive) }, { from: listText(widened), to: of });
      [gone, come] = [take(gone, widened), take(come, [primitive])];
    } else if (former && narrowed.length > 0) {
      walk.report.add("literal-narrowed", spot, { ...lost(former), rollback: gainedAll(walk, narrowed, rest) }, { from: of, to: listText(narrowed) });
      [gone, come] = [take(gone, [former]), take(come, narrowed)];
    }
  }

  const [before, after] = [gone[0], come[0]];
  if (gone.length === 1 && come.length === 1 && before && after) {
    const rule = exchanged(before.type, after.type);
    if (rule !== undefined) {
      walk.report.add(rule, spot, replaced(before, after), { from: typeText(before.type), to: typeText(after.type), name: enumOf(after.type) ?? "" });
      return;
    }
  }
  const splits = gone.length === 1 && come.length > 1;
  if ((splits || (gone.length > 1 && come.length === 1)) && [...gone, ...come].every(isKind("object"))) {
    walk.report.add(splits ? "object-split" : "objects-merged", spot, { deploy: lostAll(walk, gone, rest), rollback: gainedAll(walk, come, rest) }, texts);
    return;
  }
  for (const member of gone) walk.report.add(goneRule(member, rest), spot, lost(member), { from: memberText(member, rest.tag), name: enumOf(member.type) ?? "" });
  for (const member of come) walk.report.add(comeRule(member, rest), spot, gained(member), { to: memberText(member, rest.tag), name: enumOf(member.type) ?? "" });
}

const lostAll = (walk: Walk, members: readonly Member[], rest: Rest) => () => walk.report.forward.first(members.map(({ type }) => type), [rest.now.type]);
const gainedAll = (walk: Walk, members: readonly Member[], rest: Rest) => () => walk.report.backward.first(members.map(({ type }) => type), [rest.old.type]);

/** The rule for one member that took the place of one other. */
function exchanged(old: StateType, now: StateType): TypeRuleId | undefined {
  if (old.kind === "object" && now.kind === "object") return undefined;
  if (isText(old) && isText(now) && (old.kind !== "literal" || now.kind !== "literal")) return textRule(old, now);
  if (old.kind === "literal" && now.kind === "literal") return old.of !== now.of ? "literal-changed" : old.enum !== undefined && old.enum === now.enum ? "enum-value-changed" : "literal-changed";
  return old.kind === now.kind && old.kind !== "view" ? undefined : replacedRule(old, now);
}

function goneRule({ type }: Member, { tag, come, now }: Rest): TypeRuleId {
  if (type.kind === "literal") return type.enum !== undefined ? "enum-member-removed" : "literal-removed";
  if (come.length === 0 && now.members.some((one) => one.type.kind === "unknown")) return "unknown-widened";
  return tag !== undefined && tagText(type, tag) !== undefined ? "variant-removed" : "union-member-removed";
}

function comeRule({ type }: Member, { tag }: Rest): TypeRuleId {
  if (type.kind === "literal") return type.enum !== undefined ? "enum-member-added" : "literal-added";
  return tag !== undefined && tagText(type, tag) !== undefined ? "variant-added" : "union-member-added";
}

type Alike = (old: Member, now: Member) => boolean;

const equal: Alike = (old, now) => JSON.stringify(old.type) === JSON.stringify(now.type);
const sameName: Alike = (old, now) => old.name !== undefined && old.name === now.name;
const sameValue: Alike = (old, now) => old.type.kind === "literal" && now.type.kind === "literal" && old.type.of === now.type.of && old.type.value === now.type.value;
const sameTag = (tag: string | undefined): Alike => (old, now) => tag !== undefined && tagText(old.type, tag) !== undefined && tagText(old.type, tag) === tagText(now.type, tag);

/** Judged when it is asked, of what is left then. Objects of a tagged union are told apart by their tags alone. */
const onlyOfKind = (gone: readonly Member[], come: readonly Member[]): Alike => (old, now) => {
  const { kind } = old.type;
  if (kind !== now.type.kind || kind === "literal" || kind === "view") return false;
  return gone.filter((member) => member.type.kind === kind).length === 1 && come.filter((member) => member.type.kind === kind).length === 1;
};

const isKind = (kind: StateType["kind"]) => (member: Member): boolean => member.type.kind === kind;
const isLiteral = (of: string) => (member: Member): boolean => member.type.kind === "literal" && member.type.of === of;
const isNothing = ({ type }: Member): boolean => type.kind === "null" || type.kind === "undefined";
const enumOf = (type: StateType): string | undefined => (type.kind === "literal" ? type.enum : undefined);

const tagOf = ({ type }: Union): string | undefined => (type.kind === "union" ? type.tag : undefined);

/** Whether one of the tags tells some members of both unions alike, so that it was not renamed. */
const sharedTag = (old: Union, now: Union, tags: readonly [string, string]): boolean =>
  tags.some((tag) => old.members.some((member) => now.members.some((other) => sameTag(tag)(member, other))));

/** The literal that a tag has in a member. */
function tagText(type: StateType, tag: string): string | undefined {
  const field = type.kind === "object" && Object.hasOwn((type as Kind<"object">).fields, tag) ? type.fields[tag] : undefined;
  return field?.type.kind === "literal" && !field.optional ? typeText(field.type) : undefined;
}

const memberText = ({ type, name }: Member, tag: string | undefined): string => {
  const variant = tag === undefined ? undefined : tagText(type, tag);
  return variant !== undefined ? `${tag}: ${variant}` : (name ?? typeText(type));
};

const listText = (members: readonly Member[]): string => members.map(({ type }) => typeText(type)).join(" | ");
