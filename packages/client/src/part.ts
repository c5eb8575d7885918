// The runtime is two files. The entry takes the page over, captures events, talks to the server and applies frames; the
// second (src/more) knows links and history, edited controls, the status line, fields of rare events and the live page's
// structure. The entry loads it while the socket opens and joins when both are there.
// Invariant: they share no module that has state; what passes between them is here.
import type { NavMode, Page, Table, ClientTemplate } from "@vango/core/protocol";

/** What the entry gives to the second file. */
export interface Host {
  /** In step with the server: events may leave. */
  ready(): boolean;
  /** Sends a navigation. */
  navigate(href: string, mode: NavMode): void;
  /** Runs the event slots of `type` from `target` up; tells whether one took it. */
  fire(type: string, target: Element): boolean;
  tableOf(template: ClientTemplate): Table;
}

/** What JOIN says beside version and boot blob. */
export interface JoinPart {
  readonly tab: string;
  readonly nonce: string;
  readonly url: string;
  /** Templates and structure of the live page, in the form of the boot blob's `t` and `s`; absent while the blob is true. */
  readonly now: { readonly t: readonly string[]; readonly s: readonly number[] } | undefined;
}

/** What the second file gives to the entry. */
export interface More {
  /** A socket is open. `page` is given when the DOM has been patched. */
  join(page: Page | undefined): JoinPart;
  /** The page is in step: gives controls back what the user entered and reports it. */
  start(): void;
  /** Runs `change`, which changes the DOM, and knows what it inserts from what others insert. */
  own(change: () => void): void;
  /** A click that no handler has prevented. */
  click(ev: MouseEvent): void;
  /** The URL operation of a frame: history now; what it gives is for after the frame: scroll and focus. */
  url(mode: number, href: string, scroll: boolean): () => void;
  /** A field of an event that is no plain property. */
  field(name: string, ev: Event): unknown;
  /** Reloads the page, once; false when that was done already. */
  reload(): boolean;
}

/** The second file's only export. */
export type Install = (host: Host) => More;
