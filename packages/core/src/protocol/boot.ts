// The boot blob: what the page tells the client about itself, so that nothing has to be searched for.

/** id of the script element that holds the blob. */
export const BOOT_ID = "vango-boot";
/** Its MIME type. */
export const BOOT_TYPE = "application/vango";

/** See docs/architecture.md §3, Boot blob. */
export interface Boot {
  /** Protocol version. */
  readonly v: number;
  /** Build id. */
  readonly b: string;
  /** Templates from index 2 on: id, table, id, table … in order of first appearance. */
  readonly t: readonly string[];
  /** Structure: the content of R's slot 0, then of R's slot 1. */
  readonly s: readonly number[];
  /** One 32-bit hash per range with items, in preorder. */
  readonly h: readonly number[];
  /** Signature over v, b, f, t, s, h, the path and the browser's cookie nonce. */
  readonly g: string;
  /** Canonical path and query. */
  readonly p: string;
  /** Nonce of this document. */
  readonly n: string;
  /** Fingerprint of the persisted schema, of an app that declares one. */
  readonly f?: string;
  /** 1 when the GET waited for resources: a join that is not handed their results loads them before it mounts. */
  readonly r?: 1;
}
