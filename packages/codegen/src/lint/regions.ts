// Which contract holds where: walks a file and tells, for every node, whether it runs in setup, in the render closure, in a
// turn of the loop, in an effect, in a loader, or off the loop. What cannot be told is `unknown`, and no rule speaks of it.
// After an `await` there is no loop any more, whatever the function was.
import { calleeOf, childNodes, expressionOf, isEventAttribute, isFunction, unwrap, walk, type FunctionNode, type Node } from "../compile/syntax.js";
import { renderClosures } from "../compile/checks/allocation.js";
import { coreCall, coreImports, type CoreNames } from "../compile/imports.js";
import type { Source } from "./source.js";
import { ctxMember, scopeOf, setupMember, type Scope } from "./scope.js";

export type Region = "module" | "setup" | "render" | "turn" | "effect" | "writing effect" | "loader" | "off the loop" | "unknown";

/** Where a node stands. */
export interface Place {
  readonly region: Region;
  readonly scope: Scope | undefined;
  /** In words, for messages: "the render closure", "the loader of a resource". */
  readonly label: string;
  /** The node runs after an `await` of its function. */
  readonly awaited: boolean;
  /** Names of the scope that a nested function hides. */
  readonly hidden: ReadonlySet<string>;
}

export type Visit = (node: Node, place: Place, parent: Node | undefined) => void;

type Call = Extract<Node, { type: "CallExpression" }>;
/** The region and label that a function given at some place has. */
type Given = readonly [region: Region, label: string];

const MODULE: Place = { region: "module", scope: undefined, label: "the module", awaited: false, hidden: new Set() };
const SYNC_METHODS = new Set(["map", "flatMap", "filter", "forEach", "find", "findIndex", "findLast", "some", "every", "reduce", "reduceRight", "sort", "toSorted", "from", "match"]);
const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "requestAnimationFrame", "nextTick"]);
const LATER = new Set(["then", "catch", "finally", "addEventListener", "addListener", "once"]);

/** Calls `visit` for every node of the file. */
export function walkRegions({ program }: Source, visit: Visit): void {
  const names = coreImports(program);
  const walker = new Walker(names, visit);
  walker.node(program, MODULE, undefined);
}

class Walker {
  /** Where functions that setup declares by name are used; two different uses make them unknown. */
  readonly #uses = new Map<FunctionNode, Given | "mixed">();
  readonly #returned = new Set<Node>();

  constructor(
    readonly names: CoreNames,
    readonly visit: Visit,
  ) {}

  node(node: Node, place: Place, parent: Node | undefined): void {
    this.visit(node, place, parent);
    if (isFunction(node)) return this.#body(node, this.#placeOf(node, place), place);
    if (node.type === "CallExpression") return this.#call(node, place);
    if (node.type === "JSXAttribute") return this.#attribute(node, place);
    this.#children(node, place);
  }

