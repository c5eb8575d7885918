// Why and fix of every WireCode, for errors.ts and docs/errors. Not part of the browser's bundle.
import type { WireCode } from "./wire-error.js";

export const WIRE_ERRORS = {
  VANGO_WIRE_TRUNCATED: {
    message: "A message ends before its declared content.",
    why: "A length in the message is larger than the bytes that follow it: the message was cut, or it was made up.",
    fix: "If this comes from your users, look for a proxy that cuts WebSocket messages; otherwise refuse the client.",
  },
  VANGO_WIRE_TRAILING: {
    message: "A message has bytes after its end.",
    why: "Each message holds exactly one body; more bytes mean another protocol version or a made-up message.",
    fix: "Check that page and server are of the same release.",
  },
  VANGO_WIRE_DEPTH: {
    message: "A payload is nested too deeply.",
    why: "Arrays and maps of a payload nest at most 64 levels.",
    fix: "Flatten the value before it is sent.",
  },
  VANGO_WIRE_UTF8: {
    message: "A string of a message is not valid UTF-8.",
    why: "Text on the wire is UTF-8; the decoder repairs nothing.",
    fix: "Check that page and server are of the same release.",
  },
  VANGO_WIRE_KEY: {
    message: "A payload has a key that is refused.",
    why: "Keys are strings, appear once, and are none of __proto__, constructor and prototype.",
    fix: "Rename the member before it is sent.",
  },
  VANGO_WIRE_TYPE: {
    message: "A payload holds a value that cannot travel.",
    why: "Payloads carry null, booleans, numbers, strings, bytes, arrays and plain maps.",
    fix: "Convert the value first: a Date to its ISO string, a Map to entries, a bigint to a string.",
  },
  VANGO_WIRE_SIZE: {
    message: "A message or a part of it is too large.",
    why: "Sizes are limited before anything is allocated; see protocol/limits.ts for each number.",
    fix: "Send less at once; upload files over HTTP.",
  },
  VANGO_WIRE_SHAPE: {
    message: "A message lacks a member or has one of the wrong type.",
    why: "The body was decoded, but it is not what its kind demands.",
    fix: "Check that page and server are of the same release.",
  },
  VANGO_WIRE_KIND: {
    message: "A message or operation of unknown kind.",
    why: "Its first byte is no kind of this protocol version.",
    fix: "Check that page and server are of the same release.",
  },
  VANGO_WIRE_SEQUENCE: {
    message: "A message is missing.",
    why: "Sequence numbers have a gap, so the state of the two sides may differ.",
    fix: "The client reconnects by itself; if it happens often, look for a proxy that drops messages.",
  },
  VANGO_APPLY_FRAME: {
    message: "A patch frame does not fit the page.",
    why: "It names an instance, slot or template that the page does not have: the two sides have drifted apart.",
    fix: "The client asks for a fresh render by itself. Please report it with the patch log.",
  },
  VANGO_APPLY_STRUCTURE: {
    message: "The page's elements are not where its boot blob says.",
    why: "A proxy, an extension or the HTML parser has changed the document before the client took it over.",
    fix: "The client asks for a fresh render by itself. If it happens on every load, check the page's nesting (for example a block inside <p>).",
  },
} as const satisfies Record<WireCode, { readonly message: string; readonly why: string; readonly fix: string }>;
