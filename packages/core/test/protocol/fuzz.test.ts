// F: every decoder, the applier and the take-over on hostile bytes. A case passes if the code ends, returns or throws a
// WireError, and nothing else. The seed is printed; VANGO_FUZZ_SEED repeats a run.
import { afterAll, describe, expect, it } from "vitest";
import { applyFrame } from "../../src/apply/apply.js";
import { takeOver } from "../../src/apply/take-over.js";
import type { Boot } from "../../src/protocol/boot.js";
import { encodeAck, encodeEvent, encodeJoin, encodeKeys, encodeNav, encodePing, encodeResume } from "../../src/protocol/client-messages.js";
import { decodeClient } from "../../src/protocol/decode-client.js";
import { decodePayload } from "../../src/protocol/decode-payload.js";
import { decodeServer } from "../../src/protocol/decode-server.js";
import { encodePayload } from "../../src/protocol/payload.js";
import { encodeAgain, encodeError, encodeKeyHashes, encodeRefuse, encodeResumed, encodeWelcome } from "../../src/protocol/server-messages.js";
import { WireError } from "../../src/protocol/wire-error.js";
import type { LightDocument } from "../../src/testing/light-document.js";
import { parseDocument } from "../../src/testing/light-parse.js";
import { serialise } from "../../src/testing/light-serialise.js";
import { documentOf, frame, items, op, spread, text, val, type PageParts } from "../apply/page.js";
import { atLeast, cases } from "../cases.js";

