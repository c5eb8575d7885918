// Pages that hurt: one whose click runs effects up to the budget of a turn, one whose click sends a thousand rows anew.
import { component, each } from "@vango/core";
import { makeRows, type Row } from "./rows.js";

/** Below the budget of 1,000: the storm runs to its end with every click. */
const EFFECTS = 900;
const ROWS = 1000;

export const Storm = component((setup) => {
  const count = setup.signal(0);
  for (let i = 0; i < EFFECTS; i++) addEffect(setup, () => count.get());
  return () => <button onClick={() => count.inc()}>{count.get()}</button>;
});

/** An effect that follows `read`; apart, because a component's own setup may not allocate in a loop. */
function addEffect(setup: { effect(fn: () => void): void }, read: () => unknown): void {
  setup.effect(() => void read());
}

export const Large = component((setup) => {
  const first = setup.signal(1);
  const rows = setup.memo<readonly Row[]>(() => makeRows(ROWS, first.get()));
  return () => (
    <main>
      <button onClick={() => first.update((n) => n + ROWS)}>more</button>
      <ul>{each(rows, (row) => row.id, (row) => <li>{row.label}</li>)}</ul>
    </main>
  );
});
