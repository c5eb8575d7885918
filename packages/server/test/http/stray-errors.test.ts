// H23: errors that nobody caught.
import { afterEach, describe, expect, it, vi } from "vitest";
import { coreError } from "@vango/core/internal";
import { diagnostics, type ErrorMessage } from "../../src/diagnostics.js";
import { onStray } from "../../src/stray-errors.js";

afterEach(() => vi.restoreAllMocks());

describe("errors that nobody caught", () => {
  it("H23: one of the framework is reported and the process lives; another ends it, unless the app has a handler of its own", () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    const heard: ErrorMessage[] = [];
    const stop = diagnostics.error.subscribe((m) => heard.push(m));
    onStray(coreError("VANGO_OFF_LOOP_WRITE"));
    stop();
    expect(heard.map((m) => m.code)).toEqual(["VANGO_OFF_LOOP_WRITE"]);
    expect(exit).not.toHaveBeenCalled();
    const others = vi.spyOn(process, "listenerCount").mockReturnValue(2);
    onStray(new TypeError("the app's own"));
    expect(exit).not.toHaveBeenCalled();
    others.mockReturnValue(1);
    onStray(new TypeError("nobody's"));
    expect(exit).toHaveBeenCalledWith(1);
    expect(log).toHaveBeenCalledTimes(2);
  });
});
