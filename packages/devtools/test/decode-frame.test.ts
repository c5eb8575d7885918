// Decoding of patch frames, written here with core's own writer.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameWriter } from "@vango/core/internal";
import { Ext, Op, ServerKind } from "@vango/core/protocol";
import { decodeFrame } from "../src/decode-frame.js";
import { FrameState } from "../src/frame-state.js";

function frame(write: (writer: FrameWriter) => void): Uint8Array {
  const writer = new FrameWriter();
  writer.reset();
  write(writer);
  return writer.finish(ServerKind.PATCH, 7, 3).slice();
}

function texts(message: Uint8Array, state = new FrameState()): readonly string[] {
  return decodeFrame(message, state).ops.map((op) => op.text);
}

/** A row with a class, a text and an event. */
function defineRow(writer: FrameWriter): void {
  writer.op(Ext.TEMPLATE, Op.EXT);
  writer.varint(5);
  for (const text of ["abc0123456", "li k:0 eclick::- s:0", "<li v=\"1\"></li>"]) writer.str(text);
}

describe("decodeFrame", () => {
  it("D1: gives sequence number, acknowledgement, bytes and one line per operation", () => {
    const message = frame((writer) => {
      writer.op(4, Op.SET);
      writer.varint(1);
      writer.str("count: 42 é😀");
      writer.op(4, Op.FLAG);
      writer.varint(0);
      writer.varint(0);
      writer.op(9, Op.REMOVE);
      writer.varint(3);
      writer.op(12, Op.MOVE);
      writer.varint(0);
      writer.op(2, Op.CLEAR);
      writer.varint(1);
    });
    expect(decodeFrame(message, new FrameState())).toMatchObject({ seq: 7, ack: 3, bytes: message.length });
    expect(texts(message)).toEqual(['set #4.1 = "count: 42 é😀"', "flag #4.0 off", "remove #9 to #11 (3)", "move #12 to the end", "clear #2.1"]);
  });

  it("D2: reads rows of templates that the frame or an earlier one defined", () => {
    const state = new FrameState();
    const insert = (writer: FrameWriter, first: number): void => {
      writer.op(1, Op.INSERT);
      for (const n of [2, 0, 5, first, 1]) writer.varint(n);
      writer.value("done");
      writer.varint(0);
      writer.str("milk");
    };
    const both = frame((writer) => {
      defineRow(writer);
      insert(writer, 10);
    });
    expect(texts(both, state)).toEqual(['template 5 is abc0123456 "<li v=\\"1\\"></li>"', 'insert into #1.2 at the end: #10 of template 5 ("done", "milk")']);
    expect(texts(frame((writer) => insert(writer, 11)), state)).toEqual(['insert into #1.2 at the end: #11 of template 5 ("done", "milk")']);
  });

  it("D2: says when the rows of a template cannot be read, and keeps what came before", () => {
    const message = frame((writer) => {
      writer.op(4, Op.CLEAR);
      writer.varint(1);
      writer.op(1, Op.INSERT);
      for (const n of [2, 0, 5, 10, 1]) writer.varint(n);
      writer.value("x");
    });
    const { ops, note } = decodeFrame(message, new FrameState());
    expect(ops.map((op) => op.text)).toEqual(["clear #4.1"]);
    expect(note).toContain("template 5 was defined before the log began");
  });

  it("D2: knows the templates and spread slots of a page from its boot blob", () => {
    const state = new FrameState();
    // Head: text. Body: one item of template 2 whose range holds two flat items of template 3.
    state.learn({ t: ["page000000", "div s:0.0", "item000000", "a z:0 s:0"], s: [0, 1, 4, 1, 1, 7, 2] });
    expect([state.kind(1, 0), state.kind(2, 0), state.kind(3, 1), state.kind(4, 0)]).toEqual(["s", "z", "s", undefined]);
    const message = frame((writer) => {
      writer.op(3, Op.SET);
      writer.varint(0);
      writer.str("href");
      writer.str("/x");
      writer.op(3, Op.FLAG);
      writer.varint(0);
      writer.varint(1);
      writer.str("hidden");
    });
    expect(texts(message, state)).toEqual(['set #3.0.href = "/x"', "flag #3.0.hidden on"]);
  });

  it("D2: reads URL, EMIT and EPOCH", () => {
    const message = frame((writer) => {
      writer.op(Ext.URL, Op.EXT);
      writer.varint(0);
      writer.varint(1);
      writer.str("/issues?page=2");
      writer.op(Ext.EMIT, Op.EXT);
      writer.str("saved");
      writer.bytes(Uint8Array.of(0x81, 0xa2, 0x69, 0x64, 0x05));
      writer.op(Ext.EPOCH, Op.EXT);
      writer.varint(9);
    });
    expect(texts(message)).toEqual(["url push /issues?page=2, scroll", 'emit saved {"id":5}', "epoch 9"]);
  });

  it("D3: never throws, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const state = new FrameState();
        decodeFrame(Uint8Array.of(ServerKind.PATCH, 1, 1, ...bytes), state);
        decodeFrame(bytes, state);
      }),
      { numRuns: 5_000 },
    );
  });
});
