// The operations that tests assert: what a patch did to the page, in the terms of the page.

/**
 * One change of the page. `at` and `parent` are CSS-like paths from the page's root, such as
 * `body>section:nth-child(2)>p`: a step has `:nth-child` only where its parent has several elements. A text that is not
 * all its parent holds has the last step `#text(n)`. `index`, `from`, `to`, `count` and n (from 1) count visible nodes:
 * elements and texts that are not empty.
 */
export type PatchOp =
  | { op: "text"; at: string; value: string }
  | { op: "attr" | "prop"; at: string; name: string; value: string | boolean | null }
  | { op: "insert"; parent: string; index: number; count: number; html: string }
  | { op: "move"; parent: string; from: number; to: number }
  | { op: "remove"; parent: string; index: number; count: number }
  | { op: "replace"; at: string; html: string }
  | { op: "url"; href: string; replace: boolean }
  | { op: "emit"; name: string; detail: unknown };
