// The light DOM, in one place for those who use it.
export { LightDocument } from "./light-document.js";
export { LightControl, LightElement, LightTemplate, createLightElement } from "./light-element.js";
export { LightComment, LightFragment, LightNode, LightText, type MutationLog } from "./light-node.js";
export { parseDocument, parseNodes } from "./light-parse.js";
export { selectLight } from "./light-select.js";
export { serialise, serialiseChildren } from "./light-serialise.js";
