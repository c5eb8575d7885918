// The click table: which clicks may be taken from the browser.
// Invariant: with a modifier key, another button, another target or origin, or a download, the browser always acts.

/** The link around an event's target, if it is on one. */
export const linkOf = (ev: Event): HTMLAnchorElement | null | undefined => (ev.target as Element).closest?.<HTMLAnchorElement>("a[href]");

/**
 * May a handler or a link stand for the browser's own action? Outside links every unmodified primary click may; on a
 * link also `live` must hold, and the link must stay in this window and origin.
 */
export function isPlainClick(ev: MouseEvent, live: boolean): boolean {
  const link = linkOf(ev);
  return (
    !(ev.button || ev.ctrlKey || ev.metaKey || ev.shiftKey || ev.altKey) &&
    (!link ||
      (live && /^(_self)?$/.test(link.target) && !link.hasAttribute("download") && link.origin === location.origin))
  );
}
