// Type tests of JSX: the fixtures compile as marked, and the errors name what to write instead.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const fixture = (name: string) => `${root}test/jsx/fixtures/${name}`;

function diagnose(files: readonly string[], extra: Readonly<Record<string, string>> = {}): readonly string[] {
  const parsed = ts.getParsedCommandLineOfConfigFile(`${root}tsconfig.json`, { noEmit: true }, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
  if (parsed === undefined) throw new Error("tsconfig.json is unreadable");
  const host = ts.createCompilerHost(parsed.options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => extra[path] ?? readFile.call(host, path);
  host.fileExists = (path) => extra[path] !== undefined || fileExists.call(host, path);
  const program = ts.createProgram([...files, ...Object.keys(extra)], parsed.options, host);
  return ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, " "));
}

/** The errors of one JSX expression, in the words TypeScript shows. */
const errorOf = (jsx: string) => diagnose([], { [fixture("probe.tsx")]: `export const probe = ${jsx};` }).join(" ");

describe("typed JSX", () => {
  it("J1, J2, J3, J4: accepts valid HTML, SVG, MathML, ARIA, events and components, and refuses the rest", { timeout: 60_000 }, () => {
    expect(diagnose([fixture("accepted.tsx"), fixture("refused.tsx")])).toEqual([]);
  });

  it("J5: says which attribute to write instead", { timeout: 60_000 }, () => {
    const message = errorOf(`[<p className="a" />, <p tabIndex={0} />, <input readOnly />, <button onClik={() => 1} />]`);
    expect(message).toContain(`WriteInstead<"class">`);
    expect(message).toContain(`Did you mean 'tabindex'?`);
    expect(message).toContain(`Did you mean 'readonly'?`);
    expect(message).toContain(`Did you mean 'onClick'?`);
  });
});
