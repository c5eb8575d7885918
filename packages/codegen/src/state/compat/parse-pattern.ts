/**
 * Reads the regular expressions of templates (schema/pattern.ts) as languages. Invariant: what it does not know (anchors,
 * assertions, back-references) is TooComplex, never guessed.
 */
import { choice, chars, empty, everything, exactly, others, repeat, sequence, type Language, type Range } from "./language.js";
import { TooComplex } from "./limits.js";
import { NUMBER_KEY } from "../schema/pattern.js";
import type { StateType } from "../schema/type.js";

const parsed = new Map<string, Language>();

/** The texts that a pattern matches whole. @throws TooComplex */
export function languageOf(pattern: string): Language {
  let language = parsed.get(pattern);
  if (language === undefined) parsed.set(pattern, (language = new PatternReader(pattern).read()));
  return language;
}

/** The texts of a type, or those that may be keys of a record of it. Not for unions and references. */
export function textsOf(type: StateType): Language | undefined {
  switch (type.kind) {
    case "string":
      return everything;
    case "number":
      return languageOf(NUMBER_KEY);
    case "template":
      return languageOf(type.pattern);
    case "literal":
      return exactly(String(type.value));
    default:
      return undefined;
  }
}

const DIGITS: Range = [48, 57];
const CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: [DIGITS],
  w: [DIGITS, [65, 90], [95, 95], [97, 122]],
  s: [[9, 13], [32, 32], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff]],
};
const LINE_ENDS: readonly Range[] = [[10, 10], [13, 13], [0x2028, 0x2029]];
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

class PatternReader {
  #at = 0;
  constructor(private readonly source: string) {}

  read(): Language {
    const language = this.#choice();
    if (this.#at < this.source.length) this.#unknown();
    return language;
  }

  #choice(): Language {
    const options = [this.#sequence()];
    while (this.#take("|")) options.push(this.#sequence());
    return choice(options);
  }

  #sequence(): Language {
    const parts: Language[] = [];
    while (this.#at < this.source.length && !"|)".includes(this.#peek())) parts.push(this.#repeated(this.#atom()));
    return parts.reduceRight((then, first) => sequence(first, then), empty);
  }

  #repeated(atom: Language): Language {
    if (this.#take("*")) return repeat(atom);
    if (this.#take("+")) return sequence(atom, repeat(atom));
    if (this.#take("?")) return choice([empty, atom]);
    const count = /^\{(\d+)(,(\d*))?\}/.exec(this.source.slice(this.#at));
    if (count === null) return atom;
    this.#at += count[0].length;
    const least = Number(count[1]);
    const most = count[2] === undefined ? least : count[3] === "" ? undefined : Number(count[3]);
    if (Math.max(least, most ?? 0) > 200) throw new TooComplex("a count in a form of text");
    const tail = most === undefined ? repeat(atom) : Array.from({ length: Math.max(0, most - least) }).reduce<Language>((then) => choice([empty, sequence(atom, then)]), empty);
    return Array.from({ length: least }).reduce<Language>((then) => sequence(atom, then), tail);
  }

  #atom(): Language {
    const unit = this.#next();
    if (unit === "(") {
      if (this.#take("?") && !this.#take(":")) this.#unknown();
      const inside = this.#choice();
      if (!this.#take(")")) this.#unknown();
      return inside;
    }
    if (unit === "[") return this.#class();
    if (unit === ".") return chars(others(LINE_ENDS));
    if (unit === "\\") return chars(this.#escape());
    if ("^$*+?{".includes(unit)) this.#unknown();
    return one(unit.charCodeAt(0));
  }

  #class(): Language {
    const negated = this.#take("^");
    const ranges: Range[] = [];
    while (!this.#take("]")) {
      const from = this.#member();
      const [first] = from;
      if (from.length === 1 && first !== undefined && first[0] === first[1] && this.#peek() === "-" && this.source[this.#at + 1] !== "]") {
        this.#at++;
        const [last] = this.#member();
        if (last === undefined) this.#unknown();
        ranges.push([first[0], last[1]]);
      } else ranges.push(...from);
    }
    return chars(negated ? others(ranges) : ranges);
  }

  #member(): readonly Range[] {
    const unit = this.#next();
    return unit === "\\" ? this.#escape() : [[unit.charCodeAt(0), unit.charCodeAt(0)]];
  }

  #escape(): readonly Range[] {
    const unit = this.#next();
    const known = CLASSES[unit] ?? (CLASSES[unit.toLowerCase()] === undefined ? undefined : others(CLASSES[unit.toLowerCase()] ?? []));
    if (known !== undefined) return known;
    const control = CONTROLS[unit];
    if (control !== undefined) return [[control, control]];
    const hex = unit === "x" ? 2 : unit === "u" ? 4 : 0;
    if (hex > 0) {
      const code = Number.parseInt(this.source.slice(this.#at, this.#at + hex), 16);
      this.#at += hex;
      if (!Number.isNaN(code)) return [[code, code]];
    }
    if (/[A-Za-z0-9]/.test(unit)) this.#unknown();
    return [[unit.charCodeAt(0), unit.charCodeAt(0)]];
  }

  #peek(): string {
    return this.source[this.#at] ?? "";
  }

  #next(): string {
    return this.source[this.#at++] ?? this.#unknown();
  }

  #take(unit: string): boolean {
    if (this.#peek() !== unit) return false;
    this.#at++;
    return true;
  }

  #unknown(): never {
    throw new TooComplex(`the form of text /${this.source}/`);
  }
}

const one = (unit: number): Language => chars([[unit, unit]]);
