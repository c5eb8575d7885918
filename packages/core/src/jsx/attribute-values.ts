// Value types of JSX attributes. Invariant: every attribute also takes a signal of its value, and
// null, undefined or false, which remove it. The generated `elements.gen.ts` is built from these.

import type { Properties, PropertiesHyphen } from "csstype";
import type { ReadonlySignal, TrustedHtml } from "./contract.js";

/** What removes an attribute. */
export type Absent = null | undefined | false;

/**
 * An attribute of value `T`: the value, a signal of it, or nothing.
 *
 * @example
 * const id: Attribute<string> = setup.signal("a");
 */
export type Attribute<T> = T | Absent | ReadonlySignal<T> | ReadonlySignal<T | Absent>;

/** Free text; numbers are written in decimal. */
export type TextAttribute = Attribute<string | number>;

/** A number, or the same number as text (`tabindex="0"`). */
export type NumberAttribute = Attribute<number | `${number}`>;

/** Present or absent; `""` is the HTML way to write present. */
export type BooleanAttribute = Attribute<boolean | "">;

/** `true` and `false` are written out as words (`contenteditable`, `draggable`, `aria-hidden`). */
export type WordBooleanAttribute = Attribute<boolean | "true" | "false">;

/** One of a list of keywords. */
export type KeywordAttribute<T extends string> = Attribute<T>;

/** Keywords that editors can complete, and any other text (`target`, `autocomplete`). */
export type OpenKeywordAttribute<T extends string> = Attribute<T | (string & {})>;

/** One class name or several: text, a list, or names with conditions. */
export type ClassValue = string | number | null | undefined | false | readonly ClassValue[] | Readonly<Record<string, unknown>>;

/** A set of CSS declarations: camelCase or hyphenated names, custom properties with `--`. null, undefined and false omit one. */
export type StyleObject =
  & { readonly [K in keyof Properties<string | number>]?: Properties<string | number>[K] | Absent }
  & { readonly [K in keyof PropertiesHyphen<string | number>]?: PropertiesHyphen<string | number>[K] | Absent }
  & { readonly [name: `--${string}`]: string | number | Absent };

/** `style`: CSS text or an object of declarations. */
export type StyleValue = string | StyleObject;

/** `innerHTML` takes branded HTML alone, so that raw text can never be HTML by accident. */
export type InnerHtml = Attribute<TrustedHtml>;

/** A name from another framework. No value fits it; the error names the HTML attribute to write. */
export interface WriteInstead<Name extends string> { readonly "did you mean": Name }
