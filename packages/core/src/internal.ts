// For the sibling packages of this workspace; no promise to users.
export { Loop, type LoopOptions } from "./loop/loop.js";
export type { LoopHost } from "./loop/host.js";
export { ResultPool } from "./loop/result-pool.js";
export { KnownTemplates } from "./loop/known-templates.js";
export { sharedWriter } from "./loop/shared-writer.js";
export { FrameWriter } from "./protocol/writer.js";
export { encodeHtml } from "./ssr/encode.js";
export { renderPage, type RenderedPage, type Structure } from "./ssr/render.js";
export { hashTree } from "./live/describe.js";
export { syncTree } from "./live/sync.js";
export { parseStructure, type ClientStructure } from "./live/client-structure.js";
export { asyncPlace, running } from "./reactive/system.js";
export { SignalNode } from "./reactive/signal.js";
export { ComponentView, EachView, ViewNode, child, view } from "./view/view-node.js";
export type { ComponentType } from "./view/component-type.js";
export { CORE_ERRORS, coreError } from "./errors.js";
export type { ErrorEntry } from "./vango-error.js";
export * from "./template/index.js";
