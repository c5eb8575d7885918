/**
 * Writes a stream to a uWebSockets.js response with backpressure: reads the next chunk only when the last one was taken.
 * A stream that fails, or gives another length than declared, cuts the connection: the client must not take it for whole.
 */
import type { HttpResponse } from "uWebSockets.js";

export interface Pump {
  /** Settles when the body is written, cut or abandoned; never rejects. */
  readonly done: Promise<void>;
  /** The client left: stop reading the source. */
  readonly abort: () => void;
}

export function pumpToUws(res: HttpResponse, body: ReadableStream<Uint8Array>, total: number | undefined, aborted: () => boolean): Pump {
  const reader = body.getReader();
  let wake: ((offset: number) => void) | undefined;
  res.onWritable((offset: number) => {
    wake?.(offset);
    return true;
  });
  const writable = (): Promise<number> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  async function writeChunked(chunk: Uint8Array): Promise<void> {
    let ready = true;
    const waiting = writable();
    res.cork(() => {
      ready = res.write(chunk);
    });
    if (!ready) await waiting;
  }

  /** Answers whether the declared length is reached. */
  async function writeCounted(chunk: Uint8Array, length: number): Promise<boolean> {
    let rest = chunk;
    for (;;) {
      const start = res.getWriteOffset();
      const waiting = writable();
      let ok = true;
      let done = false;
      res.cork(() => {
        [ok, done] = res.tryEnd(rest, length);
      });
      if (done || ok) return done;
      const offset = await waiting;
      if (aborted()) return true;
      rest = rest.subarray(offset - start);
      if (rest.byteLength === 0) return false;
    }
  }

  async function run(): Promise<void> {
    let complete = false;
    try {
      while (!aborted()) {
        const { done, value } = await reader.read();
        if (aborted()) break;
        if (done) {
          if (total === undefined) res.cork(() => void res.end());
          else if (total === 0) res.cork(() => void res.end(""));
          else res.close(); // shorter than declared
          return;
        }
        if (value.byteLength === 0) continue;
        if (total === undefined) await writeChunked(value);
        else if (await writeCounted(value, total)) {
          complete = true;
          break;
        }
      }
    } catch {
      if (!aborted() && !complete) res.close();
    }
    await reader.cancel().catch(() => undefined);
  }

  return { done: run(), abort: () => wake?.(0) };
}
