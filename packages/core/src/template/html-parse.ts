// The markup of `html` → AST. Works on the strings joined by one marker character, so that a hole is a character.
// The markup is JSX-like HTML: every element is closed, names and whitespace follow JSX.
import type { AttrNode, AttrValue, ChildNode, ElementNode, HoleNode, Part, StaticValue } from "./ast.js";
import { fault } from "./errors.js";
import { optionsFromSuffixes, SUFFIX_NAMES } from "./event-options.js";
import { didYouMean } from "./frame.js";
import { VOID_TAGS } from "./names.js";
import { decodeReferences, hasKeptReference, trimText } from "./text.js";

/** Stands for a hole in the joined source; a noncharacter, so no text holds it. */
export const HOLE = "\ufdd0";

/** What a hole of `html` is: the index of a value, a component, or a keyed element. */
export type HtmlHole = number | ComponentHole | KeyedHole;

export interface ComponentHole {
  readonly type: "component";
  readonly component: number;
  readonly props: readonly HtmlProp[];
  readonly key: AttrValue<HtmlHole> | StaticValue | undefined;
  readonly children: readonly ChildNode<HtmlHole>[];
}

export type HtmlProp = { readonly name: string; readonly value: AttrValue<HtmlHole> | StaticValue } | { readonly spread: number };

/** An element with a key below the root: a view of its own, replaced when the key changes. */
export interface KeyedHole {
  readonly type: "keyed";
  readonly key: AttrValue<HtmlHole> | StaticValue;
  readonly element: ElementNode<HtmlHole>;
}

export interface ParsedHtml {
  readonly roots: readonly ChildNode<HtmlHole>[];
}

const RAW_TEXT = /^(?:script|style|xmp|iframe|noembed|noframes)$/i;
const ESCAPABLE_TEXT = /^(?:textarea|title)$/i;
const SPACE = /[ \t\n\r\f]/;

/** Parses joined strings. @throws TemplateFaultError */
export function parseHtml(source: string): ParsedHtml {
  const parser = new Parser(source);
  const roots = parser.children(undefined, false);
  return { roots };
}

interface OpenTag {
  readonly attrs: readonly AttrNode<HtmlHole>[];
  readonly props: readonly HtmlProp[];
  readonly key: AttrValue<HtmlHole> | StaticValue | undefined;
  readonly selfClosed: boolean;
}

class Parser {
  private at = 0;
  private holes = 0;

  constructor(private readonly source: string) {}

  /** Children up to the closing tag of `owner` (a tag name, "" for a component, undefined for the end). */
  children(owner: string | undefined, inSvg: boolean, openedAt = 0): ChildNode<HtmlHole>[] {
    const out: ChildNode<HtmlHole>[] = [];
    for (;;) {
      const loc = this.at;
      if (loc >= this.source.length) {
        if (owner !== undefined) fault("VANGO_TPL_SYNTAX", openedAt, owner === "" ? "A component is not closed." : `<${owner}> is not closed.`);
        return out;
      }
      if (this.source.startsWith("<!--", loc)) this.comment();
      else if (this.source.startsWith("</", loc)) {
        this.closingTag(owner);
        return out;
      } else if (this.source[loc] === "<") out.push(this.opening(inSvg));
      else if (this.source[loc] === HOLE) {
        this.at++;
        out.push({ type: "hole", hole: this.holes++, loc });
      } else {
        const text = decodeReferences(trimText(this.until(/[<\ufdd0]/g)));
        if (text !== "") out.push({ type: "text", text, loc });
      }
    }
  }

  private until(stop: RegExp): string {
    stop.lastIndex = this.at;
    const found = stop.exec(this.source);
    const from = this.at;
    this.at = found === null ? this.source.length : found.index;
    return this.source.slice(from, this.at);
  }

  /** Comments are dropped, holes in them are counted. */
  private comment(): void {
    const end = this.source.indexOf("-->", this.at + 4);
    if (end < 0) fault("VANGO_TPL_SYNTAX", this.at, "The comment is not closed.");
    this.holes += this.source.slice(this.at, end).split(HOLE).length - 1;
    this.at = end + 3;
  }

