// Debounce and throttle, per element and slot. Invariants: at most one waiting call per element and slot, its newest;
// `flush` sends all that waits, in the order of those calls, so that no other event overtakes typed text.

interface Entry {
  readonly el_: Element;
  readonly slot_: number;
  send_: (() => void) | undefined;
  timer_?: ReturnType<typeof setTimeout>;
}

const entries = new Set<Entry>();

/**
 * Debounce: sends when `ms` have passed without another call. Throttle (`leading`): sends at once, then the newest of
 * what came within each `ms`.
 */
export function defer(el: Element, slot: number, ms: number, leading: boolean, send: () => void): void {
  for (const old of entries)
    if (old.el_ === el && old.slot_ === slot) {
      if (leading) {
        old.send_ = send;
        return;
      }
      clearTimeout(old.timer_);
      entries.delete(old);
    }
  if (leading) send();
  const entry: Entry = { el_: el, slot_: slot, send_: leading ? undefined : send };
  entries.add(entry);
  entry.timer_ = setTimeout(() => {
    entries.delete(entry);
    const last = entry.send_;
    if (last && leading) defer(el, slot, ms, leading, last);
    else last?.();
  }, ms);
}

/** Sends all that waits, now. */
export function flush(): void {
  for (const entry of entries) {
    const send = entry.send_;
    // Emptied before it is sent: sending flushes too.
    entry.send_ = undefined;
    send?.();
  }
}

/** True while a call waits; of a control: its own, or that of an element around it. */
export const waiting = (control?: Element): boolean => [...entries].some((entry) => entry.send_ && (!control || entry.el_.contains(control)));
