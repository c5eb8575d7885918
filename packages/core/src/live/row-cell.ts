// A row of a deep list: one item whose view is the row function's, rerun when it reads something that changed.
import type { Template } from "../template/define.js";
import type { View } from "../view/types.js";
import { Cell } from "./cell.js";
import type { EachContent } from "./each-content.js";
import { disposeView, refreshView } from "./cell-view.js";
import { Inst } from "./inst.js";

export class RowCell extends Cell {
  constructor(
    readonly each: EachContent,
    public item: unknown,
  ) {
    super(each.cell.host, each.cell, each.depth + 1);
  }

  get label(): string {
    return `a row of ${this.each.cell.label}`;
  }

  protected render(): View {
    return this.each.view.row(this.item);
  }

  /** Takes over a packed row: same id, same last values. `refreshView` then makes it live. */
  adopt(id: number, tpl: Template, emitted: readonly unknown[]): void {
    const inst = new Inst(id, tpl, this, this.depth + 1, () => undefined, undefined);
    tpl.emit.forEach((slot, e) => (inst.vals[slot] = emitted[e]));
    this.inst = inst;
  }

  protected fire(): void {
    refreshView(this);
  }

  override dispose(): void {
    if (this.flags === 0) return;
    super.dispose();
    disposeView(this);
  }

  /** Another item with the same key. */
  continueWith(item: unknown): void {
    this.item = item;
    refreshView(this);
  }
}
