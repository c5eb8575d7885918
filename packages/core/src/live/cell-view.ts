// The one instance of a cell: made at its first render, brought up to date or replaced at each later one. A single view is the
// cell's instance itself, a single component stands for the cell, anything else is held by a wrapper.
import { F } from "../template/builtin.js";
import type { View } from "../view/types.js";
import { ComponentView, ViewNode } from "../view/view-node.js";
import type { Cell } from "./cell.js";
import { ComponentCell, openComponent } from "./component-cell.js";
import { disposeInst, Inst, update } from "./inst.js";
import { writeReplace } from "./item.js";

/** First render: makes the unfilled instance. */
export function openView(cell: Cell, id: number): void {
  place(cell, id, cell.renderTracked());
}

function place(cell: Cell, id: number, v: View): void {
  cell.inst = undefined;
  cell.inner = undefined;
  if (!cell.inlines) cell.inst = new Inst(id, F, cell, cell.depth + 1, () => v, undefined);
  else if (v instanceof ViewNode) cell.inst = new Inst(id, v.template, cell, cell.depth + 1, v.ev, v.key);
  else if (v instanceof ComponentView) cell.inner = openComponent(cell, cell.depth, v, id, v.key);
  else cell.inst = new Inst(id, F, cell, cell.depth + 1, () => v, undefined);
}

/** Renders again and brings the instance to the new view. */
export function refreshView(cell: Cell): void {
  const v = cell.renderTracked();
  const { inst, inner } = cell;
  if (inner !== undefined) {
    if (v instanceof ComponentView && inner instanceof ComponentCell && inner.continueWith(v)) return;
  } else if (inst !== undefined) {
    if (cell.inlines && v instanceof ViewNode) {
      if (inst.tpl === v.template && inst.key === v.key) {
        update(inst, v.ev);
        return;
      }
    } else if (inst.tpl === F && !(cell.inlines && v instanceof ComponentView)) {
      update(inst, () => v);
      return;
    }
  }
  const oldId = cell.wire.id;
  disposeView(cell);
  place(cell, cell.host.allot(1), v);
  writeReplace(cell.host, oldId, cell.wire);
}

export function disposeView(cell: Cell): void {
  cell.inner?.dispose();
  if (cell.inst !== undefined) disposeInst(cell.inst);
}
