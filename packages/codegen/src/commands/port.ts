// Finds a taken or forbidden port before the app listens. Needed because a transport with SO_REUSEPORT
// would share a taken port silently, and because transports report failures in their own words.

import { createServer, type AddressInfo } from "node:net";
import { VangoError } from "@vango/core";
import type { Listen } from "./options.js";

/** The coded error for a failed listen. The codes are the server's: one situation has one code, whoever meets it first. */
export function listenError(error: unknown, { port, host }: Listen): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const at = `${host}:${port}`;
  if (code === "EADDRINUSE") {
    return new VangoError("VANGO_PORT_TAKEN", {
      message: `${at} is in use.`,
      why: "Another process listens on this address.",
      fix: "Stop that process, or choose another port with --port N or the environment variable PORT.",
    });
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new VangoError("VANGO_LISTEN_FAILED", {
      message: `${at}: ${code}.`,
      why: "The system refused to listen: ports below 1024 need privileges, and the host must be an address of this machine.",
      fix: "Choose another port with --port N or PORT, and a local address with --host H or HOST.",
    });
  }
  return error;
}

/** A port that is free now. @throws VangoError `VANGO_LISTEN_FAILED` */
export async function freePort(host: string): Promise<number> {
  return probe({ port: 0, host });
}

/** Listens and closes again. @throws VangoError `VANGO_PORT_TAKEN`, `VANGO_LISTEN_FAILED` */
export async function assertPortFree(listen: Listen): Promise<void> {
  if (listen.port !== 0) await probe(listen);
}

async function probe(listen: Listen): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port: listen.port, host: listen.host, exclusive: true }, resolve);
    });
  } catch (error) {
    throw listenError(error, listen);
  }
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
