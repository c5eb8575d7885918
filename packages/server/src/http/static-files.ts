/**
 * Files of `publicDir`. Invariants: a file is served only if the folder's own listing names it (production) or its real
 * path lies inside the folder (development), so no path can climb out; dotfiles are never served but `.well-known`.
 */
import { createReadStream, readdirSync, readFileSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, extname, join, sep } from "node:path";
import { Readable } from "node:stream";
import { lookup as mediaTypeOf } from "mrmime";
import { serverError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { Incoming, Outgoing } from "../transport/transport.js";
import { matchesEtag, pickEncoding, type Encoding, type Variants } from "./negotiate.js";

interface Variant {
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  /** Kept in memory once read. */
  bytes: Uint8Array | undefined;
}

interface StaticFile {
  readonly type: string;
  readonly cacheControl: string;
  readonly variants: Variants<Variant>;
}

const IMMUTABLE = "public, max-age=31536000, immutable";
const HOUR = "public, max-age=3600, must-revalidate";
const NO_CACHE = "no-cache";
const SIBLINGS = [[".br", "br"], [".gz", "gzip"]] as const;

/**
 * True when a name holds a content hash between `-` or `.` and the extension: 10 of base36 after a dot (`vango build`),
 * 8 of base64url or at least 8 of hex (bundlers), with a letter and a digit. One without a digit is missed, which costs
 * no more than an hour's cache.
 */
export function isFingerprinted(name: string): boolean {
  const match = /(?:\.([0-9a-z]{10})|[-.]([A-Za-z0-9_-]{8}|[0-9a-f]{8,64}))\.[A-Za-z0-9.]+$/.exec(name);
  const hash = match?.[1] ?? match?.[2];
  return hash !== undefined && /[0-9]/.test(hash) && /[A-Za-z]/.test(hash);
}

export class StaticFiles {
  readonly #root: string;
  readonly #index: Map<string, StaticFile> | undefined;
  #cached = 0;

  /** Lists the folder (production). Throws VANGO_BAD_OPTION when it is none. */
  constructor(
    dir: string,
    private readonly limits: Limits,
    private readonly dev: boolean,
  ) {
    try {
      this.#root = realpathSync(dir);
      if (!statSync(this.#root).isDirectory()) throw new Error("not a folder");
    } catch (error) {
      throw serverError("VANGO_BAD_OPTION", { message: `publicDir \`${dir}\` is not a folder.`, cause: error });
    }
    this.#index = dev ? undefined : this.#list();
  }

  /** The answer for a path below the base (percent-encoded, canonical), undefined when there is no such file. */
  reply(path: string, incoming: Incoming): Outgoing | undefined {
    const file = this.#find(path);
    if (file === undefined) return undefined;
    const encoding = pickEncoding(incoming.header("accept-encoding"), file.variants);
    const variant = file.variants[encoding] ?? file.variants.identity;
    const headers = this.#headers(file, variant, encoding);
    if (matchesEtag(incoming.header("if-none-match"), variant.etag)) return { status: 304, headers, body: null };
    if (incoming.method === "HEAD") return { status: 200, headers, body: null, length: variant.size };
    const bytes = this.#bytes(variant);
    if (bytes !== undefined) return { status: 200, headers, body: bytes };
    return streamed(variant, headers);
  }

  #headers(file: StaticFile, variant: Variant, encoding: Encoding): readonly string[] {
    return [
      "content-type", file.type,
      "cache-control", file.cacheControl,
      "etag", variant.etag,
      "x-content-type-options", "nosniff",
      ...(file.variants.br !== undefined || file.variants.gzip !== undefined ? ["vary", "accept-encoding"] : []),
      ...(encoding === "identity" ? [] : ["content-encoding", encoding]),
    ];
  }

  #bytes(variant: Variant): Uint8Array | undefined {
    if (variant.bytes !== undefined) return variant.bytes;
    if (variant.size > this.limits.staticCachedFileBytes) return undefined;
    const bytes = readFileSync(variant.file);
    if (!this.dev && this.#cached + bytes.length <= this.limits.staticCacheBytes) {
      this.#cached += bytes.length;
      variant.bytes = bytes;
    }
    return bytes;
  }

  #find(path: string): StaticFile | undefined {
    if (/%2f/i.test(path)) return undefined;
    const name = path.includes("%") ? decodeURIComponent(path) : path;
    return this.#index === undefined ? this.#lookup(name) : this.#index.get(name);
  }

  /** Development: asks the disk each time. */
  #lookup(name: string): StaticFile | undefined {
    if (name === "/" || isHidden(name)) return undefined;
    try {
      const file = realpathSync(join(this.#root, name));
      if (!file.startsWith(this.#root + sep)) return undefined;
      const stats = statSync(file);
      return stats.isFile() ? this.#describe(file, stats) : undefined;
    } catch {
      return undefined;
    }
  }

  #list(): Map<string, StaticFile> {
    const index = new Map<string, StaticFile>();
    for (const entry of readdirSync(this.#root, { recursive: true, withFileTypes: true })) {
      const listed = join(entry.parentPath, entry.name);
      const name = `/${listed.slice(this.#root.length + 1).split(sep).join("/")}`;
      if (isHidden(name) || !(entry.isFile() || entry.isSymbolicLink())) continue;
      const file = realpathSync(listed);
      if (!file.startsWith(this.#root + sep)) continue;
      const stats = statSync(file);
      if (stats.isFile()) index.set(name, this.#describe(listed, stats));
    }
    return index;
  }

  #describe(file: string, stats: Stats): StaticFile {
    const type = mediaTypeOf(extname(file)) ?? "application/octet-stream";
    const variants: { identity: Variant; br?: Variant; gzip?: Variant } = { identity: variantOf(file, stats, "") };
    for (const [suffix, encoding] of SIBLINGS) {
      try {
        variants[encoding] = variantOf(file + suffix, statSync(file + suffix), `-${encoding}`);
      } catch {
        // Not compressed beforehand.
      }
    }
    return {
      type: /^text\/|javascript|json|xml/.test(type) ? `${type}; charset=utf-8` : type,
      cacheControl: this.dev ? NO_CACHE : isFingerprinted(basename(file)) ? IMMUTABLE : HOUR,
      variants,
    };
  }
}

function variantOf(file: string, stats: Stats, suffix: string): Variant {
  return { file, size: stats.size, etag: `"${stats.size.toString(36)}-${Math.floor(stats.mtimeMs).toString(36)}${suffix}"`, bytes: undefined };
}

function isHidden(name: string): boolean {
  return name.split("/").some((part) => part.startsWith(".") && part !== ".well-known");
}

function streamed(variant: Variant, headers: readonly string[]): Response {
  const body = Readable.toWeb(createReadStream(variant.file)) as ReadableStream<Uint8Array>;
  const list = new Headers();
  for (let i = 0; i + 1 < headers.length; i += 2) list.append(headers[i] ?? "", headers[i + 1] ?? "");
  list.set("content-length", String(variant.size));
  return new Response(body, { status: 200, headers: list });
}
