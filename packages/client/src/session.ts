// The conversation with the server: JOIN and WELCOME, numbered events up, numbered frames down, acknowledgements.
// Invariants: events leave in order; nothing leaves before the page is in step with the server; a frame is applied
// exactly once and in order, or the connection is given up; an event that will not run is reported, never forgotten.
import {
  acknowledged,
  ahead,
  applyFrame,
  BOOT_ID,
  decodePayload,
  encodeAck,
  encodeEvent,
  encodeJoin,
  encodeNav,
  ownerOf,
  PATCH_BODY,
  PROTOCOL_VERSION,
  ServerKind,
  tableOf,
  takeOver,
  type Boot,
  type DomDocument,
  type DomElement,
  type NavMode,
  type Page,
} from "@vango/core/protocol";
import { live, lose, refuse, send } from "./connection.js";
import { fire, learn } from "./events.js";
import { ACK_AFTER, ACK_BYTES, ACK_FRAMES, IN_FLIGHT, QUEUE } from "./limits.js";
import { flush, waiting } from "./pending.js";
import { codeOf, emit, report } from "./emit.js";
import type { Install, More } from "./part.js";
import { state } from "./state.js";

/** An event of an element's slot with its payload, or a navigation. */
type Outgoing = readonly [target: Element, slot: number, payload: unknown] | readonly [href: string, mode: NavMode];

/** Bodies of the messages that carry a payload. */
interface Body {
  readonly epoch: number;
  /** WELCOME: a frame follows that brings the DOM to the server's state; events wait for it. */
  readonly sync?: boolean;
  readonly code: string;
  readonly message: string;
  readonly reason: string;
  readonly retry?: number;
}

let text: string;
let load: () => Promise<Install>;
let loading: Promise<void> | undefined;
export let more: More | undefined;
export let page: Page;
/** The DOM is no longer what the boot blob describes. */
let patched = false;
let welcomed = false;
/** In step with the server: events may leave. */
export let ready = false;
/** This document was live before: what waits was meant for a tree that is gone. */
let resumed = false;
/** Numbers of the last event sent, the last frame applied and the last frame acknowledged; bytes since the latter. */
let sent = 0;
let received = 0;
let told = 0;
let bytesUntold = 0;
let ackTimer: ReturnType<typeof setTimeout> | undefined;
/** Sent and not acknowledged, oldest first; a navigation stays until its URL operation, or an error, has come. */
let inFlight: (readonly [seq: number, out: Outgoing])[] = [];
const queue: Outgoing[] = [];
const waiters: (() => void)[] = [];

const take = (now?: object): void => void (page = takeOver(document as unknown as DomDocument, { ...(JSON.parse(text) as Boot), ...now }));

/**
 * Takes the document over. When somebody has changed it so that it does not fit the boot blob, its content is dropped and the
 * join brings it anew; throws when that cannot be done either. `loader` gets the second file.
 */
export function begin(blob: string, loader: () => Promise<Install>): void {
  text = blob;
  load = loader;
  try {
    take();
  } catch {
    for (const end of [document.querySelector("meta[charset]")!, document.getElementById(BOOT_ID)!]) {
      while (end.previousSibling) end.previousSibling.remove();
      end.before(document.createComment(""));
    }
    take({ t: [], s: [0, 0] });
    patched = true;
  }
}

/** Resolves when the page is live and everything that was sent, is queued or waits is acknowledged and applied. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    waiters.push(resolve);
    settle();
  });
const settle = (): void => {
  if ((ready && !inFlight.length && !queue.length && !waiting()) || state === "refused") {
    for (const resolve of waiters.splice(0)) resolve();
  }
};

/** Reports an event that will not run, or of which nobody knows. */
const drop = (suffix: string): void => {
  report("VANGO_EVENT_" + suffix, "An event did not run, or its outcome is unknown.");
  settle();
};

const stopAck = (): void => {
  clearTimeout(ackTimer);
  ackTimer = undefined;
};
/** The number to acknowledge; every message that carries it is an acknowledgement. */
const ack = (): number => {
  stopAck();
  bytesUntold = 0;
  return (told = received);
};
const sendAck = (): void => send(encodeAck(ack()));

/** The server has answered the navigation, or the next one makes its answer pointless. */
const arrived = (): void => {
  inFlight = inFlight.filter(([, out]) => out.length > 2);
  settle();
};

