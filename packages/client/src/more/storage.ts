// What outlives the document: the tab's id and the guard against reload loops, both in sessionStorage.
// Invariant: storage that is blocked or full costs these two features, never the page.

const RELOADED = "vango.reloaded";

/** The stored text after storing `value`, if one is given; undefined without storage. */
function stored(key: string, value?: string): string | null | undefined {
  try {
    if (value !== undefined) sessionStorage.setItem(key, value);
    return sessionStorage.getItem(key);
  } catch {
    // Blocked by the user's settings, or full.
  }
}

/** 128 random bits as text. */
export const randomId = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** The id of this browser tab; the same until the tab is closed. Empty without storage. */
export const tabId = (): string => (stored("vango.tab") || stored("vango.tab", randomId())) ?? "";

/** Reloads the page, once; false when it was reloaded already and still does not fit. */
export function reloadOnce(): boolean {
  if (stored(RELOADED) === "1" || !stored(RELOADED, "1")) return false;
  location.reload();
  return true;
}

/** The page fits: the next misfit may reload again. */
export const reloadAllowed = (): void => void stored(RELOADED, "");
