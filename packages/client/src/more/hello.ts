// How a socket begins: RESUME when this document was live, else JOIN; and what the server answers. Who this document is:
// the session's id is the tab's (sessionStorage), the nonce is the document's (memory alone, so a duplicated tab has
// another). Invariants: RESUME is sent only while the DOM is what the last frame made it; AGAIN is always answered by a JOIN
// that describes the live page; nothing but another protocol version loads the page anew.
import { decodePayload, encodeJoin, encodeResume, PROTOCOL_VERSION, ServerKind, type WelcomeHow } from "@vango/core/protocol";
import { report, emit } from "../emit.js";
import { TRIES } from "../limits.js";
import { readUints } from "./codec.js";
import { keepEdits, scanControls } from "./controls.js";
import { describe } from "./describe.js";
import { host } from "./host.js";
import { gotKeys } from "./keys.js";
import { catchUp, here, shows } from "./links.js";
import { noteLeft, randomId, reloadAllowed, reloadOnce, tabSession, takeLeft } from "./storage.js";

/** What became of the document's session: detail of the event `vango:session`. */
export interface SessionDetail {
  /**
   * `new`: the first join. After that, or after a reload: `replayed` and `reconciled` keep everything; `restored` keeps what is
   * persisted; `fresh` keeps nothing.
   */
  readonly how: "new" | "replayed" | "reconciled" | "restored" | "fresh";
  /** This document was live before. */
  readonly again: boolean;
}

/** Bodies of the messages that carry a payload. */
interface Body {
  readonly sid: string;
  readonly epoch: number;
  readonly how: WelcomeHow;
  readonly sync?: boolean;
  readonly seq?: number;
  readonly received?: number;
  readonly applied?: number;
  readonly code: string;
  readonly message: string;
  readonly reason: string;
  readonly retry?: number;
  readonly reload?: boolean;
}

/** Numbers of events whose error was reported: after a resume the server says again what may not have arrived. */
const failed = new Set<number | undefined>();

const nonce = randomId();
let sid = tabSession();
let left: string | undefined;
let tries = 0;
let lived = false;
/** The address of the JOIN that waits for its WELCOME; empty: none does. */
let url = "";
let how: SessionDetail["how"];

/** Who left this tab before; not this document itself. */
const takeLeave = (): void => {
  left = takeLeft();
  if (left === nonce) left = undefined;
};

/** Remembers, when this document leaves, what the next one in this tab has to know. */
export function watchLeaving(): void {
  takeLeave();
  // Tells the GET of a reload whose values to render; seconds later it is somebody else's. Browsers send that GET before
  // `pagehide`, and some show no `beforeunload`.
  const name = (): void => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    if (lived) document.cookie = `vango_tab=${sid}; max-age=10; path=${host.base || "/"}; SameSite=Lax${secure}`;
  };
  addEventListener("beforeunload", name);
  addEventListener("pagehide", () => {
    name();
    if (lived) noteLeft(nonce);
  });
  // Back from the back/forward cache: another document may have been here and left.
  addEventListener("pageshow", ({ persisted }) => persisted && takeLeave());
}

/** JOIN; with the live page unless the boot blob still tells it. */
function join(): Uint8Array {
  const [received, sent, broken] = host.numbers();
  return encodeJoin({
    v: PROTOCOL_VERSION,
    boot: host.boot,
    tab: tabSession() || sid,
    nonce,
    url: (url = here()),
    ...((lived || broken) && { now: describe() }),
    ...(lived && { epoch: host.page().epoch, received, sent }),
    ...(left && { left }),
    ...(tries && { tries }),
  });
}

/** The first message of a socket. */
export function hello(): Uint8Array {
  const [received, sent, broken] = host.numbers();
  return lived && !broken && !tries ? encodeResume(PROTOCOL_VERSION, host.page().epoch, received, sent, sid, nonce) : join();
}

const tell = (): void => {
  emit("vango:session", { how, again: lived } satisfies SessionDetail);
  lived = true;
};

/** The page is in step. */
export function joined(): void {
  reloadAllowed();
  catchUp();
  tell();
}

/** WELCOME. */
function welcome(body: Body): void {
  // One WELCOME a JOIN: a second one would count anew what the server goes on counting.
  if (!url) return;
  const renewed = body.how !== "reconciled";
  const live = host.ready();
  tries = 0;
  left = undefined;
  tabSession((sid = body.sid));
  how = body.how;
  host.page().epoch = body.epoch;
  const events = (renewed ? body.applied : body.received) ?? 0;
  // Before the first join the user may have typed into what only the browser knew.
  if (!lived) scanControls();
  // A session that is still here shows the address it had, another one that of the JOIN.
  if (renewed) {
    shows(url);
    failed.clear();
  }
  url = "";
  keepEdits(renewed, events);
  const { seq = 0 } = body;
  host.accept(renewed, events, seq, seq + +!!body.sync);
  if (live) tell();
}

/** A message of the server that is no frame, acknowledgement or PONG. */
export function answer(bytes: Uint8Array): void {
  const kind = bytes[0];
  if (kind === ServerKind.AGAIN) host.send(join());
  else if (kind === ServerKind.KEYS) gotKeys(readUints(bytes));
  else if (kind === ServerKind.RESUMED) {
    const { uint } = readUints(bytes);
    const events = uint();
    how = "replayed";
    keepEdits(false, events);
    host.accept(false, events, host.numbers()[0], uint());
  } else {
    const body = decodePayload(bytes, 1) as Body;
    const { code, reason, retry = -1 } = body;
    if (kind === ServerKind.WELCOME) welcome(body);
    else if (kind === ServerKind.ERROR) {
      const { seq } = body;
      if (!failed.has(seq)) report(code, body.message);
      if (seq) failed.add(seq);
      host.arrived();
    } else if (body.reload && reloadOnce()) host.refuse("reload");
    else if (code === "VANGO_TRY_ELSEWHERE" ? tries++ < TRIES : retry >= 0) host.lose(code, body.retry);
    else {
      report(code, reason);
      host.refuse(code);
    }
  }
}
