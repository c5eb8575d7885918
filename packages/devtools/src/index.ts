// Public surface of @vango/devtools.
export { devtools, DEVTOOLS_PATH } from "./devtools.js";
