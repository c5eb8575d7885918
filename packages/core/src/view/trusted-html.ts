// The brand that lets HTML in unescaped: `innerHTML={trustedHtml(…)}`.
import type { TrustedHtml } from "./types.js";

export class TrustedHtmlValue implements TrustedHtml {
  declare readonly __trusted: true;
  constructor(readonly html: string) {}
}

/**
 * Marks HTML as safe to insert as it is. Sanitise what users wrote before you mark it.
 *
 * @example
 * <article innerHTML={trustedHtml(renderMarkdown(post.body))} />
 */
export function trustedHtml(s: string): TrustedHtml {
  return new TrustedHtmlValue(String(s));
}
