// An app of many components, some with a persisted key, as files: what the plan of a deploy and tsc are measured on.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const OPTIONS = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: true, noEmit: true, target: "ES2022", lib: ["ES2023", "DOM"], module: "NodeNext", jsx: "preserve", jsxImportSource: "@vango/core", types: [] };

/** Path from the project's root of one component. */
export const componentFile = (i: number): string => `app/c/c${i}.tsx`;

/** A component with a type of its own; it shows the one before it. */
export function componentSource(i: number, persisted: boolean): string {
  const before = i % 10 === 0 ? undefined : i - 1;
  return `import { component, each, on } from "@vango/core";
${before === undefined ? "" : `import { C${before} } from "./c${before}.js";`}
/** @schemaId bench:T${i}:v1 */
export interface T${i} { id: string; title: string; done: boolean; tags: string[]; meta?: { at: Date; by: string | null }; kind: "a" | "b" | "c"; items: readonly { n: number; label: string }[] }
export const C${i} = component<{ list: string; n: number }>((setup, props) => {
  const items = setup.signal<T${i}[]>([]);
  const draft = setup.signal("");
  const kept = setup.${persisted ? `sharedSignal<readonly T${i}[]>("k${i}", [])` : `signal<readonly T${i}[]>([])`};
  const shown = setup.memo(() => items.get().filter((t) => t.title.includes(draft.get()) && t.kind !== "c").map((t) => ({ ...t, title: t.title.toUpperCase() })));
  const save = setup.action(async (title: string) => ({ id: title, title }), { policy: "queue", onSuccess: (r) => items.update((all) => [...all, { ...r, done: false, tags: [], kind: "a", items: [] }]) });
  return () => (
    <section>
      <form onSubmit={on({ preventDefault: true }, () => { save.run(draft.peek()); draft.set(""); })}><input name="title" value={draft} onInput={(e) => draft.set(e.value)} /></form>
      <p class={{ many: kept.get().length > 3 }}>{shown.get().length} of {items.get().length} in {props.get().list}</p>
      <ul>{each(shown, (t) => t.id, (t) => <li class={{ done: t.done }} onClick={() => items.update((all) => all.filter((x) => x.id !== t.id))}>{t.title} {t.tags.join(", ")} {t.meta?.by ?? "nobody"}</li>)}</ul>
      ${before === undefined ? "" : `<C${before} list="x" n={${i}} />`}
    </section>
  );
});
`;
}

/** Writes the project to a temporary folder, whose path it gives; whoever made it removes it. */
export function generateProject(components: number, keys: number): string {
  const root = mkdtempSync(join(tmpdir(), "vango-bench-app-"));
  mkdirSync(join(root, "app/c"), { recursive: true });
  mkdirSync(join(root, "node_modules/@vango"), { recursive: true });
  writeFileSync(join(root, "package.json"), '{ "name": "bench", "type": "module" }');
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS, include: ["app"] }));
  symlinkSync(dirname(createRequire(import.meta.url).resolve("@vango/core/package.json")), join(root, "node_modules/@vango/core"), "dir");
  for (let i = 0; i < components; i++) writeFileSync(join(root, componentFile(i)), componentSource(i, i < keys));
  return root;
}
