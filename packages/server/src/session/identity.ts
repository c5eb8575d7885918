/**
 * Who a session is. `sid = <worker>.<id>`: the worker is the process that holds the session now, the id is the record's key
 * in the store and stays. A sid is worth nothing without the browser's cookie; see SPEC.md S20.
 */
import { randomBytes } from "node:crypto";

const SID = /^[A-Za-z0-9_-]{6,10}\.([A-Za-z0-9_-]{16})$/;

/** 96 random bits, base64url. */
export const newId = (): string => randomBytes(12).toString("base64url");

/** A name for this incarnation of the process. */
export const newWorker = (): string => randomBytes(6).toString("base64url");

export const sidOf = (worker: string, id: string): string => `${worker}.${id}`;

/** The id in a sid; undefined for none, and for what is no sid. */
export const idOf = (sid: string): string | undefined => SID.exec(sid)?.[1];

/**
 * What binds a session and its record to a user: nobody is "", a text or number itself, an object its `id`. Users without
 * either are told apart by their JSON.
 */
export function principalOf(user: unknown): string {
  if (user === undefined || user === null) return "";
  if (typeof user === "string" || typeof user === "number") return String(user);
  const { id } = user as { readonly id?: unknown };
  if (typeof id === "string" || typeof id === "number") return String(id);
  try {
    return JSON.stringify(user) ?? "?";
  } catch {
    // No JSON, so no way to know it again: such a user never finds a former session.
    return `?${newId()}`;
  }
}
