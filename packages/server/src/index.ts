// Public API of @vango/server.

// ---- the app
export { createApp } from "./create-app.js";
export type { App, AppOptions, ListenAppOptions, ListeningApp } from "./app-options.js";
export type { StateBinding, StateBindings } from "./state/bindings.js";
export { LIMITS, type LimitName, type LimitSpec } from "./limits.js";

// ---- routes
export { buildHref, type HrefQuery } from "./router/href.js";
export { HttpError } from "./router/http-error.js";
export type { Head, LayoutModule, LoadModule, MatchedParams, PageModule, RouteEntry, RouteKind, RouteParamsValue, RouteTable } from "./router/route-table.js";
export type { ApiFunction, Layout, Middleware, Page, RequestCtx } from "./router/types.js";

// ---- watching
export { diagnostics, type Channels, type Diagnostic, type ErrorMessage, type FrameMessage, type HttpMessage, type SessionMessage, type TurnMessage } from "./diagnostics.js";
