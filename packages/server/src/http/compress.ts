/**
 * Compression of pages on their way out, off the thread that runs the sessions. Small pages are left alone: they fit a packet
 * anyway. The encoding is chosen for speed, because every page is compressed once and read once.
 */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Reply } from "../transport/transport.js";
import { pickEncoding } from "./negotiate.js";

/** Bytes below which a page is sent as it is. */
export const COMPRESS_FROM = 2048;
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 6;

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
const OFFERED = { identity: true, br: true, gzip: true } as const;

/** The reply in the best encoding that `accept` (Accept-Encoding) takes. */
export async function compressed(reply: Reply, accept: string | undefined): Promise<Reply> {
  const { body, headers } = reply;
  if (body === null || body.length < COMPRESS_FROM) return reply;
  const encoding = pickEncoding(accept, OFFERED);
  const vary = [...headers, "vary", "accept-encoding"];
  if (encoding === "identity") return { ...reply, headers: vary };
  const packed =
    encoding === "br"
      ? await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } })
      : await gzipped(body, { level: GZIP_LEVEL });
  return { ...reply, headers: [...vary, "content-encoding", encoding], body: packed };
}
