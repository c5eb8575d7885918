// The server of the fairness figures: the counter page for the crowd, pages that hurt for the abuser, budgets as they are by
// default; only the limits of one address are lifted, because the load comes from one.
import { createApp } from "@vango/server";
import { Large, Storm } from "../pages/abuse.js";
import { Counter } from "../pages/counter.js";
import { serve } from "./serve.js";

const page = (path: string, component: typeof Counter) => ({ path, load: async () => ({ page: component }) });
const app = createApp({
  routes: { buildId: "bench", routes: [page("/", Counter), page("/storm", Storm), page("/large", Large)] },
  secret: "benchmark-secret-of-sufficient-length",
  limits: { sessionsPerIp: 100_000, detachedSessions: 10 },
  onError: () => undefined,
});
const listening = await app.listen({ port: 0 });
serve(listening.port);
