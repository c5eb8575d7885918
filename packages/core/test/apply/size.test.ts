// Z: what the browser downloads of this package. The client's whole budget is 6 KB.
import { brotliCompressSync, constants } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../../src", import.meta.url));

async function brotliOf(contents: string, external: string[] = []): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: src, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    external,
  });
  return brotliCompressSync(outputFiles[0]!.contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

describe("Z: size", () => {
  it("Z1: applier, reader, take-over and table parser", async () => {
    const apply = `export { takeOver } from "./apply/take-over.js"; export { applyFrame } from "./apply/apply.js"; export { ownerOf, eventSlots, listEvents } from "./apply/page.js";`;
    const codec = `export { encodeJoin, encodeEvent, encodeAck, encodePing, encodeNav, encodeResume, encodeKeys } from "./protocol/client-messages.js"; export { readKeys, readResumed } from "./protocol/decode-server.js"; export { decodePayload } from "./protocol/decode-payload.js";`;
    const alone = await brotliOf(apply, ["*decode-payload.js"]);
    const all = await brotliOf(apply + codec);
    console.log(`brotli: applier, reader, take-over, table ${alone} B; with the payload codec and all messages ${all} B`);
    // The client's own build (terser, its own codec) takes off a further 6 % of this, and has the test of the 6 KB.
    expect(alone).toBeLessThanOrEqual(3130);
    expect(all).toBeLessThanOrEqual(4500);
  });
});
