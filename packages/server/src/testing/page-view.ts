/**
 * What a tab shows, and what frames did to it: the document that locators search, and the operations that a test asserts.
 */
import { BOOT_ID } from "@vango/core/protocol";
import { PatchLog, serialise, type LightDocument, type LightElement, type PatchOp } from "@vango/core/testing";
import type { HeardEvent, LightTab, LightWindow, WindowWatcher } from "@vango/client/testing";

/** What the page heard of an error. */
export interface HeardError {
  readonly code: string;
  readonly message: string;
}

export class PageView implements WindowWatcher {
  readonly errors: HeardError[] = [];
  /** Answers of `vango:session`, oldest first. */
  readonly sessions: string[] = [];
  tab: LightTab | undefined;
  readonly #log = new PatchLog();
  #applying = false;

  /** The document that is shown now. */
  get doc(): LightDocument {
    return (this.tab as LightTab).open.document;
  }

  get boot(): LightElement | null {
    return this.doc.getElementById(BOOT_ID);
  }

  select(css: string): LightElement[] {
    return this.doc.querySelectorAll(css);
  }

  /** The page's content, without what belongs to the framework. */
  html(): string {
    const end = this.boot?.previousSibling;
    let out = "";
    for (const node of this.doc.body.childNodes) {
      if (node === end) break;
      out += serialise(node, { visible: true });
    }
    return out;
  }

  ops(): PatchOp[] {
    return this.#log.ops.slice();
  }

  clear(): void {
    this.#log.ops.length = 0;
  }

  // ---- what the window tells

  opened(window: LightWindow): void {
    this.#applying = false;
    window.document.mutations = undefined;
  }

  /** What frames do is recorded, what the user and the runtime do otherwise is not. */
  applying(on: boolean): void {
    this.#applying = on;
    this.doc.mutations = on ? this.#log : undefined;
  }

  heard({ type, detail }: HeardEvent): void {
    if (this.#applying) this.#log.ops.push({ op: "emit", name: type, detail });
    else if (type === "vango:error") this.errors.push(detail as HeardError);
    else if (type === "vango:session") this.sessions.push((detail as { how: string }).how);
  }

  url(href: string, replace: boolean): void {
    this.#log.ops.push({ op: "url", href, replace });
  }
}
