// What the entry gives to this file, for all its modules: set once, before anything else here runs.
import type { Host } from "../part.js";

export let host: Host;

/** Connects this file with the entry. */
export const setHost = (entry: Host): void => void (host = entry);
