// What the page hears from the runtime: CustomEvents on the document. Stateless: both parts of the bundle carry a copy.

/** Sends a CustomEvent on the document. */
export function emit(type: string, detail: unknown): void {
  document.dispatchEvent(new CustomEvent(type, { detail }));
}

/** Reports an error to the page as `vango:error`. */
export const report = (code: string, message: string): void => emit("vango:error", { code, message });
