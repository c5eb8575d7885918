// `@vango/server/testing`: whole pages in process.
export { mount, type MountOptions, type Page } from "./mount.js";
export type { Locator } from "./locator.js";
export type { HeardError } from "./client.js";
