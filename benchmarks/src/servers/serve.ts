// What every server under measure does beside serving: tells its port, answers questions, ends with its parent.

/** Announces the port and answers `cpu` and `memory` questions. */
export function serve(port: number): void {
  process.on("message", (question) => {
    if (question === "cpu") process.send?.(process.cpuUsage());
    else if (question === "memory") {
      for (let round = 0; round < 3; round++) globalThis.gc?.();
      process.send?.({ ...process.memoryUsage() });
    }
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port });
}
