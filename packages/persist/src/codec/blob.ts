// Blobs: how a value stands in a store. Header (format, key, schema), payload, proof. Invariants: nothing of a blob is used
// before its proof was checked; the proof covers header, payload and the place (record and key) the blob was made for, so a blob
// that was moved, cut, changed or made by a stranger is refused with the reason. A blob never crashes its reader.
//
//   "V" format:u8 flags:u8 key id:4 schema id:str hash:str version:varint [iv:12] payload proof
//
// `str` is a length byte and UTF-8. The proof is HMAC-SHA256 (32 bytes), or with flag 1 the tag of AES-256-GCM (16 bytes).
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { BlobError } from "../errors.js";
import { KEY_ID_BYTES, KeyRing, type BlobKey } from "./keys.js";

const MAGIC = 0x56;
const FORMAT = 1;
const ENCRYPTED = 1;
const HMAC_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAX_TEXT = 255;

/** Which schema a payload was written with. Empty texts and 0 where the app has none. */
export interface BlobSchema {
  readonly id: string;
  readonly hash: string;
  readonly version: number;
}

export const NO_SCHEMA: BlobSchema = { id: "", hash: "", version: 0 };

/** A blob that was opened. */
export interface OpenedBlob {
  readonly schema: BlobSchema;
  readonly payload: Uint8Array;
}

export interface BlobOptions {
  /** The app's secrets: the first seals, all open. */
  readonly secrets: readonly string[];
  /** Encrypts payloads with AES-256-GCM. Signed blobs are still read. Default false. */
  readonly encrypt?: boolean;
}

/** Seals and opens blobs. */
export interface BlobCodec {
  /** `place`: what the blob belongs to, such as record and key; it opens at that place alone. */
  seal(payload: Uint8Array, schema: BlobSchema, place: string): Uint8Array;
  /** @throws BlobError with the reason */
  open(blob: Uint8Array, place: string): OpenedBlob;
}

/**
 * A codec for blobs.
 *
 * @example
 * const codec = blobCodec({ secrets: [secret] });
 * const blob = codec.seal(encodeValue(cart), { id: "shop:Cart:v1", hash: "9f…", version: 1 }, "session-id cart");
 */
export function blobCodec(options: BlobOptions): BlobCodec {
  const ring = new KeyRing(options.secrets);
  const encrypt = options.encrypt === true;
  return {
    seal: (payload, schema, place) => (encrypt ? sealEncrypted : sealSigned)(ring.current, payload, schema, place),
    open: (blob, place) => open(ring, blob, place),
  };
}

function sealSigned(key: BlobKey, payload: Uint8Array, schema: BlobSchema, place: string): Uint8Array {
  const head = headerOf(key, schema, 0);
  const end = head.length + payload.length;
  const blob = unfilled(end + HMAC_BYTES);
  blob.set(head);
  blob.set(payload, head.length);
  blob.set(proofOf(key, blob.subarray(0, end), place), end);
  return blob;
}

/** Every byte of it is written. Small ones share memory, as node's buffers do. */
function unfilled(bytes: number): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.allocUnsafe(bytes);
  return new Uint8Array(buffer, byteOffset, length);
}

function proofOf(key: BlobKey, bytes: Uint8Array, place: string): Buffer {
  return createHmac("sha256", key.sign).update(`${place}\0`).update(bytes).digest();
}

function sealEncrypted(key: BlobKey, payload: Uint8Array, schema: BlobSchema, place: string): Uint8Array {
  const head = headerOf(key, schema, ENCRYPTED);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.encrypt, iv);
  cipher.setAAD(Buffer.concat([Buffer.from(place), SEPARATOR, head]));
  return new Uint8Array(Buffer.concat([head, iv, cipher.update(payload), cipher.final(), cipher.getAuthTag()]));
}

const SEPARATOR = Buffer.from([0]);

