// The app's own copy of @vango/persist, as its @vango/server loads it: what reads and signs values is what the app will read them with.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The part of @vango/persist that is used. */
export interface Persist {
  blobCodec(options: { readonly secrets: readonly string[] }): { open(blob: Uint8Array, place: string): { readonly schema: { readonly id: string; readonly hash: string }; readonly payload: Uint8Array } };
  decodeValue(bytes: Uint8Array): unknown;
}

/** Loads @vango/persist as @vango/server of the app does. */
export async function loadPersist(root: string): Promise<Persist> {
  const server = createRequire(join(root, "package.json")).resolve("@vango/server");
  return (await import(pathToFileURL(createRequire(server).resolve("@vango/persist")).href)) as Persist;
}
