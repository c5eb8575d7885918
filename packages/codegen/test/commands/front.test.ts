// The port of `vango dev`: requests wait for the app, errors become pages, sockets pass through, open pages are told.
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createFront } from "../../src/commands/dev/front.js";
import { stateCell, type StateCell } from "../../src/commands/dev/state.js";
import { listenError } from "../../src/commands/port.js";

const portOf = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
};

const app = () => createServer((req, res) => {
  if (req.url === "/_vango/client.abc.js") res.writeHead(200, { "content-type": "text/javascript", "cache-control": "immutable", etag: "x" }).end("client();");
  else res.writeHead(req.url === "/gone" ? 404 : 200, { "x-host": req.headers.host ?? "" }).end(`${req.method} ${req.url}`);
}).on("upgrade", (_req, socket) => {
  socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
  socket.pipe(socket);
});

async function front(): Promise<{ readonly url: string; readonly port: number; readonly cell: StateCell }> {
  const cell = stateCell();
  const made = createFront(cell);
  const port = await portOf(made.server);
  onTestFinished(() => made.close());
  return { url: `http://127.0.0.1:${port}`, port, cell };
}

it("C7: holds a request while the app starts, then passes it through with its Host", async () => {
  const { url, port, cell } = await front();
  const waiting = fetch(`${url}/a?b=1`);
  cell.set({ kind: "running", port: await portOf(app()) });
  const response = await waiting;
  expect(await response.text()).toBe("GET /a?b=1");
  expect(response.headers.get("x-host")).toBe(`127.0.0.1:${port}`);
  expect((await fetch(`${url}/gone`)).status).toBe(404);
});

it("C9: appends the overlay to the client script and lets nobody cache it", async () => {
  const { url, cell } = await front();
  cell.set({ kind: "running", port: await portOf(app()) });
  const response = await fetch(`${url}/_vango/client.abc.js`);
  expect(await response.text()).toBe('client();\nimport("/_vango/dev.js");\n');
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("etag")).toBeNull();
  expect(await (await fetch(`${url}/_vango/dev.js`)).text()).toContain("EventSource");
});

it("C8: shows a failed app as a page to navigations and as text to others, escaped", async () => {
  const { url, cell } = await front();
  cell.set({ kind: "failed", report: { title: "VANGO_TPL_NESTING", message: "<b>bad</b>", frame: "> 1 | <p><div>", fix: "mend it" } });
  const page = await fetch(url, { headers: { accept: "text/html" } });
  expect(page.status).toBe(500);
  const html = await page.text();
  expect(html).toContain("/_vango/dev.js");
  expect(html).not.toContain("<b>bad");
  expect(await (await fetch(url, { headers: { accept: "*/*" } })).text()).toMatch(/VANGO_TPL_NESTING[\s\S]*> 1 \|[\s\S]*mend it/);
});

it("C8: tells open pages each state, with the generation that makes them reload", async () => {
  const { url, cell } = await front();
  const reader = (await fetch(`${url}/_vango/dev`)).body?.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader?.cancel());
  const next = async () => JSON.parse((await reader?.read())?.value?.split("data: ")[1] ?? "null") as unknown;
  expect(await next()).toEqual({ kind: "starting", generation: 0 });
  cell.set({ kind: "running", port: 1 });
  expect(await next()).toEqual({ kind: "running", port: 1, generation: 1 });
  cell.set({ kind: "failed", report: { title: "a", message: "b" } });
  expect(await next()).toMatchObject({ kind: "failed", generation: 1, report: { message: "b" } });
});

it("C7: passes sockets through, and refuses them while the app cannot run", async () => {
  const { port, cell } = await front();
  const upgrade = () => new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write("GET /_vango/live HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"));
    socket.on("data", (data) => {
      text += data.toString();
      if (text.endsWith("\r\n\r\n") && text.includes("101")) socket.write("ping");
      if (text.endsWith("ping")) socket.end();
    });
    socket.on("close", () => resolve(text));
  });
  cell.set({ kind: "running", port: await portOf(app()) });
  expect(await upgrade()).toMatch(/101[\s\S]*ping$/);
  cell.set({ kind: "failed", report: { title: "a", message: "b" } });
  expect(await upgrade()).toContain("503");
});

it("an unknown listen error stays itself", () => {
  const error = new Error("x");
  expect(listenError(error, { port: 1, host: "a" })).toBe(error);
});
