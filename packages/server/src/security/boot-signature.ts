/**
 * Signs a boot blob for one browser, and checks the blob a client sends back with JOIN. Covers every field but the
 * signature, and the browser's id: a blob is worth nothing in another browser.
 */
import type { Boot } from "@vango/core/protocol";
import type { Tokens } from "./tokens.js";

/** What is signed; array order is fixed, so the text is the same on both sides. */
function signedText(boot: Omit<Boot, "g">, browser: string): string {
  return JSON.stringify([boot.v, boot.b, boot.p, boot.n, boot.r ?? 0, browser, boot.t, boot.s, boot.h, ...(boot.f === undefined ? [] : [boot.f])]);
}

export function signBoot(tokens: Tokens, boot: Omit<Boot, "g">, browser: string): Boot {
  return { ...boot, g: tokens.sign("boot", signedText(boot, browser)) };
}

/** The blob of a JOIN, or undefined when it is malformed or was not signed for this browser. */
export function verifyBoot(tokens: Tokens, text: string, browser: string): Boot | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isBoot(value) && tokens.verify("boot", signedText(value, browser), value.g) ? value : undefined;
}

function isBoot(value: unknown): value is Boot {
  if (typeof value !== "object" || value === null) return false;
  const b = value as Record<string, unknown>;
  return (
    typeof b["v"] === "number" &&
    (b["r"] === undefined || b["r"] === 1) &&
    (b["f"] === undefined || typeof b["f"] === "string") &&
    [b["b"], b["g"], b["p"], b["n"]].every((x) => typeof x === "string") &&
    isArrayOf(b["t"], "string") &&
    isArrayOf(b["s"], "number") &&
    isArrayOf(b["h"], "number")
  );
}

function isArrayOf(value: unknown, type: "string" | "number"): boolean {
  return Array.isArray(value) && value.every((x) => typeof x === type);
}
