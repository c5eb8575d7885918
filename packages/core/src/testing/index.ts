// `@vango/core/testing`: the recording sink. `Mirror` is a page as a browser would have it; a test reads its HTML and its
// patch operations.
export type { PatchOp } from "./patch-op.js";
export { Mirror, normaliseHtml, type EventTarget } from "./mirror.js";
export { PatchLog, pathOf } from "./patch-log.js";
export { LightDocument } from "./light-document.js";
export { LightControl, LightElement } from "./light-element.js";
export { LightCustomEvent, LightEvent, LightEventTarget, type LightEventInit, type LightListener } from "./light-event.js";
export { LightNode } from "./light-node.js";
export { parseDocument } from "./light-parse.js";
export { selectLight } from "./light-select.js";
export { serialise } from "./light-serialise.js";
export { record, type Recorded } from "./record.js";
