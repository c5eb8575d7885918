// `@vango/core/testing`: the recording sink. `Mirror` is a page as a browser would have it; a test reads its HTML and its
// patch operations.
export type { PatchOp } from "./patch-op.js";
export { Mirror, normaliseHtml, type EventTarget } from "./mirror.js";
export { pathOf } from "./patch-log.js";
export { LightDocument, LightElement, LightNode, parseDocument, selectLight, serialise } from "./light-dom.js";
export { record, type Recorded } from "./record.js";
