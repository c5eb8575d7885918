// `@vango/server/workers`: several processes of one app on one port. Used by the server that `vango build` makes.
export { Supervisor, type Finished, type SupervisorOptions } from "./supervisor.js";
export { workerSide, type WorkerSide } from "./worker-side.js";
export type { PeersOfApp } from "./relaying-sessions.js";
