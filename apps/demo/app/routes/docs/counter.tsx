// The counter of the documentation: one signal, one text, two buttons. Byte tests count its frames.
import { component, type View } from "@vango/core";

export const head = (): View => <title>Counter · Cairn</title>;

export const page = component((setup) => {
  const count = setup.signal(0);
  return () => (
    <div class="page narrow">
      <header class="page-head"><h1>Counter</h1><p class="muted">The smallest live page.</p></header>
      <div class="card counter">
        <button type="button" class="button large" aria-label="Decrement" data-testid="dec" onClick={() => count.dec()}>−</button>
        <p class="counter-text" role="status" data-testid="count">count: {count}</p>
        <button type="button" class="button large" aria-label="Increment" data-testid="inc" onClick={() => count.inc()}>+</button>
      </div>
    </div>
  );
}, { name: "Counter" });
