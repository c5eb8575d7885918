/**
 * An app with the real pipeline and renderer and a recording session port.
 */
import { component, html, type Component } from "@vango/core";
import type { AppOptions } from "../../src/app-options.js";
import { buildApp, type BuiltApp } from "../../src/build-app.js";
import { renderPage } from "../../src/http/render-page.js";
import type { RouteEntry } from "../../src/router/route-table.js";
import type { LiveSocket, SessionPort } from "../../src/session-port.js";

export const SECRET = "0123456789abcdef0123456789abcdef";
export const CLIENT = new TextEncoder().encode("console.log('client');".repeat(100));

export class RecordingSessions implements SessionPort {
  readonly opened: LiveSocket[] = [];
  readonly messages: number[][] = [];
  readonly handed: { nonce: string; results: ReadonlyMap<string, { readonly value: unknown }> }[] = [];
  readonly closedCodes: number[] = [];
  drains = 0;
  onMessage: (socket: LiveSocket, bytes: Uint8Array) => void = () => undefined;
  open(socket: LiveSocket) { this.opened.push(socket); }
  message(socket: LiveSocket, bytes: Uint8Array) { this.messages.push([...bytes.subarray(0, 8)]); this.onMessage(socket, bytes); }
  drained() {}
  closed(_socket: LiveSocket, code: number) { this.closedCodes.push(code); }
  holds() { return false; }
  handOver(nonce: string, results: ReadonlyMap<string, { readonly value: unknown }>) { this.handed.push({ nonce, results }); }
  tabValues() { return Promise.resolve(undefined); }
  endLogin() { return 0; }
  drain() { this.drains++; return Promise.resolve(); }
}

export interface TestApp extends BuiltApp {
  readonly recorded: RecordingSessions;
  readonly errors: unknown[];
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; text: string; headers: Headers }>;
}

export function testApp(routes: readonly RouteEntry[], options: Partial<AppOptions> = {}): TestApp {
  const recorded = new RecordingSessions();
  const errors: unknown[] = [];
  const app = buildApp(
    { routes: { buildId: "build1", routes }, secret: SECRET, onError: (e) => void errors.push(e), ...options },
    { createSessions: () => recorded, renderPage },
    { entry: CLIENT, more: CLIENT },
  );
  return {
    ...app,
    recorded,
    errors,
    async get(path, headers = {}) {
      const response = await app.fetch(new Request(`http://test.local${path}`, { headers }));
      return { status: response.status, text: await response.text(), headers: response.headers };
    },
  };
}

/** A route whose page shows the text that `view` gives for its params. */
export function page(path: string, view: (params: Record<string, unknown>) => string, extra: object = {}, entry: Partial<RouteEntry> = {}): RouteEntry {
  const shown: Component<{ params: Record<string, unknown> }> = component<{ params: Record<string, unknown> }>((_setup, props) => () => html`<main>${() => view(props.get().params)}</main>`);
  return { path, kind: "page", load: () => Promise.resolve({ page: shown, ...extra }), ...entry };
}

/** The boot blob of a document. */
export function bootOf(text: string): { v: number; b: string; t: string[]; s: number[]; h: number[]; g: string; p: string; n: string } {
  const match = /<script type="application\/vango" id="vango-boot">(.*?)<\/script>/s.exec(text);
  return JSON.parse(match?.[1] ?? "") as ReturnType<typeof bootOf>;
}
