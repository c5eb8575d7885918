// The floor of T8 and T9: the reference pages as string concatenation, with the framework's escaping and nothing else.
import type { Row } from "../pages/rows.js";

const SPECIAL = /[&<>]/;

/** Escapes text the short way: most texts need none. */
export function escapeText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Static chunks of the table page around its rows: taken from what the framework gave, so that both give equal bytes. */
export interface TableHtml {
  readonly before: string;
  readonly after: string;
  /** Chunks of one row around its class, id and label. */
  readonly row: readonly [string, string, string, string];
}

export function handTable(html: TableHtml, rows: readonly Row[], selected: number): string {
  const [open, id, label, close] = html.row;
  let out = html.before;
  for (const row of rows) {
    out += open;
    if (row.id === selected) out += ' class="danger"';
    out += id + row.id + label + escapeText(row.label) + close;
  }
  return out + html.after;
}
