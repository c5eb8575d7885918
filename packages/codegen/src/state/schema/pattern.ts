/**
 * Forms of text: what a `template` says of a text, and how the keys of a record of `number` are written. Invariants: a pattern
 * speaks of the whole text, has no anchors, and uses only literals, escapes, classes, groups, `|`, `*`, `+`, `?` and `{n,m}`, so
 * that two patterns can be compared for every text (compat/language.ts).
 */

/** `${string}`. */
export const ANY_TEXT = "[\\s\\S]*";

/** `${number}`: as JavaScript writes a finite number. */
export const NUMBER_TEXT = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:e[+-][0-9]+)?";

/** `${bigint}`. */
export const BIGINT_TEXT = "-?(?:0|[1-9][0-9]*)";

/** A key of `Record<number, T>`. */
export const NUMBER_KEY = `(?:${NUMBER_TEXT}|NaN|-?Infinity)`;

/** A text as the pattern that only it matches. */
export const exactText = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** The source of the regular expression (flags: none) that says whether a whole text has the form. */
export const wholeText = (pattern: string): string => `^(?:${pattern})$`;

/** {@link wholeText}, ready to test with. */
export const textTest = (pattern: string): RegExp => new RegExp(wholeText(pattern));
