// The app of child.ts: plain modules, so that it starts without a compiler.
import { component, html } from "@vango/core";
import { createApp } from "@vango/server";

const page = component((setup) => {
  const n = setup.signal(0);
  const typed = setup.signal("");
  return () => html`<main>
    <button id="inc" onClick=${() => n.inc()}>${n}</button>
    <input id="typed" value=${typed} onInput=${(e) => typed.set(e.value)} />
    <p id="heard">${typed}</p>
  </main>`;
});

const app = createApp({
  routes: { buildId: "child", routes: [{ path: "/", kind: "page", load: () => Promise.resolve({ page }) }] },
  secret: "secret-of-a-process-that-is-killed",
});
await app.listen({ port: Number(process.argv[2]) });
console.log("ready");
