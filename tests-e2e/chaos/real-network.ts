// The light browser's way to a real server: HTTP and WebSockets over loopback. Each client has an address of its own block, as
// clients have: the server limits sessions by address.
import { get } from "node:http";
import type { LightNetwork } from "@vango/client/testing";
import { WebSocket } from "ws";

export function realNetwork(localAddress: string): LightNetwork {
  return {
    get: (url, headers) =>
      new Promise((resolve, reject) => {
        const request = get(url, { agent: false, localAddress, headers }, (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("error", reject).on("end", () => {
            const fields = new Headers();
            for (let i = 0; i < response.rawHeaders.length; i += 2) fields.append(response.rawHeaders[i] ?? "", response.rawHeaders[i + 1] ?? "");
            resolve({ status: response.statusCode ?? 0, headers: fields, text });
          });
        });
        request.on("error", reject);
      }),
    connect(url, headers, events) {
      const socket = new WebSocket(url, { headers, localAddress, perMessageDeflate: false });
      let closed = false;
      const close = (code: number, reason: string): void => {
        if (closed) return;
        closed = true;
        events.close(code, reason);
      };
      socket.on("open", () => events.open());
      socket.on("message", (data: Buffer) => events.message(new Uint8Array(data)));
      socket.on("close", (code, reason) => close(code, reason.toString()));
      socket.on("error", () => close(1006, ""));
      return {
        send: (bytes) => socket.send(bytes),
        close: () => {
          closed = true;
          socket.close();
        },
      };
    },
  };
}
