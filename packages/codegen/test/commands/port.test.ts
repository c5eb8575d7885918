// A taken port is found before the app listens.
import { createServer, type AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { assertPortFree } from "../../src/commands/port.js";

it("C3: a taken port: VANGO_PORT_TAKEN names the address, the flag and the variable", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await expect(assertPortFree({ port, host: "127.0.0.1" })).rejects.toMatchObject({ code: "VANGO_PORT_TAKEN", message: expect.stringContaining(`127.0.0.1:${port}`), fix: expect.stringMatching(/--port.*PORT/) });
});

it("a foreign address: VANGO_LISTEN_FAILED", async () => {
  await expect(assertPortFree({ port: 4321, host: "192.0.2.1" })).rejects.toMatchObject({ code: "VANGO_LISTEN_FAILED", message: expect.stringContaining("192.0.2.1") });
});

it("a free port and port 0 pass", async () => {
  await expect(assertPortFree({ port: 0, host: "127.0.0.1" })).resolves.toBeUndefined();
});
