/**
 * What the workers of one supervisor have in common unless the app brings its own: a store and a bus. Set by the worker's side
 * before the app is made; undefined in a process that is alone.
 */
import type { Bus, SessionStore } from "@vango/persist";

export interface InCommon {
  readonly store: SessionStore;
  readonly bus: Bus;
}

let common: InCommon | undefined;

export const inCommon = (): InCommon | undefined => common;

export function haveInCommon(what: InCommon): void {
  common = what;
}
