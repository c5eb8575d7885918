/**
 * A request body on uWebSockets.js as a stream: copies each chunk (the native buffer dies with the callback), pauses
 * the socket while nobody reads, and errors past the limit without keeping more than the limit.
 */
import type { HttpResponse } from "uWebSockets.js";
import { bodyTooLarge } from "./body-limit.js";

export interface UwsBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** The client went away: a reader gets the error. */
  abort(reason: unknown): void;
}

/** Must be called before the uWS handler returns, or the body is lost. */
export function readUwsBody(res: HttpResponse, limit: number): UwsBody {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let size = 0;
  let paused = false;
  let ended = false;

  const stream = new ReadableStream<Uint8Array>(
    {
      start(c) {
        controller = c;
      },
      pull() {
        if (paused && !ended) {
          paused = false;
          res.resume();
        }
      },
      cancel() {
        controller = undefined;
        if (paused && !ended) {
          paused = false;
          res.resume(); // the rest is read and thrown away, so that the connection can be used again
        }
      },
    },
    { highWaterMark: 256 * 1024, size: (chunk) => chunk.byteLength },
  );

  res.onData((chunk: ArrayBuffer, isLast: boolean) => {
    size += chunk.byteLength;
    ended = isLast;
    if (controller === undefined) return;
    if (size > limit) {
      controller.error(bodyTooLarge(limit));
      controller = undefined;
      return;
    }
    if (chunk.byteLength > 0) controller.enqueue(new Uint8Array(chunk.slice(0)));
    if (isLast) {
      controller.close();
      controller = undefined;
    } else if ((controller.desiredSize ?? 0) <= 0) {
      paused = true;
      res.pause();
    }
  });

  return {
    stream,
    abort(reason) {
      ended = true;
      controller?.error(reason);
      controller = undefined;
    },
  };
}
