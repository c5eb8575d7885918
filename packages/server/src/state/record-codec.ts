/**
 * Records of sessions as bytes and back: each value a blob of its own, bound to its record and name; the meta another.
 * Invariant: whatever a store gives, the result is values and meta, or an error of kind `codec`; nothing else gets through.
 */
import { BlobError, decodeValue, encodeValue, NO_SCHEMA, type BlobCodec, type BlobSchema, type OpenedBlob } from "@vango/persist";
import type { RecordMeta } from "./keeper.js";

/** Stands for the meta in the place of its blob; no value has this name. */
const META = "";

export class RecordCodec {
  readonly #blobs: BlobCodec;

  constructor(blobs: BlobCodec) {
    this.#blobs = blobs;
  }

  /** `key` is what the error names; `schema`: what the value is said to be of. @throws PersistError of kind `codec` */
  encode(record: string, name: string, value: unknown, key: string, schema: BlobSchema = NO_SCHEMA): Uint8Array {
    return this.#blobs.seal(encodeValue(value, key), schema, placeOf(record, name));
  }

  /** A value that another build has written, as it wrote it, for another place. */
  seal(record: string, name: string, { payload, schema }: OpenedBlob): Uint8Array {
    return this.#blobs.seal(payload, schema, placeOf(record, name));
  }

  /** @throws BlobError */
  open(record: string, name: string, blob: Uint8Array): OpenedBlob {
    return this.#blobs.open(blob, placeOf(record, name));
  }

  /** The value of a blob that was opened. @throws BlobError */
  value(name: string, { payload }: OpenedBlob): unknown {
    return valueOf(payload, name);
  }

  encodeMeta(record: string, { browser, principal, url, epoch, applied, nonce, build, schema }: RecordMeta): Uint8Array {
    return this.#blobs.seal(encodeValue([browser, principal, url, epoch, applied, nonce, build, schema]), NO_SCHEMA, placeOf(record, META));
  }

  decodeMeta(record: string, blob: Uint8Array): RecordMeta {
    const fields = valueOf(this.#blobs.open(blob, placeOf(record, META)).payload, META);
    if (!Array.isArray(fields)) throw new BlobError("payload", { message: "The meta is no list." });
    const [browser, principal, url, epoch, applied, nonce, build, schema] = fields as unknown[];
    const text = (value: unknown): string => {
      if (typeof value === "string") return value;
      throw new BlobError("payload", { message: "A text of the meta is none." });
    };
    const count = (value: unknown): number => {
      if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
      throw new BlobError("payload", { message: "A number of the meta is none." });
    };
    return {
      browser: text(browser),
      principal: text(principal),
      url: text(url),
      epoch: count(epoch),
      applied: count(applied),
      nonce: text(nonce),
      build: text(build),
      schema: text(schema),
    };
  }
}

function placeOf(record: string, name: string): string {
  return `${record}\n${name}`;
}

function valueOf(payload: Uint8Array, name: string): unknown {
  try {
    return decodeValue(payload);
  } catch (cause) {
    throw new BlobError("payload", { key: name, cause });
  }
}
