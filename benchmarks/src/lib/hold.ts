// Opens WebSockets by hand and holds them: for memory per idle socket. The sockets live in this process, not in the server's.
import { connect, type Socket } from "node:net";
import { upgradeRequest, type Opening } from "./script.js";

/** Opens one socket per opening; resolves when all are upgraded. */
export async function holdOpen(port: number, openings: readonly Opening[]): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  for (let at = 0; at < openings.length; at += 100) {
    sockets.push(...(await Promise.all(openings.slice(at, at + 100).map((opening) => open(port, opening)))));
  }
  return sockets;
}

function open(port: number, opening: Opening): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.write(upgradeRequest(port, opening), "latin1");
    socket.once("error", reject);
    socket.once("data", (chunk: Buffer) => {
      if (!chunk.toString("latin1").startsWith("HTTP/1.1 101")) reject(new Error(`upgrade refused: ${chunk.toString("latin1", 0, 60)}`));
      socket.removeListener("error", reject);
      socket.on("error", () => socket.destroy());
      socket.on("data", () => undefined);
      resolve(socket);
    });
  });
}
