/**
 * One tab of the model: the shipped runtime on a light document, a network of its own, and a ledger for each document.
 */
import { LightBrowser, LightTab, type WindowWatcher } from "@vango/client/testing";
import { ClientKind } from "@vango/core/protocol";
import { LightEvent, type LightControl, type LightElement } from "@vango/core/testing";
import { VirtualNetwork } from "../../src/testing/network.js";
import type { Rig } from "../../src/testing/rig.js";
import type { Mount } from "./app.js";
import { Ledger } from "./ledger.js";

/** Errors that only say what the faults did. */
const OF_FAULTS = /^VANGO_(EVENT_|UNKNOWN_TARGET$|FRAME$|WIRE_|APPLY_|STALE_EVENT$|DRAINING$|JOIN_BOOT$)/;

export class Tab implements WindowWatcher {
  readonly network: VirtualNetwork;
  readonly tab: LightTab;
  ledger = new Ledger();
  /** What a message of the browser or to it becomes, once. */
  trick: ((bytes: Uint8Array, up: boolean) => readonly Uint8Array[]) | undefined;
  /** The trick holds a message back. */
  began = false;
  /** The mount that the tab had at the last check; undefined when it may have lost it since. */
  mount: Mount | undefined;
  /** When its session was last seen with a socket. */
  attachedAt = 0;
  /** A navigation was asked for since the last check. */
  moved = false;
  /** What the user has typed last into the input that is still there. */
  typed: string | undefined;
  readonly errors: string[] = [];
  readonly hows: string[] = [];
  /** Persisted events that must be there after any loss of a process; see world.ts. */
  durable: readonly number[] = [];
  closed = false;

  constructor(rig: Rig, browser: LightBrowser, from?: Tab) {
    this.network = new VirtualNetwork(rig, browser.chance, [], (bytes) => this.ledger.down(bytes));
    this.network.intercept = (bytes, up) => {
      if (up) this.ledger.up(bytes);
      if (up && this.began) this.#begins(bytes[0]);
      const { trick } = this;
      if (trick === undefined) return [bytes];
      this.trick = undefined;
      const after = trick(bytes, up);
      this.began = this.trick !== undefined;
      return after;
    };
    this.tab = from === undefined ? browser.tab(this, this.network) : from.tab.duplicate(this, this.network);
  }

  /** With a new socket: a message that is held back has died with its own, or now does. */
  #begins(kind: number | undefined): void {
    if (kind !== ClientKind.JOIN && kind !== ClientKind.RESUME) return;
    this.began = false;
    this.trick = undefined;
    if (kind === ClientKind.JOIN) queueMicrotask(() => this.network.lose());
  }

  opened(): void {
    this.ledger = new Ledger();
    this.lost();
    this.typed = undefined;
  }

  heard({ type, detail }: { readonly type: string; readonly detail: unknown }): void {
    if (type === "vango:session") this.hows.push((detail as { how: string }).how);
    if (type !== "vango:error") return;
    const { code, message } = detail as { code: string; message: string };
    this.ledger.error(code);
    if (!OF_FAULTS.test(code)) this.errors.push(`${code}: ${message}`);
  }

  /** The tab's session may end without its fault. */
  lost(): void {
    this.mount = undefined;
  }

  get window() {
    return this.tab.window;
  }

  get state(): string {
    return this.window?.vango?.state ?? "";
  }

  find(css: string): LightElement[] {
    return this.window?.document.querySelectorAll(css) ?? [];
  }

  /** A click with its number; false when there is nothing to click. */
  click(css: string, token: number, pick: number): boolean {
    const found = this.find(css);
    const el = found[pick % found.length];
    if (el === undefined) return false;
    this.ledger.clicked(token);
    el.dispatchEvent(Object.assign(new LightEvent("click", { bubbles: true, cancelable: true }), { clientX: token }));
    return true;
  }

  type(text: string): void {
    const input = this.find("input")[0] as LightControl | undefined;
    if (input === undefined) return;
    input.value = text;
    this.typed = text;
    input.dispatchEvent(new LightEvent("input", { bubbles: true }));
  }

  /** Persisted events that the page shows. */
  shown(): number[] {
    const text = this.find("#kept")[0]?.textContent ?? "";
    return text === "" ? [] : text.split(",").map(Number);
  }

  follow(css: string): void {
    this.moved = true;
    this.find(css)[0]?.dispatchEvent(Object.assign(new LightEvent("click", { bubbles: true, cancelable: true }), { button: 0 }));
  }

  get sid(): string {
    return this.tab.storage.getItem("vango.tab") ?? "";
  }
}
