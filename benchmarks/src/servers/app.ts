// The candidate: our server with the counter page, on the transport named by its argument. Budgets that protect a server
// from one hostile machine are lifted: the load comes from one address at full speed.
import { createApp } from "@vango/server";
import { Counter } from "../pages/counter.js";
import { serve } from "./serve.js";

const transport = process.argv[2] === "ws" ? "ws" : "uws";
const app = createApp({
  routes: { buildId: "bench", routes: [{ path: "/", load: async () => ({ page: Counter }) }] },
  secret: "benchmark-secret-of-sufficient-length",
  limits: { joinTimeoutMs: 600_000, sessions: 100_000, sessionsPerIp: 100_000, detachedSessions: 1, eventsPerSecond: 1_000_000, eventQueue: 10_000 },
});
const listening = await app.listen({ port: 0, transport });
if (listening.transport !== transport) throw new Error(`asked for ${transport}, got ${listening.transport}`);
serve(listening.port);
