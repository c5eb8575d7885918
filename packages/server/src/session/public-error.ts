/** What a page may show of an error: the code always, the text in development only. */
import type { VangoError } from "@vango/core";
import type { PublicError } from "../router/resolve.js";

export function publicError(dev: boolean, error: VangoError): PublicError {
  return { code: error.code, message: dev ? error.message : "The page could not be shown. Please try again." };
}
