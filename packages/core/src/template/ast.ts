// The tree that both front ends give to `buildTemplate`. `H` is whatever a front end needs to find the code of a hole
// again: the JSX compiler uses syntax nodes, `html` indexes of values. `loc` is an offset into the source, for errors.
import type { EventOptions } from "../view/types.js";

export interface TextNode {
  readonly type: "text";
  /** Decoded and trimmed. */
  readonly text: string;
  readonly loc: number;
}

/** A dynamic child: an expression or a component. */
export interface HoleNode<H> {
  readonly type: "hole";
  readonly hole: H;
  readonly loc: number;
}

export interface ElementNode<H> {
  readonly type: "element";
  readonly tag: string;
  readonly attrs: readonly AttrNode<H>[];
  readonly children: readonly ChildNode<H>[];
  readonly loc: number;
}

export type ChildNode<H> = TextNode | HoleNode<H> | ElementNode<H>;

/** A value known when the template is built; `false` and `null` leave the attribute out. */
export type StaticValue = string | number | boolean | null;

export type AttrNode<H> =
  | { readonly type: "static"; readonly name: string; readonly value: StaticValue; readonly loc: number }
  | { readonly type: "dynamic"; readonly name: string; readonly value: AttrValue<H>; readonly loc: number }
  | { readonly type: "spread"; readonly hole: H; readonly loc: number }
  | {
      readonly type: "event";
      /** DOM event type, such as `click`. */
      readonly event: string;
      readonly hole: H;
      readonly options: EventOptions;
      /** Payload fields; undefined = default of the event type, [] = none. */
      readonly fields: readonly string[] | undefined;
      readonly loc: number;
    };

/** One hole, or texts and holes in a row (`class="a ${b}"`). */
export type AttrValue<H> = { readonly hole: H } | { readonly parts: readonly Part<H>[] };

/** A text or a hole of a composed value. */
export type Part<H> = { readonly text: string } | { readonly hole: H };

/** One entry of a merged spread, in source order; later entries win. */
export type MergeEntry<H> = { readonly spread: H } | { readonly name: string; readonly value: StaticValue | AttrValue<H> };

/** How the value of a slot is made; `order[i]` belongs to slot `i`. */
export type SlotValue<H> =
  | { readonly type: "hole"; readonly hole: H }
  | { readonly type: "const"; readonly value: StaticValue }
  /** Child run: `compose(…parts)`. */
  | { readonly type: "run"; readonly parts: readonly Part<H>[] }
  /** Attribute of several parts: their text joined (class: a list). */
  | { readonly type: "join"; readonly name: string; readonly parts: readonly Part<H>[] }
  /** Spread: one object. */
  | { readonly type: "merge"; readonly entries: readonly MergeEntry<H>[] };
