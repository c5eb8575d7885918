// The refusals of the store port as values: results, not errors, so they are made once and handed out.
import type { OwnerResult, Refusal } from "./store.js";

export const FENCED: Refusal = { ok: false, reason: "fenced" };
export const MISSING: Refusal = { ok: false, reason: "missing" };
export const DONE: OwnerResult = { ok: true };
