/**
 * Signed, purpose-bound tokens. Invariants: a signature for one purpose never verifies for another; the first key signs,
 * every key verifies, so a key is rotated by putting the new one in front; comparison takes constant time.
 */
import { createHmac, createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from "node:crypto";
import { serverError } from "../errors.js";

/** What a signature is for. */
export type TokenPurpose = "browser" | "boot" | "tab" | "csrf" | "join";

/** Characters of a secret, at least. */
export const MIN_SECRET = 32;

export class Tokens {
  readonly #keys: readonly [KeyObject, ...KeyObject[]];

  /** @param secrets At least one, each of at least 32 characters; throws VANGO_WEAK_SECRET. */
  constructor(secrets: readonly string[]) {
    const [first, ...rest] = secrets.map((secret) => {
      if (secret.length < MIN_SECRET) throw serverError("VANGO_WEAK_SECRET", { message: `It has ${secret.length} characters.` });
      return createSecretKey(Buffer.from(secret, "utf8"));
    });
    if (first === undefined) throw serverError("VANGO_WEAK_SECRET", { message: "There is none." });
    this.#keys = [first, ...rest];
  }

  /** Signature of `data`, base64url, 43 characters. */
  sign(purpose: TokenPurpose, data: string): string {
    return mac(this.#keys[0], purpose, data).toString("base64url");
  }

  /** True when one of the keys signed `data` for this purpose. */
  verify(purpose: TokenPurpose, data: string, signature: string): boolean {
    const given = Buffer.from(signature, "base64url");
    // The decoder skips what is not base64url; only the one spelling that we write is accepted.
    if (given.length !== 32 || given.toString("base64url") !== signature) return false;
    let valid = false;
    for (const key of this.#keys) if (timingSafeEqual(mac(key, purpose, data), given)) valid = true;
    return valid;
  }

  /** `data.signature`: `data` must not hold a dot. */
  seal(purpose: TokenPurpose, data: string): string {
    return `${data}.${this.sign(purpose, data)}`;
  }

  /** The data of a sealed token, or undefined when it was not sealed by us for this purpose. */
  open(purpose: TokenPurpose, token: string): string | undefined {
    const dot = token.indexOf(".");
    if (dot < 0) return undefined;
    const data = token.slice(0, dot);
    return this.verify(purpose, data, token.slice(dot + 1)) ? data : undefined;
  }
}

function mac(key: KeyObject, purpose: TokenPurpose, data: string): Buffer {
  return createHmac("sha256", key).update(`vango:${purpose}\0`).update(data).digest();
}

/** 128 random bits, base64url. */
export function randomId(): string {
  return randomBytes(16).toString("base64url");
}
