// From what an evaluator gives to what goes on the wire. A wire value is a string, number or bigint (text), true (present,
// empty) or null (absent); the packed arrays keep it unformatted, so that an unchanged number costs no string.
import { coreError } from "../errors.js";
import { ATTR, BOOL, CLASS, HTML, PROP, STYLE, TEXT, URL_ATTR, type SlotKind } from "../template/kinds.js";
import { EachView } from "../view/view-node.js";
import { TrustedHtmlValue } from "../view/trusted-html.js";

export type Primitive = string | number | bigint;
export type WireValue = Primitive | true | null;

const SPELLED_BOOLEANS = new Set(["contenteditable", "draggable", "spellcheck", "translate"]);

/** Wire value of an attribute-like slot. */
export function wireValue(kind: SlotKind, name: string, v: unknown): WireValue {
  if (kind === CLASS) return className(v);
  if (typeof v === "string") {
    if (kind === URL_ATTR) return safeUrl(name, v);
    if (kind === BOOL) return v === "" ? true : v;
    if (kind === HTML) throw coreError("VANGO_UNTRUSTED_HTML");
    return v;
  }
  if (typeof v === "number" || typeof v === "bigint") {
    return kind === BOOL || (kind === PROP && name !== "value") ? (v ? true : null) : v;
  }
  if (kind === STYLE && typeof v === "object" && v !== null) return styleText(v as Record<string, unknown>);
  if (kind === HTML) {
    if (v === null || v === undefined || v === false) return null;
    if (v instanceof TrustedHtmlValue) return v.html;
    throw coreError("VANGO_UNTRUSTED_HTML");
  }
  if (typeof v === "boolean") {
    if ((kind === ATTR || kind === URL_ATTR) && spellsBooleans(name)) return v ? "true" : "false";
    if (kind === TEXT) return "";
    return v ? true : null;
  }
  if (v === null || v === undefined) return kind === TEXT ? "" : null;
  throw coreError("VANGO_BAD_ATTRIBUTE", { message: `${name === "" ? "" : `Attribute "${name}": `}${describe(v)}.` });
}

