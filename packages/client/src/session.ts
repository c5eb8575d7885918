// The conversation with the server once a socket has begun: numbered events up, numbered frames down, acknowledgements.
// How it begins (JOIN, RESUME and their answers) is more/hello.ts. Invariants: events leave in order; nothing leaves before
// the page is in step with the server; a frame is applied exactly once and in order, or the connection is given up; within
// a tree an event goes again, with its number, until it is acknowledged; one that will not run is reported, never forgotten.
import {
  acknowledged,
  ahead,
  applyFrame,
  BOOT_ID,
  encodeAck,
  encodeEvent,
  encodeNav,
  ownerOf,
  PATCH_BODY,
  ServerKind,
  tableOf,
  takeOver,
  type Boot,
  type DomDocument,
  type DomElement,
  type NavMode,
  type Page,
} from "@vango/core/protocol";
import { isPlainClick, linkOf } from "./clicks.js";
import { live, lose, refuse, send } from "./connection.js";
import { fire, learn } from "./events.js";
import { ACK_AFTER, ACK_BYTES, ACK_FRAMES, IN_FLIGHT, QUEUE } from "./limits.js";
import { own, watchForeign } from "./foreign.js";
import { flush, waiting } from "./pending.js";
import { codeOf, emit, report } from "./emit.js";
import type { Flying, Install, More, Outgoing } from "./part.js";
import { state } from "./state.js";

let boot: string;
let base: string;
let load: () => Promise<Install>;
let loading: Promise<void> | undefined;
export let more: More | undefined;
export let page: Page;
/** Frames in a row that did not fit; above 0 the DOM is not what the numbers below say. */
let broken = 0;
/** The server has accepted this document on this socket. */
let joined = false;
/** In step with the server: events may leave. */
export let ready = false;
/** The page is in step when this frame is applied. */
let last = 0;
/** This document was live before. */
let lived = false;
/** What waits was meant for a tree that is gone. */
let stale = false;
/** Numbers of the last event sent, the last the server has, the last frame applied and the last acknowledged; bytes since the latter. */
let sent = 0;
let heard = 0;
let received = 0;
let told = 0;
let bytesUntold = 0;
let ackTimer: ReturnType<typeof setTimeout> | undefined;
/** The navigation whose answer, its URL operation or an error, has not come; 0: none. */
let asked = 0;
/** Sent and not acknowledged, oldest first, and that navigation. */
let inFlight: Flying[] = [];
const queue: Outgoing[] = [];
const waiters: (() => void)[] = [];

const take = (blob?: object): void =>
  void (page = takeOver(document as unknown as DomDocument, { ...(JSON.parse(boot) as Boot), ...blob }));

/** Drops the document's content; the next join says so and brings it anew. Throws when that cannot be done. */
const clear = (): void => {
  for (const end of [document.querySelector("meta[charset]")!, document.getElementById(BOOT_ID)!]) {
    while (end.previousSibling) end.previousSibling.remove();
    end.before(document.createComment(""));
  }
  const epoch = page?.epoch;
  take({ t: [], s: [0, 0] });
  page.epoch = epoch;
};

/** Takes the document over; when somebody has changed it so that it does not fit the boot blob, it is cleared. `loader` gets the second file. */
export function begin(blob: string, path: string, loader: () => Promise<Install>): void {
  boot = blob;
  base = path;
  load = loader;
  try {
    take();
  } catch {
    broken = 1;
    clear();
  }
  watchForeign();
}

/** Resolves when the page is live and everything that was sent, is queued or waits is acknowledged and applied. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    waiters.push(resolve);
    settle();
  });
export const settle = (): void => {
  if ((ready && received >= last && !inFlight.length && !queue.length && !waiting()) || state === "refused") {
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

/** What the server has need not go again. Numbers have no gaps, so a navigation too stays until the server has it. */
const forget = (): void => {
  inFlight = inFlight.filter(([seq]) => seq > heard || seq === asked);
  settle();
};
/** The server has answered the navigation. */
const arrived = (): void => {
  asked = 0;
  forget();
};

