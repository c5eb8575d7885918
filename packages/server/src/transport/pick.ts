/**
 * Chooses the transport: uWebSockets.js where its binary loads, `ws` elsewhere, said in one log line.
 */
import { serverError } from "../errors.js";
import { sharesPorts } from "./shared-port.js";
import type { Transport } from "./transport.js";
import { loadUws } from "./uws-load.js";
import { uwsTransport } from "./uws.js";
import { wsTransport } from "./ws.js";

/**
 * @param reusePort The port is to be shared, see ListenOptions.
 * @param wanted `"uws"` throws VANGO_TRANSPORT_UNAVAILABLE where it does not load; absent falls back to `ws`.
 * @param log Where the line about the fallback goes. Default `console.info`.
 */
export async function pickTransport(wanted?: "uws" | "ws", log: (line: string) => void = (line) => console.info(line), reusePort = false): Promise<Transport> {
  if (wanted === "ws") return wsTransport();
  if (reusePort && wanted === undefined && !sharesPorts) {
    log(`vango: uWebSockets.js cannot share a port on ${process.platform}; serving with ws.`);
    return wsTransport();
  }
  const uws = await loadUws();
  if (uws !== undefined) return uwsTransport(uws);
  if (wanted === "uws") throw serverError("VANGO_TRANSPORT_UNAVAILABLE", { message: `Node ${process.version}, ${process.platform} ${process.arch}.` });
  log(`vango: uWebSockets.js has no binary for Node ${process.version} on ${process.platform} ${process.arch}; serving with ws.`);
  return wsTransport();
}