  private closingTag(owner: string | undefined): void {
    const loc = this.at;
    this.at += 2;
    const name = this.until(/[>]/g).trim();
    if (this.source[this.at] !== ">") fault("VANGO_TPL_SYNTAX", loc, "The closing tag has no `>`.");
    this.at++;
    if (name === HOLE) this.holes++;
    const given = name === HOLE || name === "/" ? "" : name;
    if (owner === undefined) fault("VANGO_TPL_SYNTAX", loc, `</${given}> closes nothing.`);
    if (given.toLowerCase() !== owner.toLowerCase()) {
      fault("VANGO_TPL_SYNTAX", loc, `</${given}> does not close ${owner === "" ? "the component" : `<${owner}>`}.`);
    }
  }

  private opening(inSvg: boolean): ChildNode<HtmlHole> {
    const loc = this.at;
    this.at++;
    if (this.source[this.at] === HOLE) return this.component(loc);
    const tag = this.until(/[\s/>\ufdd0]/g);
    if (!/^[a-zA-Z][^<"'=&,:!]*$/.test(tag)) {
      fault("VANGO_TPL_SYNTAX", loc, tag.startsWith("!") ? "Only comments can start with `<!`." : "Write a literal `<` as `&lt;`.");
    }
    const open = this.attributes(loc, false);
    const foreign = /^(?:svg|math)$/i.test(tag) || (inSvg && !/^foreignObject$/i.test(tag));
    const closed = open.selfClosed || (!foreign && VOID_TAGS.has(tag.toLowerCase()));
    let children: ChildNode<HtmlHole>[] = [];
    if (!closed) {
      if (!foreign && (RAW_TEXT.test(tag) || ESCAPABLE_TEXT.test(tag))) children = this.textContent(tag, loc);
      else children = this.children(tag, foreign, loc);
    }
    const element: ElementNode<HtmlHole> = { type: "element", tag, attrs: open.attrs, children, loc };
    return open.key === undefined ? element : { type: "hole", hole: { type: "keyed", key: open.key, element }, loc };
  }

  private component(loc: number): HoleNode<HtmlHole> {
    this.at++;
    const component = this.holes++;
    const open = this.attributes(loc, true);
    const children = open.selfClosed ? [] : this.children("", false, loc);
    const text = children.length === 1 && children[0]?.type === "text" ? children[0] : undefined;
    if (text !== undefined && hasKeptReference(text.text)) fault("VANGO_TPL_REFERENCE", text.loc, "The text is a JavaScript string.");
    return { type: "hole", hole: { type: "component", component, props: open.props, key: open.key, children }, loc };
  }

  /** Text and holes up to the closing tag, with no markup. */
  private textContent(tag: string, loc: number): ChildNode<HtmlHole>[] {
    const rest = this.source.slice(this.at);
    const end = rest.search(new RegExp(`</${tag}[\\s>]`, "i"));
    if (end < 0) fault("VANGO_TPL_SYNTAX", loc, `<${tag}> is not closed.`);
    const out: ChildNode<HtmlHole>[] = [];
    let offset = this.at;
    const pieces = rest.slice(0, end).split(HOLE);
    pieces.forEach((piece, i) => {
      const trimmed = trimText(piece);
      const text = RAW_TEXT.test(tag) ? trimmed : decodeReferences(trimmed);
      if (text !== "") out.push({ type: "text", text, loc: offset });
      offset += piece.length;
      if (i < pieces.length - 1) out.push({ type: "hole", hole: this.holes++, loc: offset++ });
    });
    this.at += end;
    this.closingTag(tag);
    return out;
  }

  private attributes(openedAt: number, isComponent: boolean): OpenTag {
    const attrs: AttrNode<HtmlHole>[] = [];
    const props: HtmlProp[] = [];
    let key: AttrValue<HtmlHole> | StaticValue | undefined;
    for (;;) {
      this.until(/[^\s]/g);
      const loc = this.at;
      const c = this.source[loc];
      if (c === undefined) fault("VANGO_TPL_SYNTAX", openedAt, "The tag has no `>`.");
      if (c === ">" || this.source.startsWith("/>", loc)) {
        this.at += c === ">" ? 1 : 2;
        return { attrs, props, key, selfClosed: c !== ">" };
      }
      if (this.source.startsWith(`...${HOLE}`, loc)) {
        this.at += 4;
        const hole = this.holes++;
        attrs.push({ type: "spread", hole, loc });
        props.push({ spread: hole });
        continue;
      }
      const name = this.until(/[\s=>/\ufdd0]/g);
      if (name === "") fault("VANGO_TPL_SYNTAX", loc, c === HOLE ? "A hole cannot be an attribute's name. Spread an object: ...${props}." : "An attribute has no name.");
      if (this.source[this.at] === HOLE) fault("VANGO_TPL_SYNTAX", loc, "A hole cannot be part of an attribute's name.");
      const value = this.attributeValue(loc);
      if ((isComponent || name === "key") && typeof value === "string" && hasKeptReference(value)) fault("VANGO_TPL_REFERENCE", loc, `\`${name}\` is a JavaScript string.`);
      if (name === "key") key = value;
      else if (isComponent) props.push({ name, value });
      else attrs.push(attribute(name, value, loc));
    }
  }

  private attributeValue(loc: number): AttrValue<HtmlHole> | StaticValue {
    const before = this.at;
    this.until(/[^\s]/g);
    if (this.source[this.at] !== "=") {
      this.at = before;
      return true;
    }
    this.at++;
    this.until(/[^\s]/g);
    const quote = this.source[this.at];
    let raw: string;
    if (quote === '"' || quote === "'") {
      this.at++;
      raw = this.until(quote === '"' ? /"/g : /'/g);
      if (this.source[this.at] !== quote) fault("VANGO_TPL_SYNTAX", loc, "The attribute's value is not closed.");
      this.at++;
    } else if (quote === HOLE) {
      raw = HOLE;
      this.at++;
      const next = this.source[this.at];
      if (next !== undefined && !SPACE.test(next) && next !== ">" && next !== "/") fault("VANGO_TPL_SYNTAX", this.at, "Put the value into quotes to join text and holes.");
    } else {
      raw = this.until(/[\s>]/g);
      if (raw === "" || raw.includes(HOLE)) fault("VANGO_TPL_SYNTAX", loc, "Put the value into quotes.");
    }
    return this.partsOf(raw, loc);
  }

  private partsOf(raw: string, loc: number): AttrValue<HtmlHole> | StaticValue {
    if (!raw.includes(HOLE)) return decodeReferences(raw);
    if (raw === HOLE) return { hole: this.holes++ };
    const parts: Part<HtmlHole>[] = [];
    raw.split(HOLE).forEach((piece, i) => {
      if (i > 0) parts.push({ hole: this.holes++ });
      const text = decodeReferences(piece);
      if (hasKeptReference(text)) fault("VANGO_TPL_REFERENCE", loc, "It stands next to a dynamic value.");
      if (text !== "") parts.push({ text });
    });
    return { parts };
  }
}

function attribute(name: string, value: AttrValue<HtmlHole> | StaticValue, loc: number): AttrNode<HtmlHole> {
  if (/^on[A-Z]/.test(name)) {
    const [base = "", ...suffixes] = name.split(".");
    if (value === null || typeof value !== "object" || !("hole" in value)) fault("VANGO_TPL_EVENT", loc, `\`${base}\` takes a function: ${base}=\${fn}.`);
    const options = optionsFromSuffixes(suffixes);
    if (typeof options === "string") {
      const near = didYouMean(options, SUFFIX_NAMES);
      fault("VANGO_TPL_EVENT", loc, `\`.${options}\` is not an option of an event.${near === undefined ? ` Options: ${SUFFIX_NAMES.map((s) => `.${s}`).join(" ")}.` : ` Did you mean \`.${near}\`?`}`);
    }
    return { type: "event", event: base.slice(2).toLowerCase(), hole: value.hole, options, fields: undefined, loc };
  }
  return value !== null && typeof value === "object" ? { type: "dynamic", name, value, loc } : { type: "static", name, value, loc };
}
