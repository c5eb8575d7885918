/**
 * What the parts of the HTTP pipeline share: made once for an app.
 */
import type { DocumentShell } from "../document.js";
import type { RenderPage } from "../render-port.js";
import type { BrowserCookie } from "../security/browser-cookie.js";
import type { AppCore, SessionPort } from "../session-port.js";
import type { ClientAsset } from "./client-asset.js";
import type { StaticFiles } from "./static-files.js";

export interface HttpContext {
  readonly core: AppCore;
  readonly shell: DocumentShell;
  readonly client: ClientAsset | undefined;
  readonly files: StaticFiles | undefined;
  readonly cookie: BrowserCookie;
  readonly renderPage: RenderPage;
  /** Gives what a GET loaded to the join of the same document (its nonce). */
  handOver(nonce: string, results: ReadonlyMap<string, { readonly value: unknown }>): void;
  /** Persisted values of the tab that asks, when it says which it is. */
  readonly tabValues: SessionPort["tabValues"];
  /** Security headers of pages, flat. */
  readonly pageHeaders: readonly string[];
  /** False while the app starts or drains: /readyz says so. */
  ready(): boolean;
}
