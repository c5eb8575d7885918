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

/** The two files of the runtime (packages/client/src/part.ts): the entry, and the part that it loads while it connects. */
export interface ClientBundle {
  readonly entry: Uint8Array;
  readonly more: Uint8Array;
}

export interface ClientAsset {
  /** For example `client.3f9c2a71.js`. */
  readonly fileName: string;
  /** For example `client-more.3f9c2a71.js`: the entry derives it from its own name. */
  readonly moreName: string;
  /** The answer for a file name, or undefined when it is none of the two. */
  reply(name: string, incoming: Incoming): Reply | undefined;
}

const require = createRequire(import.meta.url);

/** Where the files of `@vango/client` are. */
const clientFiles = (): { readonly entry: string; readonly more: string } => ({
  entry: require.resolve("@vango/client/bundle"),
  more: require.resolve("@vango/client/bundle-more"),
});

/** Both files of the client; throws VANGO_CLIENT_MISSING when they have not been built. */
export function readClientBundle(files = clientFiles): ClientBundle {
  try {
    const { entry, more } = files();
    return { entry: readFileSync(entry), more: readFileSync(more) };
  } catch (error) {
    throw serverError("VANGO_CLIENT_MISSING", { cause: error });
  }
}

/** The last asset that was made: compressing is slow, and a process has many apps only in tests. */
let made: { readonly hash: string; readonly asset: ClientAsset } | undefined;

/** The entry names the other file's hash inside, so the entry's hash stands for both. */
export function clientAsset(bundle: ClientBundle): ClientAsset {
  const hash = createHash("sha256").update(bundle.entry).digest("hex").slice(0, 16);
  if (made?.hash !== hash) made = { hash, asset: makeAsset(bundle, hash) };
  return made.asset;
}

function makeAsset(bundle: ClientBundle, hash: string): ClientAsset {
  const files = new Map([
    [`client.${hash}.js`, servedScript(bundle.entry, hash)],
    [`client-more.${hash}.js`, servedScript(bundle.more, `${hash}-more`)],
  ]);
  return {
    fileName: `client.${hash}.js`,
    moreName: `client-more.${hash}.js`,
    reply: (name, incoming) => files.get(name)?.(incoming),
  };
}

function servedScript(source: Uint8Array, hash: string): (incoming: Incoming) => Reply {
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
  return (incoming) => {
    const encoding = pickEncoding(incoming.header("accept-encoding"), bodies);
    const etag = `"${hash}-${encoding}"`;
    const headers = headersOf(encoding, etag);
    if (matchesEtag(incoming.header("if-none-match"), etag)) return { status: 304, headers, body: null };
    return { status: 200, headers, body: bodies[encoding] ?? source };
  };
}
