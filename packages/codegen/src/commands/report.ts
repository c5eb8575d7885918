// How errors look in the terminal: code and message, place, why, fix. Works on any error by its shape,
// since an app may carry its own copy of @vango/core.

/** An error's parts as they are shown and sent to the browser's overlay. */
export interface ErrorReport {
  readonly title: string;
  readonly message: string;
  readonly at?: string;
  readonly frame?: string;
  readonly why?: string;
  readonly fix?: string;
  readonly stack?: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Reads an error of any kind. Coded errors explain themselves; others keep their stack. */
export function reportOf(error: unknown): ErrorReport {
  if (!(error instanceof Object)) return { title: "Error", message: String(error) };
  const parts = error as Readonly<Record<string, unknown>>;
  const code = text(parts["code"]);
  const coded = code !== undefined && code.startsWith("VANGO_");
  const message = (text(parts["message"]) ?? String(error)).replace(`${code}: `, "");
  const optional = {
    at: text(parts["at"]), frame: text(parts["frame"]), why: text(parts["why"]), fix: text(parts["fix"]),
    stack: coded && parts["cause"] === undefined ? undefined : text((parts["cause"] as { stack?: unknown } | undefined)?.stack ?? parts["stack"]),
  };
  return {
    title: coded ? code : (text(parts["name"]) ?? "Error"), message,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

const indent = (block: string) => block.split("\n").map((line) => `  ${line}`).join("\n");

/** The report as lines for the terminal. */
export function formatReport(report: ErrorReport): string {
  const lines = [`error ${report.title}: ${report.message}`];
  if (report.at !== undefined && !report.message.includes(report.at)) lines.push(`  at:  ${report.at}`);
  if (report.frame !== undefined && !report.message.includes(report.frame)) lines.push(indent(report.frame));
  if (report.why !== undefined) lines.push(`  why: ${report.why}`);
  if (report.fix !== undefined) lines.push(`  fix: ${report.fix}`);
  if (report.stack !== undefined && report.fix === undefined) lines.push(indent(report.stack));
  return lines.join("\n");
}

/** {@link reportOf} and {@link formatReport} in one. */
export const formatError = (error: unknown): string => formatReport(reportOf(error));
