// The runtime is two files. The entry takes the page over, captures events, numbers and sends them, and applies frames; the
// second (src/more) knows how a socket begins (JOIN, RESUME, their answers), the payload codec, links and history, edited
// controls, the status line, fields of rare events and the live page's structure. The entry loads it while the socket opens.
// Invariant: they share no module that has state; what passes between them is here.
import type { NavMode, Page, Table, ClientTemplate } from "@vango/core/protocol";

/** An event of an element's slot with its payload, and the control whose value it tells, if it does; or a navigation. */
export type Outgoing =
  | readonly [target: Element, slot: number, payload: unknown, control: EventTarget | undefined]
  | readonly [href: string, mode: NavMode];

/** What was sent and is not acknowledged. */
export type Flying = readonly [seq: number, out: Outgoing, bytes: Uint8Array];

/** What the entry gives to the second file. */
export interface Host {
  /** The text of the boot blob. */
  readonly boot: string;
  /** Base path of the app, empty for none. */
  readonly base: string;
  page(): Page;
  /** In step with the server: events may leave. */
  ready(): boolean;
  /** The next frame is older than what was typed and captured meanwhile. */
  replaying(): boolean;
  /** Full numbers of the last frame applied and of the last event sent; how many frames in a row did not fit the page. */
  numbers(): readonly [received: number, sent: number, broken: number];
  /** Something that this control tells waits, or is on its way with a number above `from`, default the last that the server has. */
  typing(control: Element, from?: number): boolean;
  /** Sends a navigation. */
  navigate(href: string, mode: NavMode): void;
  /** Runs the event slots of `type` from `target` up; tells whether one took it. */
  fire(type: string, target: Element): boolean;
  send(bytes: Uint8Array): void;
  /**
   * The server has accepted this document. Same tree: it has the events up to `events`, the others go again. Another tree
   * (`renewed`): those up to `events` ran, of the others nobody knows; numbers begin anew. `frames` is the number of the
   * last frame that this page shows, `until` that of the one that brings it in step.
   */
  accept(renewed: boolean, events: number, frames: number, until: number): void;
  /** The navigation on its way has got its answer. */
  arrived(): void;
  /** Gives the socket up and tries again after `retry` ms, default the back-off. */
  lose(reason: string, retry?: number): void;
  /** Stops for good. */
  refuse(reason: string): void;
  /** The click table, see clicks.ts. */
  linkOf(ev: Event): HTMLAnchorElement | null | undefined;
  isPlainClick(ev: MouseEvent, live: boolean): boolean;
  tableOf(template: ClientTemplate): Table;
}

/** What the second file gives to the entry. */
export interface More {
  /** The first message of a socket: RESUME, or JOIN. */
  hello(): Uint8Array;
  /** A message that is no frame, acknowledgement or PONG. */
  receive(bytes: Uint8Array): void;
  /** The page is in step: reports what the user entered meanwhile. */
  start(): void;
  /** The user entered something into this control, and its event could not leave. */
  edit(control: EventTarget): void;
  /** Is this value of the server older than what the user entered? Then it is not written: the server knows, or will, what the control shows. */
  keep(el: unknown, property: string, value: unknown): boolean;
  /** A frame was applied. */
  applied(): void;
  /** A click that no handler has prevented. */
  click(ev: MouseEvent): void;
  /** The URL operation of a frame: history now; what it gives is for after the frame: scroll and focus. */
  url(mode: number, href: string, scroll: boolean): () => void;
  /** A field of an event that is no plain property. */
  field(name: string, ev: Event): unknown;
  /** The payload codec. */
  push(out: number[], value: unknown): void;
  decode(bytes: Uint8Array, at?: number): unknown;
}

/** The second file's only export. */
export type Install = (host: Host) => More;
