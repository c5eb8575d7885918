/**
 * A request whose body fails once more than `limit` bytes came: for chunked bodies, whose length nobody declared.
 */
import { bodyTooLarge } from "../transport/body-limit.js";

export function limitBody(request: Request, limit: number): Request {
  if (request.body === null) return request;
  let size = 0;
  const limited = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > limit) controller.error(bodyTooLarge(limit));
        else controller.enqueue(chunk);
      },
    }),
  );
  const init: RequestInit & { duplex: "half" } = { method: request.method, headers: request.headers, body: limited, duplex: "half", signal: request.signal };
  return new Request(request.url, init);
}
