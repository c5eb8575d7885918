// The owner at the top of a session: it owns the page's instance, renders nothing and has no boundary above it.
import type { Owner } from "../live/cell.js";
import type { TreeHost } from "../live/tree-host.js";

export class RootOwner implements Owner {
  constructor(readonly host: TreeHost) {}

  get parent(): undefined {
    return undefined;
  }

  get depth(): number {
    return 0;
  }

  get label(): string {
    return "the page";
  }
}
