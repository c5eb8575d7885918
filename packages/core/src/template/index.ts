// What the other folders of core and the JSX compiler use of templates.
export { buildTemplate, type BuiltTemplate } from "./build.js";
export { defineTemplate, templateById, Template, type SlotDef, type TemplateDef } from "./define.js";
export { F, R } from "./builtin.js";
export { html } from "./html.js";
export { decodeEvent, encodeEvent, encodeOptions, OPTION_NAMES, type EventSpec } from "./event-options.js";
export { codeFrame, didYouMean, placeOf } from "./frame.js";
export { decodeReferences, escapeAttribute, escapeText, hasKeptReference, trimText } from "./text.js";
export { TEMPLATE_ERRORS, TemplateFaultError, templateError, type TemplateErrorCode, type TemplateFault } from "./errors.js";
export * as slotKinds from "./kinds.js";
export { isWordBoolean, BOOLEAN_ATTRIBUTES, VOID_TAGS } from "./names.js";
export type { AttrNode, AttrValue, ChildNode, ElementNode, HoleNode, MergeEntry, Part, SlotValue, StaticValue, TextNode } from "./ast.js";