  #children(node: Node, place: Place): void {
    for (const child of childNodes(node)) this.node(child, place, node);
  }

  // ---- functions

  /** The place of a function that no call or attribute has claimed. */
  #placeOf(fn: FunctionNode, place: Place): Place {
    if (this.#returned.has(fn)) return { ...place, region: "render", label: "the render closure", awaited: false };
    const composable = place.region === "module" && isComposable(fn);
    if (composable) return this.#setup(fn, "setup", "a function that takes setup");
    const used = this.#uses.get(fn);
    if (used !== undefined && used !== "mixed") return { ...place, region: used[0], label: used[1], awaited: false };
    if (place.region === "module") return MODULE;
    return { ...place, region: "unknown", label: "a function", awaited: false };
  }

  #setup(fn: FunctionNode, name: string, label: string): Place {
    const scope = scopeOf(fn, name);
    const place: Place = { region: "setup", scope, label, awaited: false, hidden: new Set() };
    for (const node of renderClosures(fn)) this.#returned.add(node);
    this.#findUses(fn, place);
    return place;
  }

  /** Named functions of a setup get the region of the place they are given to: `onClick={save}`. */
  #findUses(fn: FunctionNode, place: Place): void {
    const { scope } = place;
    if (scope === undefined || scope.functions.size === 0 || fn.body === null) return;
    const use = (value: Node | undefined, given: Given): void => {
      const node = value === undefined ? undefined : unwrap(value);
      const target = node?.type === "Identifier" ? scope.functions.get(node.name) : undefined;
      if (target === undefined || this.#returned.has(target)) return;
      const before = this.#uses.get(target);
      this.#uses.set(target, before === undefined || (before !== "mixed" && before[0] === given[0]) ? given : "mixed");
    };
    walk(fn.body, (node) => {
      if (isEventAttribute(node) && node.value?.type === "JSXExpressionContainer") use(node.value.expression, HANDLER);
      if (node.type !== "CallExpression") return;
      const args = this.#given(node, scope);
      node.arguments.forEach((arg, i) => {
        const given = args?.(i, undefined);
        if (given !== undefined) use(arg, given);
        const object = unwrap(arg);
        if (object.type !== "ObjectExpression") return;
        for (const p of object.properties) {
          if (p.type !== "Property" || p.computed || p.key.type !== "Identifier") continue;
          const member = args?.(i, p.key.name);
          if (member !== undefined) use(p.value, member);
        }
      });
    });
  }

  #body(fn: FunctionNode, place: Place, outer: Place): void {
    const hidden = new Set(place.scope === outer.scope ? outer.hidden : []);
    for (const param of fn.params) walk(param, (node) => void (node.type === "Identifier" && hidden.add(node.name)));
    const inner = { ...place, hidden };
    for (const param of fn.params) this.node(param, inner, fn);
    if (fn.body === null) return;
    const after = fn.async ? awaits(fn) : [];
    if (after.length === 0) return this.node(fn.body, inner, fn);
    const late: Place = { ...inner, awaited: true };
    const go = (node: Node, parent: Node): void => {
      const at = after.some(([from, to]) => node.start >= from && node.start < to) ? late : inner;
      // Only the leaves of the function's own code matter: what contains the await is visited piece by piece.
      if (node !== fn.body && !containsAwait(node)) return this.node(node, at, parent);
      this.visit(node, at, parent);
      for (const child of childNodes(node)) go(child, node);
    };
    go(fn.body, fn);
  }

  // ---- calls

  #call(call: Call, place: Place): void {
    this.node(call.callee, place, call);
    const given = this.#given(call, place.scope);
    const component = coreCall(call, this.names) === "component";
    call.arguments.forEach((arg, i) => {
      const value = unwrap(arg);
      if (i === 0 && component && isFunction(value)) {
        const param = value.params[0];
        this.visit(value, place, call);
        const inner = this.#setup(value, param?.type === "Identifier" ? param.name : "", "setup");
        return this.#body(value, inner, place);
      }
      if (isFunction(value)) {
        const region = given?.(i, undefined);
        const sync = region === undefined && isSyncCall(call);
        this.visit(value, place, call);
        return this.#body(value, region !== undefined ? { ...place, region: region[0], label: region[1], awaited: false } : sync ? place : this.#placeOf(value, place), place);
      }
      if (value.type === "ObjectExpression" && given !== undefined) return this.#options(value, place, (name) => given(i, name));
      if (value.type === "ObjectExpression" && isSyncCall(call)) return this.#options(value, place, () => [place.region, place.label]);
      this.node(arg, place, call);
    });
  }

  #options(object: Extract<Node, { type: "ObjectExpression" }>, place: Place, given: (name: string) => Given | undefined): void {
    this.visit(object, place, undefined);
    for (const p of object.properties) {
      const value = p.type === "Property" ? unwrap(p.value) : undefined;
      const region = p.type === "Property" && !p.computed && p.key.type === "Identifier" ? given(p.key.name) : undefined;
      if (value === undefined || !isFunction(value) || region === undefined) this.node(p, place, object);
      else {
        this.visit(value, place, p);
        this.#body(value, { ...place, region: region[0], label: region[1], awaited: region[0] === place.region && place.awaited }, place);
      }
    }
  }

  /** What the arguments of a call are run as: by position, and for objects by member. */
  #given(call: Call, scope: Scope | undefined): ((at: number, member: string | undefined) => Given | undefined) | undefined {
    const callee = calleeOf(call);
    if (callee === undefined) return undefined;
    if (scope !== undefined) {
      const member = setupMember(call, scope);
      if (member !== undefined) return (at, name) => setupArgument(member, call, at, name);
      if (ctxMember(call, scope) === "dispatch") return (at, name) => (at === 0 && name === undefined ? ["turn", "ctx.dispatch"] : undefined);
    }
    const core = coreCall(call, this.names);
    if (core === "on") return (at, name) => (at === 1 && name === undefined ? HANDLER : undefined);
    if (core === "each") return (at, name) => (at > 0 && name === undefined ? ["render", at === 1 ? "the key of a list" : "the row of a list"] : undefined);
    if (callee.object === undefined ? TIMERS.has(callee.name) : LATER.has(callee.name) || callee.name === "nextTick" || (callee.name === "on" && core === undefined)) {
      return (_at, name) => (name === undefined ? ["off the loop", `a callback of ${callee.name}()`] : undefined);
    }
    return undefined;
  }

  #attribute(node: Extract<Node, { type: "JSXAttribute" }>, place: Place): void {
    const written = expressionOf(node);
    const value = written === undefined ? undefined : unwrap(written);
    if (value === undefined || !isFunction(value)) return this.#children(node, place);
    this.visit(value, place, node);
    this.#body(value, isEventAttribute(node) ? { ...place, region: "turn", label: HANDLER[1], awaited: false } : this.#placeOf(value, place), place);
  }
}