const transmit = (out: Outgoing): void => {
  let bytes: Uint8Array;
  if (out.length < 3) {
    arrived();
    bytes = encodeNav(sent + 1, ack(), page.epoch, ...(out as readonly [string, NavMode]));
  } else {
    const [target, slot, payload] = out as readonly [Element, number, unknown];
    const inst = target.isConnected && ownerOf(target as unknown as DomElement);
    if (!inst) return drop("GONE");
    bytes = encodeEvent(sent + 1, ack(), page.epoch, inst.id, slot, payload);
  }
  inFlight.push([++sent, out]);
  send(bytes);
};

/** Sends an event or a navigation, after all that was debounced; queues it while the page is not live. */
export function submit(...out: Outgoing): void {
  flush();
  if (ready ? inFlight.length >= IN_FLIGHT : queue.length >= QUEUE) drop("REFUSED");
  else if (ready) transmit(out);
  else queue.push(out);
}

/** In step: what was typed goes first, then what was captured meanwhile. */
const start = (): void => {
  ready = true;
  live();
  more!.start();
  for (const out of queue.splice(0))
    if (resumed && out.length > 2) drop("LOST");
    else transmit(out);
  resumed = true;
  settle();
};

const welcome = ({ epoch, sync }: Body): void => {
  // A new tree: nobody can say whether what was on its way has run. A navigation may run twice, so it is asked again.
  for (const [, out] of inFlight.splice(0))
    if (out.length < 3) queue.unshift(out);
    else drop("OUTCOME_UNKNOWN");
  page.epoch = epoch;
  welcomed = true;
  if (!sync) start();
};

const patch = (bytes: Uint8Array): void => {
  const distance = ahead(bytes[1]!, received);
  if (distance < 1) return;
  if (distance > 1) return fault("VANGO_WIRE_SEQUENCE", "A frame is missing.");
  const after: (() => void)[] = [];
  patched = true;
  received++;
  more!.own(() =>
    applyFrame(page, bytes, PATCH_BODY, {
      url: (mode, href, scroll) => after.push(more!.url(mode, href, scroll), arrived),
      emit,
      event: learn,
    }),
  );
  bytesUntold += bytes.length;
  if (received - told >= ACK_FRAMES || bytesUntold >= ACK_BYTES) sendAck();
  else ackTimer ??= setTimeout(sendAck, ACK_AFTER);
  for (const run of after) run();
  if (!ready) start();
  confirm(bytes[2]!);
};

const confirm = (byte: number): void => {
  const upTo = acknowledged(byte, sent);
  inFlight = inFlight.filter(([seq, out]) => seq > upTo || out.length < 3);
  settle();
};

/** The conversation cannot go on as it is. */
const fault = (code: string, message: string): void => {
  report(code, message);
  lose("frame");
};

/** A message of the server. */
export function receive(bytes: Uint8Array): void {
  const kind = bytes[0];
  try {
    if (kind === ServerKind.PATCH) welcomed && patch(bytes);
    else if (kind === ServerKind.ACK) confirm(bytes[1]!);
    else if (kind !== ServerKind.PONG) {
      const body = decodePayload(bytes, 1) as Body;
      const { code, reason, retry = -1 } = body;
      if (kind === ServerKind.WELCOME) welcome(body);
      else if (kind === ServerKind.ERROR) {
        report(code, body.message);
        arrived();
      } else if (code === "VANGO_PROTOCOL_VERSION" && more!.reload()) refuse("reload");
      else if (retry >= 0) lose(code, retry);
      else {
        report(code, reason);
        refuse(code);
        settle();
      }
    }
  } catch (error) {
    fault(codeOf(error, "VANGO_FRAME"), String(error));
  }
}

/** Gets the second file, once; the next call tries again after a failure. */
export const loadMore = (): Promise<void> =>
  (loading ??= load().then(
    (install) => void (more = install({ ready: () => ready, navigate: submit, fire, tableOf })),
    () => (loading = undefined),
  ));

/**
 * The first message of a socket; undefined when the second file does not load. When the DOM has been patched, it says
 * what the page looks like now, and the page is numbered anew by that.
 */
export async function join(): Promise<Uint8Array | undefined> {
  await loadMore();
  if (!more) return;
  const part = more.join(patched ? page : undefined);
  if (part.now) take(part.now);
  received = sent = told = 0;
  return encodeJoin({ v: PROTOCOL_VERSION, boot: text, ...part });
}

/** The socket is gone. */
export function down(): void {
  welcomed = ready = false;
  stopAck();
}
