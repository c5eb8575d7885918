// The migrations of one module, made reachable: a declaration stands in the setup of a component, where only a mount runs it.
// What the module itself declares and imports may be used by them; what the component has is there in a mount alone.
import { parseSync } from "oxc-parser";
import { childNodes, type Node } from "../../compile/syntax.js";
import { ONE_FILE } from "./initial.js";
import { holderOf } from "./scope.js";
import { sitesIn } from "./sites.js";

/** The export that {@link withMigrations} adds. */
export const MIGRATIONS_EXPORT = "__vangoMigrations";

/** By `kind:key`: the `migrate` option, or the name of what it uses of its component. */
export type ModuleMigrations = Readonly<Record<string, (() => Readonly<Record<string, (old: unknown) => unknown>>) | string>>;

/** The module with one more export: its migrations. */
export function withMigrations(source: string, path: string): string {
  const { program } = parseSync(path, source, { sourceType: "module" });
  const members = new Map<string, string>();
  for (const { kind, key, migrate } of sitesIn(program, ONE_FILE).sites) {
    if (key === undefined || migrate === undefined || members.has(`${kind}:${key}`)) continue;
    const local = localIn(migrate.node, migrate.around);
    members.set(`${kind}:${key}`, local === undefined ? `() => (${source.slice(migrate.node.start, migrate.node.end)})` : JSON.stringify(local));
  }
  const text = [...members].map(([name, member]) => `${JSON.stringify(name)}: ${member}`).join(",\n");
  return `${source}\nexport const ${MIGRATIONS_EXPORT} = {\n${text}\n};\n`;
}

/** The first name that an expression uses, and that something between it and the module declares. */
function localIn(expression: Node, around: readonly Node[]): string | undefined {
  const held = [...around];
  const visit = (node: Node, parent: Node | undefined): string | undefined => {
    if (node.type === "Identifier" && isRead(node, parent)) {
      const holder = holderOf(node.name, held);
      return holder === undefined || holder.type === "Program" || !around.includes(holder) ? undefined : node.name;
    }
    // types are gone when it runs
    if (/^TS(?!As|Satisfies|NonNull)/.test(node.type)) return undefined;
    held.push(node);
    try {
      for (const child of childNodes(node)) {
        const found = visit(child, node);
        if (found !== undefined) return found;
      }
      return undefined;
    } finally {
      held.pop();
    }
  };
  return visit(expression, undefined);
}

/** A name that stands for a value, and is not a member's or a property's. */
function isRead(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === "MemberExpression") return parent.object === node || parent.computed;
  if (parent?.type === "Property") return parent.value === node || parent.computed;
  return true;
}