const HANDLER: Given = ["turn", "an event handler"];

/** A function of a module that takes `setup: Setup` makes state for its caller. */
function isComposable(fn: FunctionNode): boolean {
  return fn.params.some((param) => {
    const type = param.type === "Identifier" && param.name === "setup" ? param.typeAnnotation?.typeAnnotation : undefined;
    return type?.type === "TSTypeReference" && type.typeName.type === "Identifier" && type.typeName.name === "Setup";
  });
}

function setupArgument(member: string, call: Call, at: number, name: string | undefined): Given | undefined {
  const writes = (i: number): Given => (hasWrites(call.arguments[i]) ? ["writing effect", `setup.${member}`] : ["effect", `setup.${member}`]);
  if (name !== undefined) {
    if (member === "resource" && at === 0) return name === "key" ? ["render", "the key of a resource"] : name === "load" ? ["loader", "the loader of a resource"] : ["turn", `${name} of a resource`];
    if (member === "action" && at === 1 && name !== "policy") return ["turn", `${name} of an action`];
    if (member === "latest" && at === 2) return ["turn", `${name} of setup.latest`];
    return undefined;
  }
  switch (member) {
    case "memo":
      return at === 0 ? ["render", "a memo"] : undefined;
    case "effect":
    case "onMount":
      return at === 0 ? writes(1) : undefined;
    case "onChange":
      return at === 0 ? ["render", "what onChange reads"] : at === 1 ? writes(2) : undefined;
    case "onCleanup":
      return at === 0 ? ["effect", "a cleanup"] : undefined;
    case "action":
      return at === 0 ? ["loader", "the work of an action"] : undefined;
    case "latest":
      return at === 0 ? ["loader", "the work of setup.latest"] : at === 1 ? ["turn", "what setup.latest applies"] : undefined;
    case "optimistic":
      return ["render", "an optimistic value"];
    case "timeout":
    case "interval":
      return at === 1 ? ["turn", `setup.${member}`] : undefined;
    case "subscribe":
      return at === 0 ? ["loader", "the source of a subscription"] : ["turn", "setup.subscribe"];
    case "onPersistError":
      return ["turn", "setup.onPersistError"];
    default:
      return undefined;
  }
}

function hasWrites(options: Node | undefined): boolean {
  const object = options === undefined ? undefined : unwrap(options);
  if (object?.type !== "ObjectExpression") return object !== undefined;
  return object.properties.some((p) => p.type !== "Property" || (p.key.type === "Identifier" && p.key.name === "writes" && !(p.value.type === "Literal" && p.value.value === false)));
}

function isSyncCall(call: Call): boolean {
  const callee = calleeOf(call);
  if (callee === undefined) return unwrap(call.callee).type === "ArrowFunctionExpression";
  return callee.object === undefined ? callee.name === "tx" || callee.name === "untrack" : SYNC_METHODS.has(callee.name);
}

/** Stretches of an async function that run after one of its awaits. */
function awaits(fn: FunctionNode): readonly (readonly [from: number, to: number])[] {
  const out: [number, number][] = [];
  const visit = (node: Node, from: number | undefined, to: number): void => {
    if (isFunction(node)) return;
    if (node.type === "AwaitExpression") {
      visit(node.argument, from, to);
      out.push([from ?? node.end, to]);
      return;
    }
    const loops = /^(?:For|While|DoWhile)/.test(node.type);
    const start = node.type === "ForOfStatement" && node.await ? node.body.start : loops ? node.start : from;
    if (node.type === "ForOfStatement" && node.await) out.push([node.body.start, to]);
    // What a branch that always leaves has awaited, the code behind it has not.
    const end = node.type === "BlockStatement" && node !== fn.body && leaves(node) ? node.end : to;
    for (const child of childNodes(node)) visit(child, start, end);
  };
  if (fn.body !== null) visit(fn.body, undefined, fn.body.end);
  return out;
}

function leaves(block: Extract<Node, { type: "BlockStatement" }>): boolean {
  const last = block.body.at(-1)?.type;
  return last === "ReturnStatement" || last === "ThrowStatement";
}

function containsAwait(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (isFunction(inner) && inner !== node) return false;
    found ||= inner.type === "AwaitExpression" || (inner.type === "ForOfStatement" && inner.await);
    return undefined;
  });
  return found && !isFunction(node);
}
