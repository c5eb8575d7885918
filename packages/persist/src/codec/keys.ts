// The keys of blobs, made from the app's secrets: the first seals, all open, so a secret is rotated by putting a new one in
// front and dropping the old one when what it sealed has expired. Signing and encryption use different keys of one secret.
import { createHash, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

/** Bytes that name a secret in a blob. */
export const KEY_ID_BYTES = 4;

export interface BlobKey {
  readonly id: Uint8Array;
  /** An object: from bytes each proof would make it anew. */
  readonly sign: KeyObject;
  readonly encrypt: Uint8Array;
}

export class KeyRing {
  readonly #keys: readonly BlobKey[];

  /** At least one secret. */
  constructor(secrets: readonly string[]) {
    if (secrets.length === 0) throw new TypeError("A key ring needs a secret.");
    this.#keys = secrets.map(keyOf);
  }

  /** The key that seals. */
  get current(): BlobKey {
    return this.#keys[0] as BlobKey;
  }

  find(id: Uint8Array): BlobKey | undefined {
    return this.#keys.find((key) => key.id.every((byte, i) => byte === id[i]));
  }
}

function keyOf(secret: string): BlobKey {
  const derive = (what: string, bytes: number): Uint8Array => new Uint8Array(hkdfSync("sha256", secret, "vango", what, bytes));
  const sign = derive("blob-sign", 32);
  return { id: createHash("sha256").update(sign).digest().subarray(0, KEY_ID_BYTES), sign: createSecretKey(sign), encrypt: derive("blob-encrypt", 32) };
}
