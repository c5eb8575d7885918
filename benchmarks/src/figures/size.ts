// T18: bytes of the client's entry, compressed as it is served.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Group } from "../lib/figure.js";

export const size: Group = {
  name: "size",
  ids: ["T18"],
  async run() {
    const manifest = createRequire(import.meta.url).resolve("@vango/client/package.json");
    const file = readFileSync(join(dirname(manifest), "dist", "vango.min.js"));
    const brotli = brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    return [
      { id: "T18", what: "client entry, minified, brotli", baseline: "-", target: 6 * 1024, value: brotli, unit: "B", detail: `${file.length} B minified, ${gzipSync(file, { level: 9 }).length} B gzip` },
    ];
  },
};