const transmit = (out: Outgoing): void => {
  let bytes: Uint8Array;
  if (out.length < 3) {
    // The newest wins.
    asked = sent + 1;
    bytes = encodeNav(asked, ack(), page.epoch, ...(out as readonly [string, NavMode]));
  } else {
    const [target, slot, payload] = out as readonly [Element, number, unknown, unknown];
    const inst = target.isConnected && ownerOf(target as unknown as DomElement);
    if (!inst) return drop("GONE");
    bytes = encodeEvent(sent + 1, ack(), page.epoch, inst.id, slot, payload);
  }
  inFlight.push([++sent, out, bytes]);
  send(bytes);
};

/** Sends an event or a navigation, after all that was debounced; queues it while the page is not live. */
export function submit(...out: Outgoing): void {
  flush();
  if (ready ? inFlight.length >= IN_FLIGHT : queue.length >= QUEUE) drop("REFUSED");
  else if (ready) transmit(out);
  else queue.push(out);
}

const accept = (renewed: boolean, events: number, frames: number, until: number): void => {
  if (renewed) {
    ready = false;
    sent = heard = 0;
    stale = lived;
    // Nobody can say whether what was on its way has run. A navigation may run twice, so it is asked again.
    for (const [seq, out] of inFlight.splice(0))
      if (out.length < 3) seq === asked && queue.unshift(out);
      else if (seq > events) drop("OUTCOME_UNKNOWN");
    asked = 0;
  } else confirm(events);
  received = told = frames;
  last = until;
  joined = true;
  inStep();
};
const inStep = (): void => {
  if (!ready && received >= last) start();
};

/** In step: what the server does not have goes again, then what was typed, then what was captured meanwhile. */
const start = (): void => {
  ready = true;
  live();
  for (const [seq, , bytes] of inFlight)
    if (seq > heard) {
      bytes[2] = ack();
      send(bytes);
    }
  more!.start();
  for (const out of queue.splice(0))
    if (stale && out.length > 2) drop("LOST");
    else transmit(out);
  stale = false;
  lived = true;
  settle();
};

const patch = (bytes: Uint8Array): void => {
  const distance = ahead(bytes[1]!, received);
  if (distance < 1) return;
  if (distance > 1) return fault("VANGO_WIRE_SEQUENCE", "A frame is missing.");
  // First: what is still on its way is newer than this frame.
  confirm(acknowledged(bytes[2]!, sent));
  const after: (() => void)[] = [];
  broken++;
  own(() =>
    applyFrame(page, bytes, PATCH_BODY, {
      url: (mode, href, scroll) => after.push(more!.url(mode, href, scroll), arrived),
      emit,
      event: learn,
      keep: more!.keep,
    }),
  );
  broken = 0;
  received++;
  more!.applied();
  bytesUntold += bytes.length;
  if (received - told >= ACK_FRAMES || bytesUntold >= ACK_BYTES) sendAck();
  else ackTimer ??= setTimeout(sendAck, ACK_AFTER);
  for (const run of after) run();
  inStep();
  settle();
};

const confirm = (upTo: number): void => {
  // Frames that are replayed know less than RESUMED has said.
  if (upTo > heard) heard = upTo;
  forget();
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
    if (kind === ServerKind.PATCH) joined && patch(bytes);
    else if (kind === ServerKind.ACK) confirm(acknowledged(bytes[1]!, sent));
    else if (kind !== ServerKind.PONG) more!.receive(bytes);
  } catch (error) {
    fault(codeOf(error, "VANGO_FRAME"), String(error));
    // What the page was described as did not help: it is sent anew.
    if (broken > 1) own(clear);
  }
}

/** Gets the second file, once; the next call tries again after a failure. */
export const loadMore = (): Promise<void> =>
  (loading ??= load().then(
    (install) =>
      void (more = install({
        boot,
        base,
        page: () => page,
        ready: () => ready,
        replaying: () => received < last,
        numbers: () => [received, sent, broken],
        typing: (control, from = heard) => inFlight.some(([seq, out]) => seq > from && out[3] === control) || waiting(control),
        navigate: submit,
        fire,
        send,
        accept,
        arrived,
        lose,
        refuse,
        linkOf,
        isPlainClick,
        tableOf,
      })),
    () => (loading = undefined),
  ));

/** The socket is gone. */
export function down(): void {
  joined = ready = false;
  stopAck();
}
