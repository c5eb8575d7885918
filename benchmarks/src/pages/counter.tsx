// The counter page: one text, one class, two handlers. With `extra`, also the ten signals, three memos and two effects of T10.
import { component, type Signal } from "@vango/core";
import { Frame } from "./frame.js";

export interface CounterControls {
  readonly count: Signal<number>;
}

/** Makes a counter page that tells its signals when it is set up. */
export function counterPage(expose?: (controls: CounterControls) => void) {
  return component((setup) => {
    const count = setup.signal(0);
    expose?.({ count });
    return () => (
      <Frame title="Counter">
        <p id="value" class={{ huge: count.get() > 1e9 }}>
          count: {count.get()}
        </p>
        <button onClick={() => count.inc()}>+1</button>
        <button onClick={() => count.dec()}>-1</button>
      </Frame>
    );
  });
}

export const Counter = counterPage();

/** Ten signals, three memos, two effects. */
export const FullCounter = component((setup) => {
  const count = setup.signal(0);
  const a = setup.signal(1);
  const b = setup.signal(2);
  const c = setup.signal(3);
  const d = setup.signal(4);
  const e = setup.signal("five");
  const f = setup.signal("six");
  const g = setup.signal(true);
  const h = setup.signal(false);
  const i = setup.signal<number | null>(null);
  const sum = setup.memo(() => a.get() + b.get() + c.get() + d.get());
  const both = setup.memo(() => g.get() && h.get());
  const text = setup.memo(() => `${e.get()} ${f.get()}`);
  setup.effect(() => {
    sum.get();
  });
  setup.effect(() => {
    i.get();
  });
  return () => (
    <Frame title="Counter">
      <p id="value" class={{ huge: both.get() }}>
        count: {count.get()}
      </p>
      <p>{sum.get()}</p>
      <p>{text.get()}</p>
      <button onClick={() => count.inc()}>+1</button>
      <button onClick={() => count.dec()}>-1</button>
    </Frame>
  );
});