function open(ring: KeyRing, blob: Uint8Array, place: string): OpenedBlob {
  const { schema, flags, keyId, end } = readHeader(blob);
  const key = ring.find(keyId);
  if (key === undefined) throw new BlobError("unknown-key");
  return { schema, payload: (flags & ENCRYPTED) === 0 ? openSigned(key, blob, end, place) : openEncrypted(key, blob, end, place) };
}

function openSigned(key: BlobKey, blob: Uint8Array, end: number, place: string): Uint8Array {
  const at = blob.length - HMAC_BYTES;
  if (at < end) throw new BlobError("truncated");
  if (!timingSafeEqual(proofOf(key, blob.subarray(0, at), place), blob.subarray(at))) throw new BlobError("tampered");
  return blob.subarray(end, at);
}

function openEncrypted(key: BlobKey, blob: Uint8Array, end: number, place: string): Uint8Array {
  const at = blob.length - TAG_BYTES;
  const from = end + IV_BYTES;
  if (at < from) throw new BlobError("truncated");
  const decipher = createDecipheriv("aes-256-gcm", key.encrypt, blob.subarray(end, from), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([Buffer.from(place), SEPARATOR, blob.subarray(0, end)]));
  decipher.setAuthTag(blob.subarray(at));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(blob.subarray(from, at)), decipher.final()]));
  } catch (cause) {
    throw new BlobError("tampered", { cause });
  }
}

/** Headers of the schemas that a key seals: a process has few, and writes them often. */
const headers = new WeakMap<BlobKey, WeakMap<BlobSchema, Uint8Array>[]>();

function headerOf(key: BlobKey, schema: BlobSchema, flags: number): Uint8Array {
  let known = headers.get(key);
  if (known === undefined) headers.set(key, (known = [new WeakMap(), new WeakMap()]));
  const ofFlags = known[flags] as WeakMap<BlobSchema, Uint8Array>;
  let head = ofFlags.get(schema);
  if (head === undefined) ofFlags.set(schema, (head = writeHeader(key, schema, flags)));
  return head;
}

function writeHeader(key: BlobKey, schema: BlobSchema, flags: number): Uint8Array {
  const out = [MAGIC, FORMAT, flags, ...key.id];
  for (const text of [schema.id, schema.hash]) {
    const bytes = Buffer.from(text);
    if (bytes.length > MAX_TEXT) throw new RangeError(`A schema id or hash is longer than ${MAX_TEXT} bytes.`);
    out.push(bytes.length, ...bytes);
  }
  let version = schema.version;
  for (; version > 127; version = Math.floor(version / 128)) out.push((version % 128) + 128);
  out.push(version);
  return Uint8Array.from(out);
}

interface Header {
  readonly schema: BlobSchema;
  readonly flags: number;
  readonly keyId: Uint8Array;
  /** Where the header ends. */
  readonly end: number;
}

function readHeader(blob: Uint8Array): Header {
  let at = 0;
  const byte = (): number => {
    const found = blob[at++];
    if (found === undefined) throw new BlobError("truncated");
    return found;
  };
  const bytes = (n: number): Uint8Array => {
    if (at + n > blob.length) throw new BlobError("truncated");
    return blob.subarray(at, (at += n));
  };
  const text = (): string => Buffer.from(bytes(byte())).toString();
  if (byte() !== MAGIC) throw new BlobError("foreign");
  if (byte() !== FORMAT) throw new BlobError("future");
  const flags = byte();
  if (flags > ENCRYPTED) throw new BlobError("future");
  const keyId = bytes(KEY_ID_BYTES);
  const id = text();
  const hash = text();
  let version = 0;
  for (let scale = 1; ; scale *= 128) {
    const part = byte();
    version += (part & 127) * scale;
    if (part < 128) break;
    if (scale > 2 ** 35) throw new BlobError("foreign");
  }
  return { schema: { id, hash, version }, flags, keyId, end: at };
}
