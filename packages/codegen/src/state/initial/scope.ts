// What a name stands for at a place of a module, by its syntax alone: the innermost declaration around it.
import type { Node } from "../../compile/syntax.js";

export type Meaning =
  | { readonly kind: "const"; readonly init: Node; readonly scope: readonly Node[] }
  | { readonly kind: "enum"; readonly declaration: Extract<Node, { type: "TSEnumDeclaration" }> }
  | { readonly kind: "import"; readonly from: string; readonly name: string }
  | { readonly kind: "parameter"; readonly of: Node }
  /** A `let`, `var`, function, class or destructured name. */
  | { readonly kind: "other"; readonly what: string }
  /** Declared nowhere in the module. */
  | { readonly kind: "global" };

/** `around`: the nodes that hold the place, outermost first. */
export function meaningOf(name: string, around: readonly Node[]): Meaning {
  for (let i = around.length - 1; i >= 0; i--) {
    const found = declaredIn(around[i] as Node, name, around.slice(0, i + 1));
    if (found !== undefined) return found;
  }
  return { kind: "global" };
}

/** The innermost of the nodes in `around` that declares the name. */
export function holderOf(name: string, around: readonly Node[]): Node | undefined {
  return around.findLast((node) => declaredIn(node, name, []) !== undefined);
}

function declaredIn(node: Node, name: string, scope: readonly Node[]): Meaning | undefined {
  switch (node.type) {
    case "Program":
    case "BlockStatement":
    case "StaticBlock":
      return first(node.body, (statement) => statementDeclares(statement, name, scope));
    case "SwitchStatement":
      return first(node.cases, (one) => first(one.consequent, (statement) => statementDeclares(statement, name, scope)));
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
      return node.params.some((param) => binds(param, name)) ? { kind: "parameter", of: node } : undefined;
    case "CatchClause":
      return node.param !== null && binds(node.param, name) ? { kind: "other", what: "a caught error" } : undefined;
    case "ForStatement":
      return node.init === null ? undefined : statementDeclares(node.init, name, scope);
    case "ForOfStatement":
    case "ForInStatement":
      return node.left.type === "VariableDeclaration" && node.left.declarations.some(({ id }) => binds(id, name)) ? { kind: "other", what: "a variable of a loop" } : undefined;
    default:
      return undefined;
  }
}

function first<T>(list: readonly T[], find: (item: T) => Meaning | undefined): Meaning | undefined {
  for (const item of list) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function statementDeclares(given: Node, name: string, scope: readonly Node[]): Meaning | undefined {
  const statement = given.type === "ExportNamedDeclaration" && given.declaration !== null ? given.declaration : given;
  switch (statement.type) {
    case "VariableDeclaration":
      for (const { id, init } of statement.declarations) {
        if (!binds(id, name)) continue;
        if (statement.kind === "const" && id.type === "Identifier" && init !== null) return { kind: "const", init, scope };
        return { kind: "other", what: statement.kind === "const" ? "a destructured value" : `a variable (${statement.kind})` };
      }
      return undefined;
    case "TSEnumDeclaration":
      return statement.id.name === name ? { kind: "enum", declaration: statement } : undefined;
    case "FunctionDeclaration":
      return statement.id?.name === name ? { kind: "other", what: "a function" } : undefined;
    case "ClassDeclaration":
      return statement.id?.name === name ? { kind: "other", what: "a class" } : undefined;
    case "ImportDeclaration":
      for (const specifier of statement.specifiers) {
        if (specifier.local.name !== name) continue;
        const imported = specifier.type === "ImportSpecifier" ? (specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value) : specifier.type === "ImportDefaultSpecifier" ? "default" : "*";
        return { kind: "import", from: statement.source.value, name: imported };
      }
      return undefined;
    default:
      return undefined;
  }
}

/** True when a pattern binds the name. */
function binds(pattern: Node, name: string): boolean {
  switch (pattern.type) {
    case "Identifier":
      return pattern.name === name;
    case "ObjectPattern":
      return pattern.properties.some((property) => binds(property.type === "RestElement" ? property.argument : property.value, name));
    case "ArrayPattern":
      return pattern.elements.some((element) => element !== null && binds(element, name));
    case "RestElement":
      return binds(pattern.argument, name);
    case "AssignmentPattern":
      return binds(pattern.left, name);
    case "TSParameterProperty":
      return binds(pattern.parameter, name);
    default:
      return false;
  }
}