/** Wire values of a spread slot by attribute name; events, key and children are left out. */
export function spreadValues(v: unknown): Readonly<Record<string, WireValue>> {
  const out: Record<string, WireValue> = {};
  if (v === null || v === undefined || v === false) return out;
  if (typeof v !== "object") throw coreError("VANGO_BAD_ATTRIBUTE", { message: `Spread of ${describe(v)}.` });
  for (const [name, given] of Object.entries(v)) {
    if (/^on/i.test(name) || name === "key" || name === "children" || !/^[^\s"'<>/=\u0000-\u001f]+$/.test(name)) continue;
    if (name === "innerHTML" || name === "srcdoc") throw coreError("VANGO_UNTRUSTED_HTML", { message: `Spread of "${name}".` });
    const value = isReadable(given) ? given.get() : given;
    out[name] = wireValue(spreadKind(name), name, value);
  }
  return out;
}

/** Slot kind that an attribute name has inside a spread. */
export function spreadKind(name: string): SlotKind {
  if (name === "class") return CLASS;
  if (name === "style") return STYLE;
  return URL_NAMES.has(name) ? URL_ATTR : ATTR;
}

/** Attributes whose value is followed as a URL. */
export const URL_NAMES: ReadonlySet<string> = new Set([
  "href", "src", "action", "formaction", "poster", "cite", "data", "background", "ping", "manifest", "xlink:href", "srcset",
]);

export interface Readable {
  get(): unknown;
}

/** True for signals and memos, ours or from another copy of the package. */
export function isReadable(v: unknown): v is Readable {
  return typeof v === "object" && v !== null && "peek" in v && "get" in v;
}

/** True for what a wrapper can hold: texts, lists, signals. Views and components never get here. */
export function isContent(v: unknown): boolean {
  if (typeof v === "object") return v === null || v instanceof EachView || Array.isArray(v) || isReadable(v);
  return typeof v !== "function" && typeof v !== "symbol";
}

/** Text of a primitive child; undefined when the value is not text. */
export function textOf(v: unknown): Primitive | undefined {
  switch (typeof v) {
    case "string":
    case "number":
    case "bigint":
      return v;
    case "undefined":
      return "";
    case "boolean":
      if (!v) return "";
      throw coreError("VANGO_BAD_CHILD", { message: "Found `true`." });
    default:
      return v === null ? "" : undefined;
  }
}

const PLAIN_URL = /^(?:[a-z0-9./?#_~%@!$&'()*+,;=-][^:\u0000-\u0020]*|)$/i;
// Browsers skip controls and blanks inside a scheme, so they are skipped here too before it is compared.
const BAD_SCHEME = /^(?:javascript|vbscript|data|blob|file):/i;

/** The URL, or null when its scheme runs code. `data:` images are allowed for `src` and `poster`. */
function safeUrl(name: string, url: string): WireValue {
  if (PLAIN_URL.test(url)) return url;
  const bare = url.replace(/[\u0000-\u0020\u007f-\u009f\u00a0\u200b-\u200f\u2028\u2029\ufeff]/g, "");
  if (!BAD_SCHEME.test(bare)) return name === "srcset" && /(?:^|,)(?:javascript|vbscript):/i.test(bare) ? refused(name) : url;
  if ((name === "src" || name === "poster") && /^(?:data:image\/(?:png|jpeg|gif|webp|avif)[;,]|blob:)/i.test(bare)) return url;
  return refused(name);
}

/** Told of refused URLs; the loop reports them once it is known where. */
export const urlRefused: { report: ((name: string) => void) | undefined } = { report: undefined };

function refused(name: string): null {
  urlRefused.report?.(name);
  return null;
}

function spellsBooleans(name: string): boolean {
  return name.startsWith("aria-") || name.startsWith("data-") || SPELLED_BOOLEANS.has(name);
}

function className(v: unknown): WireValue {
  if (typeof v === "string") return v === "" ? null : v;
  if (v === null || v === undefined || v === false || v === true) return null;
  if (typeof v === "number" || typeof v === "bigint") return String(v);
  if (Array.isArray(v)) {
    let out = "";
    for (const part of v) {
      const name = className(isReadable(part) ? part.get() : part);
      if (name !== null && name !== true) out += out === "" ? String(name) : ` ${String(name)}`;
    }
    return out === "" ? null : out;
  }
  if (typeof v === "object") {
    let out = "";
    for (const key in v) {
      const on = (v as Record<string, unknown>)[key];
      if (isReadable(on) ? on.get() : on) out += out === "" ? key : ` ${key}`;
    }
    return out === "" ? null : out;
  }
  throw coreError("VANGO_BAD_ATTRIBUTE", { message: `class: ${describe(v)}.` });
}

function styleText(style: Record<string, unknown>): WireValue {
  let out = "";
  for (const key in style) {
    const given = style[key];
    const value = isReadable(given) ? given.get() : given;
    if (value === null || value === undefined || value === false || value === "") continue;
    const name = key.startsWith("--") ? key : key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    // A semicolon would smuggle a second declaration into a value.
    out += `${out === "" ? "" : ";"}${name}:${String(value).replace(/;/g, "")}`;
  }
  return out === "" ? null : out;
}

export function describe(v: unknown): string {
  if (typeof v === "function") return "a function";
  if (typeof v === "symbol") return "a symbol";
  if (v instanceof Promise) {
    // Nobody will wait for it: that it may reject later must not end the process.
    v.catch(() => undefined);
    return "a promise";
  }
  if (Array.isArray(v)) return "a list";
  if (typeof v === "object" && v !== null) return `an object with keys ${Object.keys(v).slice(0, 5).join(", ") || "(none)"}`;
  return String(v);
}