const seed = Number(process.env["VANGO_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
console.log(`fuzz seed ${seed}`);
let state = seed;
/** mulberry32 */
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const below = (n: number): number => Math.floor(random() * n);
const junk = (): Uint8Array => Uint8Array.from({ length: below(40) }, () => below(256));

/** Truncates, flips bits, overwrites, inserts or removes bytes of a valid message. */
function mutate(valid: Uint8Array): Uint8Array {
  const out = [...valid];
  for (let n = 1 + below(3); n--; ) {
    const at = below(out.length + 1);
    const how = below(5);
    if (how === 0) out.length = at;
    else if (how === 1 && at < out.length) out[at]! ^= 1 << below(8);
    else if (how === 2 && at < out.length) out[at] = below(256);
    else if (how === 3) out.splice(at, 0, below(256));
    else out.splice(at, 1);
  }
  return Uint8Array.from(out);
}

let attempts = 0;
let refused = 0;
function attempt(run: () => unknown, input: () => string): void {
  attempts++;
  try {
    run();
  } catch (error) {
    refused++;
    if (!(error instanceof WireError)) throw new Error(`seed ${seed}, case ${attempts}, input ${input()}`, { cause: error });
  }
}
const hex = (bytes: Uint8Array) => (): string => Buffer.from(bytes).toString("hex");

const PAYLOAD = { value: "text", list: [1, -5, 300, 1e10, 0.5, null, true], deep: { a: { b: [new Uint8Array(3), "é😀"] } }, n: -70000 };
const CLIENT = [
  encodeJoin({ v: 1, boot: "{}", tab: "t", nonce: "n", url: "/a" }),
  encodeJoin({ v: 2, boot: "{}", tab: "w.t", nonce: "n", url: "/a", now: { t: ["a", "b"], s: [0, 0], i: [1, 2], k: [0, 9] }, epoch: 1, received: 2, sent: 3, left: "m", tries: 1 }),
  encodeResume(2, 3, 400, 500, "worker.id", "nonce"),
  encodeKeys([1, 20, 500, 2]),
  encodeEvent(3, 2, 1, 500, 7, PAYLOAD),
  encodeEvent(3, 2, 1, 500, 7),
  encodeAck(3),
  encodePing(5),
  encodeNav(3, 2, 1, "/x", "pop"),
];
const SERVER = [encodeWelcome({ sid: "s", epoch: 1, how: "new", seq: 3, ...{ more: PAYLOAD } }), encodeResumed(70_000, 300), encodeAgain(), encodeKeyHashes([5, 2], [1, 2]), encodeError({ code: "c", message: "m" }), encodeRefuse({ code: "c", reason: "r" }), Uint8Array.of(2, 1, 1, 0)];

describe("F: fuzz", { timeout: 120_000 }, () => {
  afterAll(() => {
    console.log(`fuzz: ${attempts} cases, ${refused} refused`);
    expect(attempts).toBeGreaterThanOrEqual(atLeast(100_000));
  });

  it("F1: payloads", () => {
    const valid = encodePayload(PAYLOAD);
    for (let i = 0; i < cases(20_000); i++) {
      const bytes = i & 1 ? junk() : mutate(valid);
      attempt(() => decodePayload(bytes), hex(bytes));
    }
  });

  it("F2: messages from a client", () => {
    for (let i = 0; i < cases(32_000); i++) {
      const bytes = i % 4 === 0 ? junk() : mutate(CLIENT[below(CLIENT.length)]!);
      attempt(() => decodeClient(bytes), hex(bytes));
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("F3: messages from a server", () => {
    for (let i = 0; i < cases(10_000); i++) {
      const bytes = i % 4 === 0 ? junk() : mutate(SERVER[below(SERVER.length)]!);
      attempt(() => decodeServer(bytes), hex(bytes));
    }
  });

  const parts: PageParts = {
    head: "<title>t</title>",
    body: '<main><h1>A</h1>lead<!><ul><li class="c">1</li><li>2</li></ul></main>F<!><i>x</i><!><input value="v">',
    t: ["t", "title x:0", "m", "main s:0.0 c:0.1 s:0.2", "l", "li k:0 eclick:: s:0", "i", "i s:0", "n", "input pvalue:0 pchecked:0 z:0"],
    s: [1, 5, 1, 4, 6, 1, 0, 0, 1, 9, 2, 1, 1, 0, 1, 1, 11, 1, 13, 1],
  };
  const html = documentOf(parts);
  const source = parseDocument(html);
  const boot: Boot = { v: 1, b: "", t: parts.t!, s: parts.s!, h: [], g: "", p: "/", n: "" };
  const nothing = { url: () => undefined, emit: () => undefined, event: () => undefined };

  it("F4: frames on a page", () => {
    const frames = [
      frame(1, op.set(2, 1, "lead"), op.set(1, 0, "title"), op.set(6, 2, "row"), op.flag(6, 0, false), op.set(5, 2, "1", "id")),
      frame(1, op.template(4, "l", "li k:0 eclick:: s:0", '<li v="1"></li>'), op.insert(2, 2, 7, { t: 4, first: 20, rows: [[val("k"), text("a")], [val(null), text("b")]] })),
      frame(1, op.insert(0, 1, 0, { t: 0, first: 20, rows: [[items({ t: 0, first: 21, rows: [[text("deep")], [text("")]] })]] }), op.move(20, 3), op.remove(21, 2)),
      frame(1, op.replace(3, 0, 30, text("new")), op.clear(2, 2), op.remove(4), op.emit("e", PAYLOAD), op.url(1, true, "/x"), op.epoch(2)),
      frame(1, op.template(6, "n", "input pvalue:0 pchecked:0 z:0", "<input>"), op.insert(0, 1, 0, { t: 6, first: 40, rows: [[val("v"), val(true), spread({ id: "x", title: null })]] })),
    ];
    let doc: LightDocument;
    let page = takeOver((doc = source.cloneNode(true)), boot);
    let uses = 0;
    for (let i = 0; i < cases(25_000); i++) {
      const bytes = i % 10 === 0 ? junk() : mutate(frames[below(frames.length)]!);
      if (bytes.length < 4) continue;
      let broken = true;
      attempt(() => {
        applyFrame(page, bytes, 3, nothing);
        broken = false;
      }, hex(bytes));
      if (broken || ++uses > 5) {
        if (i % 50 === 0) expect(serialise(doc).length).toBeLessThan(100_000);
        page = takeOver((doc = source.cloneNode(true)), boot);
        uses = 0;
      }
    }
  });

  it("F5: boot structures and tables", () => {
    const valid = Uint8Array.from(parts.s!);
    for (let i = 0; i < cases(17_000); i++) {
      const s = [...mutate(valid)];
      const t = [...parts.t!];
      if (i % 5 === 0) {
        const at = below(t.length / 2) * 2 + 1;
        t[at] = Buffer.from(mutate(Buffer.from(t[at]!))).toString("latin1");
      }
      attempt(
        () => takeOver(source.cloneNode(true), { ...boot, s, t }),
        () => JSON.stringify({ s, t }),
      );
    }
  });
});
