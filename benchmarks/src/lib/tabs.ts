// Real tabs for the load: each GETs the page as a browser of its own, and gets the JOIN that its client would send. Also finds
// where the button to click stands, from the boot blob alone.
import { BOOT_ID, encodeJoin, PROTOCOL_VERSION, tableOf, TEMPLATE_FIRST, type Boot } from "@vango/core/protocol";
import type { Loop } from "./load.js";
import type { Opening } from "./script.js";

/** Tabs opened at the same time: a browser opens no more either. */
const AT_ONCE = 20;

/** Opens `count` tabs of a page. */
export async function openTabs(port: number, count: number, path = "/"): Promise<{ readonly openings: readonly Opening[]; readonly loop: Loop }> {
  const openings: Opening[] = [];
  let loop: Loop | undefined;
  for (let at = 0; at < count; at += AT_ONCE) {
    const tabs = await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, n) => openTab(port, at + n, path)));
    for (const { opening, boot } of tabs) {
      openings.push(opening);
      loop ??= { mode: "click", ...findClick(boot) };
    }
  }
  if (loop === undefined) throw new Error("no tab was opened");
  return { openings, loop };
}

async function openTab(port: number, n: number, path: string): Promise<{ readonly opening: Opening; readonly boot: Boot }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  const html = await response.text();
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`);
  const { text, boot } = bootOf(html);
  const cookie = response.headers.getSetCookie().map((line) => line.split(";", 1)[0]).join("; ");
  const join = encodeJoin({ v: PROTOCOL_VERSION, boot: text, tab: "", nonce: `bench-${n}-${Math.random().toString(36).slice(2)}`, url: path });
  return { opening: { path: "/_vango/live", headers: cookie === "" ? {} : { Cookie: cookie }, join }, boot };
}

/** The boot blob of a page, as text and read. */
export function bootOf(html: string): { readonly text: string; readonly boot: Boot } {
  const text = new RegExp(`<script[^>]*id="${BOOT_ID}"[^>]*>([\\s\\S]*?)</script>`).exec(html)?.[1];
  if (text === undefined) throw new Error("a page has no boot blob");
  return { text, boot: JSON.parse(text) as Boot };
}

/** Instance and slot of the first click handler, by walking the structure as the client does. */
export function findClick(boot: Boot): { readonly instance: number; readonly slot: number } {
  const tables = ["! c:0", "head,body c:0.0 c:1.0", ...boot.t.filter((_, at) => at % 2 === 1)].map((table) => tableOf({ id: "", table }));
  const clicks = tables.map(({ slots }) => slots.find((slot) => slot.event?.type === "click")?.slot);
  let at = 0;
  let next = 1;
  let found: { instance: number; slot: number } | undefined;
  const number = (): number => boot.s[at++] as number;
  const content = (assign: boolean): number => {
    const start = at;
    const total = assign ? content(false) : 0;
    if (assign) at = start;
    let id = next;
    if (assign) next += total;
    let counted = 0;
    for (let runs = number(); runs > 0; runs--) {
      const code = number();
      const count = number();
      counted += count;
      const slot = clicks[code >> 1];
      if (assign && slot !== undefined && code >> 1 >= TEMPLATE_FIRST) found ??= { instance: id, slot };
      id += count;
      if ((code & 1) === 0) for (let left = count * (tables[code >> 1]?.ranges.length ?? 0); left > 0; left--) content(assign);
    }
    return counted;
  };
  content(true);
  content(true);
  if (found === undefined) throw new Error("the page has no click handler");
  return found;
}
