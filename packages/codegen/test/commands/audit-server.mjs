// The app that the audit's tests attack: `node audit-server.mjs <transport> <options as JSON>`. A process of its own, because
// this package's tests read core's templates from source. Sends its address to the parent.
import { component, html } from "@vango/core";
import { createApp } from "@vango/server";

const [transport = "ws", options = "{}"] = process.argv.slice(2);
const page = component((setup) => {
  const n = setup.signal(0);
  return () => html`<button onClick=${() => n.inc()}>${n}</button>`;
});
const app = createApp({
  routes: { buildId: "b", routes: [{ path: "/", load: () => Promise.resolve({ page }) }] },
  secret: "s".repeat(32), onError: () => undefined, basePath: "/shop", ...JSON.parse(options),
});
const { url } = await app.listen({ port: 0, transport: transport === "uws" ? "uws" : "ws" });
process.send?.(url);
process.on("disconnect", () => process.exit(0));
