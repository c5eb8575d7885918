/**
 * The security headers of every page, and the default content security policy.
 * Scripts come from this origin alone, none is inline. Inline style attributes are allowed, because `style={{ … }}` is
 * part of the authoring model; pass a stricter `csp` where no page uses them.
 */

export interface HeaderOptions {
  /** The public origin, such as `https://example.org`; undefined when it is not configured. */
  readonly publicOrigin: string | undefined;
  /** A policy of the app's own; `false` sends none. */
  readonly csp: string | false | undefined;
}

/** The default policy. The socket is named too, for browsers in which 'self' does not cover `ws:`. */
export function defaultCsp(publicOrigin: string | undefined): string {
  const socket = publicOrigin === undefined ? "" : ` ${publicOrigin.replace(/^http/, "ws")}`;
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src 'self'${socket}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/** Flat list: name, value, … */
export function pageSecurityHeaders(options: HeaderOptions): readonly string[] {
  const headers = [
    "x-content-type-options", "nosniff",
    "referrer-policy", "strict-origin-when-cross-origin",
    "cross-origin-opener-policy", "same-origin",
  ];
  if (options.csp !== false) headers.push("content-security-policy", options.csp ?? defaultCsp(options.publicOrigin));
  if (options.publicOrigin?.startsWith("https:") === true) headers.push("strict-transport-security", "max-age=31536000");
  return headers;
}
