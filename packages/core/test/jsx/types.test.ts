// Type tests of JSX: the fixtures compile as marked, and the errors name what to write instead.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const fixture = (name: string) => `${root}test/jsx/fixtures/${name}`;

/** Expressions that have an error each. */
const PROBE = fixture("probe.tsx");
const probe = `export const probe = [<p className="a" />, <p tabIndex={0} />, <input readOnly />, <button onClik={() => 1} />];`;

/** What TypeScript says of each file: one program for all of them, because it is the types of JSX that take their time. */
function diagnose(files: readonly string[], extra: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const parsed = ts.getParsedCommandLineOfConfigFile(`${root}tsconfig.json`, { noEmit: true }, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
  if (parsed === undefined) throw new Error("tsconfig.json is unreadable");
  const host = ts.createCompilerHost(parsed.options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => extra[path] ?? readFile.call(host, path);
  host.fileExists = (path) => extra[path] !== undefined || fileExists.call(host, path);
  const program = ts.createProgram([...files, ...Object.keys(extra)], parsed.options, host);
  const said = new Map<string, string[]>();
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const name = file?.fileName ?? "no file";
    said.set(name, [...(said.get(name) ?? []), ts.flattenDiagnosticMessageText(messageText, " ")]);
  }
  return said;
}

describe("typed JSX", { timeout: 60_000 }, () => {
  let said: ReadonlyMap<string, readonly string[]>;
  beforeAll(() => {
    said = diagnose([fixture("accepted.tsx"), fixture("refused.tsx")], { [PROBE]: probe });
  }, 120_000);

  it("J1, J2, J3, J4: accepts valid HTML, SVG, MathML, ARIA, events and components, and refuses the rest", () => {
    expect([...said].filter(([file]) => file !== PROBE)).toEqual([]);
  });

  it("J5: says which attribute to write instead", () => {
    const message = said.get(PROBE)?.join(" ");
    expect(message).toContain(`WriteInstead<"class">`);
    expect(message).toContain(`Did you mean 'tabindex'?`);
    expect(message).toContain(`Did you mean 'readonly'?`);
    expect(message).toContain(`Did you mean 'onClick'?`);
  });
});
