// The package's public names. Pages load the bundle (`@vango/client/bundle`); `start` is for tests and embedders.
export { start, type VangoGlobal } from "./start.js";
export type { ConnectionDetail, State } from "./state.js";
export { CLIENT_ERRORS, type ClientErrorCode } from "./errors.js";
export { install } from "./more/index.js";
export type { Flying, Host, Install, More, Outgoing } from "./part.js";
export type { SessionDetail } from "./more/hello.js";
export type { UrlDetail } from "./more/links.js";
export { VERSION } from "./version.js";
