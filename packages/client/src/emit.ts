// What the page hears from the runtime: CustomEvents on the document. Stateless: both parts of the bundle carry a copy.
import { WireError } from "@vango/core/protocol";

/** Sends a CustomEvent on the document. */
export function emit(type: string, detail: unknown): void {
  document.dispatchEvent(new CustomEvent(type, { detail }));
}

/** Reports an error to the page as `vango:error`. */
export const report = (code: string, message: string): void => emit("vango:error", { code, message });

/** The code of a decoder's or the applier's error; what the platform throws has codes of its own. */
export const codeOf = (error: unknown, other: string): string => (error instanceof WireError ? error.code : other);
