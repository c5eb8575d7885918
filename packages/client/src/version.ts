// The version that `globalThis.vango.version` shows. A test keeps it equal to package.json.

/** Version of this package. */
export const VERSION = "0.1.0";
