/**
 * Runs the conformance suite for uWebSockets.js. On Node 20 uWebSockets.js must load: a missing binary fails the run
 * instead of skipping in silence. On newer Node it may be absent, and then the log says so.
 */
import { describe, expect, it } from "vitest";
import { pickTransport } from "../../src/transport/pick.js";
import { loadUws } from "../../src/transport/uws-load.js";
import { uwsTransport } from "../../src/transport/uws.js";
import { transportConformance } from "./conformance.js";

const uws = await loadUws();
const nodeMajor = Number(process.versions.node.split(".")[0]);

describe("which transports run here", () => {
  it("T22: uWebSockets.js loads on Node 20", () => {
    if (nodeMajor === 20) expect(uws, "uWebSockets.js did not load on Node 20: its suite would not run").toBeDefined();
    else if (uws === undefined) console.info(`uWebSockets.js is absent on Node ${process.version}: only ws was tested`);
  });

  it("T22: the default is uws, else ws with one log line; an explicit uws that cannot load is an error", async () => {
    const lines: string[] = [];
    const picked = await pickTransport(undefined, (line) => lines.push(line));
    expect(picked.name).toBe(uws === undefined ? "ws" : "uws");
    expect(lines).toHaveLength(uws === undefined ? 1 : 0);
    expect((await pickTransport("ws")).name).toBe("ws");
    if (uws === undefined) await expect(pickTransport("uws")).rejects.toMatchObject({ code: "VANGO_TRANSPORT_UNAVAILABLE" });
    else expect((await pickTransport("uws")).name).toBe("uws");
  });
});

if (uws !== undefined) transportConformance("uws", () => Promise.resolve(uwsTransport(uws)));
