/**
 * Who may open a socket or change something: only pages of this origin. With `publicOrigin` the comparison is exact;
 * without it the Origin's host must be the Host of the request. Development relaxes nothing.
 */

type HeaderOf = (name: string) => string | undefined;

/** True when the Origin header is present and is this site. */
export function isSameOrigin(header: HeaderOf, publicOrigin: string | undefined): boolean {
  const origin = header("origin");
  if (origin === undefined) return false;
  if (publicOrigin !== undefined) return origin === publicOrigin;
  const host = header("host");
  return host !== undefined && /^https?:\/\//.test(origin) && origin.slice(origin.indexOf("//") + 2).toLowerCase() === host.toLowerCase();
}

/**
 * True when a request that changes something comes from another site. A request without Origin and without
 * Sec-Fetch-Site does not come from a browser and passes: it carries nobody's cookies.
 */
export function isForeignWrite(method: string, header: HeaderOf, publicOrigin: string | undefined): boolean {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return false;
  if (header("origin") !== undefined) return !isSameOrigin(header, publicOrigin);
  const site = header("sec-fetch-site");
  return site !== undefined && site !== "same-origin" && site !== "none";
}
