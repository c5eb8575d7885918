// Members of imported enums in initial values: the checker knows their values.
import type ts from "typescript";
import type { InitialPort } from "../initial/initial.js";
import type { TypeScript } from "./program.js";

export function enumPort(ts: TypeScript, checker: ts.TypeChecker, file: ts.SourceFile): InitialPort {
  return {
    enumMember({ start, end }) {
      const node = nodeAt(ts, file, start, end);
      if (node === undefined || (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node))) return undefined;
      const member = checker.getSymbolAtLocation(node)?.valueDeclaration;
      const value = member === undefined || !ts.isEnumMember(member) ? undefined : checker.getConstantValue(member);
      return value === undefined ? undefined : JSON.stringify(value);
    },
  };
}

function nodeAt(ts: TypeScript, file: ts.SourceFile, start: number, end: number): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (node.getStart(file) === start && node.end === end) return node;
    return node.pos <= start && end <= node.end ? ts.forEachChild(node, find) : undefined;
  };
  return find(file);
}
