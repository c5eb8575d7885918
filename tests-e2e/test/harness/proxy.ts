// A TCP proxy between browser and server: the network, with everything that goes wrong in one. What is cut here is cut for
// both sides, as by a network, and the browser's own WebSocket is what has to deal with it.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface Network {
  /** What the browser opens. */
  readonly url: string;
  /** Where connections go from now on. */
  to(port: number): void;
  /** Breaks all connections, and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  /** Connections stay open, but nothing passes any more, either way: a half-open line. */
  stall(): void;
  /** The browser gets nothing more until `flow`; what it sends passes. */
  dam(): void;
  flow(): void;
  /** Connections accepted so far. */
  connections(): number;
}

type Mode = "open" | "cut" | "stalled" | "dammed";

/** Starts a network in front of a server on `port`. */
export async function useNetwork(port: number): Promise<Network> {
  let target = port;
  let mode: Mode = "open";
  let accepted = 0;
  const pairs = new Set<readonly [browser: Socket, server: Socket]>();
  const apply = ([browser, server]: readonly [Socket, Socket]): void => {
    browser[mode === "stalled" ? "pause" : "resume"]();
    server[mode === "stalled" || mode === "dammed" ? "pause" : "resume"]();
  };
  const set = (next: Mode): void => {
    mode = next;
    pairs.forEach(apply);
  };
  const listener = createServer({ noDelay: true }, (browser) => {
    if (mode === "cut") return void browser.resetAndDestroy();
    accepted++;
    const server = connect({ port: target, host: "127.0.0.1", noDelay: true });
    const pair = [browser, server] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [server, browser] as const]) {
      from.on("data", (bytes) => {
        // Back-pressure: a slow reader is slow for the writer too.
        if (!to.write(bytes)) from.pause();
      });
      to.on("drain", () => apply(pair));
      from.on("end", () => to.end());
      from.on("error", () => undefined);
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
    apply(pair);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const cut = (): void => {
    mode = "cut";
    for (const [browser, server] of pairs) {
      browser.resetAndDestroy();
      server.resetAndDestroy();
    }
  };
  onTestFinished(() => {
    cut();
    listener.close();
  });
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`,
    to: (next) => void (target = next),
    cut,
    mend: () => set("open"),
    stall: () => set("stalled"),
    dam: () => set("dammed"),
    flow: () => set("open"),
    connections: () => accepted,
  };
}
