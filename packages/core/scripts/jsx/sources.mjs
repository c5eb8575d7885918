// Reads the data packages and TypeScript's DOM library; gives plain tables to the emitters.
// Everything is sorted by code unit, so the output depends on the data alone.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { aria, roles } from "aria-query";
import { htmlElementAttributes } from "html-element-attributes";
import { htmlTagNames } from "html-tag-names";
import { mathmlTagNames } from "mathml-tag-names";
import { find, html } from "property-information";
import { svgElementAttributes } from "svg-element-attributes";
import { svgTagNames } from "svg-tag-names";
import ts from "typescript";
import { ONE_LIST } from "./corrections.mjs";

const require = createRequire(import.meta.url);
const parse = (file) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
const interfaces = (source) => new Map(source.statements.filter(ts.isInterfaceDeclaration).map((node) => [node.name.text, node]));
const memberName = (member) => (ts.isStringLiteral(member.name) || ts.isIdentifier(member.name) ? member.name.text : undefined);

export const sorted = (names) => [...new Set(names)].sort();

const dom = interfaces(parse(require.resolve("typescript/lib/lib.dom.d.ts")));
const domMembers = (name) => dom.get(name).members.map((member) => [memberName(member), member.type?.getText()]);
const domNames = (name) => new Set(domMembers(name).map(([key]) => key));

/** Tag names that are in the data and known to the DOM as living elements. */
const living = (names, map) => sorted(names.filter((name) => domNames(map).has(name)));
export const htmlTags = living(htmlTagNames, "HTMLElementTagNameMap");
export const svgTags = living(svgTagNames, "SVGElementTagNameMap").concat("animate").filter((n, i, all) => all.indexOf(n) === i).sort();
export const mathmlTags = living(mathmlTagNames, "MathMLElementTagNameMap");

/** DOM event type → name of the DOM's interface for it. */
export const events = new Map(
  ["GlobalEventHandlersEventMap", "ElementEventMap", "HTMLMediaElementEventMap", "HTMLVideoElementEventMap"].flatMap(domMembers).sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** CSS properties that are SVG presentation attributes too. */
const css = interfaces(parse(join(dirname(require.resolve("csstype/package.json")), "index.d.ts")));
export const presentationAttributes = new Set(css.get("SvgPropertiesHyphen").members.map(memberName).filter(Boolean));

const editor = JSON.parse(readFileSync(require.resolve("@vscode/web-custom-data/data/browsers.html-data.json"), "utf8"));
const valueSets = new Map(editor.valueSets.map((set) => [set.name, set.values.map((value) => value.name)]));
const editorTag = new Map(editor.tags.map((tag) => [tag.name, tag.attributes]));
const plain = (attributes) => attributes.map((a) => a.name).filter((name) => !/^on|^aria-|^data-/.test(name));

/** HTML attributes: "*" and per tag, the union of both data packages. */
export const htmlAttributes = (tag) => sorted([...(htmlElementAttributes[tag] ?? []), ...plain(tag === "*" ? editor.globalAttributes : (editorTag.get(tag) ?? []))])
  .filter((name) => tag !== "*" || !["contextmenu", "dropzone", "virtualkeyboardpolicy"].includes(name));
export const svgAttributes = (tag) => sorted((svgElementAttributes[tag] ?? []).filter((name) => !/^on|^ev:/.test(name)));

/** The editor data's keywords of an attribute: a list, "boolean", or undefined. */
export function editorValues(tag, name) {
  const lists = ONE_LIST.has(name) ? [...editorTag.values()] : [tag === "*" ? editor.globalAttributes : (editorTag.get(tag) ?? [])];
  const entry = lists.flat().find((a) => a.name === name && (lists.length === 1 || a.valueSet !== undefined));
  if (entry?.valueSet === "v") return "boolean";
  return entry?.valueSet === undefined ? undefined : valueSets.get(entry.valueSet);
}

/** What property-information says of an HTML attribute: boolean, overloadedBoolean, booleanish, number … */
export const htmlInfo = (name) => find(html, name);

export const ariaAttributes = [...aria.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
export const ariaRoles = sorted([...roles.entries()].filter(([, role]) => !role.abstract).map(([name]) => name));
