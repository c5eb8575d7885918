/**
 * The browser runtime as an asset: read once, compressed once, served under a name that holds its hash, for ever.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { serverError } from "../errors.js";
import type { Incoming, Reply } from "../transport/transport.js";
import { matchesEtag, pickEncoding, type Variants } from "./negotiate.js";

export interface ClientAsset {
  /** For example `client.3f9c2a71.js`. */
  readonly fileName: string;
  reply(incoming: Incoming): Reply;
}

const require = createRequire(import.meta.url);

/** Source of `@vango/client/bundle`; throws VANGO_CLIENT_MISSING when it has not been built. */
export function readClientBundle(): Uint8Array {
  try {
    return readFileSync(require.resolve("@vango/client/bundle"));
  } catch (error) {
    throw serverError("VANGO_CLIENT_MISSING", { cause: error });
  }
}

export function clientAsset(source: Uint8Array): ClientAsset {
  const hash = createHash("sha256").update(source).digest("hex").slice(0, 16);
  const bodies: Variants<Uint8Array> = {
    identity: source,
    br: brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_SIZE_HINT]: source.length } }),
    gzip: gzipSync(source, { level: 9 }),
  };
  const headersOf = (encoding: string, etag: string): readonly string[] => [
    "content-type", "text/javascript; charset=utf-8",
    "cache-control", "public, max-age=31536000, immutable",
    "x-content-type-options", "nosniff",
    "vary", "accept-encoding",
    "etag", etag,
    ...(encoding === "identity" ? [] : ["content-encoding", encoding]),
  ];
  return {
    fileName: `client.${hash}.js`,
    reply(incoming) {
      const encoding = pickEncoding(incoming.header("accept-encoding"), bodies);
      const etag = `"${hash}-${encoding}"`;
      const headers = headersOf(encoding, etag);
      if (matchesEtag(incoming.header("if-none-match"), etag)) return { status: 304, headers, body: null };
      return { status: 200, headers, body: bodies[encoding] ?? source };
    },
  };
}
