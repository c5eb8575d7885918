/**
 * Which tab asks: a document that leaves names its tab in a cookie for ten seconds, so that a reload is rendered with the state
 * that the tab had, not with defaults which then flip. The cookie is worth nothing without the browser's own.
 */
import { parseCookie } from "cookie";
import type { StateValues } from "../state/read-values.js";
import type { HttpContext } from "./context.js";

const TAB_COOKIE = "vango_tab";

/** The persisted values that the page is rendered with; undefined for its defaults. Never rejects. */
export async function tabValues(app: HttpContext, cookies: string | undefined, user: unknown): Promise<StateValues | undefined> {
  if (cookies === undefined || !cookies.includes(TAB_COOKIE)) return undefined;
  const sid = parseCookie(cookies)[TAB_COOKIE];
  const browser = app.cookie.read(cookies);
  if (sid === undefined || browser === undefined) return undefined;
  try {
    const found = await app.tabValues(sid, browser);
    const mine = found?.principal === app.core.login.principalOf(user) && found.schema === (app.core.state.declared?.fingerprint ?? "");
    return mine ? found : undefined;
  } catch (error) {
    // The store is away: the page shows its defaults, and its join repairs them.
    app.core.report(error);
    return undefined;
  }
}
