// Finds a taken or forbidden port before the app listens. Needed because a transport with SO_REUSEPORT
// would share a taken port silently, and because transports report failures in their own words.

import { createServer } from "node:net";
import { cliError } from "./errors.js";
import type { Listen } from "./options.js";

/** The coded error for a failed listen. */
export function listenError(error: unknown, { port, host }: Listen): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "EADDRINUSE") return cliError("VANGO_PORT_IN_USE", { message: `${host}:${port} is in use.` });
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") return cliError("VANGO_PORT_DENIED", { message: `${host}:${port} (${code}).` });
  return error;
}

/** Listens and closes again. @throws VangoError `VANGO_PORT_IN_USE`, `VANGO_PORT_DENIED` */
export async function assertPortFree(listen: Listen): Promise<void> {
  if (listen.port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port: listen.port, host: listen.host, exclusive: true }, resolve);
    });
  } catch (error) {
    throw listenError(error, listen);
  }
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
