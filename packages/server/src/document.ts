/**
 * The document around the two ranges of the root template R (docs/architecture.md §3), as strings.
 * Invariants: the head range is the first thing in head and ends at the first anchor; the body range is the first thing
 * in body and ends at its anchor; nothing else of ours is counted between. The charset stands in the HTTP header, so its
 * meta may follow the head range.
 */
import { BOOT_ID, BOOT_TYPE, type Boot } from "@vango/core/protocol";

export interface DocumentShell {
  /** Before the head range. */
  readonly open: string;
  /** Between the head range and the body range. */
  readonly middle: string;
  /** Between the body range and the JSON of the boot blob. */
  readonly beforeBoot: string;
  readonly close: string;
  /** After the body range of a page without a client: no script, no blob. */
  readonly closeStatic: string;
}

export interface ShellOptions {
  /** Language of the document, BCP 47. */
  readonly lang: string;
  /** Path of the client script; undefined when there is none. */
  readonly script: string | undefined;
  /** Path of the script's second file, loaded beside it; undefined when there is none. */
  readonly preload?: string | undefined;
  /** The app's base path, "" or canonical: the client finds its socket by it. */
  readonly basePath: string;
}

export function documentShell(options: ShellOptions): DocumentShell {
  const base = options.basePath === "" ? "" : ` data-base="${attribute(options.basePath)}"`;
  const preload = options.preload === undefined ? "" : `<link rel="modulepreload" href="${attribute(options.preload)}">`;
  const script = options.script === undefined ? "" : `${preload}<script defer src="${attribute(options.script)}"${base}></script>`;
  return {
    open: `<!doctype html><html lang="${attribute(options.lang)}" data-vango="connecting"><head>`,
    middle: `<!><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${script}</head><body>`,
    beforeBoot: `<!><script type="${BOOT_TYPE}" id="${BOOT_ID}">`,
    close: "</script></body></html>",
    closeStatic: "<!></body></html>",
  };
}

/** The whole document, in pieces to encode one by one. */
export function documentPieces(shell: DocumentShell, head: string, body: readonly string[], boot: Boot): string[] {
  return [shell.open, head, shell.middle, ...body, shell.beforeBoot, bootJson(boot), shell.close];
}

/** JSON that cannot end its script element: every `<` is escaped. The client's JSON.parse gives the same value. */
export function bootJson(boot: Boot): string {
  return JSON.stringify(boot).replace(/</g, "\\u003c");
}

function attribute(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}
