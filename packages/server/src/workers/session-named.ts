/**
 * The session that a client's first message names, read without taking the message in: `<worker>.<id>`.
 */
import { ClientKind, decodeClient } from "@vango/core/protocol";

export interface SessionName {
  readonly worker: string;
  readonly id: string;
}

/** The name in a JOIN or RESUME; undefined in every other message, in those of new tabs and in what cannot be read. */
export function sessionNamed(bytes: Uint8Array): SessionName | undefined {
  const kind = bytes[0];
  if (kind !== ClientKind.JOIN && kind !== ClientKind.RESUME) return undefined;
  try {
    const message = decodeClient(bytes);
    return splitSid(message.kind === ClientKind.JOIN ? message.body.tab : message.kind === ClientKind.RESUME ? message.sid : "");
  } catch {
    return undefined; // the sessions say what is wrong with it
  }
}

/** The parts of a public session id. */
export function splitSid(sid: string): SessionName | undefined {
  const dot = sid.indexOf(".");
  return dot < 1 || dot === sid.length - 1 ? undefined : { worker: sid.slice(0, dot), id: sid.slice(dot + 1) };
}
