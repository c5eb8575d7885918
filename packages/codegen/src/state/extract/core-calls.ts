// Which calls declare persisted state, by the symbols of @vango/core: whatever the variable is called, wherever `setup` came from.
import type ts from "typescript";
import type { StateKind } from "../compat/change.js";
import { stateError } from "../errors.js";
import type { TypeScript } from "./program.js";

/** The declarations of core's functions of persisted state. */
export type CoreDeclarations = ReadonlyMap<ts.Node, StateKind>;

/** A call of one of them, and the type of the value it keeps. */
export interface CoreCall {
  readonly kind: StateKind;
  readonly call: ts.CallExpression;
}

/** Finds them through any import of `@vango/core` in the files. Empty when nothing imports it. @throws VangoError `VANGO_STATE_TSCONFIG` */
export function coreDeclarations(ts: TypeScript, checker: ts.TypeChecker, files: readonly ts.SourceFile[]): CoreDeclarations {
  const found = new Map<ts.Node, StateKind>();
  const seen = new Set<ts.Symbol>();
  for (const file of files) {
    for (const statement of file.statements) {
      const specifier = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) ? statement.moduleSpecifier : undefined;
      if (specifier === undefined || !ts.isStringLiteral(specifier) || specifier.text !== "@vango/core") continue;
      const module = checker.getSymbolAtLocation(specifier);
      // without its types nothing would be found, and everything would look removed
      if (module === undefined) throw stateError("VANGO_STATE_TSCONFIG", { message: `\`@vango/core\`, which ${file.fileName.replace(/^.*\/(?=app\/)/, "")} imports, has no types: is it installed and built?` });
      if (seen.has(module)) continue;
      seen.add(module);
      const exported = (name: string): ts.Symbol | undefined => {
        const symbol = checker.tryGetMemberInModuleExports(name, module);
        return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
      };
      for (const declaration of exported("sessionKey")?.declarations ?? []) found.set(declaration, "session");
      const setup = exported("Setup");
      const type = setup === undefined ? undefined : checker.getDeclaredTypeOfSymbol(setup);
      for (const [name, kind] of [["sharedSignal", "shared"], ["globalSignal", "global"]] as const) {
        for (const declaration of type?.getProperty(name)?.declarations ?? []) found.set(declaration, kind);
      }
    }
  }
  return found;
}

const NAMES = new Set(["sharedSignal", "globalSignal", "sessionKey"]);

/** The calls of a file. Names are only where to look: the signature decides. */
export function coreCalls(ts: TypeScript, checker: ts.TypeChecker, file: ts.SourceFile, declarations: CoreDeclarations): readonly CoreCall[] {
  const local = new Set(NAMES);
  const calls: CoreCall[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isImportSpecifier(node) && node.propertyName !== undefined && NAMES.has(node.propertyName.text)) local.add(node.name.text);
    if (ts.isBindingElement(node) && node.propertyName !== undefined && ts.isIdentifier(node.propertyName) && NAMES.has(node.propertyName.text) && ts.isIdentifier(node.name)) local.add(node.name.text);
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined && NAMES.has(nameOf(ts, node.initializer) ?? "")) local.add(node.name.text);
    if (ts.isCallExpression(node) && local.has(nameOf(ts, node.expression) ?? "")) {
      const declaration = checker.getResolvedSignature(node)?.declaration;
      const kind = declaration === undefined ? undefined : declarations.get(declaration);
      if (kind !== undefined) calls.push({ kind, call: node });
    }
    ts.forEachChild(node, look);
  };
  look(file);
  return calls;
}

function nameOf(ts: TypeScript, node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
}

/** The type `T` of the value that a call keeps. */
export function valueType(checker: ts.TypeChecker, { kind, call }: CoreCall): ts.Type | undefined {
  const parameter = checker.getResolvedSignature(call)?.parameters[1];
  const type = parameter === undefined ? undefined : checker.getTypeOfSymbolAtLocation(parameter, call);
  if (kind !== "session" || type === undefined) return type;
  const property = type.getProperty("default");
  return property === undefined ? undefined : checker.getTypeOfSymbolAtLocation(property, call);
}
