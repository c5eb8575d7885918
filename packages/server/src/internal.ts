// For the sibling packages of this workspace; no promise to users.
export { buildApp, type BuiltApp } from "./build-app.js";
export { SERVER_ERRORS, serverError, type ServerErrorCode } from "./errors.js";
export { renderPage } from "./http/render-page.js";
export { resolveLimits, type Limits } from "./limits.js";
export { pageViews, type PageViews } from "./page-views.js";
export type { RenderedDocument, RenderInput, RenderPage } from "./render-port.js";
export { navigate, splitHref, type Navigation } from "./router/navigate.js";
export { createRouter, type PageMatch, type Resolution, type Router } from "./router/resolve.js";
export { signBoot, verifyBoot } from "./security/boot-signature.js";
export { Tokens } from "./security/tokens.js";
export type { AppCore, Connection, LiveRuntime, LiveSocket, SessionPort } from "./session-port.js";
export { pickTransport } from "./transport/pick.js";
export { reply, textReply } from "./transport/reply.js";
export type { Incoming, ListenOptions, Listening, Outgoing, Reply, SendResult, Socket, Transport, TransportHandlers, UpgradeDecision, UpgradeRequest } from "./transport/transport.js";
