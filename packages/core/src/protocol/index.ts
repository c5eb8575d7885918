// What `@vango/core/protocol` gives to client and server. Named exports alone: a bundler drops what is not used.
export { PROTOCOL_VERSION, ClientKind, ServerKind, Op, Ext, UrlMode, TABLE_F, TABLE_R, TEMPLATE_F, TEMPLATE_R, TEMPLATE_FIRST } from "./kinds.js";
export { LIMITS, WINDOW } from "./limits.js";
export { WireError, type WireCode } from "./wire-error.js";
export { ahead, acknowledged } from "./sequence.js";
export { encodePayload, pushPayload, type Payload } from "./payload.js";
export { decodePayload } from "./decode-payload.js";
export { BOOT_ID, BOOT_TYPE, type Boot } from "./boot.js";
export { encodeJoin, encodeEvent, encodeAck, encodePing, encodeNav, encodeResume, encodeKeys, type JoinBody, type JoinNow, type NavMode } from "./client-messages.js";
export {
  decodeClient,
  type ClientMessage,
  type JoinMessage,
  type EventMessage,
  type AckMessage,
  type PingMessage,
  type NavMessage,
  type ResumeMessage,
  type KeysMessage,
} from "./decode-client.js";
export {
  encodeWelcome,
  encodeServerAck,
  encodePong,
  encodeError,
  encodeRefuse,
  encodeResumed,
  encodeAgain,
  encodeKeyHashes,
  type WelcomeBody,
  type WelcomeHow,
  type ErrorBody,
  type RefuseBody,
} from "./server-messages.js";
export { readFrame, type FrameReader } from "./reader.js";
export { decodeServer, readKeys, readResumed, PATCH_BODY, type ServerMessage } from "./decode-server.js";
export { describePage } from "../apply/describe-page.js";
export { takeOver } from "../apply/take-over.js";
export { applyFrame, type Effects } from "../apply/apply.js";
export { ownerOf, eventSlots, listEvents, type Inst, type Page } from "../apply/page.js";
export { tableOf, type ClientTemplate, type EventFlags, type EventSlot, type Slot, type Table } from "../apply/table.js";
export type { DomDocument, DomElement, DomNode } from "../apply/dom.js";
