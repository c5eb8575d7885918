/**
 * Texts of a form, as regular languages: whether every text of one is of another, and a text that is not. By derivatives
 * (Brzozowski), which need no table of states. Invariants: languages are built once per `id`, so that equal ones are one; every
 * language but `nothing` has a text; texts given back are shortest and free of surrogates.
 */
import { TooComplex } from "./limits.js";

/** A set of texts. Compared by `id`. */
export interface Language {
  readonly id: string;
  /** Has the empty text. */
  readonly nullable: boolean;
  readonly form:
    | { readonly is: "nothing" | "empty" }
    | { readonly is: "chars"; readonly ranges: readonly Range[] }
    | { readonly is: "sequence"; readonly first: Language; readonly rest: Language }
    | { readonly is: "choice"; readonly options: readonly Language[] }
    | { readonly is: "repeat"; readonly of: Language };
}

/** Code units from and to, both included. */
export type Range = readonly [from: number, to: number];

const LAST = 0xffff;
/** States of a search before it is given up. */
const STATE_LIMIT = 4000;

export const nothing: Language = { id: "∅", nullable: false, form: { is: "nothing" } };
export const empty: Language = { id: "ε", nullable: true, form: { is: "empty" } };

export function chars(ranges: readonly Range[]): Language {
  const merged = merge(ranges);
  if (merged.length === 0) return nothing;
  return { id: `[${merged.map(([from, to]) => `${from.toString(36)}-${to.toString(36)}`).join(",")}]`, nullable: false, form: { is: "chars", ranges: merged } };
}

export function sequence(first: Language, rest: Language): Language {
  if (first === nothing || rest === nothing) return nothing;
  if (first === empty) return rest;
  if (rest === empty) return first;
  if (first.form.is === "sequence") return sequence(first.form.first, sequence(first.form.rest, rest));
  return { id: `(${first.id}${rest.id})`, nullable: first.nullable && rest.nullable, form: { is: "sequence", first, rest } };
}

export function choice(options: readonly Language[]): Language {
  const all = new Map<string, Language>();
  for (const option of options.flatMap((one) => (one.form.is === "choice" ? one.form.options : [one]))) if (option !== nothing) all.set(option.id, option);
  if (all.has(everything.id)) return everything;
  const sorted = [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (sorted.length < 2) return sorted[0] ?? nothing;
  return { id: `(${sorted.map((one) => one.id).join("|")})`, nullable: sorted.some((one) => one.nullable), form: { is: "choice", options: sorted } };
}

export function repeat(of: Language): Language {
  if (of === nothing || of === empty) return empty;
  if (of.form.is === "repeat") return of;
  return { id: `${of.id}*`, nullable: true, form: { is: "repeat", of } };
}

/** Every text. */
export const everything: Language = repeat(chars([[0, LAST]]));

/** One text. */
export const exactly = (text: string): Language =>
  Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).reduceRight((then, unit) => sequence(chars([[unit, unit]]), then), empty);

/** All code units but these. */
export function others(ranges: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let next = 0;
  for (const [from, to] of merge(ranges)) {
    if (from > next) left.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST) left.push([next, LAST]);
  return left;
}

/** A shortest text of the first language that is not of the second; undefined when all are. @throws TooComplex */
export function textOutside(language: Language, covered: Language): string | undefined {
  const alphabet = representatives([language, covered]);
  let front: { readonly text: string; readonly inside: Language; readonly covered: Language }[] = [{ text: "", inside: language, covered }];
  const seen = new Set<string>();
  while (front.length > 0) {
    const next: typeof front = [];
    for (const at of front) {
      if (at.inside === nothing || at.covered === everything) continue;
      if (at.inside.nullable && !at.covered.nullable) return at.text;
      const state = `${at.inside.id} ${at.covered.id}`;
      if (seen.has(state)) continue;
      seen.add(state);
      if (seen.size > STATE_LIMIT) throw new TooComplex("forms of text");
      for (const unit of alphabet) next.push({ text: at.text + String.fromCharCode(unit), inside: after(at.inside, unit), covered: after(at.covered, unit) });
    }
    front = next;
  }
  return undefined;
}

/** What may follow a code unit. */
function after(language: Language, unit: number): Language {
  const { form } = language;
  switch (form.is) {
    case "nothing":
    case "empty":
      return nothing;
    case "chars":
      return form.ranges.some(([from, to]) => from <= unit && unit <= to) ? empty : nothing;
    case "sequence": {
      const longer = sequence(after(form.first, unit), form.rest);
      return form.first.nullable ? choice([longer, after(form.rest, unit)]) : longer;
    }
    case "choice":
      return choice(form.options.map((option) => after(option, unit)));
    case "repeat":
      return sequence(after(form.of, unit), language);
  }
}

/** One code unit of each class that no range tells apart, readable where there is a choice. */
function representatives(languages: readonly Language[]): readonly number[] {
  const starts = new Set([0, SURROGATES[0], SURROGATES[1] + 1]);
  const visit = ({ form }: Language): void => {
    if (form.is === "chars") for (const [from, to] of form.ranges) starts.add(from).add(to + 1);
    else if (form.is === "sequence") [form.first, form.rest].forEach(visit);
    else if (form.is === "choice") form.options.forEach(visit);
    else if (form.is === "repeat") visit(form.of);
  };
  languages.forEach(visit);
  const sorted = [...starts].filter((start) => start <= LAST).sort((a, b) => a - b);
  const found = sorted
    .map((start, i): Range => [start, (sorted[i + 1] ?? LAST + 1) - 1])
    .filter(([start]) => start < SURROGATES[0] || start > SURROGATES[1])
    .map(([start, end]) => READABLE.find((unit) => start <= unit && unit <= end) ?? start);
  return found.sort((a, b) => rank(a) - rank(b));
}

const SURROGATES: Range = [0xd800, 0xdfff];
const READABLE = Array.from("axA0-_ .", (letter) => letter.charCodeAt(0));
const rank = (unit: number): number => (READABLE.includes(unit) ? READABLE.indexOf(unit) : unit > 32 && unit < 127 ? 100 : 1000);

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && range[0] <= last[1] + 1) merged[merged.length - 1] = [last[0], Math.max(last[1], range[1])];
    else merged.push(range);
  }
  return merged;
}
