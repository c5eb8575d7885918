// Opens WebSockets by hand and holds them: for memory per idle socket, joined or not. The sockets live in this process, not in
// the server's.
import { connect, type Socket } from "node:net";
import { upgradeRequest, type Opening } from "./script.js";

/** A socket whose server has answered the upgrade, and the JOIN if there is one. Opens one per opening. */
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
      if (opening.join === undefined) {
        socket.on("data", () => undefined);
        return resolve(socket);
      }
      socket.write(clientFrame(opening.join));
      // Nothing comes before WELCOME; what comes then is not read.
      socket.once("data", () => {
        socket.on("data", () => undefined);
        resolve(socket);
      });
    });
  });
}

/** A binary message as a client sends it; the mask is zero. */
function clientFrame(payload: Uint8Array): Buffer {
  const n = payload.length;
  const length = n < 126 ? [0x80 | n] : n < 65_536 ? [0x80 | 126, n >> 8, n & 255] : [0x80 | 127, 0, 0, 0, 0, (n >>> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255];
  return Buffer.concat([Buffer.from([0x82, ...length, 0, 0, 0, 0]), payload]);
}
