// The light DOM into HTML. `serialise` is exact (what SSR wrote comes back); `visible` leaves out what belongs to the
// framework and not to the page: anchors, and the `v` attribute that names event slots.
import { escapeAttribute, escapeText } from "../ssr/escape.js";
import { VOID_TAGS } from "../template/names.js";
import { HTML_NS, LightElement, LightTemplate } from "./light-element.js";
import { LightComment, LightDoctype, type LightNode, LightText } from "./light-node.js";

/** Elements whose text is not decoded by the parser, so it is written as it is. */
const RAW = new Set(["style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext"]);
/** Elements at whose start the parser drops one newline. */
const DROPS_NEWLINE = new Set(["pre", "textarea", "listing"]);

interface Options {
  /** Leave out anchors and `v`. */
  readonly visible?: boolean;
  /** Attributes by name instead of in their own order. */
  readonly sorted?: boolean;
}

function write(node: LightNode, options: Options): string {
  if (node instanceof LightText) {
    const parent = node.parentNode;
    const raw = parent instanceof LightElement && parent.namespaceURI === HTML_NS && RAW.has(parent.localName);
    return raw ? node.data : escapeText(node.data);
  }
  if (node instanceof LightComment) return node.data === "" ? (options.visible ? "" : "<!>") : `<!--${node.data}-->`;
  if (node instanceof LightDoctype) return `<!doctype ${node.name}>`;
  if (!(node instanceof LightElement)) return serialiseChildren(node, options);
  const { localName } = node;
  let entries = [...node.attributes];
  if (options.visible) entries = entries.filter(([name]) => name !== "v");
  if (options.sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  let out = `<${localName}`;
  for (const [name, value] of entries) out += ` ${name}="${escapeAttribute(value)}"`;
  if (node.namespaceURI === HTML_NS) {
    if (VOID_TAGS.has(localName)) return `${out}>`;
    if (DROPS_NEWLINE.has(localName) && node.firstChild instanceof LightText && node.firstChild.data.startsWith("\n")) out += ">\n";
    else out += ">";
  } else out += ">";
  return `${out}${serialiseChildren(node instanceof LightTemplate ? node.content : node, options)}</${localName}>`;
}

/** The HTML of a node. */
export const serialise = (node: LightNode, options: Options = {}): string => write(node, options);

/** The HTML of a node's content. */
export function serialiseChildren(node: LightNode, options: Options = {}): string {
  let out = "";
  for (let child = node.firstChild; child; child = child.nextSibling) out += write(child, options);
  return out;
}
