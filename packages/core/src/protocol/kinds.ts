// The numbers of the wire: message kinds, patch operations, extension codes, template indexes that are built in.
// docs/architecture.md §3 gives their meaning; a change of any of them is a new PROTOCOL_VERSION.

/** The version both sides must share; JOIN and the boot blob carry it. */
export const PROTOCOL_VERSION = 2;

/** Byte 0 of a message from client to server. */
export const ClientKind = { JOIN: 1, EVENT: 2, ACK: 3, PING: 4, NAV: 5, RESUME: 6, KEYS: 7 } as const;
export type ClientKind = (typeof ClientKind)[keyof typeof ClientKind];

/** Byte 0 of a message from server to client. */
export const ServerKind = { WELCOME: 1, PATCH: 2, ACK: 3, PONG: 4, ERROR: 5, REFUSE: 6, RESUMED: 7, AGAIN: 8, KEYS: 9 } as const;
export type ServerKind = (typeof ServerKind)[keyof typeof ServerKind];

/** The low three bits of the first varint of a patch operation. */
export const Op = { SET: 0, FLAG: 1, INSERT: 2, REMOVE: 3, MOVE: 4, CLEAR: 5, REPLACE: 6, EXT: 7 } as const;
export type Op = (typeof Op)[keyof typeof Op];

/** What stands in the instance field of an EXT operation. */
export const Ext = { TEMPLATE: 0, URL: 1, EMIT: 2, EPOCH: 3 } as const;
export type Ext = (typeof Ext)[keyof typeof Ext];

/** The `mode` of EXT URL. */
export const UrlMode = { PUSH: 0, REPLACE: 1, NONE: 2 } as const;
export type UrlMode = (typeof UrlMode)[keyof typeof UrlMode];

/** Template index of the built-in wrapper F. */
export const TEMPLATE_F = 0;
/** Template index of the built-in root R (instance 0). */
export const TEMPLATE_R = 1;
/** Index of the first template that a page brings along. */
export const TEMPLATE_FIRST = 2;

/** Table of F: its content, then its anchor. */
export const TABLE_F = "! c:0";
/** Table of R: the document. Slot 0 is the head range, slot 1 the body range; each starts its parent and ends at an anchor. */
export const TABLE_R = "head,body c:0.0 c:1.0";
