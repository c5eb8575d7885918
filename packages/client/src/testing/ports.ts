// What the light browser needs from outside: time, chance and a network. Each has a real and a virtual form; nothing in
// this folder asks the platform for them by itself.

/** Time. `setTimer` gives what `clearTimer` takes. */
export interface LightClock {
  /** Milliseconds. */
  now(): number;
  setTimer(ms: number, fn: () => void): unknown;
  clearTimer(timer: unknown): void;
}

/** What the browser hears of a socket that it opened. */
export interface WireEvents {
  open(): void;
  message(bytes: Uint8Array): void;
  /** Once, and nothing after it; also when the socket never opened. */
  close(code: number, reason: string): void;
}

/** The browser's end of a socket. */
export interface Wire {
  send(bytes: Uint8Array): void;
  /** The browser closes; nothing is heard after it. */
  close(): void;
}

/** The answer to a GET. */
export interface LightAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The way to the server. `headers` holds the cookies and the origin, as a browser sends them. */
export interface LightNetwork {
  get(url: string, headers: Readonly<Record<string, string>>): Promise<LightAnswer>;
  connect(url: string, headers: Readonly<Record<string, string>>, events: WireEvents): Wire;
}

/** A number from 0 to below 1, as Math.random. */
export type Chance = () => number;

/** Chance from a seed (mulberry32): the same seed gives the same numbers. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
