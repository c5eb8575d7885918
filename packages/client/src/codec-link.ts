// Stands in the entry's bundle where core would reach its payload codec: the codec itself is in the second file
// (more/codec.ts), for no payload travels before that is there. build.mjs puts this in its place.
import { more } from "./session.js";

/** Appends `value` to `out`. */
export const pushPayload = (out: number[], value: unknown): void => more!.push(out, value);

/** Reads the one payload that begins at `at`. */
export const decodePayload = (bytes: Uint8Array, at?: number): unknown => more!.decode(bytes, at);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Strict UTF-8; a leading byte order mark is data. */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);
