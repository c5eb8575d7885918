// Names of types: what a schema is called in the artifacts. Invariant: a name depends on the source alone, never on the order in
// which types were looked at, nor on where the app lies on the machine.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type ts from "typescript";
import { canonical, hashOf } from "../schema/canonical.js";
import type { TypeScript } from "./program.js";

export interface NamedType {
  readonly name: string;
  /** `app/cart`, or the name of a package. */
  readonly module: string;
  readonly symbol: ts.Symbol;
  readonly args: readonly ts.Type[];
}

export class TypeNames {
  readonly #modules = new Map<string, string>();

  constructor(
    readonly ts: TypeScript,
    readonly checker: ts.TypeChecker,
    readonly program: ts.Program,
    readonly root: string,
  ) {}

  /** The name a type was declared with; undefined for types written in place, and for those of the language's library. */
  of(type: ts.Type): NamedType | undefined {
    const { ts } = this;
    const { aliasSymbol, aliasTypeArguments = [] } = type;
    if (aliasSymbol !== undefined && !this.isBuiltin(aliasSymbol)) return this.#named(aliasSymbol, aliasTypeArguments);
    if (aliasSymbol?.name === "Readonly" && aliasTypeArguments[0] !== undefined) return this.of(aliasTypeArguments[0]);
    const symbol = type.getSymbol();
    const declared = ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.Enum | ts.SymbolFlags.EnumMember;
    if (symbol === undefined || (symbol.flags & declared) === 0 || this.isBuiltin(symbol)) return undefined;
    const args = (type.flags & ts.TypeFlags.Object) !== 0 && ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0 ? this.checker.getTypeArguments(type as ts.TypeReference) : [];
    // the last argument of an interface's reference may be its own `this`
    const parameters = symbol.declarations?.map((declaration) => (ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration) ? (declaration.typeParameters?.length ?? 0) : 0)) ?? [];
    return this.#named(symbol, args.slice(0, Math.max(0, ...parameters)));
  }

  #named(symbol: ts.Symbol, args: readonly ts.Type[]): NamedType {
    return { name: symbol.name, module: this.#moduleOf(symbol), symbol, args };
  }

  /** Declared by the language's library, or in its names by @types/node. */
  isBuiltin(symbol: ts.Symbol): boolean {
    return symbol.declarations?.some((declaration) => this.program.isSourceFileDefaultLibrary(declaration.getSourceFile())) === true;
  }

  /** The text of `@schemaId` on a type. */
  schemaId({ symbol }: NamedType): string | undefined {
    const tag = symbol.getJsDocTags(this.checker).find(({ name }) => name === "schemaId");
    const text = tag === undefined ? undefined : this.ts.displayPartsToString(tag.text).trim();
    return text === "" ? undefined : text;
  }

  deprecated(symbol: ts.Symbol): boolean {
    return symbol.getJsDocTags(this.checker).some(({ name }) => name === "deprecated");
  }

  /** A type argument in a name: two types that differ have names that differ. */
  argText(type: ts.Type): string {
    const named = this.of(type);
    if (named !== undefined) return this.text(named);
    const text = this.checker.typeToString(type, undefined, this.ts.TypeFormatFlags.NoTruncation);
    if (!type.isUnion() && text.length <= 30) return text;
    return hashOf(canonical(type.isUnion() ? text.split(" | ").sort() : text)).slice(0, 6);
  }

  /** A type's name with its arguments. */
  text({ name, args }: NamedType): string {
    return args.length === 0 ? name : `${name}<${args.map((arg) => this.argText(arg)).join(", ")}>`;
  }

  #moduleOf(symbol: ts.Symbol): string {
    const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? "";
    return this.module(file);
  }

  /** A file's module: path from the root without extension; of a package its name. */
  module(file: string): string {
    let known = this.#modules.get(file);
    if (known === undefined) this.#modules.set(file, (known = moduleOf(this.root, file)));
    return known;
  }
}

function moduleOf(root: string, file: string): string {
  const path = relative(root, file).split(sep).join("/");
  if (!path.startsWith("../") && !path.includes("node_modules/")) return path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, "");
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) continue;
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string };
    // a package.json inside of a package may only say `type`
    if (name === undefined) continue;
    const inside = relative(folder, file).split(sep).join("/").replace(/(?:\.d)?\.[cm]?[jt]sx?$/, "");
    return /^(?:dist|lib|build|types)\//.test(inside) || inside === "index" ? name : `${name}/${inside}`;
  }
  return "external";
}
