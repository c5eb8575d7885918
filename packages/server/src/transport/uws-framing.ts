/**
 * Requests about whose end two servers may disagree: behind a proxy the rest of one would be taken for the next one's beginning
 * (request smuggling). uWebSockets.js takes the first of two lengths and any encoding; node:http refuses them, and so do we.
 */
import type { HttpRequest } from "uWebSockets.js";

export function endIsAmbiguous(req: HttpRequest): boolean {
  const length = req.getHeader("content-length");
  const encoding = req.getHeader("transfer-encoding");
  if (length === "" && encoding === "") return false;
  if (encoding !== "" && (length !== "" || encoding.toLowerCase() !== "chunked")) return true;
  if (encoding === "" && !/^\d+$/.test(length)) return true;
  let said = 0;
  req.forEach((name) => {
    if (name === "content-length" || name === "transfer-encoding") said++;
  });
  return said > 1;
}
