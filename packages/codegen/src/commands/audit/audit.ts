// `vango audit <url>`: attacks a running app as an unfriendly client would and says what held. It needs the app's address and
// nothing else; it writes nothing and leaves no session open. Run it against your own staging server.

import { cliError } from "../errors.js";
import type { Check, Verdict } from "./check.js";
import { HTTP_CHECKS } from "./http-checks.js";
import { joinFlood, SESSION_CHECKS } from "./session-checks.js";
import { SOCKET_CHECKS } from "./socket-checks.js";
import { Target } from "./target.js";

export interface AuditOptions {
  readonly url: string;
  /** Sockets that the join flood opens at most. Default 150. */
  readonly sockets: number;
  /** One line of JSON a check instead of text. */
  readonly json: boolean;
  readonly say: (line: string) => void;
}

export interface AuditResult extends Verdict {
  readonly name: string;
  readonly risk: string;
}

const MARK = { ok: "ok  ", fail: "FAIL", note: "note" } as const;

/** @throws VangoError `VANGO_AUDIT_TARGET` when the address does not serve a live page. Gives what failed. */
export async function audit({ url, sockets, json, say }: AuditOptions): Promise<readonly AuditResult[]> {
  const target = new Target(parse(url));
  const page = await target.page().catch((error: unknown) => {
    throw cliError("VANGO_AUDIT_TARGET", { message: `${url} does not answer: ${String((error as { cause?: unknown }).cause ?? error)}` });
  });
  if (page.boot === "") throw cliError("VANGO_AUDIT_TARGET", { message: `${url} answers ${page.response.status} without a live page.` });
  target.prefix = /src="([^"]*)\/_vango\/client\./.exec(page.html)?.[1] ?? "";
  const checks: readonly Check[] = [...HTTP_CHECKS, ...SOCKET_CHECKS, ...SESSION_CHECKS, joinFlood(sockets)];
  const width = Math.max(...checks.map(({ name }) => name.length));
  const results: AuditResult[] = [];
  for (const check of checks) {
    const verdict = await check.run(target, page).catch((error: unknown): Verdict => ({ verdict: "fail", detail: `the check ended with ${String(error)}` }));
    const result = { name: check.name, risk: check.risk, ...verdict };
    results.push(result);
    say(json ? JSON.stringify(result) : `${MARK[verdict.verdict]}  ${check.name.padEnd(width)}  ${verdict.detail}${verdict.verdict === "fail" ? `\n      ${"".padEnd(width)}  risk: ${check.risk}` : ""}`);
  }
  const failed = results.filter(({ verdict }) => verdict === "fail");
  const notes = results.filter(({ verdict }) => verdict === "note").length;
  if (!json) say(`${results.length - failed.length - notes} held, ${notes} noted, ${failed.length} failed`);
  return failed;
}

function parse(url: string): URL {
  const known = URL.canParse(url) ? new URL(url) : undefined;
  if (known === undefined || !/^https?:$/.test(known.protocol)) throw cliError("VANGO_CLI_USAGE", { message: `\`vango audit\` needs an address like http://127.0.0.1:3000/, not \`${url}\`.` });
  return known;
}
