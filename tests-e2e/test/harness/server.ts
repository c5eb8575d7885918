// An app in this process on a free port. What a test starts ends with the test.
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { createApp, type App, type AppOptions, type ListeningApp, type RouteEntry } from "@vango/server";
import type { Component } from "@vango/core";
import { onTestFinished } from "vitest";

export type TransportName = "uws" | "ws";

/** Both transports; a test that matters on the wire runs on each. */
export const TRANSPORTS: readonly TransportName[] = ["uws", "ws"];

const SECRET = "end-to-end-secret-of-32-characters";

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly app: App;
  /** What reached `onError`. */
  readonly errors: { readonly code: string; readonly message: string }[];
  /** Closes the listener and every socket. */
  close(): Promise<void>;
  /** A new app on the same port and with the same secret: what a restarted process is. */
  restart(): Promise<TestServer>;
}

/** A page as one route: its component, and what else its module exports. */
export const route = (path: string, page: Component<never> | Component<object>, extra: object = {}, entry: Partial<RouteEntry> = {}): RouteEntry => ({
  path,
  kind: "page",
  load: () => Promise.resolve({ page, ...extra }),
  ...entry,
});

/** A port that nobody listens on. Not 0: the kernel does not give a port that it picked itself to a restarted uWS at once. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

export interface ServeOptions extends Partial<AppOptions> {
  readonly transport?: TransportName;
  readonly port?: number;
}

/** Serves routes, or one component at `/`. */
export async function serve(pages: readonly RouteEntry[] | Component<object>, o: ServeOptions = {}): Promise<TestServer> {
  const { transport, port = await freePort(), ...options } = o;
  const routes = Array.isArray(pages) ? (pages as readonly RouteEntry[]) : [route("/", pages as Component<object>)];
  const errors: TestServer["errors"] = [];
  const app = createApp({ routes: { buildId: "e2e", routes }, secret: SECRET, onError: (e) => void errors.push(e), ...options });
  if (errors.length > 0) throw new Error(`The app does not start: ${errors.map((e) => e.code).join()}`);
  let listening: ListeningApp | undefined = await app.listen({ port, ...(transport === undefined ? {} : { transport }) });
  const at = listening;
  const close = async (): Promise<void> => {
    const open = listening;
    listening = undefined;
    await open?.close();
  };
  onTestFinished(close);
  return {
    url: at.url,
    port: at.port,
    app,
    errors,
    close,
    restart: async () => {
      await close();
      return serve(pages, { ...o, port: at.port });
    },
  };
}
