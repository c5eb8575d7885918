// What HTML, SVG and MathML say about element and attribute names, as far as building a template needs it.
// Source: the HTML standard's parsing and attribute chapters. Data only, besides small lookups.

const set = (text: string): ReadonlySet<string> => new Set(text.split(" "));

export const VOID_TAGS = set("area base br col embed hr img input link meta param source track wbr");

/** Elements whose content the parser reads as text. */
export const TEXT_TAGS = set("textarea title style");

/** Elements that may have static text only: their content is no part of the page's tree, or is code. */
export const OPAQUE_TAGS = set("script noscript template iframe xmp noembed noframes");

/** Elements a template cannot contain: the document owns them, or the parser never creates them. */
export const REFUSED_TAGS = set("html head body frame frameset plaintext image");

/** Attributes that are present or absent. `hidden` and `download` also take values, so they are ordinary. */
export const BOOLEAN_ATTRIBUTES = set(
  "allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate inert ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected",
);

/** Attributes that a browser follows or loads: the server checks their scheme. */
const URL_ATTRIBUTES = set("href src action formaction xlink:href poster cite ping background manifest");

export function isUrlAttribute(tag: string, name: string): boolean {
  return URL_ATTRIBUTES.has(name) || (name === "data" && tag === "object");
}

/** DOM properties that the page may change by itself, by element: set as properties, emitted as attributes. */
const PROPERTIES: Readonly<Record<string, ReadonlySet<string>>> = {
  input: set("value checked indeterminate"),
  textarea: set("value"),
  select: set("value"),
  option: set("selected"),
  audio: set("muted"),
  video: set("muted"),
};

export function isProperty(tag: string, name: string): boolean {
  return Object.hasOwn(PROPERTIES, tag) && PROPERTIES[tag]?.has(name) === true;
}

const WORD_BOOLEANS = set("contenteditable draggable spellcheck translate");

/** Attributes whose booleans are written "true" and "false". */
export function isWordBoolean(name: string): boolean {
  return name.startsWith("aria-") || name.startsWith("data-") || WORD_BOOLEANS.has(name);
}

/** SVG elements that exist in no other namespace: a template whose root is one is parsed inside `<svg>`. */
const SVG_ONLY = set(
  "animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter foreignObject g line linearGradient marker mask metadata mpath path pattern polygon polyline radialGradient rect set stop switch symbol text textPath tspan use view",
);

const MATH_ONLY = set(
  "annotation annotation-xml maction menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics",
);

/** Lower-case form → the form with capitals, for names the parser restores in SVG. */
const SVG_CASE = new Map([...SVG_ONLY].map((name) => [name.toLowerCase(), name]));

const SVG_ATTRIBUTE_CASE = new Map(
  "attributeName attributeType baseFrequency baseProfile calcMode clipPathUnits diffuseConstant edgeMode filterUnits glyphRef gradientTransform gradientUnits kernelMatrix kernelUnitLength keyPoints keySplines keyTimes lengthAdjust limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits numOctaves pathLength patternContentUnits patternTransform patternUnits pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits refX refY repeatCount repeatDur requiredExtensions requiredFeatures specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles surfaceScale systemLanguage tableValues targetX targetY textLength viewBox viewTarget xChannelSelector yChannelSelector zoomAndPan"
    .split(" ")
    .map((name) => [name.toLowerCase(), name]),
);

export type Namespace = "" | "svg" | "math";

/** Namespace of a template's root element, known by its name alone. */
export function rootNamespace(tag: string): Namespace {
  if (SVG_CASE.has(tag.toLowerCase())) return "svg";
  return MATH_ONLY.has(tag.toLowerCase()) ? "math" : "";
}

/** Namespace of an element in a parent of namespace `outer`. */
export function elementNamespace(tag: string, outer: Namespace): Namespace {
  if (outer !== "") return outer;
  const lower = tag.toLowerCase();
  return lower === "svg" ? "svg" : lower === "math" ? "math" : "";
}

const SVG_TOO = set("svg a title style script image discard");

/** False for an element that means nothing in SVG or MathML. */
export function existsIn(tag: string, ns: "svg" | "math"): boolean {
  return ns === "svg" ? SVG_ONLY.has(tag) || SVG_TOO.has(tag) : MATH_ONLY.has(tag) || tag === "math";
}

/** Namespace of the children of an element. HTML comes back inside foreignObject, desc, title and the MathML text elements. */
export function childNamespace(tag: string, own: Namespace): Namespace {
  if (own === "svg") return tag === "foreignObject" || tag === "desc" || tag === "title" ? "" : "svg";
  if (own === "math") return /^(?:mi|mo|mn|ms|mtext)$/.test(tag) ? "" : "math";
  return "";
}

/** The name as the parser gives it to the DOM. */
export function canonicalTag(tag: string, ns: Namespace): string {
  const lower = tag.toLowerCase();
  return ns === "svg" ? (SVG_CASE.get(lower) ?? lower) : lower;
}

/** The attribute name as the parser gives it to the DOM. */
export function canonicalAttribute(name: string, ns: Namespace): string {
  const lower = name.toLowerCase();
  return ns === "svg" ? (SVG_ATTRIBUTE_CASE.get(lower) ?? lower) : ns === "math" && lower === "definitionurl" ? "definitionURL" : lower;
}

/** Names of other frameworks → the HTML name. */
export const RENAMED_ATTRIBUTES: Readonly<Record<string, string>> = {
  className: "class",
  htmlFor: "for",
  acceptCharset: "accept-charset",
  httpEquiv: "http-equiv",
  dangerouslySetInnerHTML: "innerHTML={trustedHtml(…)}",
  defaultValue: "value",
  defaultChecked: "checked",
  xlinkHref: "href",
};
