// When a listener of a shared port may close, without sockets: the moment, and what the kernel is asked.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { describe, expect, it, onTestFinished } from "vitest";
import { handsOver, quietMoment } from "../../src/transport/shared-port.js";

const spin = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

describe("a listener of a shared port", () => {
  it("W13: closes after an iteration in which nothing came; one that is never idle, after a second", async () => {
    const waited = async (busyMs: number): Promise<number> => {
      const begun = performance.now();
      const moment = quietMoment().then(() => performance.now() - begun);
      // An immediate of the last iteration runs before those of this one.
      const busy = (): void => {
        spin(1);
        if (performance.now() - begun < busyMs) setImmediate(busy);
      };
      setImmediate(busy);
      return moment;
    };
    expect(await waited(300)).toBeGreaterThan(300);
    const never = await waited(2000);
    expect(never).toBeGreaterThan(1000);
    expect(never).toBeLessThan(2000);
  });

  it("W13: the advice is given where the kernel could hand connections over and does not", () => {
    const dir = mkdtempSync(join(tmpdir(), "vango-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const setting = join(dir, "tcp_migrate_req");
    expect(handsOver(setting)).toBe(true);
    writeFileSync(setting, "0\n");
    expect(handsOver(setting)).toBe(false);
    writeFileSync(setting, "1\n");
    expect(handsOver(setting)).toBe(true);
  });
});
