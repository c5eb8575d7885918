// What outlives the document, in sessionStorage: the guard against reload loops, the tab's session, and which document
// left. Invariant: storage that is blocked or full costs these features, never the page.

const RELOADED = "vango.reloaded";
const TAB = "vango.tab";
const LEFT = "vango.left";

/** The stored text after storing `value`, if one is given; undefined without storage. */
function stored(key: string, value?: string): string | null | undefined {
  try {
    if (value !== undefined) sessionStorage.setItem(key, value);
    return sessionStorage.getItem(key);
  } catch {
    // Blocked by the user's settings, or full.
  }
}

/** 64 random bits as text. */
export const randomId = (): string => crypto.getRandomValues(new Uint32Array(2)).join("-");

/** The session of this tab, after noting `sid` as it if one is given; empty when there is none, or no storage. */
export const tabSession = (sid?: string): string => stored(TAB, sid) ?? "";

/** This document leaves the tab: the next one is not its duplicate. */
export const noteLeft = (nonce: string): void => void stored(LEFT, nonce);

/** The document that left this tab last, once: whoever comes later has nothing to do with it. */
export function takeLeft(): string | undefined {
  const left = stored(LEFT);
  if (left) stored(LEFT, "");
  return left || undefined;
}

/** Reloads the page, once; false when it was reloaded already and still does not fit. */
export function reloadOnce(): boolean {
  if (stored(RELOADED) === "1" || !stored(RELOADED, "1")) return false;
  location.reload();
  return true;
}

/** The page fits: the next misfit may reload again. */
export const reloadAllowed = (): void => void stored(RELOADED, "");
