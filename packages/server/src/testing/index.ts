// `@vango/server/testing`: whole pages in process.
export { mount, type MountOptions, type Page, type Resumed } from "./mount.js";
export type { Locator } from "./locator.js";
export type { Intercept, Loss, Network } from "./network.js";
export type { HeardError } from "./page-view.js";
