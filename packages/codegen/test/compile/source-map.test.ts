// JSX10: a place in the output leads back to the token it came from.
import { describe, expect, test } from "vitest";
import { SourceMap } from "node:module";
import fc from "fast-check";
import { compile } from "../../src/compile/index.js";

const SOURCE = `import { component } from "@vango/core";
export const A = component((setup) => {
  const n = setup.signal(0);
  return () => (
    <section class={cls(n.get())}>
      text
      <button
        onClick={() => {
          fail("é", n);
        }}
        key={keyOf(n)}
      >
        {label(n)} <Badge of={count(n)} />
      </button>
    </section>
  );
});
`;

/** Original line and column (from 1) of the first occurrence of a text in the output. */
function origin(source: string, needle: string): string {
  const { code, map } = compile(source, "a.tsx");
  const at = code.indexOf(needle);
  expect(at).toBeGreaterThanOrEqual(0);
  const line = code.slice(0, at).split("\n").length - 1;
  const column = at - (code.lastIndexOf("\n", at - 1) + 1);
  const entry = new SourceMap({ ...map, file: map.file ?? "", sourceRoot: "", sourcesContent: [source], mappings: map.mappings, version: 3, sources: map.sources, names: map.names }).findEntry(line, column);
  if (!("originalLine" in entry)) return "nowhere";
  return `${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

const place = (source: string, needle: string): string => {
  const at = source.indexOf(needle);
  return `${source.slice(0, at).split("\n").length}:${at - (source.lastIndexOf("\n", at - 1) + 1) + 1}`;
};

describe("source maps", { timeout: 60_000 }, () => {
  test.each(["component((", "signal(0)", "cls(", "fail(", '"é"', "label(", "count(", "keyOf(", "});\n"])("JSX10: %s", (needle) => {
    expect(origin(SOURCE, needle)).toBe(place(SOURCE, needle));
  });

  test("JSX10: random holes map to their place", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("\n", " ", "\n\n  ", "é ", "𝄞"), fc.nat(3)), { minLength: 1, maxLength: 6 }), (parts) => {
        const inner = parts.map(([space, kind], i) => {
          const call = `hole${i}(x)`;
          return space + (kind === 0 ? `{${call}}` : kind === 1 ? `<b title={${call}} />` : kind === 2 ? `<A p={${call}}>${space}</A>` : `<i key={${call}}>{[y,\n ${i}]}</i>`);
        });
        const source = `const a = (\n  <p>${inner.join("")}</p>\n);`;
        parts.forEach((_, i) => expect(origin(source, `hole${i}(`)).toBe(place(source, `hole${i}(`)));
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});
